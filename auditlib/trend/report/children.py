"""What became of the pupils from one term to the next, in numbers; child by child it stands in the workbook."""

from __future__ import annotations

from auditlib.base.language import Text
from auditlib.base.rhythm import term_words
from auditlib.page import markup
from auditlib.page.markup import Col
from auditlib.page.section import Section
from auditlib.tables.findings import column_title
from auditlib.trend.children import MOVES
from auditlib.trend.rectification import file_name
from auditlib.trend.results import TrendResults
from auditlib.trend.suppress import counts, few, in_full_unless_public

TITLE = Text("学生去向：一个学期到下一个学期", "What became of the pupils from term to term")
LEAD = Text(
    "上学期学籍中的每个学生，按身份证号、其次按学籍号在本学期学籍中寻找。不在本学期学籍、又不是毕业的，列为“学籍中不再有”："
    "是否有函告、劝返台账等说明去向，由该学期自查的规则判断。逐人名单（未遮盖，仅供经授权人员）在 {file} 的“学生去向”表。",
    "Every pupil of a term's register is looked for in the next by ID number, else by student number. Who is not there and had not "
    "finished is in no register any more; whether a letter or a ledger tells where the child is, the rules of that term's self-check "
    "say. Child by child, unmasked and for the authorised: sheet Pupils of {file}.",
)
NAMES = {
    "vanished": Text("学籍中不再有", "In no register any more"),
    "came_back": Text("重新在读", "Came back"),
    "left": Text("按学籍离校", "Left by the record"),
    "finished": Text("毕业", "Finished"),
    "unfollowed": Text("无证号学籍号，无从查找", "No number to be found by"),
}
TERM, BEFORE = column_title("term"), Text("上学期在读", "Enrolled the term before")
STAYED_TEXT = Text("仍在读", "Still enrolled")
NONE = Text(
    "没有前后相连、都保存了学生表的两个学期，不能逐人比较。",
    "No two terms in a row have kept their pupils: nothing can be compared child by child.",
)
NOT_COMPARED = Text(
    "未比较的学期：{terms}。该学期或紧接其前的学期没有自查结果，或没有保存学生表。",
    "Not compared: {terms}. That term, or the one just before it, has no self-check or kept no pupils.",
)
SUMMARY = Text(
    "{vanished} 人学籍中不再有，{came_back} 人重新在读",
    "{vanished} in no register any more, {came_back} came back",
)


@in_full_unless_public
def children(results: TrendResults) -> Section:
    """A row a term that has one before it; 1 to 4 is not given."""
    language, lines = results.language, results.movements.to_dict("records")
    if not lines:
        return Section("children", TITLE.into(language), markup.paragraph(NONE.into(language)))
    heads = [BEFORE, STAYED_TEXT, *NAMES.values()]
    columns = [Col(TERM.into(language), css="k"), *(Col(head.into(language), "number") for head in heads)]
    rows = [
        [term_words(line["term"]).into(language), markup.count(line["before"]), *_cells(line)]
        for line in lines
    ]
    body = [
        markup.paragraph(LEAD.fill(file=file_name(results.trend.as_of)).into(language), "lead"),
        markup.table(columns, rows, caption=TITLE.into(language), headed=True),
        *(markup.paragraph(text.into(language)) for text in _not_compared(results)),
    ]
    sums = {move: few(int(results.movements[move].sum())) for move in ("vanished", "came_back")}
    return Section("children", TITLE.into(language), markup.join(body), SUMMARY.fill(**sums).into(language))


def _not_compared(results: TrendResults) -> list[Text]:
    """The terms that have no line, but for the first."""
    compared_terms = set(results.movements["term"])
    terms = [term_words(run.term) for run in results.runs.runs[1:] if run.term not in compared_terms]
    names = Text("、".join(term.zh for term in terms), ", ".join(term.en for term in terms))
    return [NOT_COMPARED.fill(terms=names)] if terms else []


def _cells(line: dict[str, int]) -> list[str]:
    """Still enrolled and the moves, small numbers not given; those who came back were not enrolled before and add to no total."""
    parts = ["stayed", *(move for move in MOVES if move != "came_back")]
    texts = dict(zip(parts, counts([int(line[part]) for part in parts]), strict=True))
    texts["came_back"] = few(line["came_back"])
    return [texts[name] for name in ("stayed", *NAMES)]
