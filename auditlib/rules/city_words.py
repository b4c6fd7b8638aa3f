"""The words of the city's findings: reasons, conditions, fields that differ, what became of a closure."""

from __future__ import annotations

from auditlib.base.language import Text

WORDS = {
    "paid_twice": Text("两县都发了同一项目", "paid the same scheme in both"),
    "fallback_paid": Text("一县兜底，另一县已发", "fallback in one, paid in the other"),
    "enrolled_twice": Text("两县都有在读学籍", "actively enrolled in both"),
    "registered_elsewhere": Text(
        "查无的孩子在邻县学籍中查到", "missed child found in a neighbour's register"
    ),
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
    "unknown_county": Text(
        "市里的参数（county_params、keys）里没有代码为 {code} 的县，包是谁的无从核对：不是本市的县，不要列入 packages；是本市的县，取得它的公钥，写入 keys",
        "the city's parameters (county_params, keys) know no county of the code {code}, so whose it is cannot be told: leave it out of "
        "packages if it is none of the city's; if it is, get its public key and enter it under keys",
    ),
    "unknown_name": Text(
        "封签上的县名不是代码 {code} 的县名：与县里核对，再请它重新报送",
        "the name on its seal is not that of the county of the code {code}: ask the county, and let it send it again",
    ),
    "tokens_amiss": Text(
        "{n} 行学籍的学生在邻县名册中，行指纹里有，加密标识里没有或被重复（请按所列的行向县里查）",
        "{n} row(s) of its register of pupils, of children whom a neighbour's registers know, are among its fingerprints and not, or "
        "more than once, among its tokens: ask the county for the rows listed",
    ),
    "hides": Text(
        "因此少了 {n} 项疑点，涉及 {persons} 人、{yuan} 元",
        "{n} finding(s) about {persons} person(s), {yuan} yuan, are no longer found because of it",
    ),
    "of_children": Text(
        "其中漏助、不在校或失学的孩子 {n} 名", "{n} of them children missed, away from school or dropped out"
    ),
    "hidden_again": Text(
        "{n} 项别的口径也会使其不见，金额只计一次",
        "{n} are hidden by another condition too, whose yuan count once",
    ),
    "tells_otherwise": Text(
        "{n} 项疑点的可信度因此降低，或写成了别的姓名、证件号、学校、项目",
        "{n} finding(s) are less sure because of it, or told of another name, number, school or scheme",
    ),
    "hides_nothing": Text("没有疑点因此减少", "no finding is lost because of it"),
    "other_text": Text("内容不同", "another text"),
    "not_tried": Text(
        "在市里的文件上无法照此重做，不能作为疑点不同的理由；县里清单中各规则的数、孩子数和金额因此没有核对，请县里说明",
        "the audit cannot be done under it on the city's files, so it is no reason for any difference; what the county's manifest "
        "counts of its rules, children and yuan stands unchecked: let it explain",
    ),
    "no_excuse": Text(
        "不能作为疑点不同的理由；县里清单中各规则的数、孩子数和金额因此没有核对",
        "no reason for any difference; what the county's manifest counts of its rules, children and yuan stands unchecked",
    ),
    "no_excuse_passed_over": Text(
        "不能作为疑点不同的理由；县里清单中各规则的数、孩子数和金额因此没有核对；县、市都有的疑点中，有 {n} 项的原因代码、可信度或说法不同，因程序不同没有逐字比对",
        "no reason for any difference; what the county's manifest counts of its rules, children and yuan stands unchecked; of the "
        "findings that both have, {n} are told by another reason, confidence or wording, which was not compared word by word as the "
        "programs differ",
    ),
    "other_version": Text("程序版本", "version"),
    "other_policy": Text("政策文件", "policy files"),
    "other_key": Text(
        "行指纹密钥（无从比对行的变动）", "key of the row fingerprints (changed rows cannot be told)"
    ),
    "lacks_sources": Text("没有放进{table}（行数）", "{table} left out (rows)"),
    "lacks_columns": Text("{table}缺少的列", "columns that {table} lacked"),
    "standard": Text("政策标准 {scheme}", "standard of {scheme}"),
    "together": Text("{names}合在一起", "{names}, together"),
    "previous": Text("上学期的自查结果", "the run of the term before"),
    "columns": Text("表头对应的列", "columns that headers stand for"),
    "judgements": Text("人工判断的记录对（对数）", "pairs of records judged by hand (number)"),
    "perhaps_finished": Text(
        "县里没有列出，按年龄可能已于上学期毕业；请县里出示该生上学期的学籍",
        "the county does not list this child, who by age may have finished last term; let it show last term's record",
    ),
    "other_register": Text(
        "县里没有列出，而县、市所用的上学期学籍不同；请县里出示该生上学期的学籍",
        "the county does not list this child, and holds another register of last term than the city; let it show the child's record of last term",
    ),
    "by_other_register": Text(
        "县里列出 {n} 项，市里重做没有，而县、市所用的上学期学籍不同",
        "the county lists {n} that the city does not; they hold different registers of last term",
    ),
    "county_alone": Text(
        "县里列出 {n} 项，市里没有该县上学期的自查结果",
        "the county lists {n}; the city has no run of its term before",
    ),
    "too_early": Text(
        "日期早于本学期开始，那时不会有这项疑点，请核对日期",
        "it is dated before the term began, when there was no such finding: check the date",
    ),
    "no_cause": Text("没有写原因", "without a cause"),
    "contradicted": Text(
        "所写的原因与市里的数据相反，也没有凭据",
        "by a cause that the city's data contradict and no paper bears out",
    ),
    "many": Text("同一个原因排除了 {n} 项", "{n} by one cause"),
    "unread": Text(
        "连同其他共 {n} 项；只交加密标识，排除的原因在县里，请县里出示",
        "{n} in all; with tokens only the causes stay in the county: let it show them",
    ),
    "whole": Text(
        "这类漏助疑点几乎全部排除，没有一份凭据（{n} 项）",
        "nearly all of these children missed, without a paper ({n} of them)",
    ),
    "children": Text(
        "连同其他漏助、失学、辍学、不在校的疑点几乎全部排除，没有一份凭据（{n} 项），请县里逐项出示凭据",
        "with nearly all other findings of children missed, out of school or gone, without a paper ({n} of them): let the county "
        "show papers",
    ),
    "all": Text(
        "全县各类疑点几乎全部排除，没有各自的凭据（{n} 项），请县里逐项出示凭据",
        "nearly all findings of the county, of whatever rule, without a paper of its own ({n} of them): let it show papers",
    ),
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
    "excuses": Text(
        "县里没有报或报得不同的 {n} 项疑点（少报 {yuan} 元）可由此解释，请县里出示当时的数据",
        "{n} finding(s) that the county did not report, or reported otherwise ({yuan} yuan not reported), may hang on this: let "
        "it show the data of that day",
    ),
    "more_columns": Text(
        "{change}；县里的文件另有市里所没有的列（{columns}），有这些列的行无从比对",
        "{change}; the county's file has columns that the city's has not ({columns}): rows with them cannot be compared",
    ),
    "added": Text("增加", "added after the self-check"),
    "removed": Text("删除", "removed after the self-check"),
    "altered": Text("改动", "altered after the self-check"),
    "rectified": Text("已整改", "rectified"),
    "closed": Text("已销号", "closed"),
    "not_submitted": Text("没有报送", "none was handed in"),
    "ahead": Text(
        "日期写作 {day}，这一天还没有到，复查数据里也没有",
        "dated {day}, a day that has not come, and the re-check's data show nothing of it",
    ),
    "still_found": Text("复查数据里依然存在", "it still stands in the re-check's data"),
    "still_lacking": Text(
        "复查数据里依然存在：应变动 {needed} 元，已变动 {moved} 元，尚差 {rest} 元",
        "it still stands in the re-check's data: {needed} yuan had to move, {moved} did, {rest} are lacking",
    ),
    "short": Text(
        "应变动 {needed} 元，复查数据里只有 {moved} 元，尚差 {rest} 元",
        "{needed} yuan had to move, {moved} did in the re-check's data, {rest} are lacking",
    ),
    "rewritten": Text(
        "发放行被改写或删除，没有补发或追回的记录",
        "the payment row was written anew or taken away, no recovery is booked",
    ),
}
