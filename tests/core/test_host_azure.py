"""Azure OpenAI: addresses, versions, content filters, errors (wire/azure-openai.md)."""

import orjson
import pytest
from dragoman.translate import aim
from proof.calls import chunks, context_of, frames, receive, send, stream

PLACE = "https://r.openai.azure.com"
USER = {"role": "user", "content": "Hi"}
ASK = {"model": "m", "messages": [USER]}
SAFE = {"hate": {"filtered": False, "severity": "safe"}, "jailbreak": {"filtered": False, "detected": False}}
FOUND = {"violence": {"filtered": True, "severity": "high"}, **SAFE}
NAMELESS = {"id": "", "object": "", "created": 0, "model": ""}


def azure(body, client="openai_chat", **head):
    return send(body, client, "azure", **{"model": "gpt-5", "base_url": PLACE, **head})


def context(client="openai_chat", **more):
    body = {**ASK, "max_tokens": 50, "stream": True, **more}
    return context_of(body, client, "azure", model="gpt-4o", base_url=PLACE)


def chunk(delta=None, finish=None, **more):
    choice = {"index": 0, "finish_reason": finish, "logprobs": None, "content_filter_results": {}, **more}
    if delta is not None:
        choice["delta"] = delta
    head = {"id": "c1", "object": "chat.completion.chunk", "created": 5, "model": "gpt-4o-2024", "usage": None}
    return {**head, "choices": [choice]}


PROMPT = [{"prompt_index": 0, "content_filter_results": SAFE}]
USAGE = {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}
NOTE = {
    "content_filter_results": FOUND,
    "content_filter_offsets": {"check_offset": 0, "start_offset": 0, "end_offset": 2},
}
FILTERED = chunks(
    {"choices": [], **NAMELESS, "prompt_filter_results": PROMPT},
    chunk({"role": "assistant", "content": "", "refusal": None}),
    chunk({"content": "Hel"}),
    chunk({"content": "lo"}),
    chunk({}, "stop"),
    {**NAMELESS, "choices": [{"index": 0, "finish_reason": None, **NOTE}]},
    {**chunk(), "choices": [], "usage": USAGE},
)


@pytest.mark.parametrize(
    ("settings", "path"),
    [
        ({}, "/openai/v1/chat/completions"),
        ({"api_version": "v1"}, "/openai/v1/chat/completions"),
        ({"api_version": "preview"}, "/openai/v1/chat/completions?api-version=preview"),
        ({"api_version": "2024-10-21"}, "/openai/deployments/gpt-5/chat/completions?api-version=2024-10-21"),
        (
            {"api_version": "2025-04-01-preview", "deployment": "my gpt/5"},
            "/openai/deployments/my%20gpt%2F5/chat/completions?api-version=2025-04-01-preview",
        ),
        ({"base_url": f"{PLACE}/openai/v1/"}, "/openai/v1/chat/completions"),
        ({"base_url": "https://r.services.ai.azure.com"}, "/openai/v1/chat/completions"),
    ],
)
def test_an_address_has_the_form_that_the_version_wants(settings, path):
    sent = azure(ASK, **settings)
    assert sent.head["url"].removeprefix("https://r.").partition("/")[2] == path.removeprefix("/")


def test_a_deployment_is_named_in_the_body_and_the_family_tells_its_rules():
    sent = azure({**ASK, "max_tokens": 9, "temperature": 0.5}, model="my-deployment", family="gpt-5")
    assert sent.body["model"] == "my-deployment"
    assert sent.body["max_completion_tokens"] == 9
    assert "temperature" not in sent.body
    assert ("/temperature", "dropped", "quality") in sent.lost


def test_the_account_s_deployment_stands_for_the_model_whose_rules_hold():
    sent = azure({**ASK, "max_tokens": 9}, deployment="mine")
    assert (sent.body["model"], sent.body["max_completion_tokens"]) == ("mine", 9)


def test_before_a_version_had_a_field_it_is_not_sent():
    asked = {
        **ASK, "max_completion_tokens": 9, "stream": True, "reasoning_effort": "low", "store": True,
        "parallel_tool_calls": False, "tools": [{"type": "function", "function": {"name": "f"}}],
    }  # fmt: skip
    old = azure(asked, model="gpt-4o", api_version="2024-06-01")
    assert old.body.keys() == {"model", "messages", "stream", "tools", "max_tokens"}
    assert {path for path, _, _ in old.lost} == {"/reasoning_effort", "/store", "/parallel_tool_calls"}
    usage = {"stream_options": {"include_usage": True, "include_obfuscation": False}}
    told = azure({**ASK, "stream": True, **usage}, model="gpt-4o", api_version="2024-06-01")
    assert "stream_options" not in told.body
    assert told.lost == {(f"/stream_options/{name}", "dropped", "hint") for name in usage["stream_options"]}
    new = azure(asked, api_version="2025-01-01-preview")
    assert new.lost == {("/stream_options/include_usage", "added", "hint")}
    assert new.body["stream_options"] == {"include_usage": True}


def test_a_schema_is_a_forced_tool_before_its_version():
    schema = {"type": "object", "properties": {"x": {"type": "string"}}, "required": ["x"]}
    form = {"type": "json_schema", "json_schema": {"name": "a", "schema": schema}}
    old = azure({**ASK, "response_format": form}, model="gpt-4o", api_version="2024-06-01")
    assert "response_format" not in old.body
    assert old.body["tool_choice"] == {"type": "function", "function": {"name": "a"}}
    assert azure({**ASK, "response_format": form}, model="gpt-4o").body["response_format"] == form


@pytest.mark.parametrize("field", ["web_search_options", "moderation", "data_sources"])
def test_what_azure_does_not_offer_is_refused_by_name(field):
    value = [{"type": "azure_search"}] if field == "data_sources" else {"model": "m"} if field == "moderation" else {}
    sent = azure({**ASK, field: value})
    assert sent.status == 400
    assert (sent.error["param"], sent.error["code"]) == (field, "unsupported_parameter")


FILE = {"type": "file", "file": {"filename": "a.pdf", "file_data": "data:application/pdf;base64,JVBERi0="}}
WITH_FILE = {"model": "m", "messages": [{"role": "user", "content": [FILE]}]}
WITH_TOOL = {**ASK, "tools": [{"type": "function", "function": {"name": "a"}}]}


@pytest.mark.parametrize(
    ("body", "model"), [(WITH_FILE, "gpt-5"), (WITH_TOOL, "gpt-5.6"), (ASK, "gpt-5.3-codex")]
)  # fmt: skip
def test_what_chat_does_not_serve_goes_to_responses_where_the_version_has_it(body, model):
    sent = azure({**body, "reasoning_effort": "low"}, model=model)
    assert (sent.status, sent.losses) == (200, [])
    assert sent.head["url"] == PLACE + "/openai/v1/responses"


def test_a_dated_version_has_no_responses():
    dated = azure(WITH_TOOL, model="gpt-5.6", api_version="2025-04-01-preview", on_loss="allow")
    assert "/chat/completions" in dated.head["url"]


def test_documents_before_v1_and_an_eleventh_image_are_refused():
    sent = azure(WITH_FILE, api_version="2025-04-01-preview")
    assert (sent.status, sent.error["param"]) == (400, "messages[0].content[0]")
    images = [{"type": "image_url", "image_url": {"url": f"https://h.example/{n}.png"}} for n in range(11)]
    assert azure({"model": "m", "messages": [{"role": "user", "content": images[:10]}]}).status == 200
    sent = azure({"model": "m", "messages": [{"role": "user", "content": images}]})
    assert (sent.status, sent.error["param"]) == (400, "messages[0].content[10]")


def test_a_stream_is_that_of_its_answer_and_words_about_it_keep_to_it():
    made = context(stream_options={"include_usage": True})
    seen = frames(stream(made, [FILTERED])[0])
    body = seen[:-1]
    assert {item["id"] for item in body} == {"c1"}
    assert {item["model"] for item in body} == {"gpt-4o-2024"}
    assert body[0]["prompt_filter_results"] == PROMPT
    assert sum("prompt_filter_results" in item for item in body) == 1
    assert [item["choices"][0]["delta"].get("role") for item in body[:-1]] == ["assistant", *[None] * 4]
    assert body[-2]["choices"][0]["content_filter_results"] == FOUND
    assert body[-1] == {**{key: body[-1][key] for key in ("id", "object", "created", "model")},
                        "choices": [], "usage": USAGE}  # fmt: skip


def test_a_strict_client_sees_nothing_but_the_dialect():
    body = {**ASK, "stream": True}
    made = context_of(body, to="azure", model="gpt-4o", base_url=PLACE, strict_openai=True)
    for item in frames(stream(made, [FILTERED])[0])[:-1]:
        assert item.keys() <= {"id", "object", "created", "model", "choices", "usage"}
        assert item["choices"][0].keys() == {"index", "delta", "finish_reason", "logprobs"}
        assert item["choices"][0]["delta"] or item["choices"][0]["finish_reason"]
    reply = {"id": "c", "model": "m", "created": 1, "prompt_filter_results": PROMPT, "usage": USAGE, "choices": [
        {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "x"},
         "content_filter_results": FOUND}]}  # fmt: skip
    whole = receive(made, reply).body
    assert "prompt_filter_results" not in whole
    assert whole["choices"][0].keys() == {"index", "message", "finish_reason"}


def test_what_a_filter_found_is_told_to_clients_that_have_no_place_for_it():
    wire, head = stream(context("anthropic"), [FILTERED])
    assert [loss["detail"] for loss in head["losses"]] == [
        "A 'content_filter_results' block of the answer has no counterpart."
    ]
    events = frames(wire)
    assert events[-2]["delta"]["stop_reason"] == "end_turn"
    quiet = FILTERED.replace(orjson.dumps(FOUND), orjson.dumps(SAFE))
    assert stream(context("anthropic"), [quiet])[1]["losses"] == []


@pytest.mark.parametrize("client", ["openai_chat", "anthropic"])
def test_a_filtered_answer_without_a_message_is_a_refusal(client):
    reply = {"id": "c", "model": "m", "choices": [{"index": 0, "finish_reason": "content_filter",
             "content_filter_results": FOUND}]}  # fmt: skip
    got = receive(context(client), reply)
    word = got.body["choices"][0]["finish_reason"] if client == "openai_chat" else got.body["stop_reason"]
    assert word == {"openai_chat": "content_filter", "anthropic": "refusal"}[client]
    assert got.head["finish_reason"] == "content_filter"


FILTER_ERROR = {"error": {"message": "The prompt was filtered.", "type": None, "param": "prompt",
    "code": "content_filter", "status": 400, "innererror": {"code": "ResponsibleAIPolicyViolation",
    "content_filter_result": {"jailbreak": {"filtered": True, "detected": True}}}}}  # fmt: skip


@pytest.mark.parametrize(
    ("status", "body", "sent", "code"),
    [
        (401, {"error": {"code": "401", "message": "Access denied"}}, 401, "invalid_api_key"),
        (404, {"error": {"code": "DeploymentNotFound", "message": "No deployment"}}, 404, "DeploymentNotFound"),
        (404, {"error": {"code": "404", "message": "Resource not found"}}, 404, None),
        (429, {"error": {"code": "429", "message": "Slow down"}}, 429, "rate_limit_exceeded"),
        (429, {"statusCode": 429, "message": "Rate limit is exceeded."}, 429, None),
        (400, FILTER_ERROR, 400, "content_filter"),
        (200, FILTER_ERROR, 400, "content_filter"),
    ],
)
def test_an_error_has_all_that_the_official_type_wants(status, body, sent, code):
    got = receive(context(), body, status, headers={"retry-after-ms": "1500", "x-ms-region": "Sweden"})
    error = got.body["error"]
    assert got.status == sent
    assert error["code"] == code
    assert error["type"]
    assert error["message"] == (body.get("error") or body)["message"]
    assert error["provider"] == {"name": "azure", "status": sent, "body": body}
    assert got.head["headers"] == {"retry-after-ms": "1500", "x-ms-region": "Sweden"}
    assert got.head["error"]["retryable"] is (sent == 429)


def test_a_version_is_compared_by_its_date():
    late, early = (
        aim("azure", "gpt-4o", None, PLACE, api_version=version) for version in ("2024-09-01-preview", "2024-08-31")
    )
    assert late.row.limit_field is None
    assert early.row.limit_field == "max_tokens"
