"""What is mutated, and what is left alone."""

import ast

import pytest

from .operators import Finder, mutate


def mutants_of(source, *, table=False):
    number = sum(1 for _ in Finder(table=table).changes(ast.parse(source)))
    return {mutate(source, at, table=table)[3] for at in range(number)}


def in_function(line, before="a, b, x"):
    return mutants_of(f"def f({before}):\n    {line}\n")


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("x(a < b)", {"x(a <= b)", "pass"}),
        ("x(a is not b)", {"x(a is b)", "pass"}),
        ("x(not a)", {"x(a)", "pass"}),
        ("x(a and b)", {"x(a or b)", "x(a)", "x(b)", "pass"}),
        ("x(a + 1)", {"x(a)", "x(1)", "x(a - 1)", "x(a + 2)", "x(a + 0)", "pass"}),
        ("x(key=a)", {"x()", "pass"}),
        ("x('word')", {"x('XXwordXX')", "pass"}),
        ("x(True)", {"x(False)", "pass"}),
        ("x({'k': a})", {"x({'XXkXX': a})", "x({})", "pass"}),
        ("x((a, b))", {"x((a,))", "x((b,))", "pass"}),
        ("x(a if b else 'w')", {"x(a if True else 'w')", "x(a if False else 'w')", "x(a if not b else 'w')",
                                "x(a if b else 'XXwXX')", "pass"}),
        ("return a", {"return None"}),
        ("a = b", {"pass"}),
        ("x([i for i in a if b])", {"x([i for i in a])", "pass"}),
        ("raise x", {"pass"}),
    ],
)  # fmt: skip
def test_every_kind_of_change_is_made(line, wanted):
    assert in_function(line) == wanted


@pytest.mark.parametrize(
    "line",
    ['"""Says what it does."""', "assert a, 'b'", "c = a", "return None", "c: dict['x', 1] = a", "return a, b"],
)
def test_what_no_caller_could_notice_is_left_alone(line):
    assert in_function(line) - {"return None"} == set()


def test_a_sentence_has_one_mutant_which_is_silence():
    assert in_function("x('This is said to a person.')") == {"x('')", "pass"}
    assert in_function("x(f'{a} takes no such {b if b else x}.')") == {"x('')", "pass"}


def test_defaults_are_mutated_and_exchanged():
    assert mutants_of("def f(a=1, b=True):\n    pass\n") == {
        "def f(a=2, b=True):",
        "def f(a=0, b=True):",
        "def f(a=1, b=False):",
        "def f(a=True, b=1):",
    }


def test_of_a_table_entries_are_taken_away_and_nothing_else():
    assert mutants_of("ROWS = {'a': Row(x=1), 'b': 2}\n", table=True) == {
        "ROWS = {'b': 2}",
        "ROWS = {'a': Row(x=1)}",
        "ROWS = {'a': Row(), 'b': 2}",
    }


def test_types_are_no_values():
    assert mutants_of("Body = dict[str, 'x']\nT = TypeVar('T')\n__all__ = ['a', 'b']\n") == set()
