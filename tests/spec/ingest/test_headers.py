"""Headers as bureaus write them are known without a question."""

from __future__ import annotations

import pytest

from auditlib.base import places
from auditlib.ingest.headers.spellings import normal, read_spellings, recognise

SPELLINGS, _WRONG = read_spellings(places.headers())


@pytest.mark.parametrize("header", ["所在乡镇（街道）", "乡（镇、街道）*", "隶属乡镇"])
def test_the_town_of_a_school(header: str) -> None:
    reading = recognise(normal(header), SPELLINGS["schools"])
    assert reading and reading.spelling.column == "town"
