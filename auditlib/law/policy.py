"""The law as dated, cited tables: which scheme is due to whom, how much, since when.

A policy is one or more files of ``params/policy``; later ones extend and override earlier ones. The value in force
is the newest whose date is not after the term's first day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditlib.base.errors import Problem, UsageError
from auditlib.base.language import Text
from auditlib.base.places import POLICIES, policies
from auditlib.base.strict_yaml import read_yaml
from auditlib.base.terms import first_day
from auditlib.law.parameters import STAGES

if TYPE_CHECKING:
    import pandas as pd

CATEGORIES = (
    "registered_poor",
    "monitored",
    "low_income",
    "near_low_income",
    "destitute",
    "orphan",
    "disabled",
    "urban_hardship",
    "other_hardship",
)
FILE_KEYS = ("title", "schemes")
SCHEME_KEYS = ("title", "aliases", "who", "per_term", "references", "excludes", "mandatory")
WHO_KEYS = ("stage", "boarding", "category")
TIER_KEYS = ("min", "max", "average")
MAPPING_ASKED = ("应为“键: 值”的映射", "should be a mapping")
HIGHEST = Decimal(10) ** 10  # yuan that a finding's amount, decimal(12, 2), holds no more


@dataclass(frozen=True)
class Amount:
    """Yuan a term: one amount (minimum = maximum = average) or a local authority's tiers (None: not set)."""

    minimum: Decimal | None
    maximum: Decimal | None
    average: Decimal | None


@dataclass(frozen=True)
class Scheme:
    """One kind of aid. Empty ``stages`` or ``categories``: all; ``boarding`` None: either form."""

    id: str
    title: Text
    aliases: tuple[str, ...]
    stages: tuple[str, ...]
    boarding: bool | None
    categories: tuple[str, ...]
    per_term: Mapping[str, Mapping[dt.date, Mapping[str, Amount | None]]]
    references: tuple[str, ...]
    excludes: tuple[str, ...]
    mandatory: bool

    def covers_stages(self) -> tuple[str, ...]:
        return self.stages or STAGES

    def needs_category(self) -> bool:
        """Does it ask for eligibility: by ``who``, or because every amount is one of a category?"""
        amounts = [each for dated in self.per_term.values() for each in dated.values()]
        return bool(self.categories) or (bool(amounts) and not any("any" in each for each in amounts))


@dataclass(frozen=True)
class Policy:
    """The schemes by id, and the titles and files they come from, in the order of reading."""

    schemes: Mapping[str, Scheme]
    titles: tuple[Text, ...]
    files: tuple[Path, ...] = field(default=())

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
    merged: dict[str, Any] = {}
    meant: dict[str, tuple[str, Path]] = {}
    titles = []
    for file in files:
        content = read_yaml(file)
        _check_keys(content, FILE_KEYS, file, "")
        titles.append(_title(content.get("title"), file, "title"))
        written = content.get("schemes") or {}
        if not isinstance(written, Mapping):
            raise _wrong(file, "schemes", *MAPPING_ASKED)
        _check_spellings(written, file, meant)
        for scheme, entry in written.items():
            _check_scheme(entry, file, f"schemes › {scheme}")
            merged[scheme] = _overlay(merged.get(scheme, {}), entry)
    last = files[-1] if files else POLICIES
    schemes = {scheme: _scheme(scheme, entry, last) for scheme, entry in merged.items()}
    _check_excludes(schemes, last)
    return Policy(schemes, tuple(titles), tuple(files))


def _locate(name: str, base: Path) -> Path:
    candidates = [folder / file for folder in (*policies(), base) for file in (f"{name}.yaml", name)]
    for candidate in candidates:
        if candidate.is_file():
            return candidate.resolve()
    shipped = ", ".join(sorted({path.stem for folder in policies() for path in folder.glob("*.yaml")}))
    raise _wrong(
        Path(name),
        "",
        f"没有政策文件“{name}”；已有：{shipped}",
        f"no policy file “{name}”; there are: {shipped}",
    )


def _overlay(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """``above`` over ``below``: mappings merge key by key, aliases and references add up, the rest replaces.

    Tiers are one amount: they replace and are replaced as a whole.
    """
    merged = dict(below)
    for key, value in above.items():
        if key in ("aliases", "references"):
            merged[key] = [
                *below.get(key, []),
                *(entry for entry in value if entry not in below.get(key, [])),
            ]
        elif _merges(below.get(key)) and _merges(value):
            merged[key] = _overlay(below[key], value)
        else:
            merged[key] = value
    return merged


def _merges(value: Any) -> bool:
    return isinstance(value, Mapping) and not value.keys() & set(TIER_KEYS)


def _wrong(file: Path, place: str, zh: str, en: str) -> UsageError:
    where = f"{file.name} › {place}" if place else file.name
    remedy = Text(
        "按 params/policy/national.yaml 的写法改正", "follow the form of params/policy/national.yaml"
    )
    return UsageError(Problem(Text(zh, en), Text(where, where), remedy))


def _check_keys(entry: Any, allowed: tuple[str, ...], file: Path, place: str) -> None:
    if not isinstance(entry, Mapping):
        raise _wrong(file, place, *MAPPING_ASKED)
    for key in entry:
        if key not in allowed:
            names = ", ".join(allowed)
            raise _wrong(
                file,
                f"{place} › {key}".removeprefix(" › "),
                f"不认识的键“{key}”；可用：{names}",
                f"unknown key “{key}”; allowed: {names}",
            )


def _check_scheme(entry: Any, file: Path, place: str) -> None:
    _check_keys(entry, SCHEME_KEYS, file, place)
    _check_keys(entry.get("who") or {}, WHO_KEYS, file, f"{place} › who")
    for key in ("aliases", "references", "excludes"):
        given = entry.get(key, [])
        if not isinstance(given, list) or not all(isinstance(word, str) for word in given):
            raise _wrong(file, f"{place} › {key}", "应为文字的列表", "should be a list of words")
    if entry.get("mandatory", "true") not in ("true", "false"):
        raise _wrong(file, f"{place} › mandatory", "应为 true 或 false", "should be true or false")
    if (entry.get("who") or {}).get("boarding", "true") not in ("true", "false"):
        raise _wrong(file, f"{place} › who › boarding", "应为 true 或 false", "should be true or false")
    _read_per_term(entry.get("per_term") or {}, file, f"{place} › per_term")


def _check_spellings(schemes: Mapping[str, Any], file: Path, meant: dict[str, tuple[str, Path]]) -> None:
    """A spelling means one scheme, in all files together; ``meant``: what each meant so far, and where that stands."""
    for scheme, entry in schemes.items():
        for word in _spellings(entry):
            other, place = meant.setdefault(word, (scheme, file))
            if other != scheme:
                where = f"{place.name} › {other}"
                raise _wrong(
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
        raise _wrong(file, place, "应为 {zh: …, en: …}", "should be {zh: …, en: …}")
    return Text(str(value["zh"]), str(value["en"]))


def _scheme(scheme: str, entry: Mapping[str, Any], file: Path) -> Scheme:
    who, place = entry.get("who") or {}, f"schemes › {scheme}"
    return Scheme(
        id=scheme,
        title=_title(entry.get("title"), file, f"{place} › title"),
        aliases=tuple(entry.get("aliases", [])),
        stages=_names(who.get("stage"), STAGES, file, f"{place} › who › stage"),
        boarding=None if "boarding" not in who else who["boarding"] == "true",
        categories=_names(who.get("category"), CATEGORIES, file, f"{place} › who › category"),
        per_term=_read_per_term(entry.get("per_term") or {}, file, f"{place} › per_term"),
        references=tuple(entry.get("references", [])),
        excludes=tuple(entry.get("excludes", [])),
        mandatory=entry.get("mandatory", "true") == "true",
    )


def _names(value: Any, allowed: tuple[str, ...], file: Path, place: str) -> tuple[str, ...]:
    if isinstance(value, Mapping):
        raise _wrong(file, place, "应为文字的列表", "should be a list of words")
    names = [value] if isinstance(value, str) and value else list(value or [])
    for name in names:
        if name not in allowed:
            listed = ", ".join(allowed)
            raise _wrong(
                file,
                place,
                f"不认识的值“{name}”；可用：{listed}",
                f"unknown value “{name}”; allowed: {listed}",
            )
    return tuple(names)


def _check_excludes(schemes: Mapping[str, Scheme], file: Path) -> None:
    for scheme in schemes.values():
        others = tuple(other for other in schemes if other != scheme.id)
        _names(list(scheme.excludes), others, file, f"schemes › {scheme.id} › excludes")


def _read_per_term(entry: Any, file: Path, place: str) -> dict[str, dict[dt.date, dict[str, Amount | None]]]:
    """stage or ``any`` -> date -> category or ``any`` -> amount (None: from that date no longer paid)."""
    _check_keys(entry, (*STAGES, "any"), file, place)
    return {
        stage: {
            _day(day, file, f"{place} › {stage}"): _amounts(value, file, f"{place} › {stage} › {day}")
            for day, value in _mapping(dated, file, f"{place} › {stage}").items()
        }
        for stage, dated in entry.items()
    }


def _mapping(value: Any, file: Path, place: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise _wrong(
            file,
            place,
            "金额须带生效日期，如 {2011-09-01: 500}",
            "amounts carry a date, as {2011-09-01: 500}",
        )
    return value


def _day(value: str, file: Path, place: str) -> dt.date:
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        raise _wrong(
            file, place, f"“{value}”不是日期 YYYY-MM-DD", f"“{value}” is no date YYYY-MM-DD"
        ) from None


def _amounts(value: Any, file: Path, place: str) -> dict[str, Amount | None]:
    if isinstance(value, Mapping) and not set(value) <= set(TIER_KEYS):
        _check_keys(value, CATEGORIES, file, place)
        return {category: _amount(part, file, f"{place} › {category}") for category, part in value.items()}
    return {"any": _amount(value, file, place)}


def _amount(value: Any, file: Path, place: str) -> Amount | None:
    if value in ("", "null"):
        return None
    if isinstance(value, Mapping):
        _check_keys(value, TIER_KEYS, file, place)
        tiers = Amount(*(_yuan(value[key], file, place) if key in value else None for key in TIER_KEYS))
        return _in_order(tiers, file, place)
    one = _yuan(value, file, place)
    return Amount(one, one, one)


def _in_order(tiers: Amount, file: Path, place: str) -> Amount:
    rising = [yuan for yuan in (tiers.minimum, tiers.average, tiers.maximum) if yuan is not None]
    if rising != sorted(rising):
        raise _wrong(
            file, place, "须 min 不大于 average、average 不大于 max", "min, average, max must not fall"
        )
    return tiers


def _yuan(value: Any, file: Path, place: str) -> Decimal:
    try:
        yuan = Decimal(str(value))
        exact = yuan.quantize(Decimal("0.01"))
    except InvalidOperation:
        yuan = exact = Decimal("NaN")
    if not yuan.is_finite() or not 0 <= yuan < HIGHEST or yuan != exact:
        raise _wrong(file, place, f"“{value}”不是金额", f"“{value}” is no amount")
    return exact


def in_force(policy: Policy, term: str) -> pd.DataFrame:
    """The standards of ``term``: one row per scheme, stage and category (None: any), sorted.

    Columns: scheme, scheme_title_zh, scheme_title_en, stage, boarding, category, minimum, maximum, average (Decimal
    yuan or None), due (the amount expected: average, else minimum), since (date), mandatory, policy_ref.
    """
    import pandas as pd  # here, so that reading a policy need not wait for it

    rows = [row for scheme in policy.schemes.values() for row in _standards(scheme, first_day(term))]
    order = ["scheme", "stage", "category"]
    columns = [
        "scheme", "scheme_title_zh", "scheme_title_en", "stage", "boarding", "category", "minimum", "maximum",
        "average", "due", "since", "mandatory", "policy_ref",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns).sort_values(order, na_position="first", ignore_index=True)


def ended(policy: Policy, term: str) -> list[tuple[str, str]]:
    """Scheme and stage of every standard that the policy has ended by ``term``: known to be nothing, unlike one not given."""
    return [
        (scheme.id, stage)
        for scheme in policy.schemes.values()
        for stage, _since, amounts in _dated(scheme, first_day(term))
        if all(amount is None for amount in amounts.values())
    ]


def _dated(scheme: Scheme, day: dt.date) -> Iterator[tuple[str, dt.date, Mapping[str, Amount | None]]]:
    """Per stage the newest amounts whose date is not after ``day``, and that date: the stage's own, else those of any."""
    for stage in scheme.covers_stages():
        for dated in (scheme.per_term.get(stage, {}), scheme.per_term.get("any", {})):
            since = max((date for date in dated if date <= day), default=None)
            if since is not None:
                yield stage, since, dated[since]
                break


def _standards(scheme: Scheme, day: dt.date) -> Iterator[dict[str, Any]]:
    for stage, since, amounts in _dated(scheme, day):
        named = tuple(category for category in amounts if category != "any")
        for category in scheme.categories or named or (None,):
            amount = amounts.get(category or "any", amounts.get("any"))
            if amount is not None:
                yield _standard(scheme, stage, category, since, amount)


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
        "policy_ref": f"{scheme.title.zh}（{since.isoformat()}起）：" + "；".join(scheme.references),
    }
