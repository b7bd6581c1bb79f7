"""Embeddings, a family beside chat: a request in OpenAI's form as calls to a provider, and their replies as one.

A request may need several calls, since some providers take one text a call. Nothing is called here: ``plan`` gives the
calls as values, ``tell`` joins what came back.
"""

from __future__ import annotations

from .planning import plan
from .rows import models
from .telling import tell

__all__ = ["models", "plan", "tell"]
