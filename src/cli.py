"""The command line. Everything that prints is here."""

import os
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import attrs
import orjson
import trio
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from . import __doc__ as about
from . import cli_calls, cli_serve, cli_standins, cli_switch, cli_usage
from .cli_parser import Runner, build
from .io.access_log import no_log
from .io.catalog import ROUTE, entries, model_rows
from .io.config import DEFAULT_FILE, NO_ACCOUNTS, Config, ConfigError, find, load
from .io.faults import place_of
from .io.keys import key_toml, new_key
from .io.ledger import LedgerError, Wanted
from .io.lines import LINES
from .io.listing import listing, policies
from .io.policy import SEVERITIES
from .io.server import prepare_process, running
from .io.supervisor import CannotServe
from .translate import boundary

DONE: Final = 0
AT_FAULT: Final = 1
USAGE: Final = 2
INTERRUPTED: Final = 130
READ_BYTES: Final = 65536


class Fault(Exception):  # noqa: N818 - the fault is in the input, not in the program
    """The input or the configuration is at fault; the message is for the person at the terminal."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        argv: the words after ``dragoman``; by default those of the process.

    Returns:
        The exit status: 0 done, 1 input or configuration at fault, 2 usage.
    """
    try:
        arguments = build(about, version("dragoman"), RUNNERS).parse_args(argv)
        status: int = arguments.run(arguments)
        sys.stdout.flush()
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else USAGE
    except BrokenPipeError:
        # Whoever read our output has seen enough. Nothing may be flushed into the closed pipe at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except BaseException as error:  # noqa: BLE001 - people get a message, never a traceback
        return _report(error)
    return status


def _report(error: BaseException) -> int:
    """Say what went wrong; the exit status it means."""
    group = error if isinstance(error, BaseExceptionGroup) else BaseExceptionGroup("", [error])
    if group.subgroup(KeyboardInterrupt) is not None:
        return INTERRUPTED
    if isinstance(error, cli_calls.NotTranslated):
        _tell_losses(error.losses)
    if isinstance(error, cli_calls.UnknownProvider):
        _complain(f"{error.option}: {error}")
        return USAGE
    if isinstance(error, Fault | ConfigError | CannotServe | cli_calls.NotTranslated):
        _complain(str(error))
    else:
        _complain(f"internal error: {', '.join(map(place_of, group.exceptions))}")
    return AT_FAULT


# serve


def _serve(arguments: Any) -> int:
    names = ("host", "port", "workers")
    given = {name: getattr(arguments, name) for name in names if getattr(arguments, name) is not None}

    def read() -> Config:
        config = _load(arguments.config)
        return attrs.evolve(config, server=attrs.evolve(config.server, **given))

    config = read()
    note = prepare_process(config)
    if arguments.inherit is not None:
        cli_serve.serve_as_worker(config, arguments.inherit, read, _say)
        return DONE
    for line in (*config.notes, *([note] if note else ())):
        _complain(f"note: {line}")
    if config.server.workers > 1:
        cli_serve.supervise(config, arguments.config, partial(_load, arguments.config), _say)
    else:
        cli_serve.serve_alone(config, read, _say)
    return DONE


def _say(words: str) -> None:
    print(words, flush=True)


# demo


def _demo(_: Any) -> int:
    if missing := cli_standins.missing():
        raise Fault(f"the demo needs {', '.join(missing)}: pip install 'dragoman[demo]'")
    from . import cli_demo  # noqa: PLC0415 - the demo's client takes long to load, and is an extra

    began = time.perf_counter()
    cells = trio.run(_run_demo, cli_demo)
    accounts = list(dict.fromkeys(cell.account for cell in cells))
    marks = {"ok": "[green]ok[/]", "failed": "[red]failed[/]", "not offered": "[dim]not offered[/]"}
    table = Table(title="the official OpenAI client through Dragoman")
    for column in ("provider", *cli_demo.CASES):
        table.add_column(column)
    for account in accounts:
        outcomes = {cell.case: marks[cell.outcome] for cell in cells if cell.account == account}
        table.add_row(account.removeprefix("demo-"), *(outcomes.get(case, "") for case in cli_demo.CASES))
    console = _console()
    console.print(table)
    failed = [cell for cell in cells if cell.outcome == "failed"]
    for cell in failed:
        console.print(f"[red]{cell.account.removeprefix('demo-')}, {cell.case}:[/] {escape(cell.detail)}")
    worked = sum(cell.outcome == "ok" for cell in cells)
    print(f"{worked} of {len(cells)} worked, {len(failed)} failed, in {time.perf_counter() - began:.1f} s")
    return DONE if cells and not failed else AT_FAULT


async def _run_demo(cli_demo: Any) -> list[Any]:
    async with trio.open_nursery() as nursery:
        accounts = await cli_standins.demo_accounts(nursery, _providers())
        accounts.pop("demo", None)
        config = attrs.evolve(Config(), accounts=accounts)
        config = attrs.evolve(config, server=attrs.evolve(config.server, port=0))
        cells: list[Any] = []
        async with running(config, boundary, log=no_log) as run:
            for name, account in accounts.items():
                cells += await trio.to_thread.run_sync(cli_demo.try_account, run.urls[0], name, account.provider)
        nursery.cancel_scope.cancel()
    return cells


# translate, explain


def _translate(arguments: Any) -> int:
    wish = cli_calls.Wish(arguments.source, arguments.provider, arguments.model)
    if arguments.what == "stream":
        return _translate_stream(wish, arguments.status)
    if arguments.what == "request":
        plan = cli_calls.plan(boundary, wish, _read_stdin())
        _put(plan.body)
        _tell_losses(plan.head["losses"])
        return DONE
    answer = cli_calls.reply(boundary, wish, arguments.status, _read_stdin())
    _put(answer.body)
    _tell_losses(orjson.loads(answer.head).get("losses", ()))
    if answer.status >= 400 > arguments.status:
        raise Fault(f"not a reply of {wish.provider}: {cli_calls.error_text(answer.body)}")
    return DONE


def _translate_stream(wish: cli_calls.Wish, status: int) -> int:
    source = _stdin()
    closing: Any = {}
    for item in cli_calls.stream(boundary, wish, status, iter(partial(source.read1, READ_BYTES), b"")):
        if isinstance(item, bytes):
            _put(item, end=b"")
        else:
            closing = item
    _tell_losses(closing.get("losses", ()))
    if closing.get("truncated"):
        raise Fault(f"the stream of {wish.provider} has no end")
    return DONE


def _explain(arguments: Any) -> int:
    if arguments.switch is not None:
        return _preview(arguments)
    if arguments.provider is None:
        arguments.misuse("the following arguments are required: --to")
    wish = cli_calls.Wish(arguments.source, arguments.provider, arguments.model)
    body = _read_stdin()
    try:
        plan = cli_calls.plan(boundary, wish, body)
    except cli_calls.NotTranslated as refused:
        # What is refused whatever the policy has no causes, and is told as it is.
        with suppress(cli_calls.NotTranslated):
            if refused.losses:
                refused.losses = cli_calls.plan(boundary, wish, body, allow=True).losses()
                if not arguments.json:
                    _print_losses(refused.losses)
                    refused.losses = ()
        raise
    if arguments.json:
        shown = {key: value for key, value in plan.head.items() if key not in ("context", "causes")}
        shown |= {"losses": plan.losses(), "auth": plan.auth, "body": orjson.Fragment(plan.body)}
        _put(orjson.dumps(shown), end=b"\n")
        return DONE
    console = _console()
    console.print(f"[bold]{plan.head['method']}[/] {escape(plan.head['url'])}")
    for name, value in plan.head["headers"].items():
        console.print(f"{name}: {escape(value)}")
    console.print(f"[dim]and the credential ({plan.auth})[/]\n")
    console.print(escape(orjson.dumps(orjson.loads(plan.body), option=orjson.OPT_INDENT_2).decode()), soft_wrap=True)
    print()
    row = plan.head.get("row") or "none, so it is taken to accept whatever its provider does"
    console.print(f"model row: {escape(row)}")
    if losses := plan.losses():
        _print_losses(losses)
    else:
        print("nothing is lost")
    return DONE


def _preview(arguments: Any) -> int:
    said = arguments.provider is not None
    wish = cli_calls.Wish(arguments.source, arguments.provider, arguments.model) if said else None
    if wish is None and arguments.model is not None:
        arguments.misuse("--model needs --to: the two name where the conversation is now")
    found = cli_switch.find_out(wish, arguments.source, arguments.switch, _read_stdin())
    if arguments.json:
        _put(orjson.dumps(found.as_json()), end=b"\n")
        return DONE
    console = _console()
    for piece in cli_switch.shown(found):
        console.print(piece)
    return DONE


def _print_losses(losses: Any) -> None:
    columns = ("path", "kind", "severity", "by", "detail")
    _print_table(columns, [[loss[column] for column in columns] for loss in losses])


def _tell_losses(losses: Any) -> None:
    for loss in losses:
        print(orjson.dumps(loss).decode(), file=sys.stderr)


def _put(data: bytes, end: bytes | None = None) -> None:
    """Bytes to stdout as they are; a terminal gets a line end after them."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data + ((b"\n" if sys.stdout.isatty() else b"") if end is None else end))
    sys.stdout.buffer.flush()


def _stdin() -> Any:
    if sys.stdin is None or sys.stdin.isatty():
        raise Fault("nothing on stdin: pass the message as in 'dragoman explain --to anthropic < request.json'")
    return sys.stdin.buffer


def _read_stdin() -> bytes:
    data: bytes = _stdin().read()
    if not data.strip():
        raise Fault("stdin is empty")
    return data


# check, models, keys


def _check(arguments: Any) -> int:
    config = _load(arguments.config)
    answer = boundary.request(
        orjson.dumps({"from": "openai_chat", "to": "openai", "model": "none", "models": model_rows(config)}),
        b'{"model":"none","messages":[{"role":"user","content":""}]}',
    )
    if config.models and answer.status != 200:
        raise Fault(f"{config.source}: models: {cli_calls.error_text(answer.body)}")
    print(f"configuration: {config.source}\n")
    _print_table(("key", "value", "origin"), listing(config))
    if losses := list(policies(config)):
        print("\nwhat becomes of losses:\n")
        _print_table(("of requests to", *SEVERITIES), losses)
    for note in config.notes:
        _complain(f"note: {note}")
    if not config.accounts:
        _complain(f"note: {NO_ACCOUNTS}")
    return DONE


def _models(arguments: Any) -> int:
    config = _load(arguments.config)
    if not config.accounts:
        raise Fault(NO_ACCOUNTS)
    found = list(entries(config, boundary, _providers()))
    known = {entry.id.partition("/")[0] for entry in found if entry.provider != ROUTE}
    rows = [
        (entry.id, entry.provider, entry.upstream if entry.provider == ROUTE else _capabilities(entry.row))
        for entry in found
    ]
    rows += [
        (f"{name}/*", account.provider, "whatever the provider serves")
        for name, account in config.accounts.items()
        if name not in known
    ]
    _print_table(("model", "provider", "capabilities"), rows)
    return DONE


def _capabilities(row: Mapping[str, Any]) -> str:
    """What a model row says, in words."""
    words = [f"reasoning: {row['reasoning']['kind']}"] if row.get("reasoning") else []
    words += [kind for kind in ("images", "documents", "audio") if row.get(kind)]
    words += [f"embeddings of {vectors['dimensions']} numbers"] if (vectors := row.get("embeddings")) else []
    words += ["JSON schema"] if row.get("schema_output") else []
    words += [f"{row[key]:,} tokens {name}" for key, name in (("context", "in"), ("max_output", "out")) if row.get(key)]
    return ", ".join(words)


def _usage(arguments: Any) -> int:
    config, by = _load(arguments.config), arguments.by
    wanted = Wanted(by, arguments.since, arguments.until, arguments.key)
    try:
        found = cli_usage.find(config, wanted, os.environ)
    except LedgerError as error:
        raise Fault(str(error)) from None
    if arguments.json:
        _put(orjson.dumps([cli_usage.as_json(by, one) for one in found]), end=b"\n")
    elif found:
        _print_table(*cli_usage.shown(by, found))
    else:
        print("no requests")
    return DONE


def _keys_new(arguments: Any) -> int:
    key, digest = new_key()
    print(f"key:  {key}")
    print(f"hash: {digest}")
    print(f"\n# in {DEFAULT_FILE}:\n{key_toml(arguments.name, digest, arguments.models, arguments.expires)}")
    return DONE


# common


def _load(path: Path | None) -> Config:
    return load(path or find(os.environ), env=os.environ, providers=_providers())


def _providers() -> Any:
    return orjson.loads(boundary.providers())


class _Stdout(Console):
    """A console whose reader may leave early, as any other writer's may: ``main`` ends quietly then."""

    def on_broken_pipe(self) -> None:
        """Let the error through; the library's own way would be an exit status of 1."""
        raise  # noqa: PLE0704 - called while the BrokenPipeError is handled


def _console() -> Console:
    """Rich on stdout; where that is no terminal, lines are as long as they need to be."""
    return _Stdout(highlight=False) if sys.stdout.isatty() else _Stdout(highlight=False, width=400)


def _print_table(columns: Sequence[str], rows: Any) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*map(escape, row))
    _console().print(table)


def _complain(message: str) -> None:
    LINES.flush()
    print("\n".join(f"dragoman: {line}" for line in message.splitlines()), file=sys.stderr)


RUNNERS: Final[dict[str, Runner]] = {
    "serve": _serve,
    "demo": _demo,
    "translate": _translate,
    "explain": _explain,
    "check": _check,
    "models": _models,
    "usage": _usage,
    "keys new": _keys_new,
}
