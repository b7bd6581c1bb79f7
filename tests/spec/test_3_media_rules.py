"""spec/chat.md 3, the rules behind the table: one test a sentence, in the order of the text."""

from base64 import b64encode

import pytest

from .parts import TEXT, WEB, by_address, data, file, image, in_words, needs, refuses, seen, shown, video
from .wires import (
    CLAUDES,
    GOOGLE,
    MP3,
    MP4,
    NATIVE,
    PNG,
    WIRES,
    ask,
    assistant,
    refused,
    to,
)


@pytest.mark.parametrize(("part", "field"), [
    (image(WEB + "a.png"), "image_url.url"), (image(WEB + "a"), "image_url.url"),
    ({"type": "image_url", "image_url": WEB + "a.png"}, "image_url"),
    (file(file_url=WEB + "a.pdf", filename=WEB + "a.pdf"), "file.file_url"),
    ({"type": "document_url", "document_url": {"url": WEB + "a.pdf"}}, "document_url.url"),
])  # fmt: skip
@pytest.mark.parametrize("name", ["vertex_claude", "bedrock"])
def test_targets_that_take_no_url_need_it(name, part, field):
    """Targets that take no URL get `needs`"""
    inner = part[part["type"]]
    needs(name, part, inner if isinstance(inner, str) else inner.get("url") or inner["file_url"], field)


def test_a_url_is_needed_once_however_often_it_is_named():
    """Targets that take no URL get `needs`"""
    parts = [image(WEB + "a.png"), image(WEB + "b.png"), image(WEB + "a.png")]
    planned = to("bedrock", ask({"role": "user", "content": [TEXT, *parts]}))
    assert planned.head["needs"] == [WEB + "a.png", WEB + "b.png"]
    fetched = {url: {"media_type": "image/png", "data": PNG} for url in planned.head["needs"]}
    again = to("bedrock", ask({"role": "user", "content": [TEXT, *parts]}), media=fetched)
    assert again.body["messages"][0]["content"][1:] == [in_words("bedrock", "image/png", PNG)] * 3


@pytest.mark.parametrize("name", GOOGLE)
def test_a_url_of_an_unknown_type_is_needed_where_a_type_must_be_said(name):
    """Targets that take no URL get `needs`; wire/gemini.md 4: the type is required."""
    needs(name, image(WEB + "a"), WEB + "a", "image_url.url")
    fetched = {WEB + "a": {"media_type": "image/png", "data": PNG}}
    assert seen(name, image(WEB + "a"), media=fetched) == (in_words(name, "image/png", PNG), set())


@pytest.mark.parametrize("name", [*NATIVE, "responses"])
@pytest.mark.parametrize("part", [
    {"type": "brand_new", "brand_new": 1}, image(data("image/bmp", "Qk0=")), file(file_data="AAAA", filename="a.zip"),
])  # fmt: skip
def test_what_a_target_cannot_express_is_a_400_that_names_the_part(name, part):
    """what a target cannot express is a 400 naming the part (`messages[2].content[1]`)"""
    if name == "responses" and part["type"] == "file":
        # OpenAI's list of document types is not known here; it judges them itself.
        assert to(name, shown(part)).status == 200
        return
    turns = [{"role": "user", "content": "A"}, assistant("B"), {"role": "user", "content": [TEXT, part]}]
    refused(to(name, ask(*turns)), "messages[2].content[1]", "unsupported_content", "'messages[2].content[1]'")


@pytest.mark.parametrize("name", NATIVE)
def test_media_of_a_system_message_are_a_400_that_names_the_part(name):
    """what a target cannot express is a 400 naming the part"""
    turns = ({"role": "system", "content": [TEXT, image(data("image/png", PNG))]}, {"role": "user", "content": "Hi"})
    refused(to(name, ask(*turns)), "messages[0].content[1]", "unsupported_content", "text")


IDS = {
    "openai": "file-1", "responses": "file-1", "anthropic": "file_1", "gemini": "files/1",
    "openai_compatible": "whatever",
}  # fmt: skip


@pytest.mark.parametrize("name", [name for name in WIRES if name not in ("xai", "groq")])
@pytest.mark.parametrize("file_id", ["file-1", "file_1", "files/1"])
def test_a_file_id_is_passed_only_to_its_account(name, file_id):
    """`file_id` belongs to one account: passed only to it."""
    more = {"mime_type": "application/pdf"} if name == "gemini" else {}
    part = file(file_id=file_id, **more)
    if IDS.get(name) == file_id or name == "openai_compatible":
        assert file_id in str(seen(name, part)[0])
    elif name == "openai":
        # Its own form: the provider itself knows best which of its ids are good.
        assert seen(name, part) == (part, set())
    else:
        refuses(name, part, f"'{file_id}'", "belongs to another provider", "send it as data")


def test_a_file_of_the_gemini_api_is_named_by_its_address():
    """`file_id` belongs to one account"""
    url = "https://generativelanguage.googleapis.com/v1beta/files/1"
    assert seen("gemini", file(file_id="files/1", mime_type="application/pdf"))[0] == by_address(url, "application/pdf")
    refuses("gemini", file(file_id="files/1"), "media type is unknown", "'mime_type'")


LEVELS = {"low": "LOW", "high": "HIGH", "original": "ULTRA_HIGH"}


@pytest.mark.parametrize("detail", LEVELS)
@pytest.mark.parametrize("part", [
    image(data("image/png", PNG)), image(WEB + "a.png"), image(data("video/mp4", MP4)), video(data("video/mp4", MP4)),
])  # fmt: skip
@pytest.mark.parametrize("name", GOOGLE)
def test_detail_is_a_resolution_per_part_on_gemini_3_and_later(name, part, detail):
    """`detail` → Gemini media resolution: LOW / HIGH / ULTRA_HIGH (original) / unset (auto); per part on Gemini 3 and
    later"""
    key = part["type"]
    wished = {"type": key, key: {**part[key], "detail": detail}}
    found, losses = seen(name, wished)
    assert found["mediaResolution"] == {"level": f"MEDIA_RESOLUTION_{LEVELS[detail]}"}
    assert losses == set()
    auto = {"type": key, key: {**part[key], "detail": "auto"}}
    assert seen(name, auto) == seen(name, part)


@pytest.mark.parametrize(("wishes", "said", "unmet"), [
    (["low"], "LOW", []), (["high"], "HIGH", []), (["auto"], None, []), ([None], None, []),
    (["low", "low"], "LOW", []), (["low", "high"], "HIGH", [0]), (["high", "low", "low"], "HIGH", [1, 2]),
    (["auto", "low"], "LOW", []), (["low", None], "LOW", []),
    # wire/gemini.md 4: the highest word that there is for a whole request is HIGH.
    (["original"], "HIGH", [0]), (["original", "high", "low"], "HIGH", [0, 2]),
])  # fmt: skip
@pytest.mark.parametrize("name", GOOGLE)
def test_detail_is_one_request_wide_value_before_gemini_3(name, wishes, said, unmet):
    """else one request-wide value, the highest asked (`approximated/quality` when they differ)"""
    parts = [image(data("image/png", PNG), **({} if wish is None else {"detail": wish})) for wish in wishes]
    planned = to(name, ask({"role": "user", "content": [*parts, TEXT]}), model="gemini-2.5-flash")
    assert planned.body["generationConfig"].get("mediaResolution") == (said and f"MEDIA_RESOLUTION_{said}")
    assert planned.body["contents"][0]["parts"][:-1] == [in_words(name, "image/png", PNG)] * len(wishes)
    assert planned.lost == {
        (f"/messages/0/content/{index}/image_url/detail", "approximated", "quality") for index in unmet
    }


TYPES = [
    # The data URL, then mime_type or format, then the extension, then the first bytes: each is right only here.
    (image(data("image/webp", PNG), mime_type="image/heic"), "image/webp"),
    (image(data("application/octet-stream", PNG), mime_type="image/heic"), "image/heic"),
    (image(data("application/octet-stream", PNG), format="image/heic"), "image/heic"),
    (image(data("", PNG), mime_type="image/heic"), "image/heic"),
    (image(data("application/octet-stream", PNG)), "image/png"),
    (file(file_data=data("image/webp", PNG), filename="a.heic", mime_type="image/jpeg"), "image/webp"),
    (file(file_data=data("application/octet-stream", PNG), filename="a.heic", mime_type="image/jpeg"), "image/jpeg"),
    (file(file_data=data("application/octet-stream", PNG), filename="a.heic"), "image/heic"),
    (file(file_data=PNG, filename="a.heic", mime_type="image/jpeg"), "image/jpeg"),
    (file(file_data=PNG, filename="a.heic"), "image/heic"),
    (file(file_data=PNG, filename="a"), "image/png"),
    (file(file_data=PNG), "image/png"),
    ({"type": "input_audio", "input_audio": {"data": data("audio/ogg", MP3), "format": "wav"}}, "audio/ogg"),
    ({"type": "input_audio", "input_audio": {"data": MP3, "format": "wav"}}, "audio/wav"),
    ({"type": "input_audio", "input_audio": {"data": MP3}}, "audio/mp3"),
]


@pytest.mark.parametrize(("part", "media_type"), TYPES)
@pytest.mark.parametrize("name", GOOGLE)
def test_the_type_is_taken_from_the_first_evidence(name, part, media_type):
    """Type is taken from the data URL, then `mime_type`/`format`, then the extension, then the magic bytes of the
    base64 head."""
    found, _ = seen(name, part)
    assert found["inlineData"]["mimeType"] == media_type


@pytest.mark.parametrize(("url", "more", "media_type"), [
    ("a.png", {"mime_type": "image/webp"}, "image/webp"), ("a.png", {"format": "image/webp"}, "image/webp"),
    ("a.jpeg?x=.png", {}, "image/jpeg"), ("A.JPG", {}, "image/jpeg"), ("a", {"mime_type": "image/heic"}, "image/heic"),
])  # fmt: skip
@pytest.mark.parametrize("name", GOOGLE)
def test_the_type_of_what_an_address_names(name, url, more, media_type):
    """Type is taken from … `mime_type`/`format`, then the extension"""
    assert seen(name, image(WEB + url, **more)) == (by_address(WEB + url, media_type), set())


HEADS = {
    "image/png": bytes.fromhex("89504e470d0a1a0a0000"), "image/jpeg": bytes.fromhex("ffd8ffe000104a464946"),
    "image/gif": b"GIF89a......", "image/webp": b"RIFF\1\2\3\4WEBPVP8 ", "image/heic": b"\0\0\0\x18ftypheic\0\0\0\0",
    "application/pdf": b"%PDF-1.7\n....", "audio/wav": b"RIFF\1\2\3\4WAVEfmt ", "audio/ogg": b"OggS\0\2......",
    "audio/flac": b"fLaC\0\0\0\x22....", "audio/aiff": b"FORM\0\0\0\1AIFF", "audio/m4a": b"\0\0\0\x1cftypM4A \0\0\0\0",
    "video/mp4": b"\0\0\0\x18ftypisom\0\0\2\0", "video/quicktime": b"\0\0\0\x14ftypqt  \0\0\0\0",
    "video/webm": bytes.fromhex("1a45dfa39f4286810142"),
}  # fmt: skip
FRAMES = {"fffb9064": "audio/mp3", "fffb1234": "audio/mp3", "fff340c0": "audio/mp3", "fffa9000": "audio/mp3",
          "49443304": "audio/mp3", "fff15080": "audio/aac", "fff94c80": "audio/aac"}  # fmt: skip


@pytest.mark.parametrize(("head", "media_type"), [
    *((head, media_type) for media_type, head in HEADS.items()),
    *((bytes.fromhex(head) + b"\0" * 8, media_type) for head, media_type in FRAMES.items()),
])  # fmt: skip
def test_the_magic_bytes_of_every_format_are_known(head, media_type):
    """Type is taken from … the magic bytes of the base64 head."""
    name = "anthropic" if media_type == "image/gif" else "gemini"
    found, _ = seen(name, file(file_data=b64encode(head).decode()))
    assert (found.get("inlineData") or found["source"]).items() >= {
        ("media_type" if name == "anthropic" else "mimeType", media_type)
    }


@pytest.mark.parametrize("name", CLAUDES)
def test_names_of_what_has_none_there_are_reported(name):
    """PDF and documents | `file {filename …}`: other media have no names at most targets."""
    part = file(file_data=data("image/png", PNG), filename="a.png")
    assert seen(name, part) == (in_words(name, "image/png", PNG),
                                {("/messages/0/content/1/file/filename", "dropped", "hint")})  # fmt: skip
