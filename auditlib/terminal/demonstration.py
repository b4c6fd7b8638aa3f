"""Where the demonstration writes, and where it cannot be given."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from auditlib.base import terms
from auditlib.base.errors import Problem, UsageError
from auditlib.base.language import Text
from auditlib.base.owners import replace_private, shut_folder
from auditlib.base.places import PARAMS, ROOT, SAMPLES
from auditlib.law.parameters import SelfCheck, read_self_check

if TYPE_CHECKING:  # frames and engine are not imported before they are needed
    from auditlib.city.parameters import ReCheck

NO_SAMPLES = Problem(
    Text(
        "安装包里没有演示用的样例城市", "the sample city of the demonstration is not in the installed program"
    ),
    Text("auditlib demo", "auditlib demo"),
    Text(
        "运行 auditlib init 文件夹名，再在该文件夹运行 auditlib self-check params/qinghe-2020-autumn.yaml；全部样例在源码库中",
        "run auditlib init FOLDER, then in it auditlib self-check params/qinghe-2020-autumn.yaml; all samples are in the repository",
    ),
)


def refuse_without_samples(language: str) -> None:
    """Raises UsageError where neither the samples nor what makes the city's packages of them are installed."""
    if not (SAMPLES / "city").is_dir() or find_spec("samples") is None:
        raise UsageError(NO_SAMPLES, language)


def below(runs: Path, path: Path) -> Path:
    """``path``, which the sample parameters place in the checkout's runs/, in ``runs``."""
    return runs / path.relative_to(ROOT / "runs")


def in_time(neighbours: Sequence[str], runs: Path, language: str | None) -> list[SelfCheck]:
    """The sample counties as they write into ``runs``, the earlier term first, so that the later names its run as ``previous``."""
    files = [*PARAMS.glob("qinghe-*.yaml"), *(PARAMS / f"{name}.yaml" for name in neighbours)]
    counties = [read_self_check(file, language=language) for file in files]
    of_runs = [replace(county, output_dir=below(runs, county.output_dir)) for county in counties]
    in_order = sorted(of_runs, key=lambda county: (terms.first_day(county.term), county.county_code))
    return [_after(county, in_order) for county in in_order]


def _after(county: SelfCheck, counties: Sequence[SelfCheck]) -> SelfCheck:
    of_it = (county.county_code, terms.before(county.term))
    folders = [run.output_dir for run in counties if (run.county_code, run.term) == of_it]
    return replace(county, previous=[*county.previous, *folders])


def city_in(runs: Path, counties: Sequence[SelfCheck], language: str | None) -> ReCheck:
    """The sample city's parameters, reading in ``runs`` what the ``counties`` wrote there."""
    from auditlib.city.parameters import read_recheck

    city = read_recheck(PARAMS / "city-9901-2020-autumn.yaml", language=language)
    return replace(
        city,
        county_params=[with_previous(file, counties, runs) for file in city.county_params],
        packages=[below(runs, package) for package in city.packages],
        keys={county: below(runs, key) for county, key in city.keys.items()},
        output_dir=below(runs, city.output_dir),
    )


def with_previous(file: Path, counties: Sequence[SelfCheck], runs: Path) -> Path:
    """The city's parameters of a county as a file in ``runs`` that names its run of the term before; ``file`` where there is none.

    The sample file itself names none: it is run by itself too, before any other.
    """
    own = read_self_check(file)
    later = _after(own, counties)
    if later == own:
        return file
    into = shut_folder(runs / "9901-submitted") / file.name
    replace_private(into, json.dumps(later.as_json(), ensure_ascii=False).encode())  # JSON is YAML
    return into
