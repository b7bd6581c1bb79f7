"""What a run of the tests says at its end beyond pytest's own words."""

from typing import Any

ROWS = "tests/fields/test_rows.py::test_what_the_row_says_happens"


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """How many rows of the disposition table were executed, when any were."""
    done = {
        report.nodeid
        for outcome in ("passed", "failed")
        for report in terminalreporter.stats.get(outcome, ())
        if report.nodeid.startswith(ROWS)
    }
    if not done:
        return
    from dragoman.translate.fields.table import TARGETS, TEXTS, rows

    count = sum(len(rows(dialect)) for dialect in TEXTS)
    executed = "all" if len(done) == count else str(len(done))
    terminalreporter.write_line(
        f"disposition table: {count} rows, each at {len(TARGETS)} targets; {executed} executed", bold=True
    )
