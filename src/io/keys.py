"""The gateway's own keys: who may come in, and what they may use."""

import fnmatch
import hashlib
import json
import math
import re
import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final
from urllib.parse import unquote_to_bytes

import attrs

from .policy import OnLoss, relaxed
from .refusal import Refusal
from .settings import EMPTY, KeyConfig

KEY_PREFIX: Final = "dgm_"
KEY_BYTES: Final = 32

_KEY_HEADERS: Final = (b"x-api-key", b"api-key", b"x-goog-api-key")
_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_FOREIGN_SITES: Final = (b"cross-site", b"same-site")
CHALLENGE: Final = ((b"www-authenticate", b"Bearer"),)

Headers = Mapping[bytes, bytes]


@attrs.frozen
class Key:
    """A key that came in.

    Attributes:
        name: its name in the configuration; ``""`` when the gateway has no keys.
        patterns: the models it may use.
        on_loss: its policy for losses.
        metadata: for the log of each of its requests.
        expires: when it ends, in seconds since 1970.
        cache: whether its requests have to do with the cache of answers.
    """

    name: str
    patterns: tuple[str, ...]
    on_loss: OnLoss
    _matches: Callable[[str], object] = attrs.field(repr=False, eq=False)
    metadata: Mapping[str, str] = EMPTY
    expires: float = math.inf
    cache: bool = True

    @classmethod
    def of(cls, name: str, config: KeyConfig) -> "Key":
        """The key of a configuration."""
        pattern = "|".join(fnmatch.translate(pattern) for pattern in config.models) or r"(?!)"
        expires = math.inf if config.expires is None else config.expires.timestamp()
        matches = re.compile(pattern).match
        return cls(name, config.models, config.on_loss, matches, config.metadata, expires, config.cache)

    def may_use(self, model: str) -> bool:
        """Whether a model, as ``account/model`` or a route's name, is among the patterns."""
        return bool(self._matches(model))


class KeyRing:
    """All keys, by the digest of their secret: the secrets themselves are nowhere.

    A lookup hashes what was presented, so that the time it takes tells nothing about the keys that exist; a digest
    costs 0.3 µs, less than a cache of presented keys would be worth.

    Args:
        keys: by name.
        clock: seconds since 1970.
    """

    def __init__(self, keys: Mapping[str, KeyConfig], clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._by_digest = {
            bytes.fromhex(key.hash.removeprefix("sha256:")): Key.of(name, key) for name, key in keys.items()
        }
        self._anybody = None if keys else Key.of("", KeyConfig(hash=f"sha256:{'0' * 64}"))

    def admit(self, headers: Headers) -> Key:
        """The key that a request carries, in any of the places where clients put it.

        Raises:
            Refusal: 401 when keys exist and the request carries none of them, or one that has expired; 403 when none
                exist and a browser says that a page of another site sends this.
        """
        if self._anybody is not None:
            if headers.get(b"sec-fetch-site", b"none") in _FOREIGN_SITES:
                raise Refusal(403, "cross_site", "Web pages of other sites may not use a gateway without keys.")
            return self._anybody
        presented = False
        for secret in _presented(headers):
            presented = True
            key = self._by_digest.get(hashlib.sha256(secret).digest())
            if key is not None:
                if key.expires <= self._clock():
                    raise _expired(key)
                return key
        if presented:
            raise Refusal(401, "invalid_api_key", "The API key is not one of this gateway's keys.", headers=CHALLENGE)
        raise Refusal(
            401,
            "missing_api_key",
            "This gateway needs a key: send it as 'Authorization: Bearer KEY', x-api-key, api-key or x-goog-api-key.",
            headers=CHALLENGE,
        )


def with_query_key(headers: Headers, query: str) -> Headers:
    """The headers with the key that stands in the address as ``key=``, where Google's clients may put it."""
    item = next((item for item in query.split("&") if item.startswith("key=")), None)
    return headers if item is None else {b"x-goog-api-key": unquote_to_bytes(item[4:]), **headers}


def check_model(key: Key, model: str) -> None:
    """Do nothing when the key may use the model.

    Raises:
        Refusal: 403 that names what it may use.
    """
    if not key.may_use(model):
        usable = ", ".join(key.patterns[:10]) or "nothing"
        raise Refusal(
            403,
            "model_not_allowed",
            f"The key '{key.name}' may not use the model '{model[:100]}'; it may use: {usable}.",
            param="model",
        )


def check_policy(key: Key, wish: OnLoss) -> None:
    """Do nothing when a request may have the policy that it wishes: what its key refuses is refused.

    Raises:
        Refusal: 403 that names the severities.
    """
    if wish and (severities := relaxed(key.on_loss, wish)):
        raise Refusal(
            403,
            "policy_not_allowed",
            f"The key '{key.name}' refuses losses of severity {' and '.join(severities)}: a request cannot allow them.",
            param="x-dragoman-on-loss",
        )


def new_key() -> tuple[str, str]:
    """A new key and the hash to write into the configuration."""
    key = KEY_PREFIX + secrets.token_urlsafe(KEY_BYTES)
    return key, hash_of(key)


def key_toml(name: str, digest: str, models: Iterable[str], expires: str | None) -> str:
    """A key as it stands in the configuration.

    Args:
        name: its name.
        digest: its hash.
        models: patterns of what it may use.
        expires: a date or date-time in TOML's notation.
    """
    # A string of JSON is one of TOML.
    table = name if _BARE.fullmatch(name) else json.dumps(name, ensure_ascii=False)
    lines = [f"[keys.{table}]", f'hash = "{digest}"', f"models = {json.dumps(list(models), ensure_ascii=False)}"]
    return "\n".join([*lines, *([f"expires = {expires}"] if expires else [])])


def hash_of(key: str) -> str:
    """The hash of a key as the configuration holds it."""
    return f"sha256:{hashlib.sha256(key.encode()).hexdigest()}"


def _expired(key: Key) -> Refusal:
    moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(key.expires))
    return Refusal(401, "key_expired", f"The key '{key.name}' expired at {moment}: use a newer one.", headers=CHALLENGE)


def _presented(headers: Headers) -> Iterator[bytes]:
    given = headers.get(b"authorization")
    if given is not None:
        scheme, _, token = given.partition(b" ")
        if scheme.lower() == b"bearer" and (token := token.strip()):
            yield token
    for name in _KEY_HEADERS:
        if value := headers.get(name):
            yield value.strip()
