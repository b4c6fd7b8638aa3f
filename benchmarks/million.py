"""One million pupils: auditlib's linking and rules against a bare DuckDB query and against pandas, in one run.

``python benchmarks/million.py [pupils]``; prints seconds, ratios to the bare query, peak memory and what each found.
"""

from __future__ import annotations

import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

TERM, COUNT_DATE = "2020-autumn", "2020-10-31"
OUTSIDERS = 5_000  # eligible, in no school; as many again are paid and in no school
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉梅文辉力建国斌宇浩凯健俊帆雪峰"
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
REPEATS = 3  # of the two short ones; the fastest counts

PEOPLE = f"""
create table people as
with numbered as (
  select range as i, date '2005-09-01' + cast(range % 3600 as integer) as birth,
    '990122' || strftime(birth, '%Y%m%d') || lpad(cast(range // 3600 as text), 3, '0') as body
  from range({{pupils}} + 2 * {OUTSIDERS})
)
select i, birth, i < {{pupils}} as enrolled,
  body || substr('10X98765432', 1 + ({
    " + ".join(f"cast(body[{place}] as integer) * {weight}" for place, weight in enumerate(WEIGHTS, 1))
}) % 11, 1) as id18,
  '{SURNAMES}'[1 + cast(hash(i, 1) % {len(SURNAMES)} as integer)]
    || '{GIVEN}'[1 + cast(hash(i, 2) % {len(GIVEN)} as integer)]
    || '{GIVEN}'[1 + cast(hash(i, 3) % {len(GIVEN)} as integer)] as name,
  case when birth < date '2008-09-01' then 'junior' else 'primary' end as stage,
  if(hash(i, 4) % 10 < 4, 'boarder', 'day') as boarding,
  cast(hash(i, 5) % 2000 as integer) as school,
  if(enrolled, hash(i, 6) % 100 < 30, i < {{pupils}} + {OUTSIDERS}) as listed,
  if(enrolled, if(listed, hash(i, 7) % 100 < 97, hash(i, 7) % 1000 < 3), not listed) as paid,
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
        | {"scheme": "if(boarding = 'boarder', 'boarder_allowance', 'day_pupil_allowance')"}
        | {"amount": "if(stage = 'junior', 625, 500) / if(boarding = 'boarder', 1, 2)"}
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
class Run:
    """What one contender took and found; ``peak`` in megabytes, of its own process."""

    seconds: float
    found: dict[str, int]
    peak: float
    steps: dict[str, float]


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
            f"copy (select {columns} from people where {where} order by hash(i, 8)) to '{file}'"
        )


def schemas() -> dict[str, dict[str, str]]:
    """Table -> column -> SQL type of the standardised tables, as standardising nothing gives them."""
    import pandas as pd

    from auditlib.base.engine import duckdb_engine
    from auditlib.base.places import ROOT
    from auditlib.ingest.standardise import standardise
    from auditlib.law.policy import read_policy
    from auditlib.tables.delivered import TABLES
    from auditlib.tables.vocabulary import vocabulary

    engine, words = duckdb_engine(), vocabulary(read_policy(["national"], ROOT))
    found = {}
    for name, table in TABLES.items():
        companions = [
            f"{c.name}_{c.kind.companion}" for c in table.columns if c.kind.companion in ("unit", "coding")
        ]
        columns = ["source", *table.by_name, *companions]
        raw = engine.load(
            f"{name}_raw", pd.DataFrame(columns=columns, dtype=object), dict.fromkeys(columns, "string")
        )
        standard = standardise(engine, raw, table, words, TERM)
        described = engine.connection.raw_sql(f'describe "{standard.get_name()}"').fetchall()
        found[name] = {row[0]: row[1] for row in described}
    return found


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
        listed = pd.read_parquet(folder / "eligibility.parquet", columns=["id18"]).drop_duplicates()
        enrolment = pd.read_parquet(folder / "enrolment.parquet", columns=["id18", "status"])
        payments = pd.read_parquet(folder / "payments.parquet", columns=["id18", "result", "amount"])
        paid = payments[(payments["result"] == "success") & (payments["amount"] > 0)][
            ["id18"]
        ].drop_duplicates()
        active = enrolment[enrolment["status"].isin(["enrolled", "resumed"])][["id18"]].drop_duplicates()
        return {
            "missed.unpaid": len(without(listed.merge(active, on="id18"), paid)),
            "mismatch.not_enrolled": len(without(paid, enrolment[["id18"]].drop_duplicates())),
            "ineligible.not_listed": len(without(paid.merge(active, on="id18"), listed)),
        }

    def without(left: pd.DataFrame, right: pd.DataFrame) -> pd.DataFrame:
        both = left.merge(right, on="id18", how="left", indicator=True)
        return both[both["_merge"] == "left_only"]

    return fastest(ask)


def auditlib(folder: Path) -> Run:
    """Linking by exact keys, the audit's tables, and every rule whose tables are there; the model is timed apart."""
    from auditlib.audit.assemble import assemble
    from auditlib.base.engine import duckdb_engine
    from auditlib.base.places import ROOT
    from auditlib.findings.apply import apply_rules, summary
    from auditlib.law.parameters import check_self_check
    from auditlib.law.policy import read_policy
    from auditlib.linkage.exact import link, others_by_keys, register_by_keys
    from auditlib.tables.delivered import TABLES

    thresholds = {"link_accept": "0.95", "link_review": "0.5", "posting_days": "5"}
    thresholds |= {"pay_by": "2020-12-31", "reply_by": "2020-12-15"}
    values = {"county_code": "990122", "county_name": "青禾县", "term": TERM, "count_date": COUNT_DATE}
    values |= {"data_dir": str(folder), "sources": {}, "policy": ["national"], "thresholds": thresholds}
    values |= {"enrolment_covers": ["primary", "junior"], "output_dir": str(folder)}
    parameters, policy = check_self_check(values, base=folder), read_policy(["national"], ROOT)
    found = {name: frozenset(columns) & set(TABLES[name].by_name) for name, (_, columns) in ROWS.items()}

    engine, steps, clock = duckdb_engine(), {}, time.perf_counter()

    def timed(step: str) -> None:
        nonlocal clock
        engine.settle()
        steps[step], clock = time.perf_counter() - clock, time.perf_counter()

    for name in TABLES:
        engine.connection.raw_sql(f"create view {name} as from '{folder}/{name}.parquet'")
    tables = {name: engine.connection.table(name) for name in TABLES}
    _names, rows, anchors = register_by_keys(engine, tables)
    others_by_keys(engine, rows, anchors)  # once more within link: timed here to tell the keys from the model
    timed("keys")
    linked = link(engine, tables)
    timed("keys and model")
    audit = assemble(engine, tables, linked, policy, parameters, found)
    timed("assemble")
    apply_rules(engine, audit)
    frame = engine.fetch(summary(engine)).set_index("rule")
    timed("rules")
    exceptions = {rule: int(frame["exceptions"].get(rule, 0)) for rule in HEADLINES}
    return Run(steps["keys"] + steps["assemble"] + steps["rules"], exceptions, peak(), steps)


def fastest(ask: Callable[[], dict[str, int]]) -> Run:
    seconds, found = [], {}
    for _ in range(REPEATS):
        started = time.perf_counter()
        found = ask()
        seconds.append(time.perf_counter() - started)
    return Run(min(seconds), found, peak(), {})


def peak() -> float:
    """Megabytes this process has held at most (Linux counts in kilobytes, macOS in bytes)."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (2**20 if sys.platform == "darwin" else 2**10)


def main(pupils: int = 1_000_000) -> None:
    contenders = {"(a) DuckDB query": bare_query, "(b) pandas": with_pandas, "(c) auditlib": auditlib}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        started = time.perf_counter()
        make(folder, pupils)
        print(f"{pupils} pupils made in {time.perf_counter() - started:.1f} s")
        fresh = multiprocessing.get_context("spawn")  # a process each: its peak is its own
        runs = {}
        for title, contender in contenders.items():
            with fresh.Pool(1) as pool:
                runs[title] = pool.apply(contender, (folder,))
    base = runs["(a) DuckDB query"].seconds
    print(f"{'':18}{'seconds':>10}{'ratio':>8}{'peak MB':>9}  {'  '.join(HEADLINES)}")
    for title, run in runs.items():
        found = "  ".join(f"{run.found[rule]:>{len(rule)}}" for rule in HEADLINES)
        print(f"{title:18}{run.seconds:>10.2f}{run.seconds / base:>8.1f}{run.peak:>9.0f}  {found}")
        for step, seconds in run.steps.items():
            print(f"  {step:16}{seconds:>10.2f}{seconds / base:>8.1f}")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
