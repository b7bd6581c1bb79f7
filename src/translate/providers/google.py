"""Google's two hosts: the Gemini API, and Vertex AI with Google's own models and Claude (wire/gemini.md, vertex.md)."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from ..records import evolve
from .row import ProviderRow

_FETCHED = frozenset({"https", "gs"})
_FILES = "https://generativelanguage.googleapis.com/"

GEMINI: Final = ProviderRow(
    name="gemini",
    dialect="gemini",
    base_url="https://generativelanguage.googleapis.com",
    path="/v1beta/models/{model}:generateContent",
    stream_path="/v1beta/models/{model}:streamGenerateContent?alt=sse",
    counts=("gemini", ":generateContent$", ":countTokens"),
    auth="x-goog-api-key",
    model_prefixes=("models/",),
    model_key=False,
    env=("GEMINI_API_KEY", "GOOGLE_API_KEY"),
    families=("gemini",),
    fallback="gemini",
    client_headers=("x-goog-user-project",),
    reply_headers=("retry-after", "x-gemini-service-tier"),
    limit_field="maxOutputTokens",
    signing_domain="google",
    hidden_reasoning=False,
    file_prefix=("files/", _FILES),
    file_kinds=frozenset({"image", "audio", "video", "document"}),
    detail=frozenset({"image", "video", "document"}),
    result_detail=False,
    media_urls=MappingProxyType(dict.fromkeys(("image", "audio", "video", "document"), _FETCHED)),
    media_hosts=frozenset({"www.youtube.com", "youtube.com", "m.youtube.com", "youtu.be"}),
    text_documents=True,
    media_in_results=True,
    result_errors=True,
    assistant_media=True,
    user_first=True,
    tool_names=r"[A-Za-z_][A-Za-z0-9_.:-]{0,127}",
    parallel_switch=False,
    strict_together=True,
    allowed_tools=True,
    web_search=True,
    search_keys=frozenset(),
    labels=r"[a-z0-9_-]{1,63}",
    named_media=frozenset({"image", "audio", "video", "document"}),
)

_VERTEX: Final = evolve(
    GEMINI,
    name="vertex",
    base_url="https://{location}-aiplatform.googleapis.com",
    base_urls=MappingProxyType({
        "global": "https://aiplatform.googleapis.com",
        "us": "https://aiplatform.us.rep.googleapis.com",
        "eu": "https://aiplatform.eu.rep.googleapis.com",
    }),
    path="/v1beta1/projects/{project}/locations/{location}/publishers/google/models/{model}:generateContent",
    stream_path="/v1beta1/projects/{project}/locations/{location}/publishers/google/models/{model}"
    ":streamGenerateContent?alt=sse",
    counts=("vertex", ":generateContent$", ":countTokens"),
    defaults=MappingProxyType({"location": "global"}),
    model_prefixes=("models/", "google/", "anthropic/"),
    auth="google",
    env=(),
    file_prefix=None,
    client_headers=("x-goog-user-project", "x-vertex-ai-llm-request-type"),
    lacks=frozenset({"store"}),
    silent=("labels",),
)  # fmt: skip

_CLAUDE: Final = ProviderRow(
    name="vertex",
    dialect="anthropic",
    base_url=_VERTEX.base_url,
    base_urls=_VERTEX.base_urls,
    path="/v1/projects/{project}/locations/{location}/publishers/anthropic/models/{model}:rawPredict",
    stream_path="/v1/projects/{project}/locations/{location}/publishers/anthropic/models/{model}:streamRawPredict",
    counts=("anthropic", "[^/]+:rawPredict$", "count-tokens:rawPredict"),
    defaults=_VERTEX.defaults,
    auth="google",
    model_key=False,
    # The version that still takes sampling parameters.
    body=(("anthropic_version", "vertex-2023-10-16"),),
    families=("claude",),
    client_headers=("anthropic-beta", *_VERTEX.client_headers),
    signing_domain="anthropic",
    limit_required=True,
    fallback="claude",
    inline_media=True,
    text_documents=True,
    document_words=True,
    tool_marks=True,
    result_marks="both",
    media_in_results=True,
    result_errors=True,
    web_search=True,
    tools_for_history=True,
    lacks=frozenset({"container", "mcp_servers", "fallbacks", "fallback_credit_token", "inference_geo", "speed"}),
    silent=("metadata",),
)

# Express mode: Vertex AI by an API key, which knows its project (wire/vertex.md 2). One host, Google's models only.
_EXPRESS: Final = evolve(
    _VERTEX,
    name="vertex_express",
    base_url="https://aiplatform.googleapis.com",
    base_urls=MappingProxyType({}),
    path="/v1/publishers/google/models/{model}:generateContent",
    stream_path="/v1/publishers/google/models/{model}:streamGenerateContent?alt=sse",
    defaults=MappingProxyType({}),
    model_prefixes=(*GEMINI.model_prefixes, "google/"),
    auth="x-goog-api-key",
)

GOOGLE: Final = (GEMINI, evolve(_VERTEX, variants=(("claude", _CLAUDE),)), _EXPRESS)
