"""The heads of requests to the core: what the configuration, the account, the key and the client say of a request."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import orjson

from .accounts import KEPT, MAX_KEPT, Target
from .catalog import model_rows
from .config import Config
from .keys import Key
from .options import Options
from .policy import settled
from .routes import Route


class Heads:
    """Makes them. What is the same for all requests of a dialect to a target is made once."""

    def __init__(self, config: Config) -> None:
        self._common = _common_head(config)
        self._begin = lru_cache(maxsize=KEPT)(self._make)

    def of(
        self,
        route: Route,
        headers: Mapping[bytes, bytes],
        key: Key,
        target: Target,
        options: Options,
        stamp: Mapping[str, Any],
    ) -> bytes:
        """The core's head for a request. Of a key that it has twice, the second counts."""
        head: dict[str, Any] = {**stamp, **route.head}
        if passed := target.account.passed(headers):
            head["headers"] = passed
        if key.on_loss or options.on_loss:
            head["on_loss"] = {**settled((target.on_loss, key.on_loss, options.on_loss))}
        if options.strict_openai is not None:
            head["strict_openai"] = options.strict_openai
        if options.explain:
            head["explain"] = True
        begin = self._begin if len(target.model) <= MAX_KEPT else self._make
        return begin(route.dialect, target) + orjson.dumps(head)[1:]

    def _make(self, dialect: str, target: Target) -> bytes:
        head = {**self._common, **target.account.head, "from": dialect, "model": target.model}
        if target.on_loss:
            head["on_loss"] = dict(target.on_loss)
        if target.family is not None:
            head["family"] = target.family
        return orjson.dumps(head)[:-1] + b","


def with_more(head: bytes, more: Mapping[str, Any]) -> bytes:
    """A head that says more, or says something else than it did."""
    return head[:-1] + b"," + orjson.dumps(more)[1:] if more else head


def _common_head(config: Config) -> dict[str, Any]:
    """The part of the core's head that is the same for all requests."""
    server = config.server
    head: dict[str, Any] = {}
    if server.strict_openai:
        head["strict_openai"] = True
    if server.prompt_cache != "asked":
        head["prompt_cache"] = server.prompt_cache
    if config.models:
        head["models"] = orjson.Fragment(orjson.dumps(model_rows(config)))
    return head
