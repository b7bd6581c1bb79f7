"""What holds for all tests: nothing of theirs gets into the user's ledger, and what a run says at its end."""

from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest

# The same examples in every run; `make fuzz` and DRAGOMAN_LAW_FACTOR look for others.
hypothesis.settings.register_profile("tests", derandomize=True, database=None, deadline=None)
if hypothesis.settings.get_current_profile_name() == "default":  # the mutation tester has one of its own
    hypothesis.settings.load_profile("tests")

ROWS = "tests/fields/test_rows.py::test_what_the_row_says_happens"


@pytest.fixture(scope="session", autouse=True)
def _own_state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Gateways that the tests start keep their ledger in a folder of the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        yield


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
