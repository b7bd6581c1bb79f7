"""The runner itself, over one small file: what it says of mutants is what is so."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from .__main__ import choose, options_of

ROOT = Path(__file__).parents[2]
TESTS = "tests/core/test_addresses.py"


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    """Some mutants of the file that makes addresses, over the tests of addresses."""
    folder = tmp_path_factory.mktemp("mutants")
    options = [
        "--nice",
        "0",
        "--jobs",
        "1",
        "--sample",
        "40",
        "--seed",
        "1",
        "--only",
        "src/translate/target.py",
        TESTS,
    ]
    command = [sys.executable, "-m", "tests.mutants", *options]
    there = {**os.environ, "DRAGOMAN_MUTANTS": str(folder)}
    run = subprocess.run(command, cwd=ROOT, env=there, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    return json.loads((folder / "result-1.json").read_text("utf-8"))["mutants"]


def test_a_mutant_is_killed_by_a_test_that_is_named(rows):
    killed = [row for row in rows if row["outcome"] == "killed"]
    assert len(rows) == 40
    assert len(killed) >= 5
    assert all(row["by"].startswith(f"{TESTS}::") and row["tests"] for row in killed)


def test_what_no_test_looks_at_survives(rows):
    unseen = [row for row in rows if "content-type" in row["before"]]
    assert unseen
    assert {row["outcome"] for row in (*unseen, *[row for row in rows if not row["tests"]])} == {"survived"}


def test_the_seed_draws_the_same_mutants_again(rows):
    options = options_of(["--sample", "40", "--seed", "1", "--only", "src/translate/target.py"])
    assert sorted((one.file, one.number) for one in choose(options)) == sorted(
        (row["file"], row["number"]) for row in rows
    )
