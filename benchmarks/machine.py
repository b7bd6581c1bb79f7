"""On what something was measured, and where the numbers are kept."""

import gc
import os
import platform
import sysconfig
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import orjson

RESULTS: Final = Path(__file__).parent / "results"


def machine() -> dict[str, Any]:
    """The machine, the Python build and what else decides about speed."""
    flags = sysconfig.get_config_var("CONFIG_ARGS") or ""
    build = [word for word in ("--enable-optimizations", "--with-lto", "--enable-shared") if word in flags]
    if "--enable-optimizations" not in flags:
        build.insert(0, "without profile-guided optimisation")
    return {
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.release()}",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "build": f"{platform.python_compiler()}, {', '.join(build)}",
        "orjson": version("orjson"),
        "attrs": version("attrs"),
        "dragoman": version("dragoman"),
        "gc": f"{'on' if gc.isenabled() else 'off'}, thresholds {gc.get_threshold()}",
    }


def words(machine: dict[str, Any]) -> str:
    """The machine in two lines."""
    return (
        f"{machine['cpu']}, {machine['cores']} cores, {machine['system']}\n"
        f"{machine['python']} ({machine['build']}), orjson {machine['orjson']}, attrs {machine['attrs']}, "
        f"gc {machine['gc']}"
    )


def keep(name: str, machine: dict[str, Any], results: dict[str, Any]) -> Path:
    """Write results as JSON beside those of earlier runs; the file."""
    RESULTS.mkdir(exist_ok=True)
    now = datetime.now(UTC)
    path = RESULTS / f"{name}-{now:%Y%m%dT%H%M%SZ}.json"
    value = {"benchmark": name, "time": now, "machine": machine, **results}
    path.write_bytes(orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    return path


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
