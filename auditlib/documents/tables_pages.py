"""docs/tables.md, docs/audit-tables.md, docs/run-tables.md: what is delivered, what rules stand on, what a run keeps."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from auditlib.base.language import Text
from auditlib.base.places import CODES, HEADERS
from auditlib.documents.markdown import Say, grid, page, two_languages
from auditlib.runs.run_columns import run_tables
from auditlib.tables.audit_tables import AUDIT_TABLES, LAST_TERM, AuditColumn, AuditTable, register_tables
from auditlib.tables.delivered import TABLES, Column, Table

MOST_SHOWN = 20  # headers of one column; the whole list is the file itself
MASKED = {
    "": Text("原样", "as it stands"),
    "name": Text("姓加 *", "surname and `*`"),
    "id": Text("地区码和末两位", "area code and last two"),
    "student": Text("同身份证号", "as an ID number"),
    "account": Text("末四位", "last four"),
    "hidden": Text("不出现", "not shown"),
}

NAME, MEANING = Text("列", "column"), Text("含义", "meaning")
COLUMN_HEADS = (
    NAME,
    MEANING,
    Text("种类", "kind"),
    Text("是否必需", "need"),
    Text("认得的表头", "headers recognised"),
    Text("例", "example"),
)
KIND_HEADS = (
    Text("种类", "kind"),
    MEANING,
    Text("存为", "stored as"),
    Text("例", "example"),
    Text("公布的报告中", "in a published report"),
)
MASKED_HEADS = (NAME, MEANING, Text("遮盖时", "masked"))
TYPE_HEADS = (NAME, Text("类型", "type"), MEANING)
ROW = Text("一行", "a row")
DEFECT = Text("该列读不出的原因", "why the cell of that column could not be read")


def tables_page(say: Say = two_languages) -> str:
    """Every table with its columns and the headers recognised; the kinds of cells; the code lists."""
    lead = Text(
        "表头写法在 `params/headers.csv`，取值写法在 `params/codes/`，都可以用电子表格软件打开添加。"
        "表头比较时不计空格、星号和全角半角。",
        "Header spellings live in `params/headers.csv`, value spellings in `params/codes/`; both can be added to. "
        "Headers are compared without spaces and stars, in half width.",
    )
    spellings = _headers()
    body = [line for table in TABLES.values() for line in _table(say, table, spellings)]
    return page(
        say,
        Text("表", "Tables"),
        "`auditlib/tables/delivered.py`, `auditlib/cells/kinds.py` and `params/`",
        lead,
        [*body, *_kinds(say), *_codes(say)],
    )


def _headers() -> dict[tuple[str, str], list[str]]:
    spellings: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in _rows(HEADERS):
        spellings[row["table"], row["column"]].append(row["header"])
    return spellings


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def _table(say: Say, table: Table, spellings: dict[tuple[str, str], list[str]]) -> Iterator[str]:
    yield from (f"## `{table.name}` {say(table.title)}", "")
    heads = [say(head) for head in COLUMN_HEADS]
    yield from grid(heads, (_column(say, table, column, spellings) for column in table.columns))


def _column(say: Say, table: Table, column: Column, spellings: dict[tuple[str, str], list[str]]) -> list[str]:
    header_spellings = spellings[table.name, column.name]
    headers = "、".join(header_spellings[:MOST_SHOWN]) + (
        f" …（{len(header_spellings)}）" if len(header_spellings) > MOST_SHOWN else ""
    )
    kind, need = f"[{column.kind.name}](#kinds)", _need(say, table, column)
    example = "" if column.kind.name == "text" else column.kind.example  # a text can be anything
    title = say(column.title) + (f"<br>{say(column.note)}" if column.note else "")
    return [f"`{column.name}`", title, kind, need, headers, example]


def _need(say: Say, table: Table, column: Column) -> str:
    if column.required:
        return say(Text("必需", "required"))
    groups = [group for group in table.needs_one_of if column.name in group]
    return "; ".join(
        say(Text("须有其一", "one of")) + " " + ", ".join(f"`{name}`" for name in group) for group in groups
    )


def _kinds(say: Say) -> Iterator[str]:
    yield from (f'## <a id="kinds"></a>{say(Text("单元格的种类", "Kinds of cells"))}', "")
    kinds = {column.kind.name: column.kind for table in TABLES.values() for column in table.columns}
    heads = [say(head) for head in KIND_HEADS]
    yield from grid(
        heads,
        ([f"`{k.name}`", say(k.title), k.dtype, k.example, say(MASKED[k.masked])] for k in kinds.values()),
    )


def _codes(say: Say) -> Iterator[str]:
    yield from (f"## {say(Text('代码和写法', 'Codes and their spellings'))}", "")
    yield from ("资助项目的写法在政策文件中（`aliases`），见 [policy.md](policy.md)。", "")
    for file in sorted(CODES.glob("*.csv")):
        rows = _rows(file)
        if "code" in rows[0]:
            spellings: dict[str, list[str]] = defaultdict(list)
            for row in rows:
                spellings[row["code"]].append(row["value"])
            yield from (f"### `params/codes/{file.name}`", "")
            yield from grid(
                [say(Text("代码", "code")), say(Text("写法", "spellings"))],
                ([f"`{c}`", "、".join(s)] for c, s in spellings.items()),
            )


SHOWN_MASKED = MASKED | {
    "hidden": Text("不出现", "left out"),
    "key": Text("代号，各表一致", "a stand-in, the same in all tables"),
    "message": Text("其中的姓名、证号遮盖", "names and numbers inside masked"),
}


def run_tables_page(say: Say = two_languages) -> str:
    """The tables of a run's folder as analysts read them: columns, meaning, and what is shown while masked."""
    lead = Text(
        '运行结果文件夹中的各表，用 Python 读取：`run = auditlib.open_run(文件夹)`，`run.findings()`，`run.table("payments")`，'
        '`run.tables`（表名）。默认遮盖姓名和证号；`run.unmask("查看人", "原因")` 之后才能用 `masked=False`，并记入 `unmask-log.csv`。'
        "金额为精确的 Decimal，写 `numbers=True` 则为浮点数。示例：`notebooks/own_analysis.ipynb`。`findings` 读出时另有 `number`（疑点编号）和 `person_id`。",
        "The tables of a run's folder, read from Python: `run = auditlib.open_run(folder)`, `run.findings()`, "
        '`run.table("payments")`, `run.tables` (names). Names and numbers are masked; `masked=False` is answered after '
        '`run.unmask("who", "reason")`, which is logged in `unmask-log.csv`. Amounts are exact Decimals, or floating point '
        "with `numbers=True`. An example: `notebooks/own_analysis.ipynb`. `findings` comes with two more columns: `number`, under "
        "which lists show a finding, and `person_id`.",
    )
    body = [line for table in run_tables().values() for line in _run_table(say, table)]
    return page(
        say,
        Text("运行结果的表", "A run's tables"),
        "`auditlib/runs/run_columns.py` and `auditlib/tables/audit_tables.py`",
        lead,
        body,
    )


def _run_table(say: Say, table: AuditTable) -> Iterator[str]:
    yield from (
        f"## `{table.name}` {say(table.title)}",
        "",
        f"{say(ROW)}: {say(table.row)}",
        "",
    )
    columns = _without_defects(table)
    yield from grid(
        [say(head) for head in MASKED_HEADS],
        ([f"`{c.name}`", say(c.meaning), say(SHOWN_MASKED[c.masked])] for c in columns),
    )
    yield from _of_defects(say, table)


def audit_tables_page(say: Say = two_languages) -> str:
    """The tables of an ``Audit``, on which a rule is written: each column with its type and meaning."""
    lead = Text(
        "一条规则是 `audit` 各表上的一个表达式：`audit.aid`、`audit.pupils`……，交来的表在 `audit.rows`，如 "
        '`audit.rows["payments"]`；参数在 `audit.parameters`，政策在 `audit.policy`，各表交来了哪些列在 `audit.columns_found`。'
        "是非列有三个答案：是、否、空（不清楚）；怎样写规则见 [CONTRIBUTING.md](../CONTRIBUTING.md)。",
        "A rule is one expression over the tables of `audit`: `audit.aid`, `audit.pupils` …; the delivered tables are "
        '`audit.rows`, such as `audit.rows["payments"]`; parameters are `audit.parameters`, the law `audit.policy`, the columns '
        "that the files had `audit.columns_found`. A boolean has three answers: true, false, and NULL where the data cannot "
        "tell. How a rule is written: [CONTRIBUTING.md](../CONTRIBUTING.md).",
    )
    tables = [*AUDIT_TABLES.values(), LAST_TERM]
    body = [line for table in tables for line in _audit_table(say, f"audit.{table.name}", table)]
    rows = [_audit_table(say, f'audit.rows["{name}"]', table) for name, table in register_tables().items()]
    body += [line for lines in rows for line in lines]
    return page(
        say,
        Text("规则所用的表", "The tables that rules stand on"),
        "`auditlib/tables/audit_tables.py`",
        lead,
        body,
    )


def _audit_table(say: Say, place: str, table: AuditTable) -> Iterator[str]:
    yield from (f"## `{place}` {say(table.title)}", "")
    key = ", ".join(f"`{name}`" for name in table.key)
    yield from (f"{say(ROW)}: {say(table.row)} ({key})", "")
    columns = _without_defects(table)
    yield from grid(
        [say(head) for head in TYPE_HEADS], ([f"`{c.name}`", c.dtype, say(c.meaning)] for c in columns)
    )
    yield from _of_defects(say, table)


def _without_defects(table: AuditTable) -> list[AuditColumn]:
    return [column for column in table.columns if not column.name.endswith("_defect")]


def _of_defects(say: Say, table: AuditTable) -> Iterator[str]:
    if len(_without_defects(table)) < len(table.columns):
        yield from (f"`…_defect`: {say(DEFECT)}", "")
