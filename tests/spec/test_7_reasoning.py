"""spec/chat.md 7, reasoning: one test a sentence, in the order of the text, for every provider and kind of model."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ..core.proof.calls import PLAIN, receive, send
from ..core.proof.strategies import law
from .answers import (
    BEDROCK_IDS,
    CHAT,
    CLAUDE,
    GOOGLE,
    NAMES,
    PROVIDERS,
    USER,
    WAYS,
    Counts,
    Json,
    Said,
    ask,
    context,
    reply_of,
    told,
    usage_of,
)

EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
ORDER = {effort: place for place, effort in enumerate(EFFORTS)}
TOOL = {"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {}}}}
FORCED = {"type": "function", "function": {"name": "f"}}
DROPPED, BENT = ("dropped", "quality"), ("approximated", "quality")


def at(path: str, loss: tuple[str, str] = BENT) -> set[tuple[str, str, str]]:
    return {(path, *loss)}


def about_reasoning(sent: Any) -> set[tuple[str, str, str]]:
    """The losses of a request but for those that every call to a provider has."""
    habits = {("/max_tokens", "added", "hint"), ("/stream_options/include_usage", "added", "hint")}
    # Groq is asked for reasoning beside the answer, and that is reported where reasoning was asked for.
    return {loss for loss in sent.lost - habits if loss[1:] != ("added", "hint")}


def budget_of(name: str, body: Json) -> int | None:
    """The thinking budget of a native body; None where thinking is not switched on by a budget."""
    if name in GOOGLE:
        budget: int | None = body["generationConfig"].get("thinkingConfig", {}).get("thinkingBudget")
        return budget
    thinking = (body["additionalModelRequestFields"] if name == "bedrock" else body).get("thinking", {})
    assert thinking.get("type") in ("enabled", None)
    return thinking.get("budget_tokens")


def limit_of(name: str, body: Json) -> int | None:
    """The limit of a native body."""
    if name in GOOGLE:
        return body.get("generationConfig", {}).get("maxOutputTokens")
    return body.get("inferenceConfig", {}).get("maxTokens") if name == "bedrock" else body.get("max_tokens")


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


ONLY_EFFORTS = [("openai", "gpt-5.1"), ("azure", "gpt-5.1"), ("xai", "grok-4.5"), ("groq", "openai/gpt-oss-120b")]


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


NATIVE = {"type": "enabled", "budget_tokens": 3000}
BOTH = {"messages": [USER], "max_tokens": 8000, "thinking": NATIVE, "output_config": {"effort": "low"}}
TAKES = {
    ("anthropic", "claude-opus-4-5"): ("budget", "effort"),
    ("bedrock", "claude-opus-4-5"): ("budget", "effort"),
    ("vertex_claude", "claude-opus-4-5"): ("budget", "effort"),
    ("anthropic", "claude-sonnet-4-5"): ("budget",),
    ("bedrock", "claude-sonnet-4-5"): ("budget",),
    ("anthropic", "claude-opus-5"): ("effort",),
    ("bedrock", "claude-opus-5"): ("effort",),
    ("gemini", "gemini-2.5-flash"): ("budget",),
    ("vertex", "gemini-3.8-flash"): ("effort",),
    ("openai", "gpt-5.1"): ("effort",),
    ("azure", "gpt-5.1"): ("effort",),
    ("xai", "grok-4.5"): ("effort",),
    ("groq", "openai/gpt-oss-120b"): ("effort",),
    ("openai", "gpt-4o"): (),
    ("gemini", "gemini-2.0-flash"): (),
}
"""What of an effort beside a budget a model takes (wire/anthropic.md 6: Opus 4.5 has both fields)."""


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


# "The model row names the kind": `budget` (Claude up to 4.5, Gemini 2.5)

BUDGETS = {
    "claude-opus-4-5": (1024, 63_999, 64_000),
    "claude-sonnet-4-5": (1024, 63_999, 64_000),
    "claude-haiku-4-5": (1024, 63_999, 64_000),
    "claude-opus-4-1": (1024, 31_999, 32_000),
    "claude-opus-4": (1024, 31_999, 32_000),
    "claude-sonnet-4": (1024, 63_999, 64_000),
    "gemini-2.5-pro": (128, 32_768, 65_536),
    "gemini-2.5-flash": (1, 24_576, 65_536),
    "gemini-2.5-flash-lite": (512, 24_576, 65_536),
}
"""Model -> the least and the greatest budget, and the ceiling of the answer (wire/anthropic.md 6, wire/gemini.md 8).

For 2.5 Flash 0 is "off", so the least thinking is one token.
"""
SHARES = {"low": 30, "medium": 60, "high": 90, "xhigh": 90, "max": 90}
AT = [
    (name, model)
    for model in BUDGETS
    for name in (GOOGLE if model.startswith("gemini") else CLAUDE)
    if name != "bedrock" or model in BEDROCK_IDS
]
LIMITS = [500, 1024, 1025, 1138, 1500, 2048, 3414, 4096, 8192, 30_001]


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


SMALL = {model: row[0] for model, row in BUDGETS.items() if row[0] > 1}


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


# `effort` (adaptive Claude with output_config.effort)

UP, NO_XHIGH = ("low", "medium", "high", "xhigh", "max"), ("low", "medium", "high", "max")
ADAPTIVE = {
    "claude-fable-5": (UP, "lowest"),
    "claude-fable-5-1": (UP, "lowest"),
    "claude-fable-5-2": (UP, "lowest"),
    "claude-mythos-5": (UP, "lowest"),
    "claude-mythos-5-1": (UP, "lowest"),
    "claude-mythos-5-2": (UP, "lowest"),
    "claude-mythos-preview": (NO_XHIGH, "lowest"),
    "claude-opus-5-5": (UP, "lowest"),
    "claude-opus-5": (UP, "disabled"),
    "claude-sonnet-5-5": (UP, "between_tools"),
    "claude-sonnet-5": (UP, "disabled"),
    "claude-haiku-5-5": (UP, "disabled"),
    "claude-opus-4-8": (UP, "disabled"),
    "claude-opus-4-7": (UP, "disabled"),
    "claude-opus-4-6": (NO_XHIGH, "omitted"),
    "claude-sonnet-4-6": (NO_XHIGH, "omitted"),
}
"""Model -> the efforts that it takes, and its nearest to "off" (wire/anthropic.md 6)."""


def nearest(effort: str, levels: tuple[str, ...]) -> str:
    """The level at the least distance; of two as close, the weaker."""
    return min(levels, key=lambda level: (abs(ORDER[level] - ORDER[effort]), ORDER[level]))


def thinking_of(name: str, body: Json) -> tuple[Json, str | None]:
    """The thinking object and the effort of a native body of Claude."""
    if name == "bedrock":
        fields = body.get("additionalModelRequestFields", {})
        return fields.get("thinking", {}), body.get("outputConfig", {}).get("effort")
    return body.get("thinking", {}), body.get("output_config", {}).get("effort")


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


# `level` (Gemini 3 and later)

LEVELS = {
    "gemini-4-argon": ("low", "medium", "high"),
    "gemini-3.8-flash": ("low", "medium", "high"),
    "gemini-3.7-flash": ("low", "medium", "high"),
    "gemini-3.6-flash": ("minimal", "low", "medium", "high"),
    "gemini-3.5-flash": ("minimal", "low", "medium", "high"),
    "gemini-3.5-flash-lite": ("minimal", "low", "medium", "high"),
    "gemini-3.1-flash-lite": ("minimal", "low", "medium", "high"),
    "gemini-3.1-pro-preview": ("low", "medium", "high"),
    "gemini-3-flash-preview": ("minimal", "low", "medium", "high"),
    "gemini-3.1-flash-image": ("minimal", "high"),
    "gemini-3-pro-image": ("high",),
    "gemini-3-pro-preview": ("low", "high"),
    "gemma-4-31b-it": ("minimal", "high"),
}
"""Model -> levels (wire/gemini.md 8)."""


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


# `native` (OpenAI family)

TO_HIGH = ("low", "medium", "high")
OPENAI = {
    "o3": TO_HIGH,
    "o4-mini": TO_HIGH,
    "gpt-5": ("minimal", *TO_HIGH),
    "gpt-5-mini": ("minimal", *TO_HIGH),
    "gpt-5-nano": ("minimal", *TO_HIGH),
    "gpt-5.1": ("none", *TO_HIGH),
    "gpt-5.2": ("none", *TO_HIGH, "xhigh"),
    "gpt-5.4-mini": ("none", *TO_HIGH, "xhigh"),
    "gpt-5.5": ("none", *TO_HIGH, "xhigh"),
    "gpt-5.6-terra": ("none", *TO_HIGH, "xhigh", "max"),
    "gpt-6-sol": ("none", *TO_HIGH, "xhigh", "max"),
    "gpt-6-luna": ("none", *TO_HIGH, "xhigh", "max"),
    "gpt-6.1-terra": ("none", *TO_HIGH, "xhigh", "max"),
    "gpt-6-astra": (*TO_HIGH, "xhigh", "max"),
    "gpt-6.1-sol": (*TO_HIGH, "xhigh", "max"),
}
"""Model -> efforts (wire/openai-chat.md 5)."""
GROK = {
    "grok-3-mini": ("low", "high"),
    "grok-4.20-multi-agent": (*TO_HIGH, "xhigh"),
    "grok-4.3": ("none", *TO_HIGH),
    "grok-4.5": TO_HIGH,
    "grok-4.6": (*TO_HIGH, "xhigh"),
    "grok-4.7": (*TO_HIGH, "xhigh"),
}
"""Model -> efforts (wire/xai.md 2)."""
GROQ = {"openai/gpt-oss-20b": TO_HIGH, "openai/gpt-oss-120b": TO_HIGH, "qwen/qwen3.8-27b": ("none", *TO_HIGH)}
"""Model -> efforts (wire/groq.md 2)."""
EFFORTS_AT = [
    *(("openai", model, levels) for model, levels in OPENAI.items()),
    *(("azure", model, levels) for model, levels in OPENAI.items()),
    *(("xai", model, levels) for model, levels in GROK.items()),
    *(("groq", model, levels) for model, levels in GROQ.items()),
]


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


BEDROCK_EFFORTS = {
    "openai.gpt-oss-120b-1:0": "reasoning_effort",
    "deepseek.v3-v1:0": "reasoning_config",
    "us.amazon.nova-2-lite-v1:0": "reasoningConfig",
}


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


# `fixed` / `none`

UNTOLD = [
    ("openai", "gpt-4o"), ("openai", "gpt-4.1"), ("openai", "gpt-5-chat-latest"), ("openai", "gpt-5.1-chat"),
    ("azure", "gpt-4o"), ("azure", "gpt-5.2-chat"), ("xai", "grok-4"), ("xai", "grok-4-0709"), ("xai", "grok-3"),
    ("xai", "grok-4-fast-reasoning"), ("xai", "grok-4-1-fast-reasoning"), ("xai", "grok-code-fast-1"),
    ("xai", "grok-4-fast-non-reasoning"), ("xai", "grok-4.20-reasoning"), ("xai", "grok-4.20-non-reasoning"),
    ("groq", "llama-3.3-70b-versatile"), ("bedrock", "amazon.nova-pro-v1:0"), ("bedrock", "us.deepseek.r1-v1:0"),
    ("bedrock", "meta.llama3-1-70b-instruct-v1:0"), ("gemini", "gemini-2.0-flash"), ("vertex", "gemini-2.0-flash"),
    ("anthropic", "claude-3-5-haiku-20241022"),
]  # fmt: skip
"""Models that do not reason, or reason as they like (wire/openai-chat.md 5, xai.md 2, groq.md 2, bedrock.md 7)."""


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


XAI_REASONS = ["grok-3-mini", "grok-4", "grok-4-0709", "grok-4.20-reasoning", "grok-4.3", "grok-4.5", "grok-4.6"]


@pytest.mark.parametrize("model", XAI_REASONS)
@pytest.mark.parametrize(("field", "value"), [("stop", ["x"]), ("presence_penalty", 0.5), ("frequency_penalty", -0.5)])
def test_xai_rows_carry_stop_and_penalties_as_refused(model, field, value):
    """xAI rows carry stop and penalties as refused → 400 as documented"""
    sent = ask("xai", model, **{field: value})
    assert (sent.status, sent.error["param"], sent.error["code"]) == (400, field, "unsupported_parameter")
    assert sent.error["type"] == "invalid_request_error"
    assert model in sent.error["message"]
    assert "Leave it out" in sent.error["message"]


# `none` on a model that cannot be off: the lowest legal setting, reported.

CANNOT = [
    *((name, model, "low") for name in CLAUDE for model, (_, off) in ADAPTIVE.items() if off == "lowest"),
    *((name, "claude-sonnet-5-5", "low") for name in CLAUDE),
    *((name, model, levels[0]) for name in GOOGLE for model, levels in LEVELS.items()),
    *((name, model, levels[0]) for name, model, levels in EFFORTS_AT if "none" not in levels),
    ("bedrock", "openai.gpt-oss-120b-1:0", "low"),
]


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


# What thinking forbids (forced tool, temperature, top_k, prefill) is resolved by rows, in `fit`, and reported.

PREFILL = [USER, {"role": "assistant", "content": "Dear"}]
OLD = ["claude-opus-4-5", "claude-sonnet-4-5", "claude-haiku-4-5"]


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


SPELLINGS = [
    {"reasoning": "Hm."},
    {"reasoning_content": "Hm."},
    {"reasoning": {"content": "Hm."}},
    {"reasoning_details": [{"type": "reasoning.text", "text": "Hm.", "index": 0}]},
]


# OpenAI and Azure answer a Responses client by Responses.
READERS = [(name, client) for name in CHAT for client in PLAIN if (name, client) not in {
    ("openai", "openai_responses"), ("azure", "openai_responses")}]  # fmt: skip


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


# OpenAI models whose chat endpoint refuses tools together with reasoning are called through Responses by their row

ON_RESPONSES = [
    ("gpt-5.4", "low"), ("gpt-5.4-mini", "high"), ("gpt-5.5", "low"), ("gpt-5.6-sol", "low"), ("gpt-5.6-terra", None),
    ("gpt-5.6-luna", "max"), ("gpt-6-luna", "low"), ("gpt-6-astra", "low"), ("gpt-6-astra", None),
]  # fmt: skip
"""Models and efforts with which chat refuses tools (wire/openai-chat.md 5); 5.6 does so unasked, too."""


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
