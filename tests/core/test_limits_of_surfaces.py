"""What a surface cannot be asked for is told, and the rest still goes."""

import attrs
import orjson
import pytest
from dragoman.translate import aim, boundary, plan, read_request

TOOL = {"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {}}}}
ASK = {"model": "m", "messages": [{"role": "user", "content": "x"}]}


def _made(body, **head):
    made = boundary.request(orjson.dumps(head), orjson.dumps(body))
    return made.status, orjson.loads(made.head), orjson.loads(made.body)


def _losses(head):
    return {(loss["path"], loss["kind"], loss["severity"]) for loss in head["losses"]}


def test_tools_beside_reasoning_go_to_the_surface_that_takes_both():
    for model, more in (("gpt-5.6-sol", {}), ("gpt-5.4", {"reasoning_effort": "low"}), ("gpt-6-astra", {})):
        status, head, body = _made({**ASK, "tools": [TOOL], **more}, to="openai", model=model)
        assert (status, head["url"], head["losses"]) == (200, "https://api.openai.com/v1/responses", [])
        assert body.get("reasoning") == ({"effort": "low"} if more else None)


def test_a_model_that_cannot_be_kept_from_reasoning_takes_tools_where_both_go_together():
    status, head, body = _made({**ASK, "tools": [TOOL], "reasoning_effort": "none"}, to="openai", model="gpt-6-astra")
    assert (status, head["url"]) == (200, "https://api.openai.com/v1/responses")
    assert body["reasoning"] == {"effort": "low"}
    assert ("/reasoning_effort", "approximated", "quality") in _losses(head)


@pytest.mark.parametrize(
    "model",
    [
        "gpt-5-pro", "gpt-5.2-pro", "o3-pro-2025-06-10", "gpt-5-codex", "gpt-5.1-codex-max", "gpt-5.3-codex",
        "codex-mini-latest", "o3-deep-research", "o4-mini-deep-research", "gpt-6-sol-pro", "computer-use-preview",
    ],
)  # fmt: skip
def test_models_that_only_responses_serves_are_asked_there(model):
    status, head, _ = _made(ASK, to="openai", model=model)
    assert (status, head["url"]) == (200, "https://api.openai.com/v1/responses")
    assert head["row"] != "gpt"


def test_a_surface_without_another_one_is_told_not_to_reason_beside_tools():
    target = attrs.evolve(aim("openai", "gpt-5.6-sol"), other=None)
    for more, kind in (({}, "added"), ({"reasoning_effort": "low"}, "dropped")):
        call = plan(read_request("openai_chat", orjson.dumps({**ASK, "tools": [TOOL], **more})), target)
        assert orjson.loads(call.body)["reasoning_effort"] == "none"
        assert ("/reasoning_effort", kind, "quality") in {(x.path, x.kind, x.severity) for x in call.losses}


def test_a_limit_below_the_least_one_is_raised_aloud():
    ask = {**ASK, "max_completion_tokens": 5}
    status, head, body = _made(ask, to="openai", model="gpt-5-codex")
    assert (status, body["max_output_tokens"]) == (200, 16)
    assert ("/max_completion_tokens", "approximated", "cost") in _losses(head)


@pytest.mark.parametrize("model", ["gpt-5.4", "gpt-5.2", "gpt-4o"])
def test_a_model_that_does_not_reason_unasked_is_told_nothing(model):
    status, head, body = _made({**ASK, "tools": [TOOL]}, to="openai", model=model)
    assert (status, head["losses"]) == (200, [])
    assert "reasoning_effort" not in body


def test_an_answer_of_no_tokens_is_a_contract_where_it_has_no_counterpart():
    ask = {**ASK, "max_tokens": 0}
    status, _, body = _made(ask, **{"from": "anthropic"}, to="openai", model="gpt-4o")
    assert (status, body["error"]["type"]) == (400, "invalid_request_error")
    status, head, body = _made(ask, **{"from": "anthropic"}, to="openai", model="gpt-4o", on_loss="allow")
    assert status == 200
    assert ("/max_tokens", "dropped", "contract") in _losses(head)
    assert not {"max_tokens", "max_completion_tokens"} & body.keys()
