import copy
import pickle
import select

import orjson
import pytest
from dragoman.io import checks
from dragoman.io.config import ConfigError, load
from dragoman.io.listing import listing
from dragoman.io.secret import MASK, Secret, SecretError, resolve
from dragoman.io.settings import FieldError, ServerConfig
from dragoman.io.toml_lines import key_lines, line_of
from dragoman.translate import boundary

GOOD = """\
[server]
port = 9000
prefixes = ["/api/llm"]
on_loss = "contract=refuse,cost=refuse"

[accounts.claude-prod]
provider = "anthropic"
api_key = "env:CLAUDE"

[accounts.azure-eu]
provider = "azure"
endpoint = "https://example.openai.azure.com"
api_key = "literal-key-value"
[accounts.azure-eu.models."gpt/5"]
id = "my-deployment"
family = "gpt-5"

[routes.smart]
strategy = "weighted"
targets = ["claude-prod/x", {model = "azure-eu/gpt/5", weight = 2}]
retry = {on = [429]}

[keys.ci]
hash = "sha256:0000000000000000000000000000000000000000000000000000000000000000"
models = ["claude-prod/*"]
on_loss = {quality = "refuse"}

[models."llama"]
max_output = 8192
"""

ENV = {"CLAUDE": "sk-ant-very-secret"}


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("claud-prod/*", "there is no account \"claud-prod\"; did you mean 'claude-prod'?"),
        ("elsewhere/x", 'there is no account "elsewhere".'),
        ("smrat", "there is no route \"smrat\"; did you mean 'smart'?"),
        ("claude-prod/*", None),
        ("smart", None),
        ("*", None),
        ("c*", None),
        ("c?aude-prod/x", None),
        ("[cd]laude-prod/x", None),
    ],
)
def test_a_pattern_of_a_key_that_nothing_served_can_match_is_noted(kit, write, pattern, words):
    text = GOOD.replace('models = ["claude-prod/*"]', f'models = ["{pattern}"]')
    notes = load(write(text), env=ENV, providers=kit.rows).notes[1:]
    expected = () if words is None else (f'keys.ci.models: "{pattern}" is nothing that is served, {words}',)
    assert notes == expected


def problems(kit, write, text, env=ENV):
    with pytest.raises(ConfigError) as caught:
        load(write(text), env=env, providers=kit.rows)
    return caught.value.problems


def only(kit, write, text, env=ENV):
    found = problems(kit, write, text, env)
    assert len(found) == 1, found
    return found[0]


def test_a_good_file_becomes_records(kit, write):
    config = load(write(GOOD), env=ENV, providers=kit.rows)
    assert config.server.port == 9000
    assert config.server.on_loss == {"contract": "refuse", "cost": "refuse"}
    assert config.accounts["claude-prod"].api_key.reveal() == "sk-ant-very-secret"
    azure = config.accounts["azure-eu"]
    assert azure.parameters() == {"base_url": "https://example.openai.azure.com"}
    assert azure.models["gpt/5"].id == "my-deployment"
    smart = config.routes["smart"]
    assert [(target.model, target.weight) for target in smart.targets] == [("claude-prod/x", 1), ("azure-eu/gpt/5", 2)]
    assert (smart.strategy, smart.retry.attempts, smart.retry.on) == ("weighted", 2, (429,))
    assert config.keys["ci"].models == ("claude-prod/*",)
    assert config.models == {"llama": {"max_output": 8192}}
    assert config.notes == ("accounts.azure-eu.api_key is written in the file: prefer env:NAME or file:PATH",)


def test_every_value_has_its_origin_and_no_secret_shows(kit, write):
    path = write(GOOD)
    rows = {key: (value, origin) for key, value, origin in listing(load(path, env=ENV, providers=kit.rows))}
    assert rows["server.port"] == ("9000", f"{path}:2")
    assert rows["server.host"] == ("127.0.0.1", "default")
    assert rows["accounts.claude-prod.api_key"] == (MASK, f"{path}:8, env CLAUDE")
    assert rows["accounts.azure-eu.api_key"] == (MASK, f"{path}:13, literal")
    assert rows['accounts.azure-eu.models."gpt/5".id'] == ("my-deployment", f"{path}:15")
    assert rows["models.llama.max_output"] == ("8192", f"{path}:29")
    assert rows["routes.smart.targets"] == ("claude-prod/x, azure-eu/gpt/5 (weight 2)", f"{path}:20")
    assert rows["routes.smart.retry.on"] == ("429", f"{path}:21")
    assert rows["routes.smart.retry.attempts"] == ("2", "default")
    assert "secret" not in repr(rows)
    assert "literal-key-value" not in repr(rows)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[server]\nport = "80"', (":2: server.port: ", '"80" is a string; expected an integer')),
        ("[server]\nport = 70000", (":2: server.port: 70000 is not a port",)),
        ("[server]\nport = true", (":2: server.port: true is a boolean; expected an integer",)),
        ("[server]\nhots = 'x'", (":2: server.hots: unknown key; did you mean 'host'?", "max_body_bytes")),
        ("[server]\nmax_body_bytes = 0", (":2: server.max_body_bytes: 0 must be greater than 0",)),
        ("[server]\nprefixes = 'x'", (":2: server.prefixes: ", "expected a list of strings")),
        ("[server]\nprefixes = ['x/']", (':2: server.prefixes: "x/" must look like "/api/llm"',)),
        ("[server]\non_loss = 'never'", (":2: server.on_loss: ", '"refuse", "allow"')),
        ("[server]\non_loss = {money = 'refuse'}", (':2: server.on_loss: unknown severity "money"; there',)),
        ("[server]\nprompt_cache = 'yes'", (':2: server.prompt_cache: "yes" must be "asked" or "auto"',)),
        ("[server]\ndriver = 'fast'", (':2: server.driver: "fast" must be "auto", "lane" or "streams"',)),
        ("[server]\ntransport = 'http'", (':2: server.transport: "http" must be "own" or "httpx"',)),
        ("[server]\nhttp2 = true", (':2: server.http2: needs transport = "httpx"',)),
        ("[server]\nproxy = 'http://p:1'", (':2: server.proxy: needs transport = "httpx"',)),
        ("[server]\ntransport = 'httpx'\nproxy = 'me:pw@p:1'", (':3: server.proxy: must be a URL such as "http://pr',)),
        ("server = 5", (":1: server: 5 is an integer; expected a table",)),
        ("[modles]", (":1: modles: unknown key; did you mean 'models'?", "tracing, cache, models, prices)")),
        ("[accounts.a]\napi_key = 'x'", (":1: accounts.a.provider: is missing",)),
        ("[accounts.a]\nprovider = 'opnai'\napi_key='x'", (":2: accounts.a.provider: unknown provider", "'openai'?")),
        ("[accounts.a]\nprovider = 'openai'", (":1: accounts.a: needs api_key", "env:OPENAI_API_KEY")),
        ("[accounts.a]\nprovider = 'azure'\napi_key='x'", (":1: accounts.a: needs base_url (or endpoint)",)),
        ("[accounts.a]\nprovider = 'openai'\napi_key=5", (":3: accounts.a.api_key: the value is an integer",)),
        ("[accounts.a]\nprovider = 'openai'\napi_key='env:NO'", (":3: accounts.a.api_key: ", "variable NO is not set")),
        ("[accounts.a]\nprovider = 'openai'\napi_key='file:none'", (":3: accounts.a.api_key: ", "cannot be read")),
        ("[accounts.a]\nprovider = 'openai'\napi_key=''", (":3: accounts.a.api_key: the secret is empty",)),
        ("[accounts.'a/b']\nprovider = 'openai'\napi_key='x'", (':1: accounts."a/b": "a/b" is not an account name',)),
        ("[accounts.a]\nprovider='openai'\napi_key='x'\nbase_url='ftp://x'", (":4: accounts.a.base_url: ", "https://")),
        ("[accounts.a]\nprovider='openai'\napi_key='x'\nbase_url='https://u:pw@x'", ("must not carry a user",)),
        ("[accounts.a]\nprovider='openai'\nbase_url='http://x'\nendpoint='http://x'", ("the same as base_url",)),
        ("[keys.ci]\nhash = 'abc'", (":2: keys.ci.hash: ", "dragoman keys new")),
        (f"[keys.ci]\nhash = 'sha256:{'0' * 64}'\nlimits = {{x=1}}", (":3: keys.ci.limits.x: unknown key",)),
        ("[routes.r]\nstrategy = 'priority'", (":1: routes.r.targets: is missing",)),
        ("[routes.r]\ntargets = []", (":2: routes.r.targets: must name at least one model",)),
        ("[routes.r]\ntargets = 'a/b'", (':2: routes.r.targets: "a/b" is a string; expected a list of models',)),
        ("[routes.r]\ntargets = [5]", (':2: routes.r.targets.0: 5 is an integer; expected "account/model" or a t',)),
        ("[routes.r]\ntargets = ['a/b']\nretry = [{on = [429]}, true, '']",
         (':3: routes.r.retry: [{on = [429]}, true, ""] is a list; expected a table',)),
        ("[routes.r]\ntargets = [{weight = 2}]", (":2: routes.r.targets.0.model: is missing",)),
        ("[routes.r]\ntargets = [{model = 'a/b', wieght = 2}]", (":2: routes.r.targets.0.wieght: ", "'weight'?")),
        ("[routes.r]\nstrategy = 'weighted'\ntargets = [{model = 'a/b', weight = 0.0}]",
         (":3: routes.r.targets.0.weight: 0.0 must be greater than 0",)),
        ("[routes.r]\ntargets = [{model = 'a/b', weight = 2.5}]", (":2: routes.r.targets: a weight needs strategy",)),
        ("[routes.r]\ntargets = ['a/b', 'a/b']", (':2: routes.r.targets: "a/b" is there twice',)),
        ("[routes.r]\ntargets = ['a/b']", (':2: routes.r.targets.0: there is no account "a" (accounts: none)',)),
        ("[routes.r]\ntargets = ['a']", (':2: routes.r.targets.0: "a" must be written account/model',)),
        ("[routes.r]\ntargets = ['r']", (':2: routes.r.targets.0: "r" must be', "cannot lead to another one")),
        ("[routes.r]\nstrategy = 'fastest'\ntargets = ['a/b']",
         (':2: routes.r.strategy: "fastest" must be "priority", "weighted" or "latency"',)),
        ("[routes.r]\ntargets = ['a/b']\nsticky = 'header:a b'",
         (':3: routes.r.sticky: "header:a b" must be "user", "key", "conversation" or "header:NAME"',)),
        ("[routes.r]\ntargets = ['a/b']\ntimeouts = {first_byte = 0}",
         (":3: routes.r.timeouts.first_byte: 0 must be greater than 0",)),
        ("[routes.r]\ntargets = ['a/b']\ntimeouts = {first = 3}", (":3: routes.r.timeouts.first: unknown key",)),
        ("[routes.r]\ntargets = [{model = 'a/b', max_concurrent = 0}]",
         (":2: routes.r.targets.0.max_concurrent: 0 must be greater than 0",)),
        ("[accounts.a]\nprovider = 'openai'\napi_key = 'x'\nmax_concurrent_requests = 0",
         (":4: accounts.a.max_concurrent_requests: 0 must be greater than 0",)),
        ("[accounts.a]\nprovider = 'openai'\napi_key = 'x'\nmax_queued = -1",
         (":4: accounts.a.max_queued: -1 must not be negative",)),
        ("[routes.'a/b']\ntargets = ['a/b']", (':1: routes."a/b": "a/b" is not a route name',)),
        ("[routes.r]\ntargets = ['a/b']\nretry = {attempts = 0}", (":3: routes.r.retry.attempts: 0 must be from 1",)),
        ("[routes.r]\ntargets = ['a/b']\nretry = {attempts = 21}", ("retry.attempts: 21 must be from 1 to 20",)),
        ("[routes.r]\ntargets = ['a/b']\nretry = {on = [200]}", (":3: routes.r.retry.on: 200 is not the status of",)),
        ("[routes.r]\ntargets = ['a/b']\nretry = {on = ['429']}", (':3: routes.r.retry.on: "429" is not the code',)),
        ("[routes.r]\ntargets = ['a/b']\nretry = {on = [true]}", (":3: routes.r.retry.on.0: true is a boolean",)),
        ("[routes.r]\ntargets = ['a/b']\nretry = {on = 429}",
         (":3: routes.r.retry.on: ", "a list of statuses and codes")),
        ("[server]\nmetrics = 'yes'", (':2: server.metrics: "yes" must be "open", "key" or "off"',)),
        ("port = ", (": not TOML:", "Invalid value")),
    ],
)  # fmt: skip
def test_a_fault_names_file_line_key_and_what_is_right(kit, write, text, words):
    message = only(kit, write, text)
    assert "dragoman.toml" in message
    for word in words:
        assert word in message


@pytest.mark.parametrize(
    ("package", "setting", "words"),
    [
        ("h2", "http2 = true", "server.http2: needs the package h2: pip install 'httpx[http2]'"),
        ("socksio", "proxy = 'socks5://p:1'", "server.proxy: needs the package socksio: pip install 'httpx[socks]'"),
    ],
)
def test_a_setting_that_needs_another_package_says_how_to_get_it(kit, write, monkeypatch, package, setting, words):
    monkeypatch.setattr(checks, "find_spec", lambda name: None if name == package else name)
    assert words in only(kit, write, f"[server]\ntransport = 'httpx'\n{setting}")
    monkeypatch.setattr(checks, "find_spec", lambda name: name)
    load(write(f"[server]\ntransport = 'httpx'\n{setting}"), env=ENV, providers=kit.rows)


def test_a_proxys_credentials_do_not_show(kit, write):
    path = write("[server]\ntransport = 'httpx'\nproxy = 'env:PROXY'\n")
    config = load(path, env={"PROXY": "http://me:secret-word@proxy:3128"}, providers=kit.rows)
    assert config.server.proxy.reveal() == "http://me:secret-word@proxy:3128"
    assert "secret-word" not in f"{config}{list(listing(config))}"
    told = problems(kit, write, "[server]\nproxy = 'http://me:secret-word@proxy:99999'\ntransport = 'httpx'")
    assert "secret-word" not in str(told)


def test_all_faults_are_told_at_once(kit, write):
    found = problems(
        kit, write, "[server]\nport = 'x'\nhots = 1\n[routes.x]\na = 1\n[accounts.a]\nprovidr = 'openai'\n"
    )
    assert len(found) == 6


def test_a_missing_file_is_said(kit, tmp_path):
    with pytest.raises(ConfigError, match="cannot be read: No such file"):
        load(tmp_path / "none.toml", env={}, providers=kit.rows)


def test_two_keys_with_one_hash_are_a_fault(kit, write):
    digest = "sha256:" + "1" * 64
    assert "is the hash of the key" in only(kit, write, f"[keys.a]\nhash='{digest}'\n[keys.b]\nhash='{digest}'\n")


def test_no_message_holds_a_secret(kit, write):
    text = "[accounts.a]\nprovider = 'openai'\napi_key = 'sk-top\\nsecret'\nbase_url = 'https://x/?key=sk-top'\n"
    assert "sk-top" not in "".join(problems(kit, write, text))


def test_without_a_file_accounts_come_from_the_environment(kit):
    env = {"OPENAI_API_KEY": "sk-1", "ANTHROPIC_API_KEY": "", "AZURE_OPENAI_API_KEY": "k"}
    config = load(None, env=env, providers=kit.rows)
    assert list(config.accounts) == ["openai"]
    assert config.accounts["openai"].api_key.reveal() == "sk-1"
    assert ("accounts.openai.api_key", MASK, "env OPENAI_API_KEY") in list(listing(config))
    assert "AZURE_OPENAI_API_KEY is set, but azure needs base_url" in config.notes[0]


ROWS = orjson.loads(boundary.providers())


def test_an_account_of_the_environment_has_all_that_its_address_needs():
    env = {"AZURE_OPENAI_API_KEY": "k", "AZURE_OPENAI_ENDPOINT": " https://r.openai.azure.com/ "}
    config = load(None, env=env, providers=ROWS)
    assert config.accounts["azure"].url == "https://r.openai.azure.com/"
    origins = {key: origin for key, _, origin in listing(config)}
    assert origins["accounts.azure.base_url"] == "env AZURE_OPENAI_ENDPOINT"
    older = load(None, env={**env, "OPENAI_API_VERSION": "2024-10-21"}, providers=ROWS)
    assert older.accounts["azure"].api_version == "2024-10-21"


@pytest.mark.parametrize(
    ("endpoint", "note"),
    [
        ({}, "azure needs base_url (or endpoint): set AZURE_OPENAI_ENDPOINT, or write the account in dragoman.toml"),
        (
            {"AZURE_OPENAI_ENDPOINT": "r.openai.azure.com"},
            'AZURE_OPENAI_ENDPOINT is set, but "r.openai.azure.com" must',
        ),
    ],
)
def test_an_account_of_the_environment_that_is_not_whole_is_a_note(endpoint, note):
    config = load(None, env={"AZURE_OPENAI_API_KEY": "k", **endpoint}, providers=ROWS)
    assert config.accounts == {}
    assert note in config.notes[0]


def test_a_file_without_accounts_takes_those_of_the_environment(kit, write):
    config = load(write("[server]\nport = 1"), env={"OPENAI_API_KEY": "sk-1"}, providers=kit.rows)
    assert list(config.accounts) == ["openai"]
    assert config.server.port == 1


def test_a_secret_file_is_read_from_beside_the_configuration(kit, write, tmp_path):
    (tmp_path / "key").write_text("sk-from-file\n")
    config = load(write("[accounts.a]\nprovider='openai'\napi_key='file:key'"), env={}, providers=kit.rows)
    assert config.accounts["a"].api_key.reveal() == "sk-from-file"


def test_a_provider_without_a_well_known_variable_needs_no_key(kit, write):
    text = "[accounts.local]\nprovider='openai_compatible'\nbase_url='http://127.0.0.1:8000/v1'"
    assert load(write(text), env={}, providers=kit.rows).accounts["local"].api_key is None


def test_a_secret_never_shows_itself():
    secret = Secret("sk-top", "env X")
    shown = [repr(secret), str(secret), f"{secret}", f"{secret:>10}", f"{secret!r}", f"{secret!s}"]
    assert not any("sk-top" in text for text in shown)
    with pytest.raises(TypeError):
        pickle.dumps(secret)
    with pytest.raises(TypeError):
        copy.deepcopy(secret)
    assert secret == Secret("sk-top")
    assert secret != Secret("other")


def test_a_secret_that_no_header_can_carry_is_refused(tmp_path):
    with pytest.raises(SecretError) as caught:
        resolve("sk-top\r\nx: y", env={}, base=tmp_path)
    assert "sk-top" not in str(caught.value)


def test_lines_of_keys_are_found():
    text = '# [no]\n[a."b.c"]\nx = 1 # y = 2\n  "z w".v = 3\n[d]  # end\nlist = [\n  "q = 1",\n]\n'
    lines = key_lines(text)
    assert lines["a", "b.c"] == 2
    assert lines["a", "b.c", "x"] == 3
    assert lines["a", "b.c", "z w", "v"] == 4
    assert lines["d",] == 5
    assert line_of(lines, ("d", "list", "0")) == 6
    assert line_of(lines, ("nothing",)) is None


def test_a_lane_without_epoll_is_refused(monkeypatch):
    monkeypatch.delattr(select, "epoll", raising=False)
    assert ServerConfig(driver="auto").driver == "auto"
    with pytest.raises(FieldError, match=r'"lane" needs epoll, .* use "auto"'):
        ServerConfig(driver="lane")
