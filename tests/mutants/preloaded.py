"""Importing this imports what the list says."""

from . import preload

preload.read()
