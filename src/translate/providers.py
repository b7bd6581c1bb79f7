"""Provider rows: who speaks a dialect, where, and with which quirks. Data only."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

import attrs


@attrs.frozen
class ProviderRow:
    """One provider.

    Attributes:
        name: as in a head's ``to`` and a configuration's ``provider``.
        dialect: the wire format it speaks.
        base_url: where; None means that the caller must say. What ``path`` is appended to.
        path: of the one generating route; may hold ``{model}``.
        auth: how the shell shall sign on.
        env: environment variables in which users keep the key.
        families: tables of model rows (``models.FAMILIES``) that its ids are looked up in.
        headers: fixed request headers.
        client_headers: client headers that pass through to the provider, by name or by ``name*``.
        reply_headers: provider headers that pass through to the client, by name or by ``name*``.
        limit_field: the spelling of the answer limit where the model row has none.
        limit_required: whether a request must state a limit.
        fallback: the model row for ids that no row knows.
        signing_domain: whose opaque reasoning state it can read; None means none.
        replays_reasoning: whether unsigned reasoning text of the history may be sent back.
        file_prefix: how ids of its file store begin; None means that it has none.
        file_kinds: kinds of media that can be named by such an id.
        file_names: whether a document must have a file name.
        detail: whether an image's wished resolution can be said.
        media_urls: kind of media -> schemes of the URLs that it fetches itself.
        document_words: whether a document can have context and be cited.
        tool_marks: whether tools carry cache marks.
        text_documents: whether a document may be plain text.
        assistant_media: whether an assistant message of the history may hold media.
        media_in_results: whether a tool result may hold images and documents.
        result_errors: whether a tool result can be marked as failed.
        refusals: whether a refusal of the history is told from text.
        custom_tools: whether it has free-text tools.
        allowed_tools: whether a choice may be limited to some tools.
        web_search: whether it has a web search tool that functions may stand beside.
        tools_for_history: whether a history with calls needs tools declared.
        stream_usage: whether a stream must be asked to end with usage, and can be.
        extensions: keys beyond the dialect's own that it reads, for example ``cache_control``.
    """

    name: str
    dialect: Literal["openai_chat", "openai_responses", "anthropic", "gemini", "bedrock"]
    base_url: str | None
    path: str
    auth: Literal["bearer", "x-api-key", "api-key", "x-goog-api-key", "none"]
    env: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    client_headers: tuple[str, ...] = ()
    reply_headers: tuple[str, ...] = ("retry-after", "retry-after-ms", "x-should-retry")
    limit_field: str = "max_tokens"
    limit_required: bool = False
    fallback: str | None = None
    signing_domain: str | None = None
    replays_reasoning: bool = False
    file_prefix: str | None = None
    file_kinds: frozenset[str] = frozenset({"document"})
    file_names: bool = False
    detail: bool = False
    media_urls: Mapping[str, frozenset[str]] = MappingProxyType({})
    text_documents: bool = False
    document_words: bool = False
    tool_marks: bool = False
    media_in_results: bool = False
    assistant_media: bool = False
    result_errors: bool = False
    refusals: bool = False
    custom_tools: bool = False
    allowed_tools: bool = False
    web_search: bool = False
    tools_for_history: bool = False
    stream_usage: bool = False
    extensions: frozenset[str] = frozenset()


_WEB = frozenset({"http", "https"})
_RATE_LIMITS = ("retry-after", "retry-after-ms", "x-should-retry", "x-ratelimit-*", "anthropic-ratelimit-*")

_ROWS = (
    ProviderRow(
        name="openai",
        dialect="openai_chat",
        base_url="https://api.openai.com/v1",
        path="/chat/completions",
        auth="bearer",
        env=("OPENAI_API_KEY",),
        families=("gpt",),
        client_headers=("openai-organization", "openai-project", "openai-beta"),
        reply_headers=(*_RATE_LIMITS, "openai-*"),
        limit_field="max_completion_tokens",
        signing_domain="openai",
        file_prefix="file-",
        file_names=True,
        detail=True,
        media_urls=MappingProxyType({"image": _WEB, "video": _WEB}),
        refusals=True,
        custom_tools=True,
        allowed_tools=True,
        stream_usage=True,
    ),
    ProviderRow(
        name="anthropic",
        dialect="anthropic",
        base_url="https://api.anthropic.com",
        path="/v1/messages",
        auth="x-api-key",
        env=("ANTHROPIC_API_KEY",),
        families=("claude",),
        # The version that still takes sampling parameters; a client's own version wins (wire/anthropic.md 1).
        headers=(("anthropic-version", "2023-06-01"),),
        client_headers=("anthropic-version", "anthropic-beta", "anthropic-user-profile-id"),
        reply_headers=(*_RATE_LIMITS, "anthropic-*"),
        signing_domain="anthropic",
        limit_required=True,
        fallback="claude",
        file_prefix="file_",
        file_kinds=frozenset({"image", "document"}),
        media_urls=MappingProxyType({"image": _WEB, "document": _WEB}),
        text_documents=True,
        document_words=True,
        tool_marks=True,
        media_in_results=True,
        result_errors=True,
        web_search=True,
        tools_for_history=True,
    ),
    ProviderRow(
        name="openai_compatible",
        dialect="openai_chat",
        base_url=None,
        path="/chat/completions",
        auth="bearer",
        client_headers=("x-grok-conv-id", "http-referer", "x-title"),
        reply_headers=_RATE_LIMITS,
        replays_reasoning=True,
        file_prefix="",
        file_names=True,
        detail=True,
        media_urls=MappingProxyType(dict.fromkeys(("image", "video", "audio", "document"), _WEB | {"gs", "s3"})),
        refusals=True,
        custom_tools=True,
        allowed_tools=True,
        stream_usage=True,
        tool_marks=True,
        extensions=frozenset({"*"}),
    ),
)

PROVIDERS: Final[Mapping[str, ProviderRow]] = MappingProxyType({row.name: row for row in _ROWS})
