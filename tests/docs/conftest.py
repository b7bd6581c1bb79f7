"""The pages, their code blocks, and a running gateway for the blocks that talk to one."""

import os
import re
import signal
import subprocess
import sys
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "ARCHITECTURE.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
ADDRESS = "http://127.0.0.1:8080"
PROGRAMS = Path(sys.executable).parent

_BLOCK = re.compile(r"^```([a-z]+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


class Block(NamedTuple):
    """A code block of a page. ``output`` is the text block right behind it, if there is one."""

    page: str
    line: int
    language: str
    code: str
    output: str | None

    def __str__(self):
        return f"{self.page}:{self.line}"


def blocks(language):
    found = []
    for page in PAGES:
        text = page.read_text("utf-8")
        matches = list(_BLOCK.finditer(text))
        for match, after in zip_longest(matches, matches[1:]):
            near = after is not None and after[1] == "text" and not text[match.end() : after.start()].strip()
            output = after[2] if near else None
            line = text[: match.start()].count("\n") + 1
            found.append(Block(page.relative_to(ROOT).as_posix(), line, match[1], match[2], output))
    return [block for block in found if block.language == language]


def environment(**more):
    """What a newcomer has: this installation on the path, and no keys."""
    plain = {name: value for name, value in os.environ.items() if not name.endswith("_API_KEY")}
    return plain | {"PATH": f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}", "PYTHONUTF8": "1"} | more


@pytest.fixture(scope="session")
def gateway(tmp_path_factory):
    """The address of ``dragoman serve`` as the README starts it, but on a free port."""
    folder = tmp_path_factory.mktemp("serve")
    with serving([sys.executable, "-m", "dragoman", "serve"], folder) as url:
        yield url


class serving:  # noqa: N801 - used as a function
    """``dragoman serve`` on a free port, until the block ends."""

    def __init__(self, command, folder, **more):
        self.process = subprocess.Popen(
            [*command, "--port", "0"],
            cwd=folder,
            env=environment(**more),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def __enter__(self):
        line = self.process.stdout.readline()
        assert line.startswith("dragoman listens on "), line + self.process.stderr.read()
        return line.split()[3].rstrip(",")

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        out, err = self.process.communicate(timeout=20)
        assert self.process.returncode == 0, out + err
