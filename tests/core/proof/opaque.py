"""Opaque reasoning state that can be recognised: where it is put, and where it is found."""

import re
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from .strategies import Json, paths

TOKEN = re.compile(r"OPAQUE(anthropic|google|openai)")
HOMES = {"openai_chat": "anthropic", "openai_responses": "openai", "anthropic": "anthropic", "bedrock": "anthropic"}
"""Whose state stands bare in a dialect; in gemini it is Google's."""
KEYS = frozenset({
    "signature", "thoughtSignature", "thought_signature", "encrypted_content", "redactedContent", "reasoningSignature",
})  # fmt: skip
"""Keys that hold state wherever they stand; ``data`` does in thoughts only."""
FORMATS = {"google-gemini-v1": "google", "xai-responses-v1": "xai"}
SEALED = ("anthropic:thinking", "anthropic:redacted", "google:thinking", "google:call", "openai:thinking")


SEALS = frozenset({"openai_responses", "anthropic", "bedrock"})
"""Whose clients carry state of other origins, sealed."""


def at(value: Any, path: tuple[Any, ...]) -> Any:
    """What stands at a path."""
    for step in path:
        value = value[step]
    return value


def places(body: Any) -> Iterator[tuple[Any, ...]]:
    """Where a body of any dialect holds opaque state."""
    for path in paths(body):
        if not path or not isinstance(at(body, path), str):
            continue
        around = at(body, path[:-1])
        thought = isinstance(around, dict) and around.get("type") in ("redacted_thinking", "reasoning.encrypted")
        if path[-1] in KEYS or (path[-1] == "data" and thought):
            yield path


@st.composite
def marked(draw: st.DrawFn, body: Json, dialect: str, *, sealed: bool = True) -> Json:
    """A body whose state is tokens that name their origin, changed in place; some of it sealed, as clients carry it."""
    for path in places(body):
        around = at(body, path[:-1])
        origin = HOMES.get(dialect, "google")
        if path[-1] == "thought_signature":
            origin = "google"
        form = around.get("format") if isinstance(around, dict) else None
        origin = FORMATS.get(form, origin) if isinstance(form, str) else origin
        word = f"OPAQUE{origin}"
        if origin == "xai":
            # Nobody's here but its own server's.
            continue
        if sealed and dialect in SEALS and draw(st.booleans()):
            seal = draw(st.sampled_from([seal for seal in SEALED if not seal.startswith(origin)]))
            word = f"dragoman:{seal}:OPAQUE{seal.partition(':')[0]}"
        around[path[-1]] = word
    return body


SPELLINGS = (
    ("provider_specific_fields", "thought_signature"),
    ("extra_content", "google", "thought_signature"),
    ("function", "thought_signature"),
    ("function", "provider_specific_fields", "thought_signature"),
    ("thought_signature",),
)


@st.composite
def signed(draw: st.DrawFn, body: Json) -> Json:
    """A chat request whose calls have a signature in any spelling that servers and clients use (spec/chat.md 5)."""
    renamed = {}
    for message in body["messages"]:
        for call in message.get("tool_calls", ()):
            spelling = draw(st.sampled_from([None, "suffix", *SPELLINGS]))
            if spelling == "suffix":
                call["id"] = renamed[call["id"]] = f"{call['id']}__thought__OPAQUEgoogle"
            elif spelling is not None:
                place = call
                for key in spelling[:-1]:
                    place = place.setdefault(key, {})
                place[spelling[-1]] = "OPAQUEgoogle"
        if "tool_call_id" in message:
            message["tool_call_id"] = renamed.get(message["tool_call_id"], message["tool_call_id"])
    return body


def found(payload: Any) -> Iterator[tuple[tuple[Any, ...], str, str]]:
    """(path, origin, text) of every string that has a token in it, and of every key that has one."""
    for path in paths(payload):
        value = at(payload, path)
        texts = (value,) if isinstance(value, str) else tuple(value) if isinstance(value, dict) else ()
        for text in texts:
            for match in TOKEN.finditer(text):
                yield path, match[1], text
