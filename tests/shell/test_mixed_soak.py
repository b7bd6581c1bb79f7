"""A short soak: every request of mixed clients to failing providers ends rightly, and all accounts of it agree."""

import subprocess
import sys
from pathlib import Path

import pytest

SOAK = [sys.executable, "-m", "benchmarks.mixed_soak", "--dry", "--clients", "30", "--seconds", "5"]


@pytest.mark.skipif(sys.platform != "linux", reason="tasks, memory and sockets of another process are read from /proc")
def test_every_request_of_a_short_soak_is_accounted_for():
    done = subprocess.run(
        [*SOAK, "--seed", "7"],
        cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
