"""What can go wrong with an upstream."""

import trio

from .client_protocol import ErrorKind


class UpstreamError(Exception):
    """An upstream that could not be used.

    Attributes:
        kind: What happened. A time-out while connecting is a `timeout` that was not `sent`.
        message: For logs and people; holds no header or body.
        sent: Whether the upstream may have seen any of the request; if not, it is safe to send it elsewhere.
    """

    def __init__(self, kind: ErrorKind, message: str, *, sent: bool) -> None:
        super().__init__(f"{kind}: {message}")
        self.kind: ErrorKind = kind
        self.message = message
        self.sent = sent


def reason(error: BaseException) -> str:
    """What went wrong, from the innermost cause: trio's own messages only say that something did."""
    while (
        isinstance(error, (OSError, trio.BrokenResourceError, trio.ClosedResourceError)) and error.__cause__ is not None
    ):
        error = error.__cause__
        if isinstance(error, BaseExceptionGroup):  # one error for each address that was tried
            error = error.exceptions[0]
    return str(error) or type(error).__name__
