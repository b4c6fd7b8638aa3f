"""One million pupils: auditlib's linking and rules against a bare DuckDB query and against pandas, in one run.

``python benchmarks/million.py [pupils] [--limit 4GB] [--model]``; prints processor and wall seconds, ratios to the bare
query, peak memory and what each found. ``--limit``: DuckDB keeps to it and spills to disk; ``--model``: the keys and the
model once more, in a process of their own.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from id_numbers import CHECK_CHARACTER

if TYPE_CHECKING:
    from auditlib.base.engine import Engine
    from auditlib.linkage.exact import Linked

TERM, COUNT_DATE = "2020-autumn", "2020-10-31"
OUTSIDERS = 5_000  # eligible, in no school; as many again are paid and in no school
GIVEN_SIGNS = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉梅文辉力建国斌宇浩凯健俊帆雪峰"
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
DRAW = "hash(i * 16 + {})"  # with hash(i, 1), hash(i, 2) the characters of a name would go together
BIRTH_DAYS = 3600
NUMBERS = BIRTH_DAYS * 1000  # of an area: three digits of each day; the next area has the next
REPEATS = 3  # of the two short ones; the fastest counts

PEOPLE = f"""
create table people as
with numbered as (
  select range as i, date '2005-09-01' + cast(range % {BIRTH_DAYS} as integer) as birth,
    cast(990101 + range // {NUMBERS} as text) || strftime(birth, '%Y%m%d')
      || lpad(cast(range % {NUMBERS} // {BIRTH_DAYS} as text), 3, '0') as body
  from range({{pupils}} + 2 * {OUTSIDERS})
)
select i, birth, i < {{pupils}} as enrolled,
  body || {CHECK_CHARACTER} as id18,
  '{SURNAMES}'[1 + cast({DRAW.format(1)} % {len(SURNAMES)} as integer)]
    || '{GIVEN_SIGNS}'[1 + cast({DRAW.format(2)} % {len(GIVEN_SIGNS)} as integer)]
    || '{GIVEN_SIGNS}'[1 + cast({DRAW.format(3)} % {len(GIVEN_SIGNS)} as integer)] as name,
  case when birth < date '2008-09-01' then 'junior' else 'primary' end as stage,
  if({DRAW.format(4)} % 10 < 4, 'boarding', 'day') as boarding,
  cast({DRAW.format(5)} % 2000 as integer) as school,
  if(enrolled, {DRAW.format(6)} % 100 < 30, i < {{pupils}} + {OUTSIDERS}) as listed,
  if(enrolled, if(listed, {DRAW.format(7)} % 100 < 97, {DRAW.format(7)} % 1000 < 3), not listed) as paid,
  'H' || cast(i // 2 as text) as household_no
from numbered
"""
SCHOOL = {
    "school_code": "'999' || lpad(cast(school as text), 7, '0')",
    "school_name": "'第' || school || '学校'",
}
PERSON = {"name": "name", "id_number": "id18", "id18": "id18", "id_birth": "birth"}
ROWS = {
    "eligibility": (
        "listed",
        PERSON | {"category": "'registered_poor'", "household_no": "household_no", "birth_date": "birth"},
    ),
    "enrolment": (
        "enrolled",
        PERSON
        | SCHOOL
        | {"student_no": "'G' || id18", "birth_date": "birth", "stage": "stage", "boarding": "boarding"}
        | {"status": "'enrolled'"},
    ),
    "payments": (
        "paid",
        PERSON
        | SCHOOL
        | {"scheme": "if(boarding = 'boarding', 'boarder_allowance', 'day_pupil_allowance')"}
        | {"amount": "if(stage = 'junior', 625, 500) / if(boarding = 'boarding', 1, 2)"}
        | {"term": f"'{TERM}'", "pay_date": "date '2020-11-20'", "result": "'success'"}
        | {"account_no": "'6229' || lpad(cast(i as text), 12, '0')", "account_holder": "name"},
    ),
}
HEADLINES = {
    "missed.unpaid": "select count(distinct id18) from eligibility join active using (id18) anti join paid using (id18)",
    "mismatch.not_enrolled": "select count(distinct id18) from paid anti join enrolment using (id18)",
    "ineligible.not_listed": """select count(distinct id18) from paid join active using (id18)
                                anti join eligibility using (id18)""",
}


@dataclass(frozen=True)
class Spent:
    """Seconds by the clock, and of the processor: those are compared, for others may use the machine too."""

    wall: float
    processor: float

    def __add__(self, other: Spent) -> Spent:
        return Spent(self.wall + other.wall, self.processor + other.processor)


@dataclass(frozen=True)
class Run:
    """What one contender spent and found; ``peak`` in megabytes, of its own process."""

    spent: Spent
    exceptions: dict[str, int]
    peak: float
    steps: dict[str, Spent]


class Watch:
    """What was spent since the last reading."""

    def __init__(self) -> None:
        self.read = self._now()

    def spent(self) -> Spent:
        """Since the last reading; a new one begins."""
        before, self.read = self.read, self._now()
        return Spent(self.read.wall - before.wall, self.read.processor - before.processor)

    def _now(self) -> Spent:
        resources = resource.getrusage(resource.RUSAGE_SELF)
        return Spent(time.perf_counter(), resources.ru_utime + resources.ru_stime)


def make(folder: Path, pupils: int) -> None:
    """The three registers as standardised tables in Parquet, the same for the same number of pupils."""
    import duckdb

    connection = duckdb.connect()
    connection.execute(PEOPLE.format(pupils=pupils))
    for name, schema in schemas().items():
        where, values = ROWS.get(name, ("false", {}))
        values = values | {"source": "'register.csv!' || (i + 2)"}
        columns = ", ".join(
            f"cast({values.get(column, 'null')} as {kind}) as {column}" for column, kind in schema.items()
        )
        file = folder / f"{name}.parquet"
        connection.execute(
            f"copy (select {columns} from people where {where} order by {DRAW.format(8)}) to '{file}'"
        )


def schemas() -> dict[str, dict[str, str]]:
    """Table -> column -> SQL type of the standardised tables, as standardising nothing gives them."""
    import pandas as pd

    from auditlib.base.engine import duckdb_engine
    from auditlib.base.places import ROOT
    from auditlib.ingest.cleaning.standardise import standardise
    from auditlib.law.policy import read_policy
    from auditlib.tables.delivered import TABLES
    from auditlib.tables.vocabulary import vocabulary

    engine, words = duckdb_engine(), vocabulary(read_policy(["national"], ROOT))
    types = {}
    for name, table in TABLES.items():
        companions = [
            f"{c.name}_{c.kind.companion}" for c in table.columns if c.kind.companion in ("unit", "coding")
        ]
        columns = ["source", *table.by_name, *companions]
        raw = engine.load(
            f"{name}_raw", pd.DataFrame(columns=columns, dtype=object), dict.fromkeys(columns, "string")
        )
        standard = standardise(engine, raw, table, words, TERM)
        column_types = engine.connection.raw_sql(f'describe "{standard.get_name()}"').fetchall()
        types[name] = {row[0]: row[1] for row in column_types}
    return types


def bare_query(folder: Path) -> Run:
    """The three headline joins as SQL over the files."""
    import duckdb

    def ask() -> dict[str, int]:
        connection = duckdb.connect()
        for name in ROWS:
            connection.execute(f"create view {name} as from '{folder}/{name}.parquet'")
        connection.execute("create view active as from enrolment where status in ('enrolled', 'resumed')")
        connection.execute("create view paid as from payments where result = 'success' and amount > 0")
        return {rule: connection.execute(query).fetchone()[0] for rule, query in HEADLINES.items()}

    return fastest(ask)


def with_pandas(folder: Path) -> Run:
    """The same joins in pandas, reading no more columns than it needs."""
    import pandas as pd

    def ask() -> dict[str, int]:
        listed_people = pd.read_parquet(folder / "eligibility.parquet", columns=["id18"]).drop_duplicates()
        enrolment = pd.read_parquet(folder / "enrolment.parquet", columns=["id18", "status"])
        payments = pd.read_parquet(folder / "payments.parquet", columns=["id18", "result", "amount"])
        paid = payments[(payments["result"] == "success") & (payments["amount"] > 0)][
            ["id18"]
        ].drop_duplicates()
        active = enrolment[enrolment["status"].isin(["enrolled", "resumed"])][["id18"]].drop_duplicates()
        return {
            "missed.unpaid": len(without(listed_people.merge(active, on="id18"), paid)),
            "mismatch.not_enrolled": len(without(paid, enrolment[["id18"]].drop_duplicates())),
            "ineligible.not_listed": len(without(paid.merge(active, on="id18"), listed_people)),
        }

    def without(register: pd.DataFrame, right: pd.DataFrame) -> pd.DataFrame:
        side_by_side = register.merge(right, on="id18", how="left", indicator=True)
        return side_by_side[side_by_side["_merge"] == "left_only"]

    return fastest(ask)


def auditlib(folder: Path, limit: str = "") -> Run:
    """Linking by exact keys, the audit's tables, and every rule whose tables are there."""
    from auditlib.audit.assemble import assemble
    from auditlib.base.places import ROOT
    from auditlib.findings.apply import apply_rules, summary
    from auditlib.law.parameters import check_self_check
    from auditlib.law.policy import read_policy
    from auditlib.tables.delivered import TABLES

    thresholds = {"link_accept": "0.95", "link_review": "0.5", "posting_days": "5"}
    thresholds |= {"pay_by": "2020-12-31", "reply_by": "2020-12-15"}
    values = {"county_code": "990122", "county_name": "青禾县", "term": TERM, "count_date": COUNT_DATE}
    values |= {"data_dir": str(folder), "sources": {}, "policy": ["national"], "thresholds": thresholds}
    values |= {"enrolment_covers": ["primary", "junior"], "output_dir": str(folder)}
    parameters, policy = check_self_check(values, base=folder), read_policy(["national"], ROOT)
    columns_found = {
        name: frozenset(columns) & set(TABLES[name].by_name) for name, (_, columns) in ROWS.items()
    }

    engine, tables = engine_and_tables(folder, limit)
    watch, steps = Watch(), {}

    def clock(step: str) -> None:
        engine.wait_for_tables()
        steps[step] = watch.spent()

    linked = by_keys(engine, tables)
    clock("keys")
    audit = assemble(engine, tables, linked, policy, parameters, columns_found)
    clock("tables")
    apply_rules(engine, audit)
    frame = engine.fetch(summary(engine)).set_index("rule")
    clock("rules")
    exceptions = {rule: int(frame["exceptions"].get(rule, 0)) for rule in HEADLINES}
    return Run(sum(steps.values(), Spent(0, 0)), exceptions, peak(), steps)


def engine_and_tables(folder: Path, limit: str) -> tuple[Engine, dict[str, Any]]:
    """An engine that looks at the files, and every table of them."""
    from auditlib.base.engine import duckdb_engine
    from auditlib.tables.delivered import TABLES

    engine = duckdb_engine()
    if limit:
        for setting, value in {"memory_limit": limit, "temp_directory": str(folder / "spilled")}.items():
            engine.connection.raw_sql(f"set {setting} = '{value}'")
    for name in TABLES:
        engine.connection.raw_sql(f"create view {name} as from '{folder}/{name}.parquet'")
    return engine, {name: engine.connection.table(name) for name in TABLES}


def by_keys(engine: Engine, tables: dict[str, Any]) -> Linked:
    """Everybody as the exact keys tell; whom they do not tell is nobody's."""
    import ibis

    from auditlib.linkage.exact import IDENTITY, Linked, others_by_keys, register_by_keys
    from auditlib.linkage.model.match import nothing_open

    schools, rows, anchors = register_by_keys(engine, tables)
    others = others_by_keys(engine, rows, anchors)
    identity_parts = (part.mutate(score=ibis.null("float64")).select(*IDENTITY) for part in (anchors, others))
    return Linked(engine.keep("identities", ibis.union(*identity_parts)), nothing_open(engine), schools)


def model(folder: Path, limit: str = "") -> Run:
    """Keys and model."""
    from auditlib.linkage.exact import link

    engine, tables = engine_and_tables(folder, limit)
    watch = Watch()
    linked = link(engine, tables)
    open_pairs = int(engine.fetch(linked.open_pairs.count()))
    leftovers = int(engine.fetch(engine.connection.table("leftovers").count()))
    print(f"{leftovers} leftovers, {open_pairs} pairs left open")
    return Run(watch.spent(), {}, peak(), {})


def fastest(ask: Callable[[], dict[str, int]]) -> Run:
    spent, exceptions = [], {}
    for _ in range(REPEATS):
        watch = Watch()
        exceptions = ask()
        spent.append(watch.spent())
    return Run(min(spent, key=lambda one: one.processor), exceptions, peak(), {})


def peak() -> float:
    """Megabytes this process has held at most (Linux counts in kilobytes, macOS in bytes)."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (2**20 if sys.platform == "darwin" else 2**10)


def alone(ask: Callable[..., Any], *arguments: Any) -> Any:
    """``ask`` in a process of its own: its peak is its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(ask, arguments)


def main(pupils: int, limit: str, with_model: bool) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        watch = Watch()
        alone(make, folder, pupils)
        print(f"{pupils} pupils made in {watch.spent().wall:.1f} s")
        runs = {
            "(a) DuckDB query": alone(bare_query, folder),
            "(b) pandas": alone(with_pandas, folder),
            "(c) auditlib": alone(auditlib, folder, limit),
        } | ({"(d) keys, model": alone(model, folder, limit)} if with_model else {})
    base = runs["(a) DuckDB query"].spent
    print(f"{'':18}{'CPU s':>9}{'ratio':>8}{'wall s':>9}{'ratio':>8}{'peak MB':>9}  {'  '.join(HEADLINES)}")
    for title, run in runs.items():
        counts = "  ".join(f"{run.exceptions.get(rule, ''):>{len(rule)}}" for rule in HEADLINES)
        print(f"{title:18}{comparison(run.spent, base)}{run.peak:>9.0f}  {counts}")
        for step, spent in run.steps.items():
            print(f"  {step:16}{comparison(spent, base)}")


def comparison(spent: Spent, base: Spent) -> str:
    """Seconds of the processor and by the clock, each with its ratio to ``base``."""
    return (
        f"{spent.processor:>9.2f}{spent.processor / base.processor:>8.1f}"
        f"{spent.wall:>9.2f}{spent.wall / base.wall:>8.1f}"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pupils", nargs="?", type=int, default=1_000_000)
    parser.add_argument("--limit", default="")
    parser.add_argument("--model", action="store_true")
    arguments = parser.parse_args()
    main(arguments.pupils, arguments.limit, arguments.model)
