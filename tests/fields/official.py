"""The fields of the official SDKs' request types, as pointers of the disposition table."""

import types
from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, Literal, NotRequired, Required, Union, get_args, get_origin, get_type_hints

import botocore.loaders
import botocore.model
from anthropic.types import message_create_params as messages
from anthropic.types.beta import message_create_params as beta
from google.genai import types as google
from groq.types.chat import completion_create_params as groq
from openai.types.chat import completion_create_params as completions
from openai.types.responses import response_create_params as responses
from pydantic import BaseModel
from pydantic.alias_generators import to_camel
from typing_extensions import is_typeddict

Fields = dict[str, None]
_WRAPPED = (Annotated, Required, NotRequired)
_LISTS = ("list", "tuple", "Iterable", "Sequence", "SequenceNotStr")


def typed(params: Any) -> Fields:
    """Fields of a TypedDict, down to the last; below what holds itself, once."""
    out: Fields = {}
    _walk_typed(params, "", (), out)
    return out


def _walk_typed(hint: Any, path: str, inside: tuple[Any, ...], out: Fields) -> None:
    kinds = list(_kinds(hint))
    for kind in kinds:
        origin = get_origin(kind)
        if is_typeddict(kind):
            if kind in inside:
                continue
            tag = _tag(kind) if len(kinds) > 1 else None
            begin = f"{path}:{tag}" if tag else path
            for key, value in get_type_hints(kind, include_extras=True).items():
                out[f"{begin}/{key}"] = None
                _walk_typed(value, f"{begin}/{key}", (*inside, kind), out)
        elif getattr(origin, "__name__", "") in _LISTS:
            _walk_typed(get_args(kind)[0], f"{path}/*", inside, out)


def _kinds(hint: Any) -> Iterator[Any]:
    while get_origin(hint) in _WRAPPED:
        hint = get_args(hint)[0]
    if get_origin(hint) in (Union, types.UnionType):
        for member in get_args(hint):
            yield from _kinds(member)
    elif hasattr(hint, "__value__"):
        yield from _kinds(hint.__value__)
    else:
        yield hint


def _tag(kind: Any) -> str | None:
    hints = get_type_hints(kind, include_extras=True)
    for key in ("type", "role"):
        words = [word for hint in _kinds(hints.get(key)) if get_origin(hint) is Literal for word in get_args(hint)]
        if len(words) == 1:
            return str(words[0])
    return None


def converse() -> Fields:
    """Fields of botocore's Converse and ConverseStream operations."""
    data = botocore.loaders.Loader().load_service_model("bedrock-runtime", "service-2")
    service = botocore.model.ServiceModel(data)
    out: Fields = {}
    for name in ("Converse", "ConverseStream"):
        _walk_shape(service.operation_model(name).input_shape, "", (), out)
    return out


def _walk_shape(shape: Any, path: str, inside: tuple[str, ...], out: Fields) -> None:
    if shape.name in inside:
        return
    inside = (*inside, shape.name)
    if shape.type_name == "structure" and not getattr(shape, "document", False):
        for key, member in shape.members.items():
            if member.serialization.get("location") == "uri":
                continue
            out[f"{path}/{key}"] = None
            _walk_shape(member, f"{path}/{key}", inside, out)
    elif shape.type_name == "list":
        _walk_shape(shape.member, f"{path}/*", inside, out)


GOOGLE: Mapping[str, Any] = {
    "/contents/*": google.Content,
    "/systemInstruction": google.Content,
    "/generationConfig": google.GenerationConfig,
    "/tools/*": google.Tool,
    "/toolConfig": google.ToolConfig,
    "/safetySettings/*": google.SafetySetting,
}
"""Where the SDK's models stand in the body that it sends."""


def generate_content() -> Fields:
    """Fields of Google's models, in the spelling of the wire."""
    out: Fields = {}
    for path, model in GOOGLE.items():
        if path.endswith("/*"):
            out[path.removesuffix("/*")] = None
        else:
            out[path] = None
        _walk_model(model, path, (), out)
    return out


def _walk_model(model: Any, path: str, inside: tuple[Any, ...], out: Fields) -> None:
    if model in inside:
        return
    for name, field in model.model_fields.items():
        key = to_camel(name)
        out[f"{path}/{key}"] = None
        for kind in _kinds(field.annotation):
            if get_origin(kind) is list:
                for member in _kinds(get_args(kind)[0]):
                    if isinstance(member, type) and issubclass(member, BaseModel):
                        _walk_model(member, f"{path}/{key}/*", (*inside, model), out)
            elif isinstance(kind, type) and issubclass(kind, BaseModel):
                _walk_model(kind, f"{path}/{key}", (*inside, model), out)


HEADERS = ("/betas", "/user_profile_id", "/workspace_id")
"""Arguments of Anthropic's SDK that it says in request headers."""


def _without(fields: Fields, *names: str) -> Fields:
    return {name: None for name in fields if name not in names}


OFFICIAL: Mapping[str, tuple[Callable[[], Fields], ...]] = {
    "openai_chat": (
        lambda: typed(completions.CompletionCreateParamsStreaming),
        lambda: typed(groq.CompletionCreateParams),
    ),
    "openai_responses": (lambda: typed(responses.ResponseCreateParamsStreaming),),
    "anthropic": (
        lambda: _without(typed(messages.MessageCreateParamsStreaming), *HEADERS),
        lambda: _without(typed(beta.MessageCreateParamsStreaming), *HEADERS),
    ),
    "gemini": (generate_content,),
    "bedrock": (converse,),
}
"""Client's dialect -> its official request types."""
