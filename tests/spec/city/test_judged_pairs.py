"""What people of a county judged of pairs of records is tried out on the city's copy, and what it hides is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from plain_county import PARAMETERS
from tiny_county import Rows, changed, deliver, tables

from auditlib.city.conditions import Terms, _by_people
from auditlib.city.hidden import _hidden_rows, audited_under
from auditlib.county import self_check
from auditlib.findings.apply import findings
from auditlib.law.parameters import SelfCheck
from auditlib.linkage.judgements import DIFFERENT, SAME, Judgement
from auditlib.package import keys
from auditlib.package.judged_pairs import MEMBER, judgements_on, keyed_judgements


def test_a_judgement_names_its_pair_only_to_who_has_the_key() -> None:
    ours, theirs = keys.FingerprintKey(b"k" * 32), keys.FingerprintKey(b"x" * 32)
    keyed_pairs = keyed_judgements([Judgement("pair-1", SAME), Judgement("pair-2", DIFFERENT)], ours)[MEMBER]
    assert not {"pair-1", "pair-2"} & set(keyed_pairs)
    assert judgements_on(["pair-1", "pair-9"], keyed_pairs, ours) == [Judgement("pair-1", SAME)]
    assert judgements_on(["pair-1"], keyed_pairs, theirs) == []
    assert keyed_judgements([], ours) == {}


def nearly(rows: Rows) -> Rows:
    """The first payment without a number, the name nearly the pupil's: a pair for a person to judge."""
    rows[0] |= {"name": rows[0]["name"][:2] + "某", "id_number": "", "account_no": ""}
    return rows


def delivery(folder: Path, **other: Any) -> SelfCheck:
    strict = {"link_accept": 0.99999, "link_review": 0.1}
    limits = PARAMETERS["thresholds"] | strict
    return deliver(folder, changed(tables(), "payments", nearly), thresholds=limits, **other)


def test_what_a_judgement_hides_is_found_without_it_and_not_under_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A payment that a clerk judged to be a pupil's: under the clerk's word the pupil is not unpaid, and no stranger was paid."""
    monkeypatch.setenv("AUDITLIB_KEYS", str(tmp_path / "keys"))
    key = keys.county_keys("990111").fingerprint
    run = self_check.begin(delivery(tmp_path / "county"))
    audit = self_check.link(run, self_check.ingest(run))
    (pair,) = run.engine.fetch(audit.open_pairs.filter(audit.open_pairs.review))["pair"]
    city = run.engine.fetch(findings(run.engine, audit, self_check.check(run, audit)))
    (condition,) = _by_people(keyed_judgements([Judgement(pair, SAME)], key)[MEMBER])
    terms = condition.taken_over(Terms(run.parameters, run.policy))
    hidden = _hidden_rows(city, [condition], [audited_under(terms).findings], city).iloc[0]
    assert (hidden["name"], hidden["county"], hidden["city"]) == (MEMBER, "1", "0")
    hidden_rows = city[city["finding_id"].isin(hidden["findings"])]
    assert (
        sorted(hidden_rows["rule"]) == ["mismatch.not_enrolled", "missed.unpaid"] and hidden["yuan"] == 1000
    )
    assert list(_by_people({})) == []
