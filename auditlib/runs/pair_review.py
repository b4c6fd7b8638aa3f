"""Pairs of records for a person to judge: both records side by side, what differs, and what may explain it."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ibis import _

from auditlib.base.language import Text
from auditlib.forms.review_reading import read_judgements
from auditlib.linkage.exact import LINKED_TABLES
from auditlib.linkage.judgements import Judgement
from auditlib.linkage.model.explain import sentence
from auditlib.runs.run_rows import Row, cell_shown, cell_words, rows_at
from auditlib.runs.run_tables import RunTables
from auditlib.tables.delivered import TABLES
from auditlib.tables.findings import column_title

# What is laid side by side: title, columns of the row (the first that it has), columns of the enrolment record.
RELATIVES = Text("开户人、监护人", "Account holder, guardian")
SIDES: tuple[tuple[Text, tuple[str, ...], tuple[str, ...]], ...] = (
    (column_title("name"), ("name",), ("name",)),
    (column_title("id_number"), ("id_number",), ("id_number",)),
    (column_title("student_no"), ("student_no",), ("student_no",)),
    (Text("出生日期", "Birth date"), ("birth_date", "id_birth"), ("birth_date", "id_birth")),
    (Text("性别", "Sex"), ("sex",), ("sex",)),
    (
        column_title("school_name"),
        ("school_name", "school_code", "destination"),
        ("school_name", "school_code"),
    ),
    (RELATIVES, ("account_holder",), ("guardian_name",)),
)
CONTEXT = ("category", "scheme", "amount", "pay_date", "household_no", "relation", "town", "village", "stage", "grade", "class_name", "status")  # fmt: skip

MAY_BE_SAME: Mapping[str, Text] = {
    "id_number:one_digit": Text("录入错一位，或登记后更正过一位", "one digit was typed wrongly, or corrected after registration"),
    "id_number:swapped": Text("录入时相邻两位颠倒", "two neighbouring digits were typed the wrong way round"),
    "id_number:digit_missing": Text("录入时漏一位或多一位", "a digit was left out or typed twice"),
    "id_number:kept": Text("电子表格截断了证号末几位", "the spreadsheet cut the last digits"),
    "id_number:kept_slip": Text("电子表格截断了证号，且录错一位", "the spreadsheet cut the number, and one digit was mistyped"),
    "id_number:few_digits": Text("地区码或月份写错后重算了校验位", "area or month was written wrongly and the check digit recomputed"),
    "id_number:differs": Text("证号变更过，或填了家长的证号", "the number was changed, or a parent's was written"),
    "name:variant": Text("异体字或间隔号写法不同", "a variant character, or another separator"),
    "name:sound": Text("同音字录入", "typed by sound, another character chosen"),
    "name:lost": Text("生僻字在导出时丢失", "a rare character was lost in an export"),
    "name:one_character": Text("形近字录入错误", "a character that looks alike was chosen"),
    "name:character_missing": Text("漏录一字，或生僻字在导出时丢失", "a character was left out, or lost in an export"),
    "name:given": Text("随父、随母改姓", "took the other parent's surname"),
    "birth:swapped": Text("出生日期相邻两位颠倒", "two neighbouring digits of the date were typed the wrong way round"),
    "birth:near": Text("出生日期录错一位，或农历公历混用", "one digit of the date was mistyped, or lunar for solar"),
    "school:differs": Text("学期中转学", "changed school in the term"),
    "former_school:differs": Text("名册所记学校过时", "the register tells an old school"),
    "student_no:differs": Text("临时学籍号已换成正式学籍号", "a provisional student number gave way to the formal one"),
    "family:card": Text("发到同一家庭的银行卡", "paid on a card of the same family"),
    "family:holder": Text("开户人即该学生的监护人", "the account holder is this pupil's guardian"),
}  # fmt: skip
MAY_BE_ANOTHER: Mapping[str, Text] = {
    "id_number:birth_part": Text("同日出生的另一个孩子，也可能是双胞胎", "another child born on that day, a twin perhaps"),
    "id_number:few_digits": Text("同地同日出生，顺序号相近", "born in the same place on the same day"),
    "id_number:differs": Text("同名的另一个孩子", "another child of the same name"),
    "name:equal": Text("同名的另一个孩子", "a namesake"),
    "name:surname": Text("兄弟姐妹或同族", "a brother, a sister or a relative"),
    "name:one_character": Text("兄弟姐妹，名中有一字相同", "a brother or sister who shares a character"),
    "name:character_missing": Text("兄弟姐妹或同族，名中有一字相同", "a brother, a sister or a relative who shares a character"),
    "name:sound": Text("姓名同音的另一个孩子", "another child whose name sounds the same"),
    "sex:differs": Text("性别不同", "the sex differs"),
    "birth:differs": Text("出生日期不同", "the birth dates differ"),
    "family:guardian": Text("同户的兄弟姐妹", "a brother or sister of the same household"),
    "family:card": Text("同户的兄弟姐妹共用一卡", "brothers and sisters on one card"),
    "family:other_card": Text("不是该家庭已知的银行卡", "none of the cards known of the family"),
    "town:differs": Text("不在同一乡镇", "not of the same town"),
}  # fmt: skip


@dataclass(frozen=True)
class Side:
    """One thing that both records tell, or one of them: as text, already masked where it must be.

    ``marked``: the places (from, to) of ``of_row`` and of ``of_register`` that differ; None where one says nothing.
    """

    title: Text
    of_row: str
    of_register: str
    marked: tuple[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]] | None


@dataclass(frozen=True)
class Pair:
    """A row of a table and the enrolment record that it may be.

    ``linked``: the model has made it this pupil already; what a person says outranks that. ``score``: how probable it
    is; None where a person had judged it before the run.
    """

    pair: str
    table: str
    source: str
    register_source: str
    score: float | None
    linked: bool
    levels: tuple[str, ...]
    row: Row
    register: Row

    def sides(self, language: str, *, unmasked: bool) -> list[Side]:
        """What both say, side by side, with what differs."""
        compared_sides = [
            _side(title, _first(self.row, own), _first(self.register, of_pupil), language, unmasked=unmasked)
            for title, own, of_pupil in SIDES
        ]
        return [side for side in compared_sides if side.of_row or side.of_register]

    def context(self, language: str, *, unmasked: bool) -> list[list[str]]:
        """What else each record tells, as ``title: value``."""
        records = ((self.table, self.row), ("enrolment", self.register))
        return [_context(table, row, language, unmasked=unmasked) for table, row in records]

    def compared(self, language: str) -> str:
        """The levels reached, as a sentence."""
        return sentence(" ".join(self.levels), language)

    def explanations(self) -> tuple[list[Text], list[Text]]:
        """What would make the two one person, and what would make them two."""
        same = [MAY_BE_SAME[level] for level in self.levels if level in MAY_BE_SAME]
        return same, [MAY_BE_ANOTHER[level] for level in self.levels if level in MAY_BE_ANOTHER]


def pairs_to_judge(run: RunTables) -> list[Pair]:
    """The open pairs, the most doubtful first; then those that the model has linked, the least sure first."""
    shares = run.table("shares").drop("review", "has_judgement")
    open_ = run.table("open_pairs").filter(_.review).mutate(linked=False)
    parts = [
        run.table(name).filter(_.decided_by == "model").select("source", candidate_id="person_id").inner_join(
            shares.filter(_.table == name), ["source", "candidate_id"]
        )
        for name in LINKED_TABLES
    ]  # fmt: skip
    columns = ["table", "source", "register_source", "score", "levels", "pair", "linked", "has_judgement"]
    pairs = open_.select(*columns)
    for part in parts:
        pairs = pairs.union(part.mutate(linked=True, has_judgement=False).select(*columns))
    frame = run.fetch(pairs)
    frame["doubt"] = (frame["score"].astype(float) - 0.5).abs().round(6)
    frame = frame.sort_values(["linked", "doubt", "table", "source", "register_source"])
    rows = {str(name): rows_at(run, str(name), part["source"]) for name, part in frame.groupby("table")}
    register = rows_at(run, "enrolment", frame["register_source"])
    return [
        Pair(
            row["pair"], row["table"], row["source"], row["register_source"],
            None if row["has_judgement"] else float(row["score"]), bool(row["linked"]), tuple(row["levels"].split()),
            rows[row["table"]][row["source"]], register[row["register_source"]],
        )
        for row in frame.to_dict("records")
    ]  # fmt: skip


def judgements_of(run: RunTables, language: str) -> dict[str, Judgement]:
    """What holds of each pair now: earlier runs' decisions, this run's review.xlsx, and its ledger."""
    return {judgement.pair: judgement for judgement in read_judgements([run.folder], language)}


def _first(row: Row, columns: tuple[str, ...]) -> tuple[str, Any]:
    """The first of ``columns`` that the row tells, and what it tells."""
    column = next((column for column in columns if column in row), columns[0])
    return column, row.get(column)


def _side(
    title: Text, own: tuple[str, Any], of_pupil: tuple[str, Any], language: str, *, unmasked: bool
) -> Side:
    (of_row, ours), (of_register, theirs) = own, of_pupil
    texts = cell_words(of_row, ours, language), cell_words(of_register, theirs, language)
    marked_places = differences(*texts) if all(texts) and title != RELATIVES else None
    texts_shown = [
        cell_shown(column, value, language, unmasked=unmasked) for column, value in (own, of_pupil)
    ]
    return Side(title, texts_shown[0], texts_shown[1], marked_places)


def differences(one: str, other: str) -> tuple[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]]:
    """Where two texts differ, in each: ``(from, to)`` pairs; place by place where both are as long."""
    if len(one) == len(other):
        alone = tuple((at, at + 1) for at, (a, b) in enumerate(zip(one, other, strict=True)) if a != b)
        return alone, alone
    codes = difflib.SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
    blocks = [places for kind, *places in codes if kind != "equal"]
    return tuple((a, b) for a, b, _c, _d in blocks), tuple((c, d) for _a, _b, c, d in blocks)


def _context(table: str, row: Row, language: str, *, unmasked: bool) -> list[str]:
    columns = [column for column in TABLES[table].columns if column.name in CONTEXT and column.name in row]
    colon = "：" if language == "zh" else ": "
    return [
        f"{column.title.into(language)}{colon}{cell_shown(column.name, row[column.name], language, unmasked=unmasked)}"
        for column in columns
    ]
