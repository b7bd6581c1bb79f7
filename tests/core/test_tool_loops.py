"""Tool loops that another model began, or that came in pieces, as a provider takes them."""

import pytest
from proof.calls import native, send

USER = {"role": "user", "content": "Hi"}
BLOCK = {"type": "thinking", "thinking": "Hm", "signature": "c2lnbmF0dXJl"}
CALL = {"type": "tool_use", "id": "c1", "name": "f", "input": {}}


@pytest.mark.parametrize("calls", [[CALL], [CALL, {**CALL, "id": "c2"}]])
def test_a_provider_s_own_client_goes_on_with_a_tool_loop_of_another_model_without_thinking(calls):
    results = [{"type": "tool_result", "tool_use_id": call["id"], "content": "r"} for call in calls]
    turns = [USER, {"role": "assistant", "content": calls}, {"role": "user", "content": results}]
    wish = {"type": "enabled", "budget_tokens": 2000}
    body = {"model": "m", "max_tokens": 4000, "messages": turns, "thinking": wish}
    sent = send(body, "anthropic")
    assert "thinking" not in sent.body
    assert sent.lost == {("/thinking", "dropped", "quality")}
    # With its thinking, or once a user speaks again, it thinks.
    for messages in (
        [USER, {"role": "assistant", "content": [BLOCK, *calls]}, turns[2]],
        [*turns, {"role": "assistant", "content": "Done"}, USER],
    ):
        sent = send({**body, "messages": messages}, "anthropic")
        assert (sent.body["thinking"], sent.lost) == (wish, set())


def test_results_stand_in_the_order_of_their_calls_when_a_turn_came_in_pieces():
    said = [{"role": "model", "parts": [{"functionCall": {"id": key, "name": "f", "args": {}}}]} for key in "ab"]
    told = [{"functionResponse": {"id": key, "name": "f", "response": {"output": key}}} for key in "ba"]
    contents = [{"role": "user", "parts": [{"text": "Hi"}]}, *said, {"role": "user", "parts": told}]
    sent = native({"contents": contents}, "gemini")
    assert [block["tool_use_id"] for block in sent["messages"][-1]["content"]] == ["a", "b"]
