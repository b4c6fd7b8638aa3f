"""重复: paid twice, aided twice, one card for many."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from auditlib.audit.assemble import Audit
from auditlib.base.language import Text
from auditlib.base.logic import YUAN, beside, record, several, some, values_of, yes
from auditlib.rules.common import (
    NO_REASON,
    UNKNOWN,
    answered_rows,
    has_left,
    here,
    letters_of,
    paid_to_nobody,
    unfounded,
    with_open_pairs,
    without_excess,
)
from auditlib.rules.registry import absent, flags, passes, rule, untested

AWAY: dict[str, None] = {"enrolment": None, "payments": None, "applications": None}


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
    examples=[
        flags("paid twice", payments=[{}, {"pay_date": "2020-12-01"}], reason="same_school", at_stake="500.00"),
        flags("paid by two schools", payments=[{}, {"school_code": "{school2}", "school_name": "{school_name2}"}],
              schools=[{}, {"school_code": "{school2}", "school_name": "{school_name2}"}], reason="other_school", at_stake="500.00"),
        flags("paid under two spellings", payments=[{}, {"name": "{name}儿"}], reason="other_spelling", at_stake="500.00"),
        passes("paid once"),
        passes("instalments that make the whole", payments=[{"amount": "250"}, {"amount": "250"}]),
        flags("instalments one fen above", payments=[{"amount": "250"}, {"amount": "250.01"}], at_stake="0.01"),
        passes("paid twice, one recovered", payments=[{}, {}, {"amount": "-500"}]),
        flags("paid twice, one recovered but for a fen", payments=[{}, {}, {"amount": "-499.99"}], at_stake="0.01"),
        passes("came back and was paid again", payments=[{"result": "退汇"}, {}]),
        passes("the term before, paid late", payments=[{}, {"term": "2020年春季学期"}]),
        passes("two schemes that go together", eligibility={"category": "建档立卡"}, payments=[{}, {"scheme": "市级增补"}]),
        passes("namesakes in one school",
               **{table: [{}, {"of": 2, "name": "{name}", "school_name": "{school_name}"}] for table in ("eligibility", "applications")},
               enrolment=[{}, {"of": 2, "name": "{name}", "school_code": "{school}", "school_name": "{school_name}"}],
               payments=[{}, {"of": 2, "name": "{name}", "account_holder": "{name}", "school_code": "{school}", "school_name": "{school_name}"}]),
        passes("twins", eligibility=[{}, {"of": 2, "household_no": "{household}"}], payments=[{}, {"of": 2, "account_no": "{account}"}]),
        flags("pupils of a stage that the register does not cover", eligibility={"birth_date": ""}, enrolment=None, birth="2016-05-04",
              payments=[{"scheme": "学前资助", "amount": "600"}] * 2, schools={"stage": "幼儿园"}, at_stake="600.00"),
        passes("paid twice to nobody: said once", enrolment=None, payments=[{}, {}], also=["mismatch.not_enrolled"]),
        passes("paid twice after leaving: said once", enrolment={"status": "退学"}, payments=[{}, {}], also=["mismatch.inactive"]),
        untested("two rows without a number", eligibility=None, enrolment=None, applications=None, payments=[{"id_number": "", "school_code": ""}] * 2,
                 reason="no_usable_number", also=["mismatch.not_enrolled"]),
        untested("no highest amount in the policy", eligibility={"birth_date": ""}, enrolment=None, birth="2004-05-04",
                 payments=[{"scheme": "中职助学金", "amount": "1000"}] * 2, schools={"stage": "中职"}, reason="no_standard"),
    ],
)  # fmt: skip
def same_scheme(audit: Audit) -> ir.Table:
    """Two or more successful payments of one scheme and term to one person do not, net of reversals, exceed the amount due."""
    paid = audit.aid.filter((_.successes >= 1) & (_.net > 0))
    outside = audit.payees.select("person_id", "covered_stage")
    payees = beside(paid, outside)
    nobody, has_gone = paid_to_nobody(payees, audit), has_left(payees, audit)
    anonymous = ~payees.in_register & payees.person_id.startswith("U:")
    # A reversal without a number may be theirs.
    return with_open_pairs(payees, audit, "payments").mutate(
        untested=ibis.cases(
            (_.successes < 2, NO_REASON),
            (anonymous, "no_usable_number"),
            (nobody.isnull(), "stage_unknown"),
            (nobody | has_gone, NO_REASON),
            (_.maybe_due & _.eligibility_doubtful, "eligibility_row_rejected"),
            (_.maybe_due, "eligibility_date_unreadable"),
            (_.ceiling.isnull(), "no_standard"),
            else_=NO_REASON,
        ),
        explained=yes(nobody) | has_gone,
    ).mutate(
        exception=ibis.ifelse(_.untested.notnull(), UNKNOWN, (_.successes >= 2) & ~_.explained & (_.net > _.ceiling)),
        reason=ibis.cases(
            (yes(_.several_spellings), "other_spelling"), (yes(_.several_schools), "other_school"), else_="same_school"
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
    examples=[
        flags("boarder's and day pupil's allowance", payments=[{}, {"scheme": "非寄宿生生活补助", "amount": "250"}], reason="exclusive", at_stake="250.00"),
        flags("the same, a day pupil", enrolment={"boarding": "走读"}, payments=[{}, {"scheme": "非寄宿生生活补助", "amount": "250"}], at_stake="500.00"),
        flags("the wrong one twice: the excess is at stake in the duplicate", enrolment={"boarding": "走读"}, payments=[{}, {}, {"scheme": "非寄宿生生活补助", "amount": "250"}],
              at_stake="500.00", also=["duplicate.same_scheme"]),
        flags("both to a day pupil who is due neither", enrolment={"boarding": "走读"}, eligibility={"category": "其他困难"},
              payments=[{}, {"scheme": "非寄宿生生活补助", "amount": "250"}], at_stake="750.00"),
        flags("form of boarding not known", enrolment={"boarding": "其他"}, payments=[{}, {"scheme": "非寄宿生生活补助", "amount": "250"}], at_stake="250.00"),
        passes("one of them came back", payments=[{}, {"scheme": "非寄宿生生活补助", "amount": "250", "result": "退汇"}]),
        passes("one of them was recovered", payments=[{}, *({"scheme": "非寄宿生生活补助", "amount": amount} for amount in ("250", "-250"))]),
        passes("two schemes that go together", eligibility={"category": "建档立卡"}, payments=[{}, {"scheme": "市级增补"}]),
        passes("both to nobody: said once", enrolment=None, payments=[{}, {"scheme": "非寄宿生生活补助", "amount": "250"}], also=["mismatch.not_enrolled"]),
        absent("both after leaving: said once", enrolment={"status": "退学"}, payments=[{}, {"scheme": "非寄宿生生活补助", "amount": "250"}], also=["mismatch.inactive"]),
        absent("both to one on no register: said once", eligibility=None, payments=[{}, {"scheme": "非寄宿生生活补助", "amount": "250"}], also=["ineligible.not_listed"]),
    ],
)  # fmt: skip
def exclusive_schemes(audit: Audit) -> ir.Table:
    """No person is paid two schemes in one term of which the policy says that one excludes the other."""
    paid = audit.aid.filter(_.net > 0)
    # Due, perhaps due (or nobody knows of the person), surely not due to this pupil.
    right = ibis.cases((yes(paid.certain), 2), (paid.certain.notnull() | ~paid.in_register, 1), else_=0)
    first = paid.select("person_id", "scheme", "net", part=without_excess(paid), right=right)
    second = first.drop("net").rename(other_scheme="scheme", other_part="part", other_right="right")
    pairs = first.inner_join(audit.exclusions, "scheme").inner_join(second, ["person_id", "other_scheme"])
    less = (_.part < _.other_part) | ((_.part == _.other_part) & (_.scheme < _.other_scheme))
    # Of each pair one is to be paid back, or both; a scheme that stands in several pairs counts once.
    wrong = (_.right < _.other_right) | (_.right == 0) | ((_.right == _.other_right) & less)
    schemes = pairs.mutate(wrong=wrong).group_by("person_id", "scheme").agg(net=_.net.max(), part=_.part.max(), wrong=_.wrong.any())  # fmt: skip
    conflicts = schemes.group_by("person_id").agg(
        at_stake=_.part.sum(where=_.wrong).cast(YUAN), amount_paid=_.net.sum().cast(YUAN), both=_.scheme.min()
    )
    payees = audit.payees.filter(~has_left(audit.payees, audit) & ~unfounded(audit.payees, audit))
    payees = payees.drop("amount_paid")
    population = beside(payees, conflicts)
    nobody = paid_to_nobody(population, audit)
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
    criterion="县级已兜底发放，而回函说明就读地也已资助，或该生县内在读、本学期已按项目发放。",
    message=Text("县级兜底 {amount_paid} 元，{reason_text}", "the county paid {amount_paid} yuan as fallback; {reason_text}"),
    severity="medium",
    subject="pupil",
    needs=("letters", "letters.fallback_amount", "letters.aided"),
    reads=("enrolment", "payments", "eligibility"),
    innocent=[Text("就读地资助的是另一项目", "what was paid there is another scheme")],
    examples=[
        flags("the county paid, and so did the place of study", **AWAY, eligibility={"category": "建档立卡"}, letters={"fallback_amount": "250"}, reason="aided_elsewhere", at_stake="250.00"),
        passes("the place of study did not pay", **AWAY, eligibility={"category": "建档立卡"}, letters={"fallback_amount": "250", "aided": "否"}),
        flags("one letter says aided, another that the county paid", **AWAY, eligibility={"category": "建档立卡"}, letters=[{}, {"fallback_amount": "250", "replied_on": "", "aided": ""}], at_stake="250.00"),
        passes("no answer to the first letter, the second says no", **AWAY, eligibility={"category": "建档立卡"}, letters=[{"replied_on": "", "aided": ""}, {"fallback_amount": "250", "aided": "否"}]),
        flags("in school here and paid by the lists, and fallback paid too", eligibility={"category": "建档立卡"}, letters={"fallback_amount": "250", "aided": "否"}, reason="paid_here", at_stake="250.00", also=["missed.unpaid"]),
        passes("in school here, not paid by the lists", eligibility={"category": "建档立卡"}, payments=None, letters={"fallback_amount": "250", "aided": "否"}, also=["missed.unpaid", "missed.unpaid"]),
        absent("no fallback was paid", **AWAY, letters={}),
        absent("a fallback of nothing", **AWAY, letters={"fallback_amount": "0"}),
        untested("the answer does not say", **AWAY, eligibility={"category": "建档立卡"}, letters={"fallback_amount": "250", "aided": ""}, reason="answer_not_stated"),
    ],
)  # fmt: skip
def fallback(audit: Audit) -> ir.Table:
    """A pupil for whom the county paid as fallback was not also aided at the place of study, nor paid as a pupil of the county."""
    letters = answered_rows(letters_of(audit)).mutate(paid=_.fallback > 0)
    persons = letters.group_by("person_id").agg(
        answer=some(_.is_aided & _.paid),
        aided=yes(_.is_aided).any(),
        at_stake=_.fallback.sum(where=_.paid).cast(YUAN),
        rests_on=values_of(record("letters")),
    )
    paid_here = here(audit.payees).filter(_.amount_paid > 0).select("person_id", paid_here=ibis.literal(True))
    persons = beside(persons.filter(_.at_stake > 0), paid_here).mutate(
        exception=ibis.ifelse(_.aided | yes(_.paid_here), True, _.answer)
    )
    return persons.mutate(
        untested=ibis.ifelse(_.exception.isnull(), "answer_not_stated", NO_REASON),
        reason=ibis.ifelse(_.aided, "aided_elsewhere", "paid_here"),
        amount_paid=_.at_stake,
    )


def _households(audit: Audit) -> ir.Table:
    """``person_id, household_no``: a person's own households, and those in which the pupil's guardian is listed."""
    own = audit.rows["eligibility"].filter(_.household_no.notnull()).select("person_id", "household_no")
    members = (
        audit.rows["eligibility"]
        .filter(_.household_no.notnull() & _.id18.notnull())
        .select("household_no", guardian=_.id18)
    )
    wards = (
        audit.rows["enrolment"]
        .filter(_.guardian_id18.notnull())
        .select("person_id", guardian=_.guardian_id18)
    )
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
    reads=("eligibility", "enrolment"),
    innocent=[
        Text("亲属代领并有委托书", "a relative collects for both families, with a mandate"),
        Text("监护人再婚，两户合住", "the guardian has married again, two households live as one"),
    ],
    examples=[
        flags("one card for pupils of two households", payments=[{}, {"of": 2, "account_no": "{account}"}], reason="several_households", at_stake="1000.00"),

        passes("siblings on the household's card", eligibility=[{}, {"of": 2, "household_no": "{household}"}], payments=[{}, {"of": 2, "account_no": "{account}"}]),
        passes("one guardian", eligibility=[{"household_no": ""}, {"of": 2, "household_no": ""}],
               enrolment=[{}, {"of": 2, "guardian_name": "{guardian}", "guardian_id": "{guardian_id}"}], payments=[{}, {"of": 2, "account_no": "{account}"}]),
        passes("one guardian by name, no households", eligibility=[{"household_no": ""}, {"of": 2, "household_no": ""}],
               enrolment=[{"guardian_id": ""}, {"of": 2, "guardian_name": "{guardian}", "guardian_id": ""}], payments=[{}, {"of": 2, "account_no": "{account}"}]),
        passes("one guardian, listed in two households", enrolment=[{}, {"of": 2, "guardian_name": "{guardian}", "guardian_id": "{guardian_id}"}],
               payments=[{}, {"of": 2, "account_no": "{account}"}]),
        flags("two households, the guardians namesakes", enrolment=[{}, {"of": 2, "guardian_name": "{guardian}"}],
              payments=[{}, {"of": 2, "account_no": "{account}"}], reason="several_households", at_stake="1000.00"),
        flags("no households, two guardians of one name", eligibility=[{"household_no": ""}, {"of": 2, "household_no": ""}],
              enrolment=[{}, {"of": 2, "guardian_name": "{guardian}"}], payments=[{}, {"of": 2, "account_no": "{account}"}]),
        passes("one pupil, two payments", eligibility={"category": "建档立卡"}, payments=[{}, {"scheme": "市级增补"}]),
        absent("no account in the list", payments={"account_no": ""}),
        passes("the second payment came back", payments=[{}, {"of": 2, "account_no": "{account}", "result": "退汇"}, {"of": 2}]),
        flags("two guardians, no households", eligibility=[{"household_no": ""}, {"of": 2, "household_no": ""}], payments=[{}, {"of": 2, "account_no": "{account}"}]),
        flags("three surnames", eligibility=[{"of": n, "household_no": ""} for n in (1, 2, 3)],
              enrolment=[{"of": n, "guardian_name": "", "guardian_id": ""} for n in (1, 2, 3)],
              payments=[{"of": n, "account_no": "{account}"} for n in (1, 2, 3)]),
        untested("neither household nor guardian known", eligibility=[{"household_no": ""}, {"of": 2, "household_no": ""}],
                 enrolment=[{"guardian_name": "", "guardian_id": ""}, {"of": 2, "guardian_name": "", "guardian_id": ""}],
                 payments=[{}, {"of": 2, "account_no": "{account}"}], reason="household_unknown"),
        untested("an account number damaged by the spreadsheet", payments={"account_no": "6.229E+18"}, reason="account_damaged"),
    ],
)  # fmt: skip
def shared_account(audit: Audit) -> ir.Table:
    """One account takes payments only for pupils of one household."""
    rows = audit.paid_rows.mutate(account=_.account_no.coalesce("?" + _.source))
    rows = rows.filter(_.account_no.notnull() | _.account_no_defect.notnull())
    accounts = rows.group_by("account").agg(
        several=yes(several(_.person_id)),
        damaged=_.account_no_defect.notnull().any(),
        amount_paid=_.amount.sum().cast(YUAN),
        account_no=_.account_no.min(),
    )
    shared_rows = rows.semi_join(accounts.filter(_.several), "account")  # nearly all accounts are one pupil's
    houses = shared_rows.select("account", "person_id").distinct().inner_join(_households(audit), "person_id")
    shares = houses.group_by("account", "household_no").agg(members=_.person_id.nunique())
    largest = shares.group_by("account").agg(largest=_.members.max())
    household_counts = houses.group_by("account").agg(known=_.person_id.nunique())
    account_rows = beside(
        beside(beside(accounts, _families(audit, shared_rows), "account"), largest, "account"),
        household_counts,
        "account",
    )
    one_guardian = (_.guardian_numbers == 1) & (_.with_guardian_number == _.pupils)
    one_name = (_.guardians == 1) & (_.with_guardian == _.pupils)  # of two households it may be two people's
    return account_rows.mutate(largest=_.largest.fill_null(0), known=_.known.fill_null(0)).mutate(
        exception=ibis.cases(
            (_.damaged, UNKNOWN),
            (~_.several, False),
            ((_.largest == _.pupils) | one_guardian, False),
            ((_.known >= 2) & (_.largest < _.known), True),
            (one_name, False),
            ((_.guardians >= 2) & (_.surnames >= 2), True),
            (_.surnames >= 3, True),
            else_=UNKNOWN,
        ),
        reason=ibis.literal("several_households"),
        at_stake=_.amount_paid,
    ).mutate(
        untested=ibis.cases((_.damaged, "account_damaged"), (_.exception.isnull(), "household_unknown"), else_=NO_REASON)
    )  # fmt: skip


def _families(audit: Audit, shared_rows: ir.Table) -> ir.Table:
    """``account`` with its pupils counted, their guardians by name and by number, and their family names."""
    guardians = audit.pupils.select("person_id", "guardian_name", "guardian_id18")
    by_account = beside(shared_rows, guardians).group_by("account")
    return by_account.agg(
        pupils=_.person_id.nunique(),
        guardians=ibis.greatest(_.guardian_name.nunique(), _.guardian_id18.nunique()),
        with_guardian=_.person_id.nunique(where=_.guardian_name.notnull()),
        guardian_numbers=_.guardian_id18.nunique(),
        with_guardian_number=_.person_id.nunique(where=_.guardian_id18.notnull()),
        surnames=_.name.substr(0, 1).nunique(),
        rests_on=values_of(record("payments")),
    )
