"""From one term to the next at the desk, and a file of parameters that lies there already."""

from __future__ import annotations

from pathlib import Path

import exported_county as exported
from desk_pages import begun, everything

from auditlib.base.strict_yaml import read_yaml
from auditlib.desk.desk import Desk


def test_the_next_term_puts_files_where_those_of_the_last_were(home: Path) -> None:
    desk = begun(home)
    desk.hear(["table", "系统名单.xlsx", "名单"], "planned")
    desk.state.save()
    exported.write(home / "then", exported.pupils())
    (home / "then" / "系统名单.xlsx").rename(home / "then" / "系统名单2025春.xlsx")
    desk.hear(["go", "start"])
    desk.hear(["next term", str(home / "params" / "990341-2024-autumn.yaml")])
    desk.hear(["form", "folder"], str(home / "then"))
    desk.hear(["next"])
    state = desk.state
    assert state.term.sheets[("系统名单2025春.xlsx", "名单")] == "planned"
    assert (state.term.text("term"), state.term.threshold("pay_by")) == ("2025-spring", "2025-06-30")
    desk.state.save()
    parameter_values = read_yaml(home / "params" / "990341-2025-spring.yaml")
    assert parameter_values["previous"] == ["../runs/990341-2024-autumn"]
    assert parameter_values["output_dir"] == "../runs/990341-2025-spring"


def test_a_file_of_parameters_that_a_person_wrote_is_gone_on_with(home: Path) -> None:
    text = exported.PARAMETERS.replace("data_dir: data", "data_dir: ../files").replace(
        "{SOURCES}",
        '{eligibility: ["民政/*.xlsx"], planned: ["系统*.xlsx"], payments: [{files: "银行*.xlsx", sheets: "寄宿*"}]}',
    )
    (home / "params" / "mine.yaml").write_text(text, "utf-8")
    desk = Desk()
    desk.hear(["go on", str(home / "params" / "mine.yaml")])
    desk.hear(["next"])
    sheets = desk.state.term.sheets
    assert sheets[("系统名单.xlsx", "名单")] == "planned"
    assert sheets[("民政/农村低保.xlsx", "农村低保")] == "eligibility"
    assert sheets[("银行代发.xlsx", "寄宿生生活补助")] == "payments"
    desk.state.save()
    assert [file.name for file in sorted((home / "params").iterdir())] == ["mine.yaml", "mine.yaml.before"]
    assert read_yaml(home / "params" / "mine.yaml")["data_dir"] == "../files"  # as it was written


def test_a_term_of_long_ago_stays_the_one_that_is_shown(home: Path) -> None:
    text = exported.PARAMETERS.replace("2024", "2009").replace("{SOURCES}", "{}")
    (home / "params" / "old.yaml").write_text(text, "utf-8")
    desk = Desk("en")
    desk.hear(["go on", str(home / "params" / "old.yaml")])
    assert '"value": "2009-autumn"' in everything(desk.blocks())
    assert '["2009-autumn", "autumn 2009"]' in everything(desk.blocks())
