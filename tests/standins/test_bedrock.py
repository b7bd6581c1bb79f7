"""The Bedrock stand-in, driven by the official client, which signs, serialises and parses."""

import json

import botocore.exceptions
import httpx
import pytest
from dragoman.standins import running
from dragoman.standins.bedrock_sign_on import ACCESS_KEY, SECRET_KEY
from dragoman.translate import signing
from dragoman.translate.framing import aws_frames

from .conftest import bedrock_client

CLAUDE = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"
NOVA = "us.amazon.nova-2-lite-v1:0"
WEATHER = {
    "toolSpec": {
        "name": "get_weather",
        "inputSchema": {
            "json": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
        },
    }
}
PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + b"\0\0\0\7\0\0\0\5\x08\x02\0\0\0"


def ask(text):
    return [{"role": "user", "content": [{"text": text}]}]


def blocks(reply):
    return reply["output"]["message"]["content"]


def folded(events):
    """A stream's text, calls, reasoning and ends, from what the client parses."""
    found, texts = {}, {}
    for item in events:
        ((kind, payload),) = item.items()
        if kind == "contentBlockStart":
            texts[payload["contentBlockIndex"]] = [payload["start"]["toolUse"]["name"], ""]
        elif kind == "contentBlockDelta":
            place = texts.setdefault(payload["contentBlockIndex"], ["", ""])
            delta = payload["delta"]
            place[1] += delta.get("text") or delta.get("toolUse", {}).get("input") or ""
        else:
            found |= payload
    return list(texts.values()), found


def test_text_echoes_the_last_user_text(converse):
    reply = converse.converse(modelId=CLAUDE, messages=ask("good morning"))
    assert blocks(reply) == [{"text": "You said: good morning"}]
    assert reply["stopReason"] == "end_turn"
    assert reply["usage"]["totalTokens"] == reply["usage"]["inputTokens"] + reply["usage"]["outputTokens"]
    assert reply["ResponseMetadata"]["RequestId"]


@pytest.mark.parametrize("text", ["good morning", "[empty]", "weather in both Oslo and Rome"])
def test_a_stream_says_what_the_whole_says(converse, text):
    asked = {"modelId": CLAUDE, "messages": ask(text), "toolConfig": {"tools": [WEATHER]}}
    whole = converse.converse(**asked)
    texts, ends = folded(converse.converse_stream(**asked)["stream"])
    said = [(block["toolUse"]["name"], block["toolUse"]["input"]) for block in blocks(whole) if "toolUse" in block]
    assert [(name, json.loads(text)) for name, text in texts if name] == said
    assert [text for name, text in texts if not name] == [block["text"] for block in blocks(whole) if "text" in block]
    assert ends["stopReason"] == whole["stopReason"]
    assert ends["usage"] == whole["usage"]


def test_thinking_is_signed_for_claude_and_hidden_for_nova(converse):
    thinking = {"thinking": {"type": "enabled", "budget_tokens": 1024}}
    config = {"maxTokens": 2000}
    reply = converse.converse(
        modelId=CLAUDE, messages=ask("x"), inferenceConfig=config, additionalModelRequestFields=thinking
    )
    assert blocks(reply)[0]["reasoningContent"]["reasoningText"]["signature"]
    nova = {"reasoningConfig": {"type": "enabled", "maxReasoningEffort": "low"}}
    reply = converse.converse(modelId=NOVA, messages=ask("x"), additionalModelRequestFields=nova)
    assert blocks(reply)[0]["reasoningContent"]["reasoningText"] == {"text": "[REDACTED]"}


def test_media_are_told_by_their_bytes(converse):
    content = [{"text": "What?"}, {"image": {"format": "png", "source": {"bytes": PNG}}}]
    reply = converse.converse(modelId=CLAUDE, messages=[{"role": "user", "content": content}])
    assert "image/png, 29 bytes, 7x5 pixels" in blocks(reply)[0]["text"]


def test_an_error_inside_a_stream_is_raised_by_the_client(converse):
    stream = converse.converse_stream(modelId=CLAUDE, messages=ask("mid-error"))["stream"]
    with pytest.raises(botocore.exceptions.EventStreamError, match="throttlingException"):
        list(stream)
    stream.close()


@pytest.mark.parametrize(
    ("status", "code"),
    [(429, "ThrottlingException"), (503, "ServiceUnavailableException"), (424, "ModelErrorException")],
)
def test_errors_have_their_type_in_the_header(converse, status, code):
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        converse.converse(modelId=CLAUDE, messages=ask(f"error:{status}"))
    assert caught.value.response["Error"]["Code"] == code
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == status


TOOLS = {"tools": [WEATHER]}
NAMED = {**TOOLS, "toolChoice": {"tool": {"name": "get_weather"}}}
HIGH = {"reasoningConfig": {"type": "enabled", "maxReasoningEffort": "high"}}
FORMAT = {"textFormat": {"type": "json_schema", "structure": {"jsonSchema": {"schema": "{}"}}}}
UNANSWERED = {"role": "assistant", "content": [{"toolUse": {"toolUseId": "t", "name": "f", "input": {}}}]}
ODD_NAME = {"toolSpec": {"name": "no good", "inputSchema": {"json": {"type": "object"}}}}
LLAMA, MISTRAL, OPUS = "meta.llama3-8b-instruct-v1:0", "mistral.mistral-large-2407-v1:0", "us.anthropic.claude-opus-4-8"


def paper(name, *more):
    document = {"document": {"name": name, "format": "txt", "source": {"bytes": b"x"}}}
    return {"messages": [{"role": "user", "content": [document, *more]}]}


@pytest.mark.parametrize(
    ("model", "rest", "why"),
    [
        ("nobody.model", {}, "model identifier is invalid"),
        (CLAUDE, {"messages": [*ask("a"), *ask("b")]}, "must alternate"),
        (CLAUDE, {"messages": [{"role": "assistant", "content": [{"text": "a"}]}]}, "start with a user"),
        (CLAUDE, {"messages": ask(" ")}, "is blank"),
        (LLAMA, {"toolConfig": {**TOOLS, "toolChoice": {"any": {}}}}, "toolChoice"),
        (MISTRAL, {"toolConfig": NAMED}, "toolChoice"),
        (NOVA, {"additionalModelRequestFields": {"thinking": {"type": "adaptive"}}}, "extraneous key"),
        (NOVA, {"inferenceConfig": {"maxTokens": 9}, "additionalModelRequestFields": HIGH}, "must be unset"),
        (OPUS, {"inferenceConfig": {"temperature": 0.5}}, "not supported"),
        (OPUS, {"outputConfig": FORMAT}, "Extra inputs"),
        (CLAUDE, paper("a"), "text block"),
        (CLAUDE, paper("a.txt", {"text": "x"}), "can only contain"),
        (CLAUDE, {"messages": [*ask("a"), UNANSWERED, *ask("b")]}, "Expected toolResult"),
        (CLAUDE, {"serviceTier": {"type": "fast"}}, "must be one of"),
        (CLAUDE, {"requestMetadata": {"a": '"'}}, "must match"),
        (CLAUDE, {"toolConfig": {"tools": [ODD_NAME]}}, "must match"),
    ],
)
def test_what_bedrock_refuses_is_refused(converse, model, rest, why):
    with pytest.raises(botocore.exceptions.ClientError, match=why) as caught:
        converse.converse(**{"modelId": model, "messages": ask("x"), **rest})
    assert caught.value.response["Error"]["Code"] == "ValidationException"


@pytest.mark.parametrize("who", [("AKIDNOBODY", None), (None, "another secret")])
def test_a_wrong_signature_is_refused(bedrock_standin, who):
    keys = {name: value for name, value in zip(("access_key", "secret_key"), who, strict=True) if value}
    client = bedrock_client(bedrock_standin.base_url, **keys)
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        client.converse(modelId=CLAUDE, messages=ask("x"))
    client.close()
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403


def call(standin, headers, body=b'{"messages":[{"role":"user","content":[{"text":"x"}]}]}', kind="converse"):
    path = f"/model/{CLAUDE.replace(':', '%3A')}/{kind}"
    url = standin.base_url + path
    return url, body, lambda given: httpx.post(url, content=body, headers={**headers, **given})


def test_our_own_signature_is_accepted_and_a_changed_body_is_not(bedrock_standin):
    headers = {"content-type": "application/json"}
    url, body, post = call(bedrock_standin, headers)
    scope = signing.Scope("eu-west-1", "bedrock", 1_795_000_000)
    who = signing.Credentials(ACCESS_KEY, SECRET_KEY, "a-token")
    made = signing.sign(signing.Call("POST", url, headers, body), who, scope)
    assert post(made).status_code == 200
    _, _, post = call(bedrock_standin, headers, body + b" ")
    assert (post(made).status_code, post(made).headers["x-amzn-errortype"].partition(":")[0]) == (
        403,
        "InvalidSignatureException",
    )


def test_an_api_key_is_as_good_as_a_signature():
    with running("bedrock", key="secret") as standin:
        _, _, post = call(standin, {"content-type": "application/json"})
        assert post({"authorization": "Bearer secret"}).status_code == 200
        assert post({"authorization": "Bearer other"}).status_code == 403
        assert post({}).status_code == 403


def test_a_raw_model_id_in_the_path_is_no_route(bedrock_standin):
    url = f"{bedrock_standin.base_url}/model/arn:aws:bedrock:x/y/converse"
    reply = httpx.post(url, content=b"{}", headers={"authorization": "Bearer k"})
    assert reply.headers["x-amzn-errortype"].startswith("UnknownOperationException")


def test_frames_are_padded_and_whole(bedrock_standin):
    _, _, post = call(bedrock_standin, {"content-type": "application/json"}, kind="converse-stream")
    reply = post({"authorization": "Bearer k"})
    assert reply.headers["content-type"] == "application/vnd.amazon.eventstream"
    tail, frames = aws_frames.split(b"", reply.content)
    assert tail == b""
    assert all(b'"p":"' in aws_frames.read(frame)[1] for frame in frames)
