"""Words that stand for a status, where an error comes without one: told with success, or inside a stream."""

import orjson
import pytest
from dragoman.translate import boundary

CONTEXT = {"client": "openai_chat", "provider": "xai", "dialect": "openai_chat", "model": "m"}

WORDS = {
    # The codes of RPC (wire/xai.md 7)
    400: "invalid-argument failed-precondition out-of-range", 401: "unauthenticated", 403: "permission-denied",
    404: "not-found", 409: "already-exists aborted", 429: "resource-exhausted", 500: "internal", 501: "unimplemented",
    503: "unavailable", 504: "deadline-exceeded",
}  # fmt: skip
OPENAI = {
    # wire/openai-chat.md 10
    400: "content_filter context_length_exceeded invalid_request_error", 401: "invalid_api_key", 404: "model_not_found",
    429: "rate_limit_exceeded slow_down insufficient_quota", 500: "server_error",
    503: "server_is_overloaded service_unavailable_error",
}  # fmt: skip
ANTHROPIC = {
    # wire/anthropic.md 12
    400: "invalid_request_error", 401: "authentication_error", 402: "billing_error", 403: "permission_error",
    404: "not_found_error", 409: "conflict_error", 413: "request_too_large", 429: "rate_limit_error", 500: "api_error",
    504: "timeout_error", 529: "overloaded_error",
}  # fmt: skip
SAID = [
    (word, status) for book in (WORDS, OPENAI, ANTHROPIC) for status, words in book.items() for word in words.split()
]
# An overloaded server is 503 to clients of OpenAI's family.
TOLD = {529: 503}


def told(word):
    return boundary.reply(orjson.dumps({"context": CONTEXT, "status": 200}), orjson.dumps(word))


@pytest.mark.parametrize(("word", "status"), SAID)
@pytest.mark.parametrize(
    "spelling", [str, str.upper, lambda word: word.replace("-", "_"), lambda word: word.replace("_", " ")]
)
@pytest.mark.parametrize("key", ["status", "code", "type"])
def test_a_word_tells_the_status_of_an_error_that_came_as_a_success(word, status, spelling, key):
    answer = told({"error": {key: spelling(word), "message": "No."}})
    assert answer.status == TOLD.get(status, status)
    assert orjson.loads(answer.body)["error"]["message"] == "No."


@pytest.mark.parametrize("value", [404, "404"])
@pytest.mark.parametrize("key", ["status_code", "status", "code", "type"])
def test_a_number_tells_it_too(key, value):
    assert told({"error": {key: value, "message": "No."}}).status == 404


@pytest.mark.parametrize("value", [200, 399, 600, "odd", "", None, True, [], {"a": 1}])
def test_what_is_no_status_is_a_bad_answer_of_the_server(value):
    assert told({"error": {"code": value, "message": "No."}}).status == 502


def test_the_first_place_that_tells_a_status_counts():
    assert told({"error": {"status_code": 404, "status": 429, "code": 500, "type": "overloaded_error"}}).status == 404
    assert told({"error": {"status": "odd", "code": 429, "type": "overloaded_error"}}).status == 429
    assert told({"error": "No.", "code": 429}).status == 429


RESPONSES = {
    # wire/openai-responses.md: the codes of a failed response
    429: "rate_limit_exceeded insufficient_quota credit_balance_exhausted organization_spend_limit_exceeded"
         " project_spend_limit_exceeded organization_usage_limit_exceeded",
    400: "invalid_prompt context_length_exceeded data_residency_mismatch bio_policy misalignment_policy_violation"
         " failed_to_download_image empty_image_file unsupported_image_media_type image_too_large image_file_not_found"
         " invalid_image invalid_image_url invalid_base64_image invalid_odd",
    504: "vector_store_timeout", 503: "server_is_overloaded", 500: "server_error odd",
}  # fmt: skip


@pytest.mark.parametrize(
    ("code", "status"), [(c, status) for status, codes in RESPONSES.items() for c in codes.split()]
)
def test_the_code_of_a_failed_response_tells_its_status(code, status):
    context = {"client": "openai_chat", "provider": "openai", "dialect": "openai_responses", "model": "m"}
    body = {"id": "r", "object": "response", "model": "m", "status": "failed", "output": []}
    body["error"] = {"code": code, "message": "No."}
    answer = boundary.reply(orjson.dumps({"context": context, "status": 200}), orjson.dumps(body))
    assert answer.status == status
    error = orjson.loads(answer.body)["error"]
    assert (error["message"], error["code"]) == ("No.", code)


KNOWN = (
    "server_error rate_limit_exceeded invalid_prompt data_residency_mismatch bio_policy misalignment_policy_violation"
    " vector_store_timeout invalid_image invalid_image_format invalid_base64_image invalid_image_url image_too_large"
    " image_too_small image_parse_error image_content_policy_violation invalid_image_mode image_file_too_large"
    " unsupported_image_media_type empty_image_file failed_to_download_image image_file_not_found"
)
KINDS = {
    400: "invalid_prompt", 404: "invalid_prompt", 413: "invalid_prompt", 429: "rate_limit_exceeded",
    402: "rate_limit_exceeded", 401: "server_error", 403: "server_error", 500: "server_error", 529: "server_error",
}  # fmt: skip


def failed_code(dialect, provider, error):
    """The code that a client of Responses finds in a stream that fails."""
    context = {"client": "openai_responses", "provider": provider, "dialect": dialect, "model": "m"}
    _, pipe = boundary.open(orjson.dumps({"context": context, "now": 1, "id": "s"}))
    begun = {"id": "1", "model": "m", "choices": [{"index": 0, "delta": {"role": "assistant", "content": "So"}}]}
    sent = b"".join(b"data: " + orjson.dumps(event) + b"\n\n" for event in (begun, {"error": error}))
    _, out = boundary.feed(pipe, sent)
    said = [orjson.loads(line[6:]) for line in out.splitlines() if line.startswith(b"data: {")]
    [failed] = [event for event in said if event["type"] == "response.failed"]
    return failed["response"]["error"]["code"]


@pytest.mark.parametrize("code", KNOWN.split())
def test_a_code_that_the_dialect_knows_stays_in_a_failed_response(code):
    assert failed_code("openai_chat", "openai_compatible", {"code": code, "message": "No."}) == code


@pytest.mark.parametrize(("status", "code"), KINDS.items())
def test_another_code_becomes_the_one_that_the_dialect_has_for_its_kind(status, code):
    assert failed_code("openai_chat", "openai_compatible", {"status": status, "code": "odd", "message": "No."}) == code
