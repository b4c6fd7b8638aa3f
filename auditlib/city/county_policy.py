"""The policy that a county says it used, from its package, and where its schemes are not the city's."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from auditlib.base.errors import AuditError
from auditlib.law.amounts import Amount
from auditlib.law.policy import Policy, Scheme, read_policy
from auditlib.package import Package
from auditlib.package.verify import policy_differences

NONE = "—"


def policy_of(package: Package, own: Policy) -> Policy | None:
    """The city's ``own`` policy where the files are the same, else what the package holds of them.

    None where the package does not hold them, or what it holds is no policy.
    """
    policy_files = list(package.manifest["policy"])
    ours = [{"file": f.name, "sha256": hashlib.sha256(f.read_bytes()).hexdigest()} for f in own.files]
    if not policy_differences({"policy": policy_files}, {"policy": ours}):
        return own
    texts = [str(entry["text"]) for entry in policy_files if "text" in entry]
    return _read(texts) if texts and len(texts) == len(policy_files) else None


def _read(texts: list[str]) -> Policy | None:
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"{place}.yaml" for place in range(len(texts))]
        for file, text in zip(files, texts, strict=True):
            file.write_text(text, encoding="utf-8")
        try:
            return read_policy([str(file) for file in files], Path(folder))
        except (AuditError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return None


def differing_schemes(theirs: Policy, own: Policy) -> Iterator[tuple[str, str, str]]:
    """Each scheme that the two have otherwise, with the values of either side alone: the documents that it cites are among them,
    wherever in the file they stand."""
    for scheme in sorted({**theirs.schemes, **own.schemes}):
        county, city = theirs.schemes.get(scheme), own.schemes.get(scheme)
        values, ours = _values(county), _values(city)
        if _substance(county) != _substance(city) or values != ours:
            yield scheme, _beside(values, ours), _beside(ours, values)


def _beside(own: set[str], other: set[str]) -> str:
    """What ``own`` has otherwise; of what the other side only adds, those that ``own`` has in its place."""
    only_added = {_first_word(value) for value in other - own} - {_first_word(value) for value in own - other}
    in_place = {value for value in own if _first_word(value) in only_added}
    return "; ".join(sorted((own - other) | in_place)) or NONE


def _first_word(value: str) -> str:
    return value.partition(" ")[0]


def _substance(scheme: Scheme | None) -> Scheme | None:
    """All but the documents; amounts are equal whatever they cite."""
    return scheme and replace(scheme, references=(), who_by=())


def _values(scheme: Scheme | None) -> set[str]:
    """A scheme's values one by one, an amount as ``primary 2020-09-01 any 500``."""
    if scheme is None:
        return set()
    who = {name: getattr(scheme, name) for name in ("stages", "years", "boarding", "categories", "excludes", "aliases", "mandatory")}  # fmt: skip
    amounts = {
        f"{stage} {since} {category} {_yuan(amount)}"
        for stage, amounts_by_day in scheme.per_term.items()
        for since, values in amounts_by_day.items()
        for category, amount in values.items()
    }
    return amounts | _documents(scheme) | {f"{name} {_plain(value)}" for name, value in who.items()}


def _documents(scheme: Scheme) -> set[str]:
    """Its title, and every document that it cites."""
    amounts = [each for amounts_by_day in scheme.per_term.values() for each in amounts_by_day.values()]
    cited_documents = [
        (amount.by, *amount.references) for values in amounts for amount in values.values() if amount
    ]
    titles = [scheme.title.zh, scheme.title.en, *scheme.who_by, *scheme.references]
    return {text for text in titles + [text for texts in cited_documents for text in texts if text] if text}


def _plain(value: Any) -> str:
    """A value of a scheme in words and commas, as the messages turn them into the reader's language."""
    if isinstance(value, Mapping):
        return ", ".join(f"{since} {_plain(years)}" for since, years in sorted(value.items())) or NONE
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or NONE
    return NONE if value is None else str(value).lower()


def _yuan(amount: Amount | None) -> str:
    parts = (amount.minimum, amount.average, amount.maximum) if amount else ()
    return "/".join(dict.fromkeys(str(part) for part in parts if part is not None)) or NONE


def with_scheme(policy: Policy, name: str, scheme: Scheme | None) -> Policy:
    """``policy`` with one scheme as given (None: without it)."""
    others: dict[str, Any] = {title: terms for title, terms in policy.schemes.items() if title != name}
    schemes = others if scheme is None else {**others, name: scheme}
    consistent = {
        n: replace(s, excludes=tuple(e for e in s.excludes if e in schemes)) for n, s in schemes.items()
    }
    return replace(policy, schemes=consistent)
