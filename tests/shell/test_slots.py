"""How many requests a target answers at once: places and the queue in front of them."""

import pytest
import trio
import trio.testing
from dragoman.io.deadline import Deadline
from dragoman.io.slots import Places, Slots, TargetBusy


def run(body, clock):
    return trio.run(body, clock=clock)


def test_places_are_given_first_come_first_served_and_never_more_than_there_are(autojump_clock):
    async def main():
        slots, order, inside, most = Slots("x", 2, 10, 60), [], 0, 0

        async def client(number):
            nonlocal inside, most
            await trio.sleep(number / 100)
            async with Places((slots,), waits=True, deadline=None):
                order.append(number)
                inside += 1
                most = max(most, inside)
                await trio.sleep(1)
                inside -= 1

        async with trio.open_nursery() as nursery:
            for number in range(8):
                nursery.start_soon(client, number)
        return order, most

    assert run(main, autojump_clock) == (list(range(8)), 2)


def test_who_comes_new_does_not_overtake_who_waits(autojump_clock):
    async def main():
        slots, got = Slots("x", 1, 10, 60), []
        await slots.take(60)

        async def waiter():
            await slots.take(60)
            got.append("waiter")

        async with trio.open_nursery() as nursery:
            nursery.start_soon(waiter)
            await trio.testing.wait_all_tasks_blocked()
            slots.give_back()
            # The place is the waiter's already, though it has not run yet.
            with pytest.raises(TargetBusy):
                slots.take_now()
        return got

    assert run(main, autojump_clock) == ["waiter"]


@pytest.mark.parametrize("left", ["cancelled", "late"])
def test_who_leaves_the_queue_leaves_nothing_behind(autojump_clock, left):
    async def main():
        slots = Slots("x", 1, 1, 5 if left == "late" else 60)
        await slots.take(60)
        with trio.move_on_after(6) as scope:
            try:
                await slots.take(60)
            except TargetBusy:
                assert left == "late"
        assert scope.cancelled_caught is (left == "cancelled")
        slots.give_back()
        slots.take_now()
        with pytest.raises(TargetBusy):  # there is one place, not two
            slots.take_now()

    run(main, autojump_clock)


def test_a_full_queue_refuses_at_once_and_says_what_would_help(autojump_clock):
    async def main():
        slots = Slots("openai (account 'a')", 1, 0, 60)
        await slots.take(60)
        with pytest.raises(TargetBusy) as caught:
            await slots.take(60)
        assert trio.current_time() == began
        return caught.value

    async def timed():
        nonlocal began
        began = trio.current_time()
        return await main()

    began = 0.0
    refusal = run(timed, autojump_clock)
    assert (refusal.status, refusal.code, refusal.headers) == (503, "target_busy", ((b"retry-after", b"1"),))
    assert "openai (account 'a')" in refusal.message


def test_nobody_waits_longer_than_its_client_does(autojump_clock):
    async def main():
        slots = Slots("x", 1, 5, 60)
        await slots.take(60)
        began = trio.current_time()
        with pytest.raises(TargetBusy):
            async with Places((slots,), waits=True, deadline=Deadline.after(2)):
                pass
        return trio.current_time() - began

    assert run(main, autojump_clock) == 2


def test_who_does_not_get_all_places_keeps_none(autojump_clock):
    async def main():
        own, common = Slots("own", 1, 0, 60), Slots("common", 1, 0, 60)
        common.take_now()
        with pytest.raises(TargetBusy):
            async with Places((own, common), waits=False, deadline=None):
                pass
        own.take_now()

    run(main, autojump_clock)


def test_a_place_is_given_back_whatever_happens_within(autojump_clock):
    async def main():
        slots = Slots("x", 1, 0, 60)
        with pytest.raises(KeyError):
            async with Places((slots,), waits=True, deadline=None):
                raise KeyError
        with trio.move_on_after(1):
            async with Places((slots,), waits=True, deadline=None):
                await trio.sleep_forever()
        slots.take_now()

    run(main, autojump_clock)
