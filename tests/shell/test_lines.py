"""Lines on their way to stderr: in order, whole, and nobody waits for who reads them."""

import json
import os
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

import pytest
from dragoman.io import lines
from dragoman.io.lines import Lines


@contextmanager
def stderr(descriptor, monkeypatch):
    with os.fdopen(descriptor, "wb", closefd=False) as file, monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", file)
        yield


@contextmanager
def read_from(reading, seconds=0.0):
    """What comes out of a pipe, read to its end from some time on."""
    data = []

    def read():
        time.sleep(seconds)
        data.extend(iter(lambda: os.read(reading, 65536), b""))

    thread = threading.Thread(target=read)
    thread.start()
    yield data
    thread.join(10)
    os.close(reading)


def numbers(data):
    return [json.loads(line)["n"] for line in data.splitlines()]


def test_lines_come_soon_and_in_order_whoever_writes_them(monkeypatch, tmp_path):
    with (tmp_path / "log").open("wb") as file, stderr(file.fileno(), monkeypatch):
        kept = Lines()
        for number in range(500):
            kept.put({"n": number})
            if number % 100 == 0:
                kept.flush()
                time.sleep(0.06)
        until = time.monotonic() + 10
        while time.monotonic() < until and len((tmp_path / "log").read_bytes().splitlines()) < 500:
            time.sleep(0.01)
        assert numbers((tmp_path / "log").read_bytes()) == list(range(500))


def test_each_write_is_of_whole_lines_and_goes_into_a_pipe_undivided(monkeypatch):
    written = []
    monkeypatch.setattr(lines.os, "write", lambda _, data: written.append(data) or len(data))
    kept = Lines()
    sizes = [10, 3000, 1200, 5000, 20, 4060, 40, 40]
    for number, size in enumerate(sizes):
        kept.put({"n": number, "x": "y" * size})
    until = time.monotonic() + 10
    while time.monotonic() < until and b"".join(written).count(b"\n") < len(sizes):
        time.sleep(0.01)
    assert numbers(b"".join(written)) == list(range(len(sizes)))
    assert all(data.endswith(b"\n") for data in written)
    assert all(len(data) <= 4096 or data.count(b"\n") == 1 for data in written)
    assert len(written) < len(sizes)


def test_a_reader_that_reads_nothing_holds_nobody_up_and_what_finds_no_room_is_counted(monkeypatch):
    monkeypatch.setattr(lines, "_MOST_BYTES", 50_000)
    reading, writing = os.pipe()
    with read_from(reading, 1.0) as data:
        with stderr(writing, monkeypatch):
            kept = Lines()
            began = time.monotonic()
            for number in range(1000):
                kept.put({"n": number, "x": "y" * 1000})
                if number == 100:
                    time.sleep(0.2)  # the thread fills the pipe meanwhile, and waits
            assert time.monotonic() - began < 0.8
            kept.flush()
        os.close(writing)
    found = numbers(b"".join(data))
    assert found == sorted(found)
    assert len(found) == 1000 - kept.lost
    assert 0 < kept.lost < 1000


def test_a_pipe_that_does_not_wait_gets_every_line(monkeypatch):
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    with read_from(reading, 0.2) as data:
        with stderr(writing, monkeypatch):
            kept = Lines()
            for number in range(500):
                kept.put({"n": number, "x": "y" * 1000})
            kept.flush()
        os.close(writing)
    assert numbers(b"".join(data)) == list(range(500))


@pytest.mark.parametrize("end", ["", "raise SystemExit(3)", "1 / 0"])
def test_the_last_lines_are_written_at_the_end_however_it_comes(end):
    program = f"from dragoman.io.lines import LINES\nLINES.put({{'n': 1}})\n{end}"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert '{"n":1}\n' in done.stderr


def test_the_end_waits_a_second_at_most_for_who_reads_nothing():
    program = (
        "from dragoman.io.lines import LINES\nimport time\nfor number in range(300):\n"
        "    LINES.put({'n': number, 'x': 'y' * 1000})\n    if number == 10: time.sleep(0.2)\n"
    )
    # Nobody reads: the pipe holds 64 KiB. Once the thread is the one who waits for room, once whoever ends.
    for pause in ("", "time.sleep(0.3)\n"):
        process = subprocess.Popen([sys.executable, "-c", program + pause], stderr=subprocess.PIPE)
        try:
            assert process.wait(20) == 0
        finally:
            process.kill()
            process.stderr.close()


@pytest.mark.parametrize("value", ["\ud800", 2**70, {1, 2}], ids=["half a character", "a long integer", "no JSON"])
def test_what_has_no_place_in_json_is_a_line_all_the_same(monkeypatch, tmp_path, value):
    with (tmp_path / "log").open("wb") as file, stderr(file.fileno(), monkeypatch):
        kept = Lines()
        kept.put({"n": 1, "x": value})
        kept.flush()
    assert numbers((tmp_path / "log").read_bytes()) == [1]


def test_a_thread_that_cannot_be_had_is_tried_again(monkeypatch, tmp_path):
    def fails(_):
        raise RuntimeError("can't start new thread")

    with (tmp_path / "log").open("wb") as file, stderr(file.fileno(), monkeypatch):
        kept = Lines()
        with monkeypatch.context() as patch:
            patch.setattr(threading.Thread, "start", fails)
            kept.put({"n": 1})
        kept.put({"n": 2})
        until = time.monotonic() + 10
        while time.monotonic() < until and len((tmp_path / "log").read_bytes().splitlines()) < 2:
            time.sleep(0.01)
    assert numbers((tmp_path / "log").read_bytes()) == [1, 2]


def test_a_closed_stderr_is_nobodys_fault():
    program = (
        "import os\nfrom dragoman.io.lines import LINES\nos.close(2)\nLINES.put({'n': 1})\nLINES.flush()\nprint('ok')"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "ok\n")
