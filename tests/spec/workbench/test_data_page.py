"""The page of data: files, sheets, columns and rows as they stand in the file; from a finding's source to its row."""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl
import pytest
from many_findings import county
from tiny_county import HEADERS, deliver, pupil, written

from auditlib.base.errors import AuditError
from auditlib.runs.originals import Originals, data_folder
from auditlib.workbench import sources
from auditlib.workbench.data_page import Data
from auditlib.workbench.decide import _Form
from auditlib.workbench.finding_card import card
from auditlib.workbench.list_filter import ListFilter
from auditlib.workbench.session import Session
from auditlib.workbench.shown import cells

PHONE, TELEPHONE = "马小云的姑姑", "家长电话"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run whose payments have a column that nobody reads, a row without amount (7) and a cut number (4)."""
    place = tmp_path_factory.mktemp("data")
    parameters = deliver(place / "报送 资料", county(), output=place / "runs" / "990111-2020-autumn")
    file = parameters.data_dir / "payments.csv"
    head, *rows = [line.split(",") for line in file.read_text("utf-8").splitlines()]
    names = list(HEADERS["payments"])
    rows[5][names.index("amount")] = "待定"
    rows[2][names.index("id_number")] = rows[2][names.index("id_number")][:15] + "000"
    lines = [[*head, TELEPHONE], *([*row, PHONE] for row in rows)]
    file.write_text("\n".join(",".join(line) for line in lines) + "\n", "utf-8")
    return written(parameters)


@pytest.fixture
def session(folder: Path) -> Session:
    sitting = Session(who="张审计")
    sitting.open(folder)
    sitting.panels, sitting.panel = ("listing", "data"), "data"
    return sitting


def at(page: Data, table: str) -> dict[str, str]:
    """Points the page at the sheet of ``table``; the shown parts."""
    page.sheet.value = next(at for at, sheet in enumerate(page.sheets) if sheet["table"] == table)
    return {"rows": page.rows.value, "columns": page.columns.value}


def test_it_opens_on_the_sheet_with_rejected_rows(session: Session) -> None:
    page = Data(session)
    assert "payments.csv" in page.sheet.label
    assert page.kind.value == "rejected"
    assert "家长电话" in page.whole.value


def test_every_column_says_what_it_was_taken_for(session: Session) -> None:
    column_rows = at(Data(session), "payments")["columns"]
    assert '<th scope="row">金额</th><td>金额</td>' in column_rows
    assert f'<th scope="row">{TELEPHONE}</th><td>未用</td>' in column_rows


def test_a_rejected_row_stands_as_in_the_file_once_names_are_shown(session: Session) -> None:
    page = Data(session)
    masked = at(page, "payments")["rows"]
    assert "待定" not in masked
    assert PHONE not in masked
    session.unmasked = True
    assert all(text in page.rows.value for text in ("待定", PHONE, TELEPHONE, '<th scope="row">7</th>'))


def test_a_doubtful_cell_is_hidden_and_the_others_are_masked_as_elsewhere(session: Session) -> None:
    page = Data(session)
    at(page, "payments")
    page.kind.value = "doubtful"
    assert '<th scope="row">4</th>' in page.rows.value
    rows = page.rows.value.partition("<tbody>")[2].split("</tr>")
    row = next(row for row in rows if '<th scope="row">4</th>' in row)
    assert row.count("<td>***</td>") == 2  # the number that was cut, and the column that nobody reads
    assert "990111" not in row
    assert "<td>2020-autumn</td>" in page.rows.value
    page.kind.value = "left_out"
    assert "姓名" not in page.rows.value.partition("<tbody>")[2]  # a title or a signature may name a person


def test_a_press_on_a_source_shows_the_row_with_all_its_columns(session: Session) -> None:
    assert session.stored
    html = session.stored.page(session.list_filter)
    one = next(row for row in html.itertuples() if any(r.startswith("payments:") for r in row.records))
    session.panel = "listing"
    form, page = _Form(session), Data(session)
    session.finding_id = one.finding_id
    records = list(one.records)
    assert [text.split()[0] for text in form.rows.items] == ["学籍" if r.startswith("enrolment") else "资格名册" if r.startswith("elig") else "发放明细" for r in records]  # fmt: skip
    press = next(place for place, record in enumerate(records) if record.startswith("payments:"))
    form.rows._handle_custom_msg({"kind": "open", "at": press}, [])
    assert session.panel == "data"
    assert f'<th scope="row">{TELEPHONE}</th><td>***</td><td>未用</td>' in page.chosen.value
    assert "payments.csv" in page.sheet.label
    session.unmasked = True
    assert f"<td>{PHONE}</td>" in page.chosen.value


def test_what_is_decided_for_many_has_no_sources(session: Session) -> None:
    assert session.stored
    form = _Form(session)
    session.finding_id = session.stored.ids(session.list_filter)[0]
    assert form.rows.items
    session.ticked = tuple(session.stored.ids(session.list_filter)[:2])
    form.scope.value = "ticked"
    assert form.rows.items == []


def test_a_file_changed_after_the_run_is_not_shown(folder: Path, tmp_path: Path) -> None:
    data = data_folder(folder)
    assert data
    shutil.copytree(data, tmp_path / "moved")
    originals = Originals(folder, tmp_path / "moved")
    assert next(originals.rows("payments", ["payments.csv!3"])).cells[-1] == PHONE
    with (tmp_path / "moved" / "payments.csv").open("a", encoding="utf-8") as lines:
        lines.write("\n")
    with pytest.raises(AuditError, match="改过"):
        next(Originals(folder, tmp_path / "moved").rows("payments", ["payments.csv!3"]))
    with pytest.raises(AuditError, match="没有这一行"):
        next(originals.rows("payments", ["payments.csv!999"]))


def test_files_that_were_moved_are_asked_for_and_then_shown(
    folder: Path, session: Session, tmp_path: Path
) -> None:
    data = data_folder(folder)
    assert data
    page = Data(session)
    page.place.value = str(tmp_path / "nowhere")
    assert "找不到报送资料的文件夹" in page.rows.value
    shutil.copytree(data, tmp_path / "moved")
    page.place.value = str(tmp_path / "moved")
    assert '<th scope="row">7</th>' in page.rows.value


def test_a_source_is_told_by_its_table_and_place() -> None:
    assert sources.address("payments:发放.xlsx!初中!12", "zh") == "发放明细 发放.xlsx › 初中 › 12"


# What the rows tell, in card and lists


def of_rule(session: Session, rule: str) -> dict[str, str]:
    """The one finding of ``rule``, as the list shows it."""
    assert session.stored
    (row,) = cells(
        session.stored.page(ListFilter().choosing("rule", (rule,))), session.labels, unmasked=session.unmasked
    )
    return row


def test_card_and_list_tell_both_names_both_schools_and_who_shares_a_card(session: Session) -> None:
    session.unmasked = True
    name = pupil(2)["name"]
    assert set(of_rule(session, "mismatch.identity")["names"].split("、")) == {name, name[0] + "别名"}
    assert of_rule(session, "mismatch.school")["schools"] == "第0001小学、第0002小学"
    shared_account = of_rule(session, "duplicate.shared_account")
    assert set(shared_account["names"].split("、")) == {pupil(10)["name"], pupil(11)["name"]}
    assert shared_account["accounts"] == f"6229{pupil(10)['id_number'][-12:]}"
    late = of_rule(session, "procedure.paid_late")
    assert (late["classes"], late["categories"], late["dates"]) == (
        "小学3年级",
        "建档立卡",
        "发放日期 2021-02-01",
    )
    leaver_row = of_rule(session, "mismatch.inactive")
    assert "异动日期 2020-09-15" in leaver_row["dates"]
    assert (
        leaver_row["classes"] == "小学3年级"
    )  # of the record itself: a pupil who left is none of the register


def test_what_the_rows_tell_is_masked_like_the_rest_and_in_the_readers_language(session: Session) -> None:
    shared_account = of_rule(session, "duplicate.shared_account")
    assert all(name[1:] == "*" * (len(name) - 1) for name in shared_account["names"].split("、"))
    assert shared_account["accounts"] == "****" + pupil(10)["id_number"][-4:]
    typed_text = ListFilter().typing("names", pupil(10)["name"])
    assert session.stored
    assert session.stored.totals(typed_text)[0] == 0
    session.unmasked = True
    assert session.stored.totals(typed_text)[0] > 0
    session.speak("en")
    assert of_rule(session, "procedure.paid_late")["dates"] == "Paid on 2021-02-01"


def test_the_card_leaves_out_what_only_repeats_the_finding(session: Session) -> None:
    assert session.stored
    session.unmasked = True
    html = session.stored.page(ListFilter().choosing("rule", ("procedure.paid_late",)))
    text = str(card(session, html))
    assert "小学3年级" in text
    assert "各记录所写姓名" not in text


def test_the_working_list_has_them_too(folder: Path) -> None:
    book = openpyxl.load_workbook(folder / "findings.xlsx", read_only=True)
    rows = [row for sheet in book.worksheets[2:] for row in sheet.iter_rows(values_only=True)]
    head = next(row for row in rows if "年级、班级" in row)
    late = next(row for row in rows if row[1] == "滞后发放")
    assert late[head.index("年级、班级")] == "小学3年级"
    assert late[head.index("日期")] == "发放日期 2021-02-01"
