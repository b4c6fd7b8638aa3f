"""What stands in the city's form: what was entered, else what its parameter file says, else the usual; and the file made of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from auditlib.base.errors import AuditError
from auditlib.base.places import home
from auditlib.base.strict_yaml import read_yaml
from auditlib.city.parameters import GRADES, Sample
from auditlib.desk import writing
from auditlib.desk.county_step import current_term
from auditlib.desk.state import State

RATES = {"confidence": "0.95", "tolerable_rate": "0.05", "expected_rate": "0.01"}
FLAT = {"name": "city_name"}
OF_SAMPLE = ("method", "seed", *RATES)
"""Fields of the form that are one parameter of the draw."""
BY_CODE = {"halves": "sample", "commitments": "sample", "county_seeds": "sample", "keys": "", "copied_on": ""}
BY_NAME = {"deadlines": "", "grades": ""}
"""Parameters with an entry a county, or a name, and the part of the file that they stand in."""
LISTS = {"package": "packages", "county": "county_params", "sheet": "field_results"}


def file_of(code: str, term: str) -> Path:
    """The parameter file of a city's term."""
    return writing.params_folder() / f"city-{code}-{term}.yaml"


def city_files() -> list[Path]:
    """The parameter files of cities, the newest first."""
    files = [file for file in writing.params_folder().glob("city-*.yaml") if content_of(file)]
    return sorted(files, key=lambda file: (-file.stat().st_mtime, file.name))


def content_of(file: Path) -> Mapping[str, Any]:
    """A city's parameter file; nothing where it is none or cannot be read."""
    content = readable(file)
    return content if all(isinstance(content.get(key), str) for key in ("city_code", "term")) else {}


def readable(file: Path) -> Mapping[str, Any]:
    """A parameter file; nothing where it cannot be read."""
    return _read(file, file.stat().st_mtime_ns) if file.is_file() else {}


@lru_cache(maxsize=256)
def _read(file: Path, _written_at: int) -> Mapping[str, Any]:
    """Read once while it stays as it is: a page asks for each of its fields."""
    try:
        return MappingProxyType(read_yaml(file))
    except AuditError:
        return {}


def file_content(state: State) -> Mapping[str, Any]:
    """What the file of the form's city and term says."""
    return content_of(
        file_of(state.form.get("code", ""), state.form.get("term", current_term(dt.date.today())))
    )


def sample_of_file(state: State) -> Mapping[str, Any]:
    sample = file_content(state).get("sample")
    return sample if isinstance(sample, Mapping) else {}


def answer(state: State, key: str) -> str:
    """One field of the form."""
    if key in state.form:
        return state.form[key]
    usual = {"term": current_term(dt.date.today()), "folder": str(home()), "sheets": str(home()), "method": "attribute", **RATES}  # fmt: skip
    own = sample_of_file(state).get(key) if key in OF_SAMPLE else file_content(state).get(FLAT.get(key, ""))
    return str(own) if own else usual.get(key, "")


def entry(state: State, group: str, key: str) -> str:
    """One entry of a parameter that has many: of a county, a severity, a grade."""
    typed_text = state.form.get(f"{group} {key}")
    return typed_text if typed_text is not None else str(entries_of_file(state, group).get(key) or "")


def entries_of_file(state: State, group: str) -> Mapping[str, Any]:
    """What the file says of such a parameter."""
    within = sample_of_file(state) if BY_CODE.get(group) else file_content(state)
    entries = within.get(group)
    if group == "grades" and not entries:
        return GRADES
    return entries if isinstance(entries, Mapping) else {}


def of_draw(state: State, key: str) -> str:
    """Another parameter of the draw; the usual one where nobody says anything."""
    typed_text = state.form.get(f"sample {key}")
    if typed_text is not None:
        return typed_text
    own = sample_of_file(state).get(key)
    usual = getattr(Sample, key, None)
    return str(usual if own is None and usual is not None else own or "")


def strata(state: State) -> list[str]:
    """By what a stratified sample is divided."""
    own = state.form.get("strata")
    if own is not None:
        return own.split()
    return [str(one) for one in sample_of_file(state).get("strata") or ("scheme",)]


def files_of_list(state: State, kind: str) -> list[Path]:
    """The files that the parameter file names for this list."""
    folder = writing.params_folder()
    return [(folder / str(one)).resolve() for one in file_content(state).get(LISTS[kind]) or []]


def is_ticked(state: State, kind: str, file: Path) -> bool:
    typed_text = state.form.get(f"{kind} {file}")
    return bool(typed_text) if typed_text is not None else file.resolve() in files_of_list(state, kind)


def ticked_files(state: State, kind: str) -> list[str]:
    """The files of this list that are used: ticked now, or names by the parameter file and not taken out."""
    prefix = f"{kind} "
    typed_text = [
        key.removeprefix(prefix) for key, value in state.form.items() if key.startswith(prefix) and value
    ]
    names = [str(file) for file in files_of_list(state, kind) if f"{prefix}{file}" not in state.form]
    return sorted({*typed_text, *names})


def parameters(state: State) -> dict[str, Any]:
    """The mapping of the parameter file: what it says already, and over it the form."""
    code, term = answer(state, "code"), answer(state, "term")
    standing = file_content(state)
    sample = {**sample_of_file(state), **{key: answer(state, key) for key in OF_SAMPLE}}
    sample |= {
        key.removeprefix("sample "): value for key, value in state.form.items() if key.startswith("sample ")
    }
    if "strata" in state.form:
        sample["strata"] = strata(state)
    values = {
        **standing,
        "city_code": code,
        "city_name": answer(state, "name"),
        "term": term,
        "packages": ticked_files(state, "package"),
        "county_params": [_from_params(file) for file in ticked_files(state, "county")],
        "sample": sample,
        "field_results": ticked_files(state, "sheet"),
        "language": state.language,
        "output_dir": standing.get("output_dir") or f"../runs/{code}-{term}",
    }
    for group, part in {**BY_CODE, **BY_NAME}.items():
        into = sample if part else values
        entries = {**entries_of_file(state, group), **_typed_texts(state, group)}
        into[group] = {key: text for key, text in entries.items() if text}
        if not into[group] or into[group] == GRADES:
            into.pop(group)
    values["sample"] = {key: value for key, value in sample.items() if value not in ("", None)}
    return values


def _typed_texts(state: State, group: str) -> dict[str, str]:
    prefix = f"{group} "
    return {
        key.removeprefix(prefix): text.strip() for key, text in state.form.items() if key.startswith(prefix)
    }


def _from_params(file: str) -> str:
    """A county's parameter file as the city's names it: by its name alone where it stands beside it."""
    path = Path(file)
    return path.name if path.resolve().parent == writing.params_folder().resolve() else file
