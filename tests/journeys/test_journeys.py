"""Conversations that move from provider to provider, kept by clients as the official SDKs let them keep them.

Every request on the way is valid by the provider's own types, carries no state of another signing domain, replays the
state of its own unchanged and in its place, pairs its calls with their results, and reports every drop.
"""

from itertools import permutations

import orjson
import pytest
from dragoman.translate import boundary
from hypothesis import given
from hypothesis import strategies as st
from proof.answered import STREAMS
from proof.calls import NOW, send
from proof.strategies import law
from travel import checks
from travel.clients import CLIENTS, payloads
from travel.places import ANSWERS, PLACES, TOOL

FORMS = ("reply", "stream")
CALLS, WORDS = True, False


class Journey:
    """A client, and all that providers gave to it."""

    def __init__(self, client, data):
        self.client = CLIENTS[client]()
        self.data = data
        self.states = []
        self.number = 0
        self.client.ask("Question 0")

    def step(self, name, form, *, calls):
        """Ask a model, which calls or talks; the client keeps what it is told, and goes on."""
        place, dialect = PLACES[name], self.client.dialect
        body = self.client.body if form == "reply" else self.client.streaming()
        sent = send(body, dialect, place.provider, model=place.model, stream=form == "stream", project="p",
                    base_url=None if place.provider != "azure" else "https://r.openai.azure.com")  # fmt: skip
        assert sent.status == 200, sent
        checks.request(sent, body, place, self.states)
        self.number += 1
        context = sent.head["context"]
        said = ANSWERS[context["dialect"]](self.number, calls=calls)
        self.states += said.states
        before = len(self.client.history)
        head = {"context": context, "status": 200, "headers": {}, "now": NOW, "id": f"id{self.number}"}
        if form == "reply":
            answer = boundary.reply(orjson.dumps(head), orjson.dumps(said.reply))
            assert answer.status == 200, answer
            told, losses = orjson.loads(answer.body), orjson.loads(answer.head)["losses"]
            self.client.take(told)
        else:
            told, losses = self.stream(head, said.reply, context["dialect"])
        checks.answer(told, self.client.history[before:], said.seen, self.states)
        lost = any("state" in loss["detail"] for loss in losses)
        for state in said.states:
            assert lost or checks.holds(self.client.history, state.token), state
        self.go_on(calls=calls)

    def stream(self, head, reply, dialect):
        raw = self.data.draw(STREAMS[dialect](reply))
        # Google's SDK warns of kinds of traffic that it does not know.
        raw = raw.replace(b'"trafficType":"X"', b'"trafficType":"ON_DEMAND"')
        status, pipe = boundary.open(orjson.dumps(head))
        assert status == 200
        pipe, out = boundary.feed(pipe, raw)
        last, closing = boundary.close(pipe)
        closing = orjson.loads(closing)
        assert not closing["truncated"]
        self.client.take_stream(out + last)
        return payloads(out + last), closing["losses"]

    def go_on(self, *, calls):
        """Results for whoever called, or the next question."""
        if not calls:
            self.client.ask(f"Question {self.number}")
            return
        results = []
        for key, name, arguments in self.client.calls():
            assert name == TOOL
            results.append((key, name, f"Sunny in {orjson.loads(arguments)['city']}"))
        assert len(results) == 2
        self.client.answer(results)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("middle", [False, True], ids=["between turns", "in a tool loop"])
@given(st.data())
@law(2)
def test_a_conversation_goes_from_claude_to_gemini_to_gpt_and_back(client, form, middle, data):
    journey = Journey(client, data)
    for name in ("anthropic", "gemini", "openai", "openai_chat", "anthropic"):
        journey.step(name, form, calls=CALLS)
        if not middle:
            journey.step(name, form, calls=WORDS)
    journey.step("anthropic", form, calls=WORDS)
    journey.step("anthropic", form, calls=WORDS)


@pytest.mark.parametrize("client", CLIENTS)
@given(st.data())
@law(15)
def test_a_conversation_goes_through_any_three_places_and_back(client, data):
    journey = Journey(client, data)
    stops = data.draw(st.sampled_from(list(permutations(PLACES, 3))))
    for name in (*stops, stops[0]):
        for calls in data.draw(st.sampled_from([(CALLS, WORDS), (CALLS,), (WORDS,), (CALLS, CALLS), (WORDS, CALLS)])):
            journey.step(name, data.draw(st.sampled_from(FORMS)), calls=calls)
    journey.step(stops[0], "reply", calls=WORDS)
