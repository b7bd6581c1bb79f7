"""Judge bodies for embeddings by Google's official SDK: what it would send for the same wish must be that body."""

import warnings
from collections.abc import Mapping
from functools import cache
from typing import Any

from google.genai import Client, _common, models, types

_CONVERTERS = {
    False: models._EmbedContentParametersPrivate_to_mldev,  # noqa: SLF001 - what the SDK itself sends with
    True: models._EmbedContentParametersPrivate_to_vertex,  # noqa: SLF001
}


def fault(name: str, method: str, body: Any, *, vertex: bool) -> str | None:
    """What is other than the SDK would send it; None when nothing."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            wish = _wish(method, body)
            parameters = types._EmbedContentParametersPrivate.model_validate({"model": name, **wish})  # noqa: SLF001
            sent = _CONVERTERS[vertex](_client(vertex=vertex), parameters, None, parameters)
        except (KeyError, IndexError, TypeError, AttributeError) as error:
            return f"It is not what {method} takes ({type(error).__name__}: {error})."
        except (ValueError, Warning) as error:
            return str(error)
    sent = {key: value for key, value in _common.convert_to_dict(sent).items() if not key.startswith("_")}
    return None if _bare(sent) == _bare(body) else f"The official SDK would send {sent}."


def asked(method: str, body: Mapping[str, Any]) -> tuple[list[str], int | None]:
    """The texts of a sound body, and the wished length."""
    if method == "predict":
        length = body.get("parameters", {}).get("outputDimensionality")
        return [item["content"] for item in body["instances"]], length
    if method == "embedContent":
        return [_text(body["content"])], body.get("embedContentConfig", {}).get("outputDimensionality")
    return [_text(item["content"]) for item in body["requests"]], body["requests"][0].get("outputDimensionality")


def _text(content: Any) -> str:
    return "".join(part["text"] for part in content["parts"])


def _wish(method: str, body: Any) -> dict[str, Any]:
    """A body as the SDK's caller would have wished it."""
    if method == "predict":
        first, parameters = body["instances"][0], body.get("parameters", {})
        config = {**parameters, "task_type": first.get("task_type"), "title": first.get("title")}
        texts = [item["content"] for item in body["instances"]]
        return {"embedding_api_type": "PREDICT", "contents": texts, "config": config}
    if method == "embedContent":
        config = body.get("embedContentConfig", {})
        return {"embedding_api_type": "EMBED_CONTENT", "content": body["content"], "config": config}
    first = body["requests"][0]
    config = {key: first[key] for key in first.keys() - {"model", "content"}}
    return {"contents": [item["content"] for item in body["requests"]], "config": config}


def _bare(value: Any) -> Any:
    """A body without roles, which an embedding has no use for."""
    if isinstance(value, list):
        return [_bare(item) for item in value]
    if isinstance(value, dict):
        return {key: _bare(item) for key, item in value.items() if key != "role" and item is not None}
    return value


@cache
def _client(*, vertex: bool) -> Any:
    return Client(vertexai=vertex, api_key="unused")._api_client  # noqa: SLF001
