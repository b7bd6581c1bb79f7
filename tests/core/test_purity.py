"""The core is pure: after its import a whole pass touches no file, no socket, no process; importing it neither."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

PASS = """
import sys

events = []
FORBIDDEN = ("open", "socket.", "subprocess.", "os.", "import", "exec", "compile", "ctypes.", "tempfile.", "urllib.")
watching = False


def watch(event, arguments):
    if watching and event.startswith(FORBIDDEN):
        events.append((event, repr(arguments)[:200]))


sys.addaudithook(watch)
import json

from dragoman.translate import boundary
from dragoman.translate.framing import aws_frames

text = [{"role": "user", "content": [{"type": "text", "text": "Hi"}]}]
function = {"name": "f", "parameters": {"type": "object", "properties": {}}}
schema = {"name": "s", "schema": {"type": "object", "properties": {}}}
CHAT = {
    "model": "a/b", "messages": text, "max_tokens": 3000, "reasoning_effort": "low", "temperature": 2, "stop": "x",
    "tools": [{"type": "function", "function": function}], "stream": True,
    "response_format": {"type": "json_schema", "json_schema": schema},
}
MESSAGES = {"model": "a/b", "messages": text, "max_tokens": 3000, "system": "S", "stream": True}
CONVERSE = {"stream": True, "messages": [{"role": "user", "content": [{"text": "Hi"}]}], "system": [{"text": "S"}]}
TARGETS = (
    ("openai", "gpt-4o"), ("anthropic", "claude-sonnet-4-0"), ("anthropic", "claude-opus-5-5"),
    ("bedrock", "us.anthropic.claude-opus-4-8"), ("bedrock", "amazon.nova-2-lite-v1:0"),
)
REPLIES = {
    "openai": {
        "id": "1", "model": "m", "choices": [{"message": {"content": "Hi"}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
    },
    "anthropic": {
        "id": "1", "model": "m", "content": [{"type": "text", "text": "Hi"}], "stop_reason": "end_turn",
        "usage": {"input_tokens": 1, "output_tokens": 1},
    },
    "bedrock": {
        "output": {"message": {"role": "assistant", "content": [{"text": "Hi"}]}}, "stopReason": "end_turn",
        "usage": {"inputTokens": 1, "outputTokens": 1, "totalTokens": 2},
    },
}
CHUNK = {"id": "1", "model": "m", "choices": [{"index": 0, "delta": {"content": "Hi"}, "finish_reason": "stop"}]}
EVENTS = [
    {"type": "message_start", "message": {"id": "1", "model": "m", "usage": {"input_tokens": 1, "output_tokens": 1}}},
    {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": "Hi"}},
    {"type": "message_stop"},
]
STREAMS = {
    "openai": b"data: " + json.dumps(CHUNK).encode() + b"\\n\\ndata: [DONE]\\n\\n",
    "anthropic": b"".join(b"data: " + json.dumps(event).encode() + b"\\n\\n" for event in EVENTS),
    "bedrock": b"".join(
        aws_frames.write({":event-type": kind, ":message-type": "event"}, json.dumps(payload).encode())
        for kind, payload in (
            ("messageStart", {"role": "assistant"}),
            ("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": "Hi"}}),
            ("messageStop", {"stopReason": "end_turn"}),
            ("metadata", {"usage": {"inputTokens": 1, "outputTokens": 1}}),
        )
    ),
}


def run():
    for client, body in (("openai_chat", CHAT), ("anthropic", MESSAGES), ("bedrock", CONVERSE)):
        for to, model in TARGETS:
            head = {"from": client, "to": to, "model": model, "on_loss": "allow", "region": "eu-west-1"}
            answer = boundary.request(json.dumps(head).encode(), json.dumps(body).encode())
            assert answer.status == 200, answer
            notes = json.dumps({"context": json.loads(answer.head)["context"], "now": 1, "id": "x"}).encode()
            assert boundary.reply(notes, json.dumps(REPLIES[to]).encode()).status == 200
            failed = json.dumps({**json.loads(notes), "status": 529}).encode()
            assert boundary.reply(failed, b"busy").status >= 500
            status, pipe = boundary.open(notes)
            pipe, _ = boundary.feed(pipe, STREAMS[to])
            boundary.close(pipe)
            boundary.request(json.dumps(head).encode(), b"{")
<<<<<<< HEAD
    boundary.models(), boundary.providers(), boundary.parse(b"{}"), boundary.error(b"{}")
=======
    who = {"access_key": "a", "secret_key": "b"}
    call = {"method": "POST", "url": "https://h.example/a%3Ab", "region": "r", "now": 1, "credentials": who}
    assert boundary.sign(json.dumps(call).encode(), b"x").status == 200
    boundary.models(), boundary.providers(), boundary.model_of(b"{}"), boundary.error(b"{}")
>>>>>>> bedrock


if len(sys.argv) > 1:
    # Once without watching: the standard library may import on first use.
    run()
watching = True
run()
watching = False
assert "src" not in sys.modules
print(json.dumps(events))
"""


def python(code, *arguments):
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_whole_pass_touches_nothing_outside():
    assert python(PASS) == "[]"


IMPORT = """
import sys
import json
import attrs, orjson, zlib, base64, urllib.parse

events = []


def watch(event, arguments):
    if event.startswith(("socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.spawn", "os.posix_spawn")):
        events.append(event)
    elif event == "open" and arguments[1] and set(str(arguments[1])) & set("wax+"):
        events.append(event)


sys.addaudithook(watch)
import dragoman.translate
import dragoman.translate.boundary

assert "src" not in sys.modules
print(json.dumps([events, sorted(sys.modules)]))
"""


@pytest.fixture(scope="module")
def imported():
    import json

    return json.loads(python(IMPORT))


def test_importing_the_core_opens_no_socket_and_starts_nothing(imported):
    assert imported[0] == []


@pytest.mark.parametrize(
    "name",
    ["trio", "httpx", "httptools", "h11", "cattrs", "asyncio", "ssl", "logging", "subprocess", "pydantic", "openai"],
)
def test_importing_the_core_does_not_load_the_shell(imported, name):
    assert name not in imported[1]


def test_there_is_one_copy_of_the_package():
    assert python("import sys, dragoman.translate.boundary; print('src' in sys.modules)") == "False"
    assert "src" not in sys.modules


def test_the_package_list_names_every_package():
    listed = set(tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"])
    found = {
        ".".join(("dragoman", *path.parent.relative_to(ROOT / "src").parts))
        for path in (ROOT / "src").rglob("*.py")
        if "__pycache__" not in path.parts
    }
    assert listed == found
