"""What the last ingest said, as the desk shows it: a light a sheet, spellings to be told, problems with where they belong."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from auditlib.base.run_folder import read_mapping
from auditlib.ingest.messages import at_desk

_EXPECTED_COLUMNS = {
    "enrolment": ("boarding",),
    "payments": ("id_number", "pay_date"),
    "applications": ("posted_from", "approved_on"),
    "letters": ("sent_on", "aided"),
    "dropouts": ("notice_on", "returned_on"),
}
_PLAIN = re.compile(
    "^(?:序号|编号|学号|备注|说明|民族|关系|等级|档次|原因)$|年级|班级|班次|电话|手机|联系|住址|地址|户口|标准|签[名字]|监护人|家长|户主|第[一二]|开户行|银行名称|残疾|等[级次]|证件类型"
)  # what no rule stands on
GREEN, AMBER, RED = "good", "amber", "lost"


@dataclass(frozen=True)
class UnknownSpelling:
    """A spelling of a coded value to be told: where it stands first and in how many rows; without ``word`` it is not shown."""

    kind: str
    word: str
    rows: int
    places: tuple[tuple[str, str, str], ...]  # table, column, first address


@dataclass(frozen=True)
class IngestCheck:
    """An ``ingest.json``."""

    content: Mapping[str, Any]

    @property
    def problems(self) -> list[str]:
        """Everything that stops the run, three lines each; what to do, by the desk."""
        return [at_desk.without_by_hand(str(text)) for text in self.content.get("problems", [])]

    @property
    def is_sound(self) -> bool:
        """Does nothing stop the run?"""
        return not self.problems

    @property
    def sheets(self) -> list[Mapping[str, Any]]:
        """How each sheet was understood (:class:`auditlib.ingest.accounts.sheet_account.SheetAccount`)."""
        return list(self.content.get("sheets", []))

    def sheet(self, table: str, file: str, sheet: str) -> Mapping[str, Any] | None:
        """The account of one sheet, None where the ingest has not read it for this table."""
        key = (table, file, sheet)
        return next((one for one in self.sheets if (one["table"], one["file"], one["sheet"]) == key), None)

    def unknown_spellings(self) -> list[UnknownSpelling]:
        """Those of one list of codes together, whichever table they stand in; those of most rows first."""
        merged_spellings: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
        for one in self.content.get("unknown_values", []):
            merged_spellings.setdefault((one["kind"], one["word"]), []).append(one)
        spellings = [_merge(kind, word, parts) for (kind, word), parts in merged_spellings.items()]
        return sorted(spellings, key=lambda one: (not one.word, -one.rows, one.kind, one.word))

    @property
    def of_other_terms(self) -> list[str]:
        """The lists of payments that hold none of the run's term."""
        return [str(table) for table in self.content.get("of_other_terms", [])]

    def of_file(self, file: str, sheet: str = "") -> list[str]:
        """The problems that name this file (and sheet, where it is named)."""
        own = [text for text in self.problems if file in text]
        return [text for text in own if not sheet or f"{file} › {sheet}" in text or f"{file} › " not in text]

    def could_not_read(self, sheet: Mapping[str, Any]) -> bool:
        """Does a problem keep the whole sheet from being read? Then nothing is known of its rows and their spellings."""
        return not sheet.get("rows", 1) and bool(self.of_file(sheet["file"], sheet["sheet"]))

    def elsewhere(self) -> list[str]:
        """The problems that name no file."""
        files = {str(one["file"]) for one in self.sheets} | {
            str(one["file"]) for one in self.content.get("files", [])
        }
        return [text for text in self.problems if not any(file in text for file in files)]

    def light(self, table: str, file: str, sheet: str) -> str:
        """Green: read and nothing wrong; amber: a column looks needed, rows were refused or none was used; red: it stops the run."""
        if self.of_file(file, sheet):
            return RED
        account = self.sheet(table, file, sheet)
        if account is None:
            return AMBER
        doubts = (
            account["rejected"]
            or not account["used"]
            or any(column["unread"] for column in account["columns"])
        )
        likenesses = any(one["looks_like"] for one in account["unused"])
        return AMBER if doubts or likenesses or self.not_read(table, file, sheet) else GREEN

    def not_read(self, table: str, file: str, sheet: str) -> list[str]:
        """Columns that rules stand on and that the sheet does not give, while it has columns that nobody read; without such a column
        those that no sheet of the table gives."""
        account = self.sheet(table, file, sheet) or {}
        if not account.get("used"):
            return []
        is_plain = all(_PLAIN.search(str(one["header"])) for one in account.get("unused", []))
        of_table = [one for one in self.sheets if one["table"] == table and one["used"]]
        given = set().union(*map(_given_columns, of_table if is_plain else [account]))
        return [name for name in _EXPECTED_COLUMNS.get(table, ()) if name not in given]

    def lost_columns(self, table: str, file: str, sheet: str, share: float) -> set[str]:
        """Headers of used columns more of whose cells than ``share`` could not be read."""
        account = self.sheet(table, file, sheet) or {}
        return {
            str(column["header"])
            for column in account.get("columns", [])
            if column["cells"] and column["unread"] > share * column["cells"]
        }

    def likenesses(self, table: str, file: str, sheet: str) -> dict[str, str]:
        """Header of an unused column -> the column that it looks like."""
        account = self.sheet(table, file, sheet) or {}
        return {
            str(one["header"]): str(one["looks_like"])
            for one in account.get("unused", [])
            if one["looks_like"]
        }


def _given_columns(account: Mapping[str, Any]) -> set[str]:
    return {str(one["column"]) for one in account.get("columns", [])} | {*account.get("constants", {})}


def _merge(kind: str, word: str, parts: Sequence[Mapping[str, Any]]) -> UnknownSpelling:
    places = tuple((str(one["table"]), str(one["column"]), str(one["first"])) for one in parts)
    return UnknownSpelling(kind, word, sum(int(one["rows"]) for one in parts), places)


def read_check(file: Path) -> IngestCheck | None:
    """The check that was written into ``file``; None where there is none."""
    content = read_mapping(file)
    return None if content is None else IngestCheck(content)
