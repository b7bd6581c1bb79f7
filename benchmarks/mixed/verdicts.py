"""The account of every request: what its client got, what its providers did, and what the ledger says of it."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from .clients import Outcome
from .plan import ROUTES
from .providers import Attempt
from .reading import Said
from .serving import INPUT_USD, OUTPUT_USD

Row = Mapping[str, Any]

_BROKEN: Final = frozenset((502,))
_LATE: Final = frozenset((504, 408))  # 408 is how Bedrock says it
_FAILED: Final = frozenset((500, 502, 503, 529))
# What a client may be told where an attempt failed so before anything of it reached the client.
_TOLD: Final[Mapping[str, frozenset[int]]] = {
    "reset": _BROKEN, "hang": _LATE, "reset in the head": _BROKEN, "close in the head": _BROKEN, "no http": _BROKEN,
    "reset in the body": _BROKEN, "truncated": _BROKEN, "garbage": _BROKEN, "stall": _LATE,
    "429": frozenset((429,)), "429 retry-after": frozenset((429,)),
    "500": _FAILED, "503": _FAILED, "503 retry-after": _FAILED, "529": _FAILED,
    "error event": _FAILED | {429}, "early overload": _FAILED,
}  # fmt: skip
# Faults that a stream may have after it began.
_IN_STREAM: Final = frozenset(("reset in the body", "truncated", "garbage", "stall", "error event", "early overload"))
# What a provider does to a connection that it kept, before it says a word: the request goes out again by itself.
_STALE: Final = frozenset(("reset",))


def tokens(row: Row) -> tuple[int, int]:
    """Those of the prompt and of the answer."""
    prompt = sum(row[name] for name in ("fresh", "cache_read", "cache_write", "cache_write_long", "audio_in"))
    return prompt, row["text"] + row["reasoning"] + row["audio_out"]


def unheard(outcome: Outcome, attempts: Sequence[Attempt], rows: Sequence[Row]) -> bool:
    """Whether a client left before anybody began to answer: a reset took its request along, or its end came first.

    No provider was asked then, and the gateway notes nothing.
    """
    return outcome.left and not outcome.status and not attempts and not rows


def problems(outcome: Outcome, attempts: Sequence[Attempt], rows: Sequence[Row]) -> Iterator[str]:
    """What is not as it should be with a request; nothing where all is well.

    Args:
        outcome: its client's.
        attempts: its providers'.
        rows: of the ledger.
    """
    if outcome.failure is not None:
        yield outcome.failure
        return
    if unheard(outcome, attempts, rows):
        return
    if len(rows) != 1:
        yield f"{len(rows)} entries in the ledger"
        return
    row, wish = rows[0], outcome.wish
    if row["action"] != wish.action:
        yield f"the ledger says the action is {row['action']}"
    yield from _attempts(outcome, attempts, row)
    yield from _money(row)
    if outcome.left:
        yield from _left(outcome, attempts, row)
        return
    if row["status"] != outcome.status:
        yield f"status {outcome.status}, in the ledger {row['status']}"
    if outcome.request_id != wish.marker:
        yield f"the request id {outcome.request_id} is another one"
    if outcome.status != 200:
        yield from _refused(outcome, attempts, row)
    elif outcome.said.error is not None:
        yield from _broken_off(outcome, attempts, row)
    else:
        yield from _answered(outcome, attempts, row)


def _attempts(outcome: Outcome, attempts: Sequence[Attempt], row: Row) -> Iterator[str]:
    """As many attempts in the ledger as providers saw."""
    again = sum(attempt.kept and attempt.fault in _STALE for attempt in attempts)
    unseen = 2 if "dead" in ROUTES.get(outcome.wish.model, ()) else 0
    if not len(attempts) - again <= row["attempts"] <= len(attempts) + unseen + (1 if outcome.left else 0):
        yield f"{row['attempts']} attempts in the ledger, and {len(attempts)} that providers saw"


def _money(row: Row) -> Iterator[str]:
    """The cost is that of the tokens."""
    if row["cost"] is None:
        if row["counted"] != "unknown":
            yield f"no cost, though counted is {row['counted']}"
        return
    prompt, answer = tokens(row)
    own = (prompt * INPUT_USD + answer * OUTPUT_USD) / 1e6
    if not math.isclose(row["cost"], own + (row["failed_cost"] or 0.0), abs_tol=1e-9):
        yield f"cost {row['cost']} of {prompt} and {answer} tokens, {row['failed_cost']} for failed attempts"
    if row["failed_cost"] and not row["failed_tokens"]:
        yield "failed attempts that cost something and have no tokens"


def _failed_tokens(attempts: Sequence[Attempt], row: Row) -> Iterator[str]:
    """No more for failed attempts than providers told; a reset may take what was told with it."""
    most = sum(sum(attempt.said().usage or (0, 0)) for attempt in attempts)
    if row["failed_tokens"] > most:
        yield f"{row['failed_tokens']} tokens of failed attempts, and providers told {most}"
    sure = [one for one in attempts[:-1] if one.fault in ("error event", "early overload") and one.whole]
    if row["failed_tokens"] < (least := sum(sum(attempt.said().usage or (0, 0)) for attempt in sure)):
        yield f"{row['failed_tokens']} tokens of failed attempts, and providers surely told {least}"


def _answered(outcome: Outcome, attempts: Sequence[Attempt], row: Row) -> Iterator[str]:
    wish, said = outcome.wish, outcome.said
    if not attempts:
        yield "an answer, and nobody was asked"
        return
    last = attempts[-1]
    told = last.told if last.good else last.said()
    if not last.good and (last.fault not in _IN_STREAM or told.finish is None):
        yield f"an answer after {last.fault}"
        return
    if not said.ended:
        yield "an answer without its end and without an error"
    if row["error"] is not None or row["provider"] != last.provider or not row["attempts"]:
        yield f"the ledger says {row['error']}, {row['provider']}"
    if wish.action == "count":
        if row["cost"] != 0 or row["counted"] is not None:
            yield f"counting cost {row['cost']} ({row['counted']})"
        return
    if not said.text == told.text == wish.answer:
        yield f"text {said.text[:80]!r} of {len(said.text)} characters, for {wish.answer[:80]!r} of {len(wish.answer)}"
    if not said.called() == told.called() == wish.calls:
        yield f"calls {said.called()}, for {wish.calls}"
    yield from _counted(outcome, attempts, row, told)


def _counted(outcome: Outcome, attempts: Sequence[Attempt], row: Row, told: Said) -> Iterator[str]:
    """Client, provider and ledger count the same of an answer."""
    usage = outcome.said.usage
    if told.usage is None and not attempts[-1].good:  # it was cut between its end and the count
        # Bedrock's streams end with a count, or not at all.
        if any(usage or ()) or row["counted"] != "unknown":
            yield f"usage {usage} ({row['counted']}), and the provider told none"
        return
    if not usage == told.usage == tokens(row):
        yield f"usage {usage}, the provider told {told.usage}, the ledger {tokens(row)}"
    if row["counted"] != "whole" and len(attempts) == 1 and "dead" not in ROUTES.get(outcome.wish.model, ()):
        yield f"counted is {row['counted']}"
    yield from _failed_tokens(attempts, row)


def _faults(outcome: Outcome, attempts: Sequence[Attempt]) -> Iterator[str]:
    """Whoever is told an error had no good answer."""
    good = [attempt.turn for attempt in attempts if attempt.good]
    if good:
        yield f"status {outcome.status}, {outcome.said.error!r}, though attempt {good[0]} was well"
    elif not attempts and "dead" not in ROUTES.get(outcome.wish.model, ()):
        yield f"status {outcome.status}, {outcome.said.error!r}, and nobody was asked"


def _refused(outcome: Outcome, attempts: Sequence[Attempt], row: Row) -> Iterator[str]:
    yield from _faults(outcome, attempts)
    if not outcome.said.error:
        yield f"an error {outcome.status} without words in the client's dialect"
    told = {status for attempt in attempts for status in _TOLD.get(attempt.fault or "", ())}
    if "dead" in ROUTES.get(outcome.wish.model, ()):
        told |= _BROKEN
    if outcome.status not in told:
        yield f"status {outcome.status} after {[attempt.fault for attempt in attempts]}"
    if row["error"] is None:
        yield "no error in the ledger"
    if tokens(row) != (0, 0) and row["counted"] != "partial":
        yield f"tokens {tokens(row)} of an error, {row['counted']}"


def _broken_off(outcome: Outcome, attempts: Sequence[Attempt], row: Row) -> Iterator[str]:
    """A stream that ended with an error: what came before it is right, and there is no terminator."""
    yield from _faults(outcome, attempts)
    wish, said = outcome.wish, outcome.said
    if said.ended:
        yield "an error and the last word of a whole answer"
    if not wish.answer.startswith(said.text):
        yield f"text {said.text[-80:]!r} before an error is not of {wish.answer[:80]!r}"
    if attempts and attempts[-1].fault not in _IN_STREAM:
        yield f"a stream that broke off after {attempts[-1].fault}"
    if row["error"] is None or row["counted"] not in ("partial", "unknown"):
        yield f"a stream that broke off: {row['error']}, {row['counted']} in the ledger"
    yield from _cut(outcome, attempts, row)


def _left(outcome: Outcome, attempts: Sequence[Attempt], row: Row) -> Iterator[str]:
    wish, said = outcome.wish, outcome.said
    if row["status"] not in (200, 499) and all(attempt.good for attempt in attempts) and attempts:
        yield f"status {row['status']} in the ledger for a client that left"
    if row["status"] == 499 and row["error"] != "client_closed":
        yield f"a client that left is {row['error']} in the ledger"
    if wish.answer and not wish.answer.startswith(said.text):
        yield f"text {said.text[-80:]!r} is not of {wish.answer[:80]!r}"
    yield from _cut(outcome, attempts, row)


def _cut(outcome: Outcome, attempts: Sequence[Attempt], row: Row) -> Iterator[str]:
    """Of an answer that was cut the ledger has what its client was told, and no more than its provider told."""
    if not attempts or outcome.wish.action == "count":
        return
    seen, held = outcome.said.usage, tokens(row)
    most = attempts[-1].told.usage or attempts[-1].said().usage or (0, 0)
    if any(one > other for one, other in zip(held, most, strict=True)):
        yield f"tokens {held} of an answer that was cut, and the provider told {most}"
    if seen is not None and outcome.wish.dialect == attempts[-1].dialect and seen[0] > held[0]:
        yield f"tokens {held} of an answer that was cut, and its client was told {seen}"
    yield from _failed_tokens(attempts, row)
