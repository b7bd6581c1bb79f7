"""Families on Amazon Bedrock: what Converse takes of them (wire/bedrock.md 4 to 9).

Rows begin with the family's own words; ``ProviderRow.ids`` takes away what stands before them in an id.
"""

from __future__ import annotations

from typing import Final

from ..records import evolve
from .claude import CLAUDE
from .row import ModelRow, ReasoningRow

IMAGES: Final = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
DOCUMENTS: Final = frozenset({
    "application/pdf", "text/csv", "application/msword",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "application/vnd.ms-excel",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "text/html", "text/plain", "text/markdown",
})  # fmt: skip
VIDEO: Final = frozenset({
    "video/x-matroska", "video/quicktime", "video/mp4", "video/webm", "video/x-flv", "video/mpeg", "video/wmv",
    "video/x-ms-wmv", "video/3gpp",
})  # fmt: skip
AUDIO: Final = frozenset({
    "audio/mp3", "audio/mpeg", "audio/mpga", "audio/wav", "audio/ogg", "audio/opus", "audio/flac", "audio/aac",
    "audio/m4a", "audio/mp4", "audio/webm", "audio/pcm",
})  # fmt: skip

_THINKING = (
    "additionalModelRequestFields.thinking.type={mode}",
    "additionalModelRequestFields.thinking.budget_tokens={budget}",
    "additionalModelRequestFields.thinking.display={display}",
    "outputConfig.effort={effort}",
)
_ONE_CALL = (
    "additionalModelRequestFields.tool_choice.type={choice}",
    "additionalModelRequestFields.tool_choice.name={name}",
    "additionalModelRequestFields.tool_choice.disable_parallel_tool_use=true",
)
_TOP_K = ("additionalModelRequestFields.top_k={top_k}",)

# Structured output exists here for these generations only, whatever the vendor's own API offers (wire/bedrock.md 8).
_SCHEMAS = ("claude-opus-4-5", "claude-sonnet-4-5", "claude-haiku-4-5", "claude-opus-4-6", "claude-sonnet-4-6")
# The long lifetime is for newer models, and the oldest have no cache at all (wire/bedrock.md 9).
_SHORT_CACHE = ("claude-opus-4-1", "claude-opus-4", "claude-opus-4-0", "claude-sonnet-4", "claude-sonnet-4-0",
                "claude-3-7-sonnet", "claude-3-5-haiku", "claude-3-5-sonnet-20241022")  # fmt: skip
_NO_CACHE = ("claude-3-5", "claude-3", "claude-2", "claude-2.1", "claude-v2", "claude-instant")


def _claude(row: ModelRow) -> ModelRow:
    schemas = row.prefix in _SCHEMAS
    ttls = ("5m",) if row.prefix in _SHORT_CACHE else () if row.prefix in _NO_CACHE else ("5m", "1h")
    return evolve(
        row,
        reasoning=evolve(row.reasoning, switch=_THINKING),
        documents=DOCUMENTS,
        schema_output=schemas,
        strict_tools=schemas,
        inner_system="no",
        cache_ttls=ttls,
        own_options=_TOP_K,
        single_calls=_ONE_CALL,
        web_search=False,
        # Charts and scans are seen with citations only (wire/bedrock.md 5).
        pdf_text=True,
    )


_OLD = {row.prefix: row for row in CLAUDE}

# An id that tells no family: what the dialect itself can say passes, the rest has no place that is known.
_ANY = ModelRow(
    prefix="",
    reasoning=ReasoningRow("unknown"),
    temperature=(0.0, 1.0),
    blank_stop=False,
    json_output=False,
    inner_system="no",
    images=IMAGES,
    documents=DOCUMENTS,
    audio=AUDIO,
    video=VIDEO,
    cache_ttls=("5m", "1h"),
    single_calls=None,
)
_TEXT = evolve(
    _ANY,
    reasoning=ReasoningRow("none"),
    schema_output=False,
    strict_tools=False,
    forced_tools="no",
    images=frozenset(),
    audio=frozenset(),
    video=frozenset(),
    cache_ttls=(),
    tool_marks=False,
    result_errors=False,
    document_words=False,
    reads_reasoning=False,
    web_search=False,
)
_SIGHTED = evolve(_TEXT, images=IMAGES)
# Open-weight families with documented structured output (wire/bedrock.md 8).
_BOUND = evolve(_TEXT, schema_output=True, strict_tools=True, strict_limits=(20, 16), schema_subset="anthropic")

_NOVA = evolve(
    _SIGHTED,
    prefix="nova",
    max_output=10_000,
    forced_tools="yes",
    prefill="continued",
    video=VIDEO,
    cache_ttls=("5m",),
    own_options=("additionalModelRequestFields.inferenceConfig.topK={top_k}",),
    result_errors=True,
    context=300_000,
)
_NOVA_2 = evolve(
    _NOVA,
    prefix="nova-2",
    reasoning=ReasoningRow(
        "native",
        ("low", "medium", "high"),
        shown=True,
        switch=(
            "additionalModelRequestFields.reasoningConfig.type=enabled",
            "additionalModelRequestFields.reasoningConfig.maxReasoningEffort={effort}",
        ),
        bare=frozenset({"high"}),
    ),
    max_output=65_535,
    # A forced tool and reasoning exclude each other.
    forced_tools="manual",
    web_search=True,
    context=1_000_000,
)
_ALWAYS = ReasoningRow("fixed", on=True)
_LOW_TO_HIGH = ("low", "medium", "high")


def _effort(field: str, *, on: bool) -> ReasoningRow:
    off = "lowest" if on else "omit"
    return ReasoningRow(
        "native", _LOW_TO_HIGH, off=off, on=on, shown=True, switch=(f"additionalModelRequestFields.{field}={{effort}}",)
    )


BEDROCK: Final[tuple[ModelRow, ...]] = (
    _ANY,
    *(_claude(row) for row in CLAUDE),
    _claude(evolve(_OLD["claude-2"], prefix="claude-v2")),
    # The older of the two of this name has no cache.
    _claude(evolve(_OLD["claude-3-5"], prefix="claude-3-5-haiku")),
    _claude(evolve(_OLD["claude-3-5"], prefix="claude-3-5-sonnet-20241022")),
    _NOVA,
    evolve(_NOVA, prefix="nova-micro", images=frozenset(), documents=frozenset(), video=frozenset(), context=128_000),
    evolve(_NOVA, prefix="nova-lite"),
    evolve(_NOVA, prefix="nova-pro"),
    evolve(_NOVA, prefix="nova-premier", max_output=32_000, context=1_000_000, web_search=True),
    _NOVA_2,
    evolve(_NOVA_2, prefix="nova-2-lite"),
    evolve(_NOVA_2, prefix="nova-2-omni", audio=AUDIO),
    evolve(_TEXT, prefix="titan", documents=frozenset()),
    evolve(_SIGHTED, prefix="llama4"),
    evolve(_TEXT, prefix="llama"),
    evolve(_SIGHTED, prefix="llama3-2-11b"),
    evolve(_SIGHTED, prefix="llama3-2-90b"),
    evolve(_TEXT, prefix="mistral", own_options=_TOP_K),
    evolve(_TEXT, prefix="mixtral", own_options=_TOP_K),
    evolve(_TEXT, prefix="mistral-large", forced_tools="yes", named_tools=False),
    evolve(_SIGHTED, prefix="pixtral", forced_tools="yes", named_tools=False),
    evolve(_BOUND, prefix="ministral", images=IMAGES),
    evolve(_BOUND, prefix="magistral", images=IMAGES, reasoning=_ALWAYS),
    evolve(_BOUND, prefix="voxtral", audio=AUDIO),
    evolve(_TEXT, prefix="deepseek"),
    evolve(_TEXT, prefix="deepseek.r1", reasoning=_ALWAYS),
    *(
        evolve(_BOUND, prefix=prefix, reasoning=_effort("reasoning_config", on=False))
        for prefix in ("deepseek.v3", "deepseek.v3.1", "deepseek.v3.2")
    ),
    evolve(_BOUND, prefix="gpt-oss", reasoning=_effort("reasoning_effort", on=True)),
    evolve(_BOUND, prefix="qwen", reasoning=ReasoningRow("fixed")),
    evolve(_BOUND, prefix="kimi", reasoning=_ALWAYS),
    evolve(_BOUND, prefix="minimax", reasoning=_ALWAYS),
    evolve(_BOUND, prefix="glm", reasoning=_ALWAYS),
    evolve(_BOUND, prefix="gemma", images=IMAGES),
    evolve(_BOUND, prefix="nemotron", reasoning=ReasoningRow("fixed")),
    evolve(_TEXT, prefix="command"),
    evolve(_TEXT, prefix="jamba"),
    evolve(_TEXT, prefix="palmyra"),
)
