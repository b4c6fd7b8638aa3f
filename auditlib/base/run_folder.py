"""What a run is: which files make it, of which run each is, and whether the folder may be read. One owner, one wording.

Every file that is shown carries the run's number: manifest, findings, page, notebook. The number is a digest of all that
was found, the same for the same facts; files of two numbers are a mixture and are refused.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import auditlib
from auditlib.base.errors import AuditError, Problem
from auditlib.base.files import complete_switch, is_being_written, workbooks
from auditlib.base.language import Text

FINDINGS, MANIFEST, TABLES, REPORT = "findings.parquet", "manifest.json", "tables", "report.html"
VERSION_FILE, TREND = "version.json", "trend.json"
ANSWER = f"{TABLES}/answer.kept"
"""What a self-check came to before anybody decided on its findings."""
PAGES = (REPORT, "self_check.ipynb"), (REPORT, "recheck.ipynb"), ("trend.html", "trend.ipynb")
OF_SELF_CHECK, OF_RECHECK, OF_TREND = PAGES
"""Page and executed notebook of each programme: taken away where a run brings findings and no page of its own."""
RUN_FILES = (FINDINGS, MANIFEST, "findings.xlsx", "ingest.json", REPORT)
NUMBER, FORMS, CONCLUSION = "run", "forms", "conclusion"
IN_FINDINGS = b"auditlib.run"
IN_PAGE = re.compile(r'<meta name="auditlib-run" content="([0-9a-f]*)">')
DIGITS = 12
HEAD = 20_000  # characters of a page within which its number stands

NONE, COMPLETE, OLDER, BEING_WRITTEN = "none", "complete", "older", "being_written"
HALF_WRITTEN, MIXED_STATE, UNREADABLE = "half_written", "mixed", "unreadable"
READABLE = (COMPLETE, OLDER, BEING_WRITTEN)
"""Findings and manifest are there whole, where there is a manifest: while a run is under way, those of the run before."""
LABELS = {
    COMPLETE: Text("完整", "complete"),
    OLDER: Text("旧版程序所写", "by an older version"),
    BEING_WRITTEN: Text("正在写入", "being written"),
    HALF_WRITTEN: Text("不完整", "half-written"),
    MIXED_STATE: Text("混有两次运行的文件", "files of two runs"),
    UNREADABLE: Text("无法读取", "unreadable"),
}
"""A word for each state, in a list of runs."""
AGAIN = Text("请重新运行一次自查", "run the self-check again")
REFUSALS: Mapping[str, tuple[Text, Text]] = {
    NONE: (
        Text("这里没有运行结果", "there is no run here"),
        Text("请选择自查的输出文件夹（output_dir）", "choose the output folder (output_dir) of a self-check"),
    ),
    OLDER: (
        Text("这次运行由旧版程序写出，没有可供查看的表", "an older version wrote this run; its tables are not there to be looked at"),
        Text("请用现在的程序重新运行一次自查", "run the self-check again with this version"),
    ),
    BEING_WRITTEN: (
        Text("这次运行正在写入", "this run is being written"),
        Text("等运行结束后再打开", "open it when the run is done"),
    ),
    HALF_WRITTEN: (Text("这次运行的文件不完整或已损坏", "the files of this run are incomplete or damaged"), AGAIN),
    MIXED_STATE: (Text("文件夹里混有两次运行的文件", "the folder holds files of two runs"), AGAIN),
    UNREADABLE: (
        Text("这次运行的底稿清单 manifest.json 无法读取", "the run's manifest.json cannot be read"),
        Text("请从备份恢复 manifest.json，或重新运行一次自查", "restore manifest.json from a copy, or run the self-check again"),
    ),
}  # fmt: skip
"""Why a run in such a state cannot be read, and what to do."""


def refusal_of_run(state: str, folder: Path, language: str = "zh") -> AuditError:
    """A run that cannot be read, for the inspector."""
    what, remedy = REFUSALS[state]
    return AuditError(Problem(what, Text(folder.name, folder.name), remedy), language)


def state_of(folder: Path) -> str:
    """In which state the run in ``folder`` is; a switch that was broken off is completed first.

    While a run is under way the files of the run before it stand whole: ``being_written`` with findings and manifest
    may be looked at.
    """
    try:
        complete_switch(folder)
    except AuditError:
        return BEING_WRITTEN if is_being_written(folder) else HALF_WRITTEN
    if not ((folder / FINDINGS).is_file() and (folder / MANIFEST).is_file()):
        return _without_files(folder)
    manifest = read_manifest(folder)
    if manifest is None:
        return UNREADABLE
    if is_mixed(folder, manifest):
        return MIXED_STATE
    return BEING_WRITTEN if is_being_written(folder) else _age(folder, manifest)


def time_of_answer(folder: Path) -> int | None:
    """When the answer was made that stands in ``folder``; None where none stands."""
    file = folder / ANSWER
    return file.stat().st_mtime_ns if file.is_file() else None


def _without_files(folder: Path) -> str:
    if is_being_written(folder):
        return BEING_WRITTEN
    return HALF_WRITTEN if any((folder / name).exists() for name in RUN_FILES) else NONE


def _age(folder: Path, manifest: Mapping[str, Any]) -> str:
    """A self-check of this version leaves its tables, too, for the panels that look behind the findings."""
    lacks_tables = "county_code" in (manifest.get("parameters") or {}) and not (folder / TABLES).is_dir()
    return OLDER if lacks_tables or manifest.get("auditlib") != auditlib.__version__ else COMPLETE


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """The run's manifest; None where it is missing or is none."""
    return read_mapping(folder / MANIFEST)


def whole_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a run whose findings may be read. Raises AuditError where they may not."""
    state, manifest = state_of(folder), read_manifest(folder)
    if state not in READABLE or manifest is None:
        raise refusal_of_run(state, folder)
    return manifest


def read_mapping(file: Path) -> dict[str, Any] | None:
    """What a JSON file holds; None where it is missing or holds no mapping."""
    try:
        content = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) else None


def is_mixed(folder: Path, manifest: Mapping[str, Any]) -> bool:
    """Is some file that carries a run's number of another run than ``manifest``? A run of an older version has none."""
    number = str(manifest.get(NUMBER, ""))
    numbers = [_number_in_findings(folder / FINDINGS), _number_in_page(folder / REPORT)]
    return any(other is not None and other != number for other in numbers)


def _number_in_findings(file: Path) -> str | None:
    """None where the file cannot be read: that is told where it is read whole."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        metadata = pq.read_schema(file).metadata or {}
    except (OSError, pa.ArrowException):
        return None
    return str((metadata.get(IN_FINDINGS) or b"").decode())


def _number_in_page(file: Path) -> str | None:
    try:
        with file.open(encoding="utf-8", errors="replace") as page:
            match = IN_PAGE.search(page.read(HEAD))
    except OSError:
        return None
    return match.group(1) if match else ""


def with_number(manifest: Mapping[str, Any], *content: bytes, secret: bytes = b"") -> dict[str, Any]:
    """``manifest`` with the run's number: a digest of it and of ``content``.

    Keyed with ``secret`` where ``content`` names persons, so that no number of theirs can be tried out against it.
    """
    manifest_bytes = json.dumps(dict(manifest), ensure_ascii=False, sort_keys=True, default=str).encode()
    digest = hmac.new(secret, manifest_bytes, hashlib.sha256)
    for part in content:
        digest.update(part)
    return {NUMBER: digest.hexdigest()[:DIGITS], **manifest}


def number_of(folder: Path) -> str:
    """The number in a programme's manifest in ``folder``; empty where there is none."""
    manifest = read_mapping(folder / MANIFEST) or read_mapping(folder / TREND) or {}
    return str(manifest.get(NUMBER, ""))


def forms(into: Path) -> dict[str, str]:
    """The workbooks in ``into`` as they are handed out: what a manifest keeps, to see later whether one was filled in."""
    return workbooks(into)


def own_forms(folder: Path) -> frozenset[str]:
    """Digests of the workbooks in ``folder`` as the run wrote them."""
    places = (folder / TABLES / VERSION_FILE, folder / MANIFEST, folder / TREND)
    form_digests = [
        content[FORMS]
        for file in places
        if isinstance((content := read_mapping(file) or {}).get(FORMS), dict)
    ]
    return frozenset(str(digest) for digests in form_digests for digest in digests.values())
