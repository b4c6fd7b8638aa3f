"""Words for codes, as a reader meets them."""

from __future__ import annotations

from auditlib.tables.wording import word


def test_several_things_missing_are_each_said_in_words() -> None:
    assert word("letters,payments.pay_date", "zh") == "函告台账、发放明细·发放日期"
    assert word("a,b", "zh") == "a,b"


def test_words_fall_back_to_the_code() -> None:
    assert word("no_reply", "zh") == "逾期未回函"
    assert word("payments.pay_date", "en") == "Payments: Paid on"
    assert word("empty:name", "zh") == "“姓名”为空"
    assert word("family.missed", "zh") == "应助未助"
    assert word("a_new_code", "zh") == "a_new_code"
