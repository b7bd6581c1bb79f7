"""What is remembered of a target, and what follows from it for the choice: pure laws."""

from collections import Counter

import pytest
from dragoman.io.route_choice import EXPLORE_SHARE, PROBE_SHARE, Tried, choose, was_put_off
from dragoman.io.route_health import (
    FAILING,
    FIRST_COOL_DOWN,
    HEALTHY,
    LEAST_FAILURES,
    LONGEST_COOL_DOWN,
    LONGEST_REST,
    NO_MEMORY,
    PACE_WINDOW,
    RESTING,
    UNKNOWN,
    WINDOW,
    Snapshot,
    answered,
    failed,
    probed,
    rested,
)
from dragoman.io.settings import Retry, RouteConfig, RouteTarget
from hypothesis import given, settings
from hypothesis import strategies as st

A, B, C = (RouteTarget(f"{name}/m") for name in "abc")
GRID = [(number + 0.5) / 1000 for number in range(1000)]
DRAWS = st.floats(0, 1, exclude_max=True)


def route(*targets, **more):
    return RouteConfig(targets or (A, B, C), retry=Retry(1), **more)


def failing(now=0.0):
    health = UNKNOWN
    for _ in range(LEAST_FAILURES):
        health = failed(health, now)
    return health


def view(now=0.0, **health):
    return Snapshot(now, {f"{name}/m": one for name, one in health.items()})


def order(config, snapshot, draw, session=None):
    """The targets in the order in which they are asked when all fail."""
    tried = []
    while (target := choose(config, snapshot, draw, tried, session)) is not None:
        tried.append(Tried(target, again=False))
    return "".join(one.target.model[0] for one in tried)


def shares(config, snapshot, session=None):
    return Counter(choose(config, snapshot, draw, (), session).model[0] for draw in GRID)


# Health


def test_three_failures_of_a_minute_make_a_target_fail_and_a_good_answer_makes_it_healthy():
    health = failed(failed(UNKNOWN, 0.0), 10.0)
    assert health.standing(10.0) == HEALTHY
    health = failed(health, 20.0)
    assert health.standing(20.0) == health.standing(1e6) == FAILING
    assert answered(health, 21.0).standing(21.0) == HEALTHY


def test_failures_that_are_long_past_do_not_count():
    health = failed(failed(UNKNOWN, 0.0), 1.0)
    assert failed(health, 1.0 + WINDOW).standing(1.0 + WINDOW) == HEALTHY


def test_few_failures_among_many_good_answers_are_no_reason():
    health = UNKNOWN
    for number in range(400):
        now = number / 10
        health = failed(health, now) if number % 10 == 9 else answered(health, now)
        assert health.standing(now) == HEALTHY


@settings(max_examples=40)
@given(st.lists(st.tuples(st.booleans(), st.floats(0, 20)), max_size=60))
def test_a_target_fails_only_after_a_failure_and_never_after_a_good_answer(events):
    health, now = UNKNOWN, 0.0
    for good, seconds in events:
        now += seconds
        before = health.standing(now)
        health = answered(health, now) if good else failed(health, now)
        assert health.standing(now) == HEALTHY or (not good and health.failing)
        if before == HEALTHY and health.failing:
            _, bad = health.outcomes.total(now, WINDOW)
            assert bad >= LEAST_FAILURES
        assert FIRST_COOL_DOWN <= health.cool_down <= LONGEST_COOL_DOWN or health.cool_down == 0


def test_a_target_is_due_after_its_cool_down_once_and_then_after_one_twice_as_long():
    health = failing(0.0)
    assert not health.is_due(FIRST_COOL_DOWN - 0.1)
    now, cool_down = FIRST_COOL_DOWN, FIRST_COOL_DOWN
    for _ in range(12):
        assert health.is_due(now)
        health = probed(health, now)
        assert not health.is_due(now)  # nobody else tries it meanwhile
        health = failed(health, now + 1)
        cool_down = min(2 * cool_down, LONGEST_COOL_DOWN)
        assert not health.is_due(now + 0.9 + cool_down)
        now += 1 + cool_down


def test_a_try_that_never_ends_is_not_the_last_one():
    health = probed(failing(0.0), FIRST_COOL_DOWN)
    assert health.is_due(2 * FIRST_COOL_DOWN)


def test_failures_of_requests_that_tried_all_do_not_make_the_cool_down_longer():
    health = failing(0.0)
    for number in range(20):
        health = failed(health, number / 10)
    assert health.is_due(FIRST_COOL_DOWN)


def test_who_fails_again_soon_cools_down_for_longer_and_later_as_at_first():
    health = answered(failing(0.0), 1.0)
    for _ in range(LEAST_FAILURES):
        health = failed(health, 2.0)
    assert health.cool_down == 2 * FIRST_COOL_DOWN
    health = answered(health, 3.0)
    for _ in range(LEAST_FAILURES):
        health = failed(health, 3.0 + WINDOW)
    assert health.cool_down == FIRST_COOL_DOWN


def test_a_target_rests_for_as_long_as_it_said_and_not_for_ever():
    health = rested(UNKNOWN, 0.0, 30.0)
    assert [health.standing(now) for now in (0.0, 29.9, 30.0)] == [RESTING, RESTING, HEALTHY]
    assert rested(health, 1.0, 5.0).standing(29.0) == RESTING  # the longer one counts
    assert rested(UNKNOWN, 0.0, 1e9).standing(LONGEST_REST) == HEALTHY


def test_what_is_kept_has_one_size_whatever_happens():
    health = UNKNOWN
    for number in range(2000):
        health = (answered, failed)[number % 2](health, number / 7)
    assert all(isinstance(value, float) for value in (*health.outcomes, *health.paces))
    assert [type(value) for value in health[2:]] == [bool, float, float, bool, float, float]


@settings(max_examples=40)
@given(st.lists(st.tuples(st.floats(0.01, 10), st.integers(1, 500), st.floats(0, 5)), min_size=1, max_size=30))
def test_the_pace_is_all_seconds_over_all_tokens_while_they_are_fresh(samples):
    health, now = UNKNOWN, 0.0
    for seconds, tokens, later in samples:
        now += later
        health = answered(health, now, seconds, tokens)
    whole = sum(seconds for seconds, _, _ in samples) / sum(tokens for _, tokens, _ in samples)
    assert health.pace(now) == pytest.approx(whole) or now > PACE_WINDOW / 2
    assert health.pace(now + PACE_WINDOW) is None


def test_an_answer_without_tokens_tells_no_pace():
    assert answered(UNKNOWN, 0.0, 3.0, 0).pace(0.0) is None


# Choice


@settings(max_examples=40)
@given(DRAWS)
def test_by_priority_the_order_of_the_list_holds_while_all_are_healthy(draw):
    assert order(route(), NO_MEMORY, draw) == "abc"
    assert order(route(), view(a=answered(UNKNOWN, 0.0, 9.0, 1)), draw) == "abc"


@settings(max_examples=40)
@given(DRAWS)
def test_a_failing_target_is_asked_last_and_one_that_rests_after_it(draw):
    snapshot = view(1.0, a=rested(UNKNOWN, 0.0, 60), b=failing(0.0))
    assert order(route(), snapshot, draw) == "cba"


@settings(max_examples=40)
@given(DRAWS, st.sampled_from(["priority", "weighted", "latency"]), st.none() | st.text(max_size=5))
def test_no_target_is_left_out_whatever_is_remembered(draw, strategy, session):
    snapshot = view(1.0, a=rested(UNKNOWN, 0.0, 60), b=failing(0.0), c=failing(0.0))
    assert sorted(order(route(strategy=strategy, sticky="user"), snapshot, draw, session)) == ["a", "b", "c"]


@pytest.mark.parametrize("strategy", ["priority", "weighted", "latency"])
def test_after_its_cool_down_a_small_share_of_the_requests_tries_a_failing_target(strategy):
    config, health = route(strategy=strategy), failing(0.0)
    assert "a" not in shares(config, view(FIRST_COOL_DOWN - 0.1, a=health))
    assert shares(config, view(FIRST_COOL_DOWN, a=health))["a"] == 1000 * PROBE_SHARE
    assert "a" not in shares(config, view(FIRST_COOL_DOWN, a=probed(health, FIRST_COOL_DOWN)))


def test_a_request_that_failed_once_tries_nobody_who_fails():
    tried = [Tried(B, again=False)]
    snapshot = view(FIRST_COOL_DOWN, a=failing(0.0))
    assert {choose(route(), snapshot, draw, tried) for draw in GRID} == {C}


def test_the_shares_of_weights_hold_among_those_that_are_healthy():
    config = route(RouteTarget("a/m", 3), RouteTarget("b/m", 1), RouteTarget("c/m", 4), strategy="weighted")
    assert shares(config, NO_MEMORY) == {"a": 375, "b": 125, "c": 500}
    assert shares(config, view(0.0, c=failing(0.0))) == {"a": 750, "b": 250}


def test_by_latency_the_fastest_answers_and_the_unknown_are_explored():
    config = route(strategy="latency")
    fast, slow = answered(UNKNOWN, 0.0, 1.0, 100), answered(UNKNOWN, 0.0, 5.0, 100)
    assert shares(config, view(0.0, a=slow, b=fast, c=slow)) == {"b": 1000}
    assert shares(config, view(0.0, a=slow, b=fast)) == {"b": 1000 * (1 - EXPLORE_SHARE), "c": 1000 * EXPLORE_SHARE}
    assert shares(config, view(2 * PACE_WINDOW, a=slow, b=fast)) == {"a": 333, "b": 334, "c": 333}  # all is stale
    assert order(config, view(0.0, a=slow, b=failing(0.0), c=fast), 0.5) == "cab"


# Sessions

SESSIONS = [f"session {number}" for number in range(2000)]


def placed(config, snapshot=NO_MEMORY):
    return {session: choose(config, snapshot, 0.5, (), session).model[0] for session in SESSIONS}


@settings(max_examples=40)
@given(st.text(max_size=20), DRAWS, DRAWS, st.permutations([A, B, C]))
def test_a_session_stays_where_it_is_whatever_is_drawn_and_however_the_list_is_ordered(session, draw, other, targets):
    config = route(sticky="user")
    first = choose(config, NO_MEMORY, draw, (), session)
    assert choose(config, NO_MEMORY, other, (), session) is first
    assert choose(route(*targets, sticky="user"), NO_MEMORY, other, (), session) is first


def test_sessions_spread_by_the_weights():
    config = route(RouteTarget("a/m", 3), RouteTarget("b/m", 1), sticky="user")
    assert Counter(placed(config).values())["a"] == pytest.approx(1500, abs=80)


@pytest.mark.parametrize("gone", ["a", "b", "c"])
def test_only_the_sessions_of_a_target_that_fails_or_leaves_go_elsewhere(gone):
    before = placed(route(sticky="user"))
    ill = placed(route(sticky="user"), view(0.0, **{gone: failing(0.0)}))
    left = placed(route(*(target for target in (A, B, C) if target.model[0] != gone), sticky="user"))
    assert ill == left
    assert {session for session in SESSIONS if before[session] != ill[session]} == {
        session for session, name in before.items() if name == gone
    }
    assert len(set(ill.values())) == 2


# Those that were put off


def put_off(target, why):
    return Tried(target, again=False, put_off=why)


def test_a_busy_target_is_passed_over_and_waited_for_when_no_other_answers():
    config, tried = route(A, B), [put_off(A, "busy")]
    assert choose(config, NO_MEMORY, 0.0, tried) is B
    tried.append(Tried(B, again=False))
    assert choose(config, NO_MEMORY, 0.0, tried) is A
    assert was_put_off(tried, A, "busy")
    tried.append(put_off(A, "busy"))
    assert choose(config, NO_MEMORY, 0.0, tried) is None


def test_a_target_that_would_drop_state_is_asked_after_those_that_are_busy_unless_affinity_is_required():
    tried = [put_off(A, "foreign"), put_off(B, "busy")]
    assert choose(route(A, B), NO_MEMORY, 0.0, tried) is B
    tried.append(Tried(B, again=False))
    assert choose(route(A, B), NO_MEMORY, 0.0, tried) is A
    assert choose(route(A, B, required_affinity=True), NO_MEMORY, 0.0, tried) is None
    tried.append(Tried(A, again=False))
    assert choose(route(A, B), NO_MEMORY, 0.0, tried) is None


@settings(max_examples=40)
@given(st.lists(st.sampled_from(["busy", "foreign", "failed"]), min_size=1), DRAWS)
def test_the_attempts_end_whatever_happens(happens, draw):
    tried, config = [], route()
    while (target := choose(config, NO_MEMORY, draw, tried)) is not None:
        why = happens[len(tried) % len(happens)]
        why = None if why == "failed" or was_put_off(tried, target, why) else why
        tried.append(Tried(target, again=False, put_off=why))
        assert len(tried) <= 9
    assert {one.target for one in tried} == {A, B, C}
