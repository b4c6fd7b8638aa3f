"""A package's figures of the whole county are the city's own where nothing else differs: nobody need believe them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from plain_county import PARAMETERS
from test_recheck_compare import handed_in
from test_recheck_rules import findings_of
from tiny_county import HEADERS, Tables, changed, deliver, pupil, tables

import auditlib
from auditlib.base.places import ROOT
from auditlib.city.conditions import Terms
from auditlib.city.counties import County, _county, _under_conditions
from auditlib.city.figures import COUNT_COLUMNS, miscounts
from auditlib.city.submissions import Submission
from auditlib.law.policy import read_policy
from auditlib.package import keys, read_package

RULES = {
    "enrolment.vanished": {
        "status": "run",
        "population": 3,
        "tested": 3,
        "untested": 0,
        "untested_reasons": {},
        "not_run_reason": "",
    }
}
OWN: dict[str, Any] = {
    "auditlib": auditlib.__version__, "policy": [], "inputs": [], "parameters": {"previous": ["a"]}, "rules": RULES,
    "last_term": "a", "children": {"primary:paid": 3}, "yuan_once": {"owed": "0.00"}, "links": [{"method": "id_number", "rows": 3}],
}  # fmt: skip


def places(*, trial: Any = OWN, **theirs: Any) -> list[str]:
    """The figures that nothing accounts for; ``tried``: those that the city works out, None where it cannot."""
    package = SimpleNamespace(manifest=OWN | theirs)
    county: Any = SimpleNamespace(
        package=package, is_reperformed=True, manifest=OWN, figures=trial, is_same_program=True
    )
    return miscounts(county)


@pytest.mark.parametrize("figure", ["children", "yuan_once", "links"])
def test_a_figure_of_the_county_that_the_city_does_not_get_is_a_contradiction(figure: str) -> None:
    assert places() == []
    assert places(**{figure: {}}) == [figure]


def test_what_cannot_be_worked_out_is_no_contradiction_but_a_rule_left_out_is() -> None:
    assert places(trial=None, children={}) == []
    assert places(children={}, last_term="b") == []
    assert places(trial=None, rules={}) == ["rules.enrolment.vanished"]


@pytest.mark.parametrize("count", COUNT_COLUMNS)
def test_what_a_rule_looked_at_is_the_city_s_own_count(count: str) -> None:
    other = RULES["enrolment.vanished"] | {count: "not_run" if count == "status" else 4}
    assert places(rules={"enrolment.vanished": other}) == ["rules.enrolment.vanished"]


# --- worked out on the city's files --------------------------------------------------------------------------------

LAW = """title: {zh: 县标准, en: county standards}
schemes:
  boarder_allowance:
    per_term: {primary: {2019-03-01: 300}}
"""
GIFT = """title: {zh: 县标准, en: county standards}
schemes:
  village_gift:
    title: {zh: 村里补助, en: the village's gift}
    who: {stage: [senior]}
    per_term: {any: {2019-03-01: 100}}
    mandatory: false
"""
LETTERS = [pupil(12) | {"destination": "外省某小学", "sent_on": "2020-09-20"}]


def side_of(folder: Path, own: Tables, copy: Tables, **conditions: Any) -> County:
    """The county that audited ``own`` under ``conditions``, held against the city's ``copy``."""
    package = read_package(handed_in(deliver(folder / "county", own, output=folder / "run", **conditions)))
    return _county(deliver(folder / "city", copy), Submission("", package), keys.fingerprint_key())


def told_falsely(side: County, lie: str) -> list[str]:
    """What is told of the county where one figure of its manifest is not the one that it got."""
    assert side.submission is not None and side.package is not None
    manifest: dict[str, Any] = json.loads(json.dumps(side.package.manifest))
    part, _dot, rule = lie.partition(".")
    if rule:
        manifest["rules"][rule] |= {"population": 999, "tested": 999}
    elif part:
        manifest[part] = {} if part in ("children", "yuan_once") else []
    package = replace(side.package, manifest=manifest)
    return miscounts(replace(side, submission=replace(side.submission, package=package)))


@pytest.fixture(scope="module")
def otherwise(tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    """A county of another law, a later day, without letters and without the column of accounts, and one payment more at the city."""
    folder = tmp_path_factory.mktemp("otherwise")
    (folder / "law.yaml").write_text(LAW, encoding="utf-8")
    conditions: dict[str, Any] = {
        "policy": ["national", str(folder / "law.yaml")],
        "thresholds": PARAMETERS["thresholds"] | {"pay_by": "2021-06-30"},
    }
    late = tables()["payments"][-1] | pupil(12) | {"pay_date": "2021-01-05"}
    copy = tables() | {"letters": LETTERS, "payments": [*tables()["payments"], late]}
    without_accounts = {c: h for c, h in HEADERS["payments"].items() if c != "account_no"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUDITLIB_KEYS", str(folder / "keys"))
        with pytest.MonkeyPatch.context() as headers:
            headers.setitem(HEADERS, "payments", without_accounts)
            own = handed_in(deliver(folder / "county", tables(), output=folder / "run", **conditions))
        city = deliver(folder / "city", copy)
        yield _county(city, Submission("", read_package(own)), keys.fingerprint_key())


@pytest.mark.parametrize("lie", ["", "rules.missed.unpaid", "children", "yuan_once", "links"])
def test_under_all_of_a_countys_conditions_at_once_its_figures_are_the_citys(
    otherwise: County, lie: str
) -> None:
    assert otherwise.conditions is not None
    assert otherwise.conditions.names == (
        "thresholds.pay_by",
        "sources.letters",
        "columns.payments",
        "policy.boarder_allowance",
    )
    assert told_falsely(otherwise, lie) == ([lie] if lie else [])


def test_where_the_city_has_not_the_rows_as_they_were_nothing_is_worked_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDITLIB_KEYS", str(tmp_path / "keys"))
    corrected_row = changed(tables(), "payments", lambda rows: [rows[0] | {"amount": "400"}, *rows[1:]])
    side = side_of(tmp_path, tables(), corrected_row)
    assert side.figures is None and told_falsely(side, "children") == []


# --- what cannot be tried ------------------------------------------------------------------------------------------


def test_a_condition_that_cannot_be_tried_is_told_and_the_others_are_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The county's spelling stands for a scheme that no law at hand has."""
    monkeypatch.setenv("AUDITLIB_KEYS", str(tmp_path / "keys"))
    limits = PARAMETERS["thresholds"] | {"pay_by": "2020-11-01"}
    side = side_of(tmp_path, tables(), tables(), thresholds=limits)
    assert side.package is not None and side.submission is not None
    manifest = json.loads(json.dumps(side.package.manifest))
    manifest["parameters"]["values"] = {"scheme": {"县补": "no_such"}}
    package = replace(side.package, manifest=manifest)
    own = Terms(side.parameters, read_policy(side.parameters.policy, ROOT))  # type: ignore[union-attr, arg-type]
    again = _under_conditions(replace(side, submission=Submission("", package)), own, keys.fingerprint_key())
    assert again.conditions is not None and again.figures is None
    assert [name for name, _theirs, _ours in again.conditions.untried] == ["values"]
    assert again.conditions.under_county is not None
    assert "procedure.paid_late" in set(again.conditions.under_county["rule"])
    (point,) = findings_of("zh", counties=[again]).to_dict("records")
    assert (point["rule"], point["reason"], point["at_stake"]) == ("recheck.parameters", "values", 0)
    assert "无法照此重做" in point["message"] and "没有核对" in point["message"]


def test_a_spelling_of_the_countys_own_law_is_tried_with_that_law(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDITLIB_KEYS", str(tmp_path / "keys"))
    law = tmp_path / "law.yaml"
    law.write_text(GIFT, encoding="utf-8")
    conditions = {"policy": ["national", str(law)], "values": {"scheme": {"县里的补助": "village_gift"}}}
    side = side_of(tmp_path, tables(), tables(), **conditions)
    assert side.conditions is not None and side.conditions.names == ("values", "policy.village_gift")
    assert side.conditions.untried == () and side.figures is not None and miscounts(side) == []
