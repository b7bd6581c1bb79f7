"""spec/chat.md 1, who can be behind it: one test a row and a note of the table."""

import orjson
import pytest
from dragoman.io.credentials import KINDS
from dragoman.translate import boundary

from .wires import AZURE, CLAUDES, OPENAI, WIRES, ask, sent, to, tool

ROWS = {row["name"]: row for row in orjson.loads(boundary.providers())}

HI = [{"role": "user", "content": "Hi"}]
TEXT = {
    "openai": {"messages": HI},
    "responses": {"input": HI},
    "claude": {"messages": HI},
    "bedrock": {"messages": [{"role": "user", "content": [{"text": "Hi"}]}]},
    "google": {"contents": [{"role": "user", "parts": [{"text": "Hi"}]}]},
}
PLACES = {
    "openai": "https://api.openai.com/v1/chat/completions",
    "responses": "https://api.openai.com/v1/responses",
    "azure": f"{AZURE}/openai/v1/chat/completions",
    "xai": "https://api.x.ai/v1/chat/completions",
    "groq": "https://api.groq.com/openai/v1/chat/completions",
    "openai_compatible": "https://server.example/v1/chat/completions",
    "anthropic": "https://api.anthropic.com/v1/messages",
    "bedrock": "https://bedrock-runtime.eu-west-1.amazonaws.com/model/"
    "anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse",
    "gemini": "https://generativelanguage.googleapis.com/v1beta/models/gemini-3.5-flash:generateContent",
    "vertex": "https://aiplatform.googleapis.com/v1beta1/projects/p/locations/global/publishers/google/models/"
    "gemini-3.5-flash:generateContent",
    "vertex_claude": "https://aiplatform.googleapis.com/v1/projects/p/locations/global/publishers/anthropic/models/"
    "claude-sonnet-4-5@20250929:rawPredict",
}


@pytest.mark.parametrize("name", WIRES)
def test_every_provider_is_asked_at_its_place_in_its_dialect(name):
    """| provider | dialect out |"""
    planned = to(name, ask())
    said = TEXT[WIRES[name].kind]
    assert (planned.status, planned.head["method"], planned.head["url"]) == (200, "POST", PLACES[name])
    assert planned.head["headers"]["content-type"] == "application/json"
    assert {key: planned.body.get(key) for key in said} == said


@pytest.mark.parametrize("name", WIRES)
def test_a_stream_is_asked_for_where_the_provider_has_it(name):
    """| provider | dialect out |"""
    planned = to(name, ask(stream=True))
    places = {
        "bedrock": PLACES["bedrock"] + "-stream",
        "gemini": PLACES["gemini"].replace(":generate", ":streamGenerate") + "?alt=sse",
        "vertex": PLACES["vertex"].replace(":generate", ":streamGenerate") + "?alt=sse",
        "vertex_claude": PLACES["vertex_claude"].replace(":raw", ":streamRaw"),
    }
    assert planned.head["url"] == places.get(name, PLACES[name])
    # wire/vertex.md 4: Claude's flag stays in the body beside its own method.
    flag = WIRES[name].kind in ("openai", "responses", "claude")
    assert planned.body.get("stream") is (True if flag else None)
    assert planned.head["stream"] is True


AUTH = {
    "openai": "bearer", "azure": "api-key", "anthropic": "x-api-key", "bedrock": "aws", "gemini": "x-goog-api-key",
    "vertex": "google", "xai": "bearer", "groq": "bearer", "openai_compatible": "bearer",
}  # fmt: skip


@pytest.mark.parametrize("name", AUTH)
def test_every_provider_signs_on_in_its_way_and_the_core_never_does(name):
    """| provider | auth |"""
    assert ROWS[name]["auth"] == AUTH[name]
    for wire in WIRES.values():
        if wire.to == name:
            headers = to(next(key for key, value in WIRES.items() if value is wire), ask()).head["headers"]
            assert not headers.keys() & {"authorization", "api-key", "x-api-key", "x-goog-api-key", "x-amz-date"}


def test_every_kind_of_sign_on_is_known_to_the_shell():
    """| provider | auth |"""
    assert set(AUTH.values()) - {"bearer", "api-key", "x-api-key", "x-goog-api-key"} <= set(KINDS)


@pytest.mark.parametrize(("model", "fields"), [
    ("gpt-5.3-codex", {}), ("gpt-5-pro", {}), ("o3-deep-research", {}),
    ("gpt-5.6", {"tools": [tool()]}), ("gpt-5.4", {"tools": [tool()], "reasoning_effort": "low"}),
])  # fmt: skip
@pytest.mark.parametrize("name", ["openai", "azure"])
def test_openai_speaks_responses_where_chat_cannot_serve_the_request(name, model, fields):
    """openai_chat (openai_responses where chat cannot serve the request, see 7)"""
    head = {"model": model} if name == "openai" else {"family": model}
    planned = to(name, ask(**fields), **head)
    assert planned.head["url"].endswith("/responses")
    assert planned.body["input"] == HI
    assert planned.head["context"]["dialect"] == "openai_responses"


@pytest.mark.parametrize(("model", "fields"), [
    ("gpt-4o", {"tools": [tool()]}), ("gpt-5.1", {"tools": [tool()], "reasoning_effort": "low"}),
    ("gpt-5.4", {"tools": [tool()]}), ("gpt-5.6", {}),
])  # fmt: skip
def test_where_chat_serves_the_request_openai_is_asked_there(model, fields):
    """openai_chat (openai_responses where chat cannot serve the request, see 7)"""
    assert to("openai", ask(**fields), model=model).head["url"] == PLACES["openai"]


@pytest.mark.parametrize(("settings", "path"), [
    ({}, "/openai/v1/chat/completions"),
    ({"api_version": "preview"}, "/openai/v1/chat/completions?api-version=preview"),
    ({"api_version": "2024-10-21"}, "/openai/deployments/mine/chat/completions?api-version=2024-10-21"),
    ({"base_url": "https://r.services.ai.azure.com/openai/v1"}, "/openai/v1/chat/completions"),
])  # fmt: skip
def test_azure_has_the_v1_form_and_the_one_of_deployments_and_versions(settings, path):
    """v1 API and deployments + api-version URL forms"""
    assert to("azure", ask(), **settings).head["url"].partition(".com")[2] == path


def test_azure_has_the_rules_of_the_family_that_its_deployment_states():
    """family stated per deployment"""
    planned = to("azure", ask(temperature=0.5), model="my-gpt-4o", family="gpt-5")
    assert planned.body["model"] == "my-gpt-4o"
    assert planned.body["max_completion_tokens"] == 4000
    assert planned.lost == {("/temperature", "dropped", "quality")}
    assert to("azure", ask(temperature=0.5), model="my-gpt-5", family="gpt-4o").losses == []


BEDROCK = {
    "Claude": "eu.anthropic.claude-opus-4-6", "Nova": "amazon.nova-pro-v1:0",
    "Llama": "us.meta.llama3-3-70b-instruct-v1:0", "Mistral": "mistral.mistral-large-2407-v1:0",
    "DeepSeek": "us.deepseek.r1-v1:0", "gpt-oss": "openai.gpt-oss-120b-1:0",
}  # fmt: skip


@pytest.mark.parametrize("family", BEDROCK)
def test_bedrock_answers_with_every_family(family):
    """Claude, Nova, Llama, Mistral, DeepSeek, gpt-oss …"""
    model = BEDROCK[family]
    planned = to("bedrock", ask(), model=model)
    assert planned.head["url"].endswith(f"/model/{model.replace(':', '%3A')}/converse")
    assert planned.body == {**TEXT["bedrock"], "inferenceConfig": {"maxTokens": 4000}}
    assert planned.losses == []


def test_vertex_speaks_gemini_for_google_s_models_and_anthropic_for_claude():
    """gemini for Google models, anthropic for Claude"""
    assert to("vertex", ask()).head["context"]["dialect"] == "gemini"
    claude = to("vertex_claude", ask())
    assert claude.head["context"]["dialect"] == "anthropic"
    # wire/vertex.md 4: the version stands in the body, and the model does not.
    assert claude.body == {"anthropic_version": "vertex-2023-10-16", "max_tokens": 4000, "messages": HI}


@pytest.mark.parametrize(
    "server", ["http://localhost:8000/v1", "http://localhost:11434/v1/", "https://openrouter.ai/api/v1"]
)
def test_any_other_server_of_the_dialect_can_be_asked(server):
    """any other server: vLLM, llama.cpp, Ollama, OpenRouter, …"""
    planned = to("openai_compatible", ask(x_server=1), base_url=server)
    assert planned.head["url"] == server.rstrip("/") + "/chat/completions"
    assert planned.body == {**ask(x_server=1), "model": "some-model"}


@pytest.mark.parametrize("name", OPENAI)
def test_a_chat_request_reaches_a_chat_server_as_it_came(name):
    """openai_chat | openai_chat"""
    body = {"model": "m", "messages": [{"role": "system", "content": "S"}, *HI], "temperature": 0.5, "top_p": 0.9}
    assert sent(name, body) == {**body, "model": WIRES[name].head["model"]}


@pytest.mark.parametrize("name", CLAUDES)
def test_claude_is_the_same_behind_every_host(name):
    """AWS Bedrock | bedrock (Converse) … Google Vertex AI | … anthropic for Claude"""
    assert to(name, ask()).head["row"] == "claude-sonnet-4-5"
