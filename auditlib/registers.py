"""What the rules stand on: pupils, eligible persons, aid paid and aid due, each one row per person (and scheme).

Every question has three answers: true, false, and NULL where the data cannot tell.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib import terms, working_days
from auditlib.engine import Engine
from auditlib.linkage import Linked
from auditlib.logic import beside, joined, some, yes
from auditlib.parameters import SelfCheck
from auditlib.policy import STAGES, Policy, in_force
from auditlib.spelling import how_they_differ

ACTIVE = ("enrolled", "resumed")
NO_ROWS = ibis.literal([], type="array<string>")
NO_TEXT = ibis.null("string")
YUAN = "decimal(14, 2)"
STANDARDS = {
    "scheme": "string", "stage": "string", "boarding": "boolean", "category": "string", "minimum": YUAN, "maximum": YUAN,
    "due": YUAN, "since": "date", "mandatory": "boolean", "policy_ref": "string",
}  # fmt: skip
SCHEMES = {
    "scheme": "string", "scheme_stages": "array<string>", "scheme_boarding": "boolean", "needs_category": "boolean",
    "covered": "boolean",
}  # fmt: skip


@dataclass(frozen=True)
class Audit:
    """The tables that rules are written over, and the auditor's choices.

    - ``pupils``: one row per person of the enrolment register, as of the count date;
    - ``eligible``: one row per person of the eligibility registers, as of the count date;
    - ``aid``: one row per person and scheme, due or paid in the term;
    - ``payees``: one row per person with money received (net above zero);
    - ``paid_rows``: the successful payments behind ``payees``;
    - ``rows``: the standardised tables with ``person_id``, ``school_id`` and who decided;
    - ``calendar``: days and the working days up to each;
    - ``spellings``: how two different spellings of one name or number differ (``written, registered, how``);
    - ``doubtful``: persons named by a row that could not be used, per table.
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
    found: dict[str, frozenset[str]] = field(default_factory=dict)

    @property
    def count_date(self) -> dt.date:
        return self.parameters.count_date

    @property
    def age_day(self) -> dt.date:
        return terms.age_day(self.parameters.term)


def assemble(
    engine: Engine,
    tables: dict[str, ir.Table],
    linked: Linked,
    policy: Policy,
    parameters: SelfCheck,
    found: dict[str, frozenset[str]],
) -> Audit:
    """The audit's tables, each computed once and kept."""
    rows = {name: with_person(engine, name, table, linked.identities) for name, table in tables.items()}
    standards = engine.load("standards", in_force(policy, parameters.term)[list(STANDARDS)], STANDARDS)
    schemes = engine.load("schemes", _schemes(policy, parameters), SCHEMES)
    exclusions = engine.load(
        "exclusions", _exclusions(policy), {"scheme": "string", "other_scheme": "string"}
    )
    used = {
        name: engine.keep(f"{name}_used", table.filter(_.rejected.isnull())) for name, table in rows.items()
    }
    enrolled = engine.keep("enrolled_rows", enrolled_rows(used["enrolment"], parameters.count_date))
    pupils = engine.keep("pupils", pupils_of(enrolled))
    claims = engine.keep("claims", claims_of(used["eligibility"], parameters.count_date))
    eligible = engine.keep("eligible", eligible_of(claims))
    due = engine.keep("aid_due", aid_due(pupils, claims, standards))
    of_term = used["payments"].filter(_.term == parameters.term)
    paid = engine.keep("aid_paid", aid_paid(of_term))
    doubtful = engine.keep("doubtful", doubtful_persons(rows))
    school_stages = engine.keep("school_stages", stages_of_schools(used, enrolled))
    aid = engine.keep("aid", aid_cases(due, paid, pupils, eligible, schemes, doubtful, standards))
    live = live_rows(of_term, aid, school_stages, parameters.enrolment_covers)
    paid_rows = engine.keep("paid_rows", live)
    payees = engine.keep("payees", payees_of(paid_rows, aid, pupils, eligible, doubtful, claims))
    people = engine.keep("people", people_of(pupils, eligible, used, linked))
    return Audit(
        parameters, policy, {**rows, "enrolment": enrolled, "eligibility": claims}, pupils, eligible, aid, payees, paid_rows,
        doubtful, linked.open_pairs, standards, exclusions, school_stages, people, spellings_of(engine, paid_rows, pupils),
        engine.load("calendar", working_days.around(parameters.term), working_days.CALENDAR), found,
    )  # fmt: skip


def with_person(engine: Engine, name: str, table: ir.Table, identities: ir.Table) -> ir.Table:
    """Each row with its person; tables that name no person stay as they are."""
    if "name" not in table.columns:
        return table
    who = identities.filter(_.table == name).select(
        "source", "person_id", "decided_by", "in_register", "school_id"
    )
    both = table.left_join(who, "source", rname="{name}_linked").drop("source_linked")
    return engine.keep(f"{name}_linked", both)


def _schemes(policy: Policy, parameters: SelfCheck) -> object:
    import pandas as pd

    covers = set(parameters.enrolment_covers)
    rows = []
    for scheme in policy.schemes.values():
        stages = set(scheme.covers_stages())
        covered = True if stages <= covers else None if stages & covers else False
        rows.append((scheme.id, sorted(stages), scheme.boarding, bool(scheme.categories), covered))
    return pd.DataFrame(rows, columns=list(SCHEMES)).astype(
        {"covered": "boolean", "scheme_boarding": "boolean"}
    )


def _exclusions(policy: Policy) -> object:
    import pandas as pd

    pairs = {(a.id, b) for a in policy.schemes.values() for b in a.excludes}
    both = sorted(pairs | {(b, a) for a, b in pairs})
    return pd.DataFrame(both, columns=["scheme", "other_scheme"])


# --- who is a pupil here, who is eligible ----------------------------------------------------------------------


def enrolled_rows(enrolment: ir.Table, count_date: dt.date) -> ir.Table:
    """Enrolment rows with ``active``: was this record active on the count date?

    A status holds from its date; a change after the count date had not happened yet.
    """
    now = _.status.isin(ACTIVE)
    active = ibis.cases(
        (_.status.isnull() | _.status_date_defect.notnull(), ibis.null("boolean")),
        (_.status_date.notnull() & (_.status_date > ibis.literal(count_date)), ~now),
        else_=now,
    )
    return enrolment.mutate(active=active, active_now=now)


def pupils_of(enrolled: ir.Table) -> ir.Table:
    """One row per person of the register; stage, boarding and schools are those of the active records."""
    best = ibis.window(group_by="person_id", order_by=[_.active.desc(nulls_first=False), _.status_date.desc(nulls_first=False), _.source])  # fmt: skip
    ranked = enrolled.mutate(rank=ibis.row_number().over(best))
    face = ranked.filter(_.rank == 0).select(
        "person_id", "name", "name_defect", "id_number", "id_number_defect", "id18", "student_no", "school_name", "school_id",
        "guardian_name", "guardian_id", "class_name", status="status",
    )  # fmt: skip
    counted = yes(_.active) | _.active.isnull()
    together = enrolled.group_by("person_id").agg(
        active=some(_.active),
        any_active_record=_.active.any(),
        stage=_.stage.min(where=counted),
        stages=_.stage.nunique(where=counted),
        boarding=_.boarding.min(where=counted),
        boardings=_.boarding.nunique(where=counted),
        school_ids=_.school_id.collect(where=counted, distinct=True),
        names=joined(_.name),
        guardians=_.guardian_name.collect(where=_.guardian_name.notnull(), distinct=True),
        birth=_.birth_date.coalesce(_.id_birth).min(),
        enrolment_records=joined("enrolment:" + _.source),
    )
    both = face.inner_join(together, "person_id")
    return both.mutate(
        stage=ibis.ifelse(_.stages == 1, _.stage, NO_TEXT),
        boarding=ibis.ifelse(_.boardings == 1, _.boarding, NO_TEXT),
    )


def claims_of(eligibility: ir.Table, count_date: dt.date) -> ir.Table:
    """Eligibility rows with ``holds``: was the person on this register on the count date?"""
    day = ibis.literal(count_date)
    begun = ibis.cases(
        (_.valid_from_defect.notnull(), ibis.null("boolean")),
        (_.valid_from.isnull(), True),
        else_=_.valid_from <= day,
    )
    lasts = ibis.cases(
        (_.valid_to_defect.notnull(), ibis.null("boolean")),
        (_.valid_to.isnull(), True),
        else_=_.valid_to >= day,
    )
    return eligibility.mutate(begun=begun, lasts=lasts).mutate(holds=_.begun & _.lasts)


def eligible_of(claims: ir.Table) -> ir.Table:
    """One row per person of the eligibility registers."""
    return claims.group_by("person_id").agg(
        listed=_.source.notnull().any(),
        eligible=some(_.holds),
        categories=joined(_.category),
        lowest_category=_.category.min(where=yes(_.holds)),
        eligible_name=_.name.min(),
        eligible_id_number=_.id_number.min(),
        eligible_id18=_.id18.min(),
        eligible_birth=_.birth_date.coalesce(_.id_birth).min(),
        eligible_school=_.school_name.min(),
        household_no=_.household_no.min(),
        town=_.town.min(),
        eligibility_records=joined("eligibility:" + _.source),
    )


def doubtful_persons(rows: dict[str, ir.Table]) -> ir.Table:
    """Persons named by a row that could not be used: what that row would have said is not known."""
    parts = [
        rows[name]
        .filter(_.rejected.notnull())
        .select("person_id", **{f"{other}_doubtful": ibis.literal(other == name) for other in ("payments", "eligibility", "enrolment")})
        for name in ("payments", "eligibility", "enrolment")
    ]  # fmt: skip
    flags = ("payments_doubtful", "eligibility_doubtful", "enrolment_doubtful")
    return ibis.union(*parts).group_by("person_id").agg(**{flag: _[flag].any() for flag in flags})


# --- aid due and aid paid ----------------------------------------------------------------------------------------


def aid_due(pupils: ir.Table, claims: ir.Table, standards: ir.Table) -> ir.Table:
    """One row per pupil and scheme that is or may be due; ``certain`` where every condition is known to hold."""
    of_category = (
        claims.filter(_.holds.fill_null(True)).group_by("person_id", "category").agg(holds=some(_.holds))
    )
    universal = pupils.select("person_id", category=ibis.literal("*"), holds=ibis.literal(True))
    claimed = of_category.union(universal)
    priced = standards.mutate(category=_.category.fill_null("*")).rename(
        standard_stage="stage", standard_boarding="boarding", standard_category="category"
    )
    here = pupils.filter(_.active.fill_null(True)).select("person_id", "active", "stage", "boarding")
    both = here.inner_join(claimed, "person_id")
    fits = (both.category == priced.standard_category) & (
        (both.stage == priced.standard_stage) | both.stage.isnull()
    )
    cases = both.join(priced, fits).mutate(
        boards=ibis.ifelse(
            _.standard_boarding.isnull(), True, (_.boarding == "boarding") == _.standard_boarding
        )
    )
    cases = cases.filter(_.boards.fill_null(True)).mutate(
        certain=yes(_.active & _.holds & _.boards) & _.stage.notnull(),
        unknown=ibis.cases(
            (_.stage.isnull(), "stage_unknown"),
            (_.active.isnull(), "status_unreadable"),
            (_.holds.isnull(), "eligibility_date_unreadable"),
            (_.boards.isnull(), "boarding_unknown"),
            else_=NO_TEXT,
        ),
    )
    return cases.group_by("person_id", "scheme").agg(
        certain=_.certain.any(),
        unknown=_.unknown.min(),
        mandatory=_.mandatory.any(),
        **{
            name: _[name].max(where=_.certain).coalesce(_[name].max())
            for name in ("minimum", "maximum", "due", "policy_ref")
        },
    )


def aid_paid(payments: ir.Table) -> ir.Table:
    """One row per person and scheme of the payment files of the term."""
    success = _.result == "success"
    positive = success & (_.amount > 0)
    return payments.group_by("person_id", "scheme").agg(
        net=_.amount.sum(where=success).cast(YUAN),
        successes=positive.sum(),
        returned=(_.result == "returned").sum(),
        largest=_.amount.max(where=positive),
        paid_schools=_.school_id.nunique(where=positive),
        unknown_schools=(positive & _.school_id.isnull()).sum(),
        paid_names=_.name.nunique(where=positive),
        paid_numbers=_.id_number.nunique(where=positive),
        payment_records=joined("payments:" + _.source),
    )


def aid_cases(
    due: ir.Table,
    paid: ir.Table,
    pupils: ir.Table,
    eligible: ir.Table,
    schemes: ir.Table,
    doubtful: ir.Table,
    standards: ir.Table,
) -> ir.Table:
    """Aid due and aid paid side by side: one row per person and scheme that stands in either.

    ``ceiling``: the most that can be right: what is due, else the scheme's highest standard for the stage; for a person
    in no register the scheme's highest of all. ``doubled``: a pupil paid twice, together above the ceiling; that it went
    through another school or under another spelling is then said by the duplicate.
    """
    both = due.outer_join(paid, ["person_id", "scheme"])
    merged = both.mutate(
        person_id=_.person_id.coalesce(_.person_id_right), scheme=_.scheme.coalesce(_.scheme_right)
    ).drop("person_id_right", "scheme_right")
    of_pupil = pupils.select(
        "person_id", "active", "stage", "boarding", "school_name", in_register=ibis.literal(True)
    )
    whole = merged.left_join(of_pupil, "person_id").drop("person_id_right")
    whole = whole.left_join(eligible.select("person_id", "listed", "eligible"), "person_id").drop(
        "person_id_right"
    )
    whole = whole.left_join(schemes, "scheme").drop("scheme_right")
    whole = whole.left_join(doubtful, "person_id").drop("person_id_right")
    of_stage = standards.group_by("scheme", "stage").agg(stage_maximum=_.maximum.max())
    of_scheme = standards.group_by("scheme").agg(scheme_maximum=_.maximum.max())
    whole = whole.left_join(of_stage, ["scheme", "stage"]).drop("scheme_right", "stage_right")
    whole = whole.left_join(of_scheme, "scheme").drop("scheme_right")
    return whole.mutate(
        ceiling=ibis.cases(
            (yes(_.certain), _.maximum), (yes(_.in_register), _.stage_maximum), else_=_.scheme_maximum
        ),
        entitled=_.certain,
        in_register=yes(_.in_register),
        listed=yes(_.listed),
        net=_.net.fill_null(0).cast(YUAN),
        successes=_.successes.fill_null(0),
        returned=_.returned.fill_null(0),
        has_rows=_.successes.notnull(),
        fits_stage=_.scheme_stages.contains(_.stage),
        fits_boarding=ibis.ifelse(
            _.scheme_boarding.isnull(), True, (_.boarding == "boarding") == _.scheme_boarding
        ),
        payments_doubtful=yes(_.payments_doubtful),
        eligibility_doubtful=yes(_.eligibility_doubtful),
        enrolment_doubtful=yes(_.enrolment_doubtful),
        payment_records=_.payment_records.coalesce(NO_ROWS),
    ).mutate(doubled=_.in_register & yes(_.active) & (_.successes >= 2) & yes(_.net > _.ceiling))


def stages_of_schools(used: dict[str, ir.Table], enrolled: ir.Table) -> ir.Table:
    """``school_id -> directory_stage`` (as the directory says) and ``taught`` (has pupils in the register)."""
    directory = used["schools"].select(
        school_id=_.school_code.coalesce(_.school_name), directory_stage=_.stage, taught=ibis.literal(False)
    )
    register = enrolled.select("school_id", directory_stage=NO_TEXT, taught=ibis.literal(True))
    both = directory.union(register).filter(_.school_id.notnull()).group_by("school_id")
    return both.agg(
        directory_stage=_.directory_stage.min(),
        directory_stages=_.directory_stage.nunique(),
        taught=_.taught.any(),
    )


def live_rows(payments: ir.Table, aid: ir.Table, stages: ir.Table, covers: list[str]) -> ir.Table:
    """Successful payments of schemes with money left (net above zero), with what each is to be held against."""
    live = aid.filter(_.net > 0).select(
        "person_id", "scheme", "scheme_stages", "scheme_boarding", "needs_category", "covered", "fits_stage", "fits_boarding", "net", "doubled",
    )  # fmt: skip
    positive = payments.filter((_.result == "success") & (_.amount > 0))
    both = positive.inner_join(live, ["person_id", "scheme"])
    both = both.left_join(stages, "school_id", rname="{name}_known").drop("school_id_known")
    at_school = ibis.ifelse(_.directory_stages == 1, _.directory_stage.isin(covers), ibis.null("boolean"))
    in_stage = ibis.cases(
        (at_school.notnull(), at_school),
        (_.covered.notnull(), _.covered),
        (yes(_.taught), True),
        else_=ibis.null("boolean"),
    )
    return both.mutate(in_covered_stage=in_stage)


def payees_of(
    paid_rows: ir.Table,
    aid: ir.Table,
    pupils: ir.Table,
    eligible: ir.Table,
    doubtful: ir.Table,
    claims: ir.Table,
) -> ir.Table:
    """One row per person with money received in the term, with what the registers know of the person.

    ``standing``: ``eligible``, ``expired``, ``not_listed``, ``not_asked`` (no scheme paid asks for eligibility), else why
    it cannot be told.
    """
    received = paid_rows.group_by("person_id").agg(
        covered_stage=some(_.in_covered_stage),
        needs_category=_.needs_category.any(),
        stated_category=_.category.min(),
        payment_records=joined("payments:" + _.source),
    )
    money = aid.filter(_.net > 0).group_by("person_id").agg(amount_paid=_.net.sum().cast(YUAN))
    whole = received.inner_join(money, "person_id")
    of_pupil = pupils.drop("school_id").mutate(in_register=ibis.literal(True))
    whole = whole.left_join(of_pupil, "person_id").drop("person_id_right")
    whole = whole.left_join(eligible, "person_id").drop("person_id_right")
    whole = whole.left_join(doubtful, "person_id").drop("person_id_right")
    delivered = claims.select(stated_category=_.category, delivered=ibis.literal(True)).distinct()
    return (
        beside(whole, delivered, "stated_category")
        .mutate(
            in_register=yes(_.in_register),
            listed=yes(_.listed),
            payments_doubtful=yes(_.payments_doubtful),
            eligibility_doubtful=yes(_.eligibility_doubtful),
            enrolment_doubtful=yes(_.enrolment_doubtful),
        )
        .mutate(standing=_standing())
    )


def _standing() -> ir.StringValue:
    return ibis.cases(
        (~_.needs_category, "not_asked"),
        (yes(_.eligible), "eligible"),
        (_.eligibility_doubtful, "eligibility_row_rejected"),
        (_.listed & _.eligible.isnull(), "eligibility_date_unreadable"),
        (~_.listed & _.stated_category.notnull() & _.delivered.isnull(), "register_not_delivered"),
        (_.active.isnull(), "status_unreadable"),
        (_.listed, "expired"),
        else_="not_listed",
    )


def spellings_of(engine: Engine, paid_rows: ir.Table, pupils: ir.Table) -> ir.Table:
    """Each pair of different spellings that stand for one person, and how the two differ; few, so compared outside."""
    register = pupils.select("person_id", register_name=_.name, register_number=_.id_number)
    both = paid_rows.inner_join(register, "person_id")
    names = both.filter(_.name != _.register_name).select(written=_.name, registered=_.register_name)
    numbers = both.filter(_.id_number != _.register_number).select(
        written=_.id_number, registered=_.register_number
    )
    pairs = engine.fetch(names.union(numbers, distinct=True))
    pairs["how"] = [
        how_they_differ(*pair) for pair in zip(pairs["written"], pairs["registered"], strict=True)
    ]
    return engine.load("spellings", pairs, {"written": "string", "registered": "string", "how": "string"})


def people_of(pupils: ir.Table, eligible: ir.Table, used: dict[str, ir.Table], linked: Linked) -> ir.Table:
    """How each person is named in a finding: as the enrolment register does, else eligibility, else the row itself."""
    rows = used["payments"].group_by("person_id").agg(
        paid_name=_.name.min(), paid_number=_.id_number.min(), paid_student_no=_.student_no.min(), paid_school=_.school_name.min()
    )  # fmt: skip
    everyone = linked.identities.group_by("person_id").agg(
        any_name=_.name.min(), any_number=_.id_number.min()
    )
    whole = everyone.left_join(pupils.select("person_id", "name", "id_number", "student_no", "school_name", "school_id", "enrolment_records"), "person_id").drop("person_id_right")  # fmt: skip
    whole = whole.left_join(eligible.select("person_id", "eligible_name", "eligible_id_number", "eligible_school", "town", "eligibility_records"), "person_id").drop("person_id_right")  # fmt: skip
    whole = whole.left_join(rows, "person_id").drop("person_id_right")
    towns = used["schools"].filter(_.town.notnull()).group_by(school_id=_.school_code.coalesce(_.school_name)).agg(school_town=_.town.min())  # fmt: skip
    whole = whole.left_join(towns, "school_id", rname="{name}_town").drop("school_id_town")
    return whole.select(
        "person_id",
        name=_.name.coalesce(_.eligible_name, _.paid_name, _.any_name),
        id_number=_.id_number.coalesce(_.eligible_id_number, _.paid_number, _.any_number),
        student_no=_.student_no.coalesce(_.paid_student_no),
        school_name=_.school_name.coalesce(_.paid_school, _.eligible_school),
        town=_.school_town.coalesce(_.town),
        register_records=_.enrolment_records.coalesce(NO_ROWS).concat(
            _.eligibility_records.coalesce(NO_ROWS)
        ),
    )


__all__ = ["STAGES", "Audit", "assemble"]
