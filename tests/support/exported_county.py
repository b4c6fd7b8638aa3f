"""An invented county whose files are laid out as exports are: a workbook a school, a sheet a category, unknown headers and
values, the aid system's list beside the bank's, and a cross-tab for the totals. Seeded; all people are made up (area 99).
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
from plain_county import check_digit, person_name

CODE = "990341"
SCHOOLS = {
    "青溪镇中心小学": ("3499000001", "primary", 24),
    "石桥镇中心小学": ("3499000002", "primary", 20),
    "云岭初级中学": ("3499000003", "junior", 22),
}
STAGE = {"primary": ("小学", "三年级", 625, 312.5), "junior": ("初中", "八年级", 750, 375)}
SYSTEM_SCHEME = {"寄宿生生活补助": "义教寄宿补", "非寄宿生生活补助": "义教走读补"}  # words that no list knows
PARAMETERS = """
county_code: "990341"
county_name: 样禾县
term: 2024-autumn
count_date: 2024-10-31
data_dir: data
sources: {SOURCES}
policy: [national]
enrolment_covers: [primary, junior]
thresholds: {link_accept: 0.95, link_review: 0.5, posting_days: 5, pay_by: 2024-12-31, reply_by: 2024-12-15}
output_dir: out
"""


@dataclass
class Pupil:
    """One made-up pupil, as every file tells of it."""

    number: int
    name: str
    id_number: str
    school: str
    boards: bool
    category: str
    status: str = "留校学习中"
    planned: bool = True
    listed_at: str = ""  # the school as the system's list writes it, where otherwise
    paid: list[tuple[float, str]] = field(default_factory=list)  # amount and the bank's answer

    @property
    def stage(self) -> str:
        return SCHOOLS[self.school][1]

    @property
    def scheme(self) -> str:
        return "寄宿生生活补助" if self.boards else "非寄宿生生活补助"

    @property
    def due(self) -> float:
        boarder, day = STAGE[self.stage][2:]
        return boarder if self.boards else day


def pupils(seed: int = 20241031) -> list[Pupil]:
    """Every one of them is entitled and paid in full."""
    chance = random.Random(seed)
    everyone = []
    for school, (_code, stage, size) in SCHOOLS.items():
        for _ in range(size):
            number = len(everyone) + 1
            year = 2015 if stage == "primary" else 2010
            body = f"{CODE}{year}{chance.randint(1, 12):02d}{chance.randint(1, 28):02d}{number:03d}"
            pupil = Pupil(number, person_name(700 + number, 1), body + check_digit(body), school, chance.random() < 0.5,
                          chance.choice(["农村低保", "城市低保", "脱贫享受户"]))  # fmt: skip
            pupil.paid = [(pupil.due, "交易成功")]
            everyone.append(pupil)
    return everyone


def planted(everyone: Sequence[Pupil]) -> list[tuple[str, str]]:
    """Puts the problems in; ``(rule, name)`` of everything that is to be found, sorted."""
    unpaid, returned, short, twice, leaver, stranger, extra = (
        everyone[i] for i in (2, 9, 17, 25, 33, 41, 60)
    )
    unpaid.paid = []
    returned.paid = [(returned.due, "户名不符退回")]
    short.paid = [(short.due - 100, "交易成功")]
    twice.paid = [(twice.due, "交易成功"), (twice.due, "交易成功")]
    leaver.status = "已休学"
    stranger.category = ""
    extra.planned = False
    plants = {
        unpaid: ["missed.unpaid", "payments.two_lists"],
        returned: ["missed.returned"],
        short: ["missed.underpaid", "payments.two_lists"],
        twice: ["duplicate.same_scheme", "payments.two_lists"],
        leaver: ["mismatch.inactive"],
        stranger: ["ineligible.not_listed"],
        extra: ["payments.two_lists"],
    }
    return sorted((rule, pupil.name) for pupil, rules in plants.items() for rule in rules)


Pupil.__hash__ = object.__hash__  # type: ignore[method-assign]


def write(folder: Path, everyone: Sequence[Pupil]) -> None:
    """The county's files below ``folder``."""
    for school, (_code, stage, _size) in SCHOOLS.items():
        here = [p for p in everyone if p.school == school]
        rows = [[i, "G" + p.id_number, p.name, p.id_number, STAGE[stage][1], "住宿舍" if p.boards else "回家住", p.status, "汉族"]
                for i, p in enumerate(here, 1)]  # fmt: skip
        header = ["序号", "全国学籍号", "姓名", "身份证件号", "年级", "食宿情形", "在册情形", "民族"]
        book(folder / "学籍" / f"{school}.xlsx", {"Sheet1": [[f"{school}学生花名册"], header, *rows]})
    for name in ("农村低保", "城市低保"):
        header = ["姓名", "身份证号", "户编号", "备注"]
        rows = [[p.name, p.id_number, f"H{p.number:04d}", None] for p in everyone if p.category == name]
        book(folder / "民政" / f"{name}.xlsx", {name: [header, *rows]})
    rows = [
        [p.name, p.id_number, f"T{p.number:04d}", p.category] for p in everyone if p.category == "脱贫享受户"
    ]
    book(folder / "乡村振兴.xlsx", {"导出": [["姓名", "证件号码", "户号", "户类型"], *rows]})
    write_list(folder / "系统名单.xlsx", everyone)
    book(folder / "银行代发.xlsx", {scheme: bank_rows(everyone, scheme) for scheme in SYSTEM_SCHEME})


def write_list(path: Path, everyone: Sequence[Pupil]) -> None:
    """The aid system's list of those to be paid."""
    header = ["学生姓名", "身份证号", "学校名称", "补助项目", "资助金额", "困难类型"]
    rows = [
        [p.name, p.id_number, p.listed_at or p.school, SYSTEM_SCHEME[p.scheme], p.due, None]
        for p in everyone
        if p.planned
    ]
    book(path, {"名单": [["样禾县2024年秋季学期受助学生名单"], header, *rows]})


def bank_rows(everyone: Iterable[Pupil], scheme: str) -> list[list[Any]]:
    header = ["姓名", "客户证号", "金额", "资金入卡日", "代发回执", "卡号"]
    paid = [(p, amount, answer) for p in everyone if p.scheme == scheme for amount, answer in p.paid]
    return [
        header,
        *(
            [p.name, p.id_number, amount, "2024-11-20", answer, f"6217{p.number:015d}"]
            for p, amount, answer in paid
        ),
    ]


def book(path: Path, sheets: dict[str, list[list[Any]]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(row)
    workbook.save(path)
