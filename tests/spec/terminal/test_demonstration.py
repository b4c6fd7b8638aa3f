"""``auditlib demo --output DIR``: all of it comes to lie in DIR, and the city reads what the counties wrote there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from auditlib import cli
from auditlib.base.places import ROOT
from auditlib.law.parameters import read_self_check
from auditlib.terminal import demonstration
from samples.demonstration import handing_in


@pytest.mark.parametrize("output", [None, "a b/演示"])
def test_every_file_of_the_demonstration_lies_in_one_folder(
    output: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = tmp_path / output if output else ROOT / "runs"
    counties: list[Path] = []
    previous: dict[str, list[Path]] = {}
    cities: list[Any] = []
    handovers: list[tuple[Path, Path]] = []

    def county(parameters: Any, *, quiet: bool) -> Path:
        counties.append(parameters.output_dir)
        previous[parameters.output_dir.name] = parameters.previous
        return Path(parameters.output_dir)

    def city(parameters: Any, *, quiet: bool) -> Path:
        cities.append(parameters)
        return Path(parameters.output_dir)

    monkeypatch.setattr(cli, "self_check_report", county)
    monkeypatch.setattr(cli, "re_check_report", city)
    monkeypatch.setattr("auditlib.law.parameters.refuse_missing_previous", lambda parameters: None)
    if not output:
        monkeypatch.setattr(demonstration, "with_previous", lambda file, counties, runs: file)
    monkeypatch.setattr(
        handing_in, "hand_in", lambda runs, sent_letters, samples: handovers.append((runs, sent_letters))
    )
    words = ["--output", output] if output else []
    monkeypatch.chdir(tmp_path)
    assert cli.main(["demo", "--quiet", *words]) == 0
    assert len(counties) == len({*counties}) == 4
    assert {folder.parent for folder in counties} == {runs}
    assert handovers == [(runs, runs / "9901-submitted")]
    (moved_city,) = cities
    assert {package.parent for package in moved_city.packages} == {runs / "9901-submitted"}
    assert {key.parent for key in moved_city.keys.values()} <= {*counties}
    assert moved_city.output_dir.parent == runs
    spring, autumn = (f"990122-2020-{season}" for season in ("spring", "autumn"))
    assert previous[autumn] == [runs / spring] and not previous[spring]
    if output:  # the city judges by the same register of the term before
        own = [read_self_check(file) for file in moved_city.county_params]
        assert [county.previous for county in own] == [[runs / spring], [], []]
