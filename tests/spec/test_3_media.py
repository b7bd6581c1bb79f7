"""spec/chat.md 3, media: one test a sentence and a form of the table, in the order of the text."""

import pytest

from .parts import WEB, by_address, data, file, image, in_words, needs, refuses, seen, video
from .wires import (
    CLAUDE,
    CLAUDES,
    GOOGLE,
    MP4,
    NATIVE,
    OPENAI,
    PDF,
    PNG,
    WAV,
    WIRES,
    each,
)

SIGHTED = {"groq": {"model": "qwen/qwen3.8-27b"}}
"""Where another model of the provider sees."""


@pytest.mark.parametrize("name", WIRES)
def test_an_image_by_an_https_url(name):
    """image | `image_url` with https URL"""
    url = WEB + "a.png"
    if name in ("vertex_claude", "bedrock"):
        needs(name, image(url), url, "image_url.url")
        return
    expected = {
        **dict.fromkeys(OPENAI, image(url)),
        "responses": {"type": "input_image", "detail": "auto", "image_url": url},
        "anthropic": {"type": "image", "source": {"type": "url", "url": url}},
        **dict.fromkeys(GOOGLE, by_address(url, "image/png")),
    }
    assert seen(name, image(url), **SIGHTED.get(name, {})) == (expected[name], set())


@pytest.mark.parametrize("name", WIRES)
def test_an_image_by_a_data_url(name):
    """image | … data URL"""
    url = data("image/png", PNG)
    part, losses = seen(name, image(url), **SIGHTED.get(name, {}))
    if name in OPENAI:
        assert part == image(url)
    elif name == "responses":
        assert part == {"type": "input_image", "detail": "auto", "image_url": url}
    else:
        assert part == in_words(name, "image/png", PNG)
    assert losses == set()


PLACE = "/messages/0/content/1/image_url/detail"


@pytest.mark.parametrize("detail", ["low", "high", "auto", "original"])
@pytest.mark.parametrize("name", WIRES)
def test_an_image_with_a_wished_detail(name, detail):
    """image | … `detail` low/high/auto/original"""
    url = data("image/png", PNG)
    part, losses = seen(name, image(url, detail=detail), **SIGHTED.get(name, {}))
    if name in ("xai", "groq") and detail == "original":
        # wire/xai.md 1, wire/groq.md 1: there is no `original`.
        assert (part, losses) == (image(url, detail="high"), {(PLACE, "approximated", "hint")})
    elif name in OPENAI:
        assert (part, losses) == (image(url, detail=detail), set())
    elif name == "responses":
        assert (part, losses) == ({"type": "input_image", "detail": detail, "image_url": url}, set())
    elif name in GOOGLE:
        levels = {"low": "LOW", "high": "HIGH", "original": "ULTRA_HIGH"}
        more = {} if detail == "auto" else {"mediaResolution": {"level": f"MEDIA_RESOLUTION_{levels[detail]}"}}
        assert (part, losses) == ({**in_words(name, "image/png", PNG), **more}, set())
    else:
        assert part == in_words(name, "image/png", PNG)
        assert losses == (set() if detail == "auto" else {(PLACE, "dropped", "hint")})


@pytest.mark.parametrize(("scheme", "name"), [(scheme, name) for scheme in ("gs", "s3") for name in WIRES])
def test_an_image_in_a_bucket_where_the_target_knows_it(scheme, name):
    """`gs://`, `s3://` where the target knows them"""
    url = f"{scheme}://bucket/a.png"
    if scheme == "gs" and name in GOOGLE:
        assert seen(name, image(url)) == (by_address(url, "image/png"), set())
    elif scheme == "s3" and name == "bedrock":
        expected = {"image": {"format": "png", "source": {"s3Location": {"uri": url}}}}
        assert seen(name, image(url)) == (expected, set())
    elif name == "openai_compatible":
        assert seen(name, image(url)) == (image(url), set())
    else:
        refuses(name, image(url), f"cannot fetch '{scheme}' URLs", "https URL", **SIGHTED.get(name, {}))


@pytest.mark.parametrize("name", GOOGLE)
def test_a_bucket_s_medium_of_an_unknown_type_is_asked_for_its_type(name):
    """`gs://` … where the target knows them; wire/vertex.md 7: the type is mandatory."""
    refuses(name, image("gs://bucket/a"), "media type is unknown", "'mime_type'")
    part = image("gs://bucket/a", mime_type="image/webp")
    assert seen(name, part) == (by_address("gs://bucket/a", "image/webp"), set())


HEARS = {
    "openai": {"model": "gpt-audio"}, "azure": {"family": "gpt-audio"}, "openai_compatible": {},
    "bedrock": {"model": "amazon.nova-2-omni-v1:0"}, "gemini": {}, "vertex": {},
}  # fmt: skip
SOUNDS = {
    "input_audio": {"type": "input_audio", "input_audio": {"data": WAV, "format": "wav"}},
    "input_audio with a data URL": {"type": "input_audio", "input_audio": {"data": data("audio/wav", WAV)}},
    "input_audio without a format": {"type": "input_audio", "input_audio": {"data": WAV}},
    "data URL": image(data("audio/wav", WAV)),
    "mime_type": image(data("application/octet-stream", WAV), mime_type="audio/wav"),
    "magic bytes": image(data("application/octet-stream", WAV)),
    "file": file(file_data=data("audio/wav", WAV)),
}


@pytest.mark.parametrize("form", SOUNDS)
@pytest.mark.parametrize("name", HEARS)
def test_audio_in_every_form_where_a_model_hears(name, form):
    """audio | `input_audio {data, format}`; also an `image_url` whose `mime_type`, data-URL type … says audio"""
    part, losses = seen(name, SOUNDS[form], **HEARS[name])
    if name == "openai_compatible" or (form == "input_audio without a format" and name == "openai"):
        # A server of any kind may have every form, and OpenAI is told what its own form leaves out.
        assert part == SOUNDS[form]
    elif name in ("openai", "azure"):
        assert part in (SOUNDS["input_audio"], SOUNDS[form] if form == "input_audio without a format" else None)
    else:
        assert part == in_words(name, "audio/wav", WAV)
    assert losses == set()


@pytest.mark.parametrize("form", SOUNDS)
@pytest.mark.parametrize("name", [*CLAUDES, "responses", "xai", "groq"])
def test_audio_is_a_400_where_no_model_hears(name, form):
    """what a target cannot express is a 400 naming the part"""
    refuses(name, SOUNDS[form], "it takes no audio", "what it takes: text", **SIGHTED.get(name, {}))


@pytest.mark.parametrize(("part", "media_type"), [
    (image(WEB + "a", mime_type="audio/mp3"), "audio/mp3"), (image(WEB + "a.mp3"), "audio/mp3"),
    (image(WEB + "a.WAV?x=1#y"), "audio/wav"), (image(WEB + "a.png", mime_type="audio/ogg"), "audio/ogg"),
])  # fmt: skip
@pytest.mark.parametrize("name", HEARS)
def test_audio_by_an_address_that_says_so(name, part, media_type):
    """audio | … an `image_url` whose `mime_type` … or extension says audio"""
    url = part["image_url"]["url"]
    if name in GOOGLE:
        assert seen(name, part) == (by_address(url, media_type), set())
    elif name == "openai_compatible":
        assert seen(name, part) == (part, set())
    elif name in ("openai", "azure") and media_type == "audio/ogg":
        # wire/openai-chat.md 4: wav and mp3 only. That is told before anything is fetched.
        refuses(name, part, "audio/mp3", "audio/wav", "not audio/ogg", **HEARS[name])
    else:
        needs(name, part, url, "image_url.url", **HEARS[name])
        fetched = {url: {"media_type": media_type, "data": WAV}}
        form = media_type.partition("/")[2]
        given = {"type": "input_audio", "input_audio": {"data": WAV, "format": form}}
        expected = in_words(name, media_type, WAV) if name == "bedrock" else given
        assert seen(name, part, media=fetched, **HEARS[name]) == (expected, set())


WATCHES = {"bedrock": {"model": "amazon.nova-pro-v1:0"}, "gemini": {}, "vertex": {}}
FILMS = {
    "video_url": video(data("video/mp4", MP4)),
    "image_url by its data URL": image(data("video/mp4", MP4)),
    "image_url by its mime_type": image(data("application/octet-stream", MP4), mime_type="video/mp4"),
    "image_url by its magic bytes": image(data("application/octet-stream", MP4)),
    "file by its data URL": file(file_data=data("video/mp4", MP4)),
    "file by its mime_type": file(file_data=MP4, mime_type="video/mp4"),
}
FILMS_AT = {
    "video_url": video(WEB + "a.mp4"),
    "video_url without an extension": video(WEB + "a", mime_type="video/mp4"),
    "image_url by its extension": image(WEB + "a.mp4"),
    "image_url by its mime_type": image(WEB + "a", mime_type="video/mp4"),
    "file by its extension": file(file_url=WEB + "a.mp4"),
    "file by its name": file(file_url=WEB + "a", filename="a.mp4"),
}


@pytest.mark.parametrize("form", FILMS)
@pytest.mark.parametrize("name", WATCHES)
def test_video_in_every_form_where_a_model_watches(name, form):
    """video | `video_url {url}`; also `image_url` that says video; a `file` part with a video type"""
    assert seen(name, FILMS[form], **WATCHES[name]) == (in_words(name, "video/mp4", MP4), set())


@pytest.mark.parametrize("form", FILMS_AT)
@pytest.mark.parametrize("name", GOOGLE)
def test_video_by_an_address_in_every_form(name, form):
    """video | `video_url {url}`; also `image_url` that says video; a `file` part with a video type"""
    part, losses = seen(name, FILMS_AT[form])
    title = part["fileData"].pop("displayName", None)
    inner = FILMS_AT[form][FILMS_AT[form]["type"]]
    assert part == by_address(inner.get("url") or inner["file_url"], "video/mp4")
    assert (title, losses) == (inner.get("filename"), set())


@pytest.mark.parametrize("form", [*FILMS, *FILMS_AT])
@pytest.mark.parametrize("name", [*CLAUDES, "responses", "openai", "azure", "xai", "groq"])
def test_video_is_a_400_where_no_model_watches(name, form):
    """what a target cannot express is a 400 naming the part (wire/openai-chat.md 4: there is no part for video)"""
    refuses(name, (FILMS | FILMS_AT)[form], "it takes no video", "what it takes: text", **SIGHTED.get(name, {}))


@pytest.mark.parametrize("form", [*FILMS, *FILMS_AT, *SOUNDS])
def test_any_other_server_gets_every_form_as_it_came(form):
    """any other server may have every form"""
    part = {**FILMS, **FILMS_AT, **SOUNDS}[form]
    assert seen("openai_compatible", part) == (part, set())


@pytest.mark.parametrize("name", GOOGLE)
def test_a_film_of_youtube_needs_no_type(name):
    """video | `video_url {url}`; wire/gemini.md 4: a YouTube URL is a fileUri, too."""
    url = "https://www.youtube.com/watch?v=x"
    assert seen(name, video(url)) == ({"fileData": {"fileUri": url}}, set())


PAPERS = {
    "file_data": file(filename="a.pdf", file_data=data("application/pdf", PDF)),
    "file_data without a prefix": file(filename="a.pdf", file_data=PDF),
    "file_data with a mime_type": file(filename="a.pdf", file_data=PDF, mime_type="application/pdf"),
}


def paper(name):
    """A PDF as a provider gets it."""
    return {
        "openai": PAPERS["file_data"], "openai_compatible": PAPERS["file_data"],
        "azure": {"type": "input_file", "filename": "a.pdf", "file_data": data("application/pdf", PDF)},
        "responses": {"type": "input_file", "filename": "a.pdf", "file_data": data("application/pdf", PDF)},
        **each(CLAUDE, {
            "type": "document", "source": {"type": "base64", "media_type": "application/pdf", "data": PDF},
            "title": "a.pdf",
        }),
        "bedrock": {"document": {
            "name": "document-1", "format": "pdf", "source": {"bytes": PDF}, "context": "a.pdf",
        }},
        **each(GOOGLE, {
            "inlineData": {"mimeType": "application/pdf", "data": PDF, "displayName": "a.pdf"},
        }),
    }[name]  # fmt: skip


READS = [name for name in WIRES if name not in ("xai", "groq")]


@pytest.mark.parametrize("form", PAPERS)
@pytest.mark.parametrize("name", READS)
def test_a_document_by_its_data(name, form):
    """PDF and documents | `file {filename, file_data …, mime_type}`"""
    part, losses = seen(name, PAPERS[form])
    assert part == (PAPERS[form] if name == "openai_compatible" else paper(name))
    # wire/bedrock.md 5: names must be neutral there, and of a PDF nothing but its text is read without citations.
    path = "/messages/0/content/1"
    bedrock = {(path, "approximated", "hint"), (path, "approximated", "quality")}
    assert losses == (bedrock if name == "bedrock" else set())


@pytest.mark.parametrize("name", READS)
def test_a_document_by_its_address(name):
    """PDF and documents | `file {… file_url …}`"""
    url = WEB + "a.pdf"
    part = file(filename="a.pdf", file_url=url)
    expected = {
        "openai_compatible": part,
        # Azure has no documents on chat (wire/azure-openai.md 3), and its other surface fetches them.
        **each(("azure", "responses"), {"type": "input_file", "filename": "a.pdf", "file_url": url}),
        "anthropic": {"type": "document", "source": {"type": "url", "url": url}, "title": "a.pdf"},
        **each(GOOGLE, {"fileData": {"fileUri": url, "mimeType": "application/pdf", "displayName": "a.pdf"}}),
    }
    if name in expected:
        assert seen(name, part) == (expected[name], set())
        return
    needs(name, part, url, "file.file_url")
    fetched = {url: {"media_type": "application/pdf", "data": PDF}}
    assert seen(name, part, media=fetched)[0] == paper(name)


@pytest.mark.parametrize("part", [*PAPERS.values(), file(file_url=WEB + "a.pdf"), file(file_id="file-1")])
@pytest.mark.parametrize("name", ["xai", "groq"])
def test_a_document_is_a_400_where_there_are_none(name, part):
    """what a target cannot express is a 400 naming the part"""
    refuses(name, part, "it takes no documents", "what it takes: text")


@pytest.mark.parametrize("name", NATIVE)
def test_a_plain_text_is_a_document_or_a_text(name):
    """PDF and documents"""
    part, losses = seen(name, file(filename="a.txt", file_data="SGVsbG8="))
    expected = {
        **each(CLAUDE, {
            "type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "Hello"},
            "title": "a.txt",
        }),
        "bedrock": {"document": {
            "name": "document-1", "format": "txt", "source": {"bytes": "SGVsbG8="}, "context": "a.txt",
        }},
        **each(GOOGLE, {
            "inlineData": {"mimeType": "text/plain", "data": "SGVsbG8=", "displayName": "a.txt"},
        }),
    }  # fmt: skip
    assert part == expected[name]
    assert losses == ({("/messages/0/content/1", "approximated", "hint")} if name == "bedrock" else set())
