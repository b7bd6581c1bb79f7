"""Every file of every case against every other: N files test N x N directions (see proof/golden.py)."""

import pytest
from proof import golden

PAIRS = golden.pairs()


def param(pair):
    reason = golden.known_fault(pair)
    marks = [pytest.mark.xfail(strict=True, reason=reason)] if reason else []
    return pytest.param(pair, marks=marks, id=str(pair))


@pytest.mark.parametrize("pair", [param(pair) for pair in PAIRS])
def test_what_is_said_in_one_dialect_is_said_in_the_other(pair, request):
    value, losses = golden.run(pair)
    if request.config.getoption("--accept", default=False) and not golden.known_fault(pair):
        golden.accept(pair, value, losses)
    assert (value, losses) == golden.wanted(pair)


OWN = [
    pair
    for pair in PAIRS
    if pair.what == "request" and pair.source == pair.target and not golden.expected(pair)[1].exists()
]


@pytest.mark.parametrize("pair", OWN, ids=str)
def test_nothing_changes_between_one_dialect_and_itself_without_a_word(pair):
    value, losses = golden.request(pair)
    if not losses and "status" not in value:
        assert value == golden.native(golden.ROOT / pair.case / f"{pair.source}.json", pair.source)
