"""Which finding stands on which sheet, and what a sheet may be called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

import pandas as pd

from auditlib.findings.in_trouble import is_missed
from auditlib.forms.worklist.columns import OTHER
from auditlib.rules.city import RECHECK_RULES
from auditlib.rules.registry import RULES
from auditlib.tables.wording import word

LONGEST_NAME = 31
FORBIDDEN_SIGNS = dict.fromkeys(map(ord, "[]:*?/\\"), "_")
BASIC_PLANE = 0xFFFF
PLACE = ("town", "school_name")
OF_ONE_COUNTY = (*PLACE, "classes")
WHO = ("name", "id_number", *OF_ONE_COUNTY)
CROSSING = "recheck.cross_county_duplicate"


def listed_rows(
    findings: pd.DataFrame,
    language: str,
    schemes: Mapping[str, str],
    counties: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """``findings`` in words and in the order in which they are worked through; ``counties``: of a list of several."""
    titles = {name: rule.title.into(language) for name, rule in RULES.items()}
    titles |= {name: rule.title.into(language) for name, rule in RECHECK_RULES.items()}
    comma = "、" if language == "zh" else ", "
    worded_rows = findings.assign(
        rule_title=findings["rule"].map(lambda rule: titles.get(rule, rule)),
        so_far=findings["disposition"].map(lambda code: word(code, language), na_action="ignore"),
        severity=findings["severity"].map(lambda code: word(code, language)),
        scheme_title=findings["scheme"].map(lambda scheme: schemes.get(scheme, scheme), na_action="ignore"),
        family_title=findings["family"].map(lambda family: word(f"family.{family}", language)),
        later=~findings["rule"].map(is_missed).astype(bool),
        yuan=findings["at_stake"].astype(float).fillna(0),
        **_apart(findings, counties or {}, comma),
    )
    # The rows before the finding_id: the order of such hashes tells of the numbers that they are made of.
    order = ["later", "yuan", "sources", "rule_title", "finding_id"]
    return worded_rows.sort_values(order, ascending=[True, False, True, True, True], kind="stable")


def sources(records: Iterable[str], counties: Mapping[str, str], own: str = "") -> str:
    """The addresses that a finding rests on, a line each; ``counties``: code to name, where it may be of several, and ``own`` the
    code of the county whose rows do not say whose they are."""
    return "\n".join(_source(str(record), counties, own) for record in records)


def _source(record: str, counties: Mapping[str, str], own: str) -> str:
    """An address without the table's name, and whose it is, where the list is of several counties."""
    where, _, address = record.partition(":")
    county = where.rpartition("/")[0] or own
    return f"{counties.get(county, county)} {address or record}" if county else address or record


def _apart(findings: pd.DataFrame, counties: Mapping[str, str], comma: str) -> dict[str, Any]:
    """The sources; of several counties their names too, and whose each source is."""
    if not counties:
        return {"sources": findings["records"].map(partial(sources, counties={}))}
    codes = _counties_of(findings, counties)
    rows = zip(findings["records"], findings["county_code"], strict=True)
    return {
        "county_title": [comma.join(counties.get(code, str(code)) for code in each) for each in codes],
        "sources": [sources(records, counties, str(own)) for records, own in rows],
    }


def _counties_of(findings: pd.DataFrame, counties: Mapping[str, str]) -> pd.Series:
    """Lists of codes: the finding's own county, then those whose rows it rests on besides."""
    codes = [
        dict.fromkeys(
            [
                code,
                *(
                    str(record).partition("/")[0]
                    for record in records
                    if _is_of_county(str(record), counties)
                ),
            ]
        )
        for code, records in zip(findings["county_code"], findings["records"], strict=True)
    ]
    return pd.Series([list(each) for each in codes], index=findings.index, dtype=object)


def _is_of_county(record: str, counties: Mapping[str, str]) -> bool:
    return record.partition("/")[0] in counties


def groups(
    findings: pd.DataFrame,
    language: str,
    counties: Mapping[str, str] | None = None,
    places: pd.DataFrame | None = None,
    elsewhere: pd.DataFrame | None = None,
) -> list[tuple[str, pd.DataFrame]]:
    """A sheet a town, then one a school of no known town, then one for all the rest; of several counties by county first, in
    their order, and a finding of two of them in the sheets of both, worded and with the person as each has it.

    ``places``: where a person is at home in each county (``county_code, id_number, town, school_name``), for findings that do
    not say; ``elsewhere``: whose a row of another county is (``county_code, record, name, id_number, town, school_name, classes``).
    """
    if counties:
        in_each = _in_each_county(findings, language, counties, elsewhere)
        if places is not None:
            in_each = with_places(in_each, in_each["_county"], places)
        codes = set(in_each["_county"])
        return [
            (f"{counties.get(code, code)} {name}", rows)
            for code in [*(c for c in counties if c in codes), *sorted(codes - set(counties))]
            for name, rows in groups(in_each[in_each["_county"] == code].drop(columns="_county"), language)
        ]
    town, school = (findings[column].fillna("").astype(str).str.strip() for column in ("town", "school_name"))
    kind = pd.Series(2, index=findings.index).mask(school != "", 1).mask(town != "", 0)
    name = town.where(town != "", school).where(kind < 2, OTHER.into(language))
    return [(str(key[1]), rows) for key, rows in findings.groupby([kind, name], sort=True)]


def _in_each_county(
    findings: pd.DataFrame, language: str, counties: Mapping[str, str], elsewhere: pd.DataFrame | None
) -> pd.DataFrame:
    """A row a finding and county (``_county``): on the list of another county than its own, what is told from there."""
    in_each = findings.assign(_county=_counties_of(findings, counties)).explode("_county", ignore_index=True)
    is_elsewhere = in_each["_county"] != in_each["county_code"]
    places = [name for name in OF_ONE_COUNTY if name in in_each]
    there = in_each.assign(**{name: in_each[name].mask(is_elsewhere) for name in places})
    is_pair = is_elsewhere & (in_each["rule"] == CROSSING)
    there.loc[is_pair, "message"] = [
        _from_there(row, language, counties) for row in in_each[is_pair].to_dict("records")
    ]
    if elsewhere is None:
        return there
    rows = in_each[["_county", "records"]].explode("records").rename_axis("row").reset_index()
    persons = rows.merge(elsewhere, left_on=["_county", "records"], right_on=["county_code", "record"])
    persons = persons.drop_duplicates("row").set_index("row").reindex(in_each.index)
    is_person = is_elsewhere & persons["record"].notna()
    return there.assign(**{name: there[name].mask(is_person, persons[name]) for name in WHO if name in there})


def _from_there(pair: Mapping[str, Any], language: str, counties: Mapping[str, str]) -> str:
    """The sentence of a person in two counties as the other of them reads it: it names the county that the finding is of."""
    heads = [
        RECHECK_RULES[CROSSING].message.fill(others=counties.get(code, code), reason="").into(language)
        for code in (pair["_county"], pair["county_code"])
    ]
    message = str(pair["message"])
    return heads[1] + message.removeprefix(heads[0]) if message.startswith(heads[0]) else message


def with_places(findings: pd.DataFrame, county_codes: pd.Series, places: pd.DataFrame) -> pd.DataFrame:
    """``findings`` with town and school of the person in the county of ``county_codes`` where they tell neither, and with the
    town of the school where they tell that alone.

    ``places``: ``county_code, id_number, town, school_name``, a row a person of a county.
    """
    of_persons, of_schools = ["county_code", "id_number"], ["county_code", "school_name"]
    keys = findings[["id_number", "school_name"]].assign(county_code=county_codes)
    persons = places.dropna(subset="id_number")[[*of_persons, *PLACE]]
    homes = keys[of_persons].merge(persons, how="left", validate="many_to_one").set_axis(findings.index)
    is_bare = findings[[*PLACE]].isna().all(axis=1)
    findings_at_home = findings.assign(**{name: findings[name].mask(is_bare, homes[name]) for name in PLACE})
    towns = places.dropna(subset=[*PLACE]).groupby(of_schools, as_index=False)["town"].agg(_the_only)
    schools = keys.assign(school_name=findings_at_home["school_name"])[of_schools]
    town = schools.merge(towns, how="left", validate="many_to_one").set_axis(findings.index)["town"]
    return findings_at_home.assign(town=findings_at_home["town"].mask(findings_at_home["town"].isna(), town))


def _the_only(values: pd.Series) -> str | None:
    return str(values.iloc[0]) if values.nunique() == 1 else None


class Names:
    """Sheet names that Excel takes: no forbidden character, at most 31 long, none twice."""

    def __init__(self, *reserved_name: str) -> None:
        self._taken = {name.casefold() for name in (*reserved_name, "History")}

    def free(self, title: str) -> str:
        clean = (
            "".join(c for c in title.translate(FORBIDDEN_SIGNS) if c.isprintable()).strip().strip("'") or "_"
        )
        number, name = 1, shorten(clean, LONGEST_NAME)
        while name.casefold() in self._taken:
            number += 1
            name = shorten(clean, LONGEST_NAME - len(f"({number})")) + f"({number})"
        self._taken.add(name.casefold())
        return name


def shorten(text: str, longest: int) -> str:
    """``text`` cut to ``longest`` UTF-16 units, which is how Excel counts: a rare character counts two."""
    beginning, units = "", 0
    for character in text:
        units += 1 + (ord(character) > BASIC_PLANE)
        if units > longest:
            break
        beginning += character
    return beginning.strip("'")
