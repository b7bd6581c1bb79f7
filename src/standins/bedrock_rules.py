"""The documented rules of Converse that no type tells."""

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import Any

import attrs

from .bedrock_models import Model
from .wire import Refused

Body = Mapping[str, Any]
DOCUMENT_NAME = re.compile(r"[A-Za-z0-9()\[\]-]+(?: [A-Za-z0-9()\[\]-]+)*")
MOST_MARKS, MOST_IMAGES, MOST_DOCUMENTS = 4, 20, 5


@attrs.frozen
class Asked:
    """A request that its types allow."""

    body: Body
    model: Model
    name: str

    @property
    def fields(self) -> Body:
        """The model's own fields."""
        return self.body.get("additionalModelRequestFields") or {}

    @property
    def config(self) -> Body:
        """The inference parameters."""
        return self.body.get("inferenceConfig") or {}

    @property
    def choice(self) -> str:
        """The kind of tool choice."""
        return str(next(iter((self.body.get("toolConfig") or {}).get("toolChoice") or {"auto": {}})))

    @property
    def reasons(self) -> bool:
        """Whether the model is to reason."""
        wish = self.fields.get(self.model.switch) if self.model.switch else None
        if isinstance(wish, dict):
            return wish.get("type") != "disabled"
        return self.model.always or wish is not None


def check(asked: Asked) -> None:
    """Refuse what the service would refuse."""
    for rule in RULES:
        for message in rule(asked):
            raise Refused(400, message, "ValidationException")


def blocks(asked: Asked) -> Iterator[Body]:
    """Every block of every message, those of tool results included."""
    for message in asked.body.get("messages") or ():
        for block in message["content"]:
            yield block
            yield from (block.get("toolResult") or {}).get("content", ())


def _turns(asked: Asked) -> Iterator[str]:
    messages = asked.body.get("messages") or []
    if not messages:
        yield "A conversation must have at least one message."
        return
    roles = [message["role"] for message in messages]
    if roles[0] != "user":
        yield "A conversation must start with a user message. Try again with a conversation that starts with one."
    if any(a == b for a, b in pairwise(roles)):
        yield "The roles of a conversation must alternate between user and assistant."
    if roles[-1] != "user" and not asked.name.startswith(("us.amazon.nova", "amazon.nova")) and not asked.model.signs:
        yield "The model returned the following errors: a conversation must end with a user message."
    for message in messages:
        if not message["content"]:
            yield "The content field in the Message object is empty. Add a ContentBlock object and try again."
        if message["role"] == "assistant" and any(set(b) & {"image", "document", "video"} for b in message["content"]):
            yield "The model returned the following errors: images and documents belong to the user's messages."


def _texts(asked: Asked) -> Iterator[str]:
    for block in [*blocks(asked), *(asked.body.get("system") or ())]:
        if isinstance(block.get("text"), str) and not block["text"].strip():
            yield "The text field in the ContentBlock object is blank. Add text to the text field, and try again."


def _pairs(asked: Asked) -> Iterator[str]:
    waiting: list[str] = []
    used = False
    for message in asked.body["messages"]:
        results = [block["toolResult"]["toolUseId"] for block in message["content"] if "toolResult" in block]
        if sorted(results) != sorted(waiting):
            yield f"Expected toolResult blocks for the following Ids: {waiting}, but found: {results}"
        waiting = [block["toolUse"]["toolUseId"] for block in message["content"] if "toolUse" in block]
        used = used or bool(waiting)
    if waiting:
        yield f"Expected toolResult blocks for the following Ids: {waiting}"
    if used and "toolConfig" not in asked.body:
        yield "The toolConfig field must be defined when using toolUse and toolResult content blocks."


def _media(asked: Asked) -> Iterator[str]:
    found = list(blocks(asked))
    names = [block["document"]["name"] for block in found if "document" in block]
    if len(set(names)) != len(names):
        yield "A document name is used twice."
    if any(not DOCUMENT_NAME.fullmatch(name) for name in names):
        yield "The document file name can only contain letters, digits, single spaces, hyphens, () and []."
    if len(names) > MOST_DOCUMENTS or sum("image" in block for block in found) > MOST_IMAGES:
        yield "Too many images or documents."
    for message in asked.body["messages"]:
        kinds = {kind for block in message["content"] for kind in block}
        if "document" in kinds and "text" not in kinds:
            yield "The message must contain a text block beside its documents."
    for kind in ("image", "video"):
        if any(kind in block for block in found) and not getattr(asked.model, {"image": "images"}.get(kind, kind)):
            yield f"This model doesn't support the {kind} content block that you provided."


def _tools(asked: Asked) -> Iterator[str]:
    config = asked.body.get("toolConfig") or {"tools": []}
    specs = [tool["toolSpec"] for tool in config["tools"] if "toolSpec" in tool]
    allowed = {"all": ("auto", "any", "tool"), "any": ("auto", "any"), "none": ("auto",)}[asked.model.forced]
    if asked.choice not in allowed:
        yield f"This model doesn't support the toolConfig.toolChoice.{asked.choice} field."
    named = (config.get("toolChoice") or {}).get("tool", {}).get("name")
    if named is not None and named not in [spec["name"] for spec in specs]:
        yield f"The tool {named} of toolChoice is not among the tools."
    if any(spec["inputSchema"]["json"].get("type") != "object" for spec in specs):
        yield "The value at toolSpec.inputSchema.json.type must be one of the following: object."
    if any(spec.get("strict") for spec in specs) and not asked.model.formats:
        yield "tools.0.custom.strict: Extra inputs are not permitted"
    if not asked.model.status and any("status" in block.get("toolResult", {}) for block in blocks(asked)):
        yield "This model doesn't support the status field."


def _marks(asked: Asked) -> Iterator[str]:
    tools = [tool for tool in (asked.body.get("toolConfig") or {}).get("tools", ()) if "cachePoint" in tool]
    found = [block for block in [*(asked.body.get("system") or ()), *blocks(asked)] if "cachePoint" in block]
    if len(found) + len(tools) > MOST_MARKS:
        yield f"You exceeded the maximum number of cachePoint blocks, {MOST_MARKS}."
    if (found or tools) and not asked.model.cache:
        yield "This model doesn't support cachePoint blocks."
    if tools and not asked.model.signs:
        yield "This model doesn't support cachePoint blocks in toolConfig.tools."


def _reasoning(asked: Asked) -> Iterator[str]:
    switches = {"thinking", "reasoningConfig", "reasoning_config", "reasoning_effort"} & asked.fields.keys()
    if switches - {asked.model.switch} - ({"reasoning_config"} if asked.model.signs else set()):
        yield f"Malformed input request: extraneous key [{min(switches)}] is not permitted"
    thinking = asked.fields.get("thinking") or {}
    budget = thinking.get("budget_tokens")
    if budget is not None and not 1024 <= budget < asked.config.get("maxTokens", 64_000):
        yield "`max_tokens` must be greater than `thinking.budget_tokens`, which must be at least 1024."
    if thinking.get("type") == "enabled" and asked.choice != "auto":
        yield "Thinking may not be enabled when tool_choice forces tool use."
    nova = asked.fields.get("reasoningConfig") or {}
    if nova.get("maxReasoningEffort") == "high" and asked.config.keys() & {"maxTokens", "temperature", "topP"}:
        yield "maxTokens, temperature and topP must be unset when maxReasoningEffort is high."
    if nova.get("type") == "enabled" and asked.choice != "auto":
        yield "A forced tool choice excludes reasoning."
    if not asked.model.signs and any("reasoningContent" in block for block in blocks(asked)):
        yield "This model doesn't support the reasoningContent field."


def _sampling(asked: Asked) -> Iterator[str]:
    wishes = asked.config.keys() & {"temperature", "topP"} | asked.fields.keys() & {"top_k"}
    thinking = (asked.fields.get("thinking") or {}).get("type") == "enabled"
    if wishes and (not asked.model.sampling or (thinking and asked.config.get("temperature", 1) != 1)):
        yield f"`{min(wishes)}` is not supported by this model, or not while it thinks."


def _format(asked: Asked) -> Iterator[str]:
    if (asked.body.get("outputConfig") or {}).get("textFormat") is not None and not asked.model.formats:
        yield "output_config.format: Extra inputs are not permitted"


RULES: tuple[Callable[[Asked], Iterator[str]], ...] = (
    _turns, _texts, _pairs, _media, _tools, _marks, _reasoning, _sampling, _format,
)  # fmt: skip
