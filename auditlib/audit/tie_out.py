"""Printed totals beside what the detail adds up to, and a printed whole beside its printed parts."""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir
import pandas as pd
from ibis import _

from auditlib.audit.assemble import Audit
from auditlib.audit.printed_detail import OF_LETTERS, PAID, PLACE_COLUMNS, known_towns, printed_detail
from auditlib.audit.questions import ask
from auditlib.base.engine import Engine
from auditlib.base.logic import NO_TEXT, beside, record, values_of, yes
from auditlib.ingest.cleaning.column_readings import place_of

PRINTED_TYPE = "decimal(16, 2)"
# What a total may be divided by beside term, category and scheme.
DIVISIONS = ("stage", "place", "town", "school_name")
NAME_COLUMNS, WHOLES = ("place", "town", "school_name"), ("合计", "总计", "全县", "全区", "全市")
KEY = ("term", "category", "scheme", "basis", *DIVISIONS)
ANSWERS = ("replied", "open")  # into which the letters sent are divided
BESIDES = ("term", "category", "scheme", "basis")


def printed_totals(audit: Audit) -> ir.Table:
    """The control totals with ``basis`` (payments where none is stated), printed figures and their rounding."""
    rows = audit.rows["control_totals"].filter(_.rejected.isnull())
    return rows.select(
        "source",
        *(column for column in KEY if column not in ("basis", *NAME_COLUMNS)),
        # A whole is written in words too: 区内, 市外, 合计.
        **{column: ibis.ifelse(_[column].isin(WHOLES), NO_TEXT, _[column]) for column in NAME_COLUMNS},
        basis=_.basis.fill_null(PAID),
        printed_persons=_.persons,
        printed_amount=_.amount.cast(PRINTED_TYPE),
        tolerance=_.amount_tolerance,
        sheet=place_of(_.source),
    )


def tie_out(engine: Engine, audit: Audit) -> pd.DataFrame:
    """One row per control total, in the order of the file: :func:`compared_totals`, and whether ``amount_agree`` and ``persons_agree``
    (None: untested, or not printed)."""
    frame = ask(engine, audit, "tie_out", compared_totals)
    gap = [
        None if a is None or pd.isna(a) else abs(a - b)
        for a, b in zip(frame["printed_amount"], frame["detail_amount"], strict=True)
    ]
    frame["amount_agree"] = [
        None if g is None or pd.notna(u) else bool(g <= t)
        for g, t, u in zip(gap, frame["tolerance"], frame["untested"], strict=True)
    ]
    frame["persons_agree"] = [
        None if pd.isna(p) or pd.notna(u) else bool(p == q)
        for p, q, u in zip(frame["printed_persons"], frame["detail_persons"], frame["untested"], strict=True)
    ]
    frame["order"] = frame["source"].str.extract(r"(\d+)$").astype(int)
    return frame.sort_values(["order", "source"], ignore_index=True).drop(columns=["order", "untested"])


def compared_totals(audit: Audit) -> ir.Table:
    """One row per control total: its key (NULL: all), printed and detail figures, tolerance, source.

    ``untested``: why there is no detail to hold it against. Persons are successful rows with a positive amount, the
    amount is the net of successful rows; the category is the payment list's, else the register's on the count date. A total
    that differs where nobody can tell of some rows whether they are of its stage, town or school is untested.
    """
    totals = printed_totals(audit)
    detail = printed_detail(audit)
    wanted_totals = _known_schools(audit, _terms_asked(totals))
    keys = wanted_totals.select(
        "source", "basis", "category", "scheme", "stage", "town", "school_id", "place", term="asked",
        school_asked=_.school_name.notnull(),
    )  # fmt: skip
    fits = [
        keys.basis == detail.detail_basis,
        keys.term.isnull() | (keys.term == detail.detail_term),
        keys.category.isnull() | (keys.category == detail.detail_category),
        keys.scheme.isnull() | (keys.scheme == detail.detail_scheme),
        *(
            keys[column].isnull() | detail[f"detail_{column}"].isnull() | (keys[column] == detail[f"detail_{column}"])
            for column in PLACE_COLUMNS
        ),
    ]  # fmt: skip
    is_placed = ibis.and_(*(_[column].isnull() | _[f"detail_{column}"].notnull() for column in PLACE_COLUMNS))
    is_placed = is_placed | ((_.persons == 0) & (_.amount == 0))  # nothing is nowhere
    sums = keys.inner_join(detail, fits).group_by("source").agg(
        detail_persons=_.persons.sum(where=is_placed), detail_amount=_.amount.sum(where=is_placed).cast(PRINTED_TYPE),
        unplaced=(~is_placed).sum(),
    )  # fmt: skip
    terms = detail.select(basis=_.detail_basis, term=_.detail_term, delivered=ibis.literal(True)).distinct()
    bases = terms.select("basis", counted=ibis.literal(True)).distinct()
    each_term = beside(keys.filter(_.term.notnull()), terms, ["basis", "term"])
    lacking = each_term.filter(_.delivered.isnull()).select("source", lacking=ibis.literal(True)).distinct()
    compared_totals = beside(beside(beside(totals, sums, "source"), lacking, "source"), bases, "basis")
    return beside(compared_totals, _strange(audit, keys), "source").select(
        "source", *KEY, "printed_persons", "printed_amount", "tolerance",
        detail_persons=_.detail_persons.fill_null(0),
        detail_amount=_.detail_amount.fill_null(0).cast(PRINTED_TYPE),
        untested=_untested(),
    )  # fmt: skip


def _known_schools(audit: Audit, totals: ir.Table) -> ir.Table:
    """``totals`` with the ``school_id`` that the printed name means; NULL where it means none or several."""
    return beside(totals, audit.school_names.select("school_name", "school_id"), "school_name")


def _strange(audit: Audit, keys: ir.Table) -> ir.Table:
    """``source, strange`` of totals of a town or school that no register knows, under this name at least."""
    of_town = keys.filter(_.town.notnull()).anti_join(known_towns(audit), "town")
    of_school = keys.filter(_.school_asked & _.school_id.isnull())
    sources = of_town.select("source").union(of_school.select("source"), distinct=True)
    return sources.mutate(strange=ibis.literal(True))


def _terms_asked(totals: ir.Table) -> ir.Table:
    """``totals`` with the term ``asked``; a total of all terms asks for each that its sheet lists, one row each."""
    listed_rows = totals.filter(_.term.notnull()).select("sheet", "basis", listed="term").distinct()
    with_terms = totals.left_join(
        listed_rows, [totals.sheet == listed_rows.sheet, totals.basis == listed_rows.basis, totals.term.isnull()], rname="{name}_listed"
    )  # fmt: skip
    return with_terms.mutate(asked=_.term.coalesce(_.listed)).select(*totals.columns, "asked")


def _untested() -> ir.StringValue:
    of_letters = _.basis.isin(OF_LETTERS)
    not_divided = _.place.notnull() | (
        (_.basis != PAID) & (_.stage.notnull() | _.school_name.notnull() | (_.town.notnull() & ~of_letters))
    )
    by_payment = _.category.notnull() | _.scheme.notnull()
    agrees = ~yes(_.printed_persons != _.detail_persons.fill_null(0)) & ~yes(
        (_.printed_amount - _.detail_amount.fill_null(0)).abs() > _.tolerance
    )
    return ibis.cases(
        (not_divided, "not_in_this_detail"),
        ((_.basis != PAID) & (_.counted.isnull() | by_payment), "not_in_this_detail"),
        (_.lacking.notnull(), "term_not_delivered"),
        (_.strange.notnull(), "place_not_known"),
        (yes(_.unplaced > 0) & ~agrees, "rows_without_place"),
        else_=NO_TEXT,
    )


def divided_totals(audit: Audit) -> ir.Table:
    """One row per printed whole and what divides it: its figures, the sums of its two or more parts, their rounding."""
    totals = printed_totals(audit).mutate(**{column: _[column].fill_null("*") for column in KEY})
    divisions = [_parts_by(totals, column) for column in DIVISIONS]
    return ibis.union(*divisions, _by_several(totals), _by_term(totals), _answers(totals))


def _parts_by(totals: ir.Table, column: str) -> ir.Table:
    others = [name for name in KEY if name != column]
    wholes = totals.filter(totals[column] == "*")
    return _whole_and_parts(wholes, totals.filter(totals[column] != "*"), others, column, column)


def _by_several(totals: ir.Table) -> ir.Table:
    """A whole and the parts that two or more columns divide at once, such as schools with their towns."""
    divisions = sum((ibis.ifelse(totals[column] == "*", 0, 1) for column in DIVISIONS), ibis.literal(0))
    pattern = [ibis.ifelse(totals[column] == "*", "", column) for column in DIVISIONS]
    parts = totals.mutate(part=totals.source, division=ibis.literal("+").join(pattern)).filter(divisions > 1)
    return _whole_and_parts(
        totals.filter(divisions == 0), parts, list(BESIDES), "part", "several", ["division"]
    )


def _by_term(totals: ir.Table) -> ir.Table:
    """A year and its terms: a total without a term in a sheet that lists two or more; of two such sheets the one further off."""
    others = [*(name for name in KEY if name != "term"), "sheet"]
    years = _whole_and_parts(
        totals.filter(_.term == "*"), totals.filter(_.term != "*"), others, "term", "term"
    )
    by_key = years.mutate(total=_.total.re_replace(r"[|][^|]*$", ""))
    persons, yuan = (_.whole_persons - _.parts_persons).abs(), (_.whole_amount - _.parts_amount).abs()
    nearest = ibis.row_number().over(
        group_by="total", order_by=[persons.desc(), yuan.desc(), by_key.whole_rows[0]]
    )
    return by_key.mutate(place=nearest).filter(_.place == 0).drop("place")


def _answers(totals: ir.Table) -> ir.Table:
    others = [name for name in KEY if name != "basis"]
    parts = totals.filter(_.basis.isin(ANSWERS))
    return _whole_and_parts(totals.filter(_.basis == "letters"), parts, others, "basis", "answers")


def _whole_and_parts(
    wholes: ir.Table,
    parts: ir.Table,
    others: list[str],
    column: str,
    division: str,
    patterns: Sequence[str] = (),
) -> ir.Table:
    """``others``: what whole and parts have in common; ``patterns``: columns by which there are several sets of parts."""
    sums = _sums_of_parts(parts, [*others, *patterns], column).filter(_.parts > 1)
    matched_totals = (
        _single_wholes(wholes, others)
        .inner_join(sums, others)
        .mutate(
            part_blank=(_.whole_persons.notnull() & _.persons_blank)
            | (_.whole_amount.notnull() & _.amount_blank)
        )
    )
    key = matched_totals[others[0]]
    for name in (*others[1:], *patterns):
        key = key + "|" + matched_totals[name]
    return matched_totals.select(
        total=ibis.literal(f"{division}|") + key,
        division=ibis.literal(division),
        **{name: _[name] for name in FIGURES},
    )


def _single_wholes(wholes: ir.Table, others: list[str]) -> ir.Table:
    """One row a whole: printed twice it is one figure, its larger one."""
    return wholes.group_by(others).agg(
        whole_persons=_.printed_persons.max().cast("int64"),
        whole_amount=_.printed_amount.max().cast(PRINTED_TYPE),
        whole_rounding=_.tolerance.max().fill_null(0).cast("decimal(16, 6)"),
        whole_rows=values_of(record("control_totals")),
    )


def _sums_of_parts(parts: ir.Table, key: list[str], column: str) -> ir.Table:
    """One row a set of parts: how many there are by ``column``, their sums, and which figure some of them leave blank."""
    return parts.group_by(key).agg(
        parts=parts[column].nunique(),
        parts_persons=_sum_of_all("printed_persons", "int64"),
        parts_amount=_sum_of_all("printed_amount", PRINTED_TYPE),
        parts_rounding=_.tolerance.sum().fill_null(0).cast("decimal(16, 6)"),
        parts_rows=values_of(record("control_totals")),
        persons_blank=_is_partly_blank("printed_persons"),
        amount_blank=_is_partly_blank("printed_amount"),
    )


def _sum_of_all(column: str, kind: str) -> ir.Value:
    """Nothing where one of the parts is blank: what is known of the others is no sum."""
    figure = _[column]
    return ibis.ifelse(figure.count() == _.count(), figure.sum(), ibis.null(kind)).cast(kind)


def _is_partly_blank(column: str) -> ir.BooleanValue:
    return (_[column].count() > 0) & (_[column].count() < _.count())


FIGURES = (
    "whole_persons", "whole_amount", "whole_rounding", "whole_rows", "parts_persons", "parts_amount", "parts_rounding",
    "parts_rows", "part_blank",
)  # fmt: skip
