"""The translators of embeddings: what each provider is sent, what is told of its reply, and what is refused by name."""

import base64
import json
import struct

import orjson
import pytest
from dragoman.translate import boundary
from hypothesis import given, settings
from hypothesis import strategies as st

VERTEX = "https://aiplatform.googleapis.com/v1beta1/projects/p/locations/global/publishers/google/models"
WISH = {"input": ["one", "two"], "dimensions": 256}


@pytest.mark.parametrize(
    ("to", "model", "url", "bodies"),
    [
        (
            "openai", "text-embedding-3-small", "https://api.openai.com/v1/embeddings",
            [{"model": "text-embedding-3-small", **WISH}],
        ),
        (
            "azure", "text-embedding-3-small", "https://host.example/openai/v1/embeddings",
            [{"model": "text-embedding-3-small", **WISH}],
        ),
        ("openai_compatible", "nomic", "https://host.example/embeddings", [{"model": "nomic", **WISH}]),
        (
            "gemini", "gemini-embedding-001",
            "https://generativelanguage.googleapis.com/v1beta/models/gemini-embedding-001:batchEmbedContents",
            [{"requests": [
                {"model": "models/gemini-embedding-001", "content": {"parts": [{"text": text}]},
                 "outputDimensionality": 256}
                for text in WISH["input"]
            ]}],
        ),
        (
            "vertex", "text-embedding-005",
            f"{VERTEX}/text-embedding-005:predict",
            [{"instances": [{"content": "one"}, {"content": "two"}],
              "parameters": {"autoTruncate": False, "outputDimensionality": 256}}],
        ),
        (
            "vertex", "gemini-embedding-001",
            f"{VERTEX}/gemini-embedding-001:embedContent",
            [{"content": {"role": "user", "parts": [{"text": text}]},
              "embedContentConfig": {"outputDimensionality": 256, "autoTruncate": False}} for text in WISH["input"]],
        ),
        (
            "bedrock", "amazon.titan-embed-text-v2:0",
            "https://bedrock-runtime.r.amazonaws.com/model/amazon.titan-embed-text-v2%3A0/invoke",
            [{"inputText": "one", "dimensions": 256}, {"inputText": "two", "dimensions": 256}],
        ),
        (
            "bedrock", "eu.cohere.embed-v4:0",
            "https://bedrock-runtime.r.amazonaws.com/model/eu.cohere.embed-v4%3A0/invoke",
            [{"texts": ["one", "two"], "input_type": "search_document", "embedding_types": ["float"],
              "output_dimension": 256}],
        ),
    ],
)  # fmt: skip
def test_each_provider_is_sent_its_own_form(embed, to, model, url, bodies):
    asked = embed(to, model, **WISH)
    assert asked.url == url
    assert asked.bodies == bodies


def test_a_dated_version_of_azure_has_the_deployment_in_its_address(embed):
    asked = embed("azure", "text-embedding-3-small", {"api_version": "2024-10-21", "deployment": "mine"})
    assert asked.url == "https://host.example/openai/deployments/mine/embeddings?api-version=2024-10-21"


def test_a_profile_of_bedrock_is_known_by_its_family(embed):
    arn = "arn:aws:bedrock:eu-west-1:1:application-inference-profile/abc"
    asked = embed("bedrock", arn, {"family": "amazon.titan-embed-text-v2:0"})
    assert asked.bodies == [{"inputText": "x"}]
    assert embed("bedrock", arn).error["code"] == "not_offered"


@pytest.mark.parametrize(("to", "model", "most"), [
    ("bedrock", "cohere.embed-english-v3", 96), ("gemini", "gemini-embedding-001", 100),
    ("vertex", "text-embedding-005", 250), ("bedrock", "amazon.titan-embed-text-v1", 1), ("openai", "e", 2048),
])  # fmt: skip
def test_no_call_has_more_inputs_than_its_model_takes_and_none_is_left_out(embed, to, model, most):
    texts = [f"text {number}" for number in range(300)]
    asked = embed(to, model, input=texts)
    sent = [json.dumps(body).count('"text ') for body in asked.bodies]
    assert max(sent) <= most
    assert sum(sent) == 300
    assert asked.head["context"]["counts"] == sent


@pytest.mark.parametrize("text", ["x" * 1000, "漢" * 333 + "x", "\U0001f600" * 250])
def test_no_call_has_more_tokens_than_its_model_takes_since_a_token_is_a_byte_at_least(embed, text):
    assert len(text.encode()) == 1000
    asked = embed("vertex", "text-embedding-005", input=[text] * 70)
    counts = asked.head["context"]["counts"]
    assert (max(counts), sum(counts)) == (20, 70)
    long = embed("vertex", "text-embedding-005", input=["a", "x" * 30_000, "b", "c"])
    assert long.head["context"]["counts"] == [1, 1, 2]
    assert [len(body["instances"]) for body in long.bodies] == [1, 1, 2]


@pytest.mark.parametrize(("to", "model", "body", "losses"), [
    ("gemini", "gemini-embedding-001", {"user": "u"}, [("/user", "dropped", "hint")]),
    ("gemini", "gemini-embedding-001", {"dimensions": 8}, [("/dimensions", "approximated", "quality")]),
    ("gemini", "gemini-embedding-001", {"dimensions": 3072}, []),
    ("gemini", "gemini-embedding-001", {"input_type": "query", "title": "t"}, []),
    ("openai", "text-embedding-3-small", {"input_type": "query"}, [("/input_type", "dropped", "quality")]),
    ("openai_compatible", "e", {"input_type": "query", "priority": 1, "user": "u"}, []),
    ("bedrock", "amazon.titan-embed-text-v1", {"dimensions": 1536}, []),
    ("bedrock", "amazon.titan-embed-text-v2:0", {"task_type": "CLUSTERING", "seed": 1, "a/b": 2},
     [("/task_type", "dropped", "quality"), ("/seed", "dropped", "quality"), ("/a~1b", "dropped", "quality")]),
    ("bedrock", "cohere.embed-english-v3", {}, [("/input_type", "added", "quality")]),
    ("bedrock", "cohere.embed-english-v3", {"input_type": "search_query"}, []),
    ("bedrock", "cohere.embed-english-v3", {"task_type": "FACT_VERIFICATION", "title": "t"},
     [("/task_type", "approximated", "quality"), ("/title", "dropped", "quality")]),
])  # fmt: skip
def test_what_a_provider_is_not_told_is_a_loss(embed, to, model, body, losses):
    assert embed(to, model, **body).losses == losses


@pytest.mark.parametrize(("to", "model", "body", "param", "words"), [
    ("bedrock", "amazon.titan-embed-text-v2:0", {"dimensions": 300}, "dimensions", "256, 512 or 1024"),
    ("bedrock", "cohere.embed-english-v3", {"dimensions": 512}, "dimensions", "1024"),
    ("gemini", "gemini-embedding-001", {"dimensions": 4000}, "dimensions", "1 to 3072"),
    ("gemini", "gemini-embedding-001", {"input": [1, 2]}, "input", "arrays of tokens"),
    ("bedrock", "amazon.titan-embed-text-v1", {"input": [[1], [2]]}, "input", "arrays of tokens"),
    ("openai", "e", {"input": ""}, "input", "not empty"),
    ("openai", "e", {"input": ["a", 1]}, "input[1]", "a string"),
    ("openai", "e", {"input": [[1], "a"]}, "input[1]", "array of tokens"),
    ("openai", "e", {"input": [1, -1]}, "input[1]", "a token"),
    ("openai", "e", {"input": ["x"] * 2049}, "input", "2048"),
    ("openai", "e", {"input": {"text": "x"}}, "input", "a string"),
    ("openai", "e", {"dimensions": 0}, "dimensions", "from 1 up"),
    ("openai", "e", {"encoding_format": "int8"}, "encoding_format", "'float', 'base64'"),
    ("openai", "e", {"user": 1}, "user", "a string"),
    ("gemini", "e", {"input_type": "poem"}, "input_type", "search_document"),
    ("anthropic", "claude", {}, "model", "bedrock"),
    ("vertex", "claude-opus-4", {}, "model", "no embeddings"),
])  # fmt: skip
def test_what_cannot_be_asked_is_refused_by_name(embed, to, model, body, param, words):
    asked = embed(to, model, **body)
    assert asked.status == (404 if param == "model" else 400)
    assert asked.error["param"] == param
    assert words in asked.error["message"]


@pytest.mark.parametrize(("more", "body", "param", "words"), [
    ({"model": "e"}, b"[]", None, "must be a JSON object"), ({}, b"{", None, "not valid JSON"),
    ({}, b'{"input":"x"}', "model", "'model'"), ({}, b'{"model":"e"}', "input", "'input'"),
])  # fmt: skip
def test_a_body_that_asks_for_nothing_is_refused_by_name(more, body, param, words):
    answer = boundary.embed(orjson.dumps({"to": "openai", **more}), body)
    error = orjson.loads(answer.body)["error"]
    assert (answer.status, error["param"]) == (400, param)
    assert words in error["message"]


def test_a_policy_may_allow_another_length_and_refuse_a_hint(embed):
    asked = embed("bedrock", "amazon.titan-embed-text-v1", {"on_loss": "allow"}, dimensions=64)
    assert asked.bodies == [{"inputText": "x"}]
    assert asked.losses == [("/dimensions", "dropped", "contract")]
    assert embed("gemini", "e", {"on_loss": "refuse"}, user="u").error["param"] == "user"


def test_a_reply_that_is_as_wished_stays_byte_for_byte(embed, tell):
    head = embed("openai", "e", encoding_format="float").head
    data = b'{"object":"list","data":[{"embedding":[1e-5, 0.10,-2],"index":0,"object":"embedding"}],"model":"e-1",'
    data += b'"usage":{"prompt_tokens":3,"total_tokens":3}, "more": 1}'
    answer = tell(head, [data])
    assert answer.raw == data
    assert answer.head["usage"]["prompt"] == 3


def test_vectors_of_a_server_that_answers_out_of_order_come_in_order(embed, tell):
    head = embed("openai_compatible", "e", input=["a", "b"]).head
    data = [{"index": 1, "embedding": [2.0]}, {"index": 0, "embedding": [1.0]}]
    answer = tell(head, [{"data": data}])
    assert [item["embedding"] for item in answer.body["data"]] == [[1.0], [2.0]]


def test_a_form_that_the_provider_did_not_keep_to_is_made(embed, tell, encoded):
    numbers = [0.5, -0.25, 3.0]
    for wished, sent in (("base64", numbers), ("float", encoded(numbers))):
        head = embed("openai_compatible", "e", encoding_format=wished).head
        answer = tell(head, [{"data": [{"index": 0, "embedding": sent}], "usage": {"prompt_tokens": 1}}])
        assert answer.body["data"][0]["embedding"] == (encoded(numbers) if wished == "base64" else numbers)


def test_tokens_that_are_not_counted_are_said_to_be_unknown(embed, tell):
    answer = tell(embed("gemini", "e").head, [{"embeddings": [{"values": [1.0]}]}])
    assert answer.head["usage"] is None
    assert [loss["path"] for loss in answer.head["losses"]] == ["/usage"]
    assert answer.body["usage"] == {"prompt_tokens": 0, "total_tokens": 0}


@pytest.mark.parametrize("reply", [
    {}, [], None, {"embedding": []}, {"embedding": ["a"]}, {"embedding": [True]}, b"<html>", {"embedding": {"a": 1}},
])  # fmt: skip
def test_a_reply_that_is_none_is_the_providers_fault(embed, tell, reply):
    answer = tell(embed("bedrock", "amazon.titan-embed-text-v1").head, [reply])
    assert answer.status == 502
    assert answer.body["error"]["code"] == "bad_reply"


def test_fewer_vectors_than_inputs_are_the_providers_fault(embed, tell):
    head = embed("openai", "e", input=["a", "b"]).head
    answer = tell(head, [{"data": [{"index": 0, "embedding": [1.0]}]}])
    assert answer.status == 502
    assert "1 vectors for 2 inputs" in answer.body["error"]["message"]


FLOATS = st.floats(width=32, allow_nan=False, allow_infinity=False)


@given(st.lists(st.tuples(st.lists(FLOATS, min_size=1, max_size=5), st.integers(0, 1000)), min_size=1, max_size=9))
@settings(max_examples=60, deadline=None)
def test_vectors_keep_their_order_and_their_bytes_and_tokens_add_up(items):
    texts = [f"t{number}" for number in range(len(items))]
    body = orjson.dumps({"model": "a/m", "input": texts, "encoding_format": "base64"})
    asked = boundary.embed(b'{"to":"bedrock","model":"amazon.titan-embed-text-v2:0","region":"r"}', body)
    told = orjson.loads(asked.head)
    replies = [orjson.dumps({"embedding": vector, "inputTextTokenCount": count}) for vector, count in items]
    head = {"context": told["context"], "replies": [{"status": 200}] * len(replies)}
    answer = boundary.embedded(orjson.dumps(head), replies)
    said = orjson.loads(answer.body)
    assert [item["index"] for item in said["data"]] == list(range(len(items)))
    for item, (vector, _) in zip(said["data"], items, strict=True):
        assert base64.b64decode(item["embedding"]) == struct.pack(f"<{len(vector)}f", *vector)
    assert said["usage"]["prompt_tokens"] == sum(count for _, count in items)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
KEYS = ("input", "model", "dimensions", "encoding_format", "user", "input_type", "task_type", "title")
TARGETS = st.sampled_from([
    ("openai", "e"), ("gemini", "gemini-embedding-001"), ("vertex", "text-embedding-005"),
    ("vertex", "gemini-embedding-001"), ("bedrock", "amazon.titan-embed-text-v2:0"),
    ("bedrock", "cohere.embed-v4:0"), ("groq", "x"), ("nobody", "x"),
])  # fmt: skip


def _dumps(value):
    return json.dumps(value).encode("utf-8", "surrogatepass")


@given(TARGETS, st.dictionaries(st.sampled_from(KEYS), JSON) | JSON)
@settings(max_examples=150, deadline=None)
def test_no_request_is_more_than_the_boundary_can_answer(target, body):
    head = {"to": target[0], "model": target[1], "region": "r", "project": "p"}
    answer = boundary.embed(orjson.dumps(head), _dumps(body))
    assert answer.status in (200, 400, 404)
    assert orjson.loads(answer.head) is not None


@given(TARGETS, st.binary(max_size=30) | JSON.map(_dumps), st.integers(100, 599), JSON)
@settings(max_examples=150, deadline=None)
def test_no_reply_is_more_than_the_boundary_can_tell(target, reply, status, more):
    asked = boundary.embed(
        orjson.dumps({"to": target[0], "model": target[1], "region": "r", "project": "p"}), b'{"input":"x"}'
    )
    context = orjson.loads(asked.head).get("context")
    head = {"context": context, "replies": [{"status": status, "headers": {"a": "b"}}]}
    answer = boundary.embedded(orjson.dumps(head), [reply])
    assert answer.status >= 200
    orjson.loads(answer.body)
    assert boundary.embedded(_dumps({"context": more, "replies": more}), [reply]).status >= 400


@given(st.binary(max_size=40), st.lists(st.binary(max_size=20), max_size=3))
@settings(max_examples=100, deadline=None)
def test_no_bytes_make_the_boundary_raise(data, bodies):
    assert boundary.embed(b'{"to":"openai"}', data).status in (200, 400)
    assert boundary.embed(data, b'{"input":"x"}').status >= 200
    assert boundary.embedded(data, bodies).status >= 400
