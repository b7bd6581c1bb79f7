"""Traces, as a collector gets them by OTLP over HTTP."""

import gzip
import logging
import os
import random
import subprocess
import sys
import threading
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import attrs
import httpx
import orjson
import pytest
import trio
from dragoman.io import spans, tracing
from dragoman.io.access_log import Trail, write_line
from dragoman.io.cache_settings import CacheConfig
from dragoman.io.config import Config, ConfigError, load
from dragoman.io.keys import hash_of
from dragoman.io.lines import LINES
from dragoman.io.routes import Route
from dragoman.io.sampling import bound_of
from dragoman.io.settings import KeyConfig, Retry, RouteConfig, RouteTarget
from dragoman.io.spans import Exporter, Spans
from dragoman.io.tracing_settings import TracingConfig
from dragoman.translate import boundary
from fronts import until
from opentelemetry.context import Context
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace import sampling
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, TraceState, get_current_span

CHAT = "/v1/chat/completions"
SECRET = "what was said"
BODY = {"model": "a/claude-sonnet-4-5", "messages": [{"role": "user", "content": SECRET}], "seed": 1}
USAGE = {"input_tokens": 3, "output_tokens": 2, "cache_read_input_tokens": 4}
REPLY = {"id": "m", "type": "message", "role": "assistant", "model": "c", "usage": USAGE, "stop_reason": "end_turn",
         "content": [{"type": "text", "text": SECRET}]}  # fmt: skip
EVENTS = [
    {"type": "message_start", "message": {"id": "m", "model": "c", "usage": USAGE}},
    {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": SECRET}},
    {"type": "content_block_stop", "index": 0},
    {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 2}},
    {"type": "message_stop"},
]
FRAMES = [b"data: %b\n\n" % orjson.dumps(event) for event in EVENTS]
PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
UNSAMPLED = PARENT[:-1] + "0"
ON = TracingConfig(enabled=True)


@attrs.define
class Collector:
    """What came to a collector."""

    url: str
    bodies: list = attrs.field(factory=list)

    def spans(self):
        """(the span, its attributes by name)."""
        found = []
        for body in self.bodies:
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                for scope in resource.scope_spans:
                    found += [(span, attributes_of(span.attributes)) for span in scope.spans]
        return found

    def services(self):
        return {
            attributes_of(resource.resource.attributes)["service.name"]
            for body in self.bodies
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans
        }


def attributes_of(pairs):
    def value(any_value):
        kind = any_value.WhichOneof("value")
        found = getattr(any_value, kind)
        return [value(item) for item in found.values] if kind == "array_value" else found

    return {pair.key: value(pair.value) for pair in pairs}


@pytest.fixture
def collector(monkeypatch):
    made = Collector("")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            assert self.path == "/v1/traces"
            made.bodies.append(gzip.decompress(body) if self.headers["content-encoding"] == "gzip" else body)
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    for name in [name for name in os.environ if name.startswith("OTEL_")]:
        monkeypatch.delenv(name)
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        made.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", made.url)
        yield made
        server.shutdown()
        thread.join()


@pytest.fixture
def upstream(kit):
    def behave(connection, request):
        stream = b'"stream":true' in request
        connection.sendall(kit.chunked(*FRAMES) if stream else kit.whole(200, orjson.dumps(REPLY)))

    return kit.upstream(behave)


@pytest.fixture
def config(kit, upstream):
    accounts = {
        "a": kit.account(upstream.url, "anthropic"),
        "bad": kit.account(kit.answering(kit.whole(503, b"{}")).url),
    }
    routes = {"smart": RouteConfig((RouteTarget("bad/gpt-5"), RouteTarget(BODY["model"])), retry=Retry(1))}
    return attrs.evolve(kit.config(accounts, routes=routes), tracing=ON)


def asked(kit, config, body, **headers):
    """Ask a gateway that ends afterwards; the answer and the trail."""
    with kit.running(config, boundary) as gateway, httpx.Client(timeout=10, trust_env=False) as client:
        reply = client.post(gateway.url + CHAT, json=body, headers=headers)
        return reply, gateway.trail()


def test_what_is_told_from_the_cache_has_no_call_to_a_provider(kit, config, collector, upstream):
    config = attrs.evolve(config, cache=CacheConfig(ttl_seconds=60))
    with kit.running(config, boundary) as gateway, httpx.Client(timeout=10, trust_env=False) as client:
        for _ in range(2):
            assert client.post(gateway.url + CHAT, json=BODY).status_code == 200
    spans = collector.spans()
    assert [found["dragoman.cache"] for _, found in spans if "dragoman.cache" in found] == ["miss", "hit"]
    assert [span.kind for span, _ in spans].count(SpanKind.CLIENT.value + 1) == len(upstream.requests) == 1


@pytest.mark.parametrize("stream", [False, True])
def test_a_request_is_a_span_with_the_call_to_the_provider_inside_it(kit, config, collector, upstream, stream):
    reply, trail = asked(kit, config, BODY | {"stream": stream}, **{"x-request-id": "mine"})
    assert reply.status_code == 200
    (call, of_call), (request, of_request) = collector.spans()
    assert (request.name, request.kind, call.name, call.kind) == (
        "POST /v1/chat/completions", SpanKind.SERVER.value + 1, "chat claude-sonnet-4-5", SpanKind.CLIENT.value + 1,
    )  # fmt: skip
    assert (call.trace_id, call.parent_span_id) == (request.trace_id, request.span_id)
    assert request.trace_id.hex() == trail.trace.trace_id
    assert of_request["dragoman.request_id"] == "mine"
    assert (of_request["http.response.status_code"], of_request["dragoman.attempts"]) == (200, 1)
    assert of_request["dragoman.losses.hint"] == 2
    first = of_call.pop("gen_ai.response.time_to_first_chunk", None)
    assert (first is not None and first > 0) == stream
    assert of_call == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "anthropic",
        "gen_ai.request.model": "claude-sonnet-4-5",
        "gen_ai.request.stream": stream,
        "gen_ai.usage.input_tokens": 7,
        "gen_ai.usage.output_tokens": 2,
        "gen_ai.usage.cache_read.input_tokens": 4,
        "gen_ai.response.finish_reasons": ["stop"],
        "gen_ai.response.model": "c",
        "http.request.method": "POST",
        "http.response.status_code": 200,
        "server.address": "127.0.0.1",
        "server.port": int(upstream.url.rpartition(":")[2]),
        "dragoman.account": "a",
        "dragoman.attempt": 1,
    }
    assert collector.services() == {"dragoman"}


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("path", ["/v1/messages", CHAT])
def test_the_model_that_answered_is_told_also_where_answers_pass_as_they_are(kit, config, collector, path, stream):
    body = BODY | {"stream": stream, "max_tokens": 9}
    del body["seed"]
    with kit.running(config, boundary) as gateway, httpx.Client(timeout=10, trust_env=False) as client:
        assert client.post(gateway.url + path, json=body).status_code == 200
    (_, of_call), _ = collector.spans()
    assert of_call["gen_ai.response.model"] == "c"


def embed(kit, collector, account, status, answer, model, count=1, **tracing):
    """Ask for the embeddings of so many texts: the answer, the spans, and what the provider was sent."""
    upstream = kit.upstream(lambda connection, sent: connection.sendall(kit.whole(status, orjson.dumps(answer(sent)))))
    config = kit.config({"a": kit.account(upstream.url, account)})
    config = attrs.evolve(config, tracing=TracingConfig(enabled=True, **tracing))
    body = {"model": f"a/{model}", "input": [SECRET] * count}
    with kit.running(config, boundary) as gateway, httpx.Client(timeout=10, trust_env=False) as client:
        reply = client.post(gateway.url + "/v1/embeddings", json=body)
    return reply, collector.spans(), upstream


def test_a_request_for_embeddings_is_a_span_with_one_of_the_provider_s_inside_it(kit, collector):
    data = [{"object": "embedding", "index": 0, "embedding": [0.5]}]
    usage = {"prompt_tokens": 3, "total_tokens": 3}
    answer = {"object": "list", "data": data, "model": "small-2", "usage": usage}
    reply, spans, upstream = embed(kit, collector, "openai", 200, lambda _: answer, "text-embedding-3-small")
    assert reply.status_code == 200
    (call, of_call), (request, of_request) = spans
    assert (request.name, call.name) == ("POST /v1/embeddings", "embeddings text-embedding-3-small")
    assert (call.trace_id, call.parent_span_id) == (request.trace_id, request.span_id)
    assert of_request["http.route"] == "/v1/embeddings"
    assert of_call.pop("gen_ai.usage.output_tokens", 0) == 0
    assert of_call == {
        "gen_ai.operation.name": "embeddings",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "text-embedding-3-small",
        "gen_ai.response.model": "small-2",
        "gen_ai.usage.input_tokens": 3,
        "http.request.method": "POST",
        "http.response.status_code": 200,
        "server.address": "127.0.0.1",
        "server.port": int(upstream.url.rpartition(":")[2]),
        "dragoman.account": "a",
        "dragoman.attempt": 1,
    }
    assert SECRET.encode() not in b"".join(collector.bodies)


def test_several_calls_for_embeddings_are_one_span_and_carry_its_trace(kit, collector):
    def answer(sent):
        return {"embeddings": [{"values": [0.5]}] * sent.count(b'"content"')}

    reply, spans, upstream = embed(kit, collector, "gemini", 200, answer, "gemini-embedding-001", 101, propagate=True)
    assert (reply.status_code, len(reply.json()["data"])) == (200, 101)
    (call, of_call), _ = spans
    assert of_call["gen_ai.provider.name"] == "gcp.gemini"
    assert len(upstream.requests) == 2
    for sent in upstream.requests:
        assert b"-%b-0" % call.span_id.hex().encode() in sent


def test_a_call_for_embeddings_that_fails_is_an_error_of_its_span(kit, collector):
    reply, spans, _ = embed(kit, collector, "openai", 503, lambda _: {}, "text-embedding-3-small")
    assert reply.status_code == 503
    (call, of_call), _ = spans
    assert (call.status.code, of_call["http.response.status_code"]) == (2, 503)
    assert of_call["error.type"]


def test_a_route_that_fails_over_is_a_span_for_each_attempt(kit, config, collector):
    reply, _ = asked(kit, config, BODY | {"model": "smart"})
    assert reply.status_code == 200
    (bad, of_bad), (good, of_good), (request, of_request) = collector.spans()
    assert (of_bad["dragoman.account"], of_bad["http.response.status_code"]) == ("bad", 503)
    assert of_bad["error.type"]
    assert bad.status.code == 2
    assert "error.type" not in of_good
    assert (good.status.code, request.status.code) == (0, 0)
    assert (of_bad["dragoman.attempt"], of_good["dragoman.attempt"]) == (1, 2)
    assert (of_request["dragoman.route"], of_request["dragoman.attempts"]) == ("smart", 2)
    assert "error.type" not in of_request


def test_a_provider_that_cannot_be_reached_is_an_error_of_both_spans(kit, config, collector):
    config = attrs.evolve(config, accounts={"a": kit.account("http://127.0.0.1:9", "anthropic")}, routes={})
    assert asked(kit, config, BODY)[0].status_code == 502
    (call, of_call), (request, of_request) = collector.spans()
    assert of_call["error.type"] == of_request["error.type"] == "upstream_unreachable"
    assert (call.status.code, request.status.code) == (2, 2)
    assert "http.response.status_code" not in of_call


def test_a_refusal_is_a_span_without_a_call_and_no_failure_of_the_server(kit, config, collector):
    config = attrs.evolve(config, keys={"me": KeyConfig(hash_of("k"))})
    assert asked(kit, config, BODY)[0].status_code == 401
    [(request, of_request)] = collector.spans()
    assert (of_request["http.response.status_code"], request.status.code) == (401, 0)
    assert of_request["error.type"]


def test_content_and_secrets_are_in_no_span(kit, config, collector):
    config = attrs.evolve(config, keys={"me": KeyConfig(hash_of("sk-mine"))})
    asked(kit, config, BODY, **{"x-api-key": "sk-mine"})
    data = b"".join(collector.bodies)
    assert b"dragoman.key" in data
    for secret in (SECRET, "sk-mine", "sk-very-secret"):
        assert secret.encode() not in data


@pytest.mark.parametrize("propagate", [False, True])
def test_a_client_s_trace_goes_on_and_to_the_provider_only_if_configured(kit, config, collector, upstream, propagate):
    config = attrs.evolve(config, tracing=TracingConfig(enabled=True, propagate=propagate))
    asked(kit, config, BODY, traceparent=PARENT, tracestate="v=1", baggage="who=me")
    call, request = (span for span, _ in collector.spans())
    assert (request.trace_id.hex(), request.parent_span_id.hex()) == tuple(PARENT.split("-")[1:3])
    sent = upstream.requests[0].lower()
    context = b"traceparent: 00-%b-%b-01" % (request.trace_id.hex().encode(), call.span_id.hex().encode())
    assert (context in sent, b"tracestate: v=1" in sent) == (propagate, propagate)
    assert b"who=me" not in sent
    assert propagate or b"trace" not in sent


@pytest.mark.parametrize("given", ["odd", "00-" + "0" * 32 + "-b7ad6b7169203331-01", "é"])
def test_an_odd_traceparent_begins_a_trace_of_its_own(kit, config, collector, given):
    assert asked(kit, config, BODY, traceparent=given.encode())[0].status_code == 200
    _, (request, _) = collector.spans()
    assert request.parent_span_id == b""


@pytest.mark.parametrize("propagate", [False, True])
def test_what_is_not_sampled_is_not_sent_and_has_its_id_all_the_same(kit, config, collector, upstream, propagate):
    config = attrs.evolve(config, tracing=TracingConfig(enabled=True, propagate=propagate))
    _, trail = asked(kit, config, BODY, traceparent=UNSAMPLED, tracestate="v=1")
    assert collector.spans() == []
    assert trail.trace.trace_id == UNSAMPLED.split("-")[1]
    found = contexts(upstream)
    assert bool(found) == propagate
    for trace_id, parent, flags, state in found:
        assert (trace_id, flags, state) == (UNSAMPLED.split("-")[1], "00", "v=1")
        assert parent not in (UNSAMPLED.split("-")[2], "0" * 16)


def contexts(upstream):
    """(the trace's id, the span's, flags, state) as a provider was sent them."""
    found = [dict(line.split(": ", 1) for line in sent.decode().lower().split("\r\n\r\n")[0].split("\r\n")[1:])
             for sent in upstream.requests]  # fmt: skip
    return [(*headers["traceparent"].split("-")[1:], headers.get("tracestate"))
            for headers in found if "traceparent" in headers]  # fmt: skip


@pytest.mark.parametrize("sampler", ["always_off", "traceidratio", "parentbased_traceidratio"])
def test_a_trace_that_begins_here_and_is_not_sampled_is_told_on_by_the_id_in_the_log(
    kit, config, collector, upstream, monkeypatch, sampler
):
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", sampler)
    monkeypatch.setenv("OTEL_TRACES_SAMPLER_ARG", "0")
    config = attrs.evolve(config, tracing=TracingConfig(enabled=True, propagate=True))
    _, trail = asked(kit, config, BODY)
    _, second = asked(kit, config, BODY)
    assert collector.spans() == []
    told = contexts(upstream)
    assert [trace_id for trace_id, *_ in told] == [trail.trace.trace_id, second.trace.trace_id]
    assert len({span_id for _, span_id, *_ in told}) == 2
    assert {(flags, state) for *_, flags, state in told} == {("02", None)}  # the ids are random


def test_each_attempt_of_what_is_not_sampled_is_told_as_one_of_its_own(kit, config, collector, monkeypatch):
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", "traceidratio")
    monkeypatch.setenv("OTEL_TRACES_SAMPLER_ARG", "0")
    bad = kit.answering(kit.whole(503, b"{}"))
    routes = {"smart": RouteConfig((RouteTarget("bad/gpt-5"), RouteTarget("bad/gpt-5.1")), retry=Retry(1))}
    config = attrs.evolve(config, accounts={"bad": kit.account(bad.url)}, routes=routes)
    config = attrs.evolve(config, tracing=TracingConfig(enabled=True, propagate=True))
    _, trail = asked(kit, config, BODY | {"model": "smart"})
    assert collector.spans() == []
    (first, one, *_), (second, other, *_) = contexts(bad)
    assert first == second == trail.trace.trace_id
    assert one != other


@pytest.mark.parametrize("parent", [PARENT, UNSAMPLED])
def test_the_access_log_has_the_id_of_the_trace(capfd, parent):
    begun([{b"traceparent": parent.encode()}], write_line)
    LINES.flush()
    assert orjson.loads(capfd.readouterr().err)["trace_id"] == parent.split("-")[1]


def begun(requests, over=lambda _: None):
    """Begin and end requests with these headers: their traces, and the spans that were sent."""
    exporter, traces = InMemorySpanExporter(), []

    async def main():
        spans = Spans(ON, exporter)
        for headers in requests:
            trail = Trail("POST", CHAT)
            trail.trace = spans.begin(headers, trail, Route("generate", "openai_chat"))
            over(trail)
            trail.trace.end(trail)
            traces.append(trail.trace)
        await spans.aclose()

    trio.run(main)
    return traces, exporter.get_finished_spans()


@pytest.mark.parametrize("sampler", ["traceidratio", "parentbased_traceidratio"])
def test_the_sampler_that_is_configured_decides_by_the_id_that_is_told(monkeypatch, sampler):
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", sampler)
    monkeypatch.setenv("OTEL_TRACES_SAMPLER_ARG", "0.25")
    traces, sent = begun([{}] * 2000)
    ids = [trace.trace_id for trace in traces]
    share = sampling.TraceIdRatioBased(0.25)
    kept = [found for found in ids if share.should_sample(None, int(found, 16), "").decision.is_sampled()]
    assert [f"{span.context.trace_id:032x}" for span in sent] == kept
    assert 380 < len(kept) < 620  # six standard deviations
    assert [trace.trace_id for trace in traces if trace.tells_calls] == kept
    assert all(len(found) == 32 for found in ids)


class Chooser(sampling.Sampler):
    """Decides as told, and remembers what it was asked. It adds to what it is given, as some samplers do."""

    def __init__(self, *decisions):
        self.decisions = iter(decisions)
        self.asked = []

    def should_sample(self, parent_context, trace_id, name, kind=None, attributes=None, _links=None):
        self.asked.append((get_current_span(parent_context).get_span_context(), trace_id, name, kind, dict(attributes)))
        attributes["rule"] = len(self.asked)
        decision = next(self.decisions, sampling.Decision.RECORD_AND_SAMPLE)
        return sampling.SamplingResult(decision, attributes, TraceState([("mine", "1")]))

    def get_description(self):
        return "Chooser"


@pytest.mark.parametrize("rate", [0.0, 1e-9, 0.01, 0.5, 1.0])
@pytest.mark.parametrize("kind", [sampling.TraceIdRatioBased, sampling.ParentBasedTraceIdRatio])
def test_what_is_dropped_without_being_asked_for_is_what_the_library_drops(kind, rate):
    sampler, bound = kind(rate), bound_of(kind(rate))
    assert bound == round(rate * 2**64)
    for lower in {0, 1, bound - 1, bound, bound + 1, 2**63, 2**64 - 1} - {-1, 2**64, 2**64 + 1}:
        for upper in (0, 1, 2**64 - 1):
            said = sampler.should_sample(Context(), (upper << 64) + lower, "", SpanKind.SERVER, {}, ())
            assert said.decision.is_sampled() == (lower < bound)


@pytest.mark.parametrize("sampler", [sampling.DEFAULT_ON, sampling.ALWAYS_ON, Chooser()])
def test_any_other_sampler_is_asked_for_every_request(sampler):
    assert bound_of(sampler) == 2**64


@pytest.mark.parametrize("sampler", ["always_on", "always_off"])
def test_ids_are_unique_also_where_somebody_seeds_what_all_share(monkeypatch, sampler):
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", sampler)
    ids = []
    for _ in range(2):
        random.seed(1)
        ids += [trace.trace_id for trace in begun([{}] * 100)[0]]
    assert len(set(ids)) == 200


@pytest.fixture
def chooser(monkeypatch):
    """Makes the sampler that decides."""

    def make(*decisions):
        made = Chooser(*decisions)
        monkeypatch.setattr(spans, "TracerProvider", partial(spans.TracerProvider, sampler=made))
        return made

    return make


TOLD = {"http.request.method": "POST", "url.path": CHAT, "http.route": CHAT}


def test_a_sampler_sees_what_begins_and_is_asked_once_for_every_span(kit, config, collector, chooser):
    sampler = chooser()
    asked(kit, config, BODY, traceparent=PARENT)
    (call, of_call), (request, of_request) = collector.spans()
    (parent, trace_id, *begun_as), (inside, same_id, name, kind, told) = sampler.asked
    assert begun_as == [f"POST {CHAT}", SpanKind.SERVER, TOLD]
    assert f"{parent.trace_id:032x}" == f"{trace_id:032x}" == PARENT.split("-")[1]
    assert (f"{parent.span_id:016x}", parent.is_remote) == (PARENT.split("-")[2], True)
    assert (f"{inside.span_id:016x}", same_id) == (request.span_id.hex(), trace_id)
    assert (name, kind, told["gen_ai.request.model"]) == (call.name, SpanKind.CLIENT, "claude-sonnet-4-5")
    assert (of_request["rule"], of_call["rule"]) == (1, 2)


def test_what_a_sampler_adds_is_told_of_its_request_alone(chooser):
    sampler = chooser()
    _, sent = begun([{}] * 3)
    assert [told for *_, told in sampler.asked] == [TOLD] * 3
    assert [span.attributes["rule"] for span in sent] == [1, 2, 3]


@pytest.mark.parametrize("decision", list(sampling.Decision))
def test_only_what_is_sampled_is_sent_and_a_sampler_s_state_goes_to_the_provider(
    kit, config, collector, upstream, chooser, decision
):
    chooser(decision, decision)
    config = attrs.evolve(config, tracing=TracingConfig(enabled=True, propagate=True))
    _, trail = asked(kit, config, BODY)
    sampled = decision is sampling.Decision.RECORD_AND_SAMPLE
    assert len(collector.spans()) == (2 if sampled else 0)
    [(trace_id, _, flags, state)] = contexts(upstream)
    assert (trace_id, int(flags, 16) & 1, state) == (trail.trace.trace_id, sampled, "mine=1")


def test_one_request_that_is_dropped_says_nothing_of_the_next(chooser):
    sampler = chooser(sampling.Decision.DROP, sampling.Decision.RECORD_ONLY, sampling.Decision.DROP)
    traces, sent = begun([{}] * 4)
    assert [trace.tells_calls for trace in traces] == [False, True, False, True]
    assert [f"{span.context.trace_id:032x}" for span in sent] == [traces[3].trace_id]
    assert [f"{trace_id:032x}" for _, trace_id, *_ in sampler.asked] == [trace.trace_id for trace in traces]


@pytest.mark.usefixtures("collector")
@pytest.mark.parametrize("parent", [PARENT, UNSAMPLED])
def test_the_model_that_answered_is_asked_for_only_where_it_is_told(kit, config, parent):
    _, trail = asked(kit, config, BODY, traceparent=parent)
    assert trail.served == ("c" if parent is PARENT else None)


def test_the_library_that_is_switched_off_sends_nothing_and_samples_nothing(
    kit, config, collector, upstream, chooser, monkeypatch
):
    monkeypatch.setenv("OTEL_SDK_DISABLED", "true")
    sampler = chooser()
    config = attrs.evolve(config, tracing=TracingConfig(enabled=True, propagate=True))
    reply, trail = asked(kit, config, BODY, traceparent=PARENT)
    assert (reply.status_code, collector.bodies, sampler.asked) == (200, [], [])
    assert trail.trace.trace_id == PARENT.split("-")[1]
    assert contexts(upstream) == [(*PARENT.split("-")[1:], None)]


class Moody(SpanExporter):
    """Fails as told."""

    def __init__(self, *moods):
        self.moods = iter(moods)

    def export(self, _spans):
        if isinstance(mood := next(self.moods), Exception):
            raise mood
        return mood


def test_an_exporter_that_fails_is_one_line_and_one_when_it_is_back(caplog, monkeypatch):
    monkeypatch.setattr(logging.getLogger("dragoman"), "propagate", True)
    caplog.set_level(logging.INFO, "dragoman.tracing")
    good, bad = SpanExportResult.SUCCESS, SpanExportResult.FAILURE
    exporter = Exporter(Moody(good, bad, ValueError("secret"), bad, good, good))
    assert [exporter.export([]) for _ in range(6)] == [good, bad, bad, bad, good, good]
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]
    assert "secret" not in caplog.text


def test_a_collector_that_hangs_holds_the_end_no_longer_than_allowed():
    release = threading.Event()

    class Hanging(SpanExporter):
        def export(self, _spans):
            release.wait(10)
            return SpanExportResult.SUCCESS

    async def main():
        spans = Spans(TracingConfig(enabled=True, flush_seconds=0.2), Hanging())
        trail = Trail("POST", CHAT)
        spans.begin({}, trail, Route("generate", "openai_chat")).end(trail)
        with trio.fail_after(3):
            await spans.aclose()

    trio.run(main)
    release.set()


def test_off_means_that_nothing_of_it_is_imported():
    code = "import sys, dragoman.cli, dragoman.io.server; sys.exit(any('opentelemetry' in m for m in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    assert tracing.open_tracing(Config().tracing) is None


def test_traces_without_the_packages_are_refused_by_name(write, monkeypatch):
    monkeypatch.setattr(tracing, "_NEEDED", ("opentelemetry.nothing",))
    with pytest.raises(ConfigError, match=r":2: tracing.enabled: needs OpenTelemetry: pip install 'dragoman\[otel\]'"):
        load(write("[tracing]\nenabled = true"), env={}, providers=orjson.loads(boundary.providers()))
    monkeypatch.undo()
    config = load(write("[tracing]\nenabled = true"), env={}, providers=orjson.loads(boundary.providers()))
    assert config.tracing.enabled


def test_a_client_that_leaves_is_told_in_both_spans(kit, config, collector):
    held = threading.Event()

    def behave(connection, _):
        connection.sendall(kit.chunked(*FRAMES[:3], end=False))
        held.wait(10)

    config = attrs.evolve(config, accounts={"a": kit.account(kit.upstream(behave).url, "anthropic")}, routes={})
    with kit.running(config, boundary) as gateway:
        with httpx.stream("POST", gateway.url + CHAT, json=BODY | {"stream": True}, trust_env=False) as reply:
            next(reply.iter_raw())
        assert until(lambda: gateway.trails, 5)
        held.set()
    found = [attributes["error.type"] for _, attributes in collector.spans()]
    assert found == ["client_closed", "client_closed"]
