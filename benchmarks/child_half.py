"""What the half about the child costs a county that has none of its files: ``python benchmarks/child_half.py [params] [--runs 2]``.

The county's parameters three times over: with every file; with none of the child half's files (NEW_TABLES left out of
``sources``); and so with the rules of the child half left out too (``leave_out``), which is as near as one tree comes to the run
before there was that half. Each in turn, as :mod:`county` times it with plans. Prints the quickest of each by the clock and of
the processor, and the ratios; the aim is 1.25 at most for none of the files beside none of the rules.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import Any

import yaml
from county import Run, timed_run

from auditlib.base.places import PARAMS
from auditlib.rules import RULES

NEW_TABLES = ("attendance", "dropouts", "unable", "home_teaching", "planned", "quotas", "funds", "issues")
FAMILIES = ("attendance", "dropout", "unable", "home", "warning", "enrolment", "letters", "funds", "issues")
RULES_ADDED = (
    "missed.not_placed", "missed.listed_late", "mismatch.register_identity", "mismatch.register_school", "payments.two_lists",
    "procedure.no_application", "procedure.other_term", "procedure.applied_late", "procedure.order", "procedure.panel_small",
    "procedure.over_quota", "procedure.not_stamped", "totals.parts", "totals.loan_ceiling",
)  # fmt: skip
AIM = 1.25


def of_the_child(rule: str) -> bool:
    """Is it a rule of the child half?"""
    return rule.partition(".")[0] in FAMILIES or rule in RULES_ADDED


def variants(parameters: Path) -> dict[str, dict[str, Any]]:
    """The parameters of each run, by what it is called."""
    full = yaml.load(parameters.read_text("utf-8"), yaml.BaseLoader)
    full["data_dir"] = str((parameters.parent / full["data_dir"]).resolve())
    full["previous"] = []
    sources = {table: files for table, files in full["sources"].items() if table not in NEW_TABLES}
    without = {**full, "sources": sources}
    return {
        "every file": full,
        "none of the new files": without,
        "and none of their rules": {**without, "leave_out": [rule for rule in RULES if of_the_child(rule)]},
    }


def quickest(content: dict[str, Any], folder: Path, runs: int) -> Run:
    """The quickest run with plans; one without them goes before and does not count."""
    folder.mkdir()
    file = folder / "params.yaml"
    file.write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    timed_run(file, folder)
    return min((timed_run(file, folder) for _ in range(runs)), key=lambda run: run.processor)


def main(parameters: Path, runs: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        figures = {
            title: quickest(content, Path(name) / str(at), runs)
            for at, (title, content) in enumerate(variants(parameters).items())
        }
    print(f"{'':26}{'clock s':>9}{'CPU s':>8}")
    for title, run in figures.items():
        print(f"{title:26}{run.wall:>9.1f}{run.processor:>8.1f}")
    full, without, bare = (run.processor for run in figures.values())
    print(f"none of the files / none of the rules: {without / bare:.2f} (aim {AIM} at most)")
    print(f"every file / none of the files: {full / without:.2f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parameters", nargs="?", type=Path, default=PARAMS / "qinghe-2020-autumn.yaml")
    parser.add_argument("--runs", type=int, default=2)
    arguments = parser.parse_args()
    main(arguments.parameters, arguments.runs)
