"""The smallest requests around fields of Converse clients: see `contexts`."""

from typing import Any

PNG = "iVBORw0KGgo="
PDF = "JVBERi0xLjQK"


def _user(*blocks: Any) -> dict[str, Any]:
    return {"role": "user", "content": list(blocks)}


def _body(*messages: Any, **more: Any) -> dict[str, Any]:
    return {"messages": list(messages) or [_user({"text": "Hi"})], **more}


def _spec(name: str = "f", **more: Any) -> dict[str, Any]:
    return {"toolSpec": {"name": name, "inputSchema": {"json": {"type": "object", "properties": {}}}, **more}}


def _beside(block: Any) -> tuple[Any, str]:
    key = next(iter(block))
    return _body(_user({"text": "Hi"}, block)), f"/messages/0/content/1/{key}"


def _said(block: Any) -> tuple[Any, str]:
    """A block of the model's turn."""
    key = next(iter(block))
    return _body(_user({"text": "Hi"}), {"role": "assistant", "content": [block, {"text": "Ho"}]},
                 _user({"text": "Go on"})), f"/messages/1/content/0/{key}"  # fmt: skip


_TOOLS = {"tools": [_spec(), _spec("g")]}
_USE = {"toolUse": {"toolUseId": "c1", "name": "f", "input": {"a": 1}}}


def _results(*content: Any, **more: Any) -> dict[str, Any]:
    result = {"toolUseId": "c1", "content": list(content) or [{"text": "done"}], **more}
    return _body(_user({"text": "Hi"}), {"role": "assistant", "content": [_USE]}, _user({"toolResult": result}),
                 toolConfig={"tools": [_spec()]})  # fmt: skip


_FORMAT = {"type": "json_schema", "structure": {"jsonSchema": {
    "schema": '{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false}',
    "name": "answer"}}}  # fmt: skip
_IMAGE = {"format": "png", "source": {"bytes": PNG}}
_DOCUMENT = {"format": "pdf", "name": "paper", "source": {"bytes": PDF}}
_MP4 = {"format": "mp4", "source": {"bytes": "AAAAIGZ0eXBpc29t"}}
_WAV = {"format": "wav", "source": {"bytes": "UklGRiQAAABXQVZF"}}
_S3 = {"s3Location": {"uri": "s3://bucket/a.png"}}
_CITED = {"citationsContent": {"content": [{"text": "Ho"}], "citations": [
    {"title": "T", "location": {"web": {"url": "https://x.example"}}, "sourceContent": [{"text": "q"}]}]}}  # fmt: skip

CONTEXTS: dict[str, tuple[Any, str]] = {
    "": (_body(), ""),
    "/system": (_body(), "/system"),
    "/system/*": (_body(system=[{"text": "Be kind"}]), "/system/0"),
    "/system/*/cachePoint": (
        _body(system=[{"text": "Be kind"}, {"cachePoint": {"type": "default"}}]),
        "/system/1/cachePoint",
    ),
    "/system/*/guardContent": (
        _body(system=[{"text": "Be kind"}, {"guardContent": {"text": {"text": "x"}}}]),
        "/system/1/guardContent",
    ),
    "/messages/*": (_body(), "/messages/0"),
    "/messages/*:system": (
        _body(
            _user({"text": "Hi"}),
            {"role": "assistant", "content": [{"text": "Ho"}]},
            {"role": "system", "content": [{"text": "mind"}]},
            _user({"text": "Go"}),
        ),
        "/messages/2",
    ),
    "/messages/*:assistant": (
        _body(_user({"text": "Hi"}), {"role": "assistant", "content": [{"text": "Ho"}]}, _user({"text": "Go on"})),
        "/messages/1",
    ),
    "/messages/*/content/*": (_body(), "/messages/0/content/0"),
    "/messages/*/content/*/cachePoint": _beside({"cachePoint": {"type": "default"}}),
    "/messages/*/content/*/image": _beside({"image": _IMAGE}),
    "/messages/*/content/*/image/source/s3Location": (
        _body(_user({"text": "Hi"}, {"image": {"format": "png", "source": _S3}})),
        "/messages/0/content/1/image/source/s3Location",
    ),
    "/messages/*/content/*/document": _beside({"document": _DOCUMENT}),
    "/messages/*/content/*/document/source/s3Location": (
        _body(_user({"text": "Hi"}, {"document": {**_DOCUMENT, "source": {"s3Location": {"uri": "s3://b/a.pdf"}}}})),
        "/messages/0/content/1/document/source/s3Location",
    ),
    "/messages/*/content/*/document/source/text": (
        _body(_user({"text": "Hi"}, {"document": {"format": "txt", "name": "paper", "source": {"text": "x"}}})),
        "/messages/0/content/1/document/source/text",
    ),
    "/messages/*/content/*/document/source/content": (
        _body(
            _user(
                {"text": "Hi"}, {"document": {"format": "txt", "name": "paper", "source": {"content": [{"text": "x"}]}}}
            )
        ),
        "/messages/0/content/1/document/source/content",
    ),
    "/messages/*/content/*/video": _beside({"video": _MP4}),
    "/messages/*/content/*/video/source/s3Location": (
        _body(_user({"text": "Hi"}, {"video": {"format": "mp4", "source": {"s3Location": {"uri": "s3://b/a.mp4"}}}})),
        "/messages/0/content/1/video/source/s3Location",
    ),
    "/messages/*/content/*/audio": _beside({"audio": _WAV}),
    "/messages/*/content/*/audio/source/s3Location": (
        _body(_user({"text": "Hi"}, {"audio": {"format": "wav", "source": {"s3Location": {"uri": "s3://b/a.wav"}}}})),
        "/messages/0/content/1/audio/source/s3Location",
    ),
    "/messages/*/content/*/guardContent": _beside({"guardContent": {"text": {"text": "x", "qualifiers": ["query"]}}}),
    "/messages/*/content/*/searchResult": _beside(
        {"searchResult": {"source": "s", "title": "t", "content": [{"text": "c"}], "citations": {"enabled": True}}}
    ),
    "/messages/*/content/*/toolAddition": _beside({"toolAddition": {"tool": {"type": "toolSpec", "name": "f"}}}),
    "/messages/*/content/*/toolRemoval": _beside({"toolRemoval": {"tool": {"type": "toolSpec", "name": "f"}}}),
    "/messages/*/content/*/citationsContent": _said(
        {"citationsContent": {"content": [{"text": "Ho"}], "citations": []}}
    ),
    "/messages/*/content/*/citationsContent/citations": (
        _said(_CITED)[0],
        "/messages/1/content/0/citationsContent/citations",
    ),
    "/messages/*/content/*/reasoningContent": _said(
        {"reasoningContent": {"reasoningText": {"text": "hm", "signature": "c2ln"}}}
    ),
    "/messages/*/content/*/reasoningContent/redactedContent": (
        _said({"reasoningContent": {"redactedContent": "Y21Waw=="}})[0],
        "/messages/1/content/0/reasoningContent/redactedContent",
    ),
    "/messages/*/content/*/toolUse": (_results(), "/messages/1/content/0/toolUse"),
    "/messages/*/content/*/toolResult": (_results(), "/messages/2/content/0/toolResult"),
    "/messages/*/content/*/toolResult/content/*": (_results(), "/messages/2/content/0/toolResult/content/0"),
    "/messages/*/content/*/toolResult/content/*/json": (
        _results({"json": {"x": 1}}),
        "/messages/2/content/0/toolResult/content/0/json",
    ),
    "/messages/*/content/*/toolResult/content/*/image": (
        _results({"text": "see"}, {"image": _IMAGE}),
        "/messages/2/content/0/toolResult/content/1/image",
    ),
    "/messages/*/content/*/toolResult/content/*/document": (
        _results({"text": "see"}, {"document": _DOCUMENT}),
        "/messages/2/content/0/toolResult/content/1/document",
    ),
    "/messages/*/content/*/toolResult/content/*/video": (
        _results({"text": "see"}, {"video": _MP4}),
        "/messages/2/content/0/toolResult/content/1/video",
    ),
    "/messages/*/content/*/toolResult/content/*/searchResult": (
        _results({"searchResult": {"source": "s", "title": "t", "content": [{"text": "c"}]}}),
        "/messages/2/content/0/toolResult/content/0/searchResult",
    ),
    "/toolConfig": (_body(), "/toolConfig"),
    "/toolConfig/x_unknown": (_body(toolConfig=_TOOLS), "/toolConfig/x_unknown"),
    "/toolConfig/tools/*": (_body(toolConfig={"tools": [_spec()]}), "/toolConfig/tools/0"),
    "/toolConfig/tools/*/toolSpec/strict": (
        _body(
            toolConfig={
                "tools": [
                    _spec(
                        inputSchema={
                            "json": {
                                "type": "object",
                                "properties": {"a": {"type": "string"}},
                                "required": ["a"],
                                "additionalProperties": False,
                            }
                        }
                    )
                ]
            }
        ),
        "/toolConfig/tools/0/toolSpec/strict",
    ),
    "/toolConfig/tools/*/cachePoint": (
        _body(toolConfig={"tools": [_spec(), {"cachePoint": {"type": "default"}}]}),
        "/toolConfig/tools/1/cachePoint",
    ),
    "/toolConfig/tools/*/systemTool": (
        _body(toolConfig={"tools": [{"systemTool": {"name": "nova_grounding"}}]}),
        "/toolConfig/tools/0/systemTool",
    ),
    "/toolConfig/toolChoice": (_body(toolConfig=_TOOLS), "/toolConfig/toolChoice"),
    "/outputConfig/textFormat": (_body(outputConfig={"textFormat": _FORMAT}), "/outputConfig/textFormat"),
    "/additionalModelRequestFields": (_body(inferenceConfig={"maxTokens": 9000}), "/additionalModelRequestFields"),
    "/additionalModelRequestFields/thinking/display": (
        _body(inferenceConfig={"maxTokens": 9000}, additionalModelRequestFields={"thinking": {"type": "adaptive"}}),
        "/additionalModelRequestFields/thinking/display",
    ),
    "/additionalModelRequestFields/tool_choice": (
        _body(toolConfig={**_TOOLS, "toolChoice": {"auto": {}}}),
        "/additionalModelRequestFields/tool_choice",
    ),
    "/guardrailConfig": (
        _body(guardrailConfig={"guardrailIdentifier": "abc", "guardrailVersion": "1"}),
        "/guardrailConfig",
    ),
}
