"""spec/chat.md 2, parameters, limits and unknown fields: one test a sentence, in the order of the text."""

import pytest

from .wires import (
    CLAUDE,
    CLAUDES,
    GOOGLE,
    NATIVE,
    OPENAI,
    USER,
    WIRES,
    ask,
    lost,
    refused,
    sent,
    to,
)

CONTRACT = {
    "n": 2,
    "logprobs": True,
    "top_logprobs": 2,
    "logit_bias": {"50256": -100},
    "prediction": {"type": "content", "content": "x"},
    "audio": {"voice": "alloy", "format": "wav"},
    "modalities": ["text", "audio"],
    "web_search_options": {},
    "moderation": {"model": "m"},
}
LACKS = {
    "openai": set(),
    "azure": {"web_search_options", "moderation"},
    "xai": {"logit_bias", "prediction", "audio", "modalities", "web_search_options", "moderation"},
    "groq": set(CONTRACT),
    "openai_compatible": set(),
    "responses": {"n", "logit_bias", "prediction", "audio", "modalities"},
    "anthropic": set(CONTRACT) - {"web_search_options"},
    "vertex_claude": set(CONTRACT) - {"web_search_options"},
    "bedrock": set(CONTRACT),
    # wire/gemini.md 7: Gemini 3 has no candidateCount.
    "gemini": {"n", "logit_bias", "prediction", "audio", "modalities", "moderation"},
    "vertex": {"n", "logit_bias", "prediction", "audio", "modalities", "moderation"},
}


@pytest.mark.parametrize(("name", "field"), [(name, field) for name in WIRES for field in CONTRACT])
def test_a_contract_parameter_without_a_place_is_a_400_by_default(name, field):
    """A parameter the target has no place for is a loss with its severity from `fields.py`: `n > 1`, `logprobs`,
    `logit_bias`, `prediction`, `audio` output … are **contract** (400 by default:
    `{"error":{"message":…,"type":"invalid_request_error","param":"n","code":"unsupported_parameter"}}`)"""
    planned = to(name, ask(**{field: CONTRACT[field]}))
    allowed = to(name, ask(**{field: CONTRACT[field]}), on_loss={"contract": "allow"})
    assert allowed.status == 200
    if field in LACKS[name]:
        refused(planned, field, "unsupported_parameter", f"'{field}'", "Leave it out, or allow losses of severity")
        assert (f"/{field}", "dropped", "contract") in planned.lost == allowed.lost
    else:
        assert planned.status == 200
        assert not {loss for loss in lost(planned) if loss[0].startswith(f"/{field}")}


@pytest.mark.parametrize("field", sorted(LACKS["openai_compatible"] ^ set(CONTRACT)))
def test_a_contract_parameter_with_a_place_arrives(field):
    """A parameter the target has no place for is a loss"""
    assert sent("openai_compatible", ask(**{field: CONTRACT[field]}))[field] == CONTRACT[field]
    places = {
        "n": ("candidateCount", 2), "logprobs": ("responseLogprobs", True), "top_logprobs": ("logprobs", 2),
    }  # fmt: skip
    if field in places:
        key, value = places[field]
        assert (
            sent("gemini", ask(**{field: CONTRACT[field]}), model="gemini-2.5-flash")["generationConfig"][key] == value
        )


@pytest.mark.parametrize(("name", "head"), [
    ("openai", {"model": "o3"}), ("openai", {"model": "o4-mini"}), ("azure", {"family": "o3"}), ("responses", {}),
    ("xai", {"model": "grok-4"}), ("xai", {"model": "grok-4.6"}), ("xai", {"model": "grok-3-mini"}),
])  # fmt: skip
def test_stop_is_a_contract_on_models_that_refuse_it(name, head):
    """`stop` on models that refuse it [is] **contract**"""
    refused(to(name, ask(stop="END"), **head), "stop", "unsupported_parameter", "takes no stop sequences")
    allowed = to(name, ask(stop="END"), on_loss="allow", **head)
    assert "stop" not in allowed.body
    assert lost(allowed) == {("/stop", "dropped", "contract")}


THINKS = {"reasoning_effort": "high"}
REFUSES = [
    ("openai", {"model": "gpt-5"}, {"temperature": 0.2}), ("openai", {"model": "o3"}, {"top_p": 0.2}),
    ("openai", {"model": "gpt-5.5"}, {"temperature": 0.2}),
    ("openai", {"model": "gpt-5.1"}, {"temperature": 0.2, **THINKS}),
    ("openai", {"model": "gpt-5.1"}, {"presence_penalty": 0.5}), ("openai", {}, {"top_k": 41}),
    ("azure", {"family": "gpt-5"}, {"temperature": 0.2}),
    ("azure", {"family": "gpt-5.1"}, {"top_p": 0.2, **THINKS}),
    ("responses", {"model": "gpt-5.1-codex"}, {"temperature": 0.2}),
    ("responses", {}, {"temperature": 0.2, **THINKS}),
    *((name, {}, {field: value, **THINKS}) for name in CLAUDES
      for field, value in (("temperature", 0.2), ("top_k", 41), ("top_p", 0.2))),
    *((name, {"model": model}, {field: value})
      for name, model in (("anthropic", "claude-opus-5"), ("vertex_claude", "claude-opus-5"),
                          ("bedrock", "anthropic.claude-opus-5"))
      for field, value in (("temperature", 0.2), ("top_k", 41), ("top_p", 0.2))),
    # wire/gemini.md 7: ignored there from this generation on, announced to become a 400.
    *((name, {"model": "gemini-3.8-flash"}, {field: value}) for name in GOOGLE
      for field, value in (("temperature", 0.2), ("top_k", 41), ("top_p", 0.2))),
    *((name, {}, {field: 0.5}) for name in (*CLAUDES, "groq") for field in ("presence_penalty", "frequency_penalty")),
]  # fmt: skip


@pytest.mark.parametrize(("name", "head", "fields"), REFUSES)
def test_sampling_the_model_refuses_is_dropped_and_reported(name, head, fields):
    """sampling the model refuses (temperature on reasoning models, top_k and top_p with thinking) is **quality**
    (dropped, reported) unless the client asked for `refuse`"""
    field = next(iter(fields))
    planned = to(name, ask(**fields), **head)
    assert planned.status == 200
    assert str(fields[field]) not in str({k: v for k, v in planned.body.items() if k != "messages"})
    assert (f"/{field}", "dropped", "quality") in planned.lost
    refusal = to(name, ask(**fields), on_loss={"quality": "refuse"}, **head)
    refused(refusal, field, "unsupported_parameter", f"'{field}'")


TAKES = [
    ("openai", {"model": "gpt-5.1"}, {"temperature": 0.2}, ("temperature",)),
    ("openai", {"model": "gpt-5.5"}, {"temperature": 0.2, "reasoning_effort": "none"}, ("temperature",)),
    ("groq", {}, {"temperature": 0.2}, ("temperature",)),
    ("xai", {"model": "grok-4.6"}, {"temperature": 0.2}, ("temperature",)),
    *((name, {}, {"temperature": 0.2}, ("temperature",)) for name in CLAUDE),
    *((name, {}, {"top_k": 41}, ("top_k",)) for name in CLAUDE),
    *((name, {}, {"top_p": 0.96, **THINKS}, ("top_p",)) for name in CLAUDE),
    ("bedrock", {}, {"temperature": 0.2}, ("inferenceConfig", "temperature")),
    ("bedrock", {}, {"top_k": 41}, ("additionalModelRequestFields", "top_k")),
    *((name, {}, {field: value}, ("generationConfig", place)) for name in GOOGLE for field, place, value in (
        ("temperature", "temperature", 0.2), ("top_p", "topP", 0.2), ("top_k", "topK", 41), ("seed", "seed", 7),
        ("presence_penalty", "presencePenalty", 0.5), ("frequency_penalty", "frequencyPenalty", 0.5))),
]  # fmt: skip


@pytest.mark.parametrize(("name", "head", "fields", "place"), TAKES)
def test_sampling_the_model_takes_arrives(name, head, fields, place):
    """sampling the model refuses … is **quality**"""
    found = sent(name, ask(**fields), **head)
    for key in place:
        found = found[key]
    assert found == next(iter(fields.values()))


HINTS = {"user": "u1", "metadata": {"k": "v"}, "store": True, "seed": 7}
CARRIED = {
    "openai": {"user": "u1", "metadata": {"k": "v"}, "store": True, "seed": 7},
    "azure": {"user": "u1", "metadata": {"k": "v"}, "store": True, "seed": 7},
    "xai": {"user": "u1", "seed": 7},
    "groq": {"user": "u1", "seed": 7},
    "openai_compatible": {"user": "u1", "metadata": {"k": "v"}, "store": True, "seed": 7},
    "responses": {"user": "u1", "metadata": {"k": "v"}, "store": True},
    "anthropic": {"user": {"metadata": {"user_id": "u1"}}},
    "vertex_claude": {"user": {"metadata": {"user_id": "u1"}}},
    "bedrock": {"user": {"requestMetadata": {"user": "u1"}}, "metadata": {"requestMetadata": {"k": "v"}}},
    "gemini": {"metadata": {"labels": {"k": "v"}}, "store": True, "seed": {"generationConfig": {"seed": 7}}},
    "vertex": {"metadata": {"labels": {"k": "v"}}, "seed": {"generationConfig": {"seed": 7}}},
}


@pytest.mark.parametrize("field", HINTS)
@pytest.mark.parametrize("name", WIRES)
def test_user_metadata_store_and_seed_are_hints(name, field):
    """`user`, `metadata`, `store`, `seed` and the like are **hint**."""
    planned = to(name, ask(**{field: HINTS[field]}), on_loss={"quality": "refuse", "cost": "refuse"})
    assert planned.status == 200
    place = CARRIED[name].get(field)
    if place is None:
        assert lost(planned) == {(f"/{field}", "dropped", "hint")}
        assert "u1" not in str(planned.body)
        return
    assert lost(planned) == set()
    if WIRES[name].kind in ("openai", "responses") or field == "store":
        assert planned.body[field] == HINTS[field]
    else:
        for key, inner in place.items():
            assert inner.items() <= planned.body[key].items()


@pytest.mark.parametrize("name", WIRES)
def test_an_end_user_is_one_wish_in_both_spellings(name):
    """`user` … and the like"""
    planned = to(name, ask(safety_identifier="s1"))
    if WIRES[name].kind == "google":
        assert planned.lost == {("/safety_identifier", "dropped", "hint")}
    else:
        assert "s1" in str(planned.body)
        assert lost(planned) == set()


LIMITS = {
    "openai": [("max_completion_tokens",)], "azure": [("max_completion_tokens",)],
    "responses": [("max_output_tokens",)],
    "anthropic": [("max_tokens",)], "vertex_claude": [("max_tokens",)], "bedrock": [("inferenceConfig", "maxTokens")],
    "gemini": [("generationConfig", "maxOutputTokens")], "vertex": [("generationConfig", "maxOutputTokens")],
}  # fmt: skip
REASONERS = {"openai": {"model": "gpt-5.1"}, "azure": {"family": "gpt-5.1"}}


@pytest.mark.parametrize("field", ["max_tokens", "max_completion_tokens"])
@pytest.mark.parametrize("name", LIMITS)
def test_both_limits_are_one_field_in_the_spelling_that_the_model_takes(name, field):
    """`max_tokens` and `max_completion_tokens` are one field of the record; each target gets the spelling its model
    takes."""
    body = {"model": "m", "messages": [USER], field: 77}
    found = sent(name, body, **REASONERS.get(name, {}))
    for key in LIMITS[name][0]:
        found = found[key]
    assert found == 77
    native = sent(name, body, **REASONERS.get(name, {}))
    assert str(native).count("77") == 1


@pytest.mark.parametrize("field", ["max_tokens", "max_completion_tokens"])
@pytest.mark.parametrize("name", OPENAI)
def test_a_chat_server_whose_models_take_both_gets_the_client_s(name, field):
    """each target gets the spelling its model takes"""
    native = sent(name, {"model": "m", "messages": [USER], field: 77})
    assert {key: native[key] for key in native if key.startswith("max_")} == {field: 77}


@pytest.mark.parametrize(("name", "head", "client"), [
    ("openai", {"model": "gpt-4o"}, "anthropic"), ("xai", {}, "anthropic"), ("groq", {}, "anthropic"),
    ("openai", {"model": "gpt-5.1"}, "anthropic"), ("azure", {}, "anthropic"),
])  # fmt: skip
def test_a_limit_of_another_dialect_gets_the_provider_s_current_spelling(name, head, client):
    """each target gets the spelling its model takes"""
    assert (
        to(name, {"model": "m", "max_tokens": 77, "messages": [USER]}, client, **head).body["max_completion_tokens"]
        == 77
    )


@pytest.mark.parametrize("name", WIRES)
def test_of_two_different_limits_the_current_spelling_wins(name):
    """`max_tokens` and `max_completion_tokens` are one field of the record"""
    planned = to(name, {"model": "m", "messages": [USER], "max_tokens": 50, "max_completion_tokens": 77})
    assert planned.status == 200
    if WIRES[name].kind == "openai":
        # Both are fields of the dialect, and a model that takes both gets both.
        assert (planned.body["max_completion_tokens"], planned.body.get("max_tokens")) == (77, 50)
    else:
        assert lost(planned) == {("/max_tokens", "dropped", "hint")}
        assert "50" not in str(planned.body).replace("20250929", "")
    reasoner = to(
        "openai", {"model": "m", "messages": [USER], "max_tokens": 50, "max_completion_tokens": 77}, model="o3"
    )
    assert ("max_tokens" in reasoner.body, reasoner.lost) == (False, {("/max_tokens", "dropped", "hint")})


@pytest.mark.parametrize("name", CLAUDE)
@pytest.mark.parametrize(("model", "ceiling"), [
    ("claude-sonnet-4-5", 64_000), ("claude-opus-4-1", 32_000), ("claude-opus-4-6", 128_000),
    ("claude-opus-5", 128_000), ("claude-3-haiku", 4_096), ("claude-brand-new-9", 128_000),
])  # fmt: skip
def test_anthropic_without_a_limit_gets_the_ceiling_of_the_model_s_row(name, model, ceiling):
    """Anthropic without either gets the model row's output ceiling (never a silent small number), reported as
    `added/hint`."""
    planned = to(name, {"model": "m", "messages": [USER]}, model=model)
    assert planned.body["max_tokens"] == ceiling
    assert [(loss["path"], loss["kind"], loss["severity"]) for loss in planned.losses] == [
        ("/max_tokens", "added", "hint")
    ]
    assert str(ceiling) in planned.losses[0]["detail"]


@pytest.mark.parametrize("name", [*OPENAI, "responses", "bedrock", *GOOGLE])
def test_elsewhere_no_limit_is_made_up(name):
    """Anthropic without either …"""
    assert "max" not in str(sent(name, {"model": "m", "messages": [USER]})).lower()


@pytest.mark.parametrize(("asked", "given"), [(1.2, 1), (2, 1), (1.0001, 1), (1, 1), (0.4, 0.4), (0, 0)])
@pytest.mark.parametrize("name", CLAUDES)
def test_a_temperature_above_one_is_clamped_for_claude(name, asked, given):
    """`temperature` above 1 for Claude: clamped, `approximated/quality`."""
    planned = to(name, ask(temperature=asked))
    told = planned.body["inferenceConfig"] if name == "bedrock" else planned.body
    assert told["temperature"] == given
    assert planned.lost == ({("/temperature", "approximated", "quality")} if asked > 1 else set())
    if asked > 1:
        assert f"{asked:g}" in planned.losses[0]["detail"]


@pytest.mark.parametrize("name", [*OPENAI, *GOOGLE])
def test_elsewhere_a_temperature_up_to_two_arrives(name):
    """`temperature` above 1 for Claude"""
    body = sent(name, ask(temperature=1.7))
    assert (body.get("generationConfig") or body)["temperature"] == 1.7


COUNTS = {"openai": 4, "azure": 4, "groq": 4, "gemini": 5, "vertex": 5}
"""wire/openai-chat.md 2, wire/groq.md 1, wire/gemini.md 7; the others have no documented limit this small."""


def stops_of(name, body):
    kind = WIRES[name].kind
    if kind == "google":
        return body["generationConfig"]["stopSequences"]
    if kind == "bedrock":
        return body["inferenceConfig"]["stopSequences"]
    return body["stop_sequences" if kind == "claude" else "stop"]


@pytest.mark.parametrize("name", [name for name in WIRES if name != "responses"])
def test_stop_sequences_keep_to_the_count_that_the_target_takes(name):
    """Stop sequences: count and content limits per target."""
    one = stops_of(name, sent(name, ask(stop="END")))
    assert one in ("END", ["END"])
    limit = COUNTS.get(name, 8)
    assert stops_of(name, sent(name, ask(stop=list("abcdefgh"[:limit])))) == list("abcdefgh"[:limit])
    if name in COUNTS:
        more = ask(stop=list("abcdefgh"[: limit + 2]))
        refused(to(name, more), "stop", "unsupported_parameter", f"at most {limit} stop sequences")
        allowed = to(name, more, on_loss="allow")
        assert stops_of(name, allowed.body) == list("abcdefgh"[:limit])
        assert lost(allowed) == {("/stop", "dropped", "contract")}


@pytest.mark.parametrize("name", CLAUDES)
def test_stop_sequences_of_white_space_have_no_place_at_claude(name):
    """Stop sequences: count and content limits per target."""
    blank = ask(stop=["END", " \n", ""])
    refused(to(name, blank), "stop", "unsupported_parameter", "white space")
    allowed = to(name, blank, on_loss="allow")
    assert stops_of(name, allowed.body) == ["END"]
    assert allowed.lost == {("/stop", "dropped", "contract")}


@pytest.mark.parametrize("name", WIRES)
@pytest.mark.parametrize("value", [1, "x", {"a": [1]}, False, [0]])
def test_unknown_top_level_fields_are_forwarded_within_a_dialect_and_else_a_contract(name, value):
    """Unknown top-level fields: forwarded to a provider of the same dialect, a `dropped/contract` loss otherwise."""
    planned = to(name, ask(x_vendor=value))
    if WIRES[name].kind == "openai":
        assert planned.body["x_vendor"] == value
        assert lost(planned) == set()
    else:
        refused(planned, "x_vendor", "unsupported_parameter", "'x_vendor'")
        assert planned.lost == {("/x_vendor", "dropped", "contract")}
        allowed = to(name, ask(x_vendor=value), on_loss="allow")
        assert "x_vendor" not in allowed.body
        assert allowed.lost == {("/x_vendor", "dropped", "contract")}


OWN = {
    "anthropic": {"model": "m", "max_tokens": 9, "messages": [USER]},
    "gemini": {"contents": [{"role": "user", "parts": [{"text": "Hi"}]}]},
    "bedrock": {"messages": [{"role": "user", "content": [{"text": "Hi"}]}]},
    "openai_responses": {"model": "m", "input": "Hi"},
}


@pytest.mark.parametrize(("client", "name"), [
    ("anthropic", "anthropic"), ("anthropic", "vertex_claude"), ("gemini", "gemini"), ("gemini", "vertex"),
    ("bedrock", "bedrock"), ("openai_responses", "openai"), ("openai_responses", "azure"),
])  # fmt: skip
def test_unknown_fields_of_every_dialect_are_forwarded_within_it(client, name):
    """Unknown top-level fields: forwarded to a provider of the same dialect"""
    planned = to(name, {**OWN[client], "x_vendor": {"a": 1}}, client)
    assert planned.body["x_vendor"] == {"a": 1}
    assert not any(path == "/x_vendor" for path, _, _ in planned.lost)


OTHERS = [(client, name) for client in OWN for name in ("openai_compatible", *NATIVE)
          if {"anthropic": "claude", "gemini": "google"}.get(client, client) != WIRES[name].kind]  # fmt: skip


@pytest.mark.parametrize(("client", "name"), OTHERS)
def test_unknown_fields_of_every_dialect_are_a_contract_elsewhere(client, name):
    """a `dropped/contract` loss otherwise"""
    planned = to(name, {**OWN[client], "x_vendor": {"a": 1}}, client)
    assert planned.status == 400
    assert ("/x_vendor", "dropped", "contract") in planned.lost
    assert "x_vendor" in str(planned.body)


@pytest.mark.parametrize("name", WIRES)
def test_an_unknown_field_that_is_null_says_nothing(name):
    """Unknown top-level fields"""
    planned = to(name, ask(x_vendor=None))
    assert (planned.status, lost(planned)) == (200, set())
