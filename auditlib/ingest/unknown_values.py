"""Spellings that no code list knows: the run stops and says where, and what to write into which file."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.base.engine import Engine
from auditlib.base.errors import Problem
from auditlib.base.language import Text
from auditlib.ingest.standardise import MUST_BE_KNOWN, names_met
from auditlib.tables.delivered import TABLES, Column

# No spelling holds this many digits in a row: it is an ID number, a card or a student number, from another column.
_NUMBER = "[0-9]{8}"


def unknown_values(engine: Engine) -> list[Problem]:
    """One problem per unknown spelling of category, scheme, status, stage or boarding, in the order of the tables."""
    columns = {
        (name, column.name): column
        for name, table in TABLES.items()
        for column in table.columns
        if column.name in MUST_BE_KNOWN
    }
    names = engine.keep("names_met", names_met(engine)).mutate(is_name=ibis.literal(True))
    parts = [_of_column(engine.tables[f"{table}_read"], table, name, names) for table, name in columns]
    # Kept, so that it is compiled before anybody waits.
    found = engine.fetch(
        engine.keep("unknown_values", ibis.union(*parts)).order_by("table", "column", "word")
    )
    said = found.set_index(["table", "column"]).sort_index()
    return [
        _problem(column, word, int(rows), first)
        for key, column in columns.items()
        if key in said.index
        for word, rows, first in said.loc[[key]].itertuples(index=False)
    ]


def _of_column(read: ir.Table, table: str, column: str, names: ir.Table) -> ir.Table:
    unread = read.filter(read[column].isnull() & read[f"{column}_text"].notnull())
    said = unread.select("source", spelling=_[f"{column}_text"])
    known = said.left_join(names, said.spelling == names.name)
    hidden = known.is_name.fill_null(False) | known.spelling.re_search(_NUMBER)
    word = ibis.ifelse(hidden, "", known.spelling)  # numbers and names are told together, and not shown
    words = known.group_by(word=word).agg(rows=_.count(), first=_.source.argmin(_row_order(_.source)))
    return words.mutate(table=ibis.literal(table), column=ibis.literal(column))


def _row_order(source: ir.StringValue) -> ir.StringValue:
    """Row 9 before row 10 of the same sheet."""
    return source.length().cast("string").lpad(4, "0") + source


def _problem(column: Column, word: str, rows: int, first: str) -> Problem:
    place = Text(
        f"{first.replace('!', ' › ')} 行 › {column.title.zh}（共 {rows} 行）",
        f"{first.replace('!', ' › ')} › {column.title.en} ({rows} rows)",
    )
    if not word:
        return _misplaced(column, place)
    shown = word if len(word) <= 30 else word[:30] + "…"
    return Problem(
        Text(f"“{column.title.zh}”有不认识的值“{shown}”", f"unknown value “{shown}” of {column.name}"),
        place,
        _remedy(column, shown),
    )


def _misplaced(column: Column, place: Text) -> Problem:
    """The cell holds a number or a name, which is somebody's: it is not repeated."""
    what = Text(
        f"“{column.title.zh}”一栏填的是号码或姓名（不在此显示）",
        f"a number or a name, not shown here, stands in {column.name}",
    )
    remedy = Text(
        "打开文件看这一行：各列可能错位，请对齐后再运行",
        "look at this row in the file: its cells may have shifted; put them back in their columns",
    )
    return Problem(what, place, remedy)


def _remedy(column: Column, word: str) -> Text:
    if column.name == "scheme":
        return Text(
            f'改正，或在参数文件写 values: {{scheme: {{"{word}": …}}}}，… 为项目代码；'
            f"或在政策文件 params/policy/*.yaml 相应项目的 aliases 中加上“{word}”",
            f'correct it, or write values: {{scheme: {{"{word}": …}}}} in the parameter file, with the scheme\'s id for …; or '
            f"add “{word}” to the aliases of its scheme in params/policy/*.yaml",
        )
    kind = column.kind.codes
    file, own = f"params/codes/{kind}.csv", f'values: {{{kind}: {{"{word}": …}}}}'
    return Text(
        f"改正，或在参数文件写 {own}，… 为代码，见 {file}；各县都这样写的，在该文件加一行：代码,{word}",
        f"correct it, or write {own} in the parameter file, with a code of {file} for …; where every county writes it so, "
        f"add a line code,{word} to that file",
    )
