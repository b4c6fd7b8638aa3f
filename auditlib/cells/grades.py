"""Grades as they are written: without their class, and what school and age say where the stage is left open.

三(2)班, 302 and 2022级 name a year of a stage, not the stage: it is the one that the school teaches and in which a
child of that age entered. Where two stages fit, or none, the grade is not read.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from functools import lru_cache, reduce

import ibis
import ibis.expr.types as ir

from auditlib.cells.hygiene import Step, compact, tidy, unless

_NUMBER = "一二三四五六七八九"
_CLASS = r"第?(?:\([0-9一二三四五六七八九十]{1,3}\)班?|[0-9一二三四五六七八九十]{1,3}班)"
_PLAIN = "^[小初高]?[一二三四五六七八九]年级$"
_WITH_CLASS = rf"^(.*(?:年级|(?:小学?|初中?|高中?|中职|中专|普高|职高?)[一二三四五六1-6]|[七八九])){_CLASS}$"
_WITH_YEAR = rf"^([^0-9]+?)部?20[0-9]{{2}}级(?:{_CLASS})?$"
_SECTION = r"^(小学|初中|高中|中职|职高)部."
_HALF_YEAR = r"年级\(?[上下](?:学?期|册)?\)?$"
_NURSERY = r"^(?:([大中])[一二三四五六1-6]班|([大中小托])(?:班\(?[0-9一二三四五六]{1,2}\)?班?|\([0-9一二三四五六]{1,2}\)班?))$"

# The year of a stage that is left open: the number of the grade, or the first digit of a class's.
_K = r"[0-9一二三四五六七八九十]{1,2}"
_OPEN = (
    rf"^([{_NUMBER}])(?:(?:年|[.、,-])\(?{_K}\)?班?|\({_K}\)班?|{_K}班|[0-9]{{1,2}}|[上下](?:学?期)?|年级)?$",
    rf"^0?([1-9])(?:(?:年|[.、,-])\(?{_K}\)?班?|\({_K}\)班?|[0-9]{{2}}班?|年级)?$",
)
_UPPER = r"^(1[0-2])[0-9]{2}班?$"  # 1002: the second class of the tenth grade
_ENTERED_PATTERN = rf"^(?:20)?([0-9]{{2}})级(?:{_CLASS})?$"
_ENTRY_DATE = re.compile(
    r"(?P<year>20[0-9]{2})(?:[-./年]?(?P<month>0?[1-9]|1[0-2])(?:[-./月]?(?:0?[1-9]|[12][0-9]|3[01]))?[日号月]?(?:[ T]?0?0:00(?::00)?)?|[级年]?(?:秋季?)?)"
)
# 五·2班, 六⑴班: signs that stand for the point or the brackets between a grade and its class.
_SIGNS = str.maketrans("·•‧・⑴⑵⑶⑷⑸⑹⑺⑻⑼①②③④⑤⑥⑦⑧⑨", "....123456789123456789")
# 青川镇中心小学三年级2班, 第二初级中学八(1)班: the school, its kind, its part, the grade.
_AFTER_SCHOOL = re.compile(
    rf"(?P<school>.*?)(?P<kind>小学|完小|教学点|初级中学|初中|高级中学|高中|中学|学校|[{_NUMBER}十0-9]中)"
    rf"(?:[东西南北新老本分]校区?|校区|部)?"
    rf"(?P<grade>(?:[{_NUMBER}1-9]|1[0-2]|十[一二]?)年级.*|[初高小][一二三四五六1-6].*|[{_NUMBER}1-9](?:年|[(.]).*|[1-9][0-9]{{2}}班?)"
)
_HUNDREDS = re.compile("[1-9][0-9]{2}班?")
_OF_KIND = {
    "小学": "小学",
    "完小": "小学",
    "教学点": "小学",
    "初级中学": "初中",
    "初中": "初中",
    "高级中学": "高中",
    "高中": "高中",
}
_FIRST_YEARS = re.compile(
    "[一二三1-3]"
)  # of a school named 中学 only: the first year of which of its stages?
_RESPELLINGS = (
    (re.compile(r"(小学?|初中?|高中?|中职|职高|普高)部?\(?([0-9]{2})(级.*)"), r"\g<1>20\2\3"),  # 初23级
    (re.compile(r"(初中?|高中?|小学?)(20[0-9]{2})"), r"\1\2级"),
    (re.compile(r"(初中?|高中?|小学)20[0-9]{2}届(?:.*班)?"), r"\1"),  # leaves school in that year
    (re.compile(r"小(20[0-9]{2}级.*)"), r"小学\1"),
    (re.compile(rf"((?:小学|初中|高中|中职|职高)[{_NUMBER}1-6]年)"), r"\1级"),
    (re.compile(r"([小初高][一二三四五六]|[七八九])[0-9]{1,2}"), r"\1"),  # 初二2, 八3
    (re.compile("G([1-9]|1[0-2])"), r"\1年级"),
    (re.compile("(?:培智|启智|启聪|启明|特教)[^年]{0,4}班"), "特教班"),
    (
        re.compile("(学前)[一二三四五六1-6]班|(?:.*幼儿园|幼儿)(学前|[大中小托])[一二三四五六1-6]?班"),
        r"\1\2班",
    ),
)
_SERIAL = re.compile(r"([34][0-9]{4})(?:\.0+)?")
_EXCEL_DAY_0 = dt.date(1899, 12, 30)
_BEGINNINGS = range(7, 11)  # months
_ENTERED_BARE = r"^20([0-9]{2})$"
_LOW_GRADE = r"^[1-3一二三](?:年级)?$"  # of which every stage but nursery has one
_SMALL = r"^小[一二三四五六1-6]班$"  # 小班一班 of a kindergarten, or 小学一年级
_NURSERY_AGES = (2, 4)  # in the first of its years

# The years of a stage, and the ages in whole years at which a child enters it, counted on 31 August.
_STAGES = {
    "preschool": (3, 2, 4),
    "primary": (6, 5, 9),
    "junior": (4, 11, 14),
    "senior": (3, 14, 18),
    "vocational": (3, 14, 18),
}
# Per stage the grade with which it begins where grades are counted through, and its last year.
_YEARS_COUNTED = {
    "primary": (1, 6),
    "junior": (7, 4),
    "senior": (10, 3),
    "vocational": (10, 5),
    "special": (1, 9),
}
_NTH = rf"^[^0-9{_NUMBER}十]*(1[0-2]|0?[1-9]|十[一二]?|[{_NUMBER}])(?:年级?|级)?$"
_YEAR_OF_ENTRY = r"(?:20([0-9]{2})(?:级|$)|^([0-9]{2})级)"
_TRADE, _SPECIAL = "职业|职教|职高|职校|中专|技工|技校|卫校", "特殊教育|特教|聋|盲|启智|培智"


def _of_year(text: ir.StringValue) -> ir.StringValue:
    """Without the section of a school (小学部一年级) and the half year."""
    section = ibis.ifelse(text.re_search(_SECTION), text.re_replace("部", ""), text)
    return unless(text, _PLAIN, section.re_replace(_HALF_YEAR, "年级"))


def _without_class(text: ir.StringValue) -> ir.StringValue:
    grade, stage = text.re_extract(_WITH_CLASS, 1), text.re_extract(_WITH_YEAR, 1)
    nursery = text.re_extract(_NURSERY, 1) + text.re_extract(_NURSERY, 2)
    read = ibis.cases((nursery != "", nursery + "班"), (grade != "", grade), (stage != "", stage), else_=text)
    return unless(text, _PLAIN, read)


STEPS: tuple[Step, ...] = (tidy, compact, _of_year, _without_class)
"""A grade without its class, half year and year of entry: 七年级(3)班 is 七年级, 小学2019级3班 is 小学."""


def tells_grade(cell: str) -> bool:
    """Does a cell of a column of classes name the grade too (三年级1班, 三(2)班, 302, 2022级3班)?"""
    forms = (_WITH_CLASS, _WITH_YEAR, _NURSERY, _SMALL, _ENTERED_PATTERN, _UPPER, *_OPEN)
    text = _plain(spelled_out(cell) or "")
    is_of_form = len(text) > 1 and any(re.search(form, text) for form in forms)
    return text != _plain(cell) or "年级" in text or is_of_form


@lru_cache(maxsize=1 << 14)
def spelled_out(cell: str | None) -> str | None:
    """A grade in a form that :data:`STEPS` read: without the school before it (青川镇中心小学三年级2班), 初23级 as 初2023级,
    五·2班 as 五.2班, 初二2 as 初二; as it stands where it is none of these."""
    text = _plain(cell or "")
    if match := _AFTER_SCHOOL.fullmatch(text):
        text = _of_school(match) or text
    for form, plain in _RESPELLINGS:
        if match := form.fullmatch(text):
            text = match.expand(plain)
    as_it_stands = cell is None or (text == _plain(cell) and cell.translate(_SIGNS) == cell)
    return cell if as_it_stands else text


def _plain(cell: str) -> str:
    return unicodedata.normalize("NFKC", cell.translate(_SIGNS)).replace(" ", "").upper()


def _of_school(match: re.Match[str]) -> str:
    school, kind, grade = match["school"], match["kind"], match["grade"]
    if grade[0] in "初高小":
        return grade
    if kind in _OF_KIND:
        grade = f"{grade[0]}年级" if _HUNDREDS.fullmatch(grade) else grade
        return ("职高" if school.endswith("职业") else _OF_KIND[kind]) + grade
    of_several = _HUNDREDS.fullmatch(grade) or (kind != "学校" and _FIRST_YEARS.match(grade))
    return "" if of_several else grade


def year_entered(cell: str | None) -> str | None:
    """A day, month or year of entry (2019-09, 2019年9月1日, 201909, an Excel serial) as 2019级; as it stands where it is no date of the
    beginning of a school year: who came in March came from another school."""
    text = (cell or "").strip()
    if serial := _SERIAL.fullmatch(text):
        day = _EXCEL_DAY_0 + dt.timedelta(days=int(serial[1]))
        year, month = day.year, day.month
    elif match := _ENTRY_DATE.fullmatch(text):
        year, month = int(match["year"]), int(match["month"] or 9)
    else:
        return cell
    return f"{year}级" if month in _BEGINNINGS else cell


def evidence(
    grade_text: ir.StringValue, school: ir.StringValue, birth: ir.DateValue, term: str
) -> dict[str, ir.Value]:
    """What tells the stage of a grade as ``grade_text`` (cleaned by ``STEPS``), to be kept before :func:`stage` uses it.

    ``grade_years``: completed years of the stage; ``grade_entry``: the age at which the child entered it (NULL where
    ``birth`` is); ``grade_taught``: the stages that the school's name says it teaches, ``""`` where it says none.
    """
    year = _school_year(term)
    entry_year = grade_text.re_extract(_ENTERED_PATTERN, 1) + grade_text.re_extract(_ENTERED_BARE, 1)
    number = grade_text.re_extract(_OPEN[0], 1).translate(_NUMBER, "123456789") + (
        grade_text.re_extract(_OPEN[1], 1) + grade_text.re_extract(_UPPER, 1)
    )
    years = ibis.cases(
        (entry_year != "", year - 2000 - entry_year.nullif("").try_cast("int64")),
        (number != "", number.nullif("").try_cast("int64") - 1),
    )
    age = year - birth.year().cast("int64") - (birth.month() > 8).cast("int64")
    return {"grade_years": years, "grade_age": age, "grade_taught": _taught_stage(school)}


def stage(
    grade_text: ir.StringValue,
    listed_stage: ir.StringValue,
    years: ir.IntegerValue,
    age: ir.IntegerValue,
    taught_stage: ir.StringValue,
) -> ir.StringValue:
    """The stage of a grade: as ``listed_stage`` in params/codes/grade.csv, else the only one that the evidence allows; NULL
    where that is none or several.

    A low grade (一年级) of a school whose name says that it is no primary school is one of its own stage; 小一班 is the
    first year of a kindergarten where the school is one, or the child is of that age.
    """
    open_ = _only({name: _fits(name, years, age, taught_stage) for name in _STAGES})
    # 11 and 12 are the first grades in one list of codes, the last ones in another.
    coded = grade_text.isin(["11", "12"])
    last = grade_text.nullif("").try_cast("int64") - 10
    of_code = _only(
        {
            "primary": _fits("primary", last - 1, age, taught_stage),
            "senior": _fits("senior", last, age, taught_stage),
        }
    )
    low = grade_text.re_search(_LOW_GRADE) & (listed_stage == "primary")
    own = (
        low
        & (taught_stage != "")
        & ~taught_stage.contains("primary")
        & ~_of_age("primary", years, age).fill_null(False)
    )
    junior = years.isin([6, 7, 8]) & ~grade_text.contains("级")
    upper = grade_text.re_search(_UPPER) & ((taught_stage == "") | taught_stage.contains("senior"))
    small = grade_text.re_search(_SMALL) & ((taught_stage == "preschool,") | age.between(*_NURSERY_AGES))
    return ibis.cases(
        (small.fill_null(False), "preschool"),
        (own.fill_null(False), open_),
        (listed_stage.notnull(), listed_stage),
        (coded, of_code),
        (junior.fill_null(False), "junior"),
        (upper.fill_null(False), "senior"),
        else_=open_,
    )


def year_evidence(
    raw: ir.StringValue, grade_text: ir.StringValue, years: ir.IntegerValue
) -> dict[str, ir.Value]:
    """What tells the year of study of a grade, from its cell as delivered (``raw``) and as :func:`text` has it, to be kept
    before :func:`study_year` uses it. ``years``: ``grade_years`` of :func:`evidence`.

    ``grade_number``: which grade it is; ``grade_entered``: the year of entry (中职), NULL where none stands there.
    """
    nth = grade_text.re_extract(_NTH, 1)
    digits = (
        nth.replace("十一", "11").replace("十二", "12").replace("十", "10").translate(_NUMBER, "123456789")
    )
    number = ibis.coalesce(years + 1, digits.nullif("").try_cast("int64"))
    code = compact(tidy(raw))
    entry = code.re_extract(_YEAR_OF_ENTRY, 1) + code.re_extract(_YEAR_OF_ENTRY, 2)
    return {"grade_number": number, "grade_entered": entry.nullif("").try_cast("int64") + 2000}


def study_year(
    number: ir.IntegerValue, entry_year: ir.IntegerValue, stage: ir.StringValue, term: str
) -> ir.IntegerValue:
    """The year of the stage (1: the first) of a grade, from :func:`year_evidence`; NULL where neither a number nor a year of
    entry stands there, or one that the stage does not have."""
    cases = []
    for name, (first, last) in _YEARS_COUNTED.items():
        year_counted = ibis.ifelse(number >= first, number - first + 1, number)
        year = ibis.ifelse(entry_year.notnull(), _school_year(term) - entry_year + 1, year_counted)
        cases.append(((stage == name) & year.between(1, last), year))
    return ibis.cases(*cases, else_=ibis.null("int64"))


def _school_year(term: str) -> int:
    """The calendar year in which the school year of ``term`` began."""
    return int(term[:4]) - term.endswith("spring")


def _fits(
    name: str, years: ir.IntegerValue, age: ir.IntegerValue, taught_stage: ir.StringValue
) -> ir.BooleanValue:
    """Can a child in that year, of that age, in that school, be of the stage ``name``?"""
    taught_there = (taught_stage == "") | taught_stage.contains(name)
    has_evidence = (taught_stage != "") | age.notnull()
    fits = taught_there & has_evidence & years.between(0, _STAGES[name][0] - 1)
    return (fits & _of_age(name, years, age).fill_null(True)).fill_null(False)


def _of_age(name: str, years: ir.IntegerValue, age: ir.IntegerValue) -> ir.BooleanValue:
    _, youngest, oldest = _STAGES[name]
    return (age - years).between(youngest, oldest)


def _only(fits: dict[str, ir.BooleanValue]) -> ir.StringValue:
    """The stage that alone fits."""
    alone = [
        (ibis.and_(fit, *(~other for other in fits.values() if other is not fit)), name)
        for name, fit in fits.items()
    ]
    return ibis.cases(*alone, else_=ibis.null("string"))


def _taught_stage(school: ir.StringValue) -> ir.StringValue:
    name = school.fill_null("")
    middle = name.contains("中学") & ~name.re_search("高级中学|初级中学")
    through = name.re_search("一贯|学校") & ~name.re_search(f"{_TRADE}|{_SPECIAL}")
    signs = {
        "preschool": name.re_search("幼儿园|幼教|托儿|托育"),
        "primary": name.re_search("小学|完小|教学点|中心校|附小") | through,
        "junior": name.re_search("初级中学|初中|完中") | middle | through,
        "senior": name.re_search("高级中学|高中|完中") | middle | (through & ~name.contains("九年")),
        "vocational": name.re_search(_TRADE),
        "special": name.re_search(_SPECIAL),
    }
    parts = [ibis.ifelse(says, stage_name + ",", "") for stage_name, says in signs.items()]
    return reduce(lambda a, b: a + b, parts)
