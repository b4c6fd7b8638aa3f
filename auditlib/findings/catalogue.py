"""What tells two programs of one version apart that would say a finding otherwise: a digest of the rules' sentences and words."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping
from functools import cache
from typing import Any

from auditlib.base.language import LANGUAGES
from auditlib.findings.retold import TAILS
from auditlib.rules.registry import RULES
from auditlib.tables.wording import WORDS

MEMBER = "catalogue"
FIGURE = re.compile(r"\d[\d,]*(?:\.\d+)?")


@cache
def catalogue_digest() -> str:
    """SHA-256 of every rule's id, severity and sentence, and of every word that may stand in one, in each language."""
    rules = [(rule.id, rule.severity, rule.message) for _, rule in sorted(RULES.items())]
    texts = [text for _, _, text in rules] + [text for _, text in sorted(WORDS.items())] + list(TAILS)
    sentences = [text.into(language) for text in texts for language in LANGUAGES]
    rule_lines = [f"{rule}|{severity}" for rule, severity, _ in rules] + sorted(WORDS)
    return hashlib.sha256("\n".join(rule_lines + sentences).encode()).hexdigest()


def program_of(manifest: Mapping[str, Any]) -> str:
    """Version and catalogue that a manifest names, as they are shown; of an earlier one the version alone."""
    return " ".join([str(manifest["auditlib"]), *filter(None, [str(manifest.get(MEMBER, ""))[:12]])])


def same_figures(first: str, second: str) -> bool:
    """Do two sentences tell the same numbers, whatever stands between them? One may tell fewer, but not none."""
    ours, theirs = _figures(first), _figures(second)
    return ours == theirs or bool(ours and theirs and (ours <= theirs or theirs <= ours))


def _figures(sentence: str) -> Counter[str]:
    return Counter(figure.replace(",", "") for figure in FIGURE.findall(sentence))
