"""Parts of chat messages, and how providers get them."""

from .wires import (
    WIRES,
    ask,
    lost,
    refused,
    to,
)

WEB = "https://h.example/"
TEXT = {"type": "text", "text": "What?"}


def shown(part):
    """A request that shows a part behind a text."""
    return ask({"role": "user", "content": [TEXT, part]})


def seen(name, part, **head):
    """The part as the provider gets it, and what was lost."""
    planned = to(name, shown(part), **head)
    assert planned.status == 200, planned
    turns = planned.body.get("messages") or planned.body.get("contents") or planned.body["input"]
    turn = turns[-1]
    return (turn.get("content") or turn.get("parts"))[-1], lost(planned)


def image(url, **more):
    return {"type": "image_url", "image_url": {"url": url, **more}}


def video(url, **more):
    return {"type": "video_url", "video_url": {"url": url, **more}}


def file(**inner):
    return {"type": "file", "file": inner}


def data(media_type, base64):
    return f"data:{media_type};base64,{base64}"


def needs(name, part, url, field, **head):
    """The URL is needed, and the client's field that names it."""
    planned = to(name, shown(part), **head)
    assert (planned.status, planned.head) == (428, {"needs": [url], "params": {url: f"messages[0].content[1].{field}"}})


def refuses(name, part, *words, **head):
    refused(to(name, shown(part), **head), "messages[0].content[1]", "unsupported_content", *words)


def in_words(name, media_type, base64):
    """Inline media as a provider of another dialect has them."""
    kind, _, form = media_type.partition("/")
    if WIRES[name].kind == "google":
        return {"inlineData": {"mimeType": media_type, "data": base64}}
    if name == "bedrock":
        return {kind: {"format": form, "source": {"bytes": base64}}}
    return {"type": kind, "source": {"type": "base64", "media_type": media_type, "data": base64}}


def by_address(url, media_type):
    return {"fileData": {"fileUri": url, "mimeType": media_type}}
