"""What ingest asks where a layout cannot be read for certain: what it saw, where, and what to write where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from auditlib.base.errors import Problem
from auditlib.base.language import Text, with_count
from auditlib.ingest.messages import at_desk
from auditlib.ingest.messages.problems import Place, masked, series, table_needs
from auditlib.tables.delivered import TABLES, Table

MOST_ROWS = 10  # named in one message


def whose_number(table: Table, place: Place, header: str, neighbour: str) -> Problem:
    """A column of ID numbers that follows another person's name, while its cells do not tell whose they are."""
    own = f'{table.name}: {{"{masked(header)}": id_number}}'
    return Problem(
        Text(
            f"“{masked(header)}”排在“{masked(neighbour)}”之后，分不清是谁的号码",
            f"“{masked(header)}” follows “{masked(neighbour)}”; whose number is it?",
        ),
        place.text(),
        at_desk.or_by_hand(
            at_desk.or_not_needed(at_desk.as_column(masked(header), table.by_name["id_number"].title)),
            Text(
                f"是学生（登记对象）本人的，在参数文件 columns 中写 {own}；"
                f"是“{masked(neighbour)}”的，把表头改为“{masked(neighbour)}身份证号”",
                f"If it is the number of the pupil (the person listed), write {own} under columns in the parameter "
                f"file; if it is that of “{masked(neighbour)}”, change the header to “{masked(neighbour)}身份证号”",
            ),
        ),
    )


def only_parts(place: Place) -> Problem:
    """Printed totals whose every row is of a school, a town or a stage."""
    return Problem(
        Text(
            "报表的每一行都只是一所学校、一个乡镇或一个学段的，没有全县的行",
            "Every row of this printed total is of one school, town or stage; none is of the whole county",
        ),
        place.text(),
        at_desk.or_by_hand(
            at_desk.NOT_NEEDED,
            Text(
                "分学校、乡镇、学段的行不与全县明细比较；加一行全县“合计”，或把该文件从 sources.control_totals 中去掉",
                "Rows of a part are not compared with the county's detail: add a row 合计 of the whole county, or take "
                "the file out of sources.control_totals",
            ),
        ),
    )


def part_of_aid(place: Place, title: str) -> Problem:
    """Printed totals without a scheme under a title that speaks of some of the aid."""
    return Problem(
        Text(
            f"没有“资助项目”一列，而标题或名称只说到一部分资助：“{masked(title)}”",
            f"There is no column of schemes, and a title or name speaks of a part of the aid: “{masked(title)}”",
        ),
        place.text(),
        at_desk.or_by_hand(
            at_desk.for_all_rows(TABLES["control_totals"].by_name["scheme"].title),
            Text(
                "若是一个项目的，在参数文件 sources.control_totals 中为该文件写明，如 scheme: boarder_allowance；"
                "若合并了几个项目，请按项目分行，或把该文件去掉",
                "If it is of one scheme, state it for the file in sources.control_totals, such as "
                "scheme: boarder_allowance; if it sums several, give a row a scheme, or take the file out",
            ),
        ),
    )


def _one_row_each(place: Place, what: Text, remedy: Text, headers: Sequence[str]) -> Problem:
    return Problem(what, place.text(more_zh=series(headers), more_en=series(headers, "en")), remedy)


def members_abreast(place: Place, headers: Sequence[str]) -> Problem:
    """One row a household, its members in columns."""
    return _one_row_each(
        place,
        Text("一户一行，几个人写在各列，其中的孩子会读不到", "A row is a household, several persons stand in columns; the children would be lost"),
        Text("改成一人一行（姓名、身份证号，名册还有与户主关系、相同的户编号，户主也单独一行；发放明细写各人自己的金额）；不要把“户主姓名”当作姓名",
             "Give each person a row (name, ID number; in a register also relation and the same household number, the head too; in a list of payments his own amount); do not take the head's name for the name"),
        headers,
    )  # fmt: skip


def heads_only(place: Place, header: str) -> Problem:
    """A list of heads of households."""
    return _one_row_each(
        place,
        Text(f"名单只有“{masked(header)}”，没有家庭成员（学生）的姓名", f"The list names “{masked(header)}” only, and no member of the household (no child)"),
        Text("请提供含家庭成员的名单（一人一行）；不要把户主当作学生。确实就是学生本人的，把表头改为“姓名”",
             "Ask for the list with the members, a row each; do not take heads for pupils. If they are the pupils themselves, change the header to 姓名"),
        [header],
    )  # fmt: skip


def flags_of_category(place: Place, headers: Sequence[str]) -> Problem:
    """A category in several yes-or-no columns."""
    return _one_row_each(
        place,
        Text(f"困难类型写在 {len(headers)} 个“是否”列中", f"The category stands in {len(headers)} yes-or-no columns"),
        Text("加一列“困难类型”，写明每人属于哪一类（多类的各占一行）；不要为全表写一个固定值",
             "Add a column 困难类型 that names each person's category (a row for each of several); give no constant for the whole file"),
        headers,
    )  # fmt: skip


def schemes_abreast(place: Place, schemes: Sequence[str]) -> Problem:
    """Several schemes side by side, perhaps with their sum."""
    return _one_row_each(
        place,
        Text("几个资助项目左右并排，合计金额是几个项目之和", "Several schemes stand side by side; their total sums several schemes"),
        Text("改成每人每个项目一行，写明“资助项目”和该项目的“金额”；不要用合计列作金额",
             "Give each person a row for each scheme, with 资助项目 and its own 金额; do not take the total for the amount"),
        schemes,
    )  # fmt: skip


def places_abreast(place: Place, schemes: Sequence[str]) -> Problem:
    """Places of several schemes side by side."""
    return _one_row_each(
        place,
        Text("几个资助项目的名额左右并排", "The places of several schemes stand side by side"),
        Text("改成每校每个项目一行：学校、资助项目、名额", "Give each school and scheme a row: 学校, 资助项目, 名额"),
        schemes,
    )  # fmt: skip


def visits_abreast(place: Place, headers: Sequence[str]) -> Problem:
    """Home teaching with several visits, or several months, in a row."""
    return _one_row_each(
        place,
        Text("一行写了几次或几个月的送教，只能读到其中一次", "A row holds several visits or months of home teaching; only one of them could be read"),
        Text("改成一次一行（送教日期、课时），或一人一月一行（送教月份、送教次数、课时合计）",
             "Give each visit a row (送教日期, 课时), or each child and month one (送教月份, 送教次数, 课时)"),
        headers,
    )  # fmt: skip


def scheme_by_boarding(place: Place, header: str) -> Problem:
    """A list of boarders and day pupils together, without a column of schemes."""
    return _one_row_each(
        place,
        Text(f"没有“资助项目”一列，而“{masked(header)}”两种都有：寄宿与非寄宿不是同一个项目", f"There is no column of schemes, and “{masked(header)}” has both kinds: boarders' and day pupils' aid are two schemes"),
        Text("加一列“资助项目”，寄宿的写“寄宿生生活补助”，不寄宿的写“非寄宿生生活补助”；或分成两个文件，各写固定值 scheme",
             "Add a column 资助项目 with 寄宿生生活补助 for boarders and 非寄宿生生活补助 for day pupils; or split the file in two, each with its constant scheme"),
        [header],
    )  # fmt: skip


def people_in_a_cell(place: Place, header: str, rows: Sequence[int] = ()) -> Problem:
    """Several persons in one cell; ``rows`` where they stand, if it is not all of them."""
    at = ("、".join(map(str, rows[:MOST_ROWS])) + ("…" if len(rows) > MOST_ROWS else "")) if rows else ""
    return _one_row_each(
        place,
        Text(f"“{masked(header)}”一格里写了几个人" + (f"：第 {at} 行，共 {len(rows)} 行" if at else ""),
             f"Several persons stand in one cell of “{masked(header)}”" + (f": {len(rows)} rows, {at.replace('、', ', ')}" if at else "")),
        Text("改成一人一行，姓名和身份证号分开写", "Give each person a row, with a name and an ID number each"),
        [header],
    )  # fmt: skip


def only_returns(place: Place, title: str) -> Problem:
    """A list of payments that came back, by its title, without a column of results: read as it stands, of payments made."""
    remedy = at_desk.for_all_rows(TABLES["payments"].by_name["result"].title)
    return Problem(
        Text(f"“{masked(title)}”是退汇（失败）名单，表中没有“发放结果”一列，会当作发放成功",
             f"“{masked(title)}” lists payments that came back and has no column of results: its rows would count as paid"),
        place.text(),
        at_desk.or_by_hand(
            Text(f"这些人在别的发放表中已标明失败的，这张表选“不需要”；否则{remedy.zh}：别的表中算作已发的选“冲回”，别处没有的选“退回”",
                 f"where another list of payments marks these rows as failed, choose “not needed” for the sheet; else {remedy.en}: “taken back” "
                 "where another list counts them as paid, “returned” where no other list has them"),
            Text("这些人在别的发放表中已标明失败的，把该文件写入 not_needed；别的表中算作已发的，在 sources 中为该文件写 result: taken_back；"
                 "别处没有的，写 result: returned，金额写成正数",
                 "Where another list marks these rows as failed, name the file under not_needed; where another list counts them as paid, write "
                 "result: taken_back for the file in sources; where no other list has them, result: returned, with the amounts above zero"),
        ),
    )  # fmt: skip


def fill_down(place: Place, header: str, empty: int, rows: int) -> Problem:
    """A column filled in the first row of each group only."""
    return _one_row_each(
        place,
        Text(f"“{masked(header)}”只写在每组的第一行：{rows} 行中 {empty} 行空着", f"“{masked(header)}” stands in the first row of each group only: {empty} of {rows} rows are empty"),
        Text("空格是“同上”的：在 Excel 或 WPS 中选中这一列，“定位”选“空值”，键入 = 再按向上键，按 Ctrl+Enter，使每行都有，存盘后再运行；真是不知道的，把空格写成“不详”",
             "Where empty means “as above”: in Excel or WPS select the column, go to its blank cells, type = and the up arrow, press Ctrl+Enter, so that every row has it, save and run again; where it is not known, write 不详"),
        [header],
    )  # fmt: skip


def refused_applications(place: Place, header: str, word: str, rows: int) -> Problem:
    """A ledger of applications in which some were refused, by a column that is not used."""
    return Problem(
        Text(f"“{masked(header)}”写明 {rows} 行没有通过（如“{masked(word)}”），这一列没有用到，会当作都已认定",
             f"“{masked(header)}” says of {with_count(rows, 'row')} that they were refused (such as “{masked(word)}”); the column is not used, and all would count as recognised"),
        place.text(),
        at_desk.or_by_hand(
            Text(f"先在原文件把没有通过的行移到另一张表，“文件”一步把那张表选为“不需要”；不论结果都算申请的，在“{masked(header)}”上方选“不需要”",
                 f"move the rows that were refused to a sheet of their own first and choose “not needed” for it in the step Files; where all count as applications, choose “not needed” above “{masked(header)}”"),
            Text(f"把没有通过的行移到另一张表，写进 not_needed；不论结果都算申请的，写 columns: {{applications: {{\"{masked(header)}\": null}}}}",
                 f"Move the rows that were refused to a sheet of their own, named under not_needed; where all count as applications, write columns: {{applications: {{\"{masked(header)}\": null}}}}"),
        ),
    )  # fmt: skip


def list_of_changes(place: Place, title: str) -> Problem:
    """A list of pupils that is called by what changed, without a column of statuses: read as it stands, all are at school."""
    remedy = at_desk.for_all_rows(TABLES["enrolment"].by_name["status"].title)
    return Problem(
        Text(f"“{masked(title)}”像是异动（离校）学生的名单，没有“学生状态”一列，会当作都在读",
             f"“{masked(title)}” looks like a list of pupils who left or changed, and has no column of statuses: all would count as enrolled"),
        place.text(),
        at_desk.or_by_hand(
            remedy,
            Text("加一列“学生状态”写明每人是转出、休学还是转入；全表一样的，在 sources 中为该文件（工作表）写 status: transferred_out（或 suspended、enrolled 等）；"
                 "这些人在学籍中已有的，写进 not_needed",
                 "Add a column 学生状态 that says of each whether 转出, 休学 or 转入; where all are alike, state status: transferred_out (or suspended, enrolled …) for "
                 "the file or sheet in sources; where the register has them already, name it under not_needed"),
        ),
    )  # fmt: skip


def register_of_other_term(place: Place, title: str, term: str) -> Problem:
    """An enrolment register whose title tells another term than the run's."""
    return Problem(
        Text(f"学籍的标题或名称写的是另一学期：“{masked(title)}”（本次为 {term}）",
             f"The title or name of the enrolment register tells another term: “{masked(title)}” (this run: {term})"),
        place.text(),
        Text("换上本学期的学籍，按“重新读文件夹”或再运行；确是本学期的，改正标题（或工作表名、文件名）",
             "Put this term's register in its place and read the folder again; if it is this term's, correct the title (or the sheet's or the file's name)"),
    )  # fmt: skip


def two_statuses(place: Place, header_taken: str, other: str, words: Mapping[str, int]) -> Problem:
    """Two columns of status of which the second says that pupils are not at school; ``words``: what it says, how often."""
    rows = sum(words.values())
    commonest = sorted(words.items(), key=lambda one: (-one[1], one[0]))
    word_counts = [f"“{masked(word)}” {count}" for word, count in commonest]
    return Problem(
        Text(f"“{header_taken}”为在读的 {rows} 人，“{other}”写着{'、'.join(word_counts)}：以哪一列为准？",
             f"Of {rows} who are at school by “{header_taken}”, “{other}” says {', '.join(word_counts)}: which of the two counts?"),
        place.text(),
        at_desk.or_by_hand(
            at_desk.or_not_needed(at_desk.as_column(other, TABLES["enrolment"].by_name["status"].title)),
            Text(f'“{other}”是现在的状态的，在参数文件 columns 中写 enrolment: {{"{other}": status}}（其空格仍看“{header_taken}”）；'
                 f'只是从前怎么来的，写 enrolment: {{"{other}": null}}',
                 f'If “{other}” tells the status of now, write enrolment: {{"{other}": status}} under columns in the parameter file (where it is '
                 f'empty “{header_taken}” holds); if it only tells how the pupil once came, enrolment: {{"{other}": null}}'),
        ),
    )  # fmt: skip


def elsewhere(place: Place, title: str) -> Problem:
    """A sheet of the enrolment register that is called by pupils who study in another place."""
    title = masked(title)
    return Problem(
        Text(f"“{title}”像是在外地就读的学生，会当作在本县就读", f"“{title}” looks like pupils who study elsewhere; all would count as enrolled in this county"),
        place.text(),
        at_desk.or_by_hand(
            at_desk.as_table(TABLES["letters"].title),
            Text("把它写在 sources.letters（函告台账）下，或写进 not_needed；确是本县在读的，在 sources.enrolment 中为该工作表写 status: enrolled",
                 "Name it under sources.letters or under not_needed; if the pupils are at school in this county, state status: enrolled for the sheet in "
                 "sources.enrolment"),
        ),
    )  # fmt: skip


def hidden_list(place: Place, rows: int) -> Problem:
    """A hidden sheet beside a shown one of the same table, whose name tells another year or that it is no longer used."""
    file, sheet = masked(place.file), masked(place.sheet)
    own = f'{{files: "{file}", sheets: "{sheet}"}}'
    return Problem(
        Text(f"“{sheet}”是隐藏的工作表（{rows} 行），名称像是往年的或作废的名单：要用吗？",
             f"“{sheet}” is a hidden sheet of {with_count(rows, 'row')}, by its name of another year or no longer used: does it count?"),
        place.text(),
        at_desk.or_by_hand(
            at_desk.NOT_NEEDED,
            Text(f"不用的，写 not_needed: [{own}]；要用的，在 sources 中写明这张表，如 {own}",
                 f"If it does not, write not_needed: [{own}]; if it does, name the sheet in sources, as {own}"),
        ),
    )  # fmt: skip


def on_its_side(place: Place, fields: Sequence[str]) -> Problem:
    """A sheet with a column a person and a row a field."""
    return _one_row_each(
        place,
        Text("表是横着的：项目从上往下写，一人一列", "The sheet lies on its side: fields stand one below another, a column is a person"),
        Text("在 Excel 或 WPS 中全选、复制，新建工作表，用“选择性粘贴 › 转置”粘贴，使一人一行；另存后换下原文件",
             "In Excel or WPS select all and copy, paste into a new sheet with Paste Special › Transpose, so that a row is a person; save it in place of the file"),
        fields,
    )  # fmt: skip


def forms(place: Place, fields: Sequence[str]) -> Problem:
    """A form for each person, one below another."""
    return _one_row_each(
        place,
        Text("一人一张表单：项目与内容左右相邻，一人占几行", "A form for each person: a field and what is written for it stand side by side, a person takes several rows"),
        Text("向填报单位要汇总名单，或改成第一行写各项目、以下一人一行；另存后换下原文件",
             "Ask for the list of all, or make it one with the fields in the first row and a row a person; save it in place of the file"),
        fields,
    )  # fmt: skip


def umbrella_scheme(place: Place, word: str = "", *, of_stages: bool = False) -> Problem:
    """A name that covers several schemes (``of_stages``: 国家助学金): in cells, or (no ``word``) in the sheet's name or title alone."""
    if of_stages:
        return _scheme_of_stages(place, word)
    scheme = Text("资助项目", "the scheme")
    remedy = at_desk.for_all_rows(scheme)
    of_one_kind = Text(
        f"整张表都是寄宿生（或都是非寄宿生）的，在这一列上方选“不需要”，再{remedy.zh}；两种都有的也这样，选“生活补助：寄宿、非寄宿都有…”",
        f"choose “not needed” above the column, then {remedy.en}: of boarders, of day pupils, or “living aid of boarders and day pupils …” where it has both",
    )
    return Problem(
        Text(f"“{masked(word)}”是几个项目的总称", f"“{masked(word)}” covers several schemes") if word
        else Text("表名或标题写的是几个项目的总称，分不清是寄宿生还是非寄宿生的",
                  "The sheet's name or title covers several schemes: of boarders or of day pupils?"),
        place.text(),
        at_desk.or_by_hand(
            of_one_kind if word else remedy,
            Text("在“资助项目”列按是否寄宿分别写“寄宿生生活补助”“非寄宿生生活补助”；不要把它加作某一个项目的别名；"
                 "由拟发放名单和学籍来分的，在 sources 中为该文件写 scheme: umbrella",
                 "Write 寄宿生生活补助 or 非寄宿生生活补助 in the column of schemes; do not make it an alias of one of them. Where the planned list or the "
                 "register is to tell them apart, write scheme: umbrella for the file in sources"),
        ),
    )  # fmt: skip


def _scheme_of_stages(place: Place, word: str) -> Problem:
    remedy = at_desk.for_all_rows(Text("资助项目", "the scheme"))
    return Problem(
        Text(f"“{masked(word)}”几个学段都有", f"“{masked(word)}” is a scheme of several stages") if word
        else Text("表名或标题写的资助项目（国家助学金、免学费）几个学段都有，分不清是普通高中还是中职的",
                  "The sheet's name or title tells a scheme (国家助学金, 免学费) that several stages have: of senior high or of vocational schools?"),
        place.text(),
        at_desk.or_by_hand(
            Text(f"整张表都是一个学段的，在这一列上方选“不需要”，再{remedy.zh}；否则改表",
                 f"where all rows are of one stage, choose “not needed” above the column, then {remedy.en}; else correct the file") if word else remedy,
            Text("全表一个学段的，在 sources 中为该文件写 scheme: senior_grant（或 vocational_grant 等）；几个学段都有的，在“资助项目”列写全名，"
                 "如“普通高中国家助学金”“中职国家助学金”；不要把它加作某一个项目的别名；"
                 "由拟发放名单和学籍来分的，在 sources 中为该文件写 scheme: umbrella",
                 "Where all rows are of one stage, state scheme: senior_grant (or vocational_grant …) for the file in sources; where they are not, write "
                 "the full name in the column 资助项目, such as 普通高中国家助学金 or 中职国家助学金; do not make it an alias of one of them"),
        ),
    )  # fmt: skip


def begins_with_records(table: Table, place: Place) -> Problem:
    """A sheet whose first row is a person already."""
    needs_zh, needs_en = table_needs(table, "zh"), table_needs(table, "en")
    return Problem(
        Text(f"第一行就是人员数据，上面没有表头（{table.title.zh}）", f"The first row is a record; no header stands above it ({table.title.en})"),
        place.text(),
        Text(f"在最上面插入一行，写明各列是什么（须有“{needs_zh}”），存盘后再运行；这张表用不着的，在“文件”一步选“不需要”",
             f"Insert a row at the top that says what each column is (“{needs_en}” must be among them), save the file and run again; where the sheet is "
             "not needed, choose “not needed” for it in the step Files"),
    )  # fmt: skip


def too_large_a_unit(place: Place, header: str, unit: str, figure: str) -> Problem:
    """The unit stated makes of the figures what nobody is paid: 625 below 单位：万元."""
    name = masked(header)
    return Problem(
        Text(f"表里写的单位是“{unit}”，“{name}”里有“{figure}”，即每人 {figure}{unit}，不合常理",
             f"The unit stated is {unit}, and “{name}” holds “{figure}”: {figure} {unit} to one person cannot be"),
        place.text(),
        Text(f"金额本是元的，把表头改为“金额（元）”，或改正表上方（或表名、文件名）的“单位：{unit}”；确是{unit}的，核对这一列的数",
             f"If the amounts are in yuan, change the header to 金额（元） or correct the unit {unit} above the table (or in its name); if they are in "
             f"{unit}, check the figures"),
    )  # fmt: skip


def crossed_out_somewhere(place: Place) -> Problem:
    """Something is struck through in a workbook of which its kind does not tell what."""
    return Problem(
        Text(
            "文件里有划了删除线的内容，而这种文件（.xls、.et）看不出是哪些行：它们是作废的，还是有效的？",
            "Something is crossed out in this file, whose kind (.xls, .et) does not tell which rows: are they void, or do they count?",
        ),
        place.text(),
        Text(
            "用 Excel 或 WPS 打开：作废的行删去，有效的取消删除线；另存为 .xlsx，换下原文件后再运行",
            "Open it in Excel or WPS: delete the rows that are void, take the strike-through off those that count; save it as "
            ".xlsx in place of the file and run again",
        ),
    )
