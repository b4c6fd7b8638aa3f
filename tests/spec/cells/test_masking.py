"""What a publication may show of a person."""

from __future__ import annotations

import pandas as pd
import pytest

from auditlib.base import masking
from auditlib.tables.findings import masked


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("王小明", "王**"),
        ("王明", "王**"),
        ("欧阳子涵", "欧**"),
        ("阿依古丽·买买提", "阿**"),
        ("𬎆", "**"),
        ("𬎆明", "𬎆**"),
        ("", ""),
    ],
)
def test_a_name_keeps_its_first_character_and_not_its_length(name: str, masked: str) -> None:
    assert masking.masked_name(name) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("990122201003070017", "990122**********17"),
        ("99012220100307001X", "990122**********1X"),
        ("990122100307001", "990122**********01"),
        ("G990122201003070017", "G990122**********17"),
        ("3.60922E+17", "**********"),
        ("9.9012220100101E+17", "**********"),
        ("12345678", "**********"),
        ("G1234", "G**********"),
    ],
)
def test_a_number_keeps_its_area_and_its_last_two(number: str, masked: str) -> None:
    assert masking.masked_number(number) == masked


def test_masking_twice_is_masking_once() -> None:
    for mask, texts in (
        (masking.masked_name, ("王小明", "王明", "白", "")),
        (masking.masked_number, ("990122201003070017", "990122100307001", "G1234", "")),
        (masking.masked_account, ("6229000000000001234", "12345", "")),
    ):
        once = [mask(text) for text in texts]
        assert [mask(text) for text in once] == once


def test_an_account_keeps_its_last_four() -> None:
    assert masking.masked_account("6229000000000001234") == "****1234"
    assert masking.masked_account("12345") == "****"


@pytest.mark.parametrize(
    ("text", "masked_text"),
    [
        ("发放_990122201003070017.csv!3", "发放_990122**********17.csv!3"),
        ("G99012220100307001x", "G990122**********1x"),
        ("金额 1004150.25 元", "金额 1004150.25 元"),
        ("电话13800000000", "电话13800000000"),
        ("号码 9.9012220100101E+17，", "号码 **********，"),
        ("6229000000000001234", "622900**********34"),
    ],
)
def test_scrubbing_masks_runs_of_digits_as_long_as_an_id_number(text: str, masked_text: str) -> None:
    assert masking.scrub(text) == masked_text


def test_a_digest_is_left_whole_even_where_its_digits_stand_in_a_row() -> None:
    digest = "d44996564267478240" + "a" * 46
    assert masking.scrub(f'<code>{digest}</code> "sha256": "{digest}"').count(digest) == 2


def test_scrubbing_twice_is_scrubbing_once() -> None:
    once = masking.scrub("学籍 L990122201003070017 与 990122201003070017")
    assert masking.scrub(once) == once
    assert "201003070017" not in once


def test_a_finding_is_masked_in_its_sentence_too() -> None:
    frame = pd.DataFrame(
        {
            "name": ["王小明", None, "白"],
            "id_number": ["990122201003070017", None, None],
            "student_no": ["G990122201003070017", None, None],
            "message": ["王小明（990122201003070017）未发放", None, "白云小学"],
        }
    )
    masked_frame = masked(frame)
    assert masked_frame["message"].tolist() == ["王**（990122**********17）未发放", "", "白云小学"]
    assert masked_frame["name"].tolist()[0] == "王**" and "201003" not in masked_frame.to_string()
