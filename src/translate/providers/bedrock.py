"""Amazon Bedrock, through Converse (wire/bedrock.md 1 to 3)."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from .row import ProviderRow

_BUCKETS: Final = frozenset({"s3"})

BEDROCK: Final = (
    ProviderRow(
        name="bedrock",
        dialect="bedrock",
        base_url="https://bedrock-runtime.{region}.amazonaws.com",
        path="/model/{model}/converse",
        stream_path="/model/{model}/converse-stream",
        counts=("bedrock", "/converse$", "/count-tokens"),
        model_key=False,
        auth="aws",
        env=("AWS_BEARER_TOKEN_BEDROCK",),
        families=("bedrock",),
        # An ARN up to the id in it, the region group of a cross-region profile, and a vendor whose models' names tell
        # the family without it (wire/bedrock.md 2).
        ids=(
            r"(?:arn:[^/]+/)?(?:[a-z]+(?:-[a-z]+)*\.(?=[a-z0-9]+\.[a-z]))?"
            r"(?:(?:anthropic|amazon|openai|meta|mistral|qwen|moonshotai|moonshot|minimax|zai|cohere|ai21|writer|google"
            r"|nvidia)\.)?"
        ),
        reply_headers=("retry-after", "x-amzn-requestid", "x-amzn-bedrock-*"),
        signing_domain="anthropic",
        media_urls=MappingProxyType(dict.fromkeys(("image", "document", "video", "audio"), _BUCKETS)),
        text_documents=True,
        document_words=True,
        neutral_names=True,
        text_beside_documents=True,
        tool_marks=True,
        whole_mark=False,
        media_in_results=True,
        result_marks="whole",
        result_errors=True,
        web_search=True,
        search_keys=frozenset(),
        tools_for_history=True,
        tool_none=False,
        blank_text=False,
        user_first=True,
        settings_env=(("region", "AWS_REGION"),),
        labels=r"[a-zA-Z0-9\s:_@$#=/+,.-]{0,256}",
        max_labels=16,
        call_ids=r"[A-Za-z0-9_.:-]{1,64}",
        silent=("requestMetadata",),
    ),
)
