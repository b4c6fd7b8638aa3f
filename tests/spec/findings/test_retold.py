"""A finding's message in the reader's language, whatever language the run was made in."""

from __future__ import annotations

import pytest

from auditlib.findings.apply import TO_REVIEW
from auditlib.findings.retold import _pattern, retold
from auditlib.rules.registry import RULES
from auditlib.tables.wording import word


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize(("spoken", "language"), [("zh", "en"), ("en", "zh")])
def test_every_rules_sentence_is_retold_with_its_values(rule: str, spoken: str, language: str) -> None:
    template = RULES[rule].message
    _regex, places = _pattern(template.into(spoken))
    values = {place: f"{at}7.50" for at, place in enumerate(places, 1)}
    _regex, others = _pattern(template.into(language))
    assert {*places} == {*others}
    spoken_values = {**values, "reason_text": word("no_payment", spoken)}
    retold_values = {**values, "reason_text": word("no_payment", language)}
    for tail in ("", TO_REVIEW.fill(figure="0.612")):
        ends = ("", "") if isinstance(tail, str) else (tail.into(spoken), tail.into(language))
        message = template.into(spoken).format_map(spoken_values) + ends[0]
        again = template.into(language).format_map(retold_values) + ends[1]
        assert retold(rule, "no_payment", message, language) == again
        assert retold(rule, "no_payment", message, spoken) == message


def test_what_is_no_sentence_of_the_rule_stays_as_it_stands() -> None:
    assert retold("missed.unpaid", "no_payment", "a note of old", "zh") == "a note of old"
    assert retold("no.rule", "", "x", "en") == "x"


@pytest.mark.parametrize(
    ("rule", "reason", "zh", "en"),
    [
        ("procedure.order", "steps_reversed", "审批程序有误：{}（校长审批 2020-09-15 → 班主任审查 2020-09-18）",
         "the chain of approval is out of order: {} (Head's approval 2020-09-15 → Class teacher's review 2020-09-18)"),
        ("mismatch.register_school", "listed_out_of_school", "资格名册与学籍不一致：{}（名册：不在校；学籍：小学），请核对后更正有误的一方",
         "eligibility and enrolment register differ: {} (eligibility: at no school; enrolment: Primary); correct the one that is wrong"),
    ],
)  # fmt: skip
def test_steps_and_stages_are_told_in_the_readers_words(rule: str, reason: str, zh: str, en: str) -> None:
    in_chinese, in_english = zh.format(word(reason, "zh")), en.format(word(reason, "en"))
    assert retold(rule, reason, in_chinese, "en") == in_english
    assert retold(rule, reason, in_english, "zh") == in_chinese
