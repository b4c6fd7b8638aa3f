"""docs/rules.md: every rule with its criterion and examples, the city's included."""

from __future__ import annotations

from collections.abc import Iterator

from auditlib.base.language import Text
from auditlib.documents.markdown import code_word, grid, page, two_languages
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


def rules_page() -> str:
    """Every rule of the catalogue in the contract's order: criterion, needs, innocent explanations, examples."""
    lead = [
        "每条规则在其总体上逐一回答：是疑点、通过、无法判断。疑点在有人核实以前不是结论。",
        "Each rule answers for every row of its population: a finding, a pass, or cannot tell. A finding is a "
        "suspicion until a person has verified it. How doubtful readings were settled: "
        "[decision 2](decisions/0002-how-the-rules-are-read.md).",
    ]
    overview = grid(
        ["rule", "规则", "", "severity"],
        ([f"[`{r.id}`](#{_anchor(r)})", r.title.zh, r.title.en, _severity(r)] for r in RULES.values()),
    )
    body = [line for rule in RULES.values() for line in _rule(rule)]
    source = "`auditlib/rules/`"
    return page(Text("规则", "Rules"), source, lead, [*overview, *body, *_of_the_city()])


def _of_the_city() -> Iterator[str]:
    """The re-check's own rules, which hold a county's self-check against the city's."""
    yield from ('## <a id="recheck"></a>市级复查的规则 · Rules of the city\'s re-check', "")
    yield from (
        "比较县级自查与市级重做、县与县之间；抽样和结论见 [sampling-for-inspectors.md](sampling-for-inspectors.md)。",
        "",
    )
    yield from (
        "*They hold the county's self-check against the city's re-performance, and counties against each other.*",
        "",
    )
    heads = ["rule", "规则", "", "severity"]
    rules = RECHECK_RULES.values()
    yield from grid(
        heads, ([f"[`{r.id}`](#{_anchor(r)})", r.title.zh, r.title.en, _severity(r)] for r in rules)
    )
    for rule in rules:
        yield from (f'### <a id="{_anchor(rule)}"></a>`{rule.id}` {two_languages(rule.title)}', "")
        yield from (rule.criterion.zh, "", f"*{rule.criterion.en}*", "")
        yield from (f"- severity: {_severity(rule)}", f"- subject: {two_languages(rule.subject)}")
        yield "- 可能并非问题 · may be innocent when:"
        yield from (f"  - {two_languages(text)}" for text in rule.innocent)
        yield ""
        yield from grid(
            ["example", "outcome"],
            ([two_languages(e.why), two_languages(OUTCOMES[e.outcome])] for e in rule.examples),
        )


def _anchor(rule: Rule | RecheckRule) -> str:
    return rule.id.replace(".", "-")


def _severity(rule: Rule | RecheckRule) -> str:
    return f"{word(rule.severity, 'zh')} {rule.severity}"


def _rule(rule: Rule) -> Iterator[str]:
    yield from (f'## <a id="{_anchor(rule)}"></a>`{rule.id}` {two_languages(rule.title)}', "")
    yield from (rule.criterion.zh, "", f"*{rule.criterion.en}*", "")
    facts = {
        "severity": _severity(rule),
        "subject": two_languages(SUBJECTS[rule.subject]),
        "needs": "、".join(code_word(need) for need in rule.needs),
        **({"reads where it is there": "、".join(map(code_word, rule.reads))} if rule.reads else {}),
        **({"rests on": "上学期的自查 the run of the term before (`previous`)"} if rule.earlier else {}),
    }
    yield from (f"- {name}: {value}" for name, value in facts.items())
    if rule.innocent:
        yield "- 可能并非问题 · may be innocent when:"
        yield from (f"  - {two_languages(text)}" for text in rule.innocent)
    yield ""
    if rule.examples:
        yield from grid(["example", "outcome", "reason"], map(_example, rule.examples))


def _example(example: Example) -> tuple[str, str, str]:
    stake = f", {example.at_stake} yuan" if example.at_stake else ""
    reason = code_word(example.reason) if example.reason else ""
    return example.why, two_languages(OUTCOMES[example.outcome]) + stake, reason
