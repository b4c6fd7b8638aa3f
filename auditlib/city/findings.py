"""The re-check's own findings, in the columns of contract 6, so that they can be worked through like a county's."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import pandas as pd

from auditlib.base.language import Text
from auditlib.city.closures import FALSE
from auditlib.city.counties import County
from auditlib.findings.apply import FINDING
from auditlib.rules import RULES
from auditlib.rules.city import RECHECK_RULES, WORDS
from auditlib.tables.delivered import TABLES

ZERO = Decimal(0)
MOST_SINGLE = 500  # changed rows of one table and kind; more are one finding with all their addresses
SIDES = (("county_code", "records"), ("other_county", "other_records"))
UNEXPLAINED = {"only_county": "recheck.not_reproduced", "only_city": "recheck.not_reported"}


def recheck_findings(
    counties: list[County],
    *,
    term: str,
    language: str,
    changes: Mapping[str, pd.DataFrame | None],
    lines: pd.DataFrame,
    closed: pd.DataFrame,
    crossed: pd.DataFrame,
) -> pd.DataFrame:
    """Every ``recheck.*`` finding, sorted by rule, at stake, id."""
    write = _Writer(term, language, {county.code: county.name for county in counties})
    rows = [
        *_invalid(write, counties),
        *_changed(write, changes),
        *_unexplained(write, lines),
        *_falsely_closed(write, closed),
        *_crossing(write, crossed),
    ]
    frame = pd.DataFrame(rows, columns=list(FINDING), dtype=object)
    frame = frame.where(frame.notna(), None)
    order = frame.assign(yuan=frame["at_stake"].astype(float))
    return order.sort_values(["rule", "yuan", "finding_id"], ascending=[True, False, True], ignore_index=True).drop(columns="yuan")  # fmt: skip


class _Writer:
    """Makes rows of findings; knows term, language and the counties' names."""

    def __init__(self, term: str, language: str, names: Mapping[str, str]):
        self.term, self.language, self.names = term, language, names

    def row(
        self, rule: str, county: str, subject: str, reason: str, words: Mapping[str, Any], **cells: Any
    ) -> dict[str, Any]:
        declared = RECHECK_RULES[rule]
        identity = f"{rule}|{county}|{self.term}|{subject}"
        empty: dict[str, Any] = dict.fromkeys(FINDING)
        return empty | {
            "finding_id": hashlib.sha256(identity.encode()).hexdigest()[:20],
            "rule": rule,
            "family": "recheck",
            "severity": declared.severity,
            "term": self.term,
            "county_code": county,
            "at_stake": ZERO,
            "confidence": 1.0,
            "reason": reason,
            "message": declared.message.fill(**words).into(self.language),
            "records": [],
            **cells,
        }


def _invalid(write: _Writer, counties: list[County]) -> Iterable[dict[str, Any]]:
    for county in counties:
        if county.package is None:
            reason = county.submission.refused if county.submission else "not_submitted"
            why = (county.submission.reason if county.submission else None) or WORDS["not_submitted"]
            words = {"county": county.name, "why": why}
            yield write.row("recheck.package_invalid", county.code, county.code, reason, words)


def _changed(write: _Writer, changes: Mapping[str, pd.DataFrame | None]) -> Iterable[dict[str, Any]]:
    """A finding a row where few of a table changed; one for all of them where it was delivered anew."""
    for county, rows in changes.items():
        for (table, change), part in rows.groupby(["table", "change"], sort=True) if rows is not None else ():
            places = part["source"].fillna(part["before"]).astype(str).sort_values()
            together = [list(places)] if len(places) > MOST_SINGLE else [[place] for place in places]
            for sources in together:
                words = {"table": TABLES[table].title, "change": WORDS[change], "n": len(sources)}
                subject = f"{table}|{change}|{sources[0] if len(sources) == 1 else '*'}"
                records = [f"{table}:{source}" for source in sources]
                yield write.row("recheck.data_changed", county, subject, change, words, records=records)


def _unexplained(write: _Writer, lines: pd.DataFrame) -> Iterable[dict[str, Any]]:
    open_lines = lines[(lines["cause"] == "unexplained") & lines["outcome"].isin(UNEXPLAINED)]
    for line in open_lines.to_dict("records"):
        amount = line["self_check"] if line["outcome"] == "only_county" else line["re_check"]
        yield write.row(
            UNEXPLAINED[line["outcome"]], line["county_code"], line["finding_id"], line["rule"],
            {"rule": _title(line["rule"])}, at_stake=Decimal(str(amount or 0)), school_name=line["school_name"],
            name=line["name"], id_number=line["id_number"], records=list(line["records"]),
        )  # fmt: skip


def _falsely_closed(write: _Writer, closed: pd.DataFrame) -> Iterable[dict[str, Any]]:
    """At stake: what had to move and did not; where no money is told, nothing."""
    kept = ("school_name", "town", "name", "id_number", "student_no", "scheme")
    for line in closed[closed["outcome"].isin(FALSE)].to_dict("records"):
        needed, moved = line["needed"] or ZERO, max(line["moved"] or ZERO, ZERO)
        lacking = needed if line["outcome"] == "rewritten" else max(needed - moved, ZERO)
        words = {
            "status": WORDS[line["status"]],
            "rule": _title(line["rule"]),
            "how": WORDS[line["outcome"]].fill(needed=needed, moved=moved),
        }
        cells = {name: line[name] for name in kept} | {"records": list(line["records"]), "at_stake": lacking}
        yield write.row(
            "recheck.false_closure", line["county_code"], line["finding_id"], line["outcome"], words, **cells
        )


def _crossing(write: _Writer, crossed: pd.DataFrame) -> Iterable[dict[str, Any]]:
    for line in crossed.to_dict("records"):
        words = {
            "others": write.names.get(line["other_county"], line["other_county"]),
            "reason": WORDS["by_tokens"].fill(reason=WORDS[line["reason"]])
            if line.get("by") == "tokens"
            else WORDS[line["reason"]],
        }
        subject = "|".join(str(line[key] or "") for key in ("reason", "person_id", "other_county", "scheme"))
        smaller = min(Decimal(str(line["amount"] or 0)), Decimal(str(line["other_amount"] or 0)))
        yield write.row(
            "recheck.cross_county_duplicate", line["county_code"], subject, line["reason"], words, at_stake=smaller,
            name=line["name"], id_number=line["id_number"], scheme=line["scheme"], confidence=float(line["confidence"]),
            records=[f"{line[code]}/{record}" for code, column in SIDES for record in line[column]],
        )  # fmt: skip


def _title(rule: str) -> Text:
    return RULES[rule].title if rule in RULES else Text(rule, rule)
