"""One printed total with two figures in a sheet: refused, because a column that tells them apart was not read."""

from __future__ import annotations

import re
from collections.abc import Mapping

import ibis
import ibis.expr.types as ir
import pandas as pd
from ibis import Deferred, _

from auditlib.audit.printed_detail import PAID
from auditlib.audit.tie_out import KEY
from auditlib.base.engine import Engine
from auditlib.base.errors import Problem
from auditlib.base.language import Text
from auditlib.base.logic import values_of
from auditlib.ingest import Delivery
from auditlib.ingest.cleaning.column_readings import place_of, places
from auditlib.ingest.messages import at_desk
from auditlib.ingest.messages.problems import Place, masked, series

_FIGURE = re.compile(
    "人次|人数|金额|资金|合计|小计|序号|备注|[(（]万?元[)）]$"
)  # of a header that tells no two rows apart
# What the header of a column is likely to tell, in this order.
_LIKE = {
    "school_name": re.compile("校|园|单位"),
    "town": re.compile("乡|镇|街道"),
    "stage": re.compile("学段|阶段|年级"),
    "scheme": re.compile("项目|补助|资助名称"),
    "category": re.compile("类型|类别|对象"),
    "basis": re.compile("口径|状态|情况"),
}
MOST_NAMED = 3  # contradictions of a sheet that are named
WHAT = Text(
    "报表里同一个数有两种写法：{rows} 除人次、金额外各列都相同，数却不同",
    "A printed total has two figures: {rows} are alike in every column but persons and amount",
)
COLUMNS = at_desk.or_by_hand(
    Text(
        "“文件”一步打开这张表，在“{unused}”中区分它们的一列上方选它的意思",
        "in the step Files open the sheet and say above the column "
        "that tells them apart ({unused}) what it means",
    ),
    Text(
        "若它们分属不同的地方、学校或口径，把区分它们的一列（未用的列：{unused}）写进参数文件 columns.control_totals，"
        "如 {{{first}: {column}}}（可写 place 就读地、town 乡镇、school_name 学校、stage 学段、basis 口径、category 困难类型、scheme 资助项目）；"
        "其中一个作废的，从文件中删去",
        "If they are of different places, schools or bases, name the column that tells them apart (not used: {unused}) under "
        "columns.control_totals of the parameter file, such as {{{first}: {column}}} (place, town, school_name, stage, basis, "
        "category or scheme); if one of them is void, delete it from the file",
    ),
)
NO_COLUMN = Text(
    "加一列写明它们的区别（就读地、乡镇、学校、学段、口径、困难类型或资助项目）；其中一个作废的，从文件中删去",
    "Add a column that tells them apart (就读地, 乡镇, 学校, 学段, 口径, 困难类型 or 资助项目); if one of them is void, delete it",
)


def printed_twice(engine: Engine, control_totals: ir.Table, delivery: Delivery) -> list[Problem]:
    """One problem a sheet of printed totals in which a key has two figures that no rounding makes one."""
    if not delivery.columns_found.get("control_totals"):
        return []
    frame = engine.fetch(_contradicting(control_totals)).assign(rows=_in_words)
    sheets = {
        place: Place(*where)
        for (table, place), where in places(delivery).items()
        if table == "control_totals"
    }
    unused_columns = _unused_columns(delivery)
    return [
        _problem(sheets[sheet], rows, unused_columns.get(sheet, ()))
        for sheet, rows in frame.groupby("sheet", sort=True)
    ]


def _contradicting(totals: ir.Table) -> ir.Table:
    """``sheet, sources`` of each key with two figures."""
    rows = totals.filter(_.rejected.isnull()).mutate(sheet=place_of(_.source), basis=_.basis.fill_null(PAID))
    spread = _.amount.max() - _.amount.min()
    keyed_rows = rows.mutate(**{name: _own_or_all(name) for name in KEY}).group_by(["sheet", *KEY]).agg(
        counts=_.persons.nunique(), gap=spread, rounding=_.amount_tolerance.sum(), sources=values_of(_.source)
    )  # fmt: skip
    differ = (_.counts > 1) | (_.gap > _.rounding.fill_null(0)).fill_null(False)
    return keyed_rows.filter(differ).select("sheet", "sources")


def _own_or_all(name: str) -> Deferred:
    """The value of a row; of one that says nothing all; of one that cannot be read, which is asked about, its own."""
    return _[name].fill_null(ibis.ifelse(_[f"{name}_defect"].notnull(), _.source, "*"))


def _in_words(frame: pd.DataFrame) -> list[str]:
    return ["、".join(sources) for sources in frame["sources"]]


def _unused_columns(delivery: Delivery) -> Mapping[str, tuple[str, ...]]:
    return {
        f"{report.file}!{sheet.name}" if sheet.name else report.file: sheet.unused
        for report in delivery.files
        if report.table == "control_totals"
        for sheet in report.sheets
    }


def _problem(place: Place, rows: pd.DataFrame, unused_columns: tuple[str, ...]) -> Problem:
    sources = "；".join(sorted(rows["rows"])[:MOST_NAMED])
    names = [masked(header) for header in unused_columns if not _FIGURE.search(header)]
    if not names:
        return Problem(WHAT.fill(rows=sources), place.text(), NO_COLUMN)
    column = next((name for name, word in _LIKE.items() if word.search(names[0])), "place")
    remedy = COLUMNS.fill(unused=series(names), first=names[0], column=column)
    return Problem(WHAT.fill(rows=sources), place.text(), remedy)
