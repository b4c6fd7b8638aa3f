"""Everyone whom a county's registers or payments name, once: what is compared with other counties."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.audit.assemble import Audit

PERSON = ("person_id", "name", "id_number", "id18", "student_no", "birth", "damaged")


def persons_of(audit: Audit) -> ir.Table:
    """``person_id, name, id_number, id18, student_no, birth, damaged``: as the enrolment register says it, else the
    eligibility registers, else the payments."""
    pupils = audit.pupils.mutate(damaged=(_.id_number_defect == "damaged").fill_null(False))
    eligible_people = audit.eligible.select(
        "person_id",
        name="eligible_name",
        id_number="eligible_id_number",
        id18="eligible_id18",
        student_no=ibis.null("string"),
        birth="eligible_birth",
        damaged=ibis.literal(False),
    )
    persons = pupils.select(*PERSON)
    persons = persons.union(eligible_people.anti_join(persons, "person_id").select(*PERSON))
    paid = _named_by(audit, "payments")
    return persons.union(paid.anti_join(persons, "person_id").select(*PERSON))


def with_letters(audit: Audit) -> ir.Table:
    """The same, and those whom only a letter names."""
    persons = persons_of(audit)
    return persons.union(_named_by(audit, "letters").anti_join(persons, "person_id").select(*PERSON))


def _named_by(audit: Audit, table: str) -> ir.Table:
    rows = audit.rows[table].filter(_.rejected.isnull())
    student_no = rows.student_no if "student_no" in rows.columns else ibis.null("string")
    return (
        rows.mutate(student_no=student_no)
        .group_by("person_id")
        .agg(
            name=_.name.min(),
            id_number=_.id_number.min(),
            id18=_.id18.min(),
            student_no=_.student_no.min(),
            birth=ibis.null("date"),
            damaged=(_.id_number_defect == "damaged").any().fill_null(False),
        )
    )
