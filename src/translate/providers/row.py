"""What a provider is, as a record: where it is, how to sign on, and where it differs from others of its dialect."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, Literal

from ..records.quick import record

SETTINGS: Final = ("region", "project", "location", "deployment", "api_version")
"""What an address may need beside the model."""

WEB: Final = frozenset({"http", "https"})
IMAGES: Final = frozenset({"image"})
RATE_LIMITS: Final = ("retry-after", "retry-after-ms", "x-should-retry", "x-ratelimit-*", "anthropic-ratelimit-*")

_PLACE: Final = re.compile(r"{(\w+)}")


@record
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
        forms: setting, or ``setting=value`` -> the path that is taken instead when an account has it; the first wins.
        defaults: setting -> what it is when an account does not say.
        model_prefixes: beginnings of model ids that are left out.
        counts: how it is asked for a request's number of tokens: a form of `counting`, a pattern of the generating
            address, and what stands there instead; None means that it is not.
        model_key: whether the body names the model.
        body: fixed top-level keys of the body.
        variants: beginning of a model id -> the row that is used for it instead, for hosts of several dialects.
        other: the row of its other surface, for models and requests that this one does not serve.
        auth: how the shell shall sign on.
        env: environment variables in which users keep the key.
        families: tables of model rows (``models.FAMILIES``) that its ids are looked up in.
        headers: fixed request headers.
        client_headers: client headers that pass through to the provider, by name or by ``name*``.
        reply_headers: provider headers that pass through to the client, by name or by ``name*``.
        limit_field: the spelling of the answer limit where the model row has none.
        limit_minimum: the smallest limit of an answer that it takes.
        limit_required: whether a request must state a limit.
        stop: whether it has stop sequences.
        fallback: the model row for ids that no row knows.
        signing_domain: whose opaque reasoning state it can read; None means none.
        hidden_reasoning: whether its requests have a place for reasoning of which there is nothing but state.
        shows_reasoning: whether a summary of the reasoning can be asked for where the model's row says nothing of it.
        replays_reasoning: whether unsigned reasoning text of the history may be sent back.
        stores: whether it keeps answers unless it is asked not to.
        file_prefix: how ids of its file store begin, in one form or several; None means that it has none.
        file_kinds: kinds of media that can be named by such an id.
        named_media: kinds of media that can have a file name.
        file_names: whether a document must have a file name.
        detail: kinds of media whose wished resolution can be said.
        result_detail: whether it can be said inside a tool result, too.
        media_urls: kind of media -> schemes of the URLs that it fetches itself.
        media_kinds: kinds of media that its wire can say.
        media_hosts: hosts whose URLs need no media type, though all others do; None means that no type is needed.
        inline_media: whether media by URL are refused whoever asks, a client of the same dialect too.
        document_words: whether a document can have context and be cited.
        answer_marks: whether what the model said may carry cache marks.
        tool_marks: whether tools carry cache marks.
        call_marks: whether calls of the history carry cache marks.
        text_documents: whether a document may be plain text.
        assistant_media: whether an assistant message of the history may hold media.
        media_in_results: whether a tool result may hold images and documents.
        result_marks: whether a tool result carries cache marks as a ``whole``, its ``parts`` do, or ``both``.
        result_errors: whether a tool result can be marked as failed.
        user_first: whether the first turn must be the user's.
        tool_names: what a tool's name must look like, as a regular expression.
        parallel_switch: whether parallel calls can be forbidden.
        refusals: whether a refusal of the history is told from text.
        strict_together: whether strictness is said once for all functions of a request.
        custom_tools: whether it has free-text tools.
        allowed_tools: whether a choice may be limited to some tools.
        web_search: whether it has a web search tool that functions may stand beside.
        search_keys: what a web search can be told: ``user_location``, ``search_context_size``, ``filters``.
        tools_for_history: whether a history with calls needs tools declared.
        stream_usage: whether a stream must be asked to end with usage, and can be.
        subset: whether it speaks less than its dialect, so that what clients of the same dialect say is fitted, too.
        lacks: what of its dialect it does not take: options, ``parallel_calls`` and ``reasoning`` of a Request,
            ``stream_options``, and other top-level keys.
        values: option, or ``detail`` of an image -> value of the dialect -> the provider's own, None for a value that
            it does not have; a value that is not listed is the same in both.
        option_headers: option -> the request header that says it there.
        surface: columns of model rows that this surface has from itself, whatever the model.
        older: ``api_version`` -> columns of this row for accounts with an earlier one; all that apply, in order.
        deployments: whether an account gives its models names of its own, so that a name tells nothing for sure and
            none can be listed; the setting ``deployment`` is such a name.
        names: whether messages may have names.
        message_keys: keys that messages may have, where others and nulls are refused; empty means any.
        reasoning_key: how a message of the history says its reasoning, where that may be sent back.
        builtins: tools of its dialect that it runs itself, by type; None means any.
        json_word: whether an answer of "any JSON object" needs the word JSON in a message.
        repeats: whether a piece of streamed reasoning may come twice in a row to mean that it goes on.
        settings_env: setting -> the environment variable in which users keep it.
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
        silent: what only labels a request and changes nothing in its answer: top-level keys of the body, and client
            headers, by name or by ``name*``.
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
    counts: tuple[str, str, str] | None = None
    model_key: bool = True
    body: tuple[tuple[str, str], ...] = ()
    variants: tuple[tuple[str, ProviderRow], ...] = ()
    other: ProviderRow | None = None
    env: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    client_headers: tuple[str, ...] = ()
    reply_headers: tuple[str, ...] = ("retry-after", "retry-after-ms", "x-should-retry")
    limit_field: str = "max_tokens"
    limit_minimum: int = 1
    limit_required: bool = False
    stop: bool = True
    fallback: str | None = None
    signing_domain: str | None = None
    hidden_reasoning: bool = True
    shows_reasoning: bool = False
    replays_reasoning: bool = False
    stores: bool = False
    file_prefix: str | tuple[str, ...] | None = None
    file_kinds: frozenset[str] = frozenset({"document"})
    named_media: frozenset[str] = frozenset({"document"})
    file_names: bool = False
    detail: frozenset[str] = frozenset()
    result_detail: bool = True
    media_urls: Mapping[str, frozenset[str]] = MappingProxyType({})
    media_kinds: frozenset[str] = frozenset({"image", "document", "audio", "video"})
    media_hosts: frozenset[str] | None = None
    inline_media: bool = False
    text_documents: bool = False
    document_words: bool = False
    answer_marks: bool = True
    tool_marks: bool = False
    call_marks: bool = True
    media_in_results: bool = False
    result_marks: Literal["whole", "parts", "both"] = "parts"
    assistant_media: bool = False
    result_errors: bool = False
    user_first: bool = False
    tool_names: str = r"[A-Za-z0-9_-]{1,64}"
    parallel_switch: bool = True
    refusals: bool = False
    strict_together: bool = False
    custom_tools: bool = False
    allowed_tools: bool = False
    web_search: bool = False
    search_keys: frozenset[str] = frozenset({"user_location", "filters"})
    tools_for_history: bool = False
    stream_usage: bool = False
    subset: bool = False
    lacks: frozenset[str] = frozenset()
    values: Mapping[str, Mapping[str, str | None]] = MappingProxyType({})
    option_headers: Mapping[str, str] = MappingProxyType({})
    surface: Mapping[str, Any] = MappingProxyType({})
    older: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    deployments: bool = False
    names: bool = False
    message_keys: frozenset[str] = frozenset()
    reasoning_key: str = "reasoning_content"
    builtins: frozenset[str] | None = None
    json_word: bool = False
    repeats: bool = False
    settings_env: tuple[tuple[str, str], ...] = ()
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
    silent: tuple[str, ...] = ()

    @property
    def needs(self) -> tuple[str, ...]:
        """Settings that an account of this provider must have."""
        named = ["base_url"] if self.base_url is None else _PLACE.findall(self.base_url + self.path)
        return tuple(name for name in dict.fromkeys(named) if name != "model" and name not in self.defaults)
