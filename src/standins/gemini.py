"""Stands in for the Gemini API's generateContent: reads a request, judges it, answers on the native wire."""

import re
from collections.abc import Mapping
from typing import Any

import attrs

from . import embeddings, gemini_judge, gemini_rules, gemini_turn, gemini_wire
from .gemini_models import Model, model
from .memory import Memory, mint, prefixes
from .oddities import Oddities, unlike_any_answer
from .turns import Script, Thought, compose, tokens
from .wire import Answer, Call, Refused, Reply, dump, json_reply, refuse

PATH = re.compile(r"/v1(?:beta|alpha)?/models/([\w.@-]+):(\w+)")
METHODS = ("generateContent", "streamGenerateContent")
CACHE_MINIMUM = 4096


@attrs.frozen
class GenerateContent:
    """The methods of one host; who asks must be known already."""

    vertex: bool = False
    cache_minimum: int = CACHE_MINIMUM
    memory: Memory = attrs.field(factory=Memory)

    def answer(self, call: Call, name: str, method: str) -> Reply:
        """The answer to one call of a model's method."""
        if method in embeddings.METHODS[self.vertex]:
            return embeddings.google(call, name, method, _failure, vertex=self.vertex)
        row = model(name)
        if row is None:
            raise Refused(404, f"models/{name} is not found for API version v1beta, or is not supported for {method}.")
        if method not in METHODS:
            raise Refused(404, f"The method {method} is not found.")
        if call.method != "POST":
            raise Refused(405, "Method not allowed.")
        body = _body(call, vertex=self.vertex)
        gemini_rules.check(body, row)
        turn = gemini_turn.turn(body, call.headers.get("x-standin", ""))
        streamed = method == METHODS[1]
        if (odd := unlike_any_answer(turn.odd, streamed=streamed)) is not None:
            return odd
        if turn.odd.fails:
            raise _failure(turn.odd)
        script = compose(turn)
        answer = gemini_wire.Answer(
            body=body,
            script=script,
            id=mint("r", 22, call.body),
            name=name,
            model=row,
            usage=self._usage(body, row, script),
            odd=turn.odd,
            vertex=self.vertex,
        )
        if not streamed:
            return gemini_wire.whole(answer)
        return gemini_wire.stream(answer, events="alt=sse" in call.query)

    def _usage(self, body: Mapping[str, Any], row: Model, script: Script) -> dict[str, int]:
        head = [dump([body.get("systemInstruction"), body.get("tools")])]
        ends = prefixes([*head, *map(dump, body["contents"])])
        prompt = tokens(ends[-1][1])
        known = max((size for prefix, size in ends if prefix in self.memory), default=0)
        for prefix, _ in ends:
            self.memory.add(prefix)
        cached = tokens(known) if prompt >= self.cache_minimum else 0
        said = tokens(script.text) + sum(tokens(made.name + made.arguments) + 4 for made in script.calls)
        thinking = (body.get("generationConfig") or {}).get("thinkingConfig") or {}
        off = thinking.get("thinkingBudget") == 0
        shown = any(isinstance(part, Thought) for part in script.parts)
        return {
            "promptTokenCount": prompt,
            "cachedContentTokenCount": cached,
            "candidatesTokenCount": said,
            "thoughtsTokenCount": 0 if off else 24 if shown or row.levels else 16,
        }


@attrs.frozen
class _Gemini:
    key: str | None
    methods: GenerateContent

    def __call__(self, call: Call) -> Reply:
        try:
            return self._route(call)
        except Refused as refused:
            return json_reply(refused.status, gemini_wire.error(refused), refused.headers)

    def _route(self, call: Call) -> Reply:
        given = call.headers.get("x-goog-api-key")
        if not given:
            raise Refused(403, "Method doesn't allow unregistered callers (callers without established identity).")
        if self.key is not None and given != self.key:
            refuse("API key not valid. Please pass a valid API key.", code="API_KEY_INVALID")
        found = PATH.fullmatch(call.path)
        if found is None:
            raise Refused(404, f"The requested URL {call.path} was not found on this server.")
        return self.methods.answer(call, found[1], found[2])


def provider(*, key: str | None = None, cache_minimum: int = CACHE_MINIMUM) -> Answer:
    """The Gemini API with the given key (any when absent); prompts below `cache_minimum` tokens are not cached."""
    return _Gemini(key, GenerateContent(cache_minimum=cache_minimum))


def _body(call: Call, *, vertex: bool) -> Any:
    try:
        body = call.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        refuse("Invalid JSON payload received. Unexpected token.")
    if not isinstance(body.get("contents"), list):
        refuse("* GenerateContentRequest.contents: contents is not specified")
    found = gemini_judge.fault(body, vertex=vertex)
    if found is not None:
        refuse(f"Invalid JSON payload received. {found}")
    return _camel(body)


_FREE = frozenset({"args", "response", "labels", "parametersJsonSchema", "responseJsonSchema", "properties"})
"""Keys whose values have names of their own."""


def _camel(value: Any) -> Any:
    """A body in camelCase: both spellings of a key are taken."""
    if isinstance(value, list):
        return [_camel(item) for item in value]
    if not isinstance(value, dict):
        return value
    named = {re.sub("_([a-z])", lambda match: match[1].upper(), key): item for key, item in value.items()}
    return {key: item if key in _FREE else _camel(item) for key, item in named.items()}


def _failure(odd: Oddities) -> Refused:
    if "quota" in odd:
        return Refused(429, "You exceeded your current quota, please check your plan and billing details.")
    if "too-long" in odd:
        return Refused(400, "The input token count exceeds the maximum number of tokens allowed.")
    return Refused(odd.error, f"The stand-in was asked for a {odd.error}.")
