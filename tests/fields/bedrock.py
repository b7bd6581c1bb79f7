"""The smallest requests around fields of bedrock clients: see `contexts`."""

from typing import Any

CONTEXTS: dict[str, tuple[Any, str]] = {
    "": ({"messages": [{"role": "user", "content": [{"text": "Hi"}]}]}, ""),
}
