"""A call takes its time to be told: clients that get calls in one piece must not cost the target its answer."""

import time

import httpx
import orjson
import pytest
from dragoman.io.settings import Retry, RouteConfig, RouteTarget, Timeouts
from dragoman.translate import boundary

EVENTS = [
    {"type": "message_start", "message": {"id": "m", "model": "c", "usage": {"input_tokens": 1, "output_tokens": 1}}},
    {"type": "content_block_start", "index": 0,
     "content_block": {"type": "tool_use", "id": "t", "name": "look", "input": {}}},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "input_json_delta", "partial_json": '{"a":'}},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "input_json_delta", "partial_json": '"b"}'}},
    {"type": "content_block_stop", "index": 0},
    {"type": "message_delta", "delta": {"stop_reason": "tool_use"}, "usage": {"output_tokens": 2}},
    {"type": "message_stop"},
]  # fmt: skip
BODY = {
    "contents": [{"role": "user", "parts": [{"text": "Look."}]}],
    "tools": [{"functionDeclarations": [{"name": "look", "parametersJsonSchema": {"type": "object"}}]}],
}


@pytest.mark.parametrize("combination", [("lane", "own"), ("asgi", "httpx")], ids="-".join)
def test_a_target_has_begun_when_it_begins_a_call_that_its_client_gets_in_one_piece(kit):
    def behave(connection, _):
        connection.sendall(kit.chunked(end=False))
        for event in EVENTS:
            frame = b"event: %b\ndata: %b\n\n" % (event["type"].encode(), orjson.dumps(event))
            connection.sendall(b"%x\r\n%b\r\n" % (len(frame), frame))
            time.sleep(0.12)
        connection.sendall(b"0\r\n\r\n")

    claude = kit.upstream(behave)
    route = RouteConfig(
        (RouteTarget("a/claude-sonnet-4-5"),), retry=Retry(1), timeouts=Timeouts(first_byte=0.4, idle=1)
    )
    gateway = kit.gateway(kit.config({"a": kit.account(claude.url, "anthropic")}, routes={"r": route}), boundary)
    url = f"{gateway.url}/v1beta/models/r:streamGenerateContent?alt=sse"
    with httpx.stream("POST", url, json=BODY, timeout=10, trust_env=False) as answer:
        text = answer.read().decode()
    assert answer.status_code == 200, text
    assert '"name":"look","args":{"a":"b"}' in text
    assert (gateway.trail().status, gateway.trail().error) == (200, None)
