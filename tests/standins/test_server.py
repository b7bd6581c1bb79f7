"""The HTTP server itself."""

import socket
import subprocess
import sys

import httpx
import pytest
import trio
from dragoman.standins import running, start
from dragoman.standins.schemas import instance
from dragoman.standins.server import serve
from dragoman.standins.wire import Reply

HEADERS = {"authorization": "Bearer k"}


def test_connections_are_kept_alive_and_requests_recorded():
    with running("openai") as standin, httpx.Client(base_url=standin.base_url, headers=HEADERS) as client:
        for _ in range(3):
            assert client.get("/v1/models?limit=1").status_code == 200
        assert standin.connections_accepted == 1
        assert standin.open_connections == 1
        assert [(call.method, call.path, call.query) for call in standin.requests] == [
            ("GET", "/v1/models", "limit=1")
        ] * 3
        assert standin.requests[0].headers["authorization"] == "Bearer k"


def test_chunked_requests_are_put_together():
    with running("openai") as standin:
        pieces = iter([b'{"model":"gpt-4o",', b'"messages":[{"role":"user","content":"hi"}]}'])
        headers = {**HEADERS, "content-type": "application/json"}
        reply = httpx.post(standin.base_url + "/v1/chat/completions", content=pieces, headers=headers)
        assert reply.json()["choices"][0]["message"]["content"] == "You said: hi"
        assert standin.requests[0].headers["transfer-encoding"] == "chunked"


@pytest.mark.parametrize("data", [b"GET / HTTP/1.1\r\n\r\n", b"nonsense\r\n\r\n"])
def test_bad_http_is_refused_and_remembered(data):
    with running("openai") as standin:
        port = int(standin.base_url.rsplit(":", 1)[1])
        with socket.create_connection(("127.0.0.1", port)) as raw:
            raw.sendall(data)
            assert raw.recv(1000).startswith(b"HTTP/1.1 400")
        assert len(standin.protocol_errors) == 1


def test_expectations_are_met():
    with running("openai") as standin:
        port = int(standin.base_url.rsplit(":", 1)[1])
        with socket.create_connection(("127.0.0.1", port)) as raw:
            raw.sendall(b"POST / HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n")
            assert raw.recv(1000).startswith(b"HTTP/1.1 100")
            raw.sendall(b"{}")
            assert raw.recv(1000).startswith(b"HTTP/1.1 401")


def test_several_stand_ins_run_in_one_nursery_and_stop_with_it():
    async def main():
        async with trio.open_nursery() as nursery:
            found = [await start(nursery, name) for name in ("openai", "anthropic")]
            async with httpx.AsyncClient(headers={**HEADERS, "anthropic-version": "2023-06-01"}) as client:
                for standin in found:
                    assert (await client.get(standin.base_url + "/v1/models")).status_code == 200
            for standin in found:
                standin.stop()
        return found

    assert [standin.provider for standin in trio.run(main)] == ["openai", "anthropic"]


def test_a_fault_of_the_stand_in_is_its_own():
    def broken(_):
        raise KeyError("oops")

    async def main():
        async with trio.open_nursery() as nursery:
            standin = await nursery.start(serve, broken)
            async with httpx.AsyncClient() as client:
                reply = await client.get(standin.base_url)
            standin.stop()
            return reply, standin.crashes

    reply, crashes = trio.run(main)
    assert reply.status_code == 500
    assert "oops" in crashes[0]


def test_one_alone_runs_as_a_module():
    command = [sys.executable, "-m", "dragoman.standins", "anthropic"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        name, _, url = process.stdout.readline().strip().partition(" at ")
        assert (name, httpx.get(url + "/v1/models").status_code) == ("anthropic", 401)
        process.terminate()


def test_frames_are_sent_one_by_one():
    async def main():
        async with trio.open_nursery() as nursery:
            standin = await nursery.start(serve, lambda _: Reply(200, (), frames=(b"a", b"b")))
            with socket.create_connection(("127.0.0.1", int(standin.base_url.rsplit(":", 1)[1]))) as raw:
                raw.sendall(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
                data = b""
                while piece := await trio.to_thread.run_sync(raw.recv, 1000):
                    data += piece
            standin.stop()
            return data

    assert trio.run(main).endswith(b"\r\n\r\n1\r\na\r\n1\r\nb\r\n0\r\n\r\n")


@pytest.mark.parametrize(
    ("schema", "made"),
    [
        ({"type": "object", "properties": {"a": {"$ref": "#/$defs/n"}}, "$defs": {"n": {"const": 4}}}, {"a": 4}),
        ({"type": ["null", "integer"], "exclusiveMinimum": 4, "multipleOf": 5}, 5),
        ({"anyOf": [{"type": "null"}, {"type": "boolean"}]}, True),
        ({"allOf": [{"type": "object", "properties": {"a": {"enum": ["x"]}}}, {"required": ["a"]}]}, {"a": "x"}),
        ({"type": "array", "items": {"type": "string", "format": "date"}, "minItems": 2}, ["2026-11-20"] * 2),
        ({"type": "string", "pattern": "^[0-9]{3}$"}, "123"),
        ({"type": "string", "minLength": 12, "maxLength": 12}, "some value.."),
        ({"type": "number", "maximum": 2.5, "minimum": 2.5}, 2.5),
        ({}, "some value"),
    ],
)
def test_instances_meet_their_schema(schema, made):
    assert instance(schema) == made


def test_recursive_schemas_end():
    node = {
        "type": "object",
        "properties": {"next": {"anyOf": [{"$ref": "#"}, {"type": "null"}]}},
        "required": ["next"],
    }
    assert str(instance(node)).endswith("None" + "}" * str(instance(node)).count("{"))
