"""The figures of what is not certain yet, clicked in a browser."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Page
from results_fixture import executed_notebook, results

from auditlib.page import render

DESK, TITLE = (1366, 900), "青禾县 2020 年秋季学期学生资助县级自查报告"


def test_what_is_not_certain_yet_shows_the_findings_below_the_line_alone(
    alone: Callable[..., AbstractContextManager[Page]], tmp_path: Path
) -> None:
    county = results()
    findings = county.findings.assign(confidence=1.0)
    few = findings.index[(findings["rule"] == "missed.unpaid") & (findings["at_stake"] > 0)][:2]
    findings.loc[few, "confidence"] = 0.06
    unsure = {"owed": findings.loc[few, "at_stake"].sum(), "wrong": 0, "once": 0}
    below_line = replace(
        county, findings=findings, conclusion=dict(county.conclusion) | {"unsure_yuan": unsure}
    )
    notebook = executed_notebook(below_line, tmp_path / "self_check.ipynb")
    render(notebook, tmp_path / "report.html", language="zh", title=TITLE)
    with alone(tmp_path / "report.html", *DESK) as page:
        page.locator("#conclusion a[data-unsure]").first.click()
        assert page.locator("article.rule:visible tbody tr:visible").count() == 2
        assert "符合 2 条" in page.locator(".filters output").inner_text()
        page.locator("#conclusion a[data-rules]:not([data-unsure])").first.click()
        assert page.locator("article.rule:visible tbody tr:visible").count() > 2
