"""AWS signatures, judged by the official SDK's signer and the vectors of wire/bedrock.md 3."""

import calendar
import hashlib
import re
import time
from unittest import mock

import orjson
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as OfficialCredentials
from dragoman.translate import boundary, signing
from hypothesis import given
from hypothesis import strategies as st
from proof.strategies import law

HOST = "https://bedrock-runtime.us-east-1.amazonaws.com"
PATH = "/model/us.anthropic.claude-haiku-4-5-20251001-v1%3A0/converse"
NOW = calendar.timegm((2026, 1, 2, 3, 4, 5))
WHO = signing.Credentials("AKIDEXAMPLE", "SECRETEXAMPLE", "TOKENEXAMPLE")
JSON = {"Content-Type": "application/json"}
BODY = b'{"messages":[]}'
CALL = signing.Call("POST", HOST + PATH, JSON, BODY)
SCOPE = signing.Scope("us-east-1", "bedrock", NOW)
CANONICAL = "6101b3068f94edbde8550337fcd270f3bc83d8b0fd4870fe28f7db91a7fe3fea"


def signature(headers):
    return headers["authorization"].rpartition("Signature=")[2]


def test_the_vector_with_temporary_credentials():
    made = signing.sign(CALL, WHO, SCOPE)
    assert made["x-amz-date"] == "20260102T030405Z"
    assert made["x-amz-security-token"] == "TOKENEXAMPLE"
    assert "SignedHeaders=content-type;host;x-amz-date;x-amz-security-token," in made["authorization"]
    assert signature(made) == "2efea2560b5257d9e382650de7a9d4c330fc85f4b44ed866e09e794ad6b3f41a"


def test_the_vector_without_a_token():
    who = signing.Credentials("AKIDEXAMPLE", "SECRETEXAMPLE")
    made = signing.sign(CALL, who, SCOPE)
    assert signature(made) == "704e96f4fb718458455a12f2aceab7f51bc1433dac6001b04752c34c6fec9aa9"
    assert "x-amz-security-token" not in made


def test_the_canonical_request_of_the_vector_encodes_the_path_once_more():
    signed = {
        "content-type": "application/json", "host": "bedrock-runtime.us-east-1.amazonaws.com",
        "x-amz-date": "20260102T030405Z", "x-amz-security-token": "TOKENEXAMPLE",
    }  # fmt: skip
    canonical = signing.canonical_request(CALL, signed)
    assert canonical.split("\n")[1] == PATH.replace("%", "%25")
    assert hashlib.sha256(canonical.encode()).hexdigest() == CANONICAL
    assert canonical.endswith(hashlib.sha256(BODY).hexdigest())


words = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=20)
keys = st.text("abcdefghijklmnopqrstuvwxyzABCDEF0123456789/+=", min_size=1, max_size=40)
paths = st.lists(
    st.one_of(
        st.sampled_from(["model", "converse", "", ".", "..", "a%20b", "us.amazon.nova-2-lite-v1%3A0", "~x", "a:b"]),
        st.from_regex(r"[A-Za-z0-9._~%:@!$&'()*+,;=-]{1,12}", fullmatch=True),
    ),
    max_size=5,
).map(lambda steps: "/" + "/".join(steps))
queries = st.lists(st.from_regex(r"[A-Za-z0-9%._~-]{1,6}(=[A-Za-z0-9%._~-]{0,6})?", fullmatch=True), max_size=4)
header_names = st.sampled_from(
    ["Content-Type", "accept", "X-Amzn-Bedrock-Trace", "User-Agent", "Expect", "x-extra", "X-Amzn-Trace-Id"]
)


def officially(call, who, scope):
    request = AWSRequest(method=call.method, url=call.url, headers=dict(call.headers), data=call.body)
    official = OfficialCredentials(who.access_key, who.secret_key, who.session_token)
    with mock.patch("botocore.auth.get_current_datetime", autospec=True) as clock:
        clock.return_value.strftime = lambda form: time.strftime(form, time.gmtime(scope.now))
        SigV4Auth(official, scope.service, scope.region).add_auth(request)
    return request.headers


hosts = st.sampled_from(
    [HOST, "http://127.0.0.1:8080", "https://h.example:443", "http://[::1]:99", "https://H.example"]
)
urls = st.builds(
    lambda host, path, query: host + path + ("?" + "&".join(query) if query else ""), hosts, paths, queries
)
calls = st.builds(
    signing.Call,
    st.sampled_from(["POST", "GET", "PUT"]),
    urls,
    st.dictionaries(header_names, words, max_size=4),
    st.binary(max_size=40),
)
people = st.builds(signing.Credentials, keys, keys, st.one_of(st.none(), keys))
scopes = st.builds(
    signing.Scope,
    st.sampled_from(["us-east-1", "eu-central-2", "us-gov-west-1"]),
    st.sampled_from(["bedrock", "bedrock-mantle"]),
    st.integers(0, 4_102_444_800),
)


@given(calls, people, scopes)
@law(150)
def test_a_generated_call_is_signed_as_the_sdk_signs_it(call, who, scope):
    made, wanted = signing.sign(call, who, scope), officially(call, who, scope)
    assert made["authorization"] == wanted["Authorization"]
    assert made["x-amz-date"] == wanted["X-Amz-Date"]
    assert made.get("x-amz-security-token") == wanted.get("X-Amz-Security-Token")


@given(st.integers(-62_135_596_800, 253_402_300_799))
@law(150)
def test_a_time_is_written_as_the_calendar_has_it(now):
    parts = re.fullmatch(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z", signing.timestamp(now))
    assert calendar.timegm(tuple(int(part) for part in parts.groups())) == now


# The boundary


def signed(body=BODY, **head):
    given_head = {
        "method": "POST",
        "url": HOST + PATH,
        "headers": JSON,
        "region": "us-east-1",
        "service": "bedrock",
        "now": NOW,
        "credentials": {"access_key": "AKIDEXAMPLE", "secret_key": "SECRETEXAMPLE", "session_token": "TOKENEXAMPLE"},
    }
    return boundary.sign(orjson.dumps({**given_head, **head}), body)


def test_the_boundary_signs_bytes():
    answer = signed()
    headers = orjson.loads(answer.head)["headers"]
    assert (answer.status, answer.body) == (200, b"")
    assert signature(headers) == "2efea2560b5257d9e382650de7a9d4c330fc85f4b44ed866e09e794ad6b3f41a"
    assert headers.keys() == {"x-amz-date", "x-amz-security-token", "authorization"}
    assert b"SECRETEXAMPLE" not in answer.head


def test_the_service_is_bedrock_when_the_head_does_not_say():
    assert signed(service=None).head == signed().head


@pytest.mark.parametrize(
    "wrong",
    [
        {"region": None}, {"region": 5}, {"url": None}, {"headers": ["SECRETEXAMPLE"]}, {"now": "SECRETEXAMPLE"},
        {"credentials": None}, {"credentials": "SECRETEXAMPLE"}, {"credentials": {"secret_key": "SECRETEXAMPLE"}},
        {"credentials": {"access_key": "A", "secret_key": ["SECRETEXAMPLE"]}}, {"url": "http://[SECRETEXAMPLE"},
    ],
    ids=str,
)  # fmt: skip
def test_a_head_that_is_none_is_refused_without_an_echo(wrong):
    answer = signed(**wrong)
    assert answer.status == 400
    assert orjson.loads(answer.body)["error"]["message"]
    assert b"SECRETEXAMPLE" not in answer.head + answer.body


def test_bytes_that_are_no_head_are_refused_without_an_echo():
    answer = boundary.sign(b'{"credentials":{"secret_key":"SECRETEXAMPLE"', b"")
    assert answer.status == 400
    assert b"SECRETEXAMPLE" not in answer.head + answer.body


def test_credentials_do_not_show_their_secrets():
    shown = repr(WHO)
    assert "SECRETEXAMPLE" not in shown
    assert "TOKENEXAMPLE" not in shown
