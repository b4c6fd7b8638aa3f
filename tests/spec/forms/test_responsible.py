"""Who is responsible stands on lists and slips wherever a file names them: class teacher, head, deputy, township."""

from __future__ import annotations

import pandas as pd
import plain_county
import pytest
from plain_county import Checked

from auditlib.base.masking import masked_person
from auditlib.findings.particulars import particulars
from auditlib.forms.reply_slips.content import slips
from auditlib.linkage.ledgers import NAMED_TABLES

FINDINGS_TOLD = {"finding_id": "string", "school_name": "string", "records": "array<string>"}
UNPAID = {
    "enrolment": {"class_teacher": "样班主任"},
    "eligibility": {"officer": "样干部"},
    "schools": {"head": "样校长", "deputy": "样副校长"},
    "payments": None,
}


@pytest.fixture(scope="module")
def county() -> Checked:
    rows = [UNPAID, {"payments": None}, {}]
    return plain_county.check(
        plain_county.together([plain_county.overlaid(at, r) for at, r in enumerate(rows, 1)])
    )


def responsible_rows(county: Checked, language: str) -> pd.DataFrame:
    """The findings of children who were not paid, with what their rows tell; the one whose files name somebody first."""
    rows = {name: county.audit.rows[name] for name in NAMED_TABLES if name in county.audit.rows}
    engine, audit = county.engine, county.audit
    unpaid = county.findings[county.findings["rule"] == "missed.unpaid"]
    findings = engine.load("of_responsible", unpaid[["finding_id", "school_name", "records"]], FINDINGS_TOLD)
    details = particulars(
        lambda name, build: engine.fetch(build()),
        findings,
        rows,
        audit.pupils,
        language,
        audit.rows["schools"],
    )
    return unpaid.merge(details, on="finding_id", how="left").sort_values("responsible", ascending=False)


@pytest.mark.parametrize(
    ("language", "persons"),
    [
        ("zh", {"班主任：样班主任", "乡镇责任人：样干部", "校长：样校长", "分管领导：样副校长"}),
        ("en", {"Class teacher: 样班主任", "Township's person in charge: 样干部", "Head of the school: 样校长", "Deputy head in charge: 样副校长"}),
    ],
)  # fmt: skip
def test_each_person_that_a_file_names_is_told_once(
    county: Checked, language: str, persons: set[str]
) -> None:
    first, second = responsible_rows(county, language)["responsible"]
    assert set(first.split("、" if language == "zh" else ", ")) == persons
    assert second == ""


def test_a_slip_names_them_in_full_or_masked(county: Checked) -> None:
    rows = responsible_rows(county, "zh").head(1).assign(number="1")
    (full,) = slips(rows, language="zh", full=True)
    (masked,) = slips(rows, language="zh", full=False)
    assert "校长：样校长" in full.facts["responsible"]
    assert "校长：样**" in masked.facts["responsible"] and "样校长" not in masked.facts["responsible"]
    (without,) = slips(rows.drop(columns="responsible"), language="zh", full=True)
    assert without.facts["responsible"] == "—"


def test_masking_keeps_the_role_and_changes_nothing_twice() -> None:
    for role in ("班主任：", "Class teacher: ", ""):
        once = masked_person(f"{role}欧阳娜")
        assert (once, masked_person(once)) == (f"{role}欧**", f"{role}欧**")
