"""How persons were found: which key decided, for how many rows, and how many were not found."""

from __future__ import annotations

import pandas as pd

from auditlib.language import Text
from auditlib.report import markup
from auditlib.report.funnel import in_order
from auditlib.report.markup import Col
from auditlib.report.section import Section
from auditlib.results import Results
from auditlib.wording import word

TITLE = Text("人员比对", "Linking persons")
LEAD = Text(
    "资格名册与发放明细中的每个人，按下列依据与学籍逐级比对，前一级已确定的不再往下。科学计数截断的证号从不作为依据；"
    "L、J 字头学籍号与身份证号无关，也不用于比对。",
    "Everyone on the eligibility and payment lists is sought in the enrolment register by these keys, one after "
    "another. Numbers cut by a spreadsheet are never a key; nor are L and J student numbers, which say nothing of "
    "the ID number.",
)
CAPTION = Text("比对依据与行数", "Keys and rows")
REGISTER, KEY = Text("台账", "Register"), Text("依据", "Decided by")
ROWS, SHARE = Text("行数", "Rows"), Text("占比", "Share")
NOT_FOUND = Text(
    "“未找到对应学籍”可能是县外就读、学段不在学籍系统、证号有误或疑似失学，须逐一落实，不能直接认定。",
    "Not found may mean study elsewhere, a stage outside the register, a wrong number or a dropout: each has to be "
    "looked into.",
)
SUMMARY = Text("{rows} 行中 {none} 行未找到对应学籍", "{none} of {rows} rows were not found in the register")


def linkage(results: Results) -> Section:
    language = str(results.parameters.get("language", "zh"))
    links = in_order(results.links)
    columns = [
        Col(REGISTER.into(language), css="k"),
        Col(KEY.into(language)),
        Col(ROWS.into(language), "number"),
        Col(SHARE.into(language), "number"),
    ]
    table = markup.table(columns, _rows(links, language), caption=CAPTION.into(language))
    body = markup.join(
        (markup.paragraph(LEAD.into(language), "lead"), table, markup.note(NOT_FOUND.into(language)))
    )
    none = links.loc[links["decided_by"] == "none", "rows"].sum()
    summary = SUMMARY.fill(rows=markup.count(links["rows"].sum()), none=markup.count(none)).into(language)
    return Section("linkage", TITLE.into(language), body, summary)


def _rows(links: pd.DataFrame, language: str) -> list[tuple[str, str, str, str]]:
    whole = links.groupby("table")["rows"].transform("sum")
    return [
        (
            word(row.table, language),
            word(f"link.{row.decided_by}", language),
            markup.count(row.rows),
            markup.percent(row.rows, total),
        )
        for row, total in zip(links.itertuples(), whole, strict=True)
    ]
