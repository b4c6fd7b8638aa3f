"""The registers of a district held against each other: 8136 differences found, and none once they are corrected."""

from __future__ import annotations

import plain_county
import pytest
from plain_county import check_digit, person_name

from auditlib.forms.ledgers.content import corrections
from auditlib.rules import RULES

FOUND_ROWS = 8136  # of Sucheng
SOUND = 40
RULE = "mismatch.register_school"


def _county(printed_rows: str) -> plain_county.County:
    """As many pupils whom the poverty register has as ``printed_rows``, and some whom it has rightly."""
    rows: plain_county.County = {"eligibility": [], "enrolment": []}
    for n in range(FOUND_ROWS + SOUND):
        body = f"990101{2008 + n % 6}{n // 6 % 12 + 1:02d}{n // 72 % 28 + 1:02d}{n % 1000:03d}"
        pupil = {"name": person_name(n, 1), "id_number": body + check_digit(body)}
        school = {
            "school_name": f"第{n % 20}小学",
            "stage": "小学",
            "grade": "三年级",
            "boarding": "住校",
            "status": "在读",
        }
        list_cells = {"category": "建档立卡", "in_school": printed_rows if n < FOUND_ROWS else "小学"}
        rows["enrolment"].append({**pupil, **school, "source": f"enrolment.csv!{n + 2}"})
        rows["eligibility"].append({**pupil, **list_cells, "source": f"eligibility.csv!{n + 2}"})
    return rows


@pytest.mark.parametrize(("printed_rows", "differ"), [("非在校生", FOUND_ROWS), ("小学", 0)])
def test_each_difference_is_found_once_and_none_after_correction(printed_rows: str, differ: int) -> None:
    county = plain_county.check(_county(printed_rows), rules={RULE: RULES[RULE]})
    population = county.population(RULE)
    assert (len(population), int(population["exception"].sum())) == (FOUND_ROWS + SOUND, differ)
    list_cells = corrections(county.engine, county.audit, county.findings)
    assert (len(list_cells), list_cells["id_number"].nunique()) == (differ, differ)
    assert set(list_cells["office"]) <= {"扶贫（乡村振兴）部门"}


def test_each_office_is_told_of_the_register_that_it_keeps() -> None:
    other = {"school_name": "{school_name2}"}
    two = [{"category": "建档立卡"} | other, {"category": "残疾"} | other]
    own = {"of": 2, "category": "其他困难", "school_name": "{school_name}"}
    schools = [{}, {"of": 2}]
    rows = {"eligibility": [*two, own], "schools": schools, "payments": [{"name": "{name2}"}, {"of": 2}]}
    rules = {rule: RULES[rule] for rule in (RULE, "mismatch.identity")}
    county = plain_county.check(plain_county.overlaid(1, rows), rules=rules)
    list_cells = corrections(county.engine, county.audit, county.findings)
    by_office = sorted(zip(list_cells["rule"], list_cells["office"], list_cells["id_number"], strict=True))
    number, number2 = (plain_county.id_number(1, person, plain_county.DEFAULT_BIRTH) for person in (1, 2))
    assert by_office == [
        ("mismatch.identity", "资助发放名单", number),
        (RULE, "学校认定名单", number2),
        (RULE, "扶贫（乡村振兴）部门", number),
        (RULE, "残联", number),
    ]
    assert set(list_cells["addressee"]) == {
        f"{office} 青山镇" for office in ("资助发放名单", "学校认定名单", "扶贫（乡村振兴）部门", "残联")
    }
