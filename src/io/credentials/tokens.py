"""Bearer tokens that expire: Google's by google-auth, Microsoft Entra's by azure-identity."""

import json
import time
import warnings
from collections.abc import Callable, Mapping
from datetime import UTC
from functools import partial
from typing import Any, Final, cast

import attrs

from ..headers import RawHeaders, pairs
from ..secret import Document
from .refresh import Fetched, Refreshed
from .source import Outgoing, Signed, Unavailable

GOOGLE_SCOPE: Final = "https://www.googleapis.com/auth/cloud-platform"
ENTRA_SCOPE: Final = "https://cognitiveservices.azure.com/.default"

# One request of a library to whoever issues tokens.
_ASK_SECONDS: Final = 10.0


@attrs.frozen
class Token:
    """A token.

    Attributes:
        secret: the token itself.
        headers: that carry it, and what belongs to it.
        parameters: what it says for settings of the account.
    """

    secret: bytes = attrs.field(repr=False)
    headers: RawHeaders = attrs.field(repr=False)
    parameters: Mapping[str, str] = attrs.field(factory=dict)


class TokenSource:
    """Gives tokens.

    Args:
        name: the account's.
        fetch: gets a token; it may block.
        needs: settings that the account leaves to the credentials.
        clock: seconds since 1970.
    """

    def __init__(
        self,
        name: str,
        fetch: Callable[[], Fetched[Token]],
        needs: tuple[str, ...] = (),
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._needs = needs
        self._tokens = Refreshed(fetch, name, clock)

    async def parameters(self) -> Mapping[str, str]:
        """See `Source`."""
        if not self._needs:
            return {}
        said = (await self._tokens.get()).parameters
        missing = next((need for need in self._needs if need not in said), None)
        if missing is not None:
            raise Unavailable(f"the credentials name no {missing}: set {missing} in the account")
        return {need: said[need] for need in self._needs}

    async def sign(self, call: Outgoing) -> Signed:
        """See `Source`. What the client's own headers say already is not said twice."""
        token = await self._tokens.get()
        given = {name for name, _ in call.headers}
        return Signed(tuple(header for header in token.headers if header[0] not in given), token.secret, token)

    async def refused(self, signed: Signed, status: int, _headers: Mapping[bytes, bytes]) -> bool:
        """See `Source`."""
        return status == 401 and await self._tokens.renew(cast("Token", signed.basis))


class GoogleTokens:
    """Tokens of Google's: of a credentials file, or of the application default credentials.

    Args:
        document: the file's content; without one the default chain counts: the file that
            ``GOOGLE_APPLICATION_CREDENTIALS`` names, gcloud's own, the metadata server.
    """

    def __init__(self, document: Document | None = None) -> None:
        self._document = document
        self._loaded: tuple[Any, str | None] | None = None

    def __call__(self) -> Fetched[Token]:
        """A new token."""
        from google.auth.transport.requests import Request

        request = partial(Request(), timeout=_ASK_SECONDS)
        if self._loaded is None:
            self._loaded = self._load(request)
        credentials, project = self._loaded
        try:
            credentials.refresh(request)
        except Exception:
            self._loaded = None  # files may be another's the next time
            raise
        headers: dict[str, str] = {}
        credentials.apply(headers)
        named = {"project": project} if project else {}
        lines = pairs({name.lower(): value for name, value in headers.items()})
        # Its times are in UTC, and do not say so.
        expires = credentials.expiry.replace(tzinfo=UTC).timestamp()
        return Fetched(Token(credentials.token.encode(), tuple(lines), named), expires)

    def _load(self, request: Any) -> tuple[Any, str | None]:
        import google.auth

        library: Any = google.auth  # typed in part only
        if self._document is None:
            loaded = library.default(scopes=[GOOGLE_SCOPE], request=request)
        else:
            document = json.loads(self._document.reveal())
            # It warns of files from strangers; this one is the operator's own.
            warnings.filterwarnings("ignore", "The load_credentials_from_dict method", DeprecationWarning)
            loaded = library.load_credentials_from_dict(document, scopes=[GOOGLE_SCOPE], request=request)
        credentials, project = loaded
        return credentials, project


class EntraTokens:
    """Tokens of Microsoft Entra's, by azure-identity's default chain: environment, workload and managed identity, CLI.

    Args:
        scope: whom the token is for.
    """

    def __init__(self, scope: str = ENTRA_SCOPE) -> None:
        self._scope = scope

    def __call__(self) -> Fetched[Token]:
        """A new token."""
        from azure.identity import DefaultAzureCredential

        # A new one each time: an old one would give its cached token again.
        with DefaultAzureCredential(process_timeout=int(_ASK_SECONDS)) as credential:
            token = credential.get_token(self._scope)
        value = token.token.encode()
        return Fetched(Token(value, ((b"authorization", b"Bearer " + value),)), float(token.expires_on))
