"""What a web search is told: a dialect's own tool for it, and the option that stands for it in all of them."""

from __future__ import annotations

from typing import Any

from ..draft import Draft
from ..records import Path
from ..values import object_at, strings_at

PLACE = ("city", "country", "region", "timezone")
"""What of the user's place can be said."""

Told = dict[str, Any]


def read_openai(raw: dict[str, Any], path: Path, draft: Draft) -> Told:
    """OpenAI's ``web_search`` (wire/openai-responses.md 4)."""
    told = {key: raw[key] for key in ("search_context_size", "filters") if raw.get(key) is not None}
    if "filters" in told:
        at = (*path, "filters")
        draft.unknown(object_at(told["filters"], at), at, ("allowed_domains",))
    return told | _place(raw, path, draft)


def read_anthropic(raw: dict[str, Any], path: Path, draft: Draft) -> Told:
    """Anthropic's ``web_search_*`` (wire/anthropic.md 5)."""
    told: Told = {}
    if raw.get("allowed_domains"):
        told["filters"] = {"allowed_domains": list(strings_at(raw["allowed_domains"], (*path, "allowed_domains")))}
    return told | _place(raw, path, draft)


def _place(raw: dict[str, Any], path: Path, draft: Draft) -> Told:
    """The user's place, which both say alike."""
    if raw.get("user_location") is None:
        return {}
    at = (*path, "user_location")
    location = object_at(raw["user_location"], at)
    draft.unknown(location, at, ("type", *PLACE))
    return {"user_location": {"type": "approximate", "approximate": _known(location)}}


def write_place(told: Told) -> Told:
    """The user's place as both tools say it."""
    location = told.get("user_location")
    approximate = location.get("approximate") if type(location) is dict else None
    return {"user_location": {"type": "approximate", **_known(approximate)}} if type(approximate) is dict else {}


def _known(location: dict[str, Any]) -> dict[str, Any]:
    return {key: location[key] for key in PLACE if key in location}
