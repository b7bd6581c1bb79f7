"""Odd requests to Bedrock: general promises over the whole tables, then what each is to become."""

import orjson
import pytest
from dragoman.standins import bedrock_judge, bedrock_models, bedrock_rules
from dragoman.standins.wire import Refused

from ..recordings.driving import ALLOW, call
from ..recordings.test_bedrock import arrived
from ..recordings.visible import paths_exist
from .base import lost
from .chat_bodies import BODIES as CHAT
from .messages_bodies import BODIES as MESSAGES

SONNET = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"
OPUS = "us.anthropic.claude-opus-4-8"
FABLE = "global.anthropic.claude-opus-5-5"
NOVA, NOVA_2 = "amazon.nova-lite-v1:0", "us.amazon.nova-2-lite-v1:0"
LLAMA, MISTRAL = "us.meta.llama3-3-70b-instruct-v1:0", "mistral.mistral-large-2407-v1:0"
R1, V3, OSS = "us.deepseek.r1-v1:0", "deepseek.v3-v1:0", "openai.gpt-oss-120b-1:0"
MODELS = (SONNET, OPUS, FABLE, NOVA, NOVA_2, LLAMA, MISTRAL, R1, V3, OSS)
CASES = [("openai_chat", name) for name in CHAT] + [("anthropic", name) for name in MESSAGES]
BODIES = {"openai_chat": CHAT, "anthropic": MESSAGES}


def ask(client, name, model, **head):
    return call(BODIES[client][name], client, "bedrock", model, region="eu-west-1", **head)


@pytest.mark.parametrize("policy", [{}, {"on_loss": ALLOW}], ids=["default", "allow"])
@pytest.mark.parametrize(("client", "name"), CASES)
def test_nothing_is_silent_and_nothing_wrong_is_sent(client, name, policy):
    body = BODIES[client][name]
    for model in MODELS:
        told = ask(client, name, model, **policy)
        assert told.status in (200, 400), (model, told.body)
        if told.status == 400:
            assert told.error["message"], model
            continue
        paths_exist(told.losses, body)
        arrived(body, told)
        assert bedrock_judge.request_fault("Converse", told.body) is None, model
        row = bedrock_models.model(model)
        assert row is not None
        if refused := _refusal(told.body, row, model):
            # What a client's history holds of its own accord is the provider's to refuse.
            assert refused.startswith(OWN_FAULTS), (model, refused)


OWN_FAULTS = (
    "A conversation must start with a user message",
    "The model returned the following errors: a conversation",
)


def _refusal(body, row, model):
    try:
        bedrock_rules.check(bedrock_rules.Asked(body, row, model))
    except Refused as refused:
        return refused.message
    return None


NEUTRAL = {"top_p": 1, "temperature": 1, "service_tier": "auto", "stop": ""}
SAID = {
    "temperature": "inferenceConfig", "top_p": "inferenceConfig", "max_tokens": "inferenceConfig",
    "max_completion_tokens": "inferenceConfig", "stop": "inferenceConfig", "user": "requestMetadata",
    "safety_identifier": "requestMetadata", "metadata": "requestMetadata", "service_tier": "serviceTier",
    "top_k": "additionalModelRequestFields", "tools": "toolConfig", "functions": "toolConfig",
    "response_format": "outputConfig",
}  # fmt: skip


@pytest.mark.parametrize("name", CHAT)
def test_a_field_without_a_loss_is_in_the_native_body(name):
    body = CHAT[name]
    for model in MODELS:
        told = ask("openai_chat", name, model, on_loss=ALLOW)
        if told.status != 200:
            continue
        for key, value in body.items():
            if key not in SAID or value in (None, [], {}, {"type": "text"}) or NEUTRAL.get(key, told) == value:
                continue
            if key == "tools" and lost(told, "/tool_choice"):
                continue
            assert SAID[key] in told.body or lost(told, f"/{key}"), (model, key)


@pytest.mark.parametrize(("client", "name"), CASES)
def test_the_same_request_gives_the_same_bytes(client, name):
    first, second = (ask(client, name, SONNET, on_loss=ALLOW) for _ in "ab")
    assert first == second


GONE = object()


def native(told, path):
    """The value at a dotted path of the native body; GONE when it is not there."""
    value = told.body
    for step in path.split("."):
        try:
            value = value[int(step) if isinstance(value, list) else step]
        except (KeyError, IndexError):
            return GONE
    return value


FIELDS = "additionalModelRequestFields"
# (probe, models, path in the native body, value there)
VALUES = [
    ("temperature 1.5", (SONNET, NOVA, LLAMA, OSS), "inferenceConfig.temperature", 1),
    ("temperature 0", (OPUS, FABLE), "inferenceConfig", GONE),
    ("top_k", (SONNET,), f"{FIELDS}.top_k", 40),
    ("top_k", (NOVA, NOVA_2), f"{FIELDS}.inferenceConfig.topK", 40),
    ("top_k", (LLAMA, OSS, R1), FIELDS, GONE),
    ("stop of five", MODELS, "inferenceConfig.stopSequences", ["a", "b", "c", "d", "e"]),
    ("both limits", MODELS, "inferenceConfig.maxTokens", 200),
    ("temperature 1", MODELS, "inferenceConfig.maxTokens", GONE),
    ("tool without parameters", MODELS, "toolConfig.tools.0.toolSpec.inputSchema.json",
     {"type": "object", "properties": {}}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "models", "path", "value"), VALUES)
def test_a_probe_becomes(name, models, path, value):
    for model in models:
        told = ask("openai_chat", name, model, on_loss=ALLOW)
        assert told.status == 200, told.body
        assert native(told, path) == value, model


EFFORTS = [
    (SONNET, "low", f"{FIELDS}.thinking", {"type": "enabled", "budget_tokens": 1200}),
    (OPUS, "low", f"{FIELDS}.thinking", {"type": "adaptive", "display": "summarized"}),
    (OPUS, "low", "outputConfig.effort", "low"),
    (OPUS, "none", f"{FIELDS}.thinking", {"type": "disabled"}),
    (NOVA, "low", FIELDS, GONE),
    (NOVA_2, "medium", f"{FIELDS}.reasoningConfig", {"type": "enabled", "maxReasoningEffort": "medium"}),
    (NOVA_2, "none", FIELDS, GONE),
    (NOVA_2, "max", "inferenceConfig", GONE),
    (R1, "low", FIELDS, GONE),
    (V3, "high", f"{FIELDS}.reasoning_config", "high"),
    (OSS, "minimal", f"{FIELDS}.reasoning_effort", "low"),
    (OSS, "none", f"{FIELDS}.reasoning_effort", "low"),
]


@pytest.mark.parametrize(("model", "effort", "path", "value"), EFFORTS)
def test_an_effort_is_spelled_as_the_family_spells_it(model, effort, path, value):
    body = {
        "model": "m",
        "max_tokens": 4000,
        "reasoning_effort": effort,
        "messages": [{"role": "user", "content": "x"}],
    }
    told = call(body, "openai_chat", "bedrock", model, region="eu-west-1", on_loss=ALLOW)
    assert native(told, path) == value
    unsaid = value is GONE and effort != "none"
    changed = (model, effort) in ((OSS, "minimal"), (OSS, "none"), (NOVA_2, "max"))
    assert bool(lost(told, "/reasoning_effort")) == (unsaid or changed)


TOOL = {"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {}}}}


@pytest.mark.parametrize(
    ("model", "choice", "sent"),
    [
        (SONNET, "required", {"any": {}}),
        (NOVA, "required", {"any": {}}),
        (MISTRAL, "required", {"any": {}}),
        (MISTRAL, "named", {"any": {}}),
        (SONNET, "named", {"tool": {"name": "f"}}),
        (LLAMA, "required", {"auto": {}}),
        (FABLE, "named", {"auto": {}}),
        (SONNET, "auto", {"auto": {}}),
    ],
)
def test_a_choice_is_what_the_family_takes(model, choice, sent):
    wish = {"type": "function", "function": {"name": "f"}} if choice == "named" else choice
    body = {"model": "m", "messages": [{"role": "user", "content": "x"}], "tools": [TOOL], "tool_choice": wish}
    told = call(body, "openai_chat", "bedrock", model, region="eu-west-1", on_loss=ALLOW)
    assert told.body["toolConfig"]["toolChoice"] == sent
    same = (
        sent == {"auto": {}} if choice == "auto" else next(iter(sent)) == {"required": "any", "named": "tool"}[choice]
    )
    assert bool(lost(told, "/tool_choice")) != same


@pytest.mark.parametrize(("model", "row"), [
    ("arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-sonnet-4-5-20250929-v1:0", "claude-sonnet-4-5"),
    ("arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.amazon.nova-2-lite-v1:0", "nova-2-lite"),
    ("arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc", ""),
    ("us-gov.anthropic.claude-3-5-sonnet-20240620-v1:0", "claude-3-5"),
    ("anthropic.claude-3-5-sonnet-20241022-v2:0", "claude-3-5-sonnet-20241022"),
    ("anthropic.claude-v2:1", "claude-v2"), ("anthropic.claude-opus-4-20250514-v1:0", "claude-opus-4"),
    ("apac.anthropic.claude-sonnet-4-20250514-v1:0", "claude-sonnet-4"),
    ("global.anthropic.claude-opus-5", "claude-opus-5"),
    ("us.anthropic.claude-opus-6", "claude"), ("us.meta.llama4-maverick-17b-instruct-v1:0", "llama4"),
    ("zai.glm-4.7-flash", "glm"), ("moonshot.kimi-k2-thinking", "kimi"), ("qwen.qwen3-32b-v1:0", "qwen"),
    ("deepseek.v3.2", "deepseek.v3.2"), ("deepseek.v3-v1:0", "deepseek.v3"),
    ("mistral.mistral-7b-instruct-v0:2", "mistral"),
    ("brand.new-model", ""),
])  # fmt: skip
def test_an_id_finds_the_row_of_its_family(model, row):
    body = {"model": "m", "messages": [{"role": "user", "content": "x"}]}
    assert call(body, "openai_chat", "bedrock", model, region="eu-west-1").head["row"] == row


@pytest.mark.parametrize("family", ["claude-sonnet-4-5", "anthropic.claude-sonnet-4-5", SONNET])
def test_an_arn_that_names_no_family_can_be_given_one(family):
    arn = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc"
    body = {"model": "m", "max_tokens": 4000, "reasoning_effort": "low", "messages": [{"role": "user", "content": "x"}]}
    told = call(body, "openai_chat", "bedrock", arn, region="eu-west-1", family=family)
    assert told.head["row"] == "claude-sonnet-4-5"
    assert told.body[FIELDS]["thinking"]["budget_tokens"] == 1200
    assert told.head["url"].endswith("/model/" + arn.replace(":", "%3A").replace("/", "%2F") + "/converse")


def test_the_text_of_arguments_and_schemas_is_kept():
    schema = {"type": "object", "properties": {"z": {"type": "number"}, "a": {"enum": [1.0, 1e5]}}}
    tool = {"type": "function", "function": {"name": "f", "parameters": schema}}
    made = {"id": "a", "type": "function", "function": {"name": "f", "arguments": '{ "z":1.0, "a":1e5}'}}
    messages = [
        {"role": "user", "content": "x"},
        {"role": "assistant", "content": None, "tool_calls": [made]},
        {"role": "tool", "tool_call_id": "a", "content": "1"},
    ]
    body = {"model": "m", "messages": messages, "tools": [tool]}
    raw = call(body, "openai_chat", "bedrock", SONNET, region="eu-west-1").raw
    assert b'"input":{ "z":1.0, "a":1e5}' in raw
    assert b'"json":' + orjson.dumps(schema) in raw
