"""Every refusal of a request names the field at fault, and its message says the value and what would be right.

One case for every place in the core that refuses, over all inbound dialects; the last test finds places without one. In
dialects whose errors have no field for a parameter, the message names it.
"""

import ast
import copy
import sys
from pathlib import Path
from typing import Any, NamedTuple

import dragoman.translate
import orjson
import pytest
from dragoman.translate import boundary
from dragoman.translate.records import TranslationError

from .wires import PNG, USER, ask, assistant, call, result, tool

CHAT, RESPONSES, MESSAGES, GEMINI, BEDROCK = "openai_chat", "openai_responses", "anthropic", "gemini", "bedrock"
CLAUDE = {"to": "anthropic", "model": "claude-sonnet-4-5"}
GPT = {"to": "openai", "model": "gpt-4o"}
CONVERSE = {"to": "bedrock", "region": "eu-west-1", "model": "anthropic.claude-sonnet-4-5-20250929-v1:0"}


class Case(NamedTuple):
    """A request that is refused: who asks what of whom, the field at fault, and words of the message."""

    client: str
    head: dict[str, Any]
    body: Any
    param: str | None
    words: tuple[str, ...]
    status: int = 400


def show(part):
    return ask({"role": "user", "content": [{"type": "text", "text": "?"}, part]})


def input_of(*items, **fields):
    return {"model": "m", "input": list(items) or "Hi", **fields}


def messages(*turns, **fields):
    return {"model": "m", "max_tokens": 9, "messages": list(turns) or [USER], **fields}


def contents(*parts, **fields):
    return {"contents": [{"role": "user", "parts": list(parts) or [{"text": "Hi"}]}], **fields}


def converse(*blocks, **fields):
    return {"messages": [{"role": "user", "content": list(blocks) or [{"text": "Hi"}]}], **fields}


def rows(**reasoning):
    return {**GPT, "models": [{"prefix": "x", "reasoning": reasoning}]}


OPEN = {"type": "json_schema", "json_schema": {"name": "n", "schema": {"type": "object"}, "strict": True}}
PART = "messages[0].content[1]"
EFFORTS = "models[0].reasoning.efforts"
USE = {"type": "tool_use", "id": "c", "name": "f", "input": {}}
OF_USE = {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "c", "content": "r"}]}
ROWS = {"models": [{"prefix": "anthropic.claude"}]}
NO_TEXT = {"type": "file", "file": {"file_data": "data:text/plain;base64,/w==", "filename": "a.txt"}}

CASES = {
    # Readers: a field that is missing, of a wrong type, of a wrong value.
    "chat: missing": Case(CHAT, CLAUDE, {"model": "m"}, "messages", ("Missing", "'messages'")),
    "chat: type": Case(CHAT, CLAUDE, ask(temperature="hot"), "temperature", ("a number", '"hot"')),
    "chat: value": Case(CHAT, CLAUDE, ask(reasoning_effort="huge"), "reasoning_effort", ("'high'", '"huge"')),
    "chat: bounds": Case(CHAT, CLAUDE, ask(top_p=7), "top_p", ("from 0 to 1", "7")),
    "chat: legacy": Case(CHAT, CLAUDE, ask(USER, {"role": "function", "name": "f", "content": "x"}),
                         "messages[1].name", ("function_call", '"f"')),
    "chat: data URL": Case(CHAT, CLAUDE, show({"type": "image_url", "image_url": {"url": "data:image/png,x"}}),
                           f"{PART}.image_url.url", ("data:image/png;base64", "data:image/png,x")),
    "chat: empty data URL": Case(CHAT, CLAUDE, show({"type": "image_url", "image_url": {"url": "data:;base64,"}}),
                                 f"{PART}.image_url.url", ("no data",)),
    "responses: missing": Case(RESPONSES, GPT, {"model": "m"}, "input", ("Missing", "'input'")),
    "responses: type": Case(RESPONSES, CLAUDE, input_of(USER, 5), "input[1]", ("an object", "5")),
    "responses: value": Case(RESPONSES, CLAUDE, input_of(reasoning={"effort": "huge"}), "reasoning.effort",
                             ("'high'", '"huge"')),
    "responses: state": Case(RESPONSES, GPT, input_of(previous_response_id="r"), "previous_response_id",
                             ("whole conversation",)),
    "responses: reference": Case(RESPONSES, GPT, input_of({"type": "item_reference", "id": "x"}), "input[0]",
                                 ("Send the item itself",)),
    "messages: missing": Case(MESSAGES, GPT, {"model": "m", "messages": [USER]}, "max_tokens", ("Missing",)),
    "messages: type": Case(MESSAGES, GPT, messages({"role": "user", "content": 5}), "messages[0].content",
                           ("a string or an array", "5")),
    "messages: value": Case(MESSAGES, GPT, messages({"role": "king", "content": "x"}), "messages[0].role",
                            ("'user'", '"king"')),
    "gemini: missing": Case(GEMINI, GPT, {}, "contents", ("Missing",)),
    "gemini: type": Case(GEMINI, GPT, contents({"text": 5}), "contents[0].parts[0].text", ("a string", "5")),
    "gemini: value": Case(GEMINI, GPT, contents(generationConfig={"candidateCount": 99}),
                          "generationConfig.candidateCount", ("from 1 to 8", "99")),
    "bedrock: missing": Case(BEDROCK, GPT, {}, "messages", ("Missing",)),
    "bedrock: type": Case(BEDROCK, GPT, converse({"text": 5}), "messages[0].content[0].text", ("a string", "5")),
    "bedrock: value": Case(BEDROCK, GPT, converse(inferenceConfig={"temperature": 7}), "inferenceConfig.temperature",
                           ("from 0 to 1", "7")),
    "no JSON": Case(CHAT, CLAUDE, b"{", None, ("not valid JSON", "line 1")),
    "too deep": Case(CHAT, GPT, b'{"model":"m","messages":[{"role":"user","content":"x"}],"a":' + b"[" * 2000
                     + b"]" * 2000 + b"}", None, ("valid JSON",)),
    "too deep to write": Case(CHAT, GPT, orjson.dumps(ask(x="DEEP")).replace(b'"DEEP"', b"[" * 300 + b"]" * 300), None,
                              ("deeper than 254 levels",)),
    "schema too deep to say": Case(
        MESSAGES, {"to": "gemini", "model": "gemini-2.5-flash"},
        orjson.dumps(messages(tools=[{"name": "f", "input_schema": {"odd": "DEEP"}}])).replace(
            b'"DEEP"', b"[" * 300 + b"]" * 300), None, ("deeper than 254 levels",)),
    "no base64 of text": Case(GEMINI, GPT, contents({"inlineData": {"data": "\u2028", "mimeType": "text/plain"}}),
                              "contents[0].parts[0]", ("not base64 of UTF-8 text",)),
    # What a target cannot express.
    "kind": Case(CHAT, CLAUDE, show({"type": "input_audio", "input_audio": {"data": "UklGRg==", "format": "wav"}}),
                 PART, ("takes no audio", "text, images, documents")),
    "part": Case(BEDROCK, GPT, converse({"text": "?"}, {"guardContent": {"text": {"text": "x"}}}),
                 "messages[0].content[1]", ("'guardContent'", "say it as text")),
    "part in a shape of its own": Case(CHAT, CLAUDE, show({"type": "image_url", "image_url": 5}), f"{PART}.image_url",
                                       ("an object", "5")),
    "system media": Case(CHAT, CLAUDE, ask({"role": "system", "content": [
        {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PNG}"}}]}, USER), "messages[0].content[0]",
        ("system messages", "text only")),
    "no text": Case(CHAT, CLAUDE, show(NO_TEXT), PART, ("base64 of UTF-8",)),
    "format": Case(CHAT, {**CONVERSE, **ROWS}, show({"type": "image_url", "image_url": {
        "url": "data:image/bmp;base64,Qk0="}}), PART, ("image/bmp", "image/png")),
    "arguments": Case(CHAT, CLAUDE, ask(USER, assistant(tool_calls=[call(arguments="{")]), result(), tools=[tool()]),
                      "messages[1].tool_calls[0].function.arguments", ("a JSON object", '"{"')),
    "strict": Case(CHAT, CLAUDE, ask(response_format=OPEN), "response_format", ("additionalProperties",)),
    "nothing said": Case(CHAT, CLAUDE, ask({"role": "system", "content": "S"}), "messages", ("at least one user",)),
    "nothing said to gemini": Case(GEMINI, CLAUDE, contents({"text": ""}), "contents", ("at least one user",)),
    "no such call": Case(CHAT, CLAUDE, ask(USER, result("nobody")), "messages[1].tool_call_id",
                         ("'nobody'", "no call")),
    "no result": Case(CHAT, CLAUDE, ask(USER, assistant(tool_calls=[call("lonely")]), USER),
                      "messages[1].tool_calls[0]", ("lonely", "must be followed")),
    "prefill": Case(CHAT, {"to": "anthropic", "model": "claude-opus-5"}, ask(USER, assistant("A")), "messages[1]",
                    ("does not continue", "end with a user message")),
    "no tools": Case(CHAT, CLAUDE, ask(tool_choice="required"), "tool_choice", ("required", "no 'tools'")),
    "no such tool": Case(CHAT, CLAUDE, ask(tools=[tool()], tool_choice={"type": "function", "function": {"name": "x"}}),
                         "tool_choice", ("'x'", "among 'tools'")),
    "no allowed tool": Case(CHAT, CLAUDE, ask(tools=[tool()], tool_choice={"type": "allowed_tools", "allowed_tools": {
        "mode": "auto", "tools": [{"type": "function", "function": {"name": "x"}}]}}), "tool_choice",
        ("allowed tools", "'tools'")),
    "policy": Case(CHAT, CLAUDE, ask(n=2), "n", ("(2)", "Leave it out")),
    "policy, what would be added": Case(CHAT, {**CLAUDE, "on_loss": {"hint": "refuse"}},
                                        {"model": "m", "messages": [USER]}, "max_tokens",
                                        ("Missing", "64000", "Say it yourself", "'hint'")),
    "policy, deep": Case(MESSAGES, {**GPT, "on_loss": "refuse"}, messages({"role": "user", "content": [
        {"type": "text", "text": "x", "x²": 1}]}), "messages[0].content[0].x²", ("(1)", "Leave it out")),
    "policy, odd digits": Case(CHAT, CLAUDE, ask(**{"²": 7}), "²", ("(7)", "Leave it out")),
    "policy, a name with a slash": Case(CHAT, CLAUDE, ask(**{"a/b~c": 7}), "a/b~c", ("(7)", "Leave it out")),
    "policy, bedrock's client": Case(BEDROCK, GPT, converse(guardrailConfig={"x": 1}), "guardrailConfig",
                                     ('{"x":1}', "Leave it out")),
    "policy, gemini's client": Case(GEMINI, CLAUDE, contents(generationConfig={"candidateCount": 2}),
                                    "generationConfig.candidateCount", ("(2)", "Leave it out")),
    # Heads.
    "no model": Case(GEMINI, {"to": "openai"}, contents(), "model", ("Missing", "'model'")),
    "provider": Case(CHAT, {"to": "nobody"}, ask(), "to", ("'nobody'", "anthropic")),
    "setting": Case(CHAT, {"to": "openai_compatible"}, ask(), "base_url", ("base_url", "'openai_compatible'")),
    "region": Case(CHAT, {"to": "bedrock"}, ask(), "region", ("needs a region",)),
    "head: number": Case(CHAT, {**GPT, "family": 5}, ask(), "family", ("a string", "5")),
    "head: list": Case(CHAT, {**GPT, "family": ["x"]}, ask(), "family", ("a string", '["x"]')),
    "head: place": Case(CHAT, {**GPT, "project": {"x": 1}}, ask(), "project", ("a string", '{"x":1}')),
    "head: headers": Case(CHAT, {**GPT, "headers": ["x"]}, ask(), "headers", ("an object", '["x"]')),
    "head: dialect": Case("klingon", GPT, ask(), "from", ("'klingon'", "openai_chat")),
    "head: no JSON": Case("", {}, b"", None, ("The head is not valid JSON",)),
    "head: no object": Case("", {"": []}, b"", None, ("must be a JSON object",)),
    "head: on_loss": Case(CHAT, {**GPT, "on_loss": "maybe"}, ask(), "on_loss", ("'maybe'", "'refuse', 'allow'")),
    "rows": Case(CHAT, {**GPT, "models": {"a": 1}}, ask(), "models", ("a list of rows", '{"a":1}')),
    "row": Case(CHAT, {**GPT, "models": [{"like": "x"}]}, ask(), "models[0]", ("'prefix'", '{"like":"x"}')),
    "row: reasoning": Case(CHAT, {**GPT, "models": [{"prefix": "x", "reasoning": 5}]}, ask(), "models[0].reasoning",
                           ("an object of columns", "5")),
    "row: column": Case(CHAT, {**GPT, "models": [{"prefix": "x", "stopp": 5}]}, ask(), "models[0].stopp",
                        ("stopp", "strict_tools")),
    "row: value": Case(CHAT, {**GPT, "models": [{"prefix": "x", "stop": "x"}]}, ask(), "models[0].stop",
                       ("int", '"x"')),
    "row: too short": Case(CHAT, {**GPT, "models": [{"prefix": "x", "temperature": [1]}]}, ask(),
                           "models[0].temperature", ("[1]", "list[float, float]")),
    "row: no effort": Case(CHAT, rows(kind="native", off=""), ask(), EFFORTS, ("'native'", "at least one level")),
    "row: strange effort": Case(CHAT, rows(efforts=["weak"]), ask(), EFFORTS, ('"weak"', "minimal, low", "'words'")),
    "row: words": Case(CHAT, rows(efforts=["low"], words=["a", "b"]), ask(), "models[0].reasoning.words",
                       ("there are 2", "1 efforts")),
    "row: minimum": Case(CHAT, rows(minimum=5, maximum=3), ask(), "models[0].reasoning.minimum", ("5", "maximum, 3")),
    "call of a user": Case(MESSAGES, GPT, messages({"role": "user", "content": [USE]}, OF_USE),
                           "messages[0].content[0]", ("tool call", "the assistant's", "'user'")),
    "call of the system": Case(MESSAGES, GPT, messages({"role": "system", "content": [USE]}, OF_USE),
                               "messages[0].content[0]", ("tool call", "the assistant's", "'system'")),
    "result of the assistant": Case(
        MESSAGES, GPT, messages(USER, {"role": "assistant", "content": [USE, *OF_USE["content"]]}),
        "messages[1].content[1]", ("tool result", "the user's", "'assistant'")),
    "count: body": Case(BEDROCK, {**CONVERSE, "what": "count"}, {"x": 1}, "input.converse", ("'input.converse'",)),
    "count: client": Case(CHAT, {**GPT, "what": "count"}, ask(), None, ("no way to count",), 404),
    "count: provider": Case(MESSAGES, {**GPT, "what": "count"}, messages(), None, ("does not count tokens",), 404),
}  # fmt: skip


def refuse(case):
    head = {"from": case.client, **case.head} if case.client else case.head.get("", b"{")
    raw = case.body if isinstance(case.body, bytes) else orjson.dumps(case.body)
    return boundary.request(head if isinstance(head, bytes) else orjson.dumps(head), raw)


def told(answer):
    """The message of an error, and its param where the client's dialect has one."""
    body = orjson.loads(answer.body)
    error = body.get("error", body)
    return error["message"], error.get("param")


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_refusal_names_the_field_and_says_the_value_and_what_would_be_right(case):
    answer = refuse(case)
    assert answer.status == case.status, answer
    message, param = told(answer)
    if case.client in (CHAT, RESPONSES, "klingon", ""):
        assert param == case.param
    for word in case.words:
        assert word in message, message
    if case.param is not None:
        assert case.param in message, message


NOT_OF_REQUESTS = {
    # Replies and streams: what a provider did wrong is no refusal of a client's request.
    "dialects/openai_responses/reply.py", "dialects/gemini/reply.py", "dialects/bedrock/reply.py",
    "dialects/anthropic/reply.py", "dialects/openai_chat/reply.py", "telling.py", "context.py", "collect.py",
    # The friendly face: its arguments are a program's.
    "__init__.py",
}  # fmt: skip
ELSEWHERE = "embeddings/"
"""Refusals of requests for embeddings have cases of their own, in tests/embeddings."""
ALSO = {
    ("asking.py", "ask_to_embed"),
    ("counting.py", "number"),
    ("heads.py", "context_of"),
    ("boundary.py", "sign"),
    ("boundary.py", "_error"),
}
"""Functions in other files that make an error, but for a reply, for a call to sign, or of Python's own."""


def places():
    """(file, function) of every place in the core that makes a TranslationError for a request."""
    root = Path(dragoman.translate.__file__).parent
    found = set()
    for path in sorted(root.rglob("*.py")):
        name = path.relative_to(root).as_posix()
        if name in NOT_OF_REQUESTS or name.startswith(ELSEWHERE):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef):
                calls = [inner for inner in ast.walk(node) if isinstance(inner, ast.Call)]
                if any(getattr(inner.func, "id", "") == "TranslationError" for inner in calls):
                    found.add((name, node.name))
    return found - ALSO


def test_every_place_that_refuses_has_a_case(monkeypatch):
    root = Path(dragoman.translate.__file__).parent
    seen = set()
    make = TranslationError.__init__

    def noted(self, *arguments, **named):
        code = sys._getframe(1).f_code
        seen.add((Path(code.co_filename).relative_to(root).as_posix(), code.co_name))
        make(self, *arguments, **named)

    monkeypatch.setattr(TranslationError, "__init__", noted)
    for case in CASES.values():
        refuse(case)
    assert len(places()) > 25
    assert places() - seen == set()


# Readers refuse at hundreds of places more, all through a few functions: there every place of a body is tried.


RICH = {
    CHAT: ask(
        {"role": "system", "content": [{"type": "text", "text": "S", "cache_control": {"type": "ephemeral"}}]},
        {"role": "user", "content": [
            {"type": "text", "text": "?"}, {"type": "image_url", "image_url": {"url": "https://h.example/a.png"}}]},
        assistant("A", tool_calls=[call()], thinking_blocks=[{"type": "thinking", "thinking": "t", "signature": "s"}]),
        result(), tools=[tool()], tool_choice={"type": "function", "function": {"name": "f"}}, stop=["x"], n=1,
        response_format={"type": "json_schema", "json_schema": {"name": "n", "schema": {"type": "object"}}},
        stream_options={"include_usage": True}, temperature=0.5, seed=1, user="u", metadata={"k": "v"},
        parallel_tool_calls=True, reasoning_effort="low", logit_bias={"1": 1}, service_tier="auto",
    ),
    RESPONSES: input_of(
        {"role": "user", "content": [{"type": "input_text", "text": "?"}]},
        {"type": "reasoning", "id": "r", "summary": [{"type": "summary_text", "text": "t"}], "encrypted_content": "e"},
        {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "c", "output": "r"}, instructions="I", max_output_tokens=99,
        tools=[{"type": "function", "name": "f", "parameters": {"type": "object"}, "strict": False}],
        tool_choice={"type": "function", "name": "f"}, text={"format": {"type": "text"}, "verbosity": "low"},
        reasoning={"effort": "low", "summary": "auto"}, temperature=0.5, metadata={"k": "v"}, stream=False,
    ),
    MESSAGES: messages(
        {"role": "user", "content": [
            {"type": "text", "text": "?", "cache_control": {"type": "ephemeral", "ttl": "5m"}},
            {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": PNG}}]},
        {"role": "assistant", "content": [{"type": "thinking", "thinking": "t", "signature": "s"},
                                          {"type": "tool_use", "id": "c", "name": "f", "input": {}}]},
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "c", "content": "r", "is_error": False}]},
        system=[{"type": "text", "text": "S"}], tools=[{"name": "f", "input_schema": {"type": "object"}}],
        tool_choice={"type": "tool", "name": "f"}, thinking={"type": "enabled", "budget_tokens": 1024},
        stop_sequences=["x"], metadata={"user_id": "u"}, temperature=0.5, top_k=3, stream=False,
    ),
    GEMINI: {
        "systemInstruction": {"parts": [{"text": "S"}]},
        "contents": [
            {"role": "user", "parts": [{"text": "?"}, {"inlineData": {"mimeType": "image/png", "data": PNG}}]},
            {"role": "model", "parts": [{"functionCall": {"id": "c", "name": "f", "args": {}},
                                         "thoughtSignature": "s"}]},
            {"role": "user", "parts": [{"functionResponse": {"id": "c", "name": "f", "response": {"output": "r"}}}]}],
        "tools": [{"functionDeclarations": [{"name": "f", "parametersJsonSchema": {"type": "object"}}]}],
        "toolConfig": {"functionCallingConfig": {"mode": "ANY", "allowedFunctionNames": ["f"]}},
        "generationConfig": {"maxOutputTokens": 9, "temperature": 0.5, "stopSequences": ["x"], "topK": 3, "seed": 1,
                             "thinkingConfig": {"thinkingBudget": 1, "includeThoughts": True},
                             "responseMimeType": "application/json", "responseJsonSchema": {"type": "object"}},
        "labels": {"k": "v"}, "serviceTier": "standard",
    },
    BEDROCK: {
        "system": [{"text": "S"}, {"cachePoint": {"type": "default", "ttl": "5m"}}],
        "messages": [
            {"role": "user", "content": [{"text": "?"}, {"image": {"format": "png", "source": {"bytes": PNG}}}]},
            {"role": "assistant", "content": [{"reasoningContent": {"reasoningText": {"text": "t", "signature": "s"}}},
                                              {"toolUse": {"toolUseId": "c", "name": "f", "input": {}}}]},
            {"role": "user", "content": [
                {"toolResult": {"toolUseId": "c", "content": [{"text": "r"}], "status": "success"}}]}],
        "inferenceConfig": {"maxTokens": 9, "temperature": 0.5, "topP": 0.9, "stopSequences": ["x"]},
        "toolConfig": {"tools": [{"toolSpec": {"name": "f", "inputSchema": {"json": {"type": "object"}}}}],
                       "toolChoice": {"tool": {"name": "f"}}},
        "additionalModelRequestFields": {"thinking": {"type": "enabled", "budget_tokens": 1024}},
        "requestMetadata": {"k": "v"}, "serviceTier": {"type": "default"},
    },
}  # fmt: skip
WRONG = (None, True, 5, -1.5, "", "x", [], [None], {}, {"x": 1})


def nodes(value, at=()):
    """Every place of a body below its root."""
    for step, item in value.items() if isinstance(value, dict) else enumerate(value):
        yield (*at, step)
        if isinstance(item, dict | list):
            yield from nodes(item, (*at, step))


def wrong(body, at, value):
    body = copy.deepcopy(body)
    inner = body
    for step in at[:-1]:
        inner = inner[step]
    inner[at[-1]] = value
    return body


def fault(client, head, at, value):
    """What is wrong with the answer to a body that is wrong at a place; None when nothing is."""
    answer = refuse(Case(client, {**head, "on_loss": "allow"}, wrong(RICH[client], at, value), None, ()))
    if answer.status in (200, 428):
        return None
    message, param = told(answer)
    if answer.status != 400:
        return at, value, answer.status, message
    if client in (CHAT, RESPONSES) and not param:
        return at, value, "no param", message
    # The message names a field within the top-level key that is wrong, or the other half of a pair.
    named = param or message
    return (
        None if str(at[0]) in named or any(word in named for word in PAIRED) else (at, value, "another field", message)
    )


PAIRED = ("messages", "input", "contents", "tool_choice", "toolChoice", "toolConfig", "functionCallingConfig")


@pytest.mark.parametrize("head", [CLAUDE, GPT, CONVERSE, {"to": "gemini", "model": "gemini-3.5-flash"}],
                         ids=lambda head: head["to"])  # fmt: skip
@pytest.mark.parametrize("client", RICH)
def test_whatever_is_wrong_a_refusal_names_a_field(client, head):
    assert refuse(Case(client, {**head, "on_loss": "allow"}, RICH[client], None, ())).status in (200, 428)
    faults = [fault(client, head, at, value) for at in nodes(RICH[client]) for value in WRONG]
    assert [item for item in faults if item] == []
