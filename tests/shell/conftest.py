import socket
import ssl
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, suppress
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import attrs
import openai
import orjson
import pytest
import trio.testing
import trustme
from dragoman import standins
from dragoman.io.config import Config
from dragoman.io.secret import Address, Secret
from dragoman.io.settings import AccountConfig, ServerConfig
from dragoman.translate import boundary

sys.path.insert(0, str(Path(__file__).parent))  # importlib mode needs to be told where helpers live

from engines import Database, postgresql
from fronts import COMBINATIONS, Gateway, gateway_thread, until

ROWS = (
    {"name": "openai", "dialect": "openai_chat", "auth": "bearer", "base_url": "https://api.openai.com/v1", "needs": [],
     "env": ["OPENAI_API_KEY"], "families": ["gpt"], "client_headers": ["openai-organization"]},
    {"name": "anthropic", "dialect": "anthropic", "auth": "x-api-key", "base_url": "https://api.anthropic.com",
     "needs": [], "env": ["ANTHROPIC_API_KEY"], "families": ["claude"], "client_headers": ["anthropic-*"]},
    {"name": "azure", "dialect": "openai_chat", "auth": "api-key", "base_url": None, "needs": ["base_url"],
     "env": ["AZURE_OPENAI_API_KEY"], "families": ["gpt"]},
    {"name": "bedrock", "dialect": "bedrock", "auth": "aws", "base_url": "https://bedrock-runtime.{region}.example",
     "needs": ["region"], "env": ["AWS_BEARER_TOKEN_BEDROCK"], "families": []},
    {"name": "vertex", "dialect": "gemini", "auth": "google", "base_url": "https://example", "needs": ["project"],
     "env": [], "families": []},
    {"name": "openai_compatible", "dialect": "openai_chat", "auth": "bearer", "base_url": None, "needs": ["base_url"],
     "env": [], "families": []},
)  # fmt: skip


REAL_ROWS = {row["name"]: row for row in orjson.loads(boundary.providers())}


class Answer(NamedTuple):
    status: int
    head: bytes
    body: bytes


class Parsed(NamedTuple):
    model: str | None
    data: bytes


class FakeCore:
    """A core whose every dialect is the same: bodies pass as they are, streams too, errors are a small object."""

    def __init__(self) -> None:
        self.heads: list[dict[str, Any]] = []
        self.losses: list[dict[str, str]] = []
        self.request_answer: Answer | None = None

    def request(self, head: bytes, body: "Parsed | bytes") -> Answer:
        value = orjson.loads(head)
        if isinstance(body, bytes):
            return Answer(200, b'{"row":""}', b"")
        self.heads.append(value)
        if self.request_answer is not None:
            return self.request_answer
        try:
            parsed = orjson.loads(body.data)
        except orjson.JSONDecodeError:
            return self.error(orjson.dumps(value | {"status": 400, "code": "invalid_json", "message": "not JSON"}))
        call = {
            "method": "POST",
            "url": value.get("base_url", "http://127.0.0.1:9") + "/generate",
            "headers": {"content-type": "application/json", **value.get("headers", {})},
            "stream": bool(parsed.get("stream")),
            "losses": self.losses,
            "context": {"from": value["from"]},
        }
        return Answer(200, orjson.dumps(call), body.data)

    def reply(self, head: bytes, body: bytes) -> Answer:
        value = orjson.loads(head)
        self.heads.append(value)
        return Answer(
            value["status"],
            b'{"usage":{"total":3},"finish_reason":"stop","losses":[],"headers":{"x-passed":"yes"}}',
            body,
        )

    def open(self, head: bytes) -> tuple[int, Any]:
        self.heads.append(orjson.loads(head))
        return 200, b""

    def feed(self, pipe: Any, data: bytes) -> tuple[Any, bytes]:
        whole = pipe + data
        cut = whole.rfind(b"\n\n") + 2 if b"\n\n" in whole else 0
        return whole[cut:], whole[:cut] if b"data:" in whole[:cut] else b""

    def failed(self, _pipe: Any) -> None:
        return None

    def conceal(self, _pipe: Any, data: bytes, secret: bytes, mask: bytes) -> bytes:
        return data.replace(secret, mask)

    def estimate(self, _client: str, _action: str, body: "Parsed") -> int:
        return 20 + len(body.data) // 4

    def over(self, pipe: Any) -> bool:
        return pipe == b"end"

    def close(self, pipe: Any) -> tuple[bytes, bytes]:
        if pipe != b"end":
            return b'data: {"error":"truncated"}\n\n', b'{"truncated":true,"usage":null,"losses":[]}'
        return b"data: [DONE]\n\n", b'{"truncated":false,"usage":{"total":7},"finish_reason":"stop","losses":[]}'

    def error(self, head: bytes) -> Answer:
        value = orjson.loads(head)
        shown = {key: value.get(key) for key in ("code", "message", "param", "from")}
        return Answer(value["status"], b"{}", orjson.dumps({"error": shown}))

    def parse(self, body: bytes) -> "Parsed":
        try:
            value = orjson.loads(body)
        except orjson.JSONDecodeError:
            return Parsed(None, body)
        model = value.get("model") if isinstance(value, dict) else None
        return Parsed(model if isinstance(model, str) else None, body)

    sign = staticmethod(boundary.sign)

    def models(self) -> bytes:
        return orjson.dumps(
            [
                {"prefix": "gpt", "family": "gpt"},
                {"prefix": "gpt-5", "family": "gpt"},
                {"prefix": "claude-sonnet-4-5", "family": "claude"},
            ]
        )

    def providers(self) -> bytes:
        return orjson.dumps(ROWS)


class Upstream:
    """A provider that does to each connection what it is told, with plain sockets."""

    def __init__(self, behave: Callable[[socket.socket, bytes], None]) -> None:
        self.requests: list[bytes] = []
        self.closed_by_peer = threading.Event()
        self._behave = behave
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._worker = threading.Thread(target=self._serve, name="upstream", daemon=True)
        self._worker.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection, suppress(OSError):
                connection.settimeout(10)
                request = read_request(connection)
                if request:
                    self.requests.append(request)
                    self._behave(connection, request)

    def wait_for_hang_up(self, connection: socket.socket) -> None:
        """For behaviours: wait until the gateway closes the connection."""
        with suppress(OSError):
            while connection.recv(65536):
                pass
        self.closed_by_peer.set()

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._worker.join(5)


def read_request(connection: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            return b""
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    length = next((int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0)
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def whole(status: int, body: bytes, headers: bytes = b"content-type: application/json\r\n") -> bytes:
    return b"HTTP/1.1 %d X\r\n%bcontent-length: %d\r\n\r\n%b" % (status, headers, len(body), body)


def chunked(*pieces: bytes, end: bool = True) -> bytes:
    head = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
    return head + b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + (b"0\r\n\r\n" if end else b"")


def config_of(accounts: dict[str, AccountConfig], *, keys: Any = None, routes: Any = None, **server: Any) -> Config:
    server = {"ledger": Address("off", "literal"), **server}
    return Config(server=ServerConfig(port=0, **server), accounts=accounts, keys=keys or {}, routes=routes or {})


def account(url: str, provider: str = "openai", **more: Any) -> AccountConfig:
    if provider == "vertex":
        more.setdefault("auth", "bearer")  # a token that is there already
    return AccountConfig(provider=provider, api_key=Secret("sk-very-secret", "env X"), base_url=url, **more)


@attrs.frozen
class Kit:
    """What the tests of the shell build with."""

    core: FakeCore
    stack: ExitStack
    combination: tuple[str, str]
    rows: tuple[Any, ...] = ROWS
    whole = staticmethod(whole)
    chunked = staticmethod(chunked)
    config = staticmethod(config_of)
    account = staticmethod(account)
    until = staticmethod(until)

    def upstream(self, behave: Callable[[socket.socket, bytes], None]) -> Upstream:
        upstream = Upstream(behave)
        self.stack.callback(upstream.close)
        return upstream

    def answering(self, data: bytes) -> Upstream:
        return self.upstream(lambda connection, _: connection.sendall(data))

    def running(self, config: Config, core: Any = None) -> AbstractContextManager[Gateway]:
        return gateway_thread(config, core or self.core, self.combination)

    def gateway(self, config: Config, core: Any = None) -> Gateway:
        return self.stack.enter_context(self.running(config, core))


@pytest.fixture
def combination() -> tuple[str, str]:
    """Front and transport; modules for which they must not matter are marked with `every_combination`."""
    return COMBINATIONS[0]


@pytest.fixture
def kit(combination: tuple[str, str]) -> Iterator[Kit]:
    with ExitStack() as stack:
        yield Kit(FakeCore(), stack, combination)


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], Path]:
    """Write a configuration file."""

    def write_file(text: str) -> Path:
        path = tmp_path / "dragoman.toml"
        path.write_text(text)
        return path

    return write_file


@pytest.fixture
def autojump_clock() -> trio.testing.MockClock:
    """A clock for `trio.run` that jumps whenever everybody waits."""
    return trio.testing.MockClock(autojump_threshold=0)


@attrs.frozen
class Certified:
    """A server for `localhost` that a context trusts. `files`: as hypercorn wants them."""

    files: dict[str, Path]
    trusting: ssl.SSLContext


@pytest.fixture(scope="session")
def certified(tmp_path_factory: pytest.TempPathFactory) -> Certified:
    authority = trustme.CA()
    path = tmp_path_factory.mktemp("tls") / "cert.pem"
    authority.issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(path)
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    return Certified({"certfile": path, "keyfile": path}, trusting)


@pytest.fixture
def start(kit):
    """Start a gateway over the stand-ins of some providers."""

    def start_gateway(*providers):
        accounts, running = {}, {}
        for provider in providers:
            running[provider] = kit.stack.enter_context(standins.running(provider))
            url = running[provider].base_url + urlsplit(REAL_ROWS[provider]["base_url"] or "").path
            needed = {name: "here" for name in REAL_ROWS[provider]["needs"] if name != "base_url"}
            accounts[provider] = kit.account(url, provider, **needed)
        gateway = kit.gateway(kit.config(accounts), boundary)
        return gateway, running

    return start_gateway


@pytest.fixture
def client(kit):
    def connect(gateway):
        made = openai.OpenAI(base_url=f"{gateway.url}/v1", api_key="none", max_retries=0, timeout=10)
        return kit.stack.enter_context(made)

    return connect


@pytest.fixture(scope="session")
def database() -> Iterator[Database]:
    """A real PostgreSQL; what another test has left in it is there."""
    with postgresql() as running:
        yield running


@pytest.fixture
def empty_database(database: Database) -> Address:
    """The same without a ledger."""
    import psycopg

    with psycopg.connect(database.url, autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS dragoman_requests, dragoman_ledger")
    return Address(database.url, "literal")


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Address:
    """An empty ledger."""
    if request.param == "sqlite":
        return Address(f"sqlite:{tmp_path}/ledger.sqlite3", "literal")
    found: Address = request.getfixturevalue("empty_database")
    return found
