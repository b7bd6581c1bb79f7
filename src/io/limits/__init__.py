"""Limits of keys: decisions as pure functions, places where what was used is kept, and the gateway's way to both."""

from .limiter import SHARED_FOLDER, Grant, Limiter, Spent, limiter_of
from .stores import FolderStore, MemoryStore

__all__ = ["SHARED_FOLDER", "FolderStore", "Grant", "Limiter", "MemoryStore", "Spent", "limiter_of"]
