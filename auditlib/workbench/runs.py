"""The runs of a folder, each with a word for its state: none is hidden because it is old or half-written."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from auditlib.base import places
from auditlib.base.errors import AuditError, UsageError
from auditlib.base.language import Text
from auditlib.base.run_folder import LABELS, MANIFEST, NONE, READABLE, read_manifest, refusal_of_run, state_of
from auditlib.base.strict_yaml import read_yaml

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
    is_city: bool = False

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
            LABELS[self.state].into(language),
        ]
        return " · ".join(part for part in parts if part)

    def refusal(self) -> AuditError:
        """Why this run cannot be opened, for the inspector."""
        return refusal_of_run(self.state, self.folder)


def spoken_term(term: str, language: str) -> str:
    """``2020-autumn`` as ``2020 秋``; what is no term as it stands."""
    year, _dash, season = term.partition("-")
    return TERM[season].fill(year=year).into(language) if season in TERM else term


def list_runs(runs: Path) -> list[RunFolder]:
    """Every folder in ``runs`` that a run has begun to write: those that open first, of them the counties' before a city's,
    the newest before the older. Where ``runs`` is the usual folder, those that the parameter files name are among them."""
    folders = {path for path in runs.iterdir() if path.is_dir()} if runs.is_dir() else set()
    if runs.resolve() == places.runs().resolve():
        folders |= outputs_of_parameters()
    run_folders = [_look(folder, state) for folder in folders if (state := state_of(folder)) != NONE]
    return sorted(run_folders, key=_order)


def outputs_of_parameters() -> set[Path]:
    """The output folders that the parameter files name, as far as these can be read and those are there."""
    return {folder for file in _parameter_files() if (folder := _output_of(file))}


def files_writing_into(run: Path) -> list[Path]:
    """The parameter files that name the folder of ``run`` for their results, the newest first."""
    files = [file for file in _parameter_files() if _output_of(file) == run.resolve()]
    return sorted(files, key=lambda file: -file.stat().st_mtime)


def _parameter_files() -> list[Path]:
    return sorted((places.home() / "params").glob("*.yaml"))


def _output_of(file: Path) -> Path | None:
    try:
        output = read_yaml(file).get("output_dir")
    except UsageError:
        return None
    folder = (file.parent / output).resolve() if isinstance(output, str) and output else None
    return folder if folder and folder.is_dir() else None


def titles(runs: Sequence[RunFolder], language: str) -> list[str]:
    """A line a run; of several runs of one county and term each says its folder."""
    alike = Counter((run.place, run.term) for run in runs)
    return [
        f"{run.named(language)} · {run.folder.name}"
        if alike[run.place, run.term] > 1 and run.place
        else run.named(language)
        for run in runs
    ]


def _order(run: RunFolder) -> tuple[bool, bool, float, str]:
    return not run.opens, run.is_city, _newest_first(run), run.folder.name


def _newest_first(run: RunFolder) -> float:
    return -run.written_at.timestamp() if run.written_at else 0.0


def _look(folder: Path, state: str) -> RunFolder:
    manifest = read_manifest(folder)
    if state not in READABLE or manifest is None:
        return RunFolder(folder, state)
    parameters = manifest.get("parameters") or {}
    return RunFolder(
        folder,
        state,
        str(parameters.get("county_name") or parameters.get("city_name") or ""),
        str(parameters.get("term") or ""),
        _count(manifest.get("findings")),
        dt.datetime.fromtimestamp((folder / MANIFEST).stat().st_mtime),
        "city_code" in parameters,
    )


def _count(number: Any) -> int | None:
    return number if isinstance(number, int) else None
