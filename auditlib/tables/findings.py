"""A finding, declared once: each column with its type, its kind, its title, and what is shown of it while masked.

Whoever writes, reads, lists or hands out findings chooses columns from here; :func:`masked` is the one way of masking them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal

from auditlib.base.language import Text
from auditlib.base.masking import MASKS, masked_sentence

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

Kind = Literal["key", "choice", "amount", "share", "text", "rows"]
Mask = Literal["", "name", "person", "id", "student", "account", "scrub", "message", "key"]
BETWEEN = Text("、", ", ")
"""Between several texts in one cell, in the language of the run."""
_APART = re.compile(f"({BETWEEN.zh}|{BETWEEN.en})")


@dataclass(frozen=True)
class FindingColumn:
    """``kind``: how lists show and filter it; ``masked``: what takes its place; ``message``: names and numbers inside."""

    name: str
    title: Text
    kind: Kind = "text"
    dtype: str = "string"
    masked: Mask = ""


def _columns(*columns: FindingColumn) -> dict[str, FindingColumn]:
    return {column.name: column for column in columns}


_YUAN = "decimal(14, 2)"
FINDING: Mapping[str, FindingColumn] = _columns(
    FindingColumn("finding_id", Text("疑点", "Finding"), "key", masked="key"),
    FindingColumn("rule", Text("规则", "Rule"), "choice"),
    FindingColumn("family", Text("类别", "Family"), "choice"),
    FindingColumn("severity", Text("严重程度", "Severity"), "choice"),
    FindingColumn("term", Text("学期", "Term")),
    FindingColumn("county_code", Text("县代码", "County code")),
    FindingColumn("school_name", Text("学校", "School"), "choice"),
    FindingColumn("town", Text("乡镇", "Town"), "choice"),
    FindingColumn("name", Text("姓名", "Name"), masked="name"),
    FindingColumn("id_number", Text("身份证号", "ID number"), masked="id"),
    FindingColumn("student_no", Text("学籍号", "Student number"), masked="student"),
    FindingColumn("scheme", Text("资助项目", "Scheme"), "choice"),
    FindingColumn("amount_due", Text("应发", "Due"), "amount", _YUAN),
    FindingColumn("amount_paid", Text("已发", "Paid"), "amount", _YUAN),
    FindingColumn("at_stake", Text("涉及金额", "At stake"), "amount", _YUAN),
    FindingColumn("confidence", Text("可信度", "Confidence"), "share", "float64"),
    FindingColumn("reason", Text("原因", "Reason"), "choice"),
    FindingColumn("message", Text("疑点说明", "What was found"), masked="message"),
    FindingColumn(
        "records",
        Text("所依据的各行，各为 表:出处", "Rows it rests on, each table:source"),
        "rows",
        "array<string>",
        "scrub",
    ),
    FindingColumn("policy_ref", Text("依据", "Basis")),
    FindingColumn("disposition", Text("处理", "Disposition"), "choice"),
)
"""The columns of findings.parquet, in order (contract 6)."""
PARTICULARS: Mapping[str, FindingColumn] = _columns(
    FindingColumn("names", Text("各记录所写姓名", "Names in the records"), masked="name"),
    FindingColumn("numbers", Text("各记录所写证号", "ID numbers in the records"), masked="id"),
    FindingColumn("schools", Text("各记录所写学校", "Schools in the records")),
    FindingColumn("classes", Text("年级、班级", "Grade and class")),
    FindingColumn("categories", Text("困难类型", "Category")),
    FindingColumn("dates", Text("日期", "Dates")),
    FindingColumn("accounts", Text("银行卡号", "Account"), masked="account"),
    FindingColumn("holders", Text("户名", "Account holder"), masked="name"),
    FindingColumn("responsible", Text("责任人", "Responsible"), masked="person"),
    FindingColumn("related", Text("同一人的其他疑点", "Other findings of the same person")),
)
"""What its rows tell besides, all of it text: what several records tell stands beside each other, each once."""
LISTED_COLUMNS: Mapping[str, FindingColumn] = {
    **FINDING,
    **_columns(
        FindingColumn("number", Text("疑点编号", "Finding no.")),
        FindingColumn("sources", Text("来源", "Sources"), masked="scrub"),
    ),
    **PARTICULARS,
}
"""All that a list can show of a finding: ``number`` is that which people see, ``sources`` its ``records`` in lines."""


def finding_columns(names: str) -> tuple[str, ...]:
    """``names``, which stand apart by blanks. Raises KeyError for one that is not declared."""
    return tuple(FINDING[name].name for name in names.split())


def column_title(name: str) -> Text:
    """What stands above the column."""
    return LISTED_COLUMNS[name].title


def title_in_yuan(name: str) -> Text:
    """The same where the cells do not say that they are yuan."""
    text = column_title(name)
    return Text(f"{text.zh}（元）", f"{text.en} (yuan)") if LISTED_COLUMNS[name].kind == "amount" else text


def of_kind(*kinds: Kind) -> tuple[str, ...]:
    """The columns of a finding that are of one of ``kinds``."""
    return tuple(column.name for column in FINDING.values() if column.kind in kinds)


# --- masked --------------------------------------------------------------------------------------------------------


HIDDEN_COLUMNS = tuple(column.name for column in LISTED_COLUMNS.values() if column.masked not in ("", "key"))
"""The columns that tell who a finding is about."""


def masked(findings: pd.DataFrame) -> pd.DataFrame:
    """``findings`` without what tells who the pupil is: in every declared column that they have, sentences and addresses
    too. Masking what is masked changes nothing."""
    hidden_values = {
        name: findings[name].astype(object).map(_mask(LISTED_COLUMNS[name]))
        for name in HIDDEN_COLUMNS
        if name in findings and LISTED_COLUMNS[name].masked != "message"
    }
    if "message" in findings:
        hidden_values["message"] = _messages(findings)
    return findings.assign(**hidden_values)


def _mask(column: FindingColumn) -> Callable[[Any], Any]:
    mask = MASKS[column.masked]

    def text(cell: str) -> str:
        if column.name not in PARTICULARS:
            return mask(cell)
        return "".join(part if at % 2 else mask(part) for at, part in enumerate(_APART.split(cell)))

    def hide(cell: Any) -> Any:
        if isinstance(cell, str):
            return text(cell)
        return [text(str(line)) for line in cell] if hasattr(cell, "__iter__") else cell

    return hide


def _messages(findings: pd.DataFrame) -> list[str]:
    """Each sentence without the name of its pupil and without long numbers."""
    texts = findings["message"].astype(object).where(findings["message"].notna(), "").astype(str)
    return list(map(masked_sentence, texts, findings["name"]))


# --- stored --------------------------------------------------------------------------------------------------------


def arrow_schema() -> pa.Schema:
    """The types of findings.parquet."""
    import ibis

    return ibis.schema({column.name: column.dtype for column in FINDING.values()}).to_pyarrow()


def write_findings(
    findings: pd.DataFrame, path: Path | BinaryIO, metadata: Mapping[bytes, bytes] | None = None
) -> None:
    """Findings as one Parquet file with the types of contract 6, the same bytes for the same findings.

    ``metadata``: what the file says of itself, besides.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    with_lists = findings.astype({"records": object})  # a frame without rows takes its lists for numbers
    rows = pa.Table.from_pandas(with_lists, arrow_schema(), preserve_index=False)
    pq.write_table(rows.replace_schema_metadata({**(rows.schema.metadata or {}), **(metadata or {})}), path)
