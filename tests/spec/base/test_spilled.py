"""What does not fit into memory lies in a folder for its owner alone, and nowhere once the process has ended."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest
from tiny_county import deliver, tables

from auditlib.base.engine import duckdb_engine
from auditlib.base.errors import AuditError
from auditlib.base.spilled import START, spill_folder
from auditlib.county.self_check import begin, run_self_check

ROWS = "SELECT range AS a, md5(range::text) || md5((range + 1)::text) AS text FROM range(1_500_000)"
SORT_QUERY = "SELECT * FROM big ORDER BY text"


def test_more_than_the_memory_allowed_goes_through_the_folder(tmp_path: Path) -> None:
    engine = duckdb_engine(threads=1, memory_limit="100MB", spill_dir=tmp_path / "spill")
    big = engine.keep_sql("big", [ROWS], {"a": "int64", "text": "string"})
    sorted_rows = engine.keep_sql("sorted_rows", [SORT_QUERY], {"a": "int64", "text": "string"})
    assert int(engine.fetch(sorted_rows.count())) == int(engine.fetch(big.count())) == 1_500_000
    [folder] = (tmp_path / "spill").iterdir()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert list(folder.rglob("*")), "nothing was spilled: the test has to ask for more"


def test_nothing_stays_of_a_process_that_has_ended_or_was_killed(tmp_path: Path) -> None:
    make = f"from pathlib import Path; from auditlib.base.spilled import spill_folder; f = spill_folder(Path({str(tmp_path)!r}));"
    subprocess.run([sys.executable, "-c", make], check=True)
    assert list(tmp_path.iterdir()) == []
    subprocess.run([sys.executable, "-c", make + "import os; os.kill(os.getpid(), 9)"], check=False)
    [orphan] = tmp_path.iterdir()
    assert orphan.name.startswith(START)
    folder = spill_folder(tmp_path)
    assert list(tmp_path.iterdir()) == [folder]


def test_a_run_within_a_limit_gives_the_same_and_a_folder_that_cannot_be_is_said(tmp_path: Path) -> None:
    rows = tables()
    plain = deliver(tmp_path / "plain", rows)
    limited_run = deliver(tmp_path / "limited", rows, memory_limit="500MB", spill_dir=str(tmp_path / "spill"))
    _run, results = run_self_check(plain)
    _run, same = run_self_check(limited_run)
    assert same.findings.to_dict("records") == results.findings.to_dict("records")
    (tmp_path / "file").touch()
    with pytest.raises(AuditError, match="file"):
        begin(deliver(tmp_path / "wrong", rows, spill_dir=str(tmp_path / "file" / "in it")))
