# ruff: noqa: INP001 - a script
"""Writes the generated parts of the pages in this folder: `python docs/build.py`, or `make docs`.

A generated part stands between `<!-- generated: NAME -->` and `<!-- end -->`. `python docs/build.py --check` changes
nothing and fails when a part is not what it would write.
"""

import contextlib
import inspect
import io
import json
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final, get_args, get_origin

import attrs
import compatibility
from dragoman.cli import RUNNERS, main
from dragoman.io.cache_settings import CacheConfig
from dragoman.io.policy import OnLoss
from dragoman.io.secret import Address, Document, Secret
from dragoman.io.settings import (
    AccountConfig,
    KeyConfig,
    KeyLimits,
    MediaConfig,
    ModelAlias,
    PriceConfig,
    Retry,
    RouteConfig,
    RouteTarget,
    ServerConfig,
    Timeouts,
)
from dragoman.io.tracing_settings import TracingConfig
from dragoman.translate.dialects import DIALECTS
from dragoman.translate.fields import ALIASES, CARRIES, OPTIONS, VALUES, extra_severity
from dragoman.translate.models import ModelRow, ReasoningRow
from dragoman.translate.providers import PROVIDERS, ProviderRow

FOLDER: Final = Path(__file__).parent
TITLES: Final = {
    "openai_chat": "OpenAI Chat",
    "openai_responses": "OpenAI Responses",
    "anthropic": "Anthropic",
    "gemini": "Gemini",
    "bedrock": "Bedrock",
}

_PART: Final = re.compile(r"(<!-- generated: ([a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


# Docstrings speak to programmers, the pages to people who write TOML.
_WORDS: Final = {
    "``": "`",
    "None means": "not set means",
    "None is": "not set means",
    " (`schema.SUBSETS`)": "",
}


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table."""
    lines = [list(head)]
    lines.append(["---"] * len(lines[0]))
    lines += ([cell.replace("|", "\\|") for cell in row] for row in rows)
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def attributes(cls: type) -> dict[str, str]:
    """What a class's docstring says of its attributes, by name."""
    # Since Python 3.13 docstrings come without their common indent; cleandoc takes it away before.
    text = inspect.cleandoc(cls.__doc__ or "").partition("Attributes:\n")[2]
    found: dict[str, str] = {}
    for item in re.split(r"\n {4}(?=\S)", f"\n{text}")[1:]:
        names, _, words = item.partition(":")
        words = " ".join(words.split())
        for programmers, users in _WORDS.items():
            words = words.replace(programmers, users)
        found |= dict.fromkeys((name.strip() for name in names.split(",")), words)
    return found


_TYPES: Final[Mapping[Any, str]] = {
    str: "string",
    int: "integer",
    float: "number",
    bool: "true or false",
    Secret: '"env:NAME", "file:PATH" or the secret',
    Address: '"sqlite:PATH", "postgresql://...", "off", "env:NAME" or "file:PATH"',
    Document: '"file:PATH" or "env:NAME"',
    OnLoss: "policy",
    tuple[RouteTarget, ...]: "list of models",
    tuple[int | str, ...]: "list of integers and strings",
}


def type_words(kind: Any) -> str:
    """A field's type as one writes it in TOML."""
    if kind in _TYPES:
        return _TYPES[kind]
    if attrs.has(kind):
        return "table"
    inner = [part for part in get_args(kind) if part is not type(None)]
    if len(inner) < len(get_args(kind)):
        return type_words(inner[0]) if len(inner) == 1 else " or ".join(map(type_words, inner))
    origin = get_origin(kind)
    if origin in (tuple, frozenset):
        fixed = inner and inner[-1] is not Ellipsis and origin is tuple
        return f"list of {len(inner)} {type_words(inner[0])}s" if fixed else f"list of {type_words(inner[0])}s"
    if origin is Mapping or (isinstance(origin, type) and issubclass(origin, Mapping)):
        return "table"
    if all(isinstance(part, str) for part in inner):
        return ", ".join(f'"{part}"' for part in inner)
    return "table"


def default_words(field: "attrs.Attribute[Any]") -> str:
    """A field's default as one writes it in TOML."""
    value = field.default
    if value is attrs.NOTHING:
        return "required"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, str):
        return f'`"{value}"`'
    if isinstance(value, int | float):
        return f"`{value}`"
    if isinstance(value, tuple | frozenset) and value:
        items = (f'"{item}"' if isinstance(item, str) else str(item) for item in sorted(value))
        return f"`[{', '.join(items)}]`"
    return ""


def keys_of(cls: type, skip: tuple[str, ...] = ()) -> str:
    """The fields of a record as a table of TOML keys."""
    words = attributes(cls)
    if silent := [field.name for field in attrs.fields(cls) if field.name not in words]:
        sys.exit(f"the docstring of {cls.__name__} does not describe {', '.join(silent)}")
    rows = [
        (f"`{field.name}`", type_words(field.type), default_words(field), words[field.name])
        for field in attrs.fields(cls)
        if field.name not in skip
    ]
    return table(("key", "type", "default", "meaning"), rows)


def providers() -> str:
    """The providers that an account can be at."""
    rows = [
        (
            f"`{row.name}`",
            " and ".join(TITLES.get(part.dialect, part.dialect) for part in (row, row.other) if part is not None),
            row.base_url or "`base_url` is required",
            ", ".join(f"`{name}`" for name in (*row.env, *dict(row.settings_env).values())),
            ", ".join(f"`{name}`" for name in row.client_headers),
        )
        for row in PROVIDERS.values()
    ]
    return table(("provider", "speaks", "where", "variables", "client headers passed on"), rows)


def hosts() -> str:
    """What a host that speaks less than its dialect does with the options that another one does not take."""
    rows = [row for row in PROVIDERS.values() if row.subset]
    names = sorted({name for row in rows for name in row.lacks})
    table_rows = [(f"`{name}`", *(_host_fate(row, name) for row in rows)) for name in names]
    return table(("field", *(f"`{row.name}`" for row in rows)), table_rows)


def _host_fate(row: ProviderRow, name: str) -> str:
    if name in row.option_headers:
        return f"header `{row.option_headers[name]}`"
    if name not in row.lacks:
        return "carried"
    other = ALIASES.get(name)
    if other in CARRIES[row.dialect] - row.lacks:
        return f"carried as `{other}`"
    severity = OPTIONS[name].severity if name in OPTIONS else extra_severity(row.dialect, (name,))
    return f"dropped ({severity})"


def options() -> str:
    """Every option, and whether a dialect can express it."""
    rows = []
    for name, option in sorted(OPTIONS.items()):
        cells = [_fate(dialect, name) for dialect in DIALECTS]
        neutral = ", ".join(f"`{json.dumps(value)}`" for value in _distinct(option.neutral))
        rows.append((f"`{name}`", option.what, *cells, option.severity, neutral))
    names = [TITLES.get(dialect, dialect) for dialect in DIALECTS]
    return table(("option", "what", *(f"to {name}" for name in names), "severity of a loss", "never a loss"), rows)


def _fate(dialect: str, name: str) -> str:
    if name not in CARRIES[dialect]:
        other = ALIASES.get(name)
        return f"carried as `{other}`" if other in CARRIES[dialect] else "dropped"
    values = VALUES.get((dialect, name))
    return "carried" if values is None else f"carried: {', '.join(f'`{value}`' for value in sorted(values))}"


def _distinct(values: tuple[Any, ...]) -> list[Any]:
    """Without 1.0 beside 1."""
    found: list[Any] = []
    for value in values:
        if value not in found:
            found.append(value)
    return found


def commands() -> str:
    """The help texts."""
    texts = []
    for name in RUNNERS:
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            main([*name.split(), "--help"])
        texts.append(f"## dragoman {name}\n\n```text\n{out.getvalue().rstrip()}\n```\n")
    return "\n".join(texts)


def compatible(dialect: str) -> str:
    """All fields of a client's dialect at all targets."""

    def heading(title: str) -> str:
        return f"{TITLES[dialect]}: {title[0].lower()}{title[1:]}"

    counts = ((f"[{title}](#{anchor(heading(title))})", *cells) for title, *cells in compatibility.summary(dialect))
    texts = [table(("", *compatibility.HEADS.values()), counts)]
    for section in compatibility.sections(dialect):
        texts.append(f"### {heading(section.title)}\n")
        if section.everywhere:
            texts.append(f"✓ at every provider: {', '.join(section.everywhere)}.\n")
        if section.lines:
            texts.append(table(("", *section.heads), section.lines) + section.notes + "\n" * bool(section.notes))
    return "\n".join(texts)


def anchor(heading: str) -> str:
    """The name by which a page is linked to one of its headings."""
    return re.sub(r"[^a-z0-9 _-]", "", heading.lower()).replace(" ", "-")


PARTS: Final[Mapping[str, Callable[[], str]]] = {
    "server": lambda: keys_of(ServerConfig),
    "media": lambda: keys_of(MediaConfig),
    "cache": lambda: keys_of(CacheConfig),
    "tracing": lambda: keys_of(TracingConfig),
    "account": lambda: keys_of(AccountConfig, skip=("models",)),
    "alias": lambda: keys_of(ModelAlias),
    "route": lambda: keys_of(RouteConfig),
    "target": lambda: keys_of(RouteTarget),
    "retry": lambda: keys_of(Retry),
    "timeouts": lambda: keys_of(Timeouts),
    "key": lambda: keys_of(KeyConfig),
    "limits": lambda: keys_of(KeyLimits),
    "price": lambda: keys_of(PriceConfig),
    "model-row": lambda: keys_of(ModelRow, skip=("prefix", "reasoning")),
    "reasoning-row": lambda: keys_of(ReasoningRow),
    "providers": providers,
    "hosts": hosts,
    "options": options,
    "commands": commands,
    **{f"fields-{dialect.replace('_', '-')}": partial(compatible, dialect) for dialect in TITLES},
}


def built(text: str) -> str:
    """A page with its generated parts written anew."""
    return _PART.sub(lambda found: f"{found[1]}\n{PARTS[found[2]]()}\n{found[3]}", text)


def build(*, check: bool) -> list[str]:
    """Write the pages, or only look; the names of those that differ."""
    differing = []
    for page in sorted(FOLDER.glob("*.md")):
        text = page.read_text("utf-8")
        new = built(text)
        if new != text:
            differing.append(page.name)
            if not check:
                page.write_text(new, "utf-8")
    return differing


if __name__ == "__main__":
    names = build(check="--check" in sys.argv[1:])
    if names and "--check" in sys.argv[1:]:
        sys.exit(f"not current: {', '.join(names)}; run 'make docs'")
