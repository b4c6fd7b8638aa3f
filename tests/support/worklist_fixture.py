"""A working list written and opened."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
from results_fixture import results

from auditlib.forms.worklist import write_worklist


def write(path: Path, county_findings: pd.DataFrame, language: str = "zh") -> Path:
    write_worklist(county_findings, path, parameters=results().parameters, language=language)
    return path


def opened(path: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(path)


def columns(sheet: Any) -> dict[str, int]:
    return {cell.value: cell.column for cell in sheet[1]}
