"""Whom a request may go to: every provider, with models that differ in what they take."""

from typing import Any, NamedTuple

from dragoman.translate.providers import PROVIDERS
from dragoman.translate.target import aim
from hypothesis import strategies as st

from .calls import PLACE, Sent, send
from .strategies import FETCHED

MODELS = {
    "openai": ("gpt-4o", "gpt-4", "gpt-5", "gpt-5.1", "gpt-5.6", "gpt-6-astra", "o3", "gpt-5.1-codex", "gpt-5.2-pro"),
    "azure": ("gpt-4o", "gpt-5", "gpt-5.6", "gpt-5.1-codex"),
    "xai": ("grok-4.5", "grok-4.3", "grok-3"),
    "groq": ("openai/gpt-oss-120b", "qwen/qwen3-32b", "qwen/qwen3.8-27b", "llama-3.3-70b-versatile"),
    "openai_compatible": ("some-model", "someone/else"),
    "anthropic": (
        "claude-sonnet-4-6", "claude-sonnet-4-5", "claude-sonnet-4-0", "claude-opus-5-5", "claude-opus-4-6",
        "claude-haiku-5-5", "claude-3-5-haiku",
    ),
    "bedrock": (
        "us.anthropic.claude-sonnet-4-6", "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
        "us.anthropic.claude-opus-4-8", "us.amazon.nova-2-lite-v1:0", "amazon.nova-lite-v1:0",
        "mistral.mistral-large-2407-v1:0", "us.meta.llama4-maverick-17b-instruct-v1:0", "deepseek.v3-v1:0",
        "openai.gpt-oss-120b-1:0",
        "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc",
    ),
    "gemini": (
        "gemini-2.5-flash", "gemini-2.5-pro", "gemini-3.5-flash", "gemini-4-argon", "gemini-2.0-flash", "gemma-3-4b-it",
    ),
    "vertex": ("gemini-2.5-flash", "gemini-3.5-flash", "claude-sonnet-4-5", "claude-opus-5-5"),
    "vertex_express": ("gemini-3.5-flash",),
}  # fmt: skip


class Aim(NamedTuple):
    """A provider and a model of it."""

    to: str
    model: str

    def ask(self, body: Any, client: str, **head: Any) -> Sent:
        """A client's request to it; what lies at addresses is there, and all losses are allowed unless said."""
        return send(body, client, self.to, **{"model": self.model, "media": FETCHED, "on_loss": "allow", **head})

    def target(self) -> Any:
        """The target, as ``fit`` takes it."""
        return aim(self.to, self.model, **PLACE)


ALL = tuple(Aim(to, model) for to, models in MODELS.items() for model in models)
PROVIDER_NAMES = tuple(PROVIDERS)


def at(provider: str) -> st.SearchStrategy[Aim]:
    """Models of a provider."""
    return st.sampled_from([goal for goal in ALL if goal.to == provider])


def speaking(dialect: str) -> st.SearchStrategy[Aim]:
    """Providers and models that are asked in a dialect, by clients of any."""
    return st.sampled_from([goal for goal in ALL if dialect in _dialects(goal.target())])


def _dialects(target: Any) -> set[str]:
    surfaces = (target,) if target.other is None else (target, target.other)
    return {surface.provider.dialect for surface in surfaces}
