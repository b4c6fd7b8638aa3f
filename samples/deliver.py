"""From a plan to a delivery: people, registers, cases, payments, files, answer keys."""

from __future__ import annotations

import hashlib
import random
from dataclasses import replace
from pathlib import Path

from samples.answers import write_answers
from samples.applications import write_ledger
from samples.books import Books
from samples.cases import Cases
from samples.catalogue import CASES
from samples.child_half import write_child_half
from samples.control_totals import write_totals
from samples.dirt import Pen
from samples.layout import FileLayout, without
from samples.layouts import LAYOUTS
from samples.letters import make_families_away, write_letters
from samples.lookalikes import note_lookalikes
from samples.model import Family, Row
from samples.names import NameMaker
from samples.oddities import Oddities, make_oddities
from samples.payments import pay_category
from samples.people import FamilyMaker, Registry, make_families
from samples.placements import place_the_others
from samples.plan import COUNTIES, CountyPlan, TermPlan
from samples.registers import Lister, write_registers
from samples.run_parameters import write_run_parameters
from samples.schools import SchoolMap, seats
from samples.spellings import add_rejects, respell
from samples.write import WrittenDelivery, lay_out, tell, write_file


def write_samples(folder: Path, params: Path, counties: tuple[CountyPlan, ...] = COUNTIES) -> None:
    """Write every county's deliveries and answer keys under ``folder``, its run parameters under ``params``.

    ``folder`` gets ``SHA256SUMS`` over everything in it but texts for readers, in the form of ``sha256sum``.
    """
    for plan in counties:
        for books in invent(plan):
            write_term(folder / plan.slug, books)
            write_run_parameters(params, books)
    sums = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n"
        for plan in counties
        for path in sorted((folder / plan.slug).rglob("*"))
        if path.is_file() and path.suffix in (".csv", ".xlsx", ".json")
    ]
    (folder / "SHA256SUMS").write_text("".join(sums), encoding="utf-8")


def invent(plan: CountyPlan) -> list[Books]:
    """The books of every term of a county, with planted cases and traps, tying out to the printed totals."""
    registry = Registry(plan)
    maker = FamilyMaker(plan, registry)
    families = make_families(plan, maker)
    schools = SchoolMap(plan)
    oddities = make_oddities(plan, maker, schools, families)
    lister = Lister(plan, families, oddities.preferred)
    make_families_away(plan, maker, lister)
    give_accounts(plan, families, registry)
    books: list[Books] = []
    for term in plan.terms:
        books.append(_term(term, schools, maker, lister, families, oddities, books[-1] if books else None))
        change_schools(plan, term, families, oddities)
    return books


def change_schools(plan: CountyPlan, term: TermPlan, families: list[Family], oddities: Oddities) -> None:
    """After a term some pupils go to another school of their stage."""
    chance = random.Random(f"{plan.key}:{term.term}:moves")
    for family in families:
        for child in family.children:
            if chance.random() < plan.moving_share and child not in oddities.preferred:
                child.moved = True


def give_accounts(plan: CountyPlan, families: list[Family], registry: Registry) -> None:
    """The pupil's own card, the guardian's, or one of the household for all its children."""
    chance = random.Random(f"{plan.key}:accounts")
    for family in families:
        draw, account = chance.random(), registry.account()
        for child in family.children:
            shared = draw < 0.3 and len(family.children) > 1
            child.account = account if shared else registry.account()
            child.holder = family.guardian.name if draw < 0.5 else child.name


def _term(
    term: TermPlan,
    schools: SchoolMap,
    maker: FamilyMaker,
    lister: Lister,
    families: list[Family],
    oddities: Oddities,
    before: Books | None,
) -> Books:
    books = Books(maker.plan, term, schools, maker.registry)
    books.children = [child for family in families for child in family.children]
    for child, seat in seats(books.children, schools, term.school_year).items():
        books.enrol(child, seat)
    lister.set_term(books)
    write_registers(lister, books)
    cases = Cases(books, maker, lister)
    for case in CASES:
        if case.__name__ not in maker.plan.left_out:
            case(cases)
    write_letters(cases)
    for category in term.printed:
        pay_category(books, lister, category)
    place_the_others(cases)
    write_ledger(books)
    write_totals(books)
    write_directory(books)
    respell(cases, oddities)
    note_lookalikes(cases, oddities)
    add_rejects(cases)
    if term.counted_on:
        write_child_half(cases, before)
    return books


def write_directory(books: Books) -> None:
    """The list of schools, former names beside the present ones."""
    names = {
        "primary": "小学",
        "junior": "初中",
        "senior": "普通高中",
        "special": "特殊教育",
        "vocational": "中职",
        "preschool": "幼儿园",
    }
    people = NameMaker(f"{books.plan.key}:responsible")
    officers = {town: _full_name(people) for town in books.plan.towns}
    for school in books.schools.schools:
        others = [alias for alias in school.aliases if alias != school.name]
        cells = {
            "school_code": school.code,
            "school_name": school.name,
            "alias": "；".join(others[:1]),
            "stage": names[school.stage],
            "town": school.town,
            "head": _full_name(people),
            "deputy": _full_name(people),
            "officer": officers[school.town],
        }
        books.add(Row("schools", cells, file="schools"))
        for alias in others[1:]:
            books.add(Row("schools", cells | {"alias": alias}, file="schools"))


def _full_name(people: NameMaker) -> str:
    return people.surname() + people.given("男")


def write_term(folder: Path, books: Books, *, workbooks: bool = True) -> None:
    """All files of one term, then its answer key; without ``workbooks`` the text files and the key alone."""
    place = folder / books.term.term
    place.mkdir(parents=True, exist_ok=True)
    for old in place.iterdir():
        old.unlink()
    words = {"county": books.plan.county_name, "term": books.term_name(0)}
    files: list[WrittenDelivery] = []
    for layout, rows in files_of(books):
        pen = Pen(f"{books.plan.key}:{books.term.term}:{layout.file}", layout, books.plan.dirt_rate)
        page = lay_out(layout, in_order(layout, rows), words, pen)
        if layout.encoding or workbooks:
            write_file(place, layout, page)
        files.append(tell(layout, page))
    write_answers(folder / "answers", books, files)


def files_of(books: Books) -> list[tuple[FileLayout, list[Row]]]:
    """Every file that has rows, with them; without the columns that no row of it tells and that may be left out."""
    files = []
    for layout in LAYOUTS:
        rows = [row for row in books.rows[layout.table] if row.file == layout.key]
        untold = [column for column in layout.if_told if not any(row.cells.get(column) for row in rows)]
        if rows:
            files.append((replace(layout, columns=without(layout.columns, *untold)), rows))
    return files


def in_order(layout: FileLayout, rows: list[Row]) -> list[Row]:
    """As an office sorts: enrolment and payments by school, the rest as it came."""
    if layout.table == "enrolment":
        return sorted(
            rows,
            key=lambda row: (
                row.sheet,
                row.cells["school_code"],
                row.cells["grade"],
                row.cells["class_name"],
            ),
        )
    if layout.key in ("primary", "junior", "senior"):
        return sorted(rows, key=lambda row: (row.cells["school_code"], row.cells["scheme"]))
    return rows
