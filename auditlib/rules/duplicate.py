"""重复: paid twice, aided twice, one card for many, enrolled twice."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.language import Text
from auditlib.logic import joined, some, yes
from auditlib.registers import YUAN, Audit
from auditlib.rules.common import NO_REASON, UNKNOWN, answered, letters_of, not_enrolled, zero
from auditlib.rules.registry import rule


@rule(
    "duplicate.same_scheme",
    zh="重复发放",
    en="Paid twice",
    criterion="同一人同一学期同一项目有两笔及以上成功发放，扣除冲回后合计超过应发标准。分次发放合计不超标准的不算。",
    message=Text("同一项目发放 {successes} 笔，净额 {amount_paid} 元，标准 {amount_due} 元", "{successes} payments of one scheme, {amount_paid} yuan net against {amount_due}"),
    severity="high",
    subject="aid",
    needs=("payments", "enrolment"),
    innocent=[
        Text("含以前学期的补发，学期栏未注明", "contains arrears of an earlier term that the term column does not show"),
        Text("已追回，冲回记录未附", "already recovered, the reversal is not among the files"),
        Text("同名同号的登记错误", "two persons recorded under one number by mistake"),
    ],
)
def same_scheme(audit: Audit) -> ir.Table:
    """Two or more successful payments of one scheme and term to one person do not, net of reversals, exceed the amount due."""
    paid = audit.aid.filter((_.successes >= 1) & (_.net > 0))
    outside = audit.payees.select("person_id", "covered_stage")
    both = paid.left_join(outside, "person_id").drop("person_id_right")
    nobody = not_enrolled(both)
    anonymous = ~both.in_register & both.person_id.startswith("U:")
    return both.mutate(
        untested=ibis.cases(
            (_.successes < 2, NO_REASON),
            (anonymous, "no_usable_number"),
            (nobody.isnull(), "stage_unknown"),
            (nobody | (_.in_register & ~_.active.fill_null(True)), NO_REASON),
            (_.ceiling.isnull(), "no_standard"),
            else_=NO_REASON,
        ),
        explained=yes(nobody) | (_.in_register & ~_.active.fill_null(True)),
    ).mutate(
        exception=ibis.ifelse(_.untested.notnull(), UNKNOWN, (_.successes >= 2) & ~_.explained & (_.net > _.ceiling)),
        reason=ibis.cases(
            ((_.paid_names > 1) | (_.paid_numbers > 1), "other_spelling"), (_.paid_schools > 1, "other_school"), else_="same_school"
        ),
        at_stake=_.net - _.ceiling,
        amount_due=_.ceiling,
        amount_paid=_.net,
        rests_on=_.payment_records,
    )  # fmt: skip


@rule(
    "duplicate.exclusive_schemes",
    zh="互斥项目重复资助",
    en="Two schemes that exclude each other",
    criterion="同一人同一学期领取了政策规定不得同时享受的两个项目。",
    message=Text("同时领取互斥的两个项目，合计 {amount_paid} 元", "two exclusive schemes paid at once, {amount_paid} yuan together"),
    severity="high",
    subject="pupil",
    needs=("payments", "enrolment"),
    innocent=[Text("学期中改变就读方式，分段发放", "changed between boarding and day school in the term, paid in parts")],
)
def exclusive_schemes(audit: Audit) -> ir.Table:
    """No person is paid two schemes in one term of which the policy says that one excludes the other."""
    paid = audit.aid.filter(_.net > 0)
    first = paid.select("person_id", "scheme", "net", "entitled")
    second = first.rename(other_scheme="scheme", other_net="net", other_entitled="entitled")
    pairs = first.inner_join(audit.exclusions, "scheme").inner_join(second, ["person_id", "other_scheme"])
    once = pairs.filter(_.scheme < _.other_scheme).mutate(
        at_stake=ibis.cases(
            (yes(_.entitled) & ~yes(_.other_entitled), _.other_net),
            (yes(_.other_entitled) & ~yes(_.entitled), _.net),
            else_=ibis.least(_.net, _.other_net),
        )
    )
    found = once.group_by("person_id").agg(at_stake=_.at_stake.sum().cast(YUAN), both=_.scheme.min())
    payees = audit.payees.filter(~(_.in_register & ~_.active.fill_null(True)))
    population = payees.left_join(found, "person_id").drop("person_id_right")
    nobody = not_enrolled(population)
    return population.mutate(
        exception=ibis.cases((_.both.isnull(), False), (nobody.isnull(), UNKNOWN), else_=~nobody),
        untested=ibis.ifelse(_.both.notnull() & nobody.isnull(), "stage_unknown", NO_REASON),
        reason=ibis.literal("exclusive"),
        rests_on=_.payment_records,
    )


@rule(
    "duplicate.fallback",
    zh="兜底与就读地重复",
    en="Fallback here and aid there",
    criterion="县级已兜底发放，而回函说明就读地也已资助。",
    message=Text("县级兜底 {amount_paid} 元，回函称就读地已资助", "the county paid {amount_paid} yuan as fallback; the answer says that aid was paid there"),
    severity="medium",
    subject="pupil",
    needs=("letters", "letters.fallback_amount", "letters.aided"),
    innocent=[Text("就读地资助的是另一项目", "what was paid there is another scheme")],
)
def fallback(audit: Audit) -> ir.Table:
    """A pupil for whom the county paid as fallback was not also aided at the place of study."""
    paid = answered(letters_of(audit)).filter(_.fallback > 0)
    persons = paid.group_by("person_id").agg(
        exception=some(_.is_aided), at_stake=_.fallback.sum().cast(YUAN), rests_on=joined("letters:" + _.source)
    )
    return persons.mutate(
        untested=ibis.ifelse(_.exception.isnull(), "answer_not_stated", NO_REASON),
        reason=ibis.literal("aided_elsewhere"),
        amount_paid=_.at_stake,
    )


def _households(audit: Audit) -> ir.Table:
    """``person_id, household_no``: a person's own households, and those in which the pupil's guardian is listed."""
    own = audit.rows["eligibility"].filter(_.household_no.notnull()).select("person_id", "household_no")
    members = audit.rows["eligibility"].filter(_.household_no.notnull() & _.id18.notnull()).select("household_no", guardian=_.id18)
    wards = audit.rows["enrolment"].filter(_.guardian_id18.notnull()).select("person_id", guardian=_.guardian_id18)
    return own.union(wards.inner_join(members, "guardian").select("person_id", "household_no")).distinct()


@rule(
    "duplicate.shared_account",
    zh="一卡多人",
    en="One account for several households",
    criterion="同一银行账号收取了不同家庭学生的资助款。",
    message=Text("同一账号收取 {pupils} 名学生的资助款，分属不同家庭，合计 {amount_paid} 元", "one account took payments for {pupils} pupils of different households, {amount_paid} yuan"),
    severity="high",
    subject="account",
    needs=("payments", "payments.account_no"),
    innocent=[
        Text("亲属代领并有委托书", "a relative collects for both families, with a mandate"),
        Text("监护人再婚，两户合住", "the guardian has married again, two households live as one"),
    ],
)
def shared_account(audit: Audit) -> ir.Table:
    """One account takes payments only for pupils of one household."""
    rows = audit.paid_rows.mutate(account=_.account_no.coalesce("?" + _.source))
    rows = rows.filter(_.account_no.notnull() | _.account_no_defect.notnull())
    guardians = audit.pupils.select("person_id", "guardian_name")
    rows = rows.left_join(guardians, "person_id").drop("person_id_right")
    accounts = rows.group_by("account").agg(
        pupils=_.person_id.nunique(),
        guardians=_.guardian_name.nunique(),
        with_guardian=_.person_id.nunique(where=_.guardian_name.notnull()),
        surnames=_.name.substr(0, 1).nunique(),
        damaged=_.account_no_defect.notnull().any(),
        amount_paid=_.amount.sum().cast(YUAN),
        account_no=_.account_no.min(),
        rests_on=joined("payments:" + _.source),
    )
    houses = rows.select("account", "person_id").distinct().inner_join(_households(audit), "person_id")
    shares = houses.group_by("account", "household_no").agg(members=_.person_id.nunique())
    largest = shares.group_by("account").agg(largest=_.members.max())
    known = houses.group_by("account").agg(known=_.person_id.nunique())
    both = accounts.left_join(largest, "account").drop("account_right").left_join(known, "account").drop("account_right")
    return both.mutate(largest=_.largest.fill_null(0), known=_.known.fill_null(0)).mutate(
        exception=ibis.cases(
            (_.damaged, UNKNOWN),
            (_.pupils <= 1, False),
            ((_.largest == _.pupils) | ((_.guardians == 1) & (_.with_guardian == _.pupils)), False),
            ((_.known >= 2) & (_.largest < _.known), True),
            ((_.guardians >= 2) & (_.surnames >= 2), True),
            (_.surnames >= 3, True),
            else_=UNKNOWN,
        ),
        reason=ibis.literal("several_households"),
        at_stake=_.amount_paid,
    ).mutate(
        untested=ibis.cases((_.damaged, "account_damaged"), (_.exception.isnull(), "household_unknown"), else_=NO_REASON)
    )  # fmt: skip


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
)
def enrolment(audit: Audit) -> ir.Table:
    """A child has no more than one active enrolment record."""
    place = _.student_no.fill_null("") + "|" + _.school_id.fill_null("")
    active = yes(_.active & _.active_now)
    possible = (_.active & _.active_now).fill_null(True)
    records = audit.rows["enrolment"].mutate(place=ibis.ifelse(_.student_no.isnull() & _.school_id.isnull(), _.source, place))
    pupils = records.group_by("person_id").agg(
        records_active=_.place.nunique(where=active),
        records_possible=_.place.nunique(where=possible),
        schools=_.school_id.nunique(where=active),
    )
    return pupils.mutate(
        exception=ibis.cases((_.records_active >= 2, True), (_.records_possible >= 2, UNKNOWN), else_=False),
        reason=ibis.ifelse(_.schools > 1, "other_school", "same_school"),
        at_stake=zero(),
    ).mutate(untested=ibis.ifelse(_.exception.isnull(), "status_unreadable", NO_REASON))
