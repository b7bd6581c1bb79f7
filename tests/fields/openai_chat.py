"""The smallest requests around fields of chat clients: see `contexts`."""

from typing import Any

from ..probes.base import assistant, function, made, result, schema, system, user, wants

PNG = "iVBORw0KGgo="
PDF = "JVBERi0xLjQK"
DATA_URL = f"data:image/png;base64,{PNG}"
WAV = "UklGRiQAAABXQVZF"


def _chat(*messages: Any, **more: Any) -> dict[str, Any]:
    return {"model": "acc/m", "messages": list(messages) or [user("Hi")], **more}


def _said(part: Any) -> tuple[Any, str]:
    return _chat(user([{"type": "text", "text": "Hi"}, part])), "/messages/0/content/1"


_CALLED = _chat(user("Hi"), assistant(tool_calls=[made("c1", '{"a":1}')]), result("c1", "done"), tools=[function()])
_CUSTOM = {"type": "custom", "custom": {"name": "sh"}}
_FORMAT = wants(schema(a={"type": "string"}), strict=None)
_THINKING = {"type": "thinking", "thinking": "hm", "signature": "c2ln"}
_DETAIL = {"type": "reasoning.text", "text": "hm", "signature": "c2ln", "format": "anthropic-claude-v1", "index": 0}

CONTEXTS: dict[str, tuple[Any, str]] = {
    "": (_chat(), ""),
    "/messages/*:system": (_chat(system("Be kind"), user("Hi")), "/messages/0"),
    "/messages/*:system/content/*": (
        _chat(system([{"type": "text", "text": "Be kind"}]), user("Hi")),
        "/messages/0/content/0",
    ),
    "/messages/*:developer": (_chat({"role": "developer", "content": "Be kind"}, user("Hi")), "/messages/0"),
    "/messages/*:developer/content/*": (
        _chat({"role": "developer", "content": [{"type": "text", "text": "Be kind"}]}, user("Hi")),
        "/messages/0/content/0",
    ),
    "/messages/*:user": (_chat(), "/messages/0"),
    "/messages/*:user/content/*:text": (_chat(user([{"type": "text", "text": "Hi"}])), "/messages/0/content/0"),
    "/messages/*:user/content/*:image_url": _said({"type": "image_url", "image_url": {"url": DATA_URL}}),
    "/messages/*:user/content/*:input_audio": _said(
        {"type": "input_audio", "input_audio": {"data": WAV, "format": "wav"}}
    ),
    "/messages/*:user/content/*:video_url": _said(
        {"type": "video_url", "video_url": {"url": "data:video/mp4;base64,AAAAIGZ0eXBpc29t"}}
    ),
    "/messages/*:user/content/*:file": _said(
        {"type": "file", "file": {"filename": "a.pdf", "file_data": f"data:application/pdf;base64,{PDF}"}}
    ),
    "/messages/*:user/content/*:file/file/file_id": (
        _chat(user([{"type": "text", "text": "Hi"}, {"type": "file", "file": {}}])),
        "/messages/0/content/1/file/file_id",
    ),
    "/messages/*:user/content/*:file/file/file_url": (
        _chat(user([{"type": "text", "text": "Hi"}, {"type": "file", "file": {}}])),
        "/messages/0/content/1/file/file_url",
    ),
    "/messages/*/content/*:document": (_chat(user([{"type": "text", "text": "Hi"}])), "/messages/0/content/1"),
    "/messages/*:assistant": (_chat(user("Hi"), assistant("Ho"), user("Go on")), "/messages/1"),
    "/messages/*:assistant/content/*:text": (
        _chat(user("Hi"), assistant([{"type": "text", "text": "Ho"}]), user("Go on")),
        "/messages/1/content/0",
    ),
    "/messages/*:assistant/content/*:refusal": (
        _chat(user("Hi"), assistant([{"type": "refusal", "refusal": "No."}]), user("Go on")),
        "/messages/1/content/0",
    ),
    "/messages/*:assistant/content/*:thinking": (
        _chat(user("Hi"), assistant([_THINKING, {"type": "text", "text": "Ho"}]), user("Go on")),
        "/messages/1/content/0",
    ),
    "/messages/*:assistant/content/*:redacted_thinking": (
        _chat(
            user("Hi"),
            assistant([{"type": "redacted_thinking", "data": "ZGF0YQ=="}, {"type": "text", "text": "Ho"}]),
            user("Go on"),
        ),
        "/messages/1/content/0",
    ),
    "/messages/*:assistant/thinking_blocks/*:thinking": (
        _chat(user("Hi"), assistant("Ho", thinking_blocks=[_THINKING]), user("Go on")),
        "/messages/1/thinking_blocks/0",
    ),
    "/messages/*:assistant/thinking_blocks/*:redacted_thinking": (
        _chat(
            user("Hi"),
            assistant("Ho", thinking_blocks=[{"type": "redacted_thinking", "data": "ZGF0YQ=="}]),
            user("Go on"),
        ),
        "/messages/1/thinking_blocks/0",
    ),
    "/messages/*:assistant/reasoning_details/*:reasoning.text": (
        _chat(user("Hi"), assistant("Ho", reasoning_details=[_DETAIL]), user("Go on")),
        "/messages/1/reasoning_details/0",
    ),
    "/messages/*:assistant/reasoning_details/*:reasoning.encrypted": (
        _chat(
            user("Hi"),
            assistant(
                "Ho",
                reasoning_details=[
                    {"type": "reasoning.encrypted", "data": "ZGF0YQ==", "format": "anthropic-claude-v1", "index": 0}
                ],
            ),
            user("Go on"),
        ),
        "/messages/1/reasoning_details/0",
    ),
    "/messages/*:assistant/reasoning_details/*:reasoning.summary": (
        _chat(
            user("Hi"),
            assistant("Ho", reasoning_details=[{"type": "reasoning.summary", "summary": "hm", "index": 0}]),
            user("Go on"),
        ),
        "/messages/1/reasoning_details/0",
    ),
    "/messages/*:assistant/tool_calls": (_CALLED, "/messages/1/tool_calls"),
    "/messages/*:assistant/tool_calls/*:function": (_CALLED, "/messages/1/tool_calls/0"),
    "/messages/*:assistant/tool_calls/*:custom": (
        _chat(
            user("Hi"),
            assistant(tool_calls=[{"id": "c1", "type": "custom", "custom": {"name": "sh", "input": "ls"}}]),
            result("c1"),
            tools=[_CUSTOM],
        ),
        "/messages/1/tool_calls/0",
    ),
    "/messages/*:assistant/function_call": (
        _chat(
            user("Hi"),
            assistant(function_call={"name": "f", "arguments": '{"a":1}'}),
            {"role": "function", "name": "f", "content": "done"},
            functions=[{"name": "f"}],
        ),
        "/messages/1/function_call",
    ),
    "/messages/*:tool": (_CALLED, "/messages/2"),
    "/messages/*:tool/content/*:text": (
        _chat(
            user("Hi"),
            assistant(tool_calls=[made("c1")]),
            result("c1", [{"type": "text", "text": "done"}]),
            tools=[function()],
        ),
        "/messages/2/content/0",
    ),
    "/messages/*:tool/content/*:image_url": (
        _chat(
            user("Hi"),
            assistant(tool_calls=[made("c1")]),
            result("c1", [{"type": "text", "text": "see"}, {"type": "image_url", "image_url": {"url": DATA_URL}}]),
            tools=[function()],
        ),
        "/messages/2/content/1",
    ),
    "/messages/*:function": (
        _chat(
            user("Hi"),
            assistant(function_call={"name": "f", "arguments": "{}"}),
            {"role": "function", "name": "f", "content": "done"},
            functions=[{"name": "f"}],
        ),
        "/messages/2",
    ),
    "/tools/*:function": (_chat(tools=[function()]), "/tools/0"),
    "/tools/*:function/function/strict": (
        _chat(tools=[function(parameters=schema(a={"type": "string"}))]),
        "/tools/0/function/strict",
    ),
    "/tools/*:web_search": (_chat(tools=[{"type": "web_search"}]), "/tools/0"),
    "/tools/*:web_search_*": (_chat(tools=[{"type": "web_search_20250305", "name": "web_search"}]), "/tools/0"),
    "/tools/*:custom": (_chat(tools=[_CUSTOM]), "/tools/0"),
    "/tools/*:custom/custom/format:text": (
        _chat(tools=[{"type": "custom", "custom": {"name": "sh", "format": {"type": "text"}}}]),
        "/tools/0/custom/format",
    ),
    "/tools/*:custom/custom/format:grammar": (
        _chat(
            tools=[
                {
                    "type": "custom",
                    "custom": {
                        "name": "sh",
                        "format": {"type": "grammar", "grammar": {"syntax": "lark", "definition": "start: /a/"}},
                    },
                }
            ]
        ),
        "/tools/0/custom/format",
    ),
    "/tool_choice": (_chat(tools=[function(), function("g")]), "/tool_choice"),
    "/tool_choice:function": (
        _chat(tools=[function(), function("g")], tool_choice={"type": "function", "function": {"name": "f"}}),
        "/tool_choice",
    ),
    "/tool_choice:custom": (
        _chat(tools=[_CUSTOM, function()], tool_choice={"type": "custom", "custom": {"name": "sh"}}),
        "/tool_choice",
    ),
    "/tool_choice:allowed_tools": (
        _chat(
            tools=[function(), function("g")],
            tool_choice={
                "type": "allowed_tools",
                "allowed_tools": {"mode": "auto", "tools": [{"type": "function", "function": {"name": "f"}}]},
            },
        ),
        "/tool_choice",
    ),
    "/parallel_tool_calls": (_chat(tools=[function()]), "/parallel_tool_calls"),
    "/functions/*": (_chat(functions=[{"name": "f"}]), "/functions/0"),
    "/function_call": (_chat(functions=[{"name": "f"}]), "/function_call"),
    "/response_format:json_schema": (_chat(response_format=_FORMAT), "/response_format"),
    "/audio": (_chat(modalities=["text", "audio"]), "/audio"),
    "/modalities": (_chat(audio={"voice": "alloy", "format": "wav"}), "/modalities"),
    "/top_logprobs": (_chat(logprobs=True), "/top_logprobs"),
    "/stream_options": (_chat(stream=True), "/stream_options"),
    "/max_tokens (twice)": (_chat(max_completion_tokens=100), "/max_tokens"),
    "/reasoning_effort (twice)": (
        _chat(max_tokens=9000, thinking={"type": "enabled", "budget_tokens": 2048}),
        "/reasoning_effort",
    ),
    "/reasoning": (_chat(max_tokens=9000), "/reasoning"),
    "/thinking": (_chat(max_tokens=9000), "/thinking"),
    "/reasoning_effort": (_chat(max_tokens=9000), "/reasoning_effort"),
    "/web_search_options/filters": (_chat(web_search_options={}), "/web_search_options/filters"),
    "/web_search_options/user_location": (
        _chat(web_search_options={"user_location": {"type": "approximate", "approximate": {"country": "FR"}}}),
        "/web_search_options/user_location",
    ),
    "/web_search_options/user_location:approximate": (
        _chat(web_search_options={"user_location": {"type": "approximate", "approximate": {"country": "FR"}}}),
        "/web_search_options/user_location",
    ),
    "/thinking/type": (_chat(max_tokens=9000, thinking={"budget_tokens": 2048}), "/thinking/type"),
    "/thinking/budget_tokens": (
        _chat(max_tokens=9000, thinking={"type": "enabled", "budget_tokens": 1100}),
        "/thinking/budget_tokens",
    ),
    "/thinking/display": (_chat(max_tokens=9000, thinking={"type": "adaptive"}), "/thinking/display"),
    "/reasoning/exclude": (_chat(max_tokens=9000, reasoning={"effort": "low"}), "/reasoning/exclude"),
    "/reasoning/x_unknown": (_chat(max_tokens=9000, reasoning={"effort": "low"}), "/reasoning/x_unknown"),
    "/reasoning/summary": (_chat(max_tokens=9000, reasoning={"effort": "low"}), "/reasoning/summary"),
    "/prediction:content": (_chat(prediction={"type": "content", "content": "x"}), "/prediction"),
    "/response_format:text": (_chat(response_format={"type": "text"}), "/response_format"),
    "/response_format:json_object": (_chat(response_format={"type": "json_object"}), "/response_format"),
}
