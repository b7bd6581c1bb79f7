"""Framing: bytes of a stream to frames, as pure folds ``(tail, bytes) -> (tail, frames)``."""
