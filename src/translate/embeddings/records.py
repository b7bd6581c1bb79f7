"""What is asked and answered, without a wire form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..records.quick import record
from ..records.request import NOTHING

Input = str | list[int]
Vector = str | list[float]


@record
class EmbeddingRequest:
    """A request for embeddings.

    Attributes:
        inputs: texts, or arrays of a model's own tokens, in order.
        single: whether the client wrote one input and no list.
        dimensions: the wished length of the vectors; None is the model's own.
        base64: whether vectors are wished as base64 of little-endian 32-bit floats.
        user: the client's own user.
        task: what the vectors are for, one of ``TASKS``; None is unsaid.
        task_key: the key of the body that says the task.
        title: the title of the text.
        extras: other keys of the body.
        raw: the body as parsed.
    """

    inputs: tuple[Input, ...]
    single: bool
    dimensions: int | None
    base64: bool
    user: str | None
    task: str | None
    task_key: str
    title: str | None
    extras: tuple[str, ...] = ()
    raw: Mapping[str, Any] = NOTHING


@record
class EmbeddingReply:
    """What one call brought.

    Attributes:
        vectors: base64 of little-endian 32-bit floats, or numbers, in the order of the call's inputs.
        tokens: of the inputs; None where the provider does not count them.
        model: what the provider calls the model; None where it does not say.
    """

    vectors: tuple[Vector, ...]
    tokens: int | None
    model: str | None = None


# Google's word for a purpose -> Cohere's, the nearest one.
TASKS: Mapping[str, str] = {
    "RETRIEVAL_DOCUMENT": "search_document",
    "RETRIEVAL_QUERY": "search_query",
    "CLASSIFICATION": "classification",
    "CLUSTERING": "clustering",
    "SEMANTIC_SIMILARITY": "clustering",
    "QUESTION_ANSWERING": "search_query",
    "FACT_VERIFICATION": "search_query",
    "CODE_RETRIEVAL_QUERY": "search_query",
}
COHERE_TASKS = frozenset({"search_document", "search_query", "classification", "clustering"})
"""Cohere's words that mean just what the first of Google's that stands for them means."""
EXACT_TASKS = frozenset({"RETRIEVAL_DOCUMENT", "RETRIEVAL_QUERY", "CLASSIFICATION", "CLUSTERING"})
"""Google's words that Cohere has a word of its own for."""
