"""The workbench without a browser: what is shown, filtered, exported, unmasked and decided."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections import defaultdict
from pathlib import Path

import ipywidgets
import openpyxl
import pytest
from sitting import ALL, NOON, form, grid, press, some_pupil

from auditlib.base.errors import AuditError, Problem
from auditlib.base.language import Text
from auditlib.rules import RULES
from auditlib.runs.unmask_log import FILE
from auditlib.workbench import asking, filters, overview
from auditlib.workbench.export import export_list
from auditlib.workbench.list_filter import ListFilter
from auditlib.workbench.session import Session
from auditlib.workbench.unmasking import unmask
from auditlib.workbench.workbench import Tab, Workbench

# Overview and filters


def test_a_press_on_a_bar_filters_list_and_overview_alike(session: Session) -> None:
    bars, finding_grid = overview.panel(session), grid(session)
    assert bars.figures[0]["shown"] == str(ALL)
    bars._handle_custom_msg({"kind": "toggle", "column": "rule", "code": "missed.unpaid"}, [])
    assert finding_grid.total == 9
    assert bars.figures[0]["shown"] == "9"
    assert {row["cells"]["rule"] for row in finding_grid.rows} == {"应助未助"}
    by_rule = next(chart for chart in bars.charts if chart["column"] == "rule")
    assert sum(bar["count"] for bar in by_rule["bars"]) == ALL
    assert [bar["code"] for bar in by_rule["bars"] if bar["pressed"]] == ["missed.unpaid"]
    bars._handle_custom_msg({"kind": "toggle", "column": "rule", "code": "missed.unpaid"}, [])
    assert finding_grid.total == ALL


def test_the_bands_of_yuan_hold_each_finding_once(session: Session) -> None:
    assert session.stored
    bands = session.stored.bands(ListFilter())
    assert sum(band.count for band in bands) == ALL
    for band in bands:
        finding_count, _yuan = session.stored.totals(ListFilter().typing("at_stake", band.code))
        assert finding_count == band.count


def test_each_filter_is_named_and_can_be_taken_away(session: Session) -> None:
    chips = filters.panel(session)
    session.list_filter = (
        ListFilter(search="镇").choosing("severity", ("high",)).typing("at_stake", "-499.99")
    )
    assert [chip["text"] for chip in chips.chips] == ["搜索：镇", "严重程度：高", "涉及金额：500 元以下"]
    chips._handle_custom_msg({"kind": "remove", "key": "severity"}, [])
    assert [chip["key"] for chip in chips.chips] == ["search", "at_stake"]
    chips._handle_custom_msg({"kind": "clear"}, [])
    assert session.list_filter.is_whole


# The list


def test_count_and_amount_are_of_what_is_shown(session: Session) -> None:
    assert session.stored
    finding_grid = grid(session)
    finding_grid.filters = {"rule": ["duplicate.same_scheme"]}
    stake = session.stored.page(session.list_filter)["at_stake"].sum()
    assert finding_grid.summary == f"12 条，涉及 {stake:,.2f} 元"


def test_the_list_is_turned_page_by_page(session: Session) -> None:
    finding_grid = grid(session)
    first = [row["id"] for row in finding_grid.rows]
    finding_grid.first = finding_grid.size
    assert len(first) == finding_grid.size
    assert not set(first) & {row["id"] for row in finding_grid.rows}
    finding_grid.search = "没有这个人"
    assert (finding_grid.first, finding_grid.total, finding_grid.rows) == (0, 0, [])


def test_missed_children_come_first(session: Session) -> None:
    assert {row["cells"]["rule"] for row in grid(session).rows[:12]} == {"应助未助", "疑似失学"}


def test_every_column_sorts_and_filters(session: Session) -> None:
    finding_grid = grid(session)
    for column in finding_grid.columns:
        finding_grid.order = {"column": column["key"], "descending": True}
        assert finding_grid.total == ALL
        finding_grid.filters = {
            column["key"]: [column["options"][0][0]] if column["kind"] == "choice" else "1"
        }
        assert finding_grid.problem == ""
        finding_grid.filters = {}


def test_a_filter_that_is_no_amount_is_refused_and_the_rows_stay(session: Session) -> None:
    finding_grid = grid(session)
    finding_grid.filters = {"at_stake": "很多"}
    assert "不是金额" in finding_grid.problem
    assert finding_grid.total == ALL
    finding_grid.filters = {"at_stake": ">=500"}
    assert finding_grid.problem == ""


def test_one_finds_a_pupil_by_the_tail_of_the_number(session: Session) -> None:
    pupil, finding_grid = some_pupil(session), grid(session)
    session.unmasked = True
    finding_grid.search = pupil["id_number"][-6:].lower()
    assert pupil["number"] in [row["id"] for row in finding_grid.rows]
    finding_grid.search = pupil["number"][:9].lower()
    assert [row["id"] for row in finding_grid.rows] == [pupil["number"]]


def test_while_names_are_masked_nothing_hidden_is_answered_for(session: Session) -> None:
    pupil, finding_grid = some_pupil(session), grid(session)
    hidden_words = {
        "name": pupil["name"],
        "id_number": pupil["id_number"][6:14],
        "student_no": pupil["id_number"][6:14],
    }
    for text in (pupil["name"], pupil["id_number"][-6:]):
        finding_grid.search = text
        assert finding_grid.total == 0
    finding_grid.search = pupil["name"][:1]
    assert finding_grid.total > 0
    finding_grid.search = ""
    for column, text in hidden_words.items():
        finding_grid.filters = {column: text}
        assert finding_grid.total == 0
    finding_grid.filters = {}
    order = {"column": "id_number", "descending": False}
    finding_grid.order = order
    cells_shown = [row["cells"]["id_number"] for row in finding_grid.rows]
    assert cells_shown == sorted(cells_shown)
    session.unmasked = True
    finding_grid.search = pupil["name"]
    assert pupil["number"] in [row["id"] for row in finding_grid.rows]


# Masking


def test_nothing_is_shown_in_full_until_who_and_why_are_written_down(session: Session, folder: Path) -> None:
    pupil, finding_grid = some_pupil(session), grid(session)
    session.finding_id = pupil["finding_id"]
    cells_shown = form(session).card.value + json.dumps(finding_grid.rows, ensure_ascii=False)
    assert pupil["name"] not in cells_shown
    assert pupil["id_number"] not in cells_shown
    with pytest.raises(AuditError, match="查看原因"):
        unmask(session, "  ", NOON)
    assert not session.unmasked
    unmask(session, "核实，某校\n疑点", NOON)
    assert any(row["cells"]["id_number"] == pupil["id_number"] for row in finding_grid.rows)
    rows = list(csv.reader(io.StringIO((folder / FILE).read_text("utf-8-sig"))))
    assert rows == [["at", "who", "reason"], ["2021-01-04T12:00:00", "张审计", "核实，某校 疑点"]]


def test_no_spreadsheet_runs_what_stands_in_the_log(session: Session, folder: Path) -> None:
    session.who = '=HYPERLINK("http://x","y")'
    unmask(session, "@cmd", NOON)
    rows = list(csv.reader(io.StringIO((folder / FILE).read_text("utf-8-sig"))))
    assert rows[1][1:] == ["'" + session.who, "'@cmd"]


def test_without_a_name_or_a_log_nothing_is_unmasked(session: Session, folder: Path) -> None:
    session.who = " "
    with pytest.raises(AuditError, match="经办人"):
        unmask(session, "核实", NOON)
    session.who = "张审计"
    (folder / FILE).mkdir()
    with pytest.raises(AuditError, match="未显示完整信息"):
        unmask(session, "核实", NOON)
    assert not session.unmasked


def test_another_run_is_masked_again(session: Session, folder: Path) -> None:
    unmask(session, "核实", NOON)
    session.open(folder)
    assert not session.unmasked


# Export


def test_the_export_is_what_is_selected_masked_as_on_the_screen(session: Session) -> None:
    session.list_filter = ListFilter(order="at_stake", descending=True).choosing("rule", ("missed.unpaid",))
    book = openpyxl.load_workbook(io.BytesIO(export_list(session)))
    head, *rows = book["疑点"].iter_rows(values_only=True)
    assert len(rows) == 9
    stakes = [row[head.index("涉及金额")] for row in rows]
    assert stakes == sorted(stakes, reverse=True)
    pupil = some_pupil(session)
    assert pupil["name"] not in [row[head.index("姓名")] for row in rows]
    assert "已遮盖" in book["说明"]["A3"].value
    unmask(session, "核实", NOON)
    full = openpyxl.load_workbook(io.BytesIO(export_list(session)))
    assert pupil["id_number"] in [
        row[head.index("身份证号")] for row in full["疑点"].iter_rows(values_only=True)
    ]
    assert "不得转发" in full["说明"]["A3"].value


def test_a_cell_that_looks_like_a_formula_stays_text(session: Session) -> None:
    assert session.stored
    session.stored._connection.execute("UPDATE stored SET school_name = '=1+1', message = '@cmd'")
    session.stored.look_again()
    sheet = openpyxl.load_workbook(io.BytesIO(export_list(session)))["疑点"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} <= {
        "s",
        "n",
    }
    assert "=1+1" in [cell.value for row in sheet.iter_rows() for cell in row]


# Reply slips


def test_a_slip_is_masked_until_unmasked_and_asks_by_a_day(session: Session) -> None:
    pupil = some_pupil(session)
    page = asking.to_print(session, [pupil["finding_id"]], NOON.date())
    text = page.content.decode()
    assert (page.slips, page.name) == (1, "slips-990122-2020-autumn.html")
    assert pupil["name"] not in text
    assert "2021-01-04" in text
    unmask(session, "发回复单", NOON)
    assert pupil["name"] in asking.to_print(session, [pupil["finding_id"]], NOON.date()).content.decode()


def test_slips_of_several_schools_are_an_archive_of_workbooks(session: Session) -> None:
    assert session.stored
    several = asking.to_send(session, session.stored.ids(ListFilter()), NOON.date())
    with zipfile.ZipFile(io.BytesIO(several.content)) as archive:
        names = archive.namelist()
        assert len(names) > 1
        assert all(name.endswith(".xlsx") for name in names)
    one = asking.to_send(session, [str(some_pupil(session)["finding_id"])], NOON.date())
    assert one.name.endswith(".xlsx")
    assert openpyxl.load_workbook(io.BytesIO(one.content)).sheetnames


def test_a_slip_needs_a_finding_and_a_day(session: Session) -> None:
    with pytest.raises(AuditError, match="没有选中疑点"):
        asking.to_print(session, [], NOON.date())
    with pytest.raises(AuditError, match="答复期限"):
        asking.to_send(session, [str(some_pupil(session)["finding_id"])], None)


def test_what_people_write_is_shown_as_text(session: Session) -> None:
    decision_form = form(session)
    session.finding_id = str(some_pupil(session)["finding_id"])
    press(decision_form, "cleared", own="<img src=x onerror=alert(1)>")
    assert "<img" not in decision_form.history.value + decision_form.said.value + decision_form.card.value


# The whole


def test_a_panel_that_cannot_be_drawn_says_why(folder: Path) -> None:
    def refuse(session: Session) -> ipywidgets.Widget:
        def draw(_change: object) -> None:
            raise AuditError(Problem(Text("坏了", "broken"), Text("表", "tables"), Text("重做", "again")))

        session.observe(draw, ["panel"])
        return ipywidgets.HTML()

    tabs = (Tab("overview", overview.TITLE, overview.panel), Tab("other", Text("别的", "other"), refuse))
    bench = Workbench(folder.parent, "zh", tabs)
    _row, alert_html, tab = bench.body.children
    tab.selected_index = 1
    assert "坏了" in alert_html.value


def test_another_language_keeps_run_filters_and_inspector(folder: Path) -> None:
    bench = Workbench(folder.parent, "zh")
    bench.session.who = "张审计"
    bench.session.list_filter = ListFilter(search="镇")
    bench.speak("en")
    assert bench.body.children[2].titles[0] == "Overview"
    assert bench.mast.children[2].value == "张审计"
    assert bench.session.list_filter.search == "镇"


def test_messages_follow_the_readers_language_and_are_searched_as_they_stand(session: Session) -> None:
    assert session.stored
    rows = session.stored.page(ListFilter())
    rule = str(rows["rule"].iloc[0])
    message_text = RULES[rule].message.into("zh").format_map(defaultdict(lambda: "7"))
    session.stored._connection.execute("UPDATE stored SET message = ? WHERE rule = ?", [message_text, rule])
    session.speak("en")
    messages = session.stored.page(ListFilter()).set_index("rule")["message"]
    beginning = RULES[rule].message.into("en").split("{")[0]
    assert beginning and all(str(text).startswith(beginning) for text in messages[[rule]])
    session.speak("zh")
    message_by_rule = session.stored.page(ListFilter()).set_index("rule")["message"]
    assert RULES[rule].message.into("zh").split("{")[0] in str(message_by_rule[[rule]].iloc[0])
