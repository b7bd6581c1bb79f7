"""The models that the Gemini stand-in serves, and what each takes (Google's model pages)."""

import attrs

LEVELS = ("LOW", "MEDIUM", "HIGH")


@attrs.frozen
class Model:
    """One family.

    Attributes:
        prefix: model ids that begin so; the longest wins.
        levels: thinking levels; empty means that thinking is set by a budget.
        budget: the range of the budget; None means that the model does not think by budget.
        off: whether a budget of 0 turns thinking off.
        signs: whether calls are signed, and the signatures checked.
        mixes: whether functions go together with a JSON answer and with built-in tools.
        several: whether there can be several candidates.
        prefill: whether the last turn may be the model's.
    """

    prefix: str
    levels: tuple[str, ...] = ()
    budget: tuple[int, int] | None = None
    off: bool = False
    signs: bool = False
    mixes: bool = False
    several: bool = False
    prefill: bool = True


def _three(prefix: str, levels: tuple[str, ...], *, prefill: bool = True) -> Model:
    return Model(prefix, levels, signs=True, mixes=True, prefill=prefill)


MODELS = (
    Model("gemini-2.5-pro", budget=(128, 32_768), several=True),
    Model("gemini-2.5-flash", budget=(0, 24_576), off=True, several=True),
    Model("gemini-2.5-flash-lite", budget=(512, 24_576), off=True, several=True),
    _three("gemini-3-flash-preview", ("MINIMAL", *LEVELS)),
    _three("gemini-3.1-pro-preview", LEVELS),
    _three("gemini-3.5-flash", ("MINIMAL", *LEVELS)),
    _three("gemini-3.6-flash", ("MINIMAL", *LEVELS), prefill=False),
    _three("gemini-3.8-flash", LEVELS, prefill=False),
    _three("gemini-4-argon", LEVELS, prefill=False),
)


def model(name: str) -> Model | None:
    """The family of a model id."""
    found = [row for row in MODELS if name.startswith(row.prefix)]
    return max(found, key=lambda row: len(row.prefix)) if found else None
