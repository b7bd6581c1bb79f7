"""Provider rows: who speaks a dialect, where, and with which quirks. Data only."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ..records.quick import evolve
from .bedrock import BEDROCK
from .google import GOOGLE
from .openai_hosts import OPENAI_HOSTS
from .responses import responses
from .row import IMAGES, RATE_LIMITS, SETTINGS, WEB, ProviderRow

__all__ = ["PROVIDERS", "SETTINGS", "ProviderRow"]

_OPENAI = ProviderRow(
    name="openai",
    dialect="openai_chat",
    base_url="https://api.openai.com/v1",
    path="/chat/completions",
    auth="bearer",
    env=("OPENAI_API_KEY",),
    families=("gpt",),
    client_headers=("openai-organization", "openai-project", "openai-beta"),
    reply_headers=(*RATE_LIMITS, "openai-*"),
    limit_field="max_completion_tokens",
    call_marks=False,
    builtins=frozenset(),
    file_prefix="file-",
    file_names=True,
    detail=IMAGES,
    media_urls=MappingProxyType({"image": WEB, "video": WEB}),
    refusals=True,
    custom_tools=True,
    allowed_tools=True,
    stream_usage=True,
    names=True,
    json_word=True,
    # Observed: "string too long. Expected a string with maximum length 40".
    call_ids=r"[A-Za-z0-9_-]{1,40}",
    silent=("user", "safety_identifier", "metadata", "prompt_cache_key"),
)

_ROWS = (
    # Hosted tools are of the Responses surface.
    evolve(_OPENAI, other=evolve(responses(_OPENAI), builtins=None)),
    ProviderRow(
        name="anthropic",
        dialect="anthropic",
        base_url="https://api.anthropic.com",
        path="/v1/messages",
        counts=("anthropic", "/v1/messages$", "/v1/messages/count_tokens"),
        auth="x-api-key",
        env=("ANTHROPIC_API_KEY",),
        families=("claude",),
        # The version that still takes sampling parameters; a client's own version wins (wire/anthropic.md 1).
        headers=(("anthropic-version", "2023-06-01"),),
        client_headers=("anthropic-version", "anthropic-beta", "anthropic-user-profile-id"),
        reply_headers=(*RATE_LIMITS, "anthropic-*"),
        signing_domain="anthropic",
        limit_required=True,
        fallback="claude",
        file_prefix="file_",
        file_kinds=frozenset({"image", "document"}),
        media_urls=MappingProxyType({"image": WEB, "document": WEB}),
        text_documents=True,
        document_words=True,
        tool_marks=True,
        result_marks="both",
        media_in_results=True,
        result_errors=True,
        web_search=True,
        tools_for_history=True,
        silent=("metadata",),
    ),
    ProviderRow(
        name="openai_compatible",
        dialect="openai_chat",
        base_url=None,
        path="/chat/completions",
        auth="bearer",
        client_headers=("x-grok-conv-id", "http-referer", "x-title"),
        reply_headers=RATE_LIMITS,
        replays_reasoning=True,
        file_prefix="",
        file_names=True,
        detail=IMAGES,
        media_urls=MappingProxyType(dict.fromkeys(("image", "video", "audio", "document"), WEB | {"gs", "s3"})),
        refusals=True,
        custom_tools=True,
        allowed_tools=True,
        stream_usage=True,
        names=True,
        tool_marks=True,
        extensions=frozenset({"*"}),
    ),
)

PROVIDERS: Final[Mapping[str, ProviderRow]] = MappingProxyType(
    {row.name: row for row in (*_ROWS, *BEDROCK, *GOOGLE, *OPENAI_HOSTS)}
)
