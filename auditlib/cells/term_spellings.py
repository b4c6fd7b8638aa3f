"""Terms as they are written in the field, read by Ibis expressions."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

CANONICAL = r"^([0-9]{4})-(SPRING|AUTUMN)$"
SEASON = r"^([0-9]{4})年?度?\(?(春|秋)季?\)?(学期|期)?$"
TWO_DIGITS = r"^([0-9]{2})(?:年度?)?\(?(春|秋)季?\)?(学期|期)?$"  # 24年秋, 24秋季学期
HALF = r"^([0-9]{4})年?(上|下)半年$"
SCHOOL_YEAR = (
    r"^([0-9]{4})[-—–~至/]([0-9]{4})学?年?度?[-,]?\(?第?0?(一|二|1|2|上|下|秋|春)(季|半|学)?(学期|期)?\)?$"
)
SHORT_YEAR = r"^([0-9]{4})学年度?第?(一|二|1|2|秋|春)(季)?(学期|期)?$"
SEASON_FIRST = r"^(春|秋)季?(?:学期)?\(?([0-9]{4})(?:年|学年)?\)?$"  # 秋季(2024)
_FROM, _TO = r"^([0-9]{4})[-./年]?", r"月?[-—–~至到]"
AUTUMN_MONTHS = _FROM + "0?[89]" + _TO + r"[0-9]{4}[-./年]?0?[12]月?$"  # 2024.9-2025.1
SPRING_MONTHS = _FROM + "0?[23]" + _TO + r"(?:[0-9]{4}[-./年]?)?0?[678]月?$"
# The months in which a term begins or ends, 8, 1 and 2, tell by themselves of which it is only to those who wrote them.
AUTUMN_MONTH, SPRING_MONTH = _FROM + "(?:0?9|1[0-2])月?份?$", _FROM + "0?[34567]月?份?$"
FIRST = ("一", "1", "上", "秋")


def read(cell: ir.StringValue) -> ir.StringValue:
    """The term that compact text names, else NULL."""
    year, next_year = cell.substr(0, 4), cell.re_extract(SCHOOL_YEAR, 2)
    season = cell.re_extract(SEASON, 2)
    following = (year.try_cast("int64") + 1).cast("string")
    consecutive = next_year == following
    return ibis.cases(
        (cell.re_search(CANONICAL), cell.lower()),
        (cell.re_search(SEASON), year + ibis.ifelse(season == "春", "-spring", "-autumn")),
        (cell.re_search(TWO_DIGITS), _short(cell)),
        (cell.re_search(HALF), year + ibis.ifelse(cell.contains("上"), "-spring", "-autumn")),
        (
            cell.re_search(SCHOOL_YEAR) & consecutive,
            _of_year(cell.re_extract(SCHOOL_YEAR, 3), year, next_year),
        ),
        (cell.re_search(SHORT_YEAR), _of_year(cell.re_extract(SHORT_YEAR, 2), year, following)),
        (
            cell.re_search(SEASON_FIRST),
            cell.re_extract(SEASON_FIRST, 2)
            + ibis.ifelse(cell.re_extract(SEASON_FIRST, 1) == "春", "-spring", "-autumn"),
        ),
        (cell.re_search(f"{AUTUMN_MONTHS}|{AUTUMN_MONTH}"), year + "-autumn"),
        (cell.re_search(f"{SPRING_MONTHS}|{SPRING_MONTH}"), year + "-spring"),
        else_=ibis.null("string"),
    )


def _short(cell: ir.StringValue) -> ir.StringValue:
    season = ibis.ifelse(cell.re_extract(TWO_DIGITS, 2) == "春", "-spring", "-autumn")
    return ibis.literal("20") + cell.re_extract(TWO_DIGITS, 1) + season


def _of_year(half: ir.StringValue, first: ir.StringValue, second: ir.StringValue) -> ir.StringValue:
    return ibis.ifelse(half.isin(FIRST), first + "-autumn", second + "-spring")
