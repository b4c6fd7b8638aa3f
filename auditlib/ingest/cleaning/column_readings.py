"""What was read of every column of every sheet: how many cells hold something, how many of them could not be read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd
from ibis import _

from auditlib.base.engine import Engine
from auditlib.base.plans import Plans, tables_there
from auditlib.cells import grades
from auditlib.ingest.cleaning.standardise import names_met
from auditlib.ingest.deliveries.delivery import Delivery
from auditlib.tables.delivered import TABLES

READINGS = ["table", "file", "sheet", "column", "header", "rows", "cells", "unread"]
# Defects of cells that are used all the same: a passport's number, a school's own number, a name the bank hides.
USABLE = ("other_document", "form", "lost_character")
LONG_NUMBER = "[0-9X]{9,}|[0-9]{3,}[*]{2,}"  # somebody's, whatever the column, also with its middle hidden
OF_ROW = "![0-9]+([.][0-9]+)?$"  # of an address: !12, or !12.2 for the second record of row 12
COMMONEST = 5
# Rows, and their share among those of a column: as often as that no name stands there. Where spellings are few for their
# rows, names are not what the column holds.
OFTEN, SHARE = 3, 0.2
FIGURE = re.compile(r"(?=.*[0-9])[0-9年月旬周日号季度学期春秋第元万\W_]+")


def place_of(source: ir.StringValue) -> ir.StringValue:
    """``file!sheet`` of an address, or ``file`` of a text file's."""
    return source.re_replace(OF_ROW, "")


def places(delivery: Delivery) -> Mapping[tuple[str, str], tuple[str, str]]:
    """``(table, file!sheet)`` as addresses begin -> file and sheet."""
    return {
        (report.table, f"{report.file}!{sheet.name}" if sheet.name else report.file): (
            report.file,
            sheet.name,
        )
        for report in delivery.files
        for sheet in report.sheets
    }


def readings(engine: Engine, delivery: Delivery) -> pd.DataFrame:
    """One row a sheet and used column (READINGS), in the order of files, sheets and columns."""
    plans = Plans(engine, "readings", tables_there(engine))
    counted_tables = {
        name: plans.keep(f"{name}_readings", partial(_counted_rows, engine.tables[f"{name}_read"], name))
        for name in sorted({report.table for report in delivery.files})
    }
    plans.save()
    counts = {name: engine.fetch(table).set_index("place") for name, table in counted_tables.items()}
    rows = []
    for report in delivery.files:
        for sheet in report.sheets:
            place = f"{report.file}!{sheet.name}" if sheet.name else report.file
            table_counts = counts[report.table]
            for column, header in sheet.columns.items():
                cells, unread = (
                    (int(table_counts.loc[place, f"{column}_{what}"]) for what in ("cells", "unread"))
                    if place in table_counts.index
                    else (0, 0)
                )
                rows.append(
                    (
                        report.table,
                        report.file,
                        sheet.name,
                        column,
                        header,
                        sheet.rows_handed_on,
                        cells,
                        unread,
                    )
                )
    return pd.DataFrame(rows, columns=READINGS)


def _counted_rows(read: ir.Table, table: str) -> ir.Table:
    counts: dict[str, ir.Value] = {}
    for column in TABLES[table].by_name:
        counts[f"{column}_cells"] = read[f"{column}_text"].count()
        counts[f"{column}_unread"] = is_unread(read, column).sum()
    return read.group_by(place=place_of(read.source)).agg(**counts)


def is_unread(read: ir.Table, column: str) -> ir.BooleanValue:
    """Does the cell hold something that gives no value to work with?"""
    defect = read[f"{column}_defect"]
    unsound = defect.notnull() & ~defect.isin(USABLE).fill_null(False)
    if column == "grade" and "stage" in read.columns:
        # Read for its stage alone, which the school and the age may tell: nothing is lost where that is known.
        stage_by_grade = grades.stage(
            read.grade_text, read.grade, read.grade_years, read.grade_age, read.grade_taught
        )
        return read.grade_text.notnull() & read.stage.coalesce(stage_by_grade).isnull()
    return read[f"{column}_text"].notnull() & (read[column].isnull() | unsound)


def commonest_unread(engine: Engine, table: str, place: str | None, file: str, column: str) -> pd.DataFrame:
    """``value, rows``: the spellings most often met among unread cells of one sheet (of a whole file where ``place``
    is None). No long number, nothing that stands anywhere as a name and no word that might be one is among them; those count
    as ``""``."""
    read = engine.tables[f"{table}_read"]
    here = _.source.startswith(f"{file}!") if place is None else place_of(_.source) == place
    spellings = read.filter(here & is_unread(read, column)).select(value=_[f"{column}_text"])
    names = names_met(engine).mutate(is_name=ibis.literal(True))
    beside_names = spellings.left_join(names, spellings.value == names.name)
    hidden = beside_names.is_name.fill_null(False) | beside_names.value.re_search(LONG_NUMBER)
    value_counts = engine.fetch(
        beside_names.group_by(value=ibis.ifelse(hidden, "", beside_names.value)).agg(rows=_.count())
    )
    words = value_counts["rows"].where(value_counts["value"] != "", 0)
    quotable = seldom_a_name(words, words.sum(), (words > 0).sum()) | value_counts["value"].map(_is_figure)
    quotable_values = (
        value_counts.assign(value=value_counts["value"].where(quotable, ""))
        .groupby("value", as_index=False)
        .sum()
    )
    return quotable_values.sort_values(["rows", "value"], ascending=[False, True], ignore_index=True).head(
        COMMONEST
    )


def seldom_a_name(rows: pd.Series, of_all: Any, spellings: Any) -> pd.Series:
    """Do words stand in so many ``rows`` of ``of_all``, or are the ``spellings`` so few for these, that none is a person's name?"""
    return (rows >= OFTEN) & ((rows >= of_all * SHARE) | (spellings <= of_all * SHARE))


def _is_figure(value: str) -> bool:
    """A date, a term, an amount, or mere marks: nobody is called so."""
    return bool(FIGURE.fullmatch(value)) or not any(character.isalpha() for character in value)
