"""What a county hands in where it hands in tokens only: nobody's name or number, in clear or to be guessed.

A finding's id is a hash of the subject's number, which whoever has the package could try out; so it is keyed too. The
order of the rows, which followed the ids, is made anew; what people wrote by hand may name somebody and is left out.
"""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

from auditlib.base.engine import duckdb_engine
from auditlib.package.fingerprints import keyed_digest
from auditlib.package.keys import FingerprintKey

WHO = ["name", "id_number", "student_no"]
BY_HAND = ["decided_by", "cause", "evidence", "note"]
KEPT_LENGTH = 20  # hex digits, as of every finding's id
ORDER = ["rule", "finding_id"]


def keyed_ids(ids: pd.Series, key: FingerprintKey) -> pd.Series:
    """The ids of findings as a package without names has them; None stays None."""
    engine = duckdb_engine()
    numbered_ids = pd.DataFrame({"place": range(len(ids)), "finding_id": ids.to_numpy()})
    rows = engine.load("ids", numbered_ids, {"place": "int64", "finding_id": "string"})
    token = keyed_digest("finding|" + rows.finding_id, key).substr(0, KEPT_LENGTH)
    tokens = engine.fetch(rows.select("place", token=token).order_by("place"))["token"].astype(object)
    return pd.Series(tokens.where(tokens.notna(), None).to_numpy(), index=ids.index, dtype=object)


def nameless_findings(findings: pd.DataFrame, key: FingerprintKey) -> pd.DataFrame:
    """``findings`` without ``WHO``, under keyed ids."""
    bare = findings.assign(**dict.fromkeys(WHO), finding_id=keyed_ids(findings["finding_id"], key))
    return bare.sort_values(ORDER, ignore_index=True)


def nameless_decisions(decisions: pd.DataFrame, key: FingerprintKey) -> pd.DataFrame:
    """Which finding was decided how, when, to what sum; nothing that was written by hand."""
    return decisions.assign(**dict.fromkeys(BY_HAND, ""), finding_id=keyed_ids(decisions["finding_id"], key))


def nameless_tokens(tokens: pa.Table, key: FingerprintKey) -> pa.Table:
    """``tokens`` with the keyed ids of the findings."""
    ids = keyed_ids(tokens.column("finding_id").to_pandas(), key)
    place = tokens.column_names.index("finding_id")
    return tokens.set_column(place, "finding_id", pa.array(ids, pa.string()))


__all__ = ["BY_HAND", "WHO", "keyed_ids", "nameless_decisions", "nameless_findings", "nameless_tokens"]
