"""generateContent for hypothesis: what clients may ask, what the provider may answer, and streams that say the same."""

from typing import Any

import orjson
from hypothesis import strategies as st

from .strategies import PDF, PNG, Json, fixed, maybe, objects, schemas, texts, values, words
from .strategies import names as called

names = st.one_of(
    st.sampled_from(["weather", "get.now", "a-b:c"]), st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,12}", fullmatch=True)
)
media = st.sampled_from([
    {"inlineData": {"mimeType": "image/png", "data": PNG}},
    {"inline_data": {"mime_type": "application/pdf", "data": PDF}},
    {"fileData": {"fileUri": "https://h.example/a.png", "mimeType": "image/png"}},
    {"inlineData": {"mimeType": "image/png", "data": PNG}, "mediaResolution": {"level": "MEDIA_RESOLUTION_HIGH"}},
])  # fmt: skip
said = fixed(text=texts)
OLD_SCHEMA = {
    "type": "OBJECT",
    "properties": {"b": {"type": "STRING", "nullable": True}, "a": {"type": "INTEGER", "minimum": 1}},
}
functions = st.lists(
    st.one_of(
        maybe(fixed(name=names, parametersJsonSchema=schemas), description=texts),
        maybe(fixed(name=names, parameters=OLD_SCHEMA), description=texts),
        fixed(name=names),
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda item: item["name"],
)


@st.composite
def turns(draw: st.DrawFn, tools: list[str]) -> list[Json]:
    """A user's turn, and perhaps the answer with calls and their results."""
    out = [{"role": "user", "parts": draw(st.lists(st.one_of(said, said, media), min_size=1, max_size=3))}]
    kind = draw(st.sampled_from(["user", "answer", "calls"] if tools else ["user", "answer"]))
    if kind == "answer":
        parts = draw(st.lists(maybe(said, thought=st.booleans(), thoughtSignature=words), min_size=1, max_size=2))
        out += [{"role": "model", "parts": parts}, {"role": "user", "parts": [draw(said)]}]
    if kind == "calls":
        called = draw(st.lists(st.sampled_from(tools), min_size=1, max_size=3))
        with_ids = draw(st.booleans())
        ids = [{"id": f"c{len(out)}_{place}_{draw(words)}"} if with_ids else {} for place in range(len(called))]
        calls = [
            {"functionCall": {"name": name, "args": draw(objects), **i}} for name, i in zip(called, ids, strict=True)
        ]
        if draw(st.booleans()):
            calls[0]["thoughtSignature"] = "c2ln"
        response = st.one_of(objects, fixed(output=texts), fixed(error=texts))
        results = [
            {"functionResponse": {"name": name, "response": draw(response), **i}}
            for name, i in zip(called, ids, strict=True)
        ]
        out += [{"role": "model", "parts": calls}, {"role": "user", "parts": results}]
    return out


SETTINGS: dict[str, st.SearchStrategy[Any]] = {
    "maxOutputTokens": st.integers(1, 20_000),
    "temperature": st.sampled_from([0, 0.5, 1, 1.5]),
    "topP": st.sampled_from([0.1, 1]),
    "topK": st.integers(1, 40),
    "stopSequences": st.lists(words, min_size=1, max_size=5),
    "seed": st.integers(0, 9),
    "candidateCount": st.integers(1, 2),
    "presencePenalty": st.sampled_from([0, 0.5]),
    "frequencyPenalty": st.sampled_from([0, -0.5]),
    "responseLogprobs": st.booleans(),
    "logprobs": st.integers(0, 3),
    "responseModalities": st.just(["TEXT"]),
    "mediaResolution": st.sampled_from(["MEDIA_RESOLUTION_LOW", "MEDIA_RESOLUTION_MEDIUM"]),
    "thinkingConfig": st.sampled_from([
        {"includeThoughts": True}, {"thinkingBudget": 0}, {"thinkingBudget": -1, "includeThoughts": True},
        {"thinkingBudget": 2000}, {"thinkingLevel": "LOW", "includeThoughts": False}, {"thinkingLevel": "high"},
    ]),
    "responseMimeType": st.just("application/json"),
    "responseJsonSchema": schemas,
    "speechConfig": st.just({"languageCode": "fr"}),
}  # fmt: skip
OPTIONS: dict[str, st.SearchStrategy[Any]] = {
    "systemInstruction": fixed(parts=st.lists(said, min_size=1, max_size=2)),
    "safetySettings": st.just([{"category": "HARM_CATEGORY_HARASSMENT", "threshold": "OFF"}]),
    "labels": st.dictionaries(words, words, max_size=2),
    "serviceTier": st.sampled_from(["standard", "flex", "priority"]),
    "store": st.booleans(),
    "cachedContent": st.just("cachedContents/x"),
    "xUnknown": values,
}


@st.composite
def requests(draw: st.DrawFn, options: tuple[str, ...] = tuple(OPTIONS), most: int = 4) -> Json:
    """A valid generateContent request."""
    tools = draw(st.one_of(st.just([]), functions))
    contents: list[Json] = []
    for _ in range(draw(st.integers(1, 3))):
        contents += draw(turns([tool["name"] for tool in tools]))
    body: Json = {"contents": contents}
    if tools:
        body["tools"] = [{"functionDeclarations": tools}]
        mode = draw(st.sampled_from([None, "AUTO", "ANY", "NONE", "VALIDATED"]))
        if mode is not None:
            named = (
                {"allowedFunctionNames": [tools[0]["name"]]}
                if mode in ("ANY", "VALIDATED") and draw(st.booleans())
                else {}
            )
            body["toolConfig"] = {"functionCallingConfig": {"mode": mode, **named}}
    elif draw(st.integers(0, 4)) == 0:
        body["tools"] = [{"googleSearch": {}}]
    for key in draw(st.lists(st.sampled_from(options), max_size=most, unique=True)):
        body[key] = draw(OPTIONS[key])
    config = {
        key: draw(SETTINGS[key]) for key in draw(st.lists(st.sampled_from(tuple(SETTINGS)), max_size=most, unique=True))
    }
    if "responseJsonSchema" in config:
        config["responseMimeType"] = "application/json"
    if config:
        body["generationConfig"] = config
    return body


# Answers

STOPS = ("STOP", "MAX_TOKENS", "SAFETY", "RECITATION", "OTHER", "NEWEST")
answer_parts = st.one_of(
    said,
    maybe(said, thoughtSignature=words),
    maybe(fixed(text=texts, thought=True), thoughtSignature=words),
    maybe(
        fixed(functionCall=maybe(fixed(name=called, args=objects), id=words.map("fc_{}".format))),
        thoughtSignature=words,
    ),
    fixed(text="", thoughtSignature=words),
    st.just({"executableCode": {"language": "PYTHON", "code": "1"}}),
)


@st.composite
def usage(draw: st.DrawFn) -> Json:
    """A provider's usage; the totals hold."""
    prompt, written, thought, used = (draw(st.integers(0, 10_000)) for _ in range(4))
    out = {
        "promptTokenCount": prompt, "candidatesTokenCount": written, "thoughtsTokenCount": thought,
        "toolUsePromptTokenCount": used, "cachedContentTokenCount": draw(st.integers(0, prompt)),
    }  # fmt: skip
    return {**{key: count for key, count in out.items() if count}, "totalTokenCount": prompt + written + thought + used}


@st.composite
def replies(draw: st.DrawFn) -> Json:
    """A reply of one candidate."""
    parts = draw(
        st.lists(answer_parts, max_size=5, unique_by=lambda part: part.get("functionCall", {}).get("id") or id(part))
    )
    candidate = {"content": {"role": "model", "parts": parts}, "finishReason": draw(st.sampled_from(STOPS)), "index": 0}
    text = "".join(part["text"] for part in parts if "text" in part and not part.get("thought"))
    if text and draw(st.booleans()):
        start = draw(st.integers(0, len(text) - 1))
        end = draw(st.integers(start + 1, len(text)))
        segment = {
            "startIndex": len(text[:start].encode()),
            "endIndex": len(text[:end].encode()),
            "text": text[start:end],
        }
        candidate["groundingMetadata"] = {
            "groundingChunks": [{"web": {"uri": "https://h.example/a", "title": "A"}}],
            "groundingSupports": [{"segment": segment, "groundingChunkIndices": [0]}],
        }
    if draw(st.booleans()):
        chosen = [{"token": draw(texts), "logProbability": -0.5}]
        candidate["logprobsResult"] = {"chosenCandidates": chosen}
    head = {"modelVersion": "gemini-x", "responseId": "r1"}
    return {"candidates": [candidate], "usageMetadata": {**draw(usage()), "trafficType": "X"}, **head}


@st.composite
def streams(draw: st.DrawFn, reply: Json) -> bytes:
    """The stream that says what a reply says."""
    whole = reply["candidates"][0]
    head = {key: reply[key] for key in ("modelVersion", "responseId")}
    pieces: list[Json] = []
    for part in whole["content"]["parts"]:
        if "text" in part and len(part["text"]) > 1 and draw(st.booleans()):
            at = draw(st.integers(1, len(part["text"]) - 1))
            rest = {key: value for key, value in part.items() if key != "thoughtSignature"}
            pieces += [{**rest, "text": part["text"][:at]}, {**part, "text": part["text"][at:]}]
        else:
            pieces.append(part)
    items: list[Json] = [
        {
            "candidates": [{"content": {"role": "model", "parts": [piece]}, "index": 0}],
            "usageMetadata": {"trafficType": "X"},
            **head,
        }
        for piece in pieces
    ]
    last = {key: value for key, value in whole.items() if key != "content"}
    items.append({"candidates": [last], "usageMetadata": reply["usageMetadata"], **head})
    end = draw(st.sampled_from(["\r\n\r\n", "\n\n"]))
    return "".join(f"data: {orjson.dumps(item).decode()}{end}" for item in items).encode()
