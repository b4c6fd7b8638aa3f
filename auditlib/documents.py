"""The reference pages under docs/, written from what the code declares: ``python -m auditlib.documents``."""

from __future__ import annotations

import csv
import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from auditlib.base.language import Text
from auditlib.base.places import CODES, HEADERS, POLICIES, ROOT
from auditlib.base.strict_yaml import read_yaml
from auditlib.law.amounts import Amount
from auditlib.law.policy import Policy, Scheme, read_policy
from auditlib.rules import RULES, Rule
from auditlib.rules.city import RECHECK_RULES, RecheckRule
from auditlib.rules.registry import Example
from auditlib.runs.run_columns import RunTable, run_tables
from auditlib.tables.delivered import TABLES, Column, Table
from auditlib.tables.wording import word

DOCS = ROOT / "docs"
GENERATED = "<!-- Written by `make docs` from {source}; edit that, not this page. -->"
BASE_POLICY = "national"  # the others are laid over it
SHOWN = 20  # headers of one column; the whole list is the file itself
OUTCOMES = {
    "flags": Text("疑点", "finding"),
    "passes": Text("通过", "pass"),
    "untested": Text("无法判断", "untested"),
    "absent": Text("不在总体", "not in the population"),
}
SUBJECTS = {
    "aid": Text("学生、项目、学期", "pupil, scheme and term"),
    "pupil": Text("学生、学期", "pupil and term"),
    "account": Text("账户", "account"),
    "total": Text("报表数", "printed total"),
    "school": Text("学校", "school"),
    "scheme": Text("资助项目", "scheme"),
    "measure": Text("整改措施", "measure"),
}
MASKED = {
    "": Text("原样", "as it stands"),
    "name": Text("姓加 *", "surname and `*`"),
    "id": Text("地区码和末两位", "area code and last two"),
    "student": Text("同身份证号", "as an ID number"),
    "account": Text("末四位", "last four"),
    "hidden": Text("不出现", "not shown"),
}


def _two_languages(text: Text) -> str:
    return f"{text.zh} · {text.en}"


def _code(code: str) -> str:
    return f"`{code}` {word(code, 'zh')}"


def _grid(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A Markdown table; a bar inside a cell is escaped."""
    lines = [[cell.replace("|", "\\|") for cell in row] for row in rows]
    return ["| " + " | ".join(row) + " |" for row in [heads, ["---"] * len(heads), *lines]] + [""]


def _page(title: Text, source: str, lead: Sequence[str], body: Iterable[str]) -> str:
    head = [f"# {_two_languages(title)}", "", GENERATED.format(source=source), ""]
    return "\n".join([*head, *(line for part in lead for line in (part, "")), *body]).rstrip() + "\n"


def rules_page() -> str:
    """Every rule of the catalogue in the contract's order: criterion, needs, innocent explanations, examples."""
    lead = [
        "每条规则在其总体上逐一回答：是疑点、通过、无法判断。疑点在有人核实以前不是结论。",
        "Each rule answers for every row of its population: a finding, a pass, or cannot tell. A finding is a "
        "suspicion until a person has verified it. How doubtful readings were settled: "
        "[decision 2](decisions/0002-how-the-rules-are-read.md).",
    ]
    overview = _grid(
        ["rule", "规则", "", "severity"],
        ([f"[`{r.id}`](#{_anchor(r)})", r.title.zh, r.title.en, _severity(r)] for r in RULES.values()),
    )
    body = [line for rule in RULES.values() for line in _rule(rule)]
    source = "`auditlib/rules/`"
    return _page(Text("规则", "Rules"), source, lead, [*overview, *body, *_of_the_city()])


def _of_the_city() -> Iterator[str]:
    """The re-check's own rules, which hold a county's self-check against the city's."""
    yield from ('## <a id="recheck"></a>市级复查的规则 · Rules of the city\'s re-check', "")
    yield from (
        "比较县级自查与市级重做、县与县之间；抽样和结论见 [sampling-for-inspectors.md](sampling-for-inspectors.md)。",
        "",
    )
    yield from (
        "*They hold the county's self-check against the city's re-performance, and counties against each other.*",
        "",
    )
    heads = ["rule", "规则", "", "severity"]
    rules = RECHECK_RULES.values()
    yield from _grid(
        heads, ([f"[`{r.id}`](#{_anchor(r)})", r.title.zh, r.title.en, _severity(r)] for r in rules)
    )
    for rule in rules:
        yield from (f'### <a id="{_anchor(rule)}"></a>`{rule.id}` {_two_languages(rule.title)}', "")
        yield from (rule.criterion.zh, "", f"*{rule.criterion.en}*", "")
        yield from (f"- severity: {_severity(rule)}", f"- subject: {_two_languages(rule.subject)}")
        yield "- 可能并非问题 · may be innocent when:"
        yield from (f"  - {_two_languages(text)}" for text in rule.innocent)
        yield ""
        yield from _grid(
            ["example", "outcome"],
            ([_two_languages(e.why), _two_languages(OUTCOMES[e.outcome])] for e in rule.examples),
        )


def _anchor(rule: Rule | RecheckRule) -> str:
    return rule.id.replace(".", "-")


def _severity(rule: Rule | RecheckRule) -> str:
    return f"{word(rule.severity, 'zh')} {rule.severity}"


def _rule(rule: Rule) -> Iterator[str]:
    yield from (f'## <a id="{_anchor(rule)}"></a>`{rule.id}` {_two_languages(rule.title)}', "")
    yield from (rule.criterion.zh, "", f"*{rule.criterion.en}*", "")
    facts = {
        "severity": _severity(rule),
        "subject": _two_languages(SUBJECTS[rule.subject]),
        "needs": "、".join(_code(need) for need in rule.needs),
        **({"reads where it is there": "、".join(map(_code, rule.reads))} if rule.reads else {}),
        **({"rests on": "上学期的自查 the run of the term before (`previous`)"} if rule.earlier else {}),
    }
    yield from (f"- {name}: {value}" for name, value in facts.items())
    if rule.innocent:
        yield "- 可能并非问题 · may be innocent when:"
        yield from (f"  - {_two_languages(text)}" for text in rule.innocent)
    yield ""
    if rule.examples:
        yield from _grid(["example", "outcome", "reason"], map(_example, rule.examples))


def _example(example: Example) -> tuple[str, str, str]:
    stake = f", {example.at_stake} yuan" if example.at_stake else ""
    reason = _code(example.reason) if example.reason else ""
    return example.why, _two_languages(OUTCOMES[example.outcome]) + stake, reason


def tables_page() -> str:
    """Every table with its columns and the headers recognised; the kinds of cells; the code lists."""
    lead = [
        "表头写法在 `params/headers.csv`，取值写法在 `params/codes/`，都可以用电子表格软件打开添加。"
        "表头比较时不计空格、星号和全角半角。",
        "Header spellings live in `params/headers.csv`, value spellings in `params/codes/`; both can be added to. "
        "Headers are compared without spaces and stars, in half width.",
    ]
    spellings = _headers()
    body = [line for table in TABLES.values() for line in _table(table, spellings)]
    return _page(
        Text("表", "Tables"),
        "`auditlib/tables/delivered.py`, `auditlib/cells/kinds.py` and `params/`",
        lead,
        [*body, *_kinds(), *_codes()],
    )


def _headers() -> dict[tuple[str, str], list[str]]:
    spellings: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in _rows(HEADERS):
        spellings[row["table"], row["column"]].append(row["header"])
    return spellings


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def _table(table: Table, spellings: dict[tuple[str, str], list[str]]) -> Iterator[str]:
    yield from (f"## `{table.name}` {_two_languages(table.title)}", "")
    heads = ["column", "", "kind", "need", "headers recognised", "example"]
    yield from _grid(heads, (_column(table, column, spellings) for column in table.columns))


def _column(table: Table, column: Column, spellings: dict[tuple[str, str], list[str]]) -> list[str]:
    header_spellings = spellings[table.name, column.name]
    headers = "、".join(header_spellings[:SHOWN]) + (
        f" …（{len(header_spellings)}）" if len(header_spellings) > SHOWN else ""
    )
    kind, need = f"[{column.kind.name}](#kinds)", _need(table, column)
    example = "" if column.kind.name == "text" else column.kind.example  # a text can be anything
    return [f"`{column.name}`", _two_languages(column.title), kind, need, headers, example]


def _need(table: Table, column: Column) -> str:
    if column.required:
        return "必需 required"
    groups = [group for group in table.needs_one_of if column.name in group]
    return "; ".join("须有其一 one of " + ", ".join(f"`{name}`" for name in group) for group in groups)


def _kinds() -> Iterator[str]:
    yield from ('## <a id="kinds"></a>单元格的种类 · Kinds of cells', "")
    kinds = {column.kind.name: column.kind for table in TABLES.values() for column in table.columns}
    heads = ["kind", "", "stored as", "example", "in a published report"]
    yield from _grid(
        heads,
        (
            [f"`{k.name}`", _two_languages(k.title), k.dtype, k.example, _two_languages(MASKED[k.masked])]
            for k in kinds.values()
        ),
    )


def _codes() -> Iterator[str]:
    yield from ("## 代码和写法 · Codes and their spellings", "")
    yield from ("资助项目的写法在政策文件中（`aliases`），见 [policy.md](policy.md)。", "")
    for file in sorted(CODES.glob("*.csv")):
        rows = _rows(file)
        if "code" in rows[0]:
            spellings: dict[str, list[str]] = defaultdict(list)
            for row in rows:
                spellings[row["code"]].append(row["value"])
            yield from (f"### `params/codes/{file.name}`", "")
            yield from _grid(["code", "spellings"], ([f"`{c}`", "、".join(s)] for c, s in spellings.items()))


def policy_page() -> str:
    """Every policy file: scheme, stage, category and date to yuan a term, each with the document it rests on."""
    lead = [
        "金额为每学期（元）；不晚于学期首日（3 月 1 日、9 月 1 日）的最新一个有效。样例县的地方标准是虚构的。",
        "Yuan a term; the newest date not after the term's first day (1 March, 1 September) holds. A local file is "
        "shown as it stands over the national one. What holds in a term: `auditlib policy PARAMS.yaml`.",
    ]
    names = sorted(
        (file.stem for file in POLICIES.glob("*.yaml")), key=lambda name: (name != BASE_POLICY, name)
    )
    body = [line for name in names for line in _policy(name)]
    return _page(Text("标准", "Standards"), "`params/policy/`", lead, body)


def _policy(name: str) -> Iterator[str]:
    policy: Policy = read_policy(list(dict.fromkeys((BASE_POLICY, name))), ROOT)
    yield from (f"## `{name}` {_two_languages(policy.titles[-1])}", "")
    for scheme in read_yaml(POLICIES / f"{name}.yaml")["schemes"]:
        yield from _scheme(policy.schemes[scheme])


def _scheme(scheme: Scheme) -> Iterator[str]:
    yield from (f"### `{scheme.id}` {_two_languages(scheme.title)}", "")
    who = [*(_code(stage) for stage in scheme.stages), *_years(scheme), *_boarding(scheme)]
    yield f"- who: {'、'.join(who)}; {'、'.join(map(_code, scheme.categories)) or '不限 any category'}"
    yield "- " + ("应发 mandatory" if scheme.mandatory else "可发可不发 optional: its absence is no miss")
    yield f"- written as: {'、'.join((scheme.title.zh, *scheme.aliases))}"
    if scheme.excludes:
        yield f"- not together with: {', '.join(f'`{other}`' for other in scheme.excludes)}"
    yield from (f"- {reference}" for reference in dict.fromkeys((*scheme.who_by, *scheme.references)))
    yield ""
    amounts = list(_amounts(scheme))
    if amounts:
        yield from _grid(["stage", "since", "category", "yuan a term", "by"], amounts)
    else:
        yield from ("金额由地方政策文件给出 · the amount is given by a local policy file.", "")


def _years(scheme: Scheme) -> Iterator[str]:
    for since, years in sorted(scheme.years.items()):
        which = "、".join(map(str, years)) or "不限 any"
        yield f"年级 year of study {which}" + (f" (since {since})" if since > dt.date.min else "")


def _boarding(scheme: Scheme) -> list[str]:
    return {None: [], True: ["住校 boarders"], False: ["走读 day pupils"]}[scheme.boarding]


def _amounts(scheme: Scheme) -> Iterator[Sequence[str]]:
    for stage, dated in scheme.per_term.items():
        for since, amounts in sorted(dated.items()):
            for category, amount in amounts.items():
                by = (amount and amount.by) or "见上 see above"
                yield _or_any(stage), since.isoformat(), _or_any(category), _yuan(amount), by


def _or_any(code: str) -> str:
    return "不限 any" if code == "any" else _code(code)


def _yuan(amount: Amount | None) -> str:
    if amount is None:
        return "停发 no longer paid"
    if amount.minimum is not None and amount.minimum == amount.maximum:
        return str(amount.minimum)
    parts = {"最低 min": amount.minimum, "最高 max": amount.maximum, "平均 average": amount.average}
    return ", ".join(f"{name} {yuan}" for name, yuan in parts.items() if yuan is not None)


SHOWN_MASKED = MASKED | {
    "hidden": Text("不出现", "left out"),
    "key": Text("代号，各表一致", "a stand-in, the same in all tables"),
    "message": Text("其中的姓名、证号遮盖", "names and numbers inside masked"),
}


def run_tables_page() -> str:
    """The tables of a run's folder as analysts read them: columns, meaning, and what is shown while masked."""
    lead = [
        '运行结果文件夹中的各表，用 Python 读取：`run = auditlib.open_run(文件夹)`，`run.findings()`，`run.table("payments")`，'
        '`run.tables`（表名）。默认遮盖姓名和证号；`run.unmask("查看人", "原因")` 之后才能用 `masked=False`，并记入 `unmask-log.csv`。'
        "金额为精确的 Decimal，写 `numbers=True` 则为浮点数。示例：`notebooks/own_analysis.ipynb`。",
        "The tables of a run's folder, read from Python: `run = auditlib.open_run(folder)`, `run.findings()`, "
        '`run.table("payments")`, `run.tables` (names). Names and numbers are masked; `masked=False` is answered after '
        '`run.unmask("who", "reason")`, which is logged in `unmask-log.csv`. Amounts are exact Decimals, or floating point '
        "with `numbers=True`. An example: `notebooks/own_analysis.ipynb`.",
        "`findings` 读出时另有 `number`（疑点编号）和 `person_id`。*`findings` comes with two more columns: `number`, under which "
        "lists show a finding, and `person_id`.*",
    ]
    body = [line for table in run_tables().values() for line in _run_table(table)]
    return _page(Text("运行结果的表", "A run's tables"), "`auditlib/runs/run_columns.py`", lead, body)


def _run_table(table: RunTable) -> Iterator[str]:
    yield from (
        f"## `{table.name}` {_two_languages(table.title)}",
        "",
        f"一行 · a row: {_two_languages(table.row)}",
        "",
    )
    columns = [column for column in table.columns if not column.name.endswith("_defect")]
    yield from _grid(
        ["column", "", "masked"],
        ([f"`{c.name}`", _two_languages(c.title), _two_languages(SHOWN_MASKED[c.masked])] for c in columns),
    )
    if len(columns) < len(table.columns):
        yield from ("`…_defect`：该列读不出的原因 · why the cell of that column could not be read", "")


PAGES: dict[str, Callable[[], str]] = {
    "rules.md": rules_page,
    "tables.md": tables_page,
    "policy.md": policy_page,
    "run-tables.md": run_tables_page,
}


def write_documents(folder: Path = DOCS) -> None:
    """All generated pages into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        (folder / name).write_text(page(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write_documents()
