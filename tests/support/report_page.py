"""One county's results and its page: fixtures of the rooms that look at them, which their conftest.py takes from here."""

from __future__ import annotations

import pytest
from page_text import TITLE
from results_fixture import executed_notebook, results, shown

from auditlib.findings.results import Results
from auditlib.page import render


@pytest.fixture(scope="session")
def county() -> Results:
    return results()


@pytest.fixture(scope="session")
def page(county: Results, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("report")
    notebook = executed_notebook(county, folder / "self_check.ipynb", shown("printed 990122201003070017"))
    render(notebook, folder / "report.html", language="zh", title=TITLE)
    return (folder / "report.html").read_text(encoding="utf-8")
