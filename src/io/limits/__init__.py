"""Limits of keys: decisions as pure functions, places where what was used is kept, and the gateway's way to both."""

from .limiter import SHARED_FOLDER, Grant, Limiter, Spent, store_of
from .shared_store import SharedStore, keeping
from .stores import FolderStore, MemoryStore, Store, StoreAway

__all__ = [
    "SHARED_FOLDER", "FolderStore", "Grant", "Limiter", "MemoryStore", "SharedStore", "Spent", "Store", "StoreAway",
    "keeping", "store_of",
]  # fmt: skip
