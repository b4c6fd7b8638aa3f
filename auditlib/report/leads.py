"""Where each figure of the conclusion leads: the place of the page, or the file beside it, that holds what it counts; of the
findings those alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from markupsafe import Markup

from auditlib.findings.in_trouble import is_away, is_missed
from auditlib.findings.results import Results
from auditlib.findings.yuan_once import part_of
from auditlib.report import catalogue
from auditlib.report.bridge import Tell

LISTS = "findings"
ENTITLED_FILE = "ledgers/entitled-pupils.xlsx"
EVERYBODY = "named-everybody"


@dataclass(frozen=True)
class Lead:
    """``anchor``: of the page; ``rules``: whose lists alone are shown there, where the figure counts findings; ``is_unsure``: of
    these the findings with yuan below the line alone; ``file``: beside the page, where the rows stand in it alone."""

    anchor: str
    rules: tuple[str, ...] | None = None
    file: str = ""
    is_unsure: bool = False

    def link(self, figure: str, label: str = "") -> Markup:
        """The figure as a link; ``label`` says what it is, where it stands by itself."""
        rules = (
            Markup("")
            if self.rules is None
            else Markup(' data-rules="{}"').format(" ".join(f"rule-{rule}" for rule in self.rules))
        )
        unsure = Markup(" data-unsure") if self.is_unsure else Markup("")
        name = Markup(' aria-label="{}"').format(label) if label else Markup("")
        place = self.file or f"#{self.anchor}"
        return Markup('<a href="{}"{}{}{}>{}</a>').format(place, rules, unsure, name, figure)


ENTITLED_FIGURES = ("entitled_pupils", "paid_in_full", "paid_otherwise", "awaited", "payment_unclear")
BY_RULE = {
    "unpaid": "missed.unpaid",
    "underpaid": "missed.underpaid",
    "returned": "missed.returned",
    "elsewhere_open": "missed.out_of_county",
    "not_found": "missed.not_found",
    "warned": "warning.not_in_plan",
    "passed_over": "warning.passed_over",
}


def of_rule(rule: str) -> Lead:
    """The list of one rule."""
    return Lead(f"rule-{rule}")


def leads_of(results: Results) -> dict[str, Lead]:
    """Figure -> where it leads; left out where the page has no such place."""
    return {**_places(results), **_lists(results)}


def telling(leads: Mapping[str, Lead]) -> Tell:
    """Figures as links to what they count; what is nought, or has no place, is told plainly."""

    def tell(key: str, figure: str) -> str:
        nought = not set(figure) & set("123456789")
        return figure if nought or key not in leads else leads[key].link(figure)

    return tell


def _places(results: Results) -> dict[str, Lead]:
    """Figures that count no findings."""
    unclear = Lead("named-unclear" if (~results.unclear["judged"].astype(bool)).any() else "named-children")
    uncovered_lead = Lead("named-children" if results.uncovered.empty else "named-uncovered")
    payments = Lead("files" if results.tie_out.empty else "totals")
    return {
        **dict.fromkeys(ENTITLED_FIGURES, Lead("entitled", file=ENTITLED_FILE)),
        **dict.fromkeys(("not_tested", "children_unclear"), unclear),
        **dict.fromkeys(("uncovered", "children_uncovered"), uncovered_lead),
        **dict.fromkeys(("payments_persons", "payments_yuan"), payments),
        **dict.fromkeys(("kind_out", "kind_untraced", "unmet_rates"), Lead("whereabouts")),
        "rules_run": Lead("rules"),
        "numberless": Lead("numberless"),
        "awaited_children": Lead("children"),
        **dict.fromkeys(("children", "children_out"), Lead(EVERYBODY)),
        "right_yuan": payments,
    }


def _lists(results: Results) -> dict[str, Lead]:
    """Figures that count findings, or their yuan: the lists of their rules and no others."""
    findings = results.findings
    severity = dict(zip(findings["rule"], findings["severity"], strict=True))
    in_yuan = set(findings.loc[findings["at_stake"].fillna(0) > 0, "rule"])
    every, of_yuan = list(dict.fromkeys(findings["rule"])), [rule for rule in severity if rule in in_yuan]
    unsure = list(dict.fromkeys(findings.loc[is_unsure(findings, results.parameters), "rule"]))
    parts = {rule: part_of(catalogue.family(rule)) for rule in of_yuan}
    rules_by_figure: dict[str, list[str]] = {
        "children_missed": list(filter(is_missed, every)),
        "children_away": list(filter(is_away, every)),
        **{level: [r for r in every if severity[r] == level] for level in ("high", "medium", "low")},
        **{f"{part}_yuan": _of(parts, part.__eq__) for part in ("owed", "wrong", "other", "balances")},
        **dict.fromkeys(("once_yuan", "repeated_yuan"), _of(parts, "balances".__ne__)),
        "each_yuan": of_yuan,
        "right_yuan": _of(parts, ("owed", "wrong").__contains__),
    }
    lists = {key: Lead(LISTS, tuple(rules)) for key, rules in rules_by_figure.items() if rules}
    unsure_of = {part: tuple(rule for rule in unsure if parts[rule] == part) for part in ("owed", "wrong")}
    lists |= {f"unsure_{part}": Lead(LISTS, of, is_unsure=True) for part, of in unsure_of.items() if of}
    single = {key: of_rule(rule) for key, rule in BY_RULE.items() if rule in severity}
    return {"findings": Lead(LISTS, ()), **lists, **single}


def is_unsure(findings: pd.DataFrame, parameters: Mapping[str, Any]) -> pd.Series:
    """Which findings hold yuan and are below the line of acceptance."""
    line = float((parameters.get("thresholds") or {}).get("link_accept", 1))
    return (findings["confidence"].astype(float) < line) & (findings["at_stake"].fillna(0) > 0)


def _of(parts: Mapping[str, str], fits: Callable[[str], Any]) -> list[str]:
    return [rule for rule, part in parts.items() if fits(part)]
