"""The findings of a county and their working list, for all that look at them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from findings_fixture import findings
from worklist_fixture import write


@pytest.fixture(scope="session")
def county_findings() -> pd.DataFrame:
    return findings()


@pytest.fixture(scope="session")
def workbook(county_findings: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("list") / "findings.xlsx", county_findings)


@pytest.fixture
def one_town(tmp_path: Path) -> Path:
    return write(tmp_path / "one.xlsx", findings(counts={"missed.unpaid": 9}).assign(town="青山镇"))
