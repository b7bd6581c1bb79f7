"""What the core remembers between calls is bounded, whatever clients call their models and tools."""

import tracemalloc

import orjson
from dragoman.translate import boundary
from dragoman.translate.records.remember import LONGEST, remember

LONG = "x" * 50_000


def send(model, name):
    tool = {"type": "function", "function": {"name": name}}
    body = {"model": "m", "messages": [{"role": "user", "content": "Hi"}], "max_tokens": 9, "tools": [tool]}
    answer = boundary.request(orjson.dumps({"to": "anthropic", "model": model}), orjson.dumps(body))
    assert answer.status == 200


def test_long_names_of_models_and_tools_are_not_kept():
    send("m", "f")
    tracemalloc.start()
    try:
        for n in range(100):
            send(f"{LONG}{n}", f"{LONG}{n}")
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # One of the names alone has 50 KB, and there are 200 of them.
    assert kept < 500_000


def test_short_words_are_answered_once_and_long_ones_each_time():
    calls = []

    @remember(4)
    def double(word, *, again=""):
        calls.append(word)
        return word + word + again

    most = "m" * LONGEST
    assert double("a") == double("a") == "aa"
    assert double(most) == double(most) == most * 2
    assert calls == ["a", most]
    longer = most + "m"
    assert double(longer) == double(longer) == longer * 2
    assert double("a", again=longer) == double("a", again=longer) == "aa" + longer
    assert calls == ["a", most, longer, longer, "a", "a"]
