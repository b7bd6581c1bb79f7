"""The order of turns: where system text may stand, calls and their results, empty turns, prefill.

Sources: wire/anthropic.md 3 and 5, wire/openai-chat.md 3, spec/chat.md 2 and 4.
"""

from __future__ import annotations

from typing import NoReturn

from ..records import (
    Call,
    Media,
    Message,
    Part,
    Path,
    Request,
    Result,
    Stale,
    Text,
    TranslationError,
    changed,
    evolve,
    render,
)
from ..records.parts import place
from ..records.request import SYSTEM_ROLES, Role
from ..records.traits import CALLS, EMPTY, INNER_SYSTEM, ODD
from ..target import Target
from ..values import dotted
from . import signatures
from .notes import Notes


def fit(request: Request, target: Target, notes: Notes) -> Request:
    """Turns in an order the target takes; a client of the same dialect already speaks in it.

    Its history may have come from another model all the same, so that calls lack the signature they need.
    """
    if request.dialect == target.provider.dialect:
        return _own(request, target, notes)
    messages, traits = request.messages, notes.traits
    if traits & CALLS:
        _check_pairs(messages, request.where("call_id"))
    if traits & EMPTY or not target.provider.blank_text:
        messages = _without_empty(request, target, notes)
    if traits & INNER_SYSTEM:
        messages = _system(messages, target, notes)
    if traits & CALLS and not (target.provider.media_in_results and target.row.result_media is None):
        messages = _media_after_results(messages, target, notes)
    if traits & ODD and target.provider.text_beside_documents:
        messages = _beside_documents(messages, target, notes)
    if not messages or (messages[-1].role in SYSTEM_ROLES and all(m.role in SYSTEM_ROLES for m in messages)):
        raise TranslationError(
            f"Invalid value for '{dotted(request.where('messages'))}': {target.provider.name} needs at least one user "
            "or assistant message with content.",
            path=render(request.where("messages")),
            code="missing_required_parameter",
        )
    if target.provider.user_first:
        messages = _user_first(messages, target, notes)
    if messages is not request.messages:
        request = evolve(request, messages=messages)
    _check_prefill(request, target, notes)
    return _signed(request, target, notes)


def _signed(request: Request, target: Target, notes: Notes) -> Request:
    return signatures.fit(request, target, notes) if notes.traits & CALLS and target.row.signed_calls else request


def _own(request: Request, target: Target, notes: Notes) -> Request:
    """Of a client of the same dialect: media of results, which the dialect has at servers of other kinds only."""
    _check_prefill(request, target, notes)
    text_only = not target.provider.media_in_results and "*" not in target.provider.extensions
    if notes.traits & CALLS and notes.traits & ODD and text_only:
        messages = _media_after_results(request.messages, target, notes)
        request = request if messages is request.messages else evolve(request, messages=messages)
    return _signed(request, target, notes)


def _check_pairs(messages: tuple[Message, ...], key: Path) -> None:
    """Every call has its result before the next assistant turn, and every result its call.

    Assistant messages that stand together are one turn.
    """
    waiting: dict[str, Call] = {}
    said = False
    for message in messages:
        role, content = message.role, message.content
        if role == "assistant":
            if waiting and not said:
                _unanswered(waiting)
            said = True
        elif role not in SYSTEM_ROLES:
            said = False
        if not isinstance(content, str):
            _pair(role, content, waiting, key)
    if waiting:
        _unanswered(waiting)


def _pair(role: Role, parts: tuple[Part, ...], waiting: dict[str, Call], key: Path) -> None:
    """Calls wait for their results; a result ends the waiting of its call."""
    for part in parts:
        if type(part) is Call:
            if role != "assistant":
                _misplaced(part.path, role, "a tool call", "the assistant's")
            waiting[part.id] = part
        elif type(part) is Result:
            if waiting.pop(part.call_id, None) is None:
                _uncalled(part, key)
            if role not in ("user", "tool"):
                _misplaced(part.path, role, "a tool result", "the user's")


def _misplaced(path: Path, role: Role, what: str, right: str) -> NoReturn:
    """Dialects whose messages hold parts of every kind let a part stand where no provider takes it."""
    raise TranslationError(
        f"Invalid value for '{dotted(path)}': {what} stands in {right} messages only, not in one of role '{role}'.",
        path=render(path),
    )


def _uncalled(result: Result, key: Path) -> NoReturn:
    path = (*result.path, *key)
    raise TranslationError(
        f"Invalid value for '{dotted(path)}': the tool result names the call "
        f"'{result.call_id}', but no call of this id is waiting for a result there.",
        path=render(path),
    )


def _unanswered(waiting: dict[str, Call]) -> NoReturn:
    ids = ", ".join(waiting)
    path = next(iter(waiting.values())).path
    raise TranslationError(
        "An assistant message with tool calls must be followed by a tool message for each of them; "
        f"no result is there for: {ids} (from '{dotted(path)}').",
        path=render(path),
    )


def _without_empty(request: Request, target: Target, notes: Notes) -> tuple[Message, ...]:
    """Empty texts and turns carry nothing, and targets refuse them; some refuse blank ones, too."""
    messages, blank = request.messages, not target.provider.blank_text
    kept = []
    for message in messages:
        content = message.content
        # Of what is empty because its parts were dropped, each part is a loss by itself.
        emptied = content == () and type(message.native) is Stale
        if isinstance(content, str):
            content = "" if blank and content.isspace() else content
        elif any(_says_nothing(part, blank) for part in content):
            content = _spoken(content, request, target, notes)
            message = changed(message, content=content)  # noqa: PLW2901 - the message as it goes on
        if content:
            kept.append(message)
        elif not emptied:
            notes.lose(message.path, "dropped", "hint", "An empty message has no counterpart.")
    same = len(kept) == len(messages) and all(new is old for new, old in zip(kept, messages, strict=True))
    return messages if same else tuple(kept)


def _says_nothing(part: Part, blank: bool) -> bool:
    """Whether a text, or one in a tool result, is empty, or is blank where that is refused."""
    if type(part) is Text:
        return not part.text or (blank and part.text.isspace())
    if blank and type(part) is Result:
        return any(_says_nothing(inner, blank) for inner in part.parts)
    return False


def _spoken(parts: tuple[Part, ...], request: Request, target: Target, notes: Notes) -> tuple[Part, ...]:
    """The parts without texts that say nothing; white space was something to the client, and so is reported."""
    kept: list[Part] = []
    for part in parts:
        if not _says_nothing(part, not target.provider.blank_text):
            kept.append(part)
        elif type(part) is Result:
            inner: str | tuple[Part, ...] = part.content
            if isinstance(inner, str):
                # Dialects have different keys for it.
                inner = (Text(inner, None, request.where_inside(part.path, "content")),)
            kept.append(changed(part, content=_spoken(inner, request, target, notes)))
        elif type(part) is Text and part.text:
            detail = f"{target.provider.name} refuses a text of nothing but white space."
            notes.lose(part.path, "dropped", "hint", detail)
    return tuple(kept)


def _system(messages: tuple[Message, ...], target: Target, notes: Notes) -> tuple[Message, ...]:
    """System text between turns stays where the model has a place for it, else it moves to the front."""
    rule = target.row.inner_system
    if rule == "anywhere":
        return messages
    lead: list[Message] = []
    rest: list[Message] = []
    for index, message in enumerate(messages):
        if message.role not in SYSTEM_ROLES:
            rest.append(message)
        elif not rest:
            lead.append(message)
        elif rule == "after_user" and _may_stand(messages, index, rest):
            if rest[-1].role in SYSTEM_ROLES:
                rest[-1] = changed(rest[-1], content=rest[-1].parts + message.parts)
            else:
                rest.append(message)
        else:
            detail = f"{target.model} has no place for system text between turns: it is moved to the front."
            notes.lose(message.path, "approximated", "quality", detail)
            lead.append(message)
    return (*lead, *rest)


def _may_stand(messages: tuple[Message, ...], index: int, before: list[Message]) -> bool:
    """After a user turn, and last or before an assistant turn; neighbours that may stand there are joined."""
    turns = [message.role for message in before if message.role not in SYSTEM_ROLES]
    behind = next((message.role for message in messages[index:] if message.role not in SYSTEM_ROLES), "assistant")
    return turns[-1] in ("user", "tool") and behind == "assistant"


def _media_after_results(messages: tuple[Message, ...], target: Target, notes: Notes) -> tuple[Message, ...]:
    """Images in tool results go into the user turn behind all of them, where results hold text only."""
    out: list[Message] = []
    moved: list[Text | Media] = []
    for message in messages:
        if moved and not any(type(part) is Result for part in message.parts):
            out[-1] = _behind_results(out[-1], moved)
            moved = []
        if isinstance(message.content, str):
            out.append(message)
            continue
        parts: list[Part] = []
        for part in message.content:
            leaving = _leaving(part, target) if type(part) is Result else []
            if leaving:
                assert isinstance(part, Result)
                what = "text only" if not target.row.result_media else ", ".join(sorted(target.row.result_media))
                detail = f"Tool results of {target.model} at {target.provider.name} hold {what}"
                notes.lose(part.path, "approximated", "quality", f"{detail}: media follow in a user message.")
                moved.append(Text(f"Media of the tool result {part.call_id}:"))
                moved.extend(leaving)
                kept = tuple([inner for inner in part.parts if not any(inner is media for media in leaving)])
                part = changed(part, content=kept)  # noqa: PLW2901 - the part as it goes on
            if type(part) is Result and not target.provider.result_detail:
                _lose_detail(part, target, notes)
            parts.append(part)
        same = all(new is old for new, old in zip(parts, message.content, strict=True))
        out.append(message if same else changed(message, content=tuple(parts)))
    if moved:
        out[-1] = _behind_results(out[-1], moved)
    return tuple(out) if any(new is not old for new, old in zip(out, messages, strict=True)) else messages


def _behind_results(message: Message, moved: list[Text | Media]) -> Message:
    """The last message with results of a turn, and what they do not hold behind them."""
    results = [part for part in message.parts if type(part) is Result]
    rest = [part for part in message.parts if type(part) is not Result]
    return changed(message, content=(*results, *moved, *rest))


def _lose_detail(result: Result, target: Target, notes: Notes) -> None:
    """Wishes for the resolution of media inside a result, where they cannot be said."""
    for part in result.parts:
        if type(part) is Media and part.detail not in (None, "auto"):
            detail = f"{target.provider.name} cannot be told the resolution of media in tool results."
            notes.lose(place(part, "detail"), "dropped", "hint", detail)


def _beside_documents(messages: tuple[Message, ...], target: Target, notes: Notes) -> tuple[Message, ...]:
    """A user turn with documents gets a text where it has none; neighbouring messages are one turn."""
    out = list(messages)
    begin = 0
    for end in range(1, len(out) + 1):
        asking = out[begin].role in ("user", "tool")
        if end < len(out) and (out[end].role in ("user", "tool")) == asking:
            continue
        parts = [part for message in out[begin:end] for part in message.parts] if asking else []
        names = [part.filename or "" for part in parts if isinstance(part, Media) and part.kind == "document"]
        if names and not any(type(part) is Text for part in parts):
            message = out[begin]
            detail = f"{target.provider.name} wants a text beside documents: one was added."
            notes.lose(message.path, "added", "hint", detail)
            out[end - 1] = changed(out[end - 1], content=(*out[end - 1].parts, Text(f"Attached: {', '.join(names)}.")))
        begin = end
    return tuple(out) if any(new is not old for new, old in zip(out, messages, strict=True)) else messages


def _leaving(result: Result, target: Target) -> list[Media]:
    """Media that a result may not hold there; what is fetched by its URL is no content of a result either."""
    media = [part for part in result.parts if type(part) is Media]
    allowed = target.row.result_media
    if not target.provider.media_in_results:
        return media
    assert allowed is not None
    return [part for part in media if part.media_type not in allowed or part.url is not None]


def _user_first(messages: tuple[Message, ...], target: Target, notes: Notes) -> tuple[Message, ...]:
    """Where the user must begin, a conversation that the assistant begins gets a beginning."""
    place = next((index for index, message in enumerate(messages) if message.role not in SYSTEM_ROLES), None)
    if place is None or messages[place].role in ("user", "tool"):
        return messages
    detail = f"{target.provider.name} wants the user's turn first: one was added."
    notes.lose(messages[place].path, "added", "quality", detail)
    return (*messages[:place], Message("user", "(The assistant begins.)"), *messages[place:])


def _check_prefill(request: Request, target: Target, notes: Notes) -> None:
    last = request.messages[-1]
    if target.row.prefill == "continued" or last.role != "assistant":
        return
    if target.row.prefill == "refused":
        if request.dialect == target.provider.dialect:
            return
        raise TranslationError(
            f"Invalid value for '{dotted(last.path)}': {target.model} does not continue an assistant message; "
            "the conversation has to end with a user message or a tool result.",
            path=render(last.path),
            code="unsupported_value",
        )
    if request.dialect != target.provider.dialect:
        detail = f"{target.model} answers a trailing assistant message, but does not continue its text."
        notes.lose(last.path, "approximated", "quality", detail)
