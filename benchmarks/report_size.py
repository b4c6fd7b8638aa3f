"""How large the report of a county becomes: ``python benchmarks/report_size.py [params] [--pupils 100000]``.

One self-check of the county; then its findings, schools, towns and children to be looked up as often over, under names and
numbers of their own, as it takes to come to that many pupils of the register; and the same with every list of findings full. Prints the
bytes of report.html, report.docx and of the summary, for the county as it is and for the larger ones. The aim is 5 MB at most.
"""

from __future__ import annotations

import argparse
import math
import re
import tempfile
from dataclasses import replace
from pathlib import Path

import nbformat
import pandas as pd

from auditlib import report
from auditlib.base.places import NOTEBOOKS, PARAMS
from auditlib.county.self_check import run_self_check
from auditlib.findings.results import Results
from auditlib.law.parameters import read_self_check
from auditlib.page import render
from auditlib.report.findings_lists import LIMIT
from auditlib.report.letter import write_letter
from auditlib.report.summary import write_summary

NAMES = ("finding_id", "id_number", "student_no", "school_name", "town")


def times(rows: pd.DataFrame, factor: int) -> pd.DataFrame:
    """``rows`` ``factor`` times, each time with names and numbers of their own."""
    copies = []
    for copy in range(factor):
        own = {name: rows[name] + (f"{copy}" if copy else "") for name in NAMES if name in rows}
        copies.append(rows.assign(**own))
    return pd.concat(copies, ignore_index=True)


def county_of(results: Results, factor: int) -> Results:
    """The county ``factor`` times over."""
    tables = ("findings", "particulars", "uncovered", "unclear", "by_school", "by_town", "unknown_schools")
    larger = {name: times(getattr(results, name), factor) for name in tables}
    numbers = {
        f"{key}{copy or ''}": number for key, number in results.numbers.items() for copy in range(factor)
    }
    return replace(results, numbers=numbers, **larger)


def sizes(results: Results, folder: Path) -> dict[str, int]:
    """Bytes by name of the file."""
    programme = (NOTEBOOKS / "county_self_check.ipynb").read_text(encoding="utf-8")
    cells = []
    for name in re.findall(r"report\.(\w+)\(results\)", programme):
        data = {"text/html": getattr(report, name)(results)._repr_html_()}
        output = nbformat.v4.new_output("execute_result", data, execution_count=1)  # type: ignore[no-untyped-call]  # nbformat has no types
        cells.append(nbformat.v4.new_code_cell(name, outputs=[output]))  # type: ignore[no-untyped-call]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / "run.ipynb")  # type: ignore[no-untyped-call]
    render(folder / "run.ipynb", folder / "report.html", language="zh", title="报告")
    write_letter(results, folder / "report.docx")
    write_summary(results, folder / "summary.html")
    return {file.name: file.stat().st_size for file in sorted(folder.iterdir()) if file.suffix != ".ipynb"}


def main() -> None:
    """Prints a line a county."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("params", nargs="?", type=Path, default=PARAMS / "qinghe-2020-autumn.yaml")
    parser.add_argument("--pupils", type=int, default=100_000)
    chosen = parser.parse_args()
    _run, results = run_self_check(read_self_check(chosen.params))
    pupils = int(results.funnel.loc[results.funnel["table"] == "enrolment", "used"].sum())
    fewest = int(results.findings.groupby("rule").size().min())
    for factor in (1, math.ceil(chosen.pupils / pupils), math.ceil(LIMIT / fewest)):
        county = county_of(results, factor)
        with tempfile.TemporaryDirectory() as folder:
            told = ", ".join(f"{name} {size:,}" for name, size in sizes(county, Path(folder)).items())
        print(f"{pupils * factor:,} pupils, {len(county.findings):,} findings: {told}")


if __name__ == "__main__":
    main()
