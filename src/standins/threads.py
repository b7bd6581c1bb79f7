"""A stand-in for code that is not async: it runs in a thread of its own."""

import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import trio

from .providers import start
from .server import StandIn


@contextmanager
def running(provider: str, **options: Any) -> Iterator[StandIn]:
    """Run the stand-in of `provider` in a thread until the block ends; options as for `start`."""
    started: queue.SimpleQueue[StandIn | BaseException] = queue.SimpleQueue()
    token: list[trio.lowlevel.TrioToken] = []

    async def main() -> None:
        token.append(trio.lowlevel.current_trio_token())
        async with trio.open_nursery() as nursery:
            started.put(await start(nursery, provider, **options))

    def thread() -> None:
        try:
            trio.run(main)
        except BaseException as error:  # noqa: BLE001 - handed over to the thread that waits
            started.put(error)

    worker = threading.Thread(target=thread, name=f"stand-in {provider}")
    worker.start()
    standin = started.get()
    if not isinstance(standin, StandIn):
        worker.join()
        raise standin
    try:
        yield standin
    finally:
        trio.from_thread.run_sync(standin.stop, trio_token=token[0])
        worker.join()
        if not started.empty():
            failure = started.get()
            assert isinstance(failure, BaseException)
            raise failure
    if standin.crashes:
        raise RuntimeError(f"the stand-in crashed {len(standin.crashes)} time(s):\n{standin.crashes[0]}")
