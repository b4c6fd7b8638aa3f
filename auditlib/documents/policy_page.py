"""docs/policy.md: every standard with the document it rests on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from auditlib.base.language import Text
from auditlib.base.places import POLICIES, ROOT
from auditlib.base.strict_yaml import read_yaml
from auditlib.documents.markdown import Say, code_word, grid, page, two_languages
from auditlib.law.amounts import Amount
from auditlib.law.policy import Policy, Scheme, read_policy

BASE_POLICY = "national"  # the others are laid over it

HEADS = (
    Text("学段", "stage"),
    Text("起始", "since"),
    Text("类别", "category"),
    Text("每学期（元）", "yuan a term"),
    Text("依据", "by"),
)
APPLIED_FOR = Text(
    "须本人申请的类别，其余由名册比对",
    "applied for, the others are found by data",
)
WHO, WRITTEN_TEXT, EXCLUDES = (
    Text("对象", "who"),
    Text("写作", "written as"),
    Text("不能同时享受", "not together with"),
)
MANDATORY = Text("应发", "mandatory")
OPTIONAL = Text("可发可不发，未发不算漏", "optional: its absence is no miss")
ANY, ANY_CATEGORY, YEAR = Text("不限", "any"), Text("不限类别", "any category"), Text("年级", "year of study")
SINCE = Text("（{day} 起）", " (since {day})")
LOWEST, HIGHEST, AVERAGE = Text("最低", "min"), Text("最高", "max"), Text("平均", "average")
LOCAL = Text("金额由地方政策文件给出。", "the amount is given by a local policy file.")


def policy_page(say: Say = two_languages) -> str:
    """Every policy file: scheme, stage, category and date to yuan a term, each with the document it rests on."""
    lead = Text(
        "金额为每学期（元）；不晚于学期首日（3 月 1 日、9 月 1 日）的最新一个有效。样例县的地方标准是虚构的。",
        "Yuan a term; the newest date not after the term's first day (1 March, 1 September) holds. A local file is "
        "shown as it stands over the national one. What holds in a term: `auditlib policy PARAMS.yaml`.",
    )
    names = sorted(
        (file.stem for file in POLICIES.glob("*.yaml")), key=lambda name: (name != BASE_POLICY, name)
    )
    body = [line for name in names for line in _policy(say, name)]
    return page(say, Text("标准", "Standards"), "`params/policy/`", lead, body)


def _policy(say: Say, name: str) -> Iterator[str]:
    policy: Policy = read_policy(list(dict.fromkeys((BASE_POLICY, name))), ROOT)
    yield from (f"## `{name}` {say(policy.titles[-1])}", "")
    content = read_yaml(POLICIES / f"{name}.yaml")
    if "by_application" in content:
        words = "、".join(map(code_word, policy.by_application or ())) or say(Text("无", "none"))
        yield from (f"- {say(APPLIED_FOR)}: {words}", f"- {policy.by_application_by}", "")
    for scheme in content["schemes"]:
        yield from _scheme(say, policy.schemes[scheme])


def _scheme(say: Say, scheme: Scheme) -> Iterator[str]:
    yield from (f"### `{scheme.id}` {say(scheme.title)}", "")
    who = [*(code_word(stage) for stage in scheme.stages), *_years(say, scheme), *_boarding(say, scheme)]
    categories = "、".join(map(code_word, scheme.categories)) or say(ANY_CATEGORY)
    yield f"- {say(WHO)}: {'、'.join(who)}; {categories}"
    yield f"- {say(MANDATORY if scheme.mandatory else OPTIONAL)}"
    yield f"- {say(WRITTEN_TEXT)}: {'、'.join((scheme.title.zh, *scheme.aliases))}"
    if scheme.excludes:
        yield f"- {say(EXCLUDES)}: {', '.join(f'`{other}`' for other in scheme.excludes)}"
    yield from (f"- {reference}" for reference in dict.fromkeys((*scheme.who_by, *scheme.references)))
    yield ""
    amounts = list(_amounts(say, scheme))
    if amounts:
        yield from grid([say(head) for head in HEADS], amounts)
    else:
        yield from (say(LOCAL), "")


def _years(say: Say, scheme: Scheme) -> Iterator[str]:
    for since, years in sorted(scheme.years.items()):
        which = "、".join(map(str, years)) or say(ANY)
        begins = say(SINCE.fill(day=since)) if since > dt.date.min else ""
        yield f"{say(YEAR)} {which}{begins}"


def _boarding(say: Say, scheme: Scheme) -> list[str]:
    texts = {None: [], True: [Text("住校", "boarders")], False: [Text("走读", "day pupils")]}
    return [say(text) for text in texts[scheme.boarding]]


def _amounts(say: Say, scheme: Scheme) -> Iterator[Sequence[str]]:
    for stage, amounts_by_day in scheme.per_term.items():
        for since, amounts in sorted(amounts_by_day.items()):
            for category, amount in amounts.items():
                by = (amount and amount.by) or say(Text("见上", "see above"))
                yield _or_any(say, stage), since.isoformat(), _or_any(say, category), _yuan(say, amount), by


def _or_any(say: Say, code: str) -> str:
    return say(ANY) if code == "any" else code_word(code)


def _yuan(say: Say, amount: Amount | None) -> str:
    if amount is None:
        return say(Text("停发", "no longer paid"))
    if amount.minimum is not None and amount.minimum == amount.maximum:
        return str(amount.minimum)
    parts = {LOWEST: amount.minimum, HIGHEST: amount.maximum, AVERAGE: amount.average}
    return ", ".join(f"{say(name)} {yuan}" for name, yuan in parts.items() if yuan is not None)
