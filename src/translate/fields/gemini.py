"""Fields of the clients' dialect gemini: see `table`."""

from __future__ import annotations

ROWS = """
"""
