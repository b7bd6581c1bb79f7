"""The measuring itself: every size by every way, in rounds."""

import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any, Final

import attrs
import orjson

from . import bodies, upstream
from .loader import Call, Load, run, run_wrk
from .processes import KEY, PROVIDERS, Process, floor, gateway
from .processes import upstream as start_upstream

CONNECTIONS: Final = 16
IDLE: Final = 500
SIZES: Final = ("small", "medium", "large")
STREAM: Final = "stream"
PACED: Final = "paced stream"
FLOOR: Final = "floor"

_SETTLE: Final = 1.2  # the ledger is written every half second, and spans are sent every second here
_LONGER: Final = 4  # so that what is sent in batches is divided by as many requests as it would be
_BRIEF: Final = "brief stream"
_WORDS: Final = {STREAM: " saturate", PACED: "", _BRIEF: " brief"}
_PATH: Final = "/v1/chat/completions"
_JSON: Final = ("content-type", "application/json")


@attrs.frozen
class Plan:
    """How to measure.

    Attributes:
        rounds: how often everything is measured.
        seconds: how long one sample takes.
        cores: one for the load and the stand-in, one for what is measured.
        wrk: the program that sends whole requests, if not our own clients.
        driver: the edge's, if not its default.
        profile: where to write statistics of cProfile.
    """

    rounds: int
    seconds: float
    cores: tuple[int, int] | None
    wrk: str | None
    driver: str | None
    profile: str | None

    def send(self, port: int, call: Call, connections: int, seconds: float) -> Load:
        """Whole requests."""
        if self.wrk is not None:
            return run_wrk(self.wrk, port, call, connections, seconds)
        return run(port, call, connections, seconds)


@attrs.frozen
class Way:
    """A way for requests to go.

    Attributes:
        name: for the table.
        process: what they go through.
        model: whom they ask for.
        headers: what they need.
    """

    name: str
    process: Process
    model: str
    headers: tuple[tuple[str, str], ...]

    def call(self, what: str) -> Call:
        """A request of a size, or for a stream."""
        if what in SIZES:
            return Call(_PATH, self.headers, bodies.request_body("openai_chat", what, self.model))
        body = orjson.loads(bodies.request_body("openai_chat", "medium", self.model, stream=True))
        # A word to the stand-in, where every provider's body has it.
        body["messages"][-1]["content"] += _WORDS[what]
        return Call(_PATH, self.headers, orjson.dumps(body))


_Found = dict[str, list[float]]
"""Name of a number -> its values, one for each round."""


def measure(plan: Plan) -> dict[str, Any]:
    """Everything, as numbers."""
    ours, its = plan.cores or (None, None)
    if ours is not None:
        os.sched_setaffinity(0, {ours})
    with ExitStack() as stack:
        behind = stack.enter_context(start_upstream(ours))
        alone = stack.enter_context(floor(behind.port, its, plan.driver))
        through = stack.enter_context(gateway(behind.port, its, plan.driver, plan.profile))
        crowded = stack.enter_context(gateway(behind.port, its, plan.driver, None))
        direct = Way("direct", behind, upstream.MODELS["openai_chat"], (_JSON,))
        ways = list(_ways(alone, through))
        rows, ceiling = _rounds(plan, direct, ways)
        return {
            "rounds": plan.rounds,
            "seconds": plan.seconds,
            "cores": plan.cores,
            "connections": CONNECTIONS,
            "driver": plan.driver or "default",
            "load": "wrk" if plan.wrk else "our own clients",
            "ceiling_per_second": ceiling,
            "rows": rows,
            "megabytes": {"gateway": through.megabytes(), "floor": alone.megabytes()},
            "idle": _beside_idle(plan, ways[-1], crowded, behind),
            "all_on": _all_on(plan, behind, its),
        }


def _all_on(plan: Plan, behind: Process, core: int | None) -> list[dict[str, Any]]:
    """What everything that can be on costs beside a gateway that only answers, in turns."""
    plan = attrs.evolve(plan, seconds=_LONGER * plan.seconds, rounds=-(-plan.rounds // 2))
    key = ("authorization", f"Bearer {KEY}")
    routed, direct = (_JSON, key), f"anthropic/{upstream.MODELS['anthropic']}"
    found: dict[tuple[str, str], _Found] = defaultdict(lambda: defaultdict(list))
    with ExitStack() as stack:
        bare, unlimited, full = (
            stack.enter_context(gateway(behind.port, core, plan.driver, None, features))
            for features in ("bare", "unlimited", "all")
        )
        ways = (
            Way("bare", bare, direct, (_JSON,)),
            Way("all but limits", unlimited, "anthropic-route", routed),
            Way("all", full, "anthropic-route", routed),
        )
        for way in ways:
            run(way.process.port, way.call("medium"), CONNECTIONS, plan.seconds / _LONGER)
        for _ in range(plan.rounds):
            for what in SIZES:
                for way in ways:
                    for name, value in _sample(plan, way, what, settle=_SETTLE).items():
                        found[what, way.name][name].append(value)
    rows = []
    for what in SIZES:
        bare_us, unlimited_us, all_us = (_best(found[what, way.name])["cpu_us"] for way in ways)
        row: dict[str, Any] = {"what": what, "bare_cpu_us": bare_us, "unlimited_cpu_us": unlimited_us, "cpu_us": all_us}
        rows.append(row | {"times_bare": round(all_us / bare_us, 2)})
    return rows


def _ways(alone: Process, through: Process) -> Iterator[Way]:
    yield Way(FLOOR, alone, upstream.MODELS["openai_chat"], (_JSON,))
    for name, row in PROVIDERS.items():
        model = f"{name}/{upstream.MODELS[row['dialect']]}"
        key = ("authorization", f"Bearer {KEY}")
        yield Way(("relay, " if name == "openai" else "") + f"openai -> {name}", through, model, (_JSON, key))


def _rounds(plan: Plan, direct: Way, ways: list[Way]) -> tuple[list[dict[str, Any]], float]:
    """Every size by every way, and how many requests of the medium body a second go where nothing is between."""
    found: dict[tuple[str, str], _Found] = defaultdict(lambda: defaultdict(list))
    for way in ways:
        run(way.process.port, way.call("medium"), CONNECTIONS, plan.seconds)  # nothing is measured cold
    for _ in range(plan.rounds):
        for what in (*SIZES, STREAM, PACED):
            for way in (direct, *ways):
                for name, value in _sample(plan, way, what).items():
                    found[what, way.name][name].append(value)
    rows = []
    for what in (*SIZES, STREAM, PACED):
        bare, least = _best(found[what, direct.name]), _best(found[what, FLOOR])
        for way in ways:
            row = {"what": what, "way": way.name, **_best(found[what, way.name])}
            row["times_floor"] = round(row["cpu_us"] / least["cpu_us"], 2)
            if what != PACED:
                row |= {f"added_{name}": row[name] - bare[name] for name in ("p50_us", "p99_us")}
            row["cpu_us_of_rounds"] = [round(value, 2) for value in found[what, way.name]["cpu_us"]]
            rows.append(row)
    return rows, _best(found["medium", direct.name])["per_second"]


def _sample(plan: Plan, way: Way, what: str, *, settle: float = 0.0) -> dict[str, float]:
    """One sample of everything there is to know of a size and a way.

    With seconds to settle, what threads do afterwards for these requests counts too; there are no latencies.
    """
    call = way.call(what)
    whole = what in SIZES
    sending: Callable[..., Load] = plan.send if whole else run
    before = way.process.cpu_seconds()
    load = sending(way.process.port, call, CONNECTIONS, plan.seconds)
    time.sleep(settle)
    cpu = way.process.cpu_seconds() - before
    if not whole and load.events < load.requests * upstream.EVENTS:
        raise RuntimeError(f"{load.requests} streams by {way.name} had only {load.events} events")
    count = load.requests if whole else load.events
    taken = {"cpu_us": cpu / count * 1e6, "per_second": count / load.seconds, "busy": cpu / load.seconds}
    if what != PACED and not settle:
        # The first event of a stream is not to wait for others that are there already: of these there is only one.
        lone = sending(way.process.port, call if whole else way.call(_BRIEF), 1, plan.seconds / 2)
        taken |= {"p50_us": lone.p50 if whole else lone.first_p50, "p99_us": lone.p99 if whole else lone.first_p99}
    return taken


def _best(found: _Found) -> dict[str, float]:
    """Of times the least, of counts the most."""
    return {name: round((max if name in ("per_second", "busy") else min)(values), 2) for name, values in found.items()}


def _beside_idle(plan: Plan, way: Way, crowded: Process, behind: Process) -> dict[str, Any]:
    """What a request costs while many connections to the provider are kept that nobody uses, beside one without."""
    beside = attrs.evolve(way, process=crowded)
    # So many requests at once that the gateway opens so many connections, which it then keeps.
    body = orjson.loads(way.call("small").body)
    body["messages"][-1]["content"] = f"hold {IDLE}"
    run(crowded.port, Call(_PATH, way.headers, orjson.dumps(body)), IDLE, plan.seconds, turns=1)
    found: dict[Way, _Found] = {way: defaultdict(list), beside: defaultdict(list)}
    for _ in range(plan.rounds):
        for one, values in found.items():
            for name, value in _sample(plan, one, "medium").items():
                values[name].append(value)
    return {
        "way": way.name,
        "connections": crowded.connections_to(behind.port),
        "cpu_us_without": _best(found[way])["cpu_us"],
        "cpu_us": _best(found[beside])["cpu_us"],
        "megabytes": crowded.megabytes(),
    }
