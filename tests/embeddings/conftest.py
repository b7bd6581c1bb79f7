import base64
import struct
import sys
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import openai
import orjson
import pytest
from dragoman import standins
from dragoman.io.config import Config
from dragoman.io.secret import Secret
from dragoman.io.settings import AccountConfig, ServerConfig
from dragoman.standins.embeddings import vector
from dragoman.translate import boundary

sys.path.insert(0, str(Path(__file__).parent.parent / "shell"))  # where gateways are started

from fronts import COMBINATIONS, gateway_thread

ROWS = {row["name"]: row for row in orjson.loads(boundary.providers())}
NEEDED = {"region": "eu-west-1", "project": "p"}


@pytest.fixture
def start():
    """Start a gateway over the stand-ins of some providers, with its official client."""
    with ExitStack() as stack:

        def start_gateway(*providers, auth=None, **config):
            running, made = {}, {}
            for provider in providers:
                running[provider] = stack.enter_context(standins.running(provider))
                row = ROWS[provider]
                url = running[provider].base_url + urlsplit(row["base_url"] or "").path
                more = {name: NEEDED[name] for name in row["needs"] if name in NEEDED}
                if provider == "vertex":
                    more["auth"] = "bearer"
                key = Secret("sk-very-secret-key", "env X")
                if auth is not None:
                    more["auth"], key = auth, None
                made[provider] = AccountConfig(provider=provider, api_key=key, base_url=url, **more)
            whole = Config(server=ServerConfig(port=0), accounts=made, **{"keys": {}, "routes": {}, **config})
            gateway = stack.enter_context(gateway_thread(whole, boundary, COMBINATIONS[0]))
            client = openai.OpenAI(base_url=f"{gateway.url}/v1", api_key="none", max_retries=0, timeout=10)
            return SimpleNamespace(client=stack.enter_context(client), url=gateway.url, running=running, of=gateway)

        yield start_gateway


@pytest.fixture
def numbers():
    return vector


@pytest.fixture
def encoded():
    return lambda values: base64.b64encode(struct.pack(f"<{len(values)}f", *values)).decode()


@pytest.fixture
def embed():
    """A call of the boundary: provider, model, keys of the body, keys of the head -> status, head, bodies or error."""

    def ask(to, model, head=None, **body):
        settings = {"to": to, "model": model, "region": "r", "project": "p", **(head or {})}
        if to in ("azure", "openai_compatible"):
            settings["base_url"] = "https://host.example"
        answer = boundary.embed(orjson.dumps(settings), orjson.dumps({"model": "a/m", "input": "x", **body}))
        told = orjson.loads(answer.head)
        if answer.status != 200:
            return SimpleNamespace(status=answer.status, error=orjson.loads(answer.body)["error"], head=told)
        bodies, at = [], 0
        for size in told["sizes"]:
            bodies.append(orjson.loads(answer.body[at : at + size]))
            at += size
        assert at == len(answer.body)
        losses = [(loss["path"], loss["kind"], loss["severity"]) for loss in told["losses"]]
        return SimpleNamespace(status=200, head=told, url=told["url"], bodies=bodies, losses=losses)

    return ask


@pytest.fixture
def tell():
    """Replies of a request's calls as the client's: (head of the request, replies, headers) -> answer."""

    def join(head, replies, headers=None, status=200):
        said = [{"status": status, "headers": headers or {}} for _ in replies]
        bodies = [reply if isinstance(reply, bytes) else orjson.dumps(reply) for reply in replies]
        answer = boundary.embedded(orjson.dumps({"context": head["context"], "replies": said}), bodies)
        return SimpleNamespace(
            status=answer.status, head=orjson.loads(answer.head), body=orjson.loads(answer.body), raw=answer.body
        )

    return join
