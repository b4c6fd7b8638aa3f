"""What a code means where one chooses it: the words of the tables, but where another list has the same code for something else."""

from __future__ import annotations

from auditlib.base.language import Text
from auditlib.law.policy import Policy
from auditlib.tables.delivered import TABLES
from auditlib.tables.vocabulary import Vocabulary
from auditlib.tables.wording import category_word, word
from auditlib.workbench.runs import spoken_term

YES_NO = {
    "yes": Text("是", "yes"),
    "no": Text("否", "no"),
    "unknown": Text("没有写明", "not said"),
    "no_answer": Text("还没有回函", "no answer yet"),
}
OWN: dict[str, dict[str, Text]] = {
    "boarding": {
        "boarding": Text("寄宿（住校）", "boarder"),
        "day": Text("走读", "day pupil"),
        "home_teaching": Text("送教上门", "taught at home"),
        "unknown": Text("没有写明", "not said"),
    },
    "status": {"withdrawn": Text("退学", "Withdrawn"), "unknown": Text("没有写明", "not said")},
    "result": {
        "success": Text("发放成功", "paid"),
        "returned": Text("退回（发放失败）", "returned"),
        "not_paid": Text("尚未发放", "not yet paid"),
        "taken_back": Text("冲回（别处算作已发，这里退回）", "taken back (counted as paid elsewhere)"),
    },
    "scheme": {
        "outside": Text("不属于本次核对的项目", "not among the schemes audited"),
        "umbrella": Text(
            "生活补助（寄宿还是非寄宿看每一行）",
            "living aid (each row tells whether of boarders or day pupils)",
        ),
        "grant": Text("国家助学金（学段看每一行）", "national grant (each row tells of which stage)"),
        "tuition": Text("免学费（学段看每一行）", "fee waiver (each row tells of which stage)"),
    },
    "entitled": YES_NO,
    "yes_no": YES_NO,
    "sex": {"male": Text("男", "male"), "female": Text("女", "female")},
    "present": {
        "present": Text("在校", "at school"),
        "absent": Text("不在校", "not at school"),
        "excused": Text("请假", "excused"),
        "elsewhere": Text("在别处就读", "taught elsewhere"),
        "unknown": Text("没有写明", "not said"),
    },
    "in_school": {
        "compulsory": Text("义务教育阶段在校", "in compulsory education"),
        "some": Text("在校，学段没有写明", "at school, the stage not said"),
        "none": Text("不在校", "not at school"),
        "unknown": Text("没有写明", "not said"),
    },
    "objection": {
        "none": Text("没有异议", "no objection"),
        "resolved": Text("有异议，已处理", "objection, resolved"),
        "open": Text("有异议，未处理", "objection, open"),
    },
    "basis": {
        "paid": Text("已发放", "paid"),
        "letters": Text("发函", "letters sent"),
        "replied": Text("已回函", "answered"),
        "open": Text("未回函", "not answered"),
        "fallback": Text("县级兜底", "paid by the county as fallback"),
        "loans": Text("助学贷款", "student loans"),
    },
    "issue_state": {
        "immediate": Text("立行立改", "put right at once"),
        "staged": Text("阶段性成果", "done in part"),
        "lasting": Text("长期坚持", "to be kept up for good"),
        "done": Text("已完成", "done"),
        "open": Text("未完成", "not done"),
    },
}
NOT_OFFERED = {"scheme": ("umbrella", "grant", "tuition")}
"""A name of several schemes at once has no one meaning: rows must tell them apart."""


def codes(
    kind: str, words: Vocabulary, policy: Policy, language: str, term: str = ""
) -> list[tuple[str, str]]:
    """The codes of a list with their words, in the order of the list; schemes in that of the policy."""
    every = dict.fromkeys(words.get(kind, {}).values())
    order = [*(code for code in policy.schemes if kind == "scheme"), *every]
    offered_codes = [code for code in dict.fromkeys(order) if code not in NOT_OFFERED.get(kind, ())]
    return [(code, value_word(kind, code, policy, language, term)) for code in offered_codes]


def value_word(kind: str, code: str, policy: Policy, language: str, term: str = "") -> str:
    """A code in words: a scheme by its title, a category by its name in ``term``."""
    if kind == "scheme" and code in policy.schemes:
        return policy.schemes[code].title.into(language)
    if kind == "term":
        return spoken_term(code, language)
    own = OWN.get(kind, {}).get(code)
    if own is None and kind == "category":
        return category_word(code, term, language)
    return own.into(language) if own else word(code, language)


def column_words(table: str, language: str) -> list[tuple[str, str]]:
    """The columns of a table with their titles, those that are needed marked."""
    needed_columns = {
        *TABLES[table].required,
        *(name for group in TABLES[table].needs_one_of for name in group),
    }
    return [
        (column.name, column.title.into(language) + (" *" if column.name in needed_columns else ""))
        for column in TABLES[table].columns
    ]


def table_words(language: str) -> list[tuple[str, str]]:
    """The tables with their titles."""
    return [(name, word(name, language)) for name in TABLES]
