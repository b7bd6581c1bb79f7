"""What an embedding model takes, as rows: the longest beginning of an id wins.

Where the limits of a call are from:

- 2048 inputs at OpenAI: the API reference of ``/v1/embeddings`` (``input``), which Azure's repeats.
- 100 at the Gemini API: ``batchEmbedContents`` refuses more with "at most 100 requests can be in one batch".
- 250 texts and 20,000 tokens at Vertex AI's ``predict``, one text for ``gemini-embedding-001``: "Get text embeddings",
  section API limits, of Google Cloud's documentation. More than that is an error 400.
- One text for Titan, 96 for Cohere's Embed: "Amazon Titan Text Embeddings" and "Cohere Embed models" in the user guide
  of Amazon Bedrock.
"""

from __future__ import annotations

from typing import Any, Final

from ..records.quick import record


@record
class EmbeddingRow:
    """One family of embedding models.

    Attributes:
        prefix: model ids that begin so belong here.
        provider: the provider's name.
        form: the wire form, a key of ``FORMS``.
        native: the length of a vector when none is asked for; None is unknown.
        dimensions: lengths that can be asked for; None means that any passes, and the empty tuple that only the native
            one does.
        span: whether ``dimensions`` is the lowest and the highest length.
        inputs: how many inputs a call takes.
        tokens: how many tokens all inputs of a call may have together; None is no such limit.
        unit: whether shortened vectors are of unit length, as those of OpenAI are.
        tasks: whether it can be told what the vectors are for.
        context: tokens that one input may have; None is unknown.
        listed: whether lists of models have it.
        model: its whole id, where the prefix is none.
    """

    prefix: str
    provider: str
    form: str
    native: int | None = None
    dimensions: tuple[int, ...] | None = None
    span: bool = False
    inputs: int = 1
    tokens: int | None = None
    unit: bool = True
    tasks: bool = False
    context: int | None = None
    listed: bool = True
    model: str = ""


_MOST = 2048


def _gecko(prefix: str) -> EmbeddingRow:
    return EmbeddingRow(
        prefix, "vertex", "predict", 768, (1, 768), span=True, inputs=250, tokens=20_000, tasks=True, context=2048
    )  # fmt: skip


def _openai(
    prefix: str, native: int | None, dimensions: tuple[int, ...] | None, *, listed: bool = True
) -> EmbeddingRow:
    return EmbeddingRow(
        prefix, "openai", "openai", native, dimensions, span=bool(dimensions), inputs=_MOST, context=8192, listed=listed
    )


def _titan(prefix: str, native: int, dimensions: tuple[int, ...], model: str) -> EmbeddingRow:
    return EmbeddingRow(
        prefix, "bedrock", "titan", native, dimensions, context=8192, listed=bool(model), model=model
    )  # fmt: skip


def _cohere(prefix: str, native: int, dimensions: tuple[int, ...], context: int, model: str) -> EmbeddingRow:
    return EmbeddingRow(
        prefix, "bedrock", "cohere", native, dimensions, inputs=96, tasks=True, context=context, model=model
    )


ROWS: Final[tuple[EmbeddingRow, ...]] = (
    _openai("", None, None, listed=False),
    _openai("text-embedding-ada-002", 1536, ()),
    _openai("text-embedding-3-small", 1536, (1, 1536)),
    _openai("text-embedding-3-large", 3072, (1, 3072)),
    EmbeddingRow("", "openai_compatible", "openai", inputs=_MOST, tasks=True, listed=False),
    EmbeddingRow("", "azure", "openai", inputs=_MOST, listed=False),
    EmbeddingRow("", "gemini", "batch", inputs=100, tasks=True, listed=False),
    EmbeddingRow(
        "gemini-embedding-001", "gemini", "batch", 3072, (1, 3072), span=True, inputs=100, unit=False, tasks=True,
        context=2048,
    ),
    EmbeddingRow("", "vertex", "predict", inputs=1, tasks=True, listed=False),
    _gecko("text-embedding-005"),
    _gecko("text-multilingual-embedding-002"),
    EmbeddingRow("gemini-", "vertex", "embed_content", tasks=True, listed=False),
    EmbeddingRow(
        "gemini-embedding-001", "vertex", "embed_content", 3072, (1, 3072), span=True, unit=False, tasks=True,
        context=2048,
    ),
    _titan("titan-embed-text-v1", 1536, (), "amazon.titan-embed-text-v1"),
    _titan("titan-embed-g1-text", 1536, (), ""),
    _titan("titan-embed-text-v2", 1024, (256, 512, 1024), "amazon.titan-embed-text-v2:0"),
    _cohere("embed-english-v3", 1024, (), 512, "cohere.embed-english-v3"),
    _cohere("embed-multilingual-v3", 1024, (), 512, "cohere.embed-multilingual-v3"),
    _cohere("embed-v4", 1536, (256, 512, 1024, 1536), 128_000, "cohere.embed-v4:0"),
)  # fmt: skip

_ALIASES: Final = {"vertex_express": "vertex"}


def providers() -> frozenset[str]:
    """Names of the providers that have embeddings."""
    return frozenset(row.provider for row in ROWS) | frozenset(_ALIASES)


def find(provider: str, model: str) -> EmbeddingRow | None:
    """The row of a model's bare id at a provider; None when the provider has no such embeddings."""
    name = _ALIASES.get(provider, provider)
    # Azure's models are OpenAI's, under names that may tell nothing.
    names = ("azure", "openai") if name == "azure" else (name,)
    rows = [row for row in ROWS if row.provider in names and model.startswith(row.prefix)]
    return max(rows, key=lambda row: len(row.prefix), default=None)


def models(provider: str) -> list[dict[str, Any]]:
    """The models of a provider that are known by their ids: ``dimensions`` is the usual length of their vectors."""
    name = _ALIASES.get(provider, provider)
    rows = [row for row in ROWS if row.provider == name and row.listed]
    return [
        {"id": row.model or row.prefix, "dimensions": row.native, "inputs_per_call": row.inputs, "context": row.context}
        for row in rows
    ]
