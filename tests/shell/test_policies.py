"""Whose word counts when several say what becomes of a loss."""

import itertools
import re

import httpx
import orjson
import pytest
from dragoman.io.accounts import Accounts
from dragoman.io.config import load
from dragoman.io.heads import Heads
from dragoman.io.keys import KeyRing, check_policy, hash_of
from dragoman.io.listing import listing, policies
from dragoman.io.options import read_options
from dragoman.io.policy import ACTIONS, DEFAULT, NO_POLICY, SEVERITIES, read_policy, relaxed, settled
from dragoman.io.refusal import Refusal
from dragoman.io.routes import Routes
from dragoman.io.settings import KeyConfig, ModelAlias, RouteConfig, RouteTarget
from dragoman.translate import boundary
from dragoman.translate.records import DEFAULT_POLICY

# From the least specific to the most.
LEVELS = ("server", "account", "alias", "route", "key", "request")
ADDRESS = Routes().find("POST", "/v1/chat/completions")
PAIRS = list(itertools.combinations(LEVELS, 2))


def test_the_default_is_the_cores_own():
    assert {name: getattr(DEFAULT_POLICY, name) for name in SEVERITIES} == DEFAULT


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("cost=allow,cost=refuse", '"cost" is there twice, as allow and as refuse'),
        ("cost", '"cost" must be "refuse", "allow", or a list like'),
        ("price=allow", 'unknown severity "price"; there are contract, quality, cost, hint'),
        ("cost=deny", '"deny" for cost must be "refuse" or "allow"'),
    ],
)
def test_a_policy_that_cannot_be_meant_is_told_by_its_words(text, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        read_policy(text)


@pytest.mark.parametrize("form", ["{}", "{}=allow", "cost={}", "{0}=allow,{0}=refuse"])
def test_of_a_long_wrong_word_only_the_beginning_is_repeated(form):
    with pytest.raises(ValueError, match="x" * 40) as caught:
        read_policy(form.format("x" * 5000))
    assert len(str(caught.value)) < 200


def head_of(kit, said):
    """The core's head for a request through every level, of which some say a policy."""
    aliases = {"fast": ModelAlias("gpt-5", on_loss=said.get("alias", NO_POLICY))}
    account = kit.account("http://a", models=aliases, on_loss=said.get("account", NO_POLICY))
    keys = {"me": KeyConfig(hash_of("k"), on_loss=said.get("key", NO_POLICY))}
    route = RouteConfig((RouteTarget("acc/fast"),), on_loss=said.get("route", NO_POLICY))
    server = {"on_loss": said["server"]} if "server" in said else {}
    config = kit.config({"acc": account}, keys=keys, routes={"smart": route}, **server)
    target = Accounts(config, kit.rows, kit.core.sign).route("smart").targets["acc/fast"]
    key = KeyRing(config.keys).admit({b"x-api-key": b"k"})
    wish = ",".join(f"{severity}={action}" for severity, action in said.get("request", {}).items())
    options = read_options({b"x-dragoman-on-loss": wish.encode()} if wish else {})
    check_policy(key, options.on_loss)
    return orjson.loads(Heads(config).of(ADDRESS, {}, key, target, options, {"now": 1}))


@pytest.mark.parametrize(("lower", "upper"), PAIRS)
@pytest.mark.parametrize(("said", "meant"), [("refuse", "allow"), ("allow", "refuse")])
@pytest.mark.parametrize("severity", SEVERITIES)
def test_of_two_levels_the_more_specific_is_heard(kit, lower, upper, said, meant, severity):
    if (lower, upper, meant) == ("key", "request", "allow"):
        with pytest.raises(Refusal) as caught:
            head_of(kit, {lower: {severity: said}, upper: {severity: meant}})
        assert (caught.value.status, caught.value.code) == (403, "policy_not_allowed")
        return
    assert head_of(kit, {lower: {severity: said}, upper: {severity: meant}})["on_loss"] == {severity: meant}


@pytest.mark.parametrize(("lower", "upper"), PAIRS)
def test_what_the_more_specific_level_does_not_name_is_for_the_other_to_say(kit, lower, upper):
    for one, other in itertools.permutations(SEVERITIES, 2):
        head = head_of(kit, {lower: {one: "refuse"}, upper: {other: "allow"}})
        assert head["on_loss"] == {one: "refuse", other: "allow"}


@pytest.mark.parametrize("level", LEVELS)
def test_a_level_alone_is_heard(kit, level):
    assert head_of(kit, {level: {"cost": "refuse", "hint": "allow"}})["on_loss"] == {"cost": "refuse", "hint": "allow"}


def test_where_nobody_says_anything_the_core_is_told_nothing(kit):
    assert "on_loss" not in head_of(kit, {})


def test_all_levels_together(kit):
    said = {level: {} for level in LEVELS}
    for number, severity in enumerate(SEVERITIES):
        for level in LEVELS[: 6 - number]:
            said[level][severity] = ACTIONS[LEVELS.index(level) % 2]
    # The request has the word on contracts, the key on quality, the route on cost, the alias on hints.
    said["key"]["contract"] = "allow"
    assert head_of(kit, said)["on_loss"] == {
        "contract": ACTIONS[5 % 2],
        "quality": ACTIONS[4 % 2],
        "cost": ACTIONS[3 % 2],
        "hint": ACTIONS[2 % 2],
    }


def test_levels_are_not_changed_by_being_heard():
    lower, upper = {"cost": "allow"}, {"hint": "refuse"}
    assert settled((lower, NO_POLICY, upper)) == {"cost": "allow", "hint": "refuse"}
    assert (lower, upper) == ({"cost": "allow"}, {"hint": "refuse"})


@pytest.mark.parametrize(("key", "wish"), [*itertools.product(("refuse", "allow", None), repeat=2)])
def test_a_request_may_be_stricter_than_its_key_and_never_laxer(key, wish):
    policies = [{} if said is None else {"cost": said} for said in (key, wish)]
    assert relaxed(*policies) == (["cost"] if (key, wish) == ("refuse", "allow") else [])


BODY = {"messages": [{"role": "user", "content": "Hi"}], "seed": 1}  # a hint, lost on the way to Anthropic
REPLY = orjson.dumps(
    {"id": "m", "type": "message", "role": "assistant", "model": "c", "content": [{"type": "text", "text": "Hi"}],
     "stop_reason": "end_turn", "usage": {"input_tokens": 1, "output_tokens": 1}}
)  # fmt: skip


@pytest.fixture
def levels(kit):
    """A gateway in which every level refuses hints, with a way around each of them."""
    upstream = kit.answering(kit.whole(200, REPLY))
    refuse, allow = {"hint": "refuse"}, {"hint": "allow"}
    aliases = {
        "strict": ModelAlias("claude-sonnet-4-5", on_loss=refuse),
        "lax": ModelAlias("claude-sonnet-4-5", on_loss=allow),
    }
    accounts = {
        "strict": kit.account(upstream.url, "anthropic", models=aliases, on_loss=refuse),
        "lax": kit.account(upstream.url, "anthropic", models=aliases, on_loss=allow),
        "plain": kit.account(upstream.url, "anthropic", models=aliases),
    }
    routes = {
        "lax": RouteConfig((RouteTarget("strict/strict"),), on_loss=allow),
        "strict": RouteConfig((RouteTarget("lax/lax"),), on_loss=refuse),
        "plain": RouteConfig((RouteTarget("lax/strict"),)),
    }
    keys = {name: KeyConfig(hash_of(name), on_loss=policy)
            for name, policy in (("lax", allow), ("strict", refuse), ("plain", NO_POLICY))}  # fmt: skip
    return kit.gateway(kit.config(accounts, routes=routes, keys=keys, on_loss=refuse), boundary)


@pytest.mark.parametrize(
    ("model", "key", "wish", "status"),
    [
        ("plain/claude-sonnet-4-5", "plain", None, 400),  # the server
        ("lax/claude-sonnet-4-5", "plain", None, 200),  # the account
        ("lax/strict", "plain", None, 400),  # the alias
        ("strict/lax", "plain", None, 200),
        ("plain", "plain", None, 400),  # the alias again, as a route's target
        ("lax", "plain", None, 200),  # the route
        ("strict", "plain", None, 400),
        ("strict", "lax", None, 200),  # the key
        ("lax", "strict", None, 400),
        ("strict/strict", "lax", None, 200),
        ("strict", "plain", "hint=allow", 200),  # the request
        ("lax", "lax", "refuse", 400),
        ("lax", "strict", "hint=allow", 403),
        ("lax", "strict", "contract=allow", 400),
    ],
)
def test_every_level_is_heard_by_a_running_gateway(levels, model, key, wish, status):
    headers = {"x-api-key": key} | ({"x-dragoman-on-loss": wish} if wish else {})
    reply = httpx.post(f"{levels.url}/v1/chat/completions", json=BODY | {"model": model}, headers=headers, timeout=10,
                       trust_env=False)  # fmt: skip
    assert reply.status_code == status, reply.text
    code = {200: None, 400: "unsupported_parameter", 403: "policy_not_allowed"}[status]
    if code is not None:
        assert reply.json()["error"]["code"] == code
        assert reply.json()["error"]["param"] == ("seed" if status == 400 else "x-dragoman-on-loss")


TEXT = """\
[server]
on_loss = {cost = "refuse"}
[accounts.a]
provider = "openai"
api_key = "x"
on_loss = "quality=refuse"
[accounts.a.models.fast]
id = "gpt-5"
[accounts.a.models.fast.on_loss]
cost = "allow"
[accounts.b]
provider = "openai"
api_key = "x"
[routes.smart]
targets = ["b/gpt-5", "a/fast"]
on_loss = {hint = "refuse"}
[keys.ci]
hash = "sha256:0000000000000000000000000000000000000000000000000000000000000000"
on_loss = "refuse"
[keys.other]
hash = "sha256:1000000000000000000000000000000000000000000000000000000000000000"
"""


def test_the_configuration_tells_of_each_policy_where_it_comes_from(kit, write):
    path = write(TEXT)
    config = load(path, env={}, providers=kit.rows)
    origins = {key: (value, origin) for key, value, origin in listing(config) if "on_loss" in key}
    assert origins == {
        "server.on_loss": ("cost=refuse", f"{path}:2"),
        "accounts.a.on_loss": ("quality=refuse", f"{path}:6"),
        "accounts.a.models.fast.on_loss": ("cost=allow", f"{path}:9"),
        "routes.smart.on_loss": ("hint=refuse", f"{path}:16"),
        "keys.ci.on_loss": ("contract=refuse, quality=refuse, cost=refuse, hint=refuse", f"{path}:19"),
    }
    own, server, default = "(accounts.a.on_loss)", "(server.on_loss)", "(default)"
    fast, smart, key = "(accounts.a.models.fast.on_loss)", "refuse (routes.smart.on_loss)", "refuse (keys.ci.on_loss)"
    assert list(policies(config)) == [
        ("a/*", f"refuse {default}", f"refuse {own}", f"refuse {server}", f"allow {default}"),
        ("a/fast", f"refuse {default}", f"refuse {own}", f"allow {fast}", f"allow {default}"),
        ("b/*", f"refuse {default}", f"allow {default}", f"refuse {server}", f"allow {default}"),
        ("smart, at b/gpt-5", f"refuse {default}", f"allow {default}", f"refuse {server}", smart),
        ("smart, at a/fast", f"refuse {default}", f"refuse {own}", f"allow {fast}", smart),
        ("with the key ci", key, key, key, key),
    ]


def test_without_policies_there_is_nothing_to_tell(kit, write):
    config = load(write('[accounts.a]\nprovider = "openai"\napi_key = "x"\n'), env={}, providers=kit.rows)
    assert list(policies(config)) == []
