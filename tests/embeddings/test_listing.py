"""The list of models says what is known of each."""

import httpx
from dragoman.io.keys import hash_of
from dragoman.io.settings import KeyConfig


def test_the_list_tells_capabilities_of_models_that_the_key_may_use(start):
    keys = {"ci": KeyConfig(hash=hash_of("dgm_secret"), models=("openai/text-embedding-3-*", "openai/gpt-5"))}
    gateway = start("openai", "bedrock", keys=keys)
    said = httpx.get(f"{gateway.url}/v1/models", headers={"authorization": "Bearer dgm_secret"}).json()["data"]
    found = {model["id"]: model["capabilities"] for model in said}
    assert set(found) == {"openai/text-embedding-3-small", "openai/text-embedding-3-large", "openai/gpt-5"}
    assert found["openai/text-embedding-3-small"]["embeddings"]["dimensions"] == 1536
    assert found["openai/text-embedding-3-small"]["output"] == ["embedding"]
    chat = found["openai/gpt-5"]
    assert chat["reasoning"] is chat["json_schema"] is True
    assert "embeddings" not in chat


def test_every_listed_model_of_embeddings_can_be_asked(start):
    gateway = start("openai", "gemini", "vertex", "bedrock")
    said = httpx.get(f"{gateway.url}/v1/models").json()["data"]
    models = [model["id"] for model in said if "embeddings" in model.get("capabilities", {})]
    assert len(models) >= 11
    for path, headers in (("/v1beta/models", {}), ("/v1/models", {"anthropic-version": "2023-06-01"})):
        assert "embed" not in httpx.get(gateway.url + path, headers=headers).text
    for model in models:
        length = next(item for item in said if item["id"] == model)["capabilities"]["embeddings"]["dimensions"]
        assert len(gateway.client.embeddings.create(model=model, input="x").data[0].embedding) == length
