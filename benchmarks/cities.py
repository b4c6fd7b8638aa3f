"""A hundred counties: the city's steps after the counties were audited again, and what tokens alone would have found.

``python benchmarks/cities.py [counties] [pupils a county]``; prints the seconds of each step (of the clock and of the processor), peak memory, and of the
persons who are in two counties how many were found by the number alone, by the registers and by keyed tokens.

Made in DuckDB: pupils with one payment each, a few of them in the next county too, one in ten of these under a slip, each
as often: two digits swapped; one digit wrong, and the birth date a day off; one digit wrong; no number; no number, and
another character in the name. Each county's package is its city copy before five rows were altered.
"""

from __future__ import annotations

import hashlib
import resource
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import ibis
import pandas as pd
import pyarrow as pa
from ibis import _
from id_numbers import CHECK_CHARACTER

import auditlib
from auditlib.base.engine import duckdb_engine
from auditlib.city import across, compare
from auditlib.city.alike import PERSONS
from auditlib.city.by_tokens import by_tokens
from auditlib.city.closures import closures
from auditlib.city.conclude import conclude
from auditlib.city.counties import County
from auditlib.city.draw import CountyDraw, draw
from auditlib.city.findings import recheck_findings
from auditlib.city.parameters import GRADES, Sample
from auditlib.city.population import population
from auditlib.city.submissions import Submission
from auditlib.package import Package
from auditlib.package.keys import FingerprintKey
from auditlib.package.tokens import ENROLLED, PAID, ROLE, SCHEMA, person_tokens
from auditlib.tables.findings import FINDING

GIVEN_SIGNS = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉梅文辉力建国斌宇浩凯健俊帆雪峰"
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
BOTH_COUNTIES, MISSPELT_IN = (
    300,
    10,
)  # one pupil in 300 is in the next county too, one in 10 of these under a slip
FINDING_COUNT = 150  # findings of a county
ENGINE, KEY = duckdb_engine(), FingerprintKey(bytes(range(32)))
SAMPLE = Sample("attribute", Decimal("0.95"), Decimal("0.05"), Decimal("0.01"), "20201231")
PEOPLE = f"""
with numbered as (
  select c, i, date '2005-09-01' + cast(hash(c, i) % 3600 as integer) as birth,
    printf('99%04d', c) || strftime(birth, '%Y%m%d') || lpad(cast(i % 1000 as text), 3, '0') as body
  from range({{counties}}) as counties(c), range({{pupils}}) as pupils(i)
), own as (
  select c, i, birth, body || {CHECK_CHARACTER} as id18,
    '{SURNAMES}'[1 + cast(hash(concat_ws('|', c, i, 1)) % {len(SURNAMES)} as integer)] || '{GIVEN_SIGNS}'[1 + cast(hash(concat_ws('|', c, i, 2)) % {len(GIVEN_SIGNS)} as integer)]
      || '{GIVEN_SIGNS}'[1 + cast(hash(concat_ws('|', c, i, 3)) % {len(GIVEN_SIGNS)} as integer)] as name
  from numbered
), guests as (
  select c + 1 as c, i, birth, name, id18 as true_number, hash(concat_ws('|', c, i, 5)) % {MISSPELT_IN} = 0 as slipped from own
  where hash(concat_ws('|', c, i, 4)) % {BOTH_COUNTIES} = 0 and c + 1 < {{counties}}
)
select c, i, birth, name, id18, id18 as number, id18 as true_number, false as guest, false as slipped from own
union all
select c, i, if(slipped and i % 5 = 1, birth + 1, birth),
  if(slipped and i % 5 = 4, name[:2] || '{GIVEN_SIGNS}'[1 + cast(hash(concat_ws('|', c, i, 6)) % {len(GIVEN_SIGNS)} as integer)], name),
  if(slipped, null, true_number), if(not slipped, true_number, case
    when i % 5 = 0 then true_number[:15] || true_number[17] || true_number[16] || true_number[18:]
    when i % 5 < 3 then true_number[:16] || cast((cast(true_number[17] as integer) + 1) % 10 as text) || true_number[18:]
    else null end), true_number, true, slipped from guests
order by c, i, guest
"""


def counties_of(number: int, pupils: int) -> tuple[list[County], set[tuple[str, str]], int]:
    """The counties as re-performance leaves them; the persons who are in two, and how many of them under a slip."""
    people = ibis.duckdb.connect().con.execute(PEOPLE.format(counties=number, pupils=pupils)).df()
    guests = people[people["guest"]]
    truth = {(f"99{c:04d}", n) for c, n in zip(guests["c"], guests["true_number"], strict=True)}
    return [_county(c, part) for c, part in people.groupby("c")], truth, int(guests["slipped"].sum())


def _county(c: Any, people: pd.DataFrame) -> County:
    code = f"99{c:04d}"
    persons = pd.DataFrame(
        {
            "person_id": people["number"].fillna("bare " + people["true_number"]),
            "name": people["name"],
            "id_number": people["number"],
            "id18": people["id18"],
            "student_no": None,
            "birth": people["birth"],
            "damaged": False,
            "source": [f"f.csv!{i}" for i in range(2, len(people) + 2)],
        }
    )
    paid = persons.assign(
        scheme="boarder_allowance", amount=Decimal(500), school_name="校" + (people["i"] % 40).astype(str), town="镇",
        class_name=None, pay_date=None, held=Decimal(500),
    )  # fmt: skip
    enrolled = persons.assign(active=True, stage="primary", school_name=paid["school_name"], records=[[f"enrolment:{s}"] for s in persons["source"]])  # fmt: skip
    letters = persons.iloc[:0].assign(fallback_amount=None)
    county_findings, prints = _findings(code, paid), _prints(persons)
    manifest = {"auditlib": auditlib.__version__, "parameters": {}, "policy": [], "inputs": [], "rules": {}}
    decisions = pd.DataFrame({"finding_id": county_findings["finding_id"].iloc[:20], "status": "closed", "cause": "", "decided_at": "2021-01-08", "amount": ""})  # fmt: skip
    package = Package(
        code, code, "2020-autumn", county_findings, decisions, prints, "key", manifest, "key", ""
    )
    now = prints.assign(content=prints["content"].where(prints.index >= 5, "altered"))
    net = paid.rename(columns={"amount": "net"})[["id_number", "scheme", "net"]].dropna().assign(due=None)
    thresholds = SimpleNamespace(thresholds=SimpleNamespace(link_review=0.5), language="zh")
    return County(
        code, code, thresholds, Submission("", package), county_findings.iloc[5:], manifest, paid, net, enrolled, persons.iloc[:0],  # type: ignore[arg-type]
        letters, persons, now, "key", _tokens(code, persons), copied_on="2021-01-10",
    )  # fmt: skip


def _tokens(code: str, persons: pd.DataFrame) -> pa.Table:
    """The tokens as the county's own run makes them of the same persons, each enrolled and paid."""
    kinds = {name: kind for name, kind in PERSONS.items() if name != "county_code"} | {"source": "string"}
    persons_table = ENGINE.load("bench_persons", persons, kinds)
    token_rows = person_tokens(ENGINE, persons_table, code, KEY).inner_join(
        persons_table.select("person_id", "source"), "person_id"
    )
    empty = {name: ibis.null(kind) for name, kind in ROLE.items()}
    yuan = ibis.literal(500).cast(ROLE["amount"])
    roles = (
        {"role": ibis.literal(PAID), "scheme": ibis.literal("boarder_allowance"), "amount": yuan},
        {"role": ibis.literal(ENROLLED), "active": ibis.literal(True), "stage": ibis.literal("primary")},
    )
    records = {"records": ibis.array([_.source])}
    rows = ibis.union(*(token_rows.mutate(**(empty | cells | records)) for cells in roles))
    return ENGINE.connection.to_pyarrow(rows.select("person_id", *SCHEMA))


def _findings(code: str, paid: pd.DataFrame) -> pd.DataFrame:
    some = paid.iloc[:FINDING_COUNT]
    findings = pd.DataFrame(dict.fromkeys(FINDING), index=some.index, dtype=object)
    return findings.assign(
        finding_id=[hashlib.sha256(f"{code}{n}".encode()).hexdigest()[:20] for n in some["person_id"]],
        rule="amount.overpaid", family="amount", severity="medium", term="2020-autumn", county_code=code,
        id_number=some["id_number"], name=some["name"], scheme=some["scheme"], amount_paid=Decimal(750),
        at_stake=Decimal(250), confidence=1.0, records=[[f"payments:{s}"] for s in some["source"]],
    ).reset_index(drop=True)  # fmt: skip


def _prints(rows_read: pd.DataFrame) -> pd.DataFrame:
    def digests(column: pd.Series) -> list[str | None]:
        return [None if pd.isna(x) else hashlib.sha256(str(x).encode()).hexdigest()[:32] for x in column]

    person, content = digests(rows_read["id18"]), digests(rows_read["source"] + rows_read["name"])
    rows = {"source": rows_read["source"], "person": person, "subject": content, "content": content}
    return pd.concat([pd.DataFrame(rows | {"table": table}) for table in ("payments", "enrolment")], ignore_index=True)  # fmt: skip


def clock(what: str, do: Callable[[], Any]) -> Any:
    start, work_start = time.perf_counter(), time.process_time()
    result = do()
    seconds, cpu = time.perf_counter() - start, time.process_time() - work_start
    print(f"{what:<52}{seconds:7.1f} s {cpu:7.1f} s of CPU", flush=True)
    return result


def right(draw: CountyDraw) -> pd.DataFrame:
    """Every unit visited and right."""
    units = draw.sample_units[["unit_id"]].merge(draw.population.units[["unit_id", "amount"]], on="unit_id")
    return units.assign(deviates=False, audited=units["amount"], kind=None, second_deviates=None)


def main(number: int = 100, pupils: int = 5000) -> None:
    counties, truth, misspelt_rows = clock("made up (not a step)", lambda: counties_of(number, pupils))
    rows = sum(len(county.payments) for county in counties)
    print(
        f"{number} counties, {rows:,} payments; {len(truth)} persons in two, {misspelt_rows} of them under a slip"
    )
    engine = duckdb_engine()
    changes = clock(
        "rows changed since the self-checks", lambda: {c.code: compare.changes_of(c) for c in counties}
    )
    lines = clock("findings held against findings", lambda: pd.concat([compare.compared_rows(c, changes[c.code]) for c in counties]))  # fmt: skip
    closed = clock("closures", lambda: pd.concat([closures(c, changes[c.code]) for c in counties]))
    pool = clock("registers side by side, who may be whom (model)", lambda: _pool(engine, across.pool(engine, counties)))  # fmt: skip
    crossing_rows = clock("paid twice, enrolled twice, fallback", lambda: across.crossing(engine, pool, 0.5))
    by_number = _by_number(counties)
    elsewhere = across.registered_elsewhere(engine, counties, pool, 0.5)
    by_token, elsewhere_by_tokens = clock(
        "the same by keyed tokens", lambda: by_tokens(engine, counties, 0.5)
    )
    city_findings = clock("recheck.* findings", lambda: recheck_findings(counties, term="2020-autumn", language="zh", changes=changes, lines=lines, closed=closed, crossings=crossing_rows))  # fmt: skip
    populations = clock("populations sealed", lambda: [population(c, ("scheme",)) for c in counties])
    draws = clock("draws", lambda: [draw(p, SAMPLE) for p in populations])
    grades = {letter: Decimal(least) for letter, least in GRADES.items()}
    conclusions = clock("conclusions", lambda: [conclude(d, right(d), SAMPLE, grades) for d in draws])
    print(
        f"{len(lines):,} findings compared, {len(city_findings):,} of the re-check, {len(conclusions)} conclusions"
    )
    _recall(truth, by_number, registers=crossing_rows, tokens=by_token)
    print(across.token_recall(crossing_rows, elsewhere, by_token, elsewhere_by_tokens).to_string(index=False))
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.1f} GiB")


def _pool(engine: Any, pool: across.Pooled) -> across.Pooled:
    engine.wait_for_tables()
    return pool


def _by_number(counties: list[County]) -> set[tuple[str, str]]:
    """Whom the sound number alone finds in the second of two counties."""
    numbers = pd.concat([c.persons[["id18"]].assign(county=c.code) for c in counties]).dropna()
    twice = numbers[numbers["id18"].duplicated(keep=False)]
    return set(zip(twice["county"], twice["id18"], strict=True))


def _recall(truth: set[tuple[str, str]], by_number: set[tuple[str, str]], **crossings: pd.DataFrame) -> None:
    exact = len(truth & by_number)
    print(f"in two counties: {len(truth)}; by the sound number alone {exact} ({exact / len(truth):.1%})")
    for how, crossing_rows in crossings.items():
        pairs = crossing_rows[crossing_rows["reason"] == "enrolled_twice"]
        second_records = set(zip(pairs["other_county"], pairs["id_number"], strict=True))
        probable = pairs[pairs["confidence"] < 1]
        right_ones = sum(
            (c, n) in truth for c, n in zip(probable["other_county"], probable["id_number"], strict=True)
        )
        print(f"  by {how}: {len(truth & second_records)} ({len(truth & second_records) / len(truth):.1%}); probable pairs {len(probable)}, right {right_ones}")  # fmt: skip


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
