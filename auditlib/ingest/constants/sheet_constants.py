"""What holds for all rows of a sheet and stands in its name, its title or its file's name only: its scheme, its category.

A workbook a scheme, or a sheet a category, is the usual way. Taken only where no column and no parameter tells, and
where the words leave no choice: 寄宿生和非寄宿生发放表 names two schemes, 非低保 is not 低保. Schools: ``titles.schools``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath

from auditlib.cells import grades
from auditlib.ingest.constants.sheet_days import counted_on, posted_on
from auditlib.ingest.files.cells import bare
from auditlib.ingest.files.grids import Grid
from auditlib.ingest.headers.layout import Layout
from auditlib.ingest.headers.looks import Knowledge
from auditlib.ingest.titles.terms import terms_in, titles_of
from auditlib.tables.delivered import Table
from auditlib.tables.vocabulary import spelling

_SHORTEST = {"scheme": 3, "category": 2}  # characters of a spelling that is looked for inside a name
_NOT = re.compile("[非不未无除]$")
_NO_LIST_OF = re.compile("退出|停保|停发|取消|减少|清退|不享受|除外|以外|疑似|比对")
UMBRELLA, OF_BOARDERS, OF_DAY_PUPILS = "umbrella", "寄宿生生活补助", "非寄宿生生活补助"
_BOARDING = re.compile("(?P<day>[非不](?:寄宿|住宿|住校)|走读|通学)|寄宿|住宿|住校")
_SHEET_OF = re.compile(
    rf"(?:{_BOARDING.pattern})学?生?(?:名单|花名册|名册|表|发放表)?"
)  # 寄宿生, 非寄宿生名单
OF_ONE_GRADE = ("enrolment", "attendance")  # tables of which a sheet is often one grade's
_TOWN = re.compile("[\u4e00-\u9fff]{2,6}(?:镇|乡|街道|办事处|苏木)")
_OR = "-—~～至到、,，和及与"  # 一年级至六年级 is no single one
_GRADE = re.compile(
    f"(?<![{_OR}一二三四五六七八九十0-9])((?:[一二三四五六七八九]|[1-9])年级|[初高][一二三](?!中))(?![{_OR}])"
)
# A list of those who are no longer there: 转出学生, 2024年秋休学学生名册. 毕业班 is at school.
_LEAVING_WORDS = {
    "transferred_out": "转出", "suspended": "休学", "withdrawn": "退学", "lost": "辍学|流失|失学", "deceased": "死亡", "graduated": "毕业(?!班|年级|学校|证)",
}  # fmt: skip
_CHANGES = re.compile("|".join((*_LEAVING_WORDS.values(), "异动|变动|离校|减少")))
_STILL_THERE = re.compile("转入|在校|在籍|在读|就读|复学|返校|新生|新增")
_NOT_SO = re.compile("不含|除|不包括|疑似|无|零|劝返|控辍|防流失")
_PAID_ON = re.compile(
    f"(?:发放|支付|拨付|打卡|打款|到账|入账|交易)(?:时间|日期):(20[0-9]{{2}})[-./年]([0-9]{{1,2}})[-./月]([0-9]{{1,2}})(?![0-9])日?(?![{_OR}])"
)
_LABEL = re.compile(
    r"(?:摘要|用途|附言|业务种类|代发项目|(?:资助|补助|补贴|发放)?项目)(?:名称)?[:：]\s*(?P<text>[^\s:：]{2,40})"
)
# Names that schools of several stages share: code of the name -> stage -> the scheme's own name.
OF_STAGE: Mapping[str, Mapping[str, str]] = {
    "grant": {
        "preschool": "学前教育资助", "senior": "普通高中国家助学金", "vocational": "中等职业教育国家助学金", "higher": "本专科生国家助学金",
    },
    "tuition": {"senior": "普通高中免学杂费", "vocational": "中等职业教育免学费"},
}  # fmt: skip
_STAGES = {  # in this order: what one has found is not looked at by the next
    "vocational": re.compile(
        "职业(?:高级)?(?:中学|高中|技术|学校|学院|教育|中专)|中等职业|中职|职高|职教|中专|技工|技校"
    ),
    "higher": re.compile("本专科|大学|高校|高职"),
    "preschool": re.compile("学前教育|学前|幼儿"),
    "senior": re.compile("普高|高中|高级中学|(?<![初小])高[一二三]"),
}
# 01七年级1班, 3五年级2班, 2.名单: where the sheet stands among the others
_NUMBERED_PATTERN = re.compile(
    r"^[0-9]{1,2}[.、_-]+(?=[\u4e00-\u9fff])|^0[0-9](?=[\u4e00-\u9fff])"
    "|^[0-9]{1,2}(?=[一二三四五六七八九]年级|[初高][一二三])"
)
_VAGUE = ("other_hardship", "unknown", "none")  # 贫困学生名单 says no category


def stated_constants(
    table: Table, file: str, grid: Grid, layout: Layout, constants: Mapping[str, str], knowledge: Knowledge
) -> dict[str, str]:
    """Column -> value for the columns of the sheet that only its name or its title tells."""
    open_ = table.by_name.keys() - layout.columns.keys() - constants.keys()
    above = [cell for row in range(layout.rows[0]) for cell in grid.row(row) if cell]
    near = [grid.name, *titles_of(above), *_labelled_values(above)]
    places = ([text for text in near if text], [PurePosixPath(file).stem])
    values: dict[str, str] = {}
    for column in (name for name in ("scheme", "category") if name in open_ and name in table.required):
        words = knowledge.words.get(table.by_name[column].kind.codes, {})
        everywhere = [text for texts in places for text in texts]
        codes = [
            {of_stage(code, everywhere, words) or code for code in _codes(texts, words, _SHORTEST[column])}
            for texts in places
        ]
        precise = [_precise(texts, of_place, words) for texts, of_place in zip(places, codes, strict=True)]
        exact = words.get(spelling(bare(grid.name)), "")  # a sheet called 其他困难 and nothing else
        exact = exact or (_scheme_of_boarding(grid.name, everywhere, words) if column == "scheme" else "")
        if code := _first(precise) or _first(codes) or (exact if exact not in ("none", "unknown") else ""):
            values[column] = code
    if table.name == "enrolment" and "boarding" in open_ and (kind := _SHEET_OF.fullmatch(bare(grid.name))):
        values["boarding"] = "day" if kind["day"] else "boarding"
    if table.name in OF_ONE_GRADE and "grade" in open_ and (grade := _grade(grid.name, near)):
        values["grade"] = grade
    if table.name == "enrolment" and "status" in open_ and (status := status_of_list(grid, file, above)[0]):
        values["status"] = status
    if table.name == "payments" and "pay_date" in open_ and (day := _day(above)):
        values["pay_date"] = day
    names = [grid.name, PurePosixPath(file).stem]
    if table.name == "attendance" and "counted_on" in open_:
        rows = (grid.row(row) for row in range(layout.rows[0]))
        values |= {"counted_on": day} if (day := counted_on(rows, names)) else {}
    if table.name == "applications" and {"posted_from", "posted_to"} <= open_ and (days := posted_on(above)):
        values |= dict(zip(("posted_from", "posted_to"), days, strict=True))
    if "town" in open_ and _TOWN.fullmatch(bare(grid.name)):
        values["town"] = bare(grid.name)
    if table.name == "control_totals" and "term" in open_ and (term := _first(map(_terms, places))):
        values["term"] = term
    return values


def _scheme_of_boarding(sheet: str, texts: Iterable[str], words: Mapping[str, str]) -> str:
    """The living aid of a sheet that is called 寄宿生 or 非寄宿生 and nothing else, where nothing speaks of another stage than compulsory
    education."""
    kind = _SHEET_OF.fullmatch(bare(sheet))
    if not kind or any(stage.search(bare(text)) for stage in _STAGES.values() for text in texts):
        return ""
    return words.get(OF_DAY_PUPILS if kind["day"] else OF_BOARDERS, "")


def code_in(column: str, texts: Iterable[str], words: Mapping[str, str]) -> str:
    """The one code of a scheme or a category that the texts name, else nothing."""
    texts = list(texts)
    codes = {of_stage(code, texts, words) or code for code in _codes(texts, words, _SHORTEST[column])}
    codes = _precise(texts, codes, words)
    return codes.pop() if len(codes) == 1 else ""


def _grade(sheet: str, texts: Iterable[str]) -> str:
    """The grade that the sheet is called by (一年级, 七年级2班, 2023级), else the only one that its title names."""
    name = _NUMBERED_PATTERN.sub("", bare(sheet))
    if grades.tells_grade(name) and not name.isdigit():
        return grades.spelled_out(name) or name
    grade_names = {match for text in texts for match in _GRADE.findall(bare(text))}
    return grade_names.pop() if len(grade_names) == 1 else ""


def status_of_list(grid: Grid, file: str, above: Iterable[str]) -> tuple[str, str]:
    """The one status that a list of pupils who are no longer there is called by, and the name that says so; no status with a name
    of which it cannot be told (转入转出, 异动)."""
    for names in ([grid.name, *titles_of(above)], [PurePosixPath(file).stem]):
        for name in (bare(name) for name in names if name):
            if _CHANGES.search(name) and not _NOT_SO.search(name):
                statuses = [status for status, words in _LEAVING_WORDS.items() if re.search(words, name)]
                is_clear = len(statuses) == 1 and not _STILL_THERE.search(name)
                return (statuses[0] if is_clear else ""), name
        if any(_STILL_THERE.search(bare(name)) for name in names):
            break
    return "", ""


def _day(cells: Iterable[str]) -> str:
    """The one day of payment that a line above the header states (发放时间：2024年11月28日)."""
    days = {match.groups() for cell in cells for match in _PAID_ON.finditer(bare(cell))}
    return "-".join(days.pop()) if len(days) == 1 else ""


def _labelled_values(cells: Iterable[str]) -> Iterator[str]:
    """What stands behind 摘要：, 资助项目： in a line above the header."""
    return (match["text"] for cell in cells for match in _LABEL.finditer(cell))


def _terms(texts: Iterable[str]) -> set[str]:
    """The terms that the texts name: printed totals are of the one in their title, not of all that was delivered."""
    return {term for text in texts for term in terms_in(text)}


def of_stage(code: str, texts: Iterable[str], words: Mapping[str, str]) -> str:
    """The scheme that a name which several stages share (国家助学金) means where ``texts`` speak of one stage only."""
    rest, stages = " ".join(map(bare, texts)), []
    for stage, words_of_stage in _STAGES.items():
        rest, times = words_of_stage.subn(" ", rest)
        stages += [stage] if times else []
    return words.get(OF_STAGE.get(code, {}).get(stages[0], ""), "") if len(stages) == 1 else ""


def _first(places: Iterable[set[str]]) -> str | None:
    """The only thing that the nearest place which says anything says."""
    nearest = next((codes for codes in places if codes), set())
    return next(iter(nearest)) if len(nearest) == 1 else None


def _precise(texts: Iterable[str], codes: set[str], words: Mapping[str, str]) -> set[str]:
    """``codes``, with a name of several schemes at once as the one that 寄宿 or 非寄宿 beside it leaves; nothing where neither does."""
    if UMBRELLA not in codes:
        return codes
    kinds = {bool(match["day"]) for text in texts for match in _BOARDING.finditer(spelling(text))}
    schemes = {words.get(OF_DAY_PUPILS if is_day else OF_BOARDERS) for is_day in kinds}
    return (codes - {UMBRELLA}) | {code for code in schemes if code}


def _codes(texts: Iterable[str], words: Mapping[str, str], shortest: int) -> set[str]:
    return {
        code
        for text in texts
        if not _NO_LIST_OF.search(text)
        for code in _codes_in(spelling(text), words, shortest)
        if code not in _VAGUE
    }


def _codes_in(text: str, words: Mapping[str, str], shortest: int) -> Iterator[str]:
    """The codes of all spellings inside ``text``, longer ones before those within them."""
    inside = [w for w in words if len(w) >= shortest and not w.isascii() and w in text]
    for word in sorted(inside, key=lambda word: (-len(word), word)):
        while (at := text.find(word)) >= 0:
            yield "none" if _NOT.search(text[:at]) else words[word]
            text = text[:at] + "\0" * len(word) + text[at + len(word) :]
