"""What a client means is what the Responses surface reads: there through its wire, and the same records again."""

import attrs
import orjson
import pytest
from dragoman.translate import read_request
from dragoman.translate.records import Call, Media, Redacted, Refusal, Result, Text, Thinking
from hypothesis import given
from hypothesis import strategies as st
from proof.asked import REQUESTS
from proof.calls import send
from proof.strategies import law


def told(part):
    """A part without where it stood; a text that is cut in parts is one text."""
    if isinstance(part, Text):
        return ("text", part.text, part.cache and part.cache.ttl)
    if isinstance(part, Call):
        return ("call", part.id, part.name, part.arguments or "{}", part.custom)
    if isinstance(part, Result):
        return ("result", part.call_id, tuple(told(inner) for inner in part.parts))
    if isinstance(part, Media):
        return (
            "media",
            part.kind,
            part.media_type,
            part.data,
            part.url,
            None if part.filename == "document.pdf" else part.filename,
        )
    if isinstance(part, Refusal):
        return ("refusal", part.text)
    if isinstance(part, Thinking | Redacted):
        return attrs.astuple(attrs.evolve(part, path=(), native=None))
    return part


def conversation(request):
    """(role, parts) of every turn, neighbours of one role joined, nothing empty."""
    turns = []
    for message in request.messages:
        role = "user" if message.role == "tool" else message.role
        parts = [told(part) for part in message.parts if not (isinstance(part, Text) and not part.text)]
        if turns and turns[-1][0] == role:
            turns[-1][1].extend(parts)
        elif parts:
            turns.append((role, parts))
    return [(role, _refused(parts)) for role, parts in turns]


def _refused(parts):
    """A refusal has no place of its own among the texts of every wire, and is one."""
    words = "".join(part[1] for part in parts if part[0] == "refusal")
    return [part for part in parts if part[0] != "refusal"] + ([("refusal", words)] if words else [])


def tools(request):
    return [
        (tool.name, tool.description, orjson.dumps(tool.schema), bool(tool.strict))
        for tool in request.tools
        if tool.kind == "function"
    ]


EMPTY = orjson.dumps({"type": "object", "properties": {}})
FIELDS = ("tool_choice", "parallel_calls", "max_tokens", "stream", "output")


@pytest.mark.parametrize("client", ["openai_chat", "anthropic"])
@given(st.data())
@law(75)
def test_a_request_means_the_same_on_the_responses_wire(client, data):
    body = data.draw(REQUESTS[client](most=3))
    sent = send(body, client, "openai", model="gpt-5.1-codex", on_loss="allow")
    if sent.status != 200 or [loss for loss in sent.losses if loss["kind"] != "added"]:
        return
    if "names" in sent.head["context"]:
        # Names that the surface refuses are mapped, and mapped back in the reply.
        return
    meant, read = read_request(client, orjson.dumps(body)), read_request("openai_responses", orjson.dumps(sent.body))
    assert conversation(read) == conversation(meant)
    assert [(name, words, EMPTY if schema == b"null" else schema, strict) for name, words, schema, strict in
            tools(meant)] == tools(read)  # fmt: skip
    for field in FIELDS:
        want, got = getattr(meant, field), getattr(read, field)
        if field == "output" and want is not None and got is not None and want.strict is None:
            # Where the client cannot say it, what can be kept strictly is.
            want = attrs.evolve(want, strict=got.strict)
        assert got == want or (field in ("tool_choice", "parallel_calls") and not meant.tools), field
    for name, value in read.options.items():
        assert value == meant.options.get(name, False if name == "store" else value), name


@pytest.mark.parametrize("to", ["openai_compatible", "anthropic"])
@given(st.data())
@law(75)
def test_a_responses_request_means_the_same_on_other_wires(to, data):
    body = data.draw(REQUESTS["openai_responses"](most=3))
    dialect, model = ("anthropic", "claude-sonnet-4-6") if to == "anthropic" else ("openai_chat", "any")
    sent = send(body, "openai_responses", to, model=model, on_loss="allow")
    if sent.status != 200 or [loss for loss in sent.losses if loss["kind"] != "added"]:
        return
    meant, read = read_request("openai_responses", orjson.dumps(body)), read_request(dialect, orjson.dumps(sent.body))
    want, got = conversation(meant), conversation(read)
    if to == "anthropic":
        # All system text is one there; arguments are objects.
        want = [(role.replace("developer", "system"), parts) for role, parts in want]
        want, got = ([(role, [_object(part) for part in parts]) for role, parts in turns] for turns in (want, got))
    assert got == want
    assert [tool[:3] for tool in tools(read)] == [tool[:3] for tool in tools(meant)]
    assert read.stream == meant.stream
    assert meant.max_tokens in (None, read.max_tokens)


def _object(part):
    if isinstance(part, tuple) and part[0] == "call":
        return (*part[:3], orjson.loads(part[3]), *part[4:])
    if isinstance(part, tuple) and part[0] == "media":
        return tuple(None if word == "application/pdf" else word for word in part)
    return part
