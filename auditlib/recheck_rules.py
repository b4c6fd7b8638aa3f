"""The city's own rules: what each is called, when it is a finding, how grave it is."""

from __future__ import annotations

from dataclasses import dataclass

from auditlib.language import Text


@dataclass(frozen=True)
class RecheckRule:
    """A rule of the re-check; ``message`` is one sentence about one finding, its places filled by the maker."""

    id: str
    title: Text
    criterion: Text
    severity: str
    message: Text


_ALL = (
    RecheckRule(
        "recheck.package_invalid",
        Text("报送包无效", "Package not valid"),
        Text("县里没有报送包，或报送包经核验被拒绝", "The county handed in no package, or it was refused."),
        "high",
        Text("{county}的报送包不能采信：{why}", "{county}'s package cannot be relied on: {why}"),
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
    ),
    RecheckRule(
        "recheck.not_reproduced",
        Text("重做未见", "Not reproduced"),
        Text(
            "县里自查列出的疑点，市里用同样规则重做没有得到，又没有数据变动等原因",
            "The county lists a finding that the same rules do not give on the city's copy, and nothing explains it.",
        ),
        "medium",
        Text("县里列为“{rule}”，重做没有得到", "the county lists it as “{rule}”; the re-performance does not"),
    ),
    RecheckRule(
        "recheck.not_reported",
        Text("县里漏报", "Not reported"),
        Text(
            "市里重做得到的疑点，县里的报送包里没有，又没有数据变动等原因",
            "The re-performance gives a finding that the county's package lacks, and nothing explains it.",
        ),
        "high",
        Text("重做得到“{rule}”，县里没有报", "the re-performance gives “{rule}”; the county did not report it"),
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
    ),
)  # fmt: skip
RECHECK_RULES = {rule.id: rule for rule in _ALL}
WORDS = {
    "paid_twice": Text("两县都发了同一项目", "paid the same scheme in both"),
    "fallback_paid": Text("一县兜底，另一县已发", "fallback in one, paid in the other"),
    "enrolled_twice": Text("两县都有在读学籍", "actively enrolled in both"),
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
