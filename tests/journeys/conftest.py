"""Helpers live in ``travel`` and, shared with the core's tests, in ``proof``; importlib mode needs to be told where."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent.parent / "core"))
