"""Clearings: did the county say why a finding is no problem, and do the city's data leave room for that?

A clearing is a person's judgement and is taken as one. Shown are

- the one without a cause: a dash or a “nil” is none, and no paper;
- the one against whose cause the city's own rows speak, while no paper is named;
- one cause that clears very many: causes are one that differ in numbers, punctuation, the child's name, words that say
  nothing or the order of their words alone;
- nearly all that there was, without a paper of its own.

Where tokens alone were handed in there are no causes to read: that very many are cleared is one point, and the county shows
its causes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import chain
from typing import Any

import pandas as pd

from auditlib.base.terms import first_day
from auditlib.city.closures import BACK_PAID, RECOVERY_RULES
from auditlib.city.counties import County
from auditlib.city.denials import AWAY, BACK, DENIALS, ELSEWHERE, MISWRITTEN, NOT_ELIGIBLE, PAID
from auditlib.tables.findings import finding_columns

COLUMNS = ["county_code", "subject", "rule", "reason", "findings", "at_stake", "school_name", "name", "id_number", "records"]  # fmt: skip
FINDING = list(finding_columns("finding_id rule family at_stake school_name name id_number records"))
NEARLY_ALL, RULES = 0.9, 3
MANY, MOST = 10, 5  # by one cause: so many anyhow, or so many that are over half of a rule's findings
NOTHING_SAID = frozenset(
    (
        "",
        "无",
        "没有",
        "略",
        "同上",
        "见上",
        "空",
        "是",
        "否",
        "好",
        "已核",
        "核实",
        "已核实",
        "经核实",
        "已处理",
        "处理完毕",
        "属实",
        "情况属实",
        "没问题",
        "没有问题",
        "无误",
        "经查无误",
        "核对无误",
        "同意",
        "其他",
        "其它",
        "checked",
        "done",
        "na",
        "nil",
        "no",
        "none",
        "ok",
        "yes",
    )
)
# A paper that nobody can ask for by what is written: it names neither kind nor issuer.
SOMEWHERE = r"(?:请|可|详|均|已|都)?(?:[见有附备另存留归]|参见|另附|附后){1,2}(?:于|在)?(?:纸质|相关|有关|原始|学校|乡镇|村里|本级)?(?:档案|附件|附后|材料|资料|证明|凭证|证据|卷宗|查|案|档)?(?:备查)?"
SPACED_OUT = r"(?<=[一-鿿])[\s\-_*.·]+(?=[一-鿿])"  # 已 补 发, 已补-发
NUMBER = r"(?:第|编号|no)*\d+[号页条份册]*"  # of what paper?
MISSED = BACK_PAID
OF_CHILDREN = r"^(?:missed\.|dropout\.|enrolment\.|attendance\.absent)"  # a child who was missed, or is not where it should be
# Of causes: words that say nothing of what happened, and ways to say that two things differ.
LINKING = r"由于|因为|所致|所引起|引起|导致|造成|属于|主要|经核实?|经查|经了解|该生|该童|学生|孩子|原因|情况|问题|以及|并且|[因系属为是的了之地得所均都也就有而且和与及其此该]"
NOT_THE_SAME = r"不一致|不一样|不相同|不相符|不符|差异|差别|有别"


def clearings(county: County) -> pd.DataFrame:
    """The doubtful clearings, a row each, by ``reason``:

    - ``too_early``: dated before the term, of which nothing was found yet;
    - ``no_cause``, ``contradicted``; ``many``: ``findings`` by one cause;
    - ``whole``: ``findings`` of children missed, all of a rule without a paper. ``children``: the same of all such rules together;
    - ``all``: nearly every finding, of several rules, without one;
    - ``unread``: ``findings`` by causes not handed in.
    """
    package = county.package
    if package is None or not county.is_reperformed:
        return pd.DataFrame(columns=COLUMNS)
    all_findings = pd.concat([county.findings, package.findings], ignore_index=True)[FINDING]
    latest = package.decisions.drop_duplicates("finding_id", keep="last")
    cleared = latest[latest["status"] == "cleared"].merge(
        all_findings.drop_duplicates("finding_id"), on="finding_id"
    )
    begun = first_day(county.parameters.term).isoformat() if county.parameters else ""
    early = (cleared["decided_at"] != "") & (cleared["decided_at"].astype(str) < begun)
    if package.is_nameless:
        unread = _unread(cleared[~early], all_findings)
        return _listed_rows(chain(_rows(cleared[early], "too_early"), unread), county)
    clearing = cleared.assign(
        wording=cleared["cause"],
        cause=_essence(cleared["cause"]),
        paper=named_papers(cleared["evidence"]),
    )
    bare = ~early & (clearing["cause"] == "") & (_essence(clearing["note"]) == "") & (clearing["paper"] == "")
    against = ~bare & ~early & (clearing["paper"] == "") & _is_contradicted(clearing, county)
    clearing["one"] = _alike(clearing)
    numerous = ~early & clearing["one"].isin(_numerous(clearing, all_findings))
    single = [
        _rows(clearing[early], "too_early"),
        _rows(clearing[bare & ~numerous], "no_cause"),
        _rows(clearing[against], "contradicted"),
    ]
    without_papers = _without_papers(clearing, ~early & ~bare & ~numerous & ~against, all_findings)
    return _listed_rows(chain(*single, _many(clearing[numerous]), without_papers), county)


def _without_papers(
    clearing: pd.DataFrame, open_ones: pd.Series, all_findings: pd.DataFrame
) -> Iterator[dict[str, Any]]:
    """Of the clearings that nothing else was said of (``open_ones``): nearly all of the county's, of a rule's or of the children's
    without a paper."""
    other = clearing[open_ones]
    paperless = other[other["paper"] == ""]
    weak = other[(other["paper"] == "") | other["paper"].isin(_papers_for_all(other))]
    of_rules = paperless["rule"].isin(_whole_rules(clearing, all_findings))
    of_children = paperless[paperless["rule"].str.contains(OF_CHILDREN)]
    if _is_nearly_all(weak, all_findings):
        yield _together(weak, "all", _commonest(weak), "all")
    elif of_rules.any():
        yield from _of_whole_rules(paperless[of_rules])
    elif len(of_children) and _are_all_children(clearing, all_findings):
        yield _together(of_children, "children", _commonest(of_children), "children")


def _listed_rows(doubtful: Iterable[dict[str, Any]], county: County) -> pd.DataFrame:
    rows = pd.DataFrame(list(doubtful), columns=COLUMNS[1:], dtype=object)
    return rows.assign(county_code=county.code)[COLUMNS]


def _unread(cleared: pd.DataFrame, all_findings: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """One row where so many are cleared, by causes that nobody outside the county can read, as would be doubted by one cause."""
    if _numerous(cleared.assign(one="unread"), all_findings):
        yield _together(cleared, "unread", _commonest(cleared), "unread")


def _essence(texts: pd.Series, *, numbers: bool = False) -> pd.Series:
    """What a text says: its words, without punctuation and (but with ``numbers``) figures; empty where that is nothing."""
    folded_texts = texts.map(lambda text: unicodedata.normalize("NFKC", str(text)).casefold())
    words = folded_texts.str.replace(r"[\W_]+" if numbers else r"[\W\d_]+", "", regex=True)
    return words.where(~words.isin(NOTHING_SAID) & ~words.str.fullmatch(r"\d|[a-z]"), "")


def named_papers(evidence: pd.Series) -> pd.Series:
    """The papers that are named; empty where it is only said that there are some."""
    papers = _essence(evidence, numbers=True)
    return papers.where(~papers.str.fullmatch(f"{SOMEWHERE}|{NUMBER}"), "")


def _is_contradicted(clearing: pd.DataFrame, county: County) -> pd.Series:
    """Do the city's rows still show what the cause says is no more so?"""
    still = clearing["finding_id"].isin(set(county.findings["finding_id"]))
    active = clearing["id_number"].isin(set(county.pupils.loc[county.pupils["active"] == True, "id18"]))  # noqa: E712
    listed = clearing["id_number"].isin(set(county.eligible.loc[county.eligible["eligible"] == True, "id18"]))  # noqa: E712
    missed, wrongly = clearing["rule"].isin(MISSED), clearing["rule"].isin(RECOVERY_RULES)
    folded_texts = clearing["wording"].map(lambda text: unicodedata.normalize("NFKC", str(text)))
    wording = folded_texts.str.replace(SPACED_OUT, "", regex=True)

    def says(pattern: str) -> pd.Series:
        return wording.str.contains(pattern, case=False, regex=True)

    missing = missed & (says(PAID) | (says(AWAY) & active) | (says(NOT_ELIGIBLE) & listed))
    is_denied = pd.Series(False, clearing.index)
    for rule, words in DENIALS.items():
        is_denied |= (clearing["rule"] == rule) & says(words)
    is_denied &= ~says(MISWRITTEN) & ~says(ELSEWHERE)
    return still & (missing | (wrongly & says(BACK)) | is_denied)


def _rows(clearing: pd.DataFrame, reason: str) -> Iterator[dict[str, Any]]:
    for line in clearing.to_dict("records"):
        cells = {
            name: line[name] for name in ("rule", "at_stake", "school_name", "name", "id_number", "records")
        }
        yield cells | {"subject": f"{reason}|{line['finding_id']}", "reason": reason, "findings": 1}


def _alike(clearing: pd.DataFrame) -> pd.Series:
    """The cause without the child's own name, as its words are counted: ten causes that differ in the name alone, in how they are
    linked or in their order are one; what says nothing as it stands."""
    names = _essence(clearing["name"].fillna(""))
    cells = zip(clearing["cause"], names, clearing["wording"].str.strip(), strict=True)
    causes = [_bare(cause.replace(name, "") if name else cause) or text for cause, name, text in cells]
    return pd.Series(causes, clearing.index, dtype=object)


def _bare(cause: str) -> str:
    """The characters of a cause in order, without the words that only link; "not the same" is one thing however it is said."""
    words = re.sub(LINKING, "", re.sub(NOT_THE_SAME, "不同", cause))
    return "".join(sorted(words)) or cause


def _numerous(clearing: pd.DataFrame, all_findings: pd.DataFrame) -> set[str]:
    """Causes that clear very many findings."""
    of_rule = all_findings.drop_duplicates("finding_id")["rule"].value_counts()
    causes = set()
    for cause, part in clearing[clearing["one"] != ""].groupby("one", sort=True):
        counts = part["rule"].value_counts()
        of_most = any(n >= MOST and 2 * n > of_rule[rule] for rule, n in counts.items())
        causes |= {str(cause)} if len(part) >= MANY or of_most else set()
    return causes


def _whole_rules(clearing: pd.DataFrame, all_findings: pd.DataFrame) -> set[str]:
    """Rules about children missed of which very many findings, and nearly all, are cleared without a paper."""
    of_rule = all_findings.drop_duplicates("finding_id")["rule"].value_counts()
    paperless = clearing.loc[clearing["paper"] == "", "rule"].value_counts()
    return {str(rule) for rule, n in paperless.items() if str(rule).startswith("missed.") and n >= MANY and n >= NEARLY_ALL * of_rule[rule]}  # fmt: skip


def _are_all_children(clearing: pd.DataFrame, all_findings: pd.DataFrame) -> bool:
    """Are very many findings about children, and nearly all, cleared without a paper? A small county has not ten of any one rule."""
    of_children = all_findings.drop_duplicates("finding_id")["rule"].str.contains(OF_CHILDREN).sum()
    n = int((clearing["rule"].str.contains(OF_CHILDREN) & (clearing["paper"] == "")).sum())
    return n >= MANY and n >= NEARLY_ALL * int(of_children)


def _papers_for_all(clearing: pd.DataFrame) -> set[str]:
    """Papers that are named for very many findings of several rules: of no finding in particular."""
    by_paper = clearing[clearing["paper"] != ""].groupby("paper")["rule"].agg(["size", "nunique"])
    return {str(p) for p in by_paper.index[(by_paper["size"] >= MANY) & (by_paper["nunique"] >= RULES)]}


def _is_nearly_all(paperless: pd.DataFrame, all_findings: pd.DataFrame) -> bool:
    """Are nearly all of a county's findings, very many and of several rules, cleared without a paper of their own? Of one rule
    they may all be slips of one register."""
    least = max(MANY, NEARLY_ALL * all_findings["finding_id"].nunique())
    return len(paperless) >= least and len(paperless["rule"].unique()) >= RULES


def _of_whole_rules(clearing: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """One row a rule, of the clearings that nothing else was said of."""
    for rule, part in clearing.groupby("rule", sort=True):
        yield _together(part, f"whole|{rule}", str(rule), "whole")


def _commonest(part: pd.DataFrame) -> str:
    """The rule of most of these clearings."""
    return str(part["rule"].value_counts().index[0])


def _together(part: pd.DataFrame, subject: str, rule: str, reason: str) -> dict[str, Any]:
    """Several clearings in one row, of nobody in particular."""
    return {
        "subject": subject, "rule": rule, "reason": reason, "findings": len(part),
        "at_stake": sum(part["at_stake"].map(Decimal), Decimal(0)), "school_name": None, "name": None, "id_number": None,
        "records": sorted(set(part["records"].explode().dropna())),
    }  # fmt: skip


def _many(clearing: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """One row a cause that clears very many; of no single rule where it clears findings of several."""
    for cause, part in clearing.groupby("one", sort=True):
        texts = part["wording"].str.strip().unique()
        subject = f"many|{texts[0] if len(texts) == 1 else cause}"
        yield _together(part, subject, _commonest(part), "many")
