"""Each child without a record stands with what must be on file of it, and what the ledgers lack."""

from __future__ import annotations

import plain_county
import pytest

from auditlib.forms.ledgers.papers import ON_PAPER, without_record
from auditlib.tables.papers_on_file import ON_FILE

GONE_PUPIL = {"enrolment": {"status": "退学", "status_date": "2020-09-07"}}
AWAY = {"enrolment": None, "payments": None}
BLANK = {"notice_on": "", "returned_on": "", "closed_on": ""}
CHILDREN = [
    (GONE_PUPIL | {"dropouts": BLANK}, "out_of_school", "限期复学通知书日期、报告乡镇日期"),
    (GONE_PUPIL | {"dropouts": BLANK | {"notice_on": "2020-09-20", "reported_on": "2020-09-30"}}, "out_of_school", ON_PAPER.zh),
    (GONE_PUPIL, "out_of_school", "未列入劝返、不具备学习条件、送教台账"),
    (GONE_PUPIL | {"unable": {"certified_health": ""}}, "out_of_school", "四部门认定不全"),
    (GONE_PUPIL | {"unable": {}}, "out_of_school", ON_PAPER.zh),
    (GONE_PUPIL | {"enrolment": {"status": "下落不明"}}, "untraced", "未列入劝返、不具备学习条件、送教台账"),
    (AWAY | {"letters": {"replied_on": "", "aided": ""}}, "elsewhere", "回函、就读地是否资助"),
    (AWAY | {"letters": {}}, "elsewhere", ON_PAPER.zh),
    (AWAY, "unaccounted", "学籍、函告、各台账中均无"),
    ({"enrolment": None}, "paid_only", "学籍、函告、各台账中均无"),
    ({"eligibility": None, "payments": None, "enrolment": None, "attendance": {}}, "at_school", ON_PAPER.zh),
    (GONE_PUPIL | {"enrolment": {"status": "转出"}, "eligibility": None}, "moved_away", ON_PAPER.zh),
    ({}, "", ""),
]  # fmt: skip


@pytest.fixture(scope="module")
def papers_by_child() -> dict[str, dict[str, str]]:
    counties = [plain_county.overlaid(at, rows) for at, (rows, _kind, _lacks) in enumerate(CHILDREN, 1)]
    rows = without_record(*plain_county.audited(plain_county.together(counties)))
    return {row["id_number"]: row for row in rows.to_dict("records")}


@pytest.mark.parametrize("at", range(1, len(CHILDREN) + 1))
def test_each_child_is_told_with_its_papers(papers_by_child: dict[str, dict[str, str]], at: int) -> None:
    _rows, kind, lacks = CHILDREN[at - 1]
    row = papers_by_child.get(plain_county.id_number(at, 1, plain_county.DEFAULT_BIRTH))
    if not kind:
        assert row is None
        return
    assert row is not None
    title, papers = (part.zh for part in ON_FILE[kind])
    assert (row["kind"], row["on_file"], row["missing"]) == (title, papers, lacks)
    # Who is on no register of the poor has the town of the school that the roster names.
    assert row["town"] or kind != "at_school"
