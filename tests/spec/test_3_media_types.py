"""The type of a medium by the extension of its address, and by the format that a sound states (spec/chat.md 3)."""

import pytest

from .wires import MP3, WIRES, ask, send

BY_EXTENSION = {
    "image/png": "png", "image/jpeg": "jpg jpeg", "image/gif": "gif", "image/webp": "webp", "image/heic": "heic",
    "image/heif": "heif", "image/bmp": "bmp", "image/svg+xml": "svg",
    "audio/mp3": "mp3", "audio/mpga": "mpga", "audio/wav": "wav", "audio/ogg": "ogg opus", "audio/flac": "flac",
    "audio/aac": "aac", "audio/m4a": "m4a", "audio/aiff": "aiff",
    "video/mp4": "mp4", "video/quicktime": "mov", "video/webm": "webm", "video/x-matroska": "mkv", "video/avi": "avi",
    "video/mpeg": "mpeg mpg", "video/x-flv": "flv", "video/wmv": "wmv", "video/3gpp": "3gp",
    "application/pdf": "pdf", "text/plain": "txt", "text/markdown": "md", "text/csv": "csv", "text/html": "html",
    "application/json": "json", "text/xml": "xml", "application/msword": "doc", "application/vnd.ms-excel": "xls",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}  # fmt: skip
EXTENSIONS = [(extension, kind) for kind, words in BY_EXTENSION.items() for extension in words.split()]
FORMATS = {
    "mp3": "audio/mp3", "wav": "audio/wav", "opus": "audio/ogg", "ogg": "audio/ogg", "flac": "audio/flac",
    "pcm16": "audio/pcm", "m4a": "audio/m4a", "mpeg": "audio/mpeg", "mpga": "audio/mpga", "mp4": "audio/mp4",
    "webm": "audio/webm", "aac": "audio/aac", "aiff": "audio/aiff",
}  # fmt: skip
# A model that nothing is known of: every type passes.
HEAD = {**WIRES["gemini"].head, "models": [{"prefix": "gemini-3.5-flash"}], "on_loss": "allow"}


def part_of(part):
    sent = send(ask({"role": "user", "content": [part]}), "openai_chat", "gemini", **HEAD)
    assert sent.status == 200, sent.body
    [found] = sent.body["contents"][0]["parts"]
    return found


@pytest.mark.parametrize(("extension", "media_type"), EXTENSIONS)
def test_an_extension_tells_the_type(extension, media_type):
    for name in (f"a.{extension}", f"a.b.{extension.upper()}", f"{extension}.{extension}?c=.zip#.tar"):
        part = {
            "type": "image_url",
            "image_url": {"url": f"gs://bucket/{name}" if "?" not in name else f"https://h.example/{name}"},
        }
        found = part_of(part)
        assert found["fileData"]["mimeType"] == media_type


@pytest.mark.parametrize(("word", "media_type"), FORMATS.items())
def test_the_format_of_a_sound_tells_its_type(word, media_type):
    found = part_of({"type": "input_audio", "input_audio": {"data": MP3, "format": word}})
    assert found["inlineData"] == {"mimeType": media_type, "data": MP3}
