"""Runs that cannot be looked over together are refused by name; those that can, with what a reader must know."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from trend_fixture import decision, finding, looked, term_run, trend

from auditlib.base.errors import AuditError, UsageError
from auditlib.base.files import on_their_way
from auditlib.cli import main
from auditlib.trend.parameters import check_trend
from auditlib.trend.programme import open_terms
from auditlib.trend.runs import open_runs


def remarks(folder: Path, *runs: Path, **values: str) -> str:
    return "\n".join(text.zh for text in open_runs(trend(folder, *runs, **values)).remarks)


def refusal(folder: Path, *runs: Path, **values: str) -> str:
    with pytest.raises(AuditError) as refused:
        open_terms(trend(folder, *runs, **values))
    assert refused.value.into("en") != refused.value.into("zh")
    return refused.value.into("zh")


def test_terms_are_put_in_order_and_that_is_said(tmp_path: Path) -> None:
    autumn = term_run(tmp_path / "a", "2020-autumn")
    spring = term_run(tmp_path / "s", "2020-spring")
    assert open_runs(trend(tmp_path, autumn, spring)).terms == ["2020-spring", "2020-autumn"]
    assert "已按学期重排" in remarks(tmp_path, autumn, spring)
    assert remarks(tmp_path, spring, autumn) == ""


def test_every_run_that_cannot_be_used_is_named_at_once(tmp_path: Path) -> None:
    good = term_run(tmp_path / "good", "2020-spring")
    half = term_run(tmp_path / "half", "2020-autumn")
    (half / "findings.parquet").unlink()
    being = term_run(tmp_path / "being", "2021-spring")
    way = on_their_way(being)
    old = term_run(tmp_path / "old", "2019-autumn")
    (old / "manifest.json").write_text('{"parameters": {"county_code": "990125"}}', "utf-8")
    broken_run = term_run(tmp_path / "broken", "2019-spring")
    (broken_run / "manifest.json").write_text('{"parameters": ', "utf-8")
    city = term_run(tmp_path / "city", "2018-spring", parameters={"city_code": "9901"})
    mixed_run = term_run(tmp_path / "mixed", "2017-spring", run="0123456789ab")
    refusal_text = refusal(
        tmp_path, good, half, being, old, broken_run, city, mixed_run, tmp_path / "nowhere"
    )
    way.give_up()
    for name, word in (
        ("nowhere", "找不到"), ("half", "没有运行结果"), ("being", "正在写入"), ("old", "缺少：county_name, term, count_date, rules"),
        ("broken", "无法读取"), ("city", "市级复查"), ("mixed", "两次运行的文件"),
    ):  # fmt: skip
        assert f"位置：{name}" in refusal_text
        assert word in refusal_text
    assert "位置：good" not in refusal_text


def test_the_same_run_twice_counts_once(tmp_path: Path) -> None:
    run = term_run(tmp_path / "a", "2020-autumn", [finding("one")])
    copy = shutil.copytree(run, tmp_path / "copy")
    for twice in (run, copy):
        assert "只计一次" in remarks(tmp_path, run, twice)
        assert looked(tmp_path, run, twice).standing["known"] == 1


def test_two_different_runs_of_a_term_are_refused(tmp_path: Path) -> None:
    one = term_run(tmp_path / "one", "2020-autumn", [finding("one")])
    other = term_run(tmp_path / "other", "2020-autumn", [finding("two")])
    refusal_text = refusal(tmp_path, one, other)
    assert "2020 年秋季学期 有两份不同的运行结果" in refusal_text
    assert "one、other" in refusal_text


def test_a_missing_term_is_named_and_breaks_the_chain(tmp_path: Path) -> None:
    early = term_run(tmp_path / "e", "2019-autumn", [finding("one", person=1)])
    late = term_run(tmp_path / "l", "2020-autumn", [finding("two", person=1)])
    assert "缺 2020 年春季学期 的运行" in remarks(tmp_path, early, late)
    assert looked(tmp_path, early, late).lasting == 0


def test_runs_of_other_counties_are_refused(tmp_path: Path) -> None:
    here = term_run(tmp_path / "here", "2020-spring")
    there = term_run(tmp_path / "there", "2020-autumn", parameters={"county_code": "990124"})
    assert "990124, 990125" in refusal(tmp_path, here, there)


def test_what_makes_terms_unlike_is_said(tmp_path: Path) -> None:
    spring = term_run(tmp_path / "s", "2020-spring", auditlib="0.0.9")
    other_limits = {"thresholds": {"link_accept": 0.9, "pay_by": "2020-12-31"}}
    autumn = term_run(tmp_path / "a", "2020-autumn", parameters=other_limits, policy=[])
    remark_texts = remarks(tmp_path, spring, autumn)
    assert "2020 年春季学期 由旧版程序（0.0.9）核对" in remark_texts
    assert "阈值不同（link_accept）" in remark_texts
    assert "政策文件不同" in remark_texts


def test_a_day_before_a_runs_count_date_is_refused(tmp_path: Path) -> None:
    run = term_run(tmp_path / "a", "2020-autumn")
    assert "as_of" in refusal(tmp_path, run, as_of="2020-10-30")
    assert looked(tmp_path, run, as_of="2020-10-31").standing["known"] == 0


def test_one_term_alone_is_no_change(tmp_path: Path) -> None:
    assert "只有一个学期" in remarks(tmp_path, term_run(tmp_path / "a", "2020-autumn"))


def test_findings_that_are_cut_old_or_not_the_manifests_are_refused(tmp_path: Path) -> None:
    cut = term_run(tmp_path / "cut", "2019-spring")
    (cut / "findings.parquet").write_bytes((cut / "findings.parquet").read_bytes()[:100])
    old = term_run(tmp_path / "old", "2019-autumn")
    table = pq.read_table(old / "findings.parquet")
    pq.write_table(table.drop_columns(["severity", "message"]), old / "findings.parquet")
    other = term_run(tmp_path / "other", "2020-spring", [finding("one")])
    manifest = json.loads((other / "manifest.json").read_text("utf-8"))
    manifest["rules"]["missed.unpaid"]["exceptions"] = 2
    (other / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    refusal_text = refusal(tmp_path, cut, old, other)
    assert "cut/findings.parquet" in refusal_text
    assert "缺少列：severity, message" in refusal_text
    assert "条数不符（missed.unpaid）" in refusal_text


@pytest.mark.parametrize(
    ("rules", "lacking"),
    [
        ({"missed.unpaid": {"status": "run", "exceptions": 0}}, "缺少：rules.tested"),
        ({"missed.unpaid": {"status": "run", "tested": "many", "exceptions": 0}}, "缺少：rules.tested"),
        ({"missed.unpaid": 3}, "缺少：rules"),
        (None, "缺少：rules"),
    ],
)
def test_a_manifest_without_the_counts_of_its_rules_is_refused(
    rules: object, lacking: str, tmp_path: Path
) -> None:
    assert lacking in refusal(tmp_path, term_run(tmp_path / "old", "2020-autumn", rules=rules))


def test_a_decision_without_a_day_or_an_amount_that_is_none_is_refused(tmp_path: Path) -> None:
    for folder, column, wrong in (
        ("a", "decided_at", decision("one", "confirmed", "去年")),
        ("b", "amount", decision("one", "rectified", "2020-12-01", "五百")),
    ):
        run = term_run(tmp_path / folder, "2020-autumn", [finding("one")], [wrong])
        assert column in refusal(tmp_path, run)


@pytest.mark.parametrize(
    ("wrong", "name_in_message"),
    [
        ({"run": []}, "run"),
        ({"runs": []}, "runs"),
        ({"as_of": "昨天"}, "as_of"),
        ({"confidence": "1"}, "confidence"),
        ({"confidence": "nan"}, "confidence"),
        ({"verify_within": "-1"}, "verify_within"),
        ({"output_dir": "a"}, "output_dir"),
    ],
)
def test_wrong_parameters_are_refused_by_name(
    wrong: dict[str, object], name_in_message: str, tmp_path: Path
) -> None:
    values_given = {"runs": ["a"], "as_of": "2021-01-01", "output_dir": "out", **wrong}
    with pytest.raises(UsageError) as refused:
        check_trend(values_given, base=tmp_path)
    assert f"“{name_in_message}”" in refused.value.into("zh")


def test_the_command_ends_with_a_message_not_a_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "t.yaml").write_text("runs: [nowhere]\nas_of: 2021-01-01\noutput_dir: out\n", "utf-8")
    assert main(["trend", str(tmp_path / "t.yaml"), "--language", "en"]) == 1
    stderr = capsys.readouterr().err
    assert "the run's folder is not there" in stderr
    assert "Traceback" not in stderr
    assert not (tmp_path / "out").exists()
    (tmp_path / "t.yaml").write_text("runs: [nowhere]\nas_off: 2021-01-01\noutput_dir: out\n", "utf-8")
    assert main(["trend", str(tmp_path / "t.yaml")]) == 2
    assert "as_off" in capsys.readouterr().err
