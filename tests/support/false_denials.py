"""Clearings and closures of the tidy county that the city's rows deny: a cause that says the contrary of what stands there, and a
repayment that did not arrive. Kinds beside those of ``false_city.py``, as data, from an examination by another generator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from false_city import Play

# rule -> what is said of its first finding that nothing was decided on yet
DENIED = {
    "duplicate.enrolment": "学籍系统中仅有一条记录",
    "duplicate.same_scheme": "该生只领了一次",
    "duplicate.shared_account": "两人系同一家庭",
    "ineligible.expired": "基准日仍在册",
    "mismatch.boarding": "与学籍登记一致",
    "mismatch.inactive": "该生仍在本校就读",
    "mismatch.not_enrolled": "该生有学籍",
    "missed.not_found": "在本县中心小学就读",
    "missed.out_of_county": "就读地已经回函",
}
EXPLAINED = {  # the same of the next finding, and these leave room
    "duplicate.enrolment": "转学手续在途，原校未注销",
    "duplicate.shared_account": "亲姐妹，户口分在两处",
    "mismatch.boarding": "学期中改为住校，学籍未更新",
    "missed.not_found": "户籍已迁往外省，随父母就读",
}
# what is in the city's copy of a payment that a child never got
NOT_ARRIVED: tuple[tuple[dict[str, str], ...], ...] = (
    ({"result": "失败"},),
    ({"term": "2020年春季学期"},),
    ({}, {"negative": "yes"}),
)


def open_ids(play: Play, findings: pd.DataFrame, rule: str) -> list[str]:
    decided = {line["finding_id"] for line in play.decisions}
    return [one for one in sorted(findings.loc[findings["rule"] == rule, "finding_id"]) if one not in decided]


def deny(play: Play, findings: pd.DataFrame) -> None:
    """A finding of each rule cleared by what the rows deny, another by what they leave room for."""
    for rule, cause in DENIED.items():
        for finding in open_ids(play, findings, rule)[:1]:
            play.decide(finding, "cleared", cause=cause)
            play.show("recheck.doubtful_clearing", f"contradicted|{finding}", f"{rule} cleared: {cause}")
    for rule, cause in EXPLAINED.items():
        for finding in open_ids(play, findings, rule)[:1]:
            play.decide(finding, "cleared", cause=cause)


def repay_in_word(play: Play, findings: pd.DataFrame) -> None:
    """Children unpaid whose finding is closed by a payment that failed, that was of another term, that was taken back."""
    # The first is left for the county to pay lawfully.
    for finding, rows in zip(open_ids(play, findings, "missed.unpaid")[1:], NOT_ARRIVED, strict=False):
        line: Any = findings[findings["finding_id"] == finding].iloc[0]
        for cells in rows:
            yuan = line["amount_due"] * (-1 if "negative" in cells else 1)
            row = {
                "name": line["name"], "id_number": line["id_number"], "school_name": line["school_name"], "scheme": "寄宿生生活补助",
                "term": "2020-autumn", "amount": str(yuan), "pay_date": "2021-01-04", "result": "成功",
            }  # fmt: skip
            play.copy["payments"].append(
                row | {name: cell for name, cell in cells.items() if name != "negative"}
            )
            play.touched(play.copy["payments"][-1], "added")
        play.decide(
            finding, "closed", cause="已补发到卡", amount=str(line["amount_due"]), evidence="银行回单"
        )
        play.show("recheck.false_closure", finding, f"closed by a payment that did not arrive: {rows[-1]}")
