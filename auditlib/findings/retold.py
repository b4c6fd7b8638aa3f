"""A finding's message in the reader's language, whatever language the run was made in: its template read backwards, and filled."""

from __future__ import annotations

import math
import re
import string
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import product

from auditlib.base.language import LANGUAGES, Text
from auditlib.findings.apply import (
    BY_MODEL,
    BY_READING,
    PERHAPS_BY_MODEL,
    PERHAPS_BY_READING,
    PROBABLY_NOT,
    REASON_TEXT,
    TO_REVIEW,
    UNLIKELY,
    UNSURE,
)
from auditlib.page.markup import probability
from auditlib.rules.registry import RULES
from auditlib.tables.delivered import TABLES
from auditlib.tables.wording import WORDS, word

TAILS = (
    TO_REVIEW,
    PROBABLY_NOT,
    BY_MODEL,
    PERHAPS_BY_MODEL,
    BY_READING,
    PERHAPS_BY_READING,
    UNSURE,
    UNLIKELY,
    Text("", ""),
)  # a place at the end must not take one of them for its own
REASON = REASON_TEXT.strip("{}")
STEPS, AT_SCHOOL = "steps", ("listed_word", "recorded_word")
DAYS = re.compile(r"( \d{4}-\d\d-\d\d| → )")


@lru_cache(maxsize=1 << 14)
def retold(rule: str, reason: str, message: str, language: str) -> str:
    """``message`` as the rule says it in ``language``; as it stands where it is not the rule's sentence in any language."""
    if rule not in RULES:
        return message
    others = [spoken_language for spoken_language in LANGUAGES if spoken_language != language]
    if any(_values(RULES[rule].message, tail, language, message) is not None for tail in TAILS):
        return message
    for spoken_language in others:
        for tail in TAILS:
            values = _values(RULES[rule].message, tail, spoken_language, message)
            if values is not None:
                values = {
                    place: _translate(place, value, spoken_language, language)
                    for place, value in values.items()
                }
                values[REASON] = word(reason, language) if reason else "—"
                sentence = RULES[rule].message.into(language) + tail.into(language)
                return sentence.format_map(values)
    return message


def _values(template: Text, tail: Text, language: str, message: str) -> dict[str, str] | None:
    """What stands in the places of the sentence; None where ``message`` is another one."""
    pattern, places = _pattern(template.into(language) + tail.into(language))
    match = pattern.fullmatch(message)
    return dict(zip(places, match.groups(), strict=True)) if match else None


def _translate(place: str, value: str, spoken_language: str, language: str) -> str:
    """``value`` in ``language`` where the place holds words: steps with their days, or what a register says of being at school."""
    if place == STEPS:
        return "".join(
            _in_other_words(part, _titles(spoken_language), language) for part in DAYS.split(value)
        )
    return _in_other_words(value, _at_school(spoken_language), language) if place in AT_SCHOOL else value


def _in_other_words(part: str, words: Mapping[str, Text], language: str) -> str:
    return words[part].into(language) if part in words else part


@lru_cache
def _titles(spoken_language: str) -> Mapping[str, Text]:
    columns = (*TABLES["applications"].columns, TABLES["payments"].by_name["pay_date"])
    return {column.title.into(spoken_language): column.title for column in columns}


@lru_cache
def _at_school(spoken_language: str) -> Mapping[str, Text]:
    return {text.into(spoken_language): text for code, text in WORDS.items() if code.startswith("in_school.")}


def without_figure(message: str, confidence: float) -> str:
    """``message`` without the words at its end that tell this very ``confidence``; as it stands where it tells another."""
    of_old = f"{math.floor(confidence * 1000) / 1000:.3f}"  # as runs before 30 November 2026 told it
    for tail, figure in product(TAILS, (probability(confidence), of_old)):
        for spoken_language in LANGUAGES:
            words = tail.into(spoken_language).format(figure=figure)
            if words and message.endswith(words):
                return message.removesuffix(words)
    return message


@lru_cache(maxsize=1 << 10)
def _pattern(sentence: str) -> tuple[re.Pattern[str], Sequence[str]]:
    parts = [*string.Formatter().parse(sentence)]
    pattern = "".join(
        re.escape(literal) + ("(.*?)" if place else "") for literal, place, _spec, _how in parts
    )
    return re.compile(pattern, re.DOTALL), [place for _literal, place, _spec, _how in parts if place]
