"""spec/chat.md 7, reasoning: one test a sentence, in the order of the text, for every provider and kind of model."""

import pytest

from ..core.proof.calls import PLAIN, receive, send
from .provider_answers import (
    CLAUDE,
    GOOGLE,
    NAMES,
    PROVIDERS,
    USER,
    WAYS,
    Counts,
    Said,
    ask,
    context,
    reply_of,
    told,
    usage_of,
)
from .reasoning_rows import (
    ADAPTIVE,
    BOTH,
    CANNOT,
    DROPPED,
    EFFORTS,
    FORCED,
    NATIVE,
    OLD,
    ON_RESPONSES,
    ONLY_EFFORTS,
    OPENAI,
    PREFILL,
    READERS,
    SPELLINGS,
    TAKES,
    TOOL,
    about_reasoning,
    at,
    budget_of,
    limit_of,
    thinking_of,
)

# Input: `reasoning_effort` (none, minimal, low, medium, high, xhigh, max), ...


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("effort", EFFORTS)
def test_reasoning_effort_is_input(name, effort):
    """`reasoning_effort` (none, minimal, low, medium, high, xhigh, max)"""
    sent = ask(name, reasoning_effort=effort, max_tokens=8000)
    assert sent.status == 200
    assert ("reasoning_effort" in sent.body) <= (PROVIDERS[name].wire == "chat")


@pytest.mark.parametrize("name", NAMES)
def test_another_word_than_the_efforts_is_refused_by_name(name):
    """... (none, minimal, low, medium, high, xhigh, max)"""
    sent = ask(name, reasoning_effort="much")
    assert (sent.status, sent.error["param"]) == (400, "reasoning_effort")
    assert all(f"'{effort}'" in sent.error["message"] for effort in EFFORTS)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("wish", "same"),
    [
        ({"effort": "low"}, "low"),
        ({"effort": "none"}, "none"),
        ({"enabled": False}, "none"),
        ({"enabled": True}, "medium"),
    ],
)
def test_a_reasoning_object_is_input(name, wish, same):
    """`reasoning: {effort, max_tokens, …}`"""
    sent = ask(name, reasoning=wish, max_tokens=8000)
    other = ask(name, reasoning_effort=same, max_tokens=8000)
    assert sent.status == 200
    if name == "openai_compatible":
        # An unknown server may be of those that take the object (wire/openai-chat.md 12).
        assert sent.body["reasoning"] == wish
        return
    assert sent.body == other.body
    assert {path.replace("/reasoning_effort", "/reasoning") for path, *_ in other.lost} == {
        path.replace("/reasoning/effort", "/reasoning") for path, *_ in sent.lost
    }


@pytest.mark.parametrize("name", [*CLAUDE, *GOOGLE])
def test_a_reasoning_object_may_name_a_budget(name):
    """`reasoning: {effort, max_tokens, …}`"""
    sent = ask(name, reasoning={"max_tokens": 1500}, max_tokens=8000)
    assert budget_of(name, sent.body) == 1500
    assert about_reasoning(sent) == set()


@pytest.mark.parametrize("name", [name for name in NAMES if name != "openai_compatible"])
def test_an_effort_beside_a_budget_in_one_object_is_reported(name):
    """`reasoning: {effort, max_tokens, …}`: both cannot be sent, and none of them is lost in silence."""
    model = {"openai": "gpt-5.1", "azure": "gpt-5.1"}.get(name)
    sent = ask(name, model, reasoning={"effort": "low", "max_tokens": 3000}, max_tokens=8000)
    if PROVIDERS[name].wire == "chat":
        assert sent.body["reasoning_effort"] == "low"
        assert about_reasoning(sent) == at("/reasoning/max_tokens", DROPPED)
    else:
        assert budget_of(name, sent.body) == 3000
        assert about_reasoning(sent) == at("/reasoning/effort", DROPPED)


@pytest.mark.parametrize("name", [*CLAUDE, *GOOGLE])
def test_a_native_thinking_object_is_input(name):
    """or a native `thinking` object (also for Gemini and Bedrock)"""
    sent = ask(name, thinking={"type": "enabled", "budget_tokens": 2048}, max_tokens=8000)
    assert budget_of(name, sent.body) == 2048
    assert about_reasoning(sent) == set()


@pytest.mark.parametrize("name", [*CLAUDE, *GOOGLE])
def test_a_native_thinking_object_may_switch_off(name):
    """or a native `thinking` object (also for Gemini and Bedrock)"""
    sent = ask(name, thinking={"type": "disabled"}, max_tokens=8000)
    assert budget_of(name, {"additionalModelRequestFields": {}, **sent.body}) == (0 if name in GOOGLE else None)
    assert about_reasoning(sent) == set()


@pytest.mark.parametrize(("name", "model"), ONLY_EFFORTS)
@pytest.mark.parametrize("client", ["openai_chat", "anthropic"])
@pytest.mark.parametrize(("budget", "sent"), [(2000, "low"), (6000, "medium"), (9000, "high")])
def test_a_native_thinking_object_is_an_effort_where_there_are_only_efforts(name, model, client, budget, sent):
    """or a native `thinking` object: the effort whose share of the limit is nearest"""
    thinking = {"type": "enabled", "budget_tokens": budget}
    got = ask(name, model, client, messages=[USER], thinking=thinking, max_tokens=10_000)
    assert got.body["reasoning_effort"] == sent
    assert "thinking" not in got.body
    assert about_reasoning(got) == at("/thinking")


@pytest.mark.parametrize(("name", "model"), TAKES)
def test_an_effort_and_a_budget_of_a_messages_client_are_carried_or_reported(name, model):
    """native wins over effort, reported: nothing of the two is lost in silence"""
    sent = ask(name, model, "anthropic", **BOTH)
    takes = TAKES[name, model]
    told = str(sent.body)
    assert ("3000" in told, "low" in told.lower()) == ("budget" in takes, "effort" in takes)
    budget = "/thinking/budget_tokens" if takes else "/thinking"
    places = {path for path, effort in ((budget, False), ("/output_config/effort", True))
              if ("effort" if effort else "budget") not in takes}  # fmt: skip
    assert about_reasoning(sent) == {(place, *DROPPED) for place in places}


@pytest.mark.parametrize("name", [name for name in NAMES if name != "openai_compatible"])
@pytest.mark.parametrize("order", [1, -1], ids=["effort first", "native first"])
def test_native_wins_over_effort_and_that_is_reported(name, order):
    """native wins over effort, reported."""
    model = {"openai": "gpt-5.1", "azure": "gpt-5.1"}.get(name)
    fields = dict([("reasoning_effort", "high"), ("thinking", NATIVE)][::order])
    sent = ask(name, model, max_tokens=10_000, **fields)
    alone = ask(name, model, max_tokens=10_000, thinking=NATIVE)
    assert sent.body == alone.body
    assert sent.lost - alone.lost - {("/reasoning_effort", "added", "hint")} == at("/reasoning_effort", DROPPED)


@pytest.mark.parametrize("name", [*CLAUDE, *GOOGLE])
@pytest.mark.parametrize("order", [1, -1])
def test_of_two_native_objects_the_later_one_is_sent_and_the_other_reported(name, order):
    """native wins over effort, reported: of two native objects one has to give way."""
    fields = [("reasoning", {"max_tokens": 2000}), ("thinking", NATIVE)][::order]
    sent = ask(name, max_tokens=10_000, **dict(fields))
    assert budget_of(name, sent.body) == {"reasoning": 2000, "thinking": 3000}[fields[1][0]]
    assert about_reasoning(sent) == at(f"/{fields[0][0]}", DROPPED)


@pytest.mark.parametrize("wish", [{"reasoning_effort": "none"}, {"thinking": {"type": "disabled"}}], ids=list("en"))
@pytest.mark.parametrize(("name", "model", "lowest"), CANNOT)
def test_none_on_a_model_that_cannot_be_off_is_the_lowest_legal_setting(name, model, lowest, wish):
    """`none` on a model that cannot be off: the lowest legal setting, reported."""
    sent = ask(name, model, max_tokens=4000, **wish)
    if model.startswith("claude"):
        thinking, level = thinking_of(name, sent.body)
        kind = "between_tools" if model == "claude-sonnet-5-5" else "adaptive"
        assert (thinking, level) == ({"type": kind}, lowest)
    elif name in GOOGLE:
        assert sent.body["generationConfig"]["thinkingConfig"]["thinkingLevel"] == lowest.upper()
    elif name == "bedrock":
        assert sent.body["additionalModelRequestFields"] == {"reasoning_effort": lowest}
    else:
        assert sent.body["reasoning_effort"] == lowest
    assert about_reasoning(sent) == at(f"/{next(iter(wish))}")


@pytest.mark.parametrize("name", CLAUDE)
@pytest.mark.parametrize("model", [model for model, (_, off) in ADAPTIVE.items() if off in ("disabled", "omitted")])
def test_none_on_claude_that_can_be_off_is_off(name, model):
    """`none` on a model that cannot be off ...: others are off, and nothing is to report"""
    sent = ask(name, model, reasoning_effort="none", max_tokens=4000)
    thinking, level = thinking_of(name, sent.body)
    assert (thinking, level) == ({} if ADAPTIVE[model][1] == "omitted" else {"type": "disabled"}, None)
    assert about_reasoning(sent) == set()


@pytest.mark.parametrize("name", CLAUDE)
@pytest.mark.parametrize("model", OLD)
@pytest.mark.parametrize("choice", ["required", FORCED], ids=["required", "named"])
def test_a_forced_tool_wins_over_a_budget(name, model, choice):
    """What thinking forbids (forced tool, …) is resolved by rows, in `fit`, and reported."""
    sent = ask(name, model, reasoning_effort="high", tools=[TOOL], tool_choice=choice, max_tokens=500)
    forced = sent.body["toolConfig"]["toolChoice"] if name == "bedrock" else sent.body["tool_choice"]
    kinds = {"required": ({"any": {}}, {"type": "any"})}
    assert forced in kinds.get(str(choice), ({"tool": {"name": "f"}}, {"type": "tool", "name": "f"}))
    assert thinking_of(name, sent.body) == ({}, None)
    assert limit_of(name, sent.body) == 500
    assert about_reasoning(sent) == at("/reasoning_effort", DROPPED)


@pytest.mark.parametrize("name", CLAUDE)
@pytest.mark.parametrize("model", ["claude-opus-5", "claude-haiku-5-5", "claude-opus-4-6", "claude-sonnet-4-6"])
def test_a_forced_tool_and_adaptive_thinking_go_together(name, model):
    """wire/anthropic.md 5: "`any` or `tool` with adaptive thinking on other models: accepted" """
    sent = ask(name, model, reasoning_effort="high", tools=[TOOL], tool_choice="required", max_tokens=4000)
    assert thinking_of(name, sent.body)[0]["type"] == "adaptive"
    assert about_reasoning(sent) == set()


@pytest.mark.parametrize("model", ["us.amazon.nova-2-lite-v1:0"])
def test_a_forced_tool_wins_over_nova_s_reasoning(model):
    """wire/bedrock.md 7: "forced `toolChoice` conflicts" """
    sent = ask("bedrock", model, reasoning_effort="low", tools=[TOOL], tool_choice="required")
    assert sent.body["toolConfig"]["toolChoice"] == {"any": {}}
    assert "additionalModelRequestFields" not in sent.body
    assert about_reasoning(sent) == at("/reasoning_effort", DROPPED)


@pytest.mark.parametrize("name", CLAUDE)
@pytest.mark.parametrize("model", [*OLD, "claude-opus-4-6", "claude-sonnet-4-6"])
@pytest.mark.parametrize(("field", "value"), [("temperature", 0.5), ("top_p", 0.5), ("top_k", 5)])
def test_thinking_wins_over_sampling(name, model, field, value):
    """What thinking forbids (…, temperature, top_k, …) is resolved by rows, in `fit`, and reported."""
    sent = ask(name, model, reasoning_effort="high", max_tokens=4000, **{field: value})
    assert thinking_of(name, sent.body)[0]["type"] in ("enabled", "adaptive")
    assert about_reasoning(sent) == {(f"/{field}", *DROPPED)}
    without = ask(name, model, reasoning_effort="none", max_tokens=4000, **{field: value})
    assert about_reasoning(without) == set()
    plain = ask(name, model, reasoning_effort="high", max_tokens=4000)
    assert sent.body == plain.body


@pytest.mark.parametrize("name", CLAUDE)
@pytest.mark.parametrize("model", OLD)
def test_thinking_leaves_a_top_p_that_it_takes(name, model):
    """wire/anthropic.md 6: with thinking on "`top_p` 0.95..1" """
    sent = ask(name, model, reasoning_effort="high", max_tokens=4000, top_p=0.97)
    where = sent.body["inferenceConfig"]["topP"] if name == "bedrock" else sent.body["top_p"]
    assert (where, about_reasoning(sent)) == (0.97, set())


@pytest.mark.parametrize("name", CLAUDE)
@pytest.mark.parametrize("model", [model for model in ADAPTIVE if not model.endswith("-4-6")])
@pytest.mark.parametrize(("field", "value"), [("temperature", 0.5), ("top_p", 0.5), ("top_k", 5)])
@pytest.mark.parametrize("effort", ["none", "high"])
def test_newer_claude_refuses_sampling_whether_it_thinks_or_not(name, model, field, value, effort):
    """wire/anthropic.md 6: 4.7 and later, "any non-default value 400" """
    sent = ask(name, model, reasoning_effort=effort, max_tokens=4000, **{field: value})
    assert (f"/{field}", *DROPPED) in sent.lost
    assert sent.body == ask(name, model, reasoning_effort=effort, max_tokens=4000).body


@pytest.mark.parametrize("name", CLAUDE)
@pytest.mark.parametrize("model", OLD)
def test_prefill_wins_over_a_budget(name, model):
    """What thinking forbids (…, prefill) is resolved by rows, in `fit`, and reported."""
    sent = ask(name, model, messages=PREFILL, reasoning_effort="high", max_tokens=4000)
    assert sent.body["messages"][-1]["role"] == "assistant"
    assert thinking_of(name, sent.body) == ({}, None)
    assert about_reasoning(sent) == at("/reasoning_effort", DROPPED)


@pytest.mark.parametrize("name", ["openai", "azure"])
@pytest.mark.parametrize("model", ["gpt-5.1", "gpt-5.2", "gpt-5.5", "gpt-5", "o3", "gpt-6-astra"])
@pytest.mark.parametrize(("field", "value"), [("temperature", 0.5), ("top_p", 0.5)])
def test_reasoning_wins_over_sampling_in_the_openai_family(name, model, field, value):
    """What thinking forbids (…, temperature, …); wire/openai-chat.md 5: "accepted only while effort is
    none/omitted" """
    sent = ask(name, model, reasoning_effort="high", **{field: value})
    assert field not in sent.body
    assert about_reasoning(sent) == {(f"/{field}", *DROPPED)}
    if "none" in OPENAI[model]:
        assert ask(name, model, reasoning_effort="none", **{field: value}).body[field] == value


@pytest.mark.parametrize("name", GOOGLE)
def test_gemini_forbids_none_of_it(name):
    """wire/gemini.md 7 and 8, reference-gateway.md 4: forced choice + thinking is "ok" there"""
    fields = {"tools": [TOOL], "tool_choice": "required", "temperature": 0.5, "top_k": 5}
    sent = ask(name, reasoning_effort="high", max_tokens=4000, **fields)
    config = sent.body["generationConfig"]
    assert (config["temperature"], config["topK"], config["thinkingConfig"]["thinkingBudget"]) == (0.5, 5, 3600)
    assert sent.body["toolConfig"]["functionCallingConfig"]["mode"] == "ANY"
    assert sent.losses == []


# Replies: `reasoning_content` and `thinking_blocks`; ...


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", NAMES)
def test_replies_have_reasoning_content(way, name):
    """Replies: `reasoning_content` and `thinking_blocks`"""
    said = Said("Yes.", thought="Hm, so.", signature="c2ln" if name in CLAUDE else "")
    message = WAYS[way](name, said).message
    assert (message["content"], message["reasoning_content"]) == ("Yes.", "Hm, so.")
    if PROVIDERS[name].wire == "chat":
        # Servers of the dialect have no blocks: there is nothing to replay but the text (wire/openai-chat.md 12).
        assert "thinking_blocks" not in message
    else:
        blocks = [{"type": "thinking", "thinking": "Hm, so.", "signature": said.signature}]
        assert message["thinking_blocks"] == blocks


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", NAMES)
def test_replies_without_reasoning_have_neither(way, name):
    """Replies: `reasoning_content` and `thinking_blocks`"""
    assert {"reasoning_content", "thinking_blocks"}.isdisjoint(WAYS[way](name, Said("Yes.")).message)


@pytest.mark.parametrize(("name", "client"), READERS)
@pytest.mark.parametrize("spelling", SPELLINGS, ids=["text", "content", "object", "details"])
def test_groq_s_reasoning_and_other_servers_names_are_read_as_the_same_thing(name, spelling, client):
    """Groq's `reasoning` and other servers' names are read as the same thing."""
    reply = reply_of(name, Said("Yes."))
    reply["choices"][0]["message"] |= spelling
    body = receive(context(name, client=client, **PLAIN[client]), reply).body
    found = {
        "openai_chat": lambda: body["choices"][0]["message"]["reasoning_content"],
        "anthropic": lambda: body["content"][0]["thinking"],
        "gemini": lambda: body["candidates"][0]["content"]["parts"][0]["text"],
        "bedrock": lambda: body["output"]["message"]["content"][0]["reasoningContent"]["reasoningText"]["text"],
        "openai_responses": lambda: (body["output"][0]["summary"] or body["output"][0]["content"])[0]["text"],
    }
    assert found[client]() == "Hm."
    if client == "openai_chat":
        assert "reasoning" not in body["choices"][0]["message"]


def test_nova_s_hidden_reasoning_is_not_shown_as_reasoning():
    """Replies; wire/bedrock.md 17: "`[REDACTED]` shown to users as reasoning: suppress" """
    for way in WAYS.values():
        message = way("bedrock", Said("Yes.", thought="[REDACTED]"), "us.amazon.nova-2-lite-v1:0").message
        assert message["content"] == "Yes."
        assert {"reasoning_content", "thinking_blocks"}.isdisjoint(message)


# Reasoning tokens are in ...


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", NAMES)
def test_reasoning_tokens_are_told_and_inside_completion_tokens(way, name):
    """Reasoning tokens are in `usage.completion_tokens_details.reasoning_tokens` and inside `completion_tokens` for
    every provider (xAI's wire excludes them: add)."""
    said = Said("Yes.", usage=usage_of(name, Counts(10, 0, 0, 30, 70)))
    usage_asked = {"stream_options": {"include_usage": True}} if way == "stream" else {}
    usage = WAYS[way](name, said, **usage_asked).usage
    assert (usage["prompt_tokens"], usage["completion_tokens"], usage["total_tokens"]) == (10, 100, 110)
    # Converse does not tell them apart (wire/bedrock.md 10), and a number is not made up.
    told_apart = usage.get("completion_tokens_details", {}).get("reasoning_tokens")
    assert told_apart == (None if name == "bedrock" else 70)


@pytest.mark.parametrize("total", [110, 180])
def test_xai_s_own_total_tells_whether_reasoning_is_outside(total):
    """(xAI's wire excludes them: add); wire/xai.md 5: "Guard: only if prompt+completion+reasoning == total" """
    usage = {
        "prompt_tokens": 10, "completion_tokens": 100, "total_tokens": total,
        "completion_tokens_details": {"reasoning_tokens": 70},
    }  # fmt: skip
    seen = told("xai", Said("Yes.", usage=usage)).usage
    assert (seen["completion_tokens"], seen["total_tokens"]) == (total - 10, total)


@pytest.mark.parametrize("name", ["openai", "azure"])
@pytest.mark.parametrize(("model", "effort"), ON_RESPONSES)
def test_tools_beside_reasoning_go_through_responses(name, model, effort):
    """OpenAI models whose chat endpoint refuses tools together with reasoning are called through Responses by their
    row"""
    wish = {} if effort is None else {"reasoning_effort": effort}
    sent = ask(name, model, tools=[TOOL], **wish)
    assert sent.head["url"].endswith("/responses")
    assert sent.body["tools"][0]["name"] == "f"
    assert sent.body.get("reasoning") == (None if effort is None else {"effort": effort})
    assert sent.body["store"] is False
    assert about_reasoning(sent) == set()


@pytest.mark.parametrize("name", ["openai", "azure"])
@pytest.mark.parametrize(
    ("model", "effort"), [("gpt-5.4", None), ("gpt-5.4", "none"), ("gpt-5.6-terra", "none"), ("gpt-5.1", "high")]
)
def test_models_that_do_not_reason_or_take_both_stay_on_chat(name, model, effort):
    """... refuses tools together with reasoning ...: 5.4 does not reason by default, 5.1 takes both"""
    wish = {} if effort is None else {"reasoning_effort": effort}
    sent = ask(name, model, tools=[TOOL], **wish)
    assert sent.head["url"].endswith("/chat/completions")
    assert sent.losses == []


@pytest.mark.parametrize("name", ["openai", "azure"])
def test_the_client_does_not_notice(name):
    """the client does not notice."""
    made = context(name, "gpt-5.6-terra", tools=[TOOL], reasoning_effort="low")
    output = [
        {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "e"},
        {"type": "function_call", "id": "fc_1", "call_id": "call_1", "name": "f", "arguments": '{"a":1}',
         "status": "completed"},
    ]  # fmt: skip
    usage = {
        "input_tokens": 5, "output_tokens": 9, "total_tokens": 14, "input_tokens_details": {"cached_tokens": 0},
        "output_tokens_details": {"reasoning_tokens": 4},
    }  # fmt: skip
    reply = {"id": "resp_1", "object": "response", "created_at": 7, "model": "gpt-5.6-terra-2026", "output": output,
             "status": "completed", "usage": usage, "parallel_tool_calls": True, "tool_choice": "auto",
             "tools": []}  # fmt: skip
    body = receive(made, reply).body
    assert (body["object"], body["model"], body["created"]) == ("chat.completion", "gpt-5.6-terra-2026", 7)
    choice = body["choices"][0]
    assert choice["finish_reason"] == "tool_calls"
    assert choice["message"]["content"] is None
    call = {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": '{"a":1}'}}
    assert choice["message"]["tool_calls"] == [call]
    assert body["usage"]["completion_tokens_details"]["reasoning_tokens"] == 4
    # The state comes back with the next request, to the same surface.
    turn = choice["message"]
    result = {"role": "tool", "tool_call_id": "call_1", "content": "1"}
    again = ask(name, "gpt-5.6-terra", messages=[USER, turn, result], tools=[TOOL], reasoning_effort="low")
    assert [item.get("type") for item in again.body["input"]] == [
        "message", "reasoning", "function_call", "function_call_output",
    ] or [item.get("type") for item in again.body["input"]][1:] == [
        "reasoning", "function_call", "function_call_output",
    ]  # fmt: skip
    assert again.losses == []


def test_an_unknown_server_gets_what_was_said():
    """section 1: any other server; nothing is known of its models, so nothing is bent"""
    for effort in EFFORTS:
        sent = send(
            {"model": "m", "messages": [USER], "reasoning_effort": effort}, to="openai_compatible", model="some-model"
        )
        assert (sent.body["reasoning_effort"], sent.losses) == (effort, [])
