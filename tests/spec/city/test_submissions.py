"""Whose a package is: one under a code or a name that the city does not know is read, and is an open point. Whose a row is, on
the lists of the counties; and where the page leads of a county without a package."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from small_city import EAST, SIDES, WEST, City, by_stranger, without_west
from test_recheck_rules import findings_of, submission_of
from tiny_county import pupil

from auditlib.city import report
from auditlib.city.findings import recheck_findings
from auditlib.city.outputs import places_of
from auditlib.city.parameters import check_recheck
from auditlib.city.programme import compare_counties
from auditlib.city.submissions import open_packages
from auditlib.city.whose_rows import elsewhere
from auditlib.forms.worklist.sheets import groups
from auditlib.package import contents, keys, seal


def package_named(city: City, name: str) -> Path:
    """The west's package, signed by the west itself under another name."""
    west = seal.open_sealed(city.folder / "run-west" / "package.zip", contents.FILES)
    manifest = json.loads(west.files[contents.MANIFEST_FILE])
    manifest["parameters"]["county_name"] = name
    files = dict(west.files) | {contents.MANIFEST_FILE: json.dumps(manifest).encode()}
    seal_words = {part: west.seal[part] for part in contents.ABOUT} | {"county_name": name}
    package = city.folder / "named.zip"
    package.write_bytes(seal.sealed_package(files, seal_words, keys.county_keys(WEST).signing))
    return package


@pytest.mark.parametrize(
    ("name", "copies", "key_of", "doubt"),
    [
        ("别处县", 2, "", "unknown_name"),
        ("县", 2, "", "unknown_name"),
        ("青禾省样12县", 2, "", ""),
        ("样 12", 2, "", ""),
        ("990111201101010018县", 2, "", "unknown_name"),
        ("样12县", 1, "", "unknown_county"),
        ("样12县", 1, WEST, ""),
    ],
)
def test_a_package_that_may_be_nobody_s_is_read_and_doubted(
    city: City, monkeypatch: pytest.MonkeyPatch, name: str, copies: int, key_of: str, doubt: str
) -> None:
    monkeypatch.setenv("AUDITLIB_KEYS", str(city.folder / "keys"))
    values = {
        "packages": [str(package_named(city, name))],
        "county_params": city.parameters["county_params"][:copies],  # type: ignore[index]
        "keys": {key_of: str(city.folder / "run-west" / f"public-key-{key_of}.pem")} if key_of else {},
    }
    submission = open_packages(check_recheck(city.parameters | values, base=city.folder))[WEST]
    assert submission.package is not None and submission.doubt == doubt
    assert submission.county_name == (name if "9" not in name else "990111**********18县")


def test_a_package_that_contradicts_itself_hides_no_other_doubt() -> None:
    submission = submission_of("findings", doubt="unknown_name")
    county: Any = SimpleNamespace(
        code=EAST,
        name="样11县",
        package=submission.package,
        submission=submission,
        conditions=None,
        fingerprints=None,
    )
    points = findings_of(counties=[county], untold={EAST: ["enrolment:e.csv!2"]})
    assert sorted(points["reason"]) == ["contradictory", "contradictory", "unknown_name"]
    assert points["finding_id"].is_unique


# --- a second package beside a county's own -------------------------------------------------------------------------


def beside(city: City, *others: Path, keys_of: tuple[str, ...] = (EAST, WEST)) -> dict[str, tuple[bool, str]]:
    """By county or place: was a package read, and why not; the west's own stands first."""
    own = [city.folder / f"run-{side}" / "package.zip" for side in ("west", "east")]
    values = {
        "packages": [*map(str, own), *map(str, others)],
        "keys": {
            code: str(city.folder / f"run-{SIDES[code]}" / f"public-key-{code}.pem") for code in keys_of
        },
    }
    run = check_recheck(city.parameters | values, base=city.folder)
    return {code: (s.package is not None, s.refused) for code, s in open_packages(run).items()}


BOTH_SOURCES = {EAST: (True, ""), WEST: (True, "")}


def test_whose_key_the_city_has_nobody_can_put_out_of_play(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDITLIB_KEYS", str(city.folder / "keys"))
    stranger = by_stranger(city, WEST)
    assert beside(city, stranger) == BOTH_SOURCES | {"package-3": (False, "other_key")}
    assert beside(city, stranger, keys_of=(WEST,)) == BOTH_SOURCES | {"package-3": (False, "other_key")}
    assert beside(city, stranger, keys_of=(EAST,)) == {EAST: (True, ""), WEST: (False, "two_packages")}


def test_what_cannot_be_read_beside_a_county_s_package_is_told_by_its_file(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDITLIB_KEYS", str(city.folder / "keys"))
    own = (city.folder / "run-west" / "package.zip").read_bytes()
    altered_file = city.folder / "990111201101010018.zip"
    altered_file.write_bytes(own.replace(b"missed.unpaid", b"missed.unpaiD", 1))
    assert beside(city, altered_file) == BOTH_SOURCES | {"package-3": (False, "not_a_zip")}
    run = check_recheck(city.parameters | {"packages": [str(altered_file)]}, base=city.folder)
    assert open_packages(run)[WEST].refused == "not_a_zip"
    run = check_recheck(
        city.parameters | {"packages": [str(city.folder / "run-west" / "package.zip"), str(altered_file)]},
        base=city.folder,
    )
    assert open_packages(run)["package-2"].county_name == "990111**********18.zip"


def test_the_same_file_twice_is_one_package_and_two_of_one_key_are_asked_about(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDITLIB_KEYS", str(city.folder / "keys"))
    assert beside(city, city.folder / "run-west" / "package.zip") == BOTH_SOURCES
    assert beside(city, package_named(city, "样12县")) == {EAST: (True, ""), WEST: (False, "two_of_one_key")}


def test_a_stranger_s_package_is_not_taken_for_that_of_a_county_that_handed_in_none(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDITLIB_KEYS", str(city.folder / "keys"))
    values = {
        "packages": [str(city.folder / "run-east" / "package.zip"), str(by_stranger(city, EAST))],
    }
    submissions = open_packages(check_recheck(city.parameters | values, base=city.folder))
    assert {code: s.refused for code, s in submissions.items()} == {EAST: "", "package-2": "other_key"}


NONE = pd.DataFrame(columns=["county_code", "cause", "outcome"])


@pytest.mark.parametrize(
    ("language", "head", "classes"),
    [("zh", "与{}重复：", "小学"), ("en", "twice, with {}: ", "primary")],
)
def test_a_pair_stands_on_each_countys_list_as_that_county_has_it(
    city: City, language: str, head: str, classes: str
) -> None:
    """Also one that the model paired, of whose two numbers the finding has the first county's."""
    all_findings, counties = city.results.comparison.findings, city.results.counties
    pairs = all_findings[all_findings["rule"] == "recheck.cross_county_duplicate"]
    pairs = pairs.assign(id_number=pupil(1)["id_number"], confidence=0.99, classes="of the east")
    pairs = pairs.assign(message=head.format("样12县") + pairs["reason"])
    persons = elsewhere(counties, pairs, language)
    sheets = groups(pairs, language, city.results.names, places_of(counties), persons)
    (name, here), (there_name, there) = sheets
    assert (len(here), len(there)) == (2, 2) and set(here["classes"]) == {"of the east"}
    assert list(there["message"]) == [head.format("样11县") + reason for reason in there["reason"]]
    assert list(here["message"]) == [head.format("样12县") + reason for reason in here["reason"]]
    assert set(there["id_number"]) == {pupil(3)["id_number"]} and set(there["name"]) == {pupil(3)["name"]}
    assert there["classes"].str.lower().str.startswith(classes).all()
    assert [name, there_name] == ["样11县 第0001小学", "样12县 第0002小学"]


def test_a_changed_row_on_which_nothing_hangs_names_its_person(city: City) -> None:
    """By the row where the city holds it, by another row of the same number where it does not."""
    county, (taken_away,) = city.results.counties[0], city.results.comparison.changes[EAST].to_dict("records")
    prints = county.fingerprints
    paid = prints[prints["table"] == "payments"].iloc[0]
    added_row = {"table": "payments", "change": "added", "source": paid["source"], "person": paid["person"]}
    of_another = prints[prints["table"] == "enrolment"].iloc[2]
    unsuccessful = {
        "table": "payments",
        "change": "altered",
        "source": "payments.csv!99",
        "person": of_another["person"],
    }
    changes = {EAST: pd.DataFrame([added_row, unsuccessful, taken_away]).astype(object), WEST: None}
    rows = recheck_findings(
        city.results.counties,
        term="2020-autumn",
        language="zh",
        changes=changes,
        lines=NONE,
        closed=NONE,
        crossings=NONE,
    ).set_index("reason")
    for change, number in (("added", 2), ("altered", 3), ("removed", 1)):
        assert not rows.at[change, "id_number"]  # whose the finding is: the row's
        assert rows.at[change, "name"] == pupil(number)["name"] and rows.at[change, "school_name"]


def test_every_link_of_the_page_leads_somewhere_also_of_a_county_without_a_package(city: City) -> None:
    first, second = city.results.counties
    counties = [first, replace(second, submission=None)]
    comparison = compare_counties(without_west(city), counties)
    results = replace(city.results, counties=counties, comparison=comparison)
    page = "".join(str(getattr(report, name)(results).html) for name in report.__all__)
    links, anchors = (set(re.findall(rf'{part}="#?([^":/]+)"', page)) for part in ("href", "id"))
    assert f"form-{WEST}" in links and links <= anchors
    assert "一行可以牵动几条疑点" in page  # so that two figures of changed data need not be equal


def test_a_dash_of_a_county_without_a_package_says_why(city: City) -> None:
    counties = [replace(county, submission=None) for county in city.results.counties]
    page = report.overview(replace(city.results, counties=counties))._repr_html_()
    assert all(f"{county.name}：表中的“—”是因为没有可采信的报送包" in page for county in counties)
