"""What the county had otherwise than the city when it audited itself: parameters, standards, registers, columns.

The county's word only says what to try: :mod:`auditlib.city.hidden` does the audit again under it.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from auditlib.base.declared_fields import plain
from auditlib.base.masking import scrub_all
from auditlib.city.county_policy import differing_schemes, with_scheme
from auditlib.city.file_constants import (
    StatedValues,
    constants_of,
    counterparts,
    in_words,
    says,
    with_constants,
)
from auditlib.law.parameters import THRESHOLDS, SelfCheck
from auditlib.law.policy import Policy
from auditlib.package import Package
from auditlib.package.judged_pairs import MEMBER
from auditlib.package.manifest_shape import parameters_of
from auditlib.rules import RULES
from auditlib.tables.delivered import TABLES
from auditlib.tables.vocabulary import vocabulary

NONE = "—"
CHOICES = (
    "as_of",
    "leave_out",
    "ages",
    "enrolment_covers",
    "answers_for",
    "values",
    "not_needed",
)  # parameters that may hide a finding
READING = ("columns", "values")  # those under which the cells of a row are read otherwise


@dataclass(frozen=True)
class Terms:
    """Under what an audit is done; ``missing``: columns, by table, that are taken not to be there; ``judgements``: keyed pairs of
    records with what the county's people decided of them."""

    parameters: SelfCheck
    policy: Policy
    missing: Mapping[str, frozenset[str]] = field(default_factory=dict)
    judgements: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Condition:
    """One thing that the county had otherwise: its name, both values as text, and how to take it over; ``reads``: are cells of
    rows read otherwise under it?"""

    name: str
    county: str
    city: str
    taken_over: Callable[[Terms], Terms]
    reads: bool = False


def conditions(
    package: Package, own: Terms, law: Policy, manifest: Mapping[str, Any], rows: pd.DataFrame | None = None
) -> Iterator[Condition]:
    """What the county had otherwise; ``law``: its policy; ``rows``: the fingerprints of the city's copy, by which a file of its
    own is known under another name."""
    theirs = parameters_of(package.manifest)
    yield from _choices(theirs, own.parameters)
    if has_earlier_run(manifest) and not has_earlier_run(package.manifest):
        yield Condition("previous", NONE, _earlier_runs(own.parameters), _without_earlier_run)
    yield from _thresholds(theirs, own.parameters)
    yield from _registers(package, manifest)
    yield from _columns(package, manifest)
    yield from _of_whole_files(package, theirs, own, manifest, rows)
    yield from _by_people(package.manifest.get(MEMBER, {}))
    for scheme, county, city in differing_schemes(law, own.policy):
        yield Condition(f"policy.{scheme}", county, city, _with_scheme(scheme, law))


def left_out(package: Package, manifest: Mapping[str, Any]) -> tuple[str, ...]:
    """Registers of which the city has rows and the county's package not one: it audited itself without them."""
    city_tables = {entry["table"] for entry in manifest["inputs"] if entry["used"]}
    return tuple(sorted(city_tables - set(package.fingerprints["table"])))


def rules_of_the_term_before() -> tuple[str, ...]:
    """The rules that rest on the run of the term before."""
    return tuple(rule.id for rule in RULES.values() if rule.earlier)


def has_earlier_run(manifest: Mapping[str, Any]) -> bool:
    """Did this run rest on one of the term before? A rule that needs one tells; where none was put, the parameter."""
    rule_counts = manifest.get("rules", {})
    reasons = [
        rule_counts[rule].get("not_run_reason") for rule in rules_of_the_term_before() if rule in rule_counts
    ]
    if "no_earlier_run" in reasons:
        return False
    return bool(manifest["parameters"].get("previous"))


def _earlier_runs(own: SelfCheck) -> str:
    return ", ".join(folder.name for folder in own.previous)


def _without_earlier_run(terms: Terms) -> Terms:
    return replace(terms, parameters=replace(terms.parameters, previous=[]))


def _choices(theirs: SelfCheck, own: SelfCheck) -> Iterator[Condition]:
    def theirs_of(name: str) -> Callable[[Terms], Terms]:
        value = getattr(theirs, name)
        return lambda terms: replace(terms, parameters=replace(terms.parameters, **{name: value}))

    if theirs.count_date != own.count_date:
        yield Condition("count_date", str(theirs.count_date), str(own.count_date), theirs_of("count_date"))
    for name in CHOICES:
        values = [_in_any_order(getattr(p, name)) for p in (theirs, own)]
        if values[0] != values[1] and _masked(values[0]) != _masked(values[1]):
            county, city = map(_as_text, values)
            yield Condition(name, county, city, theirs_of(name), reads=name in READING)
    headers = _laid_over(theirs, own)
    if headers != own.columns:
        taken_over = _with_headers(headers)
        yield Condition("columns", _mapped_columns(theirs), _mapped_columns(own), taken_over, reads=True)


def _laid_over(theirs: SelfCheck, own: SelfCheck) -> dict[str, dict[str, str | None]]:
    """What headers stand for: by the county's word, else by the city's, whose files may have headers that the county's had not."""
    tables = [*own.columns, *(table for table in theirs.columns if table not in own.columns)]
    return {table: {**own.columns.get(table, {}), **theirs.columns.get(table, {})} for table in tables}


def _with_headers(headers: Mapping[str, Mapping[str, str | None]]) -> Callable[[Terms], Terms]:
    return lambda terms: replace(terms, parameters=replace(terms.parameters, columns=headers))


def _in_any_order(choice: Any) -> Any:
    """Words of a list sorted, each once: in what order they were written says nothing."""
    is_words = isinstance(choice, list) and all(isinstance(word, str) for word in choice)
    return sorted(set(choice)) if is_words else choice


def _as_text(choice: Any) -> str:
    if choice is None or isinstance(choice, dt.date):
        return str(choice or NONE)
    return json.dumps(_masked(choice), ensure_ascii=False, sort_keys=True)


def _masked(choice: Any) -> Any:
    """As a manifest has it: numbers in the names of files are masked."""
    return scrub_all(plain(choice))


def _mapped_columns(parameters: SelfCheck) -> str:
    pairs = (f"{t}.{h}→{c or NONE}" for t, headers in parameters.columns.items() for h, c in headers.items())
    return ", ".join(sorted(pairs)) or NONE


def _thresholds(theirs: SelfCheck, own: SelfCheck) -> Iterator[Condition]:
    for name in THRESHOLDS:
        value, ours = getattr(theirs.thresholds, name), getattr(own.thresholds, name)
        if value != ours:
            yield Condition(f"thresholds.{name}", str(value), str(ours), _threshold(name, value))


def _threshold(name: str, value: Any) -> Callable[[Terms], Terms]:
    def with_theirs(terms: Terms) -> Terms:
        limits = replace(terms.parameters.thresholds, **{name: value})
        return replace(terms, parameters=replace(terms.parameters, thresholds=limits))

    return with_theirs


def _registers(package: Package, manifest: Mapping[str, Any]) -> Iterator[Condition]:
    for table in left_out(package, manifest):
        rows = sum(entry["used"] for entry in manifest["inputs"] if entry["table"] == table)
        yield Condition(f"sources.{table}", "0", str(rows), _without_table(table))


def _without_table(table: str) -> Callable[[Terms], Terms]:
    def lacking(terms: Terms) -> Terms:
        sources = {name: patterns for name, patterns in terms.parameters.sources.items() if name != table}
        return replace(terms, parameters=replace(terms.parameters, sources=sources))

    return lacking


def _columns(package: Package, manifest: Mapping[str, Any]) -> Iterator[Condition]:
    """Columns that the city's files have and the county's, by its own account, had not."""
    county_columns, away = package.columns, left_out(package, manifest)
    for table, columns in manifest.get("columns", {}).items():
        if county_columns is not None and table in TABLES and table not in away:
            lacking = frozenset(columns) - frozenset(county_columns.get(table, ()))
            if lacking:
                yield Condition(
                    f"columns.{table}", NONE, ", ".join(sorted(lacking)), _without_columns(table, lacking)
                )


def _of_whole_files(
    package: Package, theirs: SelfCheck, own: Terms, manifest: Mapping[str, Any], rows: pd.DataFrame | None
) -> Iterator[Condition]:
    """What the county's parameters say of whole files or sheets, whatever the city calls these files, and the city's do not."""
    words = vocabulary(own.policy, own.parameters.values)
    for table, names in counterparts(package, manifest, rows).items():
        county = {file: constants_of(theirs, table, name) if name else {} for file, name in names.items()}
        city = {file: constants_of(own.parameters, table, file) for file in names}
        others = [file for file in names if not says(city[file], county[file])]
        if others:
            value, ours = (in_words(table, [side[file] for file in others], words) for side in (county, city))
            taken_over = _with_constants(table, county)
            yield Condition(f"constants.{table}", value, ours, taken_over, reads=True)


def _with_constants(table: str, by_file: Mapping[str, StatedValues]) -> Callable[[Terms], Terms]:
    return lambda terms: replace(terms, parameters=with_constants(terms.parameters, table, by_file))


def _by_people(judgements: Mapping[str, str]) -> Iterator[Condition]:
    """What people of the county decided of pairs of records: their word, tried out on the city's copy."""
    if judgements:
        yield Condition(
            MEMBER, str(len(judgements)), "0", lambda terms: replace(terms, judgements=judgements)
        )


def _without_columns(table: str, columns: frozenset[str]) -> Callable[[Terms], Terms]:
    return lambda terms: replace(terms, missing={**terms.missing, table: columns})


def _with_scheme(name: str, law: Policy) -> Callable[[Terms], Terms]:
    return lambda terms: replace(terms, policy=with_scheme(terms.policy, name, law.schemes.get(name)))
