"""Every ledger is read and added to in one way, whatever a spreadsheet has made of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditlib.base.errors import AuditError
from auditlib.base.ledger import Ledger
from auditlib.city.commitments import LEDGER as COMMITMENTS
from auditlib.city.outputs import DRAW_LOG
from auditlib.decisions.decision_ledger import LEDGER as DECISIONS
from auditlib.linkage.judgements import LEDGER as JUDGEMENTS
from auditlib.runs.unmask_log import LOG

LEDGERS = pytest.mark.parametrize(
    "ledger", [DECISIONS, JUDGEMENTS, LOG, DRAW_LOG, COMMITMENTS], ids=lambda ledger: ledger.file
)


def line_of(ledger: Ledger, day: str) -> dict[str, str]:
    """A line that the ledger takes, with a name of no encoding but Chinese ones."""
    line = dict.fromkeys(ledger.columns, "李审")
    if ledger.choice:
        line[ledger.choice] = ledger.choices[0]
    return line | ({ledger.time: day} if ledger.time else {})


@LEDGERS
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gbk"])
def test_a_ledger_that_excel_saved_is_read_and_goes_on_in_its_own_encoding(
    tmp_path: Path, ledger: Ledger, encoding: str
) -> None:
    first, second = line_of(ledger, "2021/1/5 9:05"), line_of(ledger, "2021-01-06T10:00:00")
    (tmp_path / ledger.file).write_bytes(ledger.as_text([first], header=True).encode(encoding))
    ledger.add(tmp_path, second)
    assert "李审" in (tmp_path / ledger.file).read_bytes().decode(encoding).splitlines()[2]
    assert ledger.read(tmp_path) == [line_of(ledger, "2021-01-05T09:05:00"), second]


@LEDGERS
def test_a_line_that_was_cut_off_is_named(tmp_path: Path, ledger: Ledger) -> None:
    ledger.add(tmp_path, line_of(ledger, "2021-01-05"))
    with (tmp_path / ledger.file).open("ab") as file:
        file.write("2021-01-06,李".encode()[:-1])
    with pytest.raises(AuditError) as refusal:
        ledger.read(tmp_path)
    assert f"{ledger.file} › line 3" in refusal.value.into("en") and "cut off" in refusal.value.into("en")


@LEDGERS
def test_other_columns_are_refused_by_those_that_it_has(tmp_path: Path, ledger: Ledger) -> None:
    (tmp_path / ledger.file).write_text("name,day\n李审,2021-01-05\n", "utf-8")
    with pytest.raises(AuditError, match=",".join(ledger.columns)):
        ledger.read(tmp_path)
