"""The parameters of a run: every wrong key is named at once, and YAML's traps stay text."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import plain_county
import pytest

from auditlib.base.edited_lists import listed_rows
from auditlib.base.errors import UsageError
from auditlib.base.strict_yaml import read_yaml
from auditlib.county.self_check import notebook_parameters
from auditlib.law.parameters import SelfCheck, check_self_check, read_self_check, refuse_missing_previous

YAML = """\
county_code: "990100"
county_name: 平县
term: 2020-autumn
count_date: 2020-10-31
data_dir: ../data
sources: {payments: ["发放*.csv"], eligibility: [{files: "低保*.csv", category: low_income}]}
policy: [national]
enrolment_covers: [primary, junior]
thresholds: {link_accept: 0.95, link_review: 0.50, posting_days: 5, pay_by: 2020-12-31, reply_by: 2020-12-15}
output_dir: ../runs/x
"""


def check(**changes: Any) -> SelfCheck:
    values = copy.deepcopy(plain_county.PARAMETERS)
    for key, value in changes.items():
        if value is None:
            del values[key]
        else:
            values[key] = value
    return check_self_check(values, base=Path("/base"))


def read(tmp_path: Path, text: str) -> SelfCheck:
    path = tmp_path / "run.yaml"
    path.write_text(text, encoding="utf-8")
    return read_self_check(path)


def test_relative_paths_are_relative_to_the_parameter_file(tmp_path: Path) -> None:
    parameters = read(tmp_path, YAML)
    assert parameters.data_dir == (tmp_path / "../data").resolve()
    assert parameters.output_dir == (tmp_path / "../runs/x").resolve()


def test_a_policy_of_ones_own_is_found_beside_the_parameter_file(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text("title: {zh: 本地, en: Local}\n", encoding="utf-8")
    (tmp_path / "national.yaml").write_text("title: {zh: 另一个, en: Another}\n", encoding="utf-8")
    yaml_text = YAML.replace("policy: [national]", "policy: [national, own.yaml, own]")
    own = str((tmp_path / "own.yaml").resolve())
    assert read(tmp_path, yaml_text).policy == ["national", own, own]  # a shipped name means the shipped file


def test_a_policy_in_the_folder_beside_the_parameter_file(tmp_path: Path) -> None:
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy" / "990122-local.yaml").write_text("title: {zh: 本地, en: Local}\n", encoding="utf-8")
    yaml_text = YAML.replace("policy: [national]", "policy: [national, 990122-local]")
    own = str((tmp_path / "policy" / "990122-local.yaml").resolve())
    assert read(tmp_path, yaml_text).policy == ["national", own]


def test_an_earlier_run_that_is_not_there_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "spring").mkdir()
    refuse_missing_previous(read(tmp_path, YAML + "previous: [spring]\n"))
    with pytest.raises(UsageError, match="“sprnig”"):
        refuse_missing_previous(read(tmp_path, YAML + "previous: [spring, sprnig]\n"))


def test_what_is_written_is_what_is_shown(tmp_path: Path) -> None:
    as_shown = read(tmp_path, YAML).as_json()
    assert check_self_check(as_shown, base=Path("/elsewhere")).as_json() == as_shown


@pytest.mark.parametrize("code", ["0012", "012345", "1_000", "1e3", "0x1F"])
def test_a_code_keeps_its_characters(tmp_path: Path, code: str) -> None:
    assert read(tmp_path, YAML.replace('"990100"', code)).county_code == code


@pytest.mark.parametrize("code", ["../../x", "a/b", "99 01", "县", "", "9901.."])
def test_a_code_that_could_not_stand_in_a_files_name_is_refused(code: str) -> None:
    with pytest.raises(UsageError, match="county_code"):
        check(county_code=code)


@pytest.mark.parametrize("name", ["no", "on", "Null", "1:30", "~"])
def test_a_name_that_yaml_would_read_otherwise_stays_text(tmp_path: Path, name: str) -> None:
    assert read(tmp_path, YAML.replace("平县", name)).county_name == name


def test_a_key_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="又写了一次“term”"):
        read(tmp_path, YAML + "term: 2020-spring\n")


@pytest.mark.parametrize("text", ["", "- a\n- b\n", "term: [", "只是一句话"])
def test_a_file_that_is_no_mapping_is_refused_with_its_name(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError, match=r"run\.yaml"):
        read(tmp_path, text)


@pytest.mark.parametrize(
    ("right", "slip", "what"),
    [
        ("county_name: 平县", "county_name：平县", "全角冒号"),
        ("county_name: 平县", "county_name：“平县”", "全角冒号"),
        ("county_name: 平县", "county_name:平县", "少一个空格"),
        ("county_name: 平县", "county_name:\t平县", "制表符"),
        ("county_name: 平县", 'county_name: "数据\\县"', "反斜杠"),
        ("county_name: 平县", 'county_name: "平县', "引号没有成对"),
        ("policy: [national]", "policy: [national", "没有闭合"),
        ("policy: [national]", "policy: [national，jiangxi]", "全角逗号"),
        ("policy: [national]", "policy: {a：b}", "全角冒号"),
    ],
)
def test_a_slip_of_the_hand_is_told_by_its_line_in_the_readers_language(
    tmp_path: Path, right: str, slip: str, what: str
) -> None:
    text = "county_name: 平县\npolicy: [national]\nterm: 2020-autumn\n"
    (tmp_path / "run.yaml").write_text(text.replace(right, slip), encoding="utf-8")
    with pytest.raises(UsageError) as refusal:
        read_yaml(tmp_path / "run.yaml")
    [problem] = refusal.value.problems
    line = 1 if right.startswith("county") else 2
    assert problem.what.zh.startswith(f"第 {line} 行") and what in problem.what.zh
    assert problem.where.zh == f"run.yaml › 第 {line} 行"
    assert "expected" not in problem.into("zh") + problem.into("en")


def test_a_parameter_file_saved_in_gbk_is_read(tmp_path: Path) -> None:
    (tmp_path / "run.yaml").write_bytes("county_name: 平县\n".encode("gbk"))
    assert read_yaml(tmp_path / "run.yaml") == {"county_name": "平县"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_lists_that_excel_saved_are_read(tmp_path: Path, encoding: str, separator: str) -> None:
    text = "code,value\r\nlow_income,低保户\r\n,\r\n destitute , 特困户 \r\n".replace(",", separator)
    (tmp_path / "category.csv").write_bytes(text.encode(encoding))
    rows = [(line, row["code"], row["value"]) for line, row in listed_rows(tmp_path / "category.csv", ("code", "value"))]  # fmt: skip
    assert rows == [(2, "low_income", "低保户"), (4, "destitute", "特困户")]


def test_a_list_without_its_columns_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "category.csv").write_text("代码,写法\nlow_income,低保户\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"缺少列 code, value"):
        list(listed_rows(tmp_path / "category.csv", ("code", "value")))


def test_a_file_that_is_not_there_is_refused_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"none\.yaml"):
        read_self_check(tmp_path / "none.yaml")


REQUIRED_KEYS = [
    key for key in plain_county.PARAMETERS if key not in ("columns", "previous", "hand_in", "language")
]


@pytest.mark.parametrize("key", REQUIRED_KEYS)
def test_a_missing_key_is_named(key: str) -> None:
    with pytest.raises(UsageError, match=key):
        check(**{key: None})


@pytest.mark.parametrize("key", ["link_accept", "link_review", "posting_days", "pay_by", "reply_by"])
def test_a_missing_threshold_is_named(key: str) -> None:
    limits = {name: value for name, value in plain_county.PARAMETERS["thresholds"].items() if name != key}
    with pytest.raises(UsageError, match=key):
        check(thresholds=limits)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("term", "2020"), ("term", "2020-summer"), ("count_date", "31.10.2020"), ("count_date", "2020-02-30"), ("sources", []),
        ("sources", {"payment": []}), ("sources", {"payments": "a.csv"}), ("sources", {"payments": [{"category": "x"}]}),
        ("policy", "national"), ("enrolment_covers", ["primry"]), ("thresholds", 5), ("hand_in", "names"), ("language", "fr"), ("data_dir", ["a"]),
        ("county_name", " "), ("columns", {"payments": {"证件": "id"}}), ("columns", {"payment": {}}),
    ],
    ids=str,
)  # fmt: skip
def test_a_wrong_value_is_named_by_its_key(key: str, value: Any) -> None:
    with pytest.raises(UsageError, match=key):
        check(**{key: value})


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("link_accept", 1.5),
        ("link_accept", "viel"),
        ("posting_days", 2.5),
        ("posting_days", -1),
        ("pay_by", "morgen"),
        ("stay_by", 1),
    ],
    ids=str,
)
def test_a_wrong_threshold_is_named(key: str, value: Any) -> None:
    with pytest.raises(UsageError, match=key):
        check(thresholds=plain_county.PARAMETERS["thresholds"] | {key: value})


def test_the_limit_for_review_is_not_above_that_for_acceptance() -> None:
    with pytest.raises(UsageError, match="link_review"):
        check(thresholds=plain_county.PARAMETERS["thresholds"] | {"link_review": 0.96})


@pytest.mark.parametrize("day", ["2020-08-31", "2021-03-01", "2019-10-31"])
def test_a_count_date_outside_the_term_is_refused(day: str) -> None:
    with pytest.raises(UsageError, match="count_date") as refusal:
        check(count_date=day)
    assert "2020-09-01" in str(refusal.value) and "2021-02-28" in str(refusal.value)


@pytest.mark.parametrize("day", ["2020-09-01", "2021-02-28"])
def test_the_count_date_is_any_day_of_the_term(day: str) -> None:
    assert check(count_date=day).count_date.isoformat() == day


def test_every_wrong_key_is_named_at_once() -> None:
    with pytest.raises(UsageError) as refusal:
        check(term="x", count_date="y", colour="blue", policy=None)
    assert {key for key in ("term", "count_date", "colour", "policy") if f"“{key}”" in str(refusal.value)} == {
        "term", "count_date", "colour", "policy",
    }  # fmt: skip


@pytest.mark.parametrize(
    "term", ["0000-spring", "9999-autumn", "２０２０-autumn", "2020-autumn\n", "2020-AUTUMN"]
)
def test_a_term_that_no_calendar_has_is_refused(term: str) -> None:
    with pytest.raises(UsageError, match="term"):
        check(term=term)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "20201231", "2020-W53-4", "２０２０-12-31"])
def test_a_last_day_of_payment_out_of_time_is_refused(day: str) -> None:
    with pytest.raises(UsageError, match="pay_by"):
        check(thresholds=plain_county.PARAMETERS["thresholds"] | {"pay_by": day})


@pytest.mark.parametrize("path", ["a\0b", "a\ud800", "x" * 300, "a/" * 1000])
def test_a_path_that_no_disk_has_is_refused(path: str) -> None:
    with pytest.raises(UsageError, match="data_dir"):
        check(data_dir=path)


@pytest.mark.parametrize(
    "text",
    [
        f"a: {'[' * 1500}{']' * 1500}",
        "a: &a [x]\nb: [" + "*a, " * 50_000 + "*a]",
        "a: &a [*a]",
        "k" * 100_000 + ": 1",
        "# " + "x" * 300_000,
    ],
)
def test_yaml_that_nests_or_repeats_itself_without_end_is_refused_shortly(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError, match=r"run\.yaml") as refusal:
        read(tmp_path, text)
    assert len(refusal.value.into("zh")) < 1000


def test_of_very_many_problems_the_first_are_told_and_how_many_there_are() -> None:
    with pytest.raises(UsageError) as refusal:
        check(**{f"k{number}": "1" for number in range(1000)})
    assert refusal.value.into("en").endswith("(900 more; they are listed once these are corrected)")


def test_who_puts_right_what_until_when_is_read_and_handed_on() -> None:
    task = {"missed.unpaid": {"unit": "县教育局", "by": "2021-01-15"}}
    assert check(rectification=task).as_json()["rectification"] == task
    assert "rectification" not in check().as_json()


@pytest.mark.parametrize("task", [{"until": "2021-01-15"}, {"by": "soon"}])
def test_a_task_that_cannot_be_read_is_refused(task: dict[str, str]) -> None:
    with pytest.raises(UsageError, match="rectification"):
        check(rectification={"missed.unpaid": task})


def test_a_task_under_a_rule_that_there_is_none_of_is_refused(tmp_path: Path) -> None:
    yaml_text = plain_county.PARAMETERS | {"rectification": {"missed.unpayd": {"unit": "县教育局"}}}
    with pytest.raises(UsageError, match=r"missed\.unpaid"):
        notebook_parameters(tmp_path, **yaml_text)


def test_ages_are_six_to_fifteen_unless_the_run_says_otherwise(tmp_path: Path) -> None:
    assert read(tmp_path, YAML).ages.compulsory == (6, 15)
    longer = read(tmp_path, YAML + "ages: {compulsory: [6, 16]}\n")
    assert (longer.ages.compulsory, longer.ages.account) == ((6, 16), (3, 22))
    assert longer.as_json()["ages"] == {"compulsory": [6, 16], "account": [3, 22]}


@pytest.mark.parametrize(
    ("ages", "key"),
    [
        ({"compulsory": [15, 6]}, "compulsory"),
        ({"compulsory": [6]}, "compulsory"),
        ({"compulsory": ["six", 15]}, "compulsory"),
        ({"compulsory": [6, 15.5]}, "compulsory"),
        ({"account": [7, 22]}, "account"),
        ({"account": [3, 14]}, "account"),
        ({"school": [6, 15]}, "school"),
        ([6, 15], "ages"),
    ],
)
def test_ages_that_are_none_are_refused_by_name(ages: Any, key: str) -> None:
    with pytest.raises(UsageError, match=f"“{key}”"):
        check(ages=ages)


def test_for_whom_the_county_answers_is_one_of_two_words() -> None:
    assert check(answers_for=[]).answers_for == []
    with pytest.raises(UsageError, match="“answers_for”"):
        check(answers_for=["primary"])
