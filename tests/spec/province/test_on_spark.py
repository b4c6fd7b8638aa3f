"""A small province on a session of Spark: the same findings byte for byte, one county that fails, persons across.

One session, three counties of a few pupils; skipped where PySpark (an extra) or Java is missing, run by ``.ci/run``.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pandas as pd
import pytest
import yaml
from tiny_county import changed, deliver, tables

from auditlib.base.workers import Here
from auditlib.county import self_check
from auditlib.county.outputs import with_decisions, write_outputs
from auditlib.law.parameters import SelfCheck
from auditlib.province.across import across_counties
from auditlib.province.packages import COMPARED_COLUMNS, rows_of
from auditlib.province.parameters import read_province

MISSING = [
    name for name, there in (("pyspark", find_spec("pyspark")), ("java", shutil.which("java"))) if not there
]
pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"{' and '.join(MISSING)} not here: make spark")
SHARED_COUNT = 6  # pupils of both counties


@dataclass(frozen=True)
class OnSpark:
    """A province that was run: its folder, with what the command ended, what it said, the first county's parameters."""

    folder: Path
    status: int
    said: str
    first: SelfCheck


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> OnSpark:
    base = tmp_path_factory.mktemp("province")
    first = deliver(base / "a", tables(12), code="990111")
    second = deliver(base / "b", tables(12, first=13 - SHARED_COUNT, school="9901000002"), code="990112")
    delivered_tables = tables(3, first=40)
    broken_county = deliver(base / "c", changed(delivered_tables, "payments", lambda rows: []), code="990113")
    (base / "c" / "payments.csv").write_text("某列\n某值\n", "utf-8")
    for county in (first, second, broken_county):
        file = base / f"{county.county_code}.yaml"
        file.write_text(yaml.safe_dump(county.as_json(), allow_unicode=True), "utf-8")
    parameters = {
        "province_code": "99", "province_name": "某省", "term": first.term, "county_params": ["99011*.yaml"], "output_dir": "out",
    }  # fmt: skip
    (base / "province.yaml").write_text(yaml.safe_dump(parameters, allow_unicode=True), "utf-8")
    return _run(base, first)


def _run(base: Path, first: SelfCheck) -> OnSpark:
    """As a process of its own: PySpark leaves sockets to whoever ends."""
    command = [sys.executable, "-m", "auditlib.cli", "province", str(base / "province.yaml")]
    run = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    return OnSpark(base / "out", run.returncode, run.stderr, first)


def _without_spark(parameters: SelfCheck) -> None:
    """The steps of the county's notebook, here."""
    run = self_check.begin(parameters)
    registers = self_check.ingest(run)
    audit = self_check.link(run, registers)
    results = self_check.sum_up(run, registers, audit, self_check.check(run, audit))
    write_outputs(run, registers, audit, with_decisions(run, results))


def test_a_county_has_the_same_findings_byte_for_byte(province: OnSpark) -> None:
    by_task = province.folder / "counties" / "990111"
    _without_spark(province.first)
    alone = (province.first.output_dir / "findings.parquet").read_bytes()
    assert (by_task / "findings.parquet").read_bytes() == alone
    assert len(pd.read_parquet(by_task / "findings.parquet")) > 0
    assert (by_task / "report.html").is_file()


def test_one_county_that_fails_stops_no_other_and_is_named(province: OnSpark) -> None:
    assert province.status == 1
    assert "样13县（990113）没有完成" in province.said and "payments.csv" in province.said
    assert "WARN" not in province.said and "Traceback" not in province.said
    counts = json.loads((province.folder / "province.json").read_text("utf-8"))
    assert [county["state"] for county in counts["counties"]] == ["done", "done", "failed"]
    assert all(line["agrees"] for line in counts["tie_out"])


def test_spark_finds_whom_duckdb_finds_across_counties(province: OnSpark) -> None:
    run = read_province(province.folder.parent / "province.yaml")
    names = {f"9901{n}": f"样{n}县" for n in (11, 12)}
    folders = {code: province.folder / "counties" / code for code in names}
    questions = [
        json.dumps({"county_code": code, "package": str(folder / "package.zip")})
        for code, folder in folders.items()
    ]
    here = Here()
    by_duckdb = across_counties(
        run, here, here.table("token_rows", rows_of, questions, COMPARED_COLUMNS), folders, names
    )
    by_spark = pd.read_parquet(province.folder / "across.parquet")
    assert list(by_spark["finding_id"]) == list(by_duckdb.findings["finding_id"])
    assert by_spark["reason"].value_counts().to_dict() == {
        "enrolled_twice": SHARED_COUNT,
        "paid_twice": SHARED_COUNT - 1,
    }
    assert list(map(list, by_spark["records"])) == list(by_duckdb.findings["records"])
