"""What the page says of a refusal: fields by their titles, in a line each; nobody at the desk knows the keys of a parameter file."""

from __future__ import annotations

import re
from functools import cache

from auditlib.base.declared_fields import meanings
from auditlib.base.errors import AuditError, Problem
from auditlib.base.language import Text
from auditlib.base.masking import scrub
from auditlib.city.parameters import ReCheck
from auditlib.law.parameters import SelfCheck
from auditlib.trend.parameters import Trend

IN_PLACE = " › "
MISSING, FILL_IN = "missing parameter", Text("请填写", "fill it in")
_QUOTED_PATTERN = re.compile("“([^”]+)”")


def refusal(error: AuditError, language: str) -> str:
    """What was refused; of what is a field of the page a line each, since its place is the field."""
    problems = [_with_title(problem) for problem in error.problems]
    if not all(_is_of_field(problem, language) for problem in problems):
        return AuditError(problems).into(language)
    colon = "：" if language == "zh" else ": "
    return scrub(
        "\n".join(f"{one.what.into(language)}{colon}{one.remedy.into(language)}" for one in problems)
    )


def _is_of_field(problem: Problem, language: str) -> bool:
    return f"“{problem.where.into(language)}”" in problem.what.into(language)


def _with_title(problem: Problem) -> Problem:
    """A problem of a parameter with the parameter's meaning for its key."""
    quotation = _QUOTED_PATTERN.search(problem.what.en)
    if not quotation:
        return problem
    _place, *keys = problem.where.en.split(IN_PLACE)
    path = keys if keys and keys[-1] == quotation[1] else [*keys, quotation[1]]
    at = next((n for n in range(len(path), 0, -1) if ".".join(path[:n]) in _titles()), 0)
    if not at:
        return problem
    title, below = _titles()[".".join(path[:at])], "".join(f"{IN_PLACE}{key}" for key in path[at:])
    where = Text(title.zh + below, title.en + below)
    zh, en = (
        text.replace(quotation[0], f"“{place}”")
        for text, place in ((problem.what.zh, where.zh), (problem.what.en, where.en))
    )
    remedy = FILL_IN if problem.what.en.startswith(MISSING) else problem.remedy
    return Problem(Text(zh, en), where, remedy)


@cache
def _titles() -> dict[str, Text]:
    return {
        key: text
        for declaration in (Trend, ReCheck, SelfCheck)
        for key, text in meanings(declaration).items()
    }
