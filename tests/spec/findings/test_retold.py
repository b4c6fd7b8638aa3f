"""A finding's message in the reader's language, whatever language the run was made in."""

from __future__ import annotations

from types import SimpleNamespace

import ibis
import pytest

from auditlib.findings.apply import TO_REVIEW, how_sure
from auditlib.findings.retold import TAILS, _pattern, retold, without_figure
from auditlib.rules.registry import RULES
from auditlib.tables.wording import word


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize(("spoken_text", "language"), [("zh", "en"), ("en", "zh")])
def test_every_rules_sentence_is_retold_with_its_values(rule: str, spoken_text: str, language: str) -> None:
    template = RULES[rule].message
    _regex, places = _pattern(template.into(spoken_text))
    values = {place: f"{at}7.50" for at, place in enumerate(places, 1)}
    _regex, others = _pattern(template.into(language))
    assert {*places} == {*others}
    spoken_values = {**values, "reason_text": word("no_payment", spoken_text)}
    retold_values = {**values, "reason_text": word("no_payment", language)}
    for tail in (each.fill(figure="0.61") for each in TAILS):
        ends = (tail.into(spoken_text), tail.into(language))
        message = template.into(spoken_text).format_map(spoken_values) + ends[0]
        again = template.into(language).format_map(retold_values) + ends[1]
        assert retold(rule, "no_payment", message, language) == again
        assert retold(rule, "no_payment", message, spoken_text) == message


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


LIKELY_WORDS = {
    ("waiting", 0.06): ("很可能不成立", "先看 review.xlsx", "可信度 0.06"),
    ("waiting", 0.94): ("待人工复核", "可信度 0.94"),
    ("model", 0.5): ("可能为同一人，不能认定", "可信度 0.50"),
    ("model", 0.9999): ("认定为同一人，可信度 >0.99",),
    ("name", 0.6): ("可能是此人的", "可信度 0.60"),
    ("name", 0.95): ("凭姓名认定为此人", "可信度 0.95"),
    ("rule", 0.6): ("尚不能认定", "可信度 0.60"),
    ("rule", 0.3): ("很可能不成立", "可信度 0.30"),
}


def ends_of_sentences() -> dict[tuple[str, float], str]:
    """What :func:`how_sure` adds, by how the person was told and by confidence."""
    names = [f"{words}:{share}" for words, share in LIKELY_WORDS]
    findings = [
        {
            "finding_id": name, "person_id": name, "message": "", "records": [name],
            "confidence": share if words in ("waiting", "rule") else 1.0,
        }
        for name, (words, share) in zip(names, LIKELY_WORDS, strict=True)
    ]  # fmt: skip
    uncertain = [
        {"record": name, "score": share, "decided_by": words}
        for name, (words, share) in zip(names, LIKELY_WORDS, strict=True)
        if words not in ("waiting", "rule")
    ]
    pairs = [
        {"person_id": name, "candidate_id": "", "review": True, "has_judgement": False}
        for name in names
        if name.startswith("waiting")
    ]
    audit = SimpleNamespace(
        uncertain=ibis.memtable(uncertain),
        open_pairs=ibis.memtable(pairs),
        parameters=SimpleNamespace(language="zh", thresholds=SimpleNamespace(link_accept=0.95)),
    )
    rows = how_sure(ibis.memtable(findings), audit).to_pandas()  # type: ignore[arg-type]
    return dict(zip(LIKELY_WORDS, rows.set_index("finding_id").loc[names, "message"], strict=True))


def test_what_is_likely_is_not_told_as_certain_nor_what_is_unlikely_as_a_finding() -> None:
    sentences = ends_of_sentences()
    for key, words in LIKELY_WORDS.items():
        assert all(word in sentences[key] for word in words), (key, sentences[key])
        assert ("认定为" in sentences[key]) == (key[0] in ("model", "name") and key[1] >= 0.95)
        assert without_figure("应发" + sentences[key], key[1]) == "应发"


def test_the_figure_of_a_run_of_old_is_taken_off_too() -> None:
    assert without_figure("x" + TO_REVIEW.fill(figure="0.061").into("zh"), 0.061677) == "x"
