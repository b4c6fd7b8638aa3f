"""What the rows of a finding tell beside its own columns: the other name and school, class, category, dates, card and who shares
it, and who is responsible, where a file names them; and what else was found of the same person, often for the same cause."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd
from ibis import _

from auditlib.base.language import Text
from auditlib.base.logic import record
from auditlib.cells import kinds
from auditlib.rules.registry import RULES
from auditlib.tables.delivered import TABLES
from auditlib.tables.findings import BETWEEN, PARTICULARS
from auditlib.tables.wording import category_word, word

Fetch = Callable[[str, Callable[[], ir.Table]], pd.DataFrame]
"""The rows of what the second makes, which the first names."""
OF_COLUMN = {
    "name": "names",
    "id_number": "numbers",
    "school_name": "schools",
    "destination": "schools",
    "category": "categories",
    "account_no": "accounts",
    "account_holder": "holders",
}
IN_CHARGE = ("head", "deputy", "officer")
"""Of a school: the list of schools names them."""
CLASS = {"stage": "string", "study_year": "int64", "class_name": "string"}
PERSON = Text("{title}：{name}", "{title}: {name}")
NUMBERED = re.compile(r"(\d+)班")
YEAR = Text("{stage}{year}年级", "{stage}, year {year}")


def particulars(
    fetch: Fetch,
    findings: ir.Table,
    rows: Mapping[str, ir.Table],
    pupils: ir.Table,
    language: str,
    schools: ir.Table | None = None,
) -> pd.DataFrame:
    """``finding_id`` and PARTICULARS, a row a finding; empty text where nothing is told.

    ``findings``: with ``records``; ``rows``: table to its rows with ``source`` and ``person_id``; ``pupils``: of the register;
    ``schools``: the list of schools.
    """
    term = findings.term if "term" in findings.columns else ibis.literal("")
    records = findings.select("finding_id", finding_term=term, record=_.records.unnest())
    facts: dict[str, dict[str, dict[str, None]]] = defaultdict(lambda: {kind: {} for kind in PARTICULARS})
    for name, table in rows.items():
        for row in fetch(f"{name}_of_findings", partial(_rows_of, name, table, records, pupils)).to_dict(
            "records"
        ):
            for kind, fact in _facts(name, row, language):
                facts[row["finding_id"]][kind][fact] = None
    for key, fact in _in_charge(fetch, findings, schools, language):
        facts[key]["responsible"][fact] = None
    for key, fact in _relations(fetch, findings, language):
        facts[key]["related"][fact] = None
    between = BETWEEN.into(language)
    lines = [(key, *(between.join(texts) for texts in of.values())) for key, of in sorted(facts.items())]
    return pd.DataFrame(lines, columns=["finding_id", *PARTICULARS], dtype="string")


def _rows_of(name: str, table: ir.Table, records: ir.Table, pupils: ir.Table) -> ir.Table:
    """The rows of ``table`` that findings rest on, in the order of their addresses, with the class of the pupil: the
    register's, else what the row itself says."""
    columns = [column for column in _columns(name) if column in table.columns]
    own = {f"own_{column}": _own(table, column, kind) for column, kind in CLASS.items()}
    mine = table.select("person_id", *columns, record=record(name), **own)
    theirs = pupils.select("person_id", **{f"of_{column}": pupils[column] for column in CLASS})
    records_of_persons = records.inner_join(mine, "record").left_join(theirs, "person_id")
    classes = {
        f"of_{column}": records_of_persons[f"of_{column}"].coalesce(records_of_persons[f"own_{column}"])
        for column in CLASS
    }
    return (
        records_of_persons.mutate(**classes)
        .select("finding_id", "finding_term", "record", *columns, *classes)
        .order_by("finding_id", "record")
    )


def _in_charge(
    fetch: Fetch, findings: ir.Table, schools: ir.Table | None, language: str
) -> Iterator[tuple[str, str]]:
    """``finding_id`` and who is in charge of its school, in full or under its other name, as the list of schools has it."""
    columns = [column for column in IN_CHARGE if schools is not None and column in schools.columns]
    if schools is None or not columns:
        return

    def of_findings() -> ir.Table:
        led_schools = schools.filter(ibis.or_(*(schools[column].notnull() for column in columns)))
        spelled_rows = led_schools.select(*columns, called="school_name").union(
            led_schools.select(*columns, called="alias")
        )
        rows = findings.select("finding_id", called="school_name").inner_join(
            spelled_rows.distinct(), "called"
        )
        return rows.order_by("finding_id", *columns)

    for row in fetch("in_charge_of_findings", of_findings).to_dict("records"):
        for column in columns:
            if isinstance(row[column], str):
                yield str(row["finding_id"]), _person("schools", column, row[column], language)


def _relations(fetch: Fetch, findings: ir.Table, language: str) -> Iterator[tuple[str, str]]:
    """``finding_id`` and the title of each other rule that found something of the same person, by its number."""
    if not {"rule", "id_number", "student_no"} <= set(findings.columns):
        return

    def of_findings() -> ir.Table:
        numbers = findings.select("finding_id", "rule", person=_.id_number.coalesce(_.student_no)).filter(
            _.person.notnull()
        )
        others = numbers.select("person", other_rule="rule")
        pairs = numbers.inner_join(others, "person").filter(_.rule != _.other_rule)
        return pairs.select("finding_id", "other_rule").distinct().order_by("finding_id", "other_rule")

    for row in fetch("rules_beside", of_findings).to_dict("records"):
        rule = RULES.get(row["other_rule"])
        yield str(row["finding_id"]), rule.title.into(language) if rule else row["other_rule"]


def _person(table: str, column: str, name: str, language: str) -> str:
    """What for, and who it is: 班主任：某某."""
    return PERSON.fill(title=TABLES[table].by_name[column].title, name=name).into(language)


def _own(table: ir.Table, column: str, kind: str) -> ir.Value:
    return table[column].cast(kind) if column in table.columns else ibis.null(kind)


def _columns(name: str) -> list[str]:
    return [
        c.name
        for c in TABLES[name].columns
        if c.name in OF_COLUMN or _is_date(c.name, c.kind) or c.kind is kinds.PERSON
    ]


def _is_date(name: str, kind: kinds.Kind) -> bool:
    """A day on which something was done; not a birthday."""
    return kind.dtype == "date" and name != "birth_date"


def _facts(table: str, row: Mapping[Any, Any], language: str) -> Iterator[tuple[str, str]]:
    for column, value in row.items():
        if not isinstance(value, str) and pd.isna(value):
            continue
        if column in OF_COLUMN:
            text, term = str(value), row["finding_term"]
            yield OF_COLUMN[column], category_word(text, term, language) if column == "category" else text
        elif column in TABLES[table].by_name and TABLES[table].by_name[column].kind is kinds.PERSON:
            yield "responsible", _person(table, column, str(value), language)
        elif column in TABLES[table].by_name and column not in CLASS:
            title = TABLES[table].by_name[column].title.into(language)
            yield "dates", f"{title} {str(value)[:10]}"
    own = {column: row[f"of_{column}"] for column in CLASS}
    if not pd.isna(own["stage"]):
        yield "classes", class_text(own, language)


def class_text(row: Mapping[Any, Any], language: str) -> str:
    """Stage, year of study and class in words, as far as they are known (CLASS)."""
    stage, year, class_name = (row[column] for column in CLASS)
    own_class = "" if pd.isna(class_name) else str(class_name)
    numbered = NUMBERED.fullmatch(own_class)
    if numbered and language == "en":
        own_class = f"class {numbered[1]}"
    if pd.isna(stage):
        return own_class
    grade = (
        word(stage, language)
        if pd.isna(year)
        else YEAR.fill(stage=word(stage, language), year=int(year)).into(language)
    )
    return (", " if language == "en" else " ").join(filter(None, (grade, own_class)))
