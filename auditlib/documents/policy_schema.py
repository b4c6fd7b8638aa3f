"""params/schema/policy.json: what a policy file may hold, as JSON Schema, so that an editor completes and checks it.

It follows :mod:`auditlib.law.policy` and :mod:`auditlib.law.amounts`, which say more than a schema can: that amounts of
tiers rise, that a spelling means one scheme, that the schemes excluded are there.
"""

from __future__ import annotations

from typing import Any

from auditlib.base.declared_fields import DIALECT
from auditlib.base.language import Text
from auditlib.cells.money import HIGHEST
from auditlib.law.amounts import AMOUNT_KEYS, CATEGORIES, TIER_KEYS
from auditlib.law.entries import FIRST_DAY
from auditlib.law.parameter_readers import STAGES
from auditlib.law.policy import APPLICATION_KEYS, FILE_KEYS, SCHEME_KEYS, WHO_KEYS, YEARS

NAME = "policy.json"
Schema = dict[str, Any]
TITLE = Text("资助政策文件", "A policy file")
MEANINGS: dict[str, Text] = {
    "title": Text("中英文名称", "its name in both languages"),
    "by_application": Text(
        "须本人申请认定的资格类别；其余由数据比对认定", "the categories that are applied for; the others are found by data"
    ),
    "schemes": Text("各资助项目，键为项目代码", "the schemes by their code"),
    "aliases": Text("台账中出现的其他写法，一种写法只归一个项目", "other spellings in the files; each means one scheme"),
    "who": Text("发给谁；不写即不限", "whom it is for; what is not named is not asked"),
    "per_term": Text(
        "每学期金额（元）：学段（或 any）→ 生效日期 → 金额", "yuan a term: stage (or any), first day, amount"
    ),
    "references": Text("依据文件，金额未写 by 时引用", "documents, cited where an amount names none"),
    "excludes": Text("不能同时享受的项目", "schemes that exclude this one"),
    "mandatory": Text(
        "应发而未发是否列为漏助（默认 true）", "is it a miss where it is due and not paid (usually true)?"
    ),
    "stage": Text("学段", "stages"),
    "years": Text(
        "本学段第几年，可按生效日期分列；any 为不限", "years of the stage, also by first day; any: all"
    ),
    "boarding": Text("只给寄宿生（true）或非寄宿生（false）", "boarders alone (true) or day pupils alone (false)"),
    "category": Text("资格类别", "categories of eligibility"),
    "by": Text("所依据的文件", "the document that it rests on"),
    "yuan": Text("一个金额", "one amount"),
    "min": Text("最低档", "the lowest tier"),
    "max": Text("最高档", "the highest tier"),
    "average": Text("平均档", "the average tier"),
}  # fmt: skip
WORDS = {"type": "array", "items": {"type": "string"}}
LINE = {"type": "string", "minLength": 1}
YUAN = {"type": "number", "minimum": 0, "exclusiveMaximum": int(HIGHEST)}
NOTHING = {"type": "null"}


def policy_schema() -> Schema:
    """The schema of a policy file."""
    scheme = _record(
        SCHEME_KEYS,
        {
            "title": _title(), "aliases": WORDS, "who": {"anyOf": [_who(), NOTHING]}, "per_term": _per_term(),
            "references": WORDS, "excludes": WORDS, "mandatory": {"type": "boolean"},
        },
    )  # fmt: skip
    schemes = {"anyOf": [{"type": "object", "additionalProperties": scheme}, NOTHING]}
    file = _record(
        FILE_KEYS,
        {"title": _title(), "schemes": schemes, "by_application": _applied_for()},
        required_names=["title"],
    )
    return {"$schema": DIALECT, "title": f"{TITLE.zh} · {TITLE.en}", **file}


def _record(
    names: tuple[str, ...], parts: dict[str, Schema], required_names: list[str] | None = None
) -> Schema:
    """A mapping with ``parts`` under ``names`` and nothing else."""
    described_parts = {
        name: {**parts[name], "description": f"{MEANINGS[name].zh} · {MEANINGS[name].en}"} for name in names
    }
    return {
        "type": "object",
        "properties": described_parts,
        "required": required_names or [],
        "additionalProperties": False,
    }


def _applied_for() -> Schema:
    categories = {"type": "array", "items": {"enum": list(CATEGORIES)}}
    return _record(APPLICATION_KEYS, {"category": categories, "by": LINE}, required_names=["category"])


def _title() -> Schema:
    return {
        "type": "object",
        "properties": {"zh": LINE, "en": LINE},
        "required": ["zh", "en"],
        "additionalProperties": False,
    }


def _who() -> Schema:
    numbers = {"type": "array", "minItems": 1, "items": {"enum": [int(year) for year in YEARS]}}
    years = {"anyOf": [numbers, {"const": "any"}]}
    parts: dict[str, Schema] = {
        "stage": _names(STAGES),
        "years": {"anyOf": [numbers, _by_day(years)]},
        "boarding": {"type": "boolean"},
        "category": _names(CATEGORIES),
        "by": LINE,
    }
    return _record(WHO_KEYS, parts)


def _names(allowed_names: tuple[str, ...]) -> Schema:
    return {
        "anyOf": [{"enum": list(allowed_names)}, {"type": "array", "items": {"enum": list(allowed_names)}}]
    }


def _by_day(value: Schema) -> Schema:
    return {
        "type": "object",
        "patternProperties": {f"^{FIRST_DAY.pattern}$": value},
        "additionalProperties": False,
    }


def _per_term() -> Schema:
    one = {"anyOf": [YUAN, NOTHING, _amount()]}
    of_category: Schema = {
        "type": "object",
        "properties": {**dict.fromkeys(CATEGORIES, one), "by": LINE},
        "additionalProperties": False,
    }
    day_schema = _by_day({"anyOf": [*one["anyOf"], of_category]})
    stages = {"type": "object", "properties": dict.fromkeys((*STAGES, "any"), day_schema), "additionalProperties": False}  # fmt: skip
    return {"anyOf": [stages, NOTHING]}


def _amount() -> Schema:
    parts: dict[str, Schema] = {
        "yuan": {"anyOf": [YUAN, NOTHING]},
        **dict.fromkeys(TIER_KEYS, YUAN),
        "by": LINE,
    }
    amount = _record(AMOUNT_KEYS, parts)
    tiers = [{"required": [tier]} for tier in TIER_KEYS]
    one_or_tiers = {"oneOf": [{"required": ["yuan"]}, {"anyOf": tiers}]}
    return {**amount, **one_or_tiers}
