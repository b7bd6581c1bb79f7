"""A call to a provider, and what the client is told when it fails."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import attrs

from .attempt import Failover, Watch
from .cache import Keep
from .core import Core
from .credentials import Source, Unavailable
from .deadline import Deadline
from .headers import RawHeaders, losses_header, pairs
from .http import RETRY_AFTER
from .refusal import Refusal
from .secret import MASK

_HIDDEN: Final = MASK.encode("ascii")

FAILURES: Final = {
    "connect": (502, "upstream_unreachable", "cannot be reached"),
    "tls": (502, "upstream_unreachable", "cannot be reached safely"),
    "timeout": (504, "upstream_timeout", "did not answer in time"),
    "reset": (502, "upstream_closed", "closed the connection before its answer was complete"),
    "protocol": (502, "upstream_invalid", "did not answer in HTTP"),
    "truncated": (502, "upstream_truncated", "stopped in the middle of its answer"),
    "too_large": (502, "upstream_too_large", "sent a larger answer than this gateway takes"),
    "overloaded": (503, "overloaded", "answered while this gateway held as many bodies as it may"),
}
"""Kind of an upstream error -> status, code, words."""


@attrs.define
class Call:
    """A translated call. Nothing is set after it was made; a frozen class would cost four times as much to make.

    Attributes:
        head: the core's answer to the request, parsed.
        body: the provider's bytes.
        headers: with credentials.
        provider: its name, for messages.
        deadline: the client's, if it has one.
        reply_headers: the gateway's own headers of every answer to this request.
        stamp: ``now`` and ``id`` for the core.
        secret: the credential, ``b""`` when there is none.
        source: what gives the credentials, where `headers` do not hold them already.
        failover: answers that the client is not told, since another attempt may do better; None where none is.
        watch: the time-outs of the route.
        keep: where a good answer goes that is to be told again; None where it is not.
    """

    head: dict[str, Any]
    body: bytes
    headers: list[tuple[bytes, bytes]] = attrs.field(repr=False)
    provider: str
    deadline: Deadline | None
    reply_headers: list[tuple[bytes, bytes]]
    stamp: dict[str, Any]
    secret: bytes = attrs.field(repr=False)
    source: Source | None = None
    failover: Failover | None = None
    watch: Watch | None = None
    keep: Keep | None = None

    def hide(self, data: bytes) -> bytes:
        """The data without the credential: some servers repeat what they were sent when they refuse it."""
        return data.replace(self.secret, _HIDDEN) if self.secret else data

    def hide_in(self, core: Core, pipe: Any, data: bytes) -> bytes:
        """The same for a stream's bytes, whose framing may have lengths and checksums."""
        return core.conceal(pipe, data, self.secret, _HIDDEN) if self.secret and self.secret in data else data

    def answer_headers(
        self, first: RawHeaders, head: dict[str, Any], losses: Sequence[Mapping[str, str]]
    ) -> list[tuple[bytes, bytes]]:
        """The headers of the client's answer.

        Args:
            first: those of its content.
            head: the core's, with the provider's that pass.
            losses: of the request and of what is told of the answer.
        """
        headers = [*first, *self.reply_headers]
        if extra := head.get("headers"):
            # The provider's own limits are not the client's, where it has some with the gateway.
            own = {name for name, _ in self.reply_headers if b"ratelimit-" in name}
            headers += [(name, self.hide(value)) for name, value in pairs(extra) if name not in own]
        if losses:
            headers.append((b"x-dragoman-losses", losses_header(losses)))
        return headers

    def leaves(self, upstream_status: int, status: int, error: Mapping[str, Any] | None) -> bool:
        """Whether the client is not told of an answer with these statuses, the provider's and its own, and error."""
        return self.failover is not None and self.failover.takes(upstream_status, status, error)


class Whole(NamedTuple):
    """A whole answer in the client's dialect."""

    status: int
    headers: Sequence[tuple[bytes, bytes]]
    body: bytes


class Unserved(Exception):  # noqa: N818 - the program has no error
    """A failure in the client's dialect that the client was not told, since another attempt may do better."""

    def __init__(self, answer: Whole) -> None:
        super().__init__(f"status {answer.status}")
        self.answer = answer

    @property
    def status(self) -> int:
        """Its HTTP status."""
        return self.answer.status


class Declined(Unserved):
    """The same of a request that the core would not translate for a target: no provider was asked."""


def invalid(call: Call, words: str) -> Refusal:
    """A provider that does not answer as its API promises."""
    return Refusal(502, "upstream_invalid", f"{call.provider} {words}.")


def failed(call: Call, kind: str, detail: str) -> Refusal:
    """A provider that could not be used, by the kind of the upstream error."""
    status, code, words = FAILURES.get(kind, FAILURES["protocol"])
    headers = (RETRY_AFTER,) if status == 503 else ()
    return Refusal(status, code, f"{call.provider} {words} ({detail}).", headers=headers)


def without_credentials(provider: str, error: Unavailable) -> Refusal:
    """An account whose credentials cannot be had."""
    wait = math.ceil(error.retry_after)
    headers = ((b"retry-after", b"%d" % wait),) if wait else ()
    message = f"There are no credentials for {provider}: {error.message}."
    refusal = Refusal(502, "credentials_unavailable", message, headers=headers)
    refusal.asked = False
    return refusal
