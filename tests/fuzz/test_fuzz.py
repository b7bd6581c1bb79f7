import pytest

from .case import FOUND, Case, expect, read, write
from .corpus import gather
from .minimise import fault_of, minimise
from .running import Fuzzer
from .targets import TARGETS, Target
from .watch import Hang, bounded, timed

PAST = sorted(FOUND.glob("*.json"))


@pytest.fixture(scope="module")
def corpus():
    return gather(recordings=False)


@pytest.mark.parametrize("path", PAST, ids=lambda path: path.stem)
def test_what_was_found_once_is_mended(path):
    assert fault_of(read(path)) is None


@pytest.mark.parametrize("kind", sorted({name.partition(".")[0] for name in TARGETS}))
def test_nothing_is_found_in_some_hundred_tries(kind, corpus):
    fuzzer = Fuzzer(1, kind, corpus)
    for number in range(150):
        fuzzer.one(number)
    assert {name: finding.words for name, finding in fuzzer.report.found.items()} == {}
    assert sum(fuzzer.report.runs.values()) == 150


def test_a_seed_makes_the_same_cases_again(corpus):
    seen = []
    for _ in range(2):
        fuzzer = Fuzzer(5, "re", corpus)
        for number in range(60):
            fuzzer.one(number)
        seen.append((fuzzer.report.runs, fuzzer.seen))
    assert seen[0] == seen[1]


# The fuzzer itself finds what is there, and makes it small.


def broken(monkeypatch, run):
    monkeypatch.setitem(TARGETS, "request.openai_chat", Target(TARGETS["request.openai_chat"].make, run, 1))


def test_an_exception_is_found_and_made_small(monkeypatch, corpus):
    def run(case):
        if b'"role"' in case.whole:
            raise LookupError("odd")
        return set()

    broken(monkeypatch, run)
    fuzzer = Fuzzer(1, "request.openai_chat", corpus)
    for number in range(20):
        fuzzer.one(number)
    fuzzer.shrink(5.0)
    ((kind, found),) = fuzzer.report.found.items()
    assert kind == "request: LookupError in run"
    assert found.times > 5
    assert found.case.size < 40


def test_a_promise_that_is_broken_by_one_event_is_shown_with_that_event_alone(monkeypatch):
    def run(case):
        expect(b"bad" not in case.whole, "a bad word")
        return set()

    monkeypatch.setitem(TARGETS, "stream.anthropic", Target(TARGETS["stream.anthropic"].make, run, 1))
    events = [b'event: x\ndata: {"type":"x","n":%d,"text":"%b"}\n\n' % (n, b"bad" if n == 7 else b"") for n in range(9)]
    small = minimise(Case("stream.anthropic", b"{}", tuple(events)), "stream: a bad word", 5.0)
    assert small.whole == b"bad"


def test_what_does_not_come_back_is_a_finding(monkeypatch):
    def run(_):
        with bounded(0.05):
            while True:
                pass

    broken(monkeypatch, run)
    found = fault_of(Case("request.openai_chat", b"{}", (b"",)))
    assert found is not None
    assert found[0] == "request: Hang in ring"


def test_time_that_goes_with_the_square_is_a_finding():
    def square(data):
        return sum(byte == 97 for end in range(len(data)) for byte in data[:end])

    with pytest.raises(AssertionError, match="slow"):
        timed(3_000, 1, square, b"b" * 3_000)
    assert timed(100, 1, square, b"b" * 100) == 0


def test_no_handler_of_the_core_can_hold_a_hang_back():
    assert not issubclass(Hang, Exception)


def test_a_case_is_the_same_after_it_was_a_file(tmp_path):
    for case in (Case("sign", b"{}", ()), Case("stream.bedrock", b'{"a":"\xc3\xa9"}', (b"", b"\xff\x00", b"x"))):
        write(tmp_path / "case.json", case, "why")
        assert read(tmp_path / "case.json") == case


def test_every_dialect_has_material_of_every_kind(corpus):
    for kind in (corpus.requests, corpus.replies, corpus.streams):
        assert set(kind) == {"openai_chat", "openai_responses", "anthropic", "gemini", "bedrock"}
        assert all(len(pool) >= 2 for pool in kind.values())
