"""Requests in one plain form, in which only what wires cannot tell apart is the same: for the law of all pairs.

Every rule here says why wires differ there without anything being lost. What is not under a rule is compared as it is.
"""

import re
from base64 import b64encode
from typing import Any

import attrs
import orjson
from dragoman.translate.fields import OPTIONS, says_nothing
from dragoman.translate.fit.reasoning import effort_of
from dragoman.translate.models.row import ModelRow
from dragoman.translate.providers import PROVIDERS
from dragoman.translate.records import (
    Call,
    Media,
    Part,
    Reasoning,
    Redacted,
    Refusal,
    Request,
    Result,
    Text,
    Thinking,
    ToolChoice,
)

from .meant_tools import cache, choice, plain_schema, tools_differ
from .reported import ANY, Losses
from .strategies import FETCHED, PNG, Json


def heard_as(request: Request, head: Json) -> Request:
    """What a provider reads, with what the address says, and the tools by the names that the client gave them.

    Names that a provider refuses are mapped, and mapped back in the reply: the context has the map.
    """
    names = head["context"].get("names", {})

    def part(value: Part) -> Part:
        if isinstance(value, Call | Result) and value.name in names:
            return attrs.evolve(value, name=names[value.name])
        return value

    def message(value: Any) -> Any:
        content = value.content
        return value if isinstance(content, str) else attrs.evolve(value, content=tuple(part(item) for item in content))

    choice = request.tool_choice
    if choice is not None:
        allowed = None if choice.allowed is None else tuple(names.get(name, name) for name in choice.allowed)
        choice = attrs.evolve(choice, name=names.get(choice.name or "", choice.name), allowed=allowed)
    return attrs.evolve(
        request,
        messages=tuple(message(item) for item in request.messages),
        tools=tuple(attrs.evolve(tool, name=names.get(tool.name, tool.name)) for tool in request.tools),
        tool_choice=choice,
        stream=head["stream"],
    )


# Conversations

Said = tuple[str, Any]


def conversation(request: Request, losses: Losses) -> list[tuple[Said, int]]:
    """(role, part) of all parts in order, each with how many others a reported loss may make of it.

    Without turns: neighbours of one role are one turn to every model, and some wires join them. An empty text says
    nothing, and most wires refuse it.
    """
    ids: dict[str, int] = {}
    out: list[tuple[Said, int]] = []
    for message in request.messages:
        # Results are a user's words in some dialects, and a role of their own in others; developer is the newer word
        # for system, and most dialects have one of them.
        role = {"tool": "user", "developer": "system"}.get(message.role, message.role)
        lost = losses.covers(message.path)
        turn: list[tuple[Said, int]] = []
        for part in message.parts:
            if isinstance(part, Text) and not part.text:
                continue
            if isinstance(part, Call):
                # Wires have different alphabets for ids, or none at all: what counts is which result answers which.
                ids[part.id] = len(ids)
            whole = lost or (losses.covers(part.path) and not losses.hint(part.path) and not isinstance(part, Call))
            turn.append(((role, told(part, losses, ids)), _room(part) if whole else 0))
        out += turn
    return _refused(out)


def _refused(said: list[tuple[Said, int]]) -> list[tuple[Said, int]]:
    """A refusal has no place of its own among the texts of every wire, and is one: it stands last in its turn."""
    out: list[tuple[Said, int]] = []
    words = ""
    for (role, part), room in [*said, (("", None), 0)]:
        if words and role != "assistant":
            out.append((("assistant", ("refusal", words, None)), 0))
            words = ""
        if part is not None and part[0] == "refusal" and not room:
            words += part[1]
        else:
            out.append(((role, part), room))
    return out[:-1]


def _room(part: Part) -> int:
    """How many parts may stand for one with a reported loss: media of a result may leave it, introduced by a text."""
    return 2 + len(part.parts) if isinstance(part, Result) else 1


def told(part: Part, losses: Losses, ids: dict[str, int]) -> Any:
    """A part without where it stood, and without what a loss took from it."""
    if isinstance(part, Text):
        return ("text", part.text, cache(part, losses))
    if isinstance(part, Call):
        # The only thing of a call that can be lost is its opaque state.
        state = (
            ANY
            if losses.covers(part.path) or losses.at(part.signed_at)
            else (part.signature, part.origin if part.signature else None)
        )
        # Some wires have arguments as text, and others as an object.
        arguments = orjson.dumps(orjson.loads(part.arguments or "{}"))
        return ("call", ids[part.id], part.name, arguments, part.custom, state, cache(part, losses))
    if isinstance(part, Result):
        failed = ANY if losses.covers(losses.request.where_inside(part.path, "is_error")) else part.is_error
        # A name stands beside an id in one dialect only, and is that of the call.
        return ("result", ids.get(part.call_id), result(part, losses), failed, result_cache(part, losses))
    if isinstance(part, Media):
        return media(part, losses)
    if isinstance(part, Refusal):
        return ("text" if losses.hint(part.path) else "refusal", part.text, None)
    if isinstance(part, Thinking | Redacted):
        return attrs.astuple(attrs.evolve(part, path=(), native=None))
    return part


def result_cache(part: Result, losses: Losses) -> Any:
    """The mark of a result: it may stand at its last text, where a result has no place for one of its own."""
    marked = [inner for inner in (*part.parts, part) if getattr(inner, "cache", None) is not None]
    if part.path == losses.marked or any(losses.covers(inner.cache.path) for inner in marked):
        return ANY
    return cache(marked[-1], losses) if marked else None


def result(part: Result, losses: Losses) -> Any:
    """The content of a result. Some wires have one text, in which several stand on lines of their own."""
    place = losses.request.where_inside(part.path, "content")
    if losses.covers(place) or any(losses.covers(inner.path) for inner in part.parts):
        return ANY
    texts = [inner.text for inner in part.parts if isinstance(inner, Text)]
    rest = [told(inner, losses, {}) for inner in part.parts if not isinstance(inner, Text)]
    # An object without keys says what no text says, and some wires have only the one or the other.
    return ("\n".join(texts).removeprefix("{}"), rest)


def media(part: Media, losses: Losses) -> Any:
    """A medium, with labels that a loss may have taken."""
    spot = losses.request.where_inside

    def label(value: Any, *names: str) -> Any:
        keys = [spot((), name)[-1] for name in names] + [losses.request.where(name)[-1] for name in names]
        return ANY if losses.hint(part.path) or any(losses.ends(part.path, key) for key in keys) else value

    # A document in plain text is the same as its bytes.
    data = part.data if part.text is None else b64encode(part.text.encode()).decode()
    # Where a document must have a name, one is made that says nothing.
    filename = None if re.fullmatch(r"document(-\d+|\.pdf)", part.filename or "") else part.filename
    # What lies at an address is the same as the address.
    data, url = (PNG, None) if part.url in FETCHED else (data, part.url)
    # To leave the resolution to the model is what happens when nothing is said, or it is said for all media at once.
    detail = None if part.detail == "auto" or losses.detail else part.detail

    return (
        "media", part.kind, part.media_type, data, url, part.file_id,
        label(detail, "detail"), label(filename, "filename", "title"), label(part.context, "context"),
        label(part.cite, "citations"), cache(part, losses),
    )  # fmt: skip


def parts_differ(meant: Request, heard: Request, losses: Losses) -> Any:
    """What of the conversation is not there, in its order; or is there, though no reported loss accounts for it."""
    back = Losses(heard, [])
    # One wish for all media stands for the wish of each.
    losses.detail = back.detail = "media_resolution" in heard.options and "media_resolution" not in meant.options
    want, got = conversation(meant, losses), [said for said, _ in conversation(heard, back)]
    place, more = 0, []
    for said, room in want:
        if room:
            continue
        found = next((at for at in range(place, len(got)) if got[at] == said), None)
        if found is None:
            return ("lost", said, got[place:])
        more += got[place:found]
        place = found + 1
    more += got[place:]
    room = sum(room for _, room in want) + losses.added(("messages", "output", "tools"))
    return ("more", more) if len(more) > room else None


# Fields


def parallel(request: Request) -> bool:
    """Models call several tools at once unless they are told not to."""
    return request.parallel_calls is not False or not request.tools


def output(request: Request) -> Any:
    """The form of the answer. Its name is a label, which some wires do not have."""
    wish = request.output
    if wish is None or wish.kind == "text":
        return None
    return (wish.kind, plain_schema(wish.schema, closed=True) if wish.kind == "schema" and wish.schema else None)


def off(wish: Reasoning | None) -> bool:
    """Whether nothing is asked of reasoning, or that there be none."""
    return wish is None or wish.mode == "disabled" or (wish.mode is None and wish.effort == "none")


def reasoning_differs(meant: Request, heard: Request, losses: Losses) -> bool:
    """Whether another reasoning is asked for: a budget is a share of the limit, and an effort another word for it."""
    want, got = meant.reasoning, heard.reasoning
    if got is None and losses.reasons.on and want is not None and want.mode == "adaptive" and want.effort is None:
        # It reasons as it likes when nothing is said.
        return want.display == "summarized" and not losses.reasons.shown and not losses.of("display")
    if off(want) or off(got):
        return off(want) is not off(got)
    assert want is not None
    assert got is not None
    if want.display not in (None, got.display) and not losses.of("display"):
        # Some show nothing unless they are asked to, and some show it whatever they are asked.
        return want.display != ("summarized" if losses.reasons.shown else "omitted") or got.display is not None
    if want.effort is not None and got.effort is not None:
        return want.effort != got.effort
    if want.budget is not None or got.budget is None:
        return want.budget != got.budget
    return want.effort is not None and heard.max_tokens is not None and _far(want.effort, got.budget, heard.max_tokens)


def _far(effort: str, budget: int, limit: int) -> bool:
    """Whether a budget is another share of the limit than the effort's, where the range of budgets leaves a choice."""
    near = {"minimal": "low", "xhigh": "high", "max": "high"}.get(effort, effort)
    return effort_of(budget, limit) != near and 1024 < budget < 24_576


def fields_differ(meant: Request, heard: Request, losses: Losses) -> Any:
    """Top-level wishes that differ though no loss names them."""
    pairs = {
        "tool_choice": (choice(meant), choice(heard)),
        "parallel_calls": (parallel(meant), parallel(heard)),
        "max_tokens": (meant.max_tokens, heard.max_tokens),
        "stop": (meant.stop, heard.stop),
        "stream": (meant.stream, heard.stream),
        "output": (output(meant), output(heard)),
    }
    for name, (want, got) in pairs.items():
        # Who may not call at all does not call several tools at once.
        # A format that becomes a forced tool is a choice of it.
        quiet = name == "parallel_calls" and choice(meant) == ToolChoice("none")
        turned = name == "tool_choice" and losses.of("output")
        if want != got and not losses.of(name) and not turned and not quiet:
            return (name, want, got)
    if reasoning_differs(meant, heard, losses) and not losses.of("reasoning") and not losses.of("effort"):
        return ("reasoning", meant.reasoning, heard.reasoning)
    return None


def asked(request: Request) -> dict[str, Any]:
    """Options that ask for something; neutral values ask for nothing."""
    said = {name: value for name, value in request.options.items() if value not in OPTIONS[name].neutral}
    # Who asks for alternatives asks for what was chosen, too.
    said |= {"logprobs": True} if "top_logprobs" in said else {}
    # A temperature of 1 is what models have anyway.
    if said.get("temperature") == 1:
        del said["temperature"]
    # Two words for one id, and a place for it among the metadata, where it has none of its own.
    user = said.pop("safety_identifier", None) or said.pop("user", None)
    said.pop("user", None)
    metadata = dict(said.pop("metadata", {}))
    user = metadata.pop("user", user) if request.dialect == "bedrock" else user
    said |= {"metadata": metadata} if metadata else {}
    said |= {"user": user} if user else {}
    search = next((tool for tool in request.tools if tool.kind == "builtin" and tool.name == "web_search"), None)
    if search is not None:
        said.setdefault("web_search", searched(search.native))
    return said


def searched(tool: Json) -> Json:
    """What a search tool is told, as chat clients say it."""
    told = {key: tool[key] for key in ("search_context_size",) if key in tool}
    place = tool.get("user_location")
    if place is not None:
        told["user_location"] = {"type": "approximate", "approximate": {**place}}
        del told["user_location"]["approximate"]["type"]
    return told


def options_differ(meant: Request, heard: Request, losses: Losses) -> Any:
    """Options that differ though no loss names them."""
    want, got = asked(meant), asked(heard)
    for name, words in losses.words.items():
        # Some have words of their own for the same, for what is usual anyway too.
        if name in got and words.get(meant.options.get(name)) == got[name]:
            want.pop(name, None)
            del got[name]
    for name in OPTIONS:
        if name == "media_resolution" and losses.detail:
            continue
        alias = name == "user" and losses.of("safety_identifier")
        alias = alias or (name == "logprobs" and not meant.options.get(name) and losses.of("top_logprobs"))
        if want.get(name) != got.get(name) and not losses.of(name) and not alias:
            return (name, want.get(name), got.get(name))
    return None


def extras_differ(meant: Request, heard: Request, losses: Losses) -> Any:
    """Keys without a place, of which nobody was told."""
    if meant.dialect == heard.dialect:
        # Places change where something before them was lost.
        want, got = ([(extra.path[-1], extra.value) for extra in request.extras] for request in (meant, heard))
        return ("extras", want, got) if [item for item in want if item not in got] and not losses.kinds else None
    for extra in meant.extras:
        if not says_nothing(meant.dialect, extra.path, extra.value) and not losses.inside(extra.path):
            return ("extra", extra)
    return None


CHECKS = (parts_differ, tools_differ, fields_differ, options_differ, extras_differ)


def differences(meant: Request, heard: Request, head: Json, row: ModelRow) -> dict[str, Any]:
    """What of a request came otherwise than it was meant, without a reported loss; by the check that found it.

    ``row`` is what the model is known to take.
    """
    losses, heard = Losses(meant, head["losses"]), heard_as(heard, head)
    losses.reasons, losses.words = row.reasoning, PROVIDERS[head["context"]["provider"]].values
    losses.closed = row.schema_subset == "openapi"
    found = {check.__name__: check(meant, heard, losses) for check in CHECKS}
    return {name: difference for name, difference in found.items() if difference is not None}
