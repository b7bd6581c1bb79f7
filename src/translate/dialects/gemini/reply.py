"""generateContent replies, both ways (wire/gemini.md 13, spec/chat.md 10, 11)."""

from __future__ import annotations

from typing import Any, cast

from ...context import Context, Stamp
from ...media import kind_of
from ...records import (
    Call,
    Choice,
    Failure,
    Media,
    Opaque,
    Part,
    Refusal,
    Reply,
    Text,
    Thinking,
    Token,
    TranslationError,
)
from ...records.reply import FinishReason
from ...values import dumps
from ..arguments import reply_arguments
from .citations import metadata_of, read_citations, write_grounding
from .parts import NAME, OPAQUE, ORIGIN, standard
from .usage import read_usage, write_usage

Body = dict[str, Any]

_FILTERED = (
    "SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT",
    "IMAGE_RECITATION", "MODEL_ARMOR", "ESCALATION", "PUP_LIMITED_DISABLED", "JAILBREAK",
)  # fmt: skip

FINISH = {
    "STOP": "stop",
    "FINISH_REASON_UNSPECIFIED": "stop",
    "MAX_TOKENS": "length",
    "CONTINUATION": "length",
    **dict.fromkeys(_FILTERED, "content_filter"),
    "UNEXPECTED_TOOL_CALL": "tool_calls",
}
"""``finishReason``, or why a prompt was blocked -> the common reason; anything else is ``stop``."""

FAULTS = {
    "MALFORMED_FUNCTION_CALL": "The model's function call is malformed.",
    "MALFORMED_RESPONSE": "The model's answer is malformed.",
    "TOO_MANY_TOOL_CALLS": "The model made too many tool calls in a row.",
    "MISSING_THOUGHT_SIGNATURE": "A thought signature is missing in the history.",
    "UNEXPECTED_TOOL_CALL": "The model called a tool that it was not given.",
}
"""Reasons that are no ends of an answer, in words; the last one may come with a usable call (wire/observed.md 6)."""

REASONS = {"stop": "STOP", "tool_calls": "STOP", "length": "MAX_TOKENS", "content_filter": "SAFETY"}
"""The common reason -> ``finishReason``."""


def common_finish(word: str | None, *, called: bool) -> FinishReason:
    """The common finish reason; a call that was made outweighs the word, which knows none (spec/chat.md 4)."""
    finish = FINISH.get(word or "STOP", "stop")
    return cast(FinishReason, "tool_calls" if called and finish == "stop" else finish)


def fault_of(word: str | None, told: Any, *, called: bool, provider: str = "") -> Failure | None:
    """The error that a finish reason stands for; None when it ends an answer."""
    if word not in FAULTS or (called and word == "UNEXPECTED_TOOL_CALL"):
        return None
    message = f"{FAULTS[word]} {told}" if type(told) is str and told else FAULTS[word]
    return Failure(502, "server", message, word.lower(), retryable=True, provider=provider or None)


def blocked(feedback: Any) -> tuple[str, str] | None:
    """Why a prompt was blocked, as a word and a sentence; None when it was not."""
    word = feedback.get("blockReason") if type(feedback) is dict else None
    if type(word) is not str or not word:
        return None
    return word, feedback.get("blockReasonMessage") or f"The provider blocked the prompt ({word})."


def explanation_of(word: str | None, told: Any) -> str | None:
    """The provider's words about a filtered answer."""
    if FINISH.get(word or "") != "content_filter":
        return None
    return told if type(told) is str and told else f"The provider stopped the answer ({word})."


def read_reply(body: Any) -> Reply:
    """A parsed generateContent reply as a Reply.

    Raises:
        TranslationError: status 502, when it is no such reply.
    """
    if type(body) is not dict or not _PROMISED & body.keys():
        raise TranslationError(
            "The provider's reply has no candidates.", path="/candidates", code="bad_reply", status=502
        )
    choices: list[Choice] = []
    failure: Failure | None = None
    for place, raw in enumerate(body.get("candidates") or ()):
        choices.append(_choice(raw, place))
        called = any(type(part) is Call for part in choices[-1].parts)
        failure = failure or fault_of(raw.get("finishReason"), raw.get("finishMessage"), called=called)
    if not choices:
        why = blocked(body.get("promptFeedback"))
        choices.append(Choice((), "stop") if why is None else Choice((), "content_filter", why[0], None, why[1]))
    usage = body.get("usageMetadata")
    return Reply(
        body.get("responseId") or "", body.get("modelVersion") or "", tuple(choices), read_usage(usage),
        seconds(body.get("createTime")), tier_of(usage), NAME, body, failure,
    )  # fmt: skip


_PROMISED = frozenset({"candidates", "promptFeedback", "usageMetadata", "modelVersion", "responseId"})


def tier_of(usage: Any) -> str | None:
    """The tier that the usage tells."""
    tier = usage.get("serviceTier") if type(usage) is dict else None
    return tier.lower() if type(tier) is str else None


def _choice(raw: Body, place: int) -> Choice:
    content = raw.get("content")
    parts = _parts((content.get("parts") if type(content) is dict else None) or ())
    word = raw.get("finishReason")
    called = any(type(part) is Call for part in parts)
    index = raw.get("index")
    return Choice(
        read_citations(parts, raw),
        common_finish(word, called=called),
        word,
        explanation=explanation_of(word, raw.get("finishMessage")),
        index=index if type(index) is int else place,
        logprobs=read_logprobs(raw.get("logprobsResult")),
        metadata=metadata_of(raw),
    )


def _parts(raw_parts: Any) -> tuple[Part, ...]:
    """Parts of an answer; texts that follow each other are one, as they are in a stream."""
    out: list[Part] = []
    for raw in raw_parts:
        for part in read_part(raw):
            last = out[-1] if out else None
            if type(part) is Text and type(last) is Text:
                out[-1] = Text(last.text + part.text)
            elif type(part) is Thinking and type(last) is Thinking and last.signature is None and goes_on(part):
                out[-1] = Thinking(last.text + part.text, part.signature, part.origin)
            else:
                out.append(part)
    return tuple(out)


def goes_on(thought: Thinking) -> bool:
    """Whether a thought, or the signature of one, belongs to the thought before it, if that has none yet."""
    return bool(thought.text) or thought.native is not None


def read_part(raw: Body) -> tuple[Part, ...]:
    """A part of an answer; the signature of anything but a thought or a call is a part of its own behind it."""
    signature = raw.get("thoughtSignature") or None
    origin = ORIGIN if signature else None
    if type(raw.get("text")) is str:
        text = raw["text"]
        if raw.get("thought"):
            # Without words it is the signature of the thought before it; its native value tells it apart.
            native = None if text else raw
            return (Thinking(text, signature, origin, native=native),) if text or signature else ()
        spoken: tuple[Part, ...] = (Text(text),) if text else ()
        return (*spoken, Thinking("", signature, origin)) if signature else spoken
    call = raw.get("functionCall")
    if type(call) is dict:
        if type(call.get("name")) is not str:
            return ()  # a piece of arguments that were asked for in pieces
        arguments = call.get("args")
        text = "{}" if arguments is None else dumps(arguments).decode()
        return (Call(call.get("id") or "", call["name"], text, signature=signature, origin=origin),)
    blob = raw.get("inlineData")
    if type(blob) is dict:
        media_type, data = blob.get("mimeType"), standard(blob["data"])
        media = Media(kind_of(media_type, "document"), media_type, data, native=raw)
        return (media, Thinking("", signature, origin)) if signature else (media,)
    kind = next((key for key in (*OPAQUE, "fileData") if key in raw), None)
    if kind is not None:
        return (Opaque(kind, NAME, native=raw),)
    return (Thinking("", signature, origin),) if signature else ()


def read_logprobs(raw: Any) -> tuple[Token, ...] | None:
    """The log probabilities of an answer's tokens."""
    chosen = raw.get("chosenCandidates") if type(raw) is dict else None
    if not chosen:
        return None
    tops = raw.get("topCandidates") or ()
    out = []
    for place, item in enumerate(chosen):
        others = tops[place].get("candidates") or () if place < len(tops) else ()
        out.append(Token(*_token(item), tuple(Token(*_token(other)) for other in others)))
    return tuple(out)


def _token(raw: Body) -> tuple[str, float]:
    return raw.get("token") or "", float(raw.get("logProbability") or 0.0)


def seconds(text: Any) -> int | None:
    """An RFC 3339 time as seconds since 1970; None when it is none."""
    try:
        day, _, clock = str(text).partition("T")
        year, month, date = (int(word) for word in day.split("-"))
        hour, minute, second = (int(word) for word in clock[:8].split(":"))
    except ValueError:
        return None
    # Days since 1970 in the Gregorian calendar, years beginning in March.
    year -= month <= 2
    days = 365 * year + year // 4 - year // 100 + year // 400 + (153 * ((month + 9) % 12) + 2) // 5 + date - 719_469
    return days * 86_400 + hour * 3600 + minute * 60 + second


# Writing


def write_reply(reply: Reply, context: Context, stamp: Stamp) -> Body:
    """A Reply as a generateContent reply."""
    if reply.dialect == NAME and type(reply.native) is dict:
        return dict(reply.native)
    body: Body = {"candidates": [_candidate(choice) for choice in reply.choices]}
    usage = write_usage(reply.usage)
    if usage:
        body["usageMetadata"] = usage
    return body | envelope(reply.id, reply.model, context, stamp)


def envelope(upstream: str, model: str, context: Context, stamp: Stamp) -> Body:
    """What every reply and every chunk says of itself."""
    return {"modelVersion": model or context.model, "responseId": upstream or stamp.id}


def _candidate(choice: Choice) -> Body:
    parts = [raw for part in choice.parts if (raw := write_part(part)) is not None]
    out: Body = {"content": {"role": "model", "parts": parts}}
    refusal = "".join(part.text for part in choice.parts if type(part) is Refusal) or None
    out |= ending(choice.finish, choice.explanation, refused=refusal is not None)
    out["index"] = choice.index
    grounding = write_grounding([part for part in choice.parts if type(part) is Text])
    if grounding:
        out["groundingMetadata"] = grounding
    if choice.logprobs is not None:
        out["logprobsResult"] = write_logprobs(choice.logprobs)
    return out


def ending(finish: str | None, explanation: str | None, *, refused: bool) -> Body:
    """How a candidate says why it ended."""
    word = "SAFETY" if refused and finish in ("stop", None) else REASONS[finish or "stop"]
    return {"finishReason": word, **({"finishMessage": explanation} if explanation else {})}


def write_part(part: Part) -> Body | None:
    """A part of an answer, or None for what has no place here."""
    if isinstance(part, Text | Refusal):
        return {"text": part.text} if part.text else None
    if isinstance(part, Thinking):
        signed = {"thoughtSignature": part.signature} if part.signature and part.origin == ORIGIN else {}
        return (
            {"text": part.text, "thought": True, **signed}
            if part.text
            else ({"text": "", **signed} if signed else None)
        )
    if isinstance(part, Call):
        out: Body = {"functionCall": {"id": part.id, "name": part.name, "args": reply_arguments(part)}}
        if part.signature and part.origin == ORIGIN:
            out["thoughtSignature"] = part.signature
        return out
    if isinstance(part, Media):
        if part.data is not None:
            return {"inlineData": {"mimeType": part.media_type, "data": part.data}}
        kind = {} if part.media_type is None else {"mimeType": part.media_type}
        return {"fileData": {"fileUri": part.url, **kind}}
    return dict(part.native) if isinstance(part, Opaque) and part.dialect == NAME else None


def write_logprobs(tokens: tuple[Token, ...]) -> Body:
    """Log probabilities of an answer's tokens."""
    out: Body = {"chosenCandidates": [_chosen(token) for token in tokens]}
    if any(token.top for token in tokens):
        out["topCandidates"] = [{"candidates": [_chosen(other) for other in token.top]} for token in tokens]
    return out


def _chosen(token: Token) -> Body:
    return {"token": token.text, "logProbability": token.logprob}
