"""What processes for cold mutants have imported beforehand: everything but the core and its tests."""

import contextlib
import importlib
import json
import sys

from .coverage_map import FOLDER

LIST = FOLDER / "preload.json"


def write() -> None:
    """Note which packages this process has imported."""
    names = [
        name
        for name, module in sorted(sys.modules.items())
        if "site-packages" in (getattr(module, "__file__", None) or "") and not name.startswith(("dragoman", "__"))
    ]
    LIST.write_text(json.dumps(names), "utf-8")


def read() -> None:
    """Import them."""
    for name in json.loads(LIST.read_text("utf-8")):
        with contextlib.suppress(Exception):
            importlib.import_module(name)
