"""Aid due and aid paid: one row per person and scheme, and one per person with money received."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.base.logic import (
    NO_ROWS,
    NO_TEXT,
    YUAN,
    addresses,
    beside,
    in_groups,
    only,
    record,
    several,
    some,
    yes,
)
from auditlib.tables.audit_tables import AUDIT_TABLES

HOME_TAUGHT = "home_teaching"
"""The way of attending of a pupil who is taught at home by the enrolment register."""
# Whether such a pupil counts as day pupil no standard that is shipped tells.
BOARDING = _.boarding.nullif(HOME_TAUGHT)


def aid_due(pupils: ir.Table, claims: ir.Table, standards: ir.Table) -> ir.Table:
    """One row per pupil and scheme that is or may be due; ``certain`` where every condition is known to hold.

    ``possible``: the most that may be due, should what is not known hold as well.
    """
    of_category = (
        claims.filter(_.holds.fill_null(True)).group_by("person_id", "category").agg(holds=some(_.holds))
    )
    universal = pupils.select("person_id", category=ibis.literal("*"), holds=ibis.literal(True))
    claimed_rows = of_category.union(universal)
    priced_rows = standards.mutate(category=_.category.fill_null("*")).rename(
        standard_stage="stage",
        standard_boarding="boarding",
        standard_category="category",
        standard_years="years",
    )
    here = pupils.filter(_.active.fill_null(True)).select(
        "person_id", "active", "stage", "boarding", "study_year"
    )
    claimants = here.inner_join(claimed_rows, "person_id")
    fits = (claimants.category == priced_rows.standard_category) & (
        (claimants.stage == priced_rows.standard_stage) | claimants.stage.isnull()
    )
    cases = claimants.join(priced_rows, fits).mutate(
        boards=ibis.ifelse(
            _.standard_boarding.isnull(), True, (BOARDING == "boarding") == _.standard_boarding
        ),
        in_year=ibis.cases(
            (_.standard_years.isnull(), True),
            (_.study_year.isnull(), ibis.null("boolean")),
            else_=_.standard_years.contains(_.study_year),
        ),
    )
    cases = cases.filter(_.boards.fill_null(True) & _.in_year.fill_null(True)).mutate(
        certain=yes(_.active & _.holds & _.boards & _.in_year) & _.stage.notnull(),
        unknown=ibis.cases(
            (_.stage.isnull(), "stage_unknown"),
            (_.active.isnull(), "status_unreadable"),
            (_.holds.isnull(), "eligibility_date_unreadable"),
            (_.boards.isnull(), "boarding_unknown"),
            (_.in_year.isnull(), "study_year_unknown"),
            else_=NO_TEXT,
        ),
    )
    return in_groups(cases, ("person_id", "scheme"), with_one_standard, with_several_standards)


DUE = ("person_id", "scheme", "certain", "unknown", "mandatory")
YUAN_DUE = ("minimum", "maximum", "due")


def with_one_standard(cases: ir.Table) -> ir.Table:
    """:func:`aid_due` where each row is another pupil or scheme."""
    return cases.select(
        *DUE, possible=_.maximum, **{name: _[name] for name in YUAN_DUE}, policy_ref=_.policy_ref
    )


def with_several_standards(cases: ir.Table) -> ir.Table:
    """:func:`aid_due` by groups."""
    return cases.group_by("person_id", "scheme").agg(
        certain=_.certain.any(),
        unknown=_.unknown.min(),
        mandatory=_.mandatory.any(),
        possible=_.maximum.max(),
        **{name: _[name].max(where=_.certain).coalesce(_[name].max()) for name in YUAN_DUE},
        policy_ref=_document(_.certain).coalesce(_document(None)),
    )


def _document(where: ir.BooleanValue | None) -> ir.StringValue:
    """What the highest of a pupil's standards rests on: of several with the same amount, the last in the alphabet."""
    highest = ibis.struct({"due": _.due, "policy_ref": _.policy_ref})
    return _.policy_ref.argmax(highest, where=where)


def aid_paid(payments: ir.Table) -> ir.Table:
    """One row per person and scheme of the payment files of the term; a line of nothing is no payment."""
    payments = payments.filter((_.amount != 0) | (_.result == "returned"))
    success = _.result == "success"
    positive = success & (_.amount > 0)
    return payments.group_by("person_id", "scheme").agg(
        net=_.amount.sum(where=success).cast(YUAN),
        successes=positive.sum(),
        returned=(_.result == "returned").sum(),
        several_schools=several(_.school_id, positive),
        several_spellings=yes(several(_.name, positive)) | yes(several(_.id_number, positive)),
        payment_records=addresses(record("payments")),
    )


def aid_cases(
    due: ir.Table,
    paid: ir.Table,
    pupils: ir.Table,
    eligible: ir.Table,
    schemes: ir.Table,
    doubtful: ir.Table,
    standards: ir.Table,
    ended_rows: ir.Table,
) -> ir.Table:
    """Aid due and aid paid side by side: one row per person and scheme that is due or paid.

    - ``ceiling`` (yuan): the most that can be right. What is due; else the scheme's highest standard for the stage; for
      a person in no register, its highest of all.
    - ``maybe_due``: paid above the ceiling, and within what would be due if an unclear category held.
    - ``doubled``: paid twice, together above the ceiling. Another school or spelling is then part of the finding
      on the duplicate.
    """
    cases = _beside_persons(due.outer_join(paid, ["person_id", "scheme"]), pupils, eligible, doubtful)
    cases = _with_maximums(beside(cases, schemes, "scheme"), standards, ended_rows)
    plain = cases.mutate(
        ceiling=ibis.cases(
            (yes(_.certain), _.maximum), (yes(_.in_register), _.stage_maximum), else_=_.scheme_maximum
        ),
        in_register=yes(_.in_register),
        listed=yes(_.listed),
        net=_.net.fill_null(0).cast(YUAN),
        successes=_.successes.fill_null(0),
        returned=_.returned.fill_null(0),
        has_rows=_.successes.notnull(),
        fits_stage=_.scheme_stages.contains(_.stage),
        fits_boarding=ibis.ifelse(
            _.scheme_boarding.isnull(), True, (BOARDING == "boarding") == _.scheme_boarding
        ),
        payments_doubtful=yes(_.payments_doubtful),
        eligibility_doubtful=yes(_.eligibility_doubtful),
        perhaps_paid=yes(_.perhaps_paid),
        payment_records=_.payment_records.coalesce(NO_ROWS),
    )
    # Each of these rests on the one before it.
    possible = ibis.ifelse(yes(_.needs_category) & _.eligibility_doubtful, _.stage_maximum, _.possible)
    maybe_due = yes(_.certain) & yes(_.net > _.ceiling) & yes(_.net <= _.possible)
    doubled = _.in_register & yes(_.active) & (_.successes >= 2) & yes(_.net > _.ceiling) & ~_.maybe_due
    judged_cases = plain.mutate(possible=possible).mutate(maybe_due=maybe_due).mutate(doubled=doubled)
    return judged_cases.select(*AUDIT_TABLES["aid"].schema)


def _beside_persons(
    due_or_paid: ir.Table, pupils: ir.Table, eligible: ir.Table, doubtful: ir.Table
) -> ir.Table:
    """Each person and scheme with what the registers tell of the person."""
    merged_rows = due_or_paid.mutate(
        person_id=_.person_id.coalesce(_.person_id_right), scheme=_.scheme.coalesce(_.scheme_right)
    ).drop("person_id_right", "scheme_right")
    of_pupil = pupils.select(
        "person_id", "active", "stage", "boarding", "school_name", in_register=ibis.literal(True)
    )
    of_list = eligible.select("person_id", "listed", "eligible")
    return beside(beside(beside(merged_rows, of_pupil), of_list), doubtful)


def _with_maximums(cases: ir.Table, standards: ir.Table, ended_rows: ir.Table) -> ir.Table:
    """``cases`` with the highest standard of their scheme, and of it for their stage; one that has ended is nothing."""
    nothing = ended_rows.select("scheme", "stage", maximum=ibis.literal(0).cast(YUAN))
    of_stage = standards.select("scheme", "stage", "maximum").union(nothing).group_by("scheme", "stage")
    of_scheme = standards.group_by("scheme").agg(scheme_maximum=_.maximum.max())
    by_stage = beside(cases, of_stage.agg(stage_maximum=_.maximum.max()), ["scheme", "stage"])
    return beside(by_stage, of_scheme, "scheme")


def stages_of_schools(used_rows: dict[str, ir.Table], enrolled: ir.Table) -> ir.Table:
    """``school_id -> directory_stage`` (as the directory says) and ``taught`` (has pupils in the register)."""
    directory = used_rows["schools"].select(
        school_id=_.school_code.coalesce(_.school_name), directory_stage=_.stage, taught=ibis.literal(False)
    )
    register = enrolled.select("school_id", directory_stage=NO_TEXT, taught=ibis.literal(True))
    by_school = directory.union(register).filter(_.school_id.notnull()).group_by("school_id")
    return by_school.agg(
        directory_stage=only(_.directory_stage),
        taught=_.taught.any(),
    )


def reversals(payments: ir.Table, aid: ir.Table) -> ir.Table:
    """``person_id -> reversal_records``: what was taken back in part, of schemes with money left."""
    back = payments.filter((_.result == "success") & (_.amount < 0))
    live = aid.filter(_.net > 0).semi_join(back, ["person_id", "scheme"]).select("person_id", "scheme")
    theirs = back.semi_join(live, ["person_id", "scheme"]).group_by("person_id")
    return theirs.agg(reversal_records=addresses(record("payments")))


def live_rows(payments: ir.Table, aid: ir.Table, stages: ir.Table, covers: list[str]) -> ir.Table:
    """Successful payments of schemes with money left (net above zero), with what each is to be held against."""
    live = aid.filter(_.net > 0).select(
        "person_id", "scheme", "needs_category", "covered", "doubled"
    )  # fmt: skip
    positive = payments.filter((_.result == "success") & (_.amount > 0))
    rows = positive.inner_join(live, ["person_id", "scheme"])
    rows = rows.left_join(stages, "school_id", rname="{name}_known").drop("school_id_known")
    at_school = _.directory_stage.isin(covers)
    in_stage = ibis.cases(
        (at_school.notnull(), at_school),
        (_.covered.notnull(), _.covered),
        (yes(_.taught), True),
        else_=ibis.null("boolean"),
    )
    return rows.mutate(in_covered_stage=in_stage).select(*AUDIT_TABLES["paid_rows"].schema)


def payees_of(
    paid_rows: ir.Table,
    aid: ir.Table,
    pupils: ir.Table,
    eligible: ir.Table,
    doubtful: ir.Table,
    claims: ir.Table,
    reversed_rows: ir.Table,
) -> ir.Table:
    """One row per person with money received in the term, with what the registers know of the person.

    ``standing``: ``eligible``, ``expired``, ``not_listed``, ``not_asked`` (no scheme paid asks for eligibility), else why
    it cannot be told.
    """
    received_rows = paid_rows.group_by("person_id").agg(
        covered_stage=some(_.in_covered_stage),
        needs_category=_.needs_category.any(),
        stated_category=_.category.min(),
        payment_records=addresses(record("payments")),
    )
    money = aid.filter(_.net > 0).group_by("person_id").agg(amount_paid=_.net.sum().cast(YUAN))
    payees = beside(received_rows.inner_join(money, "person_id"), reversed_rows)
    payees = payees.mutate(
        payment_records=_.payment_records.concat(_.reversal_records.coalesce(NO_ROWS)).sort()
    ).drop("reversal_records")
    of_pupil = pupils.select("person_id", "status", "active", in_register=ibis.literal(True))
    payees = beside(payees, of_pupil)
    payees = beside(payees, eligible.select("person_id", "listed", "eligible"))
    payees = beside(payees, doubtful)
    delivered_rows = claims.select(stated_category=_.category, delivered=ibis.literal(True)).distinct()
    judged_payees = (
        beside(payees, delivered_rows, "stated_category")
        .mutate(
            in_register=yes(_.in_register),
            listed=yes(_.listed),
            eligibility_doubtful=yes(_.eligibility_doubtful),
            enrolment_doubtful=yes(_.enrolment_doubtful),
            half_read=yes(_.half_read),
            perhaps_listed=yes(_.perhaps_listed),
        )
        .mutate(standing=_standing())
    )
    return judged_payees.select(*AUDIT_TABLES["payees"].schema)


def _standing() -> ir.StringValue:
    return ibis.cases(
        (~_.needs_category, "not_asked"),
        (yes(_.eligible), "eligible"),
        (_.eligibility_doubtful, "eligibility_row_rejected"),
        (_.listed & _.eligible.isnull(), "eligibility_date_unreadable"),
        (~_.listed & _.stated_category.notnull() & _.delivered.isnull(), "register_not_delivered"),
        (_.active.isnull(), "status_unreadable"),
        (_.listed, "expired"),
        (_.perhaps_listed, "eligibility_half_read"),
        else_="not_listed",
    )
