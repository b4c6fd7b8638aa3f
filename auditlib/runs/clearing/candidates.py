"""Every single change of a few persons' rows that is worth a try, from the kinds of the cells and the other rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import product
from typing import Any

from auditlib.base.terms import age_day, first_day, last_day, years_before
from auditlib.cells import kinds as k
from auditlib.law.amounts import CATEGORIES
from auditlib.law.policy import in_force
from auditlib.runs.clearing.change import Change
from auditlib.runs.retest import REGISTERS, Rows, Scope
from auditlib.runs.run_tables import RunTables
from auditlib.tables.delivered import TABLES

DAY = dt.timedelta(days=1)
POSTING = 20  # days from the first of a posting that are tried as its last
CODES: dict[str, tuple[str, ...]] = {
    "status": ("enrolled", "transferred_out"),
    "boarding": ("boarding", "day"),
    "result": ("success", "returned"),
    "aided": ("yes", "no"),
    "present": ("present", "absent"),
    "certified_education": ("yes", "no"),
    "certified_disabled": ("yes", "no"),
    "certified_health": ("yes", "no"),
    "certified_civil": ("yes", "no"),
}
LINKED_COLUMNS = {"id_number": ("id18", "id_birth")}
"""What goes with a cell that is taken from another row."""
ALIKE = (
    ("name", "name"),
    ("id_number", "id_number"),
    ("account_holder", "name"),
    ("account_holder", "guardian_name"),
)


def changes_of(scope: Scope) -> Iterator[Change]:
    """Every single change of the persons' rows that is worth a try, each once."""
    earlier: set[tuple[Any, ...]] = set()
    for change in (*_cells(scope), *_removals(scope), *_additions(scope), *_links(scope)):
        key = (change.how, change.table, change.source, change.cells)
        if key not in earlier:
            earlier.add(key)
            yield change


def _rows(scope: Scope) -> Iterator[tuple[str, dict[str, Any]]]:
    return ((table, row) for table in REGISTERS for row in scope.of_persons(table))


def _cells(scope: Scope) -> Iterator[Change]:
    days = _days(scope)
    for table, row in _rows(scope):
        for column in TABLES[table].columns:
            for value in _values(scope, table, row, column.name, days):
                if value != row[column.name] or row[f"{column.name}_defect"]:
                    cells = ((column.name, value), (f"{column.name}_defect", None))
                    yield Change("set", table, row["source"], cells, column.name, row[column.name])
    yield from _alike(scope)
    yield from _schools(scope)


def _values(
    scope: Scope, table: str, row: dict[str, Any], column: str, days: Sequence[dt.date]
) -> Iterable[Any]:
    kind = TABLES[table].by_name[column].kind
    run = scope.run.parameters
    if column == "birth_date":
        ages = product(run.ages.compulsory + run.ages.account, (0, 1), (0, 1))
        return [years_before(age_day(run.term), age + more) + late * DAY for age, more, late in ages]
    if column == "posted_to" and row["posted_from"]:
        return [*days, *(row["posted_from"] + more * DAY for more in range(POSTING))]
    if kind in (k.DATE, k.DATE_FROM, k.DATE_TO):
        return [*days, None]
    if column == "category":
        return sorted({row["category"] for row in scope.around["eligibility"]} | set(CATEGORIES))
    if column == "scheme":
        return list(scope.run.policy.schemes)
    if column == "stage":
        return run.enrolment_covers
    if column == "amount" and table == "payments":
        return _amounts(scope, row)
    if column == "fallback_amount":
        return [None, *_due(scope)]
    if column in ("household_no", "account_no"):
        others = sorted({other[column] for other in scope.rows[table] if other[column]})
        return [*others, f"{row['source']} {column}"] if column == "account_no" else others
    return CODES.get(column, ())


def _days(scope: Scope) -> list[dt.date]:
    """Days at which an answer may turn: the run's, the term's, those of the person's other rows; and those beside them."""
    run = scope.run.parameters
    days = {
        run.count_date,
        run.thresholds.pay_by,
        run.thresholds.reply_by,
        first_day(run.term),
        last_day(run.term),
    }
    for _table, row in _rows(scope):
        days |= {
            value for column, value in row.items() if isinstance(value, dt.date) and "birth" not in column
        }
    near = {day + more * DAY for day in days for more in (-1, 0, 1)}
    return sorted(near, key=lambda day: (abs(day - run.count_date), day))


def _due(scope: Scope) -> list[Decimal]:
    standards = in_force(scope.run.policy, scope.run.parameters.term)
    amounts = {
        value for name in ("minimum", "maximum", "due") for value in standards[name] if value is not None
    }
    return sorted(value for value in amounts if value == value)  # NaN is not itself


def _amounts(scope: Scope, row: dict[str, Any]) -> list[Decimal]:
    """What the row could be so that it, or it with the other payments of the scheme, makes a standard."""
    others = [
        other["amount"]
        for other in scope.rows["payments"]
        if (other["person_id"], other["scheme"]) == (row["person_id"], row["scheme"]) and other["source"] != row["source"]
        and other["result"] == "success" and other["amount"] is not None
    ]  # fmt: skip
    rest = sum(others, Decimal(0))
    return sorted({*_due(scope), *(due - rest for due in _due(scope) if due > rest)})


def _alike(scope: Scope) -> Iterator[Change]:
    """A name or number as another row of the person, or the pupil whom it may be, has it."""
    everyone = [(table, row) for table in REGISTERS for row in scope.rows[table]]
    for table, row in _rows(scope):
        for column, of in ALIKE:
            if column not in TABLES[table].by_name:
                continue
            for _other, model in everyone:
                if model["person_id"] == row["person_id"] and model.get(of) and model[of] != row[column]:
                    cells = [(column, model[of]), (f"{column}_defect", model.get(f"{of}_defect"))]
                    cells += [(extra, model.get(extra)) for extra in LINKED_COLUMNS.get(column, ())]
                    yield Change("set", table, row["source"], tuple(cells), column, row[column])


def _schools(scope: Scope) -> Iterator[Change]:
    """A payment through the pupil's school, or the pupil at the school that paid."""
    for table, of in (("payments", "enrolment"), ("enrolment", "payments")):
        for row, model in product(scope.of_persons(table), scope.of_persons(of)):
            if (
                row["person_id"] == model["person_id"]
                and model["school_id"]
                and model["school_id"] != row["school_id"]
            ):
                cells = tuple(
                    (column, model[column]) for column in ("school_name", "school_code", "school_id")
                )
                yield Change("set", table, row["source"], cells, "school_name", row["school_name"])


def _removals(scope: Scope) -> Iterator[Change]:
    return (Change("remove", table, row["source"]) for table, row in _rows(scope))


def _additions(scope: Scope) -> Iterator[Change]:
    """One more row of a person, as a plain case would have it."""
    run = scope.run
    for person in scope.persons:
        of = {table: [row for row in scope.rows[table] if row["person_id"] == person] for table in REGISTERS}
        base = next((row for table in REGISTERS for row in of[table]), None)
        for table, plain in _plain_rows(run, of):
            empty = dict.fromkeys(run.table(table).columns)
            who = {key: base[key] for key in ("person_id", "name", "id_number", "id18", "id_birth") if base}
            new_row = (
                empty
                | {"in_register": bool(of["enrolment"]) or table == "enrolment", "decided_by": "id_number"}
                | who
                | plain
            )
            yield Change(
                "add",
                table,
                f"+{person}",
                tuple(item for item in new_row.items() if item[0] != "source"),
                "",
                None,
            )


def _plain_rows(run: RunTables, of: Rows) -> Iterator[tuple[str, dict[str, Any]]]:
    """Table and cells of each row that might be lacking to the person whose rows are ``of``."""
    place = next(({key: row[key] for key in ("school_name", "school_code", "school_id")} for row in (*of["enrolment"], *of["payments"])), {})  # fmt: skip
    for cells in _payments(run, of):
        yield "payments", place | cells
    for category in CATEGORIES:
        yield "eligibility", {"category": category}
    stages = [of["enrolment"][0]["stage"]] if of["enrolment"] else run.parameters.enrolment_covers
    for stage, boarding in product(stages, CODES["boarding"]):
        yield "enrolment", {**place, "stage": stage, "boarding": boarding, "status": "enrolled"}
    procedure, letter = _steps(run)
    yield "applications", {**{key: place[key] for key in ("school_name",) if place}, **procedure}
    yield "letters", letter


def _payments(run: RunTables, of: Rows) -> Iterator[dict[str, Any]]:
    """What is due, paid in time; and each payment that was made, taken back."""
    parameters = run.parameters
    early = min(parameters.count_date, parameters.thresholds.pay_by)
    standards = in_force(run.policy, parameters.term).drop_duplicates(["scheme", "due"])
    for standard in standards.to_dict("records"):
        yield {
            "scheme": standard["scheme"],
            "term": parameters.term,
            "amount": standard["due"],
            "pay_date": early,
            "result": "success",
        }
    for row in of["payments"]:
        yield {
            **{key: row[key] for key in ("scheme", "term", "pay_date", "school_id")},
            "amount": -row["amount"] if row["amount"] else None,
            "result": "success",
        }


def _steps(run: RunTables) -> tuple[dict[str, Any], dict[str, Any]]:
    """An application and a letter that keep every day."""
    first_term_day = first_day(run.parameters.term)
    procedure = {
        "posted_from": first_term_day + 14 * DAY,
        "posted_to": first_term_day + 28 * DAY,
        "approved_on": first_term_day + 28 * DAY,
        "applied_on": first_term_day,
    }
    letter = {
        "sent_on": first_term_day + 14 * DAY,
        "replied_on": min(run.parameters.thresholds.reply_by, run.parameters.count_date),
        "aided": "yes",
    }
    return procedure, letter


def _links(scope: Scope) -> Iterator[Change]:
    """A row that nothing decided, taken for the pupil whom it may be."""
    for pair in scope.pairs:
        table, source = pair["table"], pair["source"]
        if any(row["source"] == source for row in scope.rows[table]):
            cells = (("person_id", pair["candidate_id"]), ("in_register", True))
            yield Change("same", table, source, cells, "", None, f"{pair['register_source']}")
