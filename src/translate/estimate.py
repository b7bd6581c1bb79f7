"""How many tokens a request may use, before anybody has counted them: read from its body, without a translation.

It has to be cheap and need not be right: limits reserve so much, and settle to what the provider counted.
"""

from __future__ import annotations

from typing import Any, Final

_BYTES_A_TOKEN: Final = 4
_TOKENS_A_MEDIUM: Final = 1024
"""About what an image costs; what a document costs can only be known when it is read."""
_DEFAULT_OUTPUT: Final = 1024
"""Of a request that sets no bound to its answer: most answers are shorter."""

# Dialect -> where its clients bound the answer, as section (None: the body itself) and name; the first that is there
# counts (wire/openai-chat.md, openai-responses.md, anthropic.md, gemini.md, bedrock.md).
_BOUNDS: Final[dict[str, tuple[tuple[str | None, str], ...]]] = {
    "openai_chat": ((None, "max_completion_tokens"), (None, "max_tokens")),
    "openai_responses": ((None, "max_output_tokens"),),
    "anthropic": ((None, "max_tokens"),),
    "gemini": (
        ("generationConfig", "maxOutputTokens"),
        ("generation_config", "max_output_tokens"),
        ("generationConfig", "max_output_tokens"),
        ("generation_config", "maxOutputTokens"),
    ),
    "bedrock": (("inferenceConfig", "maxTokens"),),
}


def input_tokens(size: int, media: int) -> int:
    """Of a body.

    Args:
        size: its bytes, without long media.
        media: how many long ones there are.
    """
    return size // _BYTES_A_TOKEN + media * _TOKENS_A_MEDIUM


def output_tokens(dialect: str, body: Any) -> int:
    """Of the longest answer that a body allows."""
    if type(body) is dict:
        for section, name in _BOUNDS.get(dialect, ()):
            place = body if section is None else body.get(section)
            value = place.get(name) if type(place) is dict else None
            if type(value) is int and value > 0:
                return value
    return _DEFAULT_OUTPUT
