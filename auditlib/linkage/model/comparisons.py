"""What is compared of two records and in which named levels, *missing* first.

Conditions are SQL that DuckDB and Spark both have: ``_l`` is the record that nobody knows yet, ``_r`` the pupil of the
register. A level with a ``frequency`` weighs less the more pupils share the value: its weight is m divided by the
share of the register with that value.
"""

from __future__ import annotations

from dataclasses import dataclass

from auditlib.base.language import Text

NUMBER_LENGTH = 18
LONG_NAME = 12  # characters of a name that are looked at one by one


@dataclass(frozen=True)
class Level:
    """One way in which two records can agree; ``frequency``: the column whose frequency in the register counts."""

    name: str
    title: Text
    condition: str
    frequency: str = ""


@dataclass(frozen=True)
class Comparison:
    """A field and its levels, the first of them the one that says nothing."""

    name: str
    title: Text
    levels: tuple[Level, ...]


def _missing(condition: str) -> Level:
    return Level("missing", Text("缺失，无从比较", "missing"), condition)


def _differs(title: Text | None = None) -> Level:
    return Level("differs", title or Text("不同", "differs"), "ELSE")


def _equal(column: str, title: Text | None = None, frequency: str = "") -> Level:
    return Level("equal", title or Text("相同", "equal"), f"{column}_l = {column}_r", frequency or column)


def _digits_swapped(first: str, second: str, length: int = NUMBER_LENGTH) -> str:
    """Two neighbouring digits changed places; spelt out, for Spark has no Damerau distance of its own."""
    pairs = [
        f"substr({first}, 1, {i - 1}) || substr({first}, {i + 1}, 1) || substr({first}, {i}, 1) || "
        f"substr({first}, {i + 2}, {length}) = {second}"
        for i in range(1, length)
    ]
    same_length = f"length({first}) = length({second})"
    return f"{same_length} AND levenshtein({first}, {second}) = 2 AND ({' OR '.join(pairs)})"


def _one_differs(column: str) -> str:
    """One character of three or more is another. Counted place by place: DuckDB's levenshtein counts bytes, Spark's characters."""
    first, second = f"{column}_l", f"{column}_r"
    places = [
        f"CASE WHEN substr({first}, {i}, 1) = substr({second}, {i}, 1) THEN 0 ELSE 1 END"
        for i in range(1, LONG_NAME + 1)
    ]
    return (
        f"length({first}) >= 3 AND length({first}) = length({second}) AND {' + '.join(places)} = 1 "
        f"AND substr({first}, {LONG_NAME + 1}) = substr({second}, {LONG_NAME + 1})"
    )


def _one_missing(column: str) -> str:
    """One has a character more than the other, which has two or more; the rest is equal."""
    ways = [
        f"(length({short}) >= 2 AND length({long}) = length({short}) + 1 AND ("
        + " OR ".join(
            f"substr({long}, 1, {i - 1}) || substr({long}, {i + 1}) = {short}"
            for i in range(1, LONG_NAME + 1)
        )
        + "))"
        for short, long in ((f"{column}_l", f"{column}_r"), (f"{column}_r", f"{column}_l"))
    ]
    return " OR ".join(ways)


SAME_LENGTH = "length(id_number_l) = length(id_number_r)"
BIRTH_PART = "substr(id_number_l, 7, 8) = substr(id_number_r, 7, 8)"
NO_NUMBER = "(id_number_l IS NULL AND id_kept_l IS NULL) OR (id_number_r IS NULL AND id_kept_r IS NULL)"
KEPT_CONDITION = (
    "(id_kept_l IS NOT NULL AND substr(id_number_r, 1, length(id_kept_l)) = id_kept_l) OR "
    "(id_kept_r IS NOT NULL AND substr(id_number_l, 1, length(id_kept_r)) = id_kept_r) OR id_kept_l = id_kept_r"
)
KEPT_SLIP = (
    "coalesce(levenshtein(id_kept_l, substr(id_number_r, 1, length(id_kept_l))), "
    "levenshtein(id_kept_r, substr(id_number_l, 1, length(id_kept_r)))) = 1"
)
# Area or month written wrongly, and the check digit made to fit: the sequence and most of the rest still agree.
FEW = (
    f"{SAME_LENGTH} AND levenshtein(id_number_l, id_number_r) <= 3 AND "
    f"substr(id_number_l, 15, 3) = substr(id_number_r, 15, 3) AND "
    f"({BIRTH_PART} OR substr(id_number_l, 1, 10) = substr(id_number_r, 1, 10))"
)
# The number, or what is left of it, has told the birth date already, or contradicts it in the same way.
BIRTHS = "replace(birth_l, '-', '')", "replace(birth_r, '-', '')"
BIRTH_TOLD = (
    "birth_l IS NULL OR birth_r IS NULL OR (id_head_l IS NOT NULL AND id_head_r IS NOT NULL AND "
    "(substr(id_head_l, 7, 8) = substr(id_head_r, 7, 8) OR birth_stated_l IS NULL))"
)
LOST_FITS = "(name_lost_l IS NOT NULL AND name_r LIKE name_lost_l) OR (name_lost_r IS NOT NULL AND name_l LIKE name_lost_r)"
ONE_CHARACTER = f"coalesce(surname_l, '') = coalesce(surname_r, '') AND {_one_differs('name_base')}"
NOBODY_NAMED = (
    "NOT ((household_l IS NOT NULL AND guardian_id_r IS NOT NULL) OR (holder_l IS NOT NULL AND guardian_r IS NOT NULL) "
    "OR (coalesce(guardian_id_l, guardian_l) IS NOT NULL AND coalesce(guardian_id_r, guardian_r) IS NOT NULL))"
)
NO_FAMILY = f"NOT (card_l IS NOT NULL AND cards_r IS NOT NULL) AND {NOBODY_NAMED}"

COMPARISONS: tuple[Comparison, ...] = (
    Comparison(
        "id_number",
        Text("身份证号", "ID number"),
        (
            _missing(NO_NUMBER),
            Level("equal", Text("相同", "equal"), "id_number_l = id_number_r"),
            Level("kept", Text("尾数丢失，留下的各位相同", "tail lost, the digits kept are equal"), KEPT_CONDITION),
            Level("one_digit", Text("一位不同", "one digit differs"), f"{SAME_LENGTH} AND levenshtein(id_number_l, id_number_r) = 1"),
            Level("swapped", Text("相邻两位颠倒", "two neighbouring digits swapped"), _digits_swapped("id_number_l", "id_number_r")),
            Level("digit_missing", Text("多或少一位", "one digit missing"), "levenshtein(id_number_l, id_number_r) = 1"),
            Level("kept_slip", Text("尾数丢失，留下的各位中一位不同", "tail lost, one of the digits kept differs"), KEPT_SLIP),
            Level("few_digits", Text("两三位不同", "two or three digits differ"), FEW),
            Level("birth_part", Text("仅出生日期段相同", "only the birth-date part is equal"), BIRTH_PART, "id_birth"),
            _differs(),
        ),
    ),
    Comparison(
        "name",
        Text("姓名", "Name"),
        (
            _missing("name_l IS NULL OR name_r IS NULL"),
            _equal("name"),
            Level("variant", Text("仅异体字或间隔号不同", "equal but for variant characters or the separator"), "name_base_l = name_base_r", "name_base"),
            Level("sound", Text("同音", "same pinyin"), "name_sound_l = name_sound_r", "name_sound"),
            Level("lost", Text("丢字，其余相同", "a character was lost, the rest is equal"), LOST_FITS),
            Level("one_character", Text("一字不同（三字及以上）", "one character of three or more differs"), ONE_CHARACTER),
            Level("character_missing", Text("缺一字，其余相同", "a character is missing, the rest is equal"), _one_missing("name_base")),
            Level("given", Text("名相同，姓不同", "given name equal, surname differs"), "given_sound_l = given_sound_r", "given_sound"),
            Level("surname", Text("仅姓相同", "only the surname is equal"), "surname_l = surname_r", "surname"),
            _differs(),
        ),
    ),
    Comparison(
        "student_no",
        Text("学籍号", "Student number"),
        (
            _missing("student_no_l IS NULL OR student_no_r IS NULL"),
            Level("equal", Text("相同", "equal"), "student_no_l = student_no_r"),
            Level("one_digit", Text("一位不同", "one digit differs"), "levenshtein(student_no_l, student_no_r) = 1"),
            _differs(),
        ),
    ),
    Comparison(
        "birth",
        Text("出生日期", "Birth date"),
        (
            _missing(BIRTH_TOLD),
            _equal("birth"),
            Level("near", Text("一位不同", "one digit differs"), "levenshtein(birth_l, birth_r) = 1"),
            Level("swapped", Text("相邻两位颠倒", "two neighbouring digits swapped"), _digits_swapped(*BIRTHS, len("20100307"))),
            _differs(),
        ),
    ),
    Comparison(
        "sex",
        Text("性别", "Sex"),
        (_missing("sex_l IS NULL OR sex_r IS NULL"), _equal("sex"), _differs()),
    ),
    Comparison(
        "school",
        Text("学校", "School"),
        (_missing("school_l IS NULL OR school_r IS NULL"), _equal("school"), _differs()),
    ),
    Comparison(
        "former_school",
        Text("名册所记学校", "School as the register tells it"),
        (
            _missing("former_school_l IS NULL OR school_r IS NULL"),
            Level("equal", Text("相同", "equal"), "former_school_l = school_r", "school"),
            _differs(),
        ),
    ),
    Comparison(
        "town",
        Text("乡镇", "Town"),
        (_missing("town_l IS NULL OR town_r IS NULL"), _equal("town"), _differs()),
    ),
    Comparison(
        "family",
        Text("家庭（卡号、监护人、户）", "Family (card, guardian, household)"),
        (
            _missing(NO_FAMILY),
            Level("card", Text("该家庭的银行卡", "a card of the family"), "instr(cards_r, card_l) > 0"),
            Level("guardian", Text("监护人在该户", "the guardian is of the household"), "instr(household_l, guardian_id_r) > 0"),
            Level("self", Text("开户人即该学生", "the account holder is the pupil"), "holder_l = name_r", "name"),
            Level("holder", Text("开户人即监护人", "the account holder is the guardian"), "holder_l = guardian_r", "guardian"),
            Level("same_guardian", Text("监护人证号相同", "the guardian's number is the same"), "guardian_id_l = guardian_id_r"),
            Level("guardian_name", Text("监护人姓名相同", "the guardian's name is the same"), "guardian_l = guardian_r", "guardian"),
            # Another card says much less than another name: brothers and sisters often have a card each.
            Level("other_card", Text("仅银行卡不是该家庭已知的卡", "only the card is none of the family's known ones"), NOBODY_NAMED),
            _differs(),
        ),
    ),
)  # fmt: skip
BY_NAME = {comparison.name: comparison for comparison in COMPARISONS}

# Which pairs are looked at at all: equality on one of these (``a=b``: a of the record, b of the pupil).
BLOCKING: tuple[tuple[str, ...], ...] = (
    ("id_number",),
    ("id_head",),
    ("id_tail",),
    ("id_ends",),
    ("student_no",),
    ("name_sound",),
    ("birth", "surname"),
    ("birth", "school"),
    ("school", "surname"),
    ("school", "given_sound"),
    ("head_id=guardian_id",),
    ("former_school=school", "surname"),
    ("holder=name",),
)
# The same within the register, where every record tells name, birth date and guardian.
REGISTER_BLOCKING: tuple[tuple[str, ...], ...] = (
    ("id_number",),
    ("id_head",),
    ("id_tail",),
    ("id_ends",),
    ("student_no",),
    ("birth", "surname"),
    ("birth", "name_sound"),
    ("name_sound", "school"),
    ("guardian_id",),
    ("guardian", "surname"),
)
# What a record of either side has: text, NULL where it does not.
FIELDS: tuple[str, ...] = (
    "id_number", "id_kept", "id_birth", "id_head", "id_tail", "id_ends", "student_no", "name", "name_base", "name_sound",
    "name_lost", "surname", "given_sound", "birth", "birth_stated", "sex", "school", "former_school", "town", "guardian",
    "guardian_id", "head_id", "household", "holder", "card", "cards",
)  # fmt: skip
FREQUENCIES: tuple[str, ...] = tuple(
    sorted({level.frequency for comparison in COMPARISONS for level in comparison.levels if level.frequency})
)
