"""Parts: what a message is made of, in requests and in replies alike.

Two fields recur. ``path`` says where in the client's body the part stood (keys and indexes, rendered as a JSON
pointer only when a loss needs it). ``native`` is the JSON value the part was read from: a writer of the same dialect
emits it as it is, so that unknown keys and spellings survive; ``changed`` marks it stale.
"""

from __future__ import annotations

from typing import Any, Literal, TypeVar

import attrs

from .errors import TranslationError
from .quick import evolve, record

Path = tuple[str | int, ...]
MediaKind = Literal["image", "audio", "video", "document"]


@record
class Stale:
    """A native value that no longer says all: only its unknown keys may be carried over."""

    value: Any


@record
class Cache:
    """A cache mark: everything up to here may be cached.

    ``ttl`` is a duration such as ``5m``, None the default; ``path`` says where the mark stood.
    """

    ttl: str | None = None
    path: Path = attrs.field(default=(), eq=False)


@record
class Citation:
    """A source of a stretch of text.

    Attributes:
        url, title: the source; url is None for a citation into a document of the request.
        cited: the quoted words of the source, if given.
        start, end: code-point offsets into the text of its part; None means the whole part.
        native: the provider's own citation object.
        dialect: whose ``native`` it is.
    """

    url: str | None
    title: str | None = None
    cited: str | None = None
    start: int | None = None
    end: int | None = None
    native: Any = attrs.field(default=None, eq=False, repr=False)
    dialect: str = ""


@record
class Token:
    """A token of the answer with its log probability, and the alternatives that were most likely there.

    ``bytes`` are its UTF-8 bytes, where the provider tells them.
    """

    text: str
    logprob: float
    top: tuple[Token, ...] = ()
    bytes: tuple[int, ...] | None = None


@record
class Text:
    """A run of text."""

    text: str
    cache: Cache | None = None
    path: Path = ()
    native: Any = attrs.field(default=None, eq=False, repr=False)
    citations: tuple[Citation, ...] = ()


@record
class Media:
    """An image, a sound, a film or a document: exactly one of ``data``, ``url``, ``file_id``, ``text`` is set.

    Attributes:
        kind: what it is.
        media_type: IANA type; None when neither the client nor the bytes tell.
        data: base64 without prefix, never decoded.
        url: where it lies.
        file_id: an id in the file store of one provider account.
        text: a plain-text document's text.
        detail: the wished resolution: low, high, auto, original.
        filename: a name or title.
        context: words about the document, not part of it.
        cite: whether the model may cite it.
        foreign: whether the client said it in a form that its dialect only has at servers of some other kind.
    """

    kind: MediaKind
    media_type: str | None = None
    data: str | None = attrs.field(default=None, repr=False)
    url: str | None = None
    file_id: str | None = None
    text: str | None = None
    detail: str | None = None
    filename: str | None = None
    context: str | None = None
    cite: bool = False
    cache: Cache | None = None
    path: Path = ()
    native: Any = attrs.field(default=None, eq=False, repr=False)
    foreign: bool = attrs.field(default=False, eq=False)


@record
class Thinking:
    """Reasoning text with its signature. With a signature it is indivisible, even when ``text`` is empty.

    ``origin`` is the signing domain that issued the signature (``anthropic``, ``google``, ``openai``); None when
    unsigned. ``cache`` never applies (wire/anthropic.md 4).
    """

    text: str
    signature: str | None = None
    origin: str | None = None
    path: Path = ()
    native: Any = attrs.field(default=None, eq=False, repr=False)


@record
class Redacted:
    """Reasoning that only its origin can read."""

    data: str
    origin: str | None = None
    path: Path = ()
    native: Any = attrs.field(default=None, eq=False, repr=False)


@record
class Call:
    """A tool call.

    Attributes:
        id: pairs the call with its result.
        name: the tool.
        arguments: JSON text as it came for a function, free text for a custom tool; never re-serialised.
        custom: whether it is a free-text (custom) tool.
        signature, origin: opaque state of the call, as in Thinking.
        signed_at: where the state stood, when it did not stand in the call.
    """

    id: str
    name: str
    arguments: str
    path: Path = ()
    native: Any = attrs.field(default=None, eq=False, repr=False)
    custom: bool = False
    signature: str | None = None
    origin: str | None = None
    cache: Cache | None = None
    signed_at: Path = ()


@record
class Result:
    """The result of a call: ``content`` is plain text, or Text, Media and Opaque parts."""

    call_id: str
    content: str | tuple[Part, ...]
    path: Path = ()
    native: Any = attrs.field(default=None, eq=False, repr=False)
    is_error: bool = False
    name: str | None = None
    cache: Cache | None = None

    @property
    def parts(self) -> tuple[Part, ...]:
        """The content as parts; plain text is one Text, empty text none."""
        return as_parts(self.content, self.path)


@record
class Refusal:
    """The model's words of refusal."""

    text: str
    path: Path = ()
    native: Any = attrs.field(default=None, eq=False, repr=False)


@record
class Opaque:
    """A block that only its own dialect can express, for example a server-side tool's result.

    ``fault`` is what a reader found wrong with a part of a known kind in a shape of its own.
    """

    kind: str
    dialect: str
    path: Path = ()
    native: Any = attrs.field(default=None, eq=False, repr=False)
    fault: TranslationError | None = attrs.field(default=None, eq=False, repr=False)


def place(part: Any, key: str) -> Path:
    """Where a key of a part stands in the client's body; the part's own path when the client did not write it so."""
    native = part.native.value if type(part.native) is Stale else part.native
    if type(native) is dict:
        if key in native:
            return (*part.path, key)
        for name, value in native.items():
            if type(value) is dict and key in value:
                return (*part.path, name, key)
    path: Path = part.path
    return path


def place_of(part: Any, value: str) -> Path:
    """Where a part's URL stands in the client's body; the part's own path when it is not there as it is here."""
    native = part.native.value if type(part.native) is Stale else part.native
    path: Path = part.path
    return (*path, *(_steps_to(value, native, _URLS) or _steps_to(value, native, None) or ()))


_URLS = frozenset({
    "url", "uri", "image_url", "video_url", "document_url", "file_url", "file_data", "fileUri", "file_uri",
})  # fmt: skip
"""Keys of all dialects that hold URLs: a title may say the same."""


def _steps_to(value: str, inside: Any, keys: frozenset[str] | None) -> Path | None:
    """The steps to the first string that is the value, at one of the keys; None means at any."""
    if type(inside) is dict:
        for key, inner in inside.items():
            if inner == value and (keys is None or key in keys):
                return (key,)
            steps = _steps_to(value, inner, keys)
            if steps is not None:
                return (key, *steps)
    return None


def as_parts(content: str | tuple[Part, ...], path: Path) -> tuple[Part, ...]:
    """Content as parts; most turns are plain text, for which no part is made until somebody asks."""
    if not isinstance(content, str):
        return content
    return (Text(content, None, (*path, "content")),) if content else ()


Part = Text | Media | Thinking | Redacted | Call | Result | Refusal | Opaque

_R = TypeVar("_R")


def changed(record: _R, **fields: Any) -> _R:
    """A copy of a record with other fields, its native value marked stale."""
    native = getattr(record, "native", None)
    if native is not None and type(native) is not Stale:
        native = Stale(native)
    return evolve(record, native=native, **fields)
