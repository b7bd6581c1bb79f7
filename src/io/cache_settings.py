"""What a configuration may say of the cache of answers."""

from typing import Any, Final

import attrs

from . import checks
from .checks import FieldError

STORES: Final = ("memory", "shared")
SCOPES: Final = ("gateway", "key")


@attrs.frozen
class CacheConfig:
    """``[cache]``: answers that are kept and told again to equal requests, where a lifetime is given.

    Attributes:
        ttl_seconds: how long answers are told again, of requests whose route does not say; 0 means that they are not,
            unless a request asks for it.
        store: where they are kept: ``memory`` of each worker, or ``shared``, in the server of ``[server] shared``.
        max_bytes: most bytes of answers in memory, in each worker; those asked for least lately make room.
        max_answer_bytes: largest answer that is kept.
        scope: who is told an answer: ``gateway`` (every key that asks for the same) or ``key`` (only the key that asked
            for it first).
    """

    ttl_seconds: float = attrs.field(default=0.0, validator=checks.not_negative)
    store: str = attrs.field(default="memory")
    max_bytes: int = attrs.field(default=67_108_864, validator=checks.positive)
    max_answer_bytes: int = attrs.field(default=4_194_304, validator=checks.positive)
    scope: str = attrs.field(default="gateway")

    @store.validator
    def _check_store(self, attribute: "attrs.Attribute[Any]", value: str) -> None:
        if value not in STORES:
            raise FieldError(attribute.name, f'"{value}" must be "memory" or "shared"')

    @scope.validator
    def _check_scope(self, attribute: "attrs.Attribute[Any]", value: str) -> None:
        if value not in SCOPES:
            raise FieldError(attribute.name, f'"{value}" must be "gateway" or "key"')

    def __attrs_post_init__(self) -> None:
        if self.max_answer_bytes > self.max_bytes:
            raise FieldError("max_answer_bytes", f"{self.max_answer_bytes} is more than max_bytes, {self.max_bytes}")
