"""What holds for every test: keys and plans are kept in folders of the test run, never in that of whoever runs it; and the sample
city, audited once for all who look at it."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from xdist.scheduler import LoadFileScheduling

if TYPE_CHECKING:
    from auditlib.city.counties import County
    from auditlib.city.parameters import ReCheck
    from auditlib.city.results import RecheckResults


@pytest.fixture(autouse=True, scope="session")
def folders_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The folders of keys and of plans, for this process and those it starts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUDITLIB_KEYS", str(tmp_path_factory.mktemp("keys")))
        patch.setenv("XDG_CACHE_HOME", str(_of_all_workers(tmp_path_factory) / "cache"))
        yield


OF_THE_CITY = ("sample_city", "sample_results", "tokens_only")


class FilesOfOneFixture(LoadFileScheduling):
    """A file is one process's; all files that look at the sample city are one's too, so that it is audited once.

    By hand, since pytest-xdist 3.8 names groups in a way that pytest 9.2 no longer takes.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return "the sample city" if _looks_at_the_city(file) else file


@cache
def _looks_at_the_city(file: str) -> bool:
    path = Path(__file__).parents[1] / file
    return path.suffix == ".py" and any(fixture in path.read_text("utf-8") for fixture in OF_THE_CITY)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    return FilesOfOneFixture(config, log) if config.getvalue("dist") == "loadfile" else None


def _of_all_workers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the whole test run: each process of pytest-xdist has one of its own in it."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def sample_city(tmp_path_factory: pytest.TempPathFactory) -> tuple[ReCheck, list[County]]:
    """The sample city's run and its three counties, audited again."""
    from auditlib.base.places import PARAMS, SAMPLES
    from samples.demonstration.visits import counties_audited

    return counties_audited(PARAMS, SAMPLES, tmp_path_factory.mktemp("city"))


@pytest.fixture(scope="session")
def sample_results(sample_city: tuple[ReCheck, list[County]]) -> RecheckResults:
    """The re-check of all three, with the field sheets that came back."""
    from auditlib.base.places import SAMPLES

    run, counties = sample_city
    return _concluded(
        replace(run, field_results=sorted((SAMPLES / "city" / "visits").glob("*.xlsx"))), counties
    )


def _concluded(run: ReCheck, counties: list[County]) -> RecheckResults:
    from auditlib.city.programme import compare_counties, conclude_all, draw_samples, read_visits

    draws = draw_samples(run, counties)
    return conclude_all(run, counties, compare_counties(run, counties), draws, read_visits(run, draws))


TOKENS_ONLY = ("990123", "990124")  # 白石县, 云溪县


@pytest.fixture(scope="session")
def tokens_only(
    sample_city: tuple[ReCheck, list[County]], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """The packages of two counties as their runs write them with ``hand_in: tokens``."""
    folder = tmp_path_factory.mktemp("tokens")
    for code in TOKENS_ONLY:
        (folder / f"{code}.zip").write_bytes(_with_tokens_only(sample_city[0].packages[0].parents[1], code))
    return {code: folder / f"{code}.zip" for code in TOKENS_ONLY}


def _with_tokens_only(runs: Path, code: str) -> bytes:
    from auditlib.package import pack, read_package
    from auditlib.package.keys import county_keys
    from samples.neighbours import TERM

    package_with_registers = runs / f"{code}-{TERM}" / "package.zip"
    read, members = read_package(package_with_registers), zipfile.ZipFile(package_with_registers)
    manifest = json.loads(members.read("manifest.json"))
    manifest["parameters"]["hand_in"] = "tokens"
    return pack(
        findings=read.findings,
        decisions=read.decisions,
        rows=members.read("fingerprints.parquet"),
        persons=read.tokens,
        manifest=json.dumps(manifest, ensure_ascii=False).encode(),
        parameters=manifest["parameters"],
        keys=county_keys(code),
    )


@pytest.fixture(scope="session")
def unpooled_results(
    sample_city: tuple[ReCheck, list[County]], tokens_only: dict[str, Path]
) -> RecheckResults:
    """The re-check of 青禾县 with its registers and of the two others by their tokens alone; no visits."""
    from auditlib.city.counties import without_audit
    from auditlib.city.submissions import Submission
    from auditlib.package import read_package

    run, counties = sample_city
    packages = [read_package(package) for package in tokens_only.values()]
    handed_in = [Submission("", p, "", None, p.county_code, p.county_name) for p in packages]
    return _concluded(run, [counties[0], *map(without_audit, handed_in)])
