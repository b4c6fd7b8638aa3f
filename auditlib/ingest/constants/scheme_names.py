"""Names of schemes with what says for whom or how much beside them (小学寄宿生补助, 一补(非寄宿生), 国家助学金(二等)): read as the name itself.

Only where the rest is a name that the policies know, and a stage only beside aid of compulsory education.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial

from auditlib.ingest.constants.sheet_constants import OF_BOARDERS, OF_DAY_PUPILS, UMBRELLA
from auditlib.ingest.deliveries.tasks import Task
from auditlib.ingest.files.cells import CellsByColumn
from auditlib.tables.vocabulary import spelling

OUTSIDE = "outside"  # the code of schemes that are not audited
_STAGE = "(?:农村)?(?:小学|初中|义务教育|义教)(?:阶段|学段|生|学生)?"
_BEFORE, _BEHIND = (
    re.compile(rf"{_STAGE}(?P<name>.{{2,}})"),
    re.compile(rf"(?P<name>.{{2,}}?)[-—]?\(?{_STAGE}\)?"),
)
_TIER = re.compile(r"(?P<name>.{3,}?)[-—]?\(?(?:第?[一二三1-3][等档类]|[特甲乙丙][等档])\)?")
_WHO = re.compile(
    r"(?P<name>.{2,})\((?P<day>[非不](?:寄宿|住宿|住校)生?|走读生?|通学生?)|(?P<also>.{2,})\((?:寄宿|住宿|住校)生?"
)


def with_scheme_names(task: Task, cells: CellsByColumn) -> CellsByColumn:
    """``cells`` with each scheme by a name that is known, where its own is one with something beside it."""
    if "scheme" not in cells:
        return cells
    words = task.words.get("scheme", {})
    names = {cell: known_name(cell, words) for cell in {*cells["scheme"]} if cell}
    return {**cells, "scheme": [names.get(cell or "", cell) for cell in cells["scheme"]]}


def known_name(cell: str, words: Mapping[str, str]) -> str:
    """The known name within ``cell``; ``cell`` itself where it is known, or holds none."""
    text = spelling(cell)
    living = {words.get(OF_BOARDERS), words.get(OF_DAY_PUPILS), UMBRELLA}
    if text in words:
        return cell
    if (match := _WHO.fullmatch(text.removesuffix(")"))) and text.endswith(")"):
        name = known_name(match["name"] or match["also"], words)
        return (
            (OF_DAY_PUPILS if match["day"] else OF_BOARDERS) if words.get(spelling(name)) in living else cell
        )
    known_rest = partial(_rest, text=text, words=words)
    return (
        known_rest(_TIER, {*words.values()})
        or known_rest(_BEFORE, {*living, OUTSIDE})
        or known_rest(_BEHIND, {*living, OUTSIDE})
        or cell
    )


def _rest(form: re.Pattern[str], codes: set[str | None], *, text: str, words: Mapping[str, str]) -> str:
    match = form.fullmatch(text)
    name = match["name"] if match else ""
    return name if words.get(name) in codes else ""
