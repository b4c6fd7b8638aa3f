"""The kinds of child without a record: how each is called, and what must be on file of it."""

from __future__ import annotations

from collections.abc import Mapping

from auditlib.base.language import Text

ON_FILE: Mapping[str, tuple[Text, Text]] = {
    "at_school": (
        Text("无在读学籍，实际在校", "At school all the same"),
        Text("学校在读证明、未办学籍的原因说明、补办学籍的申请", "a certificate of the school, the reason why there is no record, the request for one"),
    ),
    "out_of_school": (
        Text("不在校", "Not at school"),
        Text("劝返台账、限期复学通知书及送达回执、劝返记录、报告乡镇的材料；不能到校的，四部门认定表或送教记录",
             "the ledger of bringing back, the notice to return and its receipt, records of visits, the report to the township; where the child cannot attend, the four offices' certificate or records of home teaching"),
    ),
    "elsewhere": (
        Text("在外省、外县就读", "At school in another province or county"),
        Text("函告和回函、就读学校证明或学籍查询结果、是否已受助", "the letter and its answer, a certificate of the school or a query of the national register, whether the child is aided there"),
    ),
    "untraced": (
        Text("下落不明", "Untraceable"),
        Text("情况报告，村、乡镇、学校签字，走访照片，公安协查记录", "a report, signatures of village, township and school, photographs of the visits, the police's record of the search"),
    ),
    "unaccounted": (
        Text("去向尚未查明（学籍、函告、各台账中均无）", "Not yet looked for (in no record, letter or ledger)"),
        Text("先逐人找到，再按以上四种情形存档", "each is to be found first, then filed as one of the four above"),
    ),
    "paid_only": (
        Text("本学期有发放，学籍、函告、各台账中均无", "Paid this term, in no record, letter or ledger"),
        Text("发放凭证，发放所列学校的在读证明；不在该校的，追查领款人，再按以上四种情形存档",
             "the voucher and a certificate of the school that the payment names; where the child is not there, who took the money, then filed as one of the four above"),
    ),
    "moved_away": (
        Text("已转出（不在资格名册）", "Moved away (on no eligibility register)"),
        Text("转学手续、转入学校接收证明或全国学籍系统查询结果", "the papers of the transfer, a certificate of the new school or a query of the national register"),
    ),
}  # fmt: skip
