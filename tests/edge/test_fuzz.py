import pytest
from dragoman.io.http import Limits

from .fuzz import ENDLESS, MOST_HELD, endless, one


def test_the_cuts_of_a_connection_make_no_difference():
    for seed in range(1500):
        one(seed)


@pytest.mark.parametrize(("start", "again"), ENDLESS.values(), ids=ENDLESS)
def test_what_never_ends_is_read_in_bounded_memory(start, again):
    limits = Limits(max_body_bytes=10_000)
    for size in (1, 65_536):
        total = 5_000 if size == 1 else 1_000_000
        _, most = endless(start, again, total, size, limits, trace=True)
        # A response's body is handed on, so only what comes at once is held.
        assert most < MOST_HELD, size


@pytest.mark.parametrize(("start", "again"), ENDLESS.values(), ids=ENDLESS)
def test_time_goes_with_the_bytes(start, again):
    limits = Limits(max_head_bytes=10_000_000, max_headers=1_000_000, max_body_bytes=10_000_000)
    few, many = (min(endless(start, again, total, 512, limits)[0] for _ in range(3)) for total in (20_000, 160_000))
    # Eight times the bytes; quadratic time would be sixty-four times as long.
    assert many < 24 * few + 0.02
