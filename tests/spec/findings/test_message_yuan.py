"""Yuan and counts within the sentence of a finding are written as in tables: 1,234.50 and 1,234."""

from __future__ import annotations

import ibis
import pytest

from auditlib.base.language import Text
from auditlib.base.logic import YUAN
from auditlib.findings.apply import fill_in
from auditlib.page.markup import yuan

SENTENCE = Text("应发 {due} 元，{n} 笔", "{due} yuan due, {n} payments")
AMOUNTS = (
    "0.00", "999.99", "1000.00", "99999.50", "123456.70", "999999.99", "1000000.00", "999999999.99", "1000000000.00", "-123456789012.00", "-1234.50", "-1000000.00",
)  # fmt: skip


@pytest.mark.parametrize("amount", AMOUNTS)
def test_yuan_in_a_sentence_are_written_as_in_tables(amount: str) -> None:
    rows = ibis.memtable({"due": [amount], "n": [4]}).mutate(due=ibis._.due.cast(YUAN))
    (sentence,) = rows.select(sentence=fill_in(SENTENCE, rows, "en")).execute()["sentence"]
    assert sentence == f"{yuan(amount)} yuan due, 4 payments"


@pytest.mark.parametrize("n", [0, 999, 1_000, -1_180, 999_999, 1_000_000, 1_234_567_890])
def test_a_count_in_a_sentence_is_written_as_in_tables(n: int) -> None:
    rows = ibis.memtable({"n": [n]}).mutate(due=ibis.literal("1").cast(YUAN))
    (sentence,) = rows.select(sentence=fill_in(SENTENCE, rows, "zh")).execute()["sentence"]
    assert sentence == f"应发 1.00 元，{n:,} 笔"


def test_an_amount_that_is_not_known_is_a_dash() -> None:
    rows = ibis.memtable({"n": [4]}).mutate(due=ibis.null(YUAN))
    (sentence,) = rows.select(sentence=fill_in(SENTENCE, rows, "zh")).execute()["sentence"]
    assert sentence == "应发 — 元，4 笔"
