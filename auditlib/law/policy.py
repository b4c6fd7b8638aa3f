"""The law as dated, cited tables: which scheme is due to whom, how much, since when.

A policy is one or more files of ``params/policy``; later ones extend and override earlier ones. The value in force
is the newest whose date is not after the term's first day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditlib.base.language import Text
from auditlib.base.places import POLICIES, policies
from auditlib.base.strict_yaml import read_yaml
from auditlib.base.terms import first_day
from auditlib.law.amounts import CATEGORIES, Amount, PerTerm, overlaid, read_per_term
from auditlib.law.entries import MAPPING_ASKED, WORDS_ASKED, check_keys, first_day_of, line, wrong
from auditlib.law.parameter_readers import STAGES
from auditlib.law.references import cited_on

if TYPE_CHECKING:
    import pandas as pd

FILE_KEYS = ("title", "schemes", "by_application")
APPLICATION_KEYS = ("category", "by")
SCHEME_KEYS = ("title", "aliases", "who", "per_term", "references", "excludes", "mandatory")
WHO_KEYS = ("stage", "years", "boarding", "category", "by")
YEARS = tuple(str(year) for year in range(1, 10))


@dataclass(frozen=True)
class Scheme:
    """One kind of aid. Empty ``stages`` or ``categories``: all; ``boarding`` None: either form.

    ``years``: the years of study that it is for, by the day from which it is (1: the first of the stage; none: all).

    ``who_by``: the documents that say who is entitled, where these are not those of the amounts. ``references``: all
    lines of the files' ``references``, cited where an amount names no document and its file has none either.
    """

    id: str
    title: Text
    aliases: tuple[str, ...]
    stages: tuple[str, ...]
    years: Mapping[dt.date, tuple[int, ...]]
    boarding: bool | None
    categories: tuple[str, ...]
    who_by: tuple[str, ...]
    per_term: PerTerm
    references: tuple[str, ...]
    excludes: tuple[str, ...]
    mandatory: bool

    def covers_stages(self) -> tuple[str, ...]:
        return self.stages or STAGES

    def years_on(self, day: dt.date) -> tuple[int, ...]:
        """The years of study that it is for in a term that begins on ``day``; empty: all."""
        return self.years[max(since)] if (since := [date for date in self.years if date <= day]) else ()

    def needs_category(self) -> bool:
        """Does it ask for eligibility: by ``who``, or because every amount is one of a category?"""
        amounts = [each for amounts_by_day in self.per_term.values() for each in amounts_by_day.values()]
        return bool(self.categories) or (bool(amounts) and not any("any" in each for each in amounts))


@dataclass(frozen=True)
class Policy:
    """The schemes by id, and the titles and files they come from, in the order of reading.

    ``by_application``: the categories that a family applies for, the others being found by comparing data; None: no file
    says. ``by_application_by``: the document that it rests on.
    """

    schemes: Mapping[str, Scheme]
    titles: tuple[Text, ...]
    files: tuple[Path, ...] = field(default=())
    by_application: tuple[str, ...] | None = None
    by_application_by: str = ""

    def has_rivals(self) -> bool:
        """Are there schemes that exclude each other and may be due to one pupil?"""
        pairs = ((one, self.schemes[other]) for one in self.schemes.values() for other in one.excludes)
        return any(
            one.boarding is None or other.boarding is None or one.boarding == other.boarding
            for one, other in pairs
            if one.mandatory and other.mandatory
        )


def read_policy(names: Sequence[str], base: Path) -> Policy:
    """The policies ``names`` (files of params/policy, or paths from ``base``), laid over each other in order.

    Raises UsageError naming file and key for anything unknown, missing or of the wrong type.
    """
    files = [_locate(name, base) for name in names]
    merged_policy: dict[str, Any] = {}
    scheme_of_spelling: dict[str, tuple[str, Path]] = {}
    titles = []
    application_entry: dict[str, Any] = {}
    for file in files:
        content = read_yaml(file)
        check_keys(content, FILE_KEYS, file, "")
        titles.append(_title(content.get("title"), file, "title"))
        if "by_application" in content:
            application_entry = _applied_for(content["by_application"], file)
        entries = content.get("schemes") or {}
        if not isinstance(entries, Mapping):
            raise wrong(file, "schemes", *MAPPING_ASKED)
        _check_spellings(entries, file, scheme_of_spelling)
        for scheme, entry in entries.items():
            checked_entry = _check(entry, file, f"schemes › {scheme}")
            merged_policy[scheme] = _overlay(merged_policy.get(scheme, {}), checked_entry)
    last = files[-1] if files else POLICIES
    schemes = {scheme: _scheme(scheme, entry, last) for scheme, entry in merged_policy.items()}
    _check_excludes(schemes, last)
    return Policy(schemes, tuple(titles), tuple(files), **application_entry)


def _applied_for(entry: Any, file: Path) -> dict[str, Any]:
    """Which categories are applied for, as the last file that says so has it; an empty list: none."""
    check_keys(entry, APPLICATION_KEYS, file, "by_application")
    if "category" not in entry:
        raise wrong(file, "by_application › category", *WORDS_ASKED)
    categories = _names(entry["category"], CATEGORIES, file, "by_application › category")
    by = line(entry["by"], file, "by_application › by") if "by" in entry else ""
    return {"by_application": categories, "by_application_by": by}


def _locate(name: str, base: Path) -> Path:
    candidates = [folder / file for folder in (*policies(), base) for file in (f"{name}.yaml", name)]
    for candidate in candidates:
        if candidate.is_file():
            return candidate.resolve()
    shipped_names = ", ".join(sorted({path.stem for folder in policies() for path in folder.glob("*.yaml")}))
    raise wrong(
        Path(name),
        "",
        f"没有政策文件“{name}”；已有：{shipped_names}。自己的放进参数文件旁的 policy 文件夹，或写它的路径",
        f"no policy file “{name}”; there are: {shipped_names}. Put one of your own into the folder policy beside the parameter file, or "
        "write its path",
    )


def _overlay(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """``above`` over ``below``: mappings merge key by key, aliases and references add up, the rest replaces."""
    merged_policy = {**below, **above}
    for key in {"aliases", "references", "of_all"} & below.keys() & above.keys():
        merged_policy[key] = list(dict.fromkeys((*below[key], *above[key])))
    if "per_term" in below:
        merged_policy["per_term"] = overlaid(below["per_term"], above.get("per_term", {}))
    if below.get("who") and "who" in above:
        # What ``who`` rests on is replaced with it: another circle of pupils is not by the document of the first.
        who = {key: value for key, value in below["who"].items() if key != "by" or not above["who"]}
        merged_policy["who"] = {**who, **(above["who"] or {})}
    return merged_policy


def _check(entry: Any, file: Path, place: str) -> dict[str, Any]:
    """A scheme as one file has it, its amounts read; ``of_all``: those of its references that are of every amount.

    They are of the amounts of the file that name no document, where there are any.
    """
    check_keys(entry, SCHEME_KEYS, file, place)
    for key in ("aliases", "references", "excludes"):
        words = entry.get(key, [])
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            raise wrong(file, f"{place} › {key}", *WORDS_ASKED)
    if entry.get("mandatory", "true") not in ("true", "false"):
        raise wrong(file, f"{place} › mandatory", "应为 true 或 false", "should be true or false")
    _check_who(entry.get("who") or {}, file, f"{place} › who")
    references = tuple(entry.get("references", []))
    amounts = read_per_term(entry.get("per_term") or {}, references, file, f"{place} › per_term")
    uncited = any(
        amount and not amount.by
        for amounts_by_day in amounts.values()
        for of_day in amounts_by_day.values()
        for amount in of_day.values()
    )
    return {**entry, "per_term": amounts, "of_all": [] if uncited else list(references)}


def _check_who(who: Any, file: Path, place: str) -> None:
    check_keys(who, WHO_KEYS, file, place)
    if who.get("boarding", "true") not in ("true", "false"):
        raise wrong(file, f"{place} › boarding", "应为 true 或 false", "should be true or false")
    if "by" in who:
        line(who["by"], file, f"{place} › by")
    _names(who.get("stage"), STAGES, file, f"{place} › stage")
    _names(who.get("category"), CATEGORIES, file, f"{place} › category")
    _years(who.get("years"), file, f"{place} › years")


def _check_spellings(
    schemes: Mapping[str, Any], file: Path, scheme_of_spelling: dict[str, tuple[str, Path]]
) -> None:
    """A spelling means one scheme, in all files together; ``meant``: what each meant so far, and where that stands."""
    for scheme, entry in schemes.items():
        for word in _spellings(entry):
            other, place = scheme_of_spelling.setdefault(word, (scheme, file))
            if other != scheme:
                where = f"{place.name} › {other}"
                raise wrong(
                    file,
                    f"schemes › {scheme} › aliases",
                    f"“{word}”已是另一项目的名称或别名（{where}）；一种写法只能归一个项目，请删去一处",
                    f"“{word}” is a title or alias of another scheme already ({where}); delete one of the two",
                )


def _spellings(entry: Any) -> list[str]:
    """The title and aliases as written, as far as they are texts."""
    if not isinstance(entry, Mapping):
        return []
    title, aliases = entry.get("title"), entry.get("aliases")
    titles = title.values() if isinstance(title, Mapping) else ()
    return [str(word) for word in (*titles, *(aliases if isinstance(aliases, list) else ()))]


def _title(value: Any, file: Path, place: str) -> Text:
    if not isinstance(value, Mapping) or set(value) != {"zh", "en"}:
        raise wrong(file, place, "应为 {zh: …, en: …}", "should be {zh: …, en: …}")
    return Text(str(value["zh"]), str(value["en"]))


def _scheme(scheme: str, entry: Mapping[str, Any], file: Path) -> Scheme:
    who, place = entry.get("who") or {}, f"schemes › {scheme}"
    return Scheme(
        id=scheme,
        title=_title(entry.get("title"), file, f"{place} › title"),
        aliases=tuple(entry.get("aliases", [])),
        stages=_names(who.get("stage"), STAGES, file, f"{place} › who › stage"),
        years=_years(who.get("years"), file, f"{place} › who › years"),
        boarding=None if "boarding" not in who else who["boarding"] == "true",
        categories=_names(who.get("category"), CATEGORIES, file, f"{place} › who › category"),
        who_by=(*([who["by"].strip()] if "by" in who else []), *entry["of_all"]),
        per_term=entry["per_term"],
        references=tuple(entry.get("references", [])),
        excludes=tuple(entry.get("excludes", [])),
        mandatory=entry.get("mandatory", "true") == "true",
    )


def _names(value: Any, allowed_names: tuple[str, ...], file: Path, place: str) -> tuple[str, ...]:
    if isinstance(value, Mapping):
        raise wrong(file, place, *WORDS_ASKED)
    names = [value] if isinstance(value, str) and value else list(value or [])
    for name in names:
        if name not in allowed_names:
            listed_names = ", ".join(allowed_names)
            raise wrong(
                file,
                place,
                f"不认识的值“{name}”；可用：{listed_names}",
                f"unknown value “{name}”; allowed: {listed_names}",
            )
    return tuple(names)


def _years(value: Any, file: Path, place: str) -> dict[dt.date, tuple[int, ...]]:
    """``[1, 2]``, or by first day: ``{2015-03-01: [1, 2], 2025-03-01: any}``."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        return {dt.date.min: _years_of(value, file, place)}
    return {first_day_of(day, file, place): _years_of(years, file, place) for day, years in value.items()}


def _years_of(value: Any, file: Path, place: str) -> tuple[int, ...]:
    if value == "any":
        return ()
    if not isinstance(value, list) or not value:
        raise wrong(
            file, place, "应为年级的列表（如 [1, 2]）或 any", "should be a list of years, as [1, 2], or any"
        )
    return tuple(sorted({int(year) for year in _names(value, YEARS, file, place)}))


def _check_excludes(schemes: Mapping[str, Scheme], file: Path) -> None:
    for scheme in schemes.values():
        others = tuple(other for other in schemes if other != scheme.id)
        _names(list(scheme.excludes), others, file, f"schemes › {scheme.id} › excludes")


def in_force(policy: Policy, term: str) -> pd.DataFrame:
    """The standards of ``term``: one row per scheme, stage and category (None: any), sorted.

    Columns: scheme, scheme_title_zh, scheme_title_en, stage, boarding, years (list of int; None: all), category,
    minimum, maximum, average (Decimal yuan or None), due (the amount expected: average, else minimum), since (date), mandatory, policy_ref.
    """
    import pandas as pd  # here, so that reading a policy need not wait for it

    rows = [row for scheme in policy.schemes.values() for row in _standards(scheme, first_day(term))]
    order = ["scheme", "stage", "category"]
    columns = [
        "scheme", "scheme_title_zh", "scheme_title_en", "stage", "boarding", "years", "category", "minimum", "maximum",
        "average", "due", "since", "mandatory", "policy_ref",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns).sort_values(order, na_position="first", ignore_index=True)


def standards_ended(policy: Policy, term: str) -> list[tuple[str, str]]:
    """Scheme and stage of every standard that the policy has ended by ``term``: known to be nothing, unlike one not given."""
    return [
        (scheme.id, stage)
        for scheme in policy.schemes.values()
        for stage, _since, amounts in _newest_amounts(scheme, first_day(term))
        if all(amount is None for amount in amounts.values())
    ]


def _newest_amounts(
    scheme: Scheme, day: dt.date
) -> Iterator[tuple[str, dt.date, Mapping[str, Amount | None]]]:
    """Per stage the newest amounts whose date is not after ``day``, and that date: the stage's own, else those of any."""
    for stage in scheme.covers_stages():
        for amounts_by_day in (scheme.per_term.get(stage, {}), scheme.per_term.get("any", {})):
            since = max((date for date in amounts_by_day if date <= day), default=None)
            if since is not None:
                yield stage, since, amounts_by_day[since]
                break


def _standards(scheme: Scheme, day: dt.date) -> Iterator[dict[str, Any]]:
    for stage, since, amounts in _newest_amounts(scheme, day):
        of_category = tuple(category for category in amounts if category != "any")
        for category in scheme.categories or of_category or (None,):
            amount = amounts.get(category or "any", amounts.get("any"))
            if amount is not None:
                yield _standard(scheme, stage, category, since, amount) | {
                    "years": list(scheme.years_on(day)) or None,
                    "policy_ref": _citation(scheme, since, amount, day),
                }


def _standard(
    scheme: Scheme, stage: str, category: str | None, since: dt.date, amount: Amount
) -> dict[str, Any]:
    due = amount.average if amount.average is not None else amount.minimum
    return {
        "scheme": scheme.id,
        "scheme_title_zh": scheme.title.zh,
        "scheme_title_en": scheme.title.en,
        "stage": stage,
        "boarding": scheme.boarding,
        "category": category,
        "minimum": amount.minimum,
        "maximum": amount.maximum,
        "average": amount.average,
        "due": due if due is not None else amount.maximum,
        "since": since,
        "mandatory": scheme.mandatory,
    }


def _citation(scheme: Scheme, since: dt.date, amount: Amount, day: dt.date) -> str:
    """The scheme, since when, and the documents in force on ``day``: the amount's, and that of who is entitled."""
    of_amount = amount.basis(day) or cited_on(scheme.references if not amount.by else (), day)
    documents = dict.fromkeys((*of_amount, *cited_on(scheme.who_by, day)))
    head = f"{scheme.title.zh}（{since.isoformat()}起）"
    return f"{head}：{'；'.join(documents)}" if documents else head
