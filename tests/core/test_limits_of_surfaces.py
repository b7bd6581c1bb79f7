"""What a surface cannot be asked for is told, and the rest still goes."""

import orjson
import pytest
from dragoman.translate import boundary

TOOL = {"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {}}}}
ASK = {"model": "m", "messages": [{"role": "user", "content": "x"}]}


def _made(body, **head):
    made = boundary.request(orjson.dumps(head), orjson.dumps(body))
    return made.status, orjson.loads(made.head), orjson.loads(made.body)


def _losses(head):
    return {(loss["path"], loss["kind"], loss["severity"]) for loss in head["losses"]}


def test_a_model_that_reasons_unasked_and_takes_no_tools_beside_it_is_told_not_to():
    status, head, body = _made({**ASK, "tools": [TOOL]}, to="openai", model="gpt-5.6-sol")
    assert (status, body["reasoning_effort"]) == (200, "none")
    assert ("/reasoning_effort", "added", "quality") in _losses(head)


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
