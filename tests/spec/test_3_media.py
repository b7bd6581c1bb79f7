"""spec/chat.md 3, media: one test a sentence and a form of the table, in the order of the text."""

from base64 import b64encode

import pytest

from .wires import (
    CLAUDE,
    CLAUDES,
    GOOGLE,
    MP3,
    MP4,
    NATIVE,
    OPENAI,
    PDF,
    PNG,
    WAV,
    WIRES,
    ask,
    assistant,
    lost,
    refused,
    to,
)  # fmt: skip

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


SIGHTED = {"groq": {"model": "qwen/qwen3.8-27b"}}
"""Where another model of the provider sees."""


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


# image


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


# audio


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
    else:
        needs(name, part, url, "image_url.url", **HEARS[name])
        fetched = {url: {"media_type": media_type, "data": WAV}}
        form = media_type.partition("/")[2]
        given = {"type": "input_audio", "input_audio": {"data": WAV, "format": form}}
        expected = in_words(name, media_type, WAV) if name == "bedrock" else given
        assert seen(name, part, media=fetched, **HEARS[name]) == (expected, set())


# video


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


# PDF and documents


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
        **dict.fromkeys(CLAUDE, {
            "type": "document", "source": {"type": "base64", "media_type": "application/pdf", "data": PDF},
            "title": "a.pdf",
        }),
        "bedrock": {"document": {
            "name": "document-1", "format": "pdf", "source": {"bytes": PDF}, "context": "a.pdf",
        }},
        **dict.fromkeys(GOOGLE, {
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
        **dict.fromkeys(("azure", "responses"), {"type": "input_file", "filename": "a.pdf", "file_url": url}),
        "anthropic": {"type": "document", "source": {"type": "url", "url": url}, "title": "a.pdf"},
        **dict.fromkeys(GOOGLE, {"fileData": {"fileUri": url, "mimeType": "application/pdf", "displayName": "a.pdf"}}),
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
        **dict.fromkeys(CLAUDE, {
            "type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "Hello"},
            "title": "a.txt",
        }),
        "bedrock": {"document": {
            "name": "document-1", "format": "txt", "source": {"bytes": "SGVsbG8="}, "context": "a.txt",
        }},
        **dict.fromkeys(GOOGLE, {
            "inlineData": {"mimeType": "text/plain", "data": "SGVsbG8=", "displayName": "a.txt"},
        }),
    }  # fmt: skip
    assert part == expected[name]
    assert losses == ({("/messages/0/content/1", "approximated", "hint")} if name == "bedrock" else set())


# The rules


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
    """Type is taken from the data URL, then `mime_type`/`format`, then the extension, then the magic bytes of the base64
    head."""
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
