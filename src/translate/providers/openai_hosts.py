"""Providers that speak OpenAI's chat dialect, each a little differently: Azure OpenAI, xAI and Groq."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, Final

from ..records.quick import evolve
from .responses import responses
from .row import IMAGES, RATE_LIMITS, WEB, ProviderRow

_IMAGES: Final = MappingProxyType({"image": WEB})

_NO_FILES: Final = MappingProxyType(dict.fromkeys(("documents", "audio", "video"), frozenset[str]()))

# Azure, by the version of its API (wire/azure-openai.md 1): each set holds those before it.
_NEVER = frozenset({"web_search", "moderation", "data_sources"})
_DATED = _NEVER | {"prompt_cache_options", "prompt_cache_retention", "safety_identifier", "verbosity"}
_BEFORE_2025_01 = _DATED | {"prediction", "audio", "modalities"}
_BEFORE_2024_12 = _BEFORE_2025_01 | {"store", "metadata", "user_security_context", "reasoning"}
_BEFORE_2024_09 = _BEFORE_2024_12 | {"parallel_calls", "stream_options"}
_AZURE_SURFACE: dict[str, Any] = {"documents": frozenset(), "video": frozenset(), "max_images": 10}
# Breakpoints of the cache are of v1, too.
_DATED_SURFACE = _AZURE_SURFACE | {"cache_ttls": ()}
_OLD_LIMIT = _DATED_SURFACE | {"limit_field": "max_tokens"}
_NO_SCHEMA = _OLD_LIMIT | {"schema_output": False, "strict_tools": False}

_AZURE = ProviderRow(
    name="azure",
    dialect="openai_chat",
    base_url=None,
    path="/openai/v1/chat/completions",
    forms=(
        ("api_version=v1", "/openai/v1/chat/completions"),
        ("api_version=preview", "/openai/v1/chat/completions?api-version=preview"),
        ("api_version=latest", "/openai/v1/chat/completions?api-version=latest"),
        ("api_version", "/openai/deployments/{model}/chat/completions?api-version={api_version}"),
    ),
    older=(
        # Encrypted reasoning, without which nothing would be left of it, is of v1 only (wire/azure-openai.md 1).
        (
            "9999",
            MappingProxyType(
                {
                    "lacks": _DATED,
                    "allowed_tools": False,
                    "custom_tools": False,
                    "other": None,
                    "surface": _DATED_SURFACE,
                }
            ),
        ),
        ("2025-01-01", MappingProxyType({"lacks": _BEFORE_2025_01})),
        ("2024-12-01", MappingProxyType({"lacks": _BEFORE_2024_12})),
        ("2024-09-01", MappingProxyType({"lacks": _BEFORE_2024_09, "surface": _OLD_LIMIT, "stream_usage": False})),
        ("2024-08-01", MappingProxyType({"surface": _NO_SCHEMA})),
    ),
    auth="api-key",
    env=("AZURE_OPENAI_API_KEY",),
    settings_env=(("base_url", "AZURE_OPENAI_ENDPOINT"), ("api_version", "OPENAI_API_VERSION")),
    families=("gpt", "grok"),
    deployments=True,
    client_headers=("aoai-evals", "x-ms-client-request-id"),
    reply_headers=(*RATE_LIMITS, "apim-request-id", "azureml-model-session", "x-ms-*"),
    limit_field="max_completion_tokens",
    subset=True,
    lacks=_NEVER,
    surface=MappingProxyType(_AZURE_SURFACE),
    file_names=True,
    call_marks=False,
    names=True,
    detail=IMAGES,
    media_urls=_IMAGES,
    refusals=True,
    custom_tools=True,
    allowed_tools=True,
    builtins=frozenset(),
    json_word=True,
    stream_usage=True,
    call_ids=r"[A-Za-z0-9_-]{1,40}",
    silent=("user", "safety_identifier", "metadata", "prompt_cache_key", "x-ms-client-request-id"),
)

_XAI = ProviderRow(
    name="xai",
    dialect="openai_chat",
    base_url="https://api.x.ai/v1",
    path="/chat/completions",
    auth="bearer",
    env=("XAI_API_KEY",),
    families=("grok",),
    client_headers=("x-grok-*",),
    reply_headers=RATE_LIMITS,
    limit_field="max_completion_tokens",
    subset=True,
    lacks=frozenset({
        "logit_bias", "metadata", "store", "verbosity", "prediction", "modalities", "audio", "moderation",
        "prompt_cache_key", "prompt_cache_retention", "prompt_cache_options", "web_search", "search_parameters",
        "deferred",
    }),
    values=MappingProxyType({
        "service_tier": MappingProxyType(
            {"fast": "priority", "auto": None, "flex": None, "scale": None, "ultrafast": None}
        ),
        "detail": MappingProxyType({"original": "high"}),
    }),
    option_headers=MappingProxyType({"prompt_cache_key": "x-grok-conv-id"}),
    surface=_NO_FILES,
    names=True,
    detail=IMAGES,
    media_urls=_IMAGES,
    replays_reasoning=True,
    builtins=frozenset(),
    repeats=True,
    stream_usage=True,
    # The id of a conversation leads it to the server that has its prompt cached.
    silent=("user", "safety_identifier", "x-grok-conv-id", "x-grok-req-id", "x-grok-session-id"),
)  # fmt: skip

_GROQ = ProviderRow(
    name="groq",
    dialect="openai_chat",
    base_url="https://api.groq.com/openai/v1",
    path="/chat/completions",
    auth="bearer",
    env=("GROQ_API_KEY",),
    families=("groq",),
    reply_headers=(*RATE_LIMITS, "x-groq-*"),
    limit_field="max_completion_tokens",
    subset=True,
    lacks=frozenset({
        "logprobs", "top_logprobs", "logit_bias", "n", "presence_penalty", "frequency_penalty", "store", "metadata",
        "verbosity", "prediction", "modalities", "audio", "moderation", "web_search", "safety_identifier",
        "prompt_cache_key", "prompt_cache_retention", "prompt_cache_options",
    }),
    values=MappingProxyType({
        "service_tier": MappingProxyType(
            {"default": "on_demand", "priority": "performance", "fast": "performance", "scale": None, "ultrafast": None}
        ),
        "detail": MappingProxyType({"original": "high"}),
    }),
    # A bound answer goes neither with a stream nor with tools (wire/groq.md 3).
    surface=MappingProxyType({**_NO_FILES, "schema_alone": True}),
    message_keys=frozenset({"role", "content", "tool_calls", "function_call", "tool_call_id", "reasoning"}),
    reasoning_key="reasoning",
    replays_reasoning=True,
    media_in_results=True,
    detail=IMAGES,
    media_urls=_IMAGES,
    builtins=frozenset({"browser_search", "code_interpreter"}),
    json_word=True,
    stream_usage=True,
    silent=("user",),
)  # fmt: skip

_AZURE_RESPONSES: Final = evolve(
    responses(
        _AZURE,
        "/openai/v1/responses",
        forms=(
            ("api_version=preview", "/openai/v1/responses?api-version=preview"),
            ("api_version=latest", "/openai/v1/responses?api-version=latest"),
        ),
    ),
    older=(),
    subset=False,
    # It runs no tool itself, for clients of any dialect.
    lacks=frozenset({"web_search"}),
    surface=MappingProxyType({}),
    builtins=None,
    web_search=False,
    json_word=False,
    silent=("x-ms-client-request-id",),
)

OPENAI_HOSTS: Final = (evolve(_AZURE, other=_AZURE_RESPONSES), _XAI, _GROQ)
