"""The recordings beside the project: which there are, and their bodies."""

import base64
import functools
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import attrs
import orjson
import pytest
from dragoman.translate.providers import PROVIDERS

ROOT = Path(__file__).parents[2].parent / "shared" / "recordings"
REQUIRED = os.environ.get("DRAGOMAN_REQUIRE_SHARED") == "1"
MISSING = f"no recordings at {ROOT}"

CHAT_ENDPOINTS = {"chat.completions", "openai.chat.completions", "mantle.chat.completions"}
MESSAGES_ENDPOINTS = {
    ("anthropic", "messages"),
    ("vertex-anthropic", "rawPredict"),
    ("vertex-anthropic", "streamRawPredict"),
}


@attrs.frozen
class Row:
    """One recorded exchange: what the index says of it."""

    path: str
    provider: str
    dialect: str
    stream: bool
    status: int
    kept: bool  # whether the request's JSON was recorded, too

    @property
    def target(self) -> str:
        """The provider row that this traffic belongs to."""
        if self.dialect == "anthropic":
            return "anthropic"
        row = PROVIDERS.get(self.provider)
        return row.name if row is not None and row.dialect == self.dialect else "openai_compatible"

    def __str__(self) -> str:
        return self.path.removesuffix(".json")


def _dialect(provider: str, endpoint: str) -> str | None:
    if endpoint in CHAT_ENDPOINTS:
        return "openai_chat"
    return "anthropic" if (provider, endpoint) in MESSAGES_ENDPOINTS else None


def _rows() -> tuple[Row, ...]:
    index = ROOT / "index.jsonl"
    if not index.is_file():
        return ()
    rows = []
    for line in index.read_bytes().splitlines():
        raw = orjson.loads(line)
        dialect = _dialect(raw["provider"], raw["endpoint"])
        if dialect is not None:
            kept = not {"no-json-request", "response-only"} & set(raw["tags"])
            rows.append(Row(raw["path"], raw["provider"], dialect, raw["stream"], raw["status"], kept))
    return tuple(rows)


ROWS = _rows()


@functools.lru_cache(maxsize=64)
def load(row: Row) -> Any:
    """The exchange as parsed JSON; nobody may change it."""
    return orjson.loads((ROOT / row.path).read_bytes())


def asked(row: Row) -> dict[str, Any] | None:
    """The recorded request's body, if it was kept and is JSON; with a ``model`` where the URL had it."""
    request = load(row)["request"]
    body = request.get("json") if request else None
    if not isinstance(body, dict):
        return None
    return body if "model" in body else {"model": load(row).get("model") or "a-model", **body}


def answered(row: Row) -> bytes:
    """The recorded answer's bytes."""
    part = load(row)["response"]
    if "json" in part:
        return orjson.dumps(part["json"])
    if "text" in part:
        return part["text"].encode()
    return base64.b64decode(part.get("base64", ""))


def is_sse(row: Row) -> bool:
    """Whether the answer is one stream: not a JSON body instead, not several streams glued together."""
    text = load(row)["response"].get("text")
    return text is not None and text.count('"type":"message_start"') < 2


CLIENTS = ("openai_chat", "anthropic")


def cases(rows: Iterable[Row]) -> list[Any]:
    """Each row with each client."""
    return [pytest.param(row, client, id=f"{row}-{client}") for row in rows for client in CLIENTS]


def singles(rows: Iterable[Row]) -> list[Any]:
    """Each row."""
    return [pytest.param(row, id=str(row)) for row in rows]
