"""The libraries of the clouds, as they are, against local issuers: their tokens on calls of a running gateway."""

import json
import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from dragoman.io.config import Config, ConfigError, load
from dragoman.io.secret import Document, Secret
from dragoman.io.settings import AccountConfig, ServerConfig
from issuers import JSON, service_account

CHAT = {"model": "acc/some-model", "messages": [{"role": "user", "content": "Hello"}]}
CONVERSE_REPLY = {"output": {"message": {"role": "assistant", "content": [{"text": "Hi"}]}}, "stopReason": "end_turn",
                  "usage": {"inputTokens": 1, "outputTokens": 1, "totalTokens": 2}}  # fmt: skip


def configured(**account):
    return Config(server=ServerConfig(port=0), accounts={"acc": AccountConfig(**account)})


def ask(gateway, **more):
    return httpx.post(f"{gateway.url}/v1/chat/completions", json=CHAT | more, timeout=20, trust_env=False)


@pytest.fixture
def google(issuer, provider):
    """An account that signs on by a service account's file."""
    document = Document(service_account(issuer), "file x")
    return configured(provider="openai_compatible", auth="google", credentials=document, base_url=provider.url)


@pytest.fixture
def entra(issuer, provider, monkeypatch):
    monkeypatch.setenv("IDENTITY_ENDPOINT", f"{issuer.url}/msi/token")
    monkeypatch.setenv("IDENTITY_HEADER", "header-secret")
    return configured(provider="openai_compatible", auth="entra", base_url=provider.url)


@pytest.fixture
def aws(issuer, answers, monkeypatch):
    """An account that takes keys from a container's endpoint, and a provider that checks signatures."""
    monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", f"{issuer.url}/ecs")
    server = answers(lambda asked: judged(asked, server.url))
    server.keys = lambda: Credentials("AKIDEXAMPLE", "secret-key", issuer.token)
    return configured(provider="bedrock", region="eu-west-1", base_url=server.url), server


def judged(asked, url):
    """What a provider says to a call: botocore's own signer must come to the same signature."""
    made = asked.headers["authorization"]
    signed = made.partition("SignedHeaders=")[2].partition(",")[0].split(";")
    request = AWSRequest("POST", url + asked.target, {name: asked.headers[name] for name in signed if name != "host"},
                         asked.body)  # fmt: skip
    signer = SigV4Auth(Credentials("AKIDEXAMPLE", "secret-key"), "bedrock", made.split("/")[2])
    request.context["timestamp"] = asked.headers["x-amz-date"]
    canonical = signer.canonical_request(request)
    wanted = signer.signature(signer.string_to_sign(request, canonical), request)
    if made.endswith(f"Signature={wanted}"):
        return 200, JSON, CONVERSE_REPLY
    return 403, {**JSON, "x-amzn-errortype": "InvalidSignatureException"}, {"message": "The signature does not match"}


@pytest.mark.parametrize("kind", ["google", "entra"])
def test_twenty_first_requests_share_one_token(request, gateway, issuer, provider, kind):
    issuer.delay = 0.1
    running = gateway(request.getfixturevalue(kind))
    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(lambda _: ask(running), range(20)))
    assert [answer.status_code for answer in answers] == [200] * 20
    assert issuer.issued == 1
    assert {asked.headers["authorization"] for asked in provider.asked} == {f"Bearer {issuer.token}"}


def test_google_is_asked_with_a_signed_assertion_for_its_cloud(gateway, google, issuer):
    assert ask(gateway(google)).status_code == 200
    [asked] = issuer.asked
    assert b"grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer" in asked.body


def test_the_default_credentials_say_the_project_and_who_pays(gateway, issuer, answers, monkeypatch, tmp_path):
    path = tmp_path / "key.json"
    path.write_text(service_account(issuer))
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(path))
    monkeypatch.setenv("GOOGLE_CLOUD_QUOTA_PROJECT", "who-pays")
    provider = answers(lambda _: (404, JSON, {"error": {"message": "no"}}))
    ask(gateway(configured(provider="openai_compatible", auth="google", base_url=provider.url)))
    assert provider.asked[0].headers["x-goog-user-project"] == "who-pays"


def test_a_client_s_deadline_is_for_the_credentials_too(gateway, issuer, provider):
    """The project comes with the token, and the address of the call cannot be told before it is there."""
    issuer.delay = 1.0
    document = Document(service_account(issuer), "file x")
    running = gateway(configured(provider="vertex", credentials=document, base_url=provider.url))
    body = CHAT | {"model": "acc/gemini-3.5-flash"}
    headers = {"x-dragoman-timeout-ms": "200"}
    answer = httpx.post(f"{running.url}/v1/chat/completions", json=body, headers=headers, timeout=20, trust_env=False)
    assert (answer.status_code, answer.json()["error"]["code"]) == (504, "upstream_timeout")
    assert answer.json()["error"]["message"].startswith("The credentials for vertex")
    assert provider.asked == []


def test_entra_is_asked_for_the_scope_that_the_account_names(gateway, entra, issuer, provider):
    assert ask(gateway(entra)).status_code == 200
    assert issuer.asked[-1].query["resource"] == "https://cognitiveservices.azure.com"
    other = configured(provider="openai_compatible", auth="entra", base_url=provider.url,
                       scope="https://ai.azure.com/.default")  # fmt: skip
    assert ask(gateway(other)).status_code == 200
    assert issuer.asked[-1].query["resource"] == "https://ai.azure.com"


@pytest.mark.parametrize("kind", ["google", "entra"])
def test_a_token_that_the_provider_refuses_is_renewed_once_and_the_call_repeated(
    request, gateway, issuer, provider, kind
):
    running = gateway(request.getfixturevalue(kind))
    assert ask(running).status_code == 200
    plain = provider.answer
    revoked = f"Bearer {issuer.token}"
    provider.answer = lambda asked: (401, JSON, {}) if asked.headers["authorization"] == revoked else plain(asked)
    assert ask(running).status_code == 200
    assert issuer.issued == 2
    provider.answer = lambda asked: (401, JSON, {"error": {"message": f"not {asked.headers['authorization']}"}})
    before = len(provider.asked)
    refused = ask(running)
    assert refused.status_code == 401
    assert "of-this-issuer" not in refused.text  # what the provider repeats is masked
    assert "****" in refused.text
    assert len(provider.asked) - before == 1  # renewed a moment ago: another one would be refused as well


def test_no_credentials_is_an_error_with_a_code_and_no_secrets_until_they_are_back(gateway, google, issuer, caplog):
    issuer.failing = True
    running = gateway(google)
    answer = ask(running)
    assert (answer.status_code, answer.json()["error"]["code"]) == (502, "credentials_unavailable")
    assert "RefreshError: invalid_grant" in answer.text
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    assert "SECRET-ASSERTION" not in answer.text + caplog.text
    assert running.trail().error == "credentials_unavailable"
    issuer.failing = False
    threading.Event().wait(int(answer.headers["retry-after"]))
    assert ask(running).status_code == 200


def test_a_failing_issuer_does_not_matter_while_the_old_token_is_valid(gateway, google, issuer):
    issuer.lifetime = 300  # of which a quarter is renewed ahead of
    running = gateway(google)
    assert ask(running).status_code == 200
    issuer.failing = True
    source = next(iter(running.run.gateway._accounts)).source
    held = source._tokens._held
    object.__setattr__(held, "renew_at", 0)
    assert [ask(running).status_code for _ in range(3)] == [200] * 3
    assert issuer.issued == 1


def test_a_stream_goes_on_when_its_token_expires_and_the_next_call_has_another(gateway, issuer, answers):
    go_on = threading.Event()
    event = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m",
             "choices": [{"index": 0, "delta": {"content": "a"}, "finish_reason": None}]}  # fmt: skip
    chunk = b"data: %b\n\n" % json.dumps(event).encode()
    issuer.lifetime = 1

    def pieces():
        yield chunk
        assert go_on.wait(5)
        yield chunk * 2 + b"data: [DONE]\n\n"

    provider = answers(lambda _: (200, {"content-type": "text/event-stream"}, pieces()))
    document = Document(service_account(issuer), "file x")
    running = gateway(configured(provider="openai_compatible", auth="google", credentials=document,
                                 base_url=provider.url))  # fmt: skip
    body = CHAT | {"stream": True}
    with httpx.stream("POST", f"{running.url}/v1/chat/completions", json=body, timeout=20, trust_env=False) as first:
        received = first.iter_text()
        text = next(received)  # it has begun
        time.sleep(1.1)
        go_on.set()
        assert ask(running, stream=True).status_code == 200
        text += "".join(received)
    assert text.count('"content":"a"') == 3
    assert "[DONE]" in text
    seen = [asked.headers["authorization"] for asked in provider.asked]
    assert len(set(seen)) == 2


def test_calls_are_signed_as_aws_signs_them_with_temporary_keys(gateway, aws, issuer):
    config, provider = aws
    running = gateway(config)
    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(lambda _: ask(running), range(20)))
    assert {answer.status_code for answer in answers} == {200}, answers[0].text
    assert issuer.issued == 1
    assert provider.asked[0].headers["x-amz-security-token"] == issuer.token


def test_a_wrong_clock_is_corrected_by_what_aws_says_the_time_is(gateway, aws):
    config, provider = aws

    def far_away(asked):
        if asked.headers["x-amz-date"] < "2038":
            return 403, {**JSON, "x-amzn-errortype": "InvalidSignatureException:http://x", "date":
                         "Thu, 01 Jan 2099 00:00:00 GMT"}, {"message": "Signature expired"}  # fmt: skip
        return judged(asked, provider.url)

    provider.answer = far_away
    running = gateway(config)
    assert ask(running).status_code == 200
    assert ask(running).status_code == 200
    assert len(provider.asked) == 3  # the correction is remembered


def test_keys_that_aws_calls_expired_are_fetched_again(gateway, aws, issuer):
    config, provider = aws

    def expired(asked):
        if asked.headers["x-amz-security-token"].startswith("token-number-1-"):
            return 403, {**JSON, "x-amzn-errortype": "ExpiredTokenException"}, {"message": "expired"}
        return judged(asked, provider.url)

    provider.answer = expired
    assert ask(gateway(config)).status_code == 200
    assert issuer.issued == 2


def test_a_refusal_that_is_about_rights_is_not_repeated_and_the_session_token_is_masked(gateway, aws, issuer):
    config, provider = aws
    provider.answer = lambda asked: (403, {**JSON, "x-amzn-errortype": "AccessDeniedException"},
                                     {"message": f"no {asked.headers['x-amz-security-token']}"})  # fmt: skip
    answer = ask(gateway(config))
    assert (answer.status_code, len(provider.asked)) == (403, 1)
    assert issuer.token not in answer.text


def test_a_machine_s_role_and_an_assumed_role_are_found_by_the_standard_chain(
    gateway, aws, issuer, monkeypatch, tmp_path
):
    config, provider = aws
    monkeypatch.delenv("AWS_CONTAINER_CREDENTIALS_FULL_URI")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "false")
    monkeypatch.setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", issuer.url)
    assert ask(gateway(config)).status_code == 200
    assert provider.asked[-1].headers["x-amz-security-token"] == issuer.token
    (tmp_path / "aws-config").write_text(
        "[profile theirs]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = ours\nregion = eu-central-1\n"
        "[profile ours]\naws_access_key_id = AKIDBASE\naws_secret_access_key = base-secret\n"
    )
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", issuer.url)
    other = configured(provider="bedrock", profile="theirs", base_url=provider.url)
    assert ask(gateway(other)).status_code == 200
    made = provider.asked[-1].headers["authorization"]
    assert "Credential=AKIDASSUMED/" in made
    assert "/eu-central-1/bedrock/" in made  # the region is the profile's


def test_no_aws_keys_anywhere_is_an_error_that_says_so(gateway, provider):
    answer = ask(gateway(configured(provider="bedrock", region="eu-west-1", base_url=provider.url)))
    assert answer.json()["error"]["code"] == "credentials_unavailable"
    assert "no AWS credentials were found" in answer.text
    assert provider.asked == []


def test_a_bedrock_api_key_is_a_plain_header(gateway, answers):
    provider = answers(lambda _: (200, JSON, CONVERSE_REPLY))
    account = {"provider": "bedrock", "region": "eu-west-1", "api_key": Secret("bedrock-api-key-x", "env X")}
    assert ask(gateway(configured(**account, base_url=provider.url))).status_code == 200
    assert provider.asked[0].headers["authorization"] == "Bearer bedrock-api-key-x"


def test_a_key_of_vertex_express_is_a_plain_header_and_all_that_is_needed(gateway, answers):
    reply = {"candidates": [{"content": {"role": "model", "parts": [{"text": "Hi"}]}, "finishReason": "STOP"}]}
    provider = answers(lambda _: (200, JSON, reply))
    account = {"provider": "vertex_express", "api_key": Secret("AIza-express-mode-key", "env X")}
    assert ask(gateway(configured(**account, base_url=provider.url)), model="acc/gemini-3.5-flash").status_code == 200
    asked = provider.asked[0]
    assert asked.target == "/v1/publishers/google/models/gemini-3.5-flash:generateContent"
    assert asked.headers["x-goog-api-key"] == "AIza-express-mode-key"
    assert "authorization" not in asked.headers


def test_the_metadata_server_gives_token_and_project(issuer, tmp_path):
    program = (
        "from dragoman.io.credentials.tokens import GoogleTokens; t = GoogleTokens()().value;"
        "print(t.secret.decode(), dict(t.parameters)['project'], repr(t))"
    )
    host = issuer.url.removeprefix("http://")
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "GCE_METADATA_HOST": host, "GCE_METADATA_IP": host}
    command = [sys.executable, "-c", program]
    out = subprocess.run(command, env=env, capture_output=True, text=True, timeout=30, check=True)
    token, project, shown = out.stdout.split(maxsplit=2)
    assert (token, project) == (issuer.token, "metadata-project")
    assert issuer.token not in shown


ROWS = (
    {"name": "bedrock", "auth": "aws", "needs": ["region"], "env": ["AWS_BEARER_TOKEN_BEDROCK"]},
    {"name": "vertex", "auth": "google", "needs": ["project"], "env": []},
    {"name": "azure", "auth": "api-key", "needs": ["base_url"], "env": ["AZURE_OPENAI_API_KEY"]},
)


def loaded(tmp_path, text, env=None):
    path = tmp_path / "dragoman.toml"
    path.write_text(text)
    return load(path, env=env or {}, providers=ROWS)


class _Hidden:
    """A finder for which some packages are not installed."""

    def __init__(self, *names):
        self.names = names

    def find_spec(self, name, *_):
        if name in self.names:
            raise ModuleNotFoundError(name)


@pytest.mark.parametrize(
    ("text", "package", "words"),
    [
        ('provider = "bedrock"\nregion = "x"', "botocore", "pip install 'dragoman[bedrock]'"),
        ('provider = "vertex"', "google", "pip install 'dragoman[vertex]'"),
        ('provider = "azure"\nauth = "entra"\nendpoint = "https://x"', "azure", "pip install 'dragoman[azure]'"),
    ],
)
def test_a_missing_extra_is_an_error_at_the_start_that_names_the_command(tmp_path, monkeypatch, text, package, words):
    loaded(tmp_path, f"[accounts.a]\n{text}")  # it is installed
    for name in [name for name in sys.modules if name.partition(".")[0] == package]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [_Hidden(package), *sys.meta_path])
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, f"[accounts.a]\n{text}")
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('provider = "azure"\nendpoint = "https://x"\nauth = "entrra"', "must be one of bearer"),
        ('provider = "azure"\nendpoint = "https://x"\nauth = "entra"\napi_key = "k"', "give one of them"),
        ('provider = "azure"\nendpoint = "https://x"\napi_key = "k"\nscope = "s"', 'belongs to auth = "entra"'),
        ('provider = "azure"\nendpoint = "https://x"', "needs api_key"),
        ('provider = "bedrock"\nregion = "x"\ncredentials = "file:missing.json"', "cannot be read"),
        ('provider = "vertex"\ncredentials = "{}"', "file:PATH"),
        ('provider = "vertex"\ncredentials = "file:dragoman.toml"', "not a Google credentials file"),
        ('provider = "vertex"\napi_key = "k"', "needs project"),
        ('provider = "azure"\nendpoint = "https://x"\nauth = "none"\napi_key = "k"', 'auth = "none"'),
        ('provider = "vertex"\nprofile = "p"', 'belongs to auth = "aws"'),
        ('provider = "bedrock"\nregion = "x"\napi_key = "k"\nprofile = "p"', "does not go with api_key"),
    ],
)
def test_settings_that_do_not_go_together_are_told(tmp_path, text, words):
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, f"[accounts.a]\n{text}")
    assert words in str(caught.value)


def test_a_credentials_file_is_found_beside_the_configuration_and_shown_nowhere(tmp_path, issuer):
    (tmp_path / "key.json").write_text(service_account(issuer))
    account = loaded(tmp_path, '[accounts.a]\nprovider = "vertex"\ncredentials = "file:key.json"').accounts["a"]
    assert json.loads(account.credentials.reveal())["client_email"] == "robot@example"
    assert "PRIVATE" not in repr(account)
