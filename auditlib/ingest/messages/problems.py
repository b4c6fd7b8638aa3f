"""The problems that ingest reports: what, where, what to do. Headers are quoted, cells of records never."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from auditlib.base.errors import Problem
from auditlib.base.language import Text
from auditlib.base.masking import scrub
from auditlib.ingest.messages import at_desk
from auditlib.tables.delivered import Table

MOST_SHOWN = 30  # headers or files listed in one message


def masked(text: str) -> str:
    """A file, sheet or header name as a message may show it: no long number, and not endless."""
    name = scrub(text)
    return name if len(name) <= 80 else name[:79] + "…"


def series(names: Iterable[str], language: str = "zh") -> str:
    """Up to thirty names, and a sign that there are more."""
    names_shown = [masked(name) for name in names]
    return ("、" if language == "zh" else ", ").join(names_shown[:MOST_SHOWN]) + (
        "…" if len(names_shown) > MOST_SHOWN else ""
    )


@dataclass(frozen=True)
class Place:
    """Where a problem is: a file, and as far as known its sheet and row."""

    file: str
    sheet: str = ""
    row: int | None = None
    row_is_header: bool = False

    def text(self, *, more_zh: str = "", more_en: str = "") -> Text:
        """``file › sheet › row 3 (more)``."""
        names = [masked(part) for part in (self.file, self.sheet) if part]
        zh, en = list(names), list(names)
        if self.row is not None:
            zh.append(f"{'表头' if self.row_is_header else ''}第 {self.row} 行")
            en.append(f"{'header, ' if self.row_is_header else ''}row {self.row}")
        return Text(
            " › ".join(zh) + (f"（{more_zh}）" if more_zh else ""),
            " › ".join(en) + (f" ({more_en})" if more_en else ""),
        )


def _two_ways(desk: Text, zh: str, en: str) -> tuple[str, str]:
    """The desk's way, then what is written by hand."""
    remedy = at_desk.or_by_hand(desk, Text(zh, en))
    return remedy.zh, remedy.en


def problem_of(what: tuple[str, str], where: Text, remedy: tuple[str, str]) -> Problem:
    return Problem(Text(*what), where, Text(*remedy))


def parameter(key: str) -> Text:
    return Text(f"参数文件 {masked(key)}", f"parameter file, {masked(key)}")


# --- finding files ---------------------------------------------------------------------------------------


def no_folder(folder: str) -> Problem:
    return problem_of(
        ("数据文件夹不存在", "The data folder does not exist"),
        Text(f"data_dir：{masked(folder)}", f"data_dir: {masked(folder)}"),
        _two_ways(
            at_desk.FOLDER,
            "核对参数文件中的 data_dir（相对于参数文件所在文件夹）",
            "Correct data_dir (relative to the parameter file's folder)",
        ),
    )


def matches_nothing(table: Table, pattern: str, present: Sequence[str]) -> Problem:
    return problem_of(
        (
            f"没有文件符合“{masked(pattern)}”（{table.title.zh}）",
            f"No file matches “{masked(pattern)}” ({table.title.en})",
        ),
        Text(
            f"参数文件 sources.{table.name}（数据文件夹中有：{series(present) or '—'}）",
            f"parameter file, sources.{table.name} (the data folder holds: {series(present, 'en') or '—'})",
        ),
        _two_ways(
            at_desk.ADD_FILE,
            f"改正文件名模式，或放入文件；确实没有这类数据时写 {table.name}: []",
            f"Correct the pattern or add the file; if there is no such data, write {table.name}: []",
        ),
    )


def escapes_folder(table: Table, pattern: str) -> Problem:
    return problem_of(
        (f"“{masked(pattern)}”指向数据文件夹之外", f"“{masked(pattern)}” leads out of the data folder"),
        parameter(f"sources.{table.name}"),
        _two_ways(
            at_desk.FOLDER,
            "把文件放进 data_dir，模式中不用 ..、绝对路径或指向外面的链接",
            "Put the file into data_dir; use no .., absolute path or link to the outside",
        ),
    )


def same_content(table: Table, first: str, second: str) -> Problem:
    return problem_of(
        (
            f"两个文件内容完全相同（{table.title.zh}），会使每条记录重复",
            f"Two files have the same content ({table.title.en}); every record would count twice",
        ),
        Text(f"{masked(first)} 和 {masked(second)}", f"{masked(first)} and {masked(second)}"),
        ("删去或移走其中一个副本", "Remove one of the copies"),
    )


def same_records(table: Table, first: Sequence[Place], second: Place) -> Problem:
    """The records of the sheets ``first`` stand in the sheet ``second`` once more."""
    places, again = [place.text() for place in first], second.text()
    return problem_of(
        (
            f"同样的记录出现在两处（{table.title.zh}），会使每条记录重复",
            f"The same records stand in two places ({table.title.en}); every record would count twice",
        ),
        Text(
            f"{again.zh}，与 {series(place.zh for place in places)}",
            f"{again.en}, and {series((place.en for place in places), 'en')}",
        ),
        _what_tells_them_apart(table),
    )


def _what_tells_them_apart(table: Table) -> tuple[str, str]:
    if table.name in ("payments", "planned"):
        return (
            "删去其中一份（副本或汇总）；确是两次发放的，加一列“学期”“批次”或“发放日期”写明",
            "Remove the copy or the summary; where both are real, add a column (学期, 批次, 发放日期) that tells",
        )
    return (
        "删去其中一份（副本或汇总），或在参数文件 not_needed 中写明不用哪一张；两张都要的（如分月、分日期记录），区分它们的一列没有认出："
        "工作台“文件”一步打开这张表，在这一列上方选它的意思，没有这一列的加一列日期或月份",
        "Remove the copy or the summary, or name it under not_needed in the parameter file; where both are real (by month, by day), the "
        "column that tells them apart was not recognised: open the sheet in the desk's step “Files” and choose its meaning, or add a "
        "column of days or months",
    )


def conflicting_constants(table: Table, file: str) -> Problem:
    return problem_of(
        (
            "一个文件符合两个模式，而两处给出的固定值不同",
            "A file matches two patterns that give it different constants",
        ),
        Text(f"{masked(file)}（sources.{table.name}）", f"{masked(file)} (sources.{table.name})"),
        _two_ways(
            at_desk.READ_AGAIN,
            "改窄参数文件 sources 中的文件名模式，使每个文件只符合一个",
            "Narrow the patterns of sources in the parameter file so that the file matches one of them",
        ),
    )


# --- sheets ----------------------------------------------------------------------------------------------


# Columns that a whole file often has in common, and states in its title at most.
_EXAMPLES = {
    "category": "low_income",
    "scheme": "boarder_allowance",
    "school_name": "第一小学",
    "stage": "primary",
}


_WITHOUT_AMOUNT = Text(
    "；没有金额的名单（免学费、免教科书费、营养餐等），每人一样多的，在 sources 中为该文件写 amount: 金额；不知道金额的，写进 not_needed（不核对）",
    "; a list without amounts (tuition or textbooks free of charge, meals): where all have the same, state amount: YUAN for the file in "
    "sources; where the amount is not known, name it under not_needed (it is not audited)",
)


def missing_columns(
    table: Table,
    missing: Sequence[str],
    place: Place,
    present: Sequence[str],
    likely: str | None,
    plan_name: str = "",
) -> Problem:
    """``missing``: one column, or the group of which one is needed. ``likely``: a header that may be it; ``plan_name``: one
    that says what is to be paid."""
    column = table.by_name[missing[0]]
    titles = [table.by_name[name].title for name in missing]
    zh, en = "”或“".join(t.zh for t in titles), "” or “".join(t.en for t in titles)
    header = masked(likely) if likely else "…"
    condition = f"如“{header}”即{column.title.zh}，请" if likely else "找出对应的表头，"
    condition_en = f"If “{header}” is it, write" if likely else "Find the header that means it and write"
    choice = " / ".join([column.name] if likely else missing)
    yaml = f'{{"{header}": {choice}}}'
    same = next((name for name in missing if name in _EXAMPLES), None)
    constant = (
        f"；或在 sources 中为该文件（各张表不同的，再写 sheets: 表名）写固定值，如 {same}: {_EXAMPLES[same]}"
        if same
        else ""
    )
    constant_en = (
        f"; or give it for the file in sources (where its sheets differ, with sheets: NAME), such as {same}: {_EXAMPLES[same]}"
        if same
        else ""
    )
    entry = f"{table.name}: {yaml}"
    remedy_zh = f"{condition}在参数文件 columns 中写明 {entry}，或在 params/headers.csv 加一行{constant}"
    remedy_en = (
        f"{condition_en} {entry} under columns in the parameter file, or add a row to params/headers.csv"
    )
    desk = at_desk.as_column(masked(likely or ""), column.title if likely else Text(zh, en))
    desk = at_desk.or_for_all_rows(desk, table.by_name[same].title) if same else desk
    desk = at_desk.or_of_both_kinds(desk) if (table.name, same) == ("payments", "scheme") else desk
    desk = at_desk.or_planned(desk, masked(plan_name)) if plan_name else desk
    if table.name in ("payments", "planned") and column.name == "amount":
        remedy_zh, remedy_en = remedy_zh + _WITHOUT_AMOUNT.zh, remedy_en + _WITHOUT_AMOUNT.en
    by_hand = Text(remedy_zh, remedy_en + constant_en)
    return Problem(
        Text(f"缺少必需列“{zh}”", f"Required column “{en}” is missing"),
        place.text(more_zh=f"现有列：{series(present)}", more_en=f"headers there: {series(present, 'en')}"),
        at_desk.or_by_hand(desk, by_hand),
    )


def other_table(table: Table, other: Table, place: Place, present: Sequence[str]) -> Problem:
    by_hand = Text(
        f"核对参数文件 sources：该文件应列在 {other.name} 下，或改正 {table.name} 的文件名模式",
        f"Check sources in the parameter file: list the file under {other.name}, or correct {table.name}",
    )
    return Problem(
        Text(
            f"这张表像是“{other.title.zh}”，不是“{table.title.zh}”",
            f"This sheet looks like “{other.title.en}”, not “{table.title.en}”",
        ),
        place.text(more_zh=f"现有列：{series(present)}", more_en=f"headers there: {series(present, 'en')}"),
        at_desk.or_by_hand(at_desk.as_table(other.title), by_hand),
    )


def no_header(table: Table, place: Place, present: Sequence[str] = ()) -> Problem:
    """``present``: the fullest row of the sheet, which may be the header."""
    where = f"columns.{table.name}"
    zh = f"表头须有“{table_needs(table, 'zh')}”；其他写法请写入参数文件 {where} 或 params/headers.csv"
    needs = table_needs(table, "en")
    en = f"The header must name “{needs}”; put other spellings into {where} or params/headers.csv"
    what = (f"找不到表头（{table.title.zh}）", f"No header row found ({table.title.en})")
    more_zh = f"第一个最满的行：{series(present)}" if present else ""
    more_en = f"the first of the fullest rows: {series(present, 'en')}" if present else ""
    remedy = _two_ways(at_desk.EACH_COLUMN, zh, en)
    return problem_of(what, place.text(more_zh=more_zh, more_en=more_en), remedy)


def table_needs(table: Table, language: str) -> str:
    """The titles of the columns without which a sheet is not this table."""
    groups = [(name,) for name in table.required] + list(table.needs_one_of)
    between = "、" if language == "zh" else ", "
    return between.join(
        "/".join(table.by_name[name].title.into(language) for name in group) for group in groups
    )


def no_data_sheet(table: Table, file: str) -> Problem:
    where = f"sources.{table.name}"
    zh = f"表头须有“{table_needs(table, 'zh')}”；核对文件，或改正 {where}"
    en = f"A header must name “{table_needs(table, 'en')}”; check the file, or correct {where}"
    title = table.title
    what = (f"文件中没有一张表像是“{title.zh}”", f"No sheet of this file looks like “{title.en}”")
    return problem_of(what, Place(file).text(), _two_ways(at_desk.EACH_COLUMN, zh, en))


def side_by_side(place: Place, repeated_headers: Sequence[str]) -> Problem:
    return problem_of(
        (
            f"一张表里左右并排了两份名单（{series(repeated_headers)}各出现两次）",
            f"Two lists stand side by side in one sheet ({series(repeated_headers, 'en')} each occur twice)",
        ),
        place.text(),
        (
            "把右边的名单移到左边名单之下，或移到另一张表",
            "Move the right-hand list below the left one or to its own sheet",
        ),
    )


def said_aside(table: Table, column: str, place: Place, header: str, word: str) -> Problem:
    """A column that no column of the table took holds what ``column``, which is missing, should say."""
    title, name = table.by_name[column].title, masked(header)
    own = f'{table.name}: {{"{name}": {column}}}'
    remedy_zh = f"加一列“{title.zh}”写明；“{name}”只写这一项的，也可在参数文件 columns 中写 {own}"
    remedy_en = (
        f"Add a column “{title.zh}”; if “{name}” says nothing else, write {own} under columns in the "
        "parameter file"
    )
    return problem_of(
        (
            f"没有“{title.zh}”一列，而“{name}”中写有“{word}”",
            f"There is no column “{title.en}”, but “{name}” says “{word}”",
        ),
        place.text(),
        _two_ways(at_desk.as_column(name, title), remedy_zh, remedy_en),
    )


def other_term(table: Table, place: Place, title: str, other: str, term: str) -> Problem:
    return problem_of(
        (
            f"没有“学期”一列，而标题或名称写的是另一学期：“{masked(title)}”（本次为 {term}）",
            f"There is no column of terms, and a title or name tells another term: “{masked(title)}” "
            f"(this run: {term})",
        ),
        place.text(),
        _two_ways(
            at_desk.for_all_rows(table.by_name["term"].title),
            f"在参数文件 sources.{table.name} 中为该文件写明学期，如 term: {other}；"
            f"确是本学期发放的，写 term: {term}",
            f"State the file's term in sources.{table.name}, such as term: {other}; "
            f"if it is of this term, write term: {term}",
        ),
    )


def several_columns(
    table: Table, column: str, place: Place, headers: Sequence[str], of_term: str = ""
) -> Problem:
    """Several headers of one sheet mean the same column, and nothing tells which of them is to be read."""
    title = table.by_name[column].title
    own = f'{table.name}: {{"{masked(of_term) or "…"}": {column}}}'
    if len(set(headers)) == 1:
        remedy = (
            "给这几列写上不同的表头；各列都是数据的，改成每行一笔，上下排列",
            "Give these columns different headers; where each holds data, write one line for each",
        )
    else:
        remedy = _two_ways(
            at_desk.as_column(masked(of_term), title) if of_term else at_desk.which_column(title),
            f"只有一列是本次要核对的，在参数文件 columns 中写明是哪一列，如 {own}；各列都要用的，改成每行一笔，上下排列",
            f"Where one alone is of this run, name it under columns in the parameter file, such as {own}; where all of them "
            "count, write one line for each",
        )
    return problem_of(
        (
            f"有几列都是“{title.zh}”，分不清用哪一列",
            f"Several columns mean “{title.en}”; which one is to be read?",
        ),
        place.text(more_zh=series(headers), more_en=series(headers, "en")),
        remedy,
    )


def crossed_out(place: Place, rows: int) -> Problem:
    """Records that somebody has struck through: what that means stands nowhere."""
    return problem_of(
        (
            f"有 {rows} 行划了删除线：是作废的，还是有效的？",
            f"Rows that are crossed out: {rows}. Are they void, or do they count?",
        ),
        place.text(),
        (
            "作废的，在文件里删去这些行；有效的，取消删除线；存盘后再运行",
            "Delete the rows in the file where they are void, else take the strike-through off; save the file and run again",
        ),
    )


def second_header(place: Place) -> Problem:
    return problem_of(
        ("数据中间出现另一种表头，其后各列含义不同", "A different header stands among the records"),
        place.text(),
        ("把这一行及以下内容移到另一张表", "Move this row and all below it to a sheet of their own"),
    )


def above_header(place: Place) -> Problem:
    return problem_of(
        ("表头之前有像是数据的行", "Rows that look like records stand above the header"),
        place.text(),
        ("把表头移到这些行之前", "Move the header above them"),
    )


def unknown_unit(place: Place, unit: str) -> Problem:
    return problem_of(
        (f"金额单位“{masked(unit)}”不能用", f"The unit of amount “{masked(unit)}” cannot be used"),
        place.text(),
        (
            "改为元、千元或万元，并相应换算金额",
            "Use yuan (元), thousands (千元) or ten thousands (万元) and convert the amounts",
        ),
    )
