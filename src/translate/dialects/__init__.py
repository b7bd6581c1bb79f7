"""The registry of wire formats."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from . import anthropic, bedrock, gemini, openai_chat, openai_responses
from .dialect import Dialect

__all__ = ["DIALECTS", "Dialect"]

DIALECTS: Final[Mapping[str, Dialect]] = MappingProxyType(
    {module.DIALECT.name: module.DIALECT for module in (openai_chat, openai_responses, anthropic, gemini, bedrock)}
)
