"""What official clients of each dialect see of a reply, in one plain form: a stream says what the reply says."""

from typing import Any

import orjson


def chat_view(body):
    """What a chat client sees of a completion."""
    message = body.choices[0].message
    extra = message.model_extra or {}
    # An empty signature says that there is none.
    thoughts = [
        # No signature and an empty one say the same.
        {key: value for key, value in block.items() if key != "index" and (key, value) != ("signature", "")}
        for block in extra.get("thinking_blocks") or ()
    ]
    calls = [(call.id, call.type, call.function.name, call.function.arguments) for call in message.tool_calls or ()]
    notes = [note.model_dump() if hasattr(note, "model_dump") else note for note in message.annotations or ()]
    return {
        "id": body.id,
        "model": body.model,
        "content": message.content or None,
        "refusal": message.refusal,
        "calls": calls,
        "annotations": notes,
        "reasoning": extra.get("reasoning_content") or None,
        "thoughts": thoughts,
        "native": extra.get("provider_specific_fields"),
        "finish": body.choices[0].finish_reason,
        "usage": body.usage.model_dump(exclude_none=True),
        "tier": body.service_tier,
    }


def message_view(body):
    """What a Messages client sees of a message: neighbouring texts are one."""
    content = []
    for block in body.content:
        kind = block.type
        if kind == "text":
            if content and content[-1][0] == "text":
                content[-1] = ("text", content[-1][1] + block.text)
            elif block.text:
                content.append(("text", block.text))
        elif kind == "tool_use":
            content.append((kind, block.id, block.name, orjson.dumps(block.input)))
        else:
            content.append((kind, orjson.dumps(block.model_dump(exclude_none=True))))
    # Lifetimes of cache writes: an accumulator takes them from the start only, where some providers tell nothing yet.
    usage = body.usage.model_dump(exclude_none=True, exclude={"cache_creation"})
    reason = None if body.stop_details is None else body.stop_details.explanation
    return body.id, body.model, content, body.stop_reason, body.stop_sequence, reason, usage


def response_view(body: Any) -> Any:
    """What a Responses client sees: probabilities that come when their text is over have one of no words."""
    seen = {key: value for key, value in body.model_dump(exclude_none=True).items() if key != "created_at"}
    tokens, output = [], []
    for item in seen["output"]:
        for part in item.get("content", ()):
            tokens += part.pop("logprobs", None) or []
        words = [part for part in item.get("content", ()) if part.get("text") != ""]
        if item["type"] != "message" or words:
            output.append({**item, "content": words} if item["type"] == "message" else item)
    if tokens:
        output = [{key: value for key, value in item.items() if key != "id"} for item in output]
    return {**seen, "output": output}, tokens


def converse_view(body):
    """What a Converse client sees: neighbouring texts are one, and sources stand apart."""
    content: list[Any] = []
    sources: list[Any] = []
    for block in body["output"]["message"]["content"]:
        thought, last = _thought(block), _thought(content[-1]) if content else None
        if thought is not None and last is not None and "signature" not in last:
            # A thought that nobody has signed goes on in the next one.
            text = last["text"] + thought["text"]
            content[-1] = {"reasoningContent": {"reasoningText": {**thought, "text": text}}}
            continue
        cited = block.get("citationsContent", {})
        # Sources that come late have a block of their own, which has no text.
        sources += cited.get("citations", ())
        text = cited["content"][0]["text"] if cited else block.get("text")
        if isinstance(text, str) and content and isinstance(content[-1], str):
            content[-1] += text
        elif text != "":
            content.append(block if text is None else text)
    return content, sources, body["stopReason"], body["usage"]


def _thought(block: Any) -> Any:
    """The text of a thought with its signature; None for other blocks."""
    return block.get("reasoningContent", {}).get("reasoningText") if isinstance(block, dict) else None


def candidates_view(body: Any) -> Any:
    """What a generateContent client sees: pieces of text of one kind are one, and what ends the answer stands last."""
    said, rest = [], {}
    for chunk in body if isinstance(body, list) else [body]:
        told = chunk.model_dump(exclude_none=True)
        rest["usage"] = told.get("usage_metadata") or rest.get("usage")
        for candidate in told.get("candidates", ()):
            for part in candidate.get("content", {}).get("parts") or ():
                kind = (part.get("thought"), "thought_signature" in part)
                if "text" not in part:
                    said.append(part)
                elif said and said[-1].get("kind") == (kind[0], False):
                    said[-1] = {"kind": kind, "text": said[-1]["text"] + part["text"]}
                elif part["text"] or kind[1]:
                    said.append({"kind": kind, "text": part["text"]})
            rest |= {key: candidate[key] for key in ENDING if key in candidate}
    return said, rest


ENDING = ("finish_reason", "finish_message", "grounding_metadata", "logprobs_result")
VIEWS = {
    "openai_chat": chat_view,
    "openai_responses": response_view,
    "anthropic": message_view,
    "gemini": candidates_view,
    "bedrock": converse_view,
}
