"""Helpers live in ``proof``; importlib mode needs to be told where."""

import contextlib
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))


def pytest_addoption(parser):
    with contextlib.suppress(ValueError):
        parser.addoption("--accept", action="store_true", default=False, help="write golden files that differ")
