"""The plain county: one pupil as a county should have it (eligible, enrolled, posted, approved, paid in full), and
small counties that differ from it in a few cells, run through the whole chain from raw text.

An overlay's values may hold places: ``{id}``, ``{name}``, ``{household}``, ``{account}``, ``{school}``,
``{school_name}``, ``{student_no}``, ``{guardian}``, ``{guardian_id}`` and ``{birth}`` are the pupil's own and differ
from one example to the next; ``{id2}``, ``{name2}`` … are a second pupil's (up to 9).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
from stdnum.cn import ric

from auditlib.audit.assemble import Audit, assemble
from auditlib.base import terms
from auditlib.base.engine import Engine, duckdb_engine
from auditlib.base.places import ROOT
from auditlib.findings.apply import RuleRun, apply_rules, findings
from auditlib.ingest.cleaning.standardise import not_delivered, standardise
from auditlib.law.parameters import THRESHOLDS, SelfCheck, check_self_check
from auditlib.law.policy import Policy, read_policy
from auditlib.linkage import exact as linkage
from auditlib.linkage.ledgers import link_ledgers
from auditlib.rules import RULES
from auditlib.rules.registry import Rule
from auditlib.tables.delivered import TABLES, Table
from auditlib.tables.vocabulary import vocabulary

Row = dict[str, str]
County = dict[str, list[Row]]

PARAMETERS: dict[str, Any] = {
    "county_code": "990100",
    "county_name": "平县",
    "term": "2020-autumn",
    "count_date": "2020-10-31",
    "data_dir": ".",
    "sources": {},
    "policy": ["national", "anshan"],
    "enrolment_covers": ["primary", "junior", "senior", "special"],
    "thresholds": {
        "link_accept": 0.95,
        "link_review": 0.5,
        "posting_days": 5,
        "pay_by": "2020-12-31",
        "reply_by": "2020-12-15",
    },
    "output_dir": ".",
}

EARLIER = "last_term"  # in an example: rows of the enrolment register as a run of the term before read it
PUPIL = {"name": "{name}", "id_number": "{id}"}
PLAIN: dict[str, Row] = {
    "eligibility": PUPIL | {
        "category": "低保", "household_no": "{household}", "relation": "之子", "birth_date": "{birth}",
        "town": "青山镇", "valid_from": "2014-12", "school_name": "{school_name}",
    },
    "enrolment": PUPIL | {
        "student_no": "{student_no}", "birth_date": "{birth}", "school_code": "{school}",
        "school_name": "{school_name}", "stage": "小学", "grade": "三年级", "class_name": "1班", "boarding": "住校",
        "status": "在读", "guardian_name": "{guardian}", "guardian_id": "{guardian_id}",
    },
    "payments": PUPIL | {
        "school_code": "{school}", "school_name": "{school_name}", "scheme": "寄宿生生活补助",
        "term": "2020年秋季学期", "amount": "500", "pay_date": "2020-11-20", "result": "成功",
        "account_no": "{account}", "account_holder": "{name}",
    },
    "applications": PUPIL | {
        "school_name": "{school_name}", "category": "低保", "applied_on": "2020-09-10",
        "posted_from": "2020-09-21", "posted_to": "2020-09-25", "approved_on": "2020-10-12",
    },
    "schools": {"school_code": "{school}", "school_name": "{school_name}", "stage": "小学", "town": "青山镇"},
}  # fmt: skip
# Tables in which the plain pupil has no row; a row that an example lays there starts from this.
STARTS: dict[str, Row] = {
    "letters": PUPIL | {
        "household_no": "{household}", "destination": "外省某小学", "sent_on": "2020-09-20", "replied_on": "2020-10-20",
        "aided": "是", "verified_on": "2020-10-15",
    },
    "planned": PUPIL | {"school_name": "{school_name}", "scheme": "寄宿生生活补助", "term": "2020年秋季学期", "amount": "500"},
    "control_totals": {"term": "2020-autumn"},
    "attendance": PUPIL | {
        "student_no": "{student_no}", "school_name": "{school_name}", "grade": "三年级", "class_name": "1班",
        "counted_on": "2020-10-30", "present": "是",
    },
    "dropouts": PUPIL | {
        "student_no": "{student_no}", "school_name": "{school_name}", "persuader": "郭老师", "dropped_on": "2020-09-07",
        "way": "上门劝返", "notice_on": "2020-09-20", "returned_on": "2020-09-25", "closed_on": "2020-10-12",
    },
    "unable": PUPIL | {
        "student_no": "{student_no}", "disability": "智力一级", "cause": "重度残疾，生活不能自理", "certified_education": "是",
        "certified_disabled": "是", "certified_health": "是", "certified_civil": "是",
    },
    "home_teaching": {
        "name": "{name}", "student_no": "{student_no}", "taught_on": "2020-10-14", "lessons": "2", "teacher": "郭老师",
        "signed_by": "{guardian}",
    },
    "quotas": {"school_name": "{school_name}", "scheme": "寄宿生生活补助", "places": "10"},
    "funds": {
        "document_no": "财教〔2020〕{school}号", "scheme": "寄宿生生活补助", "allotted": "1000", "received_on": "2020-09-10",
        "paid_out": "1000", "balance": "0",
    },
    "issues": {
        "list_name": "省级督查", "measure": "补发漏助学生资助", "responsible": "郭主任", "due_on": "2020-10-15", "state": "已完成",
        "closed_on": "2020-10-10", "evidence": "银行回单",
    },
}  # fmt: skip

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
SYLLABLES = "安邦昌德恩方刚海家凯兰敏宁平强然胜涛文晓雅泽志忠博晨冬飞光浩吉军康林梅鹏清荣思婷伟星燕勇云珍竹"


def check_digit(seventeen: str) -> str:
    """The check character of GB 11643-1999, by another's hand than the engine's."""
    return ric.calc_check_digit(seventeen + "0")


def id_number(example: int, person: int, birth: str, area: str = "9901") -> str:
    """A sound made-up number (area 99): its own for every example and person."""
    body = f"{area}{person:02d}{birth.replace('-', '')}{example:03d}"
    return body + check_digit(body)


def person_name(example: int, person: int) -> str:
    """A name that no other person of the county has."""
    number, size = example * 10 + person, len(SYLLABLES)
    surname = SURNAMES[(example + 7 * person + number // size**2) % len(SURNAMES)]
    return surname + SYLLABLES[number // size % size] + SYLLABLES[number % size]


def places(example: int, births: Mapping[int, str]) -> Row:
    """What the places in an overlay stand for."""
    words: Row = {}
    for person in range(1, 10):
        own = _of_person(example, person, births.get(person, births[1]))
        words |= {word + ("" if person == 1 else str(person)): value for word, value in own.items()}
    return words


def _of_person(example: int, person: int, birth: str) -> Row:
    number, other = id_number(example, person, birth), id_number(example, person + 30, birth)
    given = person_name(example, person)
    return {
        "id": number,
        "id15": number[:6] + number[8:17],
        # Never a nought: with two before it the number would be one that a spreadsheet has cut.
        "id_wrong_check": number[:17] + ("1" if number[17] in "9X" else str(int(number[17]) + 1)),
        "id_swapped": number[:4] + number[5] + number[4] + number[6:],
        "id_short": number[:12] + number[13:],
        "id_other": other,
        "id_float": f"{number[0]}.{number[1:6]}E+17",
        "id_cut": f"{number[0]}.{number[1:15]}E+17",
        "name": given,
        "birth": birth,
        "household": f"HU{example:03d}{person}",
        "account": f"6229{example:03d}{person:012d}",
        "school": f"99{example:03d}{person:05d}",
        "school_name": f"第{example}之{person}学校",
        "student_no": "G" + number,
        "student_no_l": "L" + other,
        "guardian": "郭" + given[1:],
        "guardian_id": id_number(example, person + 60, "1980-01-01"),
    }


# --- counties ------------------------------------------------------------------------------------------------------


def overlaid(example: int, rows: Mapping[str, Any], births: Mapping[int, str] | None = None) -> County:
    """The rows of one example: the plain pupil's, with ``rows`` laid over them.

    A table is a mapping (laid over the plain row), a sequence of such (one row each) or None (no row). ``of`` in a row
    names the pupil whose plain row it starts from; a second pupil has plain rows in the tables not named.
    """
    words = places(example, {1: DEFAULT_BIRTH} | dict(births or {}))
    listed = {table: _listed(given) for table, given in rows.items()}
    persons = sorted({1} | {int(row.get("of", 1)) for given in listed.values() for row in given})
    county: County = {}
    for table in (*TABLES, *({EARLIER} & set(listed))):
        plain = [{"of": person} for person in persons] if table in PLAIN else []
        laid_rows = listed.get(table, plain)
        county[table] = [
            {**_laid(table, row, words), "source": f"{example:03d}{FILE[int(row.get('of', 1)) > 1]}!{number}"}
            for number, row in enumerate(laid_rows, 2)
        ]
    return county


DEFAULT_BIRTH = "2011-05-04"
FILE = (".csv", "-others.csv")


def _listed(given: Any) -> Sequence[Mapping[str, Any]]:
    if given is None:
        return []
    return [given] if isinstance(given, Mapping) else list(given)


def _laid(table: str, row: Mapping[str, Any], words: Row) -> Row:
    person = int(row.get("of", 1))
    kind = "enrolment" if table == EARLIER else table
    start = PLAIN.get(kind) or STARTS[kind]
    if person > 1:
        start = {column: value.replace("}", f"{person}}}") for column, value in start.items()}
    full_row = start | {column: value for column, value in row.items() if column != "of"}
    unknown = set(full_row) - set(TABLES[kind].by_name) - {"amount_unit", "boarding_coding"}
    assert not unknown, f"{table} has no {unknown}"
    return {column: str(value).format_map(words) for column, value in full_row.items() if value is not None}


def together(counties: Sequence[County]) -> County:
    """Several counties as one."""
    return {
        table: [row for county in counties for row in county.get(table, [])] for table in (*TABLES, EARLIER)
    }


# --- the chain -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Checked:
    """A small county after the whole chain."""

    engine: Engine
    audit: Audit
    outcomes: list[RuleRun]
    findings: pd.DataFrame

    @cache  # noqa: B019 - lives as long as the test module
    def population(self, rule: str) -> pd.DataFrame:
        """``subject, exception, untested, reason, at_stake, rests_on`` of one rule."""
        table = next(outcome.population for outcome in self.outcomes if outcome.rule.id == rule)
        assert table is not None, f"{rule} was not run"
        return self.engine.fetch(table)

    @cache  # noqa: B019 - lives as long as the test module
    def sources(self) -> pd.DataFrame:
        """``table, source, person_id`` of every row."""
        return self.engine.fetch(self.audit.identities.select("table", "source", "person_id"))

    def found(self) -> list[tuple[str, str]]:
        """``(rule, reason)`` of every finding, sorted."""
        return sorted(zip(self.findings["rule"], self.findings["reason"], strict=True))


def parameters_of(**other: Any) -> SelfCheck:
    """The plain parameters; thresholds may be named directly."""
    limits = {key: other.pop(key) for key in tuple(other) if key in THRESHOLDS}
    values = PARAMETERS | other | {"thresholds": PARAMETERS["thresholds"] | limits}
    return check_self_check(values, base=ROOT)


def policy_of(parameters: SelfCheck) -> Policy:
    return read_policy(parameters.policy, ROOT)


def frame(table: Table, rows: Sequence[Row]) -> pd.DataFrame:
    """Raw rows as ingest hands them on: every declared column, units and codings, the address."""
    extra = [f"{c.name}_{c.kind.companion}" for c in table.columns if c.kind.companion in ("unit", "coding")]
    return pd.DataFrame(list(rows), columns=["source", *table.by_name, *extra], dtype="object")


def standardised(engine: Engine, county: County, parameters: SelfCheck, policy: Policy) -> dict[str, Any]:
    """``county`` as typed tables."""
    words, tables = vocabulary(policy), {}
    for name, table in TABLES.items():
        if not county.get(name) and name not in PLAIN:
            tables[name] = not_delivered(engine, table)
            continue
        rows = frame(table, county.get(name, []))
        raw = engine.load(f"{name}_raw", rows, dict.fromkeys(rows.columns, "string"))
        tables[name] = standardise(engine, raw, table, words, parameters.term)
    return tables


def everything(county: County) -> dict[str, frozenset[str]]:
    """All tables that have rows, all their columns: as if every header had been found."""
    return {
        name: frozenset(table.by_name) if county.get(name) else frozenset() for name, table in TABLES.items()
    }


def audited(county: County, policy: Policy | None = None, **other: Any) -> tuple[Engine, Audit]:
    """``county`` from raw text to the tables that rules stand on; its rows of ``last_term`` make a run of their own."""
    if county.get(EARLIER):
        with TemporaryDirectory() as folder:
            earlier_run(Path(folder), county[EARLIER], parameters_of(**other))
            rest = {table: rows for table, rows in county.items() if table != EARLIER}
            engine, audit = audited(rest, policy, **other, previous=[folder])
            engine.fetch(audit.pupils.count().as_table())  # all that was asked for is read by now
            return engine, audit
    parameters = parameters_of(**other)
    law = policy or policy_of(parameters)
    engine = duckdb_engine(threads=2)
    tables = standardised(engine, county, parameters, law)
    linked = link_ledgers(
        engine, tables, linkage.link(engine, tables), [name for name in TABLES if county.get(name)]
    )
    return engine, assemble(engine, tables, linked, law, parameters, everything(county))


def earlier_run(folder: Path, rows: list[Row], now: SelfCheck) -> None:
    """What a run of the term before leaves of its register in ``folder``."""
    term = terms.before(now.term)
    engine, audit = audited({"enrolment": rows}, term=term, count_date=f"{terms.last_day(term)}")
    (folder / "tables").mkdir()
    engine.fetch(audit.pupils).to_parquet(folder / "tables" / "pupils.parquet")
    manifest_values = {"parameters": {"county_code": now.county_code, "term": term}}
    (folder / "manifest.json").write_text(json.dumps(manifest_values), encoding="utf-8")


def check(
    county: County, policy: Policy | None = None, rules: Mapping[str, Rule] = RULES, **other: Any
) -> Checked:
    """``county`` through the whole chain."""
    engine, audit = audited(county, policy, **other)
    outcomes = apply_rules(engine, audit, rules)
    return Checked(engine, audit, outcomes, engine.fetch(findings(engine, audit, outcomes)))
