"""Run one stand-in alone: `python -m dragoman.standins openai 9001`."""

import sys

import trio

from . import PROVIDERS, start


async def _main(provider: str, port: int) -> None:
    async with trio.open_nursery() as nursery:
        standin = await start(nursery, provider, port=port)
        print(f"{provider} at {standin.base_url}", flush=True)  # noqa: T201 - the only thing this says


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3) or sys.argv[1] not in PROVIDERS:
        sys.exit(f"usage: python -m dragoman.standins {{{'|'.join(PROVIDERS)}}} [port]")
    try:
        trio.run(_main, sys.argv[1], int(sys.argv[2]) if len(sys.argv) == 3 else 0)
    except KeyboardInterrupt:
        sys.exit(130)
