"""Keys beyond OpenAI's own that replies of this gateway have (design/interfaces.md 4)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any, Final

from ...media import kind_of, split_data_url
from ...records import Media, Redacted, Thinking, TranslationError

Body = dict[str, Any]


GOOGLE: Final = "google"
"""The signing domain whose own layer speaks this dialect, with signatures in a spelling of its own."""


def text_signature(signature: str) -> Body:
    """Google's signature of something said, in the spelling of Google's own layer (wire/gemini.md 9)."""
    return {"extra_content": {GOOGLE: {"thought_signature": signature}}}


def read_text_signature(message: Body) -> str | None:
    """What ``text_signature`` writes, as Google's own layer says it."""
    extra = message.get("extra_content")
    google = extra.get(GOOGLE) if type(extra) is dict else None
    return (_word(google, "thought_signature") if type(google) is dict else "") or None


def signature_fields(signature: str) -> Body:
    """A call's thought signature in both spellings (design/interfaces.md 4)."""
    return {"provider_specific_fields": {"thought_signature": signature}, **text_signature(signature)}


def read_call_signature(call: Body) -> str | None:
    """A call's thought signature in the spellings servers use."""
    fields = call.get("provider_specific_fields")
    return read_text_signature(call) or (_word(fields, "thought_signature") if type(fields) is dict else "") or None


def read_details(raw: Any) -> list[tuple[int, Thinking | Redacted]]:
    """Thoughts of an answer in ``reasoning_details``, each with its index (wire/openai-chat.md 12)."""
    out: list[tuple[int, Thinking | Redacted]] = []
    for index, item in _items(raw):
        origin = origin_of(item.get("format") or "unknown")
        data, signature = _word(item, "data"), _word(item, "signature")
        text = _word(item, "text") or _word(item, "summary")
        if item.get("type") == "reasoning.encrypted":
            if data:
                # Google's encrypted reasoning is the signature of a part.
                state = Thinking("", data, origin) if origin == GOOGLE else Redacted(data, origin)
                out.append((index, state))
        elif text or signature:
            out.append((index, Thinking(text, signature or None, origin if signature else None)))
    return out


def origin_of(form: Any) -> str:
    """Whose state it is, by its format; state of other formats is of use to nobody but the server that sent it."""
    form = form if type(form) is str and ":" not in form else "unknown"
    return next((name for name in ("anthropic", GOOGLE) if form.startswith(name)), form)


def read_images(raw: Any) -> list[tuple[int, Media]]:
    """Images of an answer, each with its index; what is none in the spelling that servers share is left alone."""
    out = []
    for index, item in _items(raw):
        holder = item.get("image_url")
        url = _word(holder, "url") if type(holder) is dict else ""
        if url.startswith("data:"):
            with suppress(TranslationError):
                media_type, data = split_data_url(url, ())
                out.append((index, Media(kind_of(media_type, "image"), media_type, data)))
        elif url:
            out.append((index, Media("image", url=url)))
    return out


def _items(raw: Any) -> Iterator[tuple[int, Body]]:
    """The objects of a list, each with its index: servers may send anything under keys that are nobody's."""
    for place, item in enumerate(raw if type(raw) is list else ()):
        if type(item) is dict:
            index = item.get("index")
            yield index if type(index) is int else place, item


def _word(item: Body, key: str) -> str:
    value = item.get(key)
    return value if type(value) is str else ""


def write_image(image: Media, place: int) -> Body:
    """An image of an answer, in the spelling that servers of the dialect share; it is none of OpenAI's own."""
    url = image.url or f"data:{image.media_type};base64,{image.data}"
    return {"index": place, "type": "image_url", "image_url": {"url": url}}
