"""Converse for the laws: what clients may ask, what Bedrock may answer, and the official SDK's reading of both."""

import base64
from typing import Any

import orjson
from botocore.eventstream import EventStream, EventStreamBuffer
from botocore.parsers import EventStreamJSONParser, create_parser
from botocore.validate import ParamValidator
from dragoman.standins import bedrock_judge
from dragoman.translate.framing import aws_frames
from hypothesis import strategies as st

from .strategies import PDF, PNG, Json, counts, fixed, maybe, names, objects, schemas, split, texts, words

cache_points = st.sampled_from(
    [{"type": "default"}, {"type": "default", "ttl": "5m"}, {"type": "default", "ttl": "1h"}]
)
said = st.one_of(
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=12).filter(lambda text: text.strip()), texts
)
said = said.filter(lambda text: text.strip())


# What clients ask

asked_text = fixed(text=said)
asked_media = st.sampled_from([
    {"image": {"format": "png", "source": {"bytes": PNG}}},
    {"document": {"name": "a paper", "format": "pdf", "source": {"bytes": PDF}}},
    {"document": {"name": "notes", "format": "txt", "source": {"bytes": base64.b64encode(b"plain").decode()}}},
])  # fmt: skip


@st.composite
def blocks(draw: st.DrawFn, kinds: st.SearchStrategy[Json]) -> list[Json]:
    """Blocks, some of them marked; the first is a text."""
    found = [draw(asked_text), *draw(st.lists(kinds, max_size=2, unique_by=repr))]
    out = []
    for block in found:
        out.append(block)
        if draw(st.integers(0, 4)) == 0:
            out.append({"cachePoint": draw(cache_points)})
    return out


thoughts = st.one_of(
    fixed(reasoningContent=fixed(reasoningText=maybe(fixed(text=said), signature=words))),
    fixed(reasoningContent=fixed(redactedContent=words.map(lambda word: base64.b64encode(word.encode()).decode()))),
)


@st.composite
def turn(draw: st.DrawFn, tools: list[str], begin: int) -> list[Json]:
    """A user message, and perhaps the answer with calls and their results."""
    out: list[Json] = [{"role": "user", "content": draw(blocks(st.one_of(asked_text, asked_media)))}]
    kind = draw(st.sampled_from(["user", "answer", "calls"] if tools else ["user", "answer"]))
    if kind == "user":
        return out
    content: list[Json] = draw(st.lists(thoughts, max_size=1))
    if kind == "answer":
        out.append({"role": "assistant", "content": [*content, draw(asked_text)]})
        return [*out, {"role": "user", "content": [draw(asked_text)]}]
    calls = [
        {"toolUseId": f"tooluse_{begin}_{n}", "name": name, "input": draw(objects)}
        for n, name in enumerate(draw(st.lists(st.sampled_from(tools), min_size=1, max_size=3)))
    ]
    answers = st.lists(st.one_of(asked_text, fixed(json=objects)), min_size=1, max_size=2)
    results = [
        {"toolUseId": call["toolUseId"], "content": draw(answers), **draw(maybe(st.just({}), status=st.just("error")))}
        for call in calls
    ]
    out.append({"role": "assistant", "content": [*content, *({"toolUse": call} for call in calls)]})
    return [*out, {"role": "user", "content": [{"toolResult": result} for result in results]}]


OPTIONS: dict[str, st.SearchStrategy[Any]] = {
    "system": blocks(asked_text),
    "stream": st.booleans(),
    "inferenceConfig": maybe(
        st.just({}),
        maxTokens=st.integers(1, 20_000),
        temperature=st.sampled_from([0, 0.5, 1]),
        topP=st.sampled_from([0.1, 1]),
        stopSequences=st.lists(words, min_size=1, max_size=3),
    ),
    "additionalModelRequestFields": st.one_of(
        fixed(top_k=st.integers(0, 50)),
        st.just({"thinking": {"type": "enabled", "budget_tokens": 2000}}),
        st.just({"reasoning_config": "low"}),
        st.just({"reasoningConfig": {"type": "enabled", "maxReasoningEffort": "low"}}),
        st.just({"tool_choice": {"type": "auto", "disable_parallel_tool_use": True}}),
        fixed(anthropic_beta=st.just(["x"])),
    ),
    "outputConfig": st.one_of(
        fixed(effort=st.sampled_from(["low", "high", "max"])),
        fixed(
            textFormat=fixed(
                type="json_schema",
                structure=fixed(jsonSchema=fixed(schema=schemas.map(lambda s: orjson.dumps(s).decode()), name=names)),
            )
        ),
    ),
    "requestMetadata": st.dictionaries(words, words, min_size=1, max_size=2),
    "serviceTier": fixed(type=st.sampled_from(["default", "flex", "priority", "reserved"])),
    "performanceConfig": st.just({"latency": "optimized"}),
    "guardrailConfig": st.just({"guardrailIdentifier": "abc", "guardrailVersion": "1"}),
    "x_unknown": objects,
}
"""Every top-level field but messages, model and tools."""


@st.composite
def requests(draw: st.DrawFn, options: tuple[str, ...] = tuple(OPTIONS), most: int = 4) -> Json:
    """A valid Converse request; what the address says stands in it, too."""
    specs = maybe(fixed(name=names, inputSchema=fixed(json=schemas)), description=said)
    tools = draw(st.lists(specs, max_size=3, unique_by=lambda spec: spec["name"]))
    tool_names = [spec["name"] for spec in tools]
    messages: list[Json] = []
    for number in range(draw(st.integers(1, 3))):
        messages += draw(turn(tool_names, number))
    body: Json = {"model": "acct/m", "messages": joined(messages)}
    if tools:
        entries: list[Json] = [{"toolSpec": spec} for spec in tools]
        if draw(st.booleans()):
            entries.append({"cachePoint": draw(cache_points)})
        body["toolConfig"] = {"tools": entries}
        choice = draw(st.sampled_from([None, {"auto": {}}, {"any": {}}, {"tool": {"name": tool_names[0]}}]))
        if choice is not None:
            body["toolConfig"]["toolChoice"] = choice
    for key in draw(st.lists(st.sampled_from(options), max_size=most, unique=True)):
        body[key] = draw(OPTIONS[key])
    return body


def joined(messages: list[Json]) -> list[Json]:
    """Messages whose roles alternate."""
    out: list[Json] = []
    for message in messages:
        if out and out[-1]["role"] == message["role"]:
            out[-1] = {**out[-1], "content": out[-1]["content"] + message["content"]}
        else:
            out.append(message)
    return out


# What the provider answers

STOPS = (
    "end_turn", "stop_sequence", "max_tokens", "guardrail_intervened", "content_filtered", "novel",
    "model_context_window_exceeded",
)  # fmt: skip
WEB = {
    "title": "A",
    "sourceContent": [{"text": "a"}],
    "location": {"web": {"url": "https://h.example/a", "domain": "h"}},
}

answer_blocks = st.one_of(
    fixed(text=texts),
    fixed(
        citationsContent=fixed(content=st.lists(fixed(text=texts), min_size=1, max_size=1), citations=st.just([WEB]))
    ),
    fixed(toolUse=fixed(toolUseId=words.map("tooluse_{}".format), name=names, input=objects)),
    fixed(reasoningContent=fixed(reasoningText=maybe(fixed(text=texts), signature=words))),
    fixed(reasoningContent=fixed(redactedContent=words.map(lambda word: base64.b64encode(word.encode()).decode()))),
)


@st.composite
def usages(draw: st.DrawFn) -> Json:
    """A provider's usage."""
    fresh, output, read, written = (draw(counts) for _ in range(4))
    usage: Json = {
        "inputTokens": fresh, "outputTokens": output, "totalTokens": fresh + output + read + written,
        "cacheReadInputTokens": read, "cacheWriteInputTokens": written, "cacheReadInputTokenCount": read,
        "serverToolUsage": {},
    }  # fmt: skip
    if draw(st.booleans()):
        long = draw(st.integers(0, written))
        lifetimes = (("5m", written - long), ("1h", long))
        usage["cacheDetails"] = [{"ttl": ttl, "inputTokens": count} for ttl, count in lifetimes]
    return usage


@st.composite
def replies(draw: st.DrawFn) -> Json:
    """A reply."""
    content = draw(st.lists(answer_blocks, max_size=5, unique_by=lambda block: repr(block.get("toolUse") or id(block))))
    ids = [block["toolUse"]["toolUseId"] for block in content if "toolUse" in block]
    content = content if len(set(ids)) == len(ids) else [block for block in content if "toolUse" not in block]
    called = any("toolUse" in block for block in content)
    return {
        "output": {"message": {"role": "assistant", "content": content}},
        "stopReason": "tool_use" if called and draw(st.booleans()) else draw(st.sampled_from(STOPS)),
        "usage": draw(usages()), "metrics": {"latencyMs": 5},
    }  # fmt: skip


@st.composite
def block_events(draw: st.DrawFn, index: int, block: Json) -> list[tuple[str, Json]]:
    """One content block as its events."""
    deltas: list[Json] = []
    events: list[tuple[str, Json]] = []
    if "text" in block:
        deltas = [{"text": piece} for piece in draw(split(block["text"]))]
    elif "citationsContent" in block:
        cited = block["citationsContent"]
        deltas = [{"text": piece} for piece in draw(split(cited["content"][0]["text"]))]
        deltas += [{"citation": note} for note in cited["citations"]]
    elif "toolUse" in block:
        call = block["toolUse"]
        start = {"toolUse": {"toolUseId": call["toolUseId"], "name": call["name"]}}
        events.append(("contentBlockStart", {"contentBlockIndex": index, "start": start}))
        text = orjson.dumps(call["input"]).decode() if call["input"] else ""
        deltas = [{"toolUse": {"input": piece}} for piece in ["", *draw(split(text))]]
    elif "redactedContent" in block["reasoningContent"]:
        deltas = [block]
    else:
        text = block["reasoningContent"]["reasoningText"]
        deltas = [{"reasoningContent": {"text": piece}} for piece in draw(split(text["text"]))]
        if "signature" in text:
            deltas.append({"reasoningContent": {"signature": text["signature"]}})
    events += [("contentBlockDelta", {"contentBlockIndex": index, "delta": delta}) for delta in deltas]
    return [*events, ("contentBlockStop", {"contentBlockIndex": index})]


@st.composite
def streams(draw: st.DrawFn, reply: Json) -> bytes:
    """The stream that says what a reply says, padded as the provider pads."""
    items: list[tuple[str, Json]] = [("messageStart", {"role": "assistant"})]
    for index, block in enumerate(reply["output"]["message"]["content"]):
        items += draw(block_events(index, block))
    items.append(("messageStop", {"stopReason": reply["stopReason"]}))
    items.append(("metadata", {"usage": reply["usage"], "metrics": reply["metrics"]}))
    return b"".join(event(kind, {**payload, "p": draw(st.sampled_from(["a", "abc"]))}) for kind, payload in items)


def event(kind: str, payload: Json) -> bytes:
    """One event as the provider frames it."""
    headers = {":event-type": kind, ":content-type": "application/json", ":message-type": "event"}
    return aws_frames.write(headers, orjson.dumps(payload))


def exception(kind: str, payload: Json) -> bytes:
    """One error inside a stream."""
    headers = {":exception-type": kind, ":content-type": "application/json", ":message-type": "exception"}
    return aws_frames.write(headers, orjson.dumps(payload))


# Streams as lines of text, for files that people read


def frames(data: bytes) -> list[Json]:
    """The events of a stream by the official SDK's decoder, ``{type: payload}``; an exception is ``{"error": ...}``."""
    buffer = EventStreamBuffer()
    buffer.add_data(data)
    found: list[Json] = []
    for message in buffer:
        payload = orjson.loads(message.payload)
        if message.headers[":message-type"] == "event":
            found.append({message.headers[":event-type"]: payload})
        else:
            found.append({"error": {"type": message.headers[":exception-type"], **payload}})
    return found


def to_text(data: bytes) -> bytes:
    """A stream as one line of JSON an event."""
    return b"".join(orjson.dumps(item) + b"\n" for item in frames(data))


def to_wire(text: bytes) -> bytes:
    """What ``to_text`` made, as bytes of the wire; other lines are comments."""
    out = b""
    for line in text.splitlines():
        if line.startswith(b"{"):
            ((kind, payload),) = orjson.loads(line).items()
            out += exception(payload.pop("type"), payload) if kind == "error" else event(kind, payload)
    return out


# The official SDK's reading


def request_fault(body: Json) -> Any:
    """What the service model, and the SDK's own validator, have against a body; None when nothing."""
    found = bedrock_judge.request_fault("Converse", body)
    if found is not None:
        return found
    shape = bedrock_judge.service().operation_model("Converse").input_shape
    report = ParamValidator().validate(_raw({"modelId": "m", **body}, shape), shape)
    return report.generate_report() or None


def _raw(value: Any, shape: Any) -> Any:
    """A body as users of the SDK write it: blobs are bytes."""
    if shape.metadata.get("document"):
        return value
    if shape.type_name == "structure" and isinstance(value, dict):
        return {key: _raw(item, shape.members[key]) for key, item in value.items()}
    if shape.type_name == "list":
        return [_raw(item, shape.member) for item in value]
    return base64.b64decode(value) if shape.type_name == "blob" else value


def reply(body: Json) -> Json:
    """A reply as the SDK parses it; nothing in it is unknown to the service model."""
    shape = bedrock_judge.service().operation_model("Converse").output_shape
    assert bedrock_judge.shape_fault(shape.name, body) is None
    parsed = create_parser("rest-json").parse(
        {"status_code": 200, "headers": {}, "body": orjson.dumps(body)}, shape
    )  # fmt: skip
    return {key: parsed[key] for key in ("output", "stopReason", "usage")}


class _Raw:
    def __init__(self, data: bytes) -> None:
        self.data = data

    def stream(self) -> Any:
        yield self.data

    def close(self) -> None:
        """Nothing to close."""


def events(data: bytes) -> list[Json]:
    """A stream's events as the SDK parses them; an exception is raised."""
    model = bedrock_judge.service().operation_model("ConverseStream")
    return list(EventStream(_Raw(data), model.get_event_stream_output(), EventStreamJSONParser(), "ConverseStream"))


def gather(payloads: list[Json]) -> Json:
    """A stream as the reply that it says; one block is open at a time, with rising indexes."""
    data = b"".join(event(kind, payload) for item in payloads for kind, payload in item.items())
    blocks_: list[Json] = []
    open_block: int | None = None
    out: Json = {}
    for kind, payload in [pair for item in payloads for pair in item.items()]:
        shape = bedrock_judge.service().operation_model("ConverseStream").get_event_stream_output().members[kind]
        assert bedrock_judge.shape_fault(shape.name, payload) is None, bedrock_judge.shape_fault(shape.name, payload)
    for item in events(data):
        ((kind, payload),) = item.items()
        index = payload.get("contentBlockIndex")
        if kind in ("contentBlockStart", "contentBlockDelta") and index == len(blocks_):
            assert open_block is None
            open_block = index
            blocks_.append({"start": payload.get("start"), "deltas": []})
        if kind == "contentBlockDelta":
            assert index == open_block
            blocks_[-1]["deltas"].append(payload["delta"])
        elif kind == "contentBlockStop":
            assert index == open_block
            open_block = None
        elif kind in ("messageStop", "metadata"):
            out |= payload
    assert open_block is None
    message = {"role": "assistant", "content": [_block(block) for block in blocks_]}
    return {"output": {"message": message}, "stopReason": out["stopReason"], "usage": out["usage"]}


def _input(text: str) -> Any:
    """A call's arguments; of a call that a limit cut there is no object."""
    try:
        return orjson.loads(text or "{}")
    except orjson.JSONDecodeError:
        return {}


def _block(block: Json) -> Json:
    """One block from its deltas."""
    deltas, start = block["deltas"], block["start"]
    if start:
        text = "".join(delta["toolUse"]["input"] for delta in deltas)
        return {"toolUse": {**start["toolUse"], "input": _input(text)}}
    thoughts_ = [delta["reasoningContent"] for delta in deltas if "reasoningContent" in delta]
    if any("redactedContent" in piece for piece in thoughts_):
        return {"reasoningContent": thoughts_[0]}
    if thoughts_:
        words = [piece["text"] for piece in thoughts_ if "text" in piece]
        text = {"text": "".join(words)} if words else {}
        for piece in thoughts_:
            text |= {"signature": piece["signature"]} if "signature" in piece else {}
        return {"reasoningContent": {"reasoningText": text}}
    text = "".join(delta.get("text", "") for delta in deltas)
    notes = [delta["citation"] for delta in deltas if "citation" in delta]
    return {"citationsContent": {"content": [{"text": text}], "citations": notes}} if notes else {"text": text}
