"""The machine as /proc shows it: what it is, and what single processes take of it."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

from base.clock import now
from base.settings import ROOT

TICKS = os.sysconf("SC_CLK_TCK")
BUSY = 1.0  # load average, in processes, from which somebody else's work shows in the figures


def describe() -> str:
    """The machine, the date and the commit in one line; it says "busy" when others were at work."""
    memory = int(_find("/proc/meminfo", r"^MemTotal:\s*(\d+)")) / 1024**2
    load = os.getloadavg()[0]
    parts = (
        _find("/proc/cpuinfo", r"^model name\s*:\s*(.+)") or platform.machine(),
        f"{len(os.sched_getaffinity(0))} cores",
        f"{memory:.0f} GiB",
        f"Python {platform.python_version()}",
        f"{now():%Y-%m-%d}",
        f"commit {_commit()}",
        f"load before the start {load:.1f}" + (" (busy)" if load >= BUSY else ""),
    )
    return " · ".join(parts)


def _commit() -> str:
    done = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True)
    return done.stdout.strip() or "unknown"


def descendants(pid: int) -> list[int]:
    """The process and all that it has started, in that order."""
    found = [pid]
    for parent in found:
        for children in Path(f"/proc/{parent}/task").glob("*/children"):
            found += map(int, children.read_text().split())
    return found


def command_line(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()


def resident_mb(pid: int) -> float:
    """Memory that the process holds, what it shares with others included."""
    return int(_find(f"/proc/{pid}/status", r"^VmRSS:\s*(\d+)")) / 1024


def peak_mb(pid: int) -> float:
    """The most memory that the process has held so far."""
    return int(_find(f"/proc/{pid}/status", r"^VmHWM:\s*(\d+)")) / 1024


def fair_mb(pid: int) -> float:
    """Memory that the process holds, with a shared page counted in parts: these may be added up."""
    return int(_find(f"/proc/{pid}/smaps_rollup", r"^Pss:\s*(\d+)")) / 1024


def _find(file: str, pattern: str) -> str:
    found = re.search(pattern, Path(file).read_text(), re.MULTILINE)
    return found[1] if found else ""


def cpu_seconds(pid: int) -> float:
    """What the process has worked so far, all its threads together."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS  # utime and stime


class CpuMeter:
    """CPU time of named processes since this was made."""

    def __init__(self, pids: Mapping[str, int]) -> None:
        self._pids = pids
        self._before = {name: cpu_seconds(pid) for name, pid in pids.items()}

    def per_turn(self, turns: int) -> str:
        spent = {name: cpu_seconds(pid) - self._before[name] for name, pid in self._pids.items()}
        return (
            "CPU a turn: "
            + ", ".join(f"{name} {seconds / turns * 1000:.1f}" for name, seconds in spent.items())
            + " ms"
        )
