"""Pupils with a second record in the register under another spelling, and single records with a mistyped number."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Protocol

from samples.misspellings import MISSPELLINGS, Cells
from samples.model import Child, Seat
from samples.people import Registry
from samples.schools import SchoolMap

TWICE, MISTYPED_SHARE = 0.01, 0.005  # of all pupils
ELSEWHERE = 0.75  # of the second records, the share at another school
RESPELT = 0.25  # of the second records, the share with a slip in the name too
KINDS = ("one_digit", "swapped_digits", "missing_digit", "lost_tail", "no_number")
NAMES = ("homophone", "look_alike", "lost_character", "separator")
GUARDIANS = ("same", "other", "none")
GUARDIAN_SHARES = (0.8, 0.15, 0.05)


class Register(Protocol):
    """What is written to: see :class:`samples.labelled.Labelled`."""

    tables: dict[str, list[Cells]]
    seconds: list[tuple[Cells, str]]
    mistyped: dict[str, Cells]


def double(
    county: Register,
    enrolled: Mapping[Child, str],
    seats: Mapping[Child, Seat],
    schools: SchoolMap,
    registry: Registry,
    key: str,
) -> None:
    """Second records beside, mistyped records instead of, those of some pupils; choices from a stream of their own."""
    chance = random.Random(f"{key}:doubled")
    first = {row["source"]: row for row in county.tables["enrolment"]}
    for child, source in enrolled.items():
        draw = chance.random()
        if draw < TWICE:
            cells = _second(first[source], child, seats[child], schools, registry, chance)
            county.seconds.append((cells | {"source": f"{source}b"}, source))
        elif draw < TWICE + MISTYPED_SHARE:
            county.mistyped[source] = _misspelt_cells(first[source], child, chance, KINDS)


def _second(
    first: Cells, child: Child, seat: Seat, schools: SchoolMap, registry: Registry, chance: random.Random
) -> Cells:
    cells = first | {"student_no": "L" + registry.id_number(child.born, child.sex)}
    if chance.random() < ELSEWHERE:
        others = [school for school in schools.schools if school.stage == seat.school.stage]
        school = chance.choice(others)
        cells |= {"school_code": school.code, "school_name": school.name}
    cells = _misspelt_cells(cells, child, chance, KINDS)
    if chance.random() < RESPELT:
        cells = _misspelt_cells(cells, child, chance, NAMES)
    guardian = chance.choices(GUARDIANS, GUARDIAN_SHARES)[0]
    adults = {"same": child.family.guardian, "other": child.family.adults[-1], "none": None}
    adult = adults[guardian]
    return cells | {
        "guardian_name": adult.name if adult else "",
        "guardian_id": adult.id_number if adult else "",
    }


def _misspelt_cells(cells: Cells, child: Child, chance: random.Random, kinds: tuple[str, ...]) -> Cells:
    """``cells`` with one of the slips; as they stand where the kind drawn has nothing to hold on to."""
    kind = chance.choice(kinds)
    misspelt_cells = MISSPELLINGS[kind](cells, child, chance)
    if misspelt_cells is None or kind != "no_number":
        return misspelt_cells or cells
    return misspelt_cells | {"student_no": "J" + cells["student_no"][1:]}
