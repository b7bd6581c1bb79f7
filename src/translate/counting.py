"""Counting a request's tokens before it is made: how each wire asks for the number and tells it.

What is counted is a generating request without what is about its answer. So a client's question is read as such a
request, fitted and written for the provider like any other, and put into the form in which the provider is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from .records import TranslationError
from .records.quick import record

# What each wire counts (wire/anthropic.md, bedrock.md 16, gemini.md 16).
_MESSAGES: Final = (
    "anthropic_version", "messages", "system", "tools", "tool_choice", "thinking", "output_config", "cache_control",
    "speed",
)  # fmt: skip
_CONVERSE: Final = ("messages", "system", "toolConfig", "additionalModelRequestFields")
_VERTEX: Final = ("contents", "systemInstruction", "tools", "generationConfig")


@record
class Form:
    """A way to ask for a count.

    Attributes:
        key: of the number in the answer.
        request: the body of such a question -> the body of the generating request that it is about.
        question: the body of a generating request and the model's id -> the body of the question.
    """

    key: str
    request: Callable[[dict[str, Any]], Any]
    question: Callable[[dict[str, Any], str], dict[str, Any]]

    def number(self, answer: Any) -> int:
        """The number of an answer.

        Raises:
            TranslationError: 502, it is none.
        """
        value = answer.get(self.key) if isinstance(answer, dict) else None
        if type(value) is not int:
            raise TranslationError("The provider's reply holds no count.", code="bad_reply", status=502)
        return value


def _limited(question: dict[str, Any]) -> Any:
    """A generating request of Anthropic's must state a limit, which is above the thinking budget. It is not counted."""
    thinking = question.get("thinking")
    budget = thinking.get("budget_tokens") if isinstance(thinking, dict) else None
    return {"max_tokens": budget + 1024 if type(budget) is int else 1024, **question}


def _of_converse(question: dict[str, Any]) -> Any:
    given = question.get("input")
    if not isinstance(given, dict) or "converse" not in given:
        raise TranslationError(
            "Missing required parameter: 'input.converse'. Only requests of Converse are counted.",
            path="/input/converse",
            code="missing_required_parameter",
        )
    return given["converse"]


def _kept(body: dict[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: body[key] for key in keys if key in body}


FORMS: Final[Mapping[str, Form]] = MappingProxyType({
    "anthropic": Form(
        "input_tokens",
        _limited,
        lambda body, model: {"model": model, **_kept(body, _MESSAGES)},
    ),
    "gemini": Form(
        "totalTokens",
        lambda question: question.get("generateContentRequest", question),
        lambda body, model: {"generateContentRequest": {"model": f"models/{model}", **body}},
    ),
    "vertex": Form("totalTokens", lambda question: question, lambda body, _: _kept(body, _VERTEX)),
    "bedrock": Form("inputTokens", _of_converse, lambda body, _: {"input": {"converse": _kept(body, _CONVERSE)}}),
})  # fmt: skip
"""Forms by name. A client's is named like its dialect, a provider's by its row."""


def form_of_client(dialect: str) -> Form:
    """The form in which the clients of a dialect ask.

    Raises:
        TranslationError: 404, they have none.
    """
    form = FORMS.get(dialect)
    if form is None:
        raise TranslationError(f"The dialect '{dialect}' has no way to count tokens.", code="not_offered", status=404)
    return form
