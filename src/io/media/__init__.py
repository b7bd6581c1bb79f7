"""Media that a provider does not fetch itself: fetched here, under rules, and handed to the core as data."""

from .fetcher import Fetcher, Media

__all__ = ["Fetcher", "Media"]
