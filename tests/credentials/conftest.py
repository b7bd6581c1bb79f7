import sys
from contextlib import ExitStack
from pathlib import Path

import pytest
import trio.testing

sys.path.insert(0, str(Path(__file__).parent))  # importlib mode needs to be told where helpers live
sys.path.insert(0, str(Path(__file__).parent.parent / "shell"))

from fronts import gateway_thread
from issuers import JSON, Answers, Issuer

CLOUDS = ("AWS_", "GOOGLE_", "GCE_", "AZURE_", "IDENTITY_", "MSI_", "CLOUDSDK_", "NO_GCE")


@pytest.fixture(autouse=True)
def _no_clouds(monkeypatch, tmp_path):
    """Nothing of this machine's own: no variables, no files of its user, no metadata services."""
    import os

    for name in list(os.environ):
        if name.startswith(CLOUDS):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "aws-config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "aws-credentials"))


@pytest.fixture
def stack():
    with ExitStack() as open_things:
        yield open_things


@pytest.fixture
def issuer(stack):
    made = Issuer()
    stack.callback(made.close)
    return made


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
    """A provider that takes everything."""
    reply = {"id": "x", "object": "chat.completion", "created": 1, "model": "m", "choices": [
        {"index": 0, "message": {"role": "assistant", "content": "Hi"}, "finish_reason": "stop"}]}  # fmt: skip
    return answers(lambda _: (200, JSON, reply))


@pytest.fixture
def gateway(stack):
    """Run a gateway of a configuration."""
    from dragoman.translate import boundary

    return lambda config: stack.enter_context(gateway_thread(config, boundary))


@pytest.fixture
def autojump_clock():
    """A clock for `trio.run` that jumps whenever everybody waits."""
    return trio.testing.MockClock(autojump_threshold=0)
