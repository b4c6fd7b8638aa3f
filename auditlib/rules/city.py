"""The city's own rules ``recheck.*``: what each is called, when it is a finding, what may be innocent, examples.

They compare a county's self-check with the city's re-performance, and counties with each other: no expression over one
county's tables, so they stand beside the catalogue of :mod:`auditlib.rules`. ``auditlib.city`` applies them.
"""

from __future__ import annotations

from dataclasses import dataclass

from auditlib.base.language import Text


@dataclass(frozen=True)
class RecheckExample:
    """What a rule says in one case: ``flags`` or ``passes`` (a test plays each of them)."""

    outcome: str
    why: Text


@dataclass(frozen=True)
class RecheckRule:
    """A rule of the re-check; ``message`` is one sentence about one finding, its places filled by the maker."""

    id: str
    title: Text
    criterion: Text
    severity: str
    message: Text
    subject: Text
    innocent: tuple[Text, ...]
    examples: tuple[RecheckExample, ...]


def _flags(zh: str, en: str) -> RecheckExample:
    return RecheckExample("flags", Text(zh, en))


def _passes(zh: str, en: str) -> RecheckExample:
    return RecheckExample("passes", Text(zh, en))


_COUNTY = Text("县", "county")
_FINDING = Text("县里的疑点", "a finding of the county")


_ALL = (
    RecheckRule(
        "recheck.package_invalid",
        Text("报送包无效", "Package not valid"),
        Text(
            "县里没有报送包，或报送包经核验被拒绝，或包内数字自相矛盾，或只交加密标识而无法比对",
            "The county handed in no package, or it was refused, or its figures contradict each other, or it holds tokens only "
            "that cannot be compared.",
        ),
        "high",
        Text("{county}的报送包不能采信：{why}", "{county}'s package cannot be relied on: {why}"),
        _COUNTY,
        (
            Text("传送时损坏：请县里重新报送", "damaged on the way: ask for it again"),
            Text("县里没有放好市里的 fingerprint.key 就运行了：放好后重新报送", "run before the city's fingerprint.key was put in place: do so and hand in anew"),
            Text("县里换了电脑，密钥也换了：核对另行送达的公钥", "another machine, another key: compare the public key that travelled by another way"),
        ),
        (
            _flags("没有报送", "none was handed in"),
            _flags("没有签名", "not signed"),
            _flags("包里写 999 项疑点，实有 1 项", "999 findings said in it, one there"),
            _flags("只交加密标识，密钥不是市里统一的那一把", "tokens only, made with another key than the city's"),
            _passes("完整，签名有效", "whole and signed"),
        ),
    ),
    RecheckRule(
        "recheck.data_changed",
        Text("自查后数据变动", "Data changed after the self-check"),
        Text(
            "县里自查所用的行与市里所持的行不同（增加、删除或改动）",
            "A row of the county's self-check is not the row that the city holds: added, removed or altered.",
        ),
        "medium",
        Text("{table}有 {n} 行在自查后{change}", "{n} row(s) of {table} {change} after the self-check"),
        Text("一行（同表同类变动超过 500 行时合为一条）", "a row (over 500 of one table and kind: one finding)"),
        (
            Text("自查后依规定更正，有经手人和依据", "corrected by the rules after the self-check, with a name and a document"),
            Text("自查后补发、追回的记录", "a back-payment or recovery booked after the self-check"),
        ),
        (
            _flags("金额在自查后被改动", "an amount altered after the self-check"),
            _flags("自查后增加了一行", "a row added after the self-check"),
            _flags("自查后删除了一行", "a row taken away after the self-check"),
            _passes("行的次序、文件名变了，内容没有变", "rows moved to another place or file, the content the same"),
        ),
    ),
    RecheckRule(
        "recheck.parameters",
        Text("自查口径不同", "Other conditions than the city's"),
        Text(
            "县里自查所用的参数、标准、台账或表列与市里不同，市里在自己的数据上按县里的口径重做，疑点因此减少；"
            "或所用的程序版本、政策文件、行指纹密钥不同，无从按县里的口径重做",
            "The county checked itself with another parameter, standard, register or column than the city, and the audit done "
            "again on the city's copy under it finds less; or with another version, policy or key under which it cannot be done again.",
        ),
        "high",
        Text("{what}：县里 {county}，市里 {city}；{how}", "{what}: {county} in the county, {city} in the city; {how}"),
        Text("一个县的一项口径", "a condition of a county"),
        (
            Text("市里的参数文件写错了", "the city's parameter file is wrong"),
            Text("县里确无此台账，按规定由市里另行掌握", "the county does not keep that register; the city has it from elsewhere"),
        ),
        (
            _flags("发放截止日写晚了，滞后发放的疑点没有了", "a later pay_by, and the late payments are no longer found"),
            _flags("标准改低了，未足额的疑点没有了", "a lower standard, and who was paid too little is no longer found"),
            _flags("没有放进申请台账，程序疑点没有了", "the applications left out, and nothing of the procedure is found"),
            _flags("程序版本不同", "another version"),
            _passes("函告期限不同，疑点没有因此减少", "another reply_by, and nothing less is found"),
        ),
    ),
    RecheckRule(
        "recheck.not_reproduced",
        Text("重做未见", "Not reproduced"),
        Text(
            "县里自查列出的疑点，市里用同样规则重做没有得到，或得到的金额、人员、依据的行等与县里所写不同，又查不出与这条疑点有关的原因",
            "The county lists a finding that the same rules do not give on the city's copy, or give with another amount, person "
            "or rows, and nothing was shown to explain it.",
        ),
        "medium",
        Text("县里列为“{rule}”，{how}", "the county lists it as “{rule}”; {how}"),
        _FINDING,
        (
            Text("县里用了市里没有的材料", "the county used papers that the city does not have"),
        ),
        (
            _flags("县里有，重做没有，没有别的原因", "the county lists it, the re-performance does not, no other cause"),
            _flags("金额写小了", "the amount at stake written smaller"),
            _flags("一条疑点列了全部发放行", "one finding that cites every payment"),
            _flags("版本不同，别的都一样", "another version, and nothing else"),
            _passes("疑点依据的行在自查后变了", "a row that it rests on changed after the self-check"),
            _passes("按县里的政策文件重做，得到同样的疑点", "done again under the county's policy the same comes out"),
        ),
    ),
    RecheckRule(
        "recheck.not_reported",
        Text("县里漏报", "Not reported"),
        Text(
            "市里重做得到的疑点，县里的报送包里没有，又查不出与这条疑点有关的原因；县里另记“排除”的也算",
            "The re-performance gives a finding that the county's package lacks, and nothing was shown to explain it; that the "
            "county wrote down that it cleared it is no matter.",
        ),
        "high",
        Text("重做得到“{rule}”，县里没有报", "the re-performance gives “{rule}”; the county did not report it"),
        _FINDING,
        (
            Text("县里已在别处处理，没有写进报送包", "dealt with elsewhere and left out of the package"),
        ),
        (
            _flags("重做得到，报送包里没有，没有别的原因", "the re-performance finds it, the package lacks it, no other cause"),
            _flags("报送包里删去了，处理记录里记为排除", "taken out of the package, and cleared in the dispositions"),
            _flags("别的行在自查后变了", "another row changed after the self-check"),
            _passes("报送包里有，县里已排除", "in the package, cleared by the county"),
            _passes("去掉自查后增加的行就没有", "without the row added after the self-check it is not found"),
        ),
    ),
    RecheckRule(
        "recheck.not_reperformed",
        Text("无从重做", "Could not be done again"),
        Text(
            "县里依据上学期的自查（参数 previous）判断，市里没有该县上学期的自查结果，既不能证实也不能否定：县里列出的疑点按规则合为一条；"
            "县里没有列出、市里查到的义务教育末两年龄儿童逐人列出，请县里出示其上学期学籍",
            "The county judged by its run of the term before (parameter previous) and the city has none: neither borne out nor "
            "refuted. What the county lists is one finding a rule; a child near the end of compulsory age whom the city misses and "
            "the county does not list is one each: let the county show the child's record of last term.",
        ),
        "medium",
        Text("“{rule}”无从重做：{how}", "“{rule}” could not be done again: {how}"),
        Text("一县的一条规则，或一个孩子", "a rule of a county, or a child"),
        (
            Text("市里没有保存上学期该县的数据：把在市里数据上做的上学期自查写进该县参数文件的 previous，重新复查", "the city did not keep the county's data of last term: name a run of them in previous of the county's parameter file, and check again"),
            Text("孩子上学期在九年级，已经毕业", "the child was in the ninth year last term and has finished"),
        ),
        (
            _flags("县里列出上学期在籍本学期无记录的学生，市里没有上学期自查", "the county lists pupils who vanished since last term, the city has no run of it"),
            _flags("十五岁的孩子县里没有列为疑似失学，市里没有上学期自查", "a child of fifteen whom the county does not miss, the city has no run of last term"),
            _passes("十岁的孩子县里没有列为疑似失学：仍是漏报", "a child of ten whom the county does not miss: not reported"),
            _passes("县里也没有上学期自查", "the county had no run of the term before either"),
        ),
    ),
    RecheckRule(
        "recheck.doubtful_clearing",
        Text("排除存疑", "Doubtful clearing"),
        Text(
            "县里排除疑点而没有写原因，或所写的原因与市里的数据相反又没有凭据，或用同一个原因排除了一大片",
            "The county cleared a finding without a cause, or by one that the city's data contradict and no paper bears out, or "
            "very many by one cause.",
        ),
        "medium",
        Text("县里排除了“{rule}”，{how}", "the county cleared “{rule}”; {how}"),
        Text("一项排除，或同一原因的全部排除", "a clearing, or all of one cause"),
        (
            Text("原因写在纸质材料上，没有录入", "the cause stands on paper and was not entered"),
            Text("确是同一个原因，如一个文件漏交", "it is one cause indeed, such as a file that was not delivered"),
        ),
        (
            _flags("排除，没有原因", "cleared, no cause"),
            _flags("原因写已补发，市里的数据里没有这笔款", "“now paid”, and the city's data have no such payment"),
            _flags("十二项都用同一个原因排除", "twelve cleared by one cause"),
            _passes("写了原因，数据里看不出不对", "a cause that nothing speaks against"),
        ),
    ),
    RecheckRule(
        "recheck.false_closure",
        Text("虚假销号", "False closure"),
        Text(
            "县里已销号或已整改的疑点，复查数据里没有相应的补发、追回或更正：疑点依然存在，或实际变动的金额不足，或只改写、删除了发放行而没有追回记录",
            "The county closed or rectified a finding, and the re-check's data lack the back-payment, recovery or correction: "
            "it is still found, less money moved than it should have, or the payment row was only written anew or taken away.",
        ),
        "high",
        Text("县里把“{rule}”记为{status}，{how}", "the county says “{rule}” is {status}; {how}"),
        Text("县里已整改或已销号的疑点", "a finding that the county rectified or closed"),
        (
            Text("款已补发或追回，市里所持的明细还没有更新", "paid or recovered, and the city's copy is not up to date"),
            Text("一笔一行记账，退回后就在原行更正：请看银行回单", "one row a payment, corrected in place after the money moved: see the bank's slip"),
            Text("由财政或学校账户追回，不经发放明细", "recovered through another account than the payment list's"),
        ),
        (
            _flags("销号，疑点依然存在", "closed, and still found"),
            _flags("记补发 500 元，数据里只多 250 元", "500 yuan said to be paid, 250 are in the data"),
            _flags("应发 500 元，只记补发 10 元并已发 10 元", "500 were due, 10 written down and paid"),
            _flags("多发的那一行被改小，没有追回记录", "the row paid too much made smaller, no recovery booked"),
            _passes("足额补发，另有一行", "paid in full, in a row of its own"),
            _passes("足额追回，另有一行负数", "recovered in full, in a negative row of its own"),
            _passes("滞后发放：过去的事数据里改不了", "paid late: what is past cannot be undone in the data"),
        ),
    ),
    RecheckRule(
        "recheck.closure_not_evidenced",
        Text("销号待证", "Closure not yet evidenced"),
        Text(
            "县里已销号或已整改，日期晚于市里所持发放明细的截止日，数据里还看不到：请调取银行回单",
            "The county closed or rectified a finding after the city's copy of the payments was made: the copy cannot show it. Ask "
            "for the receipt.",
        ),
        "medium",
        Text("县里 {day} 把“{rule}”记为{status}，晚于市里的数据，请调取回单", "the county says on {day} that “{rule}” is {status}; the city's copy is older: ask for the receipt"),
        Text("县里已整改或已销号的疑点", "a finding that the county rectified or closed"),
        (
            Text("款已补发或追回，凭回单即可销号", "paid or recovered; the receipt settles it"),
        ),
        (
            _flags("市里的数据截至之后才整改", "rectified after the last day of the city's copy"),
            _passes("市里的数据截至之前就整改，款没有动", "rectified before the copy was made, and no money moved"),
        ),
    ),
    RecheckRule(
        "recheck.cross_county_duplicate",
        Text("跨县重复", "Across counties twice"),
        Text(
            "同一人同一学期在两个县领取同一项目，或一县兜底而另一县已发，或在两县都有在读学籍",
            "One person is paid one scheme in two counties in a term, or by fallback in one and paid in the other, or is "
            "actively enrolled in two.",
        ),
        "high",
        Text("与{others}重复：{reason}", "twice, with {others}: {reason}"),
        Text("一人、两县（按项目）", "a person and two counties (by scheme)"),
        (
            Text("学期中转学，转出县先发、转入县后发，一县已追回", "changed county within the term, and one of the two has recovered"),
            Text("同名同生日的两个人（“可能”一类须见人核实）", "two children of one name and birth date (the probable ones need a look)"),
            Text("一县的学籍已申请转出，对方尚未接收", "the transfer is asked for and not yet taken up"),
        ),
        (
            _flags("同一身份证号在两县领同一项目", "one number paid one scheme in two counties"),
            _flags("同一身份证号在两县都在读", "one number actively enrolled in two counties"),
            _flags("县里兜底，另一县已发", "fallback in one county, paid in the other"),
            _flags("姓名、生日相同，证件号错一位", "name and birth date the same, one digit of the number off"),
            _passes("在一县已转出，另一县在读", "transferred out of one, enrolled in the other"),
            _passes("两县领的是可以同享的两个项目", "two schemes that may go together"),
        ),
    ),
)  # fmt: skip
RECHECK_RULES = {rule.id: rule for rule in _ALL}
WORDS = {
    "paid_twice": Text("两县都发了同一项目", "paid the same scheme in both"),
    "fallback_paid": Text("一县兜底，另一县已发", "fallback in one, paid in the other"),
    "enrolled_twice": Text("两县都有在读学籍", "actively enrolled in both"),
    "settled": Text("查无的孩子在邻县学籍中查到", "missed child found in a neighbour's register"),
    "by_tokens": Text(
        "{reason}（凭加密标识比对，姓名请按所列的行向县里查）",
        "{reason} (by keyed tokens: ask the county for the names in the rows listed)",
    ),
    "not_found_again": Text("重做没有得到", "the re-performance does not"),
    "found_otherwise": Text("重做得到的{fields}不同", "the re-performance gives another {fields}"),
    "contradictory": Text(
        "包内数字自相矛盾，或与重做的不符（{places}）",
        "its figures contradict each other or the re-performance ({places})",
    ),
    "hides": Text(
        "因此少了 {n} 项疑点，{yuan} 元", "{n} findings and {yuan} yuan are no longer found because of it"
    ),
    "no_excuse": Text("不能作为疑点不同的理由", "no reason for any difference"),
    "other_version": Text("程序版本", "version"),
    "other_policy": Text("政策文件", "policy files"),
    "other_key": Text(
        "行指纹密钥（无从比对行的变动）", "key of the row fingerprints (changed rows cannot be told)"
    ),
    "lacks_sources": Text("没有放进{table}（行数）", "{table} left out (rows)"),
    "lacks_columns": Text("{table}缺少的列", "columns that {table} lacked"),
    "standard": Text("政策标准 {scheme}", "standard of {scheme}"),
    "together": Text("以上各项合在一起", "several of these together"),
    "count_date": Text("统计日 count_date", "count_date"),
    "enrolment_covers": Text("学籍覆盖学段 enrolment_covers", "enrolment_covers"),
    "columns": Text("表头对应 columns", "columns"),
    "previous": Text("上学期的自查结果 previous", "the run of the term before (previous)"),
    "perhaps_finished": Text(
        "县里没有列出，按年龄可能已于上学期毕业；请县里出示该生上学期的学籍",
        "the county does not list this child, who by age may have finished last term; let it show last term's record",
    ),
    "county_alone": Text(
        "县里列出 {n} 项，市里没有该县上学期的自查结果",
        "the county lists {n}; the city has no run of its term before",
    ),
    "thresholds.pay_by": Text("发放截止日 pay_by", "pay_by"),
    "thresholds.reply_by": Text("回函截止日 reply_by", "reply_by"),
    "thresholds.posting_days": Text("公示天数 posting_days", "posting_days"),
    "thresholds.link_accept": Text("匹配认定线 link_accept", "link_accept"),
    "thresholds.link_review": Text("匹配复核线 link_review", "link_review"),
    "no_cause": Text("没有写原因", "without a cause"),
    "contradicted": Text(
        "所写的原因与市里的数据相反，也没有凭据",
        "by a cause that the city's data contradict and no paper bears out",
    ),
    "many": Text("同一个原因排除了 {n} 项", "{n} by one cause"),
    **{
        f"field_{name}": Text(zh, en)
        for name, zh, en in (
            ("rule", "规则", "rule"),
            ("family", "类别", "family"),
            ("severity", "严重程度", "severity"),
            ("term", "学期", "term"),
            ("county_code", "县代码", "county"),
            ("school_name", "学校", "school"),
            ("town", "乡镇", "town"),
            ("name", "姓名", "name"),
            ("id_number", "证件号", "number"),
            ("student_no", "学籍号", "student number"),
            ("scheme", "资助项目", "scheme"),
            ("amount_due", "应发", "amount due"),
            ("amount_paid", "实发", "amount paid"),
            ("at_stake", "涉及金额", "amount at stake"),
            ("confidence", "可信度", "confidence"),
            ("reason", "原因", "reason"),
            ("message", "说明", "message"),
            ("records", "依据的行", "rows cited"),
            ("policy_ref", "政策依据", "reference"),
        )
    },
    "added": Text("增加", "added"),
    "removed": Text("删除", "removed"),
    "altered": Text("改动", "altered"),
    "rectified": Text("已整改", "rectified"),
    "closed": Text("已销号", "closed"),
    "not_submitted": Text("没有报送", "none was handed in"),
    "still_found": Text("复查数据里依然存在", "it still stands in the re-check's data"),
    "short": Text(
        "应变动 {needed} 元，复查数据里只有 {moved} 元",
        "{needed} yuan had to move, {moved} did in the re-check's data",
    ),
    "rewritten": Text(
        "发放行被改写或删除，没有补发或追回的记录",
        "the payment row was written anew or taken away, no recovery is booked",
    ),
}
