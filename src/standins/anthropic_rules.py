"""What Anthropic refuses beyond what its SDK's types say; every rule raises `Refused`."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import attrs

from . import media
from .anthropic_models import Model
from .subsets import ANTHROPIC, complaint
from .wire import refuse

NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
ID = re.compile(r"[a-zA-Z0-9_-]+")
IMAGE_TYPES = ("image/jpeg", "image/png", "image/gif", "image/webp")
SAMPLING = ("temperature", "top_p", "top_k")
RANGES = {"temperature": (0, 1), "top_p": (0, 1), "top_k": (0, 10**9)}
DEFAULTS = {"temperature": 1, "top_p": 0.99, "top_k": None}


@attrs.frozen
class Asked:
    """The body together with what the headers change."""

    body: Mapping[str, Any]
    model: Model
    version: str
    betas: tuple[str, ...] = ()

    @property
    def thinking(self) -> str:
        """The kind of thinking asked for, or the model's own when it is left out."""
        kind: str = (self.body.get("thinking") or {}).get("type", "adaptive" if self.model.on else "disabled")
        return kind

    @property
    def effort(self) -> str | None:
        """The effort asked for."""
        effort: str | None = (self.body.get("output_config") or {}).get("effort")
        return effort

    @property
    def format(self) -> Mapping[str, Any] | None:
        """The output format asked for."""
        found: Mapping[str, Any] | None = (self.body.get("output_config") or {}).get("format")
        return found

    @property
    def choice(self) -> str | None:
        """The kind of tool choice."""
        kind: str | None = (self.body.get("tool_choice") or {}).get("type")
        return kind


def check(asked: Asked) -> None:
    """Run every rule."""
    for rule in RULES:
        rule(asked)


def blocks(content: Any) -> list[Mapping[str, Any]]:
    """Content as blocks."""
    return [{"type": "text", "text": content}] if isinstance(content, str) else list(content or ())


def _limits(asked: Asked) -> None:
    body, most = asked.body, asked.body["max_tokens"]
    if most < 0:
        refuse("max_tokens: Input should be greater than or equal to 0")
    if most > asked.model.ceiling:
        refuse(
            f"max_tokens: {most} > {asked.model.ceiling}, which is the maximum allowed number of output tokens "
            f"for {body['model']}"
        )
    alone = (body.get("stream"), asked.thinking == "enabled", asked.format, asked.choice in ("any", "tool"))
    if most == 0 and any(alone):
        refuse("max_tokens: 0 is not allowed with stream, enabled thinking, output_config.format or forced tool_choice")
    for number, stop in enumerate(body.get("stop_sequences") or ()):
        if not stop.strip():
            refuse(f"stop_sequences.{number}: each stop sequence must contain non-whitespace")


def _sampling(asked: Asked) -> None:
    kind = asked.model.sampling
    given = {key: asked.body[key] for key in SAMPLING if asked.body.get(key) is not None}
    for key, value in given.items():
        low, high = RANGES[key]
        if not low <= value <= high:
            refuse(f"{key}: range: {low}..{high}")
    if kind in ("one-of-two", "haiku-5-5") and {"temperature", "top_p"} <= given.keys():
        refuse("`temperature` and `top_p` cannot both be specified for this model. Please use only one.")
    if kind in ("default", "haiku-5-5"):
        for key, value in given.items():
            if value != DEFAULTS[key]:
                refuse(f"`{key}` is deprecated for this model.")
    elif asked.thinking in ("enabled", "adaptive"):
        _sampling_while_thinking(given)


def _sampling_while_thinking(given: Mapping[str, float]) -> None:
    if given.get("temperature", 1) != 1:
        refuse("`temperature` may only be set to 1 when thinking is enabled.")
    if "top_k" in given:
        refuse("`top_k` must be unset when thinking is enabled.")
    if given.get("top_p", 1) < 0.95:
        refuse("`top_p` must be greater than or equal to 0.95 or unset when thinking is enabled.")


def _thinking(asked: Asked) -> None:
    wanted, row = asked.body.get("thinking"), asked.model
    if wanted is None:
        return
    kind = wanted["type"]
    if kind not in row.thinking and not (kind == "disabled" and not row.thinking):
        hint = " Use thinking.type.adaptive and output_config.effort instead." if kind == "enabled" else ""
        refuse(f'"thinking.type.{kind}" is not supported for this model.{hint}')
    if kind in ("disabled", "between_tools") and row.off_up_to_high and asked.effort in ("xhigh", "max"):
        refuse(f"thinking.type.{kind} is not supported with effort '{asked.effort}' on this model.")
    if kind == "enabled":
        _budget(asked, wanted["budget_tokens"])


def _budget(asked: Asked, budget: int) -> None:
    if budget < 1024:
        refuse("thinking.enabled.budget_tokens: Input should be greater than or equal to 1024")
    interleaved = any(beta.startswith("interleaved-thinking") for beta in asked.betas)
    if budget >= asked.body["max_tokens"] and not (interleaved and asked.body.get("tools")):
        refuse("`max_tokens` must be greater than `thinking.budget_tokens`.")


def _effort(asked: Asked) -> None:
    effort, levels = asked.effort, asked.model.efforts
    if effort is None:
        return
    if not levels:
        refuse("This model does not support the effort parameter.")
    if effort not in levels:
        refuse(f"This model does not support effort level '{effort}'. Supported levels: {', '.join(sorted(levels))}.")


def _choice(asked: Asked) -> None:
    choice = asked.body.get("tool_choice")
    if choice is None:
        return
    if not asked.body.get("tools"):
        refuse("tool_choice: may only be specified while providing `tools`.")
    if choice["type"] in ("any", "tool"):
        if asked.model.forced == "refused":
            refuse(f"tool_choice.{choice['type']}: forced tool use is not supported for this model.")
        if asked.thinking == "enabled":
            refuse("Thinking may not be enabled when tool_choice forces tool use.")
    if choice["type"] == "tool" and choice["name"] not in {tool["name"] for tool in asked.body["tools"]}:
        refuse(f"Tool '{choice['name']}' not found in provided tools")


def _tools(asked: Asked) -> None:
    seen = set()
    for number, tool in enumerate(asked.body.get("tools") or ()):
        name = tool.get("name", tool.get("type", ""))
        if not NAME.fullmatch(name):
            refuse(f"tools.{number}.custom.name: String should match pattern '^[a-zA-Z0-9_-]{{1,64}}$'")
        if name in seen:
            refuse("tools: Tool names must be unique.")
        seen.add(name)
        schema = tool.get("input_schema")
        if schema is None:
            continue
        if "type" not in schema:
            refuse(f"tools.{number}.custom.input_schema.type: Field required")
        if schema["type"] != "object":
            refuse(f"tools.{number}.custom.input_schema.type: Input should be 'object'")
        found = complaint(schema, ANTHROPIC) if tool.get("strict") else None
        if found:
            refuse(f"tools.{number}.custom: {found.message}")


def _format(asked: Asked) -> None:
    if asked.format is None:
        return
    if not asked.model.formats:
        refuse("output_config.format: structured outputs are not supported for this model.")
    found = complaint(asked.format["schema"], ANTHROPIC)
    if found:
        where = ".".join(("output_config.format.schema", *found.path))
        refuse(f"{where}: {found.message}")
    if _cites(asked.body):
        refuse("output_config.format: citations are not supported with structured outputs.")


def _cites(body: Mapping[str, Any]) -> bool:
    every = (block for message in body["messages"] for block in blocks(message["content"]))
    return any((block.get("citations") or {}).get("enabled") for block in every if block["type"] == "document")


def _messages(asked: Asked) -> None:
    body = asked.body
    for place, block in enumerate(blocks(body.get("system") or ())):
        if not block["text"]:
            refuse(f"system.{place}: text content blocks must be non-empty")
    if not body["messages"]:
        refuse("messages: at least one message is required")
    first = body["messages"][0]["role"]
    if first == "system" or (first == "assistant" and asked.model.prefill):
        refuse('messages: first message must use the "user" role')
    for number, message in enumerate(body["messages"]):
        last = number == len(body["messages"]) - 1
        if message["role"] == "system":
            _system_turn(asked, number)
        if message["content"] in ("", []) and not (last and message["role"] == "assistant"):
            refuse(
                f"messages.{number}: all messages must have non-empty content except for the optional final "
                "assistant message"
            )
        for place, block in enumerate(blocks(message["content"])):
            _block(asked, message["role"], block, f"messages.{number}.content.{place}")
    if body["messages"][-1]["role"] == "assistant":
        _prefill(asked)


def _system_turn(asked: Asked, number: int) -> None:
    messages = asked.body["messages"]
    if not asked.model.system_turns:
        refuse(f"messages.{number}.role: Input should be 'user' or 'assistant'")
    following = messages[number + 1]["role"] if number + 1 < len(messages) else "assistant"
    before = messages[number - 1]
    served = before["role"] == "assistant" and blocks(before["content"])[-1]["type"].endswith("_tool_result")
    if not (before["role"] == "user" or served) or following != "assistant":
        refuse(f"messages.{number}: a system message must follow a user turn and be last or before an assistant turn")


def _prefill(asked: Asked) -> None:
    last = asked.body["messages"][-1]
    if not asked.model.prefill or asked.thinking == "enabled" or asked.format is not None:
        refuse("This model does not support assistant message prefill. The conversation must end with a user message.")
    said = blocks(last["content"])
    if said and said[-1]["type"] == "text" and said[-1]["text"] != said[-1]["text"].rstrip():
        refuse("messages: final assistant content cannot end with trailing whitespace")


def _block(asked: Asked, role: str, block: Mapping[str, Any], where: str) -> None:
    kind = block["type"]
    if kind == "text":
        _text(asked, role, block, where)
    elif kind in ("tool_use", "thinking", "redacted_thinking") and role != "assistant":
        refuse(f"{where}: `{kind}` blocks can only be in `assistant` messages")
    elif kind == "tool_result" and role != "user":
        refuse(f"{where}: `tool_result` blocks can only be in `user` messages")
    elif kind == "document" and role == "assistant" and asked.version >= "2026-10-21":
        refuse(f"{where}: `document` blocks cannot be in `assistant` messages")
    elif kind == "tool_use" and not (ID.fullmatch(block["id"]) and NAME.fullmatch(block["name"])):
        refuse(f"{where}.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'")
    elif kind in ("image", "document"):
        _source(block, where)
    elif kind == "tool_result":
        for place, inner in enumerate(blocks(block.get("content")) if block.get("content") else ()):
            _block(asked, role, inner, f"{where}.content.{place}")


def _text(asked: Asked, role: str, block: Mapping[str, Any], where: str) -> None:
    if not block["text"]:
        if block.get("cache_control"):
            refuse(f"{where}.text: cache_control cannot be set for empty text blocks")
        refuse(f"{where}: messages: text content blocks must be non-empty")
    if not block["text"].strip():
        refuse(f"{where}: messages: text content blocks must contain non-whitespace text")
    if role == "user" and block.get("citations") and asked.version >= "2026-10-21":
        refuse(f"{where}.text.citations: Extra inputs are not permitted")


def _source(block: Mapping[str, Any], where: str) -> None:
    source = block["source"]
    where = f"{where}.{block['type']}.source"
    if source["type"] == "url" and not source["url"].startswith(("http://", "https://")):
        refuse(f"{where}.url: Only HTTPS URLs are supported.")
    if source["type"] != "base64":
        return
    data = media.decode(source["data"])
    if not data:
        refuse(f"{where}.base64.data: Invalid base64 data")
    found = media.sniff(data)
    if block["type"] == "image" and found != source["media_type"]:
        refuse(f"{where}.base64: the image does not match the provided media type {source['media_type']}")
    if block["type"] == "document" and found != "application/pdf":
        refuse(f"{where}.base64.data: The PDF specified was not valid.")


def _pairing(asked: Asked) -> None:
    waiting: list[str] = []
    messages = asked.body["messages"]
    for number, message in enumerate(messages):
        content = blocks(message["content"])
        follows = number > 0 and messages[number - 1]["role"] == message["role"] == "assistant"
        if not follows:  # neighbouring assistant messages are one turn
            _results(number, content, waiting)
            waiting = []
        waiting += [block["id"] for block in content if block["type"] == "tool_use"]
        if len(waiting) != len(set(waiting)):
            refuse(f"messages.{number}: `tool_use` ids must be unique")
    if waiting:
        refuse(_orphans(len(messages) - 1, waiting))


def _results(number: int, content: list[Mapping[str, Any]], waiting: list[str]) -> None:
    results = [block["tool_use_id"] for block in content if block["type"] == "tool_result"]
    for place, name in enumerate(results):
        if name not in waiting:
            refuse(
                f"messages.{number}.content.{place}: unexpected `tool_use_id` found in `tool_result` blocks: {name}"
                ". Each `tool_result` block must have a corresponding `tool_use` block in the previous message."
            )
    first = [block["type"] == "tool_result" for block in content[: len(waiting)]]
    if len(results) != len(set(results)):
        refuse(f"messages.{number}: each `tool_use` must have a single result")
    if set(results) != set(waiting) or not all(first):
        refuse(_orphans(number - 1, [name for name in waiting if name not in results] or waiting))


def _orphans(number: int, names: list[str]) -> str:
    return (
        f"messages.{number}: `tool_use` ids were found without `tool_result` blocks immediately after: "
        f"{', '.join(names)}. Each `tool_use` block must have a corresponding `tool_result` block in the next message."
    )


def marks(body: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The cache marks of a body in the order of the prefix; an automatic one last."""
    yield from (tool["cache_control"] for tool in body.get("tools") or () if tool.get("cache_control"))
    yield from (block["cache_control"] for block in blocks(body.get("system")) if block.get("cache_control"))
    for message in body["messages"]:
        for block in blocks(message["content"]):
            if block.get("cache_control"):
                yield block["cache_control"]
            if block["type"] == "tool_result":
                inner = blocks(block.get("content"))
                yield from (part["cache_control"] for part in inner if part.get("cache_control"))
    if body.get("cache_control"):
        yield body["cache_control"]


def _marks(asked: Asked) -> None:
    found = list(marks(asked.body))
    if len(found) > 4:
        refuse(f"A maximum of 4 blocks with cache_control may be provided. Found {len(found)}.")
    ttls = [mark.get("ttl", "5m") for mark in found]
    if "5m" in ttls and "1h" in ttls[ttls.index("5m") :]:
        refuse(
            "a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block. Note that "
            "blocks are processed in the following order: `tools`, `system`, `messages`."
        )


RULES: tuple[Callable[[Asked], None], ...] = (
    _limits,
    _sampling,
    _thinking,
    _effort,
    _tools,
    _choice,
    _format,
    _messages,
    _pairing,
    _marks,
)
