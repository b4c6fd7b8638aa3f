"""The re-check's own findings, in the columns of contract 6, so that they can be worked through like a county's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import pandas as pd

from auditlib.base.language import Text
from auditlib.city.causes import EXCUSED
from auditlib.city.changes import delivered_anew
from auditlib.city.closures import FALSE, UNSEEN
from auditlib.city.condition_points import condition_points
from auditlib.city.counties import County
from auditlib.city.earlier import CAUSES, OTHER_EARLIER
from auditlib.city.finding_rows import LONGEST, ZERO, Writer, person_of
from auditlib.city.whose_rows import whose_changes
from auditlib.rules import RULES
from auditlib.rules.city_words import WORDS
from auditlib.tables.delivered import TABLES
from auditlib.tables.findings import FINDING

MOST_SINGLE = 500  # changed rows of one table and kind; more are one finding with all their addresses
WHO = {"rule", "name", "id_number"}
SIDES = (("county_code", "records"), ("other_county", "other_records"))
UNEXPLAINED_RULES = {
    "only_county": "recheck.not_reproduced", "other_amount": "recheck.not_reproduced", "other_fields": "recheck.not_reproduced",
    "only_city": "recheck.not_reported",
}  # fmt: skip
EXCUSING = ["county_code", *EXCUSED]


def recheck_findings(
    counties: list[County],
    *,
    term: str,
    language: str,
    changes: Mapping[str, pd.DataFrame | None],
    lines: pd.DataFrame,
    closed: pd.DataFrame,
    crossings: pd.DataFrame,
    cleared: pd.DataFrame | None = None,
    general: Mapping[str, Mapping[str, list[str]]] | None = None,
    miscounted_figures: Mapping[str, list[str]] | None = None,
    excused: pd.DataFrame | None = None,
    passed_over: Mapping[str, int] | None = None,
    untold: Mapping[str, list[str]] | None = None,
) -> pd.DataFrame:
    """Every ``recheck.*`` finding, sorted by rule, at stake, id."""
    write = Writer(term, language, {county.code: county.name for county in counties})
    rows = [
        *_invalid(write, counties, miscounted_figures, untold or {}),
        *condition_points(write, counties, general or {}, passed_over or {}),
        *_of_changes(
            write, changes, counties, pd.DataFrame(columns=EXCUSING) if excused is None else excused
        ),
        *_of_unexplained(write, lines),
        *_out_of_reach(write, lines),
        *_falsely_closed(write, closed),
        *_not_evidenced(write, closed),
        *([] if cleared is None else _doubtful(write, cleared)),
        *_crossing(write, crossings),
    ]
    return _sorted_rows(rows)


def crossing_findings(
    crossings: pd.DataFrame, *, term: str, language: str, names: Mapping[str, str]
) -> pd.DataFrame:
    """The findings of persons in two counties alone; ``names``: the counties' by their codes."""
    return _sorted_rows(_crossing(Writer(term, language, names), crossings))


def _sorted_rows(rows: Iterable[dict[str, Any]]) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=list(FINDING), dtype=object)
    frame = frame.where(frame.notna(), None)
    order = frame.assign(yuan=frame["at_stake"].astype(float))
    return order.sort_values(["rule", "yuan", "finding_id"], ascending=[True, False, True], ignore_index=True).drop(columns="yuan")  # fmt: skip


def _invalid(
    write: Writer,
    counties: list[County],
    miscounted_figures: Mapping[str, list[str]] | None,
    untold: Mapping[str, list[str]],
) -> Iterable[dict[str, Any]]:
    """``untold``: rows of a county's register whose pupils its tokens do not tell."""
    for county in counties:
        rows, package, submission = untold.get(county.code, []), county.package, county.submission
        places = sorted(
            {*package.contradictions, *(miscounted_figures or {}).get(county.code, [])} if package else ()
        )
        doubt = submission.doubt if package and submission else ""
        if package is None:
            reason = submission.refused if submission else "not_submitted"
            why = (submission.reason if submission else None) or WORDS["not_submitted"]
            yield _invalid_row(write, county, reason, why)
        if places:
            why = WORDS["contradictory"].fill(places=", ".join(places)[:LONGEST])
            yield _invalid_row(write, county, "contradictory", why)
        if doubt:
            yield _invalid_row(write, county, doubt, WORDS[doubt].fill(code=county.code), subject=doubt)
        if rows:
            why = WORDS["tokens_amiss"].fill(n=len(rows))
            yield _invalid_row(write, county, "contradictory", why, rows, subject="tokens")


def _invalid_row(
    write: Writer, county: County, reason: str, why: Text, records: Sequence[str] = (), subject: str = ""
) -> dict[str, Any]:
    words = {"county": county.name, "why": why}
    identity = "|".join(filter(None, (county.code, subject)))
    return write.row("recheck.package_invalid", county.code, identity, reason, words, records=list(records))


def _of_changes(
    write: Writer, changes: Mapping[str, pd.DataFrame | None], counties: list[County], excused: pd.DataFrame
) -> Iterable[dict[str, Any]]:
    """A finding a row where few of a table changed; one for all of them where it was delivered anew. Each names the findings
    that the county did not report and that nothing but this row excuses."""
    sides = {c.code: (c.package.fingerprints, c.fingerprints) for c in counties if c.package and c.fingerprints is not None}  # fmt: skip
    by_code = {county.code: county for county in counties}
    for county, rows in changes.items():
        if rows is None:
            continue
        anew = delivered_anew(rows, *sides[county]) if county in sides else set()
        single = rows[~rows["table"].isin(anew)]
        persons = whose_changes(by_code[county], single) if county in sides else {}
        for (table, change), part in rows.groupby(["table", "change"], sort=True):
            places = part["source"].fillna(part["before"]).astype(str).sort_values()
            in_one = len(places) > MOST_SINGLE or table in anew
            together = (
                [(list(places), {})]
                if in_one
                else [([place], persons.get(at, {})) for at, place in places.items()]
            )
            hanging = excused[
                (excused["county_code"] == county)
                & (excused["table"] == table)
                & (excused["change"] == change)
            ]
            for sources, person in together:
                theirs = hanging[hanging["place"].isin(sources)]
                how = _hanging(change, theirs)
                if table in anew:
                    how = _with_more_columns(how, table, by_code[county])
                words = {"table": TABLES[table].title, "change": how, "n": len(sources)}
                subject = f"{table}|{change}|{sources[0] if len(sources) == 1 else '*'}"
                records = [f"{table}:{source}" for source in sources]
                records += sorted(set(theirs["records"].explode().dropna()) - set(records))
                cells = {"records": records, **_whose(theirs, person)}
                yield write.row("recheck.data_changed", county, subject, change, words, **cells)


def _hanging(change: str, excused: pd.DataFrame) -> Text:
    """What was done to a row, and how much of what the county did not report it alone excuses."""
    if excused.empty:
        return WORDS[change]
    omissions = WORDS["excuses"].fill(n=len(excused), yuan=sum(excused["at_stake"].map(Decimal), ZERO))
    return Text(f"{WORDS[change].zh}；{omissions.zh}", f"{WORDS[change].en}; {omissions.en}")


def _with_more_columns(how: Text, table: str, county: County) -> Text:
    """Of a table that is all other: the columns that the county's file had and the city's has not, for which no row can be the same."""
    theirs = (county.package.columns if county.package else None) or {}
    more = sorted(set(theirs.get(table, ())) - set(county.manifest.get("columns", {}).get(table, ())))
    if not more:
        return how
    titles = [TABLES[table].by_name[name].title for name in more]
    listed_titles = Text("、".join(text.zh for text in titles), ", ".join(text.en for text in titles))
    return WORDS["more_columns"].fill(change=how, columns=listed_titles)


def _whose(excused: pd.DataFrame, person: Mapping[str, Any]) -> dict[str, Any]:
    """The yuan of the findings that hang on a row, and their person where it is one; else the ``person`` of the row."""
    if excused.empty:
        return dict(person)
    yuan = sum(excused["at_stake"].map(Decimal), ZERO)
    return {"at_stake": yuan, **(person_of(excused) or person)}


def _of_unexplained(write: Writer, lines: pd.DataFrame) -> Iterable[dict[str, Any]]:
    open_lines = lines[(lines["cause"] == "unexplained") & lines["outcome"].isin(UNEXPLAINED_RULES)]
    for line in open_lines.to_dict("records"):
        yield write.row(
            UNEXPLAINED_RULES[line["outcome"]], line["county_code"], line["finding_id"], line["rule"],
            {"rule": _title(line["rule"]), "how": _how(line)}, at_stake=_untold(line),
            school_name=line["school_name"], name=line["name"], id_number=line["id_number"], records=list(line["records"]),
        )  # fmt: skip


def _untold(line: Mapping[str, Any]) -> Decimal:
    """The yuan by which the two sides differ; of a finding that the county tells of somebody else all of it, as it was not reported
    of the one whom the city finds."""
    county, city = (Decimal(str(line[side] or 0)) for side in ("self_check", "re_check"))
    return city if WHO & set(str(line["differs"]).split(", ")) else abs(county - city)


def _out_of_reach(write: Writer, lines: pd.DataFrame) -> Iterable[dict[str, Any]]:
    """What rests on a run of the term before that the city lacks, or of which it has another register: a child that the county
    does not list is one finding; what the county lists is one a rule."""
    if lines.empty:  # no county could be re-performed
        return
    open_lines = lines[lines["cause"].isin(CAUSES)]
    for line in open_lines[open_lines["outcome"] == "only_city"].to_dict("records"):
        reason = "other_register" if line["cause"] == OTHER_EARLIER else "perhaps_finished"
        words = {"rule": _title(line["rule"]), "how": WORDS[reason]}
        yield write.row(
            "recheck.not_reperformed", line["county_code"], line["finding_id"], reason, words,
            at_stake=Decimal(str(line["re_check"] or 0)), records=list(line["records"]),
            **{name: line[name] for name in ("school_name", "name", "id_number")},
        )  # fmt: skip
    listed_lines = open_lines[open_lines["outcome"] == "only_county"]
    for (county, rule, cause), part in listed_lines.groupby(["county_code", "rule", "cause"], sort=True):
        reason = "by_other_register" if cause == OTHER_EARLIER else "county_alone"
        words = {"rule": _title(rule), "how": WORDS[reason].fill(n=len(part))}
        yield write.row("recheck.not_reperformed", county, rule, reason, words, records=_cited_records(part))


def _cited_records(part: pd.DataFrame) -> list[str]:
    return sorted(set(part["records"].explode().dropna()))


def _how(line: Mapping[str, Any]) -> Text:
    """What the re-performance says otherwise: nothing of the finding at all, or some of its fields."""
    if not line["differs"]:
        return WORDS["not_found_again"]
    fields = [WORDS[f"field_{name}"] for name in str(line["differs"]).split(", ")]
    field_names = Text("、".join(f.zh for f in fields), ", ".join(f.en for f in fields))
    return WORDS["found_otherwise"].fill(fields=field_names)


def _falsely_closed(write: Writer, closed: pd.DataFrame) -> Iterable[dict[str, Any]]:
    """At stake: what had to move and did not; what no money corrects stands as the finding has it."""
    columns = ("school_name", "town", "name", "id_number", "student_no", "scheme")
    for line in closed[closed["outcome"].isin(FALSE)].to_dict("records"):
        needed_yuan, moved_yuan = line["needed"] or ZERO, max(line["moved"] or ZERO, ZERO)
        lacking = needed_yuan if line["outcome"] == "rewritten" else max(needed_yuan - moved_yuan, ZERO)
        by_money = line["outcome"] == "still_found" and lacking > 0
        words = {
            "status": WORDS[line["status"]],
            "rule": _title(line["rule"]),
            "how": WORDS["still_lacking" if by_money else line["outcome"]].fill(
                needed=needed_yuan, moved=moved_yuan, rest=lacking, day=str(line["decided_at"])[:10]
            ),
        }
        cells = {name: line[name] for name in columns} | {
            "records": list(line["records"]),
            "at_stake": _open_yuan(line, lacking),
        }
        yield write.row(
            "recheck.false_closure", line["county_code"], line["finding_id"], line["outcome"], words, **cells
        )


def _open_yuan(line: Mapping[str, Any], lacking: Decimal) -> Decimal:
    """What is still open of a closure: of money, what is ``lacking``; of what no money corrects, all of the finding."""
    return Decimal(str(line["at_stake"] or 0)) if line["needed"] is None else lacking


def _not_evidenced(write: Writer, closed: pd.DataFrame) -> Iterable[dict[str, Any]]:
    """Closures dated after the city's copy was made: it cannot show them, and the receipt can."""
    columns = ("school_name", "town", "name", "id_number", "student_no", "scheme")
    for line in closed[closed["outcome"] == UNSEEN].to_dict("records"):
        words = {
            "status": WORDS[line["status"]],
            "rule": _title(line["rule"]),
            "day": line["decided_at"][:10],
        }
        cells = {name: line[name] for name in columns} | {"records": list(line["records"])}
        lacking = max((line["needed"] or ZERO) - max(line["moved"] or ZERO, ZERO), ZERO)
        cells["at_stake"] = _open_yuan(line, lacking)
        yield write.row(
            "recheck.closure_not_evidenced", line["county_code"], line["finding_id"], UNSEEN, words, **cells
        )


def _doubtful(write: Writer, cleared: pd.DataFrame) -> Iterable[dict[str, Any]]:
    for line in cleared.to_dict("records"):
        words = {"rule": _title(line["rule"]), "how": WORDS[line["reason"]].fill(n=line["findings"])}
        cells = {name: line[name] for name in ("at_stake", "school_name", "name", "id_number")}
        yield write.row(
            "recheck.doubtful_clearing", line["county_code"], line["subject"], line["reason"], words,
            records=list(line["records"]), **cells,
        )  # fmt: skip


def _crossing(write: Writer, crossings: pd.DataFrame) -> Iterable[dict[str, Any]]:
    for line in crossings.to_dict("records"):
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
