"""What of a call tells its answer."""

import orjson
import pytest
from dragoman.translate import boundary
from dragoman.translate.providers import PROVIDERS

LABELS = {
    "openai": {"user": "u", "safety_identifier": "s", "metadata": {"id": "r-1"}, "prompt_cache_key": "k"},
    "azure": {"user": "u", "prompt_cache_key": "k"},
    "anthropic": {"user": "u"},
    "bedrock": {"metadata": {"id": "r-1"}},
    "vertex": {"metadata": {"id": "r-1"}},
    "xai": {"user": "u", "prompt_cache_key": "k"},
    "groq": {"user": "u"},
}


def essence(provider, body, client="openai_chat", model="m", **headers):
    places = {"base_url": "http://host", "region": "r", "project": "p", "location": "l"}
    head = {"from": client, "to": provider, "model": model, "headers": headers, "on_loss": "allow", **places}
    answer = boundary.request(orjson.dumps(head), orjson.dumps({"model": "m", **body}))
    call = orjson.loads(answer.head)
    assert answer.status == 200, answer.body
    return boundary.essence(orjson.dumps({"context": call["context"], "headers": call["headers"]}), answer.body)


BODY = {"messages": [{"role": "user", "content": 'say "user": x'}], "max_tokens": 20}


@pytest.mark.parametrize("provider", LABELS)
def test_labels_that_change_no_answer_do_not_count(provider):
    plain = essence(provider, BODY)
    assert essence(provider, BODY | LABELS[provider]) == plain
    assert essence(provider, BODY | {"max_tokens": 21}) != plain


def test_of_servers_that_may_mean_anything_by_a_label_all_counts():
    plain = essence("openai_compatible", BODY)
    for more in ({"user": "u"}, {"metadata": {"id": "r-1"}}):
        assert essence("openai_compatible", BODY | more) != plain


def test_answers_that_repeat_the_labels_are_told_to_nobody_else():
    body = {"input": "Hi", "max_output_tokens": 20}
    plain = essence("openai", body, "openai_responses", "gpt-5")
    for more in ({"user": "u"}, {"safety_identifier": "s"}, {"metadata": {"id": "1"}}, {"prompt_cache_key": "k"}):
        assert essence("openai", body | more, "openai_responses", "gpt-5") != plain


def test_headers_count_but_for_ids():
    plain = essence("azure", BODY)
    assert essence("azure", BODY, **{"x-ms-client-request-id": "1"}) == plain
    assert essence("azure", BODY, **{"aoai-evals": "1"}) != plain
    assert essence("anthropic", BODY, **{"anthropic-beta": "x"}) != essence("anthropic", BODY)
    assert essence("xai", BODY, **{"x-grok-conv-id": "1"}) == essence("xai", BODY)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # A key twice, a number that is rounded, white space: what the value hides makes a difference to somebody.
        (b'{"a":1,"a":2,"user":"u"}', b'{"a":2,"user":"u"}'),
        (b'{"a":12345678901234567890123,"user":"u"}', b'{"a":12345678901234567890124,"user":"u"}'),
        (b'{"a":1.0, "user":"u"}', b'{"a":1.0,"user":"u"}'),
        (b'{"a":{"user":"u"}}', b'{"a":{"user":"v"}}'),
        (b'[{"user":"u"}]', b'[{"user":"v"}]'),
        (b'{"user":"u"', b'{"user":"v"'),
    ],
)
def test_two_bodies_are_never_taken_for_one_by_mistake(one, other):
    head = orjson.dumps({"context": {"provider": "openai", "dialect": "openai_chat"}, "headers": {}})
    assert boundary.essence(head, one) != boundary.essence(head, other)


@pytest.mark.parametrize("head", [b"", b"[]", b"{}", b'{"context":{}}', b'{"context":{"provider":[],"dialect":1}}'])
def test_nothing_is_raised_and_in_doubt_all_counts(head):
    assert boundary.essence(head, b"body").endswith(b"body")


def test_rows_name_top_level_keys_and_headers_of_clients():
    for row in PROVIDERS.values():
        for one in (row, row.other, *(variant for _, variant in row.variants)):
            if one is not None:
                assert not {"messages", "model", "input", "contents", "system", "tools", "store"} & {*one.silent}
