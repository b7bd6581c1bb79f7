"""The way back: what ``fit`` had to rename or convert becomes what the client asked for, in replies and in streams.

One fold serves both: a reply is restored by feeding its parts through the stream's functions, which gives the law
that a streamed answer equals the plain one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Any

import orjson

from .conform import fault
from .context import Context, Stamp
from .records import (
    Answer,
    BlockStop,
    Call,
    CallDelta,
    CallStart,
    Choice,
    Closed,
    Event,
    Finish,
    Loss,
    Reply,
    Text,
    TextDelta,
    render,
)
from .records.quick import evolve, record

_FENCE = re.compile(r"^\s*```[A-Za-z]*[ \t]*\r?\n")
_HELD = " \t\r\n`"
"""What may belong to a closing fence, and waits for what follows."""


@record
class Fence:
    """A Markdown fence around an answer that must be bare JSON.

    Attributes:
        begun: whether the beginning was judged.
        fenced: whether there was a fence.
        held: text not passed on yet.
        text: what was passed on.
    """

    begun: bool = False
    fenced: bool = False
    held: str = ""
    text: str = ""

    def feed(self, text: str) -> tuple[Fence, str]:
        """The next text, and what of it may go to the client."""
        held = self.held + text
        state = self
        if not self.begun:
            start = held.lstrip()
            if "```".startswith(start[:3]) and not (start.startswith("```") and "\n" in start):
                return evolve(self, held=held), ""
            fence = _FENCE.match(held)
            held = held[fence.end() :] if fence else held
            state = evolve(self, begun=True, fenced=fence is not None)
        cut = len(held.rstrip(_HELD))
        return evolve(state, held=held[cut:], text=state.text + held[:cut]), held[:cut]

    def end(self) -> tuple[Fence, str]:
        """The end of the text, and what is left for the client."""
        rest = "" if self.fenced or not self.held.strip(" \r\n\t") else self.held
        return evolve(self, held="", text=self.text + rest), rest


@record
class RestoreState:
    """What has been restored so far.

    Attributes:
        context: of the request.
        answers: blocks of calls that are the answer.
        silent: answer blocks without a word so far.
        inputs: custom calls: block -> arguments so far.
        fence: of an answer by instruction.
        block: the last text block.
        losses: found on the way.
        called: whether a call of the client's own tools began.
        answer: which of several answers this is about.
        others: what is known of the others.
    """

    context: Context
    answers: frozenset[int] = frozenset()
    silent: frozenset[int] = frozenset()
    inputs: tuple[tuple[int, str], ...] = ()
    fence: Fence = Fence()
    block: int = 0
    losses: tuple[Loss, ...] = ()
    called: bool = False
    answer: int = 0
    others: Mapping[int, RestoreState] = MappingProxyType({})

    @property
    def first(self) -> RestoreState:
        """What is known of the first answer."""
        return self if self.answer == 0 else self.others[0]


Result = tuple[RestoreState, tuple[Event, ...]]


def identify(reply: Reply, stamp: Stamp) -> Reply:
    """A reply whose calls all have an id; where the provider gave none, they are made from the stamp."""
    calls = [part for choice in reply.choices for part in choice.parts if type(part) is Call]
    if all(call.id for call in calls):
        return reply
    choices, count = [], 0
    for choice in reply.choices:
        parts: list[Any] = []
        for part in choice.parts:
            if type(part) is Call:
                parts.append(part if part.id else evolve(part, id=call_id(stamp, count)))
                count += 1
            else:
                parts.append(part)
        choices.append(evolve(choice, parts=tuple(parts)))
    return evolve(reply, choices=tuple(choices))


def call_id(stamp: Stamp, count: int) -> str:
    """The id of a call that the provider gave none, by its number in the reply."""
    return f"call_{stamp.id}_{count}"


def restore_event(state: RestoreState, event: Event) -> Result:
    """One event of the provider as the client's."""
    if isinstance(event, CallStart):
        return _call_start(state, event)
    if isinstance(event, CallDelta):
        return _call_delta(state, event)
    if isinstance(event, BlockStop):
        return _block_stop(state, event)
    if isinstance(event, TextDelta) and state.context.json_text:
        fence, text = state.fence.feed(event.text)
        state = evolve(state, fence=fence, block=event.block)
        return state, ((TextDelta(text, event.block),) if text else ())
    if isinstance(event, Finish | Closed):
        return _flush(state, event)
    if isinstance(event, Answer):
        others = {**state.others, state.answer: evolve(state, others=MappingProxyType({}))}
        other = others.get(event.index) or RestoreState(state.context, answer=event.index)
        return evolve(other, others=others, losses=state.losses), (event,)
    return state, (event,)


def _call_start(state: RestoreState, event: CallStart) -> Result:
    context = state.context
    if event.name == context.json_tool:
        answers, silent = state.answers | {event.block}, state.silent | {event.block}
        return evolve(state, answers=answers, silent=silent), ()
    name = context.names.get(event.name, event.name)
    if not state.called:
        state = evolve(state, called=True)
    if name in context.custom:
        inputs = (*state.inputs, (event.block, ""))
        return evolve(state, inputs=inputs), (evolve(event, name=name, custom=True),)
    return state, (event if name == event.name else evolve(event, name=name),)


def _call_delta(state: RestoreState, event: CallDelta) -> Result:
    if event.block in state.answers:
        if event.block in state.silent:
            state = evolve(state, silent=state.silent - {event.block})
        return state, (TextDelta(event.text, event.block),)
    if any(block == event.block for block, _ in state.inputs):
        # The text stands inside a JSON string, so it is passed on when it is whole.
        inputs = tuple((block, text + event.text if block == event.block else text) for block, text in state.inputs)
        return evolve(state, inputs=inputs), ()
    return state, (event,)


def _block_stop(state: RestoreState, event: BlockStop) -> Result:
    if event.block in state.answers:
        events: tuple[Event, ...] = (event,)
        if event.block in state.silent:
            events = (TextDelta("{}", event.block), event)
        return evolve(state, silent=state.silent - {event.block}), events
    state, pieces = _inputs(state, event.block)
    return state, (*pieces, event)


def _inputs(state: RestoreState, only: int | None = None) -> Result:
    events = tuple(
        CallDelta(custom_input(text), block) for block, text in state.inputs if only is None or block == only
    )
    rest = () if only is None else tuple(item for item in state.inputs if item[0] != only)
    return (state, ()) if not events else (evolve(state, inputs=rest), events)


def custom_input(arguments: str) -> str:
    """The free text inside the arguments of a function that stands for a custom tool."""
    try:
        value = orjson.loads(arguments)
    except orjson.JSONDecodeError:
        return arguments
    text = value.get("input") if isinstance(value, dict) else None
    return text if isinstance(text, str) else arguments


def _flush(state: RestoreState, event: Event) -> Result:
    """Whatever is held goes out before the end."""
    state, pieces = _inputs(state)
    events: list[Event] = list(pieces)
    events.extend(TextDelta("{}", block) for block in sorted(state.silent))
    if state.silent:
        state = evolve(state, silent=frozenset())
    if state.fence.held or (state.context.json_text and type(event) is Closed):
        fence, rest = state.fence.end()
        state = evolve(state, fence=fence)
        if rest:
            events.append(TextDelta(rest, state.block))
        state = _checked(state)
    events.append(event)
    return state, tuple(events)


def _checked(state: RestoreState) -> RestoreState:
    """An answer by instruction must be what was asked for; when it is not, that is reported."""
    text = state.fence.text
    if not text or state.losses:
        return state
    detail = _wrong(text, state.context.json_schema)
    if detail is None:
        return state
    return evolve(state, losses=(Loss(state.context.json_at, "approximated", "contract", detail),))


def _wrong(text: str, schema: Mapping[str, Any] | None) -> str | None:
    """What is wrong with an answer that was to be a JSON object, or what a schema says; None when nothing is."""
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        return "The answer was asked to be JSON, but is none."
    if schema is None:
        return None if isinstance(value, dict) else "The answer was asked to be a JSON object, but is none."
    with suppress(RecursionError):  # too deep to be judged
        broken = fault(schema, value)
        if broken is not None:
            return f"The answer breaks the schema at '{render(broken[0])}': '{broken[1]}' does not hold."
    return None


def restore_reply(reply: Reply, context: Context) -> tuple[Reply, tuple[Loss, ...]]:
    """A provider's reply as the client's."""
    losses: tuple[Loss, ...] = ()
    choices = []
    for choice in reply.choices:
        restored, found = _restore_choice(choice, context)
        choices.append(restored)
        losses += found
    # The native body no longer says what the client is to see.
    return evolve(reply, choices=tuple(choices), native=None), losses


def _restore_choice(choice: Choice, context: Context) -> tuple[Choice, tuple[Loss, ...]]:
    state = RestoreState(context)
    parts: list[Any] = []
    for index, part in enumerate(choice.parts):
        if type(part) is Call:
            state, events = _all(state, (CallStart(part.id, part.name, index), CallDelta(part.arguments, index)))
            state, rest = _all(state, (BlockStop(index),))
            parts.extend(_call_again(part, (*events, *rest)))
        elif type(part) is Text and context.json_text:
            state, events = _all(state, (TextDelta(part.text, index),))
            parts.append(evolve(part, text=_text(events)))
        else:
            parts.append(part)
    state, events = _all(state, (Closed(),))
    if _text(events):
        parts.append(Text(_text(events)))
    finish = choice.finish
    if finish == "tool_calls" and not any(type(part) is Call for part in parts):
        finish = "stop"
    kept = tuple(part for part in parts if type(part) is not Text or part.text)
    return evolve(choice, parts=kept, finish=finish), state.losses


def _all(state: RestoreState, events: tuple[Event, ...]) -> Result:
    out: list[Event] = []
    for event in events:
        state, pieces = restore_event(state, event)
        out.extend(pieces)
    return state, tuple(out)


def _text(events: tuple[Event, ...]) -> str:
    return "".join(event.text for event in events if type(event) is TextDelta)


def _call_again(part: Call, events: tuple[Event, ...]) -> list[Any]:
    """A call from its restored events, or the text it stood for."""
    start = next((event for event in events if type(event) is CallStart), None)
    if start is None:
        return [Text(_text(events))]
    text = "".join(event.text for event in events if type(event) is CallDelta)
    return [evolve(part, name=start.name, custom=start.custom, arguments=text)]
