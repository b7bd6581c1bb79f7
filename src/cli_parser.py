"""The words of the command line: commands, options, help texts. What they do is in ``cli``."""

import argparse
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from .cli_usage import groups, moment
from .io.config import DEFAULT_FILE, VARIABLE

DIALECTS: Final = ("openai_chat", "openai_responses", "anthropic", "gemini", "bedrock")

Runner = Callable[[argparse.Namespace], int]

_EPILOG: Final = """\
examples:
  dragoman serve                                    accounts from OPENAI_API_KEY, ANTHROPIC_API_KEY, ...
  dragoman check --config dragoman.toml             what a configuration resolves to
  dragoman explain --to anthropic < request.json    the call that would be made
  dragoman demo                                     all providers, no keys needed

exit status: 0 done, 1 the input or the configuration is at fault, 2 usage
"""

# Command -> (one line, all of it, examples)
_WORDS: Final = {
    "serve": (
        "run the gateway",
        (
            "Run the gateway. Without a configuration it takes accounts from well-known environment variables\n"
            "(OPENAI_API_KEY, ANTHROPIC_API_KEY, ...) plus a built-in demo account. SIGTERM and SIGINT let running\n"
            "requests finish; a second one ends at once. One line of JSON for each request goes to stderr.\n\n"
            "With several workers a supervisor replaces each one that dies. On SIGHUP the configuration is read\n"
            "anew, by all workers; host, port and the number of workers stay as they are."
        ),
        (
            "  dragoman serve\n"
            "  dragoman serve --config dragoman.toml --host 0.0.0.0 --port 80\n"
            "  dragoman serve --workers 4\n"
        ),
    ),
    "demo": (
        "try every provider without keys",
        (
            "Try every provider without keys. Starts the gateway on a free port with stand-ins for the providers,\n"
            "drives it with the official OpenAI client, prints a table, and exits 0 only if every cell worked."
        ),
        "  dragoman demo\n",
    ),
    "translate": (
        "translate one message from stdin to stdout",
        (
            "Translate one message from stdin to stdout. Losses go to stderr, one JSON object a line.\n\n"
            "  --what request   a client's request becomes the provider's native bytes\n"
            "  --what reply     a provider's whole reply, or with --status its error, becomes the client's\n"
            "  --what stream    a provider's events, as they arrive, become the client's, usage included\n\n"
            "A reply or stream is read without the request it answers: nothing that the request would have had\n"
            "changed on its way (long tool names, a schema sent as a tool) is changed back."
        ),
        (
            "  dragoman translate --to anthropic --model claude-sonnet-4-5 < request.json\n"
            "  dragoman translate --to anthropic --what reply < reply.json\n"
            "  dragoman translate --to anthropic --what stream < events.txt\n"
            "  dragoman translate --to anthropic --what reply --status 429 < error.json\n"
        ),
    ),
    "explain": (
        "show the call that would be made for a request",
        (
            "Show the call that would be made for a request: method, URL, headers, body, the model row that was used,\n"
            "and the losses, each with what makes it necessary: the model's row, the provider, or its dialect.\n"
            "Nothing is sent. Where a URL needs more than the provider (a region, an address), it shows the need's\n"
            "name in capitals.\n\n"
            "With --preview-switch it shows what a running conversation would lose if it moved to another model, by\n"
            "concern: how much there is, what is kept, changed or lost, what would be refused, and what it costs.\n"
            "Losses that it has now, too, are marked. The exit status is 0 also where the request would be refused."
        ),
        (
            "  dragoman explain --to anthropic --model claude-sonnet-4-5 < request.json\n"
            "  dragoman explain --to openai --json < request.json | jq .losses\n"
            "  dragoman explain --preview-switch gemini/gemini-3.5-flash < conversation.json\n"
            "  dragoman explain --from anthropic --preview-switch openai/gpt-5.1 --json < conversation.json\n"
        ),
    ),
    "check": (
        "check the configuration",
        (
            "Check the configuration. Prints what it resolves to, with the origin of each value and secrets masked;\n"
            "exits 1 with file, key and reason when something is wrong."
        ),
        "  dragoman check\n  dragoman check --config /etc/dragoman.toml\n",
    ),
    "models": (
        "list the models that the configuration serves",
        (
            "List the models that the configuration serves: the routes with their targets, and what the accounts\n"
            "serve with its capabilities. Other models of an account's provider are served too: whatever stands\n"
            "after account/ is passed on."
        ),
        "  dragoman models\n  dragoman models --config dragoman.toml\n",
    ),
    "usage": (
        "sum up what was used and what it cost",
        (
            "Sum up the ledger: requests, errors, tokens by bucket, and the cost in USD as far as it is known. Tokens\n"
            "are each in one bucket only, so that they may be added up. Times without a zone are UTC."
        ),
        (
            "  dragoman usage --since 7d\n"
            "  dragoman usage --by day,model --since 2026-11-01 --until 2026-12-01 --key ci\n"
            "  dragoman usage --by key --json | jq '.[] | select(.cost > 10)'\n"
        ),
    ),
    "keys new": (
        "make a key",
        "Make a key. Prints the key, to be given to a client and kept nowhere else, and its hash.",
        "  dragoman keys new\n  dragoman keys new --name ci --models smart 'claude-prod/*' --expires 2027-01-31\n",
    ),
}


def build(about: str, version: str, runners: Mapping[str, Runner]) -> argparse.ArgumentParser:
    """The parser. What it parses has ``run``, the function of the command.

    Args:
        about: what the program is.
        version: its version.
        runners: command -> function.
    """
    parser = _Parser(prog="dragoman", description=about, epilog=_EPILOG)
    parser.add_argument("--version", action="version", version=f"dragoman {version}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _options_of_serve(_command(commands, "serve", runners))
    _command(commands, "demo", runners)
    translate = _command(commands, "translate", runners)
    _options_of_target(translate)
    _options_of_translate(translate)
    explain = _command(commands, "explain", runners)
    _options_of_target(explain, required=False)
    explain.add_argument(
        "--preview-switch",
        dest="switch",
        metavar="TARGET",
        help="what a running conversation would lose at TARGET, a provider/model; --to and --model then say where it "
        "is now, if its own model does not tell",
    )
    explain.add_argument("--json", action="store_true", help="one JSON object, for machines")
    explain.set_defaults(misuse=explain.error)
    _option_config(_command(commands, "check", runners))
    _option_config(_command(commands, "models", runners))
    _options_of_usage(_command(commands, "usage", runners))
    about_keys = "Make keys for the gateway's clients."
    keys = commands.add_parser("keys", help="make keys for the gateway's clients", description=about_keys)
    _options_of_key(
        _command(keys.add_subparsers(title="commands", metavar="COMMAND", required=True), "keys new", runners)
    )
    return parser


class _Parser(argparse.ArgumentParser):
    def __init__(self, **options: Any) -> None:
        super().__init__(formatter_class=_Help, allow_abbrev=False, **options)


class _Help(argparse.RawDescriptionHelpFormatter):
    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=32, width=100)
        self._action_max_length = 15  # the names of commands: argparse forgets that they are indented


def _command(commands: Any, name: str, runners: Mapping[str, Runner]) -> argparse.ArgumentParser:
    line, text, examples = _WORDS[name]
    last = name.rpartition(" ")[2]
    parser: argparse.ArgumentParser = commands.add_parser(
        last, help=line, description=text, epilog=f"examples:\n{examples}"
    )
    parser.set_defaults(run=runners[name])
    return parser


def _options_of_serve(parser: argparse.ArgumentParser) -> None:
    _option_config(parser)
    parser.add_argument("--host", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--port", type=_port, help="port to listen on, 0 for a free one (default 8080)")
    parser.add_argument(
        "--workers", type=_workers, metavar="N", help="processes that share the port, each for one core (default 1)"
    )
    parser.add_argument("--inherit", type=_descriptors, help=argparse.SUPPRESS)  # how a supervisor starts its workers


def _options_of_key(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--name", metavar="N", default="NAME", help="name of the key in the configuration")
    parser.add_argument(
        "--models",
        metavar="M",
        nargs="+",
        default=["*"],
        help="patterns of what it may use (default *)",
    )
    parser.add_argument(
        "--expires", type=_moment, metavar="T", help="its last day (2027-01-31), or when it ends (2027-01-31T12:00:00Z)"
    )


def _option_config(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--config",
        metavar="FILE",
        type=Path,
        help=f"TOML file; by default that of {VARIABLE}, else {DEFAULT_FILE} if it is here, else the environment",
    )


def _options_of_target(parser: argparse.ArgumentParser, *, required: bool = True) -> None:
    names = ", ".join(DIALECTS)
    parser.add_argument(
        "--from",
        dest="source",
        metavar="D",
        choices=DIALECTS,
        default=DIALECTS[0],
        help=f"dialect of the client: {names} (default {DIALECTS[0]})",
    )
    parser.add_argument(
        "--to", dest="provider", metavar="P", required=required, help="name of the provider: openai, anthropic, ..."
    )
    parser.add_argument(
        "--model",
        metavar="M",
        help="the provider's model id (default: the body's model, for a request what follows its first slash)",
    )


def _options_of_translate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--what",
        choices=("request", "reply", "stream"),
        default="request",
        help="what stdin holds, see above (default request)",
    )
    parser.add_argument(
        "--status", type=_status, default=200, metavar="N", help="HTTP status of the provider's reply (default 200)"
    )


def _options_of_usage(parser: argparse.ArgumentParser) -> None:
    _option_config(parser)
    parser.add_argument(
        "--by",
        metavar="WHAT",
        type=_said(groups),
        default=("key", "model"),
        help="key, model, day, account, route, provider, status, action, or several with commas (default key,model)",
    )
    parser.add_argument(
        "--since", metavar="WHEN", type=_said(moment), help="2026-11-01, a time, or a span as 7d or 12h"
    )
    parser.add_argument("--until", metavar="WHEN", type=_said(moment), help="the same; what was before it counts")
    parser.add_argument("--key", metavar="NAME", help="only what this key used")
    parser.add_argument("--json", action="store_true", help="one JSON array, for machines")


def _said(read: Callable[[str], Any]) -> Callable[[str], Any]:
    """A reader whose own words tell what is wrong."""

    def told(text: str) -> Any:
        try:
            return read(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return told


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"'{text}' is not a port: 0 (any free one) to 65535")
    return int(text)


def _workers(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not int(text):
        raise argparse.ArgumentTypeError(f"'{text}' is not a number of processes: 1 or more")
    return int(text)


def _moment(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    dated = re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text)
    if moment is None or (moment.tzinfo is None and not dated):
        raise argparse.ArgumentTypeError(
            f"'{text}' is neither a date such as 2027-01-31 nor a date-time with an offset such as 2027-01-31T12:00:00Z"
        )
    return text if dated else moment.isoformat()


def _descriptors(text: str) -> list[int]:
    return [int(word) for word in text.split(",")]


def _status(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 100 <= int(text) <= 999:
        raise argparse.ArgumentTypeError(f"'{text}' is not an HTTP status")
    return int(text)
