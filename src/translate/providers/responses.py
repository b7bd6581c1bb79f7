"""The Responses surface of a provider of the OpenAI family (wire/openai-responses.md)."""

from __future__ import annotations

from types import MappingProxyType

from ..records.quick import evolve
from .row import WEB, ProviderRow


def responses(row: ProviderRow, path: str = "/responses", *, forms: tuple[tuple[str, str], ...] = ()) -> ProviderRow:
    """The row of the Responses surface of a provider whose chat surface is ``row``."""
    return evolve(
        row,
        dialect="openai_responses",
        path=path,
        stream_path=None,
        forms=forms,
        other=None,
        limit_minimum=16,
        stop=False,
        signing_domain="openai",
        shows_reasoning=True,
        stores=True,
        file_kinds=frozenset({"image", "document"}),
        media_urls=MappingProxyType({"image": WEB, "document": WEB}),
        media_kinds=frozenset({"image", "document"}),
        answer_marks=False,
        tool_marks=False,
        media_in_results=True,
        names=False,
        web_search=True,
        search_keys=frozenset({"user_location", "search_context_size", "filters"}),
        stream_usage=False,
        call_ids=r"[A-Za-z0-9_-]{1,64}",
        # Its answers repeat who asked, and with what labels.
        silent=(),
    )
