"""Chat-completion replies, both ways (wire/openai-chat.md 8 and 12, spec/chat.md 7, 10, 11)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

from ...context import Context, Stamp
from ...records import (
    Call,
    Choice,
    Citation,
    Media,
    Opaque,
    Part,
    Redacted,
    Refusal,
    Reply,
    Text,
    Thinking,
    TranslationError,
)
from ...records.reply import FinishReason
from ...seal import seal, unseal
from .extensions import (
    GOOGLE,
    read_call_signature,
    read_details,
    read_images,
    read_text_signature,
    signature_fields,
    text_signature,
    write_image,
)
from .logprobs import read_logprobs, write_logprobs
from .parts import HOME
from .usage import read_usage, write_usage

Body = dict[str, Any]

FINISH = {
    "stop": "stop",
    "length": "length",
    "tool_calls": "tool_calls",
    "function_call": "tool_calls",
    "content_filter": "content_filter",
}
"""The provider's word -> the common one; anything else is ``stop``."""

_OTHER = {"end_turn": "stop", "max_len": "length", "max_context": "length", "time_limit": "length"}
"""Words of single servers (wire/xai.md 5)."""

DECLINED = "The provider declined to answer."
"""The refusal text where a provider refused without a word."""


def common_finish(word: str | None) -> FinishReason:
    """The common finish reason of a provider's word."""
    word = word or "stop"
    return cast(FinishReason, FINISH.get(word) or _OTHER.get(word, "stop"))


def read_reply(body: Any) -> Reply:
    """A parsed reply as a Reply.

    Raises:
        TranslationError: status 502, when it is no chat completion.
    """
    choices = body.get("choices") if type(body) is dict else None
    if type(choices) is not list or not choices:
        raise TranslationError("The provider's reply has no choices.", path="/choices", code="bad_reply", status=502)
    created = body.get("created")
    return Reply(
        body.get("id") or "",
        body.get("model") or "",
        tuple([_choice(raw, index, body.get("citations")) for index, raw in enumerate(choices)]),
        read_usage(body.get("usage")),
        int(created) if type(created) in (int, float) and created else None,
        body.get("service_tier"),
        "openai_chat",
        body,
    )


def _choice(raw: Body, index: int, sources: Any) -> Choice:
    # A filtered answer may come without a message (wire/observed.md 3).
    message = raw.get("message") or {}
    finish = raw.get("finish_reason")
    parts = _parts(message, sources)
    if raw.get(FILTERS) and (filters := flagged(raw)):
        parts = (*parts, Opaque(FILTERS, "openai_chat", native=filters))
    common = common_finish(finish)
    if common == "stop" and any(type(part) is Call for part in parts):
        common = "tool_calls"
    logprobs = read_logprobs(raw.get("logprobs"))
    return Choice(parts, common, finish or None, index=raw.get("index", index), logprobs=logprobs)


FILTERS = "content_filter_results"


def flagged(choice: Body) -> Body:
    """What the content filters of a choice found; those that found nothing say nothing (wire/azure-openai.md 4)."""
    results = choice.get(FILTERS)
    if type(results) is not dict:
        return {}
    return {name: result for name, result in results.items() if type(result) is dict and _found(result)}


def _found(result: Body) -> bool:
    said = (result.get("filtered"), result.get("detected"), result.get("code"))
    return any(said) or result.get("severity") not in (None, "safe")


def _parts(message: Body, sources: Any) -> tuple[Part, ...]:
    parts: list[Part] = list(_thoughts(message))
    content = plain_content(message.get("content"))[0]
    if content:
        notes = read_annotations(message.get("annotations")) or (read_sources(sources) if sources else ())
        parts.append(Text(content, citations=notes))
    if message.get("extra_content") and (signature := read_text_signature(message)):
        parts.append(Thinking("", signature, GOOGLE))
    if message.get("refusal"):
        parts.append(Refusal(message["refusal"]))
    if message.get("audio"):
        parts.append(Opaque("audio", "openai_chat", native=message["audio"]))
        if not content and message["audio"].get("transcript"):
            parts.append(Text(message["audio"]["transcript"]))
    if message.get("images"):
        parts.extend(image for _, image in read_images(message["images"]))
    parts.extend(_call(call) for call in message.get("tool_calls") or ())
    legacy = message.get("function_call")
    if legacy:
        parts.append(Call("call_0", legacy["name"], plain_arguments(legacy.get("arguments"))))
    return tuple(parts)


def plain_content(content: Any) -> tuple[Any, str]:
    """Text and reasoning text of a message's content; some servers answer with a list of parts."""
    if type(content) is not list:
        return content, ""
    text = "".join(part.get("text") or "" for part in content if part.get("type") == "text")
    thoughts = [part.get("thinking") or "" for part in content if part.get("type") == "thinking"]
    return text, "".join(plain_content(thought)[0] for thought in thoughts)


def reasoning_text(message: Body) -> str:
    """Reasoning text in any of its spellings (spec/chat.md 7)."""
    value = message.get("reasoning_content") or message.get("reasoning") or ""
    if type(value) is dict:
        value = value.get("content") or ""
    if not value:
        value = plain_content(message.get("content"))[1]
    return value if type(value) is str else ""


def _thoughts(message: Body) -> tuple[Part, ...]:
    blocks = message.get("thinking_blocks")
    if blocks:
        return tuple([_thought(block) for block in blocks])
    details = [part for _, part in read_details(message.get("reasoning_details"))]
    text = "" if shows_text(details) else reasoning_text(message)
    return (*((Thinking(text),) if text else ()), *details)


def told_reasoning(message: Body) -> str:
    """Reasoning text in any of its spellings, that of its details when it is said nowhere else."""
    text = reasoning_text(message)
    if text or not message.get("reasoning_details"):
        return text
    thoughts = [part.text for _, part in read_details(message["reasoning_details"]) if type(part) is Thinking]
    return "".join(thoughts)


def shows_text(parts: Iterable[Part]) -> bool:
    """Whether thoughts say something; plain reasoning text beside them is the same once more."""
    return any(type(part) is Thinking and part.text for part in parts)


def _thought(block: Body) -> Thinking | Redacted:
    if block.get("type") == "redacted_thinking":
        origin, _, data = unseal(block["data"], HOME)
        return Redacted(data, origin)
    origin, _, state = unseal(block.get("signature") or "", HOME)
    return Thinking(block.get("thinking") or "", state or None, origin)


def _call(raw: Body) -> Call:
    if raw.get("type") == "custom":
        return Call(raw["id"], raw["custom"]["name"], raw["custom"].get("input") or "", custom=True)
    function = raw["function"]
    signature = read_call_signature(raw)
    return Call(
        raw.get("id") or "", function["name"], plain_arguments(function.get("arguments")),
        signature=signature, origin=GOOGLE if signature else None,
    )  # fmt: skip


def plain_arguments(text: Any) -> str:
    """A call's arguments; no arguments, in the spellings servers use, are the empty object (wire/observed.md 8)."""
    return "{}" if text in (None, "", "null") else str(text)


def read_annotations(raw: Any) -> tuple[Citation, ...]:
    """``url_citation`` annotations as citations."""
    found = []
    for item in raw or ():
        inner = item.get("url_citation")
        if type(inner) is dict:
            start, end = inner.get("start_index"), inner.get("end_index")
            found.append(Citation(inner.get("url"), inner.get("title"), None, start, end, item, "openai_chat"))
    return tuple(found)


def read_sources(raw: Any) -> tuple[Citation, ...]:
    """A reply's list of URLs as citations of the whole text (wire/xai.md 5)."""
    urls = raw if type(raw) is list else ()
    return tuple([Citation(url, native=url, dialect="openai_chat") for url in dict.fromkeys(urls) if type(url) is str])


# Writing


def write_reply(reply: Reply, context: Context, stamp: Stamp) -> Body:
    """A Reply as a new chat completion."""
    body: Body = {
        "id": reply.id or f"chatcmpl-{stamp.id}",
        "object": "chat.completion",
        "created": reply.created or stamp.now,
        "model": reply.model or context.model,
        "choices": [write_choice(choice, context) for choice in reply.choices],
    }
    if reply.usage is not None:
        body["usage"] = write_usage(reply.usage, own=False, strict=context.strict)
    tier = TIERS.get(reply.service_tier or "")
    if tier is not None:
        body["service_tier"] = tier
    return body


TIERS = {
    "standard": "default", "on_demand": "default", "default": "default", "performance": "priority",
    "priority": "priority", "flex": "flex", "scale": "scale", "auto": "auto", "fast": "fast",
}  # fmt: skip
"""Service tiers that the dialect knows; strict readers refuse others (wire/openai-chat.md 8)."""


def write_choice(choice: Choice, context: Context) -> Body:
    """One choice with its message."""
    if len(choice.parts) == 1 and choice.finish == "stop" and choice.native_finish in USUAL:
        part = choice.parts[0]
        if type(part) is Text and part.text and not part.citations and choice.logprobs is None and not choice.metadata:
            # The most frequent answer: a text and nothing else.
            plain = {"role": "assistant", "content": part.text, "refusal": None}
            return {"index": choice.index, "message": plain, "logprobs": None, "finish_reason": "stop"}
    text = "".join(part.text for part in choice.parts if type(part) is Text)
    calls = [part for part in choice.parts if type(part) is Call]
    refusal = refusal_of(choice)
    message: Body = {"role": "assistant", "content": text or None, "refusal": refusal}
    if not text and not calls and refusal is None:
        message["content"] = ""
    annotations = write_annotations(choice.parts)
    if annotations:
        message["annotations"] = annotations
    if not context.strict:
        message.update(_write_thoughts(choice.parts))
        images = [part for part in choice.parts if type(part) is Media and part.kind == "image"]
        if images:
            message["images"] = [write_image(image, place) for place, image in enumerate(images)]
    finish = finish_word(choice.finish, bool(calls), context)
    if calls and context.legacy:
        message["function_call"] = {"name": calls[0].name, "arguments": calls[0].arguments or "{}"}
    elif calls:
        message["tool_calls"] = [_write_call(call, context) for call in calls]
    citations = tuple(citation for part in choice.parts if type(part) is Text for citation in part.citations)
    native = native_fields(choice.native_finish, citations, choice.metadata)
    if native and not context.strict:
        message["provider_specific_fields"] = native
    logprobs = None if choice.logprobs is None else write_logprobs(choice.logprobs)
    return {"index": choice.index, "message": message, "logprobs": logprobs, "finish_reason": finish}


USUAL = frozenset({
    "stop", "length", "tool_calls", "function_call", "content_filter", "end_turn", "max_tokens", "stop_sequence",
    "tool_use", "refusal", "completed", "max_output_tokens", "STOP", "MAX_TOKENS",
})  # fmt: skip
"""Native reasons that the common one says wholly."""


def unusual(native: str) -> bool:
    """Whether a provider's reason says more than the common one."""
    return native not in USUAL


def native_fields(finish: str | None, citations: tuple[Citation, ...], metadata: Mapping[str, Any]) -> Body:
    """What the provider said in words of its own: an unusual finish reason, and its sources (spec/chat.md 10, 11)."""
    out: Body = dict(metadata)
    if finish is not None and unusual(finish):
        out["finish_reason"] = finish
    native = [citation.native for citation in citations if citation.native is not None]
    if native:
        out["citations"] = native
    return out


def finish_word(finish: str | None, called: bool, context: Context) -> str:
    """The finish reason: derived from what was emitted (spec/chat.md 4)."""
    if called and finish in ("stop", "tool_calls", None):
        return "function_call" if context.legacy else "tool_calls"
    return "stop" if finish in (None, "tool_calls") else finish


def refusal_of(choice: Choice) -> str | None:
    """The refusal text: said by the model, explained by the provider, or a plain sentence."""
    said = "".join(part.text for part in choice.parts if type(part) is Refusal)
    if said:
        return said
    if choice.finish != "content_filter":
        return None
    return choice.explanation or DECLINED


def _write_thoughts(parts: tuple[Part, ...]) -> Body:
    thoughts = [part for part in parts if isinstance(part, Thinking | Redacted)]
    if not thoughts:
        return {}
    out: Body = {}
    text = "".join(part.text for part in thoughts if isinstance(part, Thinking))
    if text:
        out["reasoning_content"] = text
    # Google's signature of something said has a place of its own, for one; others stand sealed among the thoughts.
    said = next((part for part in thoughts if isinstance(part, Thinking) and signs_said(part)), None)
    blocks = [_thought_block(part) for part in thoughts if part is not said]
    blocks = [block for block in blocks if block.get("thinking") != "" or block["signature"]]
    if blocks:
        out["thinking_blocks"] = blocks
    if said is not None and said.signature:
        out |= text_signature(said.signature)
    return out


def signs_said(part: Thinking) -> bool:
    """Whether a signature is of what was said, not of a thought (wire/gemini.md 9)."""
    return bool(part.signature) and not part.text and part.origin == GOOGLE


def _thought_block(part: Thinking | Redacted) -> Body:
    if isinstance(part, Redacted):
        return {"type": "redacted_thinking", "data": seal(part.origin, "redacted", part.data, HOME)}
    signature = seal(part.origin, "thinking", part.signature, HOME) if part.signature else ""
    return {"type": "thinking", "thinking": part.text, "signature": signature}


def write_call(call_id: str, name: str, arguments: str, *, custom: bool) -> Body:
    """A tool call."""
    if custom:
        return {"id": call_id, "type": "custom", "custom": {"name": name, "input": arguments}}
    return {"id": call_id, "type": "function", "function": {"name": name, "arguments": arguments}}


def _write_call(call: Call, context: Context) -> Body:
    out = write_call(call.id, call.name, call.arguments or ("" if call.custom else "{}"), custom=call.custom)
    if call.signature and not context.strict:
        out.update(signature_fields(call.signature))
    return out


def write_annotations(parts: tuple[Part, ...]) -> list[Body]:
    """Web citations with offsets into the joined text, in code points."""
    found: list[Body] = []
    offset = 0
    for part in parts:
        if type(part) is not Text:
            continue
        for citation in part.citations:
            note = annotation(citation, offset, offset + len(part.text))
            if note is not None and note not in found:
                found.append(note)
        offset += len(part.text)
    return found


def annotation(citation: Citation, start: int, end: int) -> Body | None:
    """One ``url_citation``; None for a citation without a URL. ``start`` and ``end`` bound the cited part."""
    if citation.url is None:
        return None
    if citation.start is not None and citation.end is not None:
        start, end = start + citation.start, start + citation.end
    inner = {"start_index": start, "end_index": end, "url": citation.url, "title": citation.title or ""}
    return {"type": "url_citation", "url_citation": inner}
