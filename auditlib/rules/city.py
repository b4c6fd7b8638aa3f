"""The city's own rules ``recheck.*``: what each is called, when it is a finding, what may be innocent, examples.

They compare a county's self-check with the city's re-performance, and counties with each other: no expression over one
county's tables, so they stand beside the catalogue of :mod:`auditlib.rules`. ``auditlib.city`` applies them; each example is a
case that ``tests/spec/city/test_recheck_rules.py`` plays, and a line of docs/rules.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from auditlib.base.language import Text
from auditlib.rules.registry import Severity


@dataclass(frozen=True)
class RecheckExample:
    """A case and what the rule says of it; ``step``: what of the re-check it plays, ``case``: what that step is given.

    - ``handed_in``: ``nothing``, ``whole``, ``contradictory``, or the code of a refusal.
    - ``rows``: fingerprints (source, subject, content) ``before`` and ``after`` the self-check.
    - ``condition``: ``name`` of what the ``county`` had otherwise than the ``city``; how many findings it ``hides`` (1);
      ``told`` where none too.
    - ``finding``: what ``county`` and ``city`` have, alike where they are not named: None for none, or the cells that differ.
      Of the same shape: ``unchanged`` (the city without the rows changed since), ``under_county`` (under the county's
      conditions).
      Besides: a row ``changed`` since; ``status`` of the county's decision; ``aged``.
      ``last_term`` says who has a run of it: ``other`` and ``same`` mean both, of another register and of the same one.
    - ``cleared``: by which ``cause``, how many ``findings``.
    - ``closed``: a finding of ``rule``; yuan ``before`` and ``now``, ``stated`` by the county, whether it is ``still`` found.
    - ``person``: what one person has in each of two counties.
    """

    outcome: Literal["flags", "passes"]
    why: Text
    step: str
    case: Any


@dataclass(frozen=True)
class RecheckRule:
    """A rule of the re-check; ``message`` is one sentence about one finding, its places filled by the maker."""

    id: str
    title: Text
    criterion: Text
    severity: Severity
    message: Text
    subject: Text
    innocent: tuple[Text, ...]
    examples: tuple[RecheckExample, ...]


RECHECK_RULES: dict[str, RecheckRule] = {}


def recheck_rule(
    id: str,
    *,
    zh: str,
    en: str,
    criterion: Text,
    message: Text,
    severity: Severity,
    subject: Text,
    innocent: Sequence[Text],
    examples: Sequence[RecheckExample],
) -> None:
    """Enter a rule in the city's catalogue, in the words of :func:`auditlib.rules.registry.rule`.

    No function stands below it: one comparison of the two sides answers several rules (``auditlib/city/findings.py``).
    """
    assert id not in RECHECK_RULES, id
    RECHECK_RULES[id] = RecheckRule(
        id, Text(zh, en), criterion, severity, message, subject, tuple(innocent), tuple(examples)
    )


def flags(zh: str, en: str, **case: Any) -> RecheckExample:
    """A case in which the rule finds something: one keyword, the step."""
    ((step, given_to_it),) = case.items()
    return RecheckExample("flags", Text(zh, en), step, given_to_it)


def passes(zh: str, en: str, **case: Any) -> RecheckExample:
    """A case in which it finds nothing: one keyword, the step."""
    return replace(flags(zh, en, **case), outcome="passes")


_COUNTY = Text("县", "county")
_FINDING = Text("县里的疑点", "a finding of the county")


recheck_rule(
    "recheck.package_invalid",
    zh="报送包无效",
    en="Package not valid",
    criterion=Text(
            "县里没有报送包，或报送包经核验被拒绝，或包内数字自相矛盾，或只交加密标识而无法比对，或市里的参数里没有这个代码、这个名称的县",
            "The county handed in no package, or it was refused, or its figures contradict each other, or it holds tokens only "
            "that cannot be compared, or the city's parameters know no county of its code or name.",
        ),
    message=Text("{county}的报送包不能采信：{why}", "{county}'s package cannot be relied on: {why}"),
    severity="high",
    subject=_COUNTY,
    innocent=[
        Text("传送时损坏：请县里重新报送", "damaged on the way: ask for it again"),
        Text("县里没有放好市里的 fingerprint.key 就运行了：放好后重新报送", "run before the city's fingerprint.key was put in place: do so and hand in anew"),
        Text("县名改过，或市里的参数写错：与县里核对后改参数", "renamed, or the city's parameters are wrong: ask the county and mend them"),
        Text("县里换了电脑，密钥也换了：核对另行送达的公钥", "another machine, another key: compare the public key that travelled by another way"),
    ],
    examples=[
        flags("没有报送", "none was handed in", handed_in="nothing"),
        flags("没有签名", "not signed", handed_in="unsigned"),
        flags("包里写 999 项疑点，实有 1 项", "999 findings said in it, one there", handed_in="contradictory"),
        flags("只交加密标识，密钥不是市里统一的那一把", "tokens only, made with another key than the city's", handed_in="other_token_key"),
        flags("市里的参数里没有这个代码的县", "a county of a code that the city's parameters do not know", handed_in="unknown_county"),
        flags("封签上的县名不是这个代码的县名", "a name on the seal that is not the county's of its code", handed_in="unknown_name"),
        passes("完整，签名有效", "whole and signed", handed_in="whole"),
    ],
)  # fmt: skip
recheck_rule(
    "recheck.data_changed",
    zh="自查后数据变动",
    en="Data changed after the self-check",
    criterion=Text(
            "县里自查所用的行与市里所持的行不同（增加、删除或改动）",
            "A row of the county's self-check is not the row that the city holds: added, removed or altered.",
        ),
    message=Text("{table}有 {n} 行在自查后{change}", "{n} row(s) of {table} {change}"),
    severity="medium",
    subject=Text("一行（同表同类变动超过 500 行时合为一条）", "a row (over 500 of one table and kind: one finding)"),
    innocent=[
        Text("自查后依规定更正，有经手人和依据", "corrected by the rules after the self-check, with a name and a document"),
        Text("自查后补发、追回的记录", "a back-payment or recovery booked after the self-check"),
    ],
    examples=[
        flags("金额在自查后被改动", "an amount altered after the self-check", rows={"before": ["f!2 a x"], "after": ["f!2 a y"]}),
        flags("自查后增加了一行", "a row added after the self-check", rows={"before": ["f!2 a x"], "after": ["f!2 a x", "f!3 b y"]}),
        flags("自查后删除了一行", "a row taken away after the self-check", rows={"before": ["f!2 a x", "f!3 b y"], "after": ["f!2 a x"]}),
        passes("行的次序、文件名变了，内容没有变", "rows moved to another place or file, the content the same", rows={"before": ["f!2 a x", "f!3 b y"], "after": ["g!9 a x", "f!3 b y"]}),
    ],
)  # fmt: skip
recheck_rule(
    "recheck.parameters",
    zh="自查口径不同",
    en="Other conditions than the city's",
    criterion=Text(
            "县里自查所用的参数、标准、台账、表列或人工判断与市里不同，市里在自己的数据上按县里的口径重做，疑点因此减少；"
            "或所用的程序版本、政策文件、行指纹密钥不同，无从按县里的口径重做",
            "The county checked itself with another parameter, standard, register, column or judgement of people than the city, and the audit done "
            "again on the city's copy under it finds less; or with another version, policy or key under which it cannot be done again.",
        ),
    message=Text("{what}：县里 {county}，市里 {city}；{how}", "{what}: {county} in the county, {city} in the city; {how}"),
    severity="high",
    subject=Text("一个县的一项口径", "a condition of a county"),
    innocent=[
        Text("市里的参数文件写错了", "the city's parameter file is wrong"),
        Text("县里交的是发放期内的预警自查，发放期满后应再查一次", "the county handed in a check made while payment lasted; it checks itself again once that is over"),
        Text("县里确无此台账，按规定由市里另行掌握", "the county does not keep that register; the city has it from elsewhere"),
        Text("人工判断有据：请县里出示两条记录的原始材料", "people judged the pairs rightly: let the county show the papers of both records"),
    ],
    examples=[
        flags("发放截止日写晚了，滞后发放的疑点没有了", "a later last day of payment, and the late payments are no longer found", condition={"name": "thresholds.pay_by", "county": "2021-06-30", "city": "2020-12-31"}),
        flags("标准改低了，未足额的疑点没有了", "a lower standard, and who was paid too little is no longer found", condition={"name": "policy.boarder_allowance", "county": "primary 2011-09-01 any 300", "city": "primary 2011-09-01 any 500"}),
        flags("没有放进申请台账，程序疑点没有了", "the applications left out, and nothing of the procedure is found", condition={"name": "sources.applications", "county": "0", "city": "12"}),
        flags("人工把一笔发放判给一名未领款的学生，应助未助的疑点没有了", "people judged a payment to be a pupil's, who is then no longer unpaid", condition={"name": "judgements", "county": "1", "city": "0"}),
        flags("程序版本不同", "another version", condition={"version": ["0.1", "1.0"]}),
        flags("标准所引的文件不同，疑点没有因此减少", "other documents cited for a standard, and nothing less is found", condition={"name": "policy.boarder_allowance", "county": "本县文件", "city": "财政部文件", "hides": 0, "told": True}),
        passes("函告期限不同，疑点没有因此减少", "another last day for answers, and nothing less is found", condition={"name": "thresholds.reply_by", "county": "2021-01-15", "city": "2020-12-15", "hides": 0}),
    ],
)  # fmt: skip
recheck_rule(
    "recheck.not_reproduced",
    zh="重做未见",
    en="Not reproduced",
    criterion=Text(
            "县里自查列出的疑点，市里用同样规则重做没有得到，或得到的金额、人员、依据的行等与县里所写不同，又查不出与这条疑点有关的原因",
            "The county lists a finding that the same rules do not give on the city's copy, or give with another amount, person "
            "or rows, and nothing was shown to explain it.",
        ),
    message=Text("县里列为“{rule}”，{how}", "the county lists it as “{rule}”; {how}"),
    severity="medium",
    subject=_FINDING,
    innocent=[
        Text("县里用了市里没有的材料", "the county used papers that the city does not have"),
    ],
    examples=[
        flags("县里有，重做没有，没有别的原因", "the county lists it, the re-performance does not, no other cause", finding={"city": None}),
        flags("金额写小了", "the amount at stake written smaller", finding={"county": {"at_stake": "10"}}),
        flags("一条疑点列了全部发放行", "one finding that cites every payment", finding={"county": {"records": [f"payments:p.csv!{n}" for n in range(2, 60)]}}),
        flags("版本不同，别的都一样", "another version, and nothing else", finding={"city": None, "version": "0.1"}),
        passes("疑点依据的行在自查后变了", "a row that it rests on changed after the self-check", finding={"city": None, "changed": ("altered", "p.csv!2")}),
        passes("按县里的政策文件重做，得到同样的疑点", "done again under the county's policy the same comes out", finding={"city": None, "under_county": {}}),
    ],
)  # fmt: skip
recheck_rule(
    "recheck.not_reported",
    zh="县里漏报",
    en="Not reported",
    criterion=Text(
            "市里重做得到的疑点，县里的报送包里没有，又查不出与这条疑点有关的原因；县里另记“排除”的也算",
            "The re-performance gives a finding that the county's package lacks, and nothing was shown to explain it; that the "
            "county wrote down that it cleared it is no matter.",
        ),
    message=Text("重做得到“{rule}”，县里没有报", "the re-performance gives “{rule}”; the county did not report it"),
    severity="high",
    subject=_FINDING,
    innocent=[
        Text("县里已在别处处理，没有写进报送包", "dealt with elsewhere and left out of the package"),
    ],
    examples=[
        flags("重做得到，报送包里没有，没有别的原因", "the re-performance finds it, the package lacks it, no other cause", finding={"county": None}),
        flags("报送包里删去了，处理记录里记为排除", "taken out of the package, and cleared in the dispositions", finding={"county": None, "status": "cleared"}),
        flags("别的行在自查后变了", "another row changed after the self-check", finding={"county": None, "changed": ("added", "p.csv!9")}),
        passes("报送包里有，县里已排除", "in the package, cleared by the county", finding={"status": "cleared"}),
        passes("去掉自查后增加的行就没有", "without the row added after the self-check it is not found", finding={"county": None, "unchanged": None, "changed": ("added", "p.csv!2")}),
    ],
)  # fmt: skip
recheck_rule(
    "recheck.not_reperformed",
    zh="无从重做",
    en="Could not be done again",
    criterion=Text(
            "县里依据上学期的自查判断，市里没有该县上学期的自查结果，或县、市所用的上学期学籍不同，既不能证实也不能否定：县里列出的疑点按规则合为一条；"
            "县里没有列出、市里查到的义务教育末两年龄儿童逐人列出，请县里出示其上学期学籍",
            "The county judged by its run of the term before, and the city has none or one with another register: neither borne out nor "
            "refuted. What the county lists is one finding a rule; a child near the end of compulsory age whom the city misses and "
            "the county does not list is one each: let the county show the child's record of last term.",
        ),
    message=Text("“{rule}”无从重做：{how}", "“{rule}” could not be done again: {how}"),
    severity="medium",
    subject=Text("一县的一条规则，或一个孩子", "a rule of a county, or a child"),
    innocent=[
        Text("市里没有保存上学期该县的数据：把在市里数据上做的上学期自查写进该县参数文件的 previous，重新复查", "the city did not keep the county's data of last term: name a run of them in previous of the county's parameter file, and check again"),
        Text("两份上学期学籍导出的日子不同", "the two registers of last term were exported on different days"),
        Text("孩子上学期在九年级，已经毕业", "the child was in the ninth year last term and has finished"),
    ],
    examples=[
        flags("县里列出上学期在籍本学期无记录的学生，市里没有上学期自查", "the county lists pupils who vanished since last term, the city has no run of it", finding={"county": {"rule": "enrolment.vanished", "records": []}, "city": None, "last_term": "county"}),
        flags("十五岁的孩子县里没有列为疑似失学，市里没有上学期自查", "a child of fifteen whom the county does not miss, the city has no run of last term", finding={"county": None, "city": {"rule": "missed.not_found"}, "aged": 15, "last_term": "county"}),
        flags("县里列出上学期在籍本学期无记录的学生，市里没有，两份上学期学籍不同", "the county lists pupils who vanished since last term, the city does not, and their registers of last term differ", finding={"county": {"rule": "enrolment.vanished", "records": []}, "city": None, "last_term": "other"}),
        flags("市里列出上学期在籍本学期无记录的学生，县里没有，两份上学期学籍不同", "the city lists a pupil who vanished since last term, the county does not, and their registers of last term differ", finding={"county": None, "city": {"rule": "enrolment.vanished", "records": []}, "last_term": "other"}),
        passes("两份上学期学籍相同：仍是漏报", "their registers of last term are the same: not reported", finding={"county": None, "city": {"rule": "enrolment.vanished", "records": []}, "last_term": "same"}),
        passes("十岁的孩子县里没有列为疑似失学：仍是漏报", "a child of ten whom the county does not miss: not reported", finding={"county": None, "city": {"rule": "missed.not_found"}, "aged": 10, "last_term": "county"}),
        passes("县里也没有上学期自查", "the county had no run of the term before either", finding={"county": None, "city": {"rule": "missed.not_found"}, "aged": 15}),
    ],
)  # fmt: skip
recheck_rule(
    "recheck.doubtful_clearing",
    zh="排除存疑",
    en="Doubtful clearing",
    criterion=Text(
            "县里排除疑点的日期早于本学期，或没有写原因，或所写的原因与市里的数据相反又没有凭据，或用同一个原因排除了一大片，或把一类漏助疑点、或孩子漏助失学的全部疑点几乎全部排除而没有一份凭据；"
            "只交加密标识的县排除了一大片的也算，原因请县里出示",
            "The county cleared a finding on a day before the term, or without a cause, or by one that the city's data contradict and no paper bears out, or "
            "very many by one cause, or nearly all of a rule's children missed, or of all children missed or out of school, without a "
            "paper; or it handed in tokens, with no causes, "
            "and cleared very many.",
        ),
    message=Text("县里排除了“{rule}”，{how}", "the county cleared “{rule}”; {how}"),
    severity="medium",
    subject=Text("一项排除，或同一原因的全部排除", "a clearing, or all of one cause"),
    innocent=[
        Text("原因写在纸质材料上，没有录入", "the cause stands on paper and was not entered"),
        Text("确是同一个原因，如一个文件漏交", "it is one cause indeed, such as a file that was not delivered"),
    ],
    examples=[
        flags("排除，没有原因", "cleared, no cause", cleared={"cause": ""}),
        flags("原因写已补发，市里的数据里没有这笔款", "“now paid”, and the city's data have no such payment", cleared={"cause": "应发未发，已补发"}),
        flags("十二项都用同一个原因排除", "twelve cleared by one cause", cleared={"cause": "台账时间口径不同", "findings": 12}),
        flags("日期在本学期开始以前", "dated the day before the term began", cleared={"cause": "台账时间口径不同", "on": "2020-08-31T10:00:00+08:00"}),
        passes("日期是本学期第一天", "dated the first day of the term", cleared={"cause": "台账时间口径不同", "on": "2020-09-01T10:00:00+08:00"}),
        passes("写了原因，数据里看不出不对", "a cause that nothing speaks against", cleared={"cause": "台账时间口径不同"}),
    ],
)  # fmt: skip
recheck_rule(
    "recheck.false_closure",
    zh="虚假销号",
    en="False closure",
    criterion=Text(
            "县里已销号或已整改的疑点，复查数据里没有相应的补发、追回或更正：疑点依然存在，或实际变动的金额不足，或只改写、删除了发放行而没有追回记录，或办结日期写在将来（比市里的数据晚一年以上，至今还没有到）",
            "The county closed or rectified a finding, and the re-check's data lack the back-payment, recovery or correction: "
            "it is still found, less money moved than it should have, or the payment row was only written anew or taken away, or "
            "it is dated on a day to come (a year or more after the city's data).",
        ),
    message=Text("县里把“{rule}”记为{status}，{how}", "the county says “{rule}” is {status}; {how}"),
    severity="high",
    subject=Text("县里已整改或已销号的疑点", "a finding that the county rectified or closed"),
    innocent=[
        Text("款已补发或追回，市里所持的明细还没有更新", "paid or recovered, and the city's copy is not up to date"),
        Text("一笔一行记账，退回后就在原行更正：请看银行回单", "one row a payment, corrected in place after the money moved: see the bank's slip"),
        Text("由财政或学校账户追回，不经发放明细", "recovered through another account than the payment list's"),
    ],
    examples=[
        flags("销号，疑点依然存在", "closed, and still found", closed={"rule": "missed.unpaid", "before": "0", "now": "0", "still": True}),
        flags("日期写在将来", "dated on a day that has not come", closed={"rule": "missed.unpaid", "before": "0", "now": "0", "still": True, "decided_at": "2099-01-01"}),
        flags("记补发 500 元，数据里只多 250 元", "500 yuan said to be paid, 250 are in the data", closed={"rule": "missed.unpaid", "before": "0", "now": "250", "stated": "500"}),
        flags("应发 500 元，只记补发 10 元并已发 10 元", "500 were due, 10 written down and paid", closed={"rule": "missed.unpaid", "before": "0", "now": "10", "stated": "10"}),
        flags("多发的那一行被改小，没有追回记录", "the row paid too much made smaller, no recovery booked", closed={"rule": "amount.overpaid", "before": "1000", "now": "500", "changed": ("altered", "p.csv!2")}),
        passes("足额补发，另有一行", "paid in full, in a row of its own", closed={"rule": "missed.unpaid", "before": "0", "now": "500"}),
        passes("足额追回，另有一行负数", "recovered in full, in a negative row of its own", closed={"rule": "amount.overpaid", "before": "1000", "now": "500"}),
        passes("滞后发放：过去的事数据里改不了", "paid late: what is past cannot be undone in the data", closed={"rule": "procedure.paid_late", "before": "500", "now": "500"}),
    ],
)  # fmt: skip
recheck_rule(
    "recheck.closure_not_evidenced",
    zh="销号待证",
    en="Closure not yet evidenced",
    criterion=Text(
            "县里已销号或已整改，日期晚于市里所持发放明细的截止日，数据里还看不到：请调取银行回单",
            "The county closed or rectified a finding after the city's copy of the payments was made: the copy cannot show it. Ask "
            "for the receipt.",
        ),
    message=Text("县里 {day} 把“{rule}”记为{status}，晚于市里的数据，请调取回单", "the county says on {day} that “{rule}” is {status}; the city's copy is older: ask for the receipt"),
    severity="medium",
    subject=Text("县里已整改或已销号的疑点", "a finding that the county rectified or closed"),
    innocent=[
        Text("款已补发或追回，凭回单即可销号", "paid or recovered; the receipt closes it"),
    ],
    examples=[
        flags("市里的数据截至之后才整改", "rectified after the last day of the city's copy", closed={"rule": "missed.unpaid", "before": "0", "now": "0", "still": True, "decided_at": "2021-01-11"}),
        passes("市里的数据截至之前就整改，款没有动", "rectified before the copy was made, and no money moved", closed={"rule": "missed.unpaid", "before": "0", "now": "0", "still": True}),
    ],
)  # fmt: skip
recheck_rule(
    "recheck.cross_county_duplicate",
    zh="跨县重复",
    en="Across counties twice",
    criterion=Text(
            "同一人同一学期在两个县领取同一项目，或一县兜底而另一县已发，或在两县都有在读学籍",
            "One person is paid one scheme in two counties in a term, or by fallback in one and paid in the other, or is "
            "actively enrolled in two.",
        ),
    message=Text("与{others}重复：{reason}", "twice, with {others}: {reason}"),
    severity="high",
    subject=Text("一人、两县（按项目）", "a person and two counties (by scheme)"),
    innocent=[
        Text("学期中转学，转出县先发、转入县后发，一县已追回", "changed county within the term, and one of the two has recovered"),
        Text("同名同生日的两个人（“可能”一类须见人核实）", "two children of one name and birth date (the probable ones need a look)"),
        Text("一县的学籍已申请转出，对方尚未接收", "the transfer is asked for and not yet taken up"),
    ],
    examples=[
        flags("同一身份证号在两县领同一项目", "one number paid one scheme in two counties", person=["paid", "paid"]),
        flags("同一身份证号在两县都在读", "one number actively enrolled in two counties", person=["enrolled", "enrolled"]),
        flags("县里兜底，另一县已发", "fallback in one county, paid in the other", person=["fallback", "paid"]),
        flags("姓名、生日相同，证件号错一位", "name and birth date the same, one digit of the number off", person=["paid", "paid under a number one digit off"]),
        passes("在一县已转出，另一县在读", "transferred out of one, enrolled in the other", person=["transferred", "enrolled"]),
        passes("两县领的是可以同享的两个项目", "two schemes that may go together", person=["senior grant", "senior fee waiver"]),
    ],
)  # fmt: skip
