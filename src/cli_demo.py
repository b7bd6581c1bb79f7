"""What ``dragoman demo`` tries: each provider through the official OpenAI client, against the built-in stand-ins."""

import base64
import struct
import time
import zlib
from collections.abc import Callable, Iterator
from typing import Any, Final

import attrs
import openai
import orjson
from pydantic import BaseModel

from .cli_standins import MODELS

# What a provider's wire has no place for: (provider, case). It must be refused with the part's name.
NOT_OFFERED: Final = frozenset(
    {("xai", "PDF"), ("groq", "PDF"), *((name, "embeddings") for name in ("anthropic", "xai", "groq"))}
)
EMBEDDERS: Final = {
    "openai": "text-embedding-3-small",
    "azure": "text-embedding-3-small",
    "bedrock": "amazon.titan-embed-text-v2:0",
    "gemini": "gemini-embedding-001",
    "vertex": "text-embedding-005",
}

TIMEOUT_SECONDS: Final = 20.0
_TOOL: Final[Any] = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather of a city.",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
            "additionalProperties": False,
        },
    },
}


@attrs.frozen
class Cell:
    """One case with one account: ``outcome`` is ``ok``, ``failed`` or ``not offered``; ``detail`` says why."""

    account: str
    case: str
    outcome: str
    detail: str
    milliseconds: float


class NotOffered(Exception):  # noqa: N818 - an outcome, no error
    """The gateway refused, and said what, as it should."""


class Unexpected(Exception):  # noqa: N818 - an answer that is not what was asked for
    """The gateway answered, but not as a provider would have."""


def try_account(base_url: str, account: str, provider: str) -> list[Cell]:
    """Try every case with one account. Blocks: belongs in a thread."""
    return list(_try_all(base_url, account, provider))


def _try_all(base_url: str, account: str, provider: str) -> Iterator[Cell]:
    plain, reasoner = MODELS.get(provider, ("demo", "demo"))
    client = openai.OpenAI(base_url=f"{base_url}/v1", api_key="none", max_retries=0, timeout=TIMEOUT_SECONDS)
    with client:
        for name, case in CASES.items():
            offered = (provider, name) not in NOT_OFFERED
            model = reasoner if name == "reasoning" else plain
            if name == "embeddings":
                model = EMBEDDERS.get(provider, plain)
            yield _try(client, account, f"{account}/{model}", name, case if offered else _refused(case))


def _refused(case: "Case") -> "Case":
    """The case, where the provider has no place for it: the gateway must say so."""

    def ask(client: openai.OpenAI, model: str) -> None:
        try:
            case(client, model)
        except openai.BadRequestError as error:
            if error.code == "unsupported_content" and error.param:
                raise NotOffered(error.message) from None
            raise
        except openai.NotFoundError as error:
            if error.code == "not_offered":
                raise NotOffered(error.message) from None
            raise
        raise Unexpected("it worked, though the provider has no place for it")

    return ask


def _try(client: openai.OpenAI, account: str, model: str, name: str, case: "Case") -> Cell:
    began = time.perf_counter()
    outcome, detail = "ok", ""
    try:
        case(client, model)
    except NotOffered as error:
        outcome, detail = "not offered", str(error)
    except openai.APIStatusError as error:
        outcome, detail = "failed", f"HTTP {error.status_code}: {error.message}"
    except (openai.OpenAIError, Unexpected) as error:
        outcome, detail = "failed", f"{type(error).__name__}: {error}"
    except Exception as error:  # noqa: BLE001 - a case that breaks is a cell of the table, whatever broke
        outcome, detail = "failed", f"{type(error).__name__} while reading the answer: {error}"
    return Cell(account, name, outcome, detail, (time.perf_counter() - began) * 1000)


def _require(condition: object, message: str) -> None:
    if not condition:
        raise Unexpected(message)


def _user(content: Any) -> Any:
    return [{"role": "user", "content": content}]


def _text(client: openai.OpenAI, model: str) -> None:
    reply = client.chat.completions.create(model=model, messages=_user("Hello, how are you?"))
    choice = reply.choices[0]
    _require(choice.message.content and "Hello" in choice.message.content, "no text came back")
    _require(choice.finish_reason == "stop", f"finish_reason is {choice.finish_reason}")
    _require(reply.usage and reply.usage.total_tokens, "no usage came back")


def _stream(client: openai.OpenAI, model: str) -> None:
    messages = _user("Tell me something about rivers and mountains.")
    chunks = client.chat.completions.create(
        model=model, messages=messages, stream=True, stream_options={"include_usage": True}
    )
    seen = list(chunks)
    text = "".join(chunk.choices[0].delta.content or "" for chunk in seen if chunk.choices)
    reply = client.chat.completions.create(model=model, messages=messages)
    _require(text == reply.choices[0].message.content, "the stream says something else than the whole reply")
    _require(any(c.choices and c.choices[0].finish_reason == "stop" for c in seen), "no finish_reason came")
    _require(seen[-1].usage and seen[-1].usage == reply.usage, "usage of the stream and of the reply differ")


def _tools(client: openai.OpenAI, model: str) -> None:
    _call_and_answer(client, model, "What is the weather in Paris? Use the tool.", ["Paris"])


def _parallel_tools(client: openai.OpenAI, model: str) -> None:
    _call_and_answer(client, model, "Weather in Paris and Rome: call both, in parallel.", ["Paris", "Rome"])


def _call_and_answer(client: openai.OpenAI, model: str, question: str, cities: list[str]) -> None:
    messages = _user(question)
    reply = client.chat.completions.create(model=model, messages=messages, tools=[_TOOL])
    message = reply.choices[0].message
    calls: list[Any] = list(message.tool_calls or ())
    _require(reply.choices[0].finish_reason == "tool_calls", f"finish_reason is {reply.choices[0].finish_reason}")
    _require(len(calls) == len(cities), f"{len(calls)} calls came, not {len(cities)}")
    _require(len({call.id for call in calls}) == len(calls), "two calls share an id")
    found = [orjson.loads(call.function.arguments).get("city") for call in calls]
    _require(found == cities, f"the arguments name {found}, not {cities}")
    messages = [*messages, message.model_dump(exclude_none=True)]
    for call, city in zip(calls, cities, strict=True):
        messages.append({"role": "tool", "tool_call_id": call.id, "content": f"Sunny in {city}"})
    after = client.chat.completions.create(model=model, messages=messages, tools=[_TOOL])
    said = after.choices[0].message.content or ""
    _require(all(f"Sunny in {city}" in said for city in cities), "the results did not reach the model")


def _image(client: openai.OpenAI, model: str) -> None:
    url = f"data:image/png;base64,{base64.b64encode(png(8, 4)).decode()}"
    parts = [{"type": "text", "text": "What is this?"}, {"type": "image_url", "image_url": {"url": url}}]
    reply = client.chat.completions.create(model=model, messages=_user(parts))
    said = reply.choices[0].message.content or ""
    _require("image/png" in said and "8x4" in said, f"the image did not arrive whole: {said[:80]}")


def _pdf(client: openai.OpenAI, model: str) -> None:
    data = f"data:application/pdf;base64,{base64.b64encode(PDF).decode()}"
    parts = [
        {"type": "text", "text": "What is this?"},
        {"type": "file", "file": {"filename": "page.pdf", "file_data": data}},
    ]
    reply = client.chat.completions.create(model=model, messages=_user(parts))
    said = reply.choices[0].message.content or ""
    _require("application/pdf" in said and "1 page" in said, f"the document did not arrive whole: {said[:80]}")


class _Place(BaseModel):
    """The form of an answer."""

    city: str
    country: str
    population: int


def _schema(client: openai.OpenAI, model: str) -> None:
    reply = client.chat.completions.parse(model=model, messages=_user("The capital of Chile?"), response_format=_Place)
    _require(isinstance(reply.choices[0].message.parsed, _Place), "the answer is not of the form asked for")
    _require(not reply.choices[0].message.tool_calls, "a tool call can be seen")


def _reasoning(client: openai.OpenAI, model: str) -> None:
    reply = client.chat.completions.create(
        model=model, messages=_user("How many legs have two cats?"), reasoning_effort="low", max_completion_tokens=4096
    )
    details = reply.usage.completion_tokens_details if reply.usage else None
    shown = getattr(reply.choices[0].message, "reasoning_content", None)
    _require(shown or (details and details.reasoning_tokens), "neither reasoning nor its tokens came back")
    _require(reply.choices[0].message.content, "no answer came with the reasoning")


def _embeddings(client: openai.OpenAI, model: str) -> None:
    texts = ["a river", "a mountain", "a river"]
    reply = client.embeddings.create(model=model, input=texts)
    vectors = [item.embedding for item in reply.data]
    _require(len(vectors) == len(texts) and all(vectors), f"{len(vectors)} vectors came, not {len(texts)}")
    _require(vectors[0] == vectors[2] != vectors[1], "the vectors are not in the order of their texts")
    _require(reply.usage.total_tokens, "no usage came back")


Case = Callable[[openai.OpenAI, str], None]

CASES: Final[dict[str, Case]] = {
    "text": _text,
    "stream": _stream,
    "tools": _tools,
    "parallel tools": _parallel_tools,
    "image": _image,
    "PDF": _pdf,
    "JSON schema": _schema,
    "reasoning": _reasoning,
    "embeddings": _embeddings,
}


def png(width: int, height: int) -> bytes:
    """A white picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + b"\xff" * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = (chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


PDF: Final = (
    b"%PDF-1.4\n"
    b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)
