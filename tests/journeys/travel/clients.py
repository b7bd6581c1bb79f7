"""Clients of every dialect, who keep their history as the official SDKs give it to them."""

from base64 import b64encode
from typing import Any

import orjson
from google.genai import types
from proof import sdk
from proof.calls import frames

from .places import TOOL, Json

SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
ASIDE = {"parsed": True, "parsed_arguments": True}


Result = tuple[str, str, str]
"""(id of the call, name of the tool, text)."""


def plain(value: Any) -> Any:
    """An SDK's value as the JSON that it sends: without what only the SDK knows."""
    if isinstance(value, bytes):
        return b64encode(value).decode()
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items() if key not in ASIDE}
    return [plain(item) for item in value] if isinstance(value, list) else value


def dumped(model: Any) -> Any:
    """A pydantic model as the SDK sends it."""
    return plain(model.model_dump(mode="json", exclude_none=True, exclude_unset=True, by_alias=True))


def payloads(out: bytes) -> list[Any]:
    """The JSON of a stream's events, whatever its ends of lines, and without a provider's padding."""
    found = frames(out if out.startswith(b"\0") else out.replace(b"\r\n", b"\n"))
    for payload in found if out.startswith(b"\0") else ():
        for inner in payload.values():
            inner.pop("p", None)
    return found


class Chat:
    """The official OpenAI client, with extension fields in its history."""

    dialect = "openai_chat"

    def __init__(self) -> None:
        mark = {"cache_control": {"type": "ephemeral"}}
        tool = {"type": "function", "function": {"name": TOOL, "description": "d", "parameters": SCHEMA}}
        self.body: Json = {
            "model": "acct/m", "max_completion_tokens": 8000, "reasoning_effort": "low", "tools": [tool],
            "messages": [{"role": "system", "content": [{"type": "text", "text": "Be kind.", **mark}]}],
        }  # fmt: skip

    @property
    def history(self) -> list[Json]:
        history: list[Json] = self.body["messages"]
        return history

    def ask(self, words: str) -> None:
        text = {"type": "text", "text": words, "cache_control": {"type": "ephemeral"}}
        self.history.append({"role": "user", "content": [text]})

    def streaming(self) -> Json:
        return {**self.body, "stream": True}

    def take(self, reply: Any) -> None:
        sdk.completion(reply)
        self.history.append(reply["choices"][0]["message"])

    def take_stream(self, out: bytes) -> None:
        self.history.append(dumped(sdk.gather_chunks(payloads(out)).choices[0].message))

    def calls(self) -> list[tuple[str, str, str]]:
        """(id, name, arguments) of the calls that wait for results."""
        return [
            (call["id"], call["function"]["name"], call["function"]["arguments"])
            for call in self.history[-1]["tool_calls"]
        ]

    def answer(self, results: list[Result]) -> None:
        self.history.extend({"role": "tool", "tool_call_id": key, "content": text} for key, _, text in results)


class Responses:
    """The official OpenAI client on Responses, which keeps nothing at the server."""

    dialect = "openai_responses"

    def __init__(self) -> None:
        self.body: Json = {
            "model": "acct/m", "max_output_tokens": 8000, "reasoning": {"effort": "low", "summary": "auto"},
            "store": False, "include": ["reasoning.encrypted_content"], "instructions": "Be kind.", "input": [],
            "tools": [
                {"type": "function", "name": TOOL, "description": "d", "parameters": SCHEMA, "strict": False}
            ],
        }  # fmt: skip
        self.waiting: list[Json] = []

    @property
    def history(self) -> list[Json]:
        history: list[Json] = self.body["input"]
        return history

    def ask(self, words: str) -> None:
        self.history.append({"role": "user", "content": [{"type": "input_text", "text": words}]})

    def streaming(self) -> Json:
        return {**self.body, "stream": True}

    def _keep(self, output: list[Json]) -> None:
        self.history.extend(output)
        self.waiting = [item for item in output if item["type"] == "function_call"]

    def take(self, reply: Any) -> None:
        self._keep([dumped(item) for item in sdk.response(reply).output])

    def take_stream(self, out: bytes) -> None:
        self._keep([dumped(item) for item in sdk.gather_responses(payloads(out)).output])

    def calls(self) -> list[tuple[str, str, str]]:
        return [(item["call_id"], item["name"], item["arguments"]) for item in self.waiting]

    def answer(self, results: list[Result]) -> None:
        self.history.extend(
            {"type": "function_call_output", "call_id": key, "output": text} for key, _, text in results
        )


class Messages:
    """The official Anthropic client."""

    dialect = "anthropic"

    def __init__(self) -> None:
        mark = {"cache_control": {"type": "ephemeral"}}
        self.body: Json = {
            "model": "acct/m", "max_tokens": 8000, "thinking": {"type": "enabled", "budget_tokens": 2000},
            "system": [{"type": "text", "text": "Be kind.", **mark}], "messages": [],
            "tools": [{"name": TOOL, "description": "d", "input_schema": SCHEMA, **mark}],
        }  # fmt: skip

    @property
    def history(self) -> list[Json]:
        history: list[Json] = self.body["messages"]
        return history

    def ask(self, words: str) -> None:
        self.history.append({"role": "user", "content": words})

    def streaming(self) -> Json:
        return {**self.body, "stream": True}

    def take(self, reply: Any) -> None:
        content = [dumped(block) for block in sdk.message(reply).content]
        self.history.append({"role": "assistant", "content": content})

    def take_stream(self, out: bytes) -> None:
        content = [dumped(block) for block in sdk.gather_events(payloads(out)).content]
        self.history.append({"role": "assistant", "content": content})

    def calls(self) -> list[tuple[str, str, str]]:
        blocks = [block for block in self.history[-1]["content"] if block["type"] == "tool_use"]
        return [(block["id"], block["name"], orjson.dumps(block["input"]).decode()) for block in blocks]

    def answer(self, results: list[Result]) -> None:
        blocks = [{"type": "tool_result", "tool_use_id": key, "content": text} for key, _, text in results]
        self.history.append({"role": "user", "content": blocks})


class Gemini:
    """Google's official client, whose chats keep every chunk of a stream as a content of its own."""

    dialect = "gemini"

    def __init__(self) -> None:
        tool = {"name": TOOL, "description": "d", "parametersJsonSchema": SCHEMA}
        self.body: Json = {
            "systemInstruction": {"parts": [{"text": "Be kind."}]}, "contents": [],
            "tools": [{"functionDeclarations": [tool]}],
            "generationConfig": {
                "maxOutputTokens": 8000, "thinkingConfig": {"thinkingBudget": 2000, "includeThoughts": True},
            },
        }  # fmt: skip
        self.waiting: list[Json] = []

    @property
    def history(self) -> list[Json]:
        history: list[Json] = self.body["contents"]
        return history

    def ask(self, words: str) -> None:
        self.history.append({"role": "user", "parts": [{"text": words}]})

    def streaming(self) -> Json:
        return self.body

    def _keep(self, replies: list[types.GenerateContentResponse]) -> None:
        contents = [reply.candidates[0].content for reply in replies if reply.candidates]
        said = [dumped(content) for content in contents if content is not None and content.parts]
        self.history.extend(said)
        parts = [part for content in said for part in content["parts"]]
        self.waiting = [part["functionCall"] for part in parts if "functionCall" in part]

    def take(self, reply: Any) -> None:
        self._keep([sdk.generated(reply)])

    def take_stream(self, out: bytes) -> None:
        self._keep(sdk.gather_candidates(payloads(out)))

    def calls(self) -> list[tuple[str, str, str]]:
        return [(call.get("id") or "", call["name"], orjson.dumps(call["args"]).decode()) for call in self.waiting]

    def answer(self, results: list[Result]) -> None:
        parts = []
        for key, name, text in results:
            named = {"id": key} if key else {}
            parts.append({"functionResponse": {**named, "name": name, "response": {"output": text}}})
        self.history.append({"role": "user", "parts": parts})


class Converse:
    """Amazon's official client."""

    dialect = "bedrock"

    def __init__(self) -> None:
        spec = {"name": TOOL, "description": "d", "inputSchema": {"json": SCHEMA}}
        self.body: Json = {
            "inferenceConfig": {"maxTokens": 8000}, "messages": [],
            "additionalModelRequestFields": {"thinking": {"type": "enabled", "budget_tokens": 2000}},
            "system": [{"text": "Be kind."}, {"cachePoint": {"type": "default"}}],
            "toolConfig": {"tools": [{"toolSpec": spec}]},
        }  # fmt: skip

    @property
    def history(self) -> list[Json]:
        history: list[Json] = self.body["messages"]
        return history

    def ask(self, words: str) -> None:
        self.history.append({"role": "user", "content": [{"text": words}]})

    def streaming(self) -> Json:
        return self.body

    def take(self, reply: Any) -> None:
        self.history.append(plain(sdk.REPLIES["bedrock"](reply)["output"]["message"]))

    def take_stream(self, out: bytes) -> None:
        self.history.append(plain(sdk.GATHER["bedrock"](payloads(out))["output"]["message"]))

    def calls(self) -> list[tuple[str, str, str]]:
        blocks = [block["toolUse"] for block in self.history[-1]["content"] if "toolUse" in block]
        return [(call["toolUseId"], call["name"], orjson.dumps(call["input"]).decode()) for call in blocks]

    def answer(self, results: list[Result]) -> None:
        blocks = [{"toolResult": {"toolUseId": key, "content": [{"text": text}]}} for key, _, text in results]
        self.history.append({"role": "user", "content": blocks})


CLIENTS = {client.dialect: client for client in (Chat, Responses, Messages, Gemini, Converse)}
