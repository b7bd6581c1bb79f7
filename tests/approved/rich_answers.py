"""Replies that say everything at once, a few for each provider's dialect."""

from typing import Any

Body = dict[str, Any]

_PNG = "iVBORw0KGgo="

TOKEN = {"token": "So", "logprob": -0.5, "bytes": [83, 111]}
NOTE = {
    "type": "url_citation",
    "url_citation": {"url": "https://h.example", "title": "T", "start_index": 0, "end_index": 2},
}
SIGNED = {"provider_specific_fields": {"thought_signature": "c2ln"}}
GOOGLE = {"extra_content": {"google": {"thought_signature": "Z28="}}}
CHAT_USAGE = {
    "prompt_tokens": 20, "completion_tokens": 30, "total_tokens": 50,
    "prompt_tokens_details": {"cached_tokens": 5, "cache_write_tokens": 3, "audio_tokens": 2},
    "completion_tokens_details": {"reasoning_tokens": 7, "audio_tokens": 4},
}  # fmt: skip
FOUND = {"hate": {"filtered": False, "severity": "safe"}, "violence": {"filtered": True, "severity": "high"}}
LOGPROBS = {"content": [{**TOKEN, "top_logprobs": [TOKEN, {"token": "No", "logprob": -1, "bytes": None}]}]}


def _chat(message: Body, **more: Any) -> Body:
    choice = {
        "index": 0,
        "message": {"role": "assistant", **message},
        "finish_reason": "stop",
        **more.pop("choice", {}),
    }
    return {"id": "c1", "object": "chat.completion", "created": 5, "model": "m", "choices": [choice], **more}


def use(name: str, arguments: Any = '{"a":1}', **more: Any) -> Body:
    return {"id": name, "type": "function", "function": {"name": "f", "arguments": arguments}, **more}


_BLOCKS = [
    {"type": "thinking", "thinking": "hm", "signature": "c2ln"}, {"type": "thinking", "thinking": "", "signature": "s"},
    {"type": "redacted_thinking", "data": "ZGF0YQ=="},
]  # fmt: skip
DETAILS = [
    {"type": "reasoning.text", "text": "t", "signature": "s", "format": "anthropic-claude-v1", "index": 0},
    {"type": "reasoning.summary", "summary": "u", "index": 1},
    {"type": "reasoning.text", "text": "", "signature": "w", "format": "openai-responses-v1", "index": 4},
    {"type": "reasoning.encrypted", "data": "ZGF0YQ==", "format": "google-gemini-v1", "index": 2},
    {"type": "reasoning.encrypted", "data": "ZGF0YR==", "format": "anthropic-claude-v1", "index": 3},
]
IMAGES = [
    {"index": 0, "type": "image_url", "image_url": {"url": f"data:image/png;base64,{_PNG}"}},
    {"type": "image_url", "image_url": {"url": "https://h.example/a.png"}},
]
_CHAT: dict[str, Body] = {
    "said": _chat(
        {"content": "So it is", "refusal": "No", "annotations": [NOTE], "images": IMAGES, **GOOGLE},
        usage=CHAT_USAGE, service_tier="on_demand", system_fingerprint="fp", citations=["https://h.example/1"],
        choice={"logprobs": LOGPROBS, "content_filter_results": FOUND},
    ),
    "thought": _chat(
        {"content": None, "reasoning_content": "hm", "thinking_blocks": _BLOCKS, "tool_calls": [
            use("c1", **SIGNED), use("c2", "", **GOOGLE), use("c3", "null"), use("c4", None),
            {"id": "c5", "type": "custom", "custom": {"name": "sh", "input": "ls"}}]},
        usage={**CHAT_USAGE, "total_tokens": 57, "cache_read_input_tokens": 5}, choice={"finish_reason": "tool_calls"},
    ),
    "details": _chat({"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "t"}]},
                                  {"type": "text", "text": "A"}], "reasoning_details": DETAILS}, created=5.5),
    "other details": _chat({"content": "A", "reasoning": {"content": "r"}, "reasoning_details": DETAILS[3:]}),
    "thoughts in the content": _chat({"content": [
        {"type": "thinking", "thinking": [{"type": "text", "text": "t"}, {"type": "text", "text": "u"}]},
        {"type": "thinking", "thinking": "v"}, {"type": "text", "text": "A"}, {"type": "text", "text": "B"}]}),
    "sources": _chat({"content": "A"}, citations=["https://h.example/1", "https://h.example/1", "https://h.example/2"]),
    "old style": _chat({"content": None, "function_call": {"name": "f", "arguments": "{}"}},
                       choice={"finish_reason": "function_call"}),
    "sound": _chat({"content": None, "audio": {"id": "a", "data": "UklGRg==", "transcript": "So", "expires_at": 1}}),
    "two": {"id": "c1", "model": "m", "choices": [
        {"index": 0, "message": {"role": "assistant", "content": "A"}, "finish_reason": "length"},
        {"index": 1, "message": {"role": "assistant", "content": "B"}, "finish_reason": "content_filter"}]},
}  # fmt: skip

RESPONSE_USAGE = {
    "input_tokens": 20, "output_tokens": 30, "total_tokens": 50,
    "input_tokens_details": {"cached_tokens": 5, "cache_write_tokens": 3,
                             "cache_write_tokens_details": {"ttl_12h_tokens": 1}},
    "output_tokens_details": {"reasoning_tokens": 7},
}  # fmt: skip
URL = {"type": "url_citation", "url": "https://h.example", "title": "T", "start_index": 0, "end_index": 2}
ITEMS = [
    {"type": "reasoning", "id": "rs_1", "encrypted_content": "gAAA", "summary": [
        {"type": "summary_text", "text": "s"}, {"type": "summary_text", "text": "t"}], "content": [
        {"type": "reasoning_text", "text": "r"}]},
    {"type": "reasoning", "id": "rs_2", "encrypted_content": "gAAB", "summary": []},
    {"type": "web_search_call", "id": "ws_1", "status": "completed", "action": {"type": "search", "query": "q"}},
    {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "content": [
        {"type": "output_text", "text": "So it is", "annotations": [URL, {"type": "file_citation", "filename": "f"}],
         "logprobs": [{**TOKEN, "top_logprobs": [TOKEN]}]},
        {"type": "output_text", "text": "and", "annotations": []},
        {"type": "refusal", "refusal": "no"}]},
    {"type": "function_call", "id": "fc_1", "call_id": "c1", "name": "f", "arguments": '{"a":1}',
     "status": "completed"},
    {"type": "custom_tool_call", "id": "ctc_1", "call_id": "c2", "name": "sh", "input": "ls"},
]  # fmt: skip


def response(**more: Any) -> Body:
    return {"id": "resp_1", "object": "response", "created_at": 5, "model": "m", "status": "completed", **more}


_RESPONSES: dict[str, Body] = {
    "said": response(output=ITEMS, usage=RESPONSE_USAGE, service_tier="default", incomplete_details=None),
    "cut": response(
        output=ITEMS[3:4], status="incomplete", incomplete_details={"reason": "max_output_tokens"}, usage=None
    ),
}

MESSAGE_USAGE = {
    "input_tokens": 20, "output_tokens": 30, "cache_creation_input_tokens": 8, "cache_read_input_tokens": 5,
    "cache_creation": {"ephemeral_5m_input_tokens": 5, "ephemeral_1h_input_tokens": 3},
    "output_tokens_details": {"thinking_tokens": 7}, "service_tier": "standard",
}  # fmt: skip
CITED = [
    {"type": "web_search_result_location", "url": "https://h.example", "title": "t", "encrypted_index": "e",
     "cited_text": "c"},
    {"type": "search_result_location", "source": "https://s.example", "title": "s", "cited_text": "d"},
    {"type": "char_location", "document_title": "D", "document_index": 0, "start_char_index": 0, "end_char_index": 2,
     "cited_text": "e"},
]  # fmt: skip
_MESSAGE_BLOCKS = [
    {"type": "thinking", "thinking": "h", "signature": "c2ln"},
    {"type": "redacted_thinking", "data": "ZGF0YQ=="},
    {"type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": {"query": "q"}},
    {"type": "text", "text": "So it is", "citations": CITED},
    {"type": "text", "text": " and"},
    {"type": "tool_use", "id": "c1", "name": "f", "input": {"a": 1}, "caller": {"type": "direct"}},
    {"type": "tool_use", "id": "c2", "name": "f", "input": {}},
]


def message(content: list[Body], **more: Any) -> Body:
    whole = {"id": "msg_1", "type": "message", "role": "assistant", "model": "m", "content": content}
    return {**whole, "stop_reason": "tool_use", "stop_sequence": None, "usage": MESSAGE_USAGE, **more}


_MESSAGES: dict[str, Body] = {
    "said": message(_MESSAGE_BLOCKS, container={"id": "x"}),
    "stopped": message(_MESSAGE_BLOCKS[3:4], stop_reason="stop_sequence", stop_sequence="END"),
    "declined": message([], stop_reason="refusal", stop_details={
        "type": "refusal", "category": "cyber", "explanation": "No."}),
    "declined in no words": message([], stop_reason="refusal", stop_details={"category": "cyber"}, usage=None),
}  # fmt: skip

GEMINI_USAGE = {
    "promptTokenCount": 20, "candidatesTokenCount": "30", "thoughtsTokenCount": 7, "toolUsePromptTokenCount": 2,
    "cachedContentTokenCount": 5, "totalTokenCount": 59, "serviceTier": "flex",
    "promptTokensDetails": [{"modality": "AUDIO", "tokenCount": 4}, {"modality": "TEXT", "tokenCount": 16}],
    "cacheTokensDetails": [{"modality": "AUDIO", "tokenCount": 1}],
    "candidatesTokensDetails": [{"modality": "AUDIO", "tokenCount": 3}],
}  # fmt: skip
GEMINI_PARTS = [
    {"text": "h", "thought": True}, {"text": "m", "thought": True, "thoughtSignature": "c2ln"},
    {"text": "Sö it "}, {"text": "is", "thoughtSignature": "c2lo"},
    {"functionCall": {"id": "c1", "name": "f", "args": {"a": 1}}, "thoughtSignature": "c2lp"},
    {"functionCall": {"name": "g"}},
    {"inlineData": {"mimeType": "image/png", "data": _PNG}, "thoughtSignature": "c2lq"},
    {"executableCode": {"language": "PYTHON", "code": "1"}},
    {"thoughtSignature": "c2lr"},
]  # fmt: skip
GROUNDED = {
    "groundingMetadata": {
        "webSearchQueries": ["q"],
        "groundingChunks": [{"web": {"uri": "https://h.example", "title": "T"}},
                            {"retrievedContext": {"title": "R", "text": "x"}},
                            {"maps": {"uri": "https://m.example"}}],
        "groundingSupports": [
            {"segment": {"startIndex": 0, "endIndex": 3, "text": "Sö"}, "groundingChunkIndices": [0, 1]},
            {"segment": {"endIndex": 99, "text": "is"}, "groundingChunkIndices": [0, 7]}],
    },
    "citationMetadata": {"citationSources": [
        {"startIndex": 4, "endIndex": 6, "uri": "https://c.example", "title": "C"}]},
    "urlContextMetadata": {"urlMetadata": [{"retrievedUrl": "https://u.example"}]},
}  # fmt: skip
CHOSEN = {
    "chosenCandidates": [{"token": "Sö", "logProbability": -0.5}, {"token": "it"}],
    "topCandidates": [{"candidates": [{"token": "Sö", "logProbability": -0.5}]}],
}


def candidates(*candidates: Body, **more: Any) -> Body:
    return {"candidates": list(candidates), "modelVersion": "m", "responseId": "r", **more}


GEMINI: dict[str, Body] = {
    "said": candidates(
        {"content": {"role": "model", "parts": GEMINI_PARTS}, "finishReason": "STOP", "index": 0, **GROUNDED,
         "logprobsResult": CHOSEN, "avgLogprobs": -0.5},
        usageMetadata=GEMINI_USAGE, createTime="2026-02-03T04:05:06.789Z", promptFeedback={},
    ),
    "two": candidates(
        {"content": {"parts": [{"text": "A"}]}, "finishReason": "SAFETY", "finishMessage": "No."},
        {"content": {"parts": [{"text": "B"}]}, "finishReason": "MALFORMED_FUNCTION_CALL", "index": 1,
         "finishMessage": "Bad."},
        {"content": {"parts": [{"text": "C"}]}, "finishReason": "RECITATION"},
    ),
    "blocked": {"promptFeedback": {"blockReason": "SAFETY", "blockReasonMessage": "No."}, "usageMetadata": {
        "promptTokenCount": 3}, "responseId": "r"},
}  # fmt: skip

CONVERSE_USAGE = {
    "inputTokens": 20, "outputTokens": 30, "totalTokens": 63, "cacheReadInputTokens": 5, "cacheWriteInputTokens": 8,
    "cacheDetails": [{"ttl": "5m", "inputTokens": 5}, {"ttl": "1h", "inputTokens": 3}],
}  # fmt: skip
WEB = {
    "title": "T",
    "location": {"web": {"url": "https://h.example", "domain": "h"}},
    "sourceContent": [{"text": "c"}, {"text": "d"}],
}
_CONVERSE: dict[str, Body] = {
    "said": {
        "output": {"message": {"role": "assistant", "content": [
            {"reasoningContent": {"reasoningText": {"text": "h", "signature": "c2ln"}}},
            {"reasoningContent": {"reasoningText": {"text": "[REDACTED]"}}},
            {"reasoningContent": {"redactedContent": "ZGF0YQ=="}},
            {"text": "So"},
            {"citationsContent": {"content": [{"text": "it"}, {"text": " is"}], "citations": [
                WEB, {"location": {"documentChar": {"documentIndex": 0, "start": 0, "end": 1}}}]}},
            {"toolUse": {"toolUseId": "c0", "name": "nova_grounding", "input": {}, "type": "server_tool_use"}},
            {"toolUse": {"toolUseId": "c1", "name": "f", "input": {"a": 1}}},
            {"toolUse": {"toolUseId": "c2", "name": "f", "input": None}}]}},
        "stopReason": "tool_use", "usage": CONVERSE_USAGE, "metrics": {"latencyMs": 5},
        "serviceTier": {"type": "priority"}, "additionalModelResponseFields": {"stop_sequence": "END"},
        "trace": {"guardrail": {}}, "performanceConfig": {"latency": "optimized"},
    },
    "stopped": {
        "output": {"message": {"role": "assistant", "content": [{"text": "So"}]}}, "stopReason": "stop_sequence",
        "usage": {"inputTokens": 1, "outputTokens": 2, "totalTokens": 3},
        "additionalModelResponseFields": {"stop_sequence": "END"},
    },
}  # fmt: skip


_FAULT = {"message": "No.", "type": "insufficient_quota", "param": "messages[0]", "code": "c", "inner": {"a": 1}}
_KEY = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}
_WAIT = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "1.5s"}
_QUOTA = {"code": 429, "message": "Slow.", "status": "RESOURCE_EXHAUSTED", "details": [_WAIT, {"reason": "R"}]}
ERRORS: dict[str, list[tuple[int, Any]]] = {
    "openai_chat": [(429, {"error": _FAULT}), (404, {"detail": "No."}),
                    (400, {"message": "No.", "type": "t", "code": 5}),
                    (400, {"code": "c", "error": "No."}), (503, "No."), (400, {"error": {**_FAULT, "code": "400"}})],
    "openai_responses": [(429, {"error": _FAULT, "status": 429})],
    "anthropic": [(400, {"type": "error", "error": {"type": "invalid_request_error", "message": "No.", "details": {
                        "error_code": "e"}},
                         "request_id": "r"}), (500, {"message": "No."}), (529, "No."), (413, {"error": "No."})],
    "gemini": [(400, {"error": {"code": 400, "message": "No.", "status": "INVALID_ARGUMENT", "details": [_KEY]}}),
               (429, [{"error": _QUOTA}]), (500, {"error": "No."}), (502, "No."), (404, {"error": {"message": "No."}})],
    "bedrock": [(400, {"message": "No."}), (403, {"Message": "No.", "__type": "com.amazon#AccessDeniedException"}),
                (424, {"message": "No.", "originalStatusCode": 429, "originalMessage": "Slow.", "resourceName": "r"}),
                (500, "No.")],
}  # fmt: skip
"""Provider's dialect -> statuses and bodies of errors."""

REPLIES = {
    "openai_chat": _CHAT, "openai_responses": _RESPONSES, "anthropic": _MESSAGES, "gemini": GEMINI,
    "bedrock": _CONVERSE,
}  # fmt: skip
