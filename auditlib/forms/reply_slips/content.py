"""What stands on a slip: what is known, from which file and row, on what basis, what is asked and by when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from auditlib.base.language import Text
from auditlib.forms.worklist.columns import OTHER
from auditlib.forms.worklist.sheets import listed_rows
from auditlib.page.markup import NOTHING, is_missing, term, yuan
from auditlib.rules import RULES
from auditlib.tables.findings import masked, of_kind, title_in_yuan

TITLE = Text("学生资助疑点核实回执", "Student aid: reply slip on a finding")
ASKED_TEXT = Text(
    "请对照原始材料核实，听取学生和家长说明，于 {by} 前填写回执并附材料。",
    "Please check this against the records, hear the pupil and the family, and send the slip back with evidence by {by}.",
)
NOT_A_VERDICT = Text(
    "这是一条疑点，核实以前不是结论。", "This is a suspicion; until it has been verified it is no verdict."
)
FULL = Text(
    "含未遮盖的个人信息，仅供经授权的工作人员使用；不得转发、公示或上传，用毕按规定保管或销毁。",
    "Holds personal data unmasked, for the authorised only. Do not forward, post or upload it; keep or destroy it as the rules require.",
)
HIDDEN_TEXT = Text(
    "姓名和证号已遮盖；需要核对本人的，请凭编号向发出单位查询。",
    "Names and numbers are masked; ask the sender by the slip's number whom it is about.",
)
FACTS = {
    name: title_in_yuan(name.removesuffix("_title"))
    for name in (
        "name", "id_number", "student_no", "school_name", "classes", "town", "scheme_title", "amount_due", "amount_paid",
        "at_stake", "responsible",
    )
}  # fmt: skip
AMOUNTS = of_kind("amount")
OF_ROWS = ("classes", "responsible")  # what the rows of a finding tell, where they were asked


@dataclass(frozen=True)
class Slip:
    """One finding as it is put to a school; every text in the reader's language, masked or in full.

    ``number``: the finding's (:mod:`auditlib.findings.finding_numbers`), by which the slip finds its way back.
    """

    number: str
    to: str
    rule: str
    message: str
    facts: Mapping[str, str]
    sources: tuple[str, ...]
    criterion: str
    basis: str
    innocent: tuple[str, ...]


def slips(
    findings: pd.DataFrame, *, language: str, full: bool, schemes: Mapping[str, str] | None = None
) -> list[Slip]:
    """A slip a finding, by school, missed children first; ``full``: names and numbers as they are.

    ``findings`` has the columns of contract 6, ``number`` and, where known, OF_ROWS; ``schemes`` the titles of the schemes.
    """
    with_persons = findings.assign(**{name: "" for name in OF_ROWS if name not in findings})
    worded_findings = listed_rows(with_persons if full else masked(with_persons), language, schemes or {})
    all_slips = [_slip(row, language) for row in worded_findings.to_dict("records")]
    return sorted(all_slips, key=lambda slip: (slip.to == OTHER.into(language), slip.to))


def _slip(row: Mapping[str, Any], language: str) -> Slip:
    rule = RULES.get(str(row["rule"]))
    return Slip(
        number=str(row["number"]),
        to=_text_of(row["school_name"]) or _text_of(row["town"]) or OTHER.into(language),
        rule=str(row["rule_title"]),
        message=_text_of(row["message"]),
        facts={name: _fact(name, row[name]) for name in FACTS},
        sources=tuple(line for line in str(row["sources"]).split("\n") if line),
        criterion=rule.criterion.into(language) if rule else "",
        basis=_text_of(row["policy_ref"]),
        innocent=tuple(text.into(language) for text in rule.innocent) if rule else (),
    )


def _text_of(value: Any) -> str:
    return "" if is_missing(value) else str(value).strip()


def _fact(name: str, value: Any) -> str:
    if is_missing(value) or value == "":
        return NOTHING
    return yuan(value) if name in AMOUNTS else str(value)


def request_text(by: dt.date, language: str) -> str:
    """What the school is asked to do, and by when."""
    return ASKED_TEXT.fill(by=by.isoformat()).into(language)


def heading(parameters: Mapping[str, Any], language: str) -> str:
    """County and term."""
    return f"{parameters.get('county_name', '')} {term(parameters.get('term', ''), language)}".strip()
