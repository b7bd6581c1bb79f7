"""What every client asks and what every attempt to answer meets: all of it follows from a seed and from numbers.

A request is known everywhere by its marker, ``Soak-SEED-NUMBER``: it is the request id, and stands in what is said.
"""

import random
import re
from collections.abc import Mapping
from typing import Any, Final, Literal

import attrs

MODELS: Final = {
    "openai": "gpt-4.1",
    "anthropic": "claude-sonnet-4-5",
    "gemini": "gemini-2.5-flash",
    "bedrock": "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
}
"""The providers, and the model that is asked there."""
ROUTES: Final = {
    "any": ("openai", "anthropic", "gemini", "bedrock"),
    "early": ("anthropic", "openai"),
    "dead-first": ("dead", "anthropic"),
    "dead-only": ("dead",),
}
"""Routes and the accounts of their targets; nobody listens at ``dead``."""
DIALECTS: Final = ("openai_chat", "openai_responses", "anthropic", "gemini", "bedrock")
FAULTS: Final = (
    "reset", "hang", "reset in the head", "close in the head", "no http",
    "reset in the body", "truncated", "garbage", "stall",
    "429", "429 retry-after", "500", "503", "503 retry-after", "529",
    "error event", "early overload",
)  # fmt: skip
"""How an attempt may fail. A connection that is refused is the account ``dead``."""
FAULT_SHARE: Final = 0.1
DRIP_SHARE: Final = 0.05
"""Answers that come in very small pieces: slow, and right."""

Behaviour = Literal["reads", "leaves", "slow"]

_MARKER: Final = re.compile(rb"Soak-\d+-(-?\d+)")
_WORDS: Final = (
    "alfa", "bravo", "charlie", "delta", "echo", "foxtrot", "märz", "hotel", '"india"', "juliett", "kilo\\lima", "mike",
    "日本", "oscar", "papa\n", "quebec", "romeo", "sierra", "tango 🙂", "uniform", "victor", "</p>", "x-ray", "yankee",
)  # fmt: skip


@attrs.frozen
class Wish:
    """One request.

    Attributes:
        number: which one.
        marker: its name everywhere.
        dialect: the client's.
        model: as the client names it.
        action: generate, or count its tokens.
        stream, tools: whether the answer is a stream, and a call.
        text: what is said.
        behaviour: of the client.
        leave_after: bytes of the body after which it leaves; 0 is before the head.
        rude: whether it leaves by a reset.
        pause: seconds before it.
    """

    number: int
    marker: str
    dialect: str
    model: str
    action: str
    stream: bool
    tools: bool
    text: str
    behaviour: Behaviour
    leave_after: int
    rude: bool
    pause: float

    @property
    def answer(self) -> str:
        """The text of a right answer: the stand-ins repeat what was said, or call the tool where there is one."""
        return "" if self.tools else f"You said: {self.text}"

    @property
    def calls(self) -> tuple[tuple[str, Mapping[str, Any]], ...]:
        """The calls of a right answer."""
        return (("get_weather", {"location": self.marker}),) if self.tools else ()


def wish(seed: int, number: int) -> Wish:
    """The request of a number."""
    chance = random.Random(f"{seed}/{number}")
    dialect = chance.choice(DIALECTS)
    model = chance.choice(tuple(MODELS))
    named = chance.choices((f"{model}/{MODELS[model]}", *ROUTES), (60, 20, 10, 9, 1))[0]
    counts = named not in ROUTES and model == dialect == "anthropic" and chance.random() < 0.4
    stream = not counts and chance.random() < 0.65
    behaviour: Behaviour = "reads"
    if stream:
        behaviour = chance.choices(("reads", "leaves", "slow"), (75, 15, 10))[0]  # type: ignore[assignment]
    elif chance.random() < 0.05:
        behaviour = "leaves"
    marker = f"Soak-{seed}-{number}"
    tools = behaviour == "reads" and not counts and chance.random() < 0.25
    length = 1500 if behaviour == "slow" else chance.choice((5, 30, 120))
    words = " ".join(chance.choices(_WORDS, k=length)).strip()
    return Wish(
        number, marker, dialect, named, "count" if counts else "generate", stream, tools,
        f"Call get_weather in {marker}, please." if tools else f"{marker} {words}.",
        behaviour, chance.choice((0, 1, 300, 3000)) if stream else 0, chance.random() < 0.5, chance.random() * 0.3,
    )  # fmt: skip


def number_of(body: bytes) -> int | None:
    """Whose request a provider was sent; None where there is no marker in it."""
    found = _MARKER.search(body)
    return None if found is None else int(found[1])


def fault(seed: int, number: int, attempt: int, *, provider: str, stream: bool) -> str | None:
    """How an attempt fails; ``drip`` is none that a client may notice.

    Args:
        seed, number: of the request.
        attempt: how many there were before it.
        provider: who is asked.
        stream: whether for a stream.
    """
    chance = random.Random(f"{seed}/{number}/{attempt}")
    draw = chance.random()
    if draw >= FAULT_SHARE:
        return "drip" if draw < FAULT_SHARE + DRIP_SHARE else None
    fits = [
        name
        for name in FAULTS
        if (stream or name not in ("error event", "early overload"))
        and (provider == "anthropic" or name not in ("529", "early overload"))
    ]
    return chance.choice(fits)


def place_of_fault(seed: int, number: int, attempt: int) -> float:
    """Where in an answer a fault is: 0 to 1."""
    return random.Random(f"{seed}/{number}/{attempt}/place").random()
