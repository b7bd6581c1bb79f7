"""A value that expires, for many tasks: what is promised of it, with a clock that the tests hold."""

import math
import threading

import pytest
import trio
from dragoman.io.credentials.refresh import Fetched, Refreshed
from dragoman.io.credentials.source import Unavailable


class Clock:
    def __init__(self):
        self.now = 1_000_000.0

    def __call__(self):
        return self.now


class Counter:
    """Gives out 1, 2, 3, ..., each valid for a while."""

    def __init__(self, clock, lifetime=1000.0):
        self.clock, self.lifetime = clock, lifetime
        self.count = 0
        self.failure = None
        self.gate = None

    def __call__(self):
        if self.gate is not None:
            assert self.gate.wait(5)
        self.count += 1
        if self.failure is not None:
            raise self.failure
        return Fetched(self.count, self.clock.now + self.lifetime)


async def settle(refreshed):
    if refreshed._flight is not None:
        await refreshed._flight.wait()


def run(main):
    clock = Clock()
    counter = Counter(clock)
    trio.run(main, Refreshed(counter, "account", clock), counter, clock)


def test_twenty_first_requests_are_one_fetch():
    async def main(refreshed, counter, _):
        counter.gate = threading.Event()
        got = []

        async def ask():
            got.append(await refreshed.get())

        async with trio.open_nursery() as nursery:
            for _ in range(20):
                nursery.start_soon(ask)
            await trio.sleep(0.02)
            counter.gate.set()
        assert (got, counter.count) == ([1] * 20, 1)

    run(main)


def test_a_value_is_renewed_ahead_of_time_and_nobody_waits():
    async def main(refreshed, counter, clock):
        await refreshed.get()
        clock.now += 1000 - 226
        assert await refreshed.get() == 1
        assert refreshed._flight is None
        clock.now += 2
        counter.gate = threading.Event()
        assert [await refreshed.get() for _ in range(5)] == [1] * 5  # while the fetch waits
        counter.gate.set()
        await settle(refreshed)
        assert (await refreshed.get(), counter.count) == (2, 2)

    run(main)


def test_a_failed_renewal_keeps_the_old_value_while_it_is_valid_and_backs_off(caplog):
    async def main(refreshed, counter, clock):
        await refreshed.get()
        counter.failure = OSError("token=SECRET")
        clock.now += 1000 - 200
        for _ in range(50):
            assert await refreshed.get() == 1
            await settle(refreshed)
        assert counter.count == 2  # the clock stands still, so one try it is
        clock.now += 1.1
        await refreshed.get()
        await settle(refreshed)
        clock.now += 1.1
        await refreshed.get()
        assert (refreshed._flight, counter.count) == (None, 3)  # the second wait is longer
        clock.now += 200
        with pytest.raises(Unavailable, match=r"^OSError$") as caught:
            await refreshed.get()
        assert 0 < caught.value.retry_after <= 60
        with pytest.raises(Unavailable):
            await refreshed.get()
        assert counter.count == 4  # the second one was refused at once
        counter.failure = None
        clock.now += 61
        assert await refreshed.get() == 5

    run(main)
    assert "the old ones serve for" in caplog.text
    assert "SECRET" not in caplog.text


def test_who_waits_may_leave_and_the_fetch_goes_on_for_the_others():
    async def main(refreshed, counter, _):
        counter.gate = threading.Event()
        async with trio.open_nursery() as nursery:
            with trio.move_on_after(0.02) as left:
                await refreshed.get()
            assert left.cancelled_caught
            got = []

            async def ask():
                got.append(await refreshed.get())

            nursery.start_soon(ask)
            await trio.sleep(0.01)
            counter.gate.set()
        assert (got, counter.count) == ([1], 1)

    run(main)


def test_what_a_wrong_clock_calls_expired_is_used_all_the_same_and_not_fetched_for_each_call():
    async def main(refreshed, counter, clock):
        counter.lifetime = -7200
        assert await refreshed.get() == 1
        clock.now += 30
        assert await refreshed.get() == 1
        clock.now += 40
        assert await refreshed.get() == 2

    run(main)


def test_a_value_that_does_not_expire_is_fetched_once():
    async def main(refreshed, counter, clock):
        counter.lifetime = math.inf
        await refreshed.get()
        clock.now += 1e9
        assert (await refreshed.get(), counter.count) == (1, 1)

    run(main)


def test_a_refused_value_is_renewed_once_for_all_who_were_refused_and_not_again_and_again():
    async def main(refreshed, counter, clock):
        refused = await refreshed.get()
        results = []

        async def renew():
            results.append(await refreshed.renew(refused))

        async with trio.open_nursery() as nursery:
            for _ in range(10):
                nursery.start_soon(renew)
        assert (results, counter.count) == ([True] * 10, 2)
        assert await refreshed.renew(2) is False  # so soon: the provider refuses whatever it is
        clock.now += 11
        assert await refreshed.renew(2) is True

    run(main)


def test_an_issuer_that_does_not_answer_is_given_up(autojump_clock):
    release = threading.Event()

    async def main():
        refreshed = Refreshed(lambda: release.wait(60), "account")
        with pytest.raises(Unavailable, match="no answer within 30 s"):
            await refreshed.get()
        release.set()

    trio.run(main, clock=autojump_clock)
