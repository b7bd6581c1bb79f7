"""Figures of a run: by folder, with what a sample leaves open, and the survivors one by one."""

import itertools
import json
import math
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from .catalogue import Mutant, as_json

EQUIVALENT = Path(__file__).with_name("equivalent.toml")
KEY = ("file", "where", "before", "after")


def interval(killed: int, judged: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share."""
    if not judged:
        return (0.0, 1.0)
    z = 1.96
    share, weight = killed / judged, z * z / judged
    middle = (share + weight / 2) / (1 + weight)
    width = z * math.sqrt(share * (1 - share) / judged + weight / judged / 4) / (1 + weight)
    return (middle - width, middle + width)


def equivalents() -> set[tuple[str, ...]]:
    """Mutants that change nothing a caller could see, each with its reason in the file."""
    rows = tomllib.loads(EQUIVALENT.read_text("utf-8")).get("mutant", [])
    return {tuple(row[key] for key in KEY) for row in rows}


def again(every: Iterable[Mutant], path: str) -> list[Mutant]:
    """The mutants that survived in an earlier result, found by what they say; numbers may have moved since."""
    earlier = json.loads(Path(path).read_text("utf-8"))["mutants"]
    alive = [row for row in earlier if row["outcome"] == "survived"]
    places = {(row["file"], row["operator"], row["where"]) for row in alive}
    wanted = {tuple(row[key] for key in KEY) for row in alive}
    near = [one for one in every if (one.file, one.change.name, ".".join(one.change.scope)) in places]
    found = {}
    for mutant in near:
        row = as_json(mutant)
        key = tuple(row[name] for name in KEY)
        if key in wanted:
            found.setdefault(key, mutant)
    return list(found.values())


def _line(name: str, rows: list[dict[str, Any]]) -> str:
    killed, late = (sum(row["outcome"] == word for row in rows) for word in ("killed", "timeout"))
    low, high = interval(killed + late, len(rows))
    share = (killed + late) / len(rows)
    counts = f"{len(rows):6} {killed:7} {late:8} {len(rows) - killed - late:9}"
    return f"{name:32} {counts} {share:7.1%}  {low:.1%} to {high:.1%}"


def _near(row: dict[str, Any]) -> tuple[str, str]:
    """The lines before and after, without what is far from their difference."""
    before, after = row["before"], row["after"]
    same = itertools.takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False))
    start = max(0, sum(1 for _ in same) - 100)
    return before[start : start + 200], after[start : start + 200]


def show(results: list[dict[str, Any]], bad: list[str], out: Path) -> int:
    """Print and store the results; the status is 1 when a test fails without a mutant too."""
    known = equivalents()
    same = [row for row in results if tuple(row[key] for key in KEY) in known]
    rows = [row for row in results if row not in same]
    out.write_text(json.dumps({"mutants": rows, "equivalent": same}, indent=1) + "\n", "utf-8")
    for row in rows:
        if row["outcome"] == "survived":
            print(f"{row['file']}:{row['line']} {row['where']} ({row['operator']}; {row['tests']} tests)")
            print("  - {}\n  + {}".format(*_near(row)))
    folders: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        steps = row["file"].split("/")
        folders.setdefault("/".join(steps[:-1][:2]) or ".", []).append(row)
    print(f"{'':32} mutants killed  timeout  survived")
    for name, some in sorted(folders.items()):
        print(_line(name, some))
    if rows:
        print(_line("all", rows))
    if same:
        print(f"{len(same)} more are listed as equivalent")
    for name in bad:
        print(f"{name} fails without a mutant: these figures are void")
    return 1 if bad else 0
