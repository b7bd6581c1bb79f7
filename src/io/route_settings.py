"""``[routes.NAME]`` as records: what the configuration may say of a model name of its own over several targets."""

import re
from typing import Any, Final

import attrs

from . import checks
from .checks import FieldError
from .policy import NO_POLICY, OnLoss

STRATEGIES: Final = ("priority", "weighted", "latency")
SESSIONS: Final = ("user", "key", "conversation")
"""What a session may be told by, beside a header."""
HEADER: Final = "header:"

_HEADER: Final = re.compile(r"header:[A-Za-z0-9!#$%&'*+.^_`|~-]+")


@attrs.frozen
class RouteTarget:
    """One of a route's targets: ``"account/model"``, or a table.

    Attributes:
        model: the model, as ``account/model``.
        weight: its share, against the weights of the others, where the strategy is ``weighted`` or sessions stick.
        max_concurrent: most requests of this route that the target answers at once, in each worker; None means no
            limit of its own.
    """

    model: str = attrs.field(validator=checks.not_empty)
    weight: float = attrs.field(default=1.0, validator=checks.positive)
    max_concurrent: int | None = attrs.field(default=None, validator=attrs.validators.optional(checks.positive))

    def __str__(self) -> str:
        said = [] if self.weight == 1 else [f"weight {self.weight:g}"]
        if self.max_concurrent is not None:
            said.append(f"max_concurrent {self.max_concurrent}")
        return f"{self.model} ({', '.join(said)})" if said else self.model


@attrs.frozen
class Retry:
    """``[routes.NAME.retry]``: what is tried again.

    Attributes:
        attempts: how often a target is asked at most, before the next one is; 1 to 20.
        on: statuses and error codes after which another attempt is made, for example ``429`` or
            ``"context_length_exceeded"``; connections that fail are among them without being listed.
    """

    attempts: int = attrs.field(default=2, validator=checks.attempts)
    on: tuple[int | str, ...] = attrs.field(
        default=(408, 429, 500, 502, 503, 504, 529), validator=checks.error_statuses
    )


@attrs.frozen
class Timeouts:
    """``[routes.NAME.timeouts]``: seconds that take the place of the server's, for requests to this route.

    Attributes:
        connect: time to reach a target; None means the server's ``connect_timeout_seconds``.
        first_byte: time until a target begins to answer, after which the next one is asked: for a stream until the
            first piece of an answer, for others until the head of the reply; None means the server's
            ``upstream_timeout_seconds``.
        idle: longest silence inside a stream; None means the server's ``idle_timeout_seconds``.
        total: time of a request, over all attempts and the waits between them, to the end of its answer; None means
            unlimited.
    """

    connect: float | None = attrs.field(default=None, validator=attrs.validators.optional(checks.positive))
    first_byte: float | None = attrs.field(default=None, validator=attrs.validators.optional(checks.positive))
    idle: float | None = attrs.field(default=None, validator=attrs.validators.optional(checks.positive))
    total: float | None = attrs.field(default=None, validator=attrs.validators.optional(checks.positive))


@attrs.frozen
class RouteConfig:
    """``[routes.NAME]``: a model name of its own over several targets.

    Attributes:
        targets: the models that may answer, as ``"account/model"`` or ``{ model = "account/model", weight = 3 }``.
        strategy: which target is asked first, and which one after it: ``priority`` (in their order), ``weighted`` (at
            random, by their weights) or ``latency`` (the one that took least time for a token of its answers lately).
        retry: how often each target is asked, and after which statuses and codes.
        on_loss: policy for losses of requests to this route.
        sticky: what tells a session, whose requests go to one target while it is healthy: ``user``, ``key``,
            ``conversation`` or ``header:NAME``; None means that each request is on its own.
        required_affinity: whether a request with state that only the provider can read who gave it out, such as
            encrypted reasoning, is refused where no target reads it; if not, the state is dropped as a last resort.
        timeouts: of requests to this route.
        cache_seconds: how long answers are kept and told again to equal requests; 0 means that they are not, unless a
            request asks for it, None means the ``ttl_seconds`` of ``[cache]``.
    """

    targets: tuple[RouteTarget, ...] = attrs.field()
    strategy: str = attrs.field(default="priority")
    retry: Retry = attrs.field(factory=Retry)
    on_loss: OnLoss = attrs.field(default=NO_POLICY, validator=checks.on_loss)
    sticky: str | None = attrs.field(default=None)
    required_affinity: bool = False
    timeouts: Timeouts = attrs.field(factory=Timeouts)
    cache_seconds: float | None = attrs.field(default=None, validator=attrs.validators.optional(checks.not_negative))

    @targets.validator
    def _check_targets(self, attribute: "attrs.Attribute[Any]", value: tuple[RouteTarget, ...]) -> None:
        models = [target.model for target in value]
        if not models:
            raise FieldError(attribute.name, "must name at least one model")
        if twice := next((model for model in models if models.count(model) > 1), None):
            raise FieldError(attribute.name, f'"{twice}" is there twice')

    @strategy.validator
    def _check_strategy(self, attribute: "attrs.Attribute[str]", value: str) -> None:
        if value not in STRATEGIES:
            raise FieldError(attribute.name, f'"{value}" must be {_either(STRATEGIES)}')

    @sticky.validator
    def _check_sticky(self, attribute: "attrs.Attribute[Any]", value: str | None) -> None:
        if value is not None and value not in SESSIONS and not _HEADER.fullmatch(value):
            raise FieldError(attribute.name, f'"{value}" must be {_either((*SESSIONS, "header:NAME"))}')

    def __attrs_post_init__(self) -> None:
        if self.strategy != "weighted" and self.sticky is None and any(target.weight != 1 for target in self.targets):
            raise FieldError("targets", 'a weight needs strategy = "weighted", or sticky')


def _either(words: tuple[str, ...]) -> str:
    quoted = [f'"{word}"' for word in words]
    return f"{', '.join(quoted[:-1])} or {quoted[-1]}"
