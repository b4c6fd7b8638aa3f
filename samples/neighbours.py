"""青禾市 (9901): two small neighbours of 青禾县 for the city's re-check, plain files, planted cases, their answer key.

Planted: pupils of 青禾县 paid and enrolled in 白石县 too, one of them under a number with two digits swapped; children whom 青禾县 cannot find, in 云溪县's register; rows of
白石县 altered after its self-check (the city's own copy is another); closures made good (paid, recovered) and closures
that are none (never paid, paid by half, the row written anew); a finding that is taken out of 白石县's package, and
云溪县's package without its signature (by the demo).
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import random
import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from samples.names import NameMaker
from samples.people import with_check

TERM = "2020-autumn"
SCHEME = {True: "寄宿生生活补助", False: "非寄宿生生活补助"}
RATES = {("小学", True): "500", ("初中", True): "625", ("小学", False): "250", ("初中", False): "312.5"}
HEADERS = {
    "脱贫户花名册.csv": ("姓名", "身份证号", "类别", "户编号", "乡镇"),
    "学籍.csv": ("学籍号", "姓名", "身份证件号", "学校标识码", "学校名称", "学段", "年级", "就读方式", "学生状态"),
    "发放明细.csv": ("姓名", "身份证号", "学校标识码", "学校名称", "资助项目", "学期", "金额", "发放日期", "发放结果", "银行卡号"),
    "学校名录.csv": ("学校标识码", "学校名称", "学段", "乡镇"),
}  # fmt: skip
PLAIN_NAME, NUMBER = re.compile(r"^[一-鿿]{2,3}$"), re.compile(r"^\d{17}[\dX]$")
GUESTS, LOST_ROWS, ALTERED_ROWS, OVERPAID = (
    4,
    3,
    3,
    6,
)  # the last guest's number is written with two digits swapped
EXCESS = Decimal("250")  # what each of the overpaid got too much
DECISION = ("decided_at", "decided_by", "finding_id", "status", "cause", "amount", "evidence", "note")
ANSWER = ("rule", "reason", "county_code", "id_number", "scheme", "records", "note")
Row = dict[str, str]
Files = dict[str, list[Row]]


@dataclass(frozen=True)
class Neighbour:
    """A small county: ``unpaid`` of its pupils get nothing."""

    code: str
    name: str
    slug: str
    town: str
    pupils: int
    unpaid: int


BAISHI = Neighbour("990123", "白石县", "baishi", "白石镇", 240, 6)
YUNXI = Neighbour("990124", "云溪县", "yunxi", "云溪镇", 160, 4)


def write_city(samples: Path) -> None:
    """``city/`` under ``samples``: deliveries, the city's copy of 白石县, decisions, answers, SHA256SUMS of its own."""
    folder = samples / "city"
    guests, missing_children = _guests(samples / "qinghe"), _missing_children(samples / "qinghe")
    baishi, yunxi = _baishi(guests), _county(YUNXI, missing_children)
    copy = _city_copy(baishi)
    for slug, files in (("baishi", baishi), ("yunxi", yunxi), ("city-copy-of-baishi", copy)):
        _write(folder / slug / TERM, files)
    _write_decisions(folder / "baishi" / "decisions", baishi)
    _write_answers(folder / "answers", guests, missing_children, baishi)
    _write_sums(folder)


def _county(plan: Neighbour, others: list[Row]) -> Files:
    """The plan's own pupils, the last ``unpaid`` without payment; ``others`` are boarders of the first school."""
    people = [*others, *(_pupil(plan, number) for number in range(1, plan.pupils + 1))]
    paid = people[: len(people) - plan.unpaid]
    return {
        "脱贫户花名册.csv": [
            {
                "姓名": p["姓名"],
                "身份证号": p["号"],
                "类别": "建档立卡",
                "户编号": "H" + p["号"][6:17],
                "乡镇": plan.town,
            }
            for p in people
        ],
        "学籍.csv": [_enrolled(plan, p) for p in people],
        "发放明细.csv": [_payment(plan, p) for p in paid],
        "学校名录.csv": [
            {"学校标识码": code, "学校名称": name, "学段": stage, "乡镇": plan.town}
            for stage in ("小学", "初中")
            for code, name in [_school(plan, stage)]
        ],
    }


def _pupil(plan: Neighbour, number: int) -> Row:
    chance = random.Random(f"{plan.code}:{number}")
    names = NameMaker(f"{plan.code}:{number}:name")
    birth = dt.date(2006, 1, 1) + dt.timedelta(days=chance.randrange(2700))
    sex = chance.choice("男女")
    sequence = 2 * (number % 499) + (sex == "男")
    return {
        "姓名": names.surname() + names.given(sex),
        "号": with_check(f"{plan.code}{birth:%Y%m%d}{sequence:03d}"),
        "学段": "小学" if birth > dt.date(2008, 8, 31) else "初中",
        "住校": "1" if chance.random() < 0.7 else "",
    }


def _school(plan: Neighbour, stage: str) -> tuple[str, str]:
    kind = {"小学": ("001", "中心小学"), "初中": ("002", "初级中学")}[stage]
    return f"{plan.code}0{kind[0]}", plan.town[:-1] + kind[1]


def _enrolled(plan: Neighbour, person: Row) -> Row:
    code, school = _school(plan, person["学段"])
    grade = {"小学": "三年级", "初中": "七年级"}[person["学段"]]
    boards = "住校" if person["住校"] else "走读"
    return {
        "学籍号": "G" + person["号"], "姓名": person["姓名"], "身份证件号": person["号"], "学校标识码": code,
        "学校名称": school, "学段": person["学段"], "年级": grade, "就读方式": boards, "学生状态": "在读",
    }  # fmt: skip


def _payment(plan: Neighbour, person: Row) -> Row:
    code, school = _school(plan, person["学段"])
    boards = bool(person["住校"])
    return {
        "姓名": person["姓名"], "身份证号": person["号"], "学校标识码": code, "学校名称": school,
        "资助项目": SCHEME[boards], "学期": "2020年秋季学期", "金额": RATES[person["学段"], boards],
        "发放日期": "2020-11-25", "发放结果": "成功", "银行卡号": _account(person),
    }  # fmt: skip


def _account(person: Row) -> str:
    digits = str(int(hashlib.sha256(person["号"].encode()).hexdigest()[:12], 16))
    return "9990" + digits[:14].zfill(14)


# --- what is taken from 青禾县 ---------------------------------------------------------------------------------------


def _guests(qinghe: Path) -> list[Row]:
    """Boarders of 青禾县's primary schools, paid once and without any case planted on them."""
    planted_numbers = {
        row["id_number"]
        for name in (TERM, f"traps-{TERM}")
        for row in _read(qinghe / "answers" / f"{name}.csv", "utf-8")
    }
    rows = _read(qinghe / TERM / "发放明细_小学.csv", "gb18030")
    numbers = [row["身份证号"] for row in rows]
    fit = [
        row for row in rows
        if NUMBER.match(row["身份证号"] or "") and PLAIN_NAME.match(row["姓名"]) and "寄宿" in row["资助项目"]
        and not row["资助项目"].startswith("非") and row["发放结果"] in ("", "成功") and row["身份证号"] not in planted_numbers
        and numbers.count(row["身份证号"]) == 1
    ]  # fmt: skip
    guest_rows = sorted(fit, key=lambda row: hashlib.sha256(row["身份证号"].encode()).hexdigest())[:GUESTS]
    *exact, misspelt_guest = (_as_person(row["姓名"], row["身份证号"]) for row in guest_rows)
    return [
        *exact,
        misspelt_guest | {"号": _with_digits_swapped(misspelt_guest["号"]), "真号": misspelt_guest["号"]},
    ]


def _with_digits_swapped(number: str) -> str:
    """``number`` with the first two different neighbours of its sequence and check digit changed: no sound number."""
    at = next(i for i in range(14, 17) if number[i] != number[i + 1])
    return number[:at] + number[at + 1] + number[at] + number[at + 2 :]


def _missing_children(qinghe: Path) -> list[Row]:
    """Children whom 青禾县 cannot find anywhere."""
    rows = _read(qinghe / "answers" / f"{TERM}.csv", "utf-8")
    missing_children = [
        row for row in rows if row["rule"] == "missed.not_found" and NUMBER.match(row["id_number"])
    ]
    return [_as_person(row["name"], row["id_number"]) for row in missing_children[:LOST_ROWS]]


def _as_person(name: str, number: str) -> Row:
    stage = "小学" if number[6:14] > "20080831" else "初中"
    return {"姓名": name, "号": number, "学段": stage, "住校": "1"}


def _read(path: Path, encoding: str) -> list[Row]:
    with path.open(encoding=encoding, newline="") as lines:
        return list(csv.DictReader(lines))


# --- what changed after the self-check, what was decided, what must be found ------------------------------------------


def _unpaid(files: Files) -> list[Row]:
    paid = {row["身份证号"] for row in files["发放明细.csv"]}
    return [row for row in files["学籍.csv"] if row["身份证件号"] not in paid]


def removed_finding(samples: Path) -> str:
    """The finding that is taken out of 白石县's package."""
    return _finding_id("missed.unpaid", _unpaid(_baishi(_guests(samples / "qinghe")))[2])


def _finding_id(rule: str, enrolled: Row) -> str:
    identity = f"{rule}|{BAISHI.code}|{TERM}|{enrolled['身份证件号']}|{_scheme(enrolled)}"
    return hashlib.sha256(identity.encode()).hexdigest()[:20]


def _scheme(enrolled: Row) -> str:
    return "boarder_allowance" if enrolled["就读方式"] == "住校" else "day_pupil_allowance"


def _baishi(guests: list[Row]) -> Files:
    """白石县 as it checked itself: some paid more than the standard."""
    files = _county(BAISHI, guests)
    rows = files["发放明细.csv"]
    for at in _overpaid():
        rows[at]["金额"] = str(Decimal(rows[at]["金额"]) + EXCESS)
    return files


def _overpaid() -> range:
    return range(GUESTS + ALTERED_ROWS, GUESTS + ALTERED_ROWS + OVERPAID)


def _city_copy(files: Files) -> Files:
    """白石县 as the city holds it: a missing payment made up and another by half, an excess recovered and one written
    away, the amounts of three boarders lowered."""
    made_up, _, _, by_half = (_payment(BAISHI, _person(row)) for row in _unpaid(files)[:4])
    by_half["金额"] = str(Decimal(by_half["金额"]) / 2)
    rows = [dict(row) for row in files["发放明细.csv"]]
    recovery, rewritten = _overpaid()[:2]
    for at in range(GUESTS, GUESTS + ALTERED_ROWS):
        rows[at]["金额"] = "100"
    back = rows[recovery] | {"金额": str(-EXCESS), "发放日期": "2021-01-05"}
    rows[rewritten]["金额"] = str(Decimal(rows[rewritten]["金额"]) - EXCESS)
    return files | {"发放明细.csv": [*rows, made_up, by_half, back]}


def _person(enrolled: Row) -> Row:
    boards = "1" if enrolled["就读方式"] == "住校" else ""
    return {"姓名": enrolled["姓名"], "号": enrolled["身份证件号"], "学段": enrolled["学段"], "住校": boards}


def _closed(files: Files) -> list[tuple[str, Row, str, str]]:
    """What 白石县 closed: rule, the pupil's enrolment, what it says was done, the yuan it says moved."""
    enrolled = {row["身份证件号"]: row for row in files["学籍.csv"]}
    paid, unpaid = files["发放明细.csv"], _unpaid(files)
    recovery, rewritten = (enrolled[paid[at]["身份证号"]] for at in _overpaid()[:2])
    return [
        *(("missed.unpaid", unpaid[at], "应发未发，已补发", "") for at in (0, 1, 3)),
        *(("amount.overpaid", row, "多发，已追回", str(EXCESS)) for row in (recovery, rewritten)),
    ]


def _write_decisions(folder: Path, files: Files) -> None:
    rows = [
        ("2021-01-08", "白石县学生资助中心", _finding_id(rule, row), "closed", cause, amount, "", "")
        for rule, row, cause, amount in _closed(files)
    ]
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "dispositions.csv").open("w", encoding="utf-8-sig", newline="") as lines:
        csv.writer(lines).writerows([DECISION, *rows])


def _write_answers(folder: Path, guests: list[Row], missing_children: list[Row], baishi: Files) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{TERM}.csv").open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines, lineterminator="\n").writerows(
            [ANSWER, *_answers(guests, missing_children, baishi)]
        )


def _answers(guests: list[Row], missing_children: list[Row], baishi: Files) -> list[tuple[str, ...]]:
    removed_row = _unpaid(baishi)[2]
    crossing = [
        (
            "recheck.cross_county_duplicate",
            reason,
            "990122",
            person.get("真号", person["号"]),
            scheme,
            "",
            "also in 990123",
        )
        for reason, scheme in (("paid_twice", "boarder_allowance"), ("enrolled_twice", ""))
        for person in guests
    ]
    return [
        *crossing,
        *_changes(baishi),
        *_false_closures(baishi),
        ("recheck.not_reported", "missed.unpaid", BAISHI.code, removed_row["身份证件号"], "", "", "taken out of the package"),
        ("recheck.package_invalid", "unsigned", YUNXI.code, "", "", "", "signature taken out"),
        *(("registered_elsewhere", "missed.not_found", "990122", p["号"], "", "", "enrolled and paid in 990124") for p in missing_children),
    ]  # fmt: skip


def _changes(baishi: Files) -> list[tuple[str, ...]]:
    """Each changed row; one on which a finding hangs that the county did not report is that child's, and cites its registers."""
    paid = baishi["发放明细.csv"]
    lowered_rows = [
        (at, paid[at]["身份证号"], "amount lowered after the self-check")
        for at in range(GUESTS, GUESTS + ALTERED_ROWS)
    ]
    altered_rows = [*lowered_rows, (_overpaid()[1], "", "excess written away after the self-check")]
    half = _unpaid(baishi)[3]["身份证件号"]
    notes = (("", "paid after the self-check"), (half, "paid by half"), ("", "excess recovered"))
    added_rows = [(at, *note) for at, note in enumerate(notes, start=len(paid))]
    rows = [("altered", *row) for row in altered_rows] + [("added", *row) for row in added_rows]
    return [
        ("recheck.data_changed", change, BAISHI.code, child, "", ";".join((_address(at), *_register_row(baishi, child))), note)
        for change, at, child, note in rows
    ]  # fmt: skip


def _register_row(baishi: Files, child: str) -> list[str]:
    """Where the registers speak of ``child``; nowhere for nobody."""
    places = (("eligibility", "脱贫户花名册.csv", "身份证号"), ("enrolment", "学籍.csv", "身份证件号"))
    return [
        f"{table}:{file}!{at + 2}"
        for table, file, number in places
        for at, row in enumerate(baishi[file])
        if child and row[number] == child
    ]


def _false_closures(baishi: Files) -> list[tuple[str, ...]]:
    _, never, half, _, rewritten = _closed(baishi)
    cases = (
        (never, "still_found", "closed, never paid"),
        (half, "short", "closed, half of it paid"),
        (rewritten, "rewritten", "closed, nothing recovered: the row was written anew"),
    )
    return [
        ("recheck.false_closure", reason, BAISHI.code, row["身份证件号"], _scheme(row), "", note)
        for (_, row, _, _), reason, note in cases
    ]


def _address(row: int) -> str:
    """The payment at ``row``, counted from 0, as a spreadsheet shows it under its header."""
    return f"payments:发放明细.csv!{row + 2}"


def _write(folder: Path, files: Files) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in files.items():
        with (folder / name).open("w", encoding="utf-8-sig", newline="") as lines:
            out = csv.DictWriter(lines, HEADERS[name])
            out.writeheader()
            out.writerows(rows)


def _write_sums(folder: Path) -> None:
    # The visits come later and have sums of their own (samples.demonstration).
    files = [path for path in sorted(folder.rglob("*.csv")) if path.parent.name != "visits"]
    lines = [
        f"{hashlib.sha256(p.read_bytes()).hexdigest()}  {p.relative_to(folder).as_posix()}\n" for p in files
    ]
    (folder / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")
