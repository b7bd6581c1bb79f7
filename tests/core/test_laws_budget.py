"""The budget law: minimum <= budget < max_tokens, whoever asks in whatever words for reasoning (spec/chat.md 7).

It holds for every row of a model with a budget, at every provider that has such models.
"""

import pytest
from dragoman.translate import DIALECTS
from dragoman.translate.models import FAMILIES
from dragoman.translate.models.row import EFFORTS
from hypothesis import given
from hypothesis import strategies as st
from proof.calls import PLAIN, send
from proof.strategies import law

BUDGETS = {
    family: {row.prefix: row for row in FAMILIES[family] if row.reasoning.kind == "budget"}
    for family in ("claude", "gemini", "bedrock")
}
BUDGET_MODELS = BUDGETS["claude"]
HOSTS = [
    pytest.param(to, model, id=f"{to}-{model}")
    for to, family in (("anthropic", "claude"), ("vertex", "claude"), ("gemini", "gemini"), ("bedrock", "bedrock"))
    for model in BUDGETS[family]
]
SHARES = {"low": 30, "medium": 60, "high": 90, "xhigh": 90, "max": 90}
LIMITS = st.one_of(st.integers(1, 64_000), st.sampled_from([1, 127, 128, 1023, 1024, 1025, 1500, 2048, 3414, 4096]))

efforts = st.sampled_from(EFFORTS)
budgets = st.one_of(st.integers(1, 100_000), st.sampled_from([1, 1023, 1024, 63_999, 64_000]))
enabled = budgets.map(lambda budget: {"type": "enabled", "budget_tokens": budget})
WISHES = {
    "openai_chat": st.one_of(
        efforts.map(lambda effort: {"reasoning_effort": effort}),
        efforts.map(lambda effort: {"reasoning": {"effort": effort}}),
        budgets.map(lambda budget: {"reasoning": {"max_tokens": budget}}),
        enabled.map(lambda thinking: {"thinking": thinking}),
        st.just({"thinking": {"type": "adaptive"}}),
    ),
    "openai_responses": efforts.map(lambda effort: {"reasoning": {"effort": effort}}),
    "anthropic": st.one_of(
        enabled.map(lambda thinking: {"thinking": thinking}),
        efforts.map(lambda effort: {"thinking": {"type": "adaptive"}, "output_config": {"effort": effort}}),
        efforts.map(lambda effort: {"output_config": {"effort": effort}}),
    ),
    "gemini": st.one_of(
        budgets.map(lambda budget: {"thinkingBudget": budget}),
        st.sampled_from(["MINIMAL", "LOW", "MEDIUM", "HIGH"]).map(lambda level: {"thinkingLevel": level}),
        st.just({"thinkingBudget": -1}),
        st.just({"includeThoughts": True}),
    ),
    "bedrock": st.one_of(
        enabled.map(lambda thinking: {"thinking": thinking}),
        efforts.map(lambda effort: {"reasoning_config": effort}),
        efforts.map(lambda effort: {"reasoningConfig": {"type": "enabled", "maxReasoningEffort": effort}}),
    ),
}
"""Every way to wish for reasoning that clients of a dialect have."""
FIELDS = {
    "openai_chat": (None, ("max_tokens", "max_completion_tokens")),
    "openai_responses": (None, ("max_output_tokens",)),
    "anthropic": (None, ("max_tokens",)),
    "gemini": ("generationConfig", ("maxOutputTokens",)),
    "bedrock": ("inferenceConfig", ("maxTokens",)),
}
"""Where the limit of an answer stands, and its names."""


@st.composite
def wishes(draw, client):
    """A plain request with a limit, and a wish for reasoning."""
    body, (place, names) = {"model": "a/m", **PLAIN[client]}, FIELDS[client]
    for name in ("max_tokens", "max_output_tokens"):
        body.pop(name, None)
    limit = {draw(st.sampled_from(names)): draw(LIMITS)}
    wish = draw(WISHES[client])
    if client == "gemini":
        return {**body, place: {**limit, "thinkingConfig": wish}}
    if client == "bedrock":
        return {**body, place: limit, "additionalModelRequestFields": wish}
    return {**body, **limit, **wish}


@pytest.mark.parametrize(("to", "model"), HOSTS)
@pytest.mark.parametrize("client", DIALECTS)
@given(st.data())
@law(8)
def test_a_budget_is_below_the_limit_and_within_the_row(client, to, model, data):
    body = data.draw(wishes(client))
    sent = send(body, client, to, model=model, on_loss="allow")
    assert sent.status == 200, sent
    dialect = sent.head["context"]["dialect"]
    heard = DIALECTS[dialect].read_request({"model": "m", **sent.body})
    wish = heard.reasoning
    if client == dialect and wish == DIALECTS[client].read_request(body).reasoning:
        # In the provider's own words, which it judges itself.
        return
    if wish is None or wish.budget is None:
        return
    row = next(row for family in BUDGETS.values() for row in family.values() if row.prefix == model).reasoning
    assert row.minimum <= wish.budget <= row.maximum
    assert wish.budget < heard.max_tokens


def think(model, limit, **fields):
    body = {"model": "m", "messages": [{"role": "user", "content": "Hi"}], **fields}
    if limit is not None:
        body["max_tokens"] = limit
    return send(body, model=model)


@pytest.mark.parametrize("effort", ["minimal", *SHARES])
@pytest.mark.parametrize("model", BUDGET_MODELS)
@given(st.one_of(st.none(), LIMITS))
@law(8)
def test_a_budget_is_its_share_of_the_limit_within_the_row(model, effort, limit):
    row = BUDGET_MODELS[model]
    sent = think(model, limit, reasoning_effort=effort)
    assert sent.status == 200
    budget, most = sent.body["thinking"]["budget_tokens"], sent.body["max_tokens"]
    assert sent.body["thinking"]["type"] == "enabled"
    assert row.reasoning.minimum <= budget < most
    assert budget <= row.reasoning.maximum
    asked = limit or row.max_output
    if asked <= row.reasoning.minimum:
        assert (budget, most) == (row.reasoning.minimum, row.reasoning.minimum + asked)
        assert ("/max_tokens", "approximated", "cost") in sent.lost
    else:
        share = row.reasoning.minimum if effort == "minimal" else asked * SHARES[effort] // 100
        assert most == asked
        assert budget == min(max(share, row.reasoning.minimum), row.reasoning.maximum, asked - 1)


VECTORS = {
    1000: (None, None, None),
    1024: (None, None, None),
    1500: (None, None, 1350),
    2048: (None, 1228, 1843),
    4096: (1228, 2457, 3686),
    8192: (2457, 4915, 7372),
    16000: (4800, 9600, 14400),
    32768: (9830, 19660, 29491),
    65536: (19660, 39321, 58982),
}
"""max_tokens -> budgets of low, medium and high that are legal as they are; None is raised to the minimum."""


@pytest.mark.parametrize("limit", VECTORS)
def test_the_documented_vectors_hold(limit):
    for effort, wanted in zip(("low", "medium", "high"), VECTORS[limit], strict=True):
        sent = think("claude-sonnet-4-5", limit, reasoning_effort=effort)
        assert sent.body["thinking"]["budget_tokens"] == (wanted or 1024)


@given(st.integers(1, 100_000), st.integers(1, 64_000))
@law(150)
def test_a_native_budget_keeps_the_law_too(budget, limit):
    thinking = {"type": "enabled", "budget_tokens": budget}
    sent = think("claude-sonnet-4-5", limit, thinking=thinking)
    given_budget = sent.body["thinking"]["budget_tokens"]
    assert 1024 <= given_budget < sent.body["max_tokens"]
    if 1024 <= budget < limit:
        assert (given_budget, sent.body["max_tokens"], sent.losses) == (budget, limit, [])
    else:
        assert sent.losses


def test_a_raised_limit_can_be_refused():
    body = {"model": "m", "messages": [{"role": "user", "content": "Hi"}], "max_tokens": 500, "reasoning_effort": "low"}
    sent = send(body, on_loss={"cost": "refuse"})
    assert sent.status == 400
    assert sent.error["param"] == "max_tokens"
    assert send(body).body["max_tokens"] == 1524


@pytest.mark.parametrize("effort", ["none", "minimal", "low", "medium", "high", "xhigh", "max"])
@pytest.mark.parametrize(
    "model", [row.prefix for row in FAMILIES["claude"] if row.reasoning.kind == "effort" and row.prefix != "claude"]
)
def test_an_effort_is_one_that_the_model_lists(model, effort):
    rows = {row.prefix: row for row in FAMILIES["claude"]}
    row = rows[model].reasoning
    sent = think(model, 4000, reasoning_effort=effort)
    config = sent.body.get("output_config", {})
    assert config.get("effort") in (*row.efforts, None)
    mode = sent.body.get("thinking", {}).get("type")
    assert mode in (*row.modes, None)
    if effort == "none":
        assert (mode in ("disabled", "between_tools") or not row.on) or (
            "/reasoning_effort",
            "approximated",
            "quality",
        ) in sent.lost
    else:
        assert mode == "adaptive"
        assert config["effort"] == effort or ("/reasoning_effort", "approximated", "quality") in sent.lost
