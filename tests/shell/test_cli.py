import io
import json
import logging
import os
import re
import resource
import signal
import socket
import subprocess
import sys
import threading

import httpx
import pytest
from dragoman import cli_standins, standins
from dragoman.cli import main
from dragoman.io.access_log import LogLines
from dragoman.io.config import Config
from dragoman.io.keys import hash_of
from dragoman.io.lines import LINES
from dragoman.io.server import prepare_process
from dragoman.translate import boundary
from dragoman.translate.dialects import DIALECTS
from dragoman.translate.framing import aws_frames
from dragoman.translate.providers import PROVIDERS

REQUEST = b'{"model":"acc/gpt-4.1","messages":[{"role":"user","content":"Hello"}]}'


class Stdin(io.TextIOWrapper):
    def __init__(self, data, tty=False):
        super().__init__(io.BytesIO(data))
        self.tty = tty

    def isatty(self):
        return self.tty


@pytest.fixture(autouse=True)
def clean(monkeypatch, tmp_path):
    """No configuration but what the test writes."""
    for name in list(os.environ):
        if name.endswith(("_API_KEY", "_TOKEN")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def run(capfdbinary, monkeypatch):
    def run_command(*words, stdin=None):
        if stdin is not None:
            monkeypatch.setattr(sys, "stdin", Stdin(stdin))
        status = main(list(words))
        out, err = capfdbinary.readouterr()
        assert b"Traceback" not in err
        # Streams to clients of AWS are binary.
        return status, out.decode(errors="replace"), err.decode()

    return run_command


@pytest.mark.parametrize(
    "words",
    [[], ["serve"], ["demo"], ["translate"], ["explain"], ["check"], ["models"], ["usage"], ["keys"], ["keys", "new"]],
)
def test_help_is_complete(run, words):
    status, out, _ = run(*words, "--help")
    assert status == 0
    assert "usage: dragoman" in out
    if words != ["keys"]:
        assert "examples:" in out


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ([], "COMMAND"),
        (["nothing"], "nothing"),
        (["serve", "--workers", "0"], "not a number of processes"),
        (["serve", "--port", "70000"], "not a port"),
        (["translate"], "--to"),
        (["translate", "--to", "opnai"], "did you mean 'openai'?"),
        (["translate", "--to", "openai", "--from", "x"], "--from"),
        (["translate", "--to", "openai", "--status", "x"], "not an HTTP status"),
    ],
)
def test_a_wrong_command_is_2(run, words, hint):
    status, out, err = run(*words, stdin=REQUEST)
    assert (status, out) == (2, "")
    assert hint in err


def test_keys_new_prints_a_key_and_its_hash(run):
    status, out, _ = run("keys", "new")
    lines = dict(line.split(":", 1) for line in out.splitlines() if line.startswith(("key:", "hash:")))
    assert status == 0
    assert lines["hash"].strip() == hash_of(lines["key"].strip())


def test_check_prints_what_a_file_resolves_to(run, write, monkeypatch):
    monkeypatch.setenv("CLAUDE", "sk-very-secret")
    write(
        "[accounts.a]\nprovider = 'anthropic'\napi_key = 'env:CLAUDE'\n[accounts.b]\nprovider='openai'\napi_key='sk-l'"
    )
    status, out, err = run("check")
    assert status == 0
    assert "accounts.a.api_key" in out
    assert "env CLAUDE" in out
    assert "dragoman.toml:2" in out
    assert "prefer env:NAME" in err
    assert "very-secret" not in out + err
    assert "sk-l" not in out + err


def test_check_is_1_with_file_key_and_reason(run, write):
    path = write("[server]\nprot = 1\n")
    status, out, err = run("check", "--config", str(path))
    assert (status, out) == (1, "")
    assert err.startswith(f"dragoman: {path}:2: server.prot: unknown key; did you mean 'port'?")


def test_check_judges_model_rows(run, write):
    write("[accounts.a]\nprovider='openai'\napi_key='env:K'\n[models.llama]\nmax_outputs = 1\n")
    os.environ["K"] = "x"
    try:
        status, _, err = run("check")
    finally:
        del os.environ["K"]
    assert status == 1
    assert "max_outputs" in err


def test_check_without_anything_says_so(run):
    status, _, err = run("check")
    assert status == 0
    assert "no accounts" in err


def test_models_lists_what_is_served(run, monkeypatch):
    assert run("models")[0] == 1
    monkeypatch.setenv("ANTHROPIC_API_KEY", "x")
    status, out, _ = run("models")
    assert status == 0
    assert "anthropic/claude-sonnet-4-5" in out


def test_translate_prints_native_bytes_and_losses(run):
    body = REQUEST[:-1] + b',"seed":1}'
    status, out, err = run("translate", "--to", "anthropic", "--model", "claude-sonnet-4-5", stdin=body)
    assert status == 0
    assert json.loads(out)["model"] == "claude-sonnet-4-5"
    assert {"path", "kind", "severity", "detail"} == set(json.loads(err.splitlines()[0]))


@pytest.mark.parametrize(
    ("stdin", "hint"),
    [(b"{", "JSON"), (b"  ", "stdin is empty"), (b'{"model":"gpt-4.1"}', "messages")],
)
def test_translate_of_a_bad_request_is_1(run, stdin, hint):
    status, out, err = run("translate", "--to", "openai", stdin=stdin)
    assert (status, out) == (1, "")
    assert hint in err


def test_translate_hints_when_nothing_is_piped(run, monkeypatch):
    monkeypatch.setattr(sys, "stdin", Stdin(b"", tty=True))
    status, _, err = run("translate", "--to", "openai")
    assert status == 1
    assert "< request.json" in err


NATIVE = {
    "id": "msg_1",
    "type": "message",
    "role": "assistant",
    "model": "claude-sonnet-4-5",
    "content": [{"type": "text", "text": "Hi"}],
    "stop_reason": "end_turn",
    "stop_sequence": None,
    "usage": {"input_tokens": 3, "output_tokens": 2},
}


def test_translate_a_reply(run):
    words = ("translate", "--to", "anthropic", "--what", "reply")
    status, out, _ = run(*words, stdin=json.dumps(NATIVE).encode())
    assert status == 0
    assert json.loads(out)["choices"][0]["message"]["content"] == "Hi"
    status, out, err = run(*words, stdin=b"<html>")
    assert status == 1
    assert "not a reply of anthropic" in err
    error = b'{"type":"error","error":{"type":"rate_limit_error","message":"slow down"}}'
    status, out, _ = run(*words, "--status", "429", stdin=error)
    assert status == 0
    assert "slow down" in json.loads(out)["error"]["message"]


EVENTS = [
    ("message_start", {"message": NATIVE | {"content": [], "stop_reason": None}}),
    ("content_block_start", {"index": 0, "content_block": {"type": "text", "text": ""}}),
    ("content_block_delta", {"index": 0, "delta": {"type": "text_delta", "text": "Hi"}}),
    ("content_block_stop", {"index": 0}),
    ("message_delta", {"delta": {"stop_reason": "end_turn", "stop_sequence": None}, "usage": {"output_tokens": 2}}),
    ("message_stop", {}),
]
FRAMES = [f"event: {name}\ndata: {json.dumps({'type': name} | data)}\n\n".encode() for name, data in EVENTS]


def test_translate_a_stream(run):
    words = ("translate", "--to", "anthropic", "--what", "stream")
    status, out, _ = run(*words, stdin=b"".join(FRAMES))
    assert status == 0
    assert '"content":"Hi"' in out
    assert out.endswith("data: [DONE]\n\n")
    status, out, err = run(*words, stdin=b"".join(FRAMES[:-2]))
    assert status == 1
    assert "[DONE]" not in out
    assert "has no end" in err


COMPLETION = {
    "id": "c1",
    "object": "chat.completion",
    "created": 1,
    "model": "gpt-4.1",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "Hi"}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5},
}
RESPONSE = {
    "id": "resp_1",
    "object": "response",
    "created_at": 1,
    "status": "completed",
    "model": "gpt-4.1",
    "output": [{"id": "msg_1", "type": "message", "role": "assistant", "status": "completed",
                "content": [{"type": "output_text", "text": "Hi", "annotations": []}]}],
    "usage": {"input_tokens": 3, "output_tokens": 2, "total_tokens": 5},
}  # fmt: skip
GENERATED = {
    "candidates": [{"content": {"role": "model", "parts": [{"text": "Hi"}]}, "finishReason": "STOP", "index": 0}],
    "usageMetadata": {"promptTokenCount": 3, "candidatesTokenCount": 2, "totalTokenCount": 5},
    "modelVersion": "gemini-2.5-flash",
    "responseId": "r1",
}
REQUESTS = {
    "openai_chat": REQUEST,
    "openai_responses": b'{"model":"m","input":[{"role":"user","content":"Hello"}]}',
    "anthropic": b'{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"Hello"}]}',
    "bedrock": b'{"model":"m","messages":[{"role":"user","content":[{"text":"Hello"}]}]}',
    "gemini": b'{"model":"m","contents":[{"role":"user","parts":[{"text":"Hello"}]}]}',
}
CONVERSED = {
    "output": {"message": {"role": "assistant", "content": [{"text": "Hi"}]}},
    "stopReason": "end_turn",
    "usage": {"inputTokens": 3, "outputTokens": 2, "totalTokens": 5},
}
CHUNK = COMPLETION | {
    "object": "chat.completion.chunk",
    "choices": [{"index": 0, "delta": {"role": "assistant", "content": "Hi"}, "finish_reason": "stop"}],
}


def event(kind, payload):
    headers = {":event-type": kind, ":content-type": "application/json", ":message-type": "event"}
    return aws_frames.write(headers, json.dumps(payload).encode())


# Dialect -> (a reply, a stream)
ANSWERS = {
    "openai_chat": (COMPLETION, f"data: {json.dumps(CHUNK)}\n\ndata: [DONE]\n\n".encode()),
    "openai_responses": (
        RESPONSE,
        f"data: {json.dumps({'type': 'response.completed', 'response': RESPONSE})}\n\n".encode(),
    ),
    "anthropic": (NATIVE, b"".join(FRAMES)),
    "bedrock": (
        CONVERSED,
        event("messageStart", {"role": "assistant"})
        + event("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": "Hi"}})
        + event("messageStop", {"stopReason": "end_turn"})
        + event("metadata", {"usage": CONVERSED["usage"]}),
    ),
    "gemini": (GENERATED, f"data: {json.dumps(GENERATED)}\n\n".encode()),
}
# Client -> (a key of its replies, the last word of its streams)
MARKS = {"openai_chat": ("choices", "[DONE]"), "openai_responses": ("status", "response.completed"),
         "anthropic": ("stop_reason", "message_stop"), "bedrock": ("stopReason", "messageStop"),
         "gemini": ("candidates", "finishReason")}  # fmt: skip


@pytest.mark.parametrize("client", sorted(DIALECTS))
@pytest.mark.parametrize("provider", [row["name"] for row in json.loads(boundary.providers())])
def test_translate_goes_between_all_pairs(run, client, provider):
    other = PROVIDERS[provider].other
    own = other is not None and client == other.dialect
    native, stream = ANSWERS["openai_responses" if own else PROVIDERS[provider].dialect]
    words = ("translate", "--from", client, "--to", provider)
    status, out, _ = run(*words, stdin=REQUESTS[client])
    assert status == 0
    assert any(word in json.loads(out) for word in ("messages", "input", "contents"))
    status, out, _ = run(*words, "--what", "reply", stdin=json.dumps(native).encode())
    assert status == 0
    told = json.loads(out)
    assert {name for name, (key, _) in MARKS.items() if key in told} == {client}
    status, out, err = run(*words, "--what", "stream", stdin=stream)
    assert (status, err) == (0, "")
    assert {name for name, (_, last) in MARKS.items() if last in out} == {client}


def test_explain_shows_the_call(run):
    words = ("explain", "--to", "anthropic", "--model", "claude-sonnet-4-5")
    status, out, _ = run(*words, stdin=REQUEST)
    assert status == 0
    assert "POST https://api.anthropic.com/v1/messages" in out
    status, out, _ = run(*words, "--json", stdin=REQUEST)
    value = json.loads(out)
    assert value["method"] == "POST"
    assert value["body"]["model"] == "claude-sonnet-4-5"
    assert value["auth"] == "x-api-key"
    assert isinstance(value["losses"], list)


def test_explain_tells_of_each_loss_what_makes_it_necessary(run):
    words = ("explain", "--to", "anthropic", "--model", "claude-sonnet-4-5-20250929")
    body = {"model": "m", "messages": [{"role": "user", "content": "Hi"}], "seed": 1, "temperature": 1.5}
    _, out, _ = run(*words, stdin=json.dumps(body).encode())
    (head,) = [line.split() for line in out.splitlines() if line.startswith("path ")]
    assert head == ["path", "kind", "severity", "by", "detail"]
    rows = {line.split()[0]: line.split() for line in out.splitlines() if line.startswith("/")}
    assert rows["/temperature"][1:5] == ["approximated", "quality", "model", "claude-sonnet-4-5"]
    assert rows["/seed"][1:5] == ["dropped", "hint", "dialect", "anthropic"]
    _, out, _ = run(*words, "--json", stdin=json.dumps(body).encode())
    value = json.loads(out)
    assert {loss["path"]: loss["by"] for loss in value["losses"]} == {
        "/temperature": "model claude-sonnet-4-5",
        "/seed": "dialect anthropic",
        "/max_tokens": "dialect anthropic",
    }
    assert "causes" not in value


def test_explain_tells_what_makes_the_losses_necessary_for_which_a_request_is_refused(run):
    words = ("explain", "--to", "anthropic", "--model", "claude-sonnet-4-5-20250929")
    body = {"model": "m", "messages": [{"role": "user", "content": "Hi"}], "n": 2, "temperature": 1.5}
    status, out, err = run(*words, stdin=json.dumps(body).encode())
    assert status == 1
    rows = {line.split()[0]: line.split() for line in out.splitlines() if line.startswith("/")}
    assert rows["/n"][1:5] == ["dropped", "contract", "dialect", "anthropic"]
    assert rows["/temperature"][1:5] == ["approximated", "quality", "model", "claude-sonnet-4-5"]
    (line,) = err.splitlines()
    assert "refused with 400: Unsupported parameter: 'n' (2)" in line
    status, out, err = run(*words, "--json", stdin=json.dumps(body).encode())
    assert (status, out) == (1, "")
    told = [json.loads(line) for line in err.splitlines()[:-1]]
    assert {loss["path"]: loss["by"] for loss in told}["/n"] == "dialect anthropic"


def test_check_tells_what_becomes_of_losses(run, write):
    text = "[accounts.a]\nprovider = 'openai'\napi_key = 'x'\non_loss = {cost = 'refuse'}\n"
    _, out, _ = run("check", "--config", str(write(text)))
    (row,) = [line for line in out.splitlines() if line.startswith("a/*")]
    assert re.split(r"  +", row.strip()) == [
        "a/*", "refuse (default)", "allow (default)", "refuse (accounts.a.on_loss)", "allow (default)",
    ]  # fmt: skip
    _, out, _ = run("check", "--config", str(write(text.replace("on_loss", "#"))))
    assert "what becomes of losses" not in out


def test_models_shows_routes_with_their_targets(run, write, monkeypatch):
    path = write(
        "[accounts.a]\nprovider = 'openai'\napi_key = 'x'\n[accounts.smart]\nprovider = 'azure'\napi_key = 'x'\n"
        "base_url = 'https://x'\n[routes.smart]\ntargets = ['a/gpt-5', 'smart/mine']\n"
    )
    monkeypatch.setenv("DRAGOMAN_CONFIG", str(path))
    status, out, _ = run("models")
    rows = [re.split(r"  +", line.strip()) for line in out.splitlines()]
    assert status == 0
    assert ["smart", "route", "priority: a/gpt-5, smart/mine"] in rows
    assert ["smart/*", "azure", "whatever the provider serves"] in rows  # an account may have the name of a route


@pytest.mark.parametrize("model", ["claude-sonnet-4-5", "claude-sonnet-4-5-20250929", "nobody-knows"])
def test_explain_names_the_model_row_that_was_used(run, model):
    words = ("explain", "--to", "openai_compatible", "--model", model)
    _, out, _ = run(*words, stdin=REQUEST)
    _, machine, _ = run(*words, "--json", stdin=REQUEST)
    row = json.loads(machine)["row"]
    assert f"model row: {row or 'none'}" in out
    _, out, _ = run("explain", "--to", "anthropic", "--model", model, stdin=REQUEST)
    assert "model row: claude" in out


def test_explain_of_a_provider_that_needs_an_address(run):
    status, out, _ = run("explain", "--to", "openai_compatible", "--model", "m", stdin=REQUEST)
    assert status == 0
    assert "https://BASE_URL" in out


def test_media_that_would_be_fetched_are_named_with_their_field(run):
    part = {"type": "image_url", "image_url": {"url": "https://h.example/a.png"}}
    body = {"model": "m", "messages": [{"role": "user", "content": [part]}]}
    words = ("explain", "--to", "bedrock", "--model", "anthropic.claude-sonnet-4-5-20250929-v1:0")
    status, _, err = run(*words, stdin=json.dumps(body).encode())
    assert status == 1
    assert "https://h.example/a.png (messages[0].content[0].image_url.url)" in err


def test_a_reader_that_leaves_early_hurts_nobody():
    command = f"{sys.executable} -m dragoman check | true; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, check=False, timeout=20)
    assert done.returncode == 0
    assert b"Error" not in done.stderr


def test_serve_says_where_it_is_and_ends_in_good_order(tmp_path):
    env = {name: value for name, value in os.environ.items() if not name.endswith("_API_KEY")}
    process = subprocess.Popen(
        [sys.executable, "-m", "dragoman", "serve", "--port", "0"],
        cwd=tmp_path, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        first = process.stdout.readline()
        url = first.split()[3].rstrip(",")
        assert "environment" in first
        assert "demo (" in process.stdout.readline()
        assert "everybody" in process.stdout.readline()
        assert process.stdout.readline().startswith("driver: auto; ")
        assert process.stdout.readline() == f"metrics: {url}/metrics, open to everybody\n"
        assert process.stdout.readline().startswith("ledger: /")
        hint = process.stdout.readline()
        assert f"curl {url}/v1/chat/completions" in hint
        body = hint.split("-d '")[1].rstrip("'\n")
        reply = httpx.post(f"{url}/v1/chat/completions", content=body, timeout=10, trust_env=False)
        assert "Hello" in reply.json()["choices"][0]["message"]["content"]
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        line = json.loads(process.stderr.read())
        assert (line["status"], line["account"], line["path"]) == (200, "demo", "/v1/chat/completions")
    finally:
        process.kill()
        process.communicate()


def test_starting_does_not_wait_for_the_stand_ins(tmp_path):
    assert set(standins.PROVIDERS) == cli_standins.OFFERED
    program = "import sys; from dragoman import cli; print({'anthropic', 'openai', 'pydantic'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_a_process_that_serves_says_everything_in_json_lines(capfd):
    record = logging.LogRecord("dragoman.http", logging.WARNING, "", 0, "cannot accept: %s", ("full",), None)
    LogLines().emit(record)
    LINES.flush()
    line = json.loads(capfd.readouterr().err)
    assert (line["level"], line["logger"], line["message"]) == ("warning", "dragoman.http", "cannot accept: full")


@pytest.mark.parametrize(
    ("granted", "asked", "told"),
    [((1024, 1 << 20), (8256, 1 << 20), False), ((256, 512), (512, 512), True), ((1 << 16, 1 << 16), None, False)],
)
def test_a_process_that_serves_takes_the_files_it_may(monkeypatch, granted, asked, told):
    calls = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: granted)
    monkeypatch.setattr(resource, "setrlimit", lambda _, limits: calls.append(limits))
    monkeypatch.setattr(logging.getLogger("dragoman"), "handlers", [LogLines()])
    note = prepare_process(Config())
    assert calls == ([asked] if asked else [])
    assert (note is not None) == told


def test_serve_on_a_taken_port_is_1(tmp_path, kit):
    upstream = kit.answering(b"")
    port = upstream.url.rpartition(":")[2]
    done = subprocess.run(
        [sys.executable, "-m", "dragoman", "serve", "--port", port],
        cwd=tmp_path, capture_output=True, text=True, check=False, timeout=20,
    )  # fmt: skip
    assert done.returncode == 1
    assert f"cannot listen on 127.0.0.1 port {port}" in done.stderr
    assert "Traceback" not in done.stderr


def is_listening(url):
    try:
        socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2])), timeout=5).close()
    except ConnectionRefusedError:
        return False
    return True


@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize("folder", ["", "nowhere", "file"])
def test_a_folder_of_counts_that_is_none_is_named(tmp_path, folder, workers):
    (tmp_path / "file").touch()
    done = subprocess.run(
        [sys.executable, "-m", "dragoman", "serve", "--port", "0", "--workers", workers],
        capture_output=True,
        env={**os.environ, "OPENAI_API_KEY": "k", "PROMETHEUS_MULTIPROC_DIR": folder},
        cwd=tmp_path,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 1
    assert f'PROMETHEUS_MULTIPROC_DIR is "{folder}", which is no folder that can be written' in done.stderr


def test_serve_lets_running_requests_finish(tmp_path, kit, write):
    arrived, go_on = threading.Event(), threading.Event()

    def behave(connection, _):
        arrived.set()
        assert go_on.wait(5)
        connection.sendall(kit.whole(200, json.dumps(NATIVE).encode()))

    url = kit.upstream(behave).url
    write(f"[server]\nport = 0\n[accounts.a]\nprovider = 'anthropic'\napi_key = 'x'\nbase_url = '{url}'\n")
    process = subprocess.Popen(
        [sys.executable, "-m", "dragoman", "serve"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        url = process.stdout.readline().split()[3]
        replies = []
        body = {"model": "a/claude-sonnet-4-5", "messages": [{"role": "user", "content": "Hi"}]}
        asking = threading.Thread(
            target=lambda: replies.append(httpx.post(f"{url}/chat/completions", json=body, timeout=10, trust_env=False))
        )
        asking.start()
        assert arrived.wait(10)
        process.send_signal(signal.SIGTERM)
        assert kit.until(lambda: not is_listening(url))
        assert process.poll() is None
        go_on.set()
        asking.join(10)
        assert replies[0].json()["choices"][0]["message"]["content"] == "Hi"
        assert process.wait(10) == 0
    finally:
        go_on.set()
        process.kill()
        process.communicate()
