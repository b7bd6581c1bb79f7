"""The accounts of the built-in stand-ins, which are loaded when somebody first asks one of them.

The stand-ins judge by the types of the official SDKs, and importing those takes seconds: too long for a gateway that
has accounts of its own and may never be asked for the demo.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from importlib.util import find_spec
from typing import Any, Final
from urllib.parse import urlsplit

import trio

from .io.config import Row
from .io.secret import Secret
from .io.settings import AccountConfig

HOST: Final = "127.0.0.1"
SOURCE: Final = "built in"
READ_BYTES: Final = 65536

# What `pip install 'dragoman[demo]'` brings.
NEEDED: Final = ("anthropic", "botocore", "google.genai", "groq", "h11", "openai", "pydantic")
# Providers that have a stand-in; the package that holds them could tell, but not without being loaded.
OFFERED: Final = frozenset(("anthropic", "azure", "bedrock", "gemini", "groq", "openai", "vertex", "xai"))

# Provider -> (a model for most things, a model that reasons)
MODELS: Final = {
    "openai": ("gpt-4.1", "gpt-5"),
    "anthropic": ("claude-sonnet-4-5", "claude-sonnet-4-5"),
    "azure": ("gpt-4.1", "gpt-5"),
    "bedrock": ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "us.anthropic.claude-sonnet-4-5-20250929-v1:0"),
    "gemini": ("gemini-3.5-flash", "gemini-2.5-flash"),
    "vertex": ("claude-sonnet-4-5@20250929", "gemini-3.8-flash"),
    "xai": ("grok-4.3", "grok-4.5"),
    "groq": ("qwen/qwen3.8-27b", "openai/gpt-oss-120b"),
}


def missing() -> list[str]:
    """The packages that the stand-ins need and that are not installed."""
    return [name for name in NEEDED if not _found(name)]


def _found(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:  # the package that would hold it
        return False


async def demo_accounts(nursery: trio.Nursery, rows: Iterable[Row]) -> dict[str, AccountConfig]:
    """The accounts that lead to the stand-ins, which live as long as the nursery.

    The first is called ``demo``, every one also ``demo-`` and its provider's name.
    """
    accounts: dict[str, AccountConfig] = {}
    for row in rows:
        if row["name"] in OFFERED:
            listeners = await trio.open_tcp_listeners(0, host=HOST)
            nursery.start_soon(trio.serve_listeners, _Door(row["name"], nursery).enter, listeners)
            port = listeners[0].socket.getsockname()[1]
            url = f"http://{HOST}:{port}{urlsplit(row['base_url'] or '').path}"
            key = Secret("demo-key", SOURCE)
            needed: dict[str, Any] = {name: "demo" for name in row["needs"] if name != "base_url"}
            # The key stands for the token that another would fetch.
            auth = "bearer" if row["auth"] == "google" else None
            account = AccountConfig(provider=row["name"], api_key=key, auth=auth, base_url=url, **needed)
            accounts[f"demo-{row['name']}"] = account
    first = next(iter(accounts.values()), None)
    return {"demo": first, **accounts} if first is not None else {}


def demo_model(accounts: Mapping[str, AccountConfig]) -> str | None:
    """A model to try the account ``demo`` with, when it is ours."""
    demo = accounts.get("demo")
    if demo is None or demo.api_key is None or demo.api_key.source != SOURCE:
        return None
    return f"demo/{MODELS[demo.provider][0]}"


class _Door:
    """Where a stand-in can be reached before it is there. Who comes first waits until it is."""

    def __init__(self, provider: str, nursery: trio.Nursery) -> None:
        self._provider = provider
        self._nursery = nursery
        self._waking = trio.Lock()
        self._port = 0

    async def enter(self, stream: trio.SocketStream) -> None:
        """Serve one connection."""
        # Whatever goes wrong here is one connection's: its end tells the gateway.
        with suppress(Exception):
            async with stream:
                inner = await trio.open_tcp_stream(HOST, await self._awake())
                async with inner, trio.open_nursery() as nursery:
                    nursery.start_soon(_carry, stream, inner, nursery.cancel_scope)
                    nursery.start_soon(_carry, inner, stream, nursery.cancel_scope)

    async def _awake(self) -> int:
        async with self._waking:
            if not self._port:
                start = await trio.to_thread.run_sync(_load)
                standin = await start(self._nursery, self._provider)
                self._port = urlsplit(standin.base_url).port or 0
        return self._port


def _load() -> Any:
    from .standins import start  # noqa: PLC0415 - what all this is about

    return start


async def _carry(source: trio.SocketStream, sink: trio.SocketStream, both: trio.CancelScope) -> None:
    """Hand on what comes until one side ends, which ends both: no HTTP client here closes half a connection."""
    with suppress(trio.BrokenResourceError, trio.ClosedResourceError):
        while data := await source.receive_some(READ_BYTES):
            await sink.send_all(data)
    both.cancel()
