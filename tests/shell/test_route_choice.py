"""Which target is next, and after which wait: pure functions."""

import pytest
from dragoman.io.route_choice import FIRST_PAUSE, LONGEST_PAUSE, PATIENCE, Tried, choose, pause
from dragoman.io.route_health import NO_MEMORY
from dragoman.io.settings import Retry, RouteConfig, RouteTarget

A, B, C = (RouteTarget(f"{name}/m") for name in "abc")


def route(*targets, strategy="priority", attempts=2):
    return RouteConfig(targets, strategy, Retry(attempts))


def walk(config, *, draw=0.0, again=True, retry_after=0.0):
    """The targets in the order in which they are asked when all fail alike."""
    tried = []
    while (target := choose(config, NO_MEMORY, draw, tried)) is not None:
        tried.append(Tried(target, again, retry_after))
        assert len(tried) < 100
    return "".join(one.target.model[0] for one in tried)


@pytest.mark.parametrize(
    ("targets", "attempts", "order"),
    [((A,), 1, "a"), ((A,), 3, "aaa"), ((A, B), 1, "ab"), ((A, B), 2, "aabb"), ((C, A, B), 2, "ccaabb")],
)
def test_by_priority_each_target_has_its_attempts_in_the_order_of_the_list(targets, attempts, order):
    assert walk(route(*targets, attempts=attempts)) == order
    assert walk(route(*targets, attempts=attempts), draw=0.999) == order


def test_a_target_that_cannot_do_better_is_left_at_once():
    assert walk(route(A, B, C, attempts=5), again=False) == "abc"


@pytest.mark.parametrize(
    ("retry_after", "order"),
    [
        (0.0, "aabb"),
        (PATIENCE, "aabb"),
        (PATIENCE + 0.1, "abb"),  # the last one is worth waiting for
        (LONGEST_PAUSE, "abb"),
        (LONGEST_PAUSE + 0.1, "ab"),
    ],
)
def test_a_target_that_wants_a_long_rest_is_passed_over_while_there_are_others(retry_after, order):
    assert walk(route(A, B), retry_after=retry_after) == order


def test_the_rest_that_counts_is_the_last_one():
    config = route(A, attempts=3)
    tried = [Tried(A, retry_after=0.0), Tried(A, retry_after=60.0)]
    assert choose(config, NO_MEMORY, 0.0, tried) is None
    assert choose(config, NO_MEMORY, 0.0, tried[:1]) is A


HEAVY, LIGHT = RouteTarget("h/m", 3), RouteTarget("l/m", 1)


@pytest.mark.parametrize(("draw", "first"), [(0.0, "h"), (0.74, "h"), (0.76, "l"), (0.9999999999999999, "l")])
def test_by_weight_a_draw_falls_on_a_target_as_often_as_its_weight_says(draw, first):
    config = route(HEAVY, LIGHT, strategy="weighted", attempts=1)
    assert walk(config, draw=draw)[0] == first
    assert sorted(walk(config, draw=draw)) == ["h", "l"]


def test_the_shares_of_weights_are_exact():
    config = route(HEAVY, LIGHT, RouteTarget("x/m", 0.5), strategy="weighted")
    firsts = [choose(config, NO_MEMORY, (number + 0.5) / 4500, ()).model[0] for number in range(4500)]
    assert {name: firsts.count(name) for name in "hlx"} == {"h": 3000, "l": 1000, "x": 500}


def test_after_a_failure_the_weights_of_the_others_count():
    config = route(HEAVY, LIGHT, RouteTarget("x/m", 4), strategy="weighted", attempts=1)
    tried = [Tried(HEAVY, again=False)]
    assert [choose(config, NO_MEMORY, draw, tried).model[0] for draw in (0.0, 0.19, 0.21, 0.9)] == ["l", "l", "x", "x"]


def test_a_drawn_target_keeps_its_attempts_whatever_is_drawn_next():
    config = route(HEAVY, LIGHT, strategy="weighted", attempts=2)
    assert choose(config, NO_MEMORY, 0.0, [Tried(LIGHT)]) is LIGHT


def test_a_choice_changes_nothing():
    tried = (Tried(A, again=False),)
    assert choose(route(A, B), NO_MEMORY, 0.5, tried) is choose(route(A, B), NO_MEMORY, 0.5, tried) is B


def test_a_new_target_is_not_waited_for():
    assert pause([Tried(A, retry_after=5.0)], B, 0.9) == 0.0
    assert pause([], A, 0.9) == 0.0


def test_the_waits_grow_to_a_ceiling_and_are_spread():
    for times in range(1, 12):
        whole = min(FIRST_PAUSE * 2 ** (times - 1), LONGEST_PAUSE)
        tried = [Tried(A)] * times
        assert pause(tried, A, 0.0) == whole / 2
        assert whole * 0.99 < pause(tried, A, 0.9999) < whole


def test_no_wait_is_shorter_than_the_target_asked_for():
    assert pause([Tried(A, retry_after=3.0)], A, 0.0) == 3.0
    assert 3.0 < pause([Tried(A, retry_after=3.0)], A, 0.5) < 3.2
