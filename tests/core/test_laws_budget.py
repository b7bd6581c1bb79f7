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
HOSTS = [
    pytest.param(to, model, id=f"{to}-{model}")
    for to, family in (("anthropic", "claude"), ("vertex", "claude"), ("gemini", "gemini"), ("bedrock", "bedrock"))
    for model in BUDGETS[family]
]
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
