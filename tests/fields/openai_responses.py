"""The smallest requests around fields of openai_responses clients: see `contexts`."""

from typing import Any

CONTEXTS: dict[str, tuple[Any, str]] = {
    "": ({"model": "acc/m", "input": "Hi"}, ""),
}
