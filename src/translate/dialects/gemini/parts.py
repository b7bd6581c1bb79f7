"""Contents and parts of a generateContent request (wire/gemini.md 3, 4, 5 and 9)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...draft import Draft
from ...media import by_extension, kind_of
from ...records import Call, Media, Message, Opaque, Part, Path, Result, Text, Thinking
from ...values import array_at, choice_at, dumps, maybe_text, missing, object_at, text_of, wrong_type, wrong_value

NAME = "gemini"
ORIGIN = "google"
"""The signing domain of the dialect: Google's models, on either host."""

Body = dict[str, Any]

FILES = "https://generativelanguage.googleapis.com/"
"""Where the files lie that one account of the Gemini API owns."""


def camel(raw: Body) -> Body:
    """An object of the wire with its keys in camelCase: both spellings are taken (wire/gemini.md 1)."""
    if not any("_" in key for key in raw):
        return raw
    return {camel_key(key): value for key, value in raw.items()}


def camel_key(key: str) -> str:
    """A key in camelCase."""
    first, *rest = key.split("_")
    return first + "".join(word[:1].upper() + word[1:] for word in rest)


def snake(key: str) -> str:
    """A key in its other spelling."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in key)


def camel_at(value: Any, path: Path) -> Body:
    """The value, which must be an object, with its keys in camelCase."""
    return camel(object_at(value, path))


def list_at(value: Any, path: Path) -> list[Any]:
    """The value, which must be an array; an object stands for an array of one, as in proto JSON."""
    return [value] if type(value) is dict else array_at(value, path)


class Contents:
    """A reader of contents: it gives calls without an id one that their results can be found by."""

    __slots__ = ("draft", "waiting")

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        # Name -> ids of its calls without a result yet.
        self.waiting: dict[str, list[str]] = {}

    def read(self, value: Any, path: Path) -> tuple[Message, ...]:
        """The ``contents``."""
        return tuple([self.content(raw, (*path, index)) for index, raw in enumerate(list_at(value, path))])

    def content(self, value: Any, path: Path) -> Message:
        """One content as a message."""
        raw = camel_at(value, path)
        role = choice_at(raw.get("role") or "user", (*path, "role"), ("user", "model", "function"))
        self.draft.unknown(raw, path, _CONTENT_KEYS)
        parts = self.parts(raw.get("parts"), (*path, "parts"))
        # Only the model calls, whatever role is named; only its calls are answered, and by the user.
        calls = any(type(part) is Call for part in parts)
        if (calls or role == "model") and any(type(part) is Result for part in parts):
            wrong_value((*path, "role"), role, "function responses in a turn of role 'user', without function calls")
        return Message("assistant" if calls or role == "model" else "user", parts, path, value)

    def parts(self, value: Any, path: Path) -> tuple[Part, ...]:
        """The parts of a content."""
        if value is None:
            return ()
        out: list[Part] = []
        for index, item in enumerate(list_at(value, path)):
            at = (*path, index)
            if type(item) is not dict:
                wrong_type(at, item, "a part object")
            out.extend(self.part(item, at))
        return tuple(out)

    def part(self, native: Body, path: Path) -> tuple[Part, ...]:
        """A part; a signature on anything but a thought or a call is a part of its own behind it."""
        raw = camel(native)
        kind = next((key for key in KINDS if raw.get(key) is not None), None)
        if kind is None:
            return (Opaque("part without data", NAME, path, native),)
        self.draft.unknown(raw, path, _MODIFIERS | {kind})
        signature = maybe_text(raw, "thoughtSignature", path) or None
        if raw.get("thought") is True and kind == "text":
            return (Thinking(text_of(raw, "text", path), signature, ORIGIN, path, native),)
        part = KINDS[kind](self, raw, path, native)
        if signature is None or type(part) is Call or type(part) is Opaque:
            return (part,)
        signed = Thinking("", signature, ORIGIN, path, native)
        return (signed,) if type(part) is Text and not part.text else (part, signed)

    def text(self, raw: Body, path: Path, native: Body) -> Part:
        """A text."""
        return Text(text_of(raw, "text", path), None, path, native)

    def blob(self, raw: Body, path: Path, native: Body) -> Part:
        """Inline media."""
        at = (*path, "inlineData")
        blob = camel_at(raw["inlineData"], at)
        self.draft.unknown(blob, at, ("mimeType", "data", "displayName"))
        media_type = maybe_text(blob, "mimeType", at)
        return Media(
            kind_of(media_type, "document"), media_type, standard(text_of(blob, "data", at)),
            detail=self.detail(raw, path), filename=maybe_text(blob, "displayName", at), path=path, native=native,
        )  # fmt: skip

    def file(self, raw: Body, path: Path, native: Body) -> Part:
        """Media by their address."""
        at = (*path, "fileData")
        file = camel_at(raw["fileData"], at)
        self.draft.unknown(file, at, ("mimeType", "fileUri", "displayName"))
        uri = text_of(file, "fileUri", at)
        media_type = maybe_text(file, "mimeType", at) or by_extension(uri)
        own = uri.startswith(FILES) or "://" not in uri
        return Media(
            kind_of(media_type, "video" if "youtu" in uri else "document"), media_type, None,
            None if own else uri, uri if own else None, detail=self.detail(raw, path),
            filename=maybe_text(file, "displayName", at), path=path, native=native,
        )  # fmt: skip

    def detail(self, raw: Body, path: Path) -> str | None:
        """The wished resolution of one medium, in common words."""
        wish = raw.get("mediaResolution")
        if wish is None:
            return None
        at = (*path, "mediaResolution")
        wished = camel_at(wish, at)
        self.draft.unknown(wished, at, ("level",))
        level = wished.get("level")
        found = DETAILS.get(level) if type(level) is str else None
        if found is None and level is not None:
            self.draft.unknown({"mediaResolution": wish}, path, ())
        return found

    def call(self, raw: Body, path: Path, native: Body) -> Part:
        """A call of the history."""
        at = (*path, "functionCall")
        call = camel_at(raw["functionCall"], at)
        self.draft.unknown(call, at, ("id", "name", "args"))
        name, arguments = text_of(call, "name", at), call.get("args")
        call_id = maybe_text(call, "id", at) or f"call_{path[1]}_{path[-1]}"
        self.waiting.setdefault(name, []).append(call_id)
        text = "{}" if arguments is None else dumps(object_at(arguments, (*at, "args"))).decode()
        signature = maybe_text(raw, "thoughtSignature", path) or None
        return Call(call_id, name, text, path, native, False, signature, ORIGIN if signature else None)

    def result(self, raw: Body, path: Path, native: Body) -> Part:
        """A call's result; one without an id is that of the first call of its name that waits."""
        at = (*path, "functionResponse" if "functionResponse" in native else "function_response")
        result = camel_at(raw["functionResponse"], at)
        self.draft.unknown(result, at, ("id", "name", "response", "parts"))
        name, call_id = text_of(result, "name", at), maybe_text(result, "id", at) or None
        waiting = self.waiting.get(name, [])
        if call_id is None:
            call_id = waiting[0] if waiting else f"call_{path[1]}_{path[-1]}"
        if call_id in waiting:
            waiting.remove(call_id)
        failed, text = _response(result.get("response"), (*at, "response"))
        media = result.get("parts")
        content: Any = text
        if media:
            inner = self.parts(media, (*at, "parts"))
            content = (*((Text(text, None, (*at, "response")),) if text else ()), *inner)
        return Result(call_id, content, at, native, failed, name)

    def opaque(self, raw: Body, path: Path, native: Body) -> Part:
        """A part that only this dialect has."""
        return Opaque(next(key for key in OPAQUE if raw.get(key) is not None), NAME, path, native)


_CONTENT_KEYS = frozenset({"role", "parts"})
_MODIFIERS = frozenset({"thought", "thoughtSignature", "mediaResolution"})
OPAQUE = ("executableCode", "codeExecutionResult", "toolCall", "toolResponse")
DETAILS = {
    "MEDIA_RESOLUTION_LOW": "low", "MEDIA_RESOLUTION_HIGH": "high", "MEDIA_RESOLUTION_ULTRA_HIGH": "original",
}  # fmt: skip
"""Per-part resolutions in common words; the others have none."""

KINDS: dict[str, Callable[[Contents, Body, Path, Body], Part]] = {
    "text": Contents.text,
    "inlineData": Contents.blob,
    "fileData": Contents.file,
    "functionCall": Contents.call,
    "functionResponse": Contents.result,
    **dict.fromkeys(OPAQUE, Contents.opaque),
}
"""Data key -> its reader."""

WRAPPERS = ("output", "error", "result")
"""Keys under which a result that is no object is wrapped, by convention."""


def _response(value: Any, path: Path) -> tuple[bool, str]:
    """Whether a result is a failure, and its text: what was wrapped, or the object itself."""
    if value is None:
        return False, ""
    raw = object_at(value, path)
    if len(raw) == 1:
        key, inner = next(iter(raw.items()))
        if key in WRAPPERS:
            return key == "error", inner if type(inner) is str else dumps(inner).decode()
    return False, dumps(raw).decode() if raw else ""


def standard(data: str) -> str:
    """Base64 in the standard alphabet, padded; this dialect also takes the URL-safe one."""
    if "-" in data or "_" in data:
        data = data.replace("-", "+").replace("_", "/")
    return data + "=" * (-len(data) % 4)


def system_parts(value: Any, path: Path, draft: Draft) -> tuple[Part, ...]:
    """The texts of a system instruction."""
    raw = camel_at(value, path)
    draft.unknown(raw, path, _CONTENT_KEYS)
    parts = Contents(draft).parts(raw.get("parts"), (*path, "parts"))
    for part in parts:
        if type(part) is not Text:
            wrong_value(path, value, "parts of text")
    if not parts:
        missing((*path, "parts"))
    return parts
