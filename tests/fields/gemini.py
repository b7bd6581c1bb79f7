"""The smallest requests around fields of gemini clients: see `contexts`."""

from typing import Any

CONTEXTS: dict[str, tuple[Any, str]] = {
    "": ({"contents": [{"role": "user", "parts": [{"text": "Hi"}]}]}, ""),
}
