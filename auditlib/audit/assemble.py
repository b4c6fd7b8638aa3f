"""What the rules stand on: pupils, eligible persons, aid paid and aid due, each one row per person (and scheme).

Every question has three answers: true, false, and NULL where the data cannot tell.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.audit.aid import (
    aid_cases,
    aid_due,
    aid_paid,
    live_rows,
    payees_of,
    reversals,
    stages_of_schools,
)
from auditlib.audit.last_term import last_term
from auditlib.audit.persons import (
    claims_of,
    doubtful_persons,
    eligible_of,
    enrolled_rows,
    half_read_rows,
    named_otherwise,
    of_lone_names,
    paid_to_kin,
    people_of,
    pupils_of,
    spellings_of,
    with_earlier,
)
from auditlib.base import terms
from auditlib.base.engine import Engine
from auditlib.base.logic import addresses, beside, record, yes
from auditlib.base.plans import Plans, definitions
from auditlib.cells.hygiene import LOST_SIGNS
from auditlib.law import working_days
from auditlib.law.parameters import SelfCheck
from auditlib.law.policy import Policy, in_force, standards_ended
from auditlib.linkage.exact import LINKED_TABLES, Linked
from auditlib.tables.audit_tables import AUDIT_TABLES, LAST_TERM, register_tables

STANDARDS, EXCLUSIONS = AUDIT_TABLES["standards"].schema, AUDIT_TABLES["exclusions"].schema
ENDED_COLUMNS = ("scheme", "stage")
SCHEMES = {
    "scheme": "string", "scheme_stages": "array<string>", "scheme_boarding": "boolean", "needs_category": "boolean",
    "covered": "boolean",
}  # fmt: skip


NOTHING_LACKING: Mapping[str, tuple[str, ...]] = MappingProxyType({})


@dataclass(frozen=True)
class Audit:
    """The tables that rules are written over, and the auditor's choices.

    Each table and column is declared in auditlib/tables/audit_tables.py and told in docs/audit-tables.md. ``rows`` are the
    delivered tables, standardised, with the person and school of each row; ``last_term`` the pupils of the term before,
    where ``previous`` names a run of it; ``sheets_lacking`` the sheets that do not give a column which others give. Raises NotAsDeclared where a table is not what its declaration says.
    """

    parameters: SelfCheck
    policy: Policy
    rows: dict[str, ir.Table]
    pupils: ir.Table
    eligible: ir.Table
    aid: ir.Table
    payees: ir.Table
    paid_rows: ir.Table
    doubtful: ir.Table
    open_pairs: ir.Table
    standards: ir.Table
    exclusions: ir.Table
    school_stages: ir.Table
    people: ir.Table
    spellings: ir.Table
    calendar: ir.Table
    uncertain: ir.Table
    identities: ir.Table
    school_names: ir.Table
    columns_found: dict[str, frozenset[str]] = field(default_factory=dict)
    last_term: ir.Table | None = None
    linked: Linked | None = None
    sheets_lacking: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: NOTHING_LACKING)

    def __post_init__(self) -> None:
        for name, declaration in AUDIT_TABLES.items():
            declaration.hold(getattr(self, name))
        for name, declaration in register_tables().items():
            declaration.hold(self.rows[name])
        if self.last_term is not None:
            LAST_TERM.hold(self.last_term)

    @property
    def count_date(self) -> dt.date:
        return self.parameters.count_date

    @property
    def data_day(self) -> dt.date:
        """The last day of which the files can tell: the count date, or the day as of which they were drawn where that came before."""
        return min(self.count_date, self.parameters.as_of or self.count_date)

    @property
    def ledger_day(self) -> dt.date:
        """The last day of which ledgers that are kept on tell: the day as of which the files were drawn, else the count date."""
        return self.parameters.as_of or self.count_date

    @property
    def age_day(self) -> dt.date:
        return terms.age_day(self.parameters.term)


def assemble(
    engine: Engine,
    tables: dict[str, ir.Table],
    linked: Linked,
    policy: Policy,
    parameters: SelfCheck,
    columns_found: dict[str, frozenset[str]],
    sheets_lacking: Mapping[str, tuple[str, ...]] = NOTHING_LACKING,
) -> Audit:
    """The audit's tables, each computed once and kept."""
    # A plan's ground, and all of the choices that an expression below is made of; the law is rows.
    term, count_date, covers = parameters.term, parameters.count_date, parameters.enrolment_covers
    grown_up = terms.years_before(terms.age_day(term), parameters.ages.account[1] + 1)
    plans = Plans(
        engine,
        "assemble",
        definitions([*tables.values(), linked.identities, linked.open_pairs, linked.schools]),
        [*tables],
        term,
        count_date,
        covers,
        grown_up,
    )
    rows = _rows_with_persons(plans, tables, linked.identities)
    law = _law_in_force(engine, policy, parameters)
    tables_used = {name: table.filter(_.rejected.isnull()) for name, table in rows.items()}
    enrolled = plans.keep("enrolled_rows", lambda: enrolled_rows(tables_used["enrolment"], count_date))
    pupils = plans.keep("pupils", lambda: pupils_of(enrolled))
    claims = plans.keep("claims", lambda: claims_of(tables_used["eligibility"], count_date))
    eligible = plans.keep("eligible", lambda: eligible_of(claims, grown_up))
    due = plans.keep("aid_due", lambda: aid_due(pupils, claims, law.standards))
    of_term = tables_used["payments"].filter(_.term == term)
    paid = plans.keep("aid_paid", lambda: aid_paid(of_term))
    half_read = _half_read(plans, of_term, enrolled, rows, linked.open_pairs)
    doubtful = plans.keep("doubtful", lambda: doubtful_persons(rows, half_read))
    school_stages = plans.keep("school_stages", lambda: stages_of_schools(tables_used, enrolled))
    aid = plans.keep(
        "aid",
        lambda: aid_cases(
            due, paid, pupils, eligible, law.schemes, doubtful, law.standards, law.ended_standards
        ),
    )
    paid_rows = plans.keep("paid_rows", lambda: live_rows(of_term, aid, school_stages, covers))
    payees = plans.keep(
        "payees",
        lambda: payees_of(paid_rows, aid, pupils, eligible, doubtful, claims, reversals(of_term, aid)),
    )
    plans.save()
    earlier = last_term(engine, parameters)
    people = engine.keep("people", with_earlier(people_of(pupils, eligible, tables_used, linked), earlier))
    return Audit(
        parameters, policy, {**rows, "enrolment": enrolled, "eligibility": claims}, pupils, eligible, aid, payees, paid_rows,
        doubtful, linked.open_pairs, law.standards, law.exclusions, school_stages, people, spellings_of(engine, paid_rows, claims, pupils),
        engine.load("calendar", working_days.around(parameters.term), working_days.CALENDAR),
        engine.keep("uncertain_rows", uncertain_rows(linked.identities)), linked.identities, linked.schools, columns_found,
        earlier, linked, sheets_lacking,
    )  # fmt: skip


@dataclass(frozen=True)
class LawInForce:
    """The standards of the term as tables of the engine."""

    standards: ir.Table
    schemes: ir.Table
    exclusions: ir.Table
    ended_standards: ir.Table


def _law_in_force(engine: Engine, policy: Policy, parameters: SelfCheck) -> LawInForce:
    return LawInForce(
        engine.load("standards", in_force(policy, parameters.term)[list(STANDARDS)], STANDARDS),
        engine.load("schemes", _schemes(policy, parameters), SCHEMES),
        engine.load("exclusions", _exclusions(policy), EXCLUSIONS),
        engine.load(
            "ended_standards", _standards_ended(policy, parameters), dict.fromkeys(ENDED_COLUMNS, "string")
        ),
    )


def _rows_with_persons(
    plans: Plans, tables: Mapping[str, ir.Table], identities: ir.Table
) -> dict[str, ir.Table]:
    """The delivered tables with who each row is; kept where nothing further down keeps them."""
    return {
        name: plans.keep(f"{name}_linked", partial(with_person, table, identities, name))
        if name in LINKED_TABLES and name != "eligibility"
        else with_person(table, identities, name)
        for name, table in tables.items()
    }


def _half_read(
    plans: Plans, of_term: ir.Table, enrolled: ir.Table, rows: dict[str, ir.Table], open_pairs: ir.Table
) -> ir.Table:
    """Persons whom half a payment row may mean, but for what pairs say of it; part by part, for few rows take many joins."""
    of_payments = open_pairs.filter(_.table == "payments")
    judged_pairs = of_payments.filter(_.has_judgement).select("source", "candidate_id")
    strange = of_payments.filter(_.levels.contains("family:differs")).select("source", "candidate_id")
    refused_rows = rows["enrolment"].filter(_.rejected.notnull())
    otherwise = plans.keep(
        "paid_otherwise",
        lambda: named_otherwise(of_term, enrolled, refused_rows, rows["eligibility"], judged_pairs),
    )
    kin = plans.keep("paid_to_kin", lambda: paid_to_kin(of_term, enrolled, rows["eligibility"]))
    lone = plans.keep("paid_by_name", lambda: of_lone_names(of_term, enrolled, of_payments))
    return plans.keep(
        "half_read",
        lambda: half_read_rows(of_term, enrolled, judged_pairs, ibis.union(otherwise, kin, lone), strange),
    )


def uncertain_rows(identities: ir.Table) -> ir.Table:
    """``record, score, decided_by`` of the rows of which no key told the person for certain."""
    return identities.filter(_.score.notnull() & (_.decided_by != "review")).select(
        "decided_by", "score", record=_.table + ":" + _.source
    )


def both_records(audit: Audit, pairs: ir.Table) -> ir.Table:
    """``pairs`` (``table, source, register_source``) with ``name, id_number`` of the row and ``register_name,
    register_number`` of the enrolment record, where there is one."""
    register = audit.rows["enrolment"].select(
        register_source=_.source, register_name=_.name, register_number=_.id_number
    )
    rows = ibis.union(
        *(
            audit.rows[name].select("source", "name", "id_number", table=ibis.literal(name))
            for name in ("enrolment", *LINKED_TABLES)
            if name in audit.rows
        )
    )
    row_and_record = pairs.inner_join(rows, ["table", "source"])
    return row_and_record.left_join(register, "register_source", rname="{name}_of_register").drop(
        "register_source_of_register"
    )


def with_person(table: ir.Table, identities: ir.Table, name: str) -> ir.Table:
    """Each row with its person; tables that name no person stay as they are."""
    if "name" not in table.columns:
        return table
    who = identities.filter(_.table == name).select(
        "source", "person_id", "decided_by", "in_register", "school_id"
    )
    return beside(table, who, "source")


def addressed_rows(audit: Audit, register: str) -> ir.Table:
    """``person_id, record``: every row of ``register`` as findings name it."""
    return audit.rows[register].select("person_id", record=record(register))


def register_records(audit: Audit, persons: ir.Table) -> ir.Table:
    """``person_id -> register_records``: where the registers speak of those in ``persons``."""
    rows = ibis.union(*(addressed_rows(audit, name) for name in ("enrolment", "eligibility")))
    theirs = rows.semi_join(persons, "person_id").group_by("person_id")
    return theirs.agg(register_records=addresses(_.record))


def records_of(audit: Audit, register: str) -> ir.Table:
    """``person_id -> records``: where ``register`` speaks of each person."""
    return addressed_rows(audit, register).group_by("person_id").agg(records=addresses(_.record))


def paid_instead(audit: Audit) -> ir.Table:
    """``person_id, scheme``: schemes whose exclusive counterpart the pupil was paid."""
    paid = audit.aid.filter(_.net > 0).select("person_id", paid_scheme=_.scheme)
    exclusive_pairs = paid.inner_join(audit.exclusions, paid.paid_scheme == audit.exclusions.scheme)
    return exclusive_pairs.select("person_id", scheme=_.other_scheme, instead=ibis.literal(True)).distinct()


def displaced_schemes(audit: Audit, due: ir.Table) -> ir.Table:
    """``person_id, scheme``: of two schemes due that exclude each other, the one that gives way.

    Kept is the scheme with payment rows; where both or neither has any, the one of more yuan, then the first by name.
    Only a scheme that is certainly due displaces another.
    """
    one = due.select("person_id", "scheme", "certain", yuan=_.due.fill_null(0), rows=_.has_rows)
    other = one.select(
        "person_id", other_scheme="scheme", sure="certain", other_yuan="yuan", other_rows="rows"
    )
    pairs = one.inner_join(audit.exclusions, "scheme").inner_join(other, ["person_id", "other_scheme"])
    more = (_.other_yuan > _.yuan) | ((_.other_yuan == _.yuan) & (_.other_scheme < _.scheme))
    first = ibis.ifelse(_.other_rows == _.rows, more, _.other_rows)
    return pairs.filter(yes(_.sure) & first).select("person_id", "scheme").distinct()


def letters_half_read(audit: Audit) -> ir.Table:
    """``eligible_name, half_lettered``: names in letters without a usable number that are nobody's whom a register knows."""
    bare = audit.rows["letters"].filter(_.rejected.isnull() & _.id18.isnull() & ~_.in_register)
    nobody = bare.anti_join(audit.eligible, "person_id")
    return nobody.select(eligible_name=_.name, half_lettered=ibis.literal(True)).distinct()


def paid_half_read(audit: Audit) -> ir.Table:
    """Names that were paid under no usable number and are nobody's known: ``eligible_name, half_paid``.

    As the eligibility registers spell them; a name that lost characters there is one of those that fit what is left.
    """
    bare = audit.rows["payments"].filter(_.rejected.isnull() & _.id18.isnull() & ~_.in_register)
    nobody = bare.filter(_.name.notnull()).anti_join(audit.eligible, "person_id").select("name").distinct()
    cut = (
        audit.eligible.filter(_.eligible_name.re_search(f"[{LOST_SIGNS}]")).select("eligible_name").distinct()
    )
    patterns = cut.mutate(pattern=_.eligible_name.re_replace(f"[{LOST_SIGNS}]", "_"))
    fitting = patterns.cross_join(nobody).filter(_.name.like(_.pattern))
    names = nobody.select(eligible_name=_.name).union(fitting.select("eligible_name"), distinct=True)
    return names.mutate(half_paid=ibis.literal(True))


def _schemes(policy: Policy, parameters: SelfCheck) -> object:
    import pandas as pd

    covers = set(parameters.enrolment_covers)
    rows = []
    for scheme in policy.schemes.values():
        stages = set(scheme.covers_stages())
        is_covered = True if stages <= covers else None if stages & covers else False
        rows.append((scheme.id, sorted(stages), scheme.boarding, scheme.needs_category(), is_covered))
    return pd.DataFrame(rows, columns=list(SCHEMES)).astype(
        {"covered": "boolean", "scheme_boarding": "boolean"}
    )


def _standards_ended(policy: Policy, parameters: SelfCheck) -> object:
    import pandas as pd

    return pd.DataFrame(standards_ended(policy, parameters.term), columns=list(ENDED_COLUMNS), dtype="object")


def _exclusions(policy: Policy) -> object:
    import pandas as pd

    pairs = {(a.id, b) for a in policy.schemes.values() for b in a.excludes}
    either_way = sorted(pairs | {(b, a) for a, b in pairs})
    return pd.DataFrame(either_way, columns=list(EXCLUSIONS))
