"""The faces with records: what a switch to another model would do, streams collected into replies, and all
that a request may have asked for beside its words.

A line says what is there, and has a digest of all that is said.
"""

from collections.abc import Iterator

import orjson
from dragoman.translate import TranslationError, aim, collect, read_events, read_reply, read_request
from dragoman.translate.switching import find_present, preview

from . import corpus
from .corpus import CLIENTS, SPEAKERS, Said
from .damage import digest

_SCHEMA = {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}
_ECHO = {
    "instructions": "I", "max_output_tokens": 9, "metadata": {"a": "b"}, "parallel_tool_calls": False, "user": "u",
    "prompt_cache_key": "k", "reasoning": {"effort": "low"}, "safety_identifier": "s", "temperature": 0.5,
    "text": {"verbosity": "low"}, "tool_choice": "required", "tools": [{"type": "function", "name": "f"}],
    "top_logprobs": 2, "top_p": 0.5,
}  # fmt: skip
"""What a Responses request may have said that its response says again."""
_HOMES = {
    "openai": "gpt-5.6", "anthropic": "claude-opus-4-8", "gemini": "gemini-3-pro",
    "bedrock": "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
}  # fmt: skip


def switched(said: Said) -> list[str]:
    """What becomes of a conversation at other models, as a line each."""
    try:
        request = read_request(said.speaker, said.body)
    except TranslationError as fault:
        return [f"{fault.code} {fault.path}"]
    home = SPEAKERS[said.speaker]
    # Every other conversation is somewhere already.
    present = aim(home, _HOMES[home], **_settings(home)) if said.turn % 2 else None
    rows = []
    for to, model in corpus.targets(said.turn):
        told = preview(request, aim(to, model, **_settings(to)), present)
        concerns = ", ".join(concern.name for concern in told.concerns)
        rows.append(f"{model}{' refused' * told.refused}: {concerns} #{digest(orjson.dumps(told.as_json()))}")
    named = [find_present(client, request.model or "") for client in CLIENTS]
    return [*rows, f"{request.model} is {named}"]


def _settings(to: str) -> dict[str, str]:
    wanted = ("base_url",) if to in ("azure", "openai_compatible") else ("region", "project", "location")
    return {name: corpus.PLACE[name] for name in wanted}


def read_whole(said: Said) -> list[str]:
    """What an answer is as a record: a stream by its events, collected."""
    rows = []
    for body in _bodies(said):
        try:
            if said.name.startswith("stream "):
                events = read_events(said.speaker, body)
                rows += [type(event).__name__ for event in events]
                reply = collect(events)
            else:
                reply = read_reply(said.speaker, body)
        except TranslationError as fault:
            rows.append(f"{fault.status} {fault.code} {fault.message}")
        else:
            parts = [" ".join(type(part).__name__ for part in choice.parts) for choice in reply.choices]
            rows.append(f"{' | '.join(parts)} #{digest(repr(reply).encode())}")
    return rows


def _bodies(said: Said) -> Iterator[bytes]:
    yield said.body
    if said.name.startswith("stream "):
        # One that is cut short in its middle.
        yield said.body[: len(said.body) // 2]


def noted(said: Said) -> list[str]:
    """What every client is told of an answer when its request was more than plain, for all that may be noted."""
    rows = []
    streams = said.name.startswith("stream ")
    for client in CLIENTS:
        for note in (*corpus.NOTES, {"echo": _ECHO}, {"json_text": True, "json_schema": _SCHEMA}):
            made = {**corpus.context(said.speaker, client, streams=streams, strict=False), **note}
            rows.append(f"{client} {' '.join(note)} #{digest(orjson.dumps(corpus.told_by(said, made)))}")
    return rows
