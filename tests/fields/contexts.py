"""The smallest requests around nested fields, by client's dialect.

Pointer of the table -> (a request, the pointer of that thing in it). The nearest one is used.
"""

from collections.abc import Mapping
from typing import Any

from . import anthropic, bedrock, gemini, openai_chat, openai_responses

Contexts = Mapping[str, tuple[Any, str]]

CONTEXTS: Mapping[str, Contexts] = {
    "openai_chat": openai_chat.CONTEXTS,
    "openai_responses": openai_responses.CONTEXTS,
    "anthropic": anthropic.CONTEXTS,
    "gemini": gemini.CONTEXTS,
    "bedrock": bedrock.CONTEXTS,
}
