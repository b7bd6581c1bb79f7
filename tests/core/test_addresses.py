"""Where a call goes: a provider's own place, or the one that an account names."""

import orjson
import pytest
from dragoman.translate import TranslationError, aim, boundary
from dragoman.translate.providers import PROVIDERS


@pytest.mark.parametrize(
    ("provider", "base_url", "url"),
    [
        ("anthropic", None, "https://api.anthropic.com/v1/messages"),
        ("anthropic", "http://localhost:9/", "http://localhost:9/v1/messages"),
        ("anthropic", "http://localhost:9/v1", "http://localhost:9/v1/messages"),
        ("anthropic", "http://localhost:9/proxy/v1/", "http://localhost:9/proxy/v1/messages"),
        ("openai", None, "https://api.openai.com/v1/chat/completions"),
        ("openai_compatible", "http://localhost:9/api", "http://localhost:9/api/chat/completions"),
        ("openai_compatible", "http://localhost:9/chat/completions", "http://localhost:9/chat/completions"),
    ],
)
def test_an_address_says_everything_once(provider, base_url, url):
    target = aim(provider, "m", None, base_url)
    assert target.url == url


@pytest.mark.parametrize(
    ("base_url", "url"),
    [
        (None, "https://api.openai.com/v1/responses"),
        ("http://localhost:9/v1/", "http://localhost:9/v1/responses"),
        ("http://localhost:9/responses", "http://localhost:9/responses"),
        ("http://localhost:9/v1/chat/completions/", "http://localhost:9/v1/responses"),
    ],
)
def test_the_other_surface_of_a_provider_has_an_address_of_its_own(base_url, url):
    other = aim("openai", "m", None, base_url).other
    assert other is not None
    assert other.url == other.stream_url == url


@pytest.mark.parametrize(("base_url", "host"), [
    (None, "https://aiplatform.googleapis.com"), ("http://localhost:9/v1", "http://localhost:9"),
])  # fmt: skip
@pytest.mark.parametrize("model", ["gemini-3.5-flash", "models/gemini-3.5-flash", "google/gemini-3.5-flash"])
def test_express_mode_has_no_project_in_its_address(base_url, host, model):
    target = aim("vertex_express", model, None, base_url, location="europe-west4")
    place = f"{host}/v1/publishers/google/models/gemini-3.5-flash"
    assert (target.url, target.stream_url) == (
        f"{place}:generateContent",
        f"{place}:streamGenerateContent?alt=sse",
    )
    assert target.row == aim("vertex", model, project="p").row
    assert aim("vertex_express", "claude-sonnet-4-5").provider.dialect == "gemini"


def test_a_missing_setting_is_named():
    with pytest.raises(TranslationError) as caught:
        aim("openai_compatible", "m")
    assert (caught.value.code, caught.value.path) == ("missing_setting", "/base_url")


@pytest.mark.parametrize("name", PROVIDERS)
def test_a_provider_lists_exactly_what_its_address_needs(name):
    listed = {row["name"]: row["needs"] for row in orjson.loads(boundary.providers())}
    settings = dict.fromkeys(listed[name], "http://localhost")
    assert aim(name, "m", None, settings.pop("base_url", None), **settings).url.startswith("http")
    for need in listed[name]:
        rest = {key: "http://localhost" for key in listed[name] if key != need}
        with pytest.raises(TranslationError) as caught:
            aim(name, "m", None, rest.pop("base_url", None), **rest)
        assert (caught.value.code, caught.value.path) == ("missing_setting", f"/{need}")


@pytest.mark.parametrize("setting", ["region", "project", "location", "deployment", "api_version"])
def test_settings_that_are_no_strings_are_refused(setting):
    body = b'{"model":"m","messages":[{"role":"user","content":"x"}]}'
    answer = boundary.request(orjson.dumps({"to": "openai", setting: ["x"]}), body)
    assert answer.status == 400
    assert setting.encode() in answer.body
