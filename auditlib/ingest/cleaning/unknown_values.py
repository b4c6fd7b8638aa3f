"""Spellings that no code list knows: the run stops and says where, and what to write into which file.

A spelling is quoted only where it cannot be a person. Where columns have shifted, what stands in the place of a category is
a child's name or number; such values are counted and placed, one message a column, and never repeated.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd
from ibis import _

from auditlib.base.engine import Engine
from auditlib.base.errors import Problem
from auditlib.base.language import Text, with_count
from auditlib.base.plans import Plans, tables_there
from auditlib.ingest.cleaning.column_readings import seldom_a_name
from auditlib.ingest.cleaning.standardise import MUST_BE_KNOWN
from auditlib.ingest.messages import at_desk
from auditlib.tables.delivered import TABLES, Column

# No spelling holds this many digits in a row: it is an ID number, a birth date, a card or a student number.
_NUMBER = "[0-9]{6}"
_LONGEST_NAME = 4  # characters of a Chinese name; longer ones hold no word of a code
_NO_SURNAME = "已未不无在正尚暂待需"  # begins 已转省外, 未返校, 在校就读, and nobody's name
_LONGEST_SIGN = 2
_MOST_SHOWN = 30  # characters
_OF_SEVERAL = "一贯制|完全中学|完中$"  # a school of several stages has no one of them, and its pupils' grades tell theirs

Codes = Mapping[str, Collection[str]]


@dataclass(frozen=True)
class UnknownValue:
    """A spelling that no list knows: ``word`` is empty for all those of a column together that may be persons.

    ``kind``: the list of codes, as ``values`` of the parameters name it; ``first``: the address of the first of ``rows``.
    """

    table: str
    column: str
    kind: str
    word: str
    rows: int
    first: str

    def as_json(self) -> dict[str, Any]:
        """The same as plain JSON types."""
        return asdict(self)


def unknown_values(engine: Engine, codes: Codes | None = None) -> list[Problem]:
    """What to say of unknown spellings of category, scheme, status, stage or boarding, in the order of the tables.

    One problem a spelling that may be quoted, one a column for all that may not. ``codes``: kind to known spellings.
    """
    return [_value_problem(value) for value in unknown_spellings(engine, codes)]


def unknown_spellings(engine: Engine, codes: Codes | None = None) -> list[UnknownValue]:
    """The unknown spellings themselves, in the order of the tables."""
    columns = {
        (name, column.name): column
        for name, table in TABLES.items()
        for column in table.columns
        if f"{name}_read" in engine.tables and column.name in MUST_BE_KNOWN
    }
    if not columns:
        return []
    plans = Plans(engine, "unknown_values", tables_there(engine))
    # Kept, so that it is compiled before anybody waits.
    unknown = plans.keep(
        "unknown_values",
        lambda: ibis.union(
            *(_of_column(engine.tables[f"{table}_read"], table, name) for table, name in columns)
        ),
    )
    plans.save()
    values = engine.fetch(unknown.order_by("table", "column", "word"))
    if values.empty:
        return []
    rows = _with_shown(engine, values, columns, codes or {}).set_index(["table", "column"]).sort_index()
    return [
        value
        for key, column in columns.items()
        if key in rows.index
        for value in _of_one_column(key[0], column, rows.loc[[key]])
    ]


def _of_column(read: ir.Table, table: str, column: str) -> ir.Table:
    unread = read.filter(read[column].isnull() & read[f"{column}_text"].notnull())
    spelling = _[f"{column}_text"]
    if (table, column) == ("schools", "stage"):
        unread = unread.filter(~spelling.re_search(_OF_SEVERAL))
    word = ibis.ifelse(spelling.re_search(_NUMBER), "", spelling)  # numbers are told together, and not shown
    words = unread.group_by(word=word).agg(rows=_.count(), first=_.source.argmin(_row_order(_.source)))
    return words.mutate(table=ibis.literal(table), column=ibis.literal(column))


def _row_order(source: ir.StringValue) -> ir.StringValue:
    """Row 9 before row 10 of the same sheet."""
    return source.length().cast("string").lpad(4, "0") + source


def _with_shown(
    engine: Engine, values: pd.DataFrame, columns: Mapping[tuple[str, str], Column], codes: Codes
) -> pd.DataFrame:
    """``values`` with ``shown``: may the spelling be quoted?"""
    rows_with_word = values["rows"].where(values["word"] != "", 0)
    column = rows_with_word.groupby([values["table"], values["column"]])
    rows, spellings = column.transform("sum"), column.transform(lambda each: (each > 0).sum())
    often = seldom_a_name(values["rows"], rows, spellings)
    kinds = [columns[key].kind.codes or key[1] for key in zip(values["table"], values["column"], strict=True)]
    pieces = {kind: _pairs(codes.get(kind, ())) for kind in set(kinds)}
    pairs = zip(values["word"], kinds, strict=True)
    like_codes = pd.Series(
        [
            _is_sign(word) or (_is_no_name(word) and not pieces[kind].isdisjoint(_pairs([word])))
            for word, kind in pairs
        ],
        index=values.index,
    )
    may_be = values.assign(shown=(often | like_codes) & (values["word"] != ""))
    names = _names_in(engine, may_be.loc[may_be["shown"], "word"])
    holds_name = [
        any(piece in names for piece in _substrings(word))
        for word in may_be["word"].where(may_be["shown"], "")
    ]
    return may_be.assign(shown=may_be["shown"] & ~pd.Series(holds_name, index=may_be.index))


def _is_sign(word: str) -> bool:
    """A letter or two, a digit or two: a code, of which nobody is told."""
    return word.isascii() and len(word) <= _LONGEST_SIGN


def _is_no_name(word: str) -> bool:
    return len(word) > _LONGEST_NAME or (word[:1] in _NO_SURNAME and len(word) > 1)


def _pairs(spellings: Collection[str]) -> set[str]:
    """Every two characters that stand side by side in one of the spellings."""
    return {word[at : at + 2] for word in spellings for at in range(len(word) - 1)}


def _substrings(word: str) -> Iterator[str]:
    return (word[i:j] for i in range(len(word)) for j in range(i + 2, len(word) + 1))


def _names_in(engine: Engine, words: pd.Series) -> frozenset[str]:
    """The persons' names of the registers, whichever column they stand in, that one of ``words`` holds."""
    pieces = sorted({piece for word in words for piece in _substrings(word[:_MOST_SHOWN])})
    if not pieces:
        return frozenset()
    sought_rows = engine.load("pieces_of_words", pd.DataFrame({"piece": pieces}), {"piece": "string"})
    every = [
        engine.tables[f"{table}_read"].select(piece=column.name)
        for table, declaration in TABLES.items()
        for column in declaration.columns
        if column.kind.masked == "name" and f"{table}_read" in engine.tables
    ]
    names = engine.fetch(sought_rows.semi_join(ibis.union(*every), "piece"))
    return frozenset(names["piece"])


def _of_one_column(table: str, column: Column, words: pd.DataFrame) -> Iterator[UnknownValue]:
    kind = column.kind.codes or column.name
    hidden_words = words[~words["shown"]]
    if len(hidden_words):
        first = min(hidden_words["first"], key=lambda source: (len(source), source))
        yield UnknownValue(table, column.name, kind, "", int(hidden_words["rows"].sum()), first)
    for word, rows, first in words.loc[words["shown"], ["word", "rows", "first"]].itertuples(index=False):
        yield UnknownValue(table, column.name, kind, word, int(rows), first)


def _value_problem(value: UnknownValue) -> Problem:
    column = TABLES[value.table].by_name[value.column]
    place = _place(column, value.first, value.rows)
    return _problem(column, value.word, place) if value.word else _hidden_problem(column, place)


def _place(column: Column, first: str, rows: int) -> Text:
    return Text(
        f"{first.replace('!', ' › ')} 行 › {column.title.zh}（共 {rows} 行）",
        f"{first.replace('!', ' › ')} › {column.title.en} ({with_count(rows, 'row')})",
    )


def _problem(column: Column, word: str, place: Text) -> Problem:
    quoted_word = word if len(word) <= _MOST_SHOWN else word[:_MOST_SHOWN] + "…"
    return Problem(
        Text(
            f"“{column.title.zh}”有不认识的值“{quoted_word}”",
            f"unknown value “{quoted_word}” of {column.name}",
        ),
        place,
        _remedy(column, f"“{quoted_word}”", quoted_word),
    )


def _hidden_problem(column: Column, place: Text) -> Problem:
    """The cells hold numbers or names, or what may be one: they are not repeated."""
    what = Text(
        f"“{column.title.zh}”有不认识的值，可能是号码或姓名（不在此显示）",
        f"unknown values of {column.name}, which may be numbers or names and are not shown here",
    )
    look = Text(
        "打开文件看这一行：各列可能错位，请对齐后再运行；确是代码的，",
        "look at this row in the file: its cells may have shifted, put them back in their columns; if it is a code, ",
    )
    more = _remedy(column, "该写法", "该写法", "the spelling", "SPELLING")
    return Problem(what, place, Text(look.zh + more.zh, look.en + more.en))


def _remedy(column: Column, spelling: str, as_written: str, said_en: str = "", written_en: str = "") -> Text:
    by_hand = _by_hand(column, spelling, as_written, said_en, written_en)
    return by_hand if said_en else at_desk.or_by_hand(at_desk.MEANING, by_hand)


def _by_hand(column: Column, spelling: str, as_written: str, said_en: str, written_en: str) -> Text:
    if column.name == "scheme":
        return Text(
            f'改正，或在参数文件写 values: {{scheme: {{"{as_written}": …}}}}，… 为项目代码；'
            f"或在政策文件 params/policy/*.yaml 相应项目的 aliases 中加上{spelling}",
            f'correct it, or write values: {{scheme: {{"{written_en or as_written}": …}}}} in the parameter file, with the scheme\'s '
            f"id for …; or add {said_en or spelling} to the aliases of its scheme in params/policy/*.yaml",
        )
    kind = column.kind.codes
    file, own = f"params/codes/{kind}.csv", f'values: {{{kind}: {{"{as_written}": …}}}}'
    return Text(
        f"改正，或在参数文件写 {own}，… 为代码，见 {file}；各县都这样写的，在该文件加一行：代码,{as_written}",
        f"correct it, or write {own} in the parameter file, with a code of {file} for …; where every county writes it so, "
        f"add a line code,{written_en or as_written} to that file",
    )


__all__ = ["UnknownValue", "unknown_spellings", "unknown_values"]
