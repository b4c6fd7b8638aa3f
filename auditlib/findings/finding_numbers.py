"""The number of a finding (疑点编号): what stands in lists, slips and on the screen in place of its ``finding_id``.

A ``finding_id`` is a plain hash of rule, county, term and the pupil's number, the same for the same facts in every run
and on every machine; so whoever has one can try out all numbers of an area until one fits. The number is an HMAC
(RFC 2104) of it under a secret that only the bureau has: it stays the same from run to run, and nothing can be tried out.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

# Crockford's: none is taken for another when read aloud or off paper.
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LOOKS = str.maketrans("OIL", "011")
# Of 10,000 findings two share a number once in some 20,000 runs, of 100,000 once in 200.
MOST_SHOWN, GROUP, BITS = 8, 4, 5


def finding_number(finding_id: str, secret: bytes) -> str:
    """``7F3A-09BK``: no spreadsheet takes it for a number or a date."""
    digest = hmac.digest(secret, f"finding number|{finding_id}".encode(), hashlib.sha256)
    rest = int.from_bytes(digest[:MOST_SHOWN], "big")
    letters = "".join(LETTERS[rest >> BITS * place & len(LETTERS) - 1] for place in range(MOST_SHOWN))
    return "-".join(letters[at : at + GROUP] for at in range(0, MOST_SHOWN, GROUP))


def numbered_rows(findings: pd.DataFrame, secret: bytes) -> pd.DataFrame:
    """``findings`` with the column ``number``."""
    return findings.assign(number=[finding_number(str(key), secret) for key in findings["finding_id"]])


def by_number(finding_ids: Iterable[str], secret: bytes) -> dict[str, str]:
    """Number to finding_id: how what comes back finds its finding. A number that two findings share finds neither: nobody's
    answer is put down to another."""
    numbers = [(finding_number(key, secret), key) for key in dict.fromkeys(finding_ids)]
    counts = Counter(number for number, _key in numbers)
    return {number: key for number, key in numbers if counts[number] == 1}


def written_number(text: str) -> str:
    """A number as a person may have typed it, as it is compared: upper case, no blanks, the letters that are none of its own as
    the digits that they look like."""
    return "".join(text.split()).upper().translate(LOOKS)
