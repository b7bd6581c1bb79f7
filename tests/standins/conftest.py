import anthropic
import openai
import pytest
from dragoman.standins import running


@pytest.fixture(scope="module")
def openai_standin():
    with running("openai") as standin:
        yield standin
        assert standin.protocol_errors == []


@pytest.fixture(scope="module")
def chat(openai_standin):
    with openai.OpenAI(api_key="k", base_url=openai_standin.base_url + "/v1", max_retries=0, timeout=10) as client:
        yield client.chat.completions


@pytest.fixture(scope="module")
def anthropic_standin():
    with running("anthropic") as standin:
        yield standin
        assert standin.protocol_errors == []


@pytest.fixture(scope="module")
def messages(anthropic_standin):
    with anthropic.Anthropic(api_key="k", base_url=anthropic_standin.base_url, max_retries=0, timeout=10) as client:
        yield client.messages
