"""Model rows with a column or two that are not as usual: what becomes of the wishes of clients at such a model.

Tables of real models have some combinations only. A line is a wish at the row: the status, and a digest of the answer.
"""

from typing import Any

import orjson
from dragoman.translate import boundary

from . import corpus
from .damage import digest
from .grid import CHAT, MESSAGES, PLAIN, RESPONSES, Fields

_EFFORTS = ["none", "low", "high"]
_SAMPLING = ["temperature", "top_p", "top_k", "presence_penalty"]


def _reasons(kind: str, **columns: Any) -> Fields:
    return {"reasoning": {"kind": kind, "efforts": _EFFORTS, **columns}}


ROWS: dict[str, Fields] = {
    "plain": {},
    **{f"sampling {word}": {"sampling": word, "sampling_names": _SAMPLING}
       for word in ("refused", "without_reasoning")},
    "without reasoning, on": {"sampling": "without_reasoning", "sampling_names": _SAMPLING, "top_p_floor": 0.95,
                              **_reasons("effort", on=True)},
    "refused, floor": {"sampling": "refused", "sampling_names": _SAMPLING, "top_p_floor": 0.98, **_reasons("native")},
    "never": {"never": ["seed", "logprobs", "n", "temperature"]},
    "refused options": {"refused": ["presence_penalty", "top_p", "n", "logit_bias"]},
    "temperature": {"temperature": [0.2, 1]},
    "exclusive": {"exclusive": True},
    "small": {"max_output": 500, "context": 4000},
    **{f"limit {name}": {"limit_field": name} for name in ("max_tokens", "max_completion_tokens")},
    "one stop": {"stop": 1, "blank_stop": False},
    "no stop": {"stop": 0},
    "no schema": {"schema_output": False},
    "no object": {"json_output": False},
    "no form": {"schema_output": False, "json_output": False},
    "schema alone": {"schema_alone": True},
    "no prefill with a schema": {"schema_prefill": False, "prefill": "continued"},
    **{f"subset {name}": {"schema_subset": name, "tool_schemas": tools, "strict_tools": tools}
       for name, tools in (("anthropic", True), ("openapi", True), ("gemini", False))},
    "schema not beside tools": {"schema_beside_tools": False},
    "strict tools": {"strict_tools": True},
    "no strict tools": {"strict_tools": False},
    "few strict tools": {"strict_tools": True, "strict_limits": [1, 0]},
    **{f"forced {word}": {"forced_tools": word, **_reasons("native")} for word in ("no", "manual")},
    "forced, budget": {"forced_tools": "manual", "reasoning": {"kind": "budget", "modes": ["enabled", "disabled"]}},
    **{f"prefill {word}": {"prefill": word} for word in ("continued", "refused")},
    **{f"system {word}": {"inner_system": word} for word in ("after_user", "no")},
    "no media": {"images": [], "documents": [], "audio": [], "video": []},
    "some media": {"images": ["image/png"], "documents": ["application/pdf"], "audio": ["audio/wav"],
                   "video": ["video/mp4"], "max_images": 20},
    "results of text": {"result_media": []},
    "results with pictures": {"result_media": ["image/png"]},
    "detail of all": {"media_detail": "request"},
    "outputs": {"outputs": ["text"]},
    "search alone": {"search_beside_tools": False},
    "signed": {"signed_calls": True},
    "seed": {"seed": [0, 2**40]},
    "small seed": {"seed": [-5, 1000]},
    "marks": {"cache_ttls": ["5m", "1h"], "tool_marks": True},
    "short marks": {"cache_ttls": ["5m"], "tool_marks": False},
    "not for chat": {"chat": False},
    "own options": {"own_options": ["x.top_k={top_k}", "y={seed}"]},
    "single calls": {"single_calls": ["x.one={choice}", "x.name={name}"]},
    "no single calls": {"single_calls": None},
    "no names": {"named_tools": False},
    "no failures": {"result_errors": False},
    "text of pages": {"pdf_text": True, "document_words": False},
    "no search": {"web_search": False},
    "reads none": {"reads_reasoning": False},
    **{f"reasoning {kind}": {"reasoning": {"kind": kind}} for kind in ("fixed", "none", "any", "unknown")},
    **{f"{kind}, {off}": _reasons(kind, off=off, modes=["adaptive", "disabled", "enabled"], display=off == "lowest")
       for kind in ("native", "effort", "level", "budget") for off in ("omit", "disabled", "none", "lowest")},
    "adaptive and between": _reasons("effort", modes=["adaptive", "between_tools"], off="between_tools", loops=False),
    "a budget, small": {"reasoning": {"kind": "budget", "minimum": 100, "maximum": 1500, "modes": ["enabled"],
                                      "efforts": ["low"], "on": True}},
    **{f"{kind}, on and not beside tools": _reasons(kind, on=True, tools=False) for kind in ("native", "effort")},
    "on, no none, not beside tools": {"reasoning": {"kind": "native", "efforts": ["low"], "on": True, "tools": False}},
    "off, not beside tools": {"reasoning": {"kind": "native", "efforts": ["low"], "tools": False}},
    "shown": _reasons("native", shown=True),
    "words": _reasons("native", words=["off", "small", "big"], bare=["high"], on=True),
    **{f"ask {field}": _reasons("native", ask=field) for field in ("reasoning_format", "include_reasoning")},
    "switch": _reasons("effort", switch=["x.e={effort}", "x.m={mode}", "y={budget}", "z={display}"],
                       modes=["adaptive"]),
}  # fmt: skip
PLACES = ("openai_compatible", "openai", "anthropic", "gemini", "bedrock")
_WISHES: tuple[tuple[str, dict[str, Fields]], ...] = (
    ("openai_chat", CHAT), ("anthropic", MESSAGES), ("openai_responses", RESPONSES),
)  # fmt: skip


def asked(name: str) -> list[str]:
    """What becomes of every wish at a row, at a server like OpenAI's and at one of the others, which take turns."""
    turn = list(ROWS).index(name)
    rows = []
    for to in (PLACES[0], PLACES[1 + turn % (len(PLACES) - 1)]):
        head: dict[str, Any] = {"to": to, "model": "x-1", "models": [{"prefix": "x", **ROWS[name]}], "on_loss": "allow"}
        needs = {"bedrock": "region", PLACES[0]: "base_url"}.get(to)
        head |= {needs: corpus.PLACE[needs]} if needs else {}
        for client, wishes in _WISHES:
            for wish, fields in wishes.items():
                body = {**PLAIN[client], **fields}
                answer = boundary.request(orjson.dumps({"from": client, **head}), orjson.dumps(body))
                rows.append(f"{to} {client} {wish} {answer.status} {digest(answer.head, answer.body)}")
    return rows
