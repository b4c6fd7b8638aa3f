"""What holds for every test: keys are made in a folder of the test run, never in that of whoever runs it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True, scope="session")
def keys_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """``AUDITLIB_KEYS`` for this process and those it starts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUDITLIB_KEYS", str(tmp_path_factory.mktemp("keys")))
        yield
