"""What the ingest said is shown sheet by sheet: what stops the run is red, what one should look at amber, the rest green."""

from __future__ import annotations

from typing import Any

import pytest

from auditlib.base.errors import Problem
from auditlib.base.language import Text
from auditlib.desk.check_step import place_of
from auditlib.desk.checked import AMBER, GREEN, RED, IngestCheck
from auditlib.ingest.messages import at_desk


def account(file: str, sheet: str = "", **more: Any) -> dict[str, Any]:
    plain = {"table": "payments", "file": file, "sheet": sheet, "header_rows": [1], "used": 5, "rejected": 0}
    return {**plain, "columns": [], "unused": [], **more}


def unknown(kind: str, word: str, rows: int, first: str = "a.csv!2") -> dict[str, Any]:
    return {"table": "payments", "column": kind, "kind": kind, "word": word, "rows": rows, "first": first}


WHOLE = [{"column": name, "header": name, "cells": 1, "unread": 0} for name in ("id_number", "pay_date")]
PROBLEM = "某列认不出\n  位置：银行.xlsx › 寄宿 › 3 行\n  处理：改正"


def test_a_problem_reddens_the_sheet_that_it_names_and_no_other() -> None:
    check = IngestCheck(
        {
            "problems": [PROBLEM],
            "sheets": [
                account("银行.xlsx", "寄宿"),
                account("银行.xlsx", "走读"),
                account("系统.csv", columns=WHOLE),
            ],
        }
    )
    assert check.light("payments", "银行.xlsx", "寄宿") == RED
    assert check.light("payments", "银行.xlsx", "走读") == GREEN
    assert check.light("payments", "系统.csv", "") == GREEN
    assert not check.is_sound


@pytest.mark.parametrize(
    "more",
    [
        {"rejected": 1},
        {"used": 0},
        {"columns": [{"column": "amount", "header": "金额", "cells": 9, "unread": 1}]},
        {"unused": [{"header": "入卡日", "letter": "D", "cells": 9, "looks_like": "pay_date"}]},
    ],
)
def test_what_one_should_look_at_is_amber(more: dict[str, Any]) -> None:
    check = IngestCheck({"problems": [], "sheets": [account("a.csv", **more)]})
    assert check.light("payments", "a.csv", "") == AMBER
    assert check.is_sound


@pytest.mark.parametrize(
    ("columns_given", "unused_headers", "names"),
    [
        (["name", "id_number"], ["资金入账那天"], ["pay_date"]),
        (
            ["name", "id_number"],
            ["序号", "开户行", "联系电话"],
            ["pay_date"],
        ),  # no sheet of the table gives it
        (["name", "id_number", "pay_date"], ["资金入账那天"], []),
    ],
)
def test_what_rules_stand_on_and_nobody_read_is_named_where_a_column_may_be_it(
    columns_given: list[str], unused_headers: list[str], names: list[str]
) -> None:
    columns = [{"column": name, "header": name, "cells": 1, "unread": 0} for name in columns_given]
    unread = [{"header": header, "letter": "D", "cells": 9, "looks_like": None} for header in unused_headers]
    check = IngestCheck({"problems": [], "sheets": [account("a.csv", columns=columns, unused=unread)]})
    assert check.not_read("payments", "a.csv", "") == names
    assert check.light("payments", "a.csv", "") == (AMBER if names else GREEN)


def test_a_sheet_without_a_column_that_another_of_its_table_gives_is_green() -> None:
    check = IngestCheck({"problems": [], "sheets": [account("a.csv", columns=WHOLE), account("b.csv")]})
    assert check.light("payments", "b.csv", "") == GREEN


def test_a_sheet_that_was_not_read_is_not_green() -> None:
    assert IngestCheck({"problems": [], "sheets": []}).light("payments", "a.csv", "") == AMBER


def test_a_column_is_lost_above_the_share_and_not_at_it() -> None:
    columns = [
        {"column": "amount", "header": "金额", "cells": 10, "unread": 5},
        {"column": "pay_date", "header": "日期", "cells": 10, "unread": 6},
        {"column": "result", "header": "结果", "cells": 0, "unread": 0},
    ]
    check = IngestCheck({"sheets": [account("a.csv", columns=columns)]})
    assert check.lost_columns("payments", "a.csv", "", 0.5) == {"日期"}


def test_a_spelling_of_several_tables_is_one_question_the_most_rows_first_and_the_hidden_last() -> None:
    values = [
        unknown("category", "甲类", 2),
        unknown("category", "甲类", 3, "b.csv!7"),
        unknown("scheme", "补", 9),
        unknown("scheme", "", 40),
    ]
    spellings = IngestCheck({"unknown_values": values}).unknown_spellings()
    assert [(one.word, one.rows) for one in spellings] == [("补", 9), ("甲类", 5), ("", 40)]
    assert [place[2] for place in spellings[1].places] == ["a.csv!2", "b.csv!7"]


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("“就读方式”有不认识的值“住宿舍”\n  位置：学籍.xlsx › 6 行", "values"),
        ("unknown value “x” of status\n  Where: a.csv", "values"),
        ("没有政策文件“x”\n  位置：x\n  处理：params/policy", "law"),
        ("参数“pay_by”的值不对\n  位置：p.yaml › thresholds › pay_by", "days"),
        ("找不到文件夹\n  位置：data_dir", "county"),
        (PROBLEM, "files"),
    ],
)
def test_a_problem_leads_to_the_step_where_it_is_mended(text: str, page: str) -> None:
    assert place_of(text) == page


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_desk_says_what_to_do_there_and_not_what_one_would_write_by_hand(language: str) -> None:
    remedy = at_desk.or_by_hand(at_desk.NOT_NEEDED, Text("写进 not_needed", "write not_needed"))
    problem = Problem(Text("两张一样", "two alike"), Text("a.xlsx", "a.xlsx"), remedy)
    check = IngestCheck({"problems": [problem.into(language), "别的\n  处理：看看"]})
    assert at_desk.NOT_NEEDED.into(language) in check.problems[0]
    assert "not_needed" not in check.problems[0] and "a.xlsx" in check.problems[0]
    assert check.problems[1] == "别的\n  处理：看看"
