"""重复: one child with two enrolment records."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.audit.assemble import Audit
from auditlib.base.language import Text
from auditlib.base.logic import NO_ROWS, NO_TEXT, addresses, beside, in_groups, record, several, yes
from auditlib.rules.common import CONFIDENCE_DIGITS, NO_REASON, UNKNOWN, zero
from auditlib.rules.registry import flags, passes, rule, untested

NEW_SCHOOL = {"school_code": "{school2}", "school_name": "{school_name2}"}
SURELY = yes(_.active & _.active_now)
POSSIBLY = (_.active & _.active_now).fill_null(True)
TWO_NAMES = 0.5  # that two records under one number with two names are of one child: a brother's number may stand in one


@rule(
    "duplicate.enrolment",
    zh="双重学籍",
    en="Enrolled twice",
    criterion="同一儿童有两条在读学籍记录。",
    message=Text("同一儿童有 {records_active} 条在读学籍记录", "one child has {records_active} active enrolment records"),
    severity="medium",
    subject="pupil",
    needs=("enrolment",),
    innocent=[
        Text("转学手续在途，转出校尚未办结", "a transfer is under way, the former school has not closed its record"),
        Text("两名儿童误录了同一证件号", "two children were recorded under one number by mistake"),
    ],
    examples=[
        flags("two schools", enrolment=[{}, NEW_SCHOOL], schools=[{}, NEW_SCHOOL], reason="other_school", at_stake="0.00"),
        flags("two student numbers in one school", enrolment=[{}, {"student_no": "{student_no_l}"}], reason="same_school"),
        flags("under one number by two names: one child, or a brother whose number slipped in", enrolment=[{}, {**NEW_SCHOOL, "name": "{name2}", "student_no": "{student_no_l}"}],
              schools=[{}, NEW_SCHOOL], reason="other_school"),
        passes("one record"),
        passes("one record exported twice", enrolment=[{}, {}]),
        passes("moved before the count date", enrolment=[{"status": "转出", "status_date": "2020-10-31"}, NEW_SCHOOL], schools=[{}, NEW_SCHOOL],
               payments=NEW_SCHOOL),
        passes("moved after the count date, the new record without a date", enrolment=[{"status": "转出", "status_date": "2020-11-05"}, NEW_SCHOOL],
               schools=[{}, NEW_SCHOOL]),
        flags("under a number with one digit wrong", enrolment=[{}, {**NEW_SCHOOL, "id_number": "{id_wrong_check}", "student_no": "{student_no_l}"}],
              schools=[{}, NEW_SCHOOL], reason="other_school"),
        flags("under two digits swapped", enrolment=[{}, {**NEW_SCHOOL, "id_number": "{id_swapped}", "student_no": "{student_no_l}"}],
              schools=[{}, NEW_SCHOOL], reason="other_school"),
        flags("under a number that a spreadsheet cut", enrolment=[{}, {**NEW_SCHOOL, "id_number": "{id_float}", "student_no": "{student_no_l}"}],
              schools=[{}, NEW_SCHOOL], reason="other_school"),
        flags("without a number, the guardian the same", enrolment=[{}, {**NEW_SCHOOL, "id_number": "", "student_no": "{student_no_l}"}],
              schools=[{}, NEW_SCHOOL], reason="other_school"),
        passes("a brother with a mistyped number", enrolment=[{}, {"of": 2, "id_number": "{id_wrong_check2}", "student_no": "{student_no_l2}", "guardian_name": "{guardian}", "guardian_id": "{guardian_id}"}],
               eligibility=None, payments=None, applications=None),
        passes("a twin without a number in the same class", enrolment=[{"name": "沈雨轩"}, {"of": 2, "name": "沈雨涵", "birth_date": "{birth}", "id_number": "", "student_no": "{student_no_l2}",
               "school_code": "{school}", "school_name": "{school_name}", "guardian_name": "{guardian}", "guardian_id": "{guardian_id}"}],
               eligibility=None, payments=None, applications=None),
        passes("a namesake without a number, born on another day", enrolment=[{}, {"of": 2, "name": "{name}", "id_number": "", "student_no": "{student_no_l2}"}],
               eligibility=None, payments=None, applications=None),
        passes("the second record begins after the count date", enrolment=[{}, {**NEW_SCHOOL, "status_date": "2020-11-01"}], schools=[{}, NEW_SCHOOL]),
        flags("the second record begins on the count date", enrolment=[{}, {**NEW_SCHOOL, "status_date": "2020-10-31"}], schools=[{}, NEW_SCHOOL]),
        passes("namesakes", **{table: [{}, {"of": 2, "name": "{name}"}] for table in ("eligibility", "enrolment")}, payments=[{}, {"of": 2, "name": "{name}", "account_holder": "{name}"}]),
        passes("twins without numbers of their own", enrolment=[{"id_number": "", "student_no": "{student_no_l}"}, {"of": 2, "id_number": "", "student_no": "{student_no_l2}"}],
               eligibility=None, payments=None, applications=None),
        untested("a date of arrival that cannot be read", enrolment=[{}, {**NEW_SCHOOL, "status_date": "秋天"}], schools=[{}, NEW_SCHOOL], reason="status_unreadable"),
    ],
)  # fmt: skip
def enrolment(audit: Audit) -> ir.Table:
    """A child has no more than one active enrolment record."""
    pupils = in_groups(audit.rows["enrolment"], "person_id", one_record, several_records)
    pupils_beside = beside(pupils, _other_records(audit, pupils)).mutate(alone=_.records_active >= 2)
    maybe = ~_.alone & (_.records_active >= 1) & (_.others_active.fill_null(0) >= 1)
    verdicts = pupils_beside.mutate(
        exception=ibis.cases(
            (_.alone | maybe, True),
            ((_.records_possible >= 2) | ((_.records_possible >= 1) & (_.others_possible.fill_null(0) >= 1)), UNKNOWN),
            else_=False,
        ),
        reason=ibis.ifelse(_.several_schools | (_.school != _.other_school).fill_null(False), "other_school", "same_school"),
        confidence=ibis.cases(
            (_.alone & _.two_names, TWO_NAMES), (_.alone, 1.0), else_=_.likelihood.fill_null(1.0)
        ),
        records_active=ibis.ifelse(_.alone, _.records_active, _.records_active + _.others_active.fill_null(0)),
        rests_on=ibis.ifelse(_.alone, NO_ROWS, _.other_records.fill_null(NO_ROWS)),
        at_stake=zero(),
    )  # fmt: skip
    return verdicts.mutate(untested=ibis.ifelse(_.exception.isnull(), "status_unreadable", NO_REASON))


def several_records(enrolled: ir.Table) -> ir.Table:
    """``records_active, records_possible`` of each person, those of one number at one school once; ``school, several_schools, two_names``."""
    place = _.student_no.fill_null("") + "|" + _.school_id.fill_null("")
    records = enrolled.mutate(
        place=ibis.ifelse(_.student_no.isnull() & _.school_id.isnull(), _.source, place)
    )
    return records.group_by("person_id").agg(
        records_active=_.place.nunique(where=SURELY),
        records_possible=_.place.nunique(where=POSSIBLY),
        several_schools=yes(several(_.school_id, SURELY)),
        two_names=yes(several(_.name, SURELY)),
        school=_.school_id.min(where=POSSIBLY),
    )


def one_record(enrolled: ir.Table) -> ir.Table:
    """The same of persons with one record each."""
    return enrolled.select(
        "person_id",
        records_active=SURELY.cast("int64"),
        records_possible=POSSIBLY.cast("int64"),
        several_schools=ibis.literal(False),
        two_names=ibis.literal(False),
        school=ibis.ifelse(POSSIBLY, _.school_id, NO_TEXT),
    )


def _other_records(audit: Audit, pupils: ir.Table) -> ir.Table:
    """Per pupil the records of those who may be the same child, for a person to judge; told of the better number."""
    pairs = audit.open_pairs.filter(_.table == "enrolment", _.review & ~_.has_judgement)
    likely = pairs.filter(_.score >= audit.parameters.thresholds.link_review)
    bare = _.candidate_id.contains(":")
    is_turned = ibis.ifelse(bare == _.person_id.contains(":"), _.person_id < _.candidate_id, bare)
    likely_twins = likely.select(
        person_id=ibis.ifelse(is_turned, _.person_id, _.candidate_id),
        other_id=ibis.ifelse(is_turned, _.candidate_id, _.person_id),
        score=_.score,
    )
    once = likely_twins.group_by("person_id", "other_id").agg(likelihood=_.score.max())
    rows = audit.rows["enrolment"].select(other_id=_.person_id, record=record("enrolment"))
    addresses_by_pupil = (
        once.inner_join(rows, "other_id").group_by("person_id").agg(other_records=addresses(_.record))
    )
    others = pupils.select("records_active", "records_possible", other_id=_.person_id, other_school=_.school)
    together = once.inner_join(others, "other_id").group_by("person_id")
    return beside(
        together.agg(
            likelihood=_.likelihood.max().round(CONFIDENCE_DIGITS),
            others_active=_.records_active.sum(),
            others_possible=_.records_possible.sum(),
            other_school=_.other_school.max(),
        ),
        addresses_by_pupil,
    )
