"""What stands in cells that could not be read, where the column as a whole is not lost: a line a sheet and column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from auditlib.base.engine import Engine
from auditlib.base.language import Text
from auditlib.base.masking import scrub
from auditlib.ingest.accounts.losses import listed_values
from auditlib.ingest.accounts.sheet_account import SheetAccount
from auditlib.ingest.cleaning.column_readings import commonest_unread
from auditlib.tables.delivered import TABLES

MOST = 12  # columns, those with most such cells
UNREAD = Text(
    "{place}：“{header}”有 {n} 格读不出（{column}；{values}）",
    "{place}: “{header}” has cells that could not be read: {n} ({column}; {values})",
)
MORE = Text(
    "还有 {n} 列有读不出的格，见 ingest.json",
    "{n} more columns have cells that could not be read: see ingest.json",
)


def unread_lines(engine: Engine, sheets: Sequence[SheetAccount]) -> Iterator[Text]:
    """The columns with most unread cells and what stands there most often; numbers and names are not shown."""
    columns = [(sheet, column) for sheet in sheets for column in sheet.columns if column.unread]
    columns.sort(key=lambda one: -one[1].unread)
    for sheet, column in columns[:MOST]:
        address = f"{sheet.file}!{sheet.sheet}" if sheet.sheet else sheet.file
        values = commonest_unread(engine, sheet.table, address, sheet.file, column.column)
        title = TABLES[sheet.table].by_name[column.column].title
        place, header = scrub(" › ".join(filter(None, (sheet.file, sheet.sheet)))), scrub(column.header)
        zh, en = (
            UNREAD.fill(
                place=place,
                header=header,
                n=column.unread,
                column=title.into(language),
                values=listed_values(values, language),
            )
            for language in ("zh", "en")
        )
        yield Text(zh.zh, en.en)
    if len(columns) > MOST:
        yield MORE.fill(n=len(columns) - MOST)
