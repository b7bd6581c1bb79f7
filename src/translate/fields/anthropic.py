"""Fields of the clients' dialect anthropic: see `table`."""

from __future__ import annotations

ROWS = """
"""
