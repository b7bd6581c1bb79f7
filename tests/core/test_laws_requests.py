"""Laws of requests, from clients of every dialect to every provider: deterministic, without mutation, never in silence.

Whether a provider reads what was meant is the law of all pairs (`test_laws_pairs.py`).
"""

import copy
import os
import subprocess
import sys

import orjson
import pytest
from dragoman.translate import DIALECTS, boundary
from hypothesis import given
from hypothesis import strategies as st
from proof.asked import REQUESTS
from proof.calls import PLACE
from proof.reported import resolve
from proof.strategies import FETCHED, law
from proof.targets import ALL, PROVIDER_NAMES, at


@pytest.mark.parametrize("client", DIALECTS)
@given(st.data())
@law(30)
def test_reading_does_not_change_what_was_read(client, data):
    body = data.draw(REQUESTS[client]())
    before = copy.deepcopy(body)
    DIALECTS[client].read_request(body)
    assert orjson.dumps(body) == orjson.dumps(before)


SCRIPT = """
import sys
from dragoman.translate import boundary
for line in sys.stdin.buffer.read().split(b"\\n"):
    head, tab, body = line.partition(b"\\t")
    if tab:
        for answer in (boundary.request(head, body), boundary.request(head, body)):
            sys.stdout.buffer.write(b"%d\\t%b\\t%b\\n" % (answer.status, answer.head, answer.body))
"""


def test_the_same_request_gives_the_same_bytes_in_every_process():
    lines: list[bytes] = []

    @given(st.sampled_from(tuple(DIALECTS)), st.sampled_from(ALL), st.data())
    @law(400)
    def gather(client, goal, data):
        head = {"from": client, "to": goal.to, "model": goal.model, "on_loss": "allow", "media": FETCHED, **PLACE}
        lines.append(orjson.dumps(head) + b"\t" + orjson.dumps(data.draw(REQUESTS[client]())))

    gather()
    outcomes = [
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            input=b"\n".join(lines),
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "4242")
    ]
    assert outcomes[0] == outcomes[1]
    answers = outcomes[0].split(b"\n")[:-1]
    assert len(answers) == 2 * len(lines)
    assert answers[::2] == answers[1::2]


@pytest.mark.parametrize("to", PROVIDER_NAMES)
@pytest.mark.parametrize("client", DIALECTS)
@given(st.data())
@law(16)
def test_a_policy_that_refuses_all_refuses_exactly_what_would_be_lost(client, to, data):
    body, goal = data.draw(REQUESTS[client](most=5)), data.draw(at(to))
    allowed, refused = goal.ask(body, client), goal.ask(body, client, on_loss="refuse")
    assert allowed.status in (200, 400), allowed
    for loss in allowed.losses:
        if loss["kind"] != "added":
            resolve(body, loss["path"])
    if allowed.status == 200 and not allowed.losses:
        assert refused == allowed
    elif allowed.status == 200:
        assert refused.status == 400
        assert refused.losses == allowed.losses
    # What is allowed unless somebody says otherwise costs no contract.
    usual = goal.ask(body, client, on_loss={})
    assert usual.status == (
        400 if any(loss["severity"] == "contract" for loss in allowed.losses) else allowed.status
    ), usual  # fmt: skip


def test_the_laws_know_every_provider():
    assert {goal.to for goal in ALL} == set(PROVIDER_NAMES)
    assert boundary.providers()
