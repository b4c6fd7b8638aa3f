"""The shape of the house: imports point down, steps meet in tables, notebooks are thin, nothing real is in here."""

import ast
import json
import re
import subprocess
import zipfile
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "auditlib"
LONGEST = 400  # lines of a file

LEVELS = (
    ("the ground", "language places hygiene terms term_spellings logic masking working_days files locking"),
    ("reading a cell", "errors citizen_id dates money spelling papermill_folder spreadsheets"),
    ("kinds of cells", "kinds strict_yaml strict_values"),
    ("tables, declared once", "schema ledger"),
    ("what a run is given, and words for codes", "parameters wording"),
    ("the law", "policy"),
    ("what the steps work with", "vocabulary engine results page"),
    ("the linkage model", "matching"),
    ("steps", "ingest standardise linkage dispositions samples sampling notebook_runs"),
    ("persons and aid", "persons aid"),
    ("the audit's tables, and what was read", "registers accounting manifest unknown_values"),
    ("steps upon them", "tie_out conclusion review link_summary"),
    ("the catalogue of rules", "rules recheck_rules"),
    ("an account upon the rules", "children"),
    ("findings, and how they are shown", "findings report worklist documents"),
    ("what goes out, to city and schools, and what comes back", "package read_back slips"),
    ("the run's tables", "run_tables"),
    ("the audit once more from them", "rerun run_rows"),
    ("what is asked of them", "pair_review what_if retest pupil_file"),
    ("what would clear a finding", "clearing"),
    ("the audit programme", "self_check"),
    ("what a run writes", "outputs ingest_only training"),
    ("the city's re-check", "recheck"),
    ("the sample city playing itself", "demonstration"),
    ("term to term", "trend"),
    ("the workbench", "explore"),
    ("commands", "cli"),
)
# tables that steps share, a runner, a writer of pages, a list of words
NO_STEPS = {"registers", "notebook_runs", "documents", "recheck_rules"}
STEPS = {unit for _, units in LEVELS[8:15] for unit in units.split()} - NO_STEPS
STEP_TO_STEP = {
    ("accounting", "ingest"): "the type of a delivery, which it counts",
    ("manifest", "ingest"): "the type of a delivery, which it lists",
    ("unknown_values", "standardise"): "the list of columns whose spellings must be known",
    ("rules", "tie_out"): "totals.* judge the comparison that the report shows: one calculation, not two",
    ("findings", "rules"): "applies the catalogue",
    ("persons", "linkage"): "the type of what linking gave",
    ("children", "rules"): "the populations of missed.*, and the catalogue's words",
    ("report", "children"): "its words for what became of a child",
    ("worklist", "children"): "its words for what became of a child",
    ("report", "rules"): "the catalogue's words: title, criterion, innocent explanations",
    ("worklist", "rules"): "the catalogue's words",
}
LEVEL = {unit: height for height, (_, units) in enumerate(LEVELS) for unit in units.split()}

PUBLISHED_NUMBERS = {"11010519491231002X", "440524188001010014", "34052419800101001X"}  # examples of GB 11643
ID_NUMBER = re.compile(rb"(?<!\d)(\d{17}[\dXx])(?!\d)")
AREAS = {line[:2] for line in (ROOT / "params/codes/area.csv").read_text("utf-8").splitlines()[1:]} - {"99"}
HASHES_ONLY = {"requirements.lock", "data_samples/SHA256SUMS"}
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
MACHINE = re.compile(rb"(?<![\w.*-])/(work|root|opt|mnt)/")
REGISTRY = re.compile(rb"https?://[^\s\"'<>)]*(pypi|pythonhosted|anaconda|conda-forge|npmjs|mirror|/simple)")


@cache
def committed() -> tuple[Path, ...]:
    """Files of the repository: what git has or would take; in an unpacked archive, all but hidden folders."""
    if (ROOT / ".git").exists():
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = (
            subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
        )
        files = [ROOT / name for name in listed if name]
    else:
        files = [f for f in ROOT.rglob("*") if not {".venv", "runs"} & set(f.relative_to(ROOT).parts)]
    return tuple(sorted(file for file in files if file.is_file()))


def named(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def contents(file: Path) -> Iterator[bytes]:
    """The bytes of a file; of a workbook, those of its parts."""
    if file.suffix == ".xlsx":
        with zipfile.ZipFile(file) as parts:
            yield from (parts.read(name) for name in parts.namelist())
    else:
        yield file.read_bytes()


def unit(module: str) -> str:
    return module.split(".")[1] if "." in module else module


def imports(file: Path) -> Iterator[str]:
    """The units of auditlib (its modules and folders) that ``file`` imports, anywhere in it."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (unit(a.name) for a in node.names if a.name.startswith("auditlib."))
        elif isinstance(node, ast.ImportFrom) and node.module == "auditlib":
            yield from (a.name for a in node.names if a.name in UNITS)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("auditlib."):
            yield unit(node.module or "")


def own(file: Path) -> str:
    return file.relative_to(PACKAGE).parts[0].removesuffix(".py")


MODULES = sorted(PACKAGE.rglob("*.py"))
UNITS = {own(file) for file in MODULES} - {"__init__"}
EDGES = sorted({(own(f), i) for f in MODULES for i in imports(f) if i != own(f)})
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def test_every_module_has_its_level():
    assert set(LEVEL) == UNITS


def test_imports_point_strictly_down():
    assert [f"{above} → {below}" for above, below in EDGES if LEVEL[above] <= LEVEL[below]] == []


def test_steps_meet_in_tables():
    sideways = {(above, below) for above, below in EDGES if above in STEPS and below in STEPS}
    assert sideways == set(STEP_TO_STEP)


def test_workbooks_are_opened_behind_one_door():
    """What a file does to its reader must not be done to the process that asked."""
    readers = re.compile(r"python_calamine|openpyxl|read_excel")
    inside = PACKAGE / "spreadsheets" / "inside.py"
    opened = [named(file) for file in MODULES if file != inside and readers.search(file.read_text("utf-8"))]
    assert opened == []


def test_no_rule_imports_another_family():
    families = {"missed", "duplicate", "mismatch", "ineligible", "amount", "procedure", "totals"}
    for family in families:
        source = (PACKAGE / "rules" / f"{family}.py").read_text("utf-8")
        others = "|".join(sorted(families - {family}))
        assert not re.search(rf"auditlib\.rules(\.| import )({others})\b", source), family


@pytest.mark.parametrize("file", MODULES, ids=named)
def test_a_file_can_be_read_at_one_sitting(file):
    assert len(file.read_text("utf-8").splitlines()) <= LONGEST


@pytest.mark.parametrize("file", MODULES, ids=named)
def test_a_module_says_what_it_is(file):
    assert ast.get_docstring(ast.parse(file.read_text("utf-8")))


@pytest.mark.parametrize("file", NOTEBOOKS, ids=named)
def test_a_notebook_is_thin(file):
    kept = (
        ast.FunctionDef,
        ast.ClassDef,
        ast.Lambda,
        ast.For,
        ast.While,
        ast.If,
        ast.Try,
        ast.With,
        ast.comprehension,
    )
    for cell in json.loads(file.read_text("utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            tree = ast.parse("".join(cell["source"]))
            assert [node for node in ast.walk(tree) if isinstance(node, kept)] == [], cell["source"]


@pytest.mark.parametrize("file", NOTEBOOKS, ids=named)
def test_a_notebook_is_stored_without_results(file):
    for cell in json.loads(file.read_text("utf-8"))["cells"]:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None


@pytest.mark.parametrize("file", NOTEBOOKS, ids=named)
def test_a_notebook_has_one_cell_of_parameters(file):
    cells = json.loads(file.read_text("utf-8"))["cells"]
    assert sum("parameters" in cell["metadata"].get("tags", []) for cell in cells) == 1


def is_somebodys(number: str) -> bool:
    """Could a person have this ID number: an area in use, a day, the check character?"""
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], WEIGHTS, strict=True))
    return number[:2] in AREAS and born.year >= 1850 and "10X98765432"[total % 11] == number[17].upper()


def test_no_number_in_here_can_be_a_persons():
    found = {
        named(file)
        for file in committed()
        if named(file) not in HASHES_ONLY
        for content in contents(file)
        for number in ID_NUMBER.findall(content)
        if is_somebodys(number.decode()) and number.decode().upper() not in PUBLISHED_NUMBERS
    }
    assert found == set()


def test_the_published_examples_stand_in_tests_only():
    numbers = [number.encode() for number in PUBLISHED_NUMBERS]
    outside = [
        file for file in committed() if file.is_relative_to(PACKAGE) or file.is_relative_to(ROOT / "params")
    ]
    assert [named(file) for file in outside if any(number in file.read_bytes() for number in numbers)] == []


def test_no_file_knows_the_machine_it_was_written_on():
    assert [named(file) for file in committed() if MACHINE.search(file.read_bytes())] == []


def test_no_file_names_a_package_registry():
    assert [named(file) for file in committed() if REGISTRY.search(file.read_bytes())] == []
