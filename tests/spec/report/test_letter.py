"""The letter and the page for leaders: the report's figures, no person, nothing that singles anybody out."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from docx.oxml.ns import qn
from findings_fixture import COUNTS
from results_fixture import results

from auditlib import report
from auditlib.findings.in_trouble import is_away
from auditlib.findings.results import Results
from auditlib.findings.yuan_once import ADDED_UP, YuanOnce
from auditlib.forms.worklist import write_worklist
from auditlib.report.bridge import ONCE, sum_sentence
from auditlib.report.letter import title, write_letter
from auditlib.report.limits import PRINCIPLES
from auditlib.report.rectification import problems, requirements
from auditlib.report.summary import PARTS, children_cells, write_summary
from auditlib.report.summary_letter import write_summary_letter
from auditlib.rules import RULES
from auditlib.terminal.closing import closing
from auditlib.workbench.overview import funnel
from auditlib.workbench.session import Session

FIELDS = ("填报单位（盖章）", "填报日期", "核对人", "负责人")


@pytest.fixture(scope="module")
def county() -> Results:
    return results()


def letter_of(county: Results, folder: Path) -> tuple[str, list[list[list[str]]]]:
    """What the letter says, and its tables."""
    write_letter(county, folder / "report.docx")
    document = docx.Document(str(folder / "report.docx"))
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]
    letter_text = [paragraph.text for paragraph in document.paragraphs]
    return "\n".join([*letter_text, *("\t".join(row) for table in tables for row in table)]), tables


def summary_of(county: Results, folder: Path) -> str:
    write_summary(county, folder / "summary.html")
    return (folder / "summary.html").read_text("utf-8")


def summary_letter_of(county: Results, folder: Path) -> str:
    write_summary_letter(county, folder / "summary.docx")
    document = docx.Document(str(folder / "summary.docx"))
    pieces = [[each.text] for each in document.paragraphs if each.text]
    pieces += [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]
    return " ".join(" ".join(piece) for piece in pieces).replace("\u00a0", " ")


def text_of(page: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", " ", re.sub(r"<style.*?</style>", "", page, flags=re.DOTALL)))


def test_no_page_of_the_letter_ends_within_a_row_or_holds_its_last_line_alone(
    county: Results, tmp_path: Path
) -> None:
    write_letter(county, tmp_path / "report.docx")
    document = docx.Document(str(tmp_path / "report.docx"))
    rows = [row._tr.trPr for table in document.tables for row in table.rows]
    assert len(rows) > 20 and all(row.findall(qn("w:cantSplit")) for row in rows)
    fields, figures, _problems = (
        [row.cells[0].paragraphs[0].paragraph_format.keep_with_next for row in table.rows]
        for table in document.tables
    )
    assert fields == [*[True] * (len(fields) - 1), False]
    # Kept whole, the figures left a quarter of the page before them empty; their heads never stand alone.
    assert figures == [True, True, *[False] * (len(figures) - 2)]
    *advice, last = document.paragraphs[-len(PRINCIPLES) - 1 :]
    assert all(line.paragraph_format.keep_with_next for line in advice) and last.text == PRINCIPLES[-1].zh


def test_the_letter_has_the_reports_figures_and_what_a_bureau_fills_in(
    county: Results, tmp_path: Path
) -> None:
    letter_text, (fields, figures, blanks) = letter_of(county, tmp_path)
    assert fields == [[name, ""] for name in FIELDS]
    page = text_of(str(report.conclusion(county).body))
    for name, value in figures[1:]:
        number = value.split()[0]
        assert (name in page or name == ONCE.zh) and number in letter_text
        assert number in page
    kinds = problems(county)
    assert len(blanks) == 1 + len(kinds) < 1 + county.findings["rule"].nunique()
    assert blanks[1][3] == f"{kinds[0].persons:,}"
    assert report.conclusion(county).summary.split("。")[0] in letter_text


def test_what_a_bureau_fills_in_stands_at_the_head_and_no_figure_breaks_in_its_cell(
    county: Results, tmp_path: Path
) -> None:
    write_letter(county, tmp_path / "report.docx")
    document = docx.Document(str(tmp_path / "report.docx"))
    fields, _figures, blanks = document.tables
    assert [block.tag.rpartition("}")[2] for block in document.element.body[:3]] == ["p", "p", "tbl"]
    assert min(row.height.mm for row in fields.rows) > 8.9
    # A figure of eight points: 1.6 millimetres a digit and 3.8 of margins.
    yuan, until, items = (blanks.columns[at] for at in (4, 6, 7))
    assert yuan.width.mm >= 1.6 * len("1,101,252.50") + 2 and until.width.mm > 21.9
    assert all(" " not in cell.text.replace("年 ", "") for cell in (*until.cells[1:], *items.cells[1:]))
    blank_cells = "\n".join(cell.text for row in blanks.rows for cell in row.cells)
    assert "见附件" not in blank_cells and "没有附件" in "".join(each.text for each in document.paragraphs)


def test_the_letter_says_who_may_have_it_and_its_file_what_and_of_when_it_is(
    county: Results, tmp_path: Path
) -> None:
    letter_text, _tables = letter_of(county, tmp_path)
    assert "内部使用" in letter_text and "不对外提供" in letter_text
    (file,) = tmp_path.glob("*.docx")
    about = docx.Document(str(file)).core_properties
    assert about.title == title(county).zh and about.comments == ""
    day = str(county.parameters["count_date"])
    assert [about.created.date().isoformat(), about.modified.date().isoformat()] == [day, day]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_letter_is_the_same_bytes_twice_in_either_language(language: str, tmp_path: Path) -> None:
    county_results = results(language, {"missed.unpaid": 6, "totals.amount": 1})
    for name in ("one.docx", "two.docx"):
        write_letter(county_results, tmp_path / name)
    assert (tmp_path / "one.docx").read_bytes() == (tmp_path / "two.docx").read_bytes()
    letter_text, _tables = letter_of(county_results, tmp_path)
    assert bool(re.search("[一-鿿]", letter_text.split("\n")[0])) == (language == "zh")


def test_none_of_them_names_a_person(county: Results, tmp_path: Path) -> None:
    texts_of_both = letter_of(county, tmp_path)[0] + text_of(summary_of(county, tmp_path))
    texts_of_both += summary_letter_of(county, tmp_path)
    people = county.findings[county.findings["name"].str.fullmatch("[一-鿿·]{2,}")]
    assert len(people) > 100
    assert not [name for name in set(people["name"]) if name in texts_of_both]
    assert not re.findall(r"\d{15,}", texts_of_both)


def small_county(**figures: Any) -> Results:
    counts = {"missed.unpaid": 31, "missed.returned": 3, "missed.not_found": 8, "duplicate.same_scheme": 2}
    county_results = results(counts=counts)
    trouble = {"children_missed": 42, "children_uncovered": 2, "children_unclear": 9, **figures}
    return replace(county_results, conclusion={**county_results.conclusion, **trouble})


def test_the_summary_tells_no_number_from_one_to_four_nor_a_sum_that_gives_it_away(tmp_path: Path) -> None:
    letter_text = re.sub(r"\s+", " ", text_of(summary_of(small_county(), tmp_path)))
    assert "疑似应助未助或去向不明 40 至 43" in letter_text
    assert "未纳入核查范围的适龄儿童（优先核查去向） 1–4" in letter_text
    assert "须逐人核实、劝返的学生（儿童） 53" in letter_text
    assert "因资料缺失或矛盾无法判断 9" in letter_text
    assert not re.search(r"退汇未补 \d", letter_text)
    assert "42" not in letter_text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_summary_for_word_tells_what_the_page_tells_and_no_more(language: str, tmp_path: Path) -> None:
    small = small_county()
    small = replace(small, parameters={**small.parameters, "language": language})
    page_text = text_of(summary_of(small, tmp_path).partition("<body>")[2])
    letter_text = summary_letter_of(small, tmp_path)
    numbers = [sorted(re.findall(r"[\d,.–]*\d", text)) for text in (page_text, letter_text)]
    assert numbers[0] == numbers[1] and len(numbers[0]) > 20
    words_of_page, words = page_text.split(), letter_text.split()
    assert set(words) <= {*words_of_page} and "42" not in words
    assert ("可以对外提供" if language == "zh" else "may be handed out") in letter_text


def test_the_summary_for_word_is_one_sheet_of_the_same_bytes(county: Results, tmp_path: Path) -> None:
    contents = set()
    for name in ("one.docx", "two.docx"):
        write_summary_letter(county, tmp_path / name)
        contents.add((tmp_path / name).read_bytes())
    assert len(contents) == 1
    document = docx.Document(str(tmp_path / "one.docx"))
    assert document.core_properties.title == title(county).zh


def test_who_was_not_at_school_is_told_as_a_range_where_one_of_the_rules_is_hidden(tmp_path: Path) -> None:
    counts = {"attendance.absent": 6, "dropout.overdue": 7, "dropout.false_closure": 3}
    county = results(counts=counts)
    figures = {**county.conclusion, "children_missed": 0, "children_away": 16, "children_unclear": 26}
    letter_text = re.sub(
        r"\s+", " ", text_of(summary_of(replace(county, conclusion=figures), tmp_path))
    )  # 16 would tell the 3
    assert "清点不在校、劝返逾期、未列台账、销号不实或本学期查无记录 14 至 17" in letter_text
    assert "须逐人核实、劝返的学生（儿童） 40 至 43" in letter_text


def test_whom_the_ledgers_know_to_be_away_is_told_beside_whom_a_rule_found(tmp_path: Path) -> None:
    county = small_county()
    kinds = {"out_of_school": 86, "untraced": 3, "elsewhere": 9}
    county = replace(county, whereabouts={**county.whereabouts, "kinds": kinds})
    body = str(report.conclusion(county).body)
    assert "不在校 <a" in body and ">86</a> 人、下落不明 <a" in body
    summary = text_of(summary_of(county, tmp_path))  # each number would tell the three, or bounds of them
    assert "登记不在校、下落不明的学生（儿童）都在上面的总数内。" in summary and "86" not in summary
    nobody = replace(county, whereabouts={**county.whereabouts, "kinds": {"elsewhere": 9}})
    assert "换一个口径" not in str(report.conclusion(nobody).body)


def test_page_letter_and_summary_tell_one_total_and_how_the_known_away_stand_in_it(tmp_path: Path) -> None:
    county = small_county(children_out=53)
    county = replace(
        county, whereabouts={**county.whereabouts, "kinds": {"out_of_school": 58, "untraced": 13}}
    )
    page = text_of(report.conclusion(county)._repr_html_())
    told = [page, letter_of(county, tmp_path)[0], text_of(summary_of(county, tmp_path))]
    page, letter, summary = (re.sub(r"\s+", "", text) for text in told)
    for text in (page, letter):
        assert "共有106名学生（儿童）须逐人核实、劝返（每人只计一次）" in text
        assert "53人学籍、台账已登记不在校或下落不明" in text
    for text in (page, letter, summary):
        assert "换一个口径，按学籍、台账的登记（与上面某类的数相同，不等于是同一批人）" in text
        assert "共71人，都在上面的总数内：18人已计入前几类，53人计入末一类。" in text
        assert ("进度见“控辍保学与逐人去向”" in text) == (text is page)
    assert "学籍、台账已登记不在校或下落不明（未计入以上各行）53" in summary
    assert "须逐人核实、劝返的学生（儿童）106" in summary


@pytest.mark.parametrize("language", ["zh", "en"])
def test_money_that_rests_on_findings_below_the_line_says_so_wherever_it_stands(
    language: str, tmp_path: Path
) -> None:
    small = results(language, {"missed.unpaid": 31, "duplicate.same_scheme": 9})
    unsure = {"owed": Decimal("500.25"), "wrong": Decimal("1500.25"), "once": Decimal("2000.50")}
    county = replace(small, conclusion={**small.conclusion, "unsure_yuan": unsure})
    page, letter = str(report.conclusion(county).body), letter_of(county, tmp_path)[0]
    clause = {"zh": "元为待核实", "en": "not certain yet"}[language]
    tiles = page.split('class="bridge"')[1].split("</dl>")[0]
    assert tiles.count(clause) == 2 and "500.25" in tiles and "1,500.25" in tiles
    for text in (page.split('class="bridge"')[1].split("</dl>")[1], letter):
        assert clause in text and "500.25" in text and "1,500.25" in text
    summary = text_of(summary_of(county, tmp_path))
    assert {"zh": "待核实的", "en": "not certain yet"}[language] in summary and "500.25" not in summary
    book, parameters = tmp_path / "findings.xlsx", county.parameters
    write_worklist(
        county.findings,
        book,
        parameters=parameters,
        language=language,
        yuan=county.conclusion["yuan_once"],
        unsure=unsure,
    )
    cells = [
        cell.value
        for sheet in openpyxl.load_workbook(book)
        for row in sheet.iter_rows(max_col=3)
        for cell in row
    ]
    assert 500.25 in cells and 1500.25 in cells
    sure = replace(small, conclusion={**small.conclusion, "unsure_yuan": dict.fromkeys(unsure, Decimal(0))})
    assert clause not in str(report.conclusion(sure).body) and clause not in letter_of(sure, tmp_path)[0]


@pytest.mark.parametrize(
    ("rules_run", "cell"),
    [
        ([], "未核对"),
        (["enrolment.vanished"], "0（有关规则只运行了一部分）"),
        ([rule for rule in RULES if is_away(rule)], "0"),
    ],
)
def test_a_nought_of_what_was_not_asked_is_none(rules_run: list[str], cell: str, county: Results) -> None:
    away = county.rules["rule"].map(is_away)
    rules = county.rules.assign(
        status=county.rules["status"].mask(away & ~county.rules["rule"].isin(rules_run), "not_run")
    )
    rules.loc[away & rules["rule"].isin(rules_run), "status"] = "run"
    figures = dict(county.conclusion) | {"children_away": 0}
    cells = children_cells(replace(county, conclusion=figures, rules=rules), requirements(county))
    assert dict(cells)[PARTS["children_away"]].zh == cell


def test_the_summary_gives_no_share_that_counts_one_to_four(tmp_path: Path) -> None:
    page_text = text_of(summary_of(small_county(entitled_pupils=400, paid_in_full=398), tmp_path))
    assert "足额到位 绝大多数" in page_text
    assert "99." not in page_text.split("未能核对的部分")[0]


def test_the_summary_gives_no_yuan_of_one_to_four_persons(tmp_path: Path) -> None:
    page_text = text_of(summary_of(small_county(), tmp_path))
    assert re.search("误发、重发、超发金额：不列", page_text)
    assert not re.search("应发未发金额：不列", page_text)


def test_the_summary_asks_no_network_for_anything(county: Results, tmp_path: Path) -> None:
    page = summary_of(county, tmp_path)
    assert "default-src 'none'" in page
    assert "<script" not in page
    assert not re.findall(r"""(?:src|href)=["'](?!data:|#)|url\((?!data:)|@import""", page)
    assert COUNTS["missed.unpaid"] > 4 and "应助未助" in text_of(page)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_both_have_words_when_nothing_was_found(language: str, tmp_path: Path) -> None:
    county_results = results(language, {})
    assert letter_of(county_results, tmp_path)[0].strip()
    assert text_of(summary_of(county_results, tmp_path)).strip()


def test_report_letter_list_workbench_and_terminal_add_up_to_one_sum(county: Results, tmp_path: Path) -> None:
    once: YuanOnce = county.conclusion["yuan_once"]
    assert once.one_by_one == sum(county.findings["at_stake"])
    assert once.one_by_one == once.once + once.repeated + once.balances and once.balances > 0
    sentence = sum_sentence(county.conclusion).zh
    assert [Decimal(n.replace(",", "")) for n in re.findall(r"[\d,]+\.\d\d", sentence)] == [
        once.one_by_one, once.balances, once.once, once.owed, once.wrong, once.other,
    ]  # fmt: skip
    assert once.repeated == 0 and "同一笔钱" not in sentence
    page, letter = text_of(str(report.conclusion(county).body)), letter_of(county, tmp_path)[0]
    assert sentence in letter and re.sub(r"\s", "", sentence) in re.sub(r"\s", "", page)
    assert once == of_worklist(county, tmp_path / "findings.xlsx")
    rules = {row.rule: {"status": row.status, "exceptions": row.exceptions, "at_stake": f"{row.at_stake:.2f}", "untested_reasons": {}}
             for row in county.rules.itertuples()}  # fmt: skip
    manifest = {"rules": rules, "inputs": [{"file": "学籍.xlsx"}], "yuan_once": once.as_json()}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    closing_lines = closing("county_self_check", tmp_path, "zh")
    assert (
        f"涉及 {once.one_by_one:,.2f} 元" in closing_lines[0]
        and f"只计一次：{once.once:,.2f} 元" in closing_lines[1]
    )
    sitting = Session(who="张审计")
    sitting.manifest = manifest
    assert funnel(sitting)[-1]["shown"] == f"{once.once:,.2f}"


def test_the_last_words_count_children_of_whom_nothing_can_be_said(tmp_path: Path) -> None:
    rules = {
        "missed.unpaid": {
            "exceptions": 0,
            "at_stake": "0",
            "status": "run",
            "untested_reasons": {"boarding_unknown": 16},
        }
    }
    manifest = {
        "rules": rules,
        "children": {"compulsory:paid": 1, "compulsory:untested": 9, "senior:untested": 1},
    }
    (tmp_path / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    closing_lines = closing("county_self_check", tmp_path, "zh")
    after = closing_lines.index("先看孩子：没有发现应助未助") + 1
    assert closing_lines[after] == "另有 10 名孩子因资料缺失或矛盾无法判断：没有疑点不等于没有问题"


def test_the_last_words_count_children_who_have_left_and_stand_in_nothing(tmp_path: Path) -> None:
    rules = {
        "dropout.unledgered": {"exceptions": 0, "at_stake": "0", "status": "not_run", "untested_reasons": {}}
    }
    left = {"compulsory:left:lost": 2, "compulsory:left:deceased": 1, "senior:left:withdrawn": 4}
    (tmp_path / "manifest.json").write_text(json.dumps({"rules": rules, "children": left}), "utf-8")
    lines = closing("county_self_check", tmp_path, "zh")
    assert [line for line in lines if "优先核查去向" in line] == [
        "2 名义务教育年龄的孩子学籍不在读，函告、台账中都没有：优先核查去向，名单在报告里"
    ]


def of_worklist(county: Results, path: Path) -> YuanOnce:
    """The sums on the first sheet of the working list."""
    yuan = county.conclusion["yuan_once"]
    write_worklist(county.findings, path, parameters=county.parameters, language="zh", yuan=yuan)
    cells = {row[0].value: row[2].value for row in openpyxl.load_workbook(path)["说明"].iter_rows()}
    parts = {name: f"{cells[title.zh]:.2f}" for name, title in ADDED_UP}
    assert Decimal(parts.pop("once")) == yuan.once
    return YuanOnce.of(parts)
