"""The addresses of the gateway, as one table: which path speaks which dialect. Nothing here looks into a body."""

from collections.abc import Iterable
from typing import Final, Literal
from urllib.parse import unquote

import attrs

from .refusal import Refusal

Action = Literal["generate", "count_tokens", "models", "model", "live", "ready"]


@attrs.frozen
class Route:
    """What an address means.

    Attributes:
        action: what to do.
        dialect: the client's wire format, also for errors.
        model: the model, where the path names it.
        stream: whether the answer is a stream, where the path says so.
        form: how the stream shall look, where the query says so: ``array`` is one JSON array.
    """

    action: Action
    dialect: str
    model: str | None = None
    stream: bool | None = None
    form: str | None = None


DEFAULT_DIALECT: Final = "openai_chat"

# (method, path under "/v1" and under the bare root, action, dialect)
_EXACT: Final[tuple[tuple[str, str, Action, str], ...]] = (
    ("POST", "/chat/completions", "generate", "openai_chat"),
    ("POST", "/responses", "generate", "openai_responses"),
    ("POST", "/messages", "generate", "anthropic"),
    ("POST", "/messages/count_tokens", "count_tokens", "anthropic"),
    ("GET", "/models", "models", "openai_chat"),
)
_PROBES: Final[tuple[tuple[str, Action], ...]] = (("/health/live", "live"), ("/health/ready", "ready"))

# (word after the last colon of a model path, whether it streams)
_GEMINI_PREFIX: Final = "/v1beta/models/"
_GEMINI_VERBS: Final = {"generateContent": False, "streamGenerateContent": True}

# (last step of a path of the AWS API, whether it streams)
_CONVERSE_PREFIX: Final = "/model/"
_CONVERSE_VERBS: Final = {"converse": False, "converse-stream": True}

_DIALECT_WORDS: Final = (
    ("/model/", "bedrock"),
    ("/v1beta/", "gemini"),
    ("/messages", "anthropic"),
    ("/responses", "openai_responses"),
)


class Routes:
    """The routing table of one server.

    Args:
        prefixes: paths under which the whole API is served too.

    Attributes:
        dialects: those that some path speaks.
    """

    def __init__(self, prefixes: Iterable[str] = ()) -> None:
        self._prefixes = tuple(prefixes)
        self._exact: dict[tuple[str, str], Route] = {}
        self._methods: dict[str, set[str]] = {}
        self._model_roots: list[str] = []
        self.dialects = frozenset({"gemini", "bedrock", *(dialect for *_, dialect in _EXACT)})
        for path, probe in _PROBES:
            self._add("GET", path, Route(probe, DEFAULT_DIALECT))
        for prefix in ("", *self._prefixes):
            for root in (prefix, f"{prefix}/v1"):
                for method, path, action, dialect in _EXACT:
                    self._add(method, root + path, Route(action, dialect))
                self._model_roots.append(f"{root}/models/")

    def _add(self, method: str, path: str, route: Route) -> None:
        self._exact[method, path] = route
        self._methods.setdefault(path, set()).add(method)

    def find(self, method: str, path: str, query: str = "") -> Route:
        """The route of a request.

        Raises:
            Refusal: 404 for an unknown path, 405 for another method than the path takes.
        """
        route = self._exact.get((method, path))
        if route is None and method == "HEAD":
            route = self._exact.get(("GET", path))
        return route if route is not None else self._find_by_pattern(method, path, query)

    def _find_by_pattern(self, method: str, path: str, query: str) -> Route:
        allowed = self._methods.get(path)
        if allowed is not None:
            raise _wrong_method(path, allowed)
        for root in self._model_roots:
            if path.startswith(root) and len(path) > len(root):
                if method not in ("GET", "HEAD"):
                    raise _wrong_method(path, {"GET"})
                return Route("model", DEFAULT_DIALECT, model=unquote(path[len(root) :]))
        for prefix in ("", *self._prefixes):
            if path.startswith(prefix + _GEMINI_PREFIX):
                return _gemini(method, path, path[len(prefix + _GEMINI_PREFIX) :], query)
            if path.startswith(prefix + _CONVERSE_PREFIX):
                return _converse(method, path, path[len(prefix + _CONVERSE_PREFIX) :])
        raise Refusal(404, "unknown_route", f"There is nothing at {method} {_shown(path)}.")


def dialect_of(path: str) -> str:
    """The dialect that a path suggests, for answers to requests that have no route."""
    for word, dialect in _DIALECT_WORDS:
        if word in path:
            return dialect
    return DEFAULT_DIALECT


def _gemini(method: str, path: str, rest: str, query: str) -> Route:
    model, _, verb = rest.rpartition(":")
    stream = _GEMINI_VERBS.get(verb)
    if stream is None or not model:
        raise Refusal(404, "unknown_route", f"There is nothing at {method} {_shown(path)}.")
    if method != "POST":
        raise _wrong_method(path, {"POST"})
    form = "array" if stream and "alt=sse" not in query.split("&") else None
    return Route("generate", "gemini", model=unquote(model), stream=stream, form=form)


def _converse(method: str, path: str, rest: str) -> Route:
    model, _, verb = rest.rpartition("/")
    stream = _CONVERSE_VERBS.get(verb)
    if stream is None or not model:
        raise Refusal(404, "unknown_route", f"There is nothing at {method} {_shown(path)}.")
    if method != "POST":
        raise _wrong_method(path, {"POST"})
    return Route("generate", "bedrock", model=unquote(model), stream=stream)


def _wrong_method(path: str, allowed: set[str]) -> Refusal:
    names = ", ".join(sorted(allowed))
    return Refusal(
        405, "method_not_allowed", f"{_shown(path)} takes {names} only.", headers=((b"allow", names.encode()),)
    )


def _shown(path: str) -> str:
    return path if len(path) <= 100 else f"{path[:97]}..."
