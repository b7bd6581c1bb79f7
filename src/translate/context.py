"""What a reply needs to know of its request: a small JSON value that travels beside the call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from .records import TranslationError
from .records.quick import maker, record
from .records.request import NOTHING


@record
class Context:
    """Notes from a request for its reply.

    Attributes:
        client: the client's dialect.
        provider: name of the provider row.
        dialect: the provider's dialect.
        model: the upstream model id.
        stream: whether the client asked for a stream.
        include_usage: whether a streamed answer shall end with usage.
        stream_form: how the client wants its stream, where its dialect has several forms: ``array`` is one JSON array.
        names: provider's tool name -> the client's, where the provider refuses the client's.
        custom: names of free-text tools that were sent as functions.
        json_tool: the tool whose arguments are the answer, when a response format was converted.
        json_text: whether the answer is to be JSON by instruction only, and is checked here.
        json_at: where the client asked for that.
        json_schema: what the answer is checked by; None means that any object will do.
        legacy: whether the client used the deprecated ``functions``.
        cite: whether citations may come, so that offsets are counted.
        strict: whether the client wants no key beyond its dialect.
        explain: whether the losses go into the reply's body.
        losses: the request's losses, only when ``explain`` is set.
        echo: what of the request its reply says again, in dialects that do.
        count: the form of the answer, when the request was to count its tokens.
    """

    client: str
    provider: str
    dialect: str
    model: str
    stream: bool = False
    include_usage: bool = False
    stream_form: str | None = None
    names: Mapping[str, str] = NOTHING
    custom: tuple[str, ...] = ()
    json_tool: str | None = None
    json_text: bool = False
    json_at: str = "/response_format"
    json_schema: Mapping[str, Any] | None = None
    legacy: bool = False
    cite: bool = False
    strict: bool = False
    explain: bool = False
    losses: tuple[dict[str, str], ...] = ()
    echo: Mapping[str, Any] = NOTHING
    count: str | None = None

    @classmethod
    def read(cls, value: Any) -> Context:
        """The notes from the ``context`` of a call.

        Raises:
            TranslationError: ``invalid_context`` for anything else.
        """
        try:
            client, provider, dialect, model = value["client"], value["provider"], value["dialect"], value["model"]
        except (KeyError, TypeError):
            raise TranslationError(_NO_CONTEXT, path="/context", code="invalid_context") from None
        if not type(client) is type(provider) is type(dialect) is type(model) is str:
            raise TranslationError(_NO_CONTEXT, path="/context", code="invalid_context")
        if len(value) == _FIRST:
            return _made(client, provider, dialect, model)
        known = {name: item for name, item in value.items() if name in _SHAPES}
        for name, item in known.items():
            if not isinstance(item, _SHAPES[name]):
                raise TranslationError(_NO_CONTEXT, path=f"/context/{name}", code="invalid_context")
        return _made(client, provider, dialect, model, **known)

    @property
    def restores(self) -> bool:
        """Whether names or converted formats must be undone in the reply."""
        return bool(self.names or self.custom or self.json_tool or self.json_text)


_made = maker(Context)

_NO_CONTEXT = "The head needs the 'context' of the request's answer, unchanged."
_FIRST = 4
"""Most contexts have nothing but these words."""
_SHAPES: dict[str, Any] = {
    "stream": bool, "include_usage": bool, "stream_form": str, "names": dict, "custom": list | tuple,
    "json_tool": str, "json_text": bool,
    "json_at": str, "json_schema": dict, "legacy": bool, "cite": bool, "strict": bool, "explain": bool,
    "losses": list | tuple, "echo": dict, "count": str,
}  # fmt: skip
"""What a note must be, where it is given."""


@record
class Stamp:
    """What a reply is stamped with where the provider says nothing, and what the caller wants to know of it.

    Attributes:
        now: seconds since 1970.
        id: a seed.
        tell_model: whether the head of the answer says what the provider calls the model that answered.
    """

    now: int = 0
    id: str = ""
    tell_model: bool = False


NO_STAMP: Final = Stamp()
