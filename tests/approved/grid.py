"""Wishes of clients at every model: one by one, and some of their pairs, which take turns from model to model.

A line is a wish at a model: the status, and a digest of the whole answer; one more is of its pairs.
"""

from typing import Any

import orjson
from dragoman.translate import boundary

from . import corpus
from .damage import digest

Fields = dict[str, Any]

_SCHEMA = {
    "type": "object", "properties": {"a": {"type": "string", "minLength": 1}, "b": {"type": ["integer", "null"]}},
    "required": ["a"],
}  # fmt: skip
_BOUND = {**_SCHEMA, "required": ["a", "b"], "additionalProperties": False}
_MARK = {"type": "ephemeral", "ttl": "1h"}
_PNG, _PDF, _WAV, _TXT = "iVBORw0KGgo=", "JVBERi0=", "UklGRg==", "cGxhaW4="


def _function(name: str, schema: Any = None, **more: Any) -> Fields:
    told = {"name": name, **({} if schema is None else {"parameters": schema}), **more}
    return {"type": "function", "function": told}


def _said(*content: Any) -> Fields:
    return {"messages": [{"role": "user", "content": list(content)}]}


def _url(kind: str, url: str, **more: Any) -> Fields:
    return {"type": f"{kind}_url", f"{kind}_url": {"url": url, **more}}


_TEXT = {"type": "text", "text": "Hi"}
_CALL = {"id": "c:1", "type": "function", "function": {"name": "f.x", "arguments": "{}"}}
_USER = {"role": "user", "content": "Hi"}
_LOOP = [_USER, {"role": "assistant", "content": None, "tool_calls": [_CALL]}, {
    "role": "tool", "tool_call_id": "c:1", "content": "r"}]  # fmt: skip
_THOUGHTS = [{"type": "thinking", "thinking": "h", "signature": "c2ln"}]
_LONG = {"max_tokens": 9000}
CHAT: dict[str, Fields] = {
    "nothing": {},
    **{f"effort {word}": {"reasoning_effort": word} for word in ("none", "minimal", "low", "medium", "high", "xhigh")},
    "effort of the most": {"reasoning_effort": "max", "max_tokens": 100},
    "budget": {"reasoning": {"max_tokens": 2000}, **_LONG},
    "small budget": {"reasoning": {"max_tokens": 10}, "max_tokens": 500},
    "great budget": {"reasoning": {"max_tokens": 900_000}},
    "effort, not shown": {"reasoning": {"effort": "high", "exclude": True}},
    "shown": {"reasoning": {"enabled": True}},
    "not enabled": {"reasoning": {"enabled": False}},
    "thinking": {"thinking": {"type": "enabled", "budget_tokens": 3000}, **_LONG},
    "adaptive": {"thinking": {"type": "adaptive"}},
    "disabled": {"thinking": {"type": "disabled"}},
    "between tools": {"thinking": {"type": "between_tools"}},
    "limit": {"max_completion_tokens": 100},
    "no end": {"max_tokens": 5_000_000},
    "hot": {"temperature": 1.8},
    "cold": {"temperature": 0},
    "usual": {"temperature": 1, "top_p": 1, "n": 1, "presence_penalty": 0, "frequency_penalty": 0},
    "sampling": {"temperature": 0.4, "top_p": 0.5, "top_k": 9},
    "high top_p": {"top_p": 0.98},
    "penalties": {"presence_penalty": 1, "frequency_penalty": -1, "logit_bias": {"7": 1}},
    "seed": {"seed": 2**40},
    "several": {"n": 3},
    "logprobs": {"logprobs": True, "top_logprobs": 2},
    "stops": {"stop": ["a", "b", "c", "d", "e", "f"]},
    "blank stop": {"stop": ["\n"]},
    "tool": {"tools": [_function("f.x", _SCHEMA, description="d")]},
    "strict tools": {"tools": [_function("f", _BOUND, strict=True), _function("g", strict=True)]},
    "loose tools": {"tools": [_function("f", _SCHEMA, strict=False), _function("g", _BOUND)]},
    "free tool": {"tools": [{"type": "custom", "custom": {"name": "sh"}}, _function("f", {})]},
    "search": {"tools": [{"type": "web_search"}, _function("f")]},
    "web": {"web_search_options": {"search_context_size": "low"}},
    **{f"choice {word}": {"tools": [_function("f"), _function("g")], "tool_choice": word}
       for word in ("none", "required")},
    "choice of one": {"tools": [_function("f"), _function("g")],
                      "tool_choice": {"type": "function", "function": {"name": "g"}}},
    "choice of some": {"tools": [_function("f"), _function("g")], "tool_choice": {
        "type": "allowed_tools", "allowed_tools": {"mode": "auto", "tools": [_function("f")]}}},
    "one at a time": {"tools": [_function("f")], "parallel_tool_calls": False, "tool_choice": "auto"},
    "object": {"response_format": {"type": "json_object"}},
    "schema": {"response_format": {"type": "json_schema", "json_schema": {"name": "n", "schema": _SCHEMA}}},
    "strict schema": {"response_format": {"type": "json_schema", "json_schema": {
        "name": "n", "description": "d", "schema": _BOUND, "strict": True}}},
    "stream": {"stream": True, "stream_options": {"include_usage": True}},
    "prefill": {"messages": [_USER, {"role": "assistant", "content": "So "}]},
    "system inside": {"messages": [{"role": "system", "content": "S"}, _USER, {"role": "assistant", "content": "A"},
                                   {"role": "system", "content": "T"}, {**_USER, "name": "u"}]},
    "system last": {"messages": [_USER, {"role": "developer", "content": "S"}]},
    "assistant first": {"messages": [{"role": "assistant", "content": "A"}, _USER]},
    "empty": {"messages": [{"role": "user", "content": ""}, {"role": "assistant", "content": [{**_TEXT, "text": " "}]},
                           _USER]},
    "loop": {"messages": _LOOP, "tools": [_function("f.x")]},
    "loop without tools": {"messages": _LOOP},
    "loop with thoughts": {"messages": [_USER, {**_LOOP[1], "thinking_blocks": _THOUGHTS}, _LOOP[2]],
                           "tools": [_function("f.x")], "reasoning_effort": "high"},
    "thought": {"messages": [_USER, {"role": "assistant", "content": "A", "reasoning_content": "h"}, _USER]},
    "signed": {"messages": [_USER, {"role": "assistant", "content": "A", "thinking_blocks": _THOUGHTS, "refusal": "No",
                                    "extra_content": {"google": {"thought_signature": "c2ln"}}}, _USER]},
    "image": _said(_TEXT, _url("image", f"data:image/png;base64,{_PNG}", detail="high")),
    "images": _said(*[_url("image", f"data:image/jpg;base64,{_PNG}")] * 21),
    "image by its address": _said(_url("image", "https://h.example/a.webp", detail="low"), _TEXT),
    "image that is kept": _said(_url("image", "gs://b/a.png"), _TEXT),
    "document": _said({"type": "file", "file": {
        "filename": "a b.pdf", "file_data": f"data:application/pdf;base64,{_PDF}"}}),
    "document by its address": _said(_url("document", "https://h.example/a.pdf"), _TEXT),
    "words": _said({"type": "file", "file": {"filename": "a.txt", "file_data": f"data:text/plain;base64,{_TXT}"}}),
    "file": _said({"type": "file", "file": {"file_id": "file-1"}}, _TEXT),
    "sound": _said({"type": "input_audio", "input_audio": {"data": _WAV, "format": "wav"}}),
    "video": _said(_url("video", "https://h.example/a.mp4"), _TEXT),
    "picture of a tool": {"messages": [*_LOOP[:2], {"role": "tool", "tool_call_id": "c:1", "content": [
        _url("image", f"data:image/png;base64,{_PNG}")]}], "tools": [_function("f.x")]},
    "marks": {"messages": [{"role": "system", "content": [{**_TEXT, "cache_control": _MARK}]},
                           {"role": "user", "content": [{**_TEXT, "cache_control": {"type": "ephemeral"}}]}],
              "tools": [{**_function("f"), "cache_control": _MARK}]},
    "mark of all": {"cache_control": _MARK},
    "who": {"user": "u", "metadata": {"a": "b"}, "safety_identifier": "s", "store": True},
    "tier": {"service_tier": "flex", "prompt_cache_key": "k"},
    "tier of others": {"service_tier": "scale"},
    "verbosity": {"verbosity": "low"},
    "voice": {"modalities": ["text", "audio"], "audio": {"voice": "alloy", "format": "wav"}},
    "unknown": {"x_unknown": 1, "prediction": {"type": "content", "content": "x"}},
}  # fmt: skip

MESSAGES: dict[str, Fields] = {
    "thinking": {"thinking": {"type": "enabled", "budget_tokens": 2000, "display": "omitted"}},
    "small thinking": {"thinking": {"type": "enabled", "budget_tokens": 500}},
    "adaptive": {"thinking": {"type": "adaptive", "display": "summarized"}, "output_config": {"effort": "max"}},
    "disabled": {"thinking": {"type": "disabled"}},
    "effort": {"output_config": {"effort": "low"}},
    "format": {"output_config": {"format": {"type": "json_schema", "schema": _BOUND}}},
    "tools": {"tools": [{"name": "f", "input_schema": _SCHEMA, "strict": True, "cache_control": _MARK},
                        {"type": "web_search_20250305", "name": "web_search"}]},
    "forced": {"tools": [{"name": "f", "input_schema": _SCHEMA}], "tool_choice": {
        "type": "any", "disable_parallel_tool_use": True}},
    "sampling": {"temperature": 0.5, "top_p": 0.9, "top_k": 5},
    "prefill": {"messages": [_USER, {"role": "assistant", "content": "So"}]},
    "mark of all": {"cache_control": _MARK},
}  # fmt: skip
RESPONSES: dict[str, Fields] = {
    "summary": {"reasoning": {"summary": "auto"}},
    "effort": {"reasoning": {"effort": "high", "summary": "detailed"}},
    "none": {"reasoning": {"effort": "none"}},
    "tools": {"tools": [{"type": "function", "name": "f", "parameters": _BOUND},
                        {"type": "function", "name": "g", "parameters": _SCHEMA, "strict": True}]},
    "bound tools": {"tools": [{"type": "function", "name": "f", "parameters": _BOUND}]},
    "many tools": {"tools": [{"type": "function", "name": f"f{n}", "parameters": _BOUND} for n in range(25)]},
    "search": {"tools": [{"type": "web_search"}], "tool_choice": "required"},
    "format": {"text": {"verbosity": "low", "format": {"type": "json_schema", "name": "n", "schema": _BOUND}}},
    "stored": {"store": True, "max_output_tokens": 5, "include": ["message.output_text.logprobs"]},
}  # fmt: skip
_GEMINI: dict[str, Fields] = {
    **{f"thinking {told}": {"generationConfig": {"thinkingConfig": told}} for told in (
        {"thinkingBudget": 0}, {"thinkingBudget": -1}, {"thinkingBudget": 300, "includeThoughts": True},
        {"thinkingLevel": "HIGH"}, {"thinkingLevel": "MINIMAL", "includeThoughts": False}, {"includeThoughts": True})},
    "form": {"generationConfig": {"responseMimeType": "application/json", "responseSchema": {"type": "OBJECT"}}},
    "tools": {"tools": [{"functionDeclarations": [{"name": "f", "parametersJsonSchema": _SCHEMA}]},
                        {"googleSearch": {}}]},
    "call": {"contents": [{"role": "user", "parts": [{"text": "Hi"}]},
                          {"role": "model", "parts": [{"functionCall": {"name": "f", "args": {}}}]},
                          {"role": "user", "parts": [{"functionResponse": {"name": "f", "response": {}}}]}]},
}  # fmt: skip
_CONVERSE: dict[str, Fields] = {
    **{f"fields {told}": {"additionalModelRequestFields": told} for told in (
        {"thinking": {"type": "enabled", "budget_tokens": 2000}}, {"reasoning_effort": "low"},
        {"reasoning_config": "high"},
        {"reasoningConfig": {"type": "enabled", "maxReasoningEffort": "high"}}, {"top_k": 5},
        {"inferenceConfig": {"topK": 5}}, {"tool_choice": {"type": "auto", "disable_parallel_tool_use": True}})},
    "effort": {"outputConfig": {"effort": "high"}},
    "tools": {"toolConfig": {"tools": [{"toolSpec": {"name": "f", "inputSchema": {"json": _SCHEMA}, "strict": True}},
                                       {"systemTool": {"name": "nova_grounding"}},
                                       {"cachePoint": {"type": "default"}}], "toolChoice": {"any": {}}}},
}  # fmt: skip

PLAIN: dict[str, Fields] = {
    "openai_chat": {"model": "m", "messages": [_USER]},
    "openai_responses": {"model": "m", "input": "Hi"},
    "anthropic": {"model": "m", "max_tokens": 9000, "messages": [_USER]},
    "gemini": {"contents": [{"role": "user", "parts": [{"text": "Hi"}]}]},
    "bedrock": {"messages": [{"role": "user", "content": [{"text": "Hi"}]}]},
}
_OTHERS = {
    "anthropic": MESSAGES, "openai_responses": RESPONSES, "gemini": _GEMINI, "bedrock": _CONVERSE,
}  # fmt: skip
STEP = 16
"""Of so many pairs of wishes one is tried at a model."""
MODELS = list(dict.fromkeys(target for number in range(1260) for target in corpus.targets(number)))


def asked(to: str, model: str) -> list[str]:
    """What becomes of every wish at a model."""
    turn = MODELS.index((to, model))
    rows = []
    for place, (name, fields) in enumerate(CHAT.items()):
        rows.append(f"{name} {_one('openai_chat', to, model, fields)}")
        pairs = [
            _one("openai_chat", to, model, {**fields, **other})
            for at, other in enumerate(CHAT.values())
            if at != place and (at + 2 * place + turn) % STEP == 0
        ]
        rows.append(f"{name}, pairs {digest(' '.join(pairs).encode())}")
    for client, wishes in _OTHERS.items():
        rows += [f"{client} {name} {_one(client, to, model, fields)}" for name, fields in wishes.items()]
    return rows


def _one(client: str, to: str, model: str, fields: Fields) -> str:
    head: dict[str, Any] = {"from": client, "to": to, "model": model, "on_loss": "allow"}
    wanted = ("base_url",) if to in ("azure", "openai_compatible") else ("region", "project", "location")
    head |= {name: corpus.PLACE[name] for name in wanted}
    answer = boundary.request(orjson.dumps(head), orjson.dumps({**PLAIN[client], **fields}))
    assert answer.status in (200, 400, 428), answer
    return f"{answer.status} {digest(answer.head, answer.body)}"
