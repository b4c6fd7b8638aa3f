"""Header spellings: params/headers.csv and the run's own ``columns``, looked up by one normal form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from auditlib.base.edited_lists import listed_rows
from auditlib.base.errors import Problem, UsageError
from auditlib.ingest.files.cells import bare
from auditlib.ingest.headers.turned_answers import TURNED_CODING, turn_of
from auditlib.ingest.messages import parameter_problems
from auditlib.tables.delivered import TABLES, Column, Table

FIELDS = ("table", "column", "header", "coding")
_DROPPED_SIGNS = str.maketrans("", "", "*★☆●※'’‘`´\"“”「」#")
# Traditional and simplified form of the characters that headers are made of.
_PAIRS = (
    "學学號号證证碼码稱称額额發发級级補补項项資资銀银賬账帳帐戶户類类別别鄉乡鎮镇縣县區区狀状態态識识標标結结開开貧贫難难"
    "對对關关係系務务監监護护親亲與与簡简時时間间終终實实際际轉转業业畢毕讀读審审總总計计單单萬万應应準准"
)
_SIMPLE_SIGNS = str.maketrans(dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True)))
_PLAIN = _DROPPED_SIGNS | _SIMPLE_SIGNS
_UNIT = "亿元|百万元|十万元|万元|千元|百元|元|角|分"
# What a parenthesis may say without changing the header's meaning; 姓名(户主) is not 姓名.
_HINT = re.compile(
    r"(?:(?:金额)?(?:单位)?:?(?:人民币)?(?P<unit>" + _UNIT + r")(?:/[人生次学期每·]+)?"
    r"|必填项?|选填项?|非?必填项?|可选|[可限]?[多单]选题?|可不填|不填|必录|下拉选择?|公历|阳历|全称|盖章单位|签?[字章名]?盖章|公章|签[字名章](?:[、,及和]?盖章)?(?:[、,及和]?(?:日期|时间))?|打?[√✓×][√✓×/、]*|打勾|自动|手动|自动生成|系统生成|文本格?式?|数字|数值"
    r"|1[58]位.*|[0-9]+位|格式.*|如.*|例.*|示例.*|年月日|年/月/日|y{2,4}.*|学生|学生本人|本人|幼儿|受助学生|受助人|人|人次|户|名"
    r"|是[/、,或]?否|男[/、,或]?女|(?:走读|住校|寄宿|住宿)生?[/、,或](?:走读|住校|寄宿|住宿)生?)",
    re.IGNORECASE,
)
# A note on how to fill a column in: 姓名(与户口簿一致,不得有空格), 困难类型(脱贫户/监测对象/低保); not one that says whose or which it is.
_NOTE = re.compile(
    r".{3,}[,;、/。].{2,}|.*(?:请|须|需|不得|不能|勿|一律|务必|与.+一致|填写|写明|注明|保留).*"
)
_NO_NOTE = re.compile(
    f"{_UNIT}|应|原(?!因)|上[年期]|累计|户主|监护|家长|父|母|教师|班主任|计划|标准|其中|除|不含|经办|负责|领款|代领|持卡|开户|预算|核定"
)
# 1.姓名, (2)身份证号, ③学校 (half width: 3学校), 四、金额
_NUMBERING = re.compile(
    r"(?:\([0-9]{1,2}\)|[0-9]{1,2}[.、)]?|[一二三四五六七八九十]{1,2}[.、])(?=[^0-9.、)])"
)
_BEFORE = re.compile(r"[\[【(〔](?:必填|选填|必录|可选|非必填)项?[\]】)〕](?=.)")  # 【必填】姓名
_IN_ENGLISH = re.compile(r"(?<=[\u4e00-\u9fff)])[a-z][a-z .()/_-]*$")  # 姓名 Name
_EMPTY_BRACKETS = re.compile(r"\(\)|\[\]|【】")  # of a star: 姓名(*)
_BARE_HINT = re.compile(rf"{_UNIT}|必填|选填|人次?|户|名")
_PARENTHESIS = re.compile(r"[(\[【<〔]([^()\[\]【】<>〔〕]*)[)\]】>〕]$")
_BARE_UNIT = re.compile(r"[:,/_-]?(?P<unit>" + _UNIT + r")$")
_UNIT_STATED = re.compile(
    r"单位[:为]?(?:(?:人次|人数|[人户名所个%])[、,/;·]?)*(?P<unit>" + _UNIT + r")(?![\u4e00-\u9fff])"
    r"|单位[:为]?(?:(?:人次|人数|[人户名所个%])[、,/;·]?)*(?P<mixed>"
    + _UNIT
    + r")(?=[、,/;·]?(?:人|户|名|所|个))"
)
_OF_MONEY = "亿元|百万元|十万元|万元|千元|百元|元"
# A title may give the unit in brackets only, a cell beside "单位：" the unit alone, an instruction in a sentence.
_UNIT_OF_SHEET = (
    re.compile(rf"\((?:金额)?(?:人民币)?({_OF_MONEY})\)"),
    re.compile(rf"^({_OF_MONEY})$"),
    re.compile(rf"以({_OF_MONEY})(?:为单位|计)"),
    re.compile(r"单位[:为](万)(?![\u4e00-\u9fff])"),
)
# What two ends of a header say alike, and the signs between its words.
_ENDINGS = (
    ("号", "号码"),
    ("号码", "号"),
    ("日期", "时间"),
    ("时间", "日期"),
    ("编号", "编码"),
    ("编码", "编号"),
)
_SIGNATURE_WORDS = ("意见", "签字", "审批", "审核", "审查")  # behind which the day may be asked for too
_BETWEEN = re.compile("(?<=.)[、/,](?=.)")
# The one whom a record is about, before what is told of him: 享受人证件号, 保障对象性别.
_SUBJECT = re.compile(
    "(?:保障|救助|供养|享受|受助|资助|补助|补贴|帮扶|监测|被供养|特困|残疾|持证|困难|低保)(?:人员|对象|学生|儿童|人)(?:的|本人)?(?=.)|(?:在校|在读|就读)(?:学?生|子女|人员)(?:的)?(?=.)"
)
_OF_SUBJECT = ("name", "id_number", "sex", "birth_date", "student_no")
_CERTIFICATE = re.compile("残疾.*证")
NUMBERS = "123一二三"  # 困难类型1, 困难类型2
_ENDED_PATTERN = re.compile("解除|消除|退出|停保|停发|停止|终止|取消|注销|退保|清退|核减|减少|死亡")
_ENTRY = re.compile("(?:入学|入校|进校|入读)(?!年级)")
ENTRY_COLUMN = "entered"  # a day, month or year of entry stands for the grade
FACTORS = {"分": "0.01", "角": "0.1", "元": "1", "百元": "100", "千元": "1000", "万元": "10000"}  # yuan


@dataclass(frozen=True)
class Spelling:
    """What a header means: a column, or none where ``column`` is empty: the run says that it is not needed.

    ``order`` decides which of two headers for one column is taken.
    """

    column: str
    order: int
    coding: str = ""


@dataclass(frozen=True)
class Header:
    """A header cell read: the spelling it was recognised by, and the unit of money it states (元, 万元)."""

    spelling: Spelling
    unit: str | None = None


Spellings = Mapping[str, Spelling]  # by normal form, for one table
OwnColumns = Mapping[
    str, Mapping[str, str | None]
]  # table -> header -> column; None: the header is not needed


@lru_cache(maxsize=1 << 14)
def normal(text: str | None) -> str:
    """Half width, without white space, stars, also in brackets, quotation marks and the colon at the end."""
    plain = bare(text).translate(_PLAIN)
    return _EMPTY_BRACKETS.sub("", plain).rstrip(":;,.、").casefold()


def recognise(text: str, spellings: Spellings) -> Header | None:
    """``text`` in normal form is tried whole first (乡(镇) is a header by itself), then without its hints, then
    without the number in front, then without the subject's own word."""
    return _recognise(text, spellings) or _of_subject(text, spellings)


def _of_subject(text: str, spellings: Spellings) -> Header | None:
    subject = _SUBJECT.match(text)
    read = _recognise(text[subject.end() :], spellings) if subject else None
    return read if read and read.spelling.column in _OF_SUBJECT else None


def _recognise(text: str, spellings: Spellings) -> Header | None:
    unit = None
    while text:
        if spelling := spellings.get(text):
            return None if unit and spelling.column == "scheme" else Header(spelling, unit)
        shorter, unit_of_hint = _without_hint(text)
        unit = unit or unit_of_hint
        if shorter == text:
            shorter = _NUMBERING.sub("", text, count=1) if _NUMBERING.match(text) else text
        if shorter == text:
            shorter = _IN_ENGLISH.sub("", _BEFORE.sub("", text, count=1))
        if shorter == text:
            return None
        text = shorter
    return None


def _without_hint(text: str) -> tuple[str, str | None]:
    parenthesis = _PARENTHESIS.search(text)
    if parenthesis:
        hint = _HINT.fullmatch(parenthesis[1])
        before = text[: parenthesis.start()].rstrip(":")
        if not hint and _NOTE.fullmatch(parenthesis[1]) and not _NO_NOTE.search(parenthesis[1]):
            return before, None
        return (before, hint["unit"]) if hint else (text, None)
    unit = _BARE_UNIT.search(text)
    return (text[: unit.start()], unit["unit"]) if unit else (text, None)


def is_hint(text: str) -> bool:
    """A cell below a header that holds only a unit or a hint: (万元), 元, (必填)."""
    parenthesis = _PARENTHESIS.fullmatch(text)
    return bool(_HINT.fullmatch(parenthesis[1]) if parenthesis else _BARE_HINT.fullmatch(text))


def hinted_unit(text: str) -> str | None:
    """The unit of money in such a cell."""
    hint = _HINT.fullmatch(text.strip("()"))
    return hint["unit"] if hint else None


def stated_unit(text: str) -> str | None:
    """The unit of money that a title or unit row states (``单位：万元``, ``发放表（万元）``), else None."""
    plain = bare(text).translate(_SIMPLE_SIGNS)
    if unit_match := _UNIT_STATED.search(plain):
        return unit_match["unit"] or unit_match["mixed"]
    unit_match = next((match for form in _UNIT_OF_SHEET if (match := form.search(plain))), None)
    return unit_match[1].replace("万元", "万").replace("万", "万元") if unit_match else None


def read_spellings(path: Path) -> tuple[dict[str, dict[str, Spelling]], list[Problem]]:
    """Table -> normal form -> spelling, from params/headers.csv, whatever program saved it."""
    spellings: dict[str, dict[str, Spelling]] = {name: {} for name in TABLES}
    wrong = []
    try:
        rows = [*listed_rows(path, FIELDS[:3])]
    except UsageError as error:
        return spellings, [*error.problems]
    for line, row in rows:
        table, column, header, coding = (row.get(field, "") for field in FIELDS)
        if table not in TABLES or column not in TABLES[table].by_name or not normal(header):
            wrong.append(parameter_problems.spellings_row(line, f"{table},{column}"))
        else:
            of_table = spellings[table]
            of_table.setdefault(normal(header), Spelling(column, len(of_table), coding))
    spellings = {name: _with_variants(of_table) for name, of_table in spellings.items()}
    spellings["planned"] = _as_payments(spellings)
    return spellings, wrong


def _with_variants(spellings: Mapping[str, Spelling]) -> dict[str, Spelling]:
    """The spellings, and what differs from one of them by 号 for 号码, 日期 for 时间, 解除 for 消除, or the sign between two
    words alone."""
    variants = {variant: spelling for form, spelling in spellings.items() for variant in _variants(form)}
    numbered = {
        f"{form}{number}": spelling
        for form, spelling in spellings.items()
        if spelling.column == "category"
        for number in NUMBERS
    }
    return {**numbered, **variants, **spellings}


def _variants(form: str) -> Iterator[str]:
    for ending, other in _ENDINGS:
        if form.endswith(ending) and not form.endswith(other):
            yield form[: -len(ending)] + other
    if form.endswith(_SIGNATURE_WORDS):
        yield from (form + tail for tail in ("及日期", "及时间", "、日期", "(日期)"))
    if "消除" in form:
        yield form.replace("消除", "解除")
    if between := _BETWEEN.search(form):
        yield from (form.replace(between.group(), sign) for sign in "、/,")


def without_hints(text: str) -> str:
    """A header in normal form without units and hints: 应发补助金额(元) is 应发补助金额."""
    shorter, _unit = _without_hint(text)
    return text if shorter == text or not shorter else without_hints(shorter)


def _as_payments(spellings: Mapping[str, Spellings]) -> dict[str, Spelling]:
    """A list of what is to be paid is written as one of what was paid; its own headers (应发金额) come first."""
    own, columns = spellings["planned"], TABLES["planned"].by_name
    common_spellings = {
        form: replace(spelling, order=spelling.order + len(own))
        for form, spelling in spellings["payments"].items()
        if spelling.column in columns
    }
    return {**common_spellings, **own}


def with_own(
    spellings: dict[str, dict[str, Spelling]], columns: OwnColumns
) -> tuple[dict[str, dict[str, Spelling]], list[Problem]]:
    """The run's own ``columns`` before the others; problems for wrong names."""
    wrong: list[Problem] = []
    for name, headers in columns.items():
        if name not in TABLES:
            wrong.append(parameter_problems.unknown_table(f"columns.{name}", str(name), TABLES))
            continue
        table = TABLES[name]
        wrong += [
            parameter_problems.unknown_header_column(table, str(c))
            for c in headers.values()
            if c is not None and c not in table.by_name
        ]
        spellings[name] = spellings[name] | _own(table, headers, spellings[name])
    return spellings, wrong


def _own(table: Table, headers: Mapping[str, str | None], spellings: Spellings) -> dict[str, Spelling]:
    """Negative orders: the run's own headers win, in the order in which they are written."""
    own = {}
    for position, (header, column) in enumerate(headers.items()):
        form = normal(str(header))
        if column is None:
            own[form] = Spelling("", position - len(headers))
        elif column in table.by_name:
            own[form] = Spelling(column, position - len(headers), _coding(form, column, spellings, table))
    return own


def _coding(form: str, column: str, spellings: Spellings, table: Table) -> str:
    """How a header of the run's own is coded: as in headers.csv, else by its words: 是否 asks for yes or no, a yes to 已退出 says
    that it has ended, and a disabled person's certificate begins with the ID number."""
    if form in spellings and spellings[form].column == column:
        return spellings[form].coding
    if column == "id_number" and table.name == "eligibility" and _CERTIFICATE.search(form):
        return "disability_certificate"
    return coding_of_own(form, table.by_name[column])


def coding_of_own(header: str, column: Column) -> str:
    """How a column that no list knows is coded, by the words of its header."""
    form = normal(header)
    if column.name == "grade":
        return ENTRY_COLUMN if _ENTRY.search(form) else ""
    if column.name == "entitled":
        return "ended" if _ENDED_PATTERN.search(form) else ""
    if turn_of(form, [column.name]):
        return TURNED_CODING
    asks = form.startswith("是否") or form.endswith("否")
    return "yes_no" if asks and column.kind.companion == "coding" else ""
