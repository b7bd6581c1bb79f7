"""What becomes of bodies that are near to those of the tests is what was approved, as sums: a change of it is seen.

A line is a body, and sums of what becomes of its changes, ten changes each, in the order of ``changes``. What a sum
stands for is not kept: whoever changes it compares the answers before and after. ``pytest tests/approved --accept
-n 0`` writes the file.
"""

import functools
import zlib
from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from ..fuzz.events import Event, events_of, render_plainly
from . import corpus
from .changes import some

FILE = corpus.HERE / "changes.txt"
MOST = 100
MOST_STREAMS = 40
REQUESTS = [said for said in corpus.requests() if not said.name.startswith("schema")]
ANSWERS = list(corpus.answers())


def parsed(raw: bytes) -> Any:
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        return None


def sent(said: corpus.Said) -> Iterator[Any]:
    """What becomes of the changes of a request, at each target in turn."""
    targets = corpus.targets(said.turn)
    for number, body in enumerate(some(parsed(said.body), MOST)):
        to, model = targets[number % len(targets)]
        yield corpus.sent_to(said._replace(body=orjson.dumps(body)), to, model, said.turn + number)


def told(said: corpus.Said) -> Iterator[Any]:
    """What clients in turn are told of the changes of an answer."""
    streams = said.name.startswith("stream ")
    bodies = _streams(said) if streams else [orjson.dumps(body) for body in some(parsed(said.body), MOST)]
    for number, body in enumerate(bodies):
        client = corpus.CLIENTS[number % len(corpus.CLIENTS)]
        made = corpus.context(said.speaker, client, streams=streams, strict=number % 2 == 1)
        row = corpus.told_by(said._replace(body=body), made)
        if row.get("status", 200) >= 400:
            row["body"] = corpus.refusal(orjson.loads(orjson.dumps(row["body"])))
        yield row


def _streams(said: corpus.Said) -> list[bytes]:
    events = events_of(said.speaker, said.body)
    found = []
    for place, event in enumerate(events):
        value = parsed(event.data)
        for changed in [] if value is None else some(value, 2 + MOST_STREAMS // len(events)):
            odd = Event(event.name, orjson.dumps(changed))
            found.append(render_plainly(said.speaker, [*events[:place], odd, *events[place + 1 :]]))
    return found


def sums(rows: Iterator[Any]) -> str:
    """The sums, ten rows each."""
    numbers = [zlib.crc32(orjson.dumps(row)) for row in rows]
    groups = [numbers[place : place + 10] for place in range(0, len(numbers), 10)]
    return " ".join(f"{zlib.crc32(repr(group).encode()) & 0xFFFFFF:06x}" for group in groups)


@functools.cache
def approved() -> dict[str, str]:
    lines = FILE.read_text("utf-8").splitlines() if FILE.exists() else []
    return dict(line.split("\t") for line in lines)


def check(key: str, found: str, request: pytest.FixtureRequest) -> None:
    known = approved()
    if request.config.getoption("--accept", default=False) and known.get(key) != found:
        known[key] = found
        FILE.write_text("".join(f"{name}\t{sums}\n" for name, sums in sorted(known.items())), "utf-8")
    assert found == known[key]


@pytest.mark.parametrize("said", REQUESTS, ids=str)
def test_changes_of_a_request_become_what_was_approved(said, request):
    check(f"request {said}", sums(sent(said)), request)


@pytest.mark.parametrize("said", ANSWERS, ids=str)
def test_changes_of_an_answer_are_told_as_was_approved(said, request):
    check(f"answer {said}", sums(told(said)), request)


def test_no_change_is_approved_that_is_not_asked():
    asked = {f"request {said}" for said in REQUESTS} | {f"answer {said}" for said in ANSWERS}
    assert approved().keys() == asked
