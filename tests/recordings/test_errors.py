"""Every recorded error to a client of either dialect."""

import orjson
import pytest

from .corpus import ROWS, answered, cases, load
from .driving import context, reply

ERRORS = [row for row in ROWS if row.status >= 400]


def message_in(body):
    """The provider's own words, wherever it puts them."""
    if isinstance(body, list):
        return message_in(body[0])
    error = body.get("error", body)
    if isinstance(error, str):
        return error
    for key in ("message", "detail", "msg"):
        if isinstance(error.get(key), str):
            return error[key]
    return None


@pytest.mark.parametrize(("row", "client"), cases(ERRORS))
def test_an_error_is_told_in_the_clients_dialect(row, client):
    response = load(row)["response"]
    told = reply(context(client, row.target), answered(row), row.status, response["headers"])
    assert told.status // 100 == row.status // 100
    if row.status < 500:
        assert told.status == row.status
    error = told.body["error"]
    if client == "openai_chat":
        assert {"message", "type", "param", "code"} <= error.keys()
        assert error["provider"]["status"] == row.status
        if "json" in response:
            assert error["provider"]["body"] == response["json"]
    else:
        assert told.body["type"] == "error"
        assert error["type"]
    said = message_in(response["json"]) if "json" in response else None
    if said:
        assert said in error["message"]
    assert error["message"]
    for name, value in response["headers"].items():
        if name.lower().startswith(("retry-after", "x-ratelimit-", "anthropic-ratelimit-")):
            assert told.head["headers"][name.lower()] == value


@pytest.mark.parametrize("client", ["openai_chat", "anthropic"])
@pytest.mark.parametrize(
    "body", [b"", b"<html>502</html>", b"null", b"[]", b"{}", b'"x"', b'{"error":null}', b"\xff\xfe"]
)
@pytest.mark.parametrize("status", [400, 401, 404, 408, 413, 429, 500, 502, 503, 529])
def test_any_error_body_is_told(client, body, status):
    for provider in ("openai", "openai_compatible", "anthropic"):
        told = reply(context(client, provider), body, status)
        assert told.status // 100 == status // 100
        assert told.body["error"]["message"]
        assert orjson.dumps(told.body)
