"""The test vectors of spec/reference-gateway.md 23, and its examples with values; spec/chat.md decides where they
differ.

The reference is another product's documented behaviour; each test names the line it is from.
"""

from typing import Any

import orjson
import pytest

from ..core.proof.calls import events, frames, receive, send, stream
from .provider_answers import (
    CHAT,
    CLAUDE,
    GOOGLE,
    NAMES,
    USER,
    WAYS,
    Counts,
    Json,
    Said,
    ask,
    context,
    reply_of,
    told,
    usage_of,
)

# Reasoning ratio, integer rule `max_tokens * pct // 100`

RATIO = {
    1000: (300, 600, 900),
    1024: (307, 614, 921),
    1500: (450, 900, 1350),
    2048: (614, 1228, 1843),
    4096: (1228, 2457, 3686),
    8192: (2457, 4915, 7372),
    16000: (4800, 9600, 14400),
    32768: (9830, 19660, 29491),
    65536: (19660, 39321, 58982),
}
"""max_tokens -> low, medium, high."""
EFFORTS = ("low", "medium", "high")


def budget(name: str, sent: Any) -> tuple[int | None, int | None]:
    """Budget and limit of a native body."""
    if name in GOOGLE:
        config = sent.body["generationConfig"]
        return config["thinkingConfig"]["thinkingBudget"], config["maxOutputTokens"]
    if name == "bedrock":
        fields = sent.body["additionalModelRequestFields"]
        return fields["thinking"]["budget_tokens"], sent.body["inferenceConfig"]["maxTokens"]
    return sent.body["thinking"]["budget_tokens"], sent.body["max_tokens"]


@pytest.mark.parametrize("effort", EFFORTS)
@pytest.mark.parametrize("limit", RATIO)
@pytest.mark.parametrize("name", CLAUDE)
def test_the_ratio_on_claude(name, limit, effort):
    """23: "legal on Claude (≥1024, <max)"; where a share is too small, chat.md 7 clamps it, and raises a limit
    that leaves no
    room, where the reference gives no rule"""
    share = RATIO[limit][EFFORTS.index(effort)]
    assert share == limit * (30, 60, 90)[EFFORTS.index(effort)] // 100
    wanted = (1024, 1024 + limit) if limit <= 1024 else (min(max(share, 1024), 63_999), limit)
    assert budget(name, ask(name, reasoning_effort=effort, max_tokens=limit)) == wanted


@pytest.mark.parametrize("effort", EFFORTS)
@pytest.mark.parametrize("limit", RATIO)
@pytest.mark.parametrize(("model", "most"), [("gemini-2.5-flash", 24_576), ("gemini-2.5-pro", 32_768)])
@pytest.mark.parametrize("name", GOOGLE)
def test_the_ratio_on_gemini(name, model, most, limit, effort):
    """23: "Gemini 2.5 Flash clamps medium, high to 24576; 2.5 Pro clamps to 32768" """
    share = RATIO[limit][EFFORTS.index(effort)]
    sent = ask(name, model, reasoning_effort=effort, max_tokens=limit)
    assert budget(name, sent) == (min(share, most), limit)


@pytest.mark.parametrize("name", [*CLAUDE, *GOOGLE])
def test_medium_of_5000_is_3000(name):
    """8.1: `{"reasoning_effort":"medium","max_tokens":5000}` → 3000 on Anthropic, Gemini and Bedrock"""
    sent = ask(name, reasoning_effort="medium", max_tokens=5000)
    assert budget(name, sent) == (3000, 5000)
    if name in GOOGLE:
        assert sent.body["generationConfig"]["thinkingConfig"]["includeThoughts"] is True


@pytest.mark.parametrize("name", [*CLAUDE, *GOOGLE])
def test_none_is_off(name):
    """8.1: "none → Anthropic: no thinking key …; Gemini: thinkingBudget 0" """
    sent = ask(name, reasoning_effort="none", max_tokens=5000)
    if name in GOOGLE:
        assert sent.body["generationConfig"]["thinkingConfig"] == {"thinkingBudget": 0}
    else:
        assert "thinking" not in orjson.dumps(sent.body).decode()


# Media


def image(detail: str) -> Json:
    return {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo=", "detail": detail}}


def resolutions(name: str, model: str, *details: str) -> tuple[Any, list[Any]]:
    """The resolution of the request, and those of its parts."""
    parts = [image(detail) for detail in details]
    body = ask(name, model, messages=[{"role": "user", "content": parts}]).body
    found = [part.get("mediaResolution") for part in body["contents"][0]["parts"]]
    return body.get("generationConfig", {}).get("mediaResolution"), found


@pytest.mark.parametrize("name", GOOGLE)
def test_low_detail_of_one_image_is_a_low_resolution(name):
    """23: `detail:"low"` one image → generationConfig.mediaResolution LOW"""
    assert resolutions(name, "gemini-2.5-flash", "low") == ("MEDIA_RESOLUTION_LOW", [None])


@pytest.mark.parametrize("model", ["gemini-2.5-flash", "gemini-3.8-flash"])
@pytest.mark.parametrize("name", GOOGLE)
def test_auto_detail_is_no_key(name, model):
    """23: `auto` → key absent"""
    assert resolutions(name, model, "auto") == (None, [None])


@pytest.mark.parametrize("name", GOOGLE)
def test_low_and_high_are_high_on_2_5_and_per_part_on_3(name):
    """23: `low`+`high` on 2.5 → HIGH; on 3 → per part"""
    assert resolutions(name, "gemini-2.5-flash", "low", "high") == ("MEDIA_RESOLUTION_HIGH", [None, None])
    parts = [{"level": "MEDIA_RESOLUTION_LOW"}, {"level": "MEDIA_RESOLUTION_HIGH"}]
    assert resolutions(name, "gemini-3.8-flash", "low", "high") == (None, parts)


# Cache

MARK = {"type": "ephemeral"}


@pytest.mark.parametrize("name", CLAUDE)
def test_of_five_marks_the_last_four_are_kept(name):
    """23: "5 markers → 400 or keep the last 4, chosen policy": chat.md 8 keeps the last four"""
    parts = [{"type": "text", "text": str(number), "cache_control": MARK} for number in range(5)]
    sent = ask(name, messages=[{"role": "user", "content": parts}])
    written = orjson.dumps(sent.body)
    assert written.count(b"cachePoint" if name == "bedrock" else b"cache_control") == 4
    assert ("/messages/0/content/0/cache_control", "dropped", "cost") in sent.lost


@pytest.mark.parametrize("name", ["anthropic", "vertex_claude"])
def test_a_marker_on_string_content_makes_it_a_part(name):
    """23: "marker on string content → converted to a part" """
    sent = ask(name, messages=[{"role": "user", "content": "Hi", "cache_control": MARK}])
    assert sent.body["messages"][0]["content"] == [{"type": "text", "text": "Hi", "cache_control": MARK}]


@pytest.mark.parametrize("name", ["openai", "azure"])
def test_a_marker_to_openai_is_absent_and_noted(name):
    """23: "marker to OpenAI → absent, note emitted" """
    sent = ask(name, messages=[{"role": "user", "content": [{"type": "text", "text": "Hi", "cache_control": MARK}]}])
    assert b"cache" not in orjson.dumps(sent.body)
    assert sent.lost == {("/messages/0/content/0/cache_control", "dropped", "cost")}


def test_a_marker_on_bedrock_is_a_point_behind_the_block():
    """23: "marker on Bedrock → cachePoint follows the block" """
    parts = [{"type": "text", "text": "a", "cache_control": MARK}, {"type": "text", "text": "b"}]
    sent = ask("bedrock", messages=[{"role": "user", "content": parts}])
    wanted = [{"text": "a"}, {"cachePoint": {"type": "default"}}, {"text": "b"}]
    assert sent.body["messages"][0]["content"] == wanted


# Usage


@pytest.mark.parametrize("name", CLAUDE)
def test_usage_of_a_cached_prompt(name):
    """23: {input 50, read 1200, creation 250, output 80} → prompt 1500, cached 1200, total 1580; 7.2: the same on
    the wire"""
    usage = told(name, Said(usage=usage_of(name, Counts(50, 1200, 250, 80, 0)))).usage
    assert (usage["prompt_tokens"], usage["completion_tokens"], usage["total_tokens"]) == (1500, 80, 1580)
    assert usage["prompt_tokens_details"]["cached_tokens"] == 1200
    assert (usage["cache_read_input_tokens"], usage["cache_creation_input_tokens"]) == (1200, 250)


# Signatures

SIGNATURE = "CpQBAdHtSig=="
SPELLINGS: dict[str, Json] = {
    "provider_specific_fields": {"provider_specific_fields": {"thought_signature": SIGNATURE}},
    "extra_content": {"extra_content": {"google": {"thought_signature": SIGNATURE}}},
    "function": {"function": {"name": "tide_height", "arguments": "{}", "thought_signature": SIGNATURE}},
    "function fields": {
        "function": {
            "name": "tide_height", "arguments": "{}", "provider_specific_fields": {"thought_signature": SIGNATURE},
        }
    },
    "id": {"id": f"call_7__thought__{SIGNATURE}"},
}  # fmt: skip
"""The five locations of the table in 5."""
TOOLS = [{"type": "function", "function": {"name": "tide_height"}}]


def loop(*calls: Json) -> Json:
    ids = [call["id"] for call in calls]
    results = [{"role": "tool", "tool_call_id": one, "content": "4.1 m"} for one in ids]
    turn = {"role": "assistant", "content": None, "tool_calls": list(calls)}
    return {"messages": [USER, turn, *results], "tools": TOOLS}


def call(one: str = "call_7", **more: Any) -> Json:
    return {"id": one, "type": "function", "function": {"name": "tide_height", "arguments": "{}"}, **more}


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("name", GOOGLE)
def test_each_of_five_locations_gives_one_identical_native_part(name, spelling):
    """23: "same value supplied in each of the five locations → one identical native part; id packed → tool message
    id also
    cleaned" """
    sent = ask(name, "gemini-3.8-flash", **loop(call(**SPELLINGS[spelling])))
    (part,) = sent.body["contents"][1]["parts"]
    assert part == {"functionCall": {"id": "call_7", "name": "tide_height", "args": {}}, "thoughtSignature": SIGNATURE}
    (result,) = sent.body["contents"][2]["parts"]
    assert (result["functionResponse"]["id"], result["functionResponse"]["name"]) == ("call_7", "tide_height")
    assert sent.losses == []


@pytest.mark.parametrize("name", GOOGLE)
def test_of_a_parallel_pair_only_the_first_carries_the_signature(name):
    """23: "parallel pair → only first carries it" """
    signed = call(**SPELLINGS["provider_specific_fields"])
    sent = ask(name, "gemini-3.8-flash", **loop(signed, call("call_8")))
    assert [part.get("thoughtSignature") for part in sent.body["contents"][1]["parts"]] == [SIGNATURE, None]


@pytest.mark.parametrize("name", GOOGLE)
def test_a_signature_is_emitted_in_two_places(name):
    """5: "Emit `provider_specific_fields.thought_signature` … **and** `extra_content.google.thought_signature`"; 21, 6:
    `finish_reason` of calls is derived"""
    said = Said("", signature=SIGNATURE, calls=(("call_7", "tide_height", '{"port":"Brest"}'),))
    seen = told(name, said, "gemini-3.8-flash", tools=TOOLS)
    (made,) = seen.message["tool_calls"]
    assert made["provider_specific_fields"] == {"thought_signature": SIGNATURE}
    assert made["extra_content"] == {"google": {"thought_signature": SIGNATURE}}
    assert (seen.message["content"], seen.finish) == (None, "tool_calls")


# Thinking stream


def accumulated(out: bytes) -> list[Json]:
    """The rule of the reference's client (8.3), as it reads our stream: append until a signature comes; the next
    increment
    opens a new block; redacted ones whole."""
    blocks: list[Json] = []
    begin = True
    for item in frames(out)[:-1]:
        for block in item["choices"][0]["delta"].get("thinking_blocks", ()) if item["choices"] else ():
            if block["type"] == "redacted_thinking":
                blocks.append({key: value for key, value in block.items() if key != "index"})
                begin = True
                continue
            if begin:
                blocks.append({"type": "thinking", "thinking": "", "signature": ""})
            blocks[-1]["thinking"] += block["thinking"]
            blocks[-1]["signature"] += block.get("signature", "")
            begin = bool(block.get("signature"))
    return blocks


@pytest.mark.parametrize("name", ["anthropic", "vertex_claude"])
def test_thinking_accumulates_to_the_blocks_that_were_thought(name):
    """23: "text, text, signature, text → two blocks on accumulation; redacted block between → own block" """

    def block(index: int, *deltas: Json, begin: Json | None = None) -> list[Json]:
        opening = begin or {"type": "thinking", "thinking": "", "signature": ""}
        return [
            {"type": "content_block_start", "index": index, "content_block": opening},
            *({"type": "content_block_delta", "index": index, "delta": delta} for delta in deltas),
            {"type": "content_block_stop", "index": index},
        ]

    def text(words: str) -> Json:
        return {"type": "thinking_delta", "thinking": words}

    signed = {"type": "signature_delta", "signature": "s1"}
    raw = events(
        {"type": "message_start", "message": {"id": "m", "model": "c", "usage": {}}},
        *block(0, text("Check 2,"), text(" 3;"), signed),
        *block(1, begin={"type": "redacted_thinking", "data": "EmwKAhgB"}),
        *block(2, text("so.")),
        {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 1}},
        {"type": "message_stop"},
    )
    out, _ = stream(context(name, stream=True), [raw])
    assert accumulated(out) == [
        {"type": "thinking", "thinking": "Check 2, 3;", "signature": "s1"},
        {"type": "redacted_thinking", "data": "EmwKAhgB"},
        {"type": "thinking", "thinking": "so.", "signature": ""},
    ]


# Structured

BERTH = {"type": "object", "properties": {"dock": {"type": "integer"}}, "required": ["dock"],
         "additionalProperties": False}  # fmt: skip
FORM = {"type": "json_schema", "json_schema": {"name": "berth", "schema": BERTH}}
CONVERTED = [
    ("anthropic", "claude-sonnet-4"), ("vertex_claude", "claude-sonnet-4@20250514"),
    ("bedrock", "us.amazon.nova-lite-v1:0"), ("groq", "llama-3.3-70b-versatile"),
]  # fmt: skip
"""Targets without a native form (anthropic.md 7, bedrock.md 8, groq.md 3); xAI has one, where the reference
converts."""


@pytest.mark.parametrize(("name", "model"), CONVERTED)
@pytest.mark.parametrize("way", ["whole", "stream"])
def test_a_converted_answer_is_text_and_nothing_else(name, model, way):
    """23: "converted provider, streamed → concatenated delta.content parses and equals tool input; finish_reason stop;
    tool_calls absent"; 6: `{"dock":4}` → content"""
    said = Said("", calls=(("c1", "berth", '{"dock":4}'),))
    seen = WAYS[way](name, said, model, response_format=FORM)
    assert orjson.loads(seen.message["content"]) == {"dock": 4}
    assert seen.finish == "stop"
    assert "tool_calls" not in seen.message


@pytest.mark.parametrize(("name", "model"), CONVERTED)
def test_the_schema_is_a_tool_that_is_forced(name, model):
    """6: out: `tools=[{"name":"berth","input_schema":{…}}], tool_choice={"type":"tool","name":"berth"}`"""
    body = ask(name, model, response_format=FORM).body
    if name == "bedrock":
        assert body["toolConfig"]["tools"][0]["toolSpec"]["inputSchema"]["json"] == BERTH
        assert body["toolConfig"]["toolChoice"] == {"tool": {"name": "berth"}}
    elif name == "groq":
        assert body["tools"][0]["function"]["parameters"] == BERTH
        assert body["tool_choice"] == {"type": "function", "function": {"name": "berth"}}
    else:
        assert (body["tools"][0]["name"], body["tools"][0]["input_schema"]) == ("berth", BERTH)
        assert body["tool_choice"] == {"type": "tool", "name": "berth"}


@pytest.mark.parametrize("name", NAMES)
def test_a_strict_schema_must_require_every_property(name):
    """6: the strict-schema 400, "consistent" for converted providers: `'required' must list every property …:
    missing 'dock'`,
    `param` `response_format` (the code is this gateway's own)"""
    loose = {**BERTH, "required": []}
    form = {"type": "json_schema", "json_schema": {"name": "berth", "schema": loose, "strict": True}}
    sent = ask(name, response_format=form)
    assert (sent.status, sent.error["type"], sent.error["param"]) == (400, "invalid_request_error", "response_format")
    assert "required" in sent.error["message"]
    assert "dock" in sent.error["message"]


# Roles


@pytest.mark.parametrize("name", ["anthropic", "vertex_claude"])
def test_two_tool_messages_in_a_row_are_one_user_message(name):
    """23: "two tool messages in a row → one Anthropic user message with two tool_result blocks" """
    sent = ask(name, **loop(call(), call("call_8")))
    turn = sent.body["messages"][2]
    assert turn["role"] == "user"
    assert [(block["type"], block["tool_use_id"]) for block in turn["content"]] == [
        ("tool_result", "call_7"), ("tool_result", "call_8"),
    ]  # fmt: skip


# Model split


def test_a_model_is_split_at_its_first_slash():
    """23: `groq-eu/openai/gpt-oss-120b` → account `groq-eu`, model `openai/gpt-oss-120b`"""
    sent = send({"model": "groq-eu/openai/gpt-oss-120b", "messages": [USER]}, to="groq", model=None)
    assert sent.body["model"] == "openai/gpt-oss-120b"


# Examples with values


@pytest.mark.parametrize("name", NAMES)
def test_the_minimal_exchange(name):
    """1: "Answer in one line." / "Capital of Chile?" → "Santiago.", 22 + 5 = 27 tokens; `provider` and
    `usage.costInUSD` are the
    reference's own keys, which chat.md does not have"""
    messages = [{"role": "system", "content": "Answer in one line."}, {"role": "user", "content": "Capital of Chile?"}]
    sent = ask(name, max_tokens=800, messages=messages)
    written = orjson.dumps(sent.body).decode()
    assert written.index("Capital of Chile?")
    assert "Answer in one line." in written
    body = receive(
        sent.head["context"], reply_of(name, Said("Santiago.", usage=usage_of(name, Counts(22, 0, 0, 5, 0))))
    ).body
    assert body["object"] == "chat.completion"
    assert (body["choices"][0]["message"]["content"], body["choices"][0]["finish_reason"]) == ("Santiago.", "stop")
    counted = {key: body["usage"][key] for key in ("prompt_tokens", "completion_tokens", "total_tokens")}
    assert counted == {"prompt_tokens": 22, "completion_tokens": 5, "total_tokens": 27}


@pytest.mark.parametrize("name", CHAT)
def test_prime_numbers_reach_chat_servers_untouched(name):
    """8.1: "OpenAI, Azure, Groq (gpt-oss) and xAI … receive `reasoning_effort` untouched" """
    model = {"openai": "gpt-5.1", "azure": "gpt-5.1"}.get(name)
    assert ask(name, model, reasoning_effort="high").body["reasoning_effort"] == "high"


@pytest.mark.parametrize("name", [*CLAUDE, *GOOGLE])
def test_a_native_budget_passes(name):
    """8.2: `"thinking":{"type":"enabled","budget_tokens":2048}` … for Gemini, where it "becomes `thinkingBudget`" """
    sent = ask(name, thinking={"type": "enabled", "budget_tokens": 2048}, max_tokens=5000)
    assert budget(name, sent) == (2048, 5000)


@pytest.mark.parametrize("name", CLAUDE)
def test_thinking_blocks_go_back_before_text_and_calls(name):
    """8.3 and 8.4: the message with `thinking_blocks` comes back "unchanged"; native blocks stand "**before** text and
    tool_use, in order" """
    blocks = [
        {"type": "thinking", "thinking": "Check 2, 3; 4²=16 …", "signature": "EqoBCkY="},
        {"type": "redacted_thinking", "data": "EmwKAhgB"},
    ]
    turn = {"role": "assistant", "content": "17 is prime.", "reasoning_content": "Check 2, 3; 4²=16 …",
            "thinking_blocks": blocks, "tool_calls": [call()]}  # fmt: skip
    messages = [USER, turn, {"role": "tool", "tool_call_id": "call_7", "content": "4.1 m"}]
    sent = ask(name, messages=messages, tools=TOOLS)
    content = sent.body["messages"][1]["content"]
    if name == "bedrock":
        assert [next(iter(block)) for block in content] == ["reasoningContent", "reasoningContent", "text", "toolUse"]
        assert content[0]["reasoningContent"]["reasoningText"]["signature"] == "EqoBCkY="
    else:
        assert content[:2] == blocks
        assert [block["type"] for block in content[2:]] == ["text", "tool_use"]


@pytest.mark.parametrize("name", [name for name in NAMES if name not in (*CLAUDE, "openai_compatible")])
def test_claude_s_thinking_goes_to_nobody_else(name):
    """8.4: "unsigned thinking → drop for Claude; to OpenAI/Gemini/xAI/Groq → drop": as `dropped/quality` (chat.md 5)"""
    blocks = [{"type": "thinking", "thinking": "Check", "signature": "EqoBCkY="}]
    turn = {"role": "assistant", "content": "Yes.", "thinking_blocks": blocks}
    sent = ask(name, messages=[USER, turn, USER])
    assert b"EqoBCkY" not in orjson.dumps(sent.body)
    assert ("/messages/1/thinking_blocks/0", "dropped", "quality") in sent.lost
