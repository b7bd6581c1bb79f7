"""Environments of their own for examples whose dependencies are not Dragoman's."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
REQUIRED = "DRAGOMAN_REQUIRE_SERVERS"


def environment(requirements):
    """The Python of an environment with these packages and the translators; made once for each text of the file.

    Without the packages the test is skipped, and fails where servers are required.
    """
    text = requirements.read_bytes()
    digest = hashlib.sha256(text + sys.version.encode()).hexdigest()[:16]
    place = ROOT / "build" / "environments" / f"{requirements.parent.name}-{digest}"
    place.parent.mkdir(parents=True, exist_ok=True)
    with (place.parent / f"{place.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # another process of the tests may be making it
        if not (place / "ready").exists():
            _make(place, requirements)
    return place / "bin" / "python"


def _make(place, requirements):
    shutil.rmtree(place, ignore_errors=True)
    python = place / "bin" / "python"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", place], check=True, timeout=60)
    pip = [sys.executable, "-m", "pip", "--python", python, "--disable-pip-version-check", "--quiet"]
    install = [*pip, "install", "--no-deps", "--no-compile", "--only-binary=:all:", "--requirement", requirements]
    done = subprocess.run(install, check=False, timeout=600, capture_output=True, text=True)
    if done.returncode:
        words = f"{requirements.relative_to(ROOT)} cannot be installed: {done.stderr[-1000:]}"
        pytest.fail(words) if os.environ.get(REQUIRED) == "1" else pytest.skip(words)
    (folder,) = (place / "lib").glob("python*/site-packages")
    (folder / "dragoman").symlink_to(ROOT / "src")  # of Dragoman's own dependencies the translators need two
    (place / "ready").touch()
