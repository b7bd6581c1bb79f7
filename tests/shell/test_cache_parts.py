"""The parts of the cache of answers on their own: the store in memory, what is written, keys, the ledger's column."""

import sqlite3
from contextlib import closing

import pytest
import trio
from dragoman.io.access_log import Trail
from dragoman.io.cache import CacheStore, Caching, Keep, MemoryStore, Stored
from dragoman.io.cache.answers import AnswerCache, cache_of
from dragoman.io.cache.keep import kept_headers, read, written
from dragoman.io.cache_settings import CacheConfig
from dragoman.io.config import Config, ConfigError, load
from dragoman.io.http import Budget, Lease, UpstreamError
from dragoman.io.ledger import Wanted, engine_of, entry_of, sums
from dragoman.io.ledger.engines import TABLE
from dragoman.io.ledger.entry import COLUMNS
from dragoman.io.secret import Address
from dragoman.io.server import opened
from dragoman.translate import boundary
from entries import whole
from hypothesis import given, settings
from hypothesis import strategies as st

ENTRY = 400  # what an entry takes beside its value


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


def run(function, *arguments):
    """What an asynchronous function gives."""

    async def main():
        return await function(*arguments)

    return trio.run(main)


# The store


@pytest.fixture
def clock():
    return Clock()


def test_a_value_is_there_until_its_time_is_over(clock):
    store = MemoryStore(10_000, clock)
    run(store.put, b"k", b"value", 10)
    assert run(store.get, b"k") == b"value"
    clock.now += 9.9
    assert run(store.get, b"k") == b"value"
    clock.now += 0.1
    assert run(store.get, b"k") is None
    assert (len(store), store.held) == (0, 0)


def test_what_is_over_goes_though_nobody_asks_for_it(clock):
    store = MemoryStore(1_000_000, clock)
    for number in range(100):
        run(store.put, b"%d" % number, b"x", 10 if number % 2 else 20)
    clock.now += 15
    run(store.get, b"another")
    assert len(store) == 50


def test_the_least_lately_used_make_room(clock):
    store = MemoryStore(3 * (ENTRY + 100), clock)
    for name in (b"a", b"b", b"c"):
        run(store.put, name, b"x" * 100, 60)
    run(store.get, b"a")
    run(store.put, b"d", b"x" * 100, 60)
    assert [name for name in (b"a", b"b", b"c", b"d") if run(store.get, name)] == [b"a", b"c", b"d"]
    store.resize(ENTRY + 100)
    assert [name for name in (b"a", b"b", b"c", b"d") if run(store.get, name)] == [b"d"]


def test_what_is_larger_than_all_of_it_is_not_kept_and_takes_nobody_s_room(clock):
    store = MemoryStore(2 * ENTRY, clock)
    run(store.put, b"a", b"x", 60)
    run(store.put, b"b", b"x" * 2 * ENTRY, 60)
    assert run(store.get, b"a") == b"x"
    # What it would replace is not what was to be kept any more.
    run(store.put, b"a", b"x" * 2 * ENTRY, 60)
    assert (run(store.get, b"a"), store.held) == (None, 0)


def test_an_answer_that_is_renewed_for_ever_leaves_no_notes_behind(clock):
    store = MemoryStore(10_000, clock)
    for _ in range(1000):
        run(store.put, b"k", b"value", 86_400)
    assert len(store._ends) < 100
    clock.now += 10
    run(store.put, b"k", b"value", 5)
    clock.now += 6
    assert run(store.get, b"k") is None


OPERATIONS = st.lists(
    st.tuples(st.sampled_from("gpt"), st.binary(min_size=1, max_size=1), st.integers(0, 3000), st.integers(1, 50)),
    max_size=80,
)


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 5000), OPERATIONS)
def test_it_never_holds_more_than_its_bound_and_tells_only_what_is_fresh(bound, operations):
    clock = Clock()
    store, known = MemoryStore(bound, clock), {}

    async def main():
        for what, key, size, seconds in operations:
            if what == "p":
                value = b"%d" % size * size
                await store.put(key, value, seconds)
                known[key] = (value, clock.now + seconds)
            elif what == "t":
                clock.now += seconds
            elif (value := await store.get(key)) is not None:
                assert value == known[key][0]
                assert clock.now < known[key][1]
            assert store.held == sum(len(value) + ENTRY for _, value in store._kept.values()) <= bound

    trio.run(main)


def test_any_other_store_is_a_class_with_two_functions():
    class Elsewhere:
        def __init__(self):
            self.kept = {}

        async def get(self, key: bytes) -> bytes | None:
            return self.kept.get(key)

        async def put(self, key: bytes, value: bytes, ttl_seconds: float) -> None:
            assert (type(key), len(key), type(value), ttl_seconds) == (bytes, 32, bytes, 60)
            self.kept[key] = value

    store: CacheStore = Elsewhere()
    cache = cache_of(CacheConfig(), boundary, lambda: 5.0, store=store)
    caching = Caching(60, reads=True, whose="")
    key = cache.key_of(caching, head(), [b"{}"])
    assert run(cache.find, caching, key) is None
    run(cache.keep(caching, key).put, [Stored({}, b"said")], b"")
    found = run(cache.find, caching, key)
    assert (found.age, found.replies) == (0, [Stored({}, b"said")])
    assert cache_of(CacheConfig(), boundary, lambda: 5.0, before=cache).store is not store  # it is somebody else's


# What is written


@given(
    st.floats(0, 1e10),
    st.lists(st.tuples(st.dictionaries(st.text(max_size=9), st.text(max_size=9)), st.binary(max_size=99)), max_size=4),
)
def test_what_is_written_is_read_as_it_was(at, replies):
    replies = [Stored(headers, body) for headers, body in replies]
    assert read(written(at, replies)) == (at, replies)


@pytest.mark.parametrize(
    "data",
    [
        b"", b"{}", b"\n", b"[]\n", b'{"at":1}\n', b'{"at":"x","replies":[]}\n', b'{"at":1,"replies":[[{},5]]}\nfour',
        b'{"at":1,"replies":[[{},3]]}\nfour', b'{"at":1,"replies":[[[],4]]}\nfour', b'{"at":1,"replies":7}\n',
        b'{"at":1,"replies":[[{},"4"]]}\nfour', b"\xff\xfe\n",
    ],
)  # fmt: skip
def test_what_is_not_written_so_is_nothing(data):
    assert read(data) is None
    store = MemoryStore(10_000)
    run(store.put, b"k", data, 60)
    assert run(AnswerCache(CacheConfig(), boundary, store).find, Caching(60, reads=True, whose=""), b"k") is None


def test_only_headers_about_the_answer_itself_are_kept():
    headers = [
        (b"content-type", b"text/event-stream"), (b"x-request-id", b"r"), (b"retry-after", b"1"),
        (b"x-ratelimit-remaining-requests", b"9"), (b"x-amzn-bedrock-input-token-count", b"7"), (b"set-cookie", b"c"),
    ]  # fmt: skip
    assert kept_headers(headers) == {"content-type": "text/event-stream", "x-amzn-bedrock-input-token-count": "7"}


class Pieces:
    """A response in pieces."""

    status, headers = 200, ((b"content-type", b"text/event-stream"),)

    def __init__(self, *pieces, budget=None):
        self.lease = Lease(budget or Budget(10_000))
        self._pieces = list(pieces)

    def header(self, _):
        return None

    async def receive(self):
        piece = self._pieces.pop(0) if self._pieces else b""
        if isinstance(piece, Exception):
            raise piece
        return piece

    async def read(self, _=None):
        return b"".join(self._pieces)

    async def aclose(self):
        pass


def copied(response, most=100):
    store = MemoryStore(10_000)
    keep = Keep(store, b"k", 60, most, lambda: 5.0)

    async def main():
        tapped, said = keep.tapped(response), b""
        try:
            while piece := await tapped.receive():
                said += piece
        finally:
            await tapped.aclose()
        return said, await keep.put_stream(b""), await store.get(b"k")

    return trio.run(main)


def test_a_stream_is_copied_as_it_is_read_within_its_bounds():
    said, fate, value = copied(Pieces(b"one ", b"two ", b"three"))
    assert (said, fate, read(value)[1][0].body) == (b"one two three", "stored", b"one two three")
    for response, most in ((Pieces(b"x" * 60, b"y" * 60), 100), (Pieces(b"x" * 60, b"y" * 30, budget=Budget(80)), 100)):
        said, fate, value = copied(response, most)
        assert (len(said) in (90, 120), fate, value) == (True, "too_large", None)


def test_what_is_copied_counts_for_the_bodies_that_are_held():
    budget = Budget(1000)
    response = Pieces(b"x" * 60, UpstreamError("reset", "gone", sent=True), budget=budget)
    with pytest.raises(UpstreamError):
        copied(response)
    assert budget.held == 60


# Keys


def head(**more):
    context = {"client": "openai_chat", "provider": "openai", "dialect": "openai_chat", "model": "m"}
    plain = {"method": "POST", "url": "http://host/v1", "headers": {"content-type": "application/json"}}
    return {**plain, "context": context, "stream": False, **more}


def test_a_key_is_made_of_all_that_tells_the_answer_and_of_nothing_else():
    cache = cache_of(CacheConfig(), boundary, lambda: 0.0)
    caching, body = Caching(60, reads=True, whose=""), b'{"model":"m","user":"a"}'
    plain = cache.key_of(caching, head(), [body])
    context = head()["context"]
    same = [
        (Caching(5, reads=False, whose=""), head(), [body]),
        (caching, head(losses=["x"], row="y"), [body]),
        (caching, head(context={**context, "client": "anthropic", "include_usage": True}), [body]),
        (caching, head(), [b'{"model":"m","user":"b"}']),
    ]
    others = [
        (Caching(60, reads=True, whose="me"), head(), [body]),
        (caching, head(url="http://host/v2"), [body]),
        (caching, head(method="GET"), [body]),
        (caching, head(stream=True), [body]),
        (caching, head(headers={}), [body]),
        (caching, head(context={**context, "provider": "openai_compatible"}), [body]),
        (caching, head(), [b'{"model":"n","user":"a"}']),
        (caching, head(), [body, body]),
        (caching, head(), [body[:5], body[5:]]),
        (caching, head(), []),
    ]
    assert {cache.key_of(*one) for one in same} == {plain}
    keys = [cache.key_of(*one) for one in others]
    assert len({plain, *keys}) == len(others) + 1


# The configuration


def test_faults_name_the_key_its_value_and_what_is_right(tmp_path):
    path = tmp_path / "dragoman.toml"
    account = "[accounts.a]\nprovider = 'openai'\napi_key = 'x'\n"
    for text, words in (
        ("[cache]\nttl_seconds = -1", "cache.ttl_seconds: -1 must not be negative"),
        ("[cache]\nttl_seconds = '10m'", 'cache.ttl_seconds: "10m" is a string; expected a number'),
        ("[cache]\nscope = 'user'", 'cache.scope: "user" must be "gateway" or "key"'),
        ("[cache]\nmax_bytes = 0", "cache.max_bytes: 0 must be greater than 0"),
        ("[cache]\nmax_bytes = 10", "cache.max_answer_bytes: 4194304 is more than max_bytes, 10"),
        ("[cache]\nttl = 5", "cache.ttl: unknown key (known here: ttl_seconds, store, max_bytes"),
        ("[routes.r]\ntargets = ['a/b']\ncache_seconds = -5", "routes.r.cache_seconds: -5 must not be negative"),
        ("[routes.r]\ntargets = ['a/b']\ncache_seconds = true", "routes.r.cache_seconds: true is a boolean"),
        (f"[keys.k]\nhash = 'sha256:{'0' * 64}'\ncache = 'no'", 'keys.k.cache: "no" is a string; expected true or'),
    ):
        path.write_text(account + text)
        with pytest.raises(ConfigError) as caught:
            load(path, env={}, providers=())
        assert words in str(caught.value), text


def test_a_gateway_that_takes_another_s_place_goes_on_with_its_answers():
    async def main():
        async with opened(Config(), boundary) as first:
            cache = first.gateway.cache
            await cache.store.put(b"a", b"x", 60)
            await cache.store.put(b"b", b"x", 60)
            smaller = Config(cache=CacheConfig(max_bytes=ENTRY + 10, max_answer_bytes=5))
            async with opened(smaller, boundary, before=first.gateway) as second:
                assert second.gateway.cache.store is cache.store
                assert [await cache.store.get(key) for key in (b"a", b"b")] == [None, b"x"]

    trio.run(main)


# The ledger


@pytest.fixture
def old(tmp_path):
    """A ledger as gateways made it that had no cache, with one entry."""
    path = tmp_path / "ledger.sqlite3"
    kinds = {int: "BIGINT NOT NULL", float: "DOUBLE PRECISION NOT NULL", str: "TEXT NOT NULL"}
    columns = [name for name in COLUMNS if name != "cache"]
    words = ", ".join(f"{name} {kinds.get(COLUMNS[name], 'TEXT')}" for name in columns)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE dragoman_ledger (version BIGINT NOT NULL)")
        connection.execute("INSERT INTO dragoman_ledger VALUES (1)")
        connection.execute(f"CREATE TABLE {TABLE} ({words}, PRIMARY KEY (id))")
        values = whole(entry(cache=None))
        connection.execute(
            f"INSERT INTO {TABLE} VALUES ({', '.join('?' * len(columns))})", [values[name] for name in columns]
        )
        connection.commit()
    return Address(f"sqlite:{path}")


def entry(number=1, **known):
    known = {"dialect": "openai_chat", "status": 200, "key": "ci", "usage": {"fresh": 100, "text": 5}, **known}
    return entry_of(Trail("POST", "/v1/chat/completions", **known), str(number), 1_795_000_000.0, 10.0)


def test_a_ledger_of_an_older_gateway_is_read_as_it_is_and_written_after_it_was_given_the_column(old):
    reader = engine_of(old, {}, writes=False)
    (known,) = sums(reader, Wanted(("key",)))
    assert (known.group, known.requests, known.hits, known.tokens["fresh"]) == (("ci",), 1, 0, 100)
    reader.close()
    writer = engine_of(old, {})
    for _ in range(2):
        writer.write([entry(2, cache="hit", cost=0.0), entry(3, cache="miss", cost=1.0)])
        writer.close()  # it is opened anew
    (known,) = sums(writer, Wanted(()))
    assert (known.requests, known.hits, known.tokens["fresh"], known.cost) == (3, 1, 200, 1.0)
    assert writer.rows(f"SELECT id, cache FROM {TABLE} ORDER BY id", []) == [("1", None), ("2", "hit"), ("3", "miss")]
    # Who does not know of the column goes on writing beside it.
    names = [name for name in COLUMNS if name != "cache"]
    values = whole(entry(4))
    with closing(sqlite3.connect(old.reveal().removeprefix("sqlite:"))) as connection:
        connection.execute(
            f"INSERT INTO {TABLE} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})",
            [values[name] for name in names],
        )
        connection.commit()
    assert sums(writer, Wanted(()))[0].requests == 4
    writer.close()
