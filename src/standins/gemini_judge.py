"""Judge a generateContent body by the types of Google's official SDK, and by its converters for each host.

The types forbid unknown keys and take both spellings of known ones; the converters refuse what only the other host
takes. Both say so by exceptions, some as warnings.
"""

import warnings
from collections.abc import Mapping
from functools import cache
from typing import Any

from google.genai import Client, models, types
from pydantic import ValidationError

_CONVERTERS = {
    False: models._GenerateContentParameters_to_mldev,  # noqa: SLF001 - what the SDK itself sends with
    True: models._GenerateContentParameters_to_vertex,  # noqa: SLF001
}


def fault(body: Mapping[str, Any], *, vertex: bool = False) -> str | None:
    """What the SDK has against a body, in words that begin with the path; None when nothing."""
    config = {key: value for key, value in body.items() if key not in ("contents", "generationConfig")}
    settings = body.get("generationConfig") or {}
    if not isinstance(settings, dict):
        return "generationConfig: not an object"
    asked = {"model": "m", "contents": _opaque(body.get("contents")), "config": {**config, **settings}}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            parsed = types._GenerateContentParameters.model_validate(asked)  # noqa: SLF001
            _CONVERTERS[vertex](_client(vertex=vertex), parsed)
        except ValidationError as error:
            first = max(error.errors(include_url=False), key=lambda line: len(line["loc"]))
            return f"{'.'.join(str(step) for step in first['loc'])}: {first['msg']}"
        except (ValueError, Warning) as error:
            return str(error)
    return None


def reply_fault(body: Any) -> str | None:
    """What the SDK has against a reply, or a chunk of a stream."""
    candidates = body.get("candidates")
    bare = {**body, "candidates": [{**item, "content": _signed(item.get("content"))} for item in candidates or ()]}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            types.GenerateContentResponse.model_validate(bare)
        except ValidationError as error:
            first = max(error.errors(include_url=False), key=lambda line: len(line["loc"]))
            return f"{'.'.join(str(step) for step in first['loc'])}: {first['msg']}"
        except (ValueError, Warning) as error:
            return str(error)
    return None


@cache
def _client(*, vertex: bool) -> Any:
    return Client(vertexai=vertex, api_key="unused")._api_client  # noqa: SLF001


def _opaque(contents: Any) -> Any:
    """Contents with any signature in place of every one: the SDK decodes them, and nobody else may."""
    return [_signed(content) for content in contents] if isinstance(contents, list) else contents


def _signed(content: Any) -> Any:
    if not isinstance(content, dict) or not isinstance(content.get("parts"), list):
        return content
    parts = [
        {**part, "thoughtSignature": "c2ln"} if isinstance(part, dict) and "thoughtSignature" in part else part
        for part in content["parts"]
    ]
    return {**content, "parts": parts}
