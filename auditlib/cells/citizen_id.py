"""Citizen ID numbers (GB 11643-1999, 15 digits GB 11643-1989) as Ibis expressions."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import ibis
import ibis.expr.types as ir

from auditlib.base.edited_lists import listed_rows
from auditlib.base.places import code_list

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
# A number that a spreadsheet stored as floating point: its tail is lost, its digits are not to be trusted.
DAMAGED_PATTERN = r"^[0-9]([.][0-9]+)?E[+]?[0-9]+$"
OTHER_DOCUMENT = r"^[A-Z]{1,4}[0-9]{6,12}[A-Z]?$"  # passports, permits: not citizen ID numbers
LOST_TAIL = r"^[0-9]{15}000$"
LAST_OF_EITHER = "20"  # two digits of a year up to this may be of 20xx, cut short, or of 19xx
HIDDEN_SIGN = "*"  # what a bank prints in place of a digit


def areas() -> tuple[str, ...]:
    """First two or four digits in use (params/codes/area.csv; 99 is kept for made-up people)."""
    return _prefixes(code_list("area"))


def is_area(text: ir.StringValue) -> ir.BooleanValue:
    """Does ``text`` begin with an area of registration? A province as a whole (00 behind it) is none, unless listed."""
    is_province = text.substr(2, 2) == "00"
    return (text.substr(0, 2).isin(areas()) & ~is_province) | text.substr(0, 4).isin(areas())


@lru_cache
def _prefixes(file: Path) -> tuple[str, ...]:
    return tuple(sorted(row["prefix"] for _, row in listed_rows(file, ("prefix",))))


def is_damaged(text: ir.StringValue) -> ir.BooleanValue:
    """A number in scientific notation: at most 15 of its digits are true."""
    return text.re_search(DAMAGED_PATTERN)


def check_character(text: ir.StringValue) -> ir.StringValue:
    """The check character that the 17 digits ``text`` begins with ask for; NULL when they are not digits.

    Of a 15-digit number: of its widened form, so ask with ``widened(text)``.
    """
    digits = [text.substr(i, 1).try_cast("int64") * weight for i, weight in enumerate(WEIGHTS)]
    total = digits[0]
    for digit in digits[1:]:
        total = total + digit
    return ibis.literal(CHECK_CHARACTERS).substr(total % 11, 1)


def birth_text(text: ir.StringValue) -> ir.StringValue:
    """The birth date inside the number as ``YYYY-MM-DD`` text, of 18 or 15 digits; not checked.

    NULL of 15 digits whose two of the year are ``LAST_OF_EITHER`` at most: they are a child's of 18, the century cut away, as often
    as those of somebody a hundred years old.
    """
    long = text.substr(6, 4) + "-" + text.substr(10, 2) + "-" + text.substr(12, 2)
    short = ibis.literal("19") + text.substr(6, 2) + "-" + text.substr(8, 2) + "-" + text.substr(10, 2)
    return ibis.cases(
        (text.re_search(r"^[0-9]{17}[0-9X]$"), long),
        (text.re_search(r"^[0-9]{15}$") & (text.substr(6, 2) > LAST_OF_EITHER), short),
        else_=ibis.null("string"),
    )


def birth_date(text: ir.StringValue) -> ir.DateValue:
    """The birth date inside the number, also of one whose check digit is wrong; NULL when impossible."""
    return birth_text(text).try_cast("date")


def birth_left(text: ir.StringValue) -> ir.DateValue:
    """The birth date in what scientific notation left of a number of 18 digits (``9.90122197712018E+17``); NULL where it left less."""
    digits = text.replace(".", "").re_extract(r"^([0-9]{14,15})E[+]?17$", 1)
    return birth_date(digits.substr(0, 14) + "0000")  # of 18 characters, as it was


def defect(text: ir.StringValue, check: ir.StringValue) -> ir.StringValue:
    """Why ``text`` is no possible ID number: NULL when sound, else the first reason that holds.

    ``check``: its :func:`check_character`, computed beforehand because it is long.

    ``damaged`` (floating point), ``other_document``, ``characters``, ``length``, ``area``, ``date``,
    ``check_digit``.
    """
    long = text.length() == 18
    birthday = birth_date(text)
    wrong_check = long & (text.substr(17, 1) != check)
    possible = is_area(text) & (birthday >= ibis.date("1800-01-01"))
    sound = text.re_search(r"^[0-9]{17}[0-9X]$") & ~wrong_check & possible
    return ibis.cases(
        (text.isnull(), ibis.null("string")),
        (sound.fill_null(False), ibis.null("string")),  # first, because almost all are
        (is_damaged(text) | (wrong_check & text.re_search(LOST_TAIL)), "damaged"),
        (text.re_search(OTHER_DOCUMENT), "other_document"),
        (~text.re_search(r"^[0-9]+X?$"), "characters"),
        (~text.length().isin([15, 18]), "length"),
        (birthday.isnull() & ~text.re_search(r"^([0-9]{15}|[0-9]{17}[0-9X])$"), "characters"),
        (~is_area(text), "area"),
        (birthday.isnull() | (birthday < ibis.date("1800-01-01")), "date"),
        (wrong_check, "check_digit"),
        else_=ibis.null("string"),
    )


def widen(text: ir.StringValue) -> ir.StringValue:
    """The first 17 characters: a 15-digit number gets its century, an 18-character one loses its check."""
    return ibis.ifelse(text.length() == 15, text.substr(0, 6) + "19" + text.substr(6, 9), text.substr(0, 17))


def normalise(text: ir.StringValue, check: ir.StringValue, reason: ir.StringValue) -> ir.StringValue:
    """The 18-character form of a sound number (``reason`` NULL); NULL for an unsound one."""
    return ibis.ifelse(reason.isnull(), widen(text) + check, ibis.null("string"))


def legible(text: ir.StringValue) -> ir.StringValue:
    """``text``; NULL where every digit of it is hidden: such a cell tells no number."""
    says_nothing = text.contains(HIDDEN_SIGN) & ~text.re_search("[0-9]")
    return ibis.ifelse(says_nothing.fill_null(False), ibis.null("string"), text)


def hidden_pattern(text: ir.StringValue) -> ir.StringValue:
    """The pattern (of LIKE) of the numbers that ``text`` may be, of which a part is hidden; lists differ in the number of signs."""
    return text.re_replace("[*]+", "%")
