"""What is counted of requests: `GET /metrics`."""

import os
import subprocess
import sys
import threading
import time

import httpx
import orjson
import pytest
from dragoman.io.access_log import Trail
from dragoman.io.keys import hash_of
from dragoman.io.metrics import VARIABLE, Metrics, _Histogram, _Observed, forget_worker
from dragoman.io.policy import SEVERITIES
from dragoman.io.settings import KeyConfig, Retry, RouteConfig, RouteTarget
from dragoman.translate import boundary
from prometheus_client import Histogram
from prometheus_client.parser import text_string_to_metric_families

CHAT = "/v1/chat/completions"
MEASURED = ("target_healthy", "request_seconds", "first_byte_seconds", "tokens", "requests_in_flight")
BODY = {"model": "a/claude-sonnet-4-5", "messages": [{"role": "user", "content": "Hi"}], "seed": 1}
USAGE = {"input_tokens": 1, "output_tokens": 1}
# The reason of the end has no common word: to tell it as another one is a loss of the reply, and of the stream.
REPLY = {"id": "m", "type": "message", "role": "assistant", "model": "c", "usage": USAGE, "stop_reason": "odd",
         "content": [{"type": "text", "text": "Hi"}]}  # fmt: skip
EVENTS = [
    {"type": "message_start", "message": {"id": "m", "model": "c", "usage": USAGE}},
    {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Hi"}},
    {"type": "content_block_stop", "index": 0},
    {"type": "message_delta", "delta": {"stop_reason": "odd"}, "usage": {"output_tokens": 2}},
    {"type": "message_stop"},
]
FRAMES = [b"data: %b\n\n" % orjson.dumps(event) for event in EVENTS]


@pytest.fixture
def client():
    with httpx.Client(timeout=10, trust_env=False) as client:
        yield client


@pytest.fixture
def gateway(kit):
    def behave(connection, request):
        stream = b'"stream":true' in request
        connection.sendall(kit.chunked(*FRAMES) if stream else kit.whole(200, orjson.dumps(REPLY)))

    accounts = {
        "a": kit.account(kit.upstream(behave).url, "anthropic"),
        "bad": kit.account(kit.answering(kit.whole(503, b"{}")).url),
    }
    routes = {"smart": RouteConfig((RouteTarget("bad/gpt-5"), RouteTarget(BODY["model"])), retry=Retry(1))}

    def start(**more):
        return kit.gateway(kit.config(accounts, routes=routes, **more), boundary)

    return start


def counted(client, gateway, **headers):
    """(name, the values of its labels in the order of their names) -> the count, of those that are not 0."""
    reply = client.get(f"{gateway.url}/metrics", headers=headers)
    assert reply.status_code == 200, reply.text
    return values(reply.text)


def values(text):
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    return {
        (sample.name.removeprefix("dragoman_"), *(value for _, value in sorted(sample.labels.items()))): sample.value
        for sample in samples
        if sample.value and not any(sample.name.startswith(f"dragoman_{measured}") for measured in MEASURED)
    }


@pytest.mark.parametrize("stream", [False, True])
def test_requests_and_the_losses_of_both_ways_are_counted(gateway, client, stream):
    gateway = gateway()
    for number in (1, 2):
        assert client.post(gateway.url + CHAT, json=BODY | {"stream": stream}).status_code == 200
        # Between the two the counts were asked for.
        assert [loss["path"] for loss in gateway.trail(2 * number - 2).losses] == ["/seed", "/max_tokens", ""]
        assert counted(client, gateway) == {
            ("requests_total", "openai_chat", "anthropic", "2xx"): number,
            ("losses_total", "dropped", "anthropic", "hint"): number,
            ("losses_total", "added", "anthropic", "hint"): number,
            ("losses_total", "approximated", "anthropic", "hint"): number,  # the one of the answer
        }


def test_a_request_that_is_refused_is_counted_and_loses_nothing(kit, gateway, client):
    gateway = gateway()
    assert client.post(gateway.url + CHAT, json=BODY | {"logit_bias": {"1": 2}}).status_code == 400
    assert client.post(gateway.url + "/v1/messages", json={"model": "nobody/x"}).status_code == 404
    assert kit.until(lambda: counted(client, gateway) == {
        ("requests_total", "openai_chat", "anthropic", "4xx"): 1,
        ("requests_total", "anthropic", "none", "4xx"): 1,
    })  # fmt: skip


def test_of_a_route_the_target_that_answered_is_counted_and_the_attempts_that_failed(kit, gateway, client):
    gateway = gateway()
    assert client.post(gateway.url + CHAT, json=BODY | {"model": "smart"}).status_code == 200
    assert kit.until(lambda: counted(client, gateway).get(("failed_attempts_total", "openai")) == 1)
    found = counted(client, gateway)
    assert found["requests_total", "openai_chat", "anthropic", "2xx"] == 1
    assert {labels[2] for labels in found if labels[0] == "losses_total"} == {"anthropic"}


def test_probes_lists_and_the_counts_themselves_are_not_counted(gateway, client):
    gateway = gateway()
    for path in ("/health/live", "/v1/models", "/metrics", "/nothing"):
        client.get(gateway.url + path)
    assert counted(client, gateway) == {}


@pytest.mark.parametrize(("path", "count"), [(CHAT, 1.0), ("/elsewhere", None), ("/v1/models", None)])
def test_what_is_refused_before_its_body_is_counted_where_it_was_for_a_model(gateway, client, path, count):
    gateway = gateway(keys={"me": KeyConfig(hash_of("k"))})
    assert client.post(gateway.url + path, content=b"x" * 100_000).status_code == 401
    assert counted(client, gateway).get(("requests_total", "openai_chat", "none", "4xx")) == count


def test_the_losses_of_every_provider_are_there_from_the_start(gateway, client):
    text = client.get(f"{gateway().url}/metrics").text
    series = [line for line in text.splitlines() if line.startswith("dragoman_losses_total{")]
    assert len(series) == 2 * 3 * 4
    assert all(line.endswith(" 0.0") for line in series)
    assert "_created" not in text


def test_no_label_has_a_value_of_a_client_s_choice(gateway, client):
    gateway = gateway()
    for model in ("a/secret-model-1", "secret-model-2"):
        client.post(f"{gateway.url}{CHAT}?q=secret", json=BODY | {"model": model})
    client.post(gateway.url + "/secret-path/chat/completions", json=BODY)
    assert "secret" not in client.get(f"{gateway.url}/metrics").text


KEYS = {"me": KeyConfig(hash_of("k"), models=("a/*",))}


@pytest.mark.parametrize(
    ("metrics", "key", "status"),
    [("open", None, 200), ("open", "wrong", 200), ("key", None, 401), ("key", "wrong", 401), ("key", "k", 200),
     ("off", None, 404), ("off", "k", 404)],
)  # fmt: skip
def test_who_may_read_the_counts_is_a_setting(gateway, client, metrics, key, status):
    gateway = gateway(metrics=metrics, keys=KEYS)
    reply = client.get(f"{gateway.url}/metrics", headers={} if key is None else {"x-api-key": key})
    assert reply.status_code == status
    if status == 200:
        assert reply.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert client.post(gateway.url + CHAT, json=BODY, headers={"x-api-key": "k"}).status_code == 200


def test_the_counts_take_only_get(gateway, client):
    gateway = gateway()
    assert client.post(f"{gateway.url}/metrics").status_code == 405
    assert client.head(f"{gateway.url}/metrics").status_code == 200


def test_losses_are_told_apart_by_kind_and_severity():
    metrics = Metrics(["openai"])
    trail = Trail("POST", "/", dialect="gemini", provider="openai", attempts=1, status=200)
    trail.losses = [{"path": "/x", "kind": kind, "severity": severity, "detail": "."}
                    for kind in ("dropped", "approximated", "added") for severity in SEVERITIES]  # fmt: skip
    metrics.count(trail)
    trail.losses = trail.losses[:1]
    metrics.count(trail)
    found = values(metrics.text().decode())
    assert found.pop(("requests_total", "gemini", "openai", "2xx")) == 2
    assert found.pop(("losses_total", "dropped", "openai", "contract")) == 2
    assert list(found.values()) == [1] * 11


def test_of_a_worker_that_ended_the_counts_stay_and_what_it_held_to_be_so_goes(tmp_path):
    for name in ("counter_7.db", "gauge_livemin_7.db", "gauge_livemin_77.db"):
        (tmp_path / name).touch()
    forget_worker(7, {VARIABLE: str(tmp_path)})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["counter_7.db", "gauge_livemin_77.db"]
    forget_worker(7, {})  # a gateway that counts nothing


def samples(metrics):
    """(name, labels without the bounds of buckets) -> the value, of what is measured."""
    families = text_string_to_metric_families(metrics.text().decode())
    return {
        (sample.name.removeprefix("dragoman_"), *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in families
        for sample in family.samples
        if sample.name.startswith(tuple(f"dragoman_{name}" for name in MEASURED))
    }


def measured(**known):
    metrics = Metrics(["openai"])
    trail = Trail("POST", "/", dialect="gemini", provider="openai", attempts=1, status=200)
    for name, value in known.items():
        setattr(trail, name, value)
    metrics.count(trail)
    return samples(metrics)


def test_a_stream_is_timed_to_its_beginning_and_to_its_end():
    found = measured(stream=True, started=time.monotonic() - 3, first_at=time.monotonic() - 2)
    assert 0.9 < found["first_byte_seconds_sum", "openai"] < 1.5
    assert 2.9 < found["request_seconds_sum", "openai", "true"] < 3.5
    assert found["request_seconds_bucket", "2.5", "openai", "true"] == 0
    assert found["request_seconds_bucket", "5.0", "openai", "true"] == 1


def test_a_whole_answer_has_no_beginning_of_its_own():
    found = measured(first_at=time.monotonic())
    assert found["request_seconds_count", "openai", "false"] == 1
    assert not any(name[0].startswith("first_byte") for name in found)


def test_a_request_for_which_no_provider_was_asked_is_not_timed():
    assert measured(attempts=0, stream=True) == {("requests_in_flight",): 0}


def test_tokens_are_summed_in_buckets_that_do_not_overlap():
    usage = {"fresh": 1, "audio_in": 2, "cache_read": 4, "cache_write": 8, "cache_write_long": 16, "text": 32,
             "audio_out": 64, "reasoning": 128, "prompt": 31, "completion": 224, "total": 255}  # fmt: skip
    found = measured(usage=usage)
    tokens = {labels[0]: value for (name, *labels), value in found.items() if name == "tokens_total"}
    assert tokens == {"input": 3, "cache_read": 4, "cache_write": 24, "output": 96, "reasoning": 128}
    assert sum(tokens.values()) == usage["total"]


def test_many_times_at_once_are_counted_as_one_by_one():
    bounds = (0.1, 0.5, 1.0)
    one_by_one, at_once = (
        Histogram("x", "-", buckets=bounds, registry=None),
        _Histogram("x", "-", buckets=bounds, registry=None),
    )
    observed = _Observed(bounds)
    for seconds in (0.0, 0.1, 0.25, 0.5, 0.5000001, 1.0, 7.0, 7.0):
        one_by_one.observe(seconds)
        observed.observe(seconds)
    at_once.add(observed.counts, observed.seconds)
    assert [family.samples for family in at_once.collect()] == [family.samples for family in one_by_one.collect()]


def test_what_is_counted_is_told_whenever_it_is_asked_and_once():
    metrics = Metrics(["openai"])
    trail = Trail("POST", "/", dialect="gemini", provider="openai", attempts=1, status=200, usage={"fresh": 3})
    for number in (1, 2):
        metrics.enter()
        metrics.count(trail)
        for _ in range(2):
            assert values(metrics.text().decode())["requests_total", "gemini", "openai", "2xx"] == number
            found = samples(metrics)
            assert found["tokens_total", "input", "openai"] == 3 * number
            assert found["request_seconds_count", "openai", "false"] == number
            assert found["requests_in_flight",] == number


ANOTHER_WORKER = """
from dragoman.io.access_log import Trail
from dragoman.io.metrics import Metrics
metrics = Metrics(["openai"])
usage = {"fresh": 3, "total": 3}
for seconds in (0, 3):
    metrics.enter()
    trail = Trail("POST", "/", dialect="gemini", provider="openai", attempts=1, status=200, usage=usage)
    trail.started -= seconds
    metrics.count(trail)
metrics.leave()
print(metrics.text_of_handed_over().decode())
"""


def test_with_several_workers_what_is_counted_is_known_to_others_at_once(tmp_path):
    text = subprocess.run(
        [sys.executable, "-c", ANOTHER_WORKER],
        env={**os.environ, VARIABLE: str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for line in (
        'dragoman_requests_total{dialect="gemini",provider="openai",status="2xx"} 2.0',
        'dragoman_request_seconds_bucket{le="0.1",provider="openai",stream="false"} 1.0',
        'dragoman_request_seconds_bucket{le="5.0",provider="openai",stream="false"} 2.0',
        'dragoman_tokens_total{bucket="input",provider="openai"} 6.0',
        "dragoman_requests_in_flight 1.0",
    ):
        assert line in text.splitlines()


def test_what_is_counted_while_another_thread_tells_is_not_lost():
    metrics = Metrics(["openai"])
    trail = Trail("POST", "/", dialect="gemini", status=200)
    metrics.count(trail)
    metrics.hand_over()
    metrics.count(trail)
    told = [values(text.decode()) for text in (metrics.text_of_handed_over(), metrics.text())]
    assert [found["requests_total", "gemini", "none", "2xx"] for found in told] == [1, 2]


def test_requests_are_in_flight_until_they_are_over(kit, client):
    asked, answer = threading.Event(), threading.Event()

    def behave(connection, _):
        asked.set()
        answer.wait(10)
        connection.sendall(kit.whole(200, orjson.dumps(REPLY)))

    gateway = kit.gateway(kit.config({"a": kit.account(kit.upstream(behave).url, "anthropic")}), boundary)

    def in_flight():
        text = client.get(f"{gateway.url}/metrics").text
        return next(line for line in text.splitlines() if line.startswith("dragoman_requests_in_flight "))

    thread = threading.Thread(target=httpx.post, args=(gateway.url + CHAT,), kwargs={"json": BODY, "trust_env": False})
    thread.start()
    assert asked.wait(5)
    assert in_flight() == "dragoman_requests_in_flight 1.0"
    answer.set()
    thread.join(10)
    assert client.post(gateway.url + CHAT, json={}).status_code == 400
    assert kit.until(lambda: in_flight() == "dragoman_requests_in_flight 0.0")
