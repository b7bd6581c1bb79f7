"""Who can be stood in for: one row a provider, made from its options."""

from collections.abc import Callable
from typing import Any

import trio

from . import anthropic, azure, bedrock, gemini, groq, openai_chat, vertex, xai
from .server import StandIn, serve
from .wire import Answer

PROVIDERS: dict[str, Callable[..., Answer]] = {
    "anthropic": anthropic.provider,
    "bedrock": bedrock.provider,
    "openai": openai_chat.provider,
    "azure": azure.provider,
    "groq": groq.provider,
    "xai": xai.provider,
    "gemini": gemini.provider,
    "vertex": vertex.provider,
}


async def start(nursery: trio.Nursery, provider: str, *, port: int = 0, **options: Any) -> StandIn:
    """Start the stand-in of `provider` on loopback; it ends with the nursery or by `StandIn.stop`.

    Options are the provider's: `key` (the only API key accepted, any when absent) everywhere.
    """
    app = PROVIDERS[provider](**options)

    async def run(task_status: trio.TaskStatus[StandIn] = trio.TASK_STATUS_IGNORED) -> None:
        await serve(app, provider=provider, port=port, task_status=task_status)

    standin: StandIn = await nursery.start(run)
    return standin
