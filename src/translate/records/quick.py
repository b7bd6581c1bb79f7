"""A cheaper constructor for frozen records.

attrs sets each attribute of a frozen class through ``object.__setattr__``, by name. Setting it through the slot itself
costs a quarter less, and records are most of what a translation makes (measured: 0.36 against 0.27 us for five fields).
The class stays what attrs made of it: slots, frozen, compared and shown as before.
"""

from typing import Any, TypeVar

import attrs

_C = TypeVar("_C", bound=type[Any])


def quick(cls: _C) -> _C:
    """The same attrs class with an ``__init__`` that fills slots directly; fields have plain defaults or none."""
    scope: dict[str, Any] = {}
    heads, lines = [], []
    for field in attrs.fields(cls):
        name = field.name
        scope[f"_set_{name}"] = getattr(cls, name).__set__
        lines.append(f"    _set_{name}(self, {name})")
        if field.default is attrs.NOTHING:
            heads.append(name)
        else:
            scope[f"_default_{name}"] = field.default
            heads.append(f"{name}=_default_{name}")
    source = f"def __init__(self, {', '.join(heads)}):\n" + "\n".join(lines)
    exec(source, scope)  # noqa: S102 - the source is made of field names alone
    cls.__init__ = scope["__init__"]
    return cls
