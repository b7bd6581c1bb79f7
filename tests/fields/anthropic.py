"""The smallest requests around fields of anthropic clients: see `contexts`."""

from typing import Any

CONTEXTS: dict[str, tuple[Any, str]] = {
    "": ({"model": "acc/m", "max_tokens": 9000, "messages": [{"role": "user", "content": "Hi"}]}, ""),
}
