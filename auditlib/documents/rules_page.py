"""docs/rules.md: every rule with its criterion and examples, the city's included."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auditlib.base.language import Text
from auditlib.documents.markdown import Say, code_word, emphasise, grid, in_chinese, page, two_languages
from auditlib.rules import RULES, Rule
from auditlib.rules.city import RECHECK_RULES, RecheckRule
from auditlib.rules.registry import Example
from auditlib.tables.wording import word

OUTCOMES = {
    "flags": Text("疑点", "finding"),
    "passes": Text("通过", "pass"),
    "untested": Text("无法判断", "untested"),
    "absent": Text("不在总体", "not in the population"),
}
SUBJECTS = {
    "aid": Text("学生、项目、学期", "pupil, scheme and term"),
    "pupil": Text("学生、学期", "pupil and term"),
    "account": Text("账户", "account"),
    "total": Text("报表数", "printed total"),
    "school": Text("学校", "school"),
    "scheme": Text("资助项目", "scheme"),
    "measure": Text("整改措施", "measure"),
}

SEVERITY, SUBJECT = Text("程度", "severity"), Text("对象", "subject")
INNOCENT = Text("可能并非问题", "may be innocent when")
EARLIER = Text("上学期的自查（`previous`）", "the run of the term before (`previous`)")


def rules_page(say: Say = two_languages) -> str:
    """Every rule of the catalogue in the contract's order: criterion, needs, innocent explanations, examples (which are told in
    English: a Chinese page leaves them out)."""
    lead = Text(
        "每条规则在其总体上逐一回答：是疑点、通过、无法判断。疑点在有人核实以前不是结论。",
        "Each rule answers for every row of its population: a finding, a pass, or cannot tell. A finding is a "
        "suspicion until a person has verified it. How doubtful readings were decided: "
        "[decision 2](decisions/0002-how-the-rules-are-read.md).",
    )
    overview = grid(*_overview(say, RULES.values()))
    body = [line for rule in RULES.values() for line in _rule(say, rule)]
    source = "`auditlib/rules/`"
    return page(say, Text("规则", "Rules"), source, lead, [*overview, *body, *_of_the_city(say)])


def _overview(say: Say, rules: Iterable[Rule] | Iterable[RecheckRule]) -> tuple[list[str], list[list[str]]]:
    """Heads and rows of the list of ``rules``, each leading to its own part."""
    heads = [say(Text("编号", "rule")), "规则", *([] if say is in_chinese else [""]), say(SEVERITY)]
    rows = [
        [
            f"[`{rule.id}`](#{_anchor(rule)})",
            *([rule.title.zh] if say is in_chinese else [rule.title.zh, rule.title.en]),
            _severity(say, rule),
        ]
        for rule in rules
    ]
    return heads, rows


def _of_the_city(say: Say) -> Iterator[str]:
    """The re-check's own rules, which hold a county's self-check against the city's."""
    title = say(Text("市级复查的规则", "Rules of the city's re-check"))
    yield from (f'## <a id="recheck"></a>{title}', "")
    yield from emphasise(
        say,
        Text(
            "比较县级自查与市级重做、县与县之间；抽样和结论见 [sampling-for-inspectors.md](sampling-for-inspectors.md)。",
            "They hold the county's self-check against the city's re-performance, and counties against each other.",
        ),
    )
    rules = RECHECK_RULES.values()
    yield from grid(*_overview(say, rules))
    for rule in rules:
        yield from (f'### <a id="{_anchor(rule)}"></a>`{rule.id}` {say(rule.title)}', "")
        yield from emphasise(say, rule.criterion)
        yield from (f"- {say(SEVERITY)}: {_severity(say, rule)}", f"- {say(SUBJECT)}: {say(rule.subject)}")
        yield f"- {say(INNOCENT)}:"
        yield from (f"  - {say(text)}" for text in rule.innocent)
        yield ""
        yield from grid(
            [say(Text("例子", "example")), say(Text("结果", "outcome"))],
            ([say(e.why), say(OUTCOMES[e.outcome])] for e in rule.examples),
        )


def _anchor(rule: Rule | RecheckRule) -> str:
    return rule.id.replace(".", "-")


def _severity(say: Say, rule: Rule | RecheckRule) -> str:
    zh = word(rule.severity, "zh")
    return zh if say is in_chinese else f"{zh} {rule.severity}"


def _rule(say: Say, rule: Rule) -> Iterator[str]:
    yield from (f'## <a id="{_anchor(rule)}"></a>`{rule.id}` {say(rule.title)}', "")
    yield from emphasise(say, rule.criterion)
    needs, reads = ("、".join(map(code_word, codes)) for codes in (rule.needs, rule.reads))
    facts = {
        SEVERITY: _severity(say, rule),
        SUBJECT: say(SUBJECTS[rule.subject]),
        Text("需要", "needs"): needs,
        **({Text("有则参考", "reads where it is there"): reads} if reads else {}),
        **({Text("还需要", "rests on"): say(EARLIER)} if rule.earlier else {}),
    }
    yield from (f"- {say(name)}: {value}" for name, value in facts.items())
    if rule.innocent:
        yield f"- {say(INNOCENT)}:"
        yield from (f"  - {say(text)}" for text in rule.innocent)
    yield ""
    if rule.examples and say is not in_chinese:
        yield from grid(["example", "outcome", "reason"], map(_example, rule.examples))


def _example(example: Example) -> tuple[str, str, str]:
    stake = f", {example.at_stake} yuan" if example.at_stake else ""
    reason = code_word(example.reason) if example.reason else ""
    return example.why, two_languages(OUTCOMES[example.outcome]) + stake, reason
