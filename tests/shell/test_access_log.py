"""The line that is written of a request."""

from types import SimpleNamespace

import orjson
import pytest
from dragoman.io.access_log import Trail, milliseconds, write_line
from dragoman.io.lines import LINES


def line_of(capfd, **known):
    write_line(Trail("POST", "/v1/chat/completions", **known))
    LINES.flush()
    return orjson.loads(capfd.readouterr().err)


def loss(severity):
    return {"path": "/x", "kind": "dropped", "severity": severity, "detail": "."}


def test_losses_are_a_number_and_one_for_each_severity_there_is(capfd):
    line = line_of(capfd, losses=[loss("quality"), loss("hint"), loss("quality")])
    assert (line["losses"], line["losses_by_severity"]) == (3, {"quality": 2, "hint": 1})
    line = line_of(capfd)
    assert line["losses"] == 0
    assert "losses_by_severity" not in line


def test_all_that_can_be_told_is_told_in_one_order(capfd):
    usage = {"fresh": 1, "prompt": 1, "total": 1}
    known = {
        "request_id": "r", "key": "k", "route": "smart", "attempts": 2, "failed": (("a", "openai"),), "account": "b",
        "model": "m" * 300, "stream": True, "status": 200, "upstream_status": 201, "started": 5.0, "first_at": 5.5,
        "usage": usage, "counted": "partial", "cost": 0.5, "finish_reason": "stop", "cache": "miss",
        "losses": [loss("hint")], "limits_unknown": True, "error": "x", "detail": "y", "metadata": {"team": "z"},
        "trace": SimpleNamespace(trace_id="t"),
    }  # fmt: skip
    line = line_of(capfd, **known)
    assert list(line) == [
        "time", "request_id", "trace_id", "key", "method", "path", "route", "attempts", "failed", "account", "model",
        "stream", "status", "upstream_status", "ms", "first_token_ms", "usage", "counted", "cost", "finish_reason",
        "cache", "losses", "limits_unknown", "losses_by_severity", "error", "detail", "metadata",
    ]  # fmt: skip
    for name in ("request_id", "key", "usage", "counted", "error", "detail", "metadata", "stream", "upstream_status"):
        assert line[name] == known[name]
    assert (line["trace_id"], line["failed"], line["model"], line["first_token_ms"]) == ("t", ["a"], "m" * 200, 500.0)
    assert list(line_of(capfd)) == ["time", "request_id", "method", "path", "stream", "status", "ms", "losses"]


@pytest.mark.parametrize(
    "seconds", [0.0, 0.00001, 0.00004, 0.00006, 0.1234567, 1.0, 59.99996, 1234.56789, 86400.000099]
)
def test_milliseconds_have_one_digit_after_the_point(seconds):
    assert milliseconds(seconds) == round(seconds * 1000, 1)


def test_of_a_route_the_attempts_are_told(capfd):
    known = {"route": "smart", "attempts": 3, "failed": (("a", "openai"), ("a", "openai"))}
    line = line_of(capfd, account="b", model="claude", **known)
    assert (line["route"], line["attempts"], line["failed"]) == ("smart", 3, ["a", "a"])
    assert (line["account"], line["model"]) == ("b", "claude")


def test_without_a_route_nothing_is_said_of_one(capfd):
    assert not {"route", "attempts", "failed"} & line_of(capfd, attempts=1, account="a").keys()


def test_what_a_failed_attempt_left_can_be_forgotten_and_told_again():
    trail = Trail("POST", "/", request_id="r", route="smart", attempts=2, key="k")
    trail.aim("a", "openai", "gpt-5")
    trail.status, trail.error, trail.upstream_status, trail.losses = 503, "overloaded", 503, [loss("hint")]
    told = trail.attempt()
    trail.forget()
    assert trail.attempt() == Trail("", "").attempt()
    assert (trail.route, trail.attempts, trail.request_id, trail.key) == ("smart", 2, "r", "k")
    trail.remember(told)
    assert (trail.account, trail.error, trail.status, len(trail.losses)) == ("a", "overloaded", 503, 1)


def test_the_cost_and_the_time_to_the_first_bytes_are_told_where_they_are_known(capfd):
    line = line_of(capfd, cost=0.0031500000004, started=10.0, first_at=10.25)
    assert (line["cost"], line["first_token_ms"]) == (0.00315, 250.0)
    assert line_of(capfd, cost=0.0)["cost"] == 0
    assert not {"cost", "first_token_ms"} & line_of(capfd).keys()


def test_what_the_cache_had_is_told_where_it_was_asked(capfd):
    assert line_of(capfd, cache="hit")["cache"] == "hit"
    assert "cache" not in line_of(capfd)


def test_who_is_told_an_answer_of_the_cache_has_used_nothing():
    known = {"usage": {"total": 5}, "attempts": 1, "failed": (("a", "openai"),), "status": 200}
    used = Trail("POST", "/", cache="hit", **known).used
    assert (used.usage, used.attempts, used.failed, used.cache) == (None, 0, known["failed"], "hit")
    for cache in ("miss", "refresh", None):
        trail = Trail("POST", "/", cache=cache, **known)
        assert trail.used is trail
