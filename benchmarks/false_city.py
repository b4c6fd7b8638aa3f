"""What a city sees of counties that do not say all: manipulations shown and false alarms, for some seeds.

``python benchmarks/false_city.py [seed …]`` (three seeds where none is given). Each seed is three counties made up anew, with
one manipulation of every kind (``tests/spec/false_city.py``), among innocent differences. Minutes a seed: the counties audit
themselves, the city does each audit again, and once more for every condition that a county had otherwise.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "support"))
from false_city import played

SEEDS = (1, 2, 3)


def main(seeds: tuple[int, ...]) -> None:
    for seed in seeds:
        with tempfile.TemporaryDirectory() as folder:
            os.environ["AUDITLIB_KEYS"] = str(Path(folder) / "keys")
            start = time.perf_counter()
            score = played(Path(folder), seed)
            seconds = time.perf_counter() - start
        print(
            f"seed {seed}: {score.shown} of {score.planted} shown, {len(score.alarms)} false alarms, {seconds:.0f} s"
        )
        print("".join(f"  not shown: {what}\n" for what in score.missed), end="")
        print("".join(f"  false alarm: {what}\n" for what in score.alarms), end="", flush=True)


if __name__ == "__main__":
    main(tuple(map(int, sys.argv[1:])) or SEEDS)
