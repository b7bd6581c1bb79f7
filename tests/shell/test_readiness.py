"""`GET /health/ready`: whether a load balancer should send requests."""

import httpx
import pytest
from dragoman.io.readiness import reasons


@pytest.mark.parametrize(
    ("draining", "held", "limit", "found"),
    [(False, 0, 100, ()), (True, 0, 100, ("draining",)), (False, 50, 10**6, ()), (False, 10**6, 10**6, ("memory",)),
     (True, 10**6, 10**6, ("draining", "memory"))],
)  # fmt: skip
def test_a_gateway_is_ready_unless_it_drains_or_has_no_room(draining, held, limit, found):
    assert reasons(draining=draining, held=held, limit=limit) == found


def test_the_probe_tells_the_reasons_and_takes_head_too(kit):
    gateway = kit.gateway(kit.config({"a": kit.account("http://127.0.0.1:9")}))
    with httpx.Client(base_url=gateway.url, trust_env=False) as client:
        reply = client.get("/health/ready")
        assert (reply.status_code, reply.json()) == (200, {"status": "ready"})
        assert (client.head("/health/ready").status_code, client.head("/health/ready").content) == (200, b"")
        budget = gateway.run.gateway._budget
        held, budget.held = budget.held, budget.limit
        assert client.get("/health/ready").json() == {"status": "unready", "reasons": ["memory"]}
        budget.held = held
        gateway.run.gateway.ready = False
        reply = client.get("/health/ready")
        assert (reply.status_code, reply.json()["reasons"]) == (503, ["draining"])
        assert client.head("/health/ready").status_code == 503
        assert client.get("/health/live").status_code == 200


@pytest.mark.parametrize("given", [b"", b"a b", b"x" * 129, b"a\tb", b'"><script>', "é".encode(), b"{}", b"a,b"])
def test_an_odd_request_id_is_replaced_in_the_answer_and_in_the_log(kit, given):
    gateway = kit.gateway(kit.config({"a": kit.account("http://127.0.0.1:9")}))
    reply = httpx.get(f"{gateway.url}/v1/models", headers={"x-request-id": given}, trust_env=False)
    assert reply.headers["x-request-id"].startswith("req_")
    assert gateway.trail().request_id == reply.headers["x-request-id"]
