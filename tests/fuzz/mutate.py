"""Mutations: of JSON by its structure, of bytes, and of streams by their events."""

import json
import random
import re
from collections.abc import Callable
from typing import Any

import orjson

from .corpus import Corpus
from .events import Event

RAW = {
    "nan": b"NaN",
    "infinity": b"-Infinity",
    "huge": b"1e400",
    "tiny": b"-1e-400",
    "long integer": b"9" * 400,
    "minus zero": b"-0",
    "rounded": b"12345678901234567890123",
    "lone surrogate": b'"\\ud800x"',
    "other surrogate": b'"\\udc00"',
    "not utf-8": b'"\xff\xfe"',
    "control": b'"\x00\n"',
    "twice": b'{"type":"text","type":"image","text":"a","text":null}',
    "deep arrays": b"[" * 900 + b"]" * 900,
    "deeper arrays": b"[" * 5000 + b"]" * 5000,
    "deep objects": b'{"a":' * 300 + b"1" + b"}" * 300,
    "deep schema": b'{"type":"object","properties":{"a":' * 130 + b"{}" + b"}}" * 130,
    "deep items": b'{"items":' * 250 + b"{}" + b"}" * 250,
    "loop": b'{"$ref":"#","$defs":{"a":{"$ref":"#/$defs/a"}}}',
    "unfinished": b"[",
}
"""What no parsed value can stand for: texts that go into a body after it is written."""

ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 0.5, 1e300, -1e-9, 2**31, 2**53 + 1, 2**63 - 1, 2**64 - 1, -(2**63), "", " ", "\0",
    "null", "true", "0", "1", "-1", "²", "9" * 5000, "nan", "infs", "\ufeff", "\u2028", "é", "🜚", "a\nb", "a/b",
    "/", "..", "{}", "[]",
    "data:", "data:;base64,", "data:image/png;base64,", "data:image/png;base64,iVBORw0KGgo=", "gs://b/x.png",
    "s3://b/x.png", "https://h.example/x.png", "http://[", "https://h.example:99999/x", "[DONE]", "data: x\n\n",
    "auto", "none", "any", "required", "x" * 300, [], {}, [None], [[]], [{}], [""], {"": None}, {"type": None},
    {"type": "x"}, {"$ref": "#"}, {"text": None}, {"a": {"b": [1]}},
)  # fmt: skip
ODD_KEYS = ("", "type", "²", "9" * 5000, "\0", "a/b", "~0", "0", "-1", "é", "x" * 200, "$ref", "__class__")

_RAW = re.compile(rb'"~raw:([a-z0-9 -]+)~"')


def dumps(value: Any) -> bytes:
    """A value as JSON, raw texts in their places."""
    try:
        text = orjson.dumps(value)
    except TypeError:  # nested deeper than that serialiser goes
        try:
            text = json.dumps(value).encode()
        except RecursionError:
            text = RAW["deeper arrays"]
    return _RAW.sub(lambda found: RAW.get(found[1].decode(), b"null"), text) if b'"~raw:' in text else text


Slot = tuple[Any, Any]
"""A container and a key, or a place, in it."""


def _slots(box: list[Any]) -> list[Slot]:
    found: list[Slot] = []
    stack: list[Any] = [box]
    while stack:
        here = stack.pop()
        for key, item in here.items() if type(here) is dict else enumerate(here):
            found.append((here, key))
            if type(item) is dict or type(item) is list:
                stack.append(item)
    return found


class Json:
    """Mutates JSON values: some material, and a source of chance."""

    def __init__(self, rng: random.Random, corpus: Corpus) -> None:
        self.rng = rng
        self.corpus = corpus
        self.keys = corpus.keys

    def __call__(self, value: Any, most: int = 5) -> Any:
        """The value after some mutations; it may itself be changed."""
        box = [value]
        for _ in range(min(most, self.rng.choice((1, 1, 1, 2, 3, 5)))):
            slots = _slots(box)
            at, key = self.rng.choice(slots)
            self.rng.choice(_JSON)(self, slots, at, key)
            if not box:
                box = [None]
        return box[0]

    def text(self, body: bytes) -> bytes:
        """A JSON text after mutations of its value; bytes that are none are mutated as such."""
        try:
            value = orjson.loads(body)
        except orjson.JSONDecodeError:
            return mutate_bytes(self.rng, body)
        return dumps(self(value))

    def odd(self) -> Any:
        if self.rng.random() < 0.2:
            return f"~raw:{self.rng.choice(list(RAW))}~"
        return _copy(self.rng.choice(ODD))

    def grafted(self, key: Any) -> Any:
        """What stood somewhere at a key."""
        pool = self.corpus.grafts.get(key if type(key) is str else "") or self.corpus.grafts[""]
        return orjson.loads(self.rng.choice(pool))

    def delete(self, _: list[Slot], at: Any, key: Any) -> None:
        del at[key]

    def retype(self, _: list[Slot], at: Any, key: Any) -> None:
        at[key] = self.odd()

    def duplicate(self, _: list[Slot], at: Any, key: Any) -> None:
        if type(at) is list:
            at.insert(key, _copy(at[key]))
        else:
            at[self.key()] = _copy(at[key])

    def key(self) -> str:
        return self.rng.choice(ODD_KEYS) if self.rng.random() < 0.1 else self.rng.choice(self.keys)

    def add(self, _: list[Slot], at: Any, key: Any) -> None:
        """A known key in an object, or one more item."""
        here = at[key] if type(at[key]) in (dict, list) else at
        if type(here) is list:
            here.append(self.grafted(""))
        else:
            new = self.key()
            here[new] = self.grafted(new)

    def swap(self, slots: list[Slot], at: Any, key: Any) -> None:
        other, place = self.rng.choice(slots)
        # Copies, or a container might come to hold itself.
        one, two = _copy(at[key]), _copy(other[place])
        other[place] = one
        if type(at) is dict or key < len(at):
            at[key] = two

    def graft(self, _: list[Slot], at: Any, key: Any) -> None:
        at[key] = self.grafted(key)

    def graft_any(self, _: list[Slot], at: Any, key: Any) -> None:
        at[key] = self.grafted(self.rng.choice(self.keys))

    def rename(self, _: list[Slot], at: Any, key: Any) -> None:
        if type(at) is dict:
            at[self.key()] = at.pop(key)

    def wrap(self, _: list[Slot], at: Any, key: Any) -> None:
        value = at[key]
        for _step in range(self.rng.choice((1, 1, 1, 2, 60))):
            value = [value] if self.rng.random() < 0.5 else {self.key(): value}
        at[key] = value

    def unwrap(self, _: list[Slot], at: Any, key: Any) -> None:
        value = at[key]
        if type(value) in (list, dict) and value:
            at[key] = self.rng.choice(value if type(value) is list else list(value.values()))

    def quote(self, _: list[Slot], at: Any, key: Any) -> None:
        """A value as the text of itself, or the other way round."""
        try:
            at[key] = orjson.loads(at[key]) if type(at[key]) is str else orjson.dumps(at[key]).decode()
        except (orjson.JSONDecodeError, TypeError):
            at[key] = f"{at[key]!s}"

    def nulls(self, slots: list[Slot], _: Any, key: Any) -> None:
        """Null at every place of a key."""
        for at, name in slots:
            if name == key and type(name) is str:
                at[name] = None

    def kind(self, slots: list[Slot], at: Any, key: Any) -> None:
        """Another ``type`` somewhere."""
        typed = [place for place in slots if place[1] == "type"]
        here, name = self.rng.choice(typed) if typed else (at, key)
        here[name] = self.rng.choice(self.corpus.kinds)

    def number(self, slots: list[Slot], at: Any, key: Any) -> None:
        """Another number, somewhere."""
        places = [place for place in slots if type(place[0][place[1]]) in (int, float)]
        here, name = self.rng.choice(places) if places else (at, key)
        here[name] = self.rng.choice((0, 1, -1, 2, 100, 1e9, 0.1, 2**53, 2**63, "~raw:long integer~", "~raw:huge~"))

    def text_bytes(self, slots: list[Slot], at: Any, key: Any) -> None:
        """A string changed somewhere inside."""
        places = [place for place in slots if type(place[0][place[1]]) is str]
        here, name = self.rng.choice(places) if places else (at, key)
        text = str(here[name])
        cut = self.rng.randrange(len(text) + 1)
        here[name] = text[:cut] + str(self.odd()) + text[cut + self.rng.choice((0, 0, 1, 5)) :]


def _copy(value: Any) -> Any:
    """A value that shares nothing with the first; what is too deep to be written becomes something else that is."""
    if type(value) not in (dict, list):
        return value
    try:
        return orjson.loads(orjson.dumps(value))
    except TypeError:
        return "~raw:deep objects~"


_JSON: tuple[Callable[..., None], ...] = (
    Json.delete, Json.delete, Json.retype, Json.retype, Json.duplicate, Json.add, Json.add, Json.swap, Json.graft,
    Json.graft, Json.graft, Json.graft_any, Json.rename, Json.wrap, Json.unwrap, Json.quote, Json.nulls, Json.kind,
    Json.kind, Json.number, Json.text_bytes,
)  # fmt: skip


def mutate_bytes(rng: random.Random, data: bytes, other: bytes = b"") -> bytes:
    """Bytes flipped, cut, spliced, repeated."""
    for _ in range(rng.choice((1, 1, 2, 8))):
        at = rng.randrange(len(data) + 1)
        upto = min(len(data), at + rng.choice((1, 2, 8, 100)))
        what = rng.randrange(6)
        if what == 0:
            flipped = bytes(byte ^ (1 << rng.randrange(8)) for byte in data[at : at + 1])
            data = data[:at] + flipped + data[at + 1 :]
        elif what == 1:
            data = data[:at]
        elif what == 2:
            data = data[:at] + data[upto:]
        elif what == 3:
            data = data[:upto] + data[at:upto] * rng.choice((1, 3, 50)) + data[upto:]
        elif what == 4:
            data = data[:at] + rng.randbytes(rng.choice((1, 4))) + data[at:]
        else:
            data = data[:at] + other[rng.randrange(len(other) + 1) :]
    return data


def amplify(json_: Json, value: Any) -> Any:
    """The value with one thing in it very many times: what is quadratic is then slow."""
    rng = json_.rng
    box = [value]
    slots = _slots(box)
    at, key = rng.choice(slots)
    here = at[key]
    if type(here) is str:
        at[key] = (here or "a")[:40] * (60_000 // min(len(here) or 1, 40))
    elif type(here) is list and here:
        item = rng.choice(here)
        at[key] = [item] * min(5_000, 1 + 100_000 // _size(item))
    elif type(here) is dict and here:
        name, item = rng.choice(list(here.items()))
        here |= {f"{name}{n}": item for n in range(min(5_000, 60_000 // (_size(item) + len(name) + 8)))}
    else:
        at[key] = rng.choice(("a", " ", "\\", "\n", "{", '"', "a ")) * 30_000 if rng.random() < 0.5 else [1] * 9_999
    return box[0]


def _size(value: Any) -> int:
    return len(dumps(value)) + 1


def mutate_events(json_: Json, events: tuple[Event, ...], other: tuple[Event, ...]) -> list[Event]:
    """Events dropped, doubled, reordered, joined, cut off, mixed with another stream's, changed inside."""
    rng, out = json_.rng, list(events)
    for _ in range(rng.choice((0, 1, 1, 2, 4))):
        if not out:
            break
        at = rng.randrange(len(out))
        what = rng.randrange(10)
        if what == 0:
            del out[at]
        elif what == 1:
            out.insert(rng.randrange(len(out) + 1), out[at])
        elif what == 2:
            out.insert(rng.randrange(len(out)), out.pop(at))
        elif what == 3:
            out[at : at + 2] = [Event(out[at].name, b"".join(event.data for event in out[at : at + 2]))]
        elif what == 4:
            del out[at:]
        elif what == 5:
            out = _mixed(rng, out, other)
        elif what == 6:
            name = rng.choice((*(event.name for event in out), "", "error", "!throttlingException", "x"))
            out[at] = Event(name, out[at].data)
        else:
            out[at] = Event(out[at].name, json_.text(out[at].data))
    return out


def _mixed(rng: random.Random, one: list[Event], other: tuple[Event, ...]) -> list[Event]:
    """Two streams as one, each in its own order."""
    left, right, out = list(one), list(other), []
    while left or right:
        source = left if left and (not right or rng.random() < 0.6) else right
        out.append(source.pop(0))
    return out
