"""The time for one attempt, as the pools are told it."""

import math

import pytest
import trio
from dragoman.io.attempt import TooLate, Watch, Way, granted
from dragoman.io.calls import Call
from dragoman.io.credentials import Signed
from dragoman.io.deadline import Deadline
from dragoman.io.front import Front, Term
from dragoman.io.http import UpstreamError, UpstreamLimits
from dragoman.io.refusal import Refusal
from dragoman.io.relay import Relay
from dragoman.io.route_settings import Timeouts

SERVER = UpstreamLimits(head_timeout=600.0, idle_read_timeout=300.0)
LATE = UpstreamError("timeout", "no response within 600 s", sent=True)


def watch(timeouts=None, seconds=None, total_at=math.inf):
    way = Way() if timeouts is None else Way(timeouts=timeouts, limits=granted(timeouts, SERVER))
    return Watch.of("p", way, None if seconds is None else Deadline.after(seconds), total_at)


def in_trio(act):
    async def main():
        act()

    trio.run(main)


@pytest.mark.parametrize(
    ("timeouts", "before"),
    [(Timeouts(first_byte=400), math.inf), (Timeouts(idle=5), 600.0), (Timeouts(total=900), 600.0)],
)
def test_before_its_first_piece_no_stream_is_idle(timeouts, before):
    def act():
        one = watch(timeouts)
        assert one.idle == before
        one.begin()
        assert one.idle == timeouts.idle

    in_trio(act)


def test_a_whole_answer_has_the_times_of_the_server_once_its_head_is_there():
    def act():
        one = watch(Timeouts(first_byte=2, idle=5), 50)
        assert one.until - trio.current_time() < 3
        one.take_whole()
        assert one.idle is None
        assert 45 < one.until - trio.current_time() < 51

    in_trio(act)


def test_where_nothing_bounds_an_attempt_there_is_nothing_to_watch():
    in_trio(lambda: [watch()] == [None] or pytest.fail("a watch"))


def test_what_was_late_is_told_by_whose_time_it_was():
    def act():
        assert watch(Timeouts(first_byte=10)).told(LATE) is LATE
        assert isinstance(watch(Timeouts(first_byte=0.0000001)).told(LATE), TooLate)
        told = watch(Timeouts(first_byte=10), -1).told(LATE)
        assert isinstance(told, Refusal)
        assert "x-dragoman-timeout-ms allowed" in told.message
        begun = watch(Timeouts(idle=5))
        begun.begin()
        assert "timeouts.idle" in begun.told(LATE).message
        over = watch(Timeouts(total=5), None, 0.0)
        over.begin()
        assert "timeouts.total" in over.told(LATE).message
        broken = UpstreamError("reset", "gone", sent=True)
        assert watch(Timeouts(first_byte=0.0000001)).told(broken) is broken

    in_trio(act)


def test_a_gateway_that_takes_the_place_of_one_that_drains_drains():
    class Drained:
        ready = False

    class New:
        ready = True

    def act():
        front = Front(Term(Drained()))
        front.replace(Term(New()))
        assert not front.gateway.ready

    in_trio(act)


def test_credentials_that_are_renewed_after_a_refusal_have_the_time_of_the_call():
    closed = []

    class Refused:
        status, headers = 401, ()

        async def aclose(self):
            closed.append(True)

    class Upstreams:
        async def request(self, *_, **__):
            return Refused()

    class Slow:
        async def sign(self, _):
            return Signed((), b"", None)

        async def refused(self, *_):
            await trio.sleep(5)

    async def main():
        call = Call({"url": "http://h/x", "method": "POST"}, b"", [], "p", Deadline.after(0.1), [], {}, b"", Slow())
        began = trio.current_time()
        with pytest.raises(Refusal, match="The credentials for p did not come in time"):
            await Relay(None, Upstreams(), 100).fetch(call)
        assert trio.current_time() - began < 2
        assert closed

    trio.run(main)
