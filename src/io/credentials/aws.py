"""AWS: the standard credential chain by botocore, each call signed by the core (Signature Version 4)."""

import math
import time
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from typing import Any, Final, Protocol, cast

import attrs
import orjson

from ..headers import pairs, texts
from .refresh import Fetched, Refreshed
from .source import Outgoing, Signed, Unavailable

# What AWS calls credentials that it does not take any more, or does not know.
_STALE: Final = frozenset({b"ExpiredTokenException", b"ExpiredToken", b"UnrecognizedClientException"})
# What it calls a signature that it cannot follow: of another time, for example.
_UNSIGNED: Final = frozenset({b"InvalidSignatureException", b"SignatureDoesNotMatch", b"RequestTimeTooSkewed"})
# AWS tolerates five minutes between its clock and ours.
_MOST_SKEW_SECONDS: Final = 240.0


class _Answer(Protocol):
    @property
    def status(self) -> int: ...

    @property
    def head(self) -> bytes: ...


Sign = Callable[[bytes, bytes], _Answer]
"""The core's signer."""


@attrs.frozen
class _Keys:
    access_key: str
    secret_key: str = attrs.field(repr=False)
    session_token: str | None = attrs.field(repr=False)
    region: str | None


class AwsSource:
    """Signs calls.

    Args:
        name: the account's.
        region: the account's; without one that of the AWS configuration counts.
        profile: of the AWS configuration; without one the environment says.
        sign: the core's signer.
        clock: seconds since 1970.
    """

    def __init__(
        self,
        name: str,
        region: str | None,
        profile: str | None,
        sign: Sign,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._region = region
        self._profile = profile
        self._sign = sign
        self._clock = clock
        self._skew = 0.0
        self._keys = Refreshed(self._fetch, name, clock)

    async def parameters(self) -> Mapping[str, str]:
        """See `Source`: the region of the AWS configuration, where the account has none."""
        if self._region is not None:
            return {}
        return {"region": _region_of(await self._keys.get(), None)}

    async def sign(self, call: Outgoing) -> Signed:
        """See `Source`."""
        keys = await self._keys.get()
        credentials = {"access_key": keys.access_key, "secret_key": keys.secret_key}
        if keys.session_token is not None:
            credentials["session_token"] = keys.session_token
        head = {
            "method": call.method,
            "url": call.url,
            "headers": texts(call.headers),
            "region": _region_of(keys, self._region),
            "service": "bedrock",
            "now": int(self._clock() + self._skew),
            "credentials": credentials,
        }
        answer = self._sign(orjson.dumps(head), call.body)
        if answer.status != 200:
            raise Unavailable("the call cannot be signed with these AWS credentials")
        added = pairs(orjson.loads(answer.head)["headers"])
        return Signed(tuple(added), (keys.session_token or "").encode(), keys)

    async def refused(self, signed: Signed, status: int, headers: Mapping[bytes, bytes]) -> bool:
        """See `Source`: keys are read again when AWS calls them stale, the clock is set when it is wrong."""
        word = headers.get(b"x-amzn-errortype", b"").partition(b":")[0]
        if status in (400, 401, 403) and word in _STALE:
            return await self._keys.renew(cast("_Keys", signed.basis))
        return status in (400, 401, 403) and word in _UNSIGNED and self._mend_clock(headers.get(b"date", b""))

    def _mend_clock(self, date: bytes) -> bool:
        try:
            there = parsedate_to_datetime(date.decode("latin-1")).timestamp()
        except ValueError:
            return False
        skew = there - self._clock()
        if abs(skew - self._skew) < _MOST_SKEW_SECONDS:
            return False
        self._skew = skew
        return True

    def _fetch(self) -> Fetched[_Keys]:
        import botocore.session

        # A new session each time: it reads files and asks services again, where an old one would remember.
        session = botocore.session.Session(profile=self._profile)
        credentials = session.get_credentials()
        if credentials is None:
            raise Unavailable("no AWS credentials were found in the environment, files or services")
        frozen = credentials.get_frozen_credentials()
        # botocore tells the time of expiry nowhere else.
        expiry: Any = getattr(credentials, "_expiry_time", None)
        keys = _Keys(frozen.access_key, frozen.secret_key, frozen.token, session.get_config_variable("region"))
        return Fetched(keys, math.inf if expiry is None else expiry.timestamp())


def _region_of(keys: _Keys, region: str | None) -> str:
    found = region or keys.region
    if found is None:
        raise Unavailable("the AWS configuration names no region: set region in the account")
    return found
