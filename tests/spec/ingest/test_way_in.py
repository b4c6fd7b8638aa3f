"""A county as its files come: nothing is lost in silence, every question has an answer in YAML, and then all is found."""

from __future__ import annotations

import json
from pathlib import Path

import exported_county as exported
import pytest

from auditlib.cli import main
from auditlib.county import self_check
from auditlib.law.parameters import read_self_check

SOURCES = '{eligibility: ["民政/*.xlsx", "乡村振兴.xlsx"], enrolment: ["学籍/*.xlsx"], payments: ["系统名单.xlsx", "银行代发.xlsx"]}'
APART = SOURCES.replace(
    'payments: ["系统名单.xlsx", "银行代发.xlsx"]', 'payments: ["银行代发.xlsx"], planned: ["系统名单.xlsx"]'
)
COLUMNS = """
columns:
  enrolment: {食宿情形: boarding, 在册情形: status}
  payments: {客户证号: id_number, 资金入卡日: pay_date, 代发回执: result}
"""
VALUES = """
values:
  boarding: {住宿舍: boarding, 回家住: day}
  status: {留校学习中: enrolled, 已休学: suspended}
  category: {脱贫享受户: registered_poor}
  scheme: {义教寄宿补: boarder_allowance, 义教走读补: day_pupil_allowance}
  result: {交易成功: success, 户名不符退回: returned}
"""


class County:
    def __init__(self, root: Path):
        self.root = root
        everyone = exported.pupils()
        self.expected = exported.planted(everyone)
        exported.write(root / "data", everyone)

    def ingest(self, sources: str, more: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
        """Exit status and what is told on stderr."""
        text = exported.PARAMETERS.replace("{SOURCES}", sources) + more
        (self.root / "run.yaml").write_text(text, encoding="utf-8")
        status = main(["ingest", str(self.root / "run.yaml"), "--quiet"])
        return status, capsys.readouterr().err


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> County:
    return County(tmp_path_factory.mktemp("county"))


def test_every_question_stops_until_it_is_answered(
    county: County, capsys: pytest.CaptureFixture[str]
) -> None:
    status, output = county.ingest(SOURCES, "", capsys)
    assert status == 1
    for word in ("义教寄宿补", "义教走读补", "脱贫享受户", '"客户证号": id_number', '"资金入卡日": pay_date'):
        assert word in output
    status, output = county.ingest(SOURCES, COLUMNS, capsys)
    assert status == 1
    for word in ("住宿舍", "留校学习中", "脱贫享受户"):
        assert word in output
    status, output = county.ingest(SOURCES, COLUMNS + VALUES, capsys)
    assert status == 1
    assert "像是同一笔钱" in output and "系统名单.xlsx" in output and "银行代发.xlsx" in output


def test_once_answered_all_is_found_and_nothing_else(
    county: County, capsys: pytest.CaptureFixture[str]
) -> None:
    status, output = county.ingest(APART, COLUMNS + VALUES, capsys)
    assert (status, output) == (0, "")
    results = self_check.run_self_check(read_self_check(county.root / "run.yaml"))[1]
    assert sorted(zip(results.findings["rule"], results.findings["name"], strict=True)) == county.expected


def test_the_answers_are_read_from_the_countys_profile(
    county: County, capsys: pytest.CaptureFixture[str]
) -> None:
    profile = county.root / "counties" / f"{exported.CODE}.yaml"
    profile.parent.mkdir()
    profile.write_text(COLUMNS + VALUES, encoding="utf-8")
    try:
        assert county.ingest(APART, "", capsys) == (0, "")
    finally:
        profile.unlink()


def test_school_names_that_nobody_knows_are_listed_with_their_pupils(
    county: County, capsys: pytest.CaptureFixture[str]
) -> None:
    everyone = exported.pupils()
    for pupil in everyone[:5]:
        pupil.listed_at = "深谷村教学点"
    exported.write_list(county.root / "data" / "系统名单.xlsx", everyone)
    county.ingest(APART, COLUMNS + VALUES, capsys)
    main(["ingest", str(county.root / "run.yaml")])
    assert "深谷村教学点 5" in capsys.readouterr().out
    report = json.loads((county.root / "out" / "ingest.json").read_text(encoding="utf-8"))
    names = {school["school_name"]: school["pupils"] for school in report["unknown_schools"]}
    assert names == {"深谷村教学点": 5}


@pytest.mark.parametrize("has_plan", [True, False], ids=["with a planned list", "by the register alone"])
def test_a_banks_list_of_boarders_and_day_pupils_without_schemes_is_told_apart_by_plan_and_register(
    county: County, capsys: pytest.CaptureFixture[str], has_plan: bool
) -> None:
    everyone = exported.pupils()
    expected = [one for one in exported.planted(everyone) if has_plan or one[0] != "payments.two_lists"]
    header, *boarders = exported.bank_rows(everyone, "寄宿生生活补助")
    _header, *day_pupils = exported.bank_rows(everyone, "非寄宿生生活补助")
    header[header.index("金额")] = "生活补助"
    exported.book(county.root / "data" / "代发.xlsx", {"Sheet1": [header, *boarders, *day_pupils]})
    sources = APART.replace('"银行代发.xlsx"', "{files: 代发.xlsx, scheme: umbrella}")
    exported.write_list(county.root / "data" / "系统名单.xlsx", everyone)
    sources = sources if has_plan else sources.replace(', planned: ["系统名单.xlsx"]', "")
    columns = COLUMNS.replace("payments: {", "payments: {生活补助: amount, ")
    assert county.ingest(sources, columns + VALUES, capsys) == (0, "")
    results = self_check.run_self_check(read_self_check(county.root / "run.yaml"))[1]
    assert sorted(zip(results.findings["rule"], results.findings["name"], strict=True)) == expected
