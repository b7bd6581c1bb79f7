"""The notation of the disposition table: what a row says, and what is no row."""

import pytest
from dragoman.translate.fields.table import GROUPS, TARGETS, Cell, _lines, _row, untagged

ROW = (
    '/a/*:x/b/** = {"c": 1} (nova) | openai = | chat /d/*/e "w" | anthropic ~quality = | bedrock -cost'
    " & /f ~hint & /g +cost | google url :stream | vertex_claude header x-b | responses form | * ."
)


def cells(line):
    return _row("openai_chat", "S", line).cells


def test_a_row_says_its_field_its_sample_and_its_models():
    row = _row("openai_chat", "S", ROW)
    assert (row.dialect, row.section, row.field) == ("openai_chat", "S", "/a/*:x/b")
    assert (row.sample, row.whole, row.models) == ('{"c": 1}', True, "nova")
    assert row.name == '/a/*:x/b/** = {"c": 1} (nova)'
    plain = _row("openai_chat", "S", "/a | * =")
    assert (plain.sample, plain.whole, plain.models, plain.name) == (None, False, "plain", "/a")


@pytest.mark.parametrize(("said", "cell"), [
    ("=", Cell("kept", place="/a/*/b")),
    ('= "w"', Cell("kept", place="/a/*/b", words='"w"')),
    ("/d", Cell("kept", place="/d")),
    ("/d 5 6", Cell("kept", place="/d", words="5 6")),
    ("form", Cell("form")),
    ("here", Cell("here")),
    (".", Cell("nothing")),
    ("!", Cell("refused")),
    ("url :stream", Cell("url", place=":stream")),
    ("header x-b", Cell("header", place="x-b")),
    ("~quality", Cell("bent", "quality")),
    ("~quality form", Cell("bent", "quality")),
    ("~hint = 5", Cell("bent", "hint", "/a/*/b", "5")),
    ("~cost /d", Cell("bent", "cost", "/d")),
    ("-contract", Cell("dropped", "contract")),
    ("-cost & /f ~hint & /g +cost & /h -quality", Cell("dropped", "cost", others=(
        ("/f", "approximated", "hint"), ("/g", "added", "cost"), ("/h", "dropped", "quality")))),
    ("! & /f -hint", Cell("refused", others=(("/f", "dropped", "hint"),))),
    ("header x & /f -hint", Cell("header", place="x", others=(("/f", "dropped", "hint"),))),
    ("= & /f -hint", Cell("kept", place="/a/*/b", others=(("/f", "dropped", "hint"),))),
    ("/d & /f -hint", Cell("kept", place="/d", others=(("/f", "dropped", "hint"),))),
])  # fmt: skip
def test_every_outcome_has_its_cell(said, cell):
    assert cells(f"/a/*:x/b | * {said}") == dict.fromkeys(TARGETS, cell)


def test_a_target_goes_before_its_group_and_a_group_before_all_others():
    found = cells("/a | * . | chat ! | openai bedrock =")
    assert {target: cell.outcome for target, cell in found.items()} == {
        target: "kept" if target in ("openai", "bedrock") else "refused" if target in GROUPS["chat"] else "nothing"
        for target in TARGETS
    }


@pytest.mark.parametrize(("line", "words"), [
    ("/a | openai =", "no outcome for responses"),
    ("/a | * = | mars !", "unknown target mars"),
    ("/a | =", "no targets, or no outcome"),
    ("/a | * openai", "no targets, or no outcome"),
    ("/a | * ?", "unknown outcome: ?"),
    ("/a | * -grave", "unknown severity: grave"),
    ("/a | * -cost & /b -grave", "unknown severity: grave"),
])  # fmt: skip
def test_what_is_no_row_is_refused_with_its_words(line, words):
    with pytest.raises(ValueError, match=r"\S") as caught:
        _row("openai_chat", "S", line)
    assert words in str(caught.value)


def test_a_row_goes_on_in_lines_that_are_indented_and_headings_are_sections():
    text = '# One\n/a = {"b":\n    1}\n    | * =\n\n/c | * =\n# Two\n/d | * ='
    assert list(_lines(text)) == [("One", '/a = {"b":1}    | * ='), ("One", "/c | * ="), ("Two", "/d | * =")]


@pytest.mark.parametrize(("field", "plain"), [
    ("/a/*:x/b", "/a/*/b"), ("/a:x", "/a"), ("/a:x*/b:y.z-1", "/a/b"), ("/a", "/a"), ("/a/b:", "/a/b:"),
])  # fmt: skip
def test_a_field_is_known_without_its_tags(field, plain):
    assert untagged(field) == plain
