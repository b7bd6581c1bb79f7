"""What must hold of every request and answer of a journey."""

from collections.abc import Iterable
from typing import Any

from dragoman.standins import gemini_judge
from proof import sdk
from proof.calls import Sent
from proof.reported import resolve

from .places import Json, Place, State
from .wires import STATE_KEYS, Piece, holds, layers, legal, pieces, strings

SKIP = "skip_thought_signature_validator"


def request(sent: Sent, client: Json, place: Place, given: Iterable[State]) -> None:
    """All that must hold of a native request.

    Args:
        sent: the call.
        client: the client's body.
        place: where the call goes.
        given: all state that providers have given out so far.
    """
    dialect = sent.head["context"]["dialect"]
    body = sent.body
    _is_valid(dialect, body, place)
    held = [state for state in given if holds(client, state.token)]
    parts = pieces(dialect, body)
    domain = place.domain if dialect != "openai_chat" else None
    for state in given:
        if state.domain != domain:
            assert not holds(body, state.token), f"foreign {state}"
    for state in held:
        if state.domain == domain:
            _is_in_place(state, parts)
        else:
            _is_reported(state, client, sent.losses)
    _is_paired(dialect, parts)
    _shows_no_state(body, given)
    for loss in sent.losses:
        if loss["kind"] != "added":
            resolve(client, loss["path"])
    if dialect in ("anthropic", "bedrock"):
        _thinks_first(dialect, body, parts, place)
    if dialect == "gemini":
        _is_signed(parts, client, sent.losses)


def _is_valid(dialect: str, body: Json, place: Place) -> None:
    """The official SDK has nothing against the body."""
    if dialect == "gemini" and place.provider == "vertex":
        assert gemini_judge.fault(body, vertex=True) is None
    elif place.provider == "vertex":
        body = {key: value for key, value in body.items() if key != "anthropic_version"}
        assert sdk.request_fault("anthropic", {"model": place.model, **body}) is None
    else:
        if dialect == "openai_chat":
            # The official accumulator leaves the number of a call in its history, which its servers take.
            body = {**body, "messages": [_unnumbered(message) for message in body["messages"]]}
        host = place.provider if place.provider in ("groq", "xai") else dialect
        assert sdk.request_fault(host, body) is None, sdk.request_fault(host, body)


def _unnumbered(message: Json) -> Json:
    calls = [{key: item for key, item in call.items() if key != "index"} for call in message.get("tool_calls", ())]
    return {**message, "tool_calls": calls} if calls else message


def _is_in_place(state: State, parts: list[Piece]) -> None:
    """A state of the target's own stands once, with what it belongs to."""
    found = [index for index, part in enumerate(parts) if any(state.token in layer for layer in layers(part.state))]
    assert len(found) == 1, (state, found)
    part = parts[found[0]]
    if state.kind == "thinking" and state.domain == "anthropic":
        assert part.text == state.anchor
    elif state.kind == "call":
        assert part.kind == "call"
        assert state.anchor in part.text
    elif state.kind == "text":
        # A client may keep each piece of a stream as a part of its own: the state stands behind the last of them.
        said = "".join(other.text for other in parts[: found[0] + 1] if other.role == part.role)
        assert said.endswith(state.anchor)
    if state.kind in ("thinking", "redacted"):
        # Reasoning stands before what it led to, with no other turn between.
        after = parts[found[0] + 1 :]
        led = next(other for other in after if other.kind != "state")
        assert led.role == "assistant", (state, led)
        assert state.anchor.rpartition(" ")[2] in led.text, (state, led)


def _is_reported(state: State, client: Json, losses: list[Json]) -> None:
    """A state that is not sent is a loss that points at it."""
    dropped = [loss for loss in losses if loss["kind"] == "dropped" and loss["severity"] == "quality"]
    places = [resolve(client, loss["path"]) for loss in dropped]
    # Where a client's calls have no place for it, the state of a call stands before it, and the call is named.
    named = [state.kind == "call" and state.anchor in str(place) for place in places]
    assert any(named) or any(holds(place, state.token) for place in places), (state, losses)


def _is_paired(dialect: str, parts: list[Piece]) -> None:
    """Every call has its result right behind its step, in order, under an id that the provider takes."""
    waiting: list[Piece] = []
    seen: set[str] = set()
    for part in parts:
        if part.kind == "call":
            assert legal(dialect, part.key), part
            assert part.key not in seen or not part.key, part
            seen.add(part.key)
            waiting.append(part)
        elif part.kind == "result":
            call = waiting.pop(0)
            assert part.key == call.key, (part, call)
            city = call.text.partition(":")[2].strip(' "}')
            assert f"Sunny in {city}" in part.text, (part, call)
        elif part.role != "assistant":
            assert not waiting, (part, waiting)
    assert not waiting


def _shows_no_state(body: Any, given: Iterable[State]) -> None:
    """No words hold state, nor the tag that other clients' state is carried behind."""
    shown = [text for key, text in strings(body) if key not in STATE_KEYS]
    for text in shown:
        assert "dragoman" not in text, text
        assert not any(state.token in layer for state in given for layer in layers(text)), text


def _thinks_first(dialect: str, body: Json, parts: list[Piece], place: Place) -> None:
    """In a step reasoning stands first; with manual thinking, the step that waits for results must have some."""
    turns: dict[int, list[Piece]] = {}
    for part in parts:
        turns.setdefault(part.turn, []).append(part)
    for turn in turns.values():
        kinds = [part.kind for part in turn]
        if "state" in kinds and turn[0].role == "assistant":
            # Steps that stand together as one turn may each begin with reasoning; a call never comes before it.
            first = kinds.index("call") if "call" in kinds else len(kinds)
            assert "state" not in kinds[first:], turn
    fields = body if dialect == "anthropic" else body.get("additionalModelRequestFields", {})
    last = turns[max(turns)]
    if place.model.startswith("claude-opus-5") or last[0].kind != "result":
        return
    # All clients wish for thinking, and it is on wherever it can be.
    on = (fields.get("thinking") or {}).get("type") == "enabled"
    assert on == (turns[max(turns) - 1][0].kind == "state"), turns[max(turns) - 1]


def _is_signed(parts: list[Piece], client: Json, losses: list[Json]) -> None:
    """The first call of each step of the running turn is signed, by its maker or by the value that skips the check."""
    begin = max((index for index, part in enumerate(parts) if part.role == "user" and part.kind == "words"), default=-1)
    before = ""
    skipped = 0
    for part in parts[begin + 1 :]:
        if part.kind == "call" and before != "call":
            assert part.state, part
            skipped += SKIP in part.state
        elif part.kind == "call":
            assert SKIP not in part.state
        before = part.kind if part.kind in ("call", "result") else before
    assert not any(SKIP in part.state for part in parts[: begin + 1])
    added = [loss for loss in losses if (loss["kind"], loss["severity"]) == ("added", "quality")]
    assert len(added) == skipped, losses
    for loss in added:
        assert "city" in str(resolve(client, loss["path"]))


def answer(told: Any, kept: list[Json], seen: list[str], given: Iterable[State]) -> None:
    """What a client is told shows no state, and what it keeps says what was said.

    Args:
        told: the reply, or the events of the stream.
        kept: what the client adds to its history.
        seen: words and arguments of the answer.
        given: all state that providers have given out so far.
    """
    _shows_no_state(told, given)
    words = "".join(text for key, text in strings(kept) if key in ("text", "content", "arguments", "city"))
    for mark in seen:
        assert mark in words, (mark, kept)
