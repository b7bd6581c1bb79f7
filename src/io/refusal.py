"""The one exception of the shell: an answer that is an error, not yet in any dialect."""


class Refusal(Exception):  # noqa: N818 - the request is refused; the program has no error
    """What the client is told instead of an answer.

    Attributes:
        status: the HTTP status.
        code: a stable word for programs.
        message: one or two sentences for a person; never holds a secret.
        param: the field of the request at fault.
        headers: extra reply headers.
        asked: whether a provider may have seen the request.
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        param: str | None = None,
        headers: tuple[tuple[bytes, bytes], ...] = (),
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.param = param
        self.headers = headers
        self.asked = True
