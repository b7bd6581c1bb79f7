"""spec/chat.md 7, the table of kinds: each row of it for every model and provider."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ..core.proof.strategies import law
from .provider_answers import (
    CLAUDE,
    GOOGLE,
    ask,
)
from .reasoning_rows import (
    ADAPTIVE,
    AT,
    BEDROCK_EFFORTS,
    BENT,
    BUDGETS,
    DROPPED,
    EFFORTS,
    EFFORTS_AT,
    LEVELS,
    LIMITS,
    NATIVE,
    SHARES,
    SMALL,
    TO_HIGH,
    UNTOLD,
    XAI_REASONS,
    about_reasoning,
    at,
    budget_of,
    limit_of,
    nearest,
    thinking_of,
)


@pytest.mark.parametrize(("name", "model"), AT)
@pytest.mark.parametrize("effort", SHARES)
@pytest.mark.parametrize("limit", LIMITS)
def test_a_budget_is_a_share_of_max_tokens_in_integers_clamped_to_the_row(name, model, effort, limit):
    """`max_tokens x 0 / 30 / 60 / 90 %` for none / low / medium / high, floor of the product in integers; xhigh and max
    = 90 %; clamped to the row's range"""
    least, most, _ = BUDGETS[model]
    sent = ask(name, model, reasoning_effort=effort, max_tokens=limit)
    if limit <= least:
        assert (budget_of(name, sent.body), limit_of(name, sent.body)) == (least, least + limit)
        return
    wanted = max(least, min(limit * SHARES[effort] // 100, most))
    assert (budget_of(name, sent.body), limit_of(name, sent.body)) == (min(wanted, limit - 1), limit)
    assert about_reasoning(sent) == set()


@pytest.mark.parametrize(("name", "model"), AT)
def test_minimal_is_the_row_s_minimum(name, model):
    """minimal = the row's minimum"""
    sent = ask(name, model, reasoning_effort="minimal", max_tokens=20_000)
    assert budget_of(name, sent.body) == BUDGETS[model][0]
    assert about_reasoning(sent) == set()


@pytest.mark.parametrize(("name", "model"), AT)
def test_without_max_tokens_the_share_is_of_the_row_s_ceiling(name, model):
    """`max_tokens x 30 %`, and section 2: without max_tokens the model row's output ceiling"""
    least, most, ceiling = BUDGETS[model]
    sent = ask(name, model, reasoning_effort="low")
    assert budget_of(name, sent.body) == max(least, min(ceiling * 30 // 100, most))
    assert limit_of(name, sent.body) == (ceiling if name in ("anthropic", "vertex_claude") else None)


@pytest.mark.parametrize(("name", "model"), AT)
@given(st.integers(1, 80_000), st.sampled_from(["minimal", *SHARES]))
@law(25)
def test_the_law_minimum_budget_max_tokens(name, model, limit, effort):
    """Law: `minimum ≤ budget < max_tokens`."""
    sent = ask(name, model, reasoning_effort=effort, max_tokens=limit)
    budget, most = budget_of(name, sent.body), limit_of(name, sent.body)
    assert sent.status == 200
    assert BUDGETS[model][0] <= budget < most
    assert budget <= BUDGETS[model][1]


@pytest.mark.parametrize(("name", "model"), AT)
@given(st.integers(1, 100_000), st.integers(1, 64_000))
@law(25)
def test_the_law_holds_for_native_budgets_too(name, model, budget, limit):
    """Law: `minimum ≤ budget < max_tokens`."""
    sent = ask(name, model, thinking={"type": "enabled", "budget_tokens": budget}, max_tokens=limit)
    least, greatest, _ = BUDGETS[model]
    given_budget, most = budget_of(name, sent.body), limit_of(name, sent.body)
    assert least <= given_budget < most
    if least <= budget < limit and budget <= greatest:
        assert (given_budget, most, about_reasoning(sent)) == (budget, limit, set())
    else:
        assert {path for path, *_ in about_reasoning(sent)} <= {"/thinking", "/max_tokens"}
        assert (("/thinking", *BENT) in sent.lost) == (given_budget != budget)
        assert (("/max_tokens", "approximated", "cost") in sent.lost) == (most != limit)


@pytest.mark.parametrize(("name", "model"), [pair for pair in AT if pair[1] in SMALL])
@pytest.mark.parametrize("effort", ["minimal", *SHARES])
def test_where_none_fits_max_tokens_is_raised_so_that_the_answer_keeps_its_room(name, model, effort):
    """Where none fits (max_tokens ≤ minimum): budget = minimum and max_tokens = minimum + what was asked, so that the
    visible answer keeps its room (`approximated/cost`)"""
    asked = SMALL[model]
    sent = ask(name, model, reasoning_effort=effort, max_tokens=asked)
    assert (budget_of(name, sent.body), limit_of(name, sent.body)) == (asked, asked + asked)
    assert about_reasoning(sent) == {("/max_tokens", "approximated", "cost")}


@pytest.mark.parametrize("field", ["max_tokens", "max_completion_tokens"])
@pytest.mark.parametrize(("name", "model"), [pair for pair in AT if pair[1] in SMALL])
def test_unless_the_policy_refuses_cost_losses(name, model, field):
    """unless the policy refuses cost losses"""
    fields = {field: 100, "reasoning_effort": "low", "head": {"on_loss": {"cost": "refuse"}}}
    sent = ask(name, model, **fields)
    assert (sent.status, sent.error["param"], sent.error["code"]) == (400, field, "unsupported_parameter")
    assert str(SMALL[model]) in sent.error["message"]
    assert str(SMALL[model] + 100) in sent.error["message"]


@pytest.mark.parametrize(("name", "model"), AT)
def test_none_is_no_budget(name, model):
    """`max_tokens x 0 %` for none"""
    sent = ask(name, model, reasoning_effort="none", max_tokens=4000)
    budget = budget_of(name, {"additionalModelRequestFields": {}, **sent.body})
    if model == "gemini-2.5-pro":
        # It cannot be off (wire/gemini.md 8).
        assert (budget, about_reasoning(sent)) == (128, at("/reasoning_effort"))
    else:
        assert (budget, about_reasoning(sent)) == (0 if name in GOOGLE else None, set())


@pytest.mark.parametrize("name", CLAUDE)
@pytest.mark.parametrize("model", ADAPTIVE)
@pytest.mark.parametrize("effort", EFFORTS[1:])
def test_adaptive_claude_gets_the_nearest_effort_that_the_row_lists(name, model, effort):
    """`effort`: the nearest level the row lists (`approximated/quality` when not equal)"""
    levels, _ = ADAPTIVE[model]
    sent = ask(name, model, reasoning_effort=effort, max_tokens=4000)
    thinking, level = thinking_of(name, sent.body)
    assert (thinking["type"], level) == ("adaptive", nearest(effort, levels))
    assert limit_of(name, sent.body) == 4000
    assert about_reasoning(sent) == (set() if effort in levels else at("/reasoning_effort"))


@pytest.mark.parametrize("name", CLAUDE)
@pytest.mark.parametrize("model", ADAPTIVE)
def test_the_text_of_its_thinking_is_asked_for_where_it_would_be_left_out(name, model):
    """wire/anthropic.md 6: `display` is `omitted` on 4.7 and later; replies are to have `reasoning_content`"""
    thinking, _ = thinking_of(name, ask(name, model, reasoning_effort="low", max_tokens=4000).body)
    shown = model in ("claude-opus-4-6", "claude-sonnet-4-6")
    assert thinking == ({"type": "adaptive"} if shown else {"type": "adaptive", "display": "summarized"})


@pytest.mark.parametrize("name", CLAUDE)
@pytest.mark.parametrize("model", ADAPTIVE)
def test_a_budget_for_adaptive_claude_is_the_effort_whose_share_is_nearest(name, model):
    """`effort`: a native budget, which these models refuse (wire/anthropic.md 6), is told as an effort"""
    sent = ask(name, model, thinking={"type": "enabled", "budget_tokens": 6000}, max_tokens=10_000)
    thinking, level = thinking_of(name, sent.body)
    if model in ("claude-opus-4-6", "claude-sonnet-4-6", "claude-mythos-preview"):
        assert (thinking["type"], thinking["budget_tokens"], level) == ("enabled", 6000, None)
        assert about_reasoning(sent) == set()
    else:
        assert (thinking["type"], level) == ("adaptive", "medium")
        assert about_reasoning(sent) == at("/thinking")


@pytest.mark.parametrize("name", GOOGLE)
@pytest.mark.parametrize("model", LEVELS)
@pytest.mark.parametrize("effort", EFFORTS)
def test_gemini_3_and_later_get_the_nearest_level(name, model, effort):
    """`level` (Gemini 3 and later): the nearest level"""
    levels = LEVELS[model]
    level = levels[0] if effort == "none" else nearest(effort, levels)
    sent = ask(name, model, reasoning_effort=effort, max_tokens=4000)
    config = sent.body["generationConfig"]["thinkingConfig"]
    assert config["thinkingLevel"] == level.upper()
    assert "thinkingBudget" not in config
    assert about_reasoning(sent) == (set() if effort == level else at("/reasoning_effort"))


@pytest.mark.parametrize("name", GOOGLE)
@pytest.mark.parametrize(("budget", "level"), [(1000, "LOW"), (6000, "MEDIUM"), (9000, "HIGH")])
def test_a_budget_for_gemini_3_is_a_level(name, budget, level):
    """`level`: budget and level together is an error, and a budget is deprecated there (wire/gemini.md 8)"""
    thinking = {"type": "enabled", "budget_tokens": budget}
    sent = ask(name, "gemini-3.8-flash", thinking=thinking, max_tokens=10_000)
    assert sent.body["generationConfig"]["thinkingConfig"] == {"thinkingLevel": level, "includeThoughts": True}
    assert about_reasoning(sent) == at("/thinking")


@pytest.mark.parametrize("name", GOOGLE)
@pytest.mark.parametrize("model", ["gemini-2.5-flash", "gemini-3.8-flash"])
def test_gemini_is_asked_to_show_its_thoughts(name, model):
    """wire/gemini.md 8: thought text comes only with `includeThoughts: true`; replies are to have
    `reasoning_content`"""
    sent = ask(name, model, reasoning_effort="low", max_tokens=4000)
    assert sent.body["generationConfig"]["thinkingConfig"]["includeThoughts"] is True


@pytest.mark.parametrize(("name", "model", "levels"), EFFORTS_AT)
@pytest.mark.parametrize("effort", EFFORTS)
def test_the_openai_family_gets_the_effort_as_is_when_listed_else_the_nearest(name, model, levels, effort):
    """`native` (OpenAI family): as is when the row lists it, else nearest"""
    reasons = tuple(level for level in levels if level != "none")
    level = effort if effort in levels else nearest(effort, reasons)
    sent = ask(name, model, reasoning_effort=effort)
    assert sent.body["reasoning_effort"] == level
    assert about_reasoning(sent) == (set() if effort == level else at("/reasoning_effort"))


@pytest.mark.parametrize("model", ["qwen/qwen3-32b", "qwen/qwen3.6-27b"])
@pytest.mark.parametrize("effort", EFFORTS)
def test_groq_s_older_qwen_reasons_or_not(model, effort):
    """`native`: nearest; wire/groq.md 2: "on qwen 3/3.6 none->none, anything else->default" """
    sent = ask("groq", model, reasoning_effort=effort)
    assert sent.body["reasoning_effort"] == ("none" if effort == "none" else "default")
    assert about_reasoning(sent) == (set() if effort in ("none", "medium") else at("/reasoning_effort"))


@pytest.mark.parametrize(
    ("model", "sent"),
    [("openai/gpt-oss-120b", "medium"), ("qwen/qwen3-32b", "default"), ("qwen/qwen3.8-27b", "default")],
)
def test_groq_s_own_word_default_is_taken_where_it_is_one(model, sent):
    """`native`: as is when the row lists it, else nearest; wire/groq.md 2: `none default low medium high`"""
    assert ask("groq", model, reasoning_effort="default").body["reasoning_effort"] in (sent, "medium")


@pytest.mark.parametrize("model", BEDROCK_EFFORTS)
@pytest.mark.parametrize("effort", EFFORTS[1:])
def test_other_families_on_bedrock_get_the_nearest_effort_in_their_own_words(model, effort):
    """`native`: as is when the row lists it, else nearest (the spelling of each family: wire/bedrock.md 7)"""
    field = BEDROCK_EFFORTS[model]
    level = nearest(effort, TO_HIGH)
    sent = ask("bedrock", model, reasoning_effort=effort)
    switch = {"type": "enabled", "maxReasoningEffort": level} if field == "reasoningConfig" else level
    assert sent.body["additionalModelRequestFields"] == {field: switch}
    assert about_reasoning(sent) == (set() if effort == level else at("/reasoning_effort"))


@pytest.mark.parametrize("model", BEDROCK_EFFORTS)
def test_none_for_other_families_on_bedrock(model):
    """`native`: none; gpt-oss always reasons (wire/groq.md 2), the others only when asked to (wire/bedrock.md 7)"""
    sent = ask("bedrock", model, reasoning_effort="none")
    if model.startswith("openai"):
        assert sent.body["additionalModelRequestFields"] == {"reasoning_effort": "low"}
        assert about_reasoning(sent) == at("/reasoning_effort")
    else:
        assert "additionalModelRequestFields" not in sent.body
        assert sent.losses == []


def test_nova_2_at_high_goes_without_limit_and_sampling():
    """wire/bedrock.md 7: "with `high` leave out `maxTokens`, `temperature`, `topP`" """
    fields = {"reasoning_effort": "high", "max_tokens": 500, "temperature": 0.5, "top_p": 0.9}
    sent = ask("bedrock", "us.amazon.nova-2-lite-v1:0", **fields)
    assert "inferenceConfig" not in sent.body
    assert sent.lost == {
        ("/max_tokens", "dropped", "cost"), ("/temperature", *DROPPED), ("/top_p", *DROPPED),
    }  # fmt: skip


@pytest.mark.parametrize(("name", "model"), UNTOLD)
@pytest.mark.parametrize("effort", EFFORTS[1:])
@pytest.mark.parametrize("spelling", ["reasoning_effort", "reasoning", "thinking"])
def test_a_model_that_cannot_be_told_drops_the_wish(name, model, effort, spelling):
    """`fixed` / `none`: `dropped/quality`"""
    wish: Any = {"reasoning": {"effort": effort}, "thinking": NATIVE}.get(spelling, effort)
    sent = ask(name, model, max_tokens=4000, **{spelling: wish})
    plain = ask(name, model, max_tokens=4000)
    assert sent.body == plain.body
    assert about_reasoning(sent) == at(f"/{spelling}", DROPPED)


@pytest.mark.parametrize("model", XAI_REASONS)
@pytest.mark.parametrize(("field", "value"), [("stop", ["x"]), ("presence_penalty", 0.5), ("frequency_penalty", -0.5)])
def test_xai_rows_carry_stop_and_penalties_as_refused(model, field, value):
    """xAI rows carry stop and penalties as refused → 400 as documented"""
    sent = ask("xai", model, **{field: value})
    assert (sent.status, sent.error["param"], sent.error["code"]) == (400, field, "unsupported_parameter")
    assert sent.error["type"] == "invalid_request_error"
    assert model in sent.error["message"]
    assert "Leave it out" in sent.error["message"]
