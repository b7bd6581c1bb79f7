"""What the table would say of fields as things are now, for new rows: a starting point that wants a reader.

``python -m tests.fields.propose DIALECT < rows``: lines of ``FIELD [= SAMPLE] [(MODELS)]``; comments pass.
"""

import re
import sys

from dragoman.translate.fields.table import GROUPS, TARGETS, Row

from .trial import proposed

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
        try:
            print(line_of(row))
        except Exception as error:
            print(f"!!! {line}: {type(error).__name__} {error}")


if __name__ == "__main__":
    main()
