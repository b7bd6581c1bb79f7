"""Laws of the gemini dialect, as client and as provider."""

import copy

import attrs
import orjson
import pytest
from dragoman.standins import gemini_judge
from dragoman.translate import DIALECTS, boundary, collect
from dragoman.translate.records import Text
from hypothesis import given
from hypothesis import strategies as st
from proof import gemini_wire, sdk
from proof.answered import spoken
from proof.asked import CHAT_OPTIONS, REQUESTS
from proof.calls import MODEL, PLAIN, PROVIDER, context_of, cut, frames, receive, send, stream
from proof.strategies import law, paths, put, values

GEMINIS = (
    "gemini-2.5-flash",
    "gemini-2.5-pro",
    "gemini-3.5-flash",
    "gemini-4-argon",
    "gemini-2.0-flash",
    "gemma-3-4b-it",
)
OTHERS = ("claude-sonnet-4-5", "claude-opus-5-5", "gpt-4o", "gpt-5.6")
CLIENTS = ("openai_chat", "openai_responses", "anthropic", "bedrock", "gemini")
HEAD = {"on_loss": "allow", "base_url": "https://h.example", "project": "p"}


@given(gemini_wire.requests())
@law(30)
def test_reading_does_not_change_what_was_read(body):
    before = copy.deepcopy(body)
    DIALECTS["gemini"].read_request(body)
    assert orjson.dumps(body) == orjson.dumps(before)


def resolve(value, pointer):
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        value = value[int(name)] if isinstance(value, list) else value[name]
    return value


@pytest.mark.parametrize("to", ["openai", "anthropic", "openai_compatible", "gemini"])
@given(gemini_wire.requests(most=5), st.sampled_from(OTHERS))
@law(30)
def test_a_loss_names_what_a_gemini_client_wrote(to, body, model):
    sent = send(body, "gemini", to, model=model if to != "gemini" else "gemini-3.5-flash", **HEAD)
    if sent.status == 200:
        for loss in sent.losses:
            if loss["kind"] != "added":
                resolve(body, loss["path"])


@pytest.mark.parametrize("client", ["openai_chat", "anthropic"])
@given(st.data(), st.sampled_from(GEMINIS))
@law(30)
def test_a_loss_on_the_way_to_gemini_names_what_the_client_wrote(client, data, model):
    body = data.draw(REQUESTS[client](most=5))
    sent = send(body, client, "gemini", model=model, **HEAD)
    if sent.status == 200:
        for loss in sent.losses:
            if loss["kind"] != "added":
                resolve(body, loss["path"])


@pytest.mark.parametrize("host", ["gemini", "vertex"])
@pytest.mark.parametrize("client", ["openai_chat", "anthropic"])
@given(st.data(), st.sampled_from(GEMINIS))
@law(30)
def test_what_clients_mean_is_a_payload_for_google(host, client, data, model):
    sent = send(data.draw(REQUESTS[client](most=6)), client, host, model=model, **HEAD)
    if sent.status == 200:
        assert gemini_judge.fault(sent.body, vertex=host == "vertex") is None


@given(gemini_wire.requests(most=5), st.sampled_from(OTHERS))
@law(30)
def test_what_gemini_clients_mean_is_a_payload_for_others(body, model):
    dialect = "anthropic" if model.startswith("claude") else "openai_chat"
    sent = send(body, "gemini", PROVIDER[dialect], model=model, **HEAD)
    assert sent.status in (200, 400)
    if sent.status == 200:
        assert sdk.request_fault(sent.head["context"]["dialect"], sent.body) is None


@pytest.mark.parametrize("to", ["openai", "anthropic", "gemini"])
@pytest.mark.parametrize("client", CLIENTS)
@given(st.data())
@law(30)
def test_a_policy_that_refuses_all_refuses_exactly_what_would_be_lost(client, to, data):
    asked = gemini_wire.requests() if client == "gemini" else REQUESTS[client]()
    body, model = data.draw(asked), data.draw(st.sampled_from(GEMINIS if to == "gemini" else OTHERS))
    allowed = send(body, client, to, model=model, on_loss="allow")
    refused = send(body, client, to, model=model, on_loss="refuse")
    if allowed.status == 200:
        assert refused == allowed if not allowed.losses else refused.losses == allowed.losses
        assert refused.status == (400 if allowed.losses else 200)


SPEAKS = {
    "messages": ("contents", "systemInstruction"),
    "tools": ("tools",),
    "tool_choice": ("toolConfig", "tools"),
    "max_tokens": ("maxOutputTokens",),
    "max_completion_tokens": ("maxOutputTokens",),
    "stop": ("stopSequences",),
    "temperature": ("temperature",),
    "top_p": ("topP",),
    "top_k": ("topK",),
    "n": ("candidateCount",),
    "seed": ("seed",),
    "presence_penalty": ("presencePenalty",),
    "frequency_penalty": ("frequencyPenalty",),
    "logprobs": ("responseLogprobs",),
    "top_logprobs": ("logprobs",),
    "metadata": ("labels",),
    "store": ("store",),
    "service_tier": ("serviceTier",),
    "reasoning_effort": ("thinkingConfig",),
    "reasoning": ("thinkingConfig",),
    "thinking": ("thinkingConfig",),
    "response_format": ("responseMimeType", "tools", "systemInstruction"),
    "web_search_options": ("tools",),
    "modalities": ("responseModalities",),
}
ADDRESS = {"model", "stream", "stream_options"}
NEUTRAL = {
    "n": (1,), "logprobs": (False,), "top_logprobs": (0,), "logit_bias": ({},), "metadata": ({},), "store": (False,),
    "presence_penalty": (0,), "frequency_penalty": (0,), "top_p": (1,), "temperature": (1,), "verbosity": ("medium",),
    "modalities": (["text"],), "service_tier": ("auto", "default"), "response_format": ({"type": "text"},),
    "parallel_tool_calls": (True,), "x_unknown": ({}, [], "", None), "thinking": ({"type": "disabled"},),
    "reasoning_effort": ("none",), "reasoning": ({"enabled": False},),
}  # fmt: skip


@given(REQUESTS["openai_chat"](most=6), st.sampled_from(GEMINIS))
@law(90)
def test_every_field_arrives_or_is_lost_aloud_or_refused(body, model):
    sent = send(body, to="gemini", model=model, on_loss="allow")
    if sent.status != 200:
        assert sent.status == 400
        return
    told = {loss["path"].split("/")[1] for loss in sent.losses}
    there = sent.body.keys() | sent.body.get("generationConfig", {}).keys()
    for key, value in body.items():
        if key in told | ADDRESS or any(value == i and type(value) is type(i) for i in NEUTRAL.get(key, ())):
            continue
        if key == "max_tokens" and body.get("max_completion_tokens") == value:
            continue
        assert set(SPEAKS.get(key, ())) & there, f"{key} vanished"


def test_the_law_above_knows_every_field():
    known = SPEAKS.keys() | ADDRESS | {
        "user", "safety_identifier", "logit_bias", "verbosity", "prompt_cache_key", "prompt_cache_retention",
        "prediction", "audio", "moderation", "cache_control", "x_unknown", "parallel_tool_calls",
    }  # fmt: skip
    assert CHAT_OPTIONS.keys() <= known


# Answers


def context(client, dialect, **rest):
    body = {"model": "m", **PLAIN[client]}
    if client == "openai_chat":
        body |= {"stream_options": {"include_usage": True}, "web_search_options": {}}
    if client == "gemini" and dialect == "anthropic":
        body["tools"] = [{"googleSearch": {}}]
    return context_of(
        {**body, "stream": True, **rest}, client, PROVIDER[dialect], model=MODEL[dialect], on_loss="allow"
    )


@st.composite
def answers(draw, dialect):
    if dialect != "gemini":
        return draw(spoken(dialect))
    reply = draw(gemini_wire.replies())
    return reply, draw(gemini_wire.streams(reply))


WAYS = [(client, "gemini") for client in CLIENTS] + [("gemini", dialect) for dialect in CLIENTS if dialect != "gemini"]


@pytest.mark.parametrize(("client", "dialect"), WAYS)
@given(st.data())
@law(12)
def test_any_number_of_cuts_gives_the_same_bytes(client, dialect, data):
    _, raw = data.draw(answers(dialect))
    notes = context(client, dialect)
    whole = stream(notes, [raw])
    places = sorted(data.draw(st.lists(st.integers(0, len(raw)), max_size=12)))
    pieces = [raw[a:b] for a, b in zip([0, *places], [*places, len(raw)], strict=True)]
    assert stream(notes, pieces) == whole
    assert stream(notes, cut(raw, 1)) == whole


@pytest.mark.parametrize("client", CLIENTS)
@given(st.data())
@law(30)
def test_a_stream_cut_short_is_never_a_silent_stop(client, data):
    _, raw = data.draw(answers("gemini"))
    end = raw.rindex(b"data:")
    out, head = stream(context(client, "gemini"), [raw[: data.draw(st.integers(0, end))]])
    assert head["truncated"]
    last = frames(out)[-1]
    assert (last.get("response") or last)["error"]["message"]


def settled(choice):
    parts = [attrs.evolve(part, native=None) for part in choice.parts if type(part) is not Text or part.text]
    return attrs.evolve(choice, parts=tuple(parts))


@given(st.data())
@law(50)
def test_the_events_of_a_stream_collect_to_the_plain_reply(data):
    body, raw = data.draw(answers("gemini"))
    dialect = DIALECTS["gemini"]
    state, events = dialect.start_reading("p"), []
    _, pieces = dialect.split(b"", raw)
    for piece in pieces:
        state, found = dialect.read_event(state, piece)
        events.extend(found)
    _, found = dialect.end_reading(state)
    collected, plain = collect([*events, *found]), dialect.read_reply(body)
    assert [settled(choice) for choice in collected.choices] == [settled(choice) for choice in plain.choices]
    assert collected.usage == plain.usage
    assert (collected.id, collected.model) == (plain.id, plain.model)


def chat_says(body):
    message = body["choices"][0]["message"]
    return (
        message.get("content"), message.get("reasoning_content"), message.get("refusal"), message.get("annotations"),
        [(call["id"], call["function"], call.get("extra_content")) for call in message.get("tool_calls") or ()],
        message.get("extra_content"), body["choices"][0]["logprobs"], body["choices"][0]["finish_reason"],
        body["usage"],
    )  # fmt: skip


def chat_gathered(payloads):
    body = {"choices": [{"message": {}, "logprobs": None, "finish_reason": None}], "usage": None}
    message, choice = body["choices"][0]["message"], body["choices"][0]
    for payload in payloads[:-1]:
        body["usage"] = payload.get("usage") or body["usage"]
        for piece in payload["choices"]:
            delta = piece["delta"]
            for key in ("content", "reasoning_content", "refusal"):
                if delta.get(key):
                    message[key] = (message.get(key) or "") + delta[key]
            for key in ("annotations", "extra_content"):
                if key in delta:
                    message[key] = delta[key]
            for call in delta.get("tool_calls") or ():
                calls = message.setdefault("tool_calls", [])
                if "id" in call:
                    calls.append({**call, "function": dict(call["function"])})
                else:
                    calls[call["index"]]["function"]["arguments"] += call["function"]["arguments"]
            choice["finish_reason"] = piece["finish_reason"] or choice["finish_reason"]
            choice["logprobs"] = piece["logprobs"] or choice["logprobs"]
    return body


@given(st.data())
@law(30)
def test_a_chat_client_hears_the_same_from_a_stream(data):
    body, raw = data.draw(answers("gemini"))
    notes = context("openai_chat", "gemini")
    got = receive(notes, body)
    out, head = stream(notes, [raw])
    plain, streamed = chat_says(got.body), chat_says(chat_gathered(frames(out)))
    assert [value or None for value in streamed] == [value or None for value in plain]
    for key in ("usage", "finish_reason", "losses"):
        assert head[key] == got.head[key]


def candidate_says(payloads):
    """Text, thoughts, calls, finish, grounding and usage of the first candidate of chunks."""
    text, thoughts, calls, rest = "", "", [], {}
    for payload in payloads:
        rest["usage"] = payload.get("usageMetadata") or rest.get("usage")
        for candidate in payload.get("candidates", ()):
            for part in candidate.get("content", {}).get("parts", ()):
                if "functionCall" in part:
                    calls.append(part)
                elif part.get("thought"):
                    thoughts += part["text"]
                else:
                    text += part.get("text", "")
            rest |= {
                key: candidate[key]
                for key in ("finishReason", "groundingMetadata", "finishMessage")
                if key in candidate
            }
    return text, thoughts, calls, rest


@pytest.mark.parametrize("dialect", ["openai_chat", "anthropic"])
@given(st.data())
@law(30)
def test_a_gemini_client_hears_the_same_from_a_stream(dialect, data):
    body, raw = data.draw(answers(dialect))
    notes = context("gemini", dialect)
    got = receive(notes, body)
    out, head = stream(notes, [raw])
    assert candidate_says(frames(out)) == candidate_says([got.body])
    sdk.REPLIES["gemini"](got.body)
    sdk.GATHER["gemini"](frames(out))
    for key in ("usage", "finish_reason", "losses"):
        assert head[key] == got.head[key]
    array, _ = stream({**notes, "stream_form": "array"}, cut(raw, 9))
    assert orjson.loads(array) == frames(out)


@pytest.mark.parametrize("client", CLIENTS)
@given(st.data())
@law(12)
def test_usage_adds_up(client, data):
    body, raw = data.draw(answers("gemini"))
    notes, usage = context(client, "gemini"), body["usageMetadata"]
    told = receive(notes, body).head["usage"]
    assert told == stream(notes, [raw])[1]["usage"]
    assert told["total"] == usage["totalTokenCount"]
    assert told["completion"] == usage.get("candidatesTokenCount", 0) + usage.get("thoughtsTokenCount", 0)


# Total


ODD = [{}, [], "", 0, -1, None, True, 1e300, 2**63, [None], [[]], {"type": None}, "data:", "gs://x", {"parts": [{}]}]
odd = st.one_of(values, st.sampled_from(ODD))


@pytest.mark.parametrize("to", ["openai", "anthropic", "gemini", "vertex"])
@given(st.data(), gemini_wire.requests())
@law(50)
def test_a_request_with_any_one_thing_wrong_is_answered(to, data, body):
    broken = put(body, data.draw(st.sampled_from(list(paths(body))[1:])), data.draw(odd))
    head = {"from": "gemini", "to": to, "model": data.draw(st.sampled_from(OTHERS + GEMINIS)), **HEAD}
    answer = boundary.request(orjson.dumps(head), orjson.dumps(broken))
    assert answer.status in (200, 400, 428), answer
    if answer.status == 400:
        error = orjson.loads(answer.body)["error"]
        assert error["message"]
        assert error["status"] == "INVALID_ARGUMENT"


@pytest.mark.parametrize("client", CLIENTS)
@given(st.data())
@law(50)
def test_an_answer_with_any_one_thing_wrong_is_told(client, data):
    body, _ = data.draw(answers("gemini"))
    broken = put(body, data.draw(st.sampled_from(list(paths(body))[1:])), data.draw(odd))
    notes = context(client, "gemini")
    got = receive(notes, broken)
    assert got.status in (200, 502)
    raw = data.draw(gemini_wire.streams(body))
    parsed = [orjson.loads(line[5:]) for line in raw.splitlines() if line.startswith(b"data:")]
    parsed[-1] = put(parsed[-1], data.draw(st.sampled_from(list(paths(parsed[-1]))[1:])), data.draw(odd))
    sent = b"".join(b"data: %b\n\n" % orjson.dumps(item) for item in parsed)
    assert stream(notes, [sent]) == stream(notes, cut(sent, 5))
