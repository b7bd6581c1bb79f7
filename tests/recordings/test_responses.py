"""Every recorded Responses answer to each client, and every other recorded answer to a Responses client."""

import functools
from typing import Any, cast

import orjson
import pydantic
import pytest
from dragoman.standins import judge
from openai import omit
from openai._models import construct_type_unchecked
from openai.lib.streaming.responses._responses import ResponseStreamState
from openai.types.responses import Response, ResponseStreamEvent
from openai.types.responses import response_create_params as params

from .corpus import ROWS, Row, answered, asked, is_sse, load
from .driving import ALLOW, call, cut, frames, reply, stream
from .judging import fault_of, fold_chat, fold_messages
from .reading import REPLY, STREAM, as_input, chat_finish, messages_finish
from .reading import tokens as other_tokens
from .responses import CLIENTS, RESPONSES, context, said_by, streamed_by, tokens
from .visible import paths_exist, same, strings

READ = {**REPLY, "openai_responses": said_by}
READ_STREAM = {**STREAM, "openai_responses": streamed_by}
FINISHES = {"completed": "stop", "max_output_tokens": "length", "content_filter": "content_filter"}
BACK = {"stop": "completed", "tool_calls": "completed", "function_call": "completed", "length": "max_output_tokens"}


def params_of(rows: Any) -> list[Any]:
    return [pytest.param(row, client, id=f"{row}-{client}") for row, client in rows]


# Long streams of other dialects are read by the laws too; here every wire is seen once.
WHOLE = [row for row in (*RESPONSES, *ROWS) if row.status == 200 and not row.stream]
STREAMS = [row for row in (*RESPONSES, *ROWS) if row.status == 200 and row.stream and is_sse(row)]


def ways(rows: list[Row]) -> list[Any]:
    """Responses servers to every client, other servers to a Responses client."""
    return params_of(
        (row, client)
        for row in rows
        for client in (CLIENTS if row.dialect == "openai_responses" else ("openai_responses",))
    )


def count(usage: Any, dialect: str) -> Any:
    return tokens(usage) if dialect == "openai_responses" else other_tokens(usage, dialect)


def finish_for(client: str, said: Any, dialect: str) -> set[str | None]:
    """The words with which an answer may end for a client."""
    called = bool(said.calls)
    if client == dialect:
        return {said.finish}
    common = FINISHES.get(said.finish, "stop") if dialect == "openai_responses" else said.finish
    if dialect == "anthropic":
        common = chat_finish(said.finish, called=called)
    if client == "openai_responses":
        return {BACK.get(common, common if common == "content_filter" else "completed")}
    if client == "openai_chat":
        return {"tool_calls" if called and common == "stop" else common}
    refused = "refusal" if said.refusal else None
    return {messages_finish(common, called=called), refused}


@pytest.mark.parametrize(("row", "client"), ways(WHOLE))
def test_a_reply_says_the_same(row, client):
    recorded = orjson.loads(answered(row))
    told = reply(context(client, row.dialect), answered(row))
    if not recorded.keys() & {"choices", "content", "output"}:
        assert told.status >= 400
        return
    assert told.status == 200, told.body
    said, heard = READ[row.dialect](recorded), READ[client](told.body)
    assert heard.text == said.text or (client == "anthropic" and heard.text == said.text + said.refusal)
    calls = said.parsed_calls()
    if client == "anthropic":
        calls = [(name, as_input(arguments)) for name, arguments in calls]
    assert heard.parsed_calls() == calls
    assert [call[0] for call in heard.calls] == [call[0] for call in said.calls] or not all(c[0] for c in said.calls)
    assert heard.thinking == said.thinking
    want = count(said.usage, row.dialect)
    assert count(heard.usage, client) in (want, want or (0, 0, 0))
    assert heard.finish in finish_for(client, said, row.dialect)
    assert told.body["model"] == recorded.get("model") or not recorded.get("model")


_RESPONSE = pydantic.TypeAdapter(Response)
_EVENT: Any = pydantic.TypeAdapter(ResponseStreamEvent)


@pytest.mark.parametrize("row", [pytest.param(row, id=str(row)) for row in WHOLE])
def test_a_response_is_of_the_official_type(row):
    told = reply(context("openai_responses", row.dialect), answered(row))
    if told.status == 200 and row.dialect != "openai_responses":
        _RESPONSE.validate_json(orjson.dumps(told.body), strict=True)
    elif told.status == 200:
        assert told.body == orjson.loads(answered(row))


@functools.lru_cache(maxsize=4)
def streamed(row, client):
    return stream(context(client, row.dialect, stream=True), [answered(row)])


@pytest.mark.parametrize(("row", "client"), ways(STREAMS))
def test_a_stream_says_the_same_however_it_is_cut(row, client):
    data, whole = answered(row), streamed(row, client)
    sizes = (1, 7) if len(data) <= 6_000 else (7,) if len(data) <= 40_000 else (997,)
    for size in sizes:
        assert stream(context(client, row.dialect, stream=True), cut(data, size)) == whole
    said, heard = READ_STREAM[row.dialect](data), READ_STREAM[client](whole.wire)
    assert heard.text == said.text or (client == "anthropic" and heard.text == said.text + said.refusal)
    assert heard.thinking == said.thinking
    if said.error:
        assert said.error["message"] in heard.error["message"]
        assert not heard.done
        return
    if said.finish is None:
        assert whole.head["truncated"]
        assert heard.error
        return
    assert heard.parsed_calls() == said.parsed_calls()
    assert heard.done
    assert heard.finish in finish_for(client, said, row.dialect)
    want = count(said.usage, row.dialect)
    assert count(heard.usage, client) in (want, want or (0, 0, 0))


@pytest.mark.parametrize(("row", "client"), ways(STREAMS))
def test_the_official_client_gathers_the_stream(row, client):
    said, got = READ_STREAM[row.dialect](answered(row)), streamed(row, client)
    if said.error or said.finish is None:
        return
    if client == "openai_chat":
        message = fold_chat(got.wire).choices[0].message
        assert (message.content or "") == said.text
        assert len(message.tool_calls or ()) == len(said.calls)
    elif client == "anthropic":
        texts = [block.text for block in fold_messages(got.wire).content if block.type == "text"]
        assert "".join(texts) in (said.text, said.text + said.refusal)
    elif row.dialect != client:
        events = [orjson.loads(data) for _, data in frames(got.wire)]
        state = cast(Any, ResponseStreamState(input_tools=omit, text_format=omit))
        for number, event in enumerate(events):
            assert _EVENT.validate_json(orjson.dumps(event)).sequence_number == number
            state.handle_event(construct_type_unchecked(type_=cast(Any, ResponseStreamEvent), value=event))
        assert state._ResponseStreamState__current_snapshot.output_text == said.text
    else:
        for (name, sent), (_, came) in zip(frames(got.wire), frames(answered(row)), strict=False):
            event = orjson.loads(came)
            event.pop("obfuscation", None)
            assert (name, orjson.loads(sent)) == (event["type"], event)


@pytest.mark.parametrize(
    ("row", "client"), params_of((row, client) for row in RESPONSES if row.status >= 400 for client in CLIENTS)
)
def test_an_error_is_told_in_the_clients_dialect(row, client):
    response = load(row)["response"]
    told = reply(context(client, row.dialect), answered(row), row.status, response["headers"])
    assert told.status == row.status
    body = response["json"]
    said = body["error"]["message"] if isinstance(body["error"], dict) else body["error"]
    assert said in told.body["error"]["message"]


# Requests

GOOD = [row for row in RESPONSES if row.status == 200 and row.kept]
STATEFUL = ("previous_response_id", "conversation", "prompt", "background")


def stateful(body: dict[str, Any]) -> bool:
    items = body["input"] if isinstance(body.get("input"), list) else ()
    return any(body.get(key) for key in STATEFUL) or any(item.get("type") == "item_reference" for item in items)


@pytest.mark.parametrize("row", [pytest.param(row, id=str(row)) for row in GOOD])
def test_openai_gets_the_request_as_it_was(row):
    body = asked(row)
    told = call(body, "openai_responses", "openai", body["model"], on_loss=ALLOW)
    if stateful(body) or "input" not in body:
        assert told.status == 400
        assert told.error["code"] in ("unsupported_parameter", "missing_required_parameter")
        return
    assert told.status == 200, told.body
    real = [loss for loss in told.losses if loss["kind"] != "added"]
    if real:
        # A model's own limits hold on its own surface too.
        assert {loss["path"].split("/")[1] for loss in real} <= {"reasoning", "temperature", "top_p", "include"}
        return
    want = dict(body)
    if "store" not in body:
        want["store"] = False
        if "reasoning.encrypted_content" in told.body.get("include", ()):
            want["include"] = [*dict.fromkeys([*(body.get("include") or ()), "reasoning.encrypted_content"])]
    order = [key for key in want if key in body] + [key for key in told.body if key not in body]
    same({key: want[key] for key in order}, told.body)


@pytest.mark.parametrize("to", ["anthropic", "openai_compatible"])
@pytest.mark.parametrize("row", [pytest.param(row, id=str(row)) for row in GOOD])
def test_a_request_crosses_whole_or_is_refused(row, to):
    body = asked(row)
    model = "claude-sonnet-4-5" if to == "anthropic" else "any"
    for policy in ({}, {"on_loss": ALLOW}):
        told = call(body, "openai_responses", to, model, **policy)
        assert told.status in (200, 400), told.body
        if told.status == 400:
            assert told.error["message"]
            continue
        paths_exist(told.losses, body)
        assert to != "anthropic" or fault_of(told.raw, "anthropic") is None
        said = "\x00".join(strings(told.body))
        for at, text in texts(body):
            assert text in said or any(at.startswith(loss["path"]) for loss in told.losses), at


def texts(body: dict[str, Any]):
    """Every text of the conversation with its place."""
    yield "/instructions", body.get("instructions") or ""
    items = body["input"]
    if isinstance(items, str):
        yield "/input", items
    for index, item in enumerate(items if isinstance(items, list) else ()):
        for key in ("content", "output", "summary"):
            value = item.get(key)
            if isinstance(value, str):
                yield f"/input/{index}/{key}", value
            for place, part in enumerate(value if isinstance(value, list) else ()):
                if isinstance(part, dict) and isinstance(part.get("text"), str):
                    yield f"/input/{index}/{key}/{place}", part["text"]


@pytest.mark.parametrize("row", [pytest.param(row, id=str(row)) for row in ROWS if row.status == 200 and row.kept])
def test_other_requests_reach_the_responses_surface(row):
    body = asked(row)
    for model in ("gpt-5.1-codex", "gpt-5.6-sol-pro"):
        told = call(body, row.dialect, "openai", model, on_loss=ALLOW)
        assert told.status in (200, 400), told.body
        if told.status == 200:
            paths_exist(told.losses, body)
            value = {key: item for key, item in told.body.items() if key != "metadata"}
            kind = (
                params.ResponseCreateParamsStreaming if value.get("stream") else params.ResponseCreateParamsNonStreaming
            )
            assert judge.fault(kind, orjson.dumps(value), value) is None


def test_there_are_recordings():
    assert len({row.provider for row in RESPONSES}) >= 5
