"""Strategies of hypothesis that requests and replies share, and the settings of laws."""

import os
from typing import Any

import orjson
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

CHECKS = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)


FACTOR = int(os.environ.get("DRAGOMAN_LAW_FACTOR", "1"))
"""Set to search longer, and at random."""


def law(examples: int) -> settings:
    """Deterministic settings: the same examples in every run."""
    return settings(
        derandomize=FACTOR == 1,
        database=None,
        deadline=None,
        max_examples=examples * FACTOR,
        suppress_health_check=CHECKS,
    )


Json = dict[str, Any]

# Words. Surrogates are no JSON; everything else is.

texts = st.one_of(
    st.sampled_from(
        ["Hi", "a b", "ünï ✓", "日本", '"quoted"\\', "line\nline", "\u2028", "😀", "data: x\n\n", "[DONE]", " "]
    ),
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=12),
)
names = st.one_of(st.sampled_from(["weather", "now", "a-b_c"]), st.from_regex(r"[A-Za-z0-9_-]{1,20}", fullmatch=True))
odd_names = st.one_of(names, st.sampled_from(["weather.now", "näme", "n" * 70, "a b", "functions.x:0"]))
words = st.from_regex(r"[A-Za-z0-9]{1,12}", fullmatch=True)
values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**53), 2**53), st.floats(-1e6, 1e6), texts),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(words, inner, max_size=3)),
    max_leaves=6,
)
objects = st.dictionaries(words, values, max_size=3)
PNG, PDF = "iVBORw0KGgoAAAANSUhEUg==", "JVBERi0xLjQK"
_PICTURE = {"media_type": "image/png", "data": PNG}
FETCHED = {"https://h.example/x.png": _PICTURE, "https://h.example/a.png": _PICTURE}
"""What lies at the addresses of the generated requests."""
arguments = objects.map(lambda value: orjson.dumps(value).decode())


counts = st.integers(0, 100_000)


@st.composite
def split(draw: st.DrawFn, text: str) -> list[str]:
    """A text in pieces."""
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=3)))
    return [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]


def maybe(strategy: st.SearchStrategy[Any], **keys: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Objects of a strategy with some of the optional keys."""
    return st.tuples(strategy, st.fixed_dictionaries({}, optional=keys)).map(lambda pair: {**pair[0], **pair[1]})


def fixed(**keys: Any) -> st.SearchStrategy[Any]:
    """An object with these keys; plain values stand for themselves."""
    return st.fixed_dictionaries(
        {key: value if isinstance(value, st.SearchStrategy) else st.just(value) for key, value in keys.items()}
    )


marks = st.sampled_from([{"type": "ephemeral"}, {"type": "ephemeral", "ttl": "1h"}, {"type": "ephemeral", "ttl": "5m"}])
breakpoints = st.sampled_from([{"mode": "explicit"}, {"mode": "explicit", "ttl": "30m"}])
schemas = st.sampled_from(
    [
        {"type": "object", "properties": {}},
        {"type": "object", "properties": {"z": {"type": "string"}, "a": {"type": ["integer", "null"], "minimum": 1}}},
        {
            "type": "object",
            "properties": {
                "l": {"type": "array", "items": {"oneOf": [{"type": "string"}, {"const": 3}]}, "maxItems": 4}
            },
            "required": ["l"],
            "additionalProperties": False,
        },
        {
            "type": "object",
            "properties": {"p": {"$ref": "#/$defs/P"}},
            "required": ["p"],
            "additionalProperties": False,
            "$defs": {"P": {"type": "object", "properties": {}, "additionalProperties": False}},
        },
    ]
)
NODE = {"type": "object", "properties": {"next": {"$ref": "#"}}, "additionalProperties": False, "required": ["next"]}
thinking_blocks = st.lists(
    st.one_of(
        fixed(type="thinking", thinking=st.one_of(texts, st.just("")), signature=words),
        fixed(type="redacted_thinking", data=words),
    ),
    min_size=1,
    max_size=2,
)


def paths(value, at=()):
    """Every place in a JSON value."""
    yield at
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from paths(item, (*at, key))


def put(value, path, new):
    """A copy with another value in one place."""
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = put(value[path[0]], path[1:], new)
    return copy
