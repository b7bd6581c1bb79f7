import pytest

from .corpus import MISSING, REQUIRED, ROWS


@pytest.fixture(autouse=True)
def recordings_there():
    if ROWS:
        return
    if REQUIRED:
        pytest.fail(f"{MISSING}, and DRAGOMAN_REQUIRE_SHARED=1 is set")
    pytest.skip(MISSING)
