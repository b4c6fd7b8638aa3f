"""What the layout of a file says: its columns under their headers, and what stands around them."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class FileLayout:
    """One file. ``encoding`` "" is a workbook. ``groups``: a first header line over the columns named.

    ``dates``: ``iso``, ``serial`` (a spreadsheet's date cell), ``number`` (its serial number), ``compact``,
    ``dotted`` or ``chinese``. ``sheet``: the name of the only sheet, "" for one per ``Row.sheet``.
    ``subtotals``: the column at whose change a 小计 line is written. ``extra``: columns that no table knows.
    ``if_told``: columns that the file has only where some row tells them.
    """

    table: str
    key: str
    file: str
    columns: dict[str, str]
    encoding: str = ""
    sheet: str = ""
    title: str = ""
    unit: str = ""
    groups: tuple[tuple[str, str, str], ...] = ()
    dates: str = "iso"
    subtotals: str = ""
    signature: str = ""
    notes: tuple[str, ...] = ()
    extra: dict[str, str] = field(default_factory=dict)
    merged: str = ""
    totals: bool = False
    if_told: tuple[str, ...] = ()


SIGNATURE_LINE = "填表人：　　　　审核人：　　　　单位负责人（签章）：　　　　填表日期：　　年　月　日"


def columns(text: str) -> dict[str, str]:
    """``column header`` pairs, as many as there are, into the columns of a file in their order."""
    words = text.split()
    return dict(zip(words[::2], words[1::2], strict=True))


def without(every: dict[str, str], *names: str) -> dict[str, str]:
    return {column: header for column, header in every.items() if column not in names}
