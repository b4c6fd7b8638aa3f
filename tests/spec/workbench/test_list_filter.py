"""What is filtered: the same value in every panel, and SQL that finds what its words say."""

from __future__ import annotations

import duckdb
import pytest

from auditlib.workbench.list_filter import ListFilter, NoAmount

ROWS = """
    SELECT * FROM (VALUES
        ('7F3A-09BK', 'a', '王小明', '实验小学', '990122201001010016', 'G990122201001010016', 100.00, 'missed.unpaid', NULL),
        ('0C1D-2222', 'b', '李X', 'No. 2 School', '99012220100101002X', NULL, 250.50, 'missed.unpaid', 'open'),
        ('FFFF-0000', 'c', NULL, NULL, NULL, NULL, NULL, 'totals.amount', 'cleared')
    ) AS rows(number, finding_id, name, school_name, id_number, student_no, at_stake, rule, disposition)
"""


def ids_found(list_filter: ListFilter) -> str:
    condition, values = list_filter.where()
    rows = duckdb.connect().execute(f"SELECT finding_id FROM ({ROWS}) WHERE {condition} ORDER BY 1", values)
    return "".join(row[0] for row in rows.fetchall())


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("", "abc"), ("  ", "abc"), ("小明", "a"), ("实验", "a"), ("0016", "a"), ("02x", "b"), ("school", "b"), ("王 实验", "a"),
        ("王 school", ""), ("9901222010", ""), ("%", ""), ("'", ""), ("7f3a-09", "a"), ("D214", ""),
    ],
)  # fmt: skip
def test_search_looks_at_name_school_and_the_tails_of_numbers(text, rows):
    assert ids_found(ListFilter(search=text)) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [("100", "a"), (">=100", "ab"), ("≥ 250", "b"), ("<100", ""), ("100-200", "a"), ("200-", "b"), ("-200", "a"), ("100 至 1,000", "ab")],
)  # fmt: skip
def test_an_amount_is_filtered_as_people_write_it(text, rows):
    assert ids_found(ListFilter().typing("at_stake", text)) == rows


@pytest.mark.parametrize("text", ["many", "-", "1-2-3", "1; DROP TABLE findings", ">"])
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(NoAmount):
        ListFilter().typing("at_stake", text)


def test_filters_hold_together_and_an_empty_one_is_none():
    typed_text = ListFilter().choosing("rule", ("missed.unpaid",)).typing("name", "x")
    assert ids_found(typed_text) == "b"
    assert ids_found(typed_text.typing("name", "")) == "ab"
    assert typed_text.choosing("rule", ()).typing("name", " ").is_whole


def test_nothing_there_can_be_chosen():
    assert ids_found(ListFilter().choosing("school_name", ("",))) == "c"


def test_a_second_click_takes_the_filter_away():
    once = ListFilter().toggling("rule", "missed.unpaid")
    assert ids_found(once) == "ab"
    assert once.toggling("rule", "missed.unpaid").is_whole
    assert ids_found(once.toggling("rule", "totals.amount")) == "c"


def test_only_columns_that_are_there_are_filtered():
    with pytest.raises(KeyError):
        ListFilter().choosing("finding_id; --", ("a",))
