"""Children who cannot be judged, by name: to be looked up one by one, or the file to be asked for anew."""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.audit.assemble import Audit, addressed_rows
from auditlib.base.language import Text
from auditlib.base.logic import NO_ROWS, beside, record, values_of
from auditlib.linkage.exact import LINKED_TABLES
from auditlib.rules.common import NOT_DUE
from auditlib.tables.wording import word

UNCLEAR = "unclear"  # the kept table of what unclear() gives
CUT = "id_number_damaged"
# What lacks is the standard or the register, not something about the child.
NO_STANDARD = "no_standard"
NOT_OF_THE_CHILD = (NO_STANDARD, "register_not_delivered", "term_not_delivered", *NOT_DUE)
PERSON = ("judged", "why", "name", "id_number", "student_no", "town", "school_name", "records")
ORDER = ("judged", "town", "school_name", "name", "person_id")
OF_STATE = {"untested": "unknown", "age_unknown": "birth_unknown"}
LOOK_UP = Text("逐人查明", "look the child up")
ADD_STANDARD = Text(
    "补上本地的标准（“标准”一步，或政策文件）再核",
    "add the local standard (step Standards, or the policy file) and check again",
)
ASK_ANEW = Text(
    "证号被电子表格截断：请重新索取原文件（证号列设为文本）",
    "ID number cut by a spreadsheet: ask for the file anew, the column kept as text",
)


def unclear(audit: Audit, missed: Mapping[str, ir.Table], account: ir.Table) -> ir.Table:
    """One row a person: ``person_id`` and PERSON.

    ``missed``: the populations of the rules ``missed.*`` that ran; ``account``: every child's ``state``
    (:func:`auditlib.findings.children.children`). Of those not ``judged`` some rule could not tell, or the account cannot; the others
    are here because a number of theirs was cut. ``why``: codes, sorted.
    """
    open_, cut = _open(missed, account), _cut(audit)
    reasons = open_.mutate(open=ibis.literal(True)).union(
        cut.select("person_id", why=ibis.literal(CUT), open=ibis.literal(False))
    )
    persons = reasons.group_by("person_id").agg(judged=~_.open.any(), why=values_of(_.why))
    registers = ibis.union(*(addressed_rows(audit, name) for name in ("enrolment", "eligibility")))
    rows = registers.semi_join(persons, "person_id").union(cut).group_by("person_id")
    persons_placed = beside(beside(persons, audit.people), rows.agg(records=values_of(_.record)))
    persons_placed = persons_placed.mutate(records=_.records.coalesce(NO_ROWS))
    return persons_placed.select("person_id", *PERSON)


def _open(missed: Mapping[str, ir.Table], account: ir.Table) -> ir.Table:
    """``person_id, why``: whom a rule on missed children, or the account of children, cannot judge."""
    state = account.filter(_.state.isin(list(OF_STATE)))
    of_account = state.select("person_id", why=_.state.cases(*sorted(OF_STATE.items()), else_="unknown"))
    of_rules = [
        population.filter(_.exception.isnull() & ~_.untested.isin(NOT_OF_THE_CHILD)).select(
            "person_id", why="untested"
        )
        for population in missed.values()
    ]
    if not of_rules:
        return of_account
    by_rule = ibis.union(*of_rules)
    rest = of_account.anti_join(by_rule, "person_id")
    without_standard = ibis.union(
        *(
            population.filter(_.exception.isnull() & (_.untested == NO_STANDARD)).select("person_id")
            for population in missed.values()
        )
    )
    of_standard = rest.semi_join(without_standard, "person_id").mutate(why=ibis.literal(NO_STANDARD))
    return by_rule.union(rest.anti_join(without_standard, "person_id")).union(of_standard)


def _cut(audit: Audit) -> ir.Table:
    """``person_id, record`` of the rows whose ID number a spreadsheet cut."""
    return ibis.union(*(
        audit.rows[name].filter(_.id_number_defect == "damaged").select("person_id", record=record(name))
        for name in ("enrolment", *LINKED_TABLES)
    ))  # fmt: skip


def why_text(codes: list[str], language: str) -> str:
    """Why a child cannot be judged, in words."""
    return ("；" if language == "zh" else "; ").join(word(code, language) for code in codes)


def action_text(codes: list[str], language: str) -> str:
    """What is to be done about it."""
    action = ASK_ANEW if CUT in codes else ADD_STANDARD if {*codes} == {NO_STANDARD} else LOOK_UP
    return action.into(language)
