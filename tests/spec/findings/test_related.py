"""Several findings of one child say that they belong together, whatever rules they are of."""

from __future__ import annotations

import plain_county

from auditlib.findings.particulars import particulars
from auditlib.linkage.ledgers import NAMED_TABLES

COLUMNS = ("finding_id", "rule", "id_number", "student_no", "school_name", "records")
FIELDS = dict.fromkeys(COLUMNS[:-1], "string") | {"records": "array<string>"}
AWAY = dict.fromkeys(("enrolment", "payments", "applications"))


def test_a_child_certified_by_three_and_in_no_register_is_told_as_one() -> None:
    rows = [AWAY | {"unable": {"certified_civil": ""}}, {"payments": None}, {}]
    county = plain_county.check(
        plain_county.together(
            [plain_county.overlaid(at, cells_laid) for at, cells_laid in enumerate(rows, 1)]
        )
    )
    findings = county.engine.load("of_related", county.findings[list(COLUMNS)], FIELDS)
    tables = {name: county.audit.rows[name] for name in NAMED_TABLES if name in county.audit.rows}
    details = particulars(
        lambda name, build: county.engine.fetch(build()), findings, tables, county.audit.pupils, "zh"
    )
    related_texts = county.findings.merge(details, on="finding_id").set_index("rule")["related"]
    assert related_texts["missed.not_found"] == "未经四部门认定"
    assert related_texts["unable.uncertified"] == "疑似失学"
    assert related_texts["missed.unpaid"] == ""
