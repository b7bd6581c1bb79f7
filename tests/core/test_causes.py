"""What makes a loss necessary."""

import orjson
import pytest
from dragoman.translate import boundary

OPENAI = {"messages": [{"role": "user", "content": "Hi"}]}
CLAUDE_PLACE = {"region": "eu-west-1"}


def causes(body, to, model, client="openai_chat", **more):
    head = {"from": client, "to": to, "model": model, "on_loss": "allow", "causes": True, **more}
    answer = boundary.request(orjson.dumps(head), orjson.dumps({"model": model, **body}))
    assert answer.status == 200, answer.body
    told = orjson.loads(answer.head)
    assert all(loss.keys() == {"path", "kind", "severity", "detail"} for loss in told["losses"])
    return {loss["path"]: cause for loss, cause in zip(told["losses"], told["causes"], strict=True)}


@pytest.mark.parametrize(
    ("to", "model", "asked", "path", "cause"),
    [
        ("anthropic", "claude-sonnet-4-5", {"temperature": 1.7}, "/temperature", "model claude-sonnet-4-5"),
        ("anthropic", "claude-sonnet-4-5", {"seed": 1}, "/seed", "dialect anthropic"),
        ("openai", "gpt-5", {"logit_bias": {"1": 2}}, "/logit_bias", "model gpt-5"),
        ("openai", "gpt-4.1", {"top_k": 5}, "/top_k", "provider openai"),
        ("groq", "nobody-knows", {"logit_bias": {"1": 2}}, "/logit_bias", "provider groq"),
        ("groq", "openai/gpt-oss-120b", {"reasoning_effort": "max"}, "/reasoning_effort", "model openai/gpt-oss-120b"),
        ("gemini", "gemini-2.5-pro", {"verbosity": "low"}, "/verbosity", "dialect gemini"),
        ("bedrock", "anthropic.claude-sonnet-4-5-20250929-v1:0", {"temperature": 1.7}, "/temperature",
         "model claude-sonnet-4-5"),
    ],
)  # fmt: skip
def test_the_cause_of_a_loss_is_found(to, model, asked, path, cause):
    more = CLAUDE_PLACE if to == "bedrock" else {}
    assert causes(OPENAI | asked, to, model, **more)[path] == cause


def test_of_two_losses_of_a_field_each_has_its_own_cause():
    body = {"messages": [{"role": "user", "content": [{"text": "Hi"}]}], "inferenceConfig": {"maxTokens": 4000},
            "additionalModelRequestFields": {"thinking": {"type": "enabled", "budget_tokens": 2400}}}  # fmt: skip
    head = {"from": "bedrock", "to": "gemini", "model": "gemini-3-pro-preview", "causes": True}
    told = orjson.loads(boundary.request(orjson.dumps(head), orjson.dumps(body)).head)
    path = "/additionalModelRequestFields/thinking"
    found = [cause for loss, cause in zip(told["losses"], told["causes"], strict=True) if loss["path"] == path]
    assert found == ["dialect gemini", "model gemini-3-pro"]


def test_a_request_that_others_cannot_take_at_all_still_has_causes():
    file = {"type": "file", "file": {"file_id": "file-abc"}}  # of OpenAI's own store
    body = {"messages": [{"role": "user", "content": [{"type": "text", "text": "Hi"}, file]}], "top_k": 5}
    head = {"to": "groq", "model": "openai/gpt-oss-120b"}
    assert boundary.request(orjson.dumps(head), orjson.dumps({"model": "m", **body})).status == 400
    assert causes(body, "openai", "gpt-4.1") == {"/top_k": "provider openai"}


def test_nobody_is_told_causes_who_does_not_ask():
    answer = boundary.request(b'{"to":"openai","model":"gpt-5"}', orjson.dumps({"model": "m", **OPENAI}))
    assert "causes" not in orjson.loads(answer.head)
