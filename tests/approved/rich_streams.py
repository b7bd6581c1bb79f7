"""Streams that say everything at once, a few for each provider's dialect; what they tell is told in replies, too."""

from typing import Any

from .rich_answers import (
    CHAT_USAGE,
    CHOSEN,
    CITED,
    CONVERSE_USAGE,
    DETAILS,
    FOUND,
    GEMINI,
    GEMINI_PARTS,
    GEMINI_USAGE,
    GOOGLE,
    GROUNDED,
    IMAGES,
    ITEMS,
    LOGPROBS,
    MESSAGE_USAGE,
    NOTE,
    RESPONSE_USAGE,
    SIGNED,
    TOKEN,
    URL,
    WEB,
    Body,
    candidates,
    message,
    response,
    use,
)


def _chunk(delta: Body, **more: Any) -> tuple[str, Body]:
    choice = {"index": 0, "delta": delta, **more.pop("choice", {})}
    return "", {"id": "c1", "object": "chat.completion.chunk", "created": 5, "model": "m", "choices": [choice], **more}


_CHAT_STREAM = [
    _chunk({"role": "assistant", "content": ""}, service_tier="flex"),
    _chunk({"thinking_blocks": [{"type": "thinking", "thinking": "hm", "index": 0}]}),
    _chunk({"thinking_blocks": [{"type": "thinking", "signature": "c2ln"}]}),
    _chunk({"thinking_blocks": [{"type": "redacted_thinking", "data": "ZGF0YQ==", "index": 1}]}),
    _chunk({"content": "So it is"}, choice={"logprobs": LOGPROBS}),
    _chunk({"annotations": [NOTE]}),
    _chunk({"refusal": "No"}),
    _chunk({"images": IMAGES, **GOOGLE}),
    _chunk({"tool_calls": [{"index": 0, **use("c1", "", **SIGNED)}]}),
    _chunk({"tool_calls": [{"index": 0, "function": {"arguments": '{"a":1}'}}]}),
    _chunk({"tool_calls": [{"index": 1, "id": "c2", "type": "custom", "custom": {"name": "sh", "input": "ls"}}]}),
    _chunk({}, choice={"finish_reason": "tool_calls", "content_filter_results": FOUND}),
    ("", {"id": "c1", "choices": [], "usage": CHAT_USAGE, "citations": ["https://h.example/1"]}),
]
_CHAT_LESS = [
    _chunk({"role": "assistant", "reasoning_content": "hm"}),
    _chunk({"reasoning": "m"}),
    _chunk({"reasoning_details": DETAILS}),
    _chunk({"content": [{"type": "text", "text": "A"}]}, citations=["https://h.example/1"]),
    _chunk({"tool_calls": [{"id": "c1", "function": {"name": "f", "arguments": "null"}}]}),
    _chunk({"tool_calls": [{"function": {"arguments": "{}"}}]}),
    _chunk({"function_call": {"name": "g", "arguments": "{}"}}),
    _chunk({"content": "B"}, choice={"index": 1}),
    _chunk({}, choice={"finish_reason": ""}),
    _chunk({}, choice={"finish_reason": "stop"}, x_groq={"usage": CHAT_USAGE}),
]


def _typed(kind: str, **more: Any) -> tuple[str, Body]:
    return kind, {"type": kind, **more}


def _at(item: int, part: int = 0, name: str = "msg_1") -> Body:
    return {"item_id": name, "output_index": item, "content_index": part}


_RESPONSES_STREAM = [
    _typed("response.created", response=response(output=[], status="in_progress", service_tier="flex")),
    _typed("response.output_item.added", output_index=0, item={"type": "reasoning", "id": "rs_1", "summary": []}),
    _typed("response.reasoning_summary_text.delta", item_id="rs_1", output_index=0, summary_index=0, delta="s"),
    _typed("response.reasoning_summary_text.delta", item_id="rs_1", output_index=0, summary_index=1, delta="t"),
    _typed("response.reasoning_text.delta", item_id="rs_1", output_index=0, content_index=0, delta="r"),
    _typed("response.output_item.done", output_index=0, item=ITEMS[0]),
    _typed("response.output_item.done", output_index=1, item=ITEMS[1]),
    _typed("response.output_item.done", output_index=2, item=ITEMS[2]),
    _typed("response.output_item.added", output_index=3, item={"type": "message", "id": "msg_1", "content": []}),
    _typed("response.content_part.added", **_at(3), part={"type": "output_text", "text": ""}),
    _typed("response.output_text.delta", **_at(3), delta="So it is", logprobs=[{**TOKEN, "top_logprobs": [TOKEN]}]),
    _typed("response.output_text.annotation.added", **_at(3), annotation_index=0, annotation=URL),
    _typed("response.output_text.delta", **_at(3, 1), delta="and", logprobs=[]),
    _typed("response.refusal.delta", **_at(3, 2), delta="no"),
    _typed("response.output_item.done", output_index=3, item=ITEMS[3]),
    _typed("response.output_item.added", output_index=4, item={**ITEMS[4], "arguments": ""}),
    _typed("response.function_call_arguments.delta", item_id="fc_1", output_index=4, delta='{"a":1}'),
    _typed("response.output_item.done", output_index=4, item=ITEMS[4]),
    _typed("response.output_item.added", output_index=5, item={**ITEMS[5], "input": ""}),
    _typed("response.custom_tool_call_input.delta", item_id="ctc_1", output_index=5, delta="ls"),
    _typed("response.output_item.done", output_index=5, item=ITEMS[5]),
    _typed("response.completed", response=response(output=ITEMS, usage=RESPONSE_USAGE)),
]
_RESPONSES_LESS = [
    _typed("response.created", response=response(output=[], status="in_progress")),
    *[_typed("response.output_item.done", output_index=place, item=item) for place, item in enumerate(ITEMS[3:])],
    _typed("response.incomplete", response=response(
        output=ITEMS[3:], usage=RESPONSE_USAGE, status="incomplete", incomplete_details={"reason": "content_filter"})),
]  # fmt: skip
_RESPONSES_LEAST = [_typed("response.completed", response=response(output=ITEMS, usage=RESPONSE_USAGE))]


def _block(place: int, start: Body, *deltas: Body) -> list[tuple[str, Body]]:
    return [
        _typed("content_block_start", index=place, content_block=start),
        *[_typed("content_block_delta", index=place, delta=delta) for delta in deltas],
        _typed("content_block_stop", index=place),
    ]


_MESSAGES_STREAM = [
    _typed("message_start", message=message([], stop_reason=None, usage={**MESSAGE_USAGE, "output_tokens": 1})),
    *_block(0, {"type": "thinking", "thinking": "", "signature": ""}, {"type": "thinking_delta", "thinking": "hm"},
            {"type": "signature_delta", "signature": "c2ln"}),
    *_block(1, {"type": "redacted_thinking", "data": "ZGF0YQ=="}),
    *_block(2, {"type": "thinking", "thinking": "h", "signature": "s"}),
    *_block(3, {"type": "text", "text": ""}, {"type": "text_delta", "text": "So it is"},
            {"type": "citations_delta", "citation": CITED[0]}, {"type": "citations_delta", "citation": CITED[1]}),
    *_block(4, {"type": "text", "text": "and", "citations": CITED[2:]}),
    *_block(5, {"type": "server_tool_use", "id": "s1", "name": "web_search", "input": {}},
            {"type": "input_json_delta", "partial_json": '{"query":"q"}'}),
    *_block(6, {"type": "tool_use", "id": "c1", "name": "f", "input": {}},
            {"type": "input_json_delta", "partial_json": ""}, {"type": "input_json_delta", "partial_json": '{"a":1}'}),
    *_block(7, {"type": "tool_use", "id": "c2", "name": "f", "input": {"a": 1},
                "caller": {"type": "code_execution_20250825", "tool_id": "s1"}}),
    _typed("ping"),
    _typed("message_delta", delta={"stop_reason": "tool_use", "stop_sequence": None, "container": {"id": "x"}},
           usage={"output_tokens": 30, "output_tokens_details": {"thinking_tokens": 7}, "input_tokens": None}),
    _typed("message_stop"),
]  # fmt: skip
_MESSAGES_DECLINED = [
    _typed("message_start", message=message([], stop_reason=None, usage=None)),
    *_block(0, {"type": "text", "text": ""}, {"type": "text_delta", "text": "So"}),
    _typed("message_delta", delta={
        "stop_reason": "refusal", "stop_details": {"category": "cyber", "explanation": "No."}},
        usage={"output_tokens": 3}),
    _typed("message_stop"),
]  # fmt: skip

_GEMINI_STREAM = [
    ("", candidates({"content": {"parts": GEMINI_PARTS[:2]}}, createTime="2026-02-03T04:05:06Z")),
    ("", candidates({"content": {"parts": GEMINI_PARTS[2:4]}, "logprobsResult": CHOSEN})),
    ("", candidates({"content": {"parts": [{"text": "", "thought": True, "thoughtSignature": "c2lz"}]}})),
    ("", candidates({"content": {"parts": GEMINI_PARTS[4:6]}}, usageMetadata={"promptTokenCount": 3})),
    ("", candidates({"content": {"parts": [{"functionCall": {"name": "h", "willContinue": True, "partialArgs": [
        {"jsonPath": "$.a", "stringValue": "b"}]}}]}})),
    ("", candidates({"content": {"parts": [{"functionCall": {"willContinue": True, "partialArgs": [
        {"jsonPath": "$.a", "stringValue": "c"}, {"jsonPath": "$.d[0].e", "numberValue": 5}]}}]}})),
    ("", candidates({"content": {"parts": [{"functionCall": {}}]}})),
    ("", candidates({"content": {"parts": GEMINI_PARTS[6:]}})),
    ("", candidates({"content": {"parts": [{"text": "B"}]}, "index": 1, "finishReason": "MAX_TOKENS"})),
    ("", candidates({"finishReason": "STOP", "index": 0, **GROUNDED}, usageMetadata=GEMINI_USAGE)),
]  # fmt: skip
_GEMINI_BLOCKED = [("", GEMINI["blocked"])]
_GEMINI_FILTERED = [
    ("", candidates({"content": {"parts": [{"text": "A"}]}})),
    ("", candidates({"finishReason": "SAFETY", "finishMessage": "No."}, usageMetadata=GEMINI_USAGE)),
]


def _piece(place: int, delta: Body) -> tuple[str, Body]:
    return "contentBlockDelta", {"contentBlockIndex": place, "delta": delta}


def _stop(place: int) -> tuple[str, Body]:
    return "contentBlockStop", {"contentBlockIndex": place}


def _begin(place: int, start: Body) -> tuple[str, Body]:
    return "contentBlockStart", {"contentBlockIndex": place, "start": start}


_CONVERSE_STREAM = [
    ("messageStart", {"role": "assistant"}),
    _piece(0, {"reasoningContent": {"text": "h"}}), _piece(0, {"reasoningContent": {"signature": "c2ln"}}), _stop(0),
    _piece(1, {"reasoningContent": {"redactedContent": "ZGF0YQ=="}}), _stop(1),
    _piece(2, {"text": "So"}), _piece(2, {"text": ""}), _piece(2, {"citation": WEB}), _stop(2),
    _begin(3, {"toolUse": {"toolUseId": "c0", "name": "nova_grounding", "type": "server_tool_use"}}),
    _piece(3, {"toolUse": {"input": "{}"}}), _stop(3),
    _begin(4, {"toolUse": {"toolUseId": "c1", "name": "f"}}), _piece(4, {"toolUse": {"input": '{"a":1}'}}), _stop(4),
    ("messageStop", {"stopReason": "tool_use", "additionalModelResponseFields": {"stop_sequence": "END"}, "x": 1}),
    ("metadata", {"usage": CONVERSE_USAGE, "metrics": {"latencyMs": 5}, "trace": {}}),
]  # fmt: skip

STREAMS = {
    "openai_chat": {"said": _CHAT_STREAM, "less": _CHAT_LESS},
    "openai_responses": {"said": _RESPONSES_STREAM, "less": _RESPONSES_LESS, "least": _RESPONSES_LEAST},
    "anthropic": {"said": _MESSAGES_STREAM, "declined": _MESSAGES_DECLINED},
    "gemini": {"said": _GEMINI_STREAM, "blocked": _GEMINI_BLOCKED, "filtered": _GEMINI_FILTERED},
    "bedrock": {"said": _CONVERSE_STREAM},
}
