"""What clients of each dialect may ask, for hypothesis, in the whole supported breadth."""

from . import chat_wire, converse, gemini_wire, messages_wire, responses_wire

WIRES = {
    "openai_chat": chat_wire,
    "openai_responses": responses_wire,
    "anthropic": messages_wire,
    "gemini": gemini_wire,
    "bedrock": converse,
}
REQUESTS = {dialect: wire.requests for dialect, wire in WIRES.items()}
OPTIONS = {dialect: wire.OPTIONS for dialect, wire in WIRES.items()}
"""Every top-level field but the conversation, the model and the tools."""
