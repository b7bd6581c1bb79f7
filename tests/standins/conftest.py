import anthropic
import botocore.session
import openai
import pytest
from botocore.config import Config
from dragoman.standins import running
from dragoman.standins.bedrock_sign_on import ACCESS_KEY, SECRET_KEY


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


@pytest.fixture(scope="module")
def bedrock_standin():
    with running("bedrock") as standin:
        yield standin
        assert standin.protocol_errors == []
        assert standin.crashes == []


def bedrock_client(url, access_key=ACCESS_KEY, secret_key=SECRET_KEY):
    """The official client, which signs its calls."""
    return botocore.session.Session().create_client(
        "bedrock-runtime",
        region_name="eu-west-1",
        endpoint_url=url,
        aws_access_key_id=access_key,
        aws_secret_access_key=secret_key,
        config=Config(retries={"max_attempts": 0}, read_timeout=10),
    )


@pytest.fixture(scope="module")
def converse(bedrock_standin):
    client = bedrock_client(bedrock_standin.base_url)
    yield client
    client.close()
