"""What the stand-ins of Google's hosts refuse, and how they answer."""

import httpx
import orjson
import pytest
from dragoman import standins

HI = [{"role": "user", "parts": [{"text": "Hello there"}]}]
TOOL = {
    "functionDeclarations": [
        {"name": "get_weather", "parametersJsonSchema": {"type": "object", "properties": {"city": {"type": "string"}}}}
    ]
}
CALL = {"role": "model", "parts": [{"functionCall": {"id": "a", "name": "get_weather", "args": {}}}]}
RESULT = {
    "role": "user",
    "parts": [{"functionResponse": {"id": "a", "name": "get_weather", "response": {"output": "x"}}}],
}


@pytest.fixture(scope="module")
def gemini():
    with standins.running("gemini", key="right") as running:
        yield running


@pytest.fixture(scope="module")
def vertex():
    with standins.running("vertex") as running:
        yield running


def ask(running, body, model="gemini-2.5-flash", verb="generateContent", key="right"):
    url = f"{running.base_url}/v1beta/models/{model}:{verb}"
    return httpx.post(url, json=body, headers={"x-goog-api-key": key} if key else {}, trust_env=False)


def config(**settings):
    return {"contents": HI, "generationConfig": settings}


REFUSED = [
    ("gemini-2.5-flash", {"contents": []}, "contents"),
    ("gemini-2.5-flash", {"contents": HI, "cache_control": {}}, "cache_control"),
    ("gemini-2.5-flash", {"contents": [{"role": "user", "parts": []}]}, "parts"),
    ("gemini-2.5-flash", {"contents": [{"role": "system", "parts": [{"text": "x"}]}]}, "role"),
    ("gemini-2.5-flash", {"contents": [{"role": "model", "parts": [{"text": "x"}]}, *HI]}, "first turn"),
    ("gemini-3.6-flash", {"contents": [*HI, {"role": "model", "parts": [{"text": "x"}]}]}, "last content"),
    ("gemini-2.5-flash", {"contents": [*HI, CALL]}, "followed by"),
    ("gemini-2.5-flash", {"contents": [*HI, CALL, RESULT, RESULT]}, "immediately after"),
    ("gemini-2.5-flash", {"contents": [*HI, CALL, HI[0], RESULT]}, "number of function response"),
    ("gemini-3.5-flash", {"contents": [*HI, CALL, RESULT], "tools": [TOOL]}, "thought_signature"),
    ("gemini-2.5-flash", {"contents": HI, "tools": [TOOL, {"googleSearch": {}}]}, "unsupported"),
    ("gemini-2.5-flash", {"contents": HI, "tools": [{"functionDeclarations": [{"name": "1 x"}]}]}, "function name"),
    ("gemini-2.5-flash", {"tools": [TOOL], **config(responseMimeType="application/json")}, "mime"),
    ("gemini-2.5-flash", config(thinkingConfig={"thinkingLevel": "LOW"}), "level"),
    ("gemini-2.5-pro", config(thinkingConfig={"thinkingBudget": 0}), "budget"),
    ("gemini-3.8-flash", config(thinkingConfig={"thinkingLevel": "MINIMAL"}), "level"),
    ("gemini-3.5-flash", config(candidateCount=2), "candidates"),
    ("gemini-2.5-flash", config(stopSequences=list("abcdef")), "stop sequences"),
    ("gemini-2.5-flash", config(responseJsonSchema={"type": "object"}), "mime"),
    ("gemini-2.5-flash", config(topK="x"), "topK"),
]


@pytest.mark.parametrize(
    ("model", "body", "word"), REFUSED, ids=[f"{word}-{n}" for n, (_, _, word) in enumerate(REFUSED)]
)
def test_what_the_provider_refuses_is_refused(gemini, model, body, word):
    answer = ask(gemini, body, model)
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert error["status"] == "INVALID_ARGUMENT"
    assert word.lower() in error["message"].lower()


def test_keys_and_paths_are_checked(gemini):
    assert ask(gemini, {"contents": HI}, key=None).status_code == 403
    wrong = ask(gemini, {"contents": HI}, key="wrong")
    assert (wrong.status_code, wrong.json()["error"]["details"][0]["reason"]) == (400, "API_KEY_INVALID")
    assert ask(gemini, {"contents": HI}, model="gpt-4o").status_code == 404
    assert ask(gemini, {"contents": HI}, verb="predict").status_code == 404


def test_a_signed_call_comes_back_and_a_forged_one_does_not(gemini):
    asked = {"contents": [{"role": "user", "parts": [{"text": "What is the weather in Paris?"}]}], "tools": [TOOL]}
    said = ask(gemini, asked, "gemini-3.5-flash").json()["candidates"][0]["content"]
    part = said["parts"][0]
    assert part["thoughtSignature"]
    result = {"functionResponse": {**part["functionCall"], "response": {"output": "Sunny"}}}
    del result["functionResponse"]["args"]
    turns = [*asked["contents"], said, {"role": "user", "parts": [result]}]
    assert "Sunny" in ask(gemini, {**asked, "contents": turns}, "gemini-3.5-flash").text
    part["thoughtSignature"] = "Zm9yZ2Vk"
    assert ask(gemini, {**asked, "contents": turns}, "gemini-3.5-flash").status_code == 400


def test_a_stream_is_events_or_an_array(gemini):
    events = ask(gemini, {"contents": HI}, verb="streamGenerateContent?alt=sse")
    chunks = [orjson.loads(line[6:]) for line in events.text.split("\r\n\r\n") if line]
    array = ask(gemini, {"contents": HI}, verb="streamGenerateContent").json()
    texts = [
        "".join(p["text"] for c in found for p in c["candidates"][0]["content"]["parts"]) for found in (chunks, array)
    ]
    assert texts == ["You said: Hello there"] * 2


def raw(running, body, verb="rawPredict", model="claude-sonnet-4-5@20250929"):
    path = f"/v1/projects/p/locations/global/publishers/anthropic/models/{model}:{verb}"
    headers = {"authorization": "Bearer token"}
    return httpx.post(running.base_url + path, json=body, headers=headers, trust_env=False)


def test_claude_answers_behind_the_door_of_vertex(vertex):
    body = {
        "anthropic_version": "vertex-2023-10-16",
        "max_tokens": 50,
        "messages": [{"role": "user", "content": "Hello"}],
    }
    assert raw(vertex, body).json()["content"][0]["text"] == "You said: Hello"
    assert "message_stop" in raw(vertex, {**body, "stream": True}, "streamRawPredict").text
    image = {"type": "image", "source": {"type": "url", "url": "https://h.example/a.png"}}
    for wrong in (
        {**body, "model": "claude"},
        {**body, "container": "x"},
        {**body, "stream": True},
        {key: value for key, value in body.items() if key != "anthropic_version"},
        {**body, "messages": [{"role": "user", "content": [image]}]},
    ):
        answer = raw(vertex, wrong)
        assert (answer.status_code, answer.json()["error"]["status"]) == (400, "INVALID_ARGUMENT")


def test_vertex_has_no_store_and_wants_a_token(vertex):
    url = f"{vertex.base_url}/v1beta1/projects/p/locations/us/publishers/google/models/gemini-2.5-flash:generateContent"
    assert httpx.post(url, json={"contents": HI}, trust_env=False).status_code == 401
    headers = {"authorization": "Bearer x"}
    assert "store" in httpx.post(url, json={"contents": HI, "store": True}, headers=headers, trust_env=False).text
    reply = httpx.post(url, json={"contents": HI}, headers=headers, trust_env=False).json()
    assert reply["usageMetadata"]["trafficType"]
    assert reply["createTime"]
