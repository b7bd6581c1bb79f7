"""What a client says to the gateway in headers, apart from the body."""

import re
from collections.abc import Mapping
from typing import Any, Final

import attrs
import orjson

from .policy import NO_POLICY, OnLoss, read_policy
from .refusal import Refusal

MAX_TIMEOUT_MS: Final = 24 * 3600 * 1000
MAX_METADATA_VALUE: Final = 128
MAX_CACHE_SECONDS: Final = 30 * 24 * 3600
_MAX_SHOWN: Final = 40

_OURS: Final = b"x-dragoman-"
_KNOWN: Final = {
    b"x-dragoman-on-loss": "on_loss",
    b"x-dragoman-strict-openai": "strict_openai",
    b"x-dragoman-explain": "explain",
    b"x-dragoman-metadata": "metadata",
    b"x-dragoman-timeout-ms": "timeout",
    b"x-dragoman-cache": "cache",
    b"x-tfy-on-loss": "on_loss",
    b"x-tfy-strict-openai": "strict_openai",
    b"x-tfy-explain": "explain",
    b"x-tfy-metadata": "metadata",
    b"x-tfy-timeout-ms": "timeout",
    b"x-tfy-request-timeout": "timeout",
    b"x-tfy-cache": "cache",
}
_CACHE: Final = re.compile(r"(?P<off>off)|(?P<refresh>refresh)(?:=(?P<kept>[0-9]{1,7}))?|(?P<seconds>[0-9]{1,7})")
_REQUEST_ID: Final = re.compile(rb"[A-Za-z0-9._:/+=@-]{1,128}")


@attrs.frozen
class CacheWish:
    """What a request wants of the cache of answers.

    Attributes:
        seconds: how old its answer may be, and how long it is kept; None leaves that to the route and the server.
        refresh: whether it wants a new answer, which is kept.
        off: whether it is neither told an answer of the cache nor has its own kept.
    """

    seconds: int | None = None
    refresh: bool = False
    off: bool = False


@attrs.frozen
class Options:
    """The wishes of one request.

    Attributes:
        on_loss: its policy for losses.
        strict_openai: whether the reply carries no extension keys; None keeps the server's choice.
        explain: whether the reply tells the losses.
        metadata: words for the access log.
        timeout: seconds until the answer must have begun (a stream) or be complete, media fetched and all.
        cache: what it wants of the cache; None leaves that to the route and the server.
    """

    on_loss: OnLoss = NO_POLICY
    strict_openai: bool | None = None
    explain: bool = False
    metadata: Mapping[str, str] | None = None
    timeout: float | None = None
    cache: CacheWish | None = None


NOTHING: Final = Options()


def read_options(headers: Mapping[bytes, bytes]) -> Options:
    """The options among a request's headers. The x-tfy spellings mean the same; our own win.

    Raises:
        Refusal: 400 for a value that cannot be meant, or an option of ours that does not exist.
    """
    given: dict[str, Any] | None = None
    for name, value in headers.items():
        if name.startswith((_OURS, b"x-tfy-")):
            given = {} if given is None else given
            _read_option(given, name, value)
    return NOTHING if not given else Options(**given)


def request_id(headers: Mapping[bytes, bytes], seed: str) -> str:
    """The client's own request id when it is a sane one, else a new one."""
    value = headers.get(b"x-request-id")
    if value is not None and _REQUEST_ID.fullmatch(value):
        return value.decode("ascii")
    return f"req_{seed}"


def _read_option(given: dict[str, Any], name: bytes, value: bytes) -> None:
    option = _KNOWN.get(name)
    shown = name.decode("latin-1")
    if option is None:
        if name.startswith(_OURS):
            known = ", ".join(sorted(header.decode() for header in _KNOWN if header.startswith(_OURS)))
            raise _bad(shown, f"there is no such option; there are {known}")
        return
    if option in given and not name.startswith(_OURS):
        return
    text = value.decode("utf-8", "replace").strip()
    if option == "on_loss":
        given[option] = _policy(shown, text)
    elif option == "metadata":
        given[option] = _metadata(shown, text)
    elif option == "timeout":
        given[option] = _milliseconds(shown, text)
    elif option == "cache":
        given[option] = _cache(shown, text)
    else:
        given[option] = _flag(shown, text)


def _policy(name: str, text: str) -> OnLoss:
    try:
        return read_policy(text)
    except ValueError as error:
        raise _bad(name, str(error)) from None


def _shown(text: str) -> str:
    """A value as it came, or how it begins."""
    return f"'{text}'" if len(text) <= _MAX_SHOWN else f"'{text[:_MAX_SHOWN]}...'"


def _flag(name: str, text: str) -> bool:
    word = text.lower()
    if word not in ("true", "false", "1", "0"):
        raise _bad(name, f"expected true or false, not {_shown(text)}")
    return word in ("true", "1")


def _milliseconds(name: str, text: str) -> float:
    if not re.fullmatch(r"[0-9]{1,9}", text) or not 0 < int(text) <= MAX_TIMEOUT_MS:
        raise _bad(name, f"expected whole milliseconds from 1 to {MAX_TIMEOUT_MS}, not {_shown(text)}")
    return int(text) / 1000


def _cache(name: str, text: str) -> CacheWish:
    said = _CACHE.fullmatch(text.lower())
    number = None if said is None else said["seconds"] or said["kept"]
    if said is None or (number is not None and not 0 < int(number) <= MAX_CACHE_SECONDS):
        right = f"whole seconds from 1 to {MAX_CACHE_SECONDS}, 'off', 'refresh' or 'refresh=SECONDS'"
        raise _bad(name, f"expected {right}, not {_shown(text)}")
    return CacheWish(None if number is None else int(number), bool(said["refresh"]), bool(said["off"]))


def _metadata(name: str, text: str) -> Mapping[str, str]:
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        value = None
    if not isinstance(value, dict) or not all(
        isinstance(item, str) and len(item) <= MAX_METADATA_VALUE for item in value.values()
    ):
        raise _bad(name, f"expected a JSON object of strings of at most {MAX_METADATA_VALUE} characters")
    return value


def _bad(name: str, message: str) -> Refusal:
    return Refusal(400, "invalid_header", f"{name}: {message}.", param=name)
