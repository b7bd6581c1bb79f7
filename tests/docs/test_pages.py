"""The pages are current and complete: what the code has they name, what they name the code has."""

import ast
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import attrs
import pytest
from dragoman.io import options, routes
from dragoman.io.settings import (
    AccountConfig,
    KeyConfig,
    KeyLimits,
    MediaConfig,
    ModelAlias,
    PriceConfig,
    Retry,
    RouteConfig,
    ServerConfig,
)
from dragoman.translate.fields.table import TEXTS, rows
from dragoman.translate.providers import PROVIDERS

from .conftest import PAGES, ROOT

SOURCE = ROOT / "src"


def page(name):
    return (ROOT / name).read_text("utf-8")


def test_generated_parts_are_current():
    done = subprocess.run(
        [sys.executable, ROOT / "docs" / "build.py", "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_links_lead_somewhere(path):
    for link in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text("utf-8")):
        if not link.startswith("https://"):
            assert (path.parent / link).exists(), link


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_links_within_a_page_lead_to_a_heading(path):
    text = path.read_text("utf-8")
    headings = {
        re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
        for heading in re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    }
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= headings


@pytest.mark.parametrize("dialect", TEXTS)
def test_every_field_of_the_table_is_on_the_page_of_compatibility_once_for_each_row(dialect):
    part = page("docs/compatibility.md").partition(f"<!-- generated: fields-{dialect.replace('_', '-')} -->")[2]
    lines = [line for line in part.partition("<!-- end -->")[0].splitlines() if not re.match(r"\d+\. ", line)]
    shown = Counter(re.findall(r"`(/[^`]*)`", "\n".join(lines)))
    assert shown == Counter(f"{row.field}{'/…' if row.whole else ''}" for row in rows(dialect))


@pytest.mark.parametrize(
    "cls", [ServerConfig, AccountConfig, ModelAlias, RouteConfig, Retry, KeyConfig, KeyLimits, MediaConfig, PriceConfig]
)
def test_every_key_of_the_configuration_is_described(cls):
    text = page("docs/configuration.md")
    for field in attrs.fields(cls):
        assert f"`{field.name}`" in text or f".{field.name}." in text, field.name


def test_every_route_is_described():
    text = page("docs/http.md")
    for method, path, *_ in routes._EXACT:
        assert re.search(rf"{method}\s+/v1{re.escape(path)}`", text), path
    for path, _ in routes._PROBES:
        assert f"`GET {path}`" in text, path
    assert all(verb in text for _, verbs in routes._VERBS.values() for verb in verbs)


def test_every_request_header_is_described_and_exists():
    text = page("docs/http.md")
    known = {name.decode() for name in options._KNOWN if name.startswith(b"x-dragoman-")}
    table = text.partition("## Request headers")[2].partition("## ")[0]
    assert set(re.findall(r"^\| `(x-dragoman-[a-z-]+)` \|", table, re.MULTILINE)) == known


def test_every_provider_is_in_the_readme_and_no_other_is_promised_as_there():
    row = next(line for line in page("README.md").splitlines() if line.startswith("| providers |"))
    assert set(re.findall(r"`([a-z_]+)`", row)) - {"base_url"} == set(PROVIDERS)


def codes_of(path):
    """Error codes in a file: ``code="..."``, and words among the arguments of what makes errors."""
    makers = {"Refusal", "ProtocolError", "Failure", "_refuse", "_set_error", "error_writer", "failed", "fail_pipe"}
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        values = [keyword.value for keyword in node.keywords if keyword.arg == "code"]
        if name in makers:
            values += node.args
        for value in values:
            if isinstance(value, ast.Constant) and re.fullmatch(r"[a-z]+(_[a-z]+)+", str(value.value)):
                yield value.value


# Kinds of failures of the pool, which the gateway words anew, and of records that no client sees.
INTERNAL = {"too_large", "invalid_request", "openai_chat", "anthropic"}


@pytest.mark.parametrize("folder", ["translate", "io"])
def test_every_error_code_is_described(folder):
    text = page("docs/errors.md")
    files = list(Path(SOURCE, folder).rglob("*.py"))
    missing = {f"{code} ({path.name})" for path in files for code in codes_of(path) if f"`{code}`" not in text}
    assert not {item for item in missing if item.split()[0] not in INTERNAL}


def test_no_error_code_is_invented():
    source = "\n".join(path.read_text("utf-8") for path in SOURCE.rglob("*.py"))
    for line in page("docs/errors.md").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and len(cells) >= 2:
            cell = cells[1] if cells[0].isdigit() else cells[0]
            for code in re.findall(r"`([a-z]+_[a-z_]+)`", cell):
                assert f'"{code}"' in source, code
