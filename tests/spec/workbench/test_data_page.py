"""The page of data: files, sheets, columns and rows as they stand in the file; from a finding's source to its row."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from many_findings import county
from tiny_county import HEADERS, deliver, written

from auditlib.base.errors import AuditError
from auditlib.runs.originals import Originals, data_folder
from auditlib.workbench import sources
from auditlib.workbench.data_page import Data
from auditlib.workbench.decide import _Form
from auditlib.workbench.session import Session

PHONE, TELEPHONE = "马小云的姑姑", "家长电话"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run whose payments have a column that nobody reads, a row without amount (2) and a cut number (4)."""
    place = tmp_path_factory.mktemp("data")
    parameters = deliver(place / "报送 资料", county(), output=place / "runs" / "990111-2020-autumn")
    file = parameters.data_dir / "payments.csv"
    head, *rows = [line.split(",") for line in file.read_text("utf-8").splitlines()]
    names = list(HEADERS["payments"])
    rows[0][names.index("amount")] = "待定"
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
    shown = at(Data(session), "payments")["columns"]
    assert '<th scope="row">金额</th><td>金额</td>' in shown
    assert f'<th scope="row">{TELEPHONE}</th><td>未用</td>' in shown


def test_a_rejected_row_stands_as_in_the_file_once_names_are_shown(session: Session) -> None:
    page = Data(session)
    masked = at(page, "payments")["rows"]
    assert "待定" not in masked
    assert PHONE not in masked
    session.unmasked = True
    assert all(text in page.rows.value for text in ("待定", PHONE, TELEPHONE, '<th scope="row">2</th>'))


def test_a_doubtful_cell_is_hidden_and_the_others_are_masked_as_elsewhere(session: Session) -> None:
    page = Data(session)
    at(page, "payments")
    page.kind.value = "doubtful"
    assert '<th scope="row">4</th>' in page.rows.value
    (row,) = page.rows.value.partition("<tbody>")[2].split("</tr>")[:-1]
    assert row.count("<td>***</td>") == 2  # the number that was cut, and the column that nobody reads
    assert "990111" not in row
    assert "<td>2020-autumn</td>" in page.rows.value
    page.kind.value = "left_out"
    assert "姓名" not in page.rows.value.partition("<tbody>")[2]  # a title or a signature may name a person


def test_a_press_on_a_source_shows_the_row_with_all_its_columns(session: Session) -> None:
    assert session.stored
    found = session.stored.page(session.selection)
    one = next(row for row in found.itertuples() if any(r.startswith("payments:") for r in row.records))
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
    session.finding_id = session.stored.ids(session.selection)[0]
    assert form.rows.items
    session.ticked = tuple(session.stored.ids(session.selection)[:2])
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
    assert '<th scope="row">2</th>' in page.rows.value


def test_a_source_is_told_by_its_table_and_place() -> None:
    assert sources.address("payments:发放.xlsx!初中!12", "zh") == "发放明细 发放.xlsx › 初中 › 12"
