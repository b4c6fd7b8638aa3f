"""docs/policy.md: every standard with the document it rests on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from auditlib.base.language import Text
from auditlib.base.places import POLICIES, ROOT
from auditlib.base.strict_yaml import read_yaml
from auditlib.documents.markdown import code_word, grid, page, two_languages
from auditlib.law.amounts import Amount
from auditlib.law.policy import Policy, Scheme, read_policy

BASE_POLICY = "national"  # the others are laid over it


def policy_page() -> str:
    """Every policy file: scheme, stage, category and date to yuan a term, each with the document it rests on."""
    lead = [
        "金额为每学期（元）；不晚于学期首日（3 月 1 日、9 月 1 日）的最新一个有效。样例县的地方标准是虚构的。",
        "Yuan a term; the newest date not after the term's first day (1 March, 1 September) holds. A local file is "
        "shown as it stands over the national one. What holds in a term: `auditlib policy PARAMS.yaml`.",
    ]
    names = sorted(
        (file.stem for file in POLICIES.glob("*.yaml")), key=lambda name: (name != BASE_POLICY, name)
    )
    body = [line for name in names for line in _policy(name)]
    return page(Text("标准", "Standards"), "`params/policy/`", lead, body)


def _policy(name: str) -> Iterator[str]:
    policy: Policy = read_policy(list(dict.fromkeys((BASE_POLICY, name))), ROOT)
    yield from (f"## `{name}` {two_languages(policy.titles[-1])}", "")
    content = read_yaml(POLICIES / f"{name}.yaml")
    if "by_application" in content:
        words = "、".join(map(code_word, policy.by_application or ())) or "无 none"
        yield from (
            f"- 须本人申请的类别，其余由名册比对 applied for, the others are found by data: {words}",
            f"- {policy.by_application_by}",
            "",
        )
    for scheme in content["schemes"]:
        yield from _scheme(policy.schemes[scheme])


def _scheme(scheme: Scheme) -> Iterator[str]:
    yield from (f"### `{scheme.id}` {two_languages(scheme.title)}", "")
    who = [*(code_word(stage) for stage in scheme.stages), *_years(scheme), *_boarding(scheme)]
    yield f"- who: {'、'.join(who)}; {'、'.join(map(code_word, scheme.categories)) or '不限 any category'}"
    yield "- " + ("应发 mandatory" if scheme.mandatory else "可发可不发 optional: its absence is no miss")
    yield f"- written as: {'、'.join((scheme.title.zh, *scheme.aliases))}"
    if scheme.excludes:
        yield f"- not together with: {', '.join(f'`{other}`' for other in scheme.excludes)}"
    yield from (f"- {reference}" for reference in dict.fromkeys((*scheme.who_by, *scheme.references)))
    yield ""
    amounts = list(_amounts(scheme))
    if amounts:
        yield from grid(["stage", "since", "category", "yuan a term", "by"], amounts)
    else:
        yield from ("金额由地方政策文件给出 · the amount is given by a local policy file.", "")


def _years(scheme: Scheme) -> Iterator[str]:
    for since, years in sorted(scheme.years.items()):
        which = "、".join(map(str, years)) or "不限 any"
        yield f"年级 year of study {which}" + (f" (since {since})" if since > dt.date.min else "")


def _boarding(scheme: Scheme) -> list[str]:
    return {None: [], True: ["住校 boarders"], False: ["走读 day pupils"]}[scheme.boarding]


def _amounts(scheme: Scheme) -> Iterator[Sequence[str]]:
    for stage, dated in scheme.per_term.items():
        for since, amounts in sorted(dated.items()):
            for category, amount in amounts.items():
                by = (amount and amount.by) or "见上 see above"
                yield _or_any(stage), since.isoformat(), _or_any(category), _yuan(amount), by


def _or_any(code: str) -> str:
    return "不限 any" if code == "any" else code_word(code)


def _yuan(amount: Amount | None) -> str:
    if amount is None:
        return "停发 no longer paid"
    if amount.minimum is not None and amount.minimum == amount.maximum:
        return str(amount.minimum)
    parts = {"最低 min": amount.minimum, "最高 max": amount.maximum, "平均 average": amount.average}
    return ", ".join(f"{name} {yuan}" for name, yuan in parts.items() if yuan is not None)
