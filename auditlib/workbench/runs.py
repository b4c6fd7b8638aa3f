"""The runs of a folder, each with a word for its state: none is hidden because it is old or half-written."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import auditlib
from auditlib.base.errors import AuditError, Problem
from auditlib.base.language import Text
from auditlib.runs.run_tables import FOLDER as TABLES

FINDINGS, MANIFEST, ON_THEIR_WAY = "findings.parquet", "manifest.json", ".incoming-*"
WRITTEN = (FINDINGS, MANIFEST, "findings.xlsx", "ingest.json", "report.html", "dispositions.csv")
STATES = {
    "complete": Text("完整", "complete"),
    "older": Text("旧版程序所写", "by an older version"),
    "being_written": Text("正在写入或写入中断", "being written, or broken off"),
    "half_written": Text("不完整", "half-written"),
    "unreadable": Text("无法读取", "unreadable"),
}
REMEDIES = {
    "being_written": Text(
        "等运行结束后再打开；若没有在运行，请重新运行一次自查",
        "wait until the run is done; if none is under way, run the self-check again",
    ),
    "half_written": Text("请重新运行一次自查", "run the self-check again"),
    "unreadable": Text(
        "请从备份恢复 manifest.json，或重新运行一次自查",
        "restore manifest.json from a copy, or run the self-check again",
    ),
}
TERM = {"spring": Text("{year} 春", "spring {year}"), "autumn": Text("{year} 秋", "autumn {year}")}


@dataclass(frozen=True)
class RunFolder:
    """One run as it lies on the disk; ``place`` is the county or city, ``written_at`` the manifest's last change."""

    folder: Path
    state: str
    place: str = ""
    term: str = ""
    findings: int | None = None
    written_at: dt.datetime | None = None

    @property
    def opens(self) -> bool:
        """The findings are there whole (while a run is being written anew, those of the run before it)."""
        return self.written_at is not None

    def named(self, language: str) -> str:
        """County, term, time, findings and state on one line."""
        count = (
            Text("{n} 条疑点", "{n} findings").fill(n=f"{self.findings:,}")
            if self.findings is not None
            else None
        )
        parts = [
            self.place or self.folder.name,
            spoken_term(self.term, language),
            self.written_at.strftime("%Y-%m-%d %H:%M") if self.written_at else "",
            count.into(language) if count else "",
            STATES[self.state].into(language),
        ]
        return " · ".join(part for part in parts if part)

    def refusal(self) -> AuditError:
        """Why this run cannot be opened, for the inspector."""
        where = Text(self.folder.name, self.folder.name)
        return AuditError(Problem(STATES[self.state], where, REMEDIES[self.state]))


def spoken_term(term: str, language: str) -> str:
    """``2020-autumn`` as ``2020 秋``; what is no term as it stands."""
    year, _dash, season = term.partition("-")
    return TERM[season].fill(year=year).into(language) if season in TERM else term


def list_runs(runs: Path) -> list[RunFolder]:
    """Every folder in ``runs`` that a run has begun to write, those that open first, the newest before the older."""
    folders = [path for path in runs.iterdir() if path.is_dir()] if runs.is_dir() else []
    found = [_look(folder) for folder in folders if _is_run(folder)]
    return sorted(found, key=lambda run: (not run.opens, _newest_first(run), run.folder.name))


def _newest_first(run: RunFolder) -> float:
    return -run.written_at.timestamp() if run.written_at else 0.0


def _is_run(folder: Path) -> bool:
    return any((folder / name).exists() for name in WRITTEN) or any(folder.glob(ON_THEIR_WAY))


def _look(folder: Path) -> RunFolder:
    under_way = any(folder.glob(ON_THEIR_WAY))
    if not ((folder / FINDINGS).is_file() and (folder / MANIFEST).is_file()):
        return RunFolder(folder, "being_written" if under_way else "half_written")
    manifest = read_manifest(folder)
    if manifest is None:
        return RunFolder(folder, "unreadable")
    parameters = manifest.get("parameters") or {}
    return RunFolder(
        folder,
        "being_written" if under_way else _age(folder, manifest),
        str(parameters.get("county_name") or parameters.get("city_name") or ""),
        str(parameters.get("term") or ""),
        _count(manifest.get("findings")),
        dt.datetime.fromtimestamp((folder / MANIFEST).stat().st_mtime),
    )


def _age(folder: Path, manifest: Mapping[str, Any]) -> str:
    """A self-check of this version leaves its tables, too, for the panels that look behind the findings."""
    lacks_tables = "county_code" in (manifest.get("parameters") or {}) and not (folder / TABLES).is_dir()
    return "older" if lacks_tables or manifest.get("auditlib") != auditlib.__version__ else "complete"


def _count(number: Any) -> int | None:
    return number if isinstance(number, int) else None


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """The run's manifest; None where it is missing or is none."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return manifest if isinstance(manifest, dict) else None
