"""Layouts akin to those met in public, as small sheets: headers, orders, separators and years differ; all people are made up
(area 99) and come from a seed."""

from __future__ import annotations

import random
from dataclasses import dataclass

from plain_county import check_digit, person_name

SEED = 20250305
AREA = "990147"
PUPILS = 6


@dataclass(frozen=True)
class Child:
    """A made-up pupil with one made-up parent."""

    name: str
    number: str
    parent: str
    parents_number: str
    card: str


def _number(chance: random.Random, year: int, order: int) -> str:
    body = f"{AREA}{year}{chance.randint(1, 12):02d}{chance.randint(1, 28):02d}{order:03d}"
    return body + check_digit(body)


def children(seed: int = SEED) -> list[Child]:
    """Pupils of a primary school; the same for the same seed."""
    chance = random.Random(seed)
    return [
        Child(
            person_name(800 + i, 1),
            _number(chance, 2014, 10 + i),
            person_name(800 + i, 2),
            _number(chance, 1983, 40 + i),
            f"62299947000000000{i:02d}",
        )
        for i in range(PUPILS)
    ]
