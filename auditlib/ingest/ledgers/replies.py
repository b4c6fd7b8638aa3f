"""What came back to a letter, as ledgers write it: the answer beside its day (回执: 10月25日 已资助), a sum behind the answer (已资助625元),
the fallback in words (已兜底625元)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from auditlib.ingest.files.cells import CellsByColumn, ColumnCells, bare
from auditlib.ingest.ledgers.days import DAY
from auditlib.tables.vocabulary import spelling

_SUM = re.compile(r"[,:(]?(?:金额)?[:]?[0-9][0-9,]*(?:\.[0-9]+)?元\)?$")
_FALLBACK = re.compile(
    r"(?:县级|本县|已|由县|县)*兜底(?:发放|资助)?[:]?(?P<sum>[0-9][0-9,]*(?:\.[0-9]+)?)元?"
)


def with_replies(cells: CellsByColumn, yes_no: Mapping[str, str], *, has_answers: bool) -> CellsByColumn:
    """``cells`` of letters; ``has_answers``: the column of days of reply is one of whole replies."""
    cells = _with_answers(cells, yes_no) if has_answers else cells
    if "aided" in cells:
        cells = {**cells, "aided": [_without_sum(cell, yes_no) for cell in cells["aided"]]}
    if "fallback_amount" in cells:
        cells = {**cells, "fallback_amount": _sums(cells["fallback_amount"])}
    return cells


def _without_sum(cell: str | None, yes_no: Mapping[str, str]) -> str | None:
    answer = _SUM.sub("", bare(cell))
    return answer if cell and spelling(answer) in yes_no else cell


def _sums(column: ColumnCells) -> ColumnCells:
    matches = [_FALLBACK.fullmatch(bare(cell)) if cell else None for cell in column]
    return [match["sum"] if match else cell for match, cell in zip(matches, column, strict=True)]


def _both_answers(own: str | None, answer: str, yes_no: Mapping[str, str]) -> str | None:
    """What two columns answer; where one says yes and the other no, both, which nobody knows and is asked about."""
    codes = {yes_no.get(spelling(text)) for text in (own or "", answer)} & {"yes", "no"}
    return f"{own}；{answer}" if own and len(codes) > 1 else own or answer or None


def _with_answers(cells: CellsByColumn, yes_no: Mapping[str, str]) -> CellsByColumn:
    """A column of replies (回执: 2024.10.25 已资助) as the day and the answer; without a day in any
    cell it is of answers alone."""
    texts = [bare(cell) for cell in cells["replied_on"]]
    answers = [DAY.sub("", text).strip("、,;:()") for text in texts]
    are_known = [answer == "" or spelling(answer) in yes_no for answer in answers]
    days = [
        match[0] if (match := DAY.search(text)) else None if is_known else text or None
        for text, is_known in zip(texts, are_known, strict=True)
    ]
    rest = {name: column for name, column in cells.items() if name != "replied_on"}
    if any(answers):
        beside = cells.get("aided") or [None] * len(answers)
        rest["aided"] = [
            _both_answers(own, answer, yes_no) for own, answer in zip(beside, answers, strict=True)
        ]
    return {**rest, "replied_on": days} if any(map(DAY.search, texts)) else rest
