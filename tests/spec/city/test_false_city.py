"""Two counties that do not say all, and what the city sees of it: every manipulation, and nothing that is innocent.

The whole city, for several seeds, is ``benchmarks/false_city.py``.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from false_city import SILENT, TIDY, played

SEED = 20201231


@pytest.mark.parametrize("code", [SILENT, TIDY])
def test_what_a_county_does_not_say_is_shown(
    code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDITLIB_KEYS", str(tmp_path / "keys"))
    score = played(tmp_path, SEED, plain=24, examples=1, codes=[code])
    assert score.planted >= 20
    assert (score.missed, score.alarms) == ([], [])
