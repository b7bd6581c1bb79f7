"""What every answer of the boundary must be, whatever it was asked."""

import re
from typing import Any

import orjson
from dragoman.translate import DIALECTS, TranslationError
from dragoman.translate.framing import aws_frames
from dragoman.translate.heads import context_of

from .case import Fault, expect
from .heads import CANARY, keeps_secrets

SEVERITIES = {"contract", "quality", "cost", "hint"}
LOSSES = {"dropped", "approximated", "added"}
CALL = {"method", "url", "headers", "stream", "losses", "context", "row"}
END = {"usage", "finish_reason", "losses", "truncated"}


def parsed(data: bytes, what: str) -> Any:
    """The value of a text that must be JSON."""
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise Fault(f"{what} is not JSON", f"{error}: {data[:200]!r}") from None


def head_of(data: bytes) -> dict[str, Any]:
    """The value of a head that was asked with; what is no object says nothing."""
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError:
        return {}
    return value if type(value) is dict else {}


def client_of_request(head: bytes) -> str:
    """The dialect in which a request is answered."""
    client = head_of(head).get("from")
    return client if type(client) is str and client in DIALECTS else "openai_chat"


def client_of_reply(head: bytes) -> str:
    """The dialect in which a reply is told: that of chat clients where the context is none."""
    try:
        return context_of(head_of(head)).client
    except TranslationError:
        return "openai_chat"


def error_in(body: bytes, client: str) -> dict[str, Any]:
    """The error of a body, by the shape that official clients of a dialect read."""
    value = parsed(body, "the body of an error")
    error = value if client == "bedrock" else value.get("error")
    expect(type(error) is dict, "an error without its object", value)
    message = error.get("message")
    expect(type(message) is str and message, "an error without words", value)
    if client == "gemini":
        good = type(error.get("status")) is str and type(error.get("code")) is int
        expect(good, "an error of gemini's without status and code", value)
    elif client != "bedrock":
        expect(type(error.get("type")) is str, "an error without its type", value)
        expect(client != "anthropic" or value.get("type") == "error", "an error that is not called one", value)
        if client.startswith("openai"):
            words = [error.get(key, 0) for key in ("param", "code")]
            expect(all(word is None or type(word) is str for word in words), "param or code is no string", value)
    return dict(error)


_NAMED = re.compile(r"'[^']*'|\"[^\"]*\"|body|head|JSON|message")


def names_its_fault(error: dict[str, Any]) -> bool:
    """Whether a client is told what of its request is wrong."""
    return bool(error.get("param")) or _NAMED.search(error["message"]) is not None


def losses_of(head: dict[str, Any]) -> set[str]:
    """What is said of the losses, each of which must be one."""
    found = set()
    for loss in head["losses"]:
        good = loss["kind"] in LOSSES and loss["severity"] in SEVERITIES and loss["path"][:1] in ("", "/")
        expect(good and loss["detail"], "a loss that is none", loss)
        found.add(f"{loss['kind']} {loss['severity']} {template(loss['detail'])}")
    return found


def template(words: str) -> str:
    """Words without what they quote, so that they can be counted."""
    return re.sub(r"\d+", "#", re.sub(r"'[^']*'|\"[^\"]*\"|\([^)]*\)|got .*", "_", words))[:120]


def keeps_silent(head: bytes, *answers: bytes) -> None:
    """No answer may repeat a secret of the head."""
    if keeps_secrets(head):
        expect(not any(CANARY.encode() in answer for answer in answers), "a secret of the head is told", answers)


_FAULT = "this is a fault of the gateway"


def is_refusal(status: int, body: bytes, client: str, allowed: range) -> str:
    """An error as an answer; returns what it says, shortened."""
    expect(status in range(400, 600), "a status that is no error's", (status, body[:300]))
    error = error_in(body, client)
    expect(_FAULT not in error["message"], "an exception became a 500", error["message"])
    expect(status in allowed, "a status that is another's fault", (status, body[:300]))
    if status < 500 and allowed.stop == 500:
        expect(names_its_fault(error), "a refusal that does not name its fault", error)
    return f"{status} {error.get('code')} {template(error['message'])}"


def stream_said(data: bytes, client: str, *, array: bool) -> set[str]:
    """The kinds of event in a client's stream, which must be whole."""
    if array:
        items = parsed(data, "a stream that is one array") if data else []
        return {f"array {sorted(item)}" for item in items}
    if client == "bedrock":
        tail, frames = aws_frames.split(b"", data)
        expect(not tail, "a client's stream ends within a message", data[-100:])
        return {_frame_said(frame) for frame in frames}
    found = set()
    expect(data == b"" or data.endswith(b"\n\n"), "a client's stream ends within an event", data[-100:])
    for block in data.split(b"\n\n")[:-1]:
        lines = [line[5:].strip() for line in block.split(b"\n") if line.startswith(b"data:")]
        text = b"\n".join(lines)
        if text and text != b"[DONE]":
            found.add(_said(parsed(text, "an event for the client")))
    return found


def _frame_said(frame: bytes) -> str:
    try:
        headers, payload = aws_frames.read(frame)
    except aws_frames.BadFrame as error:
        raise Fault("a message for the client is none", error) from None
    parsed(payload, "a message for the client")
    return " ".join(str(value) for value in headers.values())


def _said(event: Any) -> str:
    expect(type(event) is dict, "an event for the client is no object", event)
    if event.get("choices"):
        choice = event["choices"][0]
        return f"{sorted(choice.get('delta') or ())} {choice.get('finish_reason')}"
    return f"{event.get('type')} {sorted(event)}"
