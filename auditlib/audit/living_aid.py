"""Payments of living aid in a list that does not tell boarders from day pupils (a bank's column 生活补助): which scheme each is.

As the planned list says, else as the register boards the child: by ID number, then by a name that leaves no choice. Of whom
neither tells, the payment counts as one of boarders: in the register it is nobody's, and found as that.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.base.engine import Engine
from auditlib.base.logic import beside, only
from auditlib.ingest.constants.sheet_constants import OF_BOARDERS, OF_DAY_PUPILS, UMBRELLA
from auditlib.tables.vocabulary import Vocabulary


def with_schemes(engine: Engine, tables: Mapping[str, ir.Table], words: Vocabulary) -> dict[str, ir.Table]:
    """``tables``, each payment of living aid with the scheme of its child; the very same where there is no such payment."""
    payments, schemes = tables["payments"], words.get("scheme", {})
    is_open = payments.filter(_.rejected.isnull() & (_.scheme == UMBRELLA))
    if not int(engine.fetch(is_open.agg(rows=is_open.count()))["rows"].iloc[0]):
        return dict(tables)
    boarders, day_pupils = schemes[OF_BOARDERS], schemes[OF_DAY_PUPILS]
    planned = tables["planned"].filter(_.rejected.isnull() & _.scheme.isin([boarders, day_pupils]))
    enrolled = tables["enrolment"].filter(_.rejected.isnull())
    boarded = enrolled.mutate(
        scheme=ibis.cases((_.boarding == "boarding", boarders), (_.boarding == "day", day_pupils))
    )
    with_answers = payments
    answers = []
    for source, rows, keys in (
        ("planned", planned, ("id18", "term")),
        ("boarded", boarded, ("id18",)),
        ("planned", planned, ("name", "term")),
        ("boarded", boarded, ("name",)),
    ):
        answer = f"{source}_by_{keys[0]}"
        of_child = rows.filter(_[keys[0]].notnull()).group_by(*keys).agg(**{answer: only(_.scheme)})
        with_answers = beside(with_answers, of_child, list(keys))
        answers.append(answer)
    scheme = ibis.coalesce(*(with_answers[answer] for answer in answers), ibis.literal(boarders))
    with_scheme = with_answers.mutate(
        scheme=ibis.ifelse(with_answers.scheme == UMBRELLA, scheme, with_answers.scheme)
    )
    kept = engine.keep("payments_of_living_aid", with_scheme.select(*payments.columns))
    return {**tables, "payments": kept}
