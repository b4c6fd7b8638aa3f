"""The amounts of a policy file: yuan a term by stage, first day and category, each with the document it rests on.

An amount is written ``{yuan: 625, by: the document}``, with tiers ``{min: 750, max: 1250, average: 1000, by: …}``, or by
category ``{low_income: 625, disabled: {yuan: 500, by: …}, by: …}``; ``by`` of the whole holds for every category that
has none of its own. ``by`` may be missing, as in ``625``: then the scheme's references of the same file stand for it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from auditlib.cells.money import yuan_of
from auditlib.law.entries import check_keys, first_day_of, line, wrong
from auditlib.law.parameter_readers import STAGES
from auditlib.law.references import cited_on

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
TIER_KEYS = ("min", "max", "average")
AMOUNT_KEYS = ("yuan", *TIER_KEYS, "by")


@dataclass(frozen=True)
class Amount:
    """Yuan a term: one amount (minimum = maximum = average) or a local authority's tiers (None: not set).

    ``by`` is the document; ``references`` stand in where the file names none. Two amounts are equal whatever they cite.
    """

    minimum: Decimal | None
    maximum: Decimal | None
    average: Decimal | None
    by: str | None = field(default=None, compare=False)
    references: tuple[str, ...] = field(default=(), compare=False)

    def basis(self, day: dt.date) -> tuple[str, ...]:
        """What the amount rests on in a term that begins on ``day``."""
        return (self.by,) if self.by else cited_on(self.references, day)


# stage or ``any`` -> first day -> category or ``any`` -> amount (None: from that day no longer paid)
PerTerm = Mapping[str, Mapping[dt.date, Mapping[str, Amount | None]]]


def read_per_term(entry: Any, references: tuple[str, ...], file: Path, place: str) -> PerTerm:
    """``per_term`` of one scheme in one file, whose ``references`` those amounts rest on that name no document.

    Raises UsageError naming file and entry for anything unknown, missing or of the wrong type.
    """
    check_keys(entry, (*STAGES, "any"), file, place)
    return {
        stage: {
            first_day_of(day, file, f"{place} › {stage}"): _amounts(
                value, references, file, f"{place} › {stage} › {day}"
            )
            for day, value in _read_by_day(amounts_by_day, file, f"{place} › {stage}").items()
        }
        for stage, amounts_by_day in entry.items()
    }


def overlaid(below: PerTerm, above: PerTerm) -> PerTerm:
    """``above`` over ``below``: an amount replaces that of the same stage, day and category, with what it rests on."""
    stages = {stage: dict(amounts_by_day) for stage, amounts_by_day in below.items()}
    for stage, amounts_by_day in above.items():
        days = stages.setdefault(stage, {})
        for day, amounts in amounts_by_day.items():
            by_category = "any" not in {*amounts, *days.get(day, ("any",))}
            days[day] = {**days[day], **amounts} if by_category else amounts
    return stages


def _read_by_day(value: Any, file: Path, place: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise wrong(
            file,
            place,
            "金额须带生效日期，如 {2011-09-01: {yuan: 500, by: 文件名称}}",
            "amounts carry a date, as {2011-09-01: {yuan: 500, by: the document}}",
        )
    return value


def _amounts(value: Any, references: tuple[str, ...], file: Path, place: str) -> dict[str, Amount | None]:
    if not isinstance(value, Mapping) or value.keys() & {"yuan", *TIER_KEYS}:
        return {"any": _amount(value, None, references, file, place)}
    check_keys(value, (*CATEGORIES, "by"), file, place)
    by = line(value["by"], file, f"{place} › by") if "by" in value else None
    of_category = {category: part for category, part in value.items() if category != "by"}
    if by and not of_category:
        raise wrong(
            file,
            place,
            "有依据而没有金额；请写 {yuan: 金额, by: 依据}",
            "a document and no amount; write {yuan: amount, by: document}",
        )
    return {
        category: _amount(part, by, references, file, f"{place} › {category}")
        for category, part in of_category.items()
    }


def _amount(value: Any, by: str | None, references: tuple[str, ...], file: Path, place: str) -> Amount | None:
    entry = value if isinstance(value, Mapping) else {"yuan": value}
    check_keys(entry, AMOUNT_KEYS, file, place)
    by = line(entry["by"], file, f"{place} › by") if "by" in entry else by
    if "yuan" not in entry:
        return _tiers(entry, by, references, file, place)
    if entry.keys() & set(TIER_KEYS):
        raise wrong(
            file,
            place,
            "yuan 是一个金额，不能与 min、max、average 同写；请只留一种",
            "yuan is one amount and does not stand beside min, max, average; keep one of the two",
        )
    if entry["yuan"] in ("", "null"):
        return None
    one = _yuan(entry["yuan"], file, place)
    return Amount(one, one, one, by, references)


def _tiers(
    entry: Mapping[str, Any], by: str | None, references: tuple[str, ...], file: Path, place: str
) -> Amount:
    lowest, highest, average = (_yuan(entry[key], file, place) if key in entry else None for key in TIER_KEYS)
    rising = [yuan for yuan in (lowest, average, highest) if yuan is not None]
    if not rising:
        raise wrong(
            file,
            place,
            "没有金额；请写 yuan，或 min、max、average",
            "no amount; write yuan, or min, max, average",
        )
    if rising != sorted(rising):
        raise wrong(
            file, place, "须 min 不大于 average、average 不大于 max", "min, average, max must not fall"
        )
    return Amount(lowest, highest, average, by, references)


def _yuan(value: Any, file: Path, place: str) -> Decimal:
    if not isinstance(value, str):
        raise wrong(file, place, "yuan 应为一个金额（元）", "yuan should be one amount")
    try:
        return yuan_of(value)
    except ValueError:
        raise wrong(file, place, f"“{value}”不是金额", f"“{value}” is no amount") from None
