"""The smallest requests around fields of Messages clients: see `contexts`."""

from typing import Any

PNG = "iVBORw0KGgo="
PDF = "JVBERi0xLjQK"


def _body(*messages: Any, **more: Any) -> dict[str, Any]:
    return {"model": "acc/m", "max_tokens": 9000, "messages": list(messages) or [_user("Hi")], **more}


def _user(content: Any) -> dict[str, Any]:
    return {"role": "user", "content": content}


def _assistant(content: Any) -> dict[str, Any]:
    return {"role": "assistant", "content": content}


def _text(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text}


def _tool(name: str = "f", **more: Any) -> dict[str, Any]:
    return {"name": name, "input_schema": {"type": "object", "properties": {}}, **more}


def _beside(block: Any, below: str = "") -> tuple[Any, str]:
    return _body(_user([_text("Hi"), block])), f"/messages/0/content/1{below}"


def _said(block: Any, below: str = "") -> tuple[Any, str]:
    return _body(_user("Hi"), _assistant([block, _text("Ho")]), _user("Go on")), f"/messages/1/content/0{below}"


def _image(**source: Any) -> dict[str, Any]:
    return {"type": "image", "source": source or {"type": "base64", "media_type": "image/png", "data": PNG}}


def _document(**source: Any) -> dict[str, Any]:
    return {"type": "document", "source": source or {"type": "base64", "media_type": "application/pdf", "data": PDF}}


_USE = {"type": "tool_use", "id": "c1", "name": "f", "input": {"a": 1}}


def _called(content: Any = "done", **more: Any) -> dict[str, Any]:
    result = {"type": "tool_result", "tool_use_id": "c1", "content": content, **more}
    return _body(_user("Hi"), _assistant([_USE]), _user([result]), tools=[_tool()])


def _result(block: Any, below: str = "") -> tuple[Any, str]:
    return _called([_text("see"), block]), f"/messages/2/content/0/content/1{below}"


def _search(**more: Any) -> dict[str, Any]:
    return {"type": "web_search_20250305", "name": "web_search", **more}


_SERVED = {"type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": {"query": "q"}}
_SCHEMA = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"], "additionalProperties": False}
_CITED = {"type": "search_result", "source": "s", "title": "t", "content": [_text("c")], "citations": {"enabled": True}}

CONTEXTS: dict[str, tuple[Any, str]] = {
    "": (_body(), ""),
    "/system": (_body(), "/system"),
    "/system/*": (_body(system=[_text("Be kind")]), "/system/0"),
    "/messages/*": (_body(), "/messages/0"),
    "/messages/*/content/*": (_body(_user("Hi"), _assistant([_text("Ho")]), _user("Go on")), "/messages/1/content/1"),
    "/messages/*:assistant": (_body(_user("Hi"), _assistant("Ho"), _user("Go on")), "/messages/1"),
    "/messages/*:system": (
        _body(_user("Hi"), _assistant("Ho"), {"role": "system", "content": "mind"}, _user("Go")),
        "/messages/2",
    ),
    "/messages/*/content/*:text": (_body(_user([_text("Hi")])), "/messages/0/content/0"),
    "/messages/*:assistant/content/*:text": (
        _body(_user("Hi"), _assistant([_text("Ho")]), _user("Go on")),
        "/messages/1/content/0",
    ),
    "/messages/*/content/*:image": _beside(_image()),
    "/messages/*/content/*:image/source:url": _beside(_image(type="url", url="https://x.example/a.png"), "/source"),
    "/messages/*/content/*:image/source:file": _beside(_image(type="file", file_id="file_abc"), "/source"),
    "/messages/*/content/*:document": _beside(_document()),
    "/messages/*/content/*:document/source:text": _beside(
        _document(type="text", media_type="text/plain", data="plain"), "/source"
    ),
    "/messages/*/content/*:document/source:content": _beside(
        _document(type="content", content=[_text("x")]), "/source"
    ),
    "/messages/*/content/*:document/source:url": _beside(
        _document(type="url", url="https://x.example/a.pdf"), "/source"
    ),
    "/messages/*/content/*:document/source:file": _beside(_document(type="file", file_id="file_abc"), "/source"),
    "/messages/*/content/*:search_result": _beside(_CITED),
    "/messages/*/content/*:thinking": _said({"type": "thinking", "thinking": "hm", "signature": "c2ln"}),
    "/messages/*/content/*:redacted_thinking": _said({"type": "redacted_thinking", "data": "ZGF0YQ=="}),
    "/messages/*/content/*:tool_use": (_called(), "/messages/1/content/0"),
    "/messages/*/content/*:tool_result": (_called(), "/messages/2/content/0"),
    "/messages/*/content/*:tool_result/content/*": (_called([_text("see")]), "/messages/2/content/0/content/1"),
    "/messages/*/content/*:tool_result/content/*:text": (_called([_text("done")]), "/messages/2/content/0/content/0"),
    "/messages/*/content/*:tool_result/content/*:image": _result(_image()),
    "/messages/*/content/*:tool_result/content/*:document": _result(_document()),
    "/messages/*/content/*:tool_result/content/*:search_result": _result(_CITED),
    "/messages/*/content/*:tool_result/content/*:tool_reference": _result({"type": "tool_reference", "tool_name": "f"}),
    "/messages/*/content/*:server_tool_use": _said(_SERVED),
    "/tools/*:custom": (_body(tools=[_tool()]), "/tools/0"),
    "/tools/*:custom/strict": (_body(tools=[_tool(input_schema=_SCHEMA)]), "/tools/0/strict"),
    "/tools/*:web_search_*": (_body(tools=[_search()]), "/tools/0"),
    "/tools/*:web_search_*/user_location": (
        _body(tools=[_search(user_location={"type": "approximate", "city": "Ulm"})]),
        "/tools/0/user_location",
    ),
    "/tool_choice": (_body(tools=[_tool(), _tool("g")]), "/tool_choice"),
    "/tool_choice:auto": (_body(tools=[_tool(), _tool("g")], tool_choice={"type": "auto"}), "/tool_choice"),
    "/tool_choice:any": (_body(tools=[_tool(), _tool("g")], tool_choice={"type": "any"}), "/tool_choice"),
    "/tool_choice:tool": (
        _body(tools=[_tool(), _tool("g")], tool_choice={"type": "tool", "name": "f"}),
        "/tool_choice",
    ),
    "/tool_choice:none": (_body(tools=[_tool(), _tool("g")], tool_choice={"type": "none"}), "/tool_choice"),
    "/thinking:enabled": (_body(thinking={"type": "enabled", "budget_tokens": 2048}), "/thinking"),
    "/thinking:adaptive": (_body(thinking={"type": "adaptive"}), "/thinking"),
    "/thinking:disabled": (_body(thinking={"type": "disabled"}), "/thinking"),
    "/thinking:between_tools": (_body(thinking={"type": "between_tools"}), "/thinking"),
    "/output_config/format:json_schema": (
        _body(output_config={"format": {"type": "json_schema", "schema": _SCHEMA}}),
        "/output_config/format",
    ),
    "/output_format": (_body(output_format={"type": "json_schema", "schema": _SCHEMA}), "/output_format"),
    "/cache_control:ephemeral": (_body(cache_control={"type": "ephemeral"}), "/cache_control"),
}
