"""The values that pass between the server and a provider's behaviour."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal, NoReturn

import attrs
import orjson

Ending = Literal["clean", "truncate", "stall", "reset", "hang"]
Headers = tuple[tuple[str, str], ...]

CREATED = 1_795_000_000
"""The one moment at which everything here happens."""


@attrs.frozen
class Call:
    """One request as it came in; header names are lower case, the last one of a name wins."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def bearer(self) -> str:
        """The bearer token, or nothing."""
        kind, _, token = self.headers.get("authorization", "").partition(" ")
        return token.strip() if kind.lower() == "bearer" else ""

    def json(self) -> Any:
        """The body as JSON; raises `ValueError` when it is none."""
        return orjson.loads(self.body)


@attrs.frozen
class Reply:
    """One answer. With `frames` it is a stream and `body` is not looked at."""

    status: int
    headers: Headers
    body: bytes = b""
    frames: Iterable[bytes] | None = None
    pause: float = 0.0
    """Seconds before every frame."""
    ending: Ending = "clean"


@attrs.frozen
class Refused(Exception):  # noqa: N818 - the provider refuses; the program has no error
    """What the provider answers instead of an answer; each provider writes it in its own shape."""

    status: int
    message: str
    kind: str = "invalid_request_error"
    param: str | None = None
    code: str | None = None
    headers: Headers = ()


def refuse(message: str, param: str | None = None, code: str | None = None) -> NoReturn:
    """Refuse with a 400."""
    raise Refused(400, message, param=param, code=code)


Answer = Callable[[Call], Reply]


def dump(value: object) -> bytes:
    """Compact JSON."""
    return orjson.dumps(value)


def json_reply(status: int, value: object, headers: Headers = ()) -> Reply:
    """An answer in one piece."""
    return Reply(status, (("content-type", "application/json"), *headers), dump(value))


def stream_reply(frames: Iterable[bytes], headers: Headers = ()) -> Reply:
    """An answer as server-sent events."""
    kind = ("content-type", "text/event-stream; charset=utf-8")
    return Reply(200, (kind, ("cache-control", "no-cache"), *headers), frames=frames)
