"""What Bedrock's models accept through Converse: data, longest prefix first. Prefixes follow the region group."""

import re
from typing import Literal

import attrs

Forced = Literal["all", "any", "none"]


@attrs.frozen
class Model:
    """One family.

    Attributes:
        prefix: how its ids begin, after an ARN and a region group.
        forced: which tool choices but ``auto`` are taken.
        formats: whether ``outputConfig.textFormat`` and strict tools are taken.
        sampling: whether sampling is taken.
        switch: the additional field that asks for reasoning; empty where none does.
        always: whether it reasons unasked.
        hides: whether its reasoning is shown as ``[REDACTED]``.
        signs: whether its reasoning is signed.
        images, video: whether they are taken.
        cache: whether cache points are taken; those in tools only with ``signs``.
        status: whether a tool result may be marked.
    """

    prefix: str
    forced: Forced = "none"
    formats: bool = False
    sampling: bool = True
    switch: str = ""
    always: bool = False
    hides: bool = False
    signs: bool = False
    images: bool = False
    video: bool = False
    cache: bool = False
    status: bool = False


def _claude(prefix: str, *, formats: bool = False, sampling: bool = True, forced: Forced = "all") -> Model:
    return Model(
        prefix, forced, formats, sampling, "thinking", signs=True, images=True, cache=True, status=True
    )  # fmt: skip


MODELS = (
    _claude("anthropic.claude-3"),
    _claude("anthropic.claude-sonnet-4-20250514"),
    _claude("anthropic.claude-sonnet-4-5", formats=True),
    _claude("anthropic.claude-haiku-4-5", formats=True),
    _claude("anthropic.claude-opus-4-6", formats=True),
    _claude("anthropic.claude-sonnet-4-6", formats=True),
    _claude("anthropic.claude-opus-4-8", sampling=False),
    _claude("anthropic.claude-sonnet-5", sampling=False),
    _claude("anthropic.claude-opus-5", sampling=False),
    _claude("anthropic.claude-opus-5-5", sampling=False, forced="none"),
    Model("amazon.nova", "all", images=True, video=True, cache=True, status=True),
    Model(
        "amazon.nova-2", "all", switch="reasoningConfig", hides=True, images=True, video=True, cache=True, status=True
    ),
    Model("meta.llama"),
    Model("mistral.mistral-large", "any"),
    Model("mistral."),
    Model("deepseek.r1", always=True),
    Model("deepseek.v3", switch="reasoning_config", formats=True),
    Model("openai.gpt-oss", switch="reasoning_effort", always=True, formats=True),
    Model("qwen.", formats=True),
)
BEFORE = re.compile(r"(?:arn:[^/]+/)?(?:(?:us|us-gov|eu|apac|jp|au|global)\.)?")


def model(name: str) -> Model | None:
    """The family of an id; nothing for an id that is none."""
    found = BEFORE.match(name)
    bare = name[found.end() :] if found else name
    rows = [row for row in MODELS if bare.startswith(row.prefix)]
    return max(rows, key=lambda row: len(row.prefix), default=None)
