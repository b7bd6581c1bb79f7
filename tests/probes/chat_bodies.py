"""Odd chat-completions bodies by name: the table that every general promise is checked against."""

from typing import Any

from .base import PDF, PNG, assistant, chat, function, made, result, schema, system, user, wants

TREE = {
    "type": "object",
    "properties": {"next": {"anyOf": [{"$ref": "#"}, {"type": "null"}]}, "v": {"type": "string"}},
    "required": ["next", "v"],
    "additionalProperties": False,
}
LOOP = (user("go"), assistant(tool_calls=[made("c1")]), result("c1"))
MARK = {"type": "ephemeral"}
THOUGHT = {"type": "thinking", "thinking": "hm", "signature": "c2lnbmF0dXJl"}
HIDDEN = {"type": "redacted_thinking", "data": "ZGF0YQ=="}
F = [function()]


def picture(url: str, **more: Any) -> dict[str, Any]:
    return {"type": "image_url", "image_url": {"url": url, **more}}


def file(**inner: Any) -> dict[str, Any]:
    return {"type": "file", "file": inner}


def text(words: str, **more: Any) -> dict[str, Any]:
    return {"type": "text", "text": words, **more}


SAMPLING = {
    "temperature 1.5": chat(temperature=1.5),
    "temperature 0": chat(temperature=0),
    "temperature 1": chat(temperature=1),
    "top_p": chat(top_p=0.5),
    "temperature and top_p": chat(temperature=0.5, top_p=0.5),
    "top_k": chat(top_k=40),
    "penalties": chat(presence_penalty=0.5, frequency_penalty=-0.5),
    "penalties of nothing": chat(presence_penalty=0, frequency_penalty=0),
    "seed": chat(seed=7),
    "n 1": chat(n=1),
    "n 2": chat(n=2),
    "logprobs": chat(logprobs=True, top_logprobs=3),
    "logprobs false": chat(logprobs=False),
    "logit_bias": chat(logit_bias={"50256": -100}),
    "logit_bias empty": chat(logit_bias={}),
    "stop string": chat(stop="END"),
    "stop list": chat(stop=["a", "b"]),
    "stop of five": chat(stop=["a", "b", "c", "d", "e"]),
    "stop blank": chat(stop=["\n", "END"]),
    "stop empty": chat(stop=""),
    "stop empty list": chat(stop=[]),
    "max_tokens": chat(max_tokens=100),
    "max_completion_tokens": chat(max_completion_tokens=100),
    "both limits": chat(max_tokens=100, max_completion_tokens=200),
    "the same limit twice": chat(max_tokens=100, max_completion_tokens=100),
    "limit above the ceiling": chat(max_tokens=1_000_000),
    "nulls everywhere": chat(
        temperature=None, top_p=None, n=None, stop=None, tools=None, tool_choice=None, response_format=None, seed=None,
        stream=None, stream_options=None, max_tokens=None, user=None, metadata=None, reasoning_effort=None,
    ),
}  # fmt: skip

TOOLS = {
    "tool without parameters": chat(tools=[function()]),
    "tool with empty parameters": chat(tools=[function(parameters={})]),
    "tool without type in parameters": chat(tools=[function(parameters={"properties": {"a": {"type": "string"}}})]),
    "tool strict": chat(tools=[function(parameters=schema(a={"type": "string"}), strict=True, description="d")]),
    "tool strict false": chat(tools=[function(parameters=schema(a={"type": "string"}), strict=False)]),
    "tool strict null": chat(tools=[function(parameters=schema(a={"type": "string"}), strict=None)]),
    "tool description empty": chat(tools=[function(description="", parameters={"type": "object"})]),
    "tool name with dots": chat(tools=[function("math.add/1", description="adds")]),
    "tool name of 80": chat(tools=[function("a" * 80)]),
    "tool name unicode": chat(tools=[function("größe")]),
    "two tools whose names fall together": chat(tools=[function("a.b"), function("a/b")]),
    "odd name forced and called": chat(
        user("x"), assistant(tool_calls=[made("c1", name="a.b")]), result("c1"), user("again"),
        tools=[function("a.b")], tool_choice="auto",
    ),
    "choice none": chat(tools=F, tool_choice="none"),
    "choice auto": chat(tools=F, tool_choice="auto"),
    "choice required": chat(tools=F, tool_choice="required"),
    "choice named": chat(tools=F, tool_choice={"type": "function", "function": {"name": "f"}}),
    "choice of an unknown name": chat(tools=F, tool_choice={"type": "function", "function": {"name": "g"}}),
    "choice allowed": chat(
        tools=[function("f"), function("g")],
        tool_choice={"type": "allowed_tools", "allowed_tools": {
            "mode": "required", "tools": [{"type": "function", "function": {"name": "g"}}]}},
    ),
    "choice required without tools": chat(tool_choice="required"),
    "choice auto without tools": chat(tool_choice="auto"),
    "parallel false": chat(tools=F, parallel_tool_calls=False),
    "parallel false and required": chat(tools=F, parallel_tool_calls=False, tool_choice="required"),
    "parallel false and none": chat(tools=F, parallel_tool_calls=False, tool_choice="none"),
    "parallel true": chat(tools=F, parallel_tool_calls=True),
    "parallel without tools": chat(parallel_tool_calls=False),
    "custom tool": chat(tools=[{"type": "custom", "custom": {"name": "sh", "description": "shell"}}]),
    "custom tool with grammar": chat(tools=[{"type": "custom", "custom": {"name": "sh", "format": {
        "type": "grammar", "grammar": {"syntax": "lark", "definition": "start: WORD"}}}}]),
    "custom call in the history": chat(
        user("x"),
        assistant(tool_calls=[{"id": "c1", "type": "custom", "custom": {"name": "sh", "input": "ls -la"}}]),
        result("c1"), tools=[{"type": "custom", "custom": {"name": "sh"}}],
    ),
    "legacy functions": chat(functions=[{"name": "f", "parameters": {"type": "object", "properties": {}}}]),
    "legacy function_call": chat(functions=[{"name": "f"}], function_call={"name": "f"}),
    "legacy history": chat(
        user("x"), assistant(function_call={"name": "f", "arguments": '{"a":1}'}),
        {"role": "function", "name": "f", "content": "1"}, functions=[{"name": "f"}],
    ),
    "web search tool": chat(tools=[{"type": "web_search"}]),
    "unknown builtin tool": chat(tools=[{"type": "code_interpreter"}]),
    "a function beside web search": chat(tools=[function(), {"type": "web_search_preview"}]),
    "empty tools": chat(tools=[]),
    "tool with cache mark": chat(tools=[{**function(), "cache_control": MARK}]),
    "tool with unknown keys": chat(tools=[{**function(defer=True), "x": 1}]),
}  # fmt: skip

RESULTS = {
    "result string": chat(*LOOP, tools=F),
    "result parts": chat(*LOOP[:2], result("c1", [text("a"), text("b")]), tools=F),
    "result with an image": chat(*LOOP[:2], result("c1", [text("a"), picture(f"data:image/png;base64,{PNG}")]),
        tools=F),
    "result empty": chat(*LOOP[:2], result("c1", ""), tools=F),
    "result of no parts": chat(*LOOP[:2], result("c1", []), tools=F),
    "results out of order": chat(
        user("x"), assistant(tool_calls=[made("c1"), made("c2")]), result("c2", "two"), result("c1", "one"), tools=F
    ),
    "result missing": chat(user("x"), assistant(tool_calls=[made("c1"), made("c2")]), result("c2"), tools=F),
    "result orphan": chat(user("x"), result("c9"), tools=F),
    "result twice": chat(*LOOP, result("c1", "again"), tools=F),
    "calls of one id": chat(
        user("x"), assistant(tool_calls=[made("c1"), made("c1")]), result("c1"), result("c1"), tools=F
    ),
    "the same id in two turns": chat(*LOOP, assistant("ok"), *LOOP, tools=F),
    "result after a user message": chat(*LOOP[:2], user("wait"), result("c1"), tools=F),
    "result and then a user message": chat(*LOOP, user("and now?"), tools=F),
    "result then an image of the user": chat(*LOOP, user([picture(f"data:image/png;base64,{PNG}")]), tools=F),
    "result with a name": chat(*LOOP[:2], result("c1", name="f"), tools=F),
    "text and calls": chat(user("x"), assistant("Let me see.", tool_calls=[made("c1")]), result("c1"), tools=F),
    "calls without a content key": chat(
        user("x"), {"role": "assistant", "tool_calls": [made("c1")]}, result("c1"), tools=F
    ),
    "calls and blank content": chat(user("x"), assistant(" ", tool_calls=[made("c1")]), result("c1"), tools=F),
    "empty list of calls": chat(user("x"), assistant("ok", tool_calls=[]), user("y")),
    "odd ids": chat(user("x"), assistant(tool_calls=[made("functions.f:0|é")]), result("functions.f:0|é"), tools=F),
    "ids that fall together": chat(
        user("x"), assistant(tool_calls=[made("a.b"), made("a|b")]), result("a.b", "1"), result("a|b", "2"), tools=F
    ),
    "long id": chat(user("x"), assistant(tool_calls=[made("c" * 300)]), result("c" * 300), tools=F),
    "empty id": chat(user("x"), assistant(tool_calls=[made("")]), result(""), tools=F),
    "history without tools": chat(*LOOP),
    "history of a tool that is gone": chat(*LOOP, tools=[function("g")]),
    "results between system texts": chat(*LOOP[:2], system("mind"), LOOP[2], tools=F),
}  # fmt: skip

ARGUMENTS = {
    f"arguments {name}": chat(user("x"), assistant(tool_calls=[made("c1", given)]), result("c1"), tools=F)
    for name, given in {
        "invalid": '{"a":',
        "empty": "",
        "blank": "  ",
        "null": "null",
        "array": "[1]",
        "number": "5",
        "big integers": '{"id":12345678901234567890123,"x":1.10,"y":1e400,"z":-0.0}',
        "spaced": '{ "a" : 1 ,\n"b":[ ] }',
        "escaped": '{"a":"\\u00e9\\ud83d\\ude00\\/"}',
        "keys twice": '{"a":1,"a":2}',
        "an object": {"a": 1},
    }.items()
}

SCHEMAS = {
    "const": schema(a={"const": "x"}),
    "oneOf": schema(a={"oneOf": [{"type": "string"}, {"type": "integer"}]}),
    "ref": {**schema(a={"$ref": "#/$defs/A"}), "$defs": {"A": {"type": "string", "description": "an A"}}},
    "recursion": TREE,
    "nullable": schema(a={"type": ["string", "null"]}),
    "bounds": schema(a={"type": "integer", "minimum": 1, "maximum": 9}, b={"type": "string", "maxLength": 5}),
    "items": schema(a={"type": "array", "items": {"type": "string"}, "minItems": 3, "uniqueItems": True}),
    "enum": schema(a={"type": "string", "enum": ["x", "y"]}),
    "enum of numbers": schema(a={"enum": [1, 2]}),
    "default": schema(a={"type": "string", "default": "x"}),
    "nested": schema(a=schema(b=schema(c={"type": "string"}))),
    "pattern": schema(a={"type": "string", "pattern": "^[a-z]+$"}),
    "format": schema(a={"type": "string", "format": "date-time"}),
    "allOf": schema(a={"allOf": [schema(b={"type": "string"})]}),
    "not": schema(a={"type": "string", "not": {"const": "x"}}),
    "properties named like keywords": schema(properties={"type": "string"}, required={"type": "string"}),
    "title and comment": {**schema(a={"type": "string", "title": "T", "$comment": "c"}), "$schema": "http://x/y"},
}
FORMATS = {f"strict schema {name}": chat(response_format=wants(shape)) for name, shape in SCHEMAS.items()}
FORMATS |= {f"schema {name}": chat(response_format=wants(shape, strict=False)) for name, shape in SCHEMAS.items()}
FORMATS |= {
    f"strict tool {name}": chat(tools=[function(parameters=shape, strict=True)]) for name, shape in SCHEMAS.items()
}
FORMATS |= {f"tool {name}": chat(tools=[function(parameters=shape)]) for name, shape in SCHEMAS.items()}
LOOSE = {"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": True}
FORMATS |= {
    "format text": chat(response_format={"type": "text"}),
    "format json": chat(user("json please"), response_format={"type": "json_object"}),
    "strict but not strict": chat(response_format=wants(LOOSE)),
    "loose": chat(response_format=wants(LOOSE, strict=None)),
    "loose and strict false": chat(response_format=wants(LOOSE, strict=False)),
    "format with a description": chat(response_format=wants(schema(a={"type": "string"}), description="An answer.")),
    "format without a schema": chat(response_format={"type": "json_schema", "json_schema": {"name": "x"}}),
    "root array": chat(response_format=wants({"type": "array", "items": {"type": "string"}}, strict=False)),
    "format beside tools": chat(tools=F, response_format=wants(schema(a={"type": "string"}))),
    "format beside a forced tool": chat(tools=F, tool_choice="required", response_format=wants(schema())),
    "format beside thinking": chat(reasoning_effort="high", response_format=wants(schema(a={"type": "string"}))),
    "json beside thinking": chat(reasoning_effort="high", response_format={"type": "json_object"}),
    "json beside a choice of none": chat(tools=F, tool_choice="none", response_format={"type": "json_object"}),
    "json in a tool loop": chat(*LOOP, tools=F, response_format={"type": "json_object"}),
}

CACHING = {
    "mark on a part": chat(user([text("a", cache_control=MARK), text("b")])),
    "mark on a system part": chat(system([text("a", cache_control=MARK)]), user("x")),
    "mark on an empty text": chat(user([text("", cache_control=MARK), text("b")])),
    "mark on a message": chat(user("a", cache_control=MARK)),
    "mark on an assistant": chat(user("x"), assistant([text("a", cache_control=MARK)]), user("y")),
    "mark on a result": chat(*LOOP[:2], result("c1", [text("a", cache_control=MARK)]), tools=F),
    "mark on a result message": chat(*LOOP[:2], result("c1", cache_control=MARK), tools=F),
    "mark on a call": chat(user("x"), assistant(tool_calls=[made("c1", cache_control=MARK)]), result("c1"), tools=F),
    "mark on the top level": chat(cache_control=MARK),
    "mark of an hour": chat(user([text("a", cache_control={**MARK, "ttl": "1h"})])),
    "mark of 24 hours": chat(user([text("a", cache_control={**MARK, "ttl": "24h"})])),
    "five marks": chat(user([text(str(i), cache_control=MARK) for i in range(5)])),
    "four marks and the top": chat(user([text(str(i), cache_control=MARK) for i in range(4)]), cache_control=MARK),
    "breakpoint": chat(user([text("a", prompt_cache_breakpoint={"mode": "explicit"})])),
    "breakpoint of 30m": chat(user([text("a", prompt_cache_breakpoint={"mode": "explicit", "ttl": "30m"})])),
    "cache key": chat(prompt_cache_key="k"),
    "cache retention": chat(prompt_cache_retention="24h"),
    "cache options": chat(prompt_cache_options={"mode": "implicit"}),
    "mark on an image": chat(user([{**picture(f"data:image/png;base64,{PNG}"), "cache_control": MARK}])),
}

MEDIA = {
    "png": chat(user([text("see"), picture(f"data:image/png;base64,{PNG}")])),
    "jpg": chat(user([picture(f"data:image/jpg;base64,{PNG}")])),
    "data without a type": chat(user([picture(f"data:;base64,{PNG}")])),
    "https": chat(user([picture("https://x.example/a.png")])),
    "http": chat(user([picture("http://x.example/a.png")])),
    "gs": chat(user([picture("gs://bucket/a.png")])),
    "detail": chat(user([picture("https://x.example/a.png", detail="high")])),
    "detail original": chat(user([picture("https://x.example/a.png", detail="original")])),
    "detail auto": chat(user([picture("https://x.example/a.png", detail="auto")])),
    "image_url as a string": chat(user([{"type": "image_url", "image_url": "https://x.example/a.png"}])),
    "image that is a pdf": chat(user([picture(f"data:application/pdf;base64,{PDF}")])),
    "image that says it is a pdf": chat(user([picture("https://x.example/a", mime_type="application/pdf")])),
    "image that is audio": chat(user([picture("data:audio/wav;base64,UklGRg==")])),
    "image of a type nobody takes": chat(user([picture("data:image/tiff;base64,SUkqAA==")])),
    "bad data url": chat(user([picture("data:image/png,notbase64")])),
    "empty data": chat(user([picture("data:image/png;base64,")])),
    "not a url": chat(user([picture("a.png")])),
    "pdf data": chat(user([file(filename="a.pdf", file_data=f"data:application/pdf;base64,{PDF}")])),
    "pdf without a data url": chat(user([file(filename="a.pdf", file_data=PDF)])),
    "pdf by url": chat(user([file(file_url="https://x.example/a.pdf")])),
    "text file": chat(user([file(filename="a.txt", file_data="data:text/plain;base64,SGVsbG8=")])),
    "text file that is no utf-8": chat(user([file(filename="a.txt", file_data="data:text/plain;base64,//4=")])),
    "markdown file": chat(user([file(filename="a.md", file_data="data:text/markdown;base64,SGVsbG8=")])),
    "docx": chat(user([file(filename="a.docx", file_data="data:application/vnd.openxmlformats-officedocument."
                                                         "wordprocessingml.document;base64,UEsDBA==")])),
    "image as a file": chat(user([file(filename="a.png", file_data=f"data:image/png;base64,{PNG}")])),
    "their file id": chat(user([file(file_id="file-abc")])),
    "our file id": chat(user([file(file_id="file_abc")])),
    "audio": chat(user([{"type": "input_audio", "input_audio": {"data": "UklGRg==", "format": "wav"}}])),
    "video": chat(user([{"type": "video_url", "video_url": {"url": "https://x.example/a.mp4"}}])),
    "unknown part": chat(user([{"type": "hologram", "hologram": {}}])),
    "image of the assistant": chat(user("x"), assistant([picture(f"data:image/png;base64,{PNG}")]), user("y")),
    "image in a system message": chat(system([picture(f"data:image/png;base64,{PNG}")]), user("y")),
}  # fmt: skip

EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
THINKING: dict[str, Any] = {f"effort {effort}": chat(reasoning_effort=effort) for effort in EFFORTS}
THINKING |= {f"effort {effort} within 2000": chat(reasoning_effort=effort, max_tokens=2000) for effort in EFFORTS}
THINKING |= {
    "effort high within 100": chat(reasoning_effort="high", max_tokens=100),
    "thinking enabled": chat(thinking={"type": "enabled", "budget_tokens": 5000}, max_tokens=9000),
    "thinking without a budget": chat(thinking={"type": "enabled"}),
    "thinking above the limit": chat(thinking={"type": "enabled", "budget_tokens": 9000}, max_tokens=4000),
    "thinking below the minimum": chat(thinking={"type": "enabled", "budget_tokens": 10}, max_tokens=4000),
    "thinking adaptive": chat(thinking={"type": "adaptive"}),
    "thinking disabled": chat(thinking={"type": "disabled"}),
    "thinking shown": chat(thinking={"type": "adaptive", "display": "summarized"}),
    "thinking with unknown keys": chat(thinking={"type": "adaptive", "clear_thinking": True}),
    "reasoning object": chat(reasoning={"effort": "low"}),
    "reasoning budget": chat(reasoning={"max_tokens": 3000}, max_tokens=9000),
    "reasoning off": chat(reasoning={"enabled": False}),
    "reasoning excluded": chat(reasoning={"effort": "high", "exclude": True}),
    "reasoning of nothing": chat(reasoning={}),
    "both": chat(reasoning_effort="low", thinking={"type": "enabled", "budget_tokens": 5000}, max_tokens=9000),
    "thinking and forced": chat(tools=F, tool_choice="required", reasoning_effort="high"),
    "thinking and named": chat(
        tools=F, tool_choice={"type": "function", "function": {"name": "f"}}, reasoning_effort="high"
    ),
    "thinking and temperature": chat(reasoning_effort="high", temperature=0.2),
    "thinking and top_p": chat(reasoning_effort="high", top_p=0.97),
    "thinking and top_k": chat(reasoning_effort="high", top_k=5),
    "thinking and prefill": chat(user("x"), assistant("{"), reasoning_effort="high"),
    "loop with blocks": chat(
        user("x"), assistant(tool_calls=[made("c1")], thinking_blocks=[THOUGHT, HIDDEN]), result("c1"),
        tools=F, reasoning_effort="high",
    ),
    "loop with blocks and no content key": chat(
        user("x"), {"role": "assistant", "tool_calls": [made("c1")], "thinking_blocks": [THOUGHT]}, result("c1"),
        tools=F, reasoning_effort="high",
    ),
    "loop with blocks in the content": chat(
        user("x"), assistant([THOUGHT, text("so")], tool_calls=[made("c1")]), result("c1"), tools=F,
        reasoning_effort="high",
    ),
    "loop without blocks": chat(*LOOP, tools=F, reasoning_effort="high"),
    "blocks of an empty thought": chat(
        user("x"), assistant("a", thinking_blocks=[{"type": "thinking", "thinking": "", "signature": "c2ln"}]),
        user("y")
    ),
    "blocks without a signature": chat(
        user("x"), assistant("a", thinking_blocks=[{"type": "thinking", "thinking": "hm"}]), user("y")
    ),
    "reasoning_content alone": chat(user("x"), assistant("a", reasoning_content="hm"), user("y")),
    "reasoning with an anthropic signature": chat(
        user("x"),
        assistant("a", reasoning_content="hm", extra_content={"anthropic": {"signature": "c2ln"}}), user("y"),
    ),
    "reasoning_details": chat(
        user("x"),
        assistant("a", reasoning_details=[
            {"type": "reasoning.text", "text": "hm", "signature": "c2ln", "format": "anthropic-claude-v1"},
            {"type": "reasoning.encrypted", "data": "ZGF0YQ==", "format": "anthropic-claude-v1"},
        ]), user("y"),
    ),
    "reasoning_details of google": chat(
        user("x"),
        assistant("a", reasoning_details=[{"type": "reasoning.encrypted", "data": "eA==",
        "format": "google-gemini-v1"}]),
        user("y"),
    ),
    "content_blocks": chat(user("x"), assistant("a", content_blocks=[THOUGHT]), user("y")),
    **{
        f"signature {name}": chat(user("x"), assistant(tool_calls=[call]), result("c1"), tools=F)
        for name, call in {
            "1": made("c1", provider_specific_fields={"thought_signature": "c2ln"}),
            "2": made("c1", extra_content={"google": {"thought_signature": "c2ln"}}),
            "3": {"id": "c1", "type": "function",
                  "function": {"name": "f", "arguments": "{}", "thought_signature": "c2ln"}},
            "4": {"id": "c1", "type": "function", "function": {
                "name": "f", "arguments": "{}", "provider_specific_fields": {"thought_signature": "c2ln"}}},
            "5": made("c1", thought_signature="c2ln"),
        }.items()
    },
    "signature in the id": chat(
        user("x"), assistant(tool_calls=[made("c1__thought__c2ln")]), result("c1__thought__c2ln"), tools=F
    ),
    "signature in the id of the call only": chat(
        user("x"), assistant(tool_calls=[made("c1__thought__c2ln")]), result("c1"), tools=F
    ),
}  # fmt: skip

DEEP: Any = "bottom"
for _ in range(300):
    DEEP = {"a": DEEP}

HISTORIES = {
    "system in the middle": chat(user("a"), system("mind"), assistant("b"), user("c")),
    "system at the end": chat(user("a"), assistant("b"), user("c"), system("mind")),
    "system after an assistant": chat(user("a"), assistant("b"), system("mind"), user("c")),
    "developer": chat({"role": "developer", "content": "be kind"}, user("x")),
    "system parts": chat(system([text("a"), text("b")]), system("c"), user("x")),
    "only system": chat(system("be kind")),
    "system empty": chat(system(""), user("x")),
    "user empty": chat(user("")),
    "user blank": chat(user("  ")),
    "user of no parts": chat(user([])),
    "parts, one empty": chat(user([text(""), text("a")])),
    "assistant null": chat(user("a"), assistant(None), user("b")),
    "assistant empty": chat(user("a"), assistant(""), user("b")),
    "assistant blank": chat(user("a"), assistant("  "), user("b")),
    "assistant first": chat(assistant("hello"), user("x")),
    "assistant last": chat(user("x"), assistant("{")),
    "assistant last with blanks": chat(user("x"), assistant("Answer: ")),
    "users in a row": chat(user("a"), user("b"), user([text("c")])),
    "assistants in a row": chat(user("a"), assistant("b"), assistant("c"), user("d")),
    "names": chat(user("a", name="ann"), assistant("b", name="bob"), user("c")),
    "unicode": chat(user("é😀\u2028\u0000\ufeff"), system("日本語")),
    "refusal of an assistant": chat(user("a"), assistant(None, refusal="I will not."), user("b")),
    "refusal part": chat(user("a"), assistant([{"type": "refusal", "refusal": "I will not."}]), user("b")),
    "annotations echoed": chat(
        user("a"), assistant("b", refusal=None, annotations=[], audio=None, function_call=None, tool_calls=None),
        user("c")
    ),
    "annotations said": chat(
        user("a"), assistant("b", annotations=[{"type": "url_citation", "url_citation": {
            "url": "https://x.example", "title": "t", "start_index": 0, "end_index": 1}}]), user("c"),
    ),
    "audio of an assistant": chat(user("a"), assistant(None, audio={"id": "audio_1"}), user("b")),
    "unknown message key": chat(user("a", mood="good")),
    "unknown part key": chat(user([text("a", mood="good")])),
    "deep arguments": chat(
        user("x"), assistant(tool_calls=[made("c1", '{"a":' * 300 + "1" + "}" * 300)]), result("c1"), tools=F
    ),
    "deep schema": chat(tools=[function(parameters={"type": "object", "properties": {"a": {"description": "d"}}})]),
}  # fmt: skip

FIELDS = {
    "unknown field": chat(frobnicate=True),
    "unknown field null": chat(frobnicate=None),
    "user": chat(user="u-1"),
    "safety_identifier": chat(safety_identifier="u-1"),
    "user and safety_identifier": chat(user="u-1", safety_identifier="u-2"),
    "metadata": chat(metadata={"a": "b"}),
    "metadata empty": chat(metadata={}),
    "store": chat(store=True),
    "store false": chat(store=False),
    "tier auto": chat(service_tier="auto"),
    "tier default": chat(service_tier="default"),
    "tier flex": chat(service_tier="flex"),
    "tier priority": chat(service_tier="priority"),
    "verbosity low": chat(verbosity="low"),
    "verbosity medium": chat(verbosity="medium"),
    "prediction": chat(prediction={"type": "content", "content": "x"}),
    "modalities text": chat(modalities=["text"]),
    "modalities audio": chat(modalities=["text", "audio"], audio={"voice": "alloy", "format": "wav"}),
    "web_search_options": chat(web_search_options={}),
    "web_search with a place": chat(web_search_options={
        "search_context_size": "low",
        "user_location": {"type": "approximate", "approximate": {"country": "DE", "city": "Ulm"}}}),
    "moderation": chat(moderation={"model": "omni-moderation-latest"}),
    "stream": chat(stream=True),
    "stream with usage": chat(stream=True, stream_options={"include_usage": True}),
    "stream with obfuscation": chat(stream=True, stream_options={"include_obfuscation": False}),
    "stream_options without stream": chat(stream_options={"include_usage": True}),
}  # fmt: skip

BODIES: dict[str, Any] = {
    **SAMPLING, **TOOLS, **RESULTS, **ARGUMENTS, **FORMATS, **CACHING, **MEDIA, **THINKING, **HISTORIES, **FIELDS,
}  # fmt: skip
