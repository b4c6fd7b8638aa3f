"""Decisions are appended, never changed; the latest holds; they outlive a re-run."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from auditlib.dispositions import COLUMNS, read_dispositions, with_dispositions, write_dispositions
from auditlib.errors import AuditError


def decision(finding: str, status: str, at: str) -> dict[str, str]:
    return dict.fromkeys(COLUMNS, "") | {"finding_id": finding, "status": status, "decided_at": at}


def ledger(folder: Path, *decisions: dict[str, str]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    write_dispositions(pd.DataFrame(decisions, columns=list(COLUMNS)), folder)
    return folder


FINDINGS = pd.DataFrame({"finding_id": ["a", "b"], "disposition": [None, None]})


def test_the_latest_decision_holds(tmp_path: Path) -> None:
    early, late = decision("a", "confirmed", "2021-01-05"), decision("a", "cleared", "2021-02-01")
    folder = ledger(tmp_path, late, early)
    found = with_dispositions(FINDINGS, read_dispositions([folder]))
    assert found["disposition"].tolist() == ["cleared", None]


def test_what_stands_in_the_ledger_is_never_changed(tmp_path: Path) -> None:
    folder = ledger(tmp_path, decision("a", "confirmed", "2021-01-05"))
    before = (folder / "dispositions.csv").read_bytes()
    ledger(tmp_path, decision("a", "cleared", "2021-01-06"))
    after = (folder / "dispositions.csv").read_bytes()
    assert after.startswith(before)
    assert len(after) > len(before)


def test_writing_the_same_decision_twice_adds_nothing(tmp_path: Path) -> None:
    folder = ledger(tmp_path, decision("a", "confirmed", "2021-01-05"))
    before = (folder / "dispositions.csv").read_bytes()
    write_dispositions(read_dispositions([folder, folder]), folder)
    assert (folder / "dispositions.csv").read_bytes() == before


def test_decisions_of_an_earlier_run_carry_over(tmp_path: Path) -> None:
    earlier = ledger(tmp_path / "earlier", decision("b", "closed", "2021-01-05"))
    now = ledger(tmp_path / "now")
    write_dispositions(read_dispositions([earlier, now]), now)
    assert with_dispositions(FINDINGS, read_dispositions([now]))["disposition"].tolist() == [None, "closed"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("finding_id,status\na,confirmed\n", "decided_at"),
        (",".join(COLUMNS) + "\n2021-01-05,x,a,maybe,,,,\n", "confirmed"),
    ],
)
def test_a_ledger_that_is_none_is_refused_with_file_and_line(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "dispositions.csv").write_text(content, encoding="utf-8")
    with pytest.raises(AuditError) as refused:
        read_dispositions([tmp_path])
    assert "dispositions.csv" in refused.value.into("en")
    assert said in refused.value.into("en")
