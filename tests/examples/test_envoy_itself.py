"""The example's `envoy.yaml` in Envoy itself, between the official OpenAI client and stand-in providers."""

import json
import os
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import openai
import pytest
import yaml
from dragoman.standins import running
from environments import ROOT, environment

pytest.importorskip("grpc")

EXAMPLE = ROOT / "examples" / "envoy_ext_proc"
PROVIDERS = {"anthropic": "claude-sonnet-4-5", "gemini": "gemini-2.5-flash", "openai": "gpt-4.1"}
HELLO = [{"role": "user", "content": "Hello, how are you?"}]
WEATHER = [{"role": "user", "content": "What is the weather in Paris? Use the tool."}]
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
TOOLS = [{"type": "function", "function": {"name": "get_weather", "description": "Weather.", "parameters": SCHEMA}}]


@pytest.fixture(scope="module")
def program():
    python = environment(Path(__file__).parent / "envoy" / "requirements.txt")
    (found,) = python.parent.parent.glob("lib/python*/site-packages/envoy/_bin/envoy")
    return found


@pytest.fixture(scope="module")
def standins():
    with ExitStack() as stack:
        yield {name: stack.enter_context(running(name)) for name in PROVIDERS}


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as one:
        return one.getsockname()[1]


def changed(standins, listen, processor, modes):
    """The example's configuration with other addresses and no TLS."""
    config = yaml.safe_load((EXAMPLE / "envoy.yaml").read_text())["static_resources"]
    (listener,) = config["listeners"]
    listener["address"]["socket_address"]["port_value"] = listen
    manager = listener["filter_chains"][0]["filters"][0]["typed_config"]
    ours = manager["http_filters"][0]["typed_config"]
    ours["processing_mode"].update(modes)
    ours["allow_mode_override"] = "response_body_mode" in modes
    ports = {name: int(one.base_url.rpartition(":")[2]) for name, one in standins.items()}
    for cluster in config["clusters"]:
        port = processor if cluster["name"] == "processor" else ports[cluster["name"]]
        endpoint = {"address": {"socket_address": {"address": "127.0.0.1", "port_value": port}}}
        cluster["load_assignment"]["endpoints"] = [{"lb_endpoints": [{"endpoint": endpoint}]}]
        cluster.pop("transport_socket", None)
    return {"static_resources": config}


@contextmanager
def gateway(program, standins, folder, modes):
    targets = json.loads((EXAMPLE / "targets.json").read_text())
    for name, one in standins.items():
        targets[name]["base_url"] = one.base_url + ("/v1" if name == "openai" else "")
    (folder / "targets.json").write_text(json.dumps(targets))
    run = [sys.executable, EXAMPLE / "processor.py", "--targets", folder / "targets.json", "--port", "0"]
    keys = dict.fromkeys((target["key_env"] for target in targets.values()), "k")
    with ExitStack() as stack:
        service = stack.enter_context(
            subprocess.Popen(run, env={**os.environ, **keys}, stdout=subprocess.PIPE, text=True)
        )
        stack.callback(service.terminate)
        processor, listen = int(service.stdout.readline().rpartition(":")[2]), free_port()
        (folder / "envoy.json").write_text(json.dumps(changed(standins, listen, processor, modes)))
        options = ["--concurrency", "1", "--log-level", "error", "--use-dynamic-base-id", "--disable-hot-restart"]
        envoy = stack.enter_context(subprocess.Popen([program, "-c", folder / "envoy.json", *options]))
        stack.callback(envoy.kill)
        until_open(listen, envoy)
        yield f"http://127.0.0.1:{listen}"


def until_open(port, process):
    for _ in range(400):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert process.poll() is None, "Envoy ended"
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(port)


@pytest.fixture(scope="module", params=["duplex", "streamed", "buffered", "duplex-both"])
def url(request, program, standins, tmp_path_factory):
    modes = {
        "duplex": {},
        "streamed": {"response_body_mode": "STREAMED"},
        "buffered": {"response_body_mode": "BUFFERED"},
        "duplex-both": {"request_body_mode": "FULL_DUPLEX_STREAMED", "request_trailer_mode": "SEND"},
    }
    with gateway(program, standins, tmp_path_factory.mktemp("envoy"), modes[request.param]) as one:
        yield one
    for standin in standins.values():
        assert (standin.crashes, standin.protocol_errors) == ([], [])


@pytest.fixture
def client(url):
    with openai.OpenAI(base_url=f"{url}/v1", api_key="client-key", max_retries=0, timeout=20) as one:
        yield one.chat.completions


def test_envoy_accepts_the_file_as_it_is(program):
    check = [program, "--mode", "validate", "-c", EXAMPLE / "envoy.yaml", "--log-level", "error"]
    done = subprocess.run(check, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", PROVIDERS)
def test_whole_answers_streams_and_tools_of_every_target(client, standins, name):
    model = f"{name}/{PROVIDERS[name]}"
    raw = client.with_raw_response.create(model=model, messages=HELLO, seed=3)
    whole = raw.parse()
    assert "Hello" in whole.choices[0].message.content
    assert whole.usage.total_tokens > 0
    if name == "anthropic":
        assert "/seed dropped hint" in json.loads(raw.headers["x-dragoman-losses"])
    chunks = list(client.create(model=model, messages=HELLO, stream=True))
    said = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert said == whole.choices[0].message.content
    called = client.create(model=model, messages=WEATHER, tools=TOOLS).choices[0].message.tool_calls
    assert json.loads(called[0].function.arguments) == {"city": "Paris"}
    seen = standins[name].requests[-1].headers
    assert "client-key" not in str(seen)
    assert not [header for header in seen if header.startswith("x-stainless")]


def test_long_bodies_pass(client, standins):
    long = [{"role": "user", "content": "x" * 3_000_000}]
    whole = client.create(model="openai/gpt-4.1", messages=long)
    assert len(whole.choices[0].message.content) > 100_000
    assert len(standins["openai"].requests[-1].body) > 3_000_000


def test_errors_have_their_status_and_class(client):
    def ask(text="error:429", **given):
        messages = [{"role": "user", "content": text}]
        return client.create(**{"model": "anthropic/claude-sonnet-4-5", "messages": messages, **given})

    for stream in (False, True):
        with pytest.raises(openai.RateLimitError) as limited:
            ask(stream=stream)
        assert limited.value.response.headers["retry-after"]
    with pytest.raises(openai.BadRequestError, match="Unsupported parameter: 'n'"):
        ask(n=3)
    with pytest.raises(openai.NotFoundError, match="the targets are"):
        ask(model="nobody/any")
    with pytest.raises(openai.InternalServerError):
        ask("[reset]")


def test_a_stream_that_fails_is_an_error_and_no_short_answer(client):
    def read(text):
        messages = [{"role": "user", "content": text}]
        return list(client.create(model="anthropic/claude-sonnet-4-5", messages=messages, stream=True))

    with pytest.raises(openai.APIError, match="Overloaded"):
        read("mid-error")
    # Envoy cuts the connection where the provider cut its own, or answers with an error if nothing has been sent.
    with pytest.raises((openai.APIError, httpx.TransportError)):
        read("[truncate]")


def test_pieces_arrive_as_the_provider_sends_them(client, request):
    messages = [{"role": "user", "content": "slow:100 one two three four"}]
    chunks = client.create(model="anthropic/claude-sonnet-4-5", messages=messages, stream=True)
    times = [time.monotonic() for chunk in chunks if chunk.choices and chunk.choices[0].delta.content]
    at_once = request.node.callspec.params["url"] == "buffered"
    assert (times[-1] - times[0] < 0.1) == at_once
