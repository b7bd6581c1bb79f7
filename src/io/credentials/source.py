"""What the shell asks of whoever gives it credentials: the headers of one call."""

import re
from collections.abc import Mapping
from typing import Final, Protocol

import attrs

from ..headers import RawHeaders

# What libraries call a failure, in words that hold nothing of anybody's: OAuth's codes (RFC 6749, 5.2) and Entra's.
_CODE: Final = re.compile(r"\bAADSTS\d+\b|\b(?:access|invalid|server|temporarily|unauthorized|unsupported)_[a-z_]+\b")


class Unavailable(Exception):  # noqa: N818 - the answer to a question, not a fault of the program
    """There are no credentials for a call. The message never holds a secret.

    Attributes:
        message: why, for a person.
        retry_after: seconds until it makes sense to ask again.
    """

    def __init__(self, message: str, retry_after: float = 0) -> None:
        super().__init__(message)
        self.message = message
        self.retry_after = retry_after


@attrs.frozen
class Outgoing:
    """A call that needs credentials, exactly as it will be sent."""

    method: str
    url: str
    headers: list[tuple[bytes, bytes]]
    body: bytes = attrs.field(repr=False)


@attrs.frozen
class Signed:
    """Credentials for one call.

    Attributes:
        headers: to add to the call.
        secret: what must be hidden where the provider repeats it; ``b""`` when there is nothing to hide.
        basis: what they were made of, for the source.
    """

    headers: RawHeaders = attrs.field(repr=False)
    secret: bytes = attrs.field(repr=False)
    basis: object = attrs.field(repr=False)


class Source(Protocol):
    """Gives credentials that come from somewhere and do not last."""

    async def parameters(self) -> Mapping[str, str]:
        """What the credentials say for settings that the account leaves open, by the names of the request head.

        Raises:
            Unavailable: there are no credentials.
        """

    async def sign(self, call: Outgoing) -> Signed:
        """Credentials for a call.

        Raises:
            Unavailable: there are none.
        """

    async def refused(self, signed: Signed, status: int, headers: Mapping[bytes, bytes], /) -> bool:
        """Told that the provider refused a call: whether new credentials are there, so that another try makes sense."""


def reason(error: BaseException) -> str:
    """A failure of a library in words. Its message may repeat what it sent, so only its kind and code are told."""
    code = _CODE.search(str(error))
    name = type(error).__name__
    return f"{name}: {code[0]}" if code else name
