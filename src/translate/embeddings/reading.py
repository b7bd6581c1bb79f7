"""A client's body as a record: OpenAI's form, and the keys by which other hosts of it are told the purpose."""

from __future__ import annotations

from typing import Any, Final

from ..records import TranslationError
from ..values import choice_at, int_at, maybe_text, missing, object_at, wrong_type, wrong_value
from .records import COHERE_TASKS, TASKS, EmbeddingRequest, Input

MOST_INPUTS: Final = 2048
_KNOWN: Final = frozenset(
    {"input", "model", "dimensions", "encoding_format", "user", "input_type", "task_type", "title"}
)
_TASK_WORDS: Final = {
    **{word: word for word in TASKS},
    **{word: next(task for task, cohere in TASKS.items() if cohere == word) for word in sorted(COHERE_TASKS)},
    "query": "RETRIEVAL_QUERY",
    "passage": "RETRIEVAL_DOCUMENT",
    "document": "RETRIEVAL_DOCUMENT",
}


def read(body: Any) -> EmbeddingRequest:
    """The request of a parsed body.

    Raises:
        TranslationError: naming the field, the value, and what would be right.
    """
    raw = object_at(body, ()) if type(body) is dict else _no_object(body)
    inputs, single = _inputs(raw.get("input"))
    dimensions = raw.get("dimensions")
    form = raw.get("encoding_format")
    key = "task_type" if raw.get("task_type") is not None else "input_type"
    return EmbeddingRequest(
        inputs=inputs,
        single=single,
        dimensions=None if dimensions is None else int_at(dimensions, ("dimensions",), 1),
        base64=form is not None and choice_at(form, ("encoding_format",), ("float", "base64")) == "base64",
        user=maybe_text(raw, "user", ()),
        task=_task(raw.get(key), key),
        task_key=key,
        title=maybe_text(raw, "title", ()),
        extras=tuple(name for name, value in raw.items() if name not in _KNOWN and value is not None),
        raw=raw,
    )


def _no_object(body: Any) -> Any:
    raise TranslationError("The body must be a JSON object.", code="invalid_type")


def _task(value: Any, key: str) -> str | None:
    if value is None:
        return None
    if type(value) is not str:
        wrong_type((key,), value, "a string")
    task = _TASK_WORDS.get(value)
    if task is None:
        wrong_value((key,), value, "one of " + ", ".join(f"'{word}'" for word in _TASK_WORDS))
    return task


def _inputs(value: Any) -> tuple[tuple[Input, ...], bool]:
    """The inputs, and whether there was one outside a list: a text, texts, tokens, or arrays of tokens."""
    if value is None:
        missing(("input",))
    if type(value) is str:
        return (_text(value, ("input",)),), True
    if type(value) is not list:
        wrong_type(("input",), value, "a string, an array of strings, or an array of tokens")
    if not value or len(value) > MOST_INPUTS:
        what = f"Invalid value for 'input': expected from 1 to {MOST_INPUTS} inputs, but got {len(value)}."
        raise TranslationError(what, path="/input", code="invalid_value")
    first = value[0]
    if type(first) is int:
        return (_tokens(value, ("input",)),), True
    if type(first) is list:
        return tuple([_tokens(item, ("input", at)) for at, item in enumerate(value)]), False
    return tuple([_text(item, ("input", at)) for at, item in enumerate(value)]), False


def _text(value: Any, path: tuple[str | int, ...]) -> str:
    if type(value) is not str:
        wrong_type(path, value, "a string, as the other inputs are" if len(path) > 1 else "a string")
    if not value:
        wrong_value(path, value, "a text that is not empty")
    return value


def _tokens(value: Any, path: tuple[str | int, ...]) -> list[int]:
    if type(value) is not list:
        wrong_type(path, value, "an array of tokens, as the other inputs are")
    if not value:
        wrong_value(path, value, "at least one token")
    for at, item in enumerate(value):
        if type(item) is not int or not 0 <= item < 2**32:
            wrong_type((*path, at), item, "a token, which is an integer from 0 up")
    return value
