"""Fields of the clients' dialect bedrock: see `table`."""

from __future__ import annotations

ROWS = """
"""
