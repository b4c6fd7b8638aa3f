"""The shape of the house: imports point down, steps meet in tables, notebooks are thin, nothing real is in here."""

import ast
import importlib
import json
import re
import subprocess
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from stdnum.cn import ric

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "auditlib"
LONGEST = 400  # lines of a file

# The rooms of auditlib, top down, each with what stands in it; a room imports only from rooms below it.
ROOMS = {
    "cli": "the commands",
    "terminal": "what the commands print, and with what a run ends",
    "documents": "the reference pages under docs/, written from what the code declares",
    "desk": "the way in by mouse: from a folder of files to a report, without terminal or YAML",
    "workbench": "what an inspector sees of a run, decides, and hands out",
    "trend": "one county, term to term",
    "province": "all counties of a province as tasks, and persons across them",
    "city": "the city's re-check of its counties",
    "county": "the county's self-check: the audit programme, and what it writes",
    "package": "what a county hands in to the city",
    "runs": "a run kept and asked again: its tables, what if, what would clear, one pupil's file",
    "decisions": "what people decided: append-only ledgers, filled-in lists read back",
    "forms": "workbooks that people fill in: working list, reply slips, pairs to review",
    "report": "the sections of the county's report",
    "findings": "from rules to findings: rules applied, children accounted for, the conclusion",
    "rules": "the catalogue of rules, the city's included",
    "audit": "the tables that rules stand on: persons, aid due and paid, printed totals",
    "linkage": "who is whom: exact keys, the trained model, people's judgements",
    "ingest": "files to typed tables, every cell and row accounted for",
    "spreadsheets": "workbooks read by one door, their extent known first, and written by one",
    "page": "a section, markup, charts, an executed notebook, one offline file",
    "tables": "every table declared once, spellings of coded values, words for codes",
    "law": "what is given: policy, working days, the parameters of a run",
    "cells": "what one cell says: kinds, dates, money, numbers, spelling",
    "base": "text in two languages, masking, errors, files, locks, strict YAML, terms, the engine",
    "sampling": "plan, draw, evaluate: audit statistics, of nothing else here",
}
# The rooms within ingest, likewise; what ``auditlib.ingest`` itself hands out stands on ``sheets``.
INGEST = {
    "accounts": "what became of every file, sheet, column and row, and what was lost as a whole",
    "cleaning": "raw text to typed tables, unsound cells and unknown spellings told",
    "sheets": "one sheet for one table: what it is, and its records",
    "columns": "columns that a sheet gives in another shape, or beside others",
    "layouts": "sheets laid out otherwise than a row a record",
    "constants": "what holds for all rows of a sheet, names that cover several schemes",
    "ledgers": "what ledgers and letters write by hand",
    "rows": "which rows are records, and what the others say",
    "deliveries": "what is asked of files and what they gave",
    "headers": "what each column is",
    "titles": "what stands above a list, or in the name of its sheet or file",
    "files": "files found, opened and read as grids of text",
    "messages": "what ingest says and asks",
}
# A step takes tables and gives tables. Where one step knows another, here is why.
STEPS = {"ingest", "linkage", "audit", "rules", "findings", "report", "forms"}
STEP_TO_STEP = {
    ("audit", "linkage"): "the type of what linking gave, and the words of its model",
    ("audit", "ingest"): "the type of a delivery, of which two lists may be the same money",
    ("findings", "linkage"): "by which key a row was told, and how far it is short of certain",
    ("rules", "audit"): "the declaration of the tables that rules stand on",
    ("rules", "linkage"): "which school a name means, and who bears a pupil's name",
    ("findings", "audit"): "the same tables, which the catalogue is applied to",
    ("findings", "rules"): "applies the catalogue",
    ("report", "findings"): "shows what a run found",
    ("report", "rules"): "the catalogue's words: title, criterion, innocent explanations",
    ("report", "linkage"): "the model's words for why two records are one person",
    ("forms", "findings"): "its words for what became of a child",
    ("forms", "rules"): "the catalogue's words",
    ("forms", "audit"): "the pairs of records that review.xlsx lists",
    ("forms", "linkage"): "the judgements made so far, and the model's words for a pair",
}
LEVEL = {room: height for height, room in enumerate(reversed(ROOMS))}

PUBLISHED_NUMBERS = {"11010519491231002X", "440524188001010014", "34052419800101001X"}  # examples of GB 11643
ID_NUMBER = re.compile(rb"(?<!\d)(\d{17}[\dXx])(?!\d)")
AREAS = {line[:2] for line in (ROOT / "params/codes/area.csv").read_text("utf-8").splitlines()[1:]} - {"99"}
HASHES_ONLY = {
    "requirements.lock",
    "requirements-run.lock",
    "requirements-spark.lock",
    "data_samples/SHA256SUMS",
}
MACHINE = re.compile(rb"(?<![\w.*-])/(work|root|opt|mnt)/")
REGISTRY = re.compile(rb"https?://[^\s\"'<>)]*(pypi|pythonhosted|anaconda|conda-forge|npmjs|mirror|/simple)")


@cache
def committed_files() -> tuple[Path, ...]:
    """Files of the repository: what git has or would take; in an unpacked archive, all but hidden folders."""
    if (ROOT / ".git").exists():
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listing = (
            subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
        )
        files = [ROOT / name for name in listing if name]
    else:
        files = [f for f in ROOT.rglob("*") if not {".venv", "runs"} & set(f.relative_to(ROOT).parts)]
    return tuple(sorted(file for file in files if file.is_file()))


def path_of(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def contents(file: Path) -> Iterator[bytes]:
    """The bytes of a file; of a workbook, those of its parts."""
    if file.suffix == ".xlsx":
        with zipfile.ZipFile(file) as parts:
            yield from (parts.read(name) for name in parts.namelist())
    else:
        yield file.read_bytes()


def room_of(module: str) -> str:
    return module.split(".")[1] if "." in module else module


def imports(file: Path) -> Iterator[str]:
    """The rooms of auditlib that ``file`` imports from, anywhere in it."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (room_of(a.name) for a in node.names if a.name.startswith("auditlib."))
        elif isinstance(node, ast.ImportFrom) and node.module == "auditlib":
            yield from (a.name for a in node.names if a.name in ROOMS)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("auditlib."):
            yield room_of(node.module or "")


def own(file: Path) -> str:
    return file.relative_to(PACKAGE).parts[0].removesuffix(".py")


MODULES = sorted(PACKAGE.rglob("*.py"))
# auditlib/__init__.py is the face of the house: what it hands out it imports when it is asked for.
EDGES = sorted({(own(f), i) for f in MODULES if own(f) != "__init__" for i in imports(f) if i != own(f)})
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def test_every_module_stands_in_a_room():
    assert {own(file) for file in MODULES} - {"__init__"} == set(ROOMS)


def test_imports_point_strictly_down():
    assert [f"{above} → {below}" for above, below in EDGES if LEVEL[above] <= LEVEL[below]] == []


def test_imports_within_ingest_point_strictly_down():
    """Its own face, ``deliver``, stands on ``sheets``: what comes after it takes what it gave, not it."""
    folder = PACKAGE / "ingest"
    assert {file.name for file in folder.iterdir() if file.suffix != ".pyc"} - {"__pycache__"} == {
        "__init__.py",
        *INGEST,
    }
    order = list(INGEST)
    room_imports = re.compile(r"from auditlib\.ingest(?:\.(\w+))?[.\w]* import")
    upward = [
        f"{path_of(file)} → {below or 'ingest'}"
        for file in sorted(folder.rglob("*/*.py"))
        for below in room_imports.findall(file.read_text("utf-8"))
        if below != file.parent.name and (not below or order.index(below) <= order.index(file.parent.name))
    ]
    assert upward == []


def test_steps_meet_in_tables():
    sideways = {(above, below) for above, below in EDGES if above in STEPS and below in STEPS}
    assert sideways == set(STEP_TO_STEP)


def test_the_readme_shows_the_rooms_in_this_order():
    readme = (ROOT / "README.md").read_text("utf-8")
    lines = [f"{room:<12} {content}" for room, content in ROOMS.items()]
    assert "\n".join(lines) in readme


REPORTS = [PACKAGE / room for room in ("report", "city/report", "trend/report")]


@pytest.mark.parametrize("folder", REPORTS, ids=path_of)
def test_a_section_cannot_escape_the_tests_of_masking(folder):
    """They ask every section that its report names in ``__all__``, and no notebook shows another."""
    face = importlib.import_module(".".join(folder.relative_to(ROOT).parts))
    sections = {
        node.name
        for file in folder.glob("*.py")
        for node in ast.parse(file.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef)
        and node.name[0] != "_"
        and "Section" in ast.unparse(node.returns)
    }
    assert sections == set(face.__all__)


def test_no_rule_imports_from_a_file_of_rules():
    """What two families share stands in a file that declares none."""
    files = {file.stem: file.read_text("utf-8") for file in (PACKAGE / "rules").glob("[!_]*.py")}
    families = {name for name, source in files.items() if re.search(r"^(@rule|recheck_rule)\(", source, re.M)}
    shared_families = re.compile(rf"auditlib\.rules(?:\.| import )({'|'.join(families)})\b")
    assert {name: names for name in families if (names := shared_families.findall(files[name]))} == {}


def test_workbooks_are_written_by_one_door():
    """What keeps a cell from becoming a formula stands there alone."""
    making = re.compile(r"(?:[^.\w]Workbook|xlsxwriter\.Workbook|\.to_excel)\(")
    makers = [
        file.relative_to(PACKAGE).as_posix() for file in MODULES if making.search(file.read_text("utf-8"))
    ]
    assert makers == ["spreadsheets/writing.py"]


@pytest.mark.parametrize(
    "tree", [PACKAGE, *(ROOT / name for name in ("samples", "tests", "benchmarks"))], ids=path_of
)
def test_a_file_can_be_read_at_one_sitting(tree):
    longer = [
        path_of(file)
        for file in sorted(tree.rglob("*.py"))
        if len(file.read_text("utf-8").splitlines()) > LONGEST
    ]
    assert longer == []


def test_no_class_has_the_name_of_another():
    """One word, one thing: who reads the name in one room need not ask of which room it is."""
    homes = defaultdict(list)
    for file in [*MODULES, *sorted((ROOT / "samples").rglob("*.py"))]:
        for node in ast.parse(file.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef) and node.name[0] != "_":
                homes[node.name].append(path_of(file))
    assert {name: files for name, files in homes.items() if len(files) > 1} == {}


@pytest.mark.parametrize("file", MODULES, ids=path_of)
def test_a_module_says_what_it_is(file):
    assert ast.get_docstring(ast.parse(file.read_text("utf-8")))


@pytest.mark.parametrize("file", NOTEBOOKS, ids=path_of)
def test_a_notebook_is_thin(file):
    plain_nodes = (
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
            assert [node for node in ast.walk(tree) if isinstance(node, plain_nodes)] == [], cell["source"]


@pytest.mark.parametrize("file", NOTEBOOKS, ids=path_of)
def test_a_notebook_is_stored_without_results(file):
    for cell in json.loads(file.read_text("utf-8"))["cells"]:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None


@pytest.mark.parametrize("file", NOTEBOOKS, ids=path_of)
def test_a_notebook_has_one_cell_of_parameters(file):
    cells = json.loads(file.read_text("utf-8"))["cells"]
    assert sum("parameters" in cell["metadata"].get("tags", []) for cell in cells) == 1


def is_somebodys(number: str) -> bool:
    """Could a person have this ID number: an area in use, a day, the check character?"""
    try:
        birth = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return number[:2] in AREAS and birth.year >= 1850 and ric.calc_check_digit(number) == number[17].upper()


def test_no_number_in_here_can_be_a_persons():
    real_numbers = {
        path_of(file)
        for file in committed_files()
        if path_of(file) not in HASHES_ONLY
        for content in contents(file)
        for number in ID_NUMBER.findall(content)
        if is_somebodys(number.decode()) and number.decode().upper() not in PUBLISHED_NUMBERS
    }
    assert real_numbers == set()


def test_the_published_examples_stand_in_tests_only():
    numbers = [number.encode() for number in PUBLISHED_NUMBERS]
    outside = [
        file
        for file in committed_files()
        if file.is_relative_to(PACKAGE) or file.is_relative_to(ROOT / "params")
    ]
    assert [path_of(file) for file in outside if any(number in file.read_bytes() for number in numbers)] == []


def test_no_file_knows_the_machine_it_was_written_on():
    assert [path_of(file) for file in committed_files() if MACHINE.search(file.read_bytes())] == []


def test_no_file_names_a_package_registry():
    assert [path_of(file) for file in committed_files() if REGISTRY.search(file.read_bytes())] == []
