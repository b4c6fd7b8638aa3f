"""What the files of a city's page are of: whose package, whose parameters; and which of them a newer one takes the place of."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from auditlib.base.language import Text
from auditlib.base.run_folder import MANIFEST
from auditlib.desk import city_answers
from auditlib.desk.state import State
from auditlib.workbench.runs import spoken_term

NOT_THERE = Text("{name}（不在了）", "{name} (not there any more)")
REPLACED_TEXT = Text(
    "{new} 代替同名（同县）的 {old}，旧的不再用", "{new} takes the place of {old}, which is used no more"
)
LARGEST = 1 << 24  # bytes of a manifest
_COUNT = re.compile(r" \([0-9]+\)$")
_CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")
PACKAGE, COUNTY = "package", "county"


def label(state: State, kind: str, file: Path) -> str:
    """A file's name and whose it is; one that the parameter file names and that is not there any more is said to be so."""
    if not file.is_file():
        return state.say(NOT_THERE, name=file.name)
    code, name, term = owner(kind, file)
    parts = (file.name, f"{name} {code}".strip(), spoken_term(term, state.language) if term else "")
    return " · ".join(part for part in parts if part)


def owner(kind: str, file: Path) -> tuple[str, str, str]:
    """Code, name and term of the county whose file it is, as the file says; empty where it says nothing."""
    if kind == PACKAGE:
        return _of_package(file, file.stat().st_mtime_ns) if file.is_file() else ("", "", "")
    content = city_answers.readable(file) if kind == COUNTY else {}
    code, name, term = (str(content.get(key, "")) for key in ("county_code", "county_name", "term"))
    return code, name, term


@lru_cache(maxsize=256)
def _of_package(file: Path, _written_at: int) -> tuple[str, str, str]:
    """What a package says of itself, to tell it from others: nothing is believed of it before the re-check has verified it."""
    try:
        with zipfile.ZipFile(file) as package:
            size = package.getinfo(MANIFEST).file_size
            content = json.loads(package.read(MANIFEST)) if size <= LARGEST else {}
        parameters = dict(content["parameters"])
    except (
        OSError,
        zipfile.BadZipFile,
        NotImplementedError,
        RuntimeError,
        EOFError,
        ValueError,
        KeyError,
        TypeError,
    ):
        return "", "", ""
    code, name, term = (str(parameters.get(key, ""))[:40] for key in ("county_code", "county_name", "term"))
    return (code, name, term) if re.fullmatch("[0-9]{6}", code) else ("", "", "")


def put_aside(state: State, kind: str, arrivals: Sequence[Path]) -> list[str]:
    """Takes the tick from each file that one of ``arrivals`` takes the place of: a package of the same county and term, a field sheet
    of the same name. What is said of it."""
    sentences = []
    for new in arrivals:
        for old in map(Path, city_answers.ticked_files(state, kind)):
            if old != new and old not in arrivals and _is_of_same(kind, old, new):
                state.form[f"{kind} {old}"] = ""
                sentences.append(state.say(REPLACED_TEXT, new=new.name, old=old.name))
    return sentences


def _is_of_same(kind: str, old: Path, new: Path) -> bool:
    if kind == PACKAGE:
        return owner(kind, new)[0] != "" and owner(kind, old) == owner(kind, new)
    return _COUNT.sub("", old.stem) == _COUNT.sub("", new.stem)


def county_codes(state: State) -> dict[str, str]:
    """Code to name of the counties of this re-check: of the ticked data, of packages by what they say or are called, of what the file says."""
    names = dict[str, str]()
    for kind in (COUNTY, PACKAGE):
        for file in map(Path, city_answers.ticked_files(state, kind)):
            code, name, _term = owner(kind, file)
            if code and not names.get(code):
                names[code] = name
            for by_name in _CODE.findall(file.stem) if kind == PACKAGE and not code else ():
                names.setdefault(by_name, "")
    for group in city_answers.BY_CODE:
        for code in city_answers.entries_of_file(state, group):
            names.setdefault(str(code), "")
    names.pop(city_answers.answer(state, "code"), None)
    return dict(sorted(names.items()))
