"""The addresses of the gateway, as one table: which path speaks which dialect. Nothing here looks into a body."""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final, Literal
from urllib.parse import unquote

import attrs

from .refusal import Refusal

Action = Literal["generate", "count", "embed", "models", "model", "live", "ready", "metrics"]


@attrs.frozen
class Route:
    """What an address means.

    Attributes:
        action: what to do.
        dialect: the client's wire format, also for errors.
        model: the model, where the path names it.
        head: what the path says to the core of what is asked.
    """

    action: Action
    dialect: str
    model: str | None = None
    head: Mapping[str, Any] = MappingProxyType({})


DEFAULT_DIALECT: Final = "openai_chat"
_COUNT: Final = {"what": "count"}

# (method, path under "/v1" and under the bare root, action, dialect)
_EXACT: Final[tuple[tuple[str, str, Action, str], ...]] = (
    ("POST", "/chat/completions", "generate", "openai_chat"),
    ("POST", "/responses", "generate", "openai_responses"),
    ("POST", "/messages", "generate", "anthropic"),
    ("POST", "/messages/count_tokens", "count", "anthropic"),
    ("POST", "/embeddings", "embed", "openai_chat"),
    ("GET", "/models", "models", "openai_chat"),
)
_PROBES: Final[tuple[tuple[str, Action], ...]] = (
    ("/health/live", "live"),
    ("/health/ready", "ready"),
    ("/metrics", "metrics"),
)

# Where a path names its model: what stands between the model and the verb, and what the verbs mean.
_VERBS: Final[Mapping[str, tuple[str, Mapping[str, tuple[Action, Mapping[str, Any]]]]]] = {
    "gemini": (
        ":",
        {
            "generateContent": ("generate", {"stream": False}),
            "streamGenerateContent": ("generate", {"stream": True}),
            "countTokens": ("count", _COUNT),
        },
    ),
    "bedrock": (
        "/",
        {
            "converse": ("generate", {"stream": False}),
            "converse-stream": ("generate", {"stream": True}),
            "count-tokens": ("count", _COUNT),
        },
    ),
}
# (what the path begins with, after a prefix; its dialect)
_NAMING: Final = (("/v1beta/models/", "gemini"), ("/v1/models/", "gemini"), ("/model/", "bedrock"))

_GOOGLE_VERB: Final = re.compile(r"[a-z]+[A-Z][A-Za-z]*")
_DIALECT_WORDS: Final = (("/v1beta/", "gemini"), ("/messages", "anthropic"), ("/responses", "openai_responses"))


class Routes:
    """The routing table of one server.

    Args:
        prefixes: paths under which the whole API is served too.

    Attributes:
        dialects: those that some path speaks.
    """

    def __init__(self, prefixes: Iterable[str] = ()) -> None:
        self._prefixes = ("", *prefixes)
        self._exact: dict[tuple[str, str], Route] = {}
        self._methods: dict[str, set[str]] = {}
        # Beginning of the paths of single models -> the dialect of their description.
        self._model_roots: dict[str, str] = {}
        self.dialects = frozenset({*_VERBS, *(dialect for *_, dialect in _EXACT)})
        for path, probe in _PROBES:
            self._add("GET", path, Route(probe, DEFAULT_DIALECT))
        for prefix in self._prefixes:
            for root in (prefix, f"{prefix}/v1"):
                for method, path, action, dialect in _EXACT:
                    self._add(method, root + path, Route(action, dialect, head=_COUNT if action == "count" else {}))
                self._model_roots[f"{root}/models/"] = DEFAULT_DIALECT
            self._add("GET", f"{prefix}/v1beta/models", Route("models", "gemini"))
            self._model_roots[f"{prefix}/v1beta/models/"] = "gemini"

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
        for prefix in self._prefixes:
            for begin, dialect in _NAMING:
                root = prefix + begin
                route = _named(dialect, path[len(root) :], query) if path.startswith(root) else None
                if route is not None:
                    if method != "POST":
                        raise _wrong_method(path, {"POST"})
                    return route
        for root, dialect in self._model_roots.items():
            if path.startswith(root) and len(path) > len(root):
                if method == "POST" and dialect == "gemini":
                    break  # a verb that there is not
                if method not in ("GET", "HEAD"):
                    raise _wrong_method(path, {"GET"})
                return Route("model", dialect, model=unquote(path[len(root) :]))
        raise Refusal(404, "unknown_route", f"There is nothing at {method} {_shown(path)}.")


def dialect_of(path: str) -> str:
    """The dialect that a path suggests, for answers to requests that have no route."""
    if path.endswith("/chat/completions"):
        return DEFAULT_DIALECT
    if "/models/" in path and _GOOGLE_VERB.fullmatch(path.rpartition(":")[2]):
        return "gemini"
    if "/model/" in path and path.rpartition("/")[2] in _VERBS["bedrock"][1]:
        return "bedrock"
    return next((dialect for word, dialect in _DIALECT_WORDS if word in path), DEFAULT_DIALECT)


def _named(dialect: str, rest: str, query: str) -> Route | None:
    """The route of a path that names its model and ends in a verb; None when it is none of the dialect's."""
    separator, verbs = _VERBS[dialect]
    model, _, verb = rest.rpartition(separator)
    if not model or verb not in verbs:
        return None
    action, head = verbs[verb]
    # Google's API streams one JSON array unless it is asked for events.
    if dialect == "gemini" and head.get("stream") and "alt=sse" not in query.split("&"):
        head = {**head, "stream_form": "array"}
    return Route(action, dialect, model=unquote(model), head=head)


def _wrong_method(path: str, allowed: set[str]) -> Refusal:
    names = ", ".join(sorted(allowed))
    return Refusal(
        405, "method_not_allowed", f"{_shown(path)} takes {names} only.", headers=((b"allow", names.encode()),)
    )


def _shown(path: str) -> str:
    return path if len(path) <= 100 else f"{path[:97]}..."
