"""Odd Messages bodies by name."""

from typing import Any

from .base import PDF, PNG, assistant, user

MARK = {"type": "ephemeral"}
TOOL = {"name": "f", "input_schema": {"type": "object", "properties": {"a": {"type": "string"}}}}


def text(words: str, **more: Any) -> dict[str, Any]:
    return {"type": "text", "text": words, **more}


def use(call_id: str = "t1", given: Any = None, **more: Any) -> dict[str, Any]:
    return {"type": "tool_use", "id": call_id, "name": "f", "input": {} if given is None else given, **more}


def result(call_id: str = "t1", content: Any = "done", **more: Any) -> dict[str, Any]:
    return {"type": "tool_result", "tool_use_id": call_id, "content": content, **more}


def ask(*turns: Any, **more: Any) -> dict[str, Any]:
    return {"model": "acc/m", "max_tokens": 5000, "messages": list(turns) or [user("Hi")], **more}


def source(kind: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, **more}


THOUGHT = {"type": "thinking", "thinking": "hm", "signature": "c2ln"}
HIDDEN = {"type": "redacted_thinking", "data": "ZGF0YQ=="}
IMAGE = {"type": "image", "source": source("base64", media_type="image/png", data=PNG)}
PAPER = {"type": "document", "title": "T", "source": source("base64", media_type="application/pdf", data=PDF)}
LOOP = (user("x"), assistant([use()]), user([result()]))
SEARCHED = assistant([
    {"type": "server_tool_use", "id": "s1", "name": "web_search", "input": {"query": "q"}},
    {"type": "web_search_tool_result", "tool_use_id": "s1", "content": []},
    text("found", citations=[{"type": "web_search_result_location", "url": "https://x.example", "title": "t",
                              "cited_text": "c", "encrypted_index": "e"}]),
])  # fmt: skip

BODIES: dict[str, Any] = {
    "plain": ask(),
    "system string": ask(system="be kind"),
    "system blocks": ask(system=[text("a"), text("b", cache_control=MARK)]),
    "system empty": ask(system=""),
    "system in the messages": ask(user("a"), {"role": "system", "content": "mind"}, assistant("b"), user("c")),
    "temperature": ask(temperature=0.5),
    "top_k": ask(top_k=5),
    "top_p": ask(top_p=0.5),
    "stop_sequences": ask(stop_sequences=["a", "b"]),
    "five stop_sequences": ask(stop_sequences=list("abcde")),
    "stream": ask(stream=True),
    "metadata": ask(metadata={"user_id": "u-1"}),
    "metadata of more": ask(metadata={"user_id": "u-1", "team": "x"}),
    "tier auto": ask(service_tier="auto"),
    "tier standard_only": ask(service_tier="standard_only"),
    "speed": ask(speed="fast"),
    "container": ask(container="c1"),
    "geo": ask(inference_geo="eu"),
    "context_management": ask(context_management={"edits": []}),
    "mcp_servers": ask(mcp_servers=[{"type": "url", "url": "https://x.example", "name": "n"}]),
    "unknown field": ask(frobnicate=1),
    "cache top": ask(cache_control=MARK),
    "cache on a text": ask(user([text("a", cache_control={**MARK, "ttl": "1h"})])),
    "cache on a tool": ask(tools=[{**TOOL, "cache_control": MARK}]),
    "cache on a result": ask(*LOOP[:2], user([result(cache_control=MARK)]), tools=[TOOL]),
    "tool": ask(tools=[TOOL]),
    "tool described": ask(tools=[{**TOOL, "description": "d"}]),
    "tool strict": ask(tools=[{**TOOL, "strict": True}]),
    "tool of type custom": ask(tools=[{**TOOL, "type": "custom"}]),
    "tool with examples": ask(tools=[{**TOOL, "input_examples": [{"a": "x"}]}]),
    "tool deferred": ask(tools=[{**TOOL, "defer_loading": True}]),
    "search tool": ask(tools=[{"type": "web_search_20250305", "name": "web_search", "max_uses": 2}]),
    "code tool": ask(tools=[{"type": "code_execution_20250825", "name": "code_execution"}]),
    "bash tool": ask(tools=[{"type": "bash_20250124", "name": "bash"}]),
    "choice auto": ask(tools=[TOOL], tool_choice={"type": "auto"}),
    "choice any": ask(tools=[TOOL], tool_choice={"type": "any"}),
    "choice tool": ask(tools=[TOOL], tool_choice={"type": "tool", "name": "f"}),
    "choice none": ask(tools=[TOOL], tool_choice={"type": "none"}),
    "choice single": ask(tools=[TOOL], tool_choice={"type": "auto", "disable_parallel_tool_use": True}),
    "choice any single": ask(tools=[TOOL], tool_choice={"type": "any", "disable_parallel_tool_use": True}),
    "loop": ask(*LOOP, tools=[TOOL]),
    "loop without tools": ask(*LOOP),
    "two calls": ask(
        user("x"), assistant([text("so"), use("a", {"a": 1}), use("b")]), user([result("b", "2"), result("a", "1")]),
        tools=[TOOL],
    ),
    "result and text": ask(*LOOP[:2], user([result(), text("and now?")]), tools=[TOOL]),
    "result blocks": ask(*LOOP[:2], user([result(content=[text("a"), text("b")])]), tools=[TOOL]),
    "result failed": ask(*LOOP[:2], user([result(is_error=True)]), tools=[TOOL]),
    "result without content": ask(*LOOP[:2], user([{"type": "tool_result", "tool_use_id": "t1"}]), tools=[TOOL]),
    "result with an image": ask(*LOOP[:2], user([result(content=[text("a"), IMAGE])]), tools=[TOOL]),
    "result with a document": ask(*LOOP[:2], user([result(content=[PAPER])]), tools=[TOOL]),
    "result with a reference": ask(
        *LOOP[:2], user([result(content=[{"type": "tool_reference", "tool_name": "g"}])]), tools=[TOOL]
    ),
    "result orphan": ask(user([result("t9")]), tools=[TOOL]),
    "result missing": ask(user("x"), assistant([use()]), user("y"), tools=[TOOL]),
    "caller": ask(user("x"), assistant([use(caller={"type": "direct"})]), user([result()]), tools=[TOOL]),
    "image": ask(user([IMAGE])),
    "image by url": ask(user([{"type": "image", "source": source("url", url="https://x.example/a.png")}])),
    "image by file": ask(user([{"type": "image", "source": source("file", file_id="file_1")}])),
    "document": ask(user([PAPER])),
    "document by url": ask(user([{"type": "document", "source": source("url", url="https://x.example/a.pdf")}])),
    "document by file": ask(user([{"type": "document", "source": source("file", file_id="file_1")}])),
    "document of text": ask(
        user([{"type": "document", "title": "T", "source": source("text", media_type="text/plain", data="words")}])
    ),
    "document of blocks": ask(user([{"type": "document", "source": source("content", content=[text("words")])}])),
    "document to cite": ask(user([{**PAPER, "citations": {"enabled": True}}])),
    "document in context": ask(user([{**PAPER, "context": "from 1999"}])),
    "search result": ask(
        user([{"type": "search_result", "source": "s", "title": "t", "content": [text("words")]}])
    ),
    "thinking on": ask(thinking={"type": "enabled", "budget_tokens": 2000}),
    "thinking adaptive": ask(thinking={"type": "adaptive"}),
    "thinking off": ask(thinking={"type": "disabled"}),
    "effort": ask(output_config={"effort": "low"}),
    "effort and thinking": ask(thinking={"type": "adaptive"}, output_config={"effort": "high"}),
    "thought in the history": ask(user("x"), assistant([THOUGHT, HIDDEN, text("a")]), user("y")),
    "thought in a loop": ask(user("x"), assistant([THOUGHT, use()]), user([result()]), tools=[TOOL]),
    "only a thought": ask(user("x"), assistant([THOUGHT]), user("y")),
    "format": ask(output_config={"format": {"type": "json_schema", "schema": {
        "type": "object", "properties": {"a": {"type": "string", "description": "an a"}}, "required": ["a"],
        "additionalProperties": False}}}),
    "loose format": ask(output_config={"format": {"type": "json_schema", "schema": {
        "type": "object", "properties": {"a": {"type": "string"}}}}}),
    "searched": ask(user("x"), SEARCHED, user("y")),
    "prefill": ask(user("x"), assistant("{")),
    "users in a row": ask(user("a"), user("b")),
    "unicode": ask(user("é😀\u2028\u0000")),
    "big numbers": ask(user("x"), assistant([use(given={"id": 2**53 + 1, "x": 1.5})]), user([result()]), tools=[TOOL]),
    "empty assistant": ask(user("x"), assistant([]), user("y")),
    "task budget": ask(output_config={"task_budget": {"type": "tokens", "total": 5}}),
}  # fmt: skip
