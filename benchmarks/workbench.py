"""The workbench on a big run: how long an inspector waits for a page, a filter, a chart, an export.

    python benchmarks/workbench.py RUN [FINDINGS]

RUN is a finished run; its findings are multiplied to FINDINGS (100 000), with schools and names of their own, in a
folder that is thrown away. Each step is done seven times; the middle one is told, in milliseconds.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from auditlib.workbench import export, listing, overview
from auditlib.workbench.list_filter import ListFilter
from auditlib.workbench.session import Session
from auditlib.workbench.stored import StoredFindings

TIMES = 7
MANY = """
    SELECT stored.* EXCLUDE (place) REPLACE (
        substr(sha256(finding_id || copy), 1, 20) AS finding_id,
        name || copy % 97 AS name,
        school_name || copy % 40 AS school_name,
        (at_stake + copy % 700)::DECIMAL(14, 2) AS at_stake
    )
    FROM (SELECT *, row_number() OVER () AS place FROM read_parquet('{source}')) AS stored, range({copies}) AS copies(copy)
    LIMIT {rows}
"""


def big_run(run: Path, rows: int, into: Path) -> Path:
    """A run's folder with ``rows`` findings, of the run by its number."""
    folder = into / "big"
    folder.mkdir()
    shutil.copyfile(run / "manifest.json", folder / "manifest.json")
    source = run / "findings.parquet"
    of_run = pq.read_schema(source).metadata
    copies = rows // pq.read_metadata(source).num_rows + 1
    many = duckdb.sql(MANY.format(source=source, rows=rows, copies=copies)).to_arrow_table()
    pq.write_table(many.replace_schema_metadata(of_run), folder / "findings.parquet")
    return folder


def milliseconds(work: Callable[[], object], times: int = TIMES) -> float:
    durations = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        durations.append(1000 * (time.perf_counter() - start))
    return statistics.median(durations)


def main() -> None:
    run, rows = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    with tempfile.TemporaryDirectory() as scratch:
        folder = big_run(run, rows, Path(scratch))
        session = Session()
        print(f"findings\t{rows:,}")
        print(f"open the run\t{milliseconds(lambda: session.open(folder), 1):.0f}")
        grid = listing.panel(session).children[0]
        overview.panel(session)
        stored_findings = session.stored
        assert isinstance(stored_findings, StoredFindings)
        one_school = stored_findings.groups("school_name", ListFilter())[0].code
        steps: dict[str, Callable[[], object]] = {
            "a page from the middle": lambda: stored_findings.page(session.list_filter, rows // 2, 15),
            "the overview": lambda: overview.charts(session),
            "search, list and overview": lambda: search(session),
            "one school, list and overview": lambda: session.choose(
                list_filter=session.list_filter.toggling("school_name", one_school)
            ),
            "sort by yuan, list and overview": lambda: sort(session),
            "turn a page of the list": lambda: setattr(grid, "first", (grid.first + 15) % 3000),
            "look for decisions": lambda: stored_findings.look_if_changed(),
            "read decisions again": lambda: stored_findings.look_again(),
        }
        for name, work in steps.items():
            session.list_filter = ListFilter()
            print(f"{name}\t{milliseconds(work):.0f}")
        session.list_filter = ListFilter()
        print(f"export all\t{milliseconds(lambda: export.export_list(session), 1):.0f}")


def search(session: Session) -> None:
    session.list_filter = ListFilter(search="小学" if session.list_filter.search != "小学" else "中学")


def sort(session: Session) -> None:
    before = session.list_filter
    session.list_filter = ListFilter(order="at_stake", descending=not before.descending)


if __name__ == "__main__":
    main()
