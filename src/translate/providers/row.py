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
        counts: how it is asked for a request's number of tokens: a form of `counting`, a pattern of the generating
            address, and what stands there instead; None means that it is not.
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
        ids: pattern of what stands in a model id before the words that a model row begins with; such rows are no list
            of ids.
        call_ids: pattern of the ids of calls that it takes.
        tool_none: whether tools can be there and not be called.
        blank_text: whether a text may be nothing but white space.
        neutral_names: whether documents must have names that are unique in a request and say nothing.
        text_beside_documents: whether a turn with documents must have a text.
        whole_mark: whether a request can be marked for caching as a whole.
        labels: what keys and values of request metadata must look like, as a regular expression; None is anything.
        max_labels: how many there may be, a user's id included; None is unlimited.
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
    counts: tuple[str, str, str] | None = None
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
    ids: str = ""
    call_ids: str = r"[A-Za-z0-9_-]+"
    tool_none: bool = True
    blank_text: bool = True
    neutral_names: bool = False
    text_beside_documents: bool = False
    whole_mark: bool = True
    labels: str | None = None
    max_labels: int | None = None

    @property
    def needs(self) -> tuple[str, ...]:
        """Settings that an account of this provider must have."""
        named = ["base_url"] if self.base_url is None else _PLACE.findall(self.base_url + self.path)
        return tuple(name for name in dict.fromkeys(named) if name != "model" and name not in self.defaults)
