"""Two lists of the same money: the aid system's and the bank's. Told apart from two payments by asking, then joined.

Counted as two payments they would make a double payment of every child and hide every payment that came back.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir
import pandas as pd
from ibis import _

from auditlib.base.engine import Engine
from auditlib.base.errors import Problem
from auditlib.base.language import Text
from auditlib.base.logic import beside, only
from auditlib.ingest import Delivery
from auditlib.ingest.cleaning.column_readings import place_of, places
from auditlib.ingest.messages import at_desk
from auditlib.ingest.messages.problems import Place, series

FEWEST = 5  # payments in common; fewer may be what was paid again
LARGELY = 0.5  # of the shorter list
ANOTHER_DAY = 31  # days; lists further apart are two payments, each with its date
JOINED_COLUMNS = ("student_no", "category")  # beside the school, what a bank's list often lacks


def same_money(engine: Engine, payments: ir.Table, delivery: Delivery) -> list[Problem]:
    """Asks about each list of payments that holds largely the persons, schemes and amounts of others."""
    if not delivery.columns_found.get("payments"):
        return []
    frame = engine.fetch(engine.keep("lists_alike", _alike(payments)))
    alike = frame.sort_values(["longer", "shorter"], ignore_index=True)
    list_places = {
        place: Place(*where) for (table, place), where in places(delivery).items() if table == "payments"
    }
    return [_question(list_places, rows) for _longer, rows in alike.groupby("longer", sort=True)]


def _alike(payments: ir.Table) -> ir.Table:
    """``longer, shorter, both, rows``: pairs of sheets, payments in common, and how many the shorter has."""
    sound = payments.filter(_.rejected.isnull() & (_.amount > 0))
    person = _.id18.coalesce(_.id_number, _.student_no, _.name)
    lines = sound.select(
        "batch_no",
        "pay_date",
        place=place_of(_.source),
        money=person + "|" + _.scheme + "|" + _.term + "|" + _.amount.cast("string"),
    )
    each = lines.group_by("place", "money").agg(batch=_.batch_no.max(), day=_.pay_date.max())
    sizes = each.group_by("place").agg(rows=_.count())
    sized_rows = beside(each, sizes, "place")
    other = sized_rows.rename(other="place", other_batch="batch", other_day="day", other_rows="rows")
    pairs = sized_rows.inner_join(other, "money").filter(
        (_.rows > _.other_rows) | ((_.rows == _.other_rows) & (_.place < _.other))
    )
    apart = (_.batch != _.other_batch) | ((_.day - _.other_day).cast("int64").abs() > ANOTHER_DAY)
    counted_rows = (
        pairs.filter(~apart.fill_null(False))
        .group_by(longer=_.place, shorter=_.other)
        .agg(both=_.count(), rows=_.other_rows.max())
    )
    return counted_rows.filter((_.both >= FEWEST) & (_.both > _.rows * LARGELY))


SAME_MONEY = Text(
    "“文件”一步把系统或学校的那份选为“拟发放名单”，银行的仍是“发放明细”；确是两次发放的，为各份写明“批次”",
    "in the step Files choose “Planned payments” for the system's or the school's list and leave the bank's as it is; if the "
    "money was paid twice, give each list its batch",
)


def _question(list_places: Mapping[str, Place], rows: pd.DataFrame) -> Problem:
    longer, others = (
        list_places[rows["longer"].iloc[0]].text(),
        [list_places[place].text() for place in rows["shorter"]],
    )
    common = int(rows["both"].sum())
    return Problem(
        Text(
            f"两份发放名单像是同一笔钱：{common} 笔的人、项目、学期、金额都相同",
            f"Two lists of payments look like the same money: {common} payments are of the same persons, schemes, terms and "
            "amounts",
        ),
        Text(
            f"{longer.zh}，与 {series(o.zh for o in others)}",
            f"{longer.en}, and {series((o.en for o in others), 'en')}",
        ),
        at_desk.or_by_hand(
            SAME_MONEY,
            Text(
                "同一笔钱的（一份是系统或学校的名单，一份是银行的）：把有发放日期、结果、卡号的银行名单留在 sources.payments，"
                "另一份移到 sources.planned，两者会合在一起并互相核对；同一工作簿里的，用 {files: …, sheets: …} 分开；"
                "确是两次发放的，给各份写明批次，如 {files: …, batch_no: 第二批}",
                "If it is the same money (one list is the system's or the school's, one the bank's): leave the bank's, which has "
                "dates, results and accounts, in sources.payments and move the other to sources.planned; they are joined and "
                "held against each other; within one workbook tell them apart by {files: …, sheets: …}. If the money was paid "
                "twice, give each list its batch, such as {files: …, batch_no: second}",
            ),
        ),
    )


def join_lists(
    engine: Engine, tables: Mapping[str, ir.Table], columns_found: Mapping[str, frozenset[str]]
) -> tuple[dict[str, ir.Table], dict[str, frozenset[str]]]:
    """``tables`` and ``columns_found`` (columns by table), the payments completed from the planned list.

    From there come school, category and student number that a payment's own row does not tell, by ID number, scheme and
    term; nothing where the list says two things.
    """
    if not (columns_found.get("planned") and columns_found.get("payments")):
        return dict(tables), dict(columns_found)
    columns = ("school_code", "school_name", *JOINED_COLUMNS)
    planned_rows = tables["planned"].filter(_.rejected.isnull() & _.id18.notnull())
    planned_cells = planned_rows.group_by("id18", "scheme", "term").agg(
        **{f"planned_{column}": only(_[column]) for column in columns}
    )
    with_plans = beside(tables["payments"], planned_cells, ["id18", "scheme", "term"])
    silent = {
        column: with_plans[column].isnull() & with_plans[f"{column}_defect"].isnull() for column in columns
    }
    schoolless = silent["school_code"] & silent["school_name"]
    takes = silent | {"school_code": schoolless, "school_name": schoolless}
    filled_rows = with_plans.mutate(
        **{c: ibis.ifelse(takes[c], with_plans[f"planned_{c}"], with_plans[c]) for c in columns}
    ).drop(*(f"planned_{column}" for column in columns))
    payments = engine.keep("payments_joined", filled_rows.select(*tables["payments"].columns))
    payment_columns = columns_found["payments"] | (columns_found["planned"] & set(columns))
    return {**tables, "payments": payments}, {**columns_found, "payments": payment_columns}
