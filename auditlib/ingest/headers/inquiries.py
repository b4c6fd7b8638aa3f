"""What ingest asks: columns that nobody read, lists that may be one; what was seen, and what to write for each answer."""

from __future__ import annotations

from collections.abc import Sequence

from auditlib.base.errors import Problem
from auditlib.base.language import Text, with_count
from auditlib.ingest.headers.spellings import normal
from auditlib.ingest.headers.turned_answers import in_words
from auditlib.ingest.messages import at_desk
from auditlib.ingest.messages.problems import Place, masked, series
from auditlib.tables.delivered import TABLES, Column, Table


def overlooked_column(
    table: Table,
    column: Column,
    header: str,
    letter: str,
    places: Sequence[Text],
    filled_count: int,
    share: float,
) -> Problem:
    """A column that nobody read looks like ``column``, which is needed. ``share`` of its ``filled_count`` cells fit."""
    name = masked(header)
    column_name = (
        Text(f"“{name}”一列", f"The column “{name}”")
        if header
        else Text(f"{letter} 列（没有表头）", f"Column {letter}, which has no header,")
    )
    where = Text(
        f"{series(place.zh for place in places)}（有内容的 {filled_count} 格中 {share:.0%} 像是“{column.title.zh}”）",
        f"{series((place.en for place in places), 'en')} "
        f"({share:.0%} of its {filled_count} filled cells look like {column.title.en})",
    )
    if column.name == "persons" and "人数" in header:
        return Problem(
            Text(
                f"{column_name.zh}没有用上：报表核对的是人次（一人领两笔算两人次），这一列写的是人数",
                f"{column_name.en} is not used: printed totals are held against person-times (two payments to a pupil are two), and "
                "this column says persons",
            ),
            where,
            _persons_or_times(table, column, name),
        )
    reading = _reading(header, column)
    return Problem(
        Text(
            f"{column_name.zh}没有用上，看来是“{column.title.zh}”（{table.title.zh}），而表中没有认出这一列{reading.zh}",
            f"{column_name.en} is not used and looks like {column.title.en} ({table.title.en}), which was not found{reading.en}",
        ),
        where,
        _remedy(table, column, name),
    )


def _reading(header: str, column: Column) -> Text:
    """How the cells will be read, where the header does not say it plainly."""
    if column.name == "boarding" and "借" in header:
        return Text(
            "；借宿算不算住校，由县里定：算的选它，不算的请报送单位另给一列“就读方式”",
            "; whether lodging elsewhere (借宿) is boarding is the county's to say: if it is, choose it; if not, ask for a column 就读方式",
        )
    words = in_words(normal(header), column.name)
    return Text(f"；选它的话，{words.zh}", f"; if it is chosen, {words.en}") if words else Text("", "")


def _persons_or_times(table: Table, column: Column, name: str) -> Text:
    """What to do with 人数: the same as 人次 only where nobody was paid twice within what a row counts."""
    by_hand = Text(
        f'每名学生在一行里只算一笔的，人数就是人次，在参数文件 columns 中写 {table.name}: {{"{name}": {column.name}}}；'
        f'一名学生有几笔（按月发、几个项目合在一行）的，不能与明细比，写 {table.name}: {{"{name}": null}}，只核对金额',
        f'Where each pupil has one payment in a row, persons are person-times: write {table.name}: {{"{name}": {column.name}}} '
        "under columns in the parameter file; where pupils have several (paid by the month, several schemes in a row), they cannot "
        f'be compared: write {table.name}: {{"{name}": null}}, and the amounts alone are tested',
    )
    return at_desk.or_by_hand(at_desk.or_not_needed(at_desk.as_column(name, column.title)), by_hand)


def _remedy(table: Table, column: Column, name: str) -> Text:
    if not name:
        return Text(
            f"给这一列写上表头“{column.title.zh}”；不需要的，删去这一列",
            f"Give the column the header “{column.title.zh}”, or delete it if it is not needed",
        )
    by_hand = Text(
        f'是的，在参数文件 columns 中写 {table.name}: {{"{name}": {column.name}}}；'
        f'不是、也不需要的，写 {table.name}: {{"{name}": null}}',
        f'If it is, write {table.name}: {{"{name}": {column.name}}} under columns in the parameter file; if it is not and '
        f'nobody needs it, {table.name}: {{"{name}": null}}',
    )
    return at_desk.or_by_hand(at_desk.or_not_needed(at_desk.as_column(name, column.title)), by_hand)


def sheets_not_found(table: Table, file: str, pattern: str, present: Sequence[str]) -> Problem:
    """A pattern of sheets' names that no sheet of the file fits."""
    return Problem(
        Text(
            f"没有一张表的名称符合“{masked(pattern)}”（{table.title.zh}）",
            f"No sheet's name fits “{masked(pattern)}” ({table.title.en})",
        ),
        Text(
            f"{masked(file)}（现有工作表：{series(present)}）",
            f"{masked(file)} (sheets there: {series(present, 'en')})",
        ),
        at_desk.or_by_hand(
            at_desk.READ_AGAIN,
            Text(
                f'改正参数文件 sources.{table.name} 中的 sheets，如 sheets: "非寄宿*"',
                f'Correct sheets in sources.{table.name} of the parameter file, such as sheets: "非寄宿*"',
            ),
        ),
    )


def cross_tab(place: Place, headers: Sequence[str]) -> Problem:
    """Printed totals with the schemes or categories in columns, each with its figures below."""
    return Problem(
        Text(
            "报表是交叉表：项目或类别横着排，每列一个，不能当作一列读",
            "The totals are a cross-tab: schemes or categories stand side by side, a column each",
        ),
        place.text(more_zh=series(headers), more_en=series(headers, "en")),
        at_desk.or_by_hand(
            at_desk.NOT_NEEDED,
            Text(
                "改成竖排：每行一个项目（或类别），列为 资助项目、困难类型、人次、金额，只抄合计行的数；"
                "不核对报表的，写 control_totals: []",
                "Write it downwards: a line for each scheme or category with the columns 资助项目, 困难类型, 人次, 金额, and the "
                "figures of the total row only; to leave the totals out write control_totals: []",
            ),
        ),
    )


def contradicting_remark(
    table: Table, place: Place, header: str, cell: str, remark_header: str, remark: str
) -> Problem:
    """A remark denies what the same row says under ``header``: 在读, and 已转出 beside it."""
    name, own = masked(remark_header), masked(header)
    return Problem(
        Text(
            f"同一行里“{own}”写的是“{masked(cell)}”，而“{name}”写有“{remark}”",
            f"In one row “{own}” says “{masked(cell)}”, and “{name}” says “{remark}”",
        ),
        place.text(),
        at_desk.or_by_hand(
            Text(
                f"问清以哪一列为准，在原文件中改正“{own}”（同样的行一并改）；“{name}”与核对无关的，“文件”一步打开这张表，在它上方选“不需要”",
                f"ask which of them holds and correct “{own}” in the file, here and in rows like it; where “{name}” is beside the point, "
                "in the step Files open the sheet and choose “not needed” above it",
            ),
            Text(
                f'同样改正文件；“{name}”与核对无关的，在参数文件 columns 中写 {table.name}: {{"{name}": null}}',
                f'correct the file alike; where “{name}” is beside the point write {table.name}: {{"{name}": null}} under columns in '
                "the parameter file",
            ),
        ),
    )


def header_over_several(table: Table, column: Column, place: Place, header: str) -> Problem:
    """One header stands over several columns that all hold something; only the first of them would be read."""
    name = masked(header)
    by_hand = Text(
        f"在原文件中取消“{name}”的合并，给每一列写上自己的表头：合计写“{column.title.zh}”，其余的写它是什么（如 中央、省级）；没有合计的加一列合计；"
        "是同一内容分写在几列的，并成一列",
        f"In the file unmerge “{name}” and give each column a header of its own: {column.title.en} to the sum, to the others what they are "
        "(such as 中央, 省级); add a column for the sum where there is none; where one text is spread over several columns, put it into one",
    )
    return Problem(
        Text(
            f"“{name}”合并在几列之上，各列都有内容，只会读到第一列（{table.title.zh} › {column.title.zh}）",
            f"“{name}” is merged over several columns that all hold something; only the first would be read ({table.title.en} › {column.title.en})",
        ),
        place.text(),
        by_hand,
    )


def others_name_only(table: Table, place: Place, header: str) -> Problem:
    """A list that names a parent and no pupil: whoever takes the parent for the pupil finds nobody."""
    name = masked(header)
    return Problem(
        Text(
            f"只有“{name}”，没有学生姓名（{table.title.zh}）",
            f"The list names “{name}” and no pupil ({table.title.en})",
        ),
        place.text(),
        at_desk.or_by_hand(
            Text(
                f"请报送单位加一列“学生姓名”（和学生身份证号）后，在“文件”一步按“重新读文件夹”；不要把“{name}”选为“姓名”",
                f"ask the sender for a column 学生姓名 (and the pupil's ID number), then press “Read the folder again” in the step Files; do not "
                f"choose Name above “{name}”",
            ),
            Text(
                f"同样补列；只知道家长的，按家长从申请表、学籍（监护人）中查出学生再填。“{name}”一列写的其实就是学生的，把表头改为“学生姓名”",
                "add the column alike; where only the parent is known, look the pupil up in the applications or the register (guardian) and fill it "
                f"in. If “{name}” holds pupils after all, change the header to 学生姓名",
            ),
        ),
    )


def not_dropped_out(place: Place, header: str, rows: int) -> Problem:
    """A ledger of dropouts that says of some children that they are none."""
    name = masked(header)
    return Problem(
        Text(
            f"“{name}”写明 {rows} 人不是辍学，这一列没有用到，会都当作在劝返的辍学学生",
            f"“{name}” says of {with_count(rows, 'child', 'children')} that they have not dropped out; the column is not used, and all would count as children to "
            "be brought back",
        ),
        place.text(),
        at_desk.or_by_hand(
            Text(
                f"在原文件把不是辍学的人移到另一张表，“文件”一步把那张表选为“不需要”；都要算的，在“{name}”上方选“不需要”",
                f"move those who have not dropped out to a sheet of their own and choose “not needed” for it in the step Files; where all "
                f"count, choose “not needed” above “{name}”",
            ),
            Text(
                f'同样移开，把那张表写进 not_needed；都要算的，写 columns: {{dropouts: {{"{name}": null}}}}',
                f'Move them alike and name the sheet under not_needed; where all count, write columns: {{dropouts: {{"{name}": null}}}}',
            ),
        ),
    )


def age_for_stage(place: Place, header: str, present: Sequence[str]) -> Problem:
    """A list without stage and grade that tells ages: at one age a child may be in either of two stages."""
    name, columns = masked(header), TABLES["enrolment"].by_name
    stage, grade = columns["stage"].title, columns["grade"].title
    return Problem(
        Text(
            f"缺少必需列“{stage.zh}”或“{grade.zh}”；“{name}”不能代替：同样岁数的学生可能在两个学段，标准也就不同",
            f"Required column “{stage.en}” or “{grade.en}” is missing; “{name}” cannot stand for it: at one age a child may be in either of two "
            "stages, with different standards",
        ),
        place.text(more_zh=f"现有列：{series(present)}", more_en=f"headers there: {series(present, 'en')}"),
        at_desk.or_by_hand(
            Text(
                f"整张表同一学段的，{at_desk.for_all_rows(stage).zh}；不是的，请报送单位加一列“{grade.zh}”或“{stage.zh}”，再按“重新读文件夹”",
                f"where all rows are of one stage, {at_desk.for_all_rows(stage).en}; else ask the sender for a column {grade.zh} or {stage.zh}, then "
                "press “Read the folder again”",
            ),
            Text(
                "同一学段的，在 sources.enrolment 中为该文件（各张表不同的，再写 sheets: 表名）写固定值，如 stage: primary；不是的，同样补列",
                "where all are of one stage, give it for the file in sources.enrolment (where its sheets differ, with sheets: NAME), such as "
                "stage: primary; else add the column alike",
            ),
        ),
    )


def money_changed(place: Place, header: str, amount: str, rows: int) -> Problem:
    """A column that nobody reads tells of money that came back, was kept, or was added."""
    name, own = masked(header), masked(amount)
    return Problem(
        Text(
            f"“{name}”有 {rows} 行有内容，这一列没有用上：这些人实得的可能不是“{own}”",
            f"“{name}” says something in {with_count(rows, 'row')} and is not used: what these people received may not be “{own}”",
        ),
        place.text(),
        at_desk.or_by_hand(
            Text(
                f"在原文件把“{own}”改成实得的数：退回的在“发放结果”写失败，或另起一行写负数；补发的另起一行；再按“重新读文件夹”。“{own}”已经算进去的，"
                f"“文件”一步打开这张表，在“{name}”上方选“不需要”",
                f"in the file make “{own}” what was received: write 失败 under 发放结果 for what came back, or a line with a negative amount; give what was "
                f"added a line of its own; then press “Read the folder again”. Where “{own}” has taken it in, choose “not needed” above “{name}” in the "
                "step Files",
            ),
            Text(
                f'同样改文件；已经算进去的，在参数文件 columns 中写 payments: {{"{name}": null}}',
                f'change the file alike; where it has been taken in, write payments: {{"{name}": null}} under columns in the parameter file',
            ),
        ),
    )


def line_within(place: Place, word: str) -> Problem:
    """A line among the records says of the rows below it what no column says."""
    return Problem(
        Text(
            f"名单中间有一行单独写着“{word}”：它以下的行是不是都如此，各列没有写",
            f"A line among the rows says “{word}” and nothing else: no column tells whether the rows below it are all meant",
        ),
        place.text(),
        at_desk.or_by_hand(
            Text(
                "在原文件加一列写明（如“发放结果”“学生状态”），删去这一行；只是说明的，也删去；再按“重新读文件夹”",
                "say it in a column of the file (such as 发放结果, 学生状态) and delete the line; delete it too where it is only a remark; then press “Read "
                "the folder again”",
            ),
            Text("同样改文件后再运行", "change the file alike and run again"),
        ),
    )
