import contextlib


def pytest_addoption(parser):
    with contextlib.suppress(ValueError):
        parser.addoption("--accept", action="store_true", default=False, help="write golden files that differ")
