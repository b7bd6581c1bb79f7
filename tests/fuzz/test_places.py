"""Every place of a body, filled with what does not belong there: an answer all the same, and never a fault of ours.

The fuzzer looks far and by chance; this looks near, and everywhere.
"""

from collections.abc import Iterator

import orjson
import pytest
from dragoman.translate import boundary

from ..approved import corpus
from .case import Case
from .changes import changes
from .events import Event, events_of, render_plainly
from .minimise import fault_of

TARGETS = (
    ("openai", "gpt-5.1"), ("anthropic", "claude-sonnet-4-5"), ("gemini", "gemini-3-pro"), ("xai", "grok-4.3"),
    ("bedrock", "us.anthropic.claude-opus-5-5-v1:0"), ("azure", "gpt-5.1-codex"), ("groq", "openai/gpt-oss-120b"),
    ("vertex", "claude-opus-5-5"), ("bedrock", "amazon.nova-pro-v1:0"), ("openai", "gpt-5.1-codex"),
    ("gemini", "gemini-2.5-flash"),
)  # fmt: skip
PLACE = {"region": "r", "project": "p", "on_loss": "allow"}
STEP = 4
"""Of so many changes one is tried; the numbers of things in turn have no factor in common with it."""
STREAM_STEP = 37
"""The same for events of streams, which are more, and cost more."""


def bodies(said: list[corpus.Said]) -> Iterator[bytes]:
    """The changed bodies, each once, some of them."""
    number = 0
    for one in said:
        try:
            value = orjson.loads(one.body)
        except orjson.JSONDecodeError:
            continue
        for changed in changes(value):
            number += 1
            if number % STEP == 0:
                yield orjson.dumps(changed)


@pytest.mark.parametrize("client", corpus.CLIENTS)
def test_a_request_with_a_place_that_is_odd_is_translated_or_refused(client):
    said = [one for one in corpus.requests() if one.speaker == client]
    places = [PLACE | ({"base_url": "https://h.example"} if to == "azure" else {}) for to, _ in TARGETS]
    heads = [
        orjson.dumps({"from": client, "to": to, "model": model, **place})
        for (to, model), place in zip(TARGETS, places, strict=True)
    ]
    faults = []
    for number, body in enumerate(bodies(said)):
        answer = boundary.request(heads[number % len(heads)], body)
        if answer.status >= 500 or b"fault of the gateway" in answer.body:
            faults.append((heads[number % len(heads)], body, answer.body))
    assert faults[:3] == []


@pytest.mark.parametrize("speaker", corpus.CLIENTS)
def test_an_error_with_a_place_that_is_odd_is_still_an_error(speaker):
    said = [one for one in corpus.answers() if one.speaker == speaker and one.name.startswith("error")]
    faults = []
    for number, body in enumerate(bodies(said)):
        client = corpus.CLIENTS[number % len(corpus.CLIENTS)]
        made = corpus.context(speaker, client, streams=False, strict=False)
        answer = boundary.reply(orjson.dumps({"context": made, "status": 404}), body)
        if not 400 <= answer.status < 600 or b"not what its format promises" in answer.body:
            faults.append((speaker, client, body, answer.body))
    assert faults[:3] == []


@pytest.mark.parametrize("speaker", corpus.CLIENTS)
def test_a_reply_with_a_place_that_is_odd_is_told_or_called_broken(speaker):
    said = [one for one in corpus.answers() if one.speaker == speaker and one.name.startswith("reply")]
    faults = []
    for number, body in enumerate(bodies(said)):
        client = corpus.CLIENTS[number % len(corpus.CLIENTS)]
        made = corpus.context(speaker, client, streams=False, strict=False)
        answer = boundary.reply(orjson.dumps({"context": made, "status": 200}), body)
        if answer.status != 200 and not (answer.status >= 400 and orjson.loads(answer.body)):
            faults.append((speaker, client, body, answer.body))
    assert faults[:3] == []


def streams(speaker: str) -> Iterator[bytes]:
    """Streams with one event that has an odd place, in one piece each."""
    number = 0
    for one in corpus.answers():
        if one.speaker != speaker or not one.name.startswith("stream"):
            continue
        events = events_of(speaker, one.body)
        for place, event in enumerate(events):
            try:
                value = orjson.loads(event.data)
            except orjson.JSONDecodeError:
                continue
            for changed in changes(value):
                number += 1
                if number % STREAM_STEP == 0:
                    odd = Event(event.name, orjson.dumps(changed))
                    yield render_plainly(speaker, [*events[:place], odd, *events[place + 1 :]])


@pytest.mark.parametrize("speaker", corpus.CLIENTS)
def test_a_stream_with_a_place_that_is_odd_keeps_every_promise_of_streams(speaker):
    faults = []
    for number, data in enumerate(streams(speaker)):
        client = corpus.CLIENTS[number % len(corpus.CLIENTS)]
        made = corpus.context(speaker, client, streams=True, strict=False)
        cut = number % max(1, len(data))
        head = orjson.dumps({"context": made, "now": 1, "id": "s"})
        fault = fault_of(Case(f"stream.{speaker}", head, (data[:cut], data[cut:])))
        if fault is not None:
            faults.append((client, data, fault))
    assert faults[:3] == []
