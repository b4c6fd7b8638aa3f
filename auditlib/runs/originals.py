"""A row as it stands in the file that was delivered, with all its columns: what a finding rests on, rejected, doubtful.

Nothing of it is kept in the run: the file itself is opened again, and only where it is still the one that was read.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from auditlib.base.errors import AuditError, Problem
from auditlib.base.language import Text
from auditlib.base.masking import scrub
from auditlib.base.run_folder import TABLES as FOLDER
from auditlib.ingest.files.find import list_folder
from auditlib.ingest.files.grids import Grid
from auditlib.ingest.files.opening import open_grids, read_bytes
from auditlib.ingest.files.unreadable import UnreadableFile
from auditlib.ingest.headers.layout import header_texts
from auditlib.ingest.headers.overlooked import letter_of

INGEST, PLACE = "ingest.json", "data-folder.txt"
OPEN_AT_ONCE = 3  # files whose sheets are held
NO_FOLDER = (
    Text("找不到报送资料的文件夹，不能显示原始行", "the folder of the delivered files is not there, so no row can be shown"),
    Text("文件夹移动过的，请在“数据”页上方填写它现在的位置", "if it was moved, write where it is now at the top of the page of data"),
)  # fmt: skip
NO_FILE = (
    Text("资料文件夹里没有这个文件", "the folder of the delivered files does not hold this file"),
    Text("请把它放回原处，或在“数据”页上方填写资料文件夹现在的位置", "put it back, or write at the top of the page of data where the folder is now"),
)  # fmt: skip
ALTERED_TEXTS = (
    Text("这个文件在运行之后改过，行号可能已经不同，不显示", "this file was changed after the run; its rows may have moved, so none is shown"),
    Text("用改过的文件重新运行一次自查，或放回运行时的文件", "run the self-check again with the new file, or put the old one back"),
)  # fmt: skip
NO_ROW = (
    Text("文件里没有这一行", "the file has no such row"),
    Text("请重新运行一次自查", "run the self-check again"),
)
NO_ACCOUNT = (
    Text("这次运行没有读入情况（ingest.json）", "this run has no account of what was read (ingest.json)"),
    Text("请重新运行一次自查", "run the self-check again"),
)


@dataclass(frozen=True)
class Original:
    """One row of a file. ``heads`` and ``cells`` column by column; ``columns``: what each was columns for, empty for nothing."""

    table: str
    source: str
    heads: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[str, ...]


def keep_place(tables: Path, data: Path, output: Path) -> None:
    """Beside the run's tables: the way from the run to the files, so that it holds where both are moved together."""
    try:
        way = Path(os.path.relpath(data.resolve(), output.resolve()))
    except ValueError:  # another drive
        way = data.resolve()
    (tables / PLACE).write_text(way.as_posix(), "utf-8", newline="\n")


def data_folder(run: Path) -> Path | None:
    """Where the files of ``run`` lay; None where it does not say, or they are gone."""
    try:
        way = (run / FOLDER / PLACE).read_text("utf-8").strip()
    except (OSError, UnicodeError):
        return None
    folder = Path(os.path.normpath(run.resolve() / way)) if way else None
    return folder if folder and folder.is_dir() else None


def account(run: Path) -> Mapping[str, Any]:
    """What ingest.json says. Raises AuditError where it is not there."""
    try:
        record: Mapping[str, Any] = json.loads((run / INGEST).read_text("utf-8"))
        return {"files": record["files"], "sheets": record["sheets"]}
    except (OSError, ValueError, KeyError, TypeError):
        raise _refusal(NO_ACCOUNT, INGEST) from None


def _refusal(problem: tuple[Text, Text], place: str) -> AuditError:
    return AuditError(Problem(problem[0], Text(scrub(place), scrub(place)), problem[1]))


class Originals:
    """The files of one run, opened as they are asked for; ``data``: where they lie."""

    def __init__(self, run: Path, data: Path | None):
        """Raises AuditError where the folder is not there, or the run says nothing of its files."""
        if data is None or not data.is_dir():
            raise _refusal(NO_FOLDER, data.name if data else run.name)
        self.reports: Sequence[Mapping[str, Any]] = account(run)["files"]
        self._paths = list_folder(data).files
        self._opened: dict[str, list[Grid]] = {}

    def rows(self, table: str, sources: Sequence[str]) -> Iterator[Original]:
        """The rows at these addresses (``file!sheet!row``). Raises AuditError for one that cannot be shown."""
        for source in sources:
            file, sheet, number = self._parts(source)
            grid = self._grid(file, sheet)
            if number not in grid.numbers:
                raise _refusal(NO_ROW, source)
            yield _original(table, source, grid, grid.numbers.index(number), self._report(table, file, sheet))

    def _parts(self, source: str) -> tuple[str, str, int]:
        """File, sheet and row of an address; a file's or sheet's name may hold a ``!`` itself: the longest file counts."""
        place, _mark, label = source.rpartition("!")
        number = label.partition(".")[0]  # 12.2 is the second of several persons in row 12
        addresses = [
            (at, name)
            for name in self._paths
            for at in {name, scrub(name)}
            if f"{place}!".startswith(f"{at}!")
        ]
        if not addresses or not number.isdigit():
            raise _refusal(NO_FILE, source)
        at, file = max(addresses, key=lambda pair: len(pair[0]))
        return file, place[len(at) + 1 :], int(number)

    def _grid(self, file: str, sheet: str) -> Grid:
        match = next((grid for grid in self._sheets(file) if sheet in (grid.name, scrub(grid.name))), None)
        if match is None:
            raise _refusal(NO_ROW, f"{file}!{sheet}")
        return match

    def _sheets(self, file: str) -> list[Grid]:
        if file not in self._opened:
            try:
                content, digest = read_bytes(self._paths[file])
                if digest not in {report["sha256"] for report in self.reports}:
                    raise _refusal(ALTERED_TEXTS, file)
                grids, _encoding = open_grids(content)
            except UnreadableFile as error:
                raise AuditError(error.at(file)) from error
            self._opened = dict(list(self._opened.items())[1 - OPEN_AT_ONCE :])
            self._opened[file] = grids
        return self._opened[file]

    def _report(self, table: str, file: str, sheet: str) -> Mapping[str, Any]:
        """How the sheet was read for ``table``: its header's rows, and header by column."""
        mine = (
            report for report in self.reports if (report["file"], report["table"]) == (scrub(file), table)
        )
        sheets = (each for report in mine for each in report["sheets"] if each["name"] == scrub(sheet))
        return next(sheets, {"header_rows": (), "columns": {}})


def _original(table: str, source: str, grid: Grid, position: int, report: Mapping[str, Any]) -> Original:
    heads = _heads(grid, report)
    columns = {header: column for column, header in report["columns"].items()}
    names = [heads.get(at, "") for at in range(len(grid.columns))]
    return Original(
        table,
        source,
        tuple(name or letter_of(grid.left + at) for at, name in enumerate(names)),
        tuple(columns.get(scrub(name), "") for name in names),
        tuple(cell or "" for cell in grid.row(position)),
    )


def _heads(grid: Grid, report: Mapping[str, Any]) -> dict[int, str]:
    """The headers by position, of so many of the header's lines as name most columns: the last may be units alone."""
    numbers, headers = (
        [n for n in report["header_rows"] if n in grid.numbers],
        set(report["columns"].values()),
    )
    rows = tuple(grid.numbers.index(number) for number in numbers)
    header_attempts = [header_texts(grid, rows[:last]) for last in range(len(rows), 0, -1)]
    return max(header_attempts, key=lambda heads: len(headers & set(map(scrub, heads.values()))), default={})
