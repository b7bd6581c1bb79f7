"""Bodies that say everything at once, in every spelling: what a plain one does not say cannot be damaged."""

from collections.abc import Iterator
from typing import Any

Body = dict[str, Any]

_PNG, _PDF, _WAV, _TXT = "iVBORw0KGgo=", "JVBERi0=", "UklGRg==", "cGxhaW4="
_MARK = {"type": "ephemeral", "ttl": "1h"}
_SCHEMA = {
    "type": "object",
    "properties": {"a": {"type": ["string", "null"]}, "b": {"$ref": "#/$defs/x"}},
    "required": ["a", "b"],
    "additionalProperties": False,
    "$defs": {"x": {"type": "integer", "minimum": 1}},
}
_AREA = {"type": "approximate", "country": "DE", "city": "Ulm", "region": "BW", "timezone": "Europe/Berlin"}


def _text(words: str, **more: Any) -> Body:
    return {"type": "text", "text": words, **more}


def _call(name: str, **more: Any) -> Body:
    return {"id": name, "type": "function", "function": {"name": "f", "arguments": '{"a":1}'}, **more}


_CHAT_MEDIA = [
    _text("a", cache_control=_MARK),
    _text("b", prompt_cache_breakpoint={"mode": "explicit"}),
    {"type": "image_url", "image_url": "https://h.example/a.png"},
    {
        "type": "image_url",
        "image_url": {"url": f"data:image/png;base64,{_PNG}", "detail": "low", "format": "image/png"},
    },
    {"type": "video_url", "video_url": {"url": "https://h.example/a.mp4", "mime_type": "video/mp4", "detail": "high"}},
    {"type": "input_audio", "input_audio": {"data": f"data:audio/mp3;base64,{_WAV}", "format": "wav"}},
    {"type": "file", "file": {"filename": "a.pdf", "file_data": _PDF, "mime_type": "application/pdf"}},
    {"type": "file", "file": {"file_url": "https://h.example/b.pdf", "format": "application/pdf"}},
    {"type": "file", "file": {"file_id": "file-1", "filename": "c.pdf"}, "cache_control": _MARK},
    {"type": "document_url", "document_url": "https://h.example/d.pdf", "document_name": "d"},
    {"type": "file_url", "file_url": {"url": f"data:text/plain;base64,{_TXT}"}},
    {"type": "file_url", "file_url": "https://h.example/no-name"},
    {"type": "image_url", "image_url": {"url": "https://h.example/no-name"}},
]
_CHAT_TALK = [
    {"role": "system", "content": "S", "name": "s", "cache_control": _MARK},
    {"role": "developer", "content": [_text("D")]},
    {"role": "user", "content": [_text("a"), _text("b", cache_control=_MARK)], "name": "u"},
    {
        "role": "assistant", "content": "So", "name": "n", "refusal": "No", "cache_control": _MARK,
        "thinking_blocks": [
            {"type": "thinking", "thinking": "hm", "signature": "c2ln", "index": 0},
            {"type": "redacted_thinking", "data": "ZGF0YQ==", "index": 1},
        ],
        "extra_content": {"google": {"thought_signature": "Z28="}, "anthropic": {"signature": "YW4="}},
        "tool_calls": [
            _call("c1", provider_specific_fields={"thought_signature": "c2ln"}, cache_control=_MARK),
            _call("c2__thought__c2ln"),
            {"id": "c3", "type": "custom", "custom": {"name": "sh", "input": "ls"}},
            {"id": "c4", "type": "function", "function": {
                "name": "g", "arguments": {"a": 1}, "thought_signature": "x"}},
        ],
    },
    {"role": "tool", "tool_call_id": "c1", "name": "f", "content": "1", "cache_control": _MARK},
    {"role": "tool", "tool_call_id": "c2__thought__c2ln", "content": [_text("2", cache_control=_MARK)]},
    {"role": "tool", "tool_call_id": "c3", "content": [
        {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{_PNG}"}}]},
    {"role": "tool", "tool_call_id": "c4", "content": ""},
    {
        "role": "assistant", "content": None,
        "content_blocks": [{"type": "thinking", "thinking": "h", "signature": "s"}, _text("said")],
    },
    {"role": "user", "content": "x"},
    {
        "role": "assistant", "content": [{"type": "thinking", "thinking": [_text("t")], "signature": "s"}, _text("A")],
        "reasoning_content": "t",
    },
    {"role": "user", "content": "y"},
    {
        "role": "assistant", "content": "B", "reasoning": {"content": "r"},
        "reasoning_details": [
            {"type": "reasoning.text", "text": "t", "signature": "s", "format": "anthropic-claude-v1", "index": 0},
            {"type": "reasoning.summary", "summary": "u", "id": "i"},
            {"type": "reasoning.encrypted", "data": "ZGF0YQ==", "format": "google-gemini-v1"},
        ],
    },
    {"role": "user", "content": "z"},
]  # fmt: skip
_CHAT_TOOLS = [
    {"type": "function", "function": {"name": "f", "description": "d", "parameters": _SCHEMA, "strict": True}},
    {"type": "function", "function": {"name": "g", "cache_control": _MARK}, "cache_control": _MARK},
    {"type": "custom", "custom": {"name": "sh", "description": "d", "format": {
        "type": "grammar", "grammar": {"syntax": "lark", "definition": "x"}}}},
    {"type": "web_search", "filters": {"allowed_domains": ["a.example"]}, "user_location": _AREA},
]  # fmt: skip
_CHAT: dict[str, Body] = {
    "talk": {"model": "m", "messages": _CHAT_TALK, "tools": _CHAT_TOOLS},
    "wishes": {
        "model": "m", "messages": [{"role": "user", "content": "Hi"}], "max_completion_tokens": 900, "max_tokens": 900,
        "temperature": 0.5, "top_p": 0.5, "top_k": 7, "n": 2, "seed": 3, "stop": ["a", "b"], "presence_penalty": 0.5,
        "frequency_penalty": 0.5, "logit_bias": {"7": 5}, "logprobs": True, "top_logprobs": 2, "user": "u",
        "metadata": {"a": "b"}, "store": True, "service_tier": "flex", "verbosity": "low", "prompt_cache_key": "k",
        "safety_identifier": "s", "modalities": ["text"], "stream": True, "stream_options": {"include_usage": True},
        "tools": _CHAT_TOOLS, "parallel_tool_calls": False, "cache_control": _MARK, "reasoning_effort": "low",
        "tool_choice": {"type": "allowed_tools", "allowed_tools": {"mode": "auto", "tools": [
            {"type": "function", "function": {"name": "f"}}, {"type": "custom", "custom": {"name": "sh"}}]}},
        "response_format": {"type": "json_schema", "json_schema": {
            "name": "n", "description": "d", "strict": True, "schema": _SCHEMA}},
        "web_search_options": {"search_context_size": "low", "user_location": {
            "type": "approximate", "approximate": {"country": "DE", "city": "Ulm"}}},
        "prediction": {"type": "content", "content": "x"}, "audio": {"voice": "alloy", "format": "wav"},
    },
    "other wishes": {
        "model": "m", "messages": [{"role": "user", "content": "Hi"}], "reasoning": {
            "effort": "high", "max_tokens": 2000, "exclude": True, "enabled": True},
        "thinking": {"type": "enabled", "budget_tokens": 2000},
        "tools": _CHAT_TOOLS[:1], "tool_choice": {"type": "function", "function": {"name": "f"}},
        "response_format": {"type": "json_object"}, "max_tokens": 9000,
    },
    "old style": {
        "model": "m", "functions": [{"name": "f", "description": "d", "parameters": {"type": "object"}}],
        "function_call": {"name": "f"}, "messages": [
            {"role": "user", "content": "Hi"},
            {"role": "assistant", "content": None, "function_call": {"name": "f", "arguments": "{}"}},
            {"role": "function", "name": "f", "content": "r"},
        ],
    },
}  # fmt: skip

_RESPONSES_MEDIA = [
    {"type": "input_image", "image_url": f"data:image/png;base64,{_PNG}", "detail": "low"},
    {"type": "input_image", "file_id": "file-1", "detail": "auto"},
    {"type": "input_file", "filename": "a.pdf", "file_data": f"data:application/pdf;base64,{_PDF}"},
    {"type": "input_file", "file_url": "https://h.example/a.pdf", "detail": "low"},
    {"type": "input_file", "file_id": "file-2"},
    {"type": "input_file", "filename": "a.csv", "file_data": "data:application/octet-stream;base64,QQ=="},
    {"type": "input_file", "file_url": "https://h.example/no-name"},
    {"type": "input_image", "image_url": "https://h.example/no-name"},
    {"type": "input_audio", "input_audio": {"data": _WAV, "format": "wav"}},
]
_RESPONSES: dict[str, Body] = {
    "items": {
        "model": "m", "store": False, "instructions": "I", "input": [
            {"role": "developer", "content": "D"},
            {"type": "message", "role": "user", "id": "msg_1", "status": "completed", "content": [
                {"type": "input_text", "text": "a"}]},
            {"type": "reasoning", "id": "rs_1", "encrypted_content": "gAAA", "status": "completed",
             "summary": [{"type": "summary_text", "text": "s"}], "content": [{"type": "reasoning_text", "text": "r"}]},
            {"type": "message", "id": "msg_2", "role": "assistant", "status": "completed", "content": [
                {"type": "output_text", "text": "o", "annotations": [
                    {"type": "url_citation", "url": "https://h.example", "title": "T", "start_index": 0,
                     "end_index": 1}],
                 "logprobs": []},
                {"type": "refusal", "refusal": "no"}]},
            {"type": "function_call", "id": "fc_1", "call_id": "c1", "name": "f", "arguments": "{}",
             "status": "completed"},
            {"type": "custom_tool_call", "id": "ctc_1", "call_id": "c2", "name": "sh", "input": "ls"},
            {"type": "function_call_output", "call_id": "c1", "id": "fo_1", "status": "completed", "output": [
                {"type": "input_text", "text": "r"},
                {"type": "input_image", "image_url": f"data:image/png;base64,{_PNG}"}]},
            {"type": "custom_tool_call_output", "call_id": "c2", "output": "r"},
            {"type": "web_search_call", "id": "ws_1", "status": "completed",
             "action": {"type": "search", "query": "q"}},
            {"role": "user", "content": "z"},
        ],
        "tools": [
            {"type": "function", "name": "f", "description": "d", "parameters": _SCHEMA, "strict": True},
            {"type": "custom", "name": "sh", "description": "d", "format": {
                "type": "grammar", "syntax": "lark", "definition": "x"}},
            {"type": "web_search", "filters": {"allowed_domains": ["a.example"]}, "search_context_size": "low",
             "user_location": _AREA},
        ],
        "tool_choice": {"type": "allowed_tools", "mode": "required", "tools": [
            {"type": "function", "name": "f"}, {"type": "custom", "name": "sh"}]},
    },
    "wishes": {
        "model": "m", "store": True, "input": "x", "max_output_tokens": 900, "temperature": 0.5, "top_p": 0.5,
        "stream": True, "stream_options": {"include_obfuscation": False}, "parallel_tool_calls": False,
        "include": ["message.output_text.logprobs", "reasoning.encrypted_content", "file_search_call.results"],
        "top_logprobs": 2, "user": "u", "safety_identifier": "s", "metadata": {"a": "b"}, "service_tier": "flex",
        "prompt_cache_key": "k", "prompt_cache_retention": "24h", "prompt_cache_options": {"mode": "explicit"},
        "moderation": {"model": "m"}, "reasoning": {"effort": "low", "summary": "auto", "generate_summary": "auto"},
        "text": {"verbosity": "low", "format": {
            "type": "json_schema", "name": "n", "description": "d", "strict": True, "schema": _SCHEMA}},
        "tools": [{"type": "function", "name": "f", "parameters": None, "strict": None}],
        "tool_choice": {"type": "function", "name": "f"}, "truncation": "disabled", "max_tool_calls": 3,
    },
}  # fmt: skip

_MESSAGES_MEDIA = [
    {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": _PNG}, "cache_control": _MARK},
    {"type": "image", "source": {"type": "url", "url": "https://h.example/a.png"}},
    {"type": "image", "source": {"type": "file", "file_id": "file_1"}},
    {"type": "document", "title": "T", "context": "C", "citations": {"enabled": True}, "cache_control": _MARK,
     "source": {"type": "base64", "media_type": "application/pdf", "data": _PDF}},
    {"type": "document", "source": {"type": "url", "url": "https://h.example/a.pdf"}},
    {"type": "document", "title": "T", "source": {"type": "text", "media_type": "text/plain", "data": "words"}},
    {"type": "document", "source": {"type": "url", "url": "https://h.example/no-name"}},
    {"type": "search_result", "source": "s", "title": "t", "content": [{"type": "text", "text": "c"}]},
]  # fmt: skip
_MESSAGES: dict[str, Body] = {
    "blocks": {
        "model": "m", "max_tokens": 9000, "system": [{"type": "text", "text": "s", "cache_control": _MARK}],
        "messages": [
            {"role": "user", "content": [
                {"type": "text", "text": "q", "cache_control": _MARK}]},
            {"role": "assistant", "content": [
                {"type": "thinking", "thinking": "h", "signature": "c2ln"},
                {"type": "redacted_thinking", "data": "ZGF0YQ=="},
                {"type": "text", "text": "so", "citations": [
                    {"type": "web_search_result_location", "url": "https://h.example", "title": "t",
                     "encrypted_index": "e", "cited_text": "c"}]},
                {"type": "tool_use", "id": "c1", "name": "f", "input": {"a": 1}, "cache_control": _MARK},
                {"type": "tool_use", "id": "c2", "name": "f", "input": {}}]},
            {"role": "user", "content": [
                {"type": "tool_result", "tool_use_id": "c1", "is_error": True, "cache_control": _MARK, "content": [
                    {"type": "text", "text": "r", "cache_control": _MARK},
                    {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": _PNG}}]},
                {"type": "tool_result", "tool_use_id": "c2", "content": "r"},
                {"type": "text", "text": "and?"}]},
            {"role": "system", "content": "S"},
            {"role": "assistant", "content": "I begin"},
        ],
        "tools": [
            {"type": "custom", "name": "f", "description": "d", "input_schema": _SCHEMA, "strict": True,
             "cache_control": _MARK},
            {"type": "web_search_20250305", "name": "web_search", "max_uses": 3, "allowed_domains": ["a.example"],
             "user_location": _AREA, "cache_control": _MARK},
        ],
        "tool_choice": {"type": "tool", "name": "f", "disable_parallel_tool_use": True},
    },
    "wishes": {
        "model": "m", "max_tokens": 9000, "messages": [{"role": "user", "content": "Hi"}], "stream": True,
        "stop_sequences": ["a", "b"], "temperature": 1, "top_p": 0.95, "top_k": 5,
        "metadata": {"user_id": "u"}, "service_tier": "standard_only", "cache_control": _MARK,
        "thinking": {"type": "enabled", "budget_tokens": 2000, "display": "omitted"},
        "output_config": {"effort": "low", "format": {"type": "json_schema", "schema": _SCHEMA}},
        "tools": [{"name": "f", "input_schema": {"type": "object"}}], "tool_choice": {"type": "auto"},
    },
    "old place": {
        "model": "m", "max_tokens": 100, "messages": [{"role": "user", "content": "Hi"}],
        "output_format": {"type": "json_schema", "schema": _SCHEMA}, "thinking": {"type": "adaptive"},
    },
}  # fmt: skip

_GEMINI_MEDIA = [
    {"fileData": {"fileUri": "gs://b/a.mp4", "mimeType": "video/mp4", "displayName": "v"},
     "videoMetadata": {"startOffset": "1s", "endOffset": "2s", "fps": 5}},
    {"file_data": {"file_uri": "https://generativelanguage.googleapis.com/v1beta/files/x", "mime_type": "image/png"}},
    {"fileData": {"fileUri": "https://h.example/a.pdf"}},
    {"inline_data": {"mime_type": "text/plain", "data": _TXT, "display_name": "n"}},
    {"inlineData": {"mimeType": "audio/wav", "data": _WAV}},
    {"fileData": {"fileUri": "https://h.example/no-name"}},
    {"executableCode": {"language": "PYTHON", "code": "1"}},
]  # fmt: skip
_GEMINI: dict[str, Body] = {
    "parts": {
        "systemInstruction": {"role": "user", "parts": [{"text": "s"}]},
        "contents": [
            {"role": "user", "parts": [
                {"text": "q"},
                {"inlineData": {"mimeType": "image/png", "data": _PNG, "displayName": "n"},
                 "mediaResolution": {"level": "MEDIA_RESOLUTION_LOW"}}]},
            {"role": "model", "parts": [
                {"text": "h", "thought": True, "thoughtSignature": "c2ln"},
                {"text": "so", "thoughtSignature": "c2lo"},
                {"functionCall": {"id": "c1", "name": "f", "args": {"a": 1}}, "thoughtSignature": "c2lp"},
                {"function_call": {"name": "g", "args": {}}}]},
            {"role": "user", "parts": [
                {"functionResponse": {"id": "c1", "name": "f", "response": {"output": "r"}, "parts": [
                    {"inlineData": {"mimeType": "image/png", "data": _PNG}}]}},
                {"function_response": {"name": "g", "response": {"error": "no"}, "scheduling": "SILENT"}}]},
        ],
        "tools": [
            {"functionDeclarations": [
                {"name": "f", "description": "d", "parameters": {"type": "OBJECT", "properties": {
                    "a": {"type": "STRING", "nullable": True, "maxLength": "5"}}, "required": ["a"]}},
                {"name": "g", "parametersJsonSchema": _SCHEMA, "response": {"type": "OBJECT"}}]},
            {"googleSearch": {}},
        ],
        "toolConfig": {"functionCallingConfig": {"mode": "ANY", "allowedFunctionNames": ["f", "g"]},
                       "retrievalConfig": {"languageCode": "fr"}},
    },
    "wishes": {
        "contents": [{"role": "user", "parts": [{"text": "q"}]}], "serviceTier": "flex", "labels": {"a": "b"},
        "store": True, "cachedContent": "cachedContents/x",
        "safetySettings": [{"category": "HARM_CATEGORY_HARASSMENT", "threshold": "OFF"}],
        "generationConfig": {
            "maxOutputTokens": 900, "temperature": 0.5, "topP": 0.5, "topK": 7, "candidateCount": 2, "seed": 3,
            "stopSequences": ["a", "b"], "presencePenalty": 0.5, "frequencyPenalty": 0.5, "responseLogprobs": True,
            "logprobs": 2, "responseModalities": ["TEXT"], "mediaResolution": "MEDIA_RESOLUTION_LOW",
            "responseMimeType": "application/json", "responseSchema": {"type": "OBJECT", "properties": {
                "a": {"type": "STRING", "nullable": True}}, "propertyOrdering": ["a"]},
            "thinkingConfig": {"includeThoughts": True, "thinkingBudget": 2000, "thinkingLevel": "LOW"},
            "speechConfig": {"voiceConfig": {}},
        },
    },
    "other spelling": {
        "model": "models/m", "stream": True, "system_instruction": {"parts": {"text": "s"}},
        "service_tier": "SERVICE_TIER_PRIORITY",
        "contents": {"parts": {"text": "q"}},
        "tools": {"function_declarations": {"name": "f"}},
        "tool_config": {"function_calling_config": {"mode": "VALIDATED", "allowed_function_names": ["f"]}},
        "generation_config": {"max_output_tokens": 900, "response_mime_type": "application/json",
                              "response_json_schema": _SCHEMA, "thinking_config": {"thinking_level": "HIGH",
                              "include_thoughts": False}},
    },
}  # fmt: skip

_CONVERSE_MEDIA = [
    {"document": {"name": "a", "format": "pdf", "context": "c", "citations": {"enabled": True},
                  "source": {"bytes": _PDF}}},
    {"document": {"name": "b", "format": "txt", "source": {"text": "words"}}},
    {"document": {"name": "c", "source": {"content": [{"text": "chunk"}]}}},
    {"image": {"source": {"s3Location": {"uri": "s3://b/a.png"}}}},
    {"video": {"format": "mp4", "source": {"s3Location": {"uri": "s3://b/a.mp4", "bucketOwner": "1"}}}},
    {"audio": {"format": "wav", "source": {"bytes": _WAV}}},
    {"guardContent": {"text": {"text": "g", "qualifiers": ["query"]}}},
]  # fmt: skip
_CONVERSE: dict[str, Body] = {
    "blocks": {
        "system": [{"text": "s"}, {"cachePoint": {"type": "default", "ttl": "1h"}}],
        "messages": [
            {"role": "user", "content": [
                {"image": {"format": "png", "source": {"bytes": _PNG}}},
                {"cachePoint": {"type": "default"}},
                {"text": "q"}]},
            {"role": "assistant", "content": [
                {"reasoningContent": {"reasoningText": {"text": "h", "signature": "c2ln"}}},
                {"reasoningContent": {"redactedContent": "ZGF0YQ=="}},
                {"citationsContent": {"content": [{"text": "so"}], "citations": [
                    {"title": "T", "location": {"web": {"url": "https://h.example", "domain": "h"}},
                     "sourceContent": [{"text": "c"}]}]}},
                {"toolUse": {"toolUseId": "c2", "name": "f", "input": {"a": 1}}},
                {"cachePoint": {"type": "default"}},
                {"cachePoint": {"type": "default", "ttl": "5m"}}]},
            {"role": "user", "content": [
                {"toolResult": {"toolUseId": "c2", "status": "error", "content": [
                    {"json": {"x": 1}}, {"text": "r"}, {"image": {"format": "png", "source": {"bytes": _PNG}}}]}},
                {"cachePoint": {"type": "default"}},
                {"text": "and?"}]},
        ],
        "toolConfig": {
            "tools": [
                {"toolSpec": {"name": "f", "description": "d", "inputSchema": {"json": _SCHEMA}, "strict": True}},
                {"cachePoint": {"type": "default"}},
                {"systemTool": {"name": "nova_grounding"}}],
            "toolChoice": {"tool": {"name": "f"}},
        },
    },
    "wishes": {
        "model": "m", "stream": True, "messages": [{"role": "user", "content": [{"text": "q"}]}],
        "inferenceConfig": {"maxTokens": 9000, "temperature": 1, "topP": 0.95, "stopSequences": ["a", "b"]},
        "additionalModelRequestFields": {
            "thinking": {"type": "enabled", "budget_tokens": 2000, "display": "omitted"}, "top_k": 5,
            "tool_choice": {"type": "auto", "disable_parallel_tool_use": True}, "x_own": 1},
        "outputConfig": {"effort": "low", "textFormat": {"type": "json_schema", "structure": {"jsonSchema": {
            "schema": '{"type":"object","properties":{"a":{"type":"string"}}}', "name": "n", "description": "d"}}}},
        "requestMetadata": {"a": "b"}, "serviceTier": {"type": "flex"},
        "toolConfig": {"tools": [{"toolSpec": {"name": "f", "inputSchema": {"json": {}}}}], "toolChoice": {"any": {}}},
        "additionalModelResponseFieldPaths": ["/stop_sequence"], "performanceConfig": {"latency": "optimized"},
    },
    "other words": {
        "messages": [{"role": "user", "content": [{"text": "q"}]}],
        "additionalModelRequestFields": {
            "reasoningConfig": {"type": "enabled", "maxReasoningEffort": "low"}, "inferenceConfig": {"topK": 5},
            "reasoning_effort": "high", "output_config": {"effort": "low"}, "reasoning_config": "low"},
    },
}  # fmt: skip


def requests() -> Iterator[tuple[str, str, Body]]:
    """(client, name, body); media stand alone, since few targets take all of them."""
    for client, bodies in (
        ("openai_chat", _CHAT), ("openai_responses", _RESPONSES), ("anthropic", _MESSAGES), ("gemini", _GEMINI),
        ("bedrock", _CONVERSE),
    ):  # fmt: skip
        yield from ((client, f"rich {name}", body) for name, body in bodies.items())
    for number, part in enumerate(_CHAT_MEDIA, 1):
        yield "openai_chat", f"rich part {number}", {"model": "m", "messages": [{"role": "user", "content": [part]}]}
    for number, part in enumerate(_RESPONSES_MEDIA, 1):
        item = {"role": "user", "content": [part]}
        yield "openai_responses", f"rich part {number}", {"model": "m", "store": True, "input": [item]}
    for number, part in enumerate(_MESSAGES_MEDIA, 1):
        messages = [{"role": "user", "content": [part]}]
        yield "anthropic", f"rich part {number}", {"model": "m", "max_tokens": 9, "messages": messages}
    for number, part in enumerate(_GEMINI_MEDIA, 1):
        yield "gemini", f"rich part {number}", {"contents": [{"role": "user", "parts": [part]}]}
    for number, part in enumerate(_CONVERSE_MEDIA, 1):
        yield "bedrock", f"rich part {number}", {"messages": [{"role": "user", "content": [part, {"text": "q"}]}]}
