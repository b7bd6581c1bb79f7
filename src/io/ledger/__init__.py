"""The ledger: one entry for each request for a model, with its tokens and its cost, and never what was said.

Requests only append to a queue; a thread writes what is in it, so that no engine can hold a request up.
"""

from .engines import Engine, LedgerError, default_place, engine_of
from .entry import Entry, entry_of
from .sums import BY, Sum, Wanted, sums
from .writer import Ledger, started

__all__ = (
    "BY", "Engine", "Entry", "Ledger", "LedgerError", "Sum", "Wanted", "default_place", "engine_of", "entry_of",
    "started", "sums",
)  # fmt: skip
