"""Keys beyond OpenAI's own that replies of this gateway have (design/interfaces.md 4)."""

from typing import Any

from ...records import Media

Body = dict[str, Any]


def text_signature(signature: str) -> Body:
    """Google's signature of something said, in the spelling of Google's own layer (wire/gemini.md 9)."""
    return {"extra_content": {"google": {"thought_signature": signature}}}


def signature_fields(signature: str) -> Body:
    """A call's thought signature in both spellings (design/interfaces.md 4)."""
    return {
        "provider_specific_fields": {"thought_signature": signature},
        "extra_content": {"google": {"thought_signature": signature}},
    }


def write_image(image: Media, place: int) -> Body:
    """An image of an answer, in the spelling that servers of the dialect share; it is none of OpenAI's own."""
    url = image.url or f"data:{image.media_type};base64,{image.data}"
    return {"index": place, "type": "image_url", "image_url": {"url": url}}
