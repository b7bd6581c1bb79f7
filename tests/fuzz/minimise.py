"""Makes a finding small: the shortest case found that still breaks the same promise."""

import time
import traceback
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any, Final

import orjson

from .case import Case, Fault
from .events import events_of, render_plainly
from .mutate import dumps
from .targets import run
from .watch import Hang, bounded

_MOST_PLACES: Final = 256

Fails = Callable[[Case], bool]


def fault_of(case: Case) -> tuple[str, str] | None:
    """What is wrong with a case: what tells this finding from others, and a text for people; None when nothing is."""
    try:
        with bounded():
            run(case)
    except (Exception, Hang) as error:  # noqa: BLE001 - whatever it is, it is a finding
        where = traceback.extract_tb(error.__traceback__)
        place = next((step for step in reversed(where) if "/src/translate/" in step.filename), where[-1])
        kind = error.kind if isinstance(error, Fault) else f"{type(error).__name__} in {place.name}"
        words = "".join(traceback.format_exception(error, limit=-4))
        return f"{case.target.partition('.')[0]}: {kind}", words
    return None


def minimise(case: Case, kind: str, seconds: float) -> Case:
    """A smaller case with the same fault, as small as can be had in some seconds."""
    end = time.monotonic() + seconds

    def fails(candidate: Case) -> bool:
        if time.monotonic() > end:
            return False
        found = fault_of(candidate)
        return found is not None and found[0] == kind

    size = case.size + 1
    while case.size < size and time.monotonic() < end:
        size = case.size
        for step in _STEPS:
            case = step(case, fails)
    return case


def _joined(case: Case, fails: Fails) -> Case:
    """The body in one piece, or in two."""
    whole = case.whole
    # Of a long body only some places, or there is time for nothing else.
    places = range(1, len(whole), max(1, len(whole) // _MOST_PLACES))
    for pieces in chain(((whole,),), ((whole[:at], whole[at:]) for at in places)):
        if len(pieces) < len(case.pieces) and fails(case._replace(pieces=pieces)):
            return case._replace(pieces=pieces)
    return case


def _without_bytes(case: Case, fails: Fails) -> Case:
    """Stretches of bytes left out, where the JSON of a body does not matter."""
    step = max(map(len, case.pieces), default=0) // 2
    while step:
        for at, piece in enumerate(case.pieces):
            for place in range(0, len(piece), step):
                less = piece[:place] + piece[place + step :]
                candidate = case._replace(pieces=(*case.pieces[:at], less, *case.pieces[at + 1 :]))
                if fails(candidate):
                    return _without_bytes(candidate, fails)
        step //= 2
    return case


def _smaller_head(case: Case, fails: Fails) -> Case:
    return case._replace(head=_smaller_json(case.head, lambda head: fails(case._replace(head=head))))


def _smaller_body(case: Case, fails: Fails) -> Case:
    if len(case.pieces) != 1:
        return case
    return case._replace(pieces=(_smaller_json(case.pieces[0], lambda body: fails(case._replace(pieces=(body,)))),))


def _smaller_events(case: Case, fails: Fails) -> Case:
    """Events left out, and the JSON of each made smaller."""
    kind, _, dialect = case.target.partition(".")
    if kind != "stream" or len(case.pieces) != 1:
        return case
    try:
        events = list(events_of(dialect, case.whole))
    except (KeyError, ValueError):
        return case

    def rendered(some: list[Any]) -> Case:
        return case._replace(pieces=(render_plainly(dialect, some),))

    if not fails(rendered(events)):
        return case
    _fewer_items(events, lambda: fails(rendered(events)))
    for at, event in enumerate(events):

        def fails_with(data: bytes, at: int = at) -> bool:
            return fails(rendered([*events[:at], events[at]._replace(data=data), *events[at + 1 :]]))

        events[at] = event._replace(data=_smaller_json(event.data, fails_with))
    return rendered(events)


def _smaller_json(text: bytes, fails: Callable[[bytes], bool]) -> bytes:
    """Keys and items left out, values made plain, one after the other."""
    try:
        box = [orjson.loads(text)]
    except orjson.JSONDecodeError:
        return text

    def still() -> bool:
        return fails(dumps(box[0]))

    if not still():
        return text
    for at, key in _places(box):
        if type(at) is dict and _left_out(at, key, still):
            continue
        _made_plain(at, key, still)
        if type(at[key]) is list:
            _fewer_items(at[key], still)
    return dumps(box[0])


def _left_out(at: dict[str, Any], key: str, still: Callable[[], bool]) -> bool:
    items = dict(at)
    del at[key]
    if still():
        return True
    at.clear()
    at |= items
    return False


def _made_plain(at: Any, key: Any, still: Callable[[], bool]) -> None:
    kept = at[key]
    for plain in (None, 0, "", [], {}):
        if len(dumps(plain)) < len(dumps(kept)):
            at[key] = plain
            if still():
                return
    at[key] = kept


def _fewer_items(items: list[Any], fails: Callable[[], bool]) -> None:
    step = len(items)
    while step:
        at = 0
        while at < len(items):
            kept = items[at : at + step]
            del items[at : at + step]
            if not fails():
                items[at:at] = kept
                at += step
        step //= 2


def _places(box: list[Any]) -> Iterator[tuple[Any, Any]]:
    """The places of a value, the outer ones first; what was left out meanwhile is not looked at."""
    waiting: list[Any] = [box]
    while waiting:
        here = waiting.pop(0)
        for key in list(here) if type(here) is dict else range(len(here)):
            yield here, key
            item = here.get(key) if type(here) is dict else here[key]
            if type(item) in (dict, list):
                waiting.append(item)


_STEPS = (_joined, _smaller_events, _smaller_head, _smaller_body, _without_bytes)
