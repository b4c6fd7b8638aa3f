"""Who finished by the record (毕业、结业、肄业), and whether that was the end of compulsory education.

A status says that a child left with a certificate or without; of which year it was tells whether school was over for it.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.audit.assemble import Audit
from auditlib.base.logic import every

GRADUATED = "graduated"
FINISHED_PRIMARY, LEFT_UNFINISHED = "finished_primary", "left_unfinished"
# The last year of a stage with which compulsory education ends.
LAST_YEARS = {"junior": 3, "special": 9}
# A primary school of five years is followed by a junior school of four: from the fifth year on a child may have moved on.
PRIMARY_ENDS, PRIMARY_IS_OVER = 5, 6


def ends_compulsory(stage: ir.StringValue, study_year: ir.IntegerValue) -> ir.BooleanValue:
    """Is compulsory education over for who finished by such a record? NULL where stage or year do not tell."""
    return ibis.cases(
        (stage.isnull(), ibis.null("boolean")),
        (stage.isin(["preschool", "primary"]), False),
        (stage == "junior", study_year.fill_null(LAST_YEARS["junior"]) >= LAST_YEARS["junior"]),
        (stage == "special", study_year >= LAST_YEARS["special"]),
        else_=True,
    )


def graduates(audit: Audit) -> ir.Table:
    """``person_id``: who has a record of having finished, with ``graduated``.

    - ``unfinished``: compulsory education was not over with any of the records; NULL: stage or year is not known. Nobody who
      finished primary school where the register holds no junior schools, which would have to know the child.
    - ``moved_on``: it was the end of primary school, after which a child may be at a junior school elsewhere.
    - ``finished_at``: FINISHED_PRIMARY or LEFT_UNFINISHED, what to call it.
    """
    records = audit.rows["enrolment"].filter(_.rejected.isnull() & (_.status == GRADUATED))
    holds_next = ibis.literal("junior" in audit.parameters.enrolment_covers) | ~_.stage.isin(
        ["preschool", "primary"]
    ).fill_null(False)
    is_primary = (_.stage == "primary").fill_null(False)
    year = _.study_year.fill_null(PRIMARY_IS_OVER)
    return (
        records.group_by("person_id")
        .agg(
            graduated=ibis.literal(True),
            unfinished=every(~ends_compulsory(_.stage, _.study_year) & holds_next),
            moved_on=(is_primary & (year >= PRIMARY_ENDS)).any(),
            of_primary=(is_primary & (year >= PRIMARY_IS_OVER)).any(),
            stage_unknown=_.stage.isnull().any(),
        )
        .mutate(finished_at=ibis.ifelse(_.of_primary, FINISHED_PRIMARY, LEFT_UNFINISHED))
        .drop("of_primary")
    )
