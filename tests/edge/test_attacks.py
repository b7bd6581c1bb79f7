import trio

from .attacks import campaign


def test_good_clients_notice_nothing_of_any_attack():
    tally, wrong, (first, last), rounds, well = trio.run(campaign, 10, 5.0)
    assert wrong == []
    assert tally.wrong == []
    assert tally.streams > 20
    # Far above what is seen (0.1 s), for machines that are busy with other things.
    assert tally.longest_gap < 3
    assert rounds > 1
    assert last - first < 8_000_000
    assert well
