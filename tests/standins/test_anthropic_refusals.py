"""What the Anthropic stand-in refuses: by the SDK's types, and by the documented rules."""

import anthropic
import httpx
import pytest
from dragoman.standins import running

USER = {"role": "user", "content": "hello"}
TOOL = {"name": "f", "input_schema": {"type": "object"}}
USE = {"type": "tool_use", "id": "toolu_1", "name": "f", "input": {}}
RESULT = {"type": "tool_result", "tool_use_id": "toolu_1", "content": "ok"}
CALLED = [USER, {"role": "assistant", "content": [USE]}]
MANUAL = {"type": "enabled", "budget_tokens": 1024}
MARK = {"cache_control": {"type": "ephemeral"}}
HOUR = {"cache_control": {"type": "ephemeral", "ttl": "1h"}}


def said(*blocks, role="user"):
    return {"messages": [USER, {"role": "assistant", "content": list(blocks)}, USER]} if role != "user" else {
        "messages": [{"role": "user", "content": list(blocks)}]
    }  # fmt: skip


def text(value, **more):
    return {"type": "text", "text": value, **more}


def image(data, kind="image/png"):
    return {"type": "image", "source": {"type": "base64", "media_type": kind, "data": data}}


def format_of(schema):
    return {"output_config": {"format": {"type": "json_schema", "schema": schema}}}


REFUSED = {
    "unknown key": ({"nonsense": 1}, "nonsense: Extra inputs are not permitted"),
    "unknown nested key": (said(text("x", id="1")), "messages.0.content.0.id: Extra inputs"),
    "header as a key": ({"workspace_id": "w"}, "workspace_id: Extra inputs"),
    "missing": ({"max_tokens": None}, "max_tokens: Input should be a valid integer"),
    "wrong type": ({"max_tokens": "5"}, "max_tokens: Input should be a valid integer"),
    "unknown block": (said({"type": "image_url"}), "messages.0.content.0: Input tag 'image_url'"),
    "string input": ({"messages": [USER, {"role": "assistant", "content": [{**USE, "input": "{}"}]}]},
                     "messages.1.content.0.input: Input should be an object"),
    "temperature under the new version": ({"temperature": 1}, "temperature: Extra inputs"),
    "no messages": ({"messages": []}, "at least one message"),
    "assistant first": ({"messages": [{"role": "assistant", "content": "x"}, USER]}, "first message"),
    "empty content": ({"messages": [{"role": "user", "content": ""}]}, "non-empty content"),
    "empty text": (said(text("")), "text content blocks must be non-empty"),
    "blank text": (said(text(" \n")), "non-whitespace"),
    "mark on empty text": (said(text("", **MARK)), "cache_control cannot be set for empty text"),
    "tool name": ({"tools": [{**TOOL, "name": "a.b"}]}, "tools.0.custom.name: String should match"),
    "tool twice": ({"tools": [TOOL, TOOL]}, "Tool names must be unique"),
    "tool schema": ({"tools": [{**TOOL, "input_schema": {"type": "string"}}]}, "input_schema.type: Input should be"),
    "choice without tools": ({"tool_choice": {"type": "auto"}}, "while providing `tools`"),
    "choice of no tool": ({"tools": [TOOL], "tool_choice": {"type": "tool", "name": "g"}}, "Tool 'g' not found"),
    "unanswered call": ({"messages": [*CALLED, USER]}, "without `tool_result` blocks immediately after: toolu_1"),
    "trailing call": ({"messages": CALLED}, "without `tool_result`"),
    "result after text": ({"messages": [*CALLED, {"role": "user", "content": [text("x"), RESULT]}]},
                          "without `tool_result` blocks immediately after: toolu_1"),
    "orphaned result": (said(RESULT), "unexpected `tool_use_id`"),
    "result twice": ({"messages": [*CALLED, {"role": "user", "content": [RESULT, RESULT]}]}, "single result"),
    "foreign id": ({"messages": [USER, {"role": "assistant", "content": [{**USE, "id": "a|b"}]}]}, "should match"),
    "thinking by the user": (said({"type": "thinking", "thinking": "", "signature": ""}), "can only be in `assistant`"),
    "five marks": (said(*(text("x", **MARK) for _ in range(5))), "maximum of 4 blocks"),
    "automatic fifth mark": ({**MARK, **said(*(text("x", **MARK) for _ in range(4)))}, "maximum of 4 blocks"),
    "long after short": (said(text("x", **MARK), text("y", **HOUR)), "must not come after"),
    "small budget": ({"thinking": {**MANUAL, "budget_tokens": 1000}}, "greater than or equal to 1024"),
    "budget over limit": ({"thinking": MANUAL, "max_tokens": 1024}, "must be greater than"),
    "forced with manual": ({"thinking": MANUAL, "tools": [TOOL], "tool_choice": {"type": "any"}}, "forces tool use"),
    "adaptive on an old model": ({"thinking": {"type": "adaptive"}}, "thinking.type.adaptive"),
    "manual on a new model": ({"model": "claude-opus-4-7", "thinking": MANUAL}, "thinking.type.enabled"),
    "disabled on Fable": ({"model": "claude-fable-5", "thinking": {"type": "disabled"}}, "thinking.type.disabled"),
    "disabled at max": ({"model": "claude-opus-5", "thinking": {"type": "disabled"},
                         "output_config": {"effort": "max"}}, "not supported with effort"),
    "effort": ({"output_config": {"effort": "low"}}, "does not support the effort parameter"),
    "effort level": ({"model": "claude-opus-4-6", "output_config": {"effort": "xhigh"}}, "Supported levels: high, low"),
    "forced on the newest": ({"model": "claude-opus-5-5", "tools": [TOOL], "tool_choice": {"type": "any"}},
                             "forced tool use is not supported"),
    "prefill": ({"model": "claude-opus-4-6", "messages": [USER, {"role": "assistant", "content": "x"}]}, "prefill"),
    "system turn": ({"messages": [USER, {"role": "system", "content": "x"}]}, "messages.1.role"),
    "loose format": (format_of({"type": "object", "properties": {}}), "additionalProperties"),
    "bounded format": (format_of({"type": "integer", "minimum": 1}), "'minimum' is not permitted"),
    "recursive format": (format_of({"$ref": "#/$defs/a", "$defs": {"a": {"type": "array", "items":
                                    {"$ref": "#/$defs/a"}}}}), "Circular"),
    "blank stop": ({"stop_sequences": [" "]}, "non-whitespace"),
    "ceiling": ({"max_tokens": 64_001}, "maximum allowed number of output tokens"),
    "bad base64": (said(image("???")), "Invalid base64 data"),
    "wrong media type": (said(image("R0lGODlhAQABAAAAACw=")), "does not match the provided media type"),
    "url": (said({"type": "image", "source": {"type": "url", "url": "data:image/png;base64,AA=="}}), "HTTPS URLs"),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "message"), REFUSED.values(), ids=REFUSED)
def test_wrong_requests_are_refused_with_the_reason(messages, changes, message):
    body = {"model": "claude-haiku-4-5", "max_tokens": 2000, "messages": [USER], **changes}
    with pytest.raises(anthropic.BadRequestError) as caught:
        messages._client.post("/v1/messages", body=body, cast_to=object)
    assert caught.value.body["error"]["type"] == "invalid_request_error"
    assert message in caught.value.body["error"]["message"]
    assert caught.value.request_id == caught.value.body["request_id"]


ACCEPTED = {
    "results first, then text": {"messages": [*CALLED, {"role": "user", "content": [RESULT, text("and?")]}]},
    "prefill on an old model": {"messages": [USER, {"role": "assistant", "content": "x"}]},
    "neighbours": {"messages": [USER, USER]},
    "empty result": {"messages": [*CALLED, {"role": "user", "content": [{**RESULT, "content": ""}]}]},
    "system turn": {"model": "claude-opus-5", "messages": [USER, {"role": "system", "content": "x"}]},
    "between tools": {"model": "claude-sonnet-5-5", "thinking": {"type": "between_tools"}},
    "four marks": said(*(text("x", **MARK) for _ in range(4))),
    "neighbouring assistant messages": {
        "messages": [
            *CALLED,
            {"role": "assistant", "content": [{**USE, "id": "toolu_2"}]},
            {"role": "user", "content": [RESULT, {**RESULT, "tool_use_id": "toolu_2"}]},
        ]
    },
    "empty system string": {"system": ""},
    "server tool": {"tools": [{"type": "web_search_20250305", "name": "web_search"}]},
    "format": format_of({"type": "object", "properties": {}, "additionalProperties": False}),
}


@pytest.mark.parametrize("changes", ACCEPTED.values(), ids=ACCEPTED)
def test_right_requests_are_not_refused(messages, changes):
    body = {"model": "claude-haiku-4-5", "max_tokens": 2000, "messages": [USER], **changes}
    assert messages._client.post("/v1/messages", body=body, cast_to=object)["content"]


@pytest.mark.parametrize(
    ("model", "sampling", "status"),
    [
        ("claude-sonnet-4-6", {"temperature": 0.5}, 200),
        ("claude-sonnet-4-6", {"temperature": 1.5}, 400),
        ("claude-sonnet-4-6", {"temperature": "1"}, 400),
        ("claude-sonnet-4-6", {"temperature": 0.5, "thinking": {"type": "adaptive"}}, 400),
        ("claude-haiku-4-5", {"temperature": 0.5, "top_p": 0.5}, 400),
        ("claude-opus-4-7", {"temperature": 0.5}, 400),
        ("claude-opus-4-7", {"temperature": 1}, 200),
        ("claude-haiku-5-5", {"top_k": 3}, 400),
    ],
)
def test_sampling_under_the_old_version_is_the_models_affair(anthropic_standin, model, sampling, status):
    body = {"model": model, "max_tokens": 2000, "messages": [USER], **sampling}
    headers = {"x-api-key": "k", "anthropic-version": "2023-06-01"}
    reply = httpx.post(anthropic_standin.base_url + "/v1/messages", json=body, headers=headers)
    assert reply.status_code == status, reply.text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"anthropic-version": "2023-06-01"}, 401),
        ({"x-api-key": "wrong", "anthropic-version": "2023-06-01"}, 401),
        ({"x-api-key": "right", "authorization": "Bearer right", "anthropic-version": "2023-06-01"}, 401),
        ({"x-api-key": "right"}, 400),
        ({"x-api-key": "right", "anthropic-version": "2026-01-01"}, 400),
        ({"x-api-key": "right", "anthropic-version": "2023-06-01"}, 200),
        ({"authorization": "Bearer right", "anthropic-version": "2026-10-21"}, 200),
    ],
)
def test_key_and_version_are_checked(headers, status):
    with running("anthropic", key="right") as standin:
        body = {"model": "claude-haiku-4-5", "max_tokens": 5, "messages": [USER]}
        assert httpx.post(standin.base_url + "/v1/messages", json=body, headers=headers).status_code == status


def loop(messages, model, thinking, change):
    asked = {"model": model, "max_tokens": 2000, "thinking": thinking, "tools": [TOOL], "messages": [USER]}
    asked["messages"] = [{"role": "user", "content": "use a tool"}]
    first = messages.create(**asked)
    blocks = [block.model_dump(exclude_none=True) for block in first.content]
    result = {"type": "tool_result", "tool_use_id": blocks[1]["id"], "content": "ok"}
    turns = [*asked["messages"], {"role": "assistant", "content": blocks}, {"role": "user", "content": [result]}]
    changed = {**asked, "messages": turns}
    change(changed, blocks)
    return messages.create(**changed)


def forged(_, blocks):
    blocks[0]["signature"] = "A" + blocks[0]["signature"][1:-8] + "AAAAAAA="


def other_text(_, blocks):
    blocks[0]["thinking"] += "."


def no_signature(_, blocks):
    blocks[0]["signature"] = ""


def dropped(_, blocks):
    del blocks[0]


def other_system(body, _):
    body["system"] = "new"


@pytest.mark.parametrize(
    ("model", "thinking", "change", "message"),
    [
        ("claude-haiku-4-5", MANUAL, other_text, "Invalid `signature`"),
        ("claude-haiku-4-5", MANUAL, forged, "Invalid `signature`"),
        ("claude-haiku-4-5", MANUAL, no_signature, "Invalid `signature`"),
        ("claude-haiku-4-5", MANUAL, dropped, "Expected `thinking`"),
        ("claude-opus-5", {"type": "adaptive"}, other_text, "Invalid `signature`"),
        ("claude-fable-5-2", {"type": "adaptive"}, other_system, "differs from when it was created"),
    ],
)
def test_thinking_must_come_back_as_it_was(messages, model, thinking, change, message):
    with pytest.raises(anthropic.BadRequestError, match=message):
        loop(messages, model, thinking, change)


def test_unknown_models_and_paths_are_not_found(messages):
    with pytest.raises(anthropic.NotFoundError, match="model: no-such-model"):
        messages.create(model="no-such-model", max_tokens=5, messages=[USER])
    with pytest.raises(anthropic.NotFoundError):
        messages._client.post("/v1/nowhere", body={}, cast_to=object)
