"""Lines of JSON on their way to stderr.

They are written by a thread, many in one call to the system: a request pays for none, and whoever reads stderr too
slowly, or not at all, holds nothing up but the lines themselves.
"""

import atexit
import json
import logging
import math
import os
import select
import sys
import threading
import time
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

import orjson

_log = logging.getLogger("dragoman.lines")

# What a process that is killed may take with it.
_INTERVAL_SECONDS: Final = 0.05
# So much goes into a pipe undivided (PIPE_BUF on Linux): the lines of processes that share one do not mix.
_WHOLE_BYTES: Final = 4096
# At 1,000 requests a second a reader may rest for a minute or more.
_MOST_BYTES: Final = 50_000_000
# What the end of the process may wait for the last ones.
_STOP_SECONDS: Final = 1.0


class Lines:
    """Takes lines without ever waiting, and writes them in the order in which they came.

    Attributes:
        lost: how many there was no room for.
    """

    def __init__(self) -> None:
        self.lost = 0
        self._waiting: deque[bytes] = deque()
        self._bytes = 0
        self._counting = threading.Lock()
        self._some = threading.Event()
        self._writing = threading.Lock()
        self._thread: threading.Thread | None = None

    def put(self, line: Mapping[str, Any]) -> None:
        """Write a line, soon."""
        try:
            data = orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE)
        except TypeError:  # half a character, or an integer of more than 64 bits
            data = json.dumps(line, default=str).encode("ascii") + b"\n"
        with self._counting:
            if self._bytes + len(data) > _MOST_BYTES:
                self.lost += 1
                return
            self._bytes += len(data)
        self._waiting.append(data)
        if not self._some.is_set():
            self._some.set()
            if self._thread is None:
                self._start()

    def flush(self) -> None:
        """Write what waits; returns when that is done, or in a second, whoever does not read."""
        until = time.monotonic() + _STOP_SECONDS
        if not self._writing.acquire(timeout=_STOP_SECONDS):
            return
        try:
            while self._waiting and self._write_some(until):
                pass
        finally:
            self._writing.release()

    def _start(self) -> None:
        thread = threading.Thread(target=self._run, name="lines", daemon=True)
        # Where no thread can be had now, the next line tries again.
        try:
            thread.start()
        except RuntimeError:
            self._some.clear()
        else:
            self._thread = thread

    def _run(self) -> None:
        told = 0
        while True:
            self._some.wait()
            time.sleep(_INTERVAL_SECONDS)
            self._some.clear()
            with self._writing:
                while self._waiting:
                    self._write_some(math.inf)
            lost = self.lost
            if lost > told:
                _log.warning("stderr is read too slowly: %d lines were lost", lost - told)
                told = lost

    def _write_some(self, until: float) -> bool:
        """Write the next lines; whether they have left until then, on the monotonic clock."""
        data = self._next()
        # A closed stderr is nobody's fault.
        with suppress(OSError, ValueError, AttributeError):
            while data:
                left = until - time.monotonic()
                ready = (sys.stderr.fileno(),)
                if left < math.inf and not select.select((), ready, (), max(left, 0.0))[1]:
                    return False
                # What is to be over in time goes in pieces that need not be waited for.
                piece = data if left == math.inf else data[:_WHOLE_BYTES]
                try:
                    data = data[os.write(ready[0], piece) :]
                except BlockingIOError:  # somebody who shares it does not want to wait for it
                    if left == math.inf:
                        select.select((), ready, ())
        return True

    def _next(self) -> bytes:
        """The lines of one write."""
        waiting = self._waiting
        data = waiting.popleft()
        while waiting and len(data) + len(waiting[0]) <= _WHOLE_BYTES:
            data += waiting.popleft()
        with self._counting:
            self._bytes -= len(data)
        return data


LINES: Final = Lines()
"""Those of this process."""
atexit.register(LINES.flush)
