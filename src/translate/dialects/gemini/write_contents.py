"""Turns and parts of a generateContent request (wire/gemini.md 3, 4, 5 and 9)."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterable
from typing import Any

import orjson

from ...records import (
    Call,
    Media,
    Message,
    Opaque,
    Part,
    Refusal,
    Request,
    Result,
    Stale,
    Text,
    Thinking,
)
from ...records.request import SYSTEM_ROLES
from ...rewrite import Body
from ...target import Target
from ..arguments import request_arguments
from .parts import FILES, NAME, WRAPPERS, camel


def write_contents(request: Request, target: Target, body: Body) -> None:
    """``contents``, and ``systemInstruction`` for what stands before them."""
    if request.dialect == NAME:
        _own_contents(request, body)
        return
    contents: list[Body] = []
    system: list[Body] = []
    names = {part.id: part.name for message in request.messages for part in message.parts if type(part) is Call}
    places = {call_id: place for place, call_id in enumerate(names)}
    turn: list[Message] = []
    for message in request.messages:
        if message.role in SYSTEM_ROLES:
            system.extend(_parts(message.parts, names))
        elif message.role == "assistant":
            _user_turn(turn, names, places, contents)
            turn = []
            _add(contents, "model", _parts(message.parts, names))
        else:
            turn.append(message)
    _user_turn(turn, names, places, contents)
    body["contents"] = contents
    if system:
        body["systemInstruction"] = {"parts": system}


def _add(contents: list[Body], role: str, parts: list[Body]) -> None:
    """One more turn; parts of a role that has the word already join its turn."""
    if not parts:
        return
    if contents and contents[-1]["role"] == role and not _answers(contents[-1]):
        contents[-1]["parts"].extend(parts)
    else:
        contents.append({"role": role, "parts": parts})


def _answers(content: Body) -> bool:
    """Whether a content holds results, which stand alone, directly behind their calls."""
    return "functionResponse" in content["parts"][0]


def _user_turn(turn: list[Message], names: dict[str, str], places: dict[str, int], contents: list[Body]) -> None:
    """User messages up to the next model turn: all results in one content, in call order, then what was said."""
    results = [part for message in turn for part in message.parts if type(part) is Result]
    if results:
        results.sort(key=lambda result: places.get(result.call_id, len(places)))
        contents.append({"role": "user", "parts": _parts(results, names)})
    for message in turn:
        _add(contents, "user", _parts([part for part in message.parts if type(part) is not Result], names))


def _parts(parts: Iterable[Part], names: dict[str, str]) -> list[Body]:
    """Parts as the wire has them; a bare signature belongs to the text before it."""
    out: list[Body] = []
    for part in parts:
        if type(part) is Thinking and not part.text and out and out[-1].keys() == {"text"}:
            out[-1]["thoughtSignature"] = part.signature
        elif type(part) is Result:
            out.append({"functionResponse": _result(part, names.get(part.call_id) or part.name or part.call_id)})
        elif type(part) is not Text or part.text:
            out.append(PARTS[type(part)](part))
    return out


def _text(part: Text | Refusal) -> Body:
    return {"text": part.text}


def _thinking(part: Thinking) -> Body:
    out: Body = {"text": part.text, "thought": True} if part.text else {"text": ""}
    if part.signature is not None:
        out["thoughtSignature"] = part.signature
    return out


def _media(part: Media) -> Body:
    out = _data(part)
    if part.detail in _LEVELS:
        out["mediaResolution"] = {"level": _LEVELS[part.detail]}
    return out


_LEVELS = {
    "low": "MEDIA_RESOLUTION_LOW", "high": "MEDIA_RESOLUTION_HIGH", "original": "MEDIA_RESOLUTION_ULTRA_HIGH",
}  # fmt: skip


def _data(part: Media) -> Body:
    """Media by their bytes or by their address."""
    title = {} if part.filename is None else {"displayName": part.filename}
    if part.text is not None:
        data = b64encode(part.text.encode()).decode()
        return {"inlineData": {"mimeType": "text/plain", "data": data, **title}}
    if part.data is not None:
        return {"inlineData": {"mimeType": part.media_type, "data": part.data, **title}}
    uri = part.url or part.file_id or ""
    if part.file_id is not None and "://" not in uri:
        uri = f"{FILES}v1beta/{uri}"
    kind = {} if part.media_type is None else {"mimeType": part.media_type}
    return {"fileData": {"fileUri": uri, **kind, **title}}


def _call(part: Call) -> Body:
    out: Body = {"functionCall": {"id": part.id, "name": part.name, "args": request_arguments(part)}}
    if part.signature is not None:
        out["thoughtSignature"] = part.signature
    return out


def _result(part: Result, name: str) -> Body:
    texts = [inner.text for inner in part.parts if type(inner) is Text]
    out: Body = {"id": part.call_id, "name": name, "response": _response("\n".join(texts), failed=part.is_error)}
    media = [_data(inner) for inner in part.parts if type(inner) is Media]
    if media:
        out["parts"] = media
    return out


def _response(text: str, *, failed: bool) -> Any:
    """A result as the object that the wire wants: the object it is, or its text under a key of its own."""
    if not failed and text.lstrip().startswith("{"):
        try:
            value = orjson.loads(text)
        except orjson.JSONDecodeError:
            value = None
        if type(value) is dict and not (len(value) == 1 and next(iter(value)) in WRAPPERS):
            return orjson.Fragment(text)
    return {"error" if failed else "output": text}


def _opaque(part: Opaque) -> Body:
    return dict(part.native)


PARTS: dict[type, Callable[[Any], Body]] = {
    Text: _text,
    Refusal: _text,
    Thinking: _thinking,
    Media: _media,
    Call: _call,
    Opaque: _opaque,
}


# The same dialect on both sides


def _own_contents(request: Request, body: Body) -> None:
    contents = []
    for message in request.messages:
        native = message.native
        if type(native) is not dict:
            kept = camel(native.value) if type(native) is Stale else {"role": "user"}
            native = {**kept, "parts": _own_parts(message.parts)}
        if message.path == ("systemInstruction",):
            body["systemInstruction"] = native
        else:
            contents.append(native)
    body["contents"] = contents


_OWN_KEYS = frozenset({
    "text", "thought", "thoughtSignature", "inlineData", "fileData", "functionCall", "functionResponse",
    "mediaResolution",
})  # fmt: skip


def _own_parts(parts: tuple[Part, ...]) -> list[Body]:
    """Parts of a client that speaks this dialect: as they came, or rewritten with their unknown keys kept.

    A signature is read as a part of its own; where it stood with another part, that one's native value has it.
    """
    out: list[Body] = []
    last: Any = None
    for part in parts:
        native = part.native
        whole = native.value if type(native) is Stale else native
        if whole is None or whole is not last:
            written = native if type(native) is dict else _rewritten(part, whole)
            out.append(written)
        last = whole
    return out


def _rewritten(part: Part, whole: Any) -> Body:
    written = _parts((part,), {})[0]
    if type(whole) is dict:
        kept = camel(whole)
        written |= {key: value for key, value in kept.items() if key not in _OWN_KEYS}
        if "thoughtSignature" in kept and type(part) is not Call:
            written["thoughtSignature"] = kept["thoughtSignature"]
    return written
