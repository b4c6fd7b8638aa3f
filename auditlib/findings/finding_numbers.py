"""The number of a finding (疑点编号): what stands in lists, slips and on the screen in place of its ``finding_id``.

A ``finding_id`` is a plain hash of rule, county, term and the pupil's number, the same for the same facts in every run
and on every machine; so whoever has one can try out all numbers of an area until one fits. The number is an HMAC
(RFC 2104) of it under a secret that only the bureau has: it stays the same from run to run, and nothing can be tried out.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

SHOWN, GROUP = 12, 4  # hex digits: of 100,000 findings two share a number once in some 50,000 runs


def finding_number(finding_id: str, secret: bytes) -> str:
    """``7F3A-09BC-D214``: no spreadsheet takes it for a number or a date."""
    digest = hmac.digest(secret, f"finding number|{finding_id}".encode(), hashlib.sha256).hex().upper()
    return "-".join(digest[at : at + GROUP] for at in range(0, SHOWN, GROUP))


def numbered(findings: pd.DataFrame, secret: bytes) -> pd.DataFrame:
    """``findings`` with the column ``number``."""
    return findings.assign(number=[finding_number(str(key), secret) for key in findings["finding_id"]])


def by_number(finding_ids: Iterable[str], secret: bytes) -> dict[str, str]:
    """Number to finding_id: how what comes back finds its finding."""
    return {finding_number(key, secret): key for key in finding_ids}


def written_number(text: str) -> str:
    """A number as a person may have typed it, as it is compared: upper case, no blanks."""
    return "".join(text.split()).upper()
