"""A finding has one way of being masked, whatever columns of it a list has chosen."""

from __future__ import annotations

import pandas as pd
import pytest

from auditlib.tables.findings import (
    BETWEEN,
    FINDING,
    HIDDEN_COLUMNS,
    LISTED_COLUMNS,
    arrow_schema,
    finding_columns,
    masked,
)

NAME, NUMBER, CARD = "王小明", "990122201003070017", "6217990122334455667"
TOLD_WORDS = {
    "name": NAME,
    "id": NUMBER,
    "student": f"G{NUMBER}",
    "account": CARD,
    "scrub": f"a-{NUMBER}.csv!s!3",
    "person": f"班主任：{NAME}",
}


def cell(name: str) -> object:
    """What would tell who it is, in the form that the column has."""
    column = LISTED_COLUMNS[name]
    if column.masked == "message":
        return f"{NAME}（{NUMBER}）领取 500 元"
    text = TOLD_WORDS[column.masked]
    return [text, text] if column.kind == "rows" else text


FULL = pd.DataFrame({name: [cell(name), None] for name in HIDDEN_COLUMNS}, dtype=object)


@pytest.mark.parametrize("name", HIDDEN_COLUMNS)
def test_a_column_that_tells_who_it_is_does_not_once_masked(name: str) -> None:
    masked_cells = masked(FULL[list({"name", name})])
    text = str(masked_cells[name].tolist())
    assert not [cell_text for cell_text in (NAME, NUMBER, CARD) if cell_text in text]
    assert "*" in text


def test_masking_what_is_masked_changes_nothing() -> None:
    once = masked(FULL)
    pd.testing.assert_frame_equal(masked(once), once)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_several_records_tell_is_masked_one_by_one(language: str) -> None:
    between = BETWEEN.into(language)
    frame = pd.DataFrame({"names": [f"{NAME}{between}欧阳娜"], "accounts": [f"{CARD}{between}{CARD[::-1]}"]})
    assert masked(frame)["names"].tolist() == [f"王**{between}欧**"]
    assert masked(frame)["accounts"].tolist() == [f"****5667{between}****7126"]


def test_a_list_may_choose_only_columns_that_are_declared() -> None:
    assert finding_columns("rule at_stake") == ("rule", "at_stake")
    with pytest.raises(KeyError, match="yuan"):
        finding_columns("rule yuan")


def test_the_file_of_findings_has_the_columns_that_are_declared_in_their_order() -> None:
    assert arrow_schema().names == list(FINDING)
