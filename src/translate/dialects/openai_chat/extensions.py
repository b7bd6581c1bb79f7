"""Keys beyond OpenAI's own that replies of this gateway have (design/interfaces.md 4)."""

from typing import Any

from ...media import kind_of, split_data_url
from ...records import Media

Body = dict[str, Any]


def text_signature(signature: str) -> Body:
    """Google's signature of something said, in the spelling of Google's own layer (wire/gemini.md 9)."""
    return {"extra_content": {"google": {"thought_signature": signature}}}


def read_text_signature(message: Body) -> str | None:
    """What ``text_signature`` writes, as Google's own layer says it."""
    extra = message.get("extra_content")
    google = extra.get("google") if type(extra) is dict else None
    found = google.get("thought_signature") if type(google) is dict else None
    return found if type(found) is str and found else None


def signature_fields(signature: str) -> Body:
    """A call's thought signature in both spellings (design/interfaces.md 4)."""
    return {
        "provider_specific_fields": {"thought_signature": signature},
        "extra_content": {"google": {"thought_signature": signature}},
    }


def read_images(raw: Any) -> list[tuple[int, Media]]:
    """Images of an answer, each with its index."""
    out = []
    for place, item in enumerate(raw or ()):
        url = item["image_url"]["url"]
        media_type, data, address = None, None, url
        if url.startswith("data:"):
            (media_type, data), address = split_data_url(url, ()), None
        index = item.get("index")
        image = Media(kind_of(media_type, "image"), media_type, data, address)
        out.append((index if type(index) is int else place, image))
    return out


def write_image(image: Media, place: int) -> Body:
    """An image of an answer, in the spelling that servers of the dialect share; it is none of OpenAI's own."""
    url = image.url or f"data:{image.media_type};base64,{image.data}"
    return {"index": place, "type": "image_url", "image_url": {"url": url}}
