"""The self-check held against the re-performance: same, other amount, one side only, each with its cause."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from plain_county import check_digit
from tiny_county import Tables, changed, deliver, pupil, tables

from auditlib.base.places import ROOT
from auditlib.city import causes, compare
from auditlib.city.changes import changed_rows, delivered_anew, moved_to
from auditlib.city.conditions import Terms, conditions
from auditlib.city.confidences import NEAR
from auditlib.city.counties import County, _county
from auditlib.city.submissions import Submission
from auditlib.county.outputs import with_decisions, write_outputs
from auditlib.county.self_check import begin, check, ingest, link, sum_up
from auditlib.law.parameters import SelfCheck
from auditlib.law.policy import read_policy
from auditlib.package import keys, read_package

COLUMNS = ["table", "source", "person", "subject", "content"]


def prints(*rows: str) -> pd.DataFrame:
    """Each row as ``source subject content``."""
    parts = [row.split() for row in rows]
    return pd.DataFrame(
        [("payments", s, subject, subject, content) for s, subject, content in parts], columns=COLUMNS
    )


def changes_between(before: pd.DataFrame, after: pd.DataFrame) -> list[tuple[str, str | None, str | None]]:
    row_changes = changed_rows(before, after)
    return list(row_changes[["change", "before", "source"]].itertuples(index=False, name=None))


def test_moved_rows_are_the_same_rows() -> None:
    assert changes_between(prints("f!2 a x", "f!3 b y"), prints("f!3 a x", "g!9 b y")) == []


def test_added_removed_and_altered_rows_are_told_apart() -> None:
    before = prints("f!2 a x", "f!3 b y", "f!4 c z")
    assert changes_between(before, prints("f!2 a x", "f!3 b Y", "f!4 c z")) == [("altered", "f!3", "f!3")]
    assert changes_between(before, prints("f!2 a x", "f!4 c z")) == [("removed", "f!3", None)]
    assert changes_between(before, prints("f!2 a x", "f!3 b y", "f!4 c z", "f!5 d w")) == [
        ("added", None, "f!5")
    ]
    assert changes_between(before, prints("f!2 a x", "f!3 B Y", "f!4 c z")) == [("altered", "f!3", "f!3")]


def test_a_row_gone_and_another_one_that_has_come_to_stand_there_are_no_altered_row() -> None:
    """The rows below the one taken away have moved up, and one was put in at the end."""
    before = prints("f!2 a x", "f!3 b y", "f!4 c z", "f!5 d w", "f!6 e v")
    after = prints("f!2 a x", "f!3 c z", "f!4 e v", "f!5 s t")
    removed_rows = {("removed", "f!3", None), ("removed", "f!5", None)}
    assert set(changes_between(before, after)) == removed_rows | {("added", None, "f!5")}


def test_a_second_copy_of_a_row_is_an_added_row() -> None:
    assert changes_between(prints("f!2 a x"), prints("f!2 a x", "f!3 a x")) == [("added", None, "f!3")]


def test_where_no_row_is_what_it_was_none_has_moved() -> None:
    """A county can sign such a package, and the other counties are looked at all the same."""
    read = prints("f!2 a x", "f!3 b y").astype("str")
    assert moved_to(read, prints("f!2 a X", "f!3 b Y").astype("str")) == {}


@pytest.mark.parametrize("place", ["f!99999999999999999999999", "f!9999999999999999999", "f!٣", "f", "!"])
def test_an_address_that_no_row_can_have_is_read_all_the_same(place: str) -> None:
    """The county writes it and signs it."""
    assert {change for change, *_ in changes_between(prints(f"{place} a x"), prints("f!2 b y"))} == {
        "removed",
        "added",
    }


# --- a county that changed its data after the self-check -------------------------------------------------------------


def handed_in(parameters: SelfCheck) -> Path:
    run = begin(parameters)
    registers = ingest(run)
    audit = link(run, registers)
    results = with_decisions(run, sum_up(run, registers, audit, check(run, audit)))
    write_outputs(run, registers, audit, results)
    return parameters.output_dir / "package.zip"


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A tiny county's package: the last of twelve pupils was not paid."""
    folder = tmp_path_factory.mktemp("county")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUDITLIB_KEYS", str(folder / "keys"))
        yield handed_in(deliver(folder / "data", tables()))


def recheck_of(package: Path, county: Tables, folder: Path) -> tuple[County, pd.DataFrame]:
    submission = Submission("package.zip", read_package(package))
    small_county = _county(deliver(folder, county), submission, keys.fingerprint_key())
    return small_county, compare.compared_rows(small_county, compare.changes_of(small_county))


def outcomes(lines: pd.DataFrame) -> list[tuple[str, str, str | None]]:
    return list(lines[["rule", "outcome", "cause"]].itertuples(index=False, name=None))


CHANGES: dict[str, tuple[Callable[[Tables], Tables], list[tuple[str, str, str | None]]]] = {
    "nothing": (lambda t: t, [("missed.unpaid", "same", None)]),
    "a payment taken away": (
        lambda t: changed(t, "payments", lambda rows: rows[1:]),
        [("missed.unpaid", "only_city", "data_removed"), ("missed.unpaid", "same", None)],
    ),
    "the missing payment added": (
        lambda t: changed(
            t,
            "payments",
            lambda rows: [*rows, rows[0] | t["enrolment"][-1] | {"account_no": "6229000000000001"}],
        ),
        [("missed.unpaid", "only_county", "data_added")],
    ),
    "an amount altered": (
        lambda t: changed(t, "payments", lambda rows: [rows[0] | {"amount": "100"}, *rows[1:]]),
        [("missed.underpaid", "only_city", "data_altered"), ("missed.unpaid", "same", None)],
    ),
}


@pytest.mark.parametrize("case", CHANGES)
def test_a_difference_has_its_cause(
    package: Path, case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDITLIB_KEYS", str(package.parent.parent / "keys"))
    change, expected = CHANGES[case]
    county, lines = recheck_of(package, change(tables()), tmp_path / "data")
    assert sorted(outcomes(lines), key=str) == sorted(expected, key=str)
    form = compare.form(county, lines).set_index("item")
    assert form.loc["missed.unpaid", "agrees"] == all(
        row[1] == "same" for row in expected if row[0] == "missed.unpaid"
    )
    assert form.loc["rows.payments", "self_check"] == 11


def test_what_more_than_half_of_a_table_has_changed_explains_nothing() -> None:
    rows = [f"p.csv!{n} s{n} c{n}" for n in range(60)]
    other = [f"p.csv!{n} s{n} d{n}" for n in range(60)]
    before, after = prints(*rows), prints(*other[:40], *rows[40:])
    assert delivered_anew(changed_rows(before, after), before, after) == {"payments"}
    few = prints(*other[:20], *rows[20:])
    assert delivered_anew(changed_rows(before, few), before, few) == set()


def test_an_omission_is_explained_by_a_condition_only_where_it_hides_it(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The county left its only finding out, and moved a day that bears on nothing: it is not reported."""
    monkeypatch.setenv("AUDITLIB_KEYS", str(package.parent.parent / "keys"))
    read = read_package(package)
    manifest = copy.deepcopy(dict(read.manifest))
    manifest["parameters"]["thresholds"]["reply_by"] = "2020-12-14"
    silent = replace(read, findings=read.findings.iloc[:0], manifest=manifest)
    parameters = deliver(tmp_path / "data", tables())
    county_side = _county(parameters, Submission("", silent), keys.fingerprint_key())
    lines = compare.compared_rows(county_side, compare.changes_of(county_side))
    assert outcomes(lines) == [("missed.unpaid", "only_city", "unexplained")]
    assert (
        county_side.conditions is not None
        and county_side.conditions.names == ("thresholds.reply_by",)
        and county_side.conditions.hidden.empty
    )
    manifest["parameters"]["leave_out"] = ["missed.unpaid"]
    lenient = replace(silent, manifest=manifest)
    county_side = _county(parameters, Submission("", lenient), keys.fingerprint_key())
    lines = compare.compared_rows(county_side, compare.changes_of(county_side))
    assert outcomes(lines) == [("missed.unpaid", "only_city", "parameters")]
    (hidden_line,) = (
        county_side.conditions.hidden.to_dict("records") if county_side.conditions is not None else ()
    )
    assert (hidden_line["name"], len(hidden_line["findings"]), hidden_line["yuan"]) == ("leave_out", 1, 500)


def test_a_day_that_one_side_has_and_the_other_has_not_is_written_plainly(
    package: Path, tmp_path: Path
) -> None:
    read, parameters = read_package(package), deliver(tmp_path / "data", tables())
    manifest = copy.deepcopy(dict(read.manifest))
    manifest["parameters"]["as_of"] = "2020-11-20"
    law = read_policy(parameters.policy, ROOT)
    conditions_found = conditions(
        replace(read, manifest=manifest), Terms(parameters, law), law, read.manifest
    )
    assert [(one.name, one.county, one.city) for one in conditions_found] == [("as_of", "2020-11-20", "—")]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("answers_for", ["senior", "preschool"], []),
        ("enrolment_covers", ["special", "senior", "junior", "primary", "primary"], []),
        ("enrolment_covers", [], [("enrolment_covers", "[]", '["junior", "primary", "senior", "special"]')]),
    ],
)
def test_the_order_in_which_words_were_written_is_no_condition(
    package: Path, tmp_path: Path, name: str, value: list[str], words: list[tuple[str, str, str]]
) -> None:
    read, parameters = read_package(package), deliver(tmp_path / "data", tables())
    manifest = copy.deepcopy(dict(read.manifest))
    manifest["parameters"][name] = value
    law = read_policy(parameters.policy, ROOT)
    conditions_found = conditions(
        replace(read, manifest=manifest), Terms(parameters, law), law, read.manifest
    )
    assert [(one.name, one.county, one.city) for one in conditions_found] == words


# --- how sure a finding is, and in which words ------------------------------------------------------------------------


def with_a_grown_up(county: Tables) -> Tables:
    """A payment at the school to somebody whom no register knows: the unpaid pupil's parent, perhaps."""
    body = "99011119800101001"
    payee = {"name": "赵父", "id_number": body + check_digit(body), "account_no": "6229000000000099"}
    return changed(county, "payments", lambda rows: [*rows, rows[0] | payee])


@pytest.fixture(scope="module")
def unsure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The package, in English, of a county whose unpaid pupil has perhaps been paid by a parent's account."""
    folder = tmp_path_factory.mktemp("unsure")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUDITLIB_KEYS", str(folder / "keys"))
        yield handed_in(deliver(folder / "data", with_a_grown_up(tables()), language="en"))


def of_unpaid(lines: pd.DataFrame, number: int) -> tuple[str, str, str | None]:
    own = lines[(lines["rule"] == "missed.unpaid") & (lines["id_number"] == pupil(number)["id_number"])]
    ((outcome, differs, cause),) = own[["outcome", "differs", "cause"]].itertuples(index=False, name=None)
    return outcome, differs, cause


def test_a_confidence_moved_by_another_row_of_the_school_is_explained_by_it(
    unsure: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDITLIB_KEYS", str(unsure.parent.parent / "keys"))
    other_copy = changed(with_a_grown_up(tables()), "payments", lambda rows: rows[1:])
    county, lines = recheck_of(unsure, other_copy, tmp_path / "data")
    package_findings = county.package.findings if county.package else county.findings
    shares = [
        frame.loc[frame["rule"] == "missed.unpaid", "confidence"].min()
        for frame in (package_findings, county.findings)
    ]
    assert shares[1] - shares[0] > NEAR
    assert of_unpaid(lines, 12) == ("other_fields", "confidence", "data_removed")


def altered_in_package(
    folder: Path, county: Tables, package: Path, **cells: Any
) -> tuple[str, str, str | None]:
    """What is told of the unpaid pupil where the county wrote ``cells`` into that finding."""
    read = read_package(package)
    own = (read.findings["rule"] == "missed.unpaid") & (read.findings["id_number"] == pupil(12)["id_number"])
    findings = read.findings.copy()
    for name, cell in cells.items():
        findings.loc[own, name] = cell(findings.loc[own, name].iloc[0])
    submission = Submission("", replace(read, findings=findings))
    reperformance = _county(deliver(folder, county), submission, keys.fingerprint_key())
    return of_unpaid(compare.compared_rows(reperformance, compare.changes_of(reperformance)), 12)


def test_no_row_of_the_school_excuses_a_finding_told_away(
    unsure: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDITLIB_KEYS", str(unsure.parent.parent / "keys"))
    other_copy = changed(with_a_grown_up(tables()), "payments", lambda rows: rows[1:])
    told_away = altered_in_package(tmp_path / "data", other_copy, unsure, confidence=lambda _share: 0.01)
    assert told_away[::2] == ("other_fields", "unexplained")


@pytest.mark.parametrize(
    ("rule", "by_county", "explanations"),
    [
        ("procedure.account_holder", [0.34, 0.34, 1], [True, True, False]),  # one share of the whole county
        ("procedure.account_holder", [0.34, 0.505, 1], [False, False, False]),  # one of them told away
        ("missed.unpaid", [0.34, 0.34, 1], [False, False, False]),  # each has its own
    ],
)
def test_a_share_of_the_whole_county_is_moved_by_any_row_for_all_its_findings(
    rule: str, by_county: list[float], explanations: list[bool]
) -> None:
    shares = {"confidence_county": by_county, "confidence_city": [0.505, 0.505, 1]}
    lines = pd.DataFrame(shares | {"rule": rule})
    elsewhere = pd.DataFrame({"table": ["payments"]})
    assert list(causes._moved_as_one(lines, elsewhere)) == explanations
    assert not causes._moved_as_one(lines, pd.DataFrame({"table": ["totals"]})).any()


def test_messages_are_compared_in_the_language_in_which_the_county_ran(
    unsure: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDITLIB_KEYS", str(unsure.parent.parent / "keys"))
    county = with_a_grown_up(tables())
    _, lines = recheck_of(unsure, county, tmp_path / "data")
    assert set(lines["outcome"]) == {"same"}
    reworded_package = altered_in_package(
        tmp_path / "other", county, unsure, message=lambda text: "no matter: " + text
    )
    assert reworded_package == ("other_fields", "message", "unexplained")


def test_another_figure_than_the_findings_own_is_another_message(
    unsure: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDITLIB_KEYS", str(unsure.parent.parent / "keys"))
    county = with_a_grown_up(tables())
    for n, message in enumerate(
        (lambda text: text.replace("0.", "1."), lambda text: text.rpartition(";")[0])
    ):
        other = altered_in_package(tmp_path / str(n), county, unsure, message=message)
        assert other == ("other_fields", "message", "unexplained")
