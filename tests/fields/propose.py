"""What the table would say of fields as things are now, for new rows: a starting point that wants a reader.

``python -m tests.fields.propose DIALECT < rows``: lines of ``FIELD [= SAMPLE] [(MODELS)]``; comments pass.
"""

import re
import sys
from typing import Any

import orjson
from dragoman.translate.fields.table import GROUPS, TARGETS, Cell, Row, untagged

from ..recordings.driving import Planned
from .trial import Asked, Seen, ask, dropped, general, nodes, see, values

_SIGNS = {"approximated": "~", "dropped": "-", "added": "+"}

_LINE = re.compile(r"(?P<field>\S+)(?: = (?P<sample>.*?))?(?: \((?P<models>\w+)\))?$")


def line_of(row: Row) -> str:
    """The row with the outcomes that it has now."""
    found = {target: proposed(row, target) for target in TARGETS}
    most = max(found.values(), key=list(found.values()).count)
    cells: list[tuple[list[str], str]] = []
    left = {target: outcome for target, outcome in found.items() if outcome != most}
    for group, members in GROUPS.items():
        outcomes = [left.get(member) for member in members]
        usual = max(outcomes, key=outcomes.count)
        if usual is not None and outcomes.count(usual) > 1 and None not in outcomes:
            cells.append(([group], usual))
            left = {target: outcome for target, outcome in left.items() if target not in members or outcome != usual}
    for target, outcome in left.items():
        same = next((names for names, said in cells if said == outcome), None)
        if same is None:
            cells.append(([target], outcome))
        else:
            same.append(target)
    cells.append((["*"], most))
    parts = [f"{' '.join(names)} {outcome}" for names, outcome in cells]
    lines, line = [], row.name
    for part in parts:
        if len(line) + len(part) + 3 > 120:
            lines.append(line)
            line = "   "
        line += f" | {part}"
    return "\n".join([*lines, line])


def proposed(row: Row, target: str) -> str:
    """The outcome that a target has now, as the table would say it."""
    asked = ask(row)
    seen = see(row, target, asked)
    if seen.told.status != 200:
        return "!"
    related, rest = seen.sorted(asked.pointer)
    others = sorted(rest)
    tail = "".join(f" & {path} {_SIGNS[kind]}{severity}" for path, kind, severity in others)
    said = sorted({loss[1:] for loss in related})
    if len(said) > 1:
        return f"?? {said}"
    if said and said[0][0] == "dropped":
        extra = "??" if dropped(Cell("dropped"), asked, seen) else ""
        return f"-{said[0][1]}{tail}{extra}"
    place = _found(row, asked, seen)
    if said:
        return f"~{said[0][1]}{' ' + place if place not in ('.', '??') else ''}{tail}"
    return place + tail


def _beside_the_body(before: Planned, told: Planned) -> str:
    """What differs when the body does not."""
    if before.head["url"] != told.head["url"]:
        return "url " + told.head["url"].rpartition("/")[2]
    if before.head["headers"] != told.head["headers"]:
        return "header " + min(set(told.head["headers"].items()) - set(before.head["headers"].items()))[0]
    return "here" if before.head["context"] != told.head["context"] else "."


def _found(row: Row, asked: Asked, seen: Seen) -> str:
    if seen.before is not None and seen.before.raw == seen.told.raw:
        return _beside_the_body(seen.before, seen.told)
    own = untagged(row.field)
    places = dict.fromkeys(
        general(path)
        for path, value in nodes(seen.told.body)
        if value == asked.sample and type(value) is type(asked.sample)
    )
    places = [
        place
        for place in places
        if seen.before is None
        or sum(v == asked.sample for v in values(seen.told.body, place))
        > sum(v == asked.sample for v in values(seen.before.body, place))
    ]
    if own in places:
        return "="
    if places:
        return min(places, key=len)
    if seen.before is None:
        coded = asked.sample.partition("base64,")[2] if isinstance(asked.sample, str) else ""
        found = [general(path) for path, value in nodes(seen.told.body) if coded and value == coded]
        return f'{found[0]} "{coded}"' if found else "form"
    changed = _changed(seen.before.body, seen.told.body, "")
    if changed is None:
        return "??"
    path, value = changed
    while isinstance(value, dict) and len(value) == 1:
        ((key, value),) = value.items()
        path += f"/{key}"
    return f"{general(path)} {orjson.dumps(value).decode()}"


def _changed(before: Any, after: Any, path: str) -> tuple[str, Any] | None:
    """The first node that is new or another one."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key, value in after.items():
            if key not in before:
                return f"{path}/{key}", value
            found = _changed(before[key], value, f"{path}/{key}")
            if found:
                return found
        return None
    if isinstance(before, list) and isinstance(after, list):
        for at, value in enumerate(after):
            if at >= len(before):
                return f"{path}/{at}", value
            found = _changed(before[at], value, f"{path}/{at}")
            if found:
                return found
        return None
    return None if before == after else (path, after)


def main() -> None:
    """Read fields, print rows."""
    dialect = sys.argv[1]
    for line in sys.stdin.read().splitlines():
        found = _LINE.match(line)
        if found is None or line.startswith("#"):
            print(line)
            continue
        field, models = found["field"], found["models"] or "plain"
        row = Row(dialect, "", field.removesuffix("/**"), found["sample"], field.endswith("/**"), models, {})
        print(line_of(row))


if __name__ == "__main__":
    main()
