"""Letters by town: sent, answered, open, aided, fallback; the ledger and the report tell the same figures."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import plain_county
from results_fixture import results

from auditlib.findings.letters import COUNTS, letters_by_town
from auditlib.findings.whereabouts import whereabouts
from auditlib.forms.ledgers.books import LETTERS
from auditlib.forms.ledgers.form import write_form
from auditlib.report import whereabouts as section

AWAY = {"enrolment": None, "payments": None, "applications": None}
OF_CHILDREN = [
    {"town": "青山镇"},
    {"town": "青山镇", "replied_on": "", "aided": ""},
    {"town": "青山镇", "aided": "否", "fallback_amount": "250"},
    {"town": "白水乡", "aided": "否", "fallback_amount": "312.5"},
    {"town": "白水乡", "sent_on": "", "replied_on": "", "aided": ""},
    {"town": "白水乡", "sent_on": "", "replied_on": ""},  # aided there: so it was sent and answered
]
BY_TOWN = {"青山镇": (3, 0, 3, 2, 1, 1, 1, 1), "白水乡": (3, 1, 2, 2, 0, 1, 1, 1)}


def test_each_letter_is_counted_in_its_town_and_parts_make_their_whole(tmp_path: Path) -> None:
    counties = [plain_county.overlaid(at, AWAY | {"letters": row}) for at, row in enumerate(OF_CHILDREN, 1)]
    enrolled = plain_county.overlaid(9, {})
    engine, audit = plain_county.audited(plain_county.together([*counties, enrolled]))
    towns = letters_by_town(engine, audit).set_index("town")
    assert {town: tuple(int(n) for n in towns.loc[town, list(COUNTS)]) for town in towns.index} == BY_TOWN
    assert sum(towns["fallback_yuan"]) == Decimal("562.50")
    assert (towns["letters"] == towns["sent"] + towns["not_sent"]).all()
    assert (towns["sent"] == towns["answered"] + towns["open"]).all()

    county_results = replace(results("zh"), whereabouts=whereabouts(engine, audit))
    assert "已发函 5（已回函 4，未回函 1），未发函 1" in str(section(county_results).body)
    write_form(LETTERS, towns.reset_index(), tmp_path / LETTERS.file, "", "zh")
    sheet = openpyxl.load_workbook(tmp_path / LETTERS.file).active
    assert sorted(row[3].value for row in sheet.iter_rows(min_row=3)) == [2, 3, 5]  # and their sum
