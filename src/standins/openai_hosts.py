"""Servers that speak OpenAI's chat dialect and are not OpenAI: what they share."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import attrs

from . import embeddings, openai_responses, openai_turn, openai_wire
from .memory import mint
from .oddities import unlike_any_answer
from .openai_chat import Judge, body_of, failure, of_input
from .openai_models import Model
from .openai_usage import Meter, reasoning_tokens
from .openai_wire import Answer
from .turns import Text, Thought, compose
from .wire import CREATED, Call, Headers, Refused, Reply, dump, json_reply

Body = Mapping[str, Any]


@attrs.frozen
class Host:
    """One server.

    Attributes:
        enter: judges credentials and path; gives the model that the path names, if it does.
        params: the official type of a body.
        find: a model by its name; raises `Refused`.
        check: every rule beyond the types; raises `Refused`.
        whole, stream: an answer on the wire.
        error: an error's status and body.
        headers: of every answer.
        shows: whether reasoning is shown.
        responses: the path of its Responses API, if it has one.
    """

    enter: Callable[[Call], str | None]
    params: Judge
    find: Callable[[str], Model]
    check: Callable[[Body, Model], None]
    whole: Callable[[Answer], Reply]
    stream: Callable[[Answer], Reply]
    error: Callable[[Refused], tuple[int, Any]]
    headers: Headers = ()
    shows: bool = True
    responses: str | None = None
    meter: Meter = attrs.field(factory=Meter)

    def __call__(self, call: Call) -> Reply:
        """Answer one request."""
        try:
            reply = self._chat(call)
        except Refused as refused:
            status, body = self.error(refused)
            reply = json_reply(status, body, refused.headers)
        return attrs.evolve(reply, headers=(*reply.headers, ("x-request-id", mint("", 32, call.body)), *self.headers))

    def _chat(self, call: Call) -> Reply:
        named = self.enter(call)
        if call.method != "POST":
            raise Refused(405, f"Not allowed to {call.method} on {call.path}.")
        if call.path == self.responses:
            asked = body_of(call, openai_responses.params)
            self.find(asked["model"])
            return openai_responses.answer(call, asked, asked["model"], failure, self.meter.cached)
        if call.path.endswith("/embeddings"):
            asked = body_of(call, embeddings.params)
            return embeddings.openai(call, asked, named or asked["model"], of_input)
        body = body_of(call, self.params)
        row = self.find(named or body["model"])
        self.check(body, row)
        turn = openai_turn.turn(body, call.headers.get("x-standin", ""))
        reasoning = reasoning_tokens(body, row)
        turn = attrs.evolve(turn, thinks=self.shows and reasoning > 0)
        if (odd := unlike_any_answer(turn.odd, streamed=bool(body.get("stream")))) is not None:
            return odd
        if turn.odd.fails:
            raise failure(turn.odd, "messages")
        script = compose(turn)
        usage = self.meter.usage(body, script, reasoning)
        answer = Answer(body, script, mint("", 32, call.body), row.snapshot or body["model"], usage, turn.odd)
        return self.stream(answer) if body.get("stream") else self.whole(answer)


def bearer(call: Call, key: str | None, path: str) -> None:
    """Judge a bearer token and the one path there is."""
    if not call.bearer or (key is not None and call.bearer != key):
        raise Refused(401, "Invalid API Key", code="invalid_api_key")
    if call.path != path:
        raise Refused(404, f"Unknown request URL: {call.method} {call.path}.", code="unknown_url")


def thought(answer: Answer) -> str:
    """The reasoning to show."""
    return "".join(part.text for part in answer.script.parts if isinstance(part, Thought))


def said(answer: Answer) -> Iterator[str]:
    """The pieces of the text."""
    for part in answer.script.parts:
        yield from part.pieces if isinstance(part, Text) else ()


def calls(answer: Answer) -> list[dict[str, Any]]:
    """The tool calls, each whole."""
    return [openai_wire.call_of(answer, 0, number, call) for number, call in enumerate(answer.script.calls)]


def chunk(answer: Answer, delta: Mapping[str, Any] | None, finish: str | None = None, /, **more: Any) -> dict[str, Any]:
    """One chunk with one choice, or none."""
    choice = [] if delta is None else [{"index": 0, "delta": delta, "finish_reason": finish}]
    head = {"id": answer.id, "object": "chat.completion.chunk", "created": CREATED, "model": answer.model}
    return {**head, "system_fingerprint": "fp_standin", "choices": choice, **more}


def framed(values: Iterator[dict[str, Any]]) -> Iterator[bytes]:
    """Values as server-sent events, and the end."""
    for value in values:
        yield b"data: " + dump(value) + b"\n\n"
    yield b"data: [DONE]\n\n"
