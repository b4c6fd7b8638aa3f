"""The standards of the sample county, as params/policy/qinghe.yaml states them on top of the national ones.

A test holds the two together. Amounts are fen a term.
"""

from __future__ import annotations

from samples.model import fen

POVERTY_REGISTER = ("registered_poor", "monitored")
FOUR_GROUPS = ("low_income", "destitute", "disabled", "orphan")
EVERYONE = (*POVERTY_REGISTER, *FOUR_GROUPS, "urban_hardship", "other_hardship")
DAY_AND_WAIVER = (*POVERTY_REGISTER, *FOUR_GROUPS, "urban_hardship")

BOARDER = "boarder_allowance"
DAY = "day_pupil_allowance"
GRANT = "senior_grant"
WAIVER = "senior_fee_waiver"
SPECIAL = "special_school_allowance"
VOCATIONAL = "vocational_grant"
PRESCHOOL = "preschool_aid"

BOARDER_RATE = {"primary": fen(500), "junior": fen(625)}
DAY_RATE = {"primary": fen(250), "junior": fen("312.5")}
SUPPLEMENT = {
    "registered_poor": fen(250),
    "monitored": fen(250),
    "urban_hardship": fen(375),
}  # from autumn 2020
GRANT_MIN, GRANT_AVERAGE, GRANT_MAX = fen(750), fen(1000), fen(1250)
TIER = fen(250)
WAIVER_RATE = fen(380)
SPECIAL_RATE = fen(500)
VOCATIONAL_RATE = fen(1000)
PRESCHOOL_RATE = fen(500)

SPELLINGS = {
    BOARDER: ("寄宿生生活补助", "家庭经济困难寄宿生生活补助"),
    DAY: ("非寄宿生生活补助", "非寄宿家庭经济困难学生生活补助"),
    GRANT: ("普通高中国家助学金", "高中国家助学金"),
    WAIVER: ("普通高中免学费", "高中免学杂费"),
    SPECIAL: ("特教学校学生生活补助",),
    VOCATIONAL: ("中职国家助学金",),
    PRESCHOOL: ("学前教育资助",),
}
CATEGORY_SPELLINGS = {
    "registered_poor": "建档立卡",
    "urban_hardship": "城镇解困",
    "other_hardship": "其他困难",
}


def stated_category(categories: tuple[str, ...]) -> str:
    """The one of three categories under which the county's payment list states a pupil."""
    if any(category in POVERTY_REGISTER for category in categories):
        return "registered_poor"
    return "urban_hardship" if "urban_hardship" in categories else "other_hardship"


def boarder_rate(stage: str, categories: tuple[str, ...], term: str) -> int:
    """The highest of the rates of the pupil's categories."""
    extra = max((SUPPLEMENT.get(category, 0) for category in categories), default=0)
    return BOARDER_RATE[stage] + (extra if term == "2020-autumn" else 0)


def due(stage: str, boards: bool, categories: tuple[str, ...], term: str) -> dict[str, int]:
    """Mandatory schemes and amounts; the senior grant at its average (the solver chooses its tiers)."""
    if not categories:
        return {}
    if stage == "special":
        return {SPECIAL: SPECIAL_RATE}
    entitled = any(category in DAY_AND_WAIVER for category in categories)
    if stage == "senior":
        return {GRANT: GRANT_AVERAGE} | ({WAIVER: WAIVER_RATE} if entitled else {})
    if boards:
        return {BOARDER: boarder_rate(stage, categories, term)}
    return {DAY: DAY_RATE[stage]} if entitled else {}
