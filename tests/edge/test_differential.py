import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .differential import (
    LAXER,
    LAXER_OF_RESPONSES,
    STRICTER,
    STRICTER_OF_RESPONSES,
    h11_requests,
    h11_response,
    our_requests,
    our_response,
    unexplained,
)
from .messages import requests, response

ALIKE = settings(deadline=None, derandomize=True, database=None, max_examples=300)
ALIKE = settings(ALIKE, suppress_health_check=[HealthCheck.large_base_example])


def compare_requests(rng):
    data = requests(rng)
    ours, theirs = our_requests(data), h11_requests(data)
    assert unexplained(ours, theirs, STRICTER, LAXER) is None, data
    return ours, theirs


def compare_responses(rng):
    data, method = response(rng), rng.choice(("POST", "POST", "HEAD"))
    (*ours, reusable), (*theirs, reusable_too) = our_response(data, method), h11_response(data, method)
    stricter = STRICTER | STRICTER_OF_RESPONSES
    assert unexplained(ours, theirs, stricter, LAXER_OF_RESPONSES) is None, (method, data)
    # Using a connection again is never a duty. h11 does not know that HTTP/1.0 had a way to keep one.
    assert reusable_too or not reusable or not theirs[0] or b"HTTP/1.0" in data, (method, data)
    return ours, theirs


@pytest.mark.parametrize("compare", [compare_requests, compare_responses])
def test_thousands_of_messages_are_read_as_h11_reads_them(compare):
    both = 0
    for seed in range(4000):
        ours, theirs = compare(random.Random(seed))
        both += bool(ours[0] and theirs[0])
    # Messages that nobody takes would agree on nothing.
    assert both > 1000


@ALIKE
@given(st.randoms(use_true_random=False))
def test_requests_searched_for_are_read_as_h11_reads_them(rng):
    compare_requests(rng)


@ALIKE
@given(st.randoms(use_true_random=False))
def test_responses_searched_for_are_read_as_h11_reads_them(rng):
    compare_responses(rng)


@pytest.mark.parametrize("words", STRICTER)
def test_each_refusal_in_the_table_is_a_difference(words):
    _, data = STRICTER[words]
    seen, refused = our_requests(data)
    assert seen == []
    assert words in refused
    assert len(h11_requests(data)[0]) == 1


@pytest.mark.parametrize("words", STRICTER_OF_RESPONSES)
def test_each_refusal_of_responses_in_the_table_is_a_difference(words):
    _, data = STRICTER_OF_RESPONSES[words]
    seen, refused, _ = our_response(data, "POST")
    assert seen == []
    assert words in refused
    assert len(h11_response(data, "POST")[0]) == 1


@pytest.mark.parametrize("words", LAXER)
def test_each_liberty_in_the_table_is_a_difference(words):
    _, data = LAXER[words]
    seen, refused = h11_requests(data)
    assert len(our_requests(data)[0]) == len(seen) + 1
    assert words in refused


@pytest.mark.parametrize("words", LAXER_OF_RESPONSES)
def test_each_liberty_with_responses_in_the_table_is_a_difference(words):
    _, data = LAXER_OF_RESPONSES[words]
    assert len(our_response(data, "POST")[0]) == 1
    seen, refused, _ = h11_response(data, "POST")
    assert seen == []
    assert words in refused
