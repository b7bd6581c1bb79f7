"""Replies in one plain form, in which only what wires cannot tell apart is the same: for the law of all answers.

Every rule here says why wires differ there without anything being lost. What a loss of the answer names may differ.
"""

from typing import Any

import attrs
import orjson
from dragoman.translate import DIALECTS
from dragoman.translate.records import Call, Choice, Media, Part, Redacted, Refusal, Reply, Text, Thinking, Usage
from dragoman.translate.seal import unseal
from hypothesis import strategies as st

from .answered import REPLIES
from .reported import ANY
from .strategies import PNG, Json, fixed, maybe, texts, words

# What providers may answer besides: for streams there is no other form of it here.

_IMAGE = {"type": "image_url", "index": 0, "image_url": {"url": f"data:image/png;base64,{PNG}"}}
_SOUND = {"inlineData": {"mimeType": "audio/wav", "data": "UklGRg=="}}
_logprobs = st.lists(
    fixed(token=texts, logprob=-0.5, bytes=None, top_logprobs=st.lists(fixed(token=texts, logprob=-1.5), max_size=1)),
    min_size=1,
    max_size=2,
)
_formats = st.sampled_from(["google-gemini-v1", "xai-responses-v1"])
_chat_extras = st.fixed_dictionaries(
    {},
    optional={
        "images": st.just([_IMAGE]),
        "extra_content": words.map(lambda word: {"google": {"thought_signature": word}}),
        "refusal": texts,
        "reasoning_details": st.lists(
            st.one_of(
                maybe(fixed(type="reasoning.text", text=texts, format="anthropic-claude-v1"), signature=words),
                fixed(
                    type="reasoning.encrypted",
                    data=words,
                    format=st.sampled_from(["google-gemini-v1", "xai-responses-v1"]),
                ),
            ),
            max_size=3,
        ),
    },
)


@st.composite
def chat_answers(draw: st.DrawFn) -> Json:
    """Completions with several choices, images, sources, probabilities and signatures."""
    choices = [draw(REPLIES["openai_chat"]())["choices"][0] for _ in range(draw(st.integers(1, 2)))]
    for index, choice in enumerate(choices):
        message = choice["message"]
        message |= draw(_chat_extras)
        choice["index"] = index
        if message.get("content") and draw(st.booleans()):
            place = {"start_index": 0, "end_index": 1, "url": "https://h.example/a", "title": "A"}
            message["annotations"] = [{"type": "url_citation", "url_citation": place}]
        for call in message.get("tool_calls", ()):
            if draw(st.booleans()):
                call["extra_content"] = {"google": {"thought_signature": draw(words)}}
        if draw(st.booleans()):
            choice["logprobs"] = {"content": draw(_logprobs), "refusal": None}
    return {**draw(REPLIES["openai_chat"]()), "choices": choices}


@st.composite
def gemini_answers(draw: st.DrawFn) -> Json:
    """Replies with several candidates, and with media."""
    body = draw(REPLIES["gemini"]())
    more = [draw(REPLIES["gemini"]())["candidates"][0] for _ in range(draw(st.integers(0, 1)))]
    body["candidates"] += more
    picture = maybe(st.just({"inlineData": {"mimeType": "image/png", "data": PNG}}), thoughtSignature=words)
    for index, candidate in enumerate(body["candidates"]):
        candidate["index"] = index
        candidate["content"]["parts"] += draw(st.lists(st.one_of(picture, st.just(_SOUND)), max_size=1))
    return body


PAPER = {"type": "char_location", "document_title": "B", "cited_text": "b", "document_index": 0}


@st.composite
def message_answers(draw: st.DrawFn) -> Json:
    """Messages that also cite documents, which have no address."""
    body = draw(REPLIES["anthropic"]())
    for block in body["content"]:
        if "citations" in block and draw(st.booleans()):
            block["citations"] = [*block["citations"], PAPER]
    return body


ANSWERS = REPLIES | {"openai_chat": chat_answers, "gemini": gemini_answers, "anthropic": message_answers}


# What was meant

HOMES = {"openai_responses": "openai"}
"""Whose state a dialect's clients carry bare, where it is not that of Claude."""

LOSSES = {
    "Only the first of several answers": "answers",
    "A citation without": "addresses",
    "The place of a citation": "places",
    "The quoted words of a citation": "quotes",
    "Citations": "citations",
    "A 'reasoning state'": "state",
    "A 'image'": "image",
    "A 'audio'": "audio",
    "A refusal": "refusal",
    "The stop sequence": "stop_sequence",
    "The explanation": "explanation",
    "Log probabilities": "logprobs",
}
"""What a loss of an answer is about, by how its words begin."""


def reported(losses: list[Json]) -> set[str]:
    """What the losses of an answer are about."""
    return {name for loss in losses for words_, name in LOSSES.items() if loss["detail"].startswith(words_)}


class Told:
    """One answer as a client may be told it."""

    def __init__(self, choice: Choice, client: str, lost: set[str]) -> None:
        self.choice, self.client, self.lost = choice, client, lost

    def view(self, *, said: bool) -> Json:
        """All that is compared, of what was said or of what was heard."""
        finish, why = self.ending()
        # Where a wire wants words about an end and there are none, some are made that say nothing.
        why = ANY if said and why is None else why
        seen: Json = {"parts": self.parts(), "finish": finish, "why": why, "citations": self.citations()}
        seen["stop_sequence"] = ANY if "stop_sequence" in self.lost else self.choice.stop_sequence
        # Bytes of a token are those of its text.
        tokens = [
            (token.text, token.logprob, [(other.text, other.logprob) for other in token.top])
            for token in self.choice.logprobs or ()
        ]
        seen["logprobs"] = ANY if "logprobs" in self.lost else tokens
        return seen

    def ending(self) -> tuple[str | None, Any]:
        """Why the answer ended, and the words about it."""
        choice = self.choice
        words_ = "".join(part.text for part in choice.parts if type(part) is Refusal) or choice.explanation
        finish: str | None = choice.finish
        if "refusal" in self.lost and any(type(part) is Refusal for part in choice.parts) and finish == "stop":
            # Where a refusal is no part of an answer, it is a reason of its end; its words are compared as text.
            finish = "content_filter"
        return finish, ANY if self.lost & {"refusal", "explanation"} else words_

    def parts(self) -> Any:
        """The parts in order; a chat message has its thoughts first, then the text, then the calls."""
        out: list[Any] = []
        for part in self.choice.parts:
            out += self.part(part)
        merged: list[Any] = []
        if self.client == "openai_chat":
            # Text of Google's own layer may be signed as a whole, whatever stood in between.
            order = {"thinking": 0, "redacted": 0, "state": 1, "text": 2, "image": 3, "audio": 3, "call": 4}
            out.sort(key=lambda item: (order[item[0]], repr(item) if item[0] == "state" else ""))
        for item in out:
            last = merged[-1] if merged else ("",)
            if item[0] == last[0] == "text":
                # Texts that follow each other are one text.
                merged[-1] = ("text", last[1] + item[1])
            elif item[0] == last[0] == "thinking" and last[2] is None:
                # A thought that nobody has signed goes on in the next one.
                merged[-1] = ("thinking", last[1] + item[1], *item[2:])
            else:
                merged.append(item)
        return merged

    def part(self, part: Part) -> list[Any]:
        """A part, or what is left of it where a loss is reported."""
        if isinstance(part, Text):
            return [("text", part.text)] if part.text else []
        if isinstance(part, Refusal):
            return [("text", part.text)] if "refusal" in self.lost and part.text else []
        if isinstance(part, Call):
            # Free text is an object with one key, where there are only functions.
            arguments = {"input": part.arguments} if part.custom else orjson.loads(part.arguments or "{}")
            return [("call", part.id, part.name, orjson.dumps(arguments), *self.state(part.signature, part.origin))]
        if isinstance(part, Media):
            return [] if part.kind in self.lost else [(part.kind, part.media_type, part.data)]
        if isinstance(part, Redacted):
            return [("redacted", *state)] if (state := self.state(part.data, part.origin))[0] else []
        if isinstance(part, Thinking):
            state = self.state(part.signature, part.origin)
            if part.text:
                return [("thinking", part.text, *state)]
            return [("state", *state)] if state[0] else []
        return []

    def state(self, word: str | None, origin: str | None) -> tuple[str | None, str | None]:
        """Opaque state with its origin, without the seal that a client has it under."""
        if not word:
            return None, None
        if "state" in self.lost and origin not in (DIALECTS[self.client].origins or ()):
            return None, None
        return word, origin

    def citations(self) -> Any:
        """Sources with the words that they are of; a title without a word is none."""
        if "citations" in self.lost:
            return ANY
        found = set()
        for part in self.choice.parts:
            for note in part.citations if isinstance(part, Text) else ():
                whole = note.start is None or note.end is None
                said = ANY if "places" in self.lost else part.text if whole else part.text[note.start : note.end]
                # A chat client has the quoted words in the provider's own words, which the law looks at.
                quote = ANY if "quotes" in self.lost or self.client == "openai_chat" else note.cited
                if note.url is not None:
                    found.add((note.url, note.title or None, said, quote))
        return found


def opened(reply: Reply, client: str) -> Reply:
    """A reply as a client reads it, who opens what is sealed; the state of a call comes before it."""
    home = HOMES.get(client, "anthropic")
    choices = []
    for choice in reply.choices:
        parts: list[Any] = []
        waiting: tuple[str, str] | None = None
        for part in choice.parts:
            word = part.data if isinstance(part, Redacted) else getattr(part, "signature", None)
            if word and isinstance(part, Thinking | Redacted) and part.origin == home:
                # A response's state is behind the id of its item.
                sealed = word.partition(" ")[2] if client == "openai_responses" else word
                origin, kind, state = unseal(sealed, home)
                if kind == "call":
                    waiting = (state, origin)
                    continue
                if kind is not None:
                    text = part.text if isinstance(part, Thinking) else ""
                    part = (  # noqa: PLW2901 - the part as it is compared
                        Redacted(state, origin) if kind == "redacted" else Thinking(text, state or None, origin)
                    )
            if isinstance(part, Call) and waiting is not None:
                part = attrs.evolve(part, signature=waiting[0], origin=waiting[1])  # noqa: PLW2901 - the same
                waiting = None
            parts.append(part)
        choices.append(attrs.evolve(choice, parts=tuple(parts)))
    return attrs.evolve(reply, choices=tuple(choices))


BUCKETS = {
    "openai_chat": ("cache_read", "written", "reasoning", "audio_in", "audio_out"),
    "openai_responses": ("cache_read", "written", "reasoning"),
    "anthropic": ("cache_read", "written", "cache_write_long", "reasoning"),
    "gemini": ("cache_read", "reasoning", "audio_in", "audio_out"),
    "bedrock": ("cache_read", "written", "cache_write_long"),
}
"""What a dialect counts apart; what it does not is in its sums, so that nothing is lost."""


def counted(reply: Reply, client: str) -> Any:
    """Usage as a client of a dialect is told it. Some wires must say something where nothing is known: zeros."""
    usage = reply.usage or Usage()
    written = {"written": usage.cache_write + usage.cache_write_long}
    apart = {name: written.get(name, getattr(usage, name, None)) for name in BUCKETS[client]}
    return {"prompt": usage.prompt, "completion": usage.completion, **apart}


def meaning(reply: Reply, client: str, lost: set[str], *, said: bool) -> Any:
    """All answers as a client may be told them, and what they cost."""
    choices = reply.choices[:1] if "answers" in lost else reply.choices
    views = [(choice.index, Told(choice, client, lost).view(said=said)) for choice in choices]
    return views, counted(reply, client)


# The way back


def next_turn(client: str, body: Json) -> Json:
    """A client's next request, which says again what it was answered, as it was answered."""
    if client == "openai_chat":
        return {"model": "acct/m", "messages": [{"role": "user", "content": "Hi"}, body["choices"][0]["message"]]}
    if client == "openai_responses":
        return {"model": "acct/m", "input": [{"role": "user", "content": "Hi"}, *body["output"]]}
    if client == "anthropic":
        said = {"role": "assistant", "content": body["content"]}
        return {"model": "acct/m", "max_tokens": 9, "messages": [{"role": "user", "content": "Hi"}, said]}
    if client == "gemini":
        return {"contents": [{"role": "user", "parts": [{"text": "Hi"}]}, body["candidates"][0]["content"]]}
    said = body["output"]["message"]
    return {"messages": [{"role": "user", "content": [{"text": "Hi"}]}, said]}


def states(parts: Any, client: str, lost: set[str]) -> list[Any]:
    """The opaque state of parts with what it belongs to: a thought, a call, or what was said before it."""
    told = Told(Choice(tuple(parts)), client, lost)
    found = [item for item in told.parts() if item[0] in ("thinking", "redacted", "state", "call")]
    kept = [(item[0], item[2] if item[0] == "call" else item[1], *item[-2:]) for item in found if item[-2]]
    return sorted(kept, key=repr)
