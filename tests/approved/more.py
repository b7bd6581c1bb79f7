"""Bodies made from lists of words: schemas by keyword, answers by the reason of their end, errors by status."""

from collections.abc import Iterator
from typing import Any

import orjson

_A = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"], "additionalProperties": False}
_DEFS = {"$defs": {"x": _A, "y": {"type": "integer"}}}
_NODES: dict[str, Any] = {
    "string": {"type": "string", "minLength": 1, "maxLength": 9, "pattern": "^a", "format": "date-time"},
    "odd format": {"type": "string", "format": "color"},
    "uri": {"type": "string", "format": "uri"},
    "number": {
        "type": "number",
        "minimum": 0,
        "maximum": 9.5,
        "exclusiveMinimum": -1,
        "exclusiveMaximum": 10,
        "multipleOf": 0.5,
    },
    "enum": {"type": "string", "enum": ["a", "b"], "title": "T", "description": "D"},
    "enum of numbers": {"enum": [1, 2.5]},
    "enum of booleans": {"enum": [True, False]},
    "enum of objects": {"enum": [{"a": 1}, ["b"]]},
    "enum with null": {"type": ["string", "null"], "enum": ["a", None], "description": "D"},
    "enum with null of many types": {"type": ["string", "integer", "null"], "enum": ["a", 1, None], "title": "T"},
    "enum of null": {"enum": [None]},
    "const": {"const": "a"},
    "const of a number": {"const": 5, "description": "D"},
    "const beside enum": {"const": "a", "enum": ["a", "b"]},
    "types": {"type": ["string", "integer"], "description": "D", "default": "x", "minimum": 3},
    "type list of one": {"type": ["string"]},
    "type list of none": {"type": []},
    "nullable": {"type": ["object", "null"], "properties": {"b": {"type": "null"}}},
    "null": {"type": "null"},
    "array": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 3, "uniqueItems": True},
    "array of two": {"type": "array", "items": {"type": "string"}, "minItems": 2},
    "tuple": {"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}], "items": False},
    "contains": {"type": "array", "contains": {"type": "string"}, "minContains": 1},
    "anyOf": {"anyOf": [{"type": "string"}, {"type": "integer", "minimum": 1}], "description": "D"},
    "anyOf with null": {"anyOf": [{"type": "string"}, {"type": "null"}], "title": "T"},
    "anyOf of null": {"anyOf": [{"type": "null"}]},
    "oneOf": {"oneOf": [{"type": "string"}, {"type": "integer"}]},
    "oneOf beside anyOf": {"oneOf": [{"type": "string"}], "anyOf": [{"type": "string"}]},
    "allOf": {
        "allOf": [
            {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]},
            {"properties": {"b": {}}, "required": ["a", "b"]},
        ]
    },
    "allOf that differs": {"allOf": [{"type": "string"}, {"type": "integer"}, {"$ref": "#/$defs/y"}], **_DEFS},
    "allOf of true": {"allOf": [True, {"type": "string", "title": "T"}]},
    "not": {"not": {"type": "string"}},
    "if": {"if": {"type": "string"}, "then": {"minLength": 1}, "else": {"minimum": 1}},
    "open object": {
        "type": "object",
        "properties": {"b": {"type": "string"}},
        "additionalProperties": {"type": "string"},
    },
    "free object": {"type": "object", "additionalProperties": True, "patternProperties": {"^a": {"type": "string"}}},
    "object without a type": {
        "properties": {"b": {"type": "boolean"}},
        "propertyNames": {"pattern": "a"},
        "minProperties": 1,
    },
    "optional property": {
        "type": "object",
        "properties": {"b": {"type": "string"}, "c": {"type": "string"}},
        "required": ["c"],
        "additionalProperties": False,
    },
    "annotations": {
        "type": "string",
        "$comment": "c",
        "examples": ["e"],
        "deprecated": True,
        "readOnly": True,
        "$id": "i",
        "default": "d",
    },
    "anchor": {"$anchor": "n", "type": "string"},
    "true": True,
    "empty": {},
    "unknown keyword": {"type": "string", "x-order": 3},
}
_ROOTS: dict[str, Any] = {
    "reference": {**_A, "properties": {"a": {"$ref": "#/$defs/x"}}, **_DEFS},
    "reference with words": {**_A, "properties": {"a": {"$ref": "#/$defs/y", "description": "D"}}, **_DEFS},
    "reference in old style": {**_A, "properties": {"a": {"$ref": "#/definitions/x"}}, "definitions": {"x": _A}},
    "reference to nothing": {**_A, "properties": {"a": {"$ref": "#/$defs/none"}}, **_DEFS},
    "reference with escapes": {
        **_A,
        "properties": {"a": {"$ref": "#/$defs/x~1y~0z"}},
        "$defs": {"x/y~z": {"type": "string"}},
    },
    "reference elsewhere": {**_A, "properties": {"a": {"$ref": "https://s.example/s.json"}}},
    "recursion": {**_A, "properties": {"a": {"$ref": "#"}}},
    "recursion by a name": {
        **_A,
        "properties": {"a": {"$ref": "#/$defs/n"}},
        "$defs": {
            "n": {
                "type": "object",
                "properties": {"n": {"anyOf": [{"$ref": "#/$defs/n"}, {"type": "null"}]}},
                "required": ["n"],
                "additionalProperties": False,
            }
        },
    },
    "reference at the root": {"$ref": "#/$defs/x", **_DEFS},
    "no properties": {"type": "object", "additionalProperties": False},
    "root of alternatives": {"anyOf": [_A, {"type": "object", "properties": {}, "additionalProperties": False}]},
    "an array": {"type": "array", "items": _A},
    "nothing": {},
    "many optional": {
        "type": "object",
        "properties": {f"p{n}": {"type": ["string", "null"]} for n in range(30)},
        "additionalProperties": False,
    },
    "deep": {
        "type": "object",
        "properties": {
            "a": {
                "type": "object",
                "properties": {
                    "b": {"type": "object", "properties": {"c": _A}, "required": ["c"], "additionalProperties": False}
                },
                "required": ["b"],
                "additionalProperties": False,
            }
        },
        "required": ["a"],
        "additionalProperties": False,
    },
}


def schemas() -> Iterator[tuple[str, Any]]:
    """Schemas, one for each thing that a schema can say."""
    for name, node in _NODES.items():
        yield name, {**_A, "properties": {"a": node}, **(_DEFS if "$ref" in orjson.dumps(node).decode() else {})}
    yield from _ROOTS.items()


def requests() -> Iterator[tuple[str, str, Any]]:
    """Requests with a schema for the answer, and with one for a function: (client, name, body)."""
    hi = [{"role": "user", "content": "Hi"}]
    for name, schema in schemas():
        for strict in (True, False):
            kind = "strict" if strict else "loose"
            form = {"type": "json_schema", "json_schema": {"name": "s", "schema": schema, "strict": strict}}
            yield (
                "openai_chat",
                f"schema of the answer, {kind}: {name}",
                {"model": "m", "messages": hi, "response_format": form},
            )
            function = {"name": "f", "parameters": schema, "strict": strict}
            tools = [{"type": "function", "function": function}]
            yield "openai_chat", f"schema of a function, {kind}: {name}", {"model": "m", "messages": hi, "tools": tools}
        turns = [{"role": "user", "parts": [{"text": "Hi"}]}]
        config = {"responseMimeType": "application/json", "responseSchema": _upper(schema)}
        yield "gemini", f"schema in the old style: {name}", {"contents": turns, "generationConfig": config}


_SNAKE = {
    "minItems": "min_items",
    "anyOf": "any_of",
    "maxProperties": "max_properties",
    "minProperties": "min_properties",
}


def _upper(schema: Any) -> Any:
    """The schema in Google's old style, some of its keys in the other spelling."""
    if isinstance(schema, list):
        return [_upper(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    out = {_SNAKE.get(key, key): _upper(value) for key, value in schema.items()}
    if isinstance(out.get("type"), str):
        out["type"] = out["type"].upper()
    return out | ({"maxLength": str(out["maxLength"])} if isinstance(out.get("maxLength"), int) else {})


_ENDS: dict[str, tuple[str, ...]] = {
    "openai_chat": (
        "stop",
        "length",
        "tool_calls",
        "function_call",
        "content_filter",
        "end_turn",
        "max_len",
        "max_context",
        "time_limit",
        "odd",
    ),
    "anthropic": (
        "end_turn",
        "max_tokens",
        "stop_sequence",
        "tool_use",
        "pause_turn",
        "refusal",
        "model_context_window_exceeded",
        "compaction",
        "odd",
    ),
    "gemini": (
        "STOP",
        "MAX_TOKENS",
        "SAFETY",
        "RECITATION",
        "LANGUAGE",
        "OTHER",
        "BLOCKLIST",
        "PROHIBITED_CONTENT",
        "SPII",
        "MALFORMED_FUNCTION_CALL",
        "IMAGE_SAFETY",
        "UNEXPECTED_TOOL_CALL",
        "IMAGE_PROHIBITED_CONTENT",
        "NO_IMAGE",
        "IMAGE_RECITATION",
        "IMAGE_OTHER",
        "MODEL_ARMOR",
        "ESCALATION",
        "PUP_LIMITED_DISABLED",
        "JAILBREAK",
        "TOO_MANY_TOOL_CALLS",
        "MISSING_THOUGHT_SIGNATURE",
        "MALFORMED_RESPONSE",
        "CONTINUATION",
        "FINISH_REASON_UNSPECIFIED",
        "odd",
    ),
    "bedrock": (
        "end_turn",
        "tool_use",
        "max_tokens",
        "stop_sequence",
        "guardrail_intervened",
        "content_filtered",
        "malformed_model_output",
        "malformed_tool_use",
        "model_context_window_exceeded",
        "odd",
    ),
}


def _reply(speaker: str, word: str, *, called: bool) -> Any:
    """A small reply that ends with a word."""
    call = {"name": "f", "arguments": '{"a": 1}'}
    if speaker == "openai_chat":
        calls = {"tool_calls": [{"id": "c1", "type": "function", "function": call}]} if called else {}
        message = {"role": "assistant", "content": "Hi", **calls}
        return {"id": "1", "model": "m", "choices": [{"index": 0, "message": message, "finish_reason": word}]}
    if speaker == "anthropic":
        use = [{"type": "tool_use", "id": "c1", "name": "f", "input": {"a": 1}}] if called else []
        return {
            "id": "1",
            "type": "message",
            "role": "assistant",
            "model": "m",
            "stop_reason": word,
            "stop_sequence": None,
            "content": [{"type": "text", "text": "Hi"}, *use],
            "usage": {"input_tokens": 1, "output_tokens": 2},
        }
    if speaker == "gemini":
        parts = [{"text": "Hi"}, *([{"functionCall": {"name": "f", "args": {"a": 1}}}] if called else [])]
        content = {"role": "model", "parts": parts}
        return {"candidates": [{"content": content, "finishReason": word}], "modelVersion": "m", "responseId": "1"}
    use = [{"toolUse": {"toolUseId": "c1", "name": "f", "input": {"a": 1}}}] if called else []
    return {
        "output": {"message": {"role": "assistant", "content": [{"text": "Hi"}, *use]}},
        "stopReason": word,
        "usage": {"inputTokens": 1, "outputTokens": 2, "totalTokens": 3},
    }


STATUSES = (400, 401, 402, 403, 404, 408, 409, 413, 415, 422, 424, 429, 498, 500, 502, 503, 504, 529, 599)
_TYPES: dict[str, tuple[str, ...]] = {
    "openai_chat": (
        "invalid_request_error",
        "insufficient_quota",
        "context_length_exceeded",
        "rate_limit_exceeded",
        "invalid_api_key",
        "model_not_found",
        "content_filter",
        "server_error",
        "billing_hard_limit_reached",
    ),
    "openai_responses": ("invalid_request_error", "insufficient_quota", "rate_limit_exceeded", "server_error"),
    "anthropic": (
        "invalid_request_error",
        "authentication_error",
        "billing_error",
        "permission_error",
        "not_found_error",
        "conflict_error",
        "request_too_large",
        "rate_limit_error",
        "api_error",
        "timeout_error",
        "overloaded_error",
    ),
    "gemini": (
        "INVALID_ARGUMENT",
        "FAILED_PRECONDITION",
        "PERMISSION_DENIED",
        "UNAUTHENTICATED",
        "NOT_FOUND",
        "RESOURCE_EXHAUSTED",
        "INTERNAL",
        "UNAVAILABLE",
        "DEADLINE_EXCEEDED",
        "ABORTED",
        "OUT_OF_RANGE",
        "UNIMPLEMENTED",
        "CANCELLED",
        "ALREADY_EXISTS",
    ),
    "bedrock": (
        "ValidationException",
        "AccessDeniedException",
        "UnrecognizedClientException",
        "InvalidSignatureException",
        "IncompleteSignatureException",
        "ExpiredTokenException",
        "MissingAuthenticationTokenException",
        "ResourceNotFoundException",
        "UnknownOperationException",
        "ServiceQuotaExceededException",
        "ThrottlingException",
        "ModelNotReadyException",
        "ModelTimeoutException",
        "ModelErrorException",
        "ModelStreamErrorException",
        "ConflictException",
        "InternalServerException",
        "ServiceUnavailableException",
    ),
}


def _error(speaker: str, status: int, kind: str) -> Any:
    if speaker == "anthropic":
        return {"type": "error", "error": {"type": kind, "message": "No."}, "request_id": "r"}
    if speaker == "gemini":
        return {"error": {"code": status, "message": "No.", "status": kind}}
    if speaker == "bedrock":
        return {"__type": f"com.amazon#{kind}", "message": "No."}
    return {"error": {"message": "No.", "type": kind, "param": "messages[0]", "code": kind}}


def answers() -> Iterator[tuple[str, str, Any]]:
    """Replies by the reason of their end, errors by status and by type: (provider's dialect, name, body)."""
    for speaker, words in _ENDS.items():
        for word in words:
            for called in (False, True):
                yield (
                    speaker,
                    f"reply that ends with {word}{' and a call' * called}",
                    _reply(speaker, word, called=called),
                )
    for speaker, kinds in _TYPES.items():
        for kind in kinds:
            yield speaker, f"error 400 {kind}", _error(speaker, 400, kind)
        for status in STATUSES:
            yield speaker, f"error {status} of no type", _error(speaker, status, "odd")
        yield speaker, "error 503 in no words", {}
