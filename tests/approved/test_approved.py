"""What every body of the tests becomes is what was approved: a change of it is seen, and judged by a person."""

import functools

import orjson
import pytest

from . import columns, corpus, damage, faces, grid, heads

REQUESTS = list(corpus.requests())
ANSWERS = list(corpus.answers())
# Bodies that say much: what a plain one does not say cannot be damaged.
DAMAGED_REQUESTS = [said for said in REQUESTS if said.name.startswith(("identity", "rich"))]
DAMAGED_ANSWERS = [
    said
    for said in ANSWERS
    if "rich" in said.name or (len(said.body) < 3000 and not said.name.startswith(("reply that ends", "error")))
]
PLACES = {said: "+".join(model for _, model in corpus.targets(said.turn)) for said in REQUESTS}


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


@pytest.mark.parametrize("said", REQUESTS, ids=[f"{said} to {PLACES[said]}" for said in REQUESTS])
def test_a_request_becomes_what_was_approved(said, request):
    check(f"requests.{said.speaker}.jsonl", said.name, corpus.sent(said), request)


@pytest.mark.parametrize("said", ANSWERS, ids=str)
def test_an_answer_is_told_as_was_approved(said, request):
    check(f"answers.{said.speaker}.jsonl", said.name, corpus.told(said), request)


@pytest.mark.parametrize("said", DAMAGED_REQUESTS, ids=str)
def test_a_damaged_request_is_answered_as_was_approved(said, request):
    check(f"damaged-requests.{said.speaker}.jsonl", said.name, damage.asked(said), request)


@pytest.mark.parametrize("said", DAMAGED_ANSWERS, ids=str)
def test_a_damaged_answer_is_told_as_was_approved(said, request):
    check(f"damaged-answers.{said.speaker}.jsonl", said.name, damage.answered(said), request)


@pytest.mark.parametrize("asked", heads.CALLS, ids=str)
def test_a_damaged_head_is_answered_as_was_approved(asked, request):
    check("damaged-heads.jsonl", str(asked), heads.answers(asked), request)


@pytest.mark.parametrize("said", DAMAGED_REQUESTS, ids=str)
def test_a_switch_to_another_model_is_told_as_was_approved(said, request):
    check(f"switches.{said.speaker}.jsonl", said.name, faces.switched(said), request)


@pytest.mark.parametrize("said", DAMAGED_ANSWERS, ids=str)
def test_an_answer_is_read_as_was_approved(said, request):
    check(f"read.{said.speaker}.jsonl", said.name, faces.read_whole(said), request)


@pytest.mark.parametrize("said", [said for said in ANSWERS if "rich" in said.name], ids=str)
def test_an_answer_to_a_request_that_was_more_than_plain_is_told_as_was_approved(said, request):
    check(f"noted.{said.speaker}.jsonl", said.name, faces.noted(said), request)


@pytest.mark.parametrize(("to", "model"), grid.MODELS, ids=[f"{to} {model}" for to, model in grid.MODELS])
def test_a_wish_at_a_model_becomes_what_was_approved(to, model, request):
    check("wishes.jsonl", f"{to} {model}", grid.asked(to, model), request)


@pytest.mark.parametrize("row", columns.ROWS)
def test_a_wish_at_a_row_that_is_not_as_usual_becomes_what_was_approved(row, request):
    check("columns.jsonl", row, columns.asked(row), request)


def test_every_body_has_a_name_of_its_own():
    assert len({(said.speaker, said.name) for said in REQUESTS}) == len(REQUESTS)
    assert len({(said.speaker, said.name) for said in ANSWERS}) == len(ANSWERS)


def test_the_tables_are_told_as_was_approved(request):
    for what in ("models", "providers"):
        told = orjson.loads(getattr(corpus.boundary, what)())
        rows = {f"{row.get('family', 'provider')} {row.get('prefix', row.get('name'))}": row for row in told}
        for name, row in rows.items():
            check(f"{what}.jsonl", name, [row], request)
        assert list(approved(f"{what}.jsonl")) == list(rows)


@pytest.mark.parametrize("file", sorted(path.name for path in corpus.HERE.glob("*.*.jsonl")))
def test_nothing_is_approved_that_is_not_asked(file):
    asked = {said.name for said in (*REQUESTS, *ANSWERS) if file.endswith(f".{said.speaker}.jsonl")}
    assert approved(file).keys() <= asked
