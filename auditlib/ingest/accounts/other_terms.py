"""Tables whose rows are all of another term than the run's: the wrong files, or the wrong term in the parameters?

Of payments it is asked, since every child would be one who was not paid; of other tables it is told that they test nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import ibis
import ibis.expr.types as ir
import pandas as pd
from ibis import _

from auditlib.base import terms
from auditlib.base.engine import Engine
from auditlib.base.errors import Problem
from auditlib.base.language import Text
from auditlib.ingest.deliveries.delivery import Delivery
from auditlib.ingest.messages import at_desk
from auditlib.ingest.messages.problems import series
from auditlib.tables.delivered import TABLES, Table

ASKED_TABLES = ("payments", "planned")
DAYS: Mapping[str, Sequence[str]] = {  # tell of which term a row is that names none
    "payments": ("pay_date",),
    "planned": (),
    "applications": ("applied_on",),
    "attendance": ("counted_on",),
    "home_teaching": ("taught_on", "month"),
}
NONE_OF_TERM = Text(
    "{table}（{files}）没有一行是本学期（{term}）的，只有 {counts}：靠它核对的，本学期什么也没有核对。请看是不是放错了文件，或学期选错了",
    "{table} ({files}): not one row is of this term ({term}), only {counts}; what rests on it tests nothing of this term. Is it the "
    "wrong file, or the wrong term?",
)
SOME_OF_OTHERS = Text(
    "{table}：各学期的行数 {counts}；只核对本学期（{term}）的",
    "{table}: rows by term {counts}; this term's ({term}) are tested",
)


def rows_by_term(
    engine: Engine, tables: Mapping[str, ir.Table], delivery: Delivery, term: str
) -> pd.DataFrame:
    """``table, term, rows``: the usable rows of each table that tells terms or days, largest first; a row that may be of
    the run's ``term`` is of it."""
    names = [name for name in DAYS if delivery.columns_found.get(name)]
    parts = [_of_table(tables[name], name, delivery.columns_found[name], term) for name in names]
    if not parts:
        return pd.DataFrame(columns=["table", "term", "rows"])
    term_counts = ibis.union(*parts).group_by("table", "term").agg(rows=_.count())
    return engine.fetch(term_counts).sort_values(
        ["table", "rows", "term"], ascending=[True, False, True], ignore_index=True
    )


def _of_table(rows: ir.Table, name: str, columns: Iterable[str], term: str) -> ir.Table:
    own_term = rows.term if "term" in {*columns} & {*rows.columns} else ibis.null("string")
    days = [rows[day] for day in DAYS[name]]
    day = ibis.coalesce(*days) if days else ibis.null("date")
    begins, ends = ibis.literal(terms.first_day_of_papers(term)), ibis.literal(terms.last_day(term))
    may_be = (day >= begins) & ((day <= ends) | (name in ASKED_TABLES))  # money may come late
    of_day = ibis.ifelse(may_be.fill_null(True), ibis.literal(term), _term_of(day))
    return rows.filter(rows.rejected.isnull()).select(
        table=ibis.literal(name), term=own_term.coalesce(of_day)
    )


def _term_of(day: ir.DateValue) -> ir.StringValue:
    is_autumn = (day.month() < 3) | (day.month() > 8)
    year = day.year() - (day.month() < 3).cast("int32")
    return year.cast("string") + ibis.ifelse(is_autumn, "-autumn", "-spring")


def of_other_terms(counts: pd.DataFrame, term: str) -> dict[str, dict[str, int]]:
    """Table to its rows by term, for those of which no row is of the run's ``term``."""
    by_table = {
        str(name): dict(zip(of["term"], of["rows"], strict=True)) for name, of in counts.groupby("table")
    }
    return {name: by_term for name, by_term in by_table.items() if term not in by_term}


def other_terms(
    engine: Engine, tables: Mapping[str, ir.Table], delivery: Delivery, term: str, on_purpose: Sequence[str]
) -> list[Problem]:
    """A question for each list of payments that holds none of the run's ``term``, unless it is said to be so (``on_purpose``)."""
    counts = lists_of_other_terms(engine, tables, delivery, term, on_purpose)
    return [_problem(delivery, TABLES[name], by_term, term) for name, by_term in counts.items()]


def lists_of_other_terms(
    engine: Engine, tables: Mapping[str, ir.Table], delivery: Delivery, term: str, on_purpose: Sequence[str]
) -> dict[str, dict[str, int]]:
    """The lists of payments of which that is asked, to their rows by term."""
    counts = of_other_terms(rows_by_term(engine, tables, delivery, term), term)
    return {name: counts[name] for name in ASKED_TABLES if name in counts and name not in on_purpose}


def term_notes(engine: Engine, tables: Mapping[str, ir.Table], delivery: Delivery, term: str) -> list[Text]:
    """What the account tells of terms: tables that hold none of the run's, and payments of several."""
    counts = rows_by_term(engine, tables, delivery, term)
    strangers = of_other_terms(counts, term)
    notes = []
    for name, of_table in counts.groupby("table"):
        words = NONE_OF_TERM if name in strangers else SOME_OF_OTHERS
        if (name in strangers) != (name in ASKED_TABLES) and len(of_table) >= 1 + (name in ASKED_TABLES):
            by_term = _term_list(dict(zip(of_table["term"], of_table["rows"], strict=True)))
            files = _files(delivery, str(name))
            notes.append(words.fill(table=TABLES[str(name)].title, files=files, counts=by_term, term=term))
    return notes


def _term_list(counts: Mapping[str, int]) -> Text:
    return Text(
        series(f"{term} {rows} 行" for term, rows in counts.items()),
        series((f"{term}: {rows}" for term, rows in counts.items()), "en"),
    )


def _files(delivery: Delivery, table: str) -> Text:
    files = [report.file for report in delivery.files if report.table == table]
    return Text(series(files), series(files, "en"))


def _problem(delivery: Delivery, table: Table, counts: Mapping[str, int], term: str) -> Problem:
    by_term, files = _term_list(counts), _files(delivery, table.name)
    is_by_days = "term" not in delivery.columns_found[table.name]
    desk, hand = _ways_out(table.name, term, is_by_days=is_by_days)
    consequence = UNPAID if table.name == "payments" else UNTESTED
    what = BY_DAYS if is_by_days else BY_TERMS
    return Problem(
        what.fill(table=table.title, term=term, consequence=consequence),
        Text(f"{files.zh}（{by_term.zh}）", f"{files.en} ({by_term.en})"),
        at_desk.or_by_hand(desk, hand),
    )


UNPAID = Text("人人都会成为应助未助", "every child would be one who was not paid")
UNTESTED = Text("本学期什么也不会核对", "nothing of this term would be tested")
BY_TERMS = Text(
    "“{table}”没有一行是本学期（{term}）的：{consequence}",
    "“{table}” has not one row of this term ({term}): {consequence}",
)
BY_DAYS = Text(
    "“{table}”没有“学期”一列，而发放日期都在本学期（{term}）之前：{consequence}",
    "“{table}” has no column of terms, and every day of payment lies before this term ({term}): {consequence}",
)


def _ways_out(name: str, term: str, *, is_by_days: bool) -> tuple[Text, Text]:
    """At the desk and by hand: another file, another term, or neither since nothing has been paid yet."""
    all_the_same = f"{name}: [{{files: …, term: {term}}}]"
    early_desk = Text(
        "虽早而确是本学期的，“文件”一步为全表选定“学期”；",
        "where it is of this term for all that, choose “Term” for all rows in the step Files; ",
    )
    early_hand = Text(
        f"虽早而确是本学期的，sources 中写 {all_the_same}；",
        f"where it is of this term for all that, write {all_the_same} under sources; ",
    )
    nothing = Text("", "")
    desk, hand = (early_desk, early_hand) if is_by_days else (nothing, nothing)
    return (
        Text(
            f"放错文件的，换上本学期的，在“文件”一步按“重新读文件夹”；学期选错的，在“县和文件夹”一步改学期；{desk.zh}本学期还没有发放的，"
            "把这些表选为“不需要”；确知本学期一笔也没有发、仍要核对的，在“日期和界限”一步勾上这张表",
            "if it is the wrong file, put this term's in its place and press “Read the folder again” in the step Files; if it is the wrong "
            f"term, change it in the step County and folder; {desk.en}if nothing has been paid yet, choose “not needed” for these sheets; to test all "
            "the same that nothing was paid this term, tick the table in the step Dates and limits",
        ),
        Text(
            f"换文件，或改参数文件的 term；{hand.zh}还没有发放的，从 sources 中去掉 {name}（有关规则不执行）；确知本学期一笔也没有发、仍要核对的，写 "
            f"empty_tables: [{name}]",
            f"change the file, or term in the parameter file; {hand.en}if nothing has been paid yet, take {name} out of sources (the rules on it "
            f"are not run); to test all the same that nothing was paid this term, write empty_tables: [{name}]",
        ),
    )
