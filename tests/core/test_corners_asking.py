"""Corners of the way from a body to a call: what is set aside, whose session it is, and where a bound lies."""

import orjson
import pytest
from dragoman.translate import Context, Stamp, aim, aside, boundary, read_request
from dragoman.translate.asking import ask_to_embed
from dragoman.translate.seal import seal, unseal
from dragoman.translate.sessions import conversation_of
from proof.calls import native, send

USER = {"role": "user", "content": "Hi"}
LONG = "QUJD" * 30_000


def chat(**fields):
    return {"model": "m", "messages": [USER], **fields}


@pytest.mark.parametrize(("before", "taken"), [
    (b'"data:image/png;base64,', 64), (b'{"data":"', 64), (b'{"data" : "', 64), (b'{"data"\n:\t"', 64),
    (b'"data:text/plain;charset=utf-8;base64,', 64), (b'"data:,', 70),
])  # fmt: skip
def test_the_beginning_of_data_stays_whole_groups_of_base64(before, taken):
    body = b"[" + before + LONG.encode() + b'"]'
    small, [(mark, data)] = aside.set_aside(body)
    begin = body.index(before) + len(before)
    if before == b'"data:,':
        # No base64 is told: it is cut behind the beginning of the address.
        begin = body.index(b"data:,")
        taken = 64
    assert bytes(data) == body[begin + taken : -2]
    assert small == body[: begin + taken] + mark + b'"]'
    assert aside.put_back(small, [(mark, data)]) == body


@pytest.mark.parametrize("before", [
    b'{"text":"', b'{"data"x"', b'{"xdata":"', b'["data","', b'{"\\"data\\":"', b'"text data:image/png;base64,',
])  # fmt: skip
def test_what_is_no_data_stays(before):
    body = b"[" + before + LONG.encode() + b'"]'
    assert aside.set_aside(body) == (body, ())


def test_data_as_long_as_the_limit_stay_and_longer_ones_go():
    for size, gone in ((aside.MIN_BYTES - 1, False), (aside.MIN_BYTES + 3, True)):
        body = b'["' + b"x" * 9 + b'","data:' + b"A" * (size - 5) + b'"]'
        assert bool(aside.set_aside(body)[1]) is gone, size


def conversation(body):
    return boundary.session("openai_chat", "conversation", boundary.parse(orjson.dumps(body)))


def test_a_text_counts_as_deep_as_it_stands_in_any_dialect_and_no_deeper():
    def deep(levels):
        value = "hi"
        for _ in range(levels):
            value = [value]
        return {"messages": [{"role": "user", "content": value}]}

    # A turn's text stands in its content, a part of it, and a part of that.
    assert conversation(deep(0)) is not None
    assert conversation(deep(2)) is not None
    assert conversation(deep(4)) is None
    assert conversation({"messages": [{"role": "user", "content": [{"content": [{"text": "hi"}]}]}]}) is None


def test_only_the_beginning_of_long_texts_counts_and_both_texts_do():
    most = 4096

    def name(system, user):
        return conversation({"system": system, "messages": [{"role": "user", "content": user}]})

    assert name("s", "x" * most) == name("s", "x" * most + "y")
    assert name("s", "x" * (most - 1) + "y") != name("s", "x" * most)
    assert name("x" * most, "u") == name("x" * most + "y", "u")
    assert name("x" * (most - 1) + "y", "u") != name("x" * most, "u")
    assert name("a", "b") != name("ab", "")
    assert name("a", "b") != name("", "b")


@pytest.mark.parametrize("body", [None, [], 5, "x", {}, {"messages": None}, {"messages": {}}])
def test_what_is_no_conversation_has_no_name(body):
    assert conversation_of(body) is None


@pytest.mark.parametrize(("turns", "same"), [
    ([{"role": "developer", "content": "s"}, {"role": "system", "content": "t"}, USER], True),
    ([{"role": "system", "content": "st"}, USER, {"role": "system", "content": "late"}], True),
    ([{"role": "system", "content": "st"}, {"role": "user", "content": ""}, USER], True),
    ([{"role": "system", "content": "s"}, USER], False),
    ([USER, {"role": "system", "content": "st"}], False),
])  # fmt: skip
def test_system_text_is_what_stands_before_the_first_word_of_the_user(turns, same):
    first = conversation({"messages": [{"role": "system", "content": "st"}, USER]})
    assert (conversation({"messages": turns}) == first) is same


def test_a_stream_whose_head_is_none_is_one_of_a_chat_client_and_of_no_model():
    for head in (b"no json", b"{}", b'{"context":{"client":"klingon","provider":"x","dialect":"y","model":"z"}}'):
        status, pipe = boundary.open(head)
        assert (status, pipe.context) == (400, Context("openai_chat", "openai", "openai_chat", ""))
        assert pipe.stamp in (Stamp(), Stamp(0, ""))


@pytest.mark.parametrize(("named", "model"), [
    ("openai/text-embedding-3-small", "text-embedding-3-small"), ("text-embedding-3-small", "text-embedding-3-small"),
    ("x/y/text", "y/text"),
])  # fmt: skip
def test_the_model_of_embeddings_is_what_stands_behind_the_first_slash(named, model):
    answer = ask_to_embed({"to": "openai_compatible", "base_url": "https://h.example"},
                          orjson.dumps({"model": named, "input": "x"}))  # fmt: skip
    assert orjson.loads(answer.body)["model"] == model
    answer = ask_to_embed({"to": "openai_compatible", "base_url": "https://h.example", "model": "told"},
                          orjson.dumps({"model": named, "input": "x"}))  # fmt: skip
    assert orjson.loads(answer.body)["model"] == "told"


@pytest.mark.parametrize(("row", "fields", "kept"), [
    ({"temperature": [0.5, 1]}, {"temperature": 0.5}, True), ({"temperature": [0.5, 1]}, {"temperature": 1}, True),
    ({"temperature": [0.5, 1]}, {"temperature": 0.4}, False), ({"temperature": [0.5, 1]}, {"temperature": 1.1}, False),
    ({"stop": 2}, {"stop": ["a", "b"]}, True), ({"stop": 2}, {"stop": ["a", "b", "c"]}, False),
])  # fmt: skip
def test_a_bound_belongs_to_what_is_taken(row, fields, kept):
    sent = send(chat(**fields), to="openai_compatible", model="x", models=[{"prefix": "x", **row}], on_loss="allow")
    same = all(sent.body.get(key) == value for key, value in fields.items())
    assert (same, bool(sent.losses)) == (kept, not kept), sent


@pytest.mark.parametrize(("seed", "kept"), [(9, True), (-5, True), (10, False), (-6, False)])
def test_a_seed_up_to_its_bounds_is_taken(seed, kept):
    sent = send(chat(seed=seed), to="gemini", model="x", models=[{"prefix": "x", "seed": [-5, 9]}], on_loss="allow")
    assert (sent.body.get("generationConfig", {}).get("seed") == seed) is kept
    assert ([loss["path"] for loss in sent.losses] == ["/seed"]) is not kept


@pytest.mark.parametrize(("efforts", "told"), [(["none", "low"], "none"), (["low"], None)])
def test_a_model_that_reasons_unasked_is_told_not_to_beside_tools_where_it_can_be(efforts, told):
    row = {"prefix": "x", "reasoning": {"kind": "native", "on": True, "tools": False, "efforts": efforts}}
    tools = [{"type": "function", "function": {"name": "f"}}]
    sent = send(chat(tools=tools), to="openai_compatible", model="x", models=[row], on_loss="allow")
    assert sent.body.get("reasoning_effort") == told


MARK = {"type": "ephemeral"}


@pytest.mark.parametrize(("content", "marked"), [
    ([{"type": "text", "text": "a"}], True), ([{"type": "text", "text": ""}], False), ([], False),
    ([{"type": "text", "text": "a", "cache_control": MARK}], False),
])  # fmt: skip
def test_the_mark_of_a_result_moves_to_its_last_part_if_that_can_carry_it(content, marked):
    call = {"type": "tool_use", "id": "t1", "name": "f", "input": {}}
    result = {"type": "tool_result", "tool_use_id": "t1", "content": content, "cache_control": MARK}
    turns = [USER, {"role": "assistant", "content": [call]}, {"role": "user", "content": [result]}]
    body = {"model": "m", "max_tokens": 9, "messages": turns}
    sent = send(body, "anthropic", "openai", model="gpt-5.6", on_loss="allow")
    lost = {loss["path"] for loss in sent.losses if loss["severity"] == "cost"}
    assert ("/messages/2/content/0/cache_control" in lost) is not marked


@pytest.mark.parametrize(("word", "found"), [
    ("dragoman:google:call:a:b", ("google", "call", "a:b")), ("dragoman:google:thinking:", ("google", "thinking", "")),
    ("dragoman:google:dream:x", ("home", None, "dragoman:google:dream:x")),
    ("dragoman:google:call", ("home", None, "dragoman:google:call")),
    ("dragomans:google:call:x", ("home", None, "dragomans:google:call:x")), ("c2ln", ("home", None, "c2ln")),
])  # fmt: skip
def test_a_sealed_state_says_whose_it_is_and_any_other_word_is_of_the_home(word, found):
    assert unseal(word, "home") == found


@pytest.mark.parametrize("kind", ["thinking", "redacted", "call"])
def test_what_is_sealed_is_unsealed_and_what_is_at_home_is_bare(kind):
    assert unseal(seal("google", kind, "a:b", "home"), "home") == ("google", kind, "a:b")
    assert seal("home", kind, "x", "home") == seal(None, kind, "x", "home") == "x"


def test_the_state_of_a_call_goes_back_to_it_and_that_of_a_thought_does_not():
    state, thought = seal("google", "call", "c2ln", "anthropic"), seal("google", "thinking", "dGg=", "anthropic")
    call = {"type": "tool_use", "id": "t1", "name": "f", "input": {}}

    def turns(*blocks):
        result = {"type": "tool_result", "tool_use_id": "t1", "content": "r"}
        return {"model": "m", "max_tokens": 9, "messages": [
            USER, {"role": "assistant", "content": [*blocks]}, {"role": "user", "content": [result]}]}  # fmt: skip

    def signatures(body):
        sent = native(body, "anthropic", "gemini", model="gemini-3-pro", on_loss="allow")
        return [part.get("thoughtSignature") for part in sent["contents"][1]["parts"]]

    def block(word, text=""):
        return {"type": "thinking", "thinking": text, "signature": word}

    assert signatures(turns(block(state), call)) == ["c2ln"]
    found = read_request("anthropic", orjson.dumps(turns(block(thought, "hm"), call))).messages[1].parts
    assert [(part.origin, part.signature) for part in found] == [("google", "dGg="), (None, None)]
    # What is said between the state and its call keeps both apart.
    between = turns(block(state), {"type": "text", "text": "A"}, call)
    found = read_request("anthropic", orjson.dumps(between)).messages[1].parts
    assert [(type(part).__name__, getattr(part, "origin", "")) for part in found] == [
        ("Thinking", "google"), ("Text", ""), ("Call", None),
    ]  # fmt: skip
    # A state of the home before a call is a thought's own.
    found = read_request("anthropic", orjson.dumps(turns(block(state), block("c2ln"), call))).messages[1].parts
    assert [part.origin for part in found] == ["google", "anthropic", None]


def test_aim_takes_a_base_url_with_the_route_in_it_once():
    for base in ("https://h.example/v1", "https://h.example/v1/", "https://h.example/v1/chat/completions"):
        assert aim("openai_compatible", "m", base_url=base).url == "https://h.example/v1/chat/completions"
