"""What only clients of a provider's own dialect are told of an answer is named once, for replies and streams alike."""

import orjson
import pytest
from dragoman.translate.fields.answers import LEVELS, unheard
from proof.calls import cut, frames, plain_context, receive, stream

TEXT = "Hello"
CHAT = {
    "id": "c", "object": "chat.completion", "created": 5, "model": "m", "service_tier": "default",
    "system_fingerprint": "fp", "moderation": {"input": {"model": "o"}}, "citations": ["https://x.example"],
    "choices": [{
        "index": 0, "finish_reason": "stop", "logprobs": None, "native_finish_reason": "stop", "seed": 3,
        "content_filter_results": {"hate": {"filtered": False}},
        "message": {
            "role": "assistant", "content": TEXT, "refusal": None, "reasoning_content": "hm", "annotations": [],
            "audio": {"id": "a"}, "executed_tools": [{"x": 1}],
        },
    }],
    "usage": {
        "prompt_tokens": 9, "completion_tokens": 4, "total_tokens": 13, "prompt_tokens_details": {"cached_tokens": 2},
        "completion_tokens_details": {"reasoning_tokens": 1}, "cost": 0.5, "queue_time": 0.1,
        "prompt_cache_hit_tokens": 2, "prompt_cache_miss_tokens": 7,
    },
    "x_groq": {"id": "g"},
}  # fmt: skip
RESPONSES = {
    "id": "r", "object": "response", "created_at": 5, "completed_at": 6, "model": "m", "status": "completed",
    "output": [
        {"type": "message", "id": "m1", "status": "completed", "role": "assistant", "phase": "final_answer",
         "content": [{"type": "output_text", "text": TEXT, "annotations": [], "logprobs": []}]},
        {"type": "function_call", "id": "f1", "status": "completed", "call_id": "c1", "name": "f", "arguments": "{}",
         "namespace": "n", "caller": {"type": "direct"}},
    ],
    "usage": {"input_tokens": 9, "output_tokens": 4, "total_tokens": 13, "input_tokens_details": {"cached_tokens": 2},
              "output_tokens_details": {"reasoning_tokens": 1}, "cost": 0.5},
    "tools": [{"type": "function", "name": "f"}], "tool_choice": "auto", "temperature": 1.0, "top_p": 1.0,
    "text": {"format": {"type": "text"}}, "truncation": "disabled", "instructions": "Be kind", "store": True,
    "parallel_tool_calls": True, "reasoning": {"effort": "low"}, "metadata": {"a": "b"}, "user": "u",
    "max_output_tokens": 100, "background": True, "previous_response_id": "r0", "prompt_cache_key": "k",
    "safety_identifier": "s", "top_logprobs": 2, "max_tool_calls": 3, "prompt": {"id": "p"}, "service_tier": "default",
    "error": None, "incomplete_details": None, "moderation": {"input": {}}, "conversation": {"id": "v"},
    "billing": {"payer": "developer"},
}  # fmt: skip
CLAUDE = {
    "id": "1", "type": "message", "role": "assistant", "model": "m", "stop_reason": "tool_use", "stop_sequence": None,
    "content": [
        {"type": "text", "text": TEXT},
        {"type": "tool_use", "id": "c1", "name": "f", "input": {}, "caller": {"type": "code", "tool_id": "t"}},
        {"type": "tool_use", "id": "c2", "name": "f", "input": {}, "caller": {"type": "direct"}},
    ],
    "usage": {"input_tokens": 9, "output_tokens": 4, "cache_creation_input_tokens": 1, "cache_read_input_tokens": 2,
              "cache_creation": {"ephemeral_5m_input_tokens": 1}, "service_tier": "standard", "inference_geo": "us",
              "output_tokens_details": {"thinking_tokens": 1}, "server_tool_use": {"web_search_requests": 1}},
    "container": {"id": "k"}, "context_management": {"applied_edits": [{"type": "x"}]},
}  # fmt: skip
GOOGLE = {
    "candidates": [{"index": 0, "finishReason": "STOP", "content": {"role": "model", "parts": [{"text": TEXT}]},
                    "safetyRatings": [{"category": "x"}], "avgLogprobs": -0.1, "tokenCount": 4}],
    "usageMetadata": {"promptTokenCount": 9, "candidatesTokenCount": 4, "totalTokenCount": 13,
                      "trafficType": "ON_DEMAND", "thoughtsTokenCount": 1, "cachedContentTokenCount": 2,
                      "toolUsePromptTokenCount": 3,
                      "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 9}], "serviceTier": "standard",
                      "candidatesTokensDetails": [{"modality": "TEXT", "tokenCount": 4}],
                      "cacheTokensDetails": [{"modality": "TEXT", "tokenCount": 2}],
                      "toolUsePromptTokensDetails": [{"modality": "TEXT", "tokenCount": 3}]},
    "modelVersion": "m", "responseId": "r", "createTime": "2026-11-01T00:00:00Z", "modelStatus": {"modelStage": "GA"},
}  # fmt: skip
CONVERSE = {
    "output": {"message": {"role": "assistant", "content": [{"text": TEXT}]}}, "stopReason": "end_turn",
    "usage": {"inputTokens": 9, "outputTokens": 4, "totalTokens": 13, "cacheReadInputTokens": 2,
              "cacheWriteInputTokens": 1, "cacheDetails": [{"ttl": "5m", "inputTokens": 1}]},
    "metrics": {"latencyMs": 5}, "trace": {"guardrail": {"x": 1}}, "performanceConfig": {"latency": "optimized"},
    "serviceTier": {"type": "default"}, "additionalModelResponseFields": {"x": 1},
}  # fmt: skip
UNHEARD = {
    "openai_chat": (CHAT, (
        "choices[].native_finish_reason", "choices[].seed", "message.audio", "message.executed_tools", "moderation",
        "system_fingerprint", "usage.cost", "usage.queue_time", "x_groq",
    )),
    "openai_responses": (RESPONSES, ("billing", "conversation", "moderation", "output[].namespace", "output[].phase",
                                     "usage.cost")),
    "anthropic": (CLAUDE, ("container", "content[].caller", "context_management", "usage.inference_geo",
                           "usage.server_tool_use")),
    "gemini": (GOOGLE, ("candidates[].avgLogprobs", "candidates[].safetyRatings", "candidates[].tokenCount",
                        "modelStatus", "usageMetadata.trafficType")),
    "bedrock": (CONVERSE, ("additionalModelResponseFields", "performanceConfig", "trace")),
}  # fmt: skip
"""Dialect -> (a reply with what its wire documents list, what of it no other dialect has a place for)."""


@pytest.mark.parametrize("dialect", LEVELS)
def test_exactly_what_has_no_place_elsewhere_is_unheard(dialect):
    reply, names = UNHEARD[dialect]
    assert unheard(dialect, reply) == names


@pytest.mark.parametrize("dialect", LEVELS)
@pytest.mark.parametrize("client", LEVELS)
def test_it_is_one_hint_of_the_reply_to_clients_of_other_dialects_only(client, dialect):
    reply, names = UNHEARD[dialect]
    told = receive(plain_context(client, dialect), reply)
    assert told.status == 200
    found = [loss for loss in told.head["losses"] if "provider's dialect only" in loss["detail"]]
    if client == dialect:
        assert found == []
        return
    (loss,) = found
    assert (loss["path"], loss["kind"], loss["severity"]) == ("", "dropped", "hint")
    assert loss["detail"].endswith(f": {', '.join(names)}.")


def test_a_stream_names_the_same_as_the_reply():
    chunk = {key: value for key, value in CHAT.items() if key not in ("choices", "usage")}
    choice = CHAT["choices"][0]
    first = {**chunk, "choices": [{**choice, "message": None, "delta": choice["message"], "finish_reason": None}]}
    last = {**chunk, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}], "usage": CHAT["usage"]}
    wire = b"".join(b"data: " + orjson.dumps(item) + b"\n\n" for item in (first, last)) + b"data: [DONE]\n\n"
    out, head = stream(plain_context("anthropic", "openai_chat", stream=True), cut(wire, 50))
    assert frames(out)
    (detail,) = [loss["detail"] for loss in head["losses"] if "dialect only" in loss["detail"]]
    assert detail.endswith(f": {', '.join(UNHEARD['openai_chat'][1])}.")


def test_many_names_are_cut_to_some():
    reply = {**CHAT, **{f"x{number:02}": 1 for number in range(30)}}
    told = receive(plain_context("anthropic", "openai_chat"), reply)
    (detail,) = [loss["detail"] for loss in told.head["losses"] if "dialect only" in loss["detail"]]
    assert detail.endswith(" and 19 more.")
