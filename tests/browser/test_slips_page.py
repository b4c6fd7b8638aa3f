"""Reply slips on paper: two on a sheet of A4, a school's on sheets of its own, with room to write."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from playwright.sync_api import Page
from results_fixture import findings, results

from auditlib.findings.finding_numbers import numbered_rows
from auditlib.forms.reply_slips import slips, slips_page

MILLIMETRES = 25.4 / 96
BETWEEN_MARGINS, HALF = 688, 140.6  # pixels across; millimetres of half a sheet
COUNTS = {"missed.unpaid": 5, "duplicate.same_scheme": 3}
HEIGHTS = "all => all.map(each => each.getBoundingClientRect().height)"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_two_slips_stand_on_a_sheet_and_can_be_written_on(
    language: str, alone: Callable[..., AbstractContextManager[Page]], tmp_path: Path
) -> None:
    slip_list = slips(numbered_rows(findings(counts=COUNTS), b"s" * 32), language=language, full=True)
    by, parameters = dt.date(2021, 3, 15), results().parameters
    html = slips_page(slip_list, parameters=parameters, by=by, full=True, language=language)
    (tmp_path / "slips.html").write_text(html, "utf-8")
    with alone(tmp_path / "slips.html", BETWEEN_MARGINS) as page:
        page.emulate_media(media="print")
        heights = page.locator("article").evaluate_all(HEIGHTS)
        assert max(heights) * MILLIMETRES < HALF
        blanks = page.locator(".answer td").evaluate_all(HEIGHTS)
        assert min(blanks) * MILLIMETRES > 8.9
        schools = [slip.to for slip in slip_list]
        sheets = sum(-(-schools.count(school) // 2) for school in set(schools))
        assert len(re.findall(rb"/Type /Page\b", page.pdf(prefer_css_page_size=True))) == sheets
