"""Text hygiene as Ibis expressions: width, invisible characters, spaces, quotation. Idempotent."""

from __future__ import annotations

from collections.abc import Callable

import ibis
import ibis.expr.types as ir

Step = Callable[[ir.StringValue], ir.StringValue]
"""A step of cleaning: a cell as the step before it left it, to be a column of its own before the next."""

FULL_WIDTH = "".join(chr(c) for c in range(0xFF01, 0xFF5F))
HALF_WIDTH = "".join(chr(c - 0xFEE0) for c in range(0xFF01, 0xFF5F))
SPACES = "\u3000\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\t\r\n\u000b\f"
# Also the marks of direction that stand round a number copied out of a dialogue of Windows.
INVISIBLE = (
    "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
DOTS = "•．.・‧∙⋅･●"  # name separators that mean U+00B7
SEPARATOR = "·"
# What stands where a character was lost in a narrower encoding, or hidden: banks print 王*明.
LOST_SIGNS = "?□�*"
QUOTES = "'’‘`´\"“”"
# A cell that says in so many words that there is nothing; a defect would be unfair to it.
NOTHING = ("-", "--", "—", "——", "/", "\\", "无", "空", "暂无", "N/A", "NULL", "NONE", "NAN", "#N/A", "不详")
LONGEST_NOTHING = max(map(len, NOTHING))


# Cheap tests before the dear steps: most cells are clean already and pass through untouched.
TIDY = "^[!-~\u4e00-\u9fff]([ -~\u4e00-\u9fff]*[!-~\u4e00-\u9fff])?$"
COMPACT = "^[0-9A-Z+/\u4e00-\u9fff-]+$"
CHINESE = "^[\u4e00-\u9fff]+$"


def tidy(text: ir.StringValue) -> ir.StringValue:
    """Half width, plain spaces, nothing invisible, trimmed; empty is NULL."""
    plain = text.translate(FULL_WIDTH + SPACES + INVISIBLE, HALF_WIDTH + " " * len(SPACES))
    return unless(text, TIDY, plain.strip().nullif(""))


def unless(text: ir.StringValue, clean: str, slow: ir.StringValue) -> ir.StringValue:
    """``text`` where it matches the pattern ``clean`` already, else ``slow``: most cells need no cleaning."""
    return ibis.ifelse(text.re_search(clean), text, slow)


def without(text: ir.StringValue, characters: str) -> ir.StringValue:
    """``text`` with each of ``characters`` removed."""
    return text.re_replace("[" + "".join("\\" + c if c in "\\]^-[" else c for c in characters) + "]", "")


def compact(text: ir.StringValue) -> ir.StringValue:
    """``text`` (from :func:`tidy`) in upper case, without spaces, quotation marks or ``="…"`` wrapping, without a ``.0`` tail:
    for codes and numbers."""
    bare = without(text, " " + QUOTES + "=").upper()
    number = bare.re_extract(r"^([0-9]+)\.0+$", 1)
    return unless(text, COMPACT, ibis.ifelse(number != "", number, bare))


def something(text: ir.StringValue) -> ir.StringValue:
    """NULL where the cell is empty or says that there is nothing."""
    says_nothing = text.upper().isin(NOTHING) | (text == "")
    return ibis.ifelse(
        text.length() > LONGEST_NOTHING, text, ibis.ifelse(says_nothing, ibis.null("string"), text)
    )
