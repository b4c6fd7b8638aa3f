"""One person's file (一生一档): everything that the registers of all terms say of one person, each datum with its row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd
from ibis import _

from auditlib.base.errors import AuditError
from auditlib.base.language import Text
from auditlib.base.masking import AREA, HIDDEN_AT_LEAST, OF_NAME, OF_NUMBER, TAIL
from auditlib.decisions.dispositions import read_dispositions
from auditlib.linkage.ledgers import LEDGERS, NAMED_TABLES
from auditlib.runs.run_rows import Row, rows_where
from auditlib.runs.run_tables import RunTables, open_run

REGISTERS = ("eligibility", "enrolment", "payments", "planned", "applications", "letters", *LEDGERS)
EVENTS: Mapping[tuple[str, str], Text] = {
    ("eligibility", "valid_from"): Text("纳入：{category}", "On the register: {category}"),
    ("eligibility", "valid_to"): Text("退出：{category}", "Off the register: {category}"),
    ("enrolment", "status_date"): Text("学籍：{status}，{school_name}", "Enrolment: {status}, {school_name}"),
    ("payments", "pay_date"): Text("{scheme} {amount} 元，{result}", "{scheme}, {amount} yuan, {result}"),
    ("applications", "applied_on"): Text("申请", "Applied"),
    ("applications", "posted_from"): Text("公示开始", "Posting begins"),
    ("applications", "posted_to"): Text("公示结束", "Posting ends"),
    ("applications", "approved_on"): Text("审批", "Approved"),
    ("letters", "sent_on"): Text("发函：{destination}", "Letter sent: {destination}"),
    ("letters", "replied_on"): Text("回函：{aided}", "Letter answered: {aided}"),
    ("attendance", "counted_on"): Text("清点", "Heads counted"),
    ("dropouts", "dropped_on"): Text("辍学", "Dropped out"),
    ("dropouts", "notice_on"): Text("限期复学通知书", "Notice to return"),
    ("dropouts", "reported_on"): Text("报告乡镇", "Reported to the township"),
    ("dropouts", "returned_on"): Text("劝返复学", "Back at school"),
    ("dropouts", "closed_on"): Text("销号", "Closed in the ledger"),
    ("home_teaching", "taught_on"): Text("送教上门", "Taught at home"),
}
COUNTED_TEXT, DECIDED_TEXT = (
    Text("核定基准日（{term}）", "Count date ({term})"),
    Text("处理：{status}（{rule}）", "Decision: {status} ({rule})"),
)
KEYS = ("person_id", "id18", "student_no")


@dataclass(frozen=True)
class Event:
    """Something that happened on a day; ``cells``: the row's cells that the sentence names."""

    on: dt.date
    text: Text
    cells: Row
    table: str = ""
    source: str = ""


@dataclass(frozen=True)
class TermFile:
    """What one run knows of the person. ``rows``: register to rows; ``aid``: due and paid, a row a scheme.

    ``findings``: the findings about the person; ``decisions``: the ledger's lines on them, oldest first.
    """

    run: RunTables
    rows: Mapping[str, list[dict[str, Any]]]
    aid: list[dict[str, Any]]
    findings: list[dict[str, Any]]
    decisions: list[dict[str, Any]]

    @property
    def term(self) -> str:
        return self.run.parameters.term

    def sources(self) -> int:
        return sum(map(len, self.rows.values()))


@dataclass(frozen=True)
class PupilFile:
    """``who``: as findings name the person; ``terms``: the open run first, the others from the latest term on.

    ``left_out``: runs beside this one that could not be opened.
    """

    person_id: str
    who: Row
    terms: tuple[TermFile, ...]
    left_out: tuple[str, ...] = ()

    def timeline(self) -> list[Event]:
        """All that has a day, in order."""
        events = [
            event
            for term in self.terms
            for event in (*_count_day(term), *_happenings(term), *_decision_events(term))
        ]
        once = {
            (event.on, event.text, event.table, tuple(sorted(map(str, event.cells.items())))): event
            for event in events
        }
        return sorted(once.values(), key=lambda event: (event.on, event.table, event.source))


def pupil_file(run: RunTables, person_id: str) -> PupilFile | None:
    """The file of one person of ``run``, with the other terms of the county beside it; None where nobody is so named."""
    people = _python(run.fetch(run.table("people").filter(_.person_id == person_id)))
    if not people:
        return None
    this = _term(run, [person_id])
    keys = {
        key: sorted({row[key] for rows in this.rows.values() for row in rows if row.get(key)}) for key in KEYS
    }
    keys["person_id"] = [person_id]
    others, left_out = runs_beside(run)
    terms = [_term(other, persons) for other in others if (persons := _persons(other, keys))]
    return PupilFile(person_id, people[0], (this, *terms), tuple(left_out))


def runs_beside(run: RunTables) -> tuple[list[RunTables], list[str]]:
    """The runs of the same county's other terms in the folder beside, the latest first; and the names of those unopened."""
    other_terms, left_out = [], []
    for folder in sorted(run.folder.parent.iterdir()):
        if folder == run.folder or not (folder / "manifest.json").is_file():
            continue
        try:
            other = open_run(folder)
        except AuditError:
            left_out.append(folder.name)
            continue
        if (
            other.parameters.county_code == run.parameters.county_code
            and other.parameters.term != run.parameters.term
        ):
            other_terms.append(other)
    return sorted(other_terms, key=lambda other: _order(other.parameters.term), reverse=True), left_out


def _order(term: str) -> tuple[str, bool]:
    return term[:4], term.endswith("autumn")


def persons_of_finding(run: RunTables, finding_id: str) -> list[str]:
    """The persons whom a finding is about: one, those on a shared account, none for a printed total."""
    subjects = _python(run.fetch(run.table("subjects").filter(_.finding_id == finding_id)))
    if not subjects:
        return []
    if subjects[0].get("person_id"):
        return [subjects[0]["person_id"]]
    if not subjects[0].get("account_no"):
        return []
    paid = (
        run.table("payments").filter(_.account_no == subjects[0]["account_no"]).select("person_id").distinct()
    )
    return sorted(run.fetch(paid)["person_id"])


def find_people(
    run: RunTables, text_asked: str, most: int = 20, *, unmasked: bool = False
) -> list[dict[str, Any]]:
    """Up to ``most`` persons whose name begins with, or whose number ends in, what is asked: as they are shown.

    A masked name is found by its first character, a masked number by its last two: whoever may not see the rest cannot
    have it guessed either.
    """
    text = text_asked.strip().upper()
    if not text:
        return []
    people = run.table("people")
    visible = (
        people if unmasked else people.mutate(name=_name_shown(people.name), **_numbers_shown(people))
    ).mutate(person=people.person_id)
    fits = (
        visible.name.startswith(text) | visible.id_number.endswith(text) | visible.student_no.endswith(text)
    )
    hits = visible.filter(fits).order_by("name", "school_name", "id_number", "person").limit(most)
    return _python(run.fetch(people.semi_join(hits, people.person_id == hits.person).order_by("person_id")))


def _name_shown(name: ir.StringValue) -> ir.StringValue:
    """As :func:`auditlib.base.masking.masked_name`."""
    return ibis.ifelse(name.length() > 1, name.substr(0, 1) + ibis.literal(OF_NAME), OF_NAME)


def _numbers_shown(people: ir.Table) -> dict[str, ir.StringValue]:
    """As :func:`auditlib.base.masking.masked_number`: area and last two, nothing of a short one."""
    masked = {}
    for column in ("id_number", "student_no"):
        body = people[column].re_replace("^[A-Za-z]", "")
        hidden_length = body.length() - AREA - TAIL
        ends = body.substr(0, AREA) + ibis.literal(OF_NUMBER) + body.right(TAIL)
        masked[column] = ibis.ifelse(hidden_length < HIDDEN_AT_LEAST, OF_NUMBER, ends)
    return masked


def _persons(run: RunTables, keys: Mapping[str, list[str]]) -> list[str]:
    """Who, in another run, has the person's identity, sound number or student number."""
    persons: set[str] = set()
    for name in NAMED_TABLES:
        rows = run.table(name)
        fits = rows.person_id.isin(keys["person_id"])
        for key in KEYS[1:]:
            if keys[key] and key in rows.columns:
                fits = fits | rows[key].isin(keys[key])
        persons |= set(run.fetch(rows.filter(fits).select("person_id").distinct())["person_id"])
    return sorted(persons)


def _term(run: RunTables, persons: list[str]) -> TermFile:
    rows = {name: rows_where(run, name, _.person_id.isin(persons)) for name in REGISTERS}
    accounts = sorted({row["account_no"] for row in rows["payments"] if row.get("account_no")})
    about = run.table("subjects").filter(_.person_id.isin(persons) | _.account_no.isin([*accounts, ""]))
    findings = run.table("findings").semi_join(about, "finding_id").order_by("rule", "finding_id")
    aid = run.table("aid").filter(_.person_id.isin(persons)).order_by("scheme")
    findings_shown = _python(run.fetch(findings))
    return TermFile(
        run, rows, _python(run.fetch(aid)), findings_shown, _decisions(run.folder, findings_shown)
    )


def _decisions(folder: Path, findings: Iterable[Row]) -> list[dict[str, Any]]:
    rules = {finding["finding_id"]: finding["rule"] for finding in findings}
    ledger = read_dispositions([folder])
    lines = ledger[ledger["finding_id"].isin(list(rules))].to_dict("records")
    return [
        {**{str(key): value for key, value in line.items()}, "rule": rules[line["finding_id"]]}
        for line in lines
    ]


def _python(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {
            str(key): value
            for key, value in row.items()
            if not (pd.api.types.is_scalar(value) and pd.isna(value))
        }
        for row in frame.astype("object").to_dict("records")
    ]


def _count_day(term: TermFile) -> Iterator[Event]:
    yield Event(term.run.parameters.count_date, COUNTED_TEXT, {"term": term.term})


def _happenings(term: TermFile) -> Iterator[Event]:
    for (table, column), text in EVENTS.items():
        yield from (
            Event(row[column], text, row, table, row["source"]) for row in term.rows[table] if column in row
        )


def _decision_events(term: TermFile) -> Iterator[Event]:
    for line in term.decisions:
        yield Event(dt.date.fromisoformat(line["decided_at"][:10]), DECIDED_TEXT, line)
