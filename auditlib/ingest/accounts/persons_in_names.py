"""Files and sheets that are called by a person of the registers: asked to be renamed.

Names of files and sheets stand as they are in messages, in the manifest, and in the address of every row that a report quotes;
a child's name must stand in none of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

import pandas as pd

from auditlib.base.errors import Problem
from auditlib.base.language import Text
from auditlib.base.masking import without_name
from auditlib.cells.kinds import NAME
from auditlib.ingest.deliveries.delivery import Delivery
from auditlib.ingest.files.cells import bare
from auditlib.ingest.messages.problems import Place, series
from auditlib.tables.delivered import TABLES

_CHINESE = re.compile("[\u3400-\u9fff·]{2,}")
_ALONE, _WITHIN = (2, 4), (3, 4)  # characters of a name that is the whole word; of one inside a longer word
_WORDS = re.compile("名册|花名|台账|学校|小学|中学|幼儿|班级|学生|发放|名单|明细|汇总|统计|记录|年级|学期")


def with_persons_hidden(delivery: Delivery, others: Sequence[Problem]) -> list[Problem]:
    """The problems of ``delivery`` and ``others``, in none of them the name of somebody whom a column of names holds; first one with all the
    files and sheets that are called by such a name."""
    labels = _labels(delivery)
    names = names_in_labels(delivery)
    places = [
        _masked(file, sheet, names)
        for (file, sheet), pieces in labels.items()
        if not names.isdisjoint(pieces)
    ]
    problems = [*delivery.problems, *others]
    if not places:
        return problems
    hidden_problems = [
        Problem(*(_without(part, names) for part in (one.what, one.where, one.remedy))) for one in problems
    ]
    return [_problem(list(dict.fromkeys(places))), *hidden_problems]


def names_in_labels(delivery: Delivery) -> frozenset[str]:
    """The names of a column of names by which a file or a sheet of ``delivery`` is called."""
    return _names_met(delivery, {piece for pieces in _labels(delivery).values() for piece in pieces})


def without_names(text: str, names: frozenset[str]) -> str:
    """``text`` with each of ``names`` masked wherever it stands."""
    for name in sorted(names, key=len, reverse=True):
        text = without_name(text, name)
    return text


def _labels(delivery: Delivery) -> dict[tuple[str, str], list[str]]:
    """By file and sheet what may be a name in theirs."""
    return {
        (report.file, sheet.name): [*_pieces(PurePosixPath(report.file).stem), *_pieces(sheet.name)]
        for report in delivery.files
        for sheet in report.sheets
    }


def _pieces(label: str) -> Iterable[str]:
    """What may be a name in a file's or a sheet's name."""
    for word in _CHINESE.findall(bare(label)):
        if _ALONE[0] <= len(word) <= _ALONE[1]:
            yield word
        for length in range(_WITHIN[0], _WITHIN[1] + 1):
            within = (word[at : at + length] for at in range(len(word) - length + 1))
            yield from (piece for piece in within if not _WORDS.search(piece))


def _names_met(delivery: Delivery, pieces: set[str]) -> frozenset[str]:
    """Those of ``pieces`` that stand in a column of names."""
    columns = [
        (table, column.name) for table in TABLES for column in TABLES[table].columns if column.kind is NAME
    ]
    sought_names = sorted(pieces)
    met_rows = [
        frame.loc[frame[column].isin(sought_names), column]
        for table, column in columns
        if (frame := delivery.raw.get(table)) is not None and column in frame
    ]
    return frozenset(pd.concat(met_rows)) if met_rows else frozenset()


def _masked(file: str, sheet: str, names: frozenset[str]) -> Text:
    """The place with its persons hidden."""
    return _without(Place(file, sheet).text(), names)


def _without(text: Text, names: frozenset[str]) -> Text:
    return Text(without_names(text.zh, names), without_names(text.en, names))


def _problem(places: list[Text]) -> Problem:
    return Problem(
        Text(
            "文件名或表名就是名册中的人名；它会原样写进报告、底稿和每一行的出处，遮盖不了",
            "A file or a sheet is called by a person of the registers; the name would stand in the report, the manifest and the address "
            "of every row, where nothing can mask it",
        ),
        Text(series(place.zh for place in places), series((place.en for place in places), "en")),
        Text(
            "把表名改成编号（如 1、2、3）；文件名也改，并把参数文件 sources 中的文件名改过来（工作台：“文件”一步按“重新读文件夹”）",
            "Rename the sheets by numbers (1, 2, 3), the files too, and change their names under sources in the parameter file (at the desk: "
            "press “Read the folder again” in the step Files)",
        ),
    )
