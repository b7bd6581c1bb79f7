"""Frozen attrs records with a cheaper constructor.

attrs sets each attribute of a frozen class through ``object.__setattr__``, by name. Setting it through the slot itself
costs a quarter less, and records are most of what a translation makes (measured: 0.32 against 0.25 us for five fields).
The class is what attrs makes of it: slots, frozen, compared and shown as ever.
"""

from typing import Any, TypeVar, dataclass_transform

import attrs

_C = TypeVar("_C", bound=type[Any])


@dataclass_transform(frozen_default=True, field_specifiers=(attrs.field,))
def record(cls: _C) -> _C:
    """A frozen attrs class with slots whose ``__init__`` fills them directly; fields have plain defaults or none."""
    made: _C = attrs.frozen(cls, init=False)
    scope: dict[str, Any] = {}
    heads, lines = ["self"], []
    for field in attrs.fields(made):
        name = field.name
        scope[f"_set_{name}"] = getattr(made, name).__set__
        lines.append(f"    _set_{name}(self, {name})")
        if field.default is attrs.NOTHING:
            heads.append(name)
        else:
            scope[f"_default_{name}"] = field.default
            heads.append(f"{name}=_default_{name}")
    source = f"def __init__({', '.join(heads)}):\n" + ("\n".join(lines) or "    pass")
    exec(source, scope)  # noqa: S102 - the source is made of field names alone
    made.__init__ = scope["__init__"]
    return made
