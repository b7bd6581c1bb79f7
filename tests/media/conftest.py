import sys
from contextlib import ExitStack
from pathlib import Path

import pytest
import trustme

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent.parent / "shell"))
sys.path.insert(0, str(Path(__file__).parent.parent / "credentials"))

from fronts import gateway_thread
from issuers import JSON, Answers


@pytest.fixture
def stack():
    with ExitStack() as open_things:
        yield open_things


@pytest.fixture
def answers(stack):
    """Start a server that answers as a function says."""

    def start(answer):
        server = Answers(answer)
        stack.callback(server.close)
        return server

    return start


@pytest.fixture
def provider(answers):
    """A provider that takes no URLs."""
    reply = {"output": {"message": {"role": "assistant", "content": [{"text": "Hi"}]}}, "stopReason": "end_turn",
             "usage": {"inputTokens": 1, "outputTokens": 1, "totalTokens": 2}}  # fmt: skip
    return answers(lambda _: (200, JSON, reply))


@pytest.fixture
def gateway(stack):
    """Run a gateway of a configuration."""
    from dragoman.translate import boundary

    return lambda config: stack.enter_context(gateway_thread(config, boundary))


@pytest.fixture(scope="session")
def authority():
    return trustme.CA()
