"""What a province costs as it grows: counties of one size, audited as tasks of Spark, then compared across.

``python benchmarks/province.py [pupils a county] [counties …]``, by default 2000 pupils and 1, 4 and 16 counties; needs ``make
spark``. Prints for each number the seconds of the processor that the counties' tasks and the comparison across them took,
those of the clock, and how many rows were compared. Seconds of the processor are summed over every process that had a part:
Spark's Java, Python's workers, the counties' runs and their kernels.

Each county is three CSV files: eligibility (one pupil in three), enrolment, payments to all who are eligible but one in fifty.
One pupil in two hundred is enrolled and paid in the next county too.
"""

from __future__ import annotations

import csv
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import psutil
import yaml

from auditlib.base.spark import spark_workers
from auditlib.province import programme
from auditlib.province.county_task import CountyOutcome
from auditlib.province.outputs import write_province
from auditlib.province.parameters import Province
from samples.people import with_check

SURNAMES, GIVEN_SIGNS = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗",
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉梅文辉",
)
ELIGIBLE, UNPAID, BOTH_COUNTIES = 3, 50, 200  # one in so many
TERM = "2020-autumn"
COUNTY = {
    "term": TERM, "count_date": "2020-10-31", "policy": ["national"], "enrolment_covers": ["primary", "junior"],
    "thresholds": {"link_accept": 0.95, "link_review": 0.5, "posting_days": 5, "pay_by": "2020-12-31", "reply_by": "2020-12-15"},
    "sources": {name: [f"{name}.csv"] for name in ("eligibility", "enrolment", "payments")}, "output_dir": "out",
}  # fmt: skip


def pupil(county: int, place: int) -> dict[str, str]:
    """An invented pupil (area 99), the same for the same numbers."""
    chance = (county * 7919 + place) * 2654435761 % 2**32
    body = f"99{county:04d}{2008 + place % 4}{1 + place // 4 % 12:02d}{1 + place // 48 % 28:02d}{place % 1000:03d}"
    name = SURNAMES[chance % 20] + GIVEN_SIGNS[chance // 20 % 28] + GIVEN_SIGNS[chance // 560 % 28]
    return {"姓名": name, "身份证号": with_check(body)}


def write_county(folder: Path, county: int, pupils: int) -> None:
    """The three files of a county, and its parameters beside them."""
    folder.mkdir(parents=True)
    guests = [pupil(county - 1, place) for place in range(0, pupils, BOTH_COUNTIES)] if county else []
    people = [pupil(county, place) for place in range(pupils)] + guests
    school = {place: f"第{place % 20 + 1}小学" for place in range(len(people))}
    listed_places = [place for place in range(len(people)) if place % ELIGIBLE == 0 or place >= pupils]
    paid = [place for place in listed_places if place % UNPAID or place >= pupils]
    aid = {"资助项目": "寄宿生生活补助", "学期": TERM, "金额": "500", "发放日期": "2020-11-20", "发放结果": "成功"}  # fmt: skip
    seat = {"学段": "小学", "年级": "三年级", "就读方式": "住校", "学生状态": "在读"}
    _write(
        folder / "eligibility.csv",
        [people[p] | {"类别": "建档立卡", "户编号": f"H{p}"} for p in listed_places],
    )
    _write(folder / "enrolment.csv", [people[p] | seat | {"学校名称": school[p]} for p in school])
    _write(
        folder / "payments.csv",
        [people[p] | aid | {"学校名称": school[p], "银行卡号": f"62{p:010d}"} for p in paid],
    )
    values = COUNTY | {
        "county_code": f"99{county:04d}",
        "county_name": f"第{county + 1}县",
        "data_dir": str(folder),
    }
    folder.with_suffix(".yaml").write_text(yaml.safe_dump(values, allow_unicode=True), "utf-8")


def _write(file: Path, rows: list[dict[str, str]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as lines:
        out = csv.DictWriter(lines, list(rows[0]))
        out.writeheader()
        out.writerows(rows)


def processor_seconds() -> float:
    """Of this process and all below it, with those that have ended and were waited for."""
    seconds = 0.0
    for process in [psutil.Process(), *psutil.Process().children(recursive=True)]:
        try:
            seconds += sum(process.cpu_times()[:4])
        except psutil.Error:  # it has just ended, and is counted with whoever waited for it
            continue
    return seconds


def measure(folder: Path, counties: int, pupils: int) -> None:
    """One province of so many counties; a line of the table."""
    for county in range(counties):
        write_county(folder / f"{county:04d}", county, pupils)
    run = Province("99", "某省", TERM, sorted(folder.glob("*.yaml")), folder / "out", language="en")
    marks: list[tuple[float, float]] = []

    def mark(*_: object) -> None:
        marks.append((processor_seconds(), time.monotonic()))

    with closing(spark_workers("en")) as workers:
        mark()

        def mark_last(outcome: CountyOutcome, n: int, counties_in_all: int) -> None:
            if n == counties_in_all:
                mark()

        results = programme.run_province(run, workers, mark_last)
        mark()
    write_province(results)
    (cpu0, wall0), (cpu1, wall1), (cpu2, wall2) = marks
    rows = int(results.across.compared["rows"].sum())
    assert not results.failures, results.failures[0].message
    tasks, comparison = f"{cpu1 - cpu0:.0f} | {(cpu1 - cpu0) / counties:.1f}", f"{cpu2 - cpu1:.1f}"
    print(
        f"| {counties} | {counties * pupils:,} | {tasks} | {wall1 - wall0:.0f} | {comparison} | {wall2 - wall1:.0f} | {rows:,} | {len(results.across.findings)} |",
        flush=True,
    )


def main() -> None:
    """All sizes, each in a session of its own."""
    numbers = [int(word) for word in sys.argv[1:]]
    pupils, counties = (numbers or [2000])[0], numbers[1:] or [1, 4, 16]
    print(
        "| counties | pupils | tasks CPU s | a county | clock s | across CPU s | clock s | rows | findings |"
    )
    print("|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
    for number in counties:
        with tempfile.TemporaryDirectory() as folder:
            measure(Path(folder), number, pupils)


if __name__ == "__main__":
    main()
