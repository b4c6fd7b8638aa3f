"""Kinds of cells: how each is cleaned, what is valid, how it is shown masked, and one example.

A kind works in steps, so that each stays a short expression. Its ``steps`` bring a raw cell to one canonical spelling; a
spelling that says that there is nothing becomes NULL. ``read`` turns the text into a value. Where the kind has reasons of
its own it gives a defect too: a reason code, NULL when the cell is sound. A cell that held something and reads as nothing
always has a defect: the kind's name, where ``read`` gives no other reason. All are Ibis expressions that compile for every
engine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import ibis
import ibis.expr.types as ir

from auditlib.base.language import Text
from auditlib.cells import citizen_id, dates, grades, money, term_spellings
from auditlib.cells.hygiene import (
    CHINESE,
    COMPACT,
    DOTS,
    LOST_SIGNS,
    SEPARATOR,
    Step,
    compact,
    tidy,
    unless,
    without,
)

NO_DEFECT = ibis.null("string")
# A formula without its result, #REF!, a number from the next column; or several people in one cell.
NO_NAME = "^[=#]|^[0-9.]+$|^.$|.[、,;/]."
# An answer to a form (A.低保户), a code and its word (01脱贫户); 07年级 and 09月 are none.
_A_WORD = "[\u4e00-\u5e73\u5e75-\u6707\u6709-\u73ec\u73ee-\u7ea6\u7ea8-\u9fff]"
OPTION = f"^[(]?(?:(?:[A-Z]|[0-9]{{1,2}})[.、):]|0[1-9]-?)({_A_WORD}.*)$"
CROSSES = "×ⅩⅹХх✕"  # typed for the X of an ID number


@dataclass(frozen=True)
class Reading:
    """What a cell says: its value, and why it is unsound (NULL when sound)."""

    value: ir.Value
    defect: ir.StringValue = NO_DEFECT


@dataclass(frozen=True)
class Kind:
    """``read(text, companion)``: ``companion`` is the unit or coding column that goes with the cell, if any.

    ``verbatim``: a cell that says "nothing" keeps its words. ``codes``: the code list under params/codes whose values the column holds. ``masked``: what a publication
    may show, one of ``name``, ``id``, ``student``, ``account``, ``hidden`` or ``""`` (as it stands).
    """

    name: str
    dtype: str
    title: Text
    example: str
    steps: tuple[Step, ...] = field(repr=False)
    read: Callable[[ir.StringValue, ir.Value | None], Reading] = field(repr=False)
    masked: str = ""
    codes: str = ""
    companion: str = ""
    verbatim: bool = False


def _plain(text: ir.StringValue, _: ir.Value | None) -> Reading:
    return Reading(text)


def _with_dot(text: ir.StringValue) -> ir.StringValue:
    return text.translate(DOTS, SEPARATOR * len(DOTS)).upper()


def _without_gaps(text: ir.StringValue) -> ir.StringValue:
    chinese = text.re_search(r"[^\x00-\x7F]")
    return unless(text, CHINESE, ibis.ifelse(chinese, without(text, " "), text.re_replace(r" +", " ")))


_REMARK = r"[(](?:学生|本人|户主|[男女]|[长次]?子|[长次]女|儿子|女儿|双胞胎|孪生|留守|寄宿生?|住校生?|走读生?|低保户?|已?脱贫户?|特困|孤儿|残疾|监测户?)[)]$|[、,.;]+$"


def _without_remark(text: ir.StringValue) -> ir.StringValue:
    """A name without what stands behind it in brackets of whom, not of what became of him: 张三(学生)."""
    return unless(
        text,
        CHINESE,
        ibis.ifelse(text.re_search(f"[一-鿿](?:{_REMARK})"), text.re_replace(_REMARK, ""), text),
    )


NAME_STEPS: tuple[Step, ...] = (tidy, _with_dot, _without_gaps, _without_remark)
"""One spelling of a name: half width, one separator dot, no spaces in Chinese names, no remark behind it, Latin in capitals."""


def _read_name(text: ir.StringValue, _: ir.Value | None) -> Reading:
    has_gap, other = text.re_search(f"[{LOST_SIGNS}]"), text.re_search(NO_NAME)
    sound = text.re_search(CHINESE)  # first, because almost all are
    return Reading(
        text,
        ibis.cases((sound, NO_DEFECT), (other, "not_a_name"), (has_gap, "lost_character"), else_=NO_DEFECT),
    )


def _without_code(text: ir.StringValue) -> ir.StringValue:
    """A school's name without the code before it: 9931000011-青川镇中心小学."""
    return text.re_replace("^[0-9]{10}[-—–_:、.]*", "")


def _with_x(text: ir.StringValue) -> ir.StringValue:
    """The letter X where another cross stands for it."""
    return unless(text, COMPACT, text.translate(CROSSES, "X" * len(CROSSES)))


_PLAIN_NUMBER = "^[0-9]{17}[0-9X]$"


def _bare_number(text: ir.StringValue) -> ir.StringValue:
    """An ID number without the dashes between its parts and the kind of document behind it: 990122—20100307—0017(身份证)."""
    bare = text.re_extract(r"^([0-9X—–‐－_·.-]+)(\([一-鿿]+\))?$", 1).re_replace("[—–‐－_·.-]", "")
    return unless(text, _PLAIN_NUMBER, ibis.ifelse(bare.length().isin([15, 18]), bare, text))


COMPACT_STEPS: tuple[Step, ...] = (tidy, compact)
NUMBER_STEPS: tuple[Step, ...] = (*COMPACT_STEPS, _with_x)


def _read_id(text: ir.StringValue, check: ir.Value | None) -> Reading:
    return Reading(
        text, citizen_id.defect(text, citizen_id.check_character(text) if check is None else check)
    )


def _read_student_no(text: ir.StringValue, _: ir.Value | None) -> Reading:
    sound = text.isnull() | text.re_search(r"^[GLJ][0-9]{17}[0-9X]$")
    return Reading(text, ibis.ifelse(sound, NO_DEFECT, "form"))


def _read_long_number(text: ir.StringValue, _: ir.Value | None) -> Reading:
    has_lost_tail = citizen_id.is_damaged(text)
    return Reading(
        ibis.ifelse(has_lost_tail, ibis.null("string"), text),
        ibis.ifelse(has_lost_tail, "damaged", NO_DEFECT),
    )


def _read_date(partial: str | None) -> Callable[[ir.StringValue, ir.Value | None], Reading]:
    return lambda text, _: Reading(dates.read(text, partial=partial))


def _read_yuan(text: ir.StringValue, unit: ir.Value | None) -> Reading:
    return Reading(money.read(text, unit))


def _read_count(text: ir.StringValue, _: ir.Value | None) -> Reading:
    return Reading(without(text, ",人次名笔每节课时个").try_cast("int64"))


def _read_term(text: ir.StringValue, _: ir.Value | None) -> Reading:
    return Reading(term_spellings.read(text))


def _without_option(text: ir.StringValue) -> ir.StringValue:
    """Without the letter or number that a form gives its options (A.低保户)."""
    answer = text.re_extract(OPTION, 1)
    return unless(text, CHINESE, ibis.ifelse(answer != "", answer, text))


CODE_STEPS: tuple[Step, ...] = (tidy, compact, _without_option)
"""A coded cell without spaces or quotation, half width; case kept out of the comparison."""


def read_code(text: ir.StringValue, vocabulary: Mapping[str, str]) -> Reading:
    """``text`` (cleaned by ``CODE_STEPS``) looked up in ``vocabulary`` (spelling to code).

    Such columns are read later: the code ``unknown`` is a spelling that says "other" (no value, defect ``not_stated``),
    a spelling without a code is the defect ``unknown_value``.
    """
    if not vocabulary:
        return Reading(ibis.null("string"))
    # A list a code: hundreds of spellings, each a case of its own, take longer to compile.
    codes = sorted(set(vocabulary.values()))
    spellings = ((text.isin(sorted(w for w in vocabulary if vocabulary[w] == code)), code) for code in codes)
    return Reading(ibis.cases(*spellings, else_=ibis.null("string")))


def _needs_vocabulary(text: ir.StringValue, _: ir.Value | None) -> Reading:
    raise TypeError("a coded kind is read with read_code and its vocabulary")


def _code_kind(name: str, zh: str, en: str, example: str, companion: str = "") -> Kind:
    return Kind(
        name, "string", Text(zh, en), example, CODE_STEPS, _needs_vocabulary, codes=name, companion=companion
    )


TEXT = Kind("text", "string", Text("文字", "text"), "青山镇", (tidy,), _plain, verbatim=True)
NAME = Kind("name", "string", Text("姓名", "name"), "阿依古丽·买买提", NAME_STEPS, _read_name, masked="name")
CITIZEN_ID = Kind(
    "citizen_id",
    "string",
    Text("身份证号", "citizen ID number (GB 11643-1999)"),
    "990122201003070017",
    (*NUMBER_STEPS, _bare_number),
    _read_id,
    masked="id",
    companion="check",
)
STUDENT_NO = Kind(
    "student_no",
    "string",
    Text("学籍号", "student number"),
    "L990122201003070017",
    NUMBER_STEPS,
    _read_student_no,
    masked="student",
)
ACCOUNT = Kind(
    "account",
    "string",
    Text("账号", "account"),
    "6229000000000001234",
    COMPACT_STEPS,
    _read_long_number,
    "account",
)
CODE_TEXT = Kind("code", "string", Text("编号", "code"), "9901220001", COMPACT_STEPS, _read_long_number)
SCHOOL_CODE = Kind(
    "school_code", "string", Text("学校标识码", "school code"), "9990000123", COMPACT_STEPS, _read_long_number
)
SCHOOL_NAME = Kind(
    "school_name",
    "string",
    Text("学校名称", "school name"),
    "青山镇中心小学",
    (tidy, lambda text: unless(text, CHINESE, _without_code(without(text, " ")))),
    _plain,
)
DATE = Kind(
    "date", "date", Text("日期", "date"), "2020-10-31", dates.STEPS, _read_date(None), masked="hidden"
)
DATE_FROM = Kind(
    "date_from", "date", Text("起始日期", "first day"), "2014-12", dates.STEPS, _read_date("first")
)
DATE_TO = Kind("date_to", "date", Text("终止日期", "last day"), "2020-12", dates.STEPS, _read_date("last"))
DEADLINE = Kind(
    "date_due",
    "date",
    Text("时限", "day by which"),
    "2020年12月底前",
    dates.DEADLINE_STEPS,
    _read_date("last"),
)
YUAN = Kind(
    "yuan",
    "decimal(12, 2)",
    Text("金额（元）", "yuan"),
    "312.50",
    COMPACT_STEPS,
    _read_yuan,
    companion="unit",
)
YUAN_PRINTED = Kind(
    "yuan_printed",
    "decimal(16, 2)",
    Text("报表金额（元）", "printed yuan"),
    "445.13875",
    COMPACT_STEPS,
    _read_yuan,
    companion="unit",
)
COUNT = Kind("count", "int64", Text("人次", "count"), "7131", COMPACT_STEPS, _read_count)
TERM = Kind("term", "string", Text("学期", "term"), "2020-2021学年第一学期", COMPACT_STEPS, _read_term)
CATEGORY = _code_kind("category", "困难类型", "category", "建档立卡")
STAGE = _code_kind("stage", "学段", "stage", "小学")
GRADE = replace(
    _code_kind("grade", "年级", "grade (read as its stage)", "三年级", companion="coding"), steps=grades.STEPS
)
STATUS = _code_kind("status", "学生状态", "status", "在读")
BOARDING = _code_kind("boarding", "就读方式", "boarding", "住校", companion="coding")
SEX = _code_kind("sex", "性别", "sex", "男")
RESULT = _code_kind("result", "发放结果", "payment result", "成功")
YES_NO = _code_kind("yes_no", "是否", "yes or no", "是")
PERSON = replace(
    TEXT, name="person", title=Text("责任人", "person in charge"), example="郭老师", masked="name"
)
IN_SCHOOL = _code_kind("in_school", "在校生状况", "at school, as the poverty register tells it", "小学")
PRESENT = _code_kind("present", "是否在校", "at school on the day of counting", "在校")
OBJECTION = _code_kind("objection", "公示异议", "objection to a posting", "无")
BASIS = _code_kind("basis", "口径", "what a printed total counts", "发放")
ISSUE_STATE = _code_kind("issue_state", "完成情况", "how far a measure is", "已完成")
ENTITLED_KIND = _code_kind("entitled", "是否享受政策", "still entitled", "是", companion="coding")
SCHEME = _code_kind("scheme", "资助项目", "scheme (aliases stand in the policy)", "寄宿生生活补助")
