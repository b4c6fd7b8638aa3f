"""The number under which people speak of a finding: short, the same in every run, and of no person."""

from __future__ import annotations

import re
from typing import Any

import pytest

from auditlib.findings import finding_numbers
from auditlib.findings.finding_numbers import by_number, finding_number, written_number

SECRET, KEYS = b"a bureau's own", [f"{at:020x}" for at in range(3000)]


def test_a_number_is_short_the_same_in_every_run_and_different_for_each_finding() -> None:
    numbers = [finding_number(key, SECRET) for key in KEYS]
    assert all(re.fullmatch("[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", number) for number in numbers)
    assert numbers == [finding_number(key, SECRET) for key in KEYS] and len(set(numbers)) == len(KEYS)


def test_without_the_bureaus_secret_nobody_can_try_out_whose_it_is() -> None:
    assert finding_number(KEYS[0], SECRET) != finding_number(KEYS[0], b"another")


def test_a_number_is_read_as_a_person_types_it() -> None:
    assert written_number(" o1iL-0abc ") == "0111-0ABC"


def test_a_number_of_two_findings_finds_neither(monkeypatch: pytest.MonkeyPatch) -> None:
    def shared_number(key: str, _secret: Any) -> str:
        return "0000-0000" if key in KEYS[:2] else key

    monkeypatch.setattr(finding_numbers, "finding_number", shared_number)
    assert by_number(KEYS[:3], SECRET) == {KEYS[2]: KEYS[2]}
