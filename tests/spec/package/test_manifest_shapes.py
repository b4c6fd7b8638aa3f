"""Whatever a county writes into its manifest and signs: the package is refused or compared, and the run goes on."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from test_recheck_compare import handed_in
from tiny_county import deliver, tables

from auditlib.city import compare
from auditlib.city.counties import County, _county
from auditlib.city.findings import recheck_findings
from auditlib.city.submissions import Submission
from auditlib.law.parameters import check_self_check
from auditlib.package import PackageRefused, contents, keys, read_package, seal
from auditlib.package.manifest_shape import read_manifest

SEED, TRIES = 20201231, 400
ODD: tuple[Any, ...] = (
    None, True, -5, 0, 999, 10**30, 0.5, 1e308, "", "x", "é" * 3000, "../../etc", "=1+1", "<b>", [], [None], [[]], {}, {"": None},
    {"x": {"y": []}}, "2020-13-45", "9" * 40,
)  # fmt: skip


@pytest.fixture(scope="module")
def played_city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[County, Path]]:
    """A tiny county audited by the city, and its package."""
    folder = tmp_path_factory.mktemp("shapes")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUDITLIB_KEYS", str(folder / "keys"))
        package = handed_in(deliver(folder / "county", tables()))
        read = Submission("package.zip", read_package(package))
        yield _county(deliver(folder / "city", tables()), read, keys.fingerprint_key()), package


def places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a manifest."""
    yield path
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in children:
        yield from places(child, (*path, key))


def odd_manifests(manifest_content: dict[str, Any]) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """The manifest with one place taken away, or holding something odd; the same ones for the same seed."""
    chance = random.Random(SEED)
    everywhere = [place for place in places(manifest_content) if place]
    for place in chance.sample(everywhere, min(TRIES, len(everywhere))):
        odd_value = copy.deepcopy(manifest_content)
        parent = odd_value
        for key in place[:-1]:
            parent = parent[key]
        if chance.random() < 0.2:
            del parent[place[-1]]
        else:
            parent[place[-1]] = chance.choice(ODD)
        yield place, odd_value


def sealed_anew(package: Path, manifest: bytes, **about: Any) -> Path:
    """The package with this manifest, signed by the county itself."""
    manifest_content = seal.open_sealed(package, contents.FILES)
    seal_words = {name: manifest_content.seal[name] for name in contents.ABOUT} | about
    files = dict(manifest_content.files) | {contents.MANIFEST_FILE: manifest}
    odd_value = package.with_name("odd.zip")
    odd_value.write_bytes(seal.sealed_package(files, seal_words, keys.county_keys("990111").signing))
    return odd_value


CHOICES: dict[str, Any] = {
    "columns": {"payments": {"备注": None, "证件": "id_number"}}, "values": {"status": {"某": "enrolled"}},
    "constants": {"eligibility": [{"files": "资格*.csv", "category": "disabled"}]}, "leave_out": ["letters.order"],
    "rectification": {"missed": {"unit": "资助中心", "by": "2021-01-01"}}, "ages": {"compulsory": [6, 16], "account": [3, 22]},
    "as_of": "2020-11-10", "answers_for": ["senior"], "empty_tables": ["letters"], "lost_share": 0.9, "sources": {"payments": [{"files": "发放*.csv", "scheme": "一补", "sheets": "*"}]},
}  # fmt: skip


@pytest.mark.parametrize("name", CHOICES)
def test_whatever_a_countys_parameters_may_say_may_stand_in_its_manifest(
    name: str, played_city: tuple[County, Path]
) -> None:
    content = json.loads(seal.open_sealed(played_city[1], contents.FILES).files[contents.MANIFEST_FILE])
    parameters_read = check_self_check(
        {**content["parameters"], "output_dir": ".", name: CHOICES[name]}, base=Path()
    )
    content["parameters"][name] = parameters_read.as_json()[name]
    read_manifest(json.dumps(content).encode())


def test_no_shape_of_a_manifest_stops_the_city(played_city: tuple[County, Path]) -> None:
    county, package = played_city
    content = json.loads(seal.open_sealed(package, contents.FILES).files[contents.MANIFEST_FILE])
    assert county.package is not None
    refusal_count = comparison_count = 0
    for place, odd_value in odd_manifests(content):
        try:
            manifest = read_manifest(json.dumps(odd_value).encode())
        except (ValueError, RecursionError):
            refusal_count += 1
            continue
        verdict = replace(county.package, manifest=manifest)
        again = replace(county, submission=Submission("", verdict))
        lines = compare.compared_rows(again, compare.changes_of(again))
        assert len(lines) == 1, place
        general = {county.code: compare.general_causes(again)}
        nothing = {
            "changes": {},
            "closed": county.findings.iloc[:0].assign(outcome="", status=""),
            "crossings": county.findings.iloc[:0],
        }
        recheck_findings([again], term="2020-autumn", language="zh", lines=lines, general=general, **nothing)
        comparison_count += 1
    assert refusal_count > TRIES / 3 and comparison_count > 20


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"1",
        b'{"a"',
        b"\xff\xfe",
        b'{"a": NaN}',
        b"[" * 100_000,
        b'{"findings": 1, "findings": 2}',
    ],
    ids=range(9),
)
def test_what_is_no_manifest_is_refused(played_city: tuple[County, Path], body: bytes) -> None:
    with pytest.raises(PackageRefused) as refusal_count:
        read_package(sealed_anew(played_city[1], body))
    assert refusal_count.value.code == "unreadable_member"


def test_figures_that_cannot_be_are_not_believed(played_city: tuple[County, Path]) -> None:
    _, package = played_city
    content = json.loads(seal.open_sealed(package, contents.FILES).files[contents.MANIFEST_FILE])
    assert read_package(package).contradictions == ()
    for place, verdict in (
        (("findings",), 999),
        (("rules", "missed.unpaid", "tested"), 3),
        (("rules", "missed.unpaid", "at_stake"), "10.00"),
        (("inputs", 0, "used"), 7),
    ):
        odd_value = copy.deepcopy(content)
        parent = odd_value
        for key in place[:-1]:
            parent = parent[key]
        parent[place[-1]] = verdict
        assert read_package(sealed_anew(package, json.dumps(odd_value).encode())).contradictions, place
    assert read_package(
        sealed_anew(package, json.dumps(content).encode(), county_name="邻县")
    ).contradictions == ("county_name",)
    content["rules"]["missed.unpaid"]["exceptions"] = -5
    with pytest.raises(PackageRefused):
        read_package(sealed_anew(package, json.dumps(content).encode()))
