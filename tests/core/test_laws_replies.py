"""Laws of replies and streams, from providers of every dialect to clients of every dialect.

Any cut gives the same bytes, a stream says what the plain reply says, sums hold. What a client reads is the law of all
answers (`test_laws_answers.py`).
"""

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
from proof.views import VIEWS

WAYS = [pytest.param(client, dialect, id=f"{dialect}-to-{client}") for client in DIALECTS for dialect in DIALECTS]
CROSS = [way for way in WAYS if way.values[0] != way.values[1] or way.values[0] == "openai_chat"]
"""Without relays of other dialects: a provider's own words, new ones too, go to clients of its dialect as they are."""
PROVIDERS = {
    "openai_chat": ("openai", "azure", "groq", "openai_compatible"),
    "openai_responses": ("openai", "azure"),
    "anthropic": ("anthropic", "vertex"),
    "gemini": ("gemini", "vertex", "vertex_express"),
    "bedrock": ("bedrock",),
}
"""Who speaks a dialect. xAI is left out: it counts otherwise, and says pieces twice (`test_host_xai.py`)."""


@st.composite
def told(draw, client, dialect):
    """The context of a streamed answer in which sources may come, so that their offsets are counted."""
    notes = {**plain_context(client, dialect), "provider": draw(st.sampled_from(PROVIDERS[dialect]))}
    return {**notes, "stream": True, "include_usage": True, "cite": True}


@st.composite
def framed(draw, client, dialect):
    """A context and a stream, in every form that the client may ask for, or the provider may use."""
    notes = draw(told(client, dialect))
    _, raw = draw(spoken(dialect))
    if client == "gemini" and draw(st.booleans()):
        notes["stream_form"] = "array"
    if dialect == "gemini" and draw(st.booleans()):
        raw = b"[" + b"\r\n,".join(orjson.dumps(item) for item in frames(raw.replace(b"\r\n", b"\n"))) + b"]"
    elif dialect != "bedrock" and draw(st.booleans()):
        raw = raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    return notes, raw


WINDOW = 2000
"""So many places for a cut are tried in each stream."""


@pytest.mark.parametrize(("client", "dialect"), WAYS)
@given(st.data())
@law(1)
def test_a_cut_at_any_place_gives_the_same_bytes(client, dialect, data):
    notes, raw = data.draw(framed(client, dialect))
    whole = stream(notes, [raw])
    first = data.draw(st.integers(1, max(1, len(raw) - WINDOW)))
    for place in range(first, min(len(raw), first + WINDOW)):
        assert stream(notes, [raw[:place], raw[place:]]) == whole


@pytest.mark.parametrize(("client", "dialect"), WAYS)
@given(st.data())
@law(12)
def test_any_number_of_cuts_gives_the_same_bytes(client, dialect, data):
    notes, raw = data.draw(framed(client, dialect))
    whole = stream(notes, [raw])
    places = sorted(data.draw(st.lists(st.integers(0, len(raw)), max_size=12)))
    pieces = [raw[a:b] for a, b in zip([0, *places], [*places, len(raw)], strict=True)]
    assert stream(notes, pieces) == whole
    assert stream(notes, cut(raw, 1)) == whole


ENDS = (
    b'finish_reason":"',
    b"response.completed",
    b"response.incomplete",
    b"messageStop",
    b'"finishReason":"',
    b"message_stop",
)
"""What says that a stream has come to its end."""


@pytest.mark.parametrize(("client", "dialect"), WAYS)
@given(st.data())
@law(12)
def test_a_stream_cut_short_is_never_a_silent_stop(client, dialect, data):
    _, raw = data.draw(spoken(dialect))
    end = min(place for word in ENDS if (place := raw.find(word)) >= 0)
    out, head = stream(data.draw(told(client, dialect)), [raw[: data.draw(st.integers(0, end))]])
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


@pytest.mark.parametrize("dialect", DIALECTS)
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
    _, found = functions.end_reading(state)
    events.extend(found)
    collected, plain = settled(collect(events)), settled(functions.read_reply(body))
    assert collected.choices == plain.choices
    assert collected.usage == plain.usage
    assert (collected.id, collected.model, collected.created) == (plain.id, plain.model, plain.created)


@pytest.mark.parametrize(("client", "dialect"), CROSS)
@given(st.data())
@law(20)
def test_a_stream_says_what_the_plain_reply_says(client, dialect, data):
    body, raw = data.draw(spoken(dialect))
    notes = data.draw(told(client, dialect))
    got = receive(notes, body)
    out, head = stream(notes, [raw])
    assert got.status == 200
    plain, streamed = sdk.REPLIES[client](got.body), sdk.GATHER[client](frames(out))
    view = VIEWS[client]
    assert view(streamed) == view(plain)
    for key in ("usage", "finish_reason", "losses"):
        assert head[key] == got.head[key]
    assert not head["truncated"]
    if client == "gemini":
        assert orjson.loads(stream({**notes, "stream_form": "array"}, [raw])[0]) == frames(out)


INPUT = {
    "openai_chat": ("prompt_tokens",),
    "openai_responses": ("input_tokens",),
    "anthropic": ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens"),
    "gemini": ("promptTokenCount", "toolUsePromptTokenCount"),
    "bedrock": ("inputTokens", "cacheReadInputTokens", "cacheWriteInputTokens"),
}
OUTPUT = {
    "openai_chat": ("completion_tokens",),
    "openai_responses": ("output_tokens",),
    "anthropic": ("output_tokens",),
    "gemini": ("candidatesTokenCount", "thoughtsTokenCount"),
    "bedrock": ("outputTokens",),
}
TOTAL = {
    "openai_chat": "total_tokens",
    "openai_responses": "total_tokens",
    "gemini": "totalTokenCount",
    "bedrock": "totalTokens",
}
"""Keys of usage that add up to all that was read, and written; and the sum of both, where a dialect has one."""
READ = ("fresh", "cache_read", "cache_write", "cache_write_long", "audio_in")
WRITTEN = ("text", "reasoning", "audio_out")


def summed(usage, keys):
    return sum(usage.get(key, 0) for key in keys)


@pytest.mark.parametrize(("client", "dialect"), WAYS)
@given(st.data())
@law(12)
def test_usage_adds_up(client, dialect, data):
    body, raw = data.draw(spoken(dialect))
    notes = data.draw(told(client, dialect))
    usage = body["usageMetadata" if dialect == "gemini" else "usage"]
    prompt, completion = summed(usage, INPUT[dialect]), summed(usage, OUTPUT[dialect])
    got = receive(notes, body)
    said = got.head["usage"]
    assert stream(notes, [raw])[1]["usage"] == said
    assert (said["prompt"], said["completion"], said["total"]) == (prompt, completion, prompt + completion)
    # Every token is in one bucket.
    assert (summed(said, READ), summed(said, WRITTEN)) == (prompt, completion)
    written = got.body.get("usageMetadata" if client == "gemini" else "usage", {})
    assert (summed(written, INPUT[client]), summed(written, OUTPUT[client])) == (prompt, completion)
    if client in TOTAL:
        assert written.get(TOTAL[client], 0) == prompt + completion


@pytest.mark.parametrize(("client", "dialect"), [way for way in WAYS if way.values[0] == "openai_chat"])
@given(st.data())
@law(20)
def test_usage_comes_once_and_last_and_only_when_asked(client, dialect, data):
    _, raw = data.draw(spoken(dialect))
    notes = data.draw(told(client, dialect))
    asked, _ = stream(notes, [raw])
    items = frames(asked)
    assert items[-1] == "[DONE]"
    assert items[-2]["choices"] == []
    assert items[-2]["usage"]["total_tokens"] >= 0
    assert all(item["usage"] is None for item in items[:-2])
    unasked, _ = stream({**notes, "include_usage": False}, [raw])
    assert not any("usage" in item for item in frames(unasked)[:-1])


@pytest.mark.parametrize("dialect", DIALECTS)
@given(st.data())
@law(20)
def test_a_strict_client_sees_only_keys_of_its_dialect(dialect, data):
    body, raw = data.draw(spoken(dialect))
    notes = {**data.draw(told("openai_chat", dialect)), "strict": True}
    got = receive(notes, body)
    ours = {"reasoning_content", "thinking_blocks", "provider_specific_fields"}
    assert not got.body["choices"][0]["message"].keys() & ours
    assert not got.body["usage"].keys() & {"cache_read_input_tokens", "cache_creation_input_tokens"}
    for item in frames(stream(notes, [raw])[0])[:-1]:
        assert not any(choice["delta"].keys() & ours for choice in item["choices"])


def test_thinking_is_compared_with_its_signature():
    # The law above would be empty if equality ignored what matters.
    assert Thinking("a", "s", "anthropic") != Thinking("a", "t", "anthropic")
