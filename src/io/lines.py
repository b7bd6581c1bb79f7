"""Lines of JSON on their way to stderr.

They are written by a thread, many in one call to the system: a request pays for none, and whoever reads stderr too
slowly, or not at all, holds nothing up but the lines themselves.
"""

import atexit
import logging
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
# Some 50 MB; at 1,000 requests a second a reader may rest for over a minute.
_MOST_WAITING: Final = 100_000
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
        self._some = threading.Event()
        self._writing = threading.Lock()
        self._thread: threading.Thread | None = None

    def put(self, line: Mapping[str, Any]) -> None:
        """Write a line, soon."""
        waiting = self._waiting
        if len(waiting) >= _MOST_WAITING:
            self.lost += 1
            return
        waiting.append(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
        if not self._some.is_set():
            self._some.set()
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="lines", daemon=True)
                self._thread.start()

    def flush(self) -> None:
        """Write what waits; returns when that is done, or somebody else takes long to do it."""
        if not self._writing.acquire(timeout=_STOP_SECONDS):
            return
        try:
            while self._waiting:
                self._write_some()
        finally:
            self._writing.release()

    def _run(self) -> None:
        told = 0
        while True:
            self._some.wait()
            time.sleep(_INTERVAL_SECONDS)
            self._some.clear()
            self.flush()
            if self.lost > told:
                _log.warning("stderr is read too slowly: %d lines were lost", self.lost - told)
                told = self.lost

    def _write_some(self) -> None:
        waiting = self._waiting
        data = waiting.popleft()
        while waiting and len(data) + len(waiting[0]) <= _WHOLE_BYTES:
            data += waiting.popleft()
        # A closed stderr is nobody's fault.
        with suppress(OSError, ValueError, AttributeError):
            while data:
                try:
                    data = data[os.write(sys.stderr.fileno(), data) :]
                except BlockingIOError:  # somebody who shares it does not want to wait for it
                    select.select((), (sys.stderr.fileno(),), ())


LINES: Final = Lines()
"""Those of this process."""
atexit.register(LINES.flush)
