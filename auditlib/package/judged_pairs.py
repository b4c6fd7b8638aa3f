"""What people judged of pairs of records, as a package tells it: the pairs keyed, so that they name nobody without the key.

The city asks its own copy which pairs these are, and does the audit again under the judgements: a person's word is tried out
like any other condition of the county, and what it hides is told.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping

from auditlib.linkage.judgements import CHOICES, Judgement
from auditlib.package.keys import FingerprintKey

KEPT_LENGTH = 20  # hex digits, as of every pair's name
MEMBER = "judgements"


def keyed_judgements(judgements: Iterable[Judgement], key: FingerprintKey) -> dict[str, dict[str, str]]:
    """The part of a manifest that tells ``judgements``; nothing where there are none."""
    decisions = {_keyed_digest(judgement.pair, key): judgement.decision for judgement in judgements}
    return {MEMBER: dict(sorted(decisions.items()))} if decisions else {}


def judgements_on(pairs: Iterable[str], decisions: Mapping[str, str], key: FingerprintKey) -> list[Judgement]:
    """Those of ``decisions`` (keyed pair to decision) that are about ``pairs``."""
    keyed_pairs = {pair: _keyed_digest(pair, key) for pair in sorted(set(pairs))}
    return [Judgement(pair, decisions[token]) for pair, token in keyed_pairs.items() if token in decisions]


def _keyed_digest(pair: str, key: FingerprintKey) -> str:
    return hmac.new(key.secret, b"pair|" + pair.encode(), hashlib.sha256).hexdigest()[:KEPT_LENGTH]


SHAPE = {
    "type": "object", "propertyNames": {"pattern": f"^[0-9a-f]{{{KEPT_LENGTH}}}$"}, "additionalProperties": {"enum": list(CHOICES)},
}  # fmt: skip

__all__ = ["MEMBER", "SHAPE", "judgements_on", "keyed_judgements"]
