"""What every body of the tests becomes is what was approved: a change of it is seen, and judged by a person."""

import functools

import orjson
import pytest

from . import corpus, damage

REQUESTS = list(enumerate(corpus.requests()))
MODELS = ["+".join(model for _, model in corpus.targets(number)) for number, _ in REQUESTS]
ANSWERS = list(enumerate(corpus.answers()))


@functools.cache
def approved(file):
    path = corpus.HERE / file
    lines = path.read_bytes().splitlines() if path.exists() else []
    return {orjson.loads(line)["name"]: line for line in lines}


def check(file, name, rows, request):
    line = orjson.dumps({"name": name, "rows": rows})
    if request.config.getoption("--accept", default=False) and approved(file).get(name) != line:
        approved(file)[name] = line
        (corpus.HERE / file).write_bytes(b"".join(known + b"\n" for known in approved(file).values()))
    known = approved(file)[name]
    # Rows first: their difference is easier to read than that of lines; lines say the order of keys and every digit.
    made, wanted = orjson.loads(line)["rows"], orjson.loads(known)["rows"]
    assert [pair for pair in zip(made, wanted, strict=True) if pair[0] != pair[1]] == []
    assert line == known


@pytest.mark.parametrize(
    ("number", "said"), REQUESTS, ids=[f"{said} to {to}" for (_, said), to in zip(REQUESTS, MODELS, strict=True)]
)
def test_a_request_becomes_what_was_approved(number, said, request):
    check(f"requests.{said.speaker}.jsonl", said.name, corpus.sent(said, number), request)


@pytest.mark.parametrize(("number", "said"), ANSWERS, ids=[str(said) for _, said in ANSWERS])
def test_an_answer_is_told_as_was_approved(number, said, request):
    check(f"answers.{said.speaker}.jsonl", said.name, corpus.told(said, number), request)


# Bodies that say much: what a plain one does not say cannot be damaged.
SOME_REQUESTS = [pair for pair in REQUESTS if pair[1].name.startswith("identity")]
MADE = ("reply that ends", "error")
SOME_ANSWERS = [pair for pair in ANSWERS if len(pair[1].body) < 3000 and not pair[1].name.startswith(MADE)]


@pytest.mark.parametrize(("number", "said"), SOME_REQUESTS, ids=[str(said) for _, said in SOME_REQUESTS])
def test_a_damaged_request_is_answered_as_was_approved(number, said, request):
    check(f"damaged-requests.{said.speaker}.jsonl", said.name, damage.asked(said, number), request)


@pytest.mark.parametrize(("number", "said"), SOME_ANSWERS, ids=[str(said) for _, said in SOME_ANSWERS])
def test_a_damaged_answer_is_told_as_was_approved(number, said, request):
    check(f"damaged-answers.{said.speaker}.jsonl", said.name, damage.answered(said, number), request)


def test_the_tables_are_told_as_was_approved(request):
    for what in ("models", "providers"):
        for row in orjson.loads(getattr(corpus.boundary, what)()):
            name = f"{row.get('family', 'provider')} {row.get('prefix', row.get('name'))}"
            check(f"{what}.jsonl", name, [row], request)


@pytest.mark.parametrize("file", sorted(path.name for path in corpus.HERE.glob("*.*.jsonl")))
def test_nothing_is_approved_that_is_not_asked(file):
    asked = {said.name for _, said in (*REQUESTS, *ANSWERS) if file.endswith(f".{said.speaker}.jsonl")}
    assert approved(file).keys() <= asked
