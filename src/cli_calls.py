"""What ``dragoman translate`` and ``dragoman explain`` find out: calls that are shown instead of made."""

import secrets
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs
import orjson

from .io.config import Row
from .io.core import Answer, Core
from .io.structure import suggestion


class NotTranslated(Exception):  # noqa: N818 - the fault is in the input, not in the program
    """The core refused. ``losses`` is why, when a policy did."""

    def __init__(self, message: str, losses: Sequence[Mapping[str, str]] = ()) -> None:
        super().__init__(message)
        self.losses = losses


class UnknownProvider(Exception):  # noqa: N818 - the fault is in the command, not in the program
    """There is no such provider. ``option`` is where it was named."""

    def __init__(self, message: str, option: str = "--to") -> None:
        super().__init__(message)
        self.option = option


@attrs.frozen
class Wish:
    """Between whom a message is translated: the client's dialect, the provider's name, its model or None."""

    source: str
    provider: str
    model: str | None


@attrs.frozen
class Plan:
    """A call that would be made: the head of the core's answer, the native body, the auth kind of its provider."""

    head: Mapping[str, Any]
    body: bytes
    auth: str

    def losses(self) -> list[dict[str, str]]:
        """The losses, each with ``by``, what makes it necessary."""
        return [{**loss, "by": by} for loss, by in zip(self.head["losses"], self.head["causes"], strict=True)]


def plan(core: Core, wish: Wish, body: bytes) -> Plan:
    """The call that a request leads to.

    Raises:
        NotTranslated: the request is at fault, or needs what is not there.
        UnknownProvider: there is no such provider.
    """
    row = _row(core, wish.provider)
    head = {"from": wish.source, "to": wish.provider, "explain": True, "causes": True, **_stamp(), **_placeholders(row)}
    if wish.model is not None:
        head["model"] = wish.model
    answer = core.request(orjson.dumps(head), body)
    found = orjson.loads(answer.head)
    if answer.status == 428:
        needed = ", ".join(f"{url} ({found['params'][url]})" for url in found["needs"])
        raise NotTranslated(f"{wish.provider} takes no media URLs; these must be sent as data: {needed}")
    if answer.status != 200:
        raise NotTranslated(f"refused with {answer.status}: {error_text(answer.body)}", found.get("losses", ()))
    return Plan(found, answer.body, row["auth"])


def reply(core: Core, wish: Wish, status: int, body: bytes) -> Answer:
    """A provider's whole reply as the client would get it.

    Raises:
        UnknownProvider: there is no such provider.
    """
    return core.reply(_reply_head(core, wish, status, stream=False), body)


def stream(core: Core, wish: Wish, status: int, pieces: Iterable[bytes]) -> Iterator[bytes | Mapping[str, Any]]:
    """A provider's stream as the client would get it: bytes, and at last the closing head.

    Raises:
        NotTranslated: no stream begins so.
        UnknownProvider: there is no such provider.
    """
    begun, pipe = core.open(_reply_head(core, wish, status, stream=True))
    if begun != 200:
        raise NotTranslated(f"the stream cannot be translated ({begun})")
    for piece in pieces:
        pipe, out = core.feed(pipe, piece)
        yield out
    last, head = core.close(pipe)
    yield last
    closing: dict[str, Any] = orjson.loads(head)
    yield closing


def error_text(body: bytes) -> str:
    """The message inside an error body, or the body."""
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        value = None
    error = value.get("error", value) if isinstance(value, dict) else None
    message = error.get("message") if isinstance(error, dict) else None
    return message if isinstance(message, str) else body.decode("utf-8", "replace")


def _row(core: Core, provider: str) -> Row:
    rows: list[Row] = orjson.loads(core.providers())
    names = [row["name"] for row in rows]
    for row in rows:
        if row["name"] == provider:
            return row
    raise UnknownProvider(f"unknown provider '{provider}'{suggestion(provider, names)} (known: {', '.join(names)})")


def _stamp() -> dict[str, Any]:
    return {"now": int(time.time()), "id": secrets.token_hex(12)}


def _placeholders(row: Row) -> dict[str, str]:
    """What a configuration would say, by its name in capitals."""
    needs = {need: need.upper() for need in row.get("needs", ())}
    return needs | {"base_url": "https://BASE_URL"} if row["base_url"] is None else needs


def _reply_head(core: Core, wish: Wish, status: int, *, stream: bool) -> bytes:
    row = _row(core, wish.provider)
    context = {
        "client": wish.source,
        "provider": wish.provider,
        # A provider with a surface in the client's dialect answers there.
        "dialect": wish.source if wish.source in row.get("surfaces", ()) else row["dialect"],
        "model": wish.model or "",
        "stream": stream,
        "include_usage": stream,
    }
    return orjson.dumps({"context": context, "status": status, "headers": {}, **_stamp()})
