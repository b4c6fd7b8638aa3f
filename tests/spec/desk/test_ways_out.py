"""What a person at the desk would else be stuck at: each question has an answer on the page, and each answer a way back."""

from __future__ import annotations

from pathlib import Path

import exported_county as exported
import pytest
from desk_pages import begun, everything

from auditlib.base.strict_yaml import read_yaml
from auditlib.desk.check_step import place_of
from auditlib.desk.checked import IngestCheck
from auditlib.law.policy import in_force


def test_an_amount_of_which_the_national_standards_tell_the_average_alone_is_added_by_form(
    home: Path,
) -> None:
    desk = begun(home)
    desk.state.draft = desk.state.term.with_value("term", "2025-autumn")
    desk.state.page = "law"
    assert "普通高中国家助学金" in everything(desk.blocks()) and "平均 1,150.00" in everything(desk.blocks())
    form = {"name": "普通高中国家助学金", "yuan": "1400-900", "by": "样禾县教育局通知（2025-09）"}
    for key, text in form.items():
        desk.hear(["law", key], text)
    desk.hear(["add"])
    assert "“每学期（元）”没有填对：应为从最低到最高" in everything(desk.blocks())
    desk.hear(["law", "yuan"], "900.005")
    desk.hear(["add"])
    assert "大于 0、至多两位小数的金额" in everything(desk.blocks())
    desk.hear(["law", "yuan"], "900元-1，400元")
    desk.hear(["add"])
    [own] = {
        (row.minimum, row.maximum)
        for row in in_force(desk.state.policy(), "2025-autumn").itertuples()
        if row.scheme == "senior_grant"
    }
    assert tuple(map(int, own)) == (900, 1400)


def test_a_local_standard_is_taken_back_with_the_spellings_that_meant_it(home: Path) -> None:
    desk = begun(home)
    desk.state.page = "law"
    form = {
        "name": "交通补帖",
        "yuan": "20",
        "by": "通知",
        "stage primary": "1",
        "category registered_poor": "1",
    }
    for key, text in form.items():
        desk.hear(["law", key], text)
    desk.hear(["add"])
    desk.state.keep(desk.state.profile.with_value("scheme", "车费", "local_1"))
    desk.hear(["take back", "local_1"])
    assert "撤回：交通补帖" in everything(desk.blocks())
    assert desk.state.term.values["policy"] == ["national"] and "scheme" not in desk.state.profile.values
    assert "local_1" not in desk.state.policy().schemes


def test_what_is_chosen_is_in_the_file_though_the_page_be_closed(home: Path) -> None:
    desk = begun(home)
    key = ("银行代发.xlsx", "寄宿生生活补助")
    desk.hear(["table", *key], "planned")
    assert "寄宿生生活补助" in str(read_yaml(desk.state.file)["sources"]["planned"])


def test_a_message_about_a_column_goes_once_it_was_said_what_it_is(home: Path) -> None:
    desk = begun(home)
    file, sheet = key = ("银行代发.xlsx", "寄宿生生活补助")
    text = f"“代发回执”一列没有用上\n  位置：{file} › {sheet}\n  处理：选"
    desk.state.check, desk.state.sheet = IngestCheck({"problems": [text]}), key
    desk.state.checked = desk.state.fingerprint()
    assert "“代发回执”一列没有用上" in everything(desk.blocks())
    desk.hear(["column", "payments", "代发回执"], "result")
    assert "“代发回执”一列没有用上" not in everything(desk.blocks())


def test_a_sheet_of_which_nobody_has_said_what_it_is_shows_its_headers(home: Path) -> None:
    desk = begun(home)
    key = ("银行代发.xlsx", "寄宿生生活补助")
    desk.state.sheet, desk.state.draft = key, desk.state.term.without([key])
    page_text = everything(desk.blocks())
    assert "客户证号" in page_text and not any(pupil.name in page_text for pupil in exported.pupils())


def test_a_spelling_that_is_not_shown_is_copied_from_the_file(home: Path) -> None:
    desk = begun(home)
    desk.state.page = "values"
    unknown = {
        "table": "enrolment",
        "column": "status",
        "kind": "status",
        "word": "",
        "rows": 1,
        "first": "a.xlsx!Sheet1!5",
    }
    desk.state.check = IngestCheck({"problems": ["x"], "unknown_values": [unknown]})
    desk.hear(["hidden", "status"], "lost")
    assert "请先照抄" in everything(desk.blocks())
    desk.hear(["copy", "status"], " 跟父母走 ")
    desk.hear(["hidden", "status"], "lost")
    assert desk.state.profile.values["status"] == {"跟父母走": "lost"}


def test_a_table_without_a_row_says_where_that_is_confirmed(home: Path) -> None:
    desk = begun(home)
    desk.state.page = "check"
    sheet = {
        "table": "letters",
        "file": "函告.xlsx",
        "sheet": "台账",
        "header_rows": [1],
        "used": 0,
        "rejected": 0,
        "unused": [],
        "columns": [],
    }
    desk.state.check = IngestCheck({"problems": [], "sheets": [sheet]})
    assert "到“日期和界限”一步勾选" in everything(desk.blocks())
    desk.state.page = "days"
    desk.hear(["empty", "letters"], "1")
    desk.state.page = "check"
    assert "到“日期和界限”一步勾选" not in everything(desk.blocks())


def test_a_sheet_that_could_not_be_read_is_not_called_empty_and_its_spellings_are_awaited(home: Path) -> None:
    desk = begun(home)
    sheet = {"table": "payments", "file": "银行代发.xlsx", "sheet": "寄宿生生活补助", "header_rows": [1], "rows": 0, "used": 0,
             "rejected": 0, "unused": [], "columns": []}  # fmt: skip
    problem = "缺少必需列“资助项目”\n  位置：银行代发.xlsx › 寄宿生生活补助 › 表头第 1 行\n  处理：写明"
    desk.state.check = IngestCheck({"problems": [problem], "sheets": [sheet]})
    for page, text in (("values", "还没有读成"), ("check", "还没有读：先改上面说的")):
        desk.state.page = page
        assert text in everything(desk.blocks())
    assert "到“日期和界限”一步勾选" not in everything(desk.blocks())
    desk.state.page = "days"
    assert '["empty", "payments"]' not in everything(desk.blocks())


def test_the_citys_key_is_dropped_where_the_package_is_to_hold_tokens(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDITLIB_KEYS", str(tmp_path / "keys"))
    desk = begun(home)
    desk.state.page = "days"
    assert '["drop", "key"]' not in everything(desk.blocks())
    desk.hear(["package"], "tokens")
    assert "本机还没有" in everything(desk.blocks())
    for secret in (b"0" * 64, b"1" * 64, b"no key"):
        desk.take("key", "fingerprint.key", 0, len(secret), secret)
        desk.hear(["dropped", "key"])
    assert "密钥文件已损坏" in everything(desk.blocks())
    tables_kept = sorted(file.name for file in (tmp_path / "keys").iterdir())
    assert (tmp_path / "keys" / "fingerprint.key").read_bytes() == b"1" * 64 and len(tables_kept) == 2
    assert place_of("参数 hand_in 为 tokens，但没有市里统一的密钥") == "days"
