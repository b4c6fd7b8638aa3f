"""By which words a cause denies what stands in rows that the city has too: a pattern a rule, as data.

A cause is set against the rows only where no paper is named; one that says that a record is wrong, or that the child is elsewhere,
denies nothing.
"""

from __future__ import annotations

# A cause that says that it was *not* so denies nothing: no such word right before what is said, nor within it.
_A = r"(?<![未没不无非])(?<![未没不]能)(?<!没有)(?<!不是)(?<!不完)"
_G = "[^未没不无非]"

# What a cause says has happened.
PAID = rf"{_A}(?:已{_G}{{0,4}}(?:补发|发放|重发|重新发|发给|发到|付|结清)|(?:已|都|全){_G}{{0,4}}(?:到账|入账|入卡|打卡|打[到入进]|转账|划拨|领取|领到|补齐))|\bpaid\b"
BACK = rf"{_A}已{_G}{{0,4}}(?:追回|退回|收回|冲回|退款|追缴|退缴|上缴|缴回|缴还|扣回|扣还|交回|退还|归还)|recovered|given back|reversed"
AWAY = rf"{_A}(?:转学|转出|转走|休学|退学|辍学|毕业|异动|县外就读|外地就读)|elsewhere|\bmoved\b|\bleft\b|transferred"
NOT_ELIGIBLE = rf"不符合|不在册|已脱贫|{_A}退出|非困难|not eligible|off the register"
ENROLLED = rf"{_A}(?:(?:有|是|属){_G}{{0,4}}学籍|在籍)|is enrolled"
ELSEWHERE = r"外[县省市地]|[县省市]外|elsewhere"
STAYED_PATTERN = rf"(?:仍|还|一直){_G}{{0,3}}在.{{0,2}}[读校]|(?:未|没有?).{{0,2}}(?:退学|离校|休学|转学|辍学)|still (?:enrolled|at school)"
LISTED_PATTERN = rf"{_A}(?:在册|[属是]{_G}{{0,4}}(?:低保|脱贫|建档|监测|特困|困难))|on the register"
HERE = rf"{_A}(?:在|就读于?).{{0,2}}(?:本|我)(?:县|市|镇|乡|地|校)|县内{_G}{{0,4}}(?:在读|就读|在校|入学)|at school here"
AGREES = r"学籍.{0,8}(?<!不)(?:一致|相符|相同)|as the register says"
ONE_FAMILY = rf"{_A}(?:同|为|是|系|属).{{0,3}}(?:一家|一户|一个?家庭|一个?户)|one (?:family|household)"
NOT_TWICE = r"(?:没有?|未|并非|不[是属]?).{0,2}重复|[只仅].{0,4}(?:发|领|一次|一笔|一条)|paid once|not twice"
WITHIN = r"(?:没有?|未|不).{0,2}超|标准(?:内|以内|之内)|within the standard"
IN_TIME = rf"{_A}(?:按时|及时|按期|如期|准时)|(?:没有?|未|不).{{0,2}}(?:滞后|延迟|逾期|晚)|in time|(?<!not )not late"
POSTED_PATTERN = (
    rf"{_A}已{_G}{{0,6}}公示|公示{_G}{{0,6}}(?:[满足够过完了]|\d+个?工作?[日天])|(?:was|were) posted"
)
POSTED_ENOUGH = rf"公示{_G}{{0,6}}(?:[满足够]|(?:[5-9]|[1-9]\d)个?(?:工作)?[日天])|posted long enough"
AFTER_POSTING = rf"公示{_G}{{0,4}}(?:之?后|结束|期满)|after the posting"
APPROVED_PATTERN = rf"{_A}已{_G}{{0,8}}(?:审批|批准)|(?:was|is) approved"
ANSWERED_PATTERN = rf"{_A}(?:已|收到|有){_G}{{0,6}}(?:回函|复函)|has answered"
IN_FULL = rf"{_A}(?:全额|足额|发[足够满齐])"
SAME = rf"{_A}(?<!不完全)(?:一致|相符|相等|吻合)"
SOUND_NUMBER = rf"(?:号码|证号|证件){_G}{{0,6}}(?:正确|有效|无误|没有?问题|没错)"
NO_DIFFERENCE = rf"{_A}(?:完全一致|[均都]一致)|没有(?:差异|差别|不同)"
OWN_ACCOUNT = rf"{_A}(?:学生|孩子|该生|儿童).{{0,2}}本人"
APPLIED_PATTERN = rf"{_A}(?:(?:已|有|曾)经?{_G}{{0,2}}(?:提交|提出|递交|上交|填)了?{_G}{{0,4}}申请|有(?:本人|家长|书面)?的?申请)"
APPLIED_NOW = rf"本学期{_G}{{0,2}}(?:已|有|提交|提出){_G}{{0,4}}申请"
IN_ORDER = rf"(?:顺序|次序|程序|流程){_G}{{0,4}}(?:正确|无误|没有?颠倒|没有?问题|合规|规范)|依次"
STAMPED_PATTERN = rf"{_A}已{_G}{{0,8}}盖章?|(?:was|is) stamped"
ENOUGH_PEOPLE = rf"人数{_G}{{0,4}}[达符满足够]|不少于"
WITHIN_PLACES = r"(?:没有?|未|不).{0,2}超|(?:名额|指标)(?:内|以内|之内)"
AT_SCHOOL = r"^(?!.*(?:请假|住院|病|外出|当[天日]|[未没不无]有?.{0,5}(?:在校|到校|上课|就读))).*(?:在校|到校|上课|就读)"
IN_LEDGER = rf"台账.{{0,4}}(?<!没)有|(?:已|均|都){_G}{{0,4}}[列登记录纳]入?{_G}{{0,6}}台账"
REPORTED_PATTERN = rf"已经?{_G}{{0,2}}(?:上报|报告)"
CAME_BACK = rf"(?:已经?|确已|现){_G}{{0,4}}(?:复学|返校|在校|就读)|{_A}在[校读]"
CERTIFIED_PATTERN = rf"四.{{0,4}}部门{_G}{{0,8}}认定|(?:已|均|都){_G}{{0,6}}认定"
NOT_AT_SCHOOL = r"(?:不|没有?|未|并未).{0,2}(?:在校|到校|在读|入学|就读)|[没无]有?学籍"
TAUGHT_ENOUGH = rf"次数{_G}{{0,4}}[达符满足够]|{_A}按(?:规定|要求|计划){_G}{{0,4}}送教"
PLANNED_PATTERN = (
    rf"^(?!.*下(?:学|一)?期).*(?:(?<!不)在.{{0,6}}(?:计划|名单)|{_A}(?:已|列入|纳入){_G}{{0,6}}(?:计划|名单))"
)
IN_SCOPE = r"(?<![不未])符合.{0,4}(?:条件|范围|政策|规定)"
SENT_FIRST = rf"先.{{0,2}}发函|日期{_G}{{0,4}}(?:正确|无误)"
SPENT_PATTERN = rf"(?:没有|无|不存在).{{0,4}}(?:结余|滞留)|{_A}已{_G}{{0,4}}(?:拨付|拨完|下拨|用完|支付)"
DONE_PATTERN = rf"{_A}已{_G}{{0,6}}(?:完成|办结|整改|销号)"
EVIDENCED_PATTERN = rf"{_A}(?:已|有|附){_G}{{0,4}}(?:佐证|证据|材料|凭证|资料)"
DENIALS = {
    "mismatch.not_enrolled": f"{ENROLLED}|{HERE}", "mismatch.inactive": STAYED_PATTERN, "mismatch.school": AGREES,
    "mismatch.stage": AGREES, "mismatch.boarding": AGREES, "ineligible.not_listed": LISTED_PATTERN, "ineligible.expired": LISTED_PATTERN,
    "missed.not_found": HERE, "missed.not_placed": HERE, "missed.out_of_county": ANSWERED_PATTERN, "amount.overpaid": WITHIN,
    "duplicate.same_scheme": f"{NOT_TWICE}|{WITHIN}", "duplicate.exclusive_schemes": NOT_TWICE,
    "duplicate.enrolment": NOT_TWICE, "duplicate.shared_account": ONE_FAMILY, "procedure.paid_late": IN_TIME,
    "procedure.not_posted": POSTED_PATTERN, "procedure.posting_short": POSTED_ENOUGH, "procedure.not_approved": APPROVED_PATTERN,
    "procedure.paid_before_posting_ended": AFTER_POSTING,
    "missed.underpaid": IN_FULL, "missed.listed_late": PAID, "duplicate.fallback": NOT_TWICE,
    "mismatch.identity": NO_DIFFERENCE, "mismatch.register_identity": NO_DIFFERENCE, "mismatch.invalid_id": SOUND_NUMBER,
    "mismatch.register_school": AGREES, "procedure.account_holder": OWN_ACCOUNT, "procedure.no_application": APPLIED_PATTERN,
    "procedure.other_term": APPLIED_NOW, "procedure.applied_late": IN_TIME, "procedure.order": IN_ORDER,
    "procedure.panel_small": ENOUGH_PEOPLE, "procedure.not_stamped": STAMPED_PATTERN, "procedure.over_quota": WITHIN_PLACES, "payments.two_lists": SAME,
    "attendance.absent": AT_SCHOOL, "attendance.paid_absent": AT_SCHOOL, "attendance.unregistered": ENROLLED,
    "attendance.headcount": SAME, "dropout.unledgered": IN_LEDGER, "dropout.overdue": f"{IN_TIME}|{REPORTED_PATTERN}",
    "dropout.false_closure": CAME_BACK, "dropout.returned_unpaid": PAID, "unable.uncertified": CERTIFIED_PATTERN,
    "unable.in_school": NOT_AT_SCHOOL, "home.too_few": TAUGHT_ENOUGH, "home.not_enrolled": ENROLLED,
    "warning.not_in_plan": f"{PLANNED_PATTERN}|{PAID}", "warning.passed_over": PAID, "letters.fallback_scope": f"{IN_SCOPE}|{LISTED_PATTERN}",
    "letters.fallback_amount": f"{SAME}|{WITHIN}", "letters.order": SENT_FIRST, "enrolment.vanished": f"{ENROLLED}|{HERE}",
    "funds.idle": SPENT_PATTERN, "funds.unreconciled": SAME, "issues.overdue": f"{IN_TIME}|{DONE_PATTERN}", "issues.no_evidence": EVIDENCED_PATTERN,
    "totals.persons": SAME, "totals.amount": SAME, "totals.parts": SAME, "totals.loan_ceiling": WITHIN,
}  # fmt: skip
MISWRITTEN = r"漏[登填记录报印]|[登记录填写输].{0,3}(?:错|误|漏)|有误|笔误|[未没].{0,3}(?:更新|登记|录入|同步)|台账不全|曾用名|改名|更名|typo|not (?:entered|updated)|wrongly (?:entered|recorded)"
