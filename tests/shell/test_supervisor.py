"""The supervisor with workers that misbehave as a gateway would not: small programs, real processes."""

import logging
import os
import signal
import socket
import sys

import attrs
import pytest
import trio
from dragoman.io import supervisor, worker
from dragoman.io.config import Config, ConfigError
from dragoman.io.server import Order, running
from dragoman.io.settings import AccountConfig
from dragoman.io.supervisor import CannotServe, Supervisor, bind
from dragoman.translate import boundary

# Ready at once; ends with 0 when stdin says so or ends.
GOOD = "import os; os.write(1, b'hello\\n'); os.close(1); os.read(0, 1)"
# Ready at once; hears nothing.
DEAF = "import os, time; os.write(1, b'hello\\n'); os.close(1); time.sleep(60)"
# Ready at once; notes each order, and ends when it is not to re-load.
OBEDIENT = """import os
log = os.open({log!r}, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
os.write(1, b'hello\\n'); os.close(1); order = b'r'
while order == b'r':
    order = os.read(0, 1)
    os.write(log, b'%d %b\\n' % (os.getpid(), order))
"""
SILENT = "import time; time.sleep(60)"
BROKEN = "import sys; sys.exit(3)"


@attrs.define
class Bench:
    """A supervisor in this process, whose workers run a program that can be exchanged."""

    path: object
    drain_seconds: float = 20.0
    faults: list = attrs.field(factory=list)
    announced: list = attrs.field(factory=list)

    def become(self, program):
        self.path.write_text(program)

    def recheck(self):
        if self.faults:
            raise ConfigError(self.faults)

    async def run(self, *, task_status=trio.TASK_STATUS_IGNORED):
        def announce(words, processes):
            self.announced.append((words, list(processes)))
            task_status.started()

        with bind("127.0.0.1", 0)[0] as one:
            command = [sys.executable, "-S", str(self.path)]
            await Supervisor(command, [one], 2, self.drain_seconds, self.recheck, announce).run()


@pytest.fixture
def bench(tmp_path, monkeypatch):
    # Handlers that pytest adds see what is told.
    monkeypatch.setattr(logging.getLogger("dragoman"), "propagate", True)
    monkeypatch.setattr(logging.getLogger("dragoman"), "level", logging.INFO)
    return Bench(tmp_path / "program.py")


def tell(number):
    os.kill(os.getpid(), number)


async def until(condition):
    with trio.fail_after(20):
        while not condition():  # noqa: ASYNC110 - other processes set no event
            await trio.sleep(0.01)


def told(caplog, words):
    return [message for message in caplog.messages if words in message]


def drive(bench, act):
    """Run the supervisor, and beside it what happens to it, until it ends."""

    async def main():
        with trio.fail_after(20):
            async with trio.open_nursery() as nursery:
                await nursery.start(bench.run)
                await act()

    trio.run(main)


def test_the_first_worker_speaks_for_all_and_all_end_when_told(bench, caplog):
    bench.become(GOOD)

    async def act():
        tell(signal.SIGTERM)

    drive(bench, act)
    ((words, processes),) = bench.announced
    assert words == "hello\n"
    assert len(set(processes)) == 2
    assert sorted(told(caplog, "ended with exit status 0")) == sorted(
        f"worker {process} ended with exit status 0" for process in processes
    )


def test_a_worker_that_hears_nothing_is_killed_after_its_time(bench, caplog, monkeypatch):
    monkeypatch.setattr(supervisor, "_GRACE_SECONDS", 0.1)
    bench.drain_seconds = 0.1
    bench.become(DEAF)

    async def act():
        tell(signal.SIGTERM)

    drive(bench, act)
    assert len(told(caplog, "was killed by SIGKILL")) == 2


@pytest.mark.parametrize(("program", "end"), [(SILENT, "was killed by SIGKILL"), (BROKEN, "ended with exit status 3")])
def test_workers_that_are_never_ready_are_given_up(bench, caplog, monkeypatch, program, end):
    if program is SILENT:
        monkeypatch.setattr(supervisor, "_START_SECONDS", 0.2)
    bench.become(program)
    with pytest.raises(CannotServe, match="the workers cannot start"):
        trio.run(bench.run)
    assert len(told(caplog, f"{end} before it was ready")) == 1
    assert not bench.announced


def test_a_worker_is_tried_again_as_long_as_another_serves(bench, caplog, monkeypatch):
    monkeypatch.setattr(supervisor, "_FIRST_PAUSE", 0.01)
    bench.become(GOOD)

    async def act():
        ((_, (first, second)),) = bench.announced
        bench.become(BROKEN)
        os.kill(first, signal.SIGKILL)
        await until(lambda: len(told(caplog, "before it was ready; another one is started in")) > 6)
        tell(signal.SIGINT)
        await until(lambda: f"worker {second} ended with exit status 0" in caplog.messages)

    drive(bench, act)


def test_the_supervisor_gives_up_when_nobody_serves_and_nobody_can_start(bench, caplog, monkeypatch):
    monkeypatch.setattr(supervisor, "_FIRST_PAUSE", 0.01)
    bench.become(GOOD)

    async def act():
        bench.become(BROKEN)
        for process in bench.announced[0][1]:
            os.kill(process, signal.SIGKILL)

    with pytest.RaisesGroup(pytest.RaisesExc(CannotServe, match="no worker is left, and none can start")):
        drive(bench, act)
    assert len(told(caplog, "before it was ready")) >= 4


def test_sighup_lets_every_worker_re_load_where_the_file_is_good(bench, caplog):
    bench.become(OBEDIENT.format(log=str(bench.path.with_suffix(".log"))))

    def heard():
        return bench.path.with_suffix(".log").read_text().splitlines()

    async def act():
        bench.faults = ["dragoman.toml:1: wrong"]
        tell(signal.SIGHUP)
        await until(lambda: told(caplog, "nothing is re-loaded: dragoman.toml:1: wrong"))
        bench.faults = []
        for turn in (1, 2):
            tell(signal.SIGHUP)
            await until(lambda turn=turn: len(heard()) == 2 * turn)
        assert sorted(heard()) == sorted(f"{process} r" for process in bench.announced[0][1] * 2)
        assert not told(caplog, "ended")
        tell(signal.SIGTERM)

    drive(bench, act)
    assert len(told(caplog, "status 0")) == 2
    assert len(heard()) == 6


def test_a_worker_hears_orders_and_the_end_of_its_supervisor(monkeypatch):
    ours, theirs = os.pipe()

    async def main():
        async with worker.supervised_orders() as orders:
            heard = aiter(orders)
            os.write(theirs, Order.DRAIN.value)
            assert await anext(heard) is Order.DRAIN
            os.write(theirs, Order.RELOAD.value + Order.STOP.value)
            assert await anext(heard) is Order.RELOAD
            assert await anext(heard) is Order.STOP
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGTERM):
                tell(number)
                assert await anext(heard) is Order.DRAIN
            tell(signal.SIGHUP)
            os.close(theirs)
            assert await anext(heard) is Order.DRAIN

    with open(ours, "rb") as stdin:  # noqa: PTH123 - a descriptor
        monkeypatch.setattr(sys, "stdin", stdin)
        previous = {number: signal.getsignal(number) for number in (signal.SIGHUP, signal.SIGTTOU)}
        try:
            trio.run(main)
        finally:
            for number, handler in previous.items():
                signal.signal(number, handler)


def test_a_worker_serves_on_the_sockets_it_was_given():
    async def main():
        (one,) = bind("127.0.0.1", 0)
        address = one.getsockname()
        # Nobody listens before the worker does.
        with pytest.raises(ConnectionRefusedError), socket.create_connection(address, timeout=5):
            pass
        listeners = worker.inherited([one.detach()])
        config = Config(accounts={"a": AccountConfig(provider="openai_compatible", base_url="http://127.0.0.1:9")})
        async with running(config, boundary, listeners=listeners) as run:
            assert run.urls == (f"http://127.0.0.1:{address[1]}",)
            async with await trio.open_tcp_stream(*address) as stream:
                await stream.send_all(b"GET /health/live HTTP/1.1\r\nhost: h\r\n\r\n")
                assert (await stream.receive_some(4096)).startswith(b"HTTP/1.1 200 ")

    trio.run(main)
