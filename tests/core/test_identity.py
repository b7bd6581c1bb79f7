"""What a client of a dialect says to a provider of the same dialect arrives as it was said, key order included."""

from pathlib import Path

import orjson
import pytest
from dragoman.translate import boundary

FOLDER = Path(__file__).parents[1] / "identity"
TARGETS = {
    "openai_chat": ("openai", "openai_compatible"),
    "openai_responses": ("openai",),
    "anthropic": ("anthropic",),
    "gemini": ("gemini", "vertex"),
    "bedrock": ("bedrock",),
}
MODELS = {
    "openai": "gpt-4o",
    "openai_compatible": "some-model",
    "anthropic": "claude-sonnet-4-5",
    "gemini": "gemini-2.5-flash",
    "vertex": "gemini-2.5-flash",
    "bedrock": "anthropic.claude-sonnet-4-5",
}
LINES = [
    pytest.param(dialect, to, line, id=f"{dialect}-{number}-{to}")
    for dialect, targets in TARGETS.items()
    for number, line in enumerate((FOLDER / f"{dialect}.jsonl").read_bytes().splitlines(), 1)
    for to in targets
]


@pytest.mark.parametrize(("dialect", "to", "line"), LINES)
def test_a_body_survives_the_way_through_its_own_dialect(dialect, to, line):
    head = {"from": dialect, "to": to, "model": MODELS[to], "base_url": "https://h.example", "project": "p"}
    answer = boundary.request(orjson.dumps(head), line)
    assert answer.status == 200, answer
    wanted, sent = orjson.loads(line), orjson.loads(answer.body)
    # The model is another one, and stands first, or in the address.
    wanted.pop("model", None)
    assert sent.pop("model", MODELS[to]) == MODELS[to]
    if to == "vertex" and wanted.pop("store", None) is not None:
        # Vertex has no such field (wire/gemini.md 16), and false asks for nothing.
        assert "store" not in sent
    if wanted.get("stream") and dialect == "openai_chat":
        # Usage is always asked for.
        assert sent["stream_options"].pop("include_usage") is True
        asked = wanted.get("stream_options") or {}
        asked.pop("include_usage", None)
        if "stream_options" not in wanted and not sent["stream_options"]:
            del sent["stream_options"]
    assert orjson.dumps(sent) == orjson.dumps(wanted)


@pytest.mark.parametrize(("dialect", "to", "line"), LINES)
def test_nothing_is_called_lost_where_nothing_is(dialect, to, line):
    head = {"from": dialect, "to": to, "model": MODELS[to], "base_url": "https://h.example", "project": "p"}
    losses = orjson.loads(boundary.request(orjson.dumps(head), line).head)["losses"]
    assert [loss for loss in losses if loss["path"] != "/stream_options/include_usage"] == []
