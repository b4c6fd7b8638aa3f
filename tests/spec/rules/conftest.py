"""Which rules' examples are played: ``pytest -k missed.unpaid`` plays those of that rule and no others, in seconds."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditlib.rules import RULES

_PLAYED = pytest.StashKey[frozenset[str]]()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """After pytest has left out what ``-k`` does not name; pytest hands every folder's tests to this hook."""
    here = [item for item in items if item.path.is_relative_to(Path(__file__).parent)]
    parameters = [spec.params for item in here if (spec := getattr(item, "callspec", None))]
    config.stash[_PLAYED] = frozenset(each["case"].rule.id for each in parameters if "case" in each)


@pytest.fixture(scope="session")
def rules_played(pytestconfig: pytest.Config) -> frozenset[str]:
    """The rules with a case in this run; all, where it holds no case."""
    return pytestconfig.stash[_PLAYED] or frozenset(RULES)
