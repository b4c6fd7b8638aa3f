"""A city of two tiny counties, from their packages to the conclusions: every planted fact found, nothing else."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from leaks import words_in
from owners import open_to_others
from small_city import EAST, WEST, City, by_stranger, east, handed, visited, west, without_west
from test_package import members_of, zipped_anew
from tiny_county import deliver, pupil

from auditlib.base.errors import AuditError
from auditlib.base.places import FOLDER_VARIABLE, MARKER
from auditlib.city import before_the_draw, compare, report
from auditlib.city.by_word import COLUMNS
from auditlib.city.counties import by_city_ids, reperform, without_audit
from auditlib.city.findings import recheck_findings
from auditlib.city.outputs import sheet_name, write_form, write_outputs
from auditlib.city.parameters import check_recheck
from auditlib.city.programme import compare_counties, conclude_all, draw_samples, read_visits
from auditlib.city.report.points import points
from auditlib.city.report.words import upper
from auditlib.city.results import CityComparison
from auditlib.city.submissions import Submission, open_packages
from auditlib.city.wording import form_rows
from auditlib.county import self_check
from auditlib.law.parameters import SelfCheck
from auditlib.package import contents, keys, read_package, seal
from auditlib.package.draw_half import kept_half
from auditlib.package.verify import verify
from auditlib.runs.kept_content import digest_of


def test_the_findings_of_the_re_check_are_what_was_planted(city: City) -> None:
    findings = city.results.comparison.findings
    counts = Counter(zip(findings["rule"], findings["county_code"], findings["reason"], strict=True))
    assert counts == {
        ("recheck.data_changed", EAST, "removed"): 1,
        ("recheck.false_closure", EAST, "still_found"): 1,
        ("recheck.cross_county_duplicate", EAST, "paid_twice"): 1,
        ("recheck.cross_county_duplicate", EAST, "enrolled_twice"): 1,
    }
    paid_twice = findings[findings["reason"] == "paid_twice"].iloc[0]
    assert paid_twice["at_stake"] == Decimal("500.00") and paid_twice["id_number"] == pupil(3)["id_number"]
    assert paid_twice["finding_id"] and findings["finding_id"].is_unique


def test_the_missing_child_is_in_the_neighbours_register(city: City) -> None:
    columns = ["rule", "county_code", "found_in", "active", "paid_there"]
    [child] = city.results.comparison.registered_elsewhere[columns].values.tolist()
    assert child == ["missed.not_found", EAST, WEST, True, True]


def test_tokens_alone_find_the_same_pairs_by_number(city: City) -> None:
    tokens = city.results.comparison.tokens.set_index("kind")
    pair_counts = {"paid_twice": 1, "enrolled_twice": 1, "fallback_paid": 0, "registered_elsewhere": 1}
    assert tokens["by_tokens"].to_dict() == tokens["both"].to_dict() == pair_counts
    assert tokens[["recall", "precision"]].dropna().values.tolist() == [[1, 1]] * 3


def test_the_outputs_are_whole_and_the_same_twice(city: City) -> None:
    run = check_recheck(city.parameters, base=city.folder)
    write_outputs(run, city.results)
    first = {path.name: path.read_bytes() for path in run.output_dir.iterdir() if path.is_file()}
    assert open_to_others(run.output_dir) == []
    write_outputs(run, city.results)
    assert {path.name: path.read_bytes() for path in run.output_dir.iterdir() if path.is_file()} == first
    proof = json.loads(first["draw.json"])
    assert [entry["county_code"] for entry in proof] == [EAST, WEST]
    numbers = {row["id_number"] for row in east()["enrolment"]}
    for name in ("draw.json", "manifest.json", "conclusions.json", "draws.csv", f"population-{EAST}.csv"):
        assert not any(number in first[name].decode() for number in numbers), name
    heads, *listed_lines = openpyxl.load_workbook(run.output_dir / "findings.xlsx").worksheets[0].values
    assert any(str(row[heads.index("年级、班级")] or "").startswith("小学") for row in listed_lines)
    form = openpyxl.load_workbook(run.output_dir / "comparison.xlsx")
    assert form.sheetnames == [*city.results.names.values(), "逐条差异", "邻县查到的孩子"]
    assert {form[name].page_setup.orientation for name in form.sheetnames} == {"landscape"}
    assert "不得外传" in (form["逐条差异"].oddFooter.center.text or "")
    rows = list(form["逐条差异"].iter_rows(min_row=2, max_col=7, values_only=True))
    assert [row[5:] for row in rows] == [("仅市里有", "自查后删除了行")] and rows[0][3] == pupil(1)["name"]


def test_what_was_re_performed_is_kept_for_the_very_same_inputs_and_this_bureaus_key(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = check_recheck(city.parameters, base=city.folder)
    audited_codes: list[str] = []
    begin = self_check.begin

    def count_run(parameters: SelfCheck) -> self_check.Run:
        audited_codes.append(parameters.county_code)
        return begin(parameters)

    monkeypatch.setattr(self_check, "begin", count_run)
    again = reperform(run)
    assert audited_codes == []
    for county, before in zip(again, city.results.counties, strict=True):
        assert county.package and before.package and county.package.digest == before.package.digest
        assert county.copied_on == before.copied_on and county.manifest == before.manifest
        for name in ("findings", "payments", "net", "pupils", "persons", "fingerprints", "unchanged"):
            pd.testing.assert_frame_equal(getattr(county, name), getattr(before, name))
    places = run.output_dir / "reperformed"
    sealed_copy = places / f"{EAST}.kept"
    sealed_copy.write_bytes(sealed_copy.read_bytes()[:-1] + b"?")  # of somebody else's making: never opened
    west = again[1].parameters
    assert west
    (Path(west.data_dir) / "another.txt").write_text("one more file", "utf-8")
    reperform(run)
    assert audited_codes == [EAST, WEST]
    assert {path.name for path in places.iterdir()} == {f"{EAST}.kept", f"{WEST}.kept"}


def test_a_field_sheet_named_in_the_parameters_of_the_city_repeats_no_audit_and_a_standard_does(
    city: City, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    params = tmp_path / "params"
    (params / "policy").mkdir(parents=True)
    (tmp_path / MARKER).touch()
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    audited_parameters = city.results.counties[0].parameters
    assert audited_parameters
    before = digest_of(audited_parameters, {})
    (params / "city-9901-2020-autumn.yaml").write_text("field_results: [990122.xlsx]", "utf-8")
    assert digest_of(audited_parameters, {}) == before
    (params / "policy" / "another.yaml").write_text("title: {}", "utf-8")
    assert digest_of(audited_parameters, {}) != before


def test_what_each_grade_needs_is_told_before_the_draw(city: City) -> None:
    lines = before_the_draw.need_lines(check_recheck(city.parameters, base=city.folder))
    *counties, supposition = lines
    assert len(counties) == 2 and supposition.startswith("以上都以标出的全部查实")
    enough = "(至少查 [0-9,]+ 笔|全部查完也不够)"
    needs = f"可以接受：{enough}.*A 级（90%）{enough}，B 级（75%）{enough}，C 级（50%）{enough}"
    assert all(re.search(needs, line) for line in counties)


def test_the_visits_are_concluded_on(city: City) -> None:
    run = check_recheck(city.parameters, base=city.folder)
    draws = draw_samples(run, city.results.counties)
    write_outputs(run, city.results)
    files = [
        visited(run.output_dir / sheet_name(draw), city.folder / f"{i}.xlsx") for i, draw in enumerate(draws)
    ]
    again = check_recheck(city.parameters | {"field_results": list(map(str, files))}, base=city.folder)
    visits = read_visits(again, draws)
    city_results = conclude_all(again, city.results.counties, city.results.comparison, draws, visits)
    assert [c.visited for c in city_results.conclusions] == [len(draw.sample_units) for draw in draws]
    assert all(c.missed is None or c.missed.accept in (True, False) for c in city_results.conclusions)
    assert all(c.over and Decimal(c.over["projected"]) == 0 for c in city_results.conclusions)


def test_the_city_commits_and_both_halves_are_opened(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the packages' commitments to the draw: the halves lie with the keys, their hashes alone go out."""
    out = {"output_dir": str(city.folder / "out-committed")}
    sample_choices = {key: value for key, value in city.parameters["sample"].items() if key != "seed"}  # type: ignore[attr-defined]
    run = check_recheck(
        city.parameters | out | {"sample": sample_choices}, base=city.folder, before_the_draw=True
    )
    monkeypatch.setattr(before_the_draw, "reperform", lambda _: city.results.counties)
    commitments = before_the_draw.commit_lines(run)
    halves_by_code = {code: kept_half(code, run.term) for code in ("9901", EAST, WEST)}
    assert not any(half.is_new for half in halves_by_code.values())
    printed_text = "\n".join(commitments) + "".join(
        path.read_text("utf-8") for path in run.output_dir.iterdir()
    )
    assert all(
        half.sha256 in printed_text and half.half not in printed_text for half in halves_by_code.values()
    )
    assert "A 级（90%）" in commitments[0] and commitments[commitments.index("") + 1].startswith(
        "已封存总体清单"
    )
    half_sent = read_package(city.folder / "run-east" / "package.zip").manifest["draw_commitment"]
    assert half_sent["sha256"] == halves_by_code[EAST].sha256
    halves = {code: half.half for code, half in halves_by_code.items()}
    open_now = city.parameters | out | {"sample": sample_choices | {"halves": halves}}
    draws = draw_samples(check_recheck(open_now, base=city.folder), city.results.counties)
    assert all(
        d.halves and d.seed.endswith(f"|{halves['9901']}|{halves[d.population.county_code]}") for d in draws
    )
    changed_half = {"sample": sample_choices | {"halves": halves | {EAST: halves[WEST]}}}
    with pytest.raises(AuditError):
        draw_samples(check_recheck(open_now | changed_half, base=city.folder), city.results.counties)


def test_what_a_county_cleared_by_its_word_alone_is_counted_and_listed_in_full(city: City) -> None:
    own, comparison, form = city.results.counties[0], city.results.comparison, city.folder / "by-word.xlsx"
    decision = {
        "decided_by": "王某",
        "decided_at": "2021-01-05",
        "cause": "=1+1 家长已签收",
        "county_code": own.code,
    }
    by_word = own.findings.iloc[[0]].assign(**decision)[COLUMNS]
    for findings in (comparison.findings, comparison.findings.iloc[:0]):
        results = replace(city.results, comparison=replace(comparison, by_word=by_word, findings=findings))
        body = str(points(results).body)
        assert "1 条在市里的数据里照样成立" in body and "家长已签收" not in body
    write_form(results, form)
    sheet = openpyxl.load_workbook(form)["无凭证的排除"]
    assert [cell.value for cell in sheet[2]][8] == "=1+1 家长已签收" and sheet["I2"].data_type == "s"
    write_form(city.results, form)
    assert "无凭证的排除" not in openpyxl.load_workbook(form).sheetnames


def test_an_unsigned_package_is_a_finding(city: City) -> None:
    content = (city.folder / "run-east" / "package.zip").read_bytes()
    bare_zip = city.folder / "unsigned.zip"
    bare_zip.write_bytes(zipped_anew({k: v for k, v in members_of(content).items() if k != seal.SIGNATURE}))
    packages = [str(bare_zip), str(city.folder / "run-west" / "package.zip")]
    submissions = open_packages(check_recheck(city.parameters | {"packages": packages}, base=city.folder))
    assert submissions[EAST].package is None and submissions[EAST].refused == "unsigned"
    assert submissions[WEST].package is not None


def test_no_package_of_a_county_without_files_stops_the_run(city: City) -> None:
    """Cut off, not there, or not handed in: each is an open point of the county that it is of, as far as that can be told."""
    east, cut = city.folder / "run-east" / "package.zip", city.folder / "cut.zip"
    cut.write_bytes(east.read_bytes()[:5000])
    for packages, keys_of, printed_text in (
        ((east, cut), (WEST,), {EAST: "", WEST: "not_a_zip"}),
        ((east, cut), (), {EAST: "", "package-2": "not_a_zip"}),
        ((east, city.folder / "nothing.zip"), (WEST,), {EAST: "", WEST: "not_found"}),
        ((east,), (WEST,), {EAST: "", WEST: "not_submitted"}),
    ):
        package_bytes = handed(city, *packages, keys=keys_of, copies=1)
        assert {code: submission.refused for code, submission in package_bytes.items()} == printed_text
        counties = [
            city.results.counties[0],
            *(without_audit(s) for code, s in package_bytes.items() if code != EAST),
        ]
        city_findings = recheck_findings(
            counties, term="2020-autumn", language="zh", changes={}, lines=NONE, closed=NONE, crossings=NONE
        )
        assert list(city_findings.loc[city_findings["rule"] == "recheck.package_invalid", "reason"]) == [
            list(printed_text.values())[1]
        ]


NONE = pd.DataFrame(columns=["county_code", "cause", "outcome"])


def test_of_two_packages_of_one_county_neither_is_believed(city: City) -> None:
    east, west = (city.folder / f"run-{side}" / "package.zip" for side in ("east", "west"))
    package_bytes = handed(city, east, west, by_stranger(city, WEST))
    assert (package_bytes[WEST].package, package_bytes[WEST].refused) == (None, "two_packages")
    assert package_bytes[EAST].package is not None
    again = handed(city, east, west, east)
    assert set(again) == {EAST, WEST} and again[EAST].package is not None


def test_a_seal_that_bears_another_countys_name_is_not_believed(city: City) -> None:
    west = seal.open_sealed(city.folder / "run-west" / "package.zip", contents.FILES)
    manifest = json.loads(west.files[contents.MANIFEST_FILE])
    manifest["parameters"]["county_name"] = "样11县"
    files = dict(west.files) | {contents.MANIFEST_FILE: json.dumps(manifest).encode()}
    seal_words = {name: west.seal[name] for name in contents.ABOUT} | {"county_name": "样11县"}
    doctored_package = city.folder / "named.zip"
    doctored_package.write_bytes(seal.sealed_package(files, seal_words, keys.county_keys(WEST).signing))
    assert (
        handed(city, city.folder / "run-east" / "package.zip", doctored_package)[WEST].refused == "other_name"
    )


# --- the west hands in tokens only, and the city has none of its files ------------------------------------------------

WHO = ("name", "id_number", "student_no", "account_no", "household_no")


def test_a_package_of_tokens_holds_no_name_and_no_number(city: City, unpooled: CityComparison) -> None:
    """Neither in the bytes nor in what they say once they are read."""
    persons = {
        row[key] for rows in west().values() for row in rows for key in WHO if len(row.get(key, "")) > 2
    }
    assert len(persons) > 30 and not words_in(city.folder / "run-west-tokens" / "package.zip", persons)
    assert words_in(city.folder / "run-west" / "package.zip", persons)  # with registers: of the findings
    read = read_package(city.folder / "run-west-tokens" / "package.zip")
    assert list(read.decisions["status"]) == ["cleared"] and set(read.decisions["finding_id"]) <= set(read.findings["finding_id"])  # fmt: skip


def test_no_id_of_a_finding_can_be_made_without_the_key(city: City, unpooled: CityComparison) -> None:
    ids = [
        set(read_package(city.folder / f"run-{run}" / "package.zip").findings["finding_id"])
        for run in ("west", "west-tokens")
    ]
    assert len(ids[0]) == len(ids[1]) > 0 and not ids[0] & ids[1]


def test_by_tokens_the_same_pairs_and_children_are_found(city: City, unpooled: CityComparison) -> None:
    by_token, by_register = unpooled.crossed, city.results.comparison.crossed
    same = ["reason", "county_code", "other_county", "person_id", "name", "id_number", "scheme", "confidence"]
    assert by_token[same].values.tolist() == by_register[same].values.tolist() and len(by_token) == 2
    assert set(by_token["by"]) == {"tokens"} and set(by_register["by"]) == {"registers"}
    elsewhere, unpooled_results = unpooled.registered_elsewhere, city.results.comparison.registered_elsewhere
    assert elsewhere.drop(columns="by").values.tolist() == unpooled_results.drop(columns="by").values.tolist()
    pair_counts = unpooled.findings[unpooled.findings["rule"] == "recheck.cross_county_duplicate"]
    assert set(pair_counts["finding_id"]) < set(city.results.comparison.findings["finding_id"])
    assert pair_counts["message"].str.contains("凭加密标识").all()


def test_what_was_not_done_again_is_no_agreement(unpooled: CityComparison) -> None:
    assert WEST not in set(unpooled.lines["county_code"]) | set(unpooled.closed["county_code"])
    form = unpooled.form[unpooled.form["county_code"] == WEST]
    assert len(form) and form[["re_check", "agrees"]].isna().all(axis=None)
    assert [row[3:5] for row in form_rows(form, "zh")] == [["—", "—"]] * len(form)


def test_a_county_without_a_copy_is_not_drawn_from_and_the_report_says_so(
    city: City, unpooled: CityComparison
) -> None:
    run = without_west(city)
    counties = [city.results.counties[0], without_audit(open_packages(run)[WEST])]
    draws = draw_samples(run, counties)
    assert [d.population.county_code for d in draws] == [EAST]
    results = conclude_all(run, counties, unpooled, draws, read_visits(run, []))
    for language in ("zh", "en"):
        printed_text = replace(results, parameters=results.parameters | {"language": language})
        seal_words = {name: getattr(report, name)(printed_text)._repr_html_() for name in report.__all__}
        for part in ("overview", "conclusions", "comparison", "draw", "limits"):
            assert "样12县" in seal_words[part], part
        assert {"zh": "未重做", "en": "not re-performed"}[language] in seal_words["overview"]
        assert {"zh": "加密标识", "en": "tokens"}[language] in seal_words["across_counties"]
    write_outputs(run, results)
    assert not (run.output_dir / f"population-{WEST}.csv").exists()
    manifest_counties = {entry["county_code"]: entry for entry in results.manifest["counties"]}
    assert (manifest_counties[WEST]["hand_in"], manifest_counties[WEST]["reperformed"]) == ("tokens", False)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_section_of_the_report_names_a_person(city: City, language: str) -> None:
    results = replace(city.results, parameters=city.results.parameters | {"language": language})
    pages = {name: getattr(report, name)(results)._repr_html_() for name in report.__all__}
    rows = [row for county in (east(), west()) for row in county["enrolment"]]
    secrets = {row[column] for row in rows for column in ("name", "id_number", "student_no")}
    secrets |= {row["id_number"][6:14] for row in rows} | set(city.results.comparison.findings["finding_id"])
    assert {name: sorted(word for word in secrets if word in page) for name, page in pages.items()} == {
        name: [] for name in report.__all__
    }
    assert secrets & set(city.results.comparison.findings["id_number"])  # the sections are made of these


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_report_opens_with_each_county_by_verdict_and_its_limit_against_the_tolerable(
    city: City, language: str
) -> None:
    results = replace(city.results, parameters=city.results.parameters | {"language": language})
    page = report.overview(results)._repr_html_()
    opening = page[page.index('class="verdict"') : page.index("</p>", page.index('class="verdict"'))]
    for county in results.counties:
        assert opening.count(county.name) == 2  # of its payments, and of its self-check
    assert page.index('class="verdict"') < page.index("<table")
    visited_counties = [each for each in results.conclusions if each.missed]
    pictures = re.findall(r'<img[^>]* alt="([^"]*)"', page)
    assert len(pictures) == bool(visited_counties)
    for each in visited_counties:
        assert f"{upper(each.missed.upper_limit)}" in pictures[0] and each.county_name in pictures[0]


def test_tokens_under_another_key_are_refused_and_that_is_a_finding(
    city: City, unpooled: CityComparison, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDITLIB_KEYS", str(city.folder / "other-keys"))
    keys.county_keys("990199")
    refusal = open_packages(without_west(city))[WEST]
    assert (refusal.package, refusal.refused, refusal.county_name) == (None, "other_token_key", "样12县")
    comparison = compare_counties(without_west(city), [city.results.counties[0], without_audit(refusal)])
    (finding,) = comparison.findings[comparison.findings["rule"] == "recheck.package_invalid"].to_dict(
        "records"
    )
    assert (finding["county_code"], finding["reason"]) == (WEST, "other_token_key")
    assert comparison.crossed.empty


def test_with_a_copy_of_its_files_tokens_are_held_against_it_finding_by_finding(
    city: City, unpooled: CityComparison
) -> None:
    county = city.results.counties[1]
    package = read_package(city.folder / "run-west-tokens" / "package.zip")
    own_ids = by_city_ids(Submission("", package), county.findings["finding_id"], keys.fingerprint_key())
    lines = compare.compared_rows(replace(county, submission=own_ids), None)
    assert set(lines["outcome"]) == {"same"} and list(lines["disposition"]) == ["cleared"]
    assert lines["name"].notna().all()


def test_a_package_of_tokens_is_verified_against_the_files(city: City, unpooled: CityComparison) -> None:
    package, parameters = city.folder / "run-west-tokens" / "package.zip", deliver(city.folder / "west", west(), code=WEST)  # fmt: skip
    again: Any = city.results.counties[1]  # findings and manifest of the same rules over the same files
    verdict = verify(package, parameters=parameters, rerun=lambda _: again)
    assert verdict.holds, verdict.lines("zh")
    assert "没有姓名和号码" in verdict.lines("zh")[0]
