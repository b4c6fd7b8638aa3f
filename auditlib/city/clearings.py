"""Clearings: did the county say why a finding is no problem, and do the city's data leave room for that?

A clearing is a person's judgement and is taken as one; what is shown is the one without a cause, the one whose cause the
city's own rows speak against while no paper is named, one cause that clears very many, and nearly all that there was, without a paper. A dash or a “nil” is no cause and
no paper; causes that differ in numbers, punctuation or the child's name alone are one. Where tokens alone were handed in
there are no causes to read: that very many are cleared so is one point, and the county shows its causes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import chain
from typing import Any

import pandas as pd

from auditlib.city.closures import BACK_PAID, RECOVERED
from auditlib.city.counties import County
from auditlib.tables.findings import finding_columns

COLUMNS = ["county_code", "subject", "rule", "reason", "findings", "at_stake", "school_name", "name", "id_number", "records"]  # fmt: skip
FINDING = list(finding_columns("finding_id rule family at_stake school_name name id_number records"))
NEARLY_ALL, RULES = 0.9, 3
MANY, MOST = 10, 5  # by one cause: so many anyhow, or so many that are over half of a rule's findings
# What a cause says has happened, and of which findings the city's own rows would show it.
PAID = r"已.{0,4}(?:补发|发放|重发|重新发|付)|(?:已|都|全).{0,4}(?:到账|入账|入卡|打卡|打到|转账|划拨|领取|领到|补齐)|\bpaid\b"
BACK = r"已.{0,4}(?:追回|退回|收回|冲回|退款|追缴|退缴|上缴|缴回|缴还|扣回|扣还|交回|退还|归还)|recovered|given back|reversed"
AWAY = r"转学|转出|转走|休学|退学|辍学|毕业|异动|县外就读|外地就读|elsewhere|\bmoved\b|\bleft\b|transferred"
NOT_ELIGIBLE = r"不符合|不在册|已脱贫|退出|非困难|not eligible|off the register"
ENROLLED = r"(?:有|是|属).{0,4}学籍|在籍|is enrolled"
ELSEWHERE = r"外[县省市地]|[县省市]外|elsewhere"
STAYED = r"(?:仍|还|一直).{0,3}在.{0,2}[读校]|(?:未|没有?).{0,2}(?:退学|离校|休学|转学|辍学)|still (?:enrolled|at school)"
LISTED = r"在册|[属是].{0,4}(?:低保|脱贫|建档|监测|特困|困难)|on the register"
HERE = r"(?:在|就读于?).{0,2}(?:本|我)(?:县|市|镇|乡|地|校)|县内.{0,4}(?:在读|就读|在校|入学)|at school here"
AGREES = r"学籍.{0,8}(?<!不)(?:一致|相符|相同)|as the register says"
ONE_FAMILY = r"(?:同|为|是|系|属).{0,3}(?:一家|一户|一个?家庭|一个?户)|one (?:family|household)"
NOT_TWICE = r"(?:没有?|未|并非|不[是属]?).{0,2}重复|[只仅].{0,4}(?:发|领|一次|一笔|一条)|paid once|not twice"
WITHIN = r"(?:没有?|未|不).{0,2}超|标准(?:内|以内|之内)|within the standard"
IN_TIME = r"按时|及时|按期|如期|准时|(?:没有?|未|不).{0,2}(?:滞后|延迟|逾期|晚)|in time|not late"
POSTED = r"已.{0,6}公示|公示.{0,6}(?:[满足够过完了]|\d+个?工作?[日天])|(?:was|were) posted"
AFTER_POSTING = r"公示.{0,4}(?:之?后|结束|期满)|after the posting"
APPROVED = r"已.{0,8}(?:审批|批准)|(?:was|is) approved"
ANSWERED = r"(?:已|收到|有).{0,6}(?:回函|复函)|has answered"
# Of findings that state what stands in rows that the city has too: the words by which a cause denies that they say so. One that
# says that a record is wrong denies nothing.
DENIALS = {
    "mismatch.not_enrolled": f"{ENROLLED}|{HERE}", "mismatch.inactive": STAYED, "mismatch.school": AGREES,
    "mismatch.stage": AGREES, "mismatch.boarding": AGREES, "ineligible.not_listed": LISTED, "ineligible.expired": LISTED,
    "missed.not_found": HERE, "missed.not_placed": HERE, "missed.out_of_county": ANSWERED, "amount.overpaid": WITHIN,
    "duplicate.same_scheme": f"{NOT_TWICE}|{WITHIN}", "duplicate.exclusive_schemes": NOT_TWICE,
    "duplicate.enrolment": NOT_TWICE, "duplicate.shared_account": ONE_FAMILY, "procedure.paid_late": IN_TIME,
    "procedure.not_posted": POSTED, "procedure.posting_short": POSTED, "procedure.not_approved": APPROVED,
    "procedure.paid_before_posting_ended": AFTER_POSTING,
}  # fmt: skip
MISWRITTEN = r"漏[登填记录报印]|[登记录填写输].{0,3}(?:错|误|漏)|有误|笔误|[未没].{0,3}(?:更新|登记|录入|同步)|台账不全|typo|not (?:entered|updated)|wrongly (?:entered|recorded)"
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
MISSED = BACK_PAID


def clearings(county: County) -> pd.DataFrame:
    """The doubtful clearings, a row each.

    ``reason``: ``no_cause``, ``contradicted``, ``many`` (``findings`` by one cause), ``whole`` (``findings`` of children
    missed, all of a rule without a paper), ``all`` (nearly every finding, of several rules, without one) or ``unread`` (``findings`` by causes not handed in).
    """
    package = county.package
    if package is None or not county.is_reperformed:
        return pd.DataFrame(columns=COLUMNS)
    all_findings = pd.concat([county.findings, package.findings], ignore_index=True)[FINDING]
    latest = package.decisions.drop_duplicates("finding_id", keep="last")
    cleared = latest[latest["status"] == "cleared"].merge(
        all_findings.drop_duplicates("finding_id"), on="finding_id"
    )
    if package.is_nameless:
        return _listed(_unread(cleared, all_findings), county)
    clearing = cleared.assign(
        wording=cleared["cause"],
        cause=_essence(cleared["cause"]),
        paper=_named_papers(cleared["evidence"]),
    )
    bare = (clearing["cause"] == "") & (_essence(clearing["note"]) == "") & (clearing["paper"] == "")
    against = ~bare & (clearing["paper"] == "") & _contradicted(clearing, county)
    clearing["one"] = _alike(clearing)
    numerous = clearing["one"].isin(_numerous(clearing, all_findings))
    single = [_rows(clearing[bare & ~numerous], "no_cause"), _rows(clearing[against], "contradicted")]
    paperless = clearing[~bare & ~numerous & ~against & (clearing["paper"] == "")]
    if _is_nearly_all(paperless, all_findings):
        without_papers = iter(
            [_together(paperless, "all", str(paperless["rule"].value_counts().index[0]), "all")]
        )
    else:
        of_rules = paperless["rule"].isin(_whole_rules(clearing, all_findings))
        without_papers = _of_whole_rules(paperless[of_rules])
    return _listed(chain(*single, _many(clearing[numerous]), without_papers), county)


def _listed(doubtful: Iterable[dict[str, Any]], county: County) -> pd.DataFrame:
    rows = pd.DataFrame(list(doubtful), columns=COLUMNS[1:], dtype=object)
    return rows.assign(county_code=county.code)[COLUMNS]


def _unread(cleared: pd.DataFrame, all_findings: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """One row where so many are cleared, by causes that nobody outside the county can read, as would be doubted by one cause."""
    if _numerous(cleared.assign(one="unread"), all_findings):
        yield _together(cleared, "unread", str(cleared["rule"].value_counts().index[0]), "unread")


def _essence(texts: pd.Series, *, numbers: bool = False) -> pd.Series:
    """What a text says: its words, without punctuation and (but with ``numbers``) figures; empty where that is nothing."""
    folded = texts.map(lambda text: unicodedata.normalize("NFKC", str(text)).casefold())
    words = folded.str.replace(r"[\W_]+" if numbers else r"[\W\d_]+", "", regex=True)
    return words.where(~words.isin(NOTHING_SAID) & ~words.str.fullmatch(r"\d|[a-z]"), "")


def _named_papers(evidence: pd.Series) -> pd.Series:
    """The papers that are named; empty where it is only said that there are some."""
    papers = _essence(evidence, numbers=True)
    return papers.where(~papers.str.fullmatch(SOMEWHERE), "")


def _contradicted(clearing: pd.DataFrame, county: County) -> pd.Series:
    """Do the city's rows still show what the cause says is no more so?"""
    still = clearing["finding_id"].isin(set(county.findings["finding_id"]))
    active = clearing["id_number"].isin(set(county.pupils.loc[county.pupils["active"] == True, "id18"]))  # noqa: E712
    listed = clearing["id_number"].isin(set(county.eligible.loc[county.eligible["eligible"] == True, "id18"]))  # noqa: E712
    missed, wrongly = clearing["rule"].isin(MISSED), clearing["rule"].isin(RECOVERED)

    def says(pattern: str) -> pd.Series:
        return clearing["wording"].str.contains(pattern, case=False, regex=True)

    missing = missed & (says(PAID) | (says(AWAY) & active) | (says(NOT_ELIGIBLE) & listed))
    denied = pd.Series(False, clearing.index)
    for rule, words in DENIALS.items():
        denied |= (clearing["rule"] == rule) & says(words)
    denied &= ~says(MISWRITTEN) & ~says(ELSEWHERE)
    return still & (missing | (wrongly & says(BACK)) | denied)


def _rows(clearing: pd.DataFrame, reason: str) -> Iterator[dict[str, Any]]:
    for line in clearing.to_dict("records"):
        cells = {
            name: line[name] for name in ("rule", "at_stake", "school_name", "name", "id_number", "records")
        }
        yield cells | {"subject": f"{reason}|{line['finding_id']}", "reason": reason, "findings": 1}


def _alike(clearing: pd.DataFrame) -> pd.Series:
    """The cause without the child's own name: ten causes that differ in the name alone are one; what says nothing as it stands."""
    names = _essence(clearing["name"].fillna(""))
    cells = zip(clearing["cause"], names, clearing["wording"].str.strip(), strict=True)
    causes = [(cause.replace(name, "") if name else cause) or text for cause, name, text in cells]
    return pd.Series(causes, clearing.index, dtype=object)


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


def _is_nearly_all(paperless: pd.DataFrame, all_findings: pd.DataFrame) -> bool:
    """Are nearly all of a county's findings, very many and of several rules, cleared without a paper? Of one rule they may all
    be slips of one register."""
    least = max(MANY, NEARLY_ALL * all_findings["finding_id"].nunique())
    return len(paperless) >= least and len(paperless["rule"].unique()) >= RULES


def _of_whole_rules(clearing: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """One row a rule, of the clearings that nothing else was said of."""
    for rule, part in clearing.groupby("rule", sort=True):
        yield _together(part, f"whole|{rule}", str(rule), "whole")


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
        yield _together(part, subject, str(part["rule"].value_counts().index[0]), "many")
