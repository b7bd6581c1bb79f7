"""Fields of the clients' dialect openai_responses: see `table`."""

from __future__ import annotations

ROWS = """
"""
