"""What a county's run takes, from its files to its report: ``python benchmarks/county.py [params] [--runs 5]``.

Runs ``auditlib self-check`` in processes of their own, start and end included: once without plans from an earlier run
(:mod:`auditlib.base.plans`), then as often as is asked with them, and as often again where the answer of the run before stands
(:mod:`auditlib.county.answer`: only decisions have changed). Prints seconds by the clock and of the processor, the largest peak
of the processes, and where the seconds of the quickest run went.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from auditlib.base.places import PARAMS
from auditlib.base.run_folder import ANSWER

STEP = re.compile(r"^(.+) … ([\d.]+) s$")


@dataclass(frozen=True)
class Run:
    """Seconds of one run by the clock and of the processor, and of its steps."""

    wall: float
    processor: float
    steps: tuple[tuple[str, float], ...]


def timed_run(parameters: Path, folder: Path, *, anew: bool = True) -> Run:
    """One run into ``folder``, which also keeps its plans; ``anew``: whatever the run before answered."""
    if anew:
        (folder / "run" / ANSWER).unlink(missing_ok=True)
    environment = os.environ | {
        "XDG_CACHE_HOME": str(folder / "cache"),
        "AUDITLIB_KEYS": str(folder / "keys"),
    }
    before, began = spent_below(), time.perf_counter()
    command = [
        sys.executable,
        "-m",
        "auditlib.cli",
        "self-check",
        str(parameters),
        "--output",
        str(folder / "run"),
    ]
    process = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    wall, processor = time.perf_counter() - began, spent_below() - before
    if process.returncode:
        raise SystemExit(process.stdout + process.stderr)
    lines = map(STEP.match, (process.stdout + process.stderr).splitlines())
    return Run(wall, processor, tuple((line[1], float(line[2])) for line in lines if line))


def spent_below() -> float:
    resources = resource.getrusage(resource.RUSAGE_CHILDREN)
    return resources.ru_utime + resources.ru_stime


def main(parameters: Path, runs: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        times = {"no plans": [timed_run(parameters, Path(name))]}
        times["with plans"] = [timed_run(parameters, Path(name)) for _ in range(runs)]
        times["decisions"] = [timed_run(parameters, Path(name), anew=False) for _ in range(runs)]
    print(f"{'':12}{'clock s':>9}{'CPU s':>8}")
    for title, those in times.items():
        for run in those:
            print(f"{title:12}{run.wall:>9.1f}{run.processor:>8.1f}")
    print(f"largest process {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.0f} MB")
    for title, those in times.items():
        quickest = min(those, key=lambda run: run.wall)
        steps = ", ".join(f"{step} {seconds:.1f}" for step, seconds in quickest.steps if seconds >= 0.5)
        print(f"{title}: {steps}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parameters", nargs="?", type=Path, default=PARAMS / "qinghe-2020-autumn.yaml")
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    main(arguments.parameters, arguments.runs)
