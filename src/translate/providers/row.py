"""What a provider is, as a record: where it is, how to sign on, and where it differs from others of its dialect."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

import attrs

SETTINGS: Final = ("region", "project", "location", "deployment", "api_version")
"""What an address may need beside the model."""

_PLACE: Final = re.compile(r"{(\w+)}")


@attrs.frozen
class ProviderRow:
    """One provider.

    Addresses are templates: ``{model}`` stands for the model id, percent-encoded, and ``{region}``, ``{project}``,
    ``{location}``, ``{deployment}`` and ``{api_version}`` for settings of the account.

    Attributes:
        name: as in a head's ``to`` and a configuration's ``provider``.
        dialect: the wire format it speaks.
        base_url: where, as the provider's official client is told it; None means that the caller must say.
        base_urls: location -> where it is instead, for locations that have a host of another form.
        path: of the generating route, appended to ``base_url``.
        stream_path: the same for streams, where it is another.
        forms: setting -> the path that is taken instead when an account has it.
        defaults: setting -> what it is when an account does not say.
        model_prefixes: beginnings of model ids that are left out.
        model_key: whether the body names the model.
        body: fixed top-level keys of the body.
        variants: beginning of a model id -> the row that is used for it instead, for hosts of several dialects.
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
        file_prefix: how ids of its file store begin, in one form or several; None means that it has none.
        file_kinds: kinds of media that can be named by such an id.
        file_names: whether a document must have a file name.
        detail: whether an image's wished resolution can be said.
        media_urls: kind of media -> schemes of the URLs that it fetches itself.
        media_hosts: hosts whose URLs need no media type, though all others do; None means that no type is needed.
        inline_media: whether media by URL are refused whoever asks, a client of the same dialect too.
        document_words: whether a document can have context and be cited.
        tool_marks: whether tools carry cache marks.
        text_documents: whether a document may be plain text.
        assistant_media: whether an assistant message of the history may hold media.
        media_in_results: whether a tool result may hold images and documents.
        result_errors: whether a tool result can be marked as failed.
        user_first: whether the first turn must be the user's.
        tool_names: what a tool's name must look like, as a regular expression.
        parallel_switch: whether parallel calls can be forbidden.
        refusals: whether a refusal of the history is told from text.
        custom_tools: whether it has free-text tools.
        allowed_tools: whether a choice may be limited to some tools.
        web_search: whether it has a web search tool that functions may stand beside.
        search_place: whether a web search can be told where the user is.
        labels: what keys and values of request metadata must look like, as a regular expression; None is anything.
        lacks: fields of its dialect that it does not take, by top-level key or common name.
        tools_for_history: whether a history with calls needs tools declared.
        stream_usage: whether a stream must be asked to end with usage, and can be.
        extensions: keys beyond the dialect's own that it reads, for example ``cache_control``.
    """

    name: str
    dialect: Literal["openai_chat", "openai_responses", "anthropic", "gemini", "bedrock"]
    base_url: str | None
    path: str
    auth: Literal["bearer", "x-api-key", "api-key", "x-goog-api-key", "aws", "google", "none"]
    stream_path: str | None = None
    base_urls: Mapping[str, str] = MappingProxyType({})
    forms: tuple[tuple[str, str], ...] = ()
    defaults: Mapping[str, str] = MappingProxyType({})
    model_prefixes: tuple[str, ...] = ()
    model_key: bool = True
    body: tuple[tuple[str, str], ...] = ()
    variants: "tuple[tuple[str, ProviderRow], ...]" = ()
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
    file_prefix: str | tuple[str, ...] | None = None
    file_kinds: frozenset[str] = frozenset({"document"})
    file_names: bool = False
    detail: bool = False
    media_urls: Mapping[str, frozenset[str]] = MappingProxyType({})
    media_hosts: frozenset[str] | None = None
    inline_media: bool = False
    text_documents: bool = False
    document_words: bool = False
    tool_marks: bool = False
    media_in_results: bool = False
    assistant_media: bool = False
    result_errors: bool = False
    user_first: bool = False
    tool_names: str = r"[A-Za-z0-9_-]{1,64}"
    parallel_switch: bool = True
    refusals: bool = False
    custom_tools: bool = False
    allowed_tools: bool = False
    web_search: bool = False
    search_place: bool = True
    labels: str | None = None
    lacks: frozenset[str] = frozenset()
    tools_for_history: bool = False
    stream_usage: bool = False
    extensions: frozenset[str] = frozenset()

    @property
    def needs(self) -> tuple[str, ...]:
        """Settings that an account of this provider must have."""
        named = ["base_url"] if self.base_url is None else _PLACE.findall(self.base_url + self.path)
        return tuple(name for name in dict.fromkeys(named) if name != "model" and name not in self.defaults)
