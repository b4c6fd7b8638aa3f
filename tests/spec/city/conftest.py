"""The small city, re-checked once for a module."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import pytest
from small_city import WEST, WHOSE, City, decided, rechecked_city, west, without_west
from test_recheck_compare import handed_in
from tiny_county import deliver

from auditlib.city.counties import without_audit
from auditlib.city.programme import compare_counties
from auditlib.city.results import CityComparison
from auditlib.city.submissions import open_packages


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    folder = tmp_path_factory.mktemp("city")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUDITLIB_KEYS", str(folder / "keys"))
        yield rechecked_city(folder)


@pytest.fixture(scope="module")
def unpooled(city: City) -> CityComparison:
    """The east as the city audited it, the west by its package alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUDITLIB_KEYS", str(city.folder / "keys"))
        own = deliver(
            city.folder / "west", west(), code=WEST, output=city.folder / "run-west-tokens", hand_in="tokens"
        )
        finding_id = pd.read_parquet(city.folder / "run-west" / "findings.parquet")["finding_id"].iloc[0]
        decided(
            own.output_dir,
            finding_id,
            "cleared",
            decided_by="王经办",
            cause=WHOSE,
            evidence=WHOSE,
            note=WHOSE,
        )
        handed_in(own)
        submission = open_packages(without_west(city))[WEST]
        return compare_counties(without_west(city), [city.results.counties[0], without_audit(submission)])
