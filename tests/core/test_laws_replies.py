"""Laws of replies and streams: any cut gives the same bytes, a stream says what the plain reply says, sums hold."""

import attrs
import orjson
import pytest
from dragoman.translate import DIALECTS, collect
from dragoman.translate.records import Call, Opaque, Reply, Text, Thinking
from hypothesis import given
from hypothesis import strategies as st
from proof import sdk
from proof.answered import spoken
from proof.calls import cut, frames, plain_context, receive, stream
from proof.strategies import law

# The laws of gemini are in a file of their own.
NAMES = tuple(name for name in DIALECTS if name != "gemini")
WAYS = [pytest.param(client, dialect, id=f"{dialect}-to-{client}") for client in NAMES for dialect in NAMES]
CROSS = [
    pytest.param(client, dialect, id=f"{dialect}-to-{client}")
    for client in NAMES
    for dialect in NAMES
    if client != dialect
]


def context(client, dialect, **rest):
    extra = {"stream": True}
    if client == "openai_chat":
        # Web search makes citations possible, so that offsets are counted.
        extra |= {"stream_options": {"include_usage": True}}
        extra |= {"web_search_options": {}} if dialect not in ("openai_chat", "bedrock") else {}
    notes = plain_context(client, dialect, **extra, **rest)
    return {**notes, "cite": True} if dialect == "bedrock" else notes


@pytest.mark.parametrize(("client", "dialect"), WAYS)
@given(st.data())
@law(2)
def test_a_cut_at_any_place_gives_the_same_bytes(client, dialect, data):
    _, raw = data.draw(spoken(dialect))
    notes = context(client, dialect)
    whole = stream(notes, [raw])
    for place in range(1, len(raw)):
        assert stream(notes, [raw[:place], raw[place:]]) == whole


@pytest.mark.parametrize(("client", "dialect"), WAYS)
@given(st.data())
@law(20)
def test_any_number_of_cuts_gives_the_same_bytes(client, dialect, data):
    _, raw = data.draw(spoken(dialect))
    notes = context(client, dialect)
    whole = stream(notes, [raw])
    places = sorted(data.draw(st.lists(st.integers(0, len(raw)), max_size=12)))
    pieces = [raw[a:b] for a, b in zip([0, *places], [*places, len(raw)], strict=True)]
    assert stream(notes, pieces) == whole
    assert stream(notes, cut(raw, 1)) == whole


@pytest.mark.parametrize(("client", "dialect"), WAYS)
@given(st.data())
@law(20)
def test_a_stream_cut_short_is_never_a_silent_stop(client, dialect, data):
    _, raw = data.draw(spoken(dialect))
    ends = (b'finish_reason":"', b"event: response.completed", b"event: response.incomplete", b"messageStop")
    places = [place for place in range(len(raw)) if not any(end in raw[:place] for end in ends)]
    short = raw[: data.draw(st.sampled_from(places[:-20]))]
    out, head = stream(context(client, dialect), [short])
    assert head["truncated"]
    last = frames(out)[-1]
    assert last.get("response", last)["error"]["message"]
    assert b"[DONE]" not in out.split(b"\n")[-3:]


def settled(reply: Reply) -> Reply:
    """A reply without what a stream spells otherwise: neighbouring texts, empty parts, native values."""
    choice = reply.choices[0]
    parts = []
    for part in choice.parts:
        if type(part) is Text and not part.text:
            continue
        if type(part) is Call:
            part = attrs.evolve(part, arguments=part.arguments or "{}")  # noqa: PLW2901 - the part as it is compared
        parts.append(attrs.evolve(part, native=None) if hasattr(part, "native") and type(part) is not Opaque else part)
    usage = None if reply.usage is None else attrs.evolve(reply.usage, native=None)
    return attrs.evolve(reply, choices=(attrs.evolve(choice, parts=tuple(parts)),), usage=usage, native=None)


@pytest.mark.parametrize("dialect", NAMES)
@given(st.data())
@law(30)
def test_the_events_of_a_stream_collect_to_the_plain_reply(dialect, data):
    body, raw = data.draw(spoken(dialect))
    functions = DIALECTS[dialect]
    state = functions.start_reading("p")
    events = []
    tail, pieces = functions.split(b"", raw)
    assert tail == b""
    for frame in pieces:
        state, found = functions.read_event(state, frame)
        events.extend(found)
    collected, plain = settled(collect(events)), settled(functions.read_reply(body))
    assert collected.choices == plain.choices
    assert collected.usage == plain.usage
    assert (collected.id, collected.model, collected.created) == (plain.id, plain.model, plain.created)


def chat_view(body):
    """What a chat client sees of a completion."""
    message = body.choices[0].message
    extra = message.model_extra or {}
    # An empty signature says that there is none.
    thoughts = [
        # No signature and an empty one say the same.
        {key: value for key, value in block.items() if key != "index" and (key, value) != ("signature", "")}
        for block in extra.get("thinking_blocks") or ()
    ]
    calls = [(call.id, call.type, call.function.name, call.function.arguments) for call in message.tool_calls or ()]
    notes = [note.model_dump() if hasattr(note, "model_dump") else note for note in message.annotations or ()]
    return {
        "id": body.id,
        "model": body.model,
        "content": message.content or None,
        "refusal": message.refusal,
        "calls": calls,
        "annotations": notes,
        "reasoning": extra.get("reasoning_content") or None,
        "thoughts": thoughts,
        "native": extra.get("provider_specific_fields"),
        "finish": body.choices[0].finish_reason,
        "usage": body.usage.model_dump(exclude_none=True),
        "tier": body.service_tier,
    }


def message_view(body):
    """What a Messages client sees of a message: neighbouring texts are one."""
    content = []
    for block in body.content:
        kind = block.type
        if kind == "text":
            if content and content[-1][0] == "text":
                content[-1] = ("text", content[-1][1] + block.text)
            elif block.text:
                content.append(("text", block.text))
        elif kind == "tool_use":
            content.append((kind, block.id, block.name, orjson.dumps(block.input)))
        else:
            content.append((kind, orjson.dumps(block.model_dump(exclude_none=True))))
    # Lifetimes of cache writes: an accumulator takes them from the start only, where some providers tell nothing yet.
    usage = body.usage.model_dump(exclude_none=True, exclude={"cache_creation"})
    reason = None if body.stop_details is None else body.stop_details.explanation
    return body.id, body.model, content, body.stop_reason, body.stop_sequence, reason, usage


def response_view(body):
    """What a Responses client sees of a response."""
    return {key: value for key, value in body.model_dump(exclude_none=True).items() if key != "created_at"}


def converse_view(body):
    """What a Converse client sees: neighbouring texts are one, and sources come after them."""
    content = []
    for block in body["output"]["message"]["content"]:
        cited = block.get("citationsContent")
        text = block.get("text") if cited is None else cited["content"][0]["text"]
        if text is None:
            content.append(block)
            continue
        if content and type(content[-1]) is str:
            content[-1] += text
        else:
            content.append(text)
        if cited is not None:
            content.append(cited["citations"])
    return [item for item in content if item != ""], body["stopReason"], body["usage"]


VIEWS = {
    "openai_chat": chat_view,
    "openai_responses": response_view,
    "anthropic": message_view,
    "bedrock": converse_view,
}


@pytest.mark.parametrize(("client", "dialect"), CROSS)
@given(st.data())
@law(30)
def test_a_stream_says_what_the_plain_reply_says(client, dialect, data):
    body, raw = data.draw(spoken(dialect))
    notes = context(client, dialect)
    got = receive(notes, body)
    out, head = stream(notes, [raw])
    assert got.status == 200
    plain, streamed = sdk.REPLIES[client](got.body), sdk.GATHER[client](frames(out))
    view = VIEWS[client]
    assert view(streamed) == view(plain)
    for key in ("usage", "finish_reason", "losses"):
        assert head[key] == got.head[key]
    assert not head["truncated"]


@pytest.mark.parametrize(("client", "dialect"), WAYS)
@given(st.data())
@law(20)
def test_usage_adds_up(client, dialect, data):
    body, raw = data.draw(spoken(dialect))
    notes = context(client, dialect)
    usage = body["usage"]
    if dialect == "bedrock":
        keys = ("inputTokens", "cacheReadInputTokens", "cacheWriteInputTokens")
        prompt, completion = sum(usage[key] for key in keys), usage["outputTokens"]
    elif dialect == "anthropic":
        prompt = sum(usage[key] for key in ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens"))
        completion = usage["output_tokens"]
    elif dialect == "openai_responses":
        prompt, completion = usage["input_tokens"], usage["output_tokens"]
    else:
        prompt, completion = usage["prompt_tokens"], usage["completion_tokens"]
    got = receive(notes, body)
    _, head = stream(notes, [raw])
    assert head["usage"] == got.head["usage"]
    told = got.head["usage"]
    assert (told["prompt"], told["completion"], told["total"]) == (prompt, completion, prompt + completion)
    written = got.body["usage"]
    if client == "openai_chat":
        assert written["prompt_tokens"] == prompt
        assert written["completion_tokens"] == completion
        assert written["total_tokens"] == prompt + completion
        details = written.get("prompt_tokens_details") or {}
        assert details.get("cached_tokens", 0) + details.get("cache_write_tokens", 0) <= prompt
    elif client == "openai_responses":
        assert (written["input_tokens"], written["output_tokens"]) == (prompt, completion)
        assert written["total_tokens"] == prompt + completion
    elif client == "bedrock":
        keys = ("inputTokens", "cacheReadInputTokens", "cacheWriteInputTokens")
        assert sum(written[key] for key in keys) == prompt
        assert (written["outputTokens"], written["totalTokens"]) == (completion, prompt + completion)
    else:
        keys = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
        assert sum(written[key] for key in keys) == prompt
        assert written["output_tokens"] == completion


@pytest.mark.parametrize(("client", "dialect"), [way for way in WAYS if way.values[0] == "openai_chat"])
@given(st.data())
@law(20)
def test_usage_comes_once_and_last_and_only_when_asked(client, dialect, data):
    _, raw = data.draw(spoken(dialect))
    asked, _ = stream(context(client, dialect), [raw])
    items = frames(asked)
    assert items[-1] == "[DONE]"
    assert items[-2]["choices"] == []
    assert items[-2]["usage"]["total_tokens"] >= 0
    assert all(item["usage"] is None for item in items[:-2])
    unasked, _ = stream({**context(client, dialect), "include_usage": False}, [raw])
    assert not any("usage" in item for item in frames(unasked)[:-1])


@pytest.mark.parametrize("dialect", NAMES)
@given(st.data())
@law(20)
def test_a_strict_client_sees_only_keys_of_its_dialect(dialect, data):
    body, raw = data.draw(spoken(dialect))
    notes = {**context("openai_chat", dialect), "strict": True}
    got = receive(notes, body)
    ours = {"reasoning_content", "thinking_blocks", "provider_specific_fields"}
    assert not got.body["choices"][0]["message"].keys() & ours
    assert not got.body["usage"].keys() & {"cache_read_input_tokens", "cache_creation_input_tokens"}
    for item in frames(stream(notes, [raw])[0])[:-1]:
        assert not any(choice["delta"].keys() & ours for choice in item["choices"])


def test_thinking_is_compared_with_its_signature():
    # The law above would be empty if equality ignored what matters.
    assert Thinking("a", "s", "anthropic") != Thinking("a", "t", "anthropic")
