"""Name and number of a row beside those of the enrolment record it was linked to."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.audit.assemble import Audit
from auditlib.base.logic import beside, some, yes
from auditlib.cells.hygiene import SEPARATOR
from auditlib.linkage.model.names_and_numbers import NUMBER_OF_ANOTHER
from auditlib.rules.common import NO_REASON, UNKNOWN


def beside_register(rows: ir.Table, audit: Audit, *, told_elsewhere: bool = True) -> ir.Table:
    """Of ``rows`` of pupils those that differ from the enrolment register's name and number, or of which it cannot be told.

    ``name_differs``, ``number_differs``, ``differs`` (either) are NULL where a cell cannot be read.
    ``told_elsewhere``: of an impossible number another rule speaks, so that here it differs from none.
    """
    register = audit.pupils.filter(_.active.fill_null(True)).select(
        "person_id",
        "names",
        register_name=_.name,
        register_number=_.id_number,
        register_id18=_.id18,
        register_name_lost=_.name_defect.notnull(),
        register_damaged=yes(_.id_number_defect == "damaged"),
    )
    numbered_rows = rows.mutate(number=_.id18.coalesce(_.id_number))
    compared_rows = beside(
        numbered_rows.inner_join(register, "person_id"), _other_numbers(audit), ["person_id", "number"]
    )
    compared_rows = beside(compared_rows, _former_names(audit), ["person_id", "name"])
    compared_rows = compared_rows.mutate(number_known=yes(_.number_known))
    # Another kind of document is possible, and another number.
    unsound = ~_.id_number_defect.isin(["other_document"]) & (_.decided_by != "same_text") & told_elsewhere
    number_differs = ibis.cases(
        (_.decided_by.isin(NUMBER_OF_ANOTHER), ~_.doubled),
        (_.doubled | _.id_number.isnull(), False),
        (_.register_number.isnull() & (_.number == _.person_id), False),  # it stands in the G student number
        (yes(_.id_number_defect == "damaged") | _.register_damaged | _.register_number.isnull(), UNKNOWN),
        (yes(unsound), False),
        else_=(_.number != _.register_id18.coalesce(_.register_number)) & ~_.number_known,
    )
    name_differs = ibis.cases(
        (_.doubled, False),
        (_.name_defect.notnull() | _.register_name_lost, UNKNOWN),
        (_.name.replace(SEPARATOR, "") == _.register_name.replace(SEPARATOR, ""), False),
        else_=~_.names.contains(_.name) & ~yes(_.name_known),
    )
    differing = compared_rows.mutate(name_differs=name_differs, number_differs=number_differs)
    return differing.mutate(differs=_.number_differs | _.name_differs).filter(_.differs.fill_null(True))


def differences(rows: ir.Table, audit: Audit) -> ir.Table:
    """``person_id, exception, untested, reason``: what :func:`beside_register` found of each person, and how it differs."""
    explained_rows = _explained_rows(rows, audit.spellings).mutate(what=_what_differs())
    persons = explained_rows.group_by("person_id").agg(
        exception=some(_.differs),
        reason=_.what.max(),
        legible=(_.register_number.isnull() | _.differs.notnull()).all() & _.name_differs.notnull().all(),
    )
    return persons.mutate(
        untested=ibis.cases(
            (_.exception.notnull(), NO_REASON), (_.legible, "no_usable_number"), else_="spelling_lost"
        )
    )


def _other_numbers(audit: Audit) -> ir.Table:
    """``person_id, number``: those of a child with records under two numbers, which is another finding."""
    twice = audit.rows["enrolment"].filter(_.decided_by != "register").select("person_id").distinct()
    theirs = audit.rows["enrolment"].semi_join(twice, "person_id").mutate(number=_.id18.coalesce(_.id_number))
    return theirs.select("person_id", "number", number_known=ibis.literal(True)).distinct()


def _former_names(audit: Audit) -> ir.Table:
    """``person_id, name``: names that a pupil bore, by the register: a change of name is no other person's name."""
    former_names = audit.rows["enrolment"].filter(_.former_name.notnull())
    return former_names.select("person_id", name="former_name", name_known=ibis.literal(True)).distinct()


def _what_differs() -> ir.StringValue:
    """The reason: which of name and number differs, and how; NULL where neither does for certain."""
    return ibis.cases(
        (
            _.decided_by.isin(NUMBER_OF_ANOTHER) & yes(_.number_differs),
            "id_number_of_" + _.decided_by.re_replace("_number$", ""),
        ),
        (yes(_.number_differs) & yes(_.name_differs), "name_and_number"),
        (yes(_.number_differs), "id_number_" + _.number_how.fill_null("other")),
        (yes(_.name_differs), "name_" + _.name_how.fill_null("other")),
        else_=NO_REASON,
    )


def _explained_rows(rows: ir.Table, spellings: ir.Table) -> ir.Table:
    of_name = spellings.rename(name_how="how")
    of_number = spellings.rename(number_how="how")
    name_explained = rows.left_join(
        of_name, (rows.name == of_name.written) & (rows.register_name == of_name.registered)
    )
    name_explained = name_explained.drop("written", "registered")
    explained_rows = name_explained.left_join(
        of_number,
        (name_explained.id_number == of_number.written)
        & (name_explained.register_number == of_number.registered),
    )
    return explained_rows.drop("written", "registered")
