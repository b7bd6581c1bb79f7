"""A stream that is cut inside its first event: what the client is told is why, and another target may do better."""

from urllib.parse import quote

import httpx
import orjson
import pytest
from dragoman import standins
from dragoman.io.settings import Retry, RouteConfig, RouteTarget
from dragoman.standins.wire import Call
from dragoman.translate import boundary

BODY = {"model": "a/m", "stream": True, "messages": [{"role": "user", "content": "Hi"}], "max_tokens": 9}
SONNET = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"


def beginning(provider):
    """The first half of the first event of a provider's stream."""
    if provider == "anthropic":
        return b'event: message_start\ndata: {"type":"message_start","message":{"id":"m",'
    body = orjson.dumps({"messages": [{"role": "user", "content": [{"text": "Hi"}]}]})
    call = Call("POST", f"/model/{quote(SONNET)}/converse-stream", "", {"authorization": "Bearer x"}, body)
    frame = next(iter(standins.PROVIDERS["bedrock"]()(call).frames))
    return frame[: len(frame) // 2]


def accounts(kit, provider, behave):
    more = {"region": "eu-west-1"} if provider == "bedrock" else {}
    model = {"bedrock": SONNET, "anthropic": "claude-sonnet-4-5"}[provider]
    return {"a": kit.account(kit.upstream(behave).url, provider, **more)}, f"a/{model}"


def ask(gateway, model):
    url = f"{gateway.url}/v1/chat/completions"
    return httpx.post(url, json=BODY | {"model": model}, timeout=10, trust_env=False)


@pytest.mark.parametrize("provider", ["anthropic", "bedrock"])
@pytest.mark.parametrize(("how", "status", "code"), [("stall", 504, "upstream_timeout"), ("cut", 502, "upstream_")])
def test_the_client_is_told_why(kit, provider, how, status, code):
    def behave(connection, _):
        connection.sendall(kit.chunked(beginning(provider), end=False))
        if how == "stall":
            connection.settimeout(5)
            connection.recv(1)

    made, model = accounts(kit, provider, behave)
    gateway = kit.gateway(kit.config(made, idle_timeout_seconds=0.2), boundary)
    answer = ask(gateway, model)
    assert answer.status_code == status
    assert answer.json()["error"]["code"].startswith(code)
    assert gateway.trail().counted == "unknown"


def test_of_a_route_it_is_a_failure_that_another_attempt_may_better_whatever_statuses_are_listed(kit):
    seen = []

    def behave(connection, request):
        seen.append(request)
        connection.sendall(kit.chunked(beginning("anthropic"), end=False))

    made, model = accounts(kit, "anthropic", behave)
    route = RouteConfig((RouteTarget(model),), retry=Retry(2, (429,)))
    gateway = kit.gateway(kit.config(made, routes={"r": route}), boundary)
    assert ask(gateway, "r").status_code == 502
    assert len(seen) == 2
