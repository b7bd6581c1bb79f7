"""spec/chat.md 7, reasoning: one test a promise (the budget has its own laws in test_laws_budget.py)."""

import pytest
from proof.calls import native, plain_context, receive, send

USER = {"role": "user", "content": "Hi"}


def ask(**fields):
    return {"model": "m", "messages": [USER], "max_tokens": 4000, **fields}


@pytest.mark.parametrize(
    ("wish", "thinking"),
    [
        ({"reasoning_effort": "low"}, {"type": "enabled", "budget_tokens": 1200}),
        ({"reasoning": {"effort": "low"}}, {"type": "enabled", "budget_tokens": 1200}),
        ({"reasoning": {"max_tokens": 1500}}, {"type": "enabled", "budget_tokens": 1500}),
        ({"thinking": {"type": "enabled", "budget_tokens": 1700}}, {"type": "enabled", "budget_tokens": 1700}),
        ({"reasoning_effort": "none"}, None),
        ({"reasoning": {"enabled": False}}, None),
        ({"thinking": {"type": "disabled"}}, None),
    ],
)
def test_every_spelling_of_the_wish_is_understood(wish, thinking):
    sent = send(ask(**wish))
    assert sent.body.get("thinking") == thinking
    assert sent.losses == []


@pytest.mark.parametrize("order", [1, -1])
def test_native_wins_over_effort_and_the_effort_is_reported(order):
    fields = {"reasoning_effort": "low", "thinking": {"type": "enabled", "budget_tokens": 2000}}
    sent = send(ask(**dict(list(fields.items())[::order])))
    assert sent.body["thinking"]["budget_tokens"] == 2000
    assert sent.lost == {("/reasoning_effort", "dropped", "quality")}


def test_native_wins_over_effort_and_the_effort_is_reported_to_openai_too():
    fields = {"reasoning_effort": "low", "thinking": {"type": "enabled", "budget_tokens": 2400}}
    sent = send(ask(**fields), to="openai", model="gpt-5.1")
    assert sent.body["reasoning_effort"] == "medium"
    assert ("/reasoning_effort", "dropped", "quality") in sent.lost


@pytest.mark.parametrize(("effort", "level"), [("low", "low"), ("high", "high"), ("max", "max"), ("minimal", "low")])
def test_adaptive_models_get_an_effort(effort, level):
    sent = send(ask(reasoning_effort=effort), model="claude-opus-4-8")
    assert sent.body["thinking"]["type"] == "adaptive"
    assert sent.body["output_config"] == {"effort": level}
    assert (("/reasoning_effort", "approximated", "quality") in sent.lost) == (effort != level)


def test_visible_reasoning_is_asked_for_where_it_would_be_left_out():
    assert native(ask(reasoning_effort="low"), model="claude-opus-5-5")["thinking"]["display"] == "summarized"
    assert "display" not in native(ask(reasoning_effort="low"), model="claude-opus-4-6")["thinking"]


@pytest.mark.parametrize(
    ("model", "thinking", "effort"),
    [
        ("claude-opus-4-6", None, None),
        ("claude-opus-5", {"type": "disabled"}, None),
        ("claude-sonnet-5", {"type": "disabled"}, None),
        ("claude-sonnet-5-5", {"type": "between_tools"}, "low"),
        ("claude-opus-5-5", {"type": "adaptive"}, "low"),
        ("claude-fable-5", {"type": "adaptive"}, "low"),
    ],
)
def test_none_is_off_or_the_lowest_legal_setting_and_reported(model, thinking, effort):
    sent = send(ask(reasoning_effort="none"), model=model)
    assert sent.body.get("thinking") == thinking
    assert sent.body.get("output_config", {}).get("effort") == effort
    assert bool(sent.losses) == (effort is not None)


@pytest.mark.parametrize(
    ("model", "effort", "sent"),
    [
        ("gpt-5.1", "low", "low"),
        ("gpt-5.1", "none", "none"),
        ("gpt-5.1", "xhigh", "high"),
        ("gpt-5", "none", "minimal"),
        ("o3", "minimal", "low"),
        ("gpt-5.6", "max", "max"),
        ("gpt-6-astra", "none", "low"),
    ],
)
def test_the_openai_family_gets_the_level_or_the_nearest(model, effort, sent):
    answer = send(ask(reasoning_effort=effort), to="openai", model=model)
    assert answer.body["reasoning_effort"] == sent
    assert bool(answer.losses) == (effort != sent)


@pytest.mark.parametrize("model", ["gpt-4o", "gpt-5.1-chat", "gpt-5-chat-latest"])
def test_a_model_that_cannot_be_told_drops_the_wish_with_a_quality_loss(model):
    sent = send(ask(reasoning_effort="high"), to="openai", model=model)
    assert "reasoning_effort" not in sent.body
    assert sent.lost == {("/reasoning_effort", "dropped", "quality")}


def test_an_unknown_model_gets_what_was_said():
    sent = send(ask(reasoning_effort="high"), to="openai_compatible")
    assert sent.body["reasoning_effort"] == "high"
    assert sent.losses == []


@pytest.mark.parametrize(
    ("limit", "budget", "effort"), [(10_000, 2_000, "low"), (10_000, 6_000, "medium"), (10_000, 9_000, "high")]
)
def test_a_budget_becomes_the_effort_whose_share_is_nearest(limit, budget, effort):
    thinking = {"type": "enabled", "budget_tokens": budget}
    body = {"model": "m", "max_tokens": limit, "messages": [USER], "thinking": thinking}
    sent = send(body, "anthropic", "openai", model="gpt-5.1")
    assert sent.body["reasoning_effort"] == effort
    assert ("/thinking", "approximated", "quality") in sent.lost


TOOL = {"type": "function", "function": {"name": "f"}}


def test_a_forced_tool_excludes_a_budget_and_that_is_reported():
    sent = send(ask(reasoning_effort="high", tools=[TOOL], tool_choice="required"))
    assert sent.body["tool_choice"] == {"type": "any"}
    assert "thinking" not in sent.body
    assert sent.lost == {("/reasoning_effort", "dropped", "quality")}


def test_a_limit_is_not_raised_for_thinking_that_is_dropped():
    sent = send(ask(reasoning_effort="high", tools=[TOOL], tool_choice="required", max_tokens=500))
    assert sent.body["max_tokens"] == 500
    assert sent.lost == {("/reasoning_effort", "dropped", "quality")}


def test_prefill_excludes_a_budget_and_that_is_reported():
    body = ask(reasoning_effort="high", messages=[USER, {"role": "assistant", "content": "Dear"}])
    sent = send(body)
    assert "thinking" not in sent.body
    assert sent.lost == {("/reasoning_effort", "dropped", "quality")}


def test_tools_beside_reasoning_are_carried_where_the_chat_endpoint_refuses_them():
    sent = send(ask(reasoning_effort="high", tools=[TOOL]), to="openai", model="gpt-5.4")
    assert sent.body["reasoning"] == {"effort": "high"}
    assert sent.lost == set()


REPLY = {
    "id": "1", "model": "m",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "A"}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15},
}  # fmt: skip


@pytest.mark.parametrize("spelling", [{"reasoning_content": "t"}, {"reasoning": "t"}, {"reasoning": {"content": "t"}}])
@pytest.mark.parametrize("client", ["openai_chat", "anthropic"])
def test_reasoning_text_has_one_name_whatever_the_server_calls_it(client, spelling):
    message = {"role": "assistant", "content": "A", **spelling}
    reply = {**REPLY, "choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}
    body = receive(plain_context(client, "openai_chat"), reply).body
    if client == "openai_chat":
        assert body["choices"][0]["message"]["reasoning_content"] == "t"
        assert "reasoning" not in body["choices"][0]["message"]
    else:
        assert body["content"][0] == {"type": "thinking", "thinking": "t", "signature": ""}


def test_reasoning_tokens_that_a_server_counts_outside_are_added():
    usage = {
        "prompt_tokens": 10,
        "completion_tokens": 5,
        "total_tokens": 40,
        "completion_tokens_details": {"reasoning_tokens": 25},
    }
    body = receive(plain_context("openai_chat", "openai_chat"), {**REPLY, "usage": usage}).body["usage"]
    assert (body["completion_tokens"], body["total_tokens"]) == (30, 40)
    assert body["completion_tokens_details"]["reasoning_tokens"] == 25
