import hashlib
import time

import pytest
from dragoman.io.accounts import Accounts
from dragoman.io.headers import losses_header, text_header
from dragoman.io.keys import KeyRing, check_model, hash_of, new_key
from dragoman.io.options import NOTHING, read_options, request_id
from dragoman.io.refusal import Refusal
from dragoman.io.routes import Routes, dialect_of
from dragoman.io.settings import KeyConfig, ModelAlias


def test_a_new_key_opens_its_own_hash():
    key, digest = new_key()
    assert key.startswith("dgm_")
    assert len(key) > 40
    assert digest == "sha256:" + hashlib.sha256(key.encode()).hexdigest()
    assert KeyRing({"me": KeyConfig(digest)}).admit({b"x-api-key": key.encode()}).name == "me"


@pytest.mark.parametrize(
    "headers",
    [
        {b"authorization": b"Bearer secret"},
        {b"authorization": b"bearer  secret "},
        {b"x-api-key": b"secret"},
        {b"api-key": b"secret"},
        {b"x-goog-api-key": b"secret"},
        {b"authorization": b"Bearer other", b"x-api-key": b"secret"},
    ],
)
def test_a_key_is_taken_wherever_clients_put_it(headers):
    assert KeyRing({"me": KeyConfig(hash_of("secret"))}).admit(headers).name == "me"


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, "missing_api_key"),
        ({b"authorization": b"Basic secret"}, "missing_api_key"),
        ({b"authorization": b"Bearer Secret"}, "invalid_api_key"),
        ({b"x-api-key": b"\xff"}, "invalid_api_key"),
    ],
)
def test_a_missing_or_wrong_key_is_a_401_that_does_not_repeat_it(headers, code):
    with pytest.raises(Refusal) as caught:
        KeyRing({"me": KeyConfig(hash_of("secret"))}).admit(headers)
    assert (caught.value.status, caught.value.code) == (401, code)
    assert "Secret" not in caught.value.message


def test_without_keys_everybody_may_use_everything():
    key = KeyRing({}).admit({})
    assert key.may_use("a/b")


def test_a_web_page_of_another_site_may_not_use_a_gateway_without_keys():
    with pytest.raises(Refusal) as caught:
        KeyRing({}).admit({b"sec-fetch-site": b"cross-site"})
    assert caught.value.status == 403
    KeyRing({}).admit({b"sec-fetch-site": b"same-origin"})


@pytest.mark.parametrize(
    ("patterns", "model", "allowed"),
    [
        (("claude-prod/*",), "claude-prod/claude-sonnet-4-5", True),
        (("claude-prod/*",), "claude-prod2/x", False),
        (("a/gpt-5", "b/*"), "b/org/model:x", True),
        (("a/gpt-5",), "a/gpt-5-mini", False),
        (("*",), "any/thing", True),
        ((), "a/b", False),
        (("a.c/*",), "abc/x", False),
    ],
)
def test_patterns_say_which_models_a_key_may_use(patterns, model, allowed):
    key = KeyRing({"me": KeyConfig(hash_of("s"), models=patterns)}).admit({b"api-key": b"s"})
    assert key.may_use(model) is allowed
    if not allowed:
        with pytest.raises(Refusal) as caught:
            check_model(key, model)
        assert caught.value.status == 403


@pytest.fixture
def accounts(kit):
    aliases = {"gpt-5": ModelAlias("my-deployment", "gpt-5"), "org/m": ModelAlias("arn:x/y")}
    config = kit.config({"groq": kit.account("http://g"), "azure-eu": kit.account("http://a", "azure", models=aliases)})
    return Accounts(config, kit.rows, kit.core.sign)


@pytest.mark.parametrize(
    ("model", "account", "upstream", "family"),
    [
        ("groq/openai/gpt-oss-120b", "groq", "openai/gpt-oss-120b", None),
        ("azure-eu/gpt-5", "azure-eu", "my-deployment", "gpt-5"),
        ("azure-eu/org/m", "azure-eu", "arn:x/y", None),
        ("azure-eu/other", "azure-eu", "other", None),
        ("groq//x", "groq", "/x", None),
    ],
)
def test_a_model_is_split_on_the_first_slash(accounts, model, account, upstream, family):
    target = accounts.find(model, KeyRing({}).admit({}))
    assert (target.account.name, target.model, target.family) == (account, upstream, family)


@pytest.mark.parametrize(
    ("model", "words"),
    [
        ("gorq/x", ("no account 'gorq'", "did you mean 'groq'?", "Accounts: groq, azure-eu.")),
        ("gpt-5", ("written account/model", "'azure-eu/gpt-5'")),
        ("groq/", ("after 'groq/' is missing",)),
        ("", ("written account/model",)),
    ],
)
def test_an_unknown_model_is_a_404_that_says_what_there_is(accounts, model, words):
    with pytest.raises(Refusal) as caught:
        accounts.find(model, KeyRing({}).admit({}))
    assert (caught.value.status, caught.value.param) == (404, "model")
    for word in words:
        assert word in caught.value.message


def test_a_404_lists_only_what_the_key_may_use_and_not_too_much(kit):
    config = kit.config({f"account{number}": kit.account("http://x") for number in range(50)})
    accounts = Accounts(config, kit.rows, kit.core.sign)
    with pytest.raises(Refusal, match="and 40 more"):
        accounts.find("nope/x", KeyRing({}).admit({}))
    limited = KeyRing({"me": KeyConfig(hash_of("s"), models=("account7/*", "nope/*"))}).admit({b"api-key": b"s"})
    with pytest.raises(Refusal, match=r"Accounts: account7\."):
        accounts.find("nope/x", limited)


def test_options_are_read_under_both_spellings():
    assert read_options({b"host": b"x", b"x-tfy-provider-name": b"groq"}) is NOTHING
    options = read_options(
        {
            b"x-dragoman-on-loss": b"contract=refuse, cost=refuse",
            b"x-tfy-strict-openai": b"true",
            b"x-tfy-request-timeout": b"9",
            b"x-dragoman-timeout-ms": b"1500",
            b"x-dragoman-explain": b"1",
            b"x-tfy-metadata": b'{"team":"a"}',
        }
    )
    assert options.on_loss == {"contract": "refuse", "cost": "refuse"}
    assert (options.strict_openai, options.explain, options.timeout) == (True, True, 1.5)
    assert options.metadata == {"team": "a"}
    assert read_options({b"x-dragoman-on-loss": b"refuse"}).on_loss["hint"] == "refuse"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (b"x-dragoman-onloss", b"refuse"),
        (b"x-dragoman-on-loss", b"maybe"),
        (b"x-dragoman-explain", b"yes please"),
        (b"x-dragoman-timeout-ms", b"-1"),
        (b"x-dragoman-timeout-ms", b"0"),
        (b"x-dragoman-timeout-ms", "²".encode()),
        (b"x-dragoman-metadata", b"[]"),
        (b"x-dragoman-metadata", b'{"a":1}'),
        (b"x-dragoman-metadata", b'{"a":"' + b"x" * 129 + b'"}'),
    ],
)
def test_an_option_that_cannot_be_meant_is_a_400_that_names_it(name, value):
    with pytest.raises(Refusal) as caught:
        read_options({name: value})
    assert caught.value.status == 400
    assert caught.value.message.startswith(name.decode())


def test_a_sane_request_id_is_kept_and_another_one_replaced():
    assert request_id({b"x-request-id": b"abc-1"}, "seed") == "abc-1"
    assert request_id({b"x-request-id": b"a b"}, "seed") == "req_seed"
    assert request_id({b"x-request-id": b"x" * 200}, "seed") == "req_seed"
    assert request_id({}, "seed") == "req_seed"


@pytest.mark.parametrize(
    ("method", "path", "action", "dialect"),
    [
        ("POST", "/v1/chat/completions", "generate", "openai_chat"),
        ("POST", "/chat/completions", "generate", "openai_chat"),
        ("POST", "/api/llm/chat/completions", "generate", "openai_chat"),
        ("POST", "/api/llm/v1/messages", "generate", "anthropic"),
        ("POST", "/v1/responses", "generate", "openai_responses"),
        ("POST", "/v1/messages/count_tokens", "count", "anthropic"),
        ("GET", "/v1beta/models", "models", "gemini"),
        ("GET", "/api/llm/v1beta/models/a/b", "model", "gemini"),
        ("POST", "/v1beta/models/a/b:generateContent", "generate", "gemini"),
        ("POST", "/v1/models/a/b:countTokens", "count", "gemini"),
        ("POST", "/model/a%2Fb/converse", "generate", "bedrock"),
        ("POST", "/api/llm/model/a%2Fb/count-tokens", "count", "bedrock"),
        ("GET", "/v1/models", "models", "openai_chat"),
        ("HEAD", "/v1/models", "models", "openai_chat"),
        ("GET", "/health/live", "live", "openai_chat"),
    ],
)
def test_paths_have_routes(method, path, action, dialect):
    route = Routes(["/api/llm"]).find(method, path)
    assert (route.action, route.dialect) == (action, dialect)


def test_models_in_paths_keep_their_slashes_and_colons():
    routes = Routes()
    assert routes.find("GET", "/v1/models/groq/openai/x").model == "groq/openai/x"
    assert routes.find("GET", "/v1/models/groq%2Fx").model == "groq/x"
    route = routes.find("POST", "/v1beta/models/aws/claude:0:streamGenerateContent")
    assert (route.dialect, route.model, route.head["stream"]) == ("gemini", "aws/claude:0", True)
    assert routes.find("POST", "/v1beta/models/aws%2Fclaude%3A0:generateContent").model == "aws/claude:0"
    for path in ("/model/aws/claude:0/converse-stream", "/model/aws%2Fclaude%3A0/converse-stream"):
        route = routes.find("POST", path)
        assert (route.dialect, route.model, route.head["stream"]) == ("bedrock", "aws/claude:0", True)


@pytest.mark.parametrize(("query", "form"), [("alt=sse", None), ("", "array"), ("alt=json&key=x", "array"),
                                             ("key=x&alt=sse", None)])  # fmt: skip
def test_google_streams_one_array_unless_events_are_asked_for(query, form):
    head = Routes().find("POST", "/v1beta/models/a/b:streamGenerateContent", query).head
    assert (head["stream"], head.get("stream_form")) == (True, form)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/chat/completions", 405),
        ("POST", "/v1/models", 405),
        ("DELETE", "/v1/models/a/b", 405),
        ("GET", "/v1beta/models/a/b:generateContent", 405),
        ("POST", "/v1beta/models/a/b:nothing", 404),
        ("POST", "/v1beta/models/:generateContent", 404),
        ("GET", "/model/a/converse", 405),
        ("POST", "/model/converse", 404),
        ("POST", "/model/a/invoke", 404),
        ("GET", "/", 404),
        ("POST", "/v1/chat/completions/", 404),
    ],
)
def test_other_requests_are_refused(method, path, status):
    with pytest.raises(Refusal) as caught:
        Routes().find(method, path)
    assert caught.value.status == status
    assert (b"allow" in dict(caught.value.headers)) is (status == 405)


def test_a_path_suggests_the_dialect_of_errors():
    assert dialect_of("/x/v1/messages/y") == "anthropic"
    assert dialect_of("/v1beta/models/x") == "gemini"
    assert dialect_of("/v1/models/x:embedContent") == "gemini"
    assert dialect_of("/v1/models/x") == "openai_chat"
    assert dialect_of("/model/x/converse-stream") == "bedrock"
    assert dialect_of("/nothing") == "openai_chat"


def test_a_long_path_takes_no_long_time():
    began = time.process_time()
    for piece in ("/models/", "/model/", "/model/x/converse", "/models/a:b"):
        dialect_of(piece * (64_000 // len(piece)))
        with pytest.raises(Refusal):
            Routes().find("POST", piece * (64_000 // len(piece)) + "?", "&" * 64_000)
    assert time.process_time() - began < 0.5


def test_the_losses_header_is_short_and_ascii():
    loss = {"path": "/é", "kind": "dropped", "severity": "hint", "detail": "long"}
    assert losses_header([loss]) == rb'["/\u00e9 dropped hint"]'
    many = losses_header([loss] * 500)
    assert len(many) <= 2048
    assert many.endswith(b' more"]')
    kept = many.count(b"dropped")
    assert f'"+{500 - kept} more"'.encode() in many


def test_a_model_in_a_header_cannot_break_out():
    assert text_header("gpt-5") == b"gpt-5"
    assert text_header("a\r\nx: é") == b"a%0D%0Ax: %C3%A9"


@pytest.mark.parametrize("letter", ["m", "é", "😀"])
def test_a_long_model_makes_no_long_header(letter):
    assert 500 <= len(text_header(letter * 50_000)) <= 1024
