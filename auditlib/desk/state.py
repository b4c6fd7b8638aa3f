"""What the steps of the desk share: the draft, the county's profile, the sheets of its folder, the last check, what is running."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from auditlib.base.errors import AuditError
from auditlib.base.language import Speaker
from auditlib.base.places import ROOT, choose_folder
from auditlib.base.places import runs as runs_folder
from auditlib.base.strict_yaml import read_yaml
from auditlib.desk import sheets, writing
from auditlib.desk.checked import IngestCheck, read_check
from auditlib.desk.draft import Draft, Sheet, alike, parameters
from auditlib.desk.dropping import Dropped
from auditlib.desk.jobs import Job
from auditlib.desk.page import Block, prose
from auditlib.desk.profile import Profile
from auditlib.desk.refusals import refusal
from auditlib.ingest.files.find import Wanted, find, is_named_as_table, list_folder
from auditlib.ingest.files.patterns import fits_name
from auditlib.law.parameters import SelfCheck, check_self_check
from auditlib.law.policy import Policy, read_policy
from auditlib.tables.vocabulary import Vocabulary, vocabulary
from auditlib.workbench.serve import RUNS

INGEST = "ingest.json"


@dataclass
class State(Speaker):
    """One sitting. ``page``: the step in front; ``notice``: what is to be said of what was just asked."""

    language: str = "zh"
    page: str = "start"
    draft: Draft | None = None
    origin: tuple[Path, str, str] | None = None  # the file that was read, its county and its term
    profile: Profile = field(default_factory=Profile)
    files: tuple[sheets.FileSeen, ...] = ()
    guesses: dict[Sheet, sheets.Guess] = field(default_factory=dict)
    hidden_sheets: set[Sheet] = field(
        default_factory=set
    )  # that the sender does not see: an old list, perhaps
    sheet: Sheet | None = None
    check: IngestCheck | None = None
    checked: str = ""  # what the check was made with
    stamp: int = 0  # when the account that lies in the run's folder was written, before it is made anew
    job: Job | None = None
    doing: str = ""  # what the job does: ingest, self-check, re-check, trend
    notice: tuple[str, str] | None = None
    handed_out: str = ""  # the lines that the city gives to its counties, once it has committed
    failure: str = ""  # what a command refused, until the next is begun
    run: Path | None = None  # the folder of what has just been run
    target: Path | None = None  # where a command of another page writes
    form: dict[str, str] = field(default_factory=dict)  # what stands in forms that are not yet sent
    dropped: Dropped | None = None  # what comes into the folder from the page
    dropped_at: tuple[str, str] = ("", "")  # on which page and place
    earlier: Draft | None = None  # the term before, whose files tell where this term's belong
    reader_at_hand: tuple[str, sheets.SheetReader] | None = None
    previews: dict[tuple[Any, ...], sheets.Preview] = field(default_factory=dict)

    def notes(self) -> list[Block]:
        """What was just done or refused, once."""
        notice, self.notice = self.notice, None
        return [prose(notice[1], notice[0], is_new=True)] if notice else []

    def refuse(self, error: AuditError) -> None:
        """What is wrong, where and what to do."""
        self.notice = ("alert", refusal(error, self.language))

    # --- the draft ---------------------------------------------------------------------------------------------------

    @property
    def term(self) -> Draft:
        """The draft; the steps after the first have one."""
        assert self.draft is not None, "no step but the first is shown without a draft"
        return self.draft

    @property
    def code(self) -> str:
        return self.term.text("county_code")

    @property
    def file(self) -> Path:
        """The draft's parameter file: the one that was read, while it is of the same county and term."""
        if self.origin and self.origin[1:] == (self.code, self.term.text("term")):
            return self.origin[0]
        return writing.parameter_file(self.term)

    def save(self) -> None:
        """The draft and the profile into their files, which every command reads."""
        self.draft = self.term.with_value("language", self.language)
        writing.write_parameters(self.term, self.file)
        choose_folder(self.file)

    def keep(self, profile: Profile) -> None:
        """The profile anew, at once into its file."""
        self.profile = profile
        writing.write_profile(self.code, profile)

    def parameters(self) -> SelfCheck:
        """The draft as the commands read it. Raises UsageError."""
        return check_self_check(
            {**parameters(self.term), "language": self.language}, base=self.file.parent, place=self.file.name
        )

    def policy(self) -> Policy:
        """The standards that the draft names. Raises UsageError."""
        names = [str(name) for name in self.term.values.get("policy") or []]
        return read_policy(names, self.file.parent if self.file.parent.is_dir() else ROOT)

    def words(self) -> Vocabulary:
        """The spellings of coded values, with those of the profile. Raises UsageError."""
        own = {**(self.term.values.get("values") or {}), **self.profile.values}
        return vocabulary(self.policy(), own)

    def reader(self) -> sheets.SheetReader:
        """Reads sheets as the profile stands now."""
        key = json.dumps([self.profile.as_mapping(), self.term.values.get("policy")], ensure_ascii=False)
        if self.reader_at_hand is None or self.reader_at_hand[0] != key:
            self.reader_at_hand = (key, sheets.reader(self.profile, self.words()))
            self.previews.clear()
        return self.reader_at_hand[1]

    def preview(self, opened_sheet: sheets.SheetSeen, table: str) -> sheets.Preview:
        """A sheet as it is read for ``table``."""
        by, constants = self.reader(), self.term.constants.get(opened_sheet.key, {})
        key = (*opened_sheet.key, table, *sorted(constants.items()))
        if key not in self.previews:
            self.previews[key] = sheets.preview(by, opened_sheet, table, constants)
        return self.previews[key]

    def lost_share(self) -> float:
        """Above this share of unreadable cells a used column stops the run."""
        return float(self.term.text("lost_share") or SelfCheck.lost_share)

    def data_dir(self) -> Path:
        """The folder of the delivered files."""
        return (self.file.parent / self.term.text("data_dir")).resolve()

    def output_dir(self) -> Path:
        """The run's folder."""
        return (self.file.parent / self.term.text("output_dir")).resolve()

    # --- the files -----------------------------------------------------------------------------------------------

    def look(self) -> None:
        """Opens the folder's files; sheets of which nothing was said get the table that they look like."""
        there = sheets.files_in(self.data_dir())
        self.files = tuple(sheets.open_file(name, path) for name, path in there.items())
        self.previews.clear()
        self.draft = self.term.of_files(list(there))
        by = self.reader()
        self.guesses = {
            opened_sheet.key: sheets.guess(by, opened_sheet)
            for one in self.files
            for opened_sheet in one.sheets
        }
        persons = {one.key for file in self.files for one in file.sheets if sheets.holds_persons(one)}
        self.hidden_sheets = {one.key for file in self.files for one in file.sheets if not one.grid.visible}
        for key, guess in self.guesses.items():
            is_open = key in persons or guess.rivals
            may_take = guess.table and not (key in persons and key in self.hidden_sheets)
            if key not in self.term.sheets and (may_take or not is_open):
                self.draft = self.term.with_table(key, guess.table)
        keys = [key for key in self.guesses if self.term.sheets.get(key)] or list(self.guesses)
        closed = {(one.file, "") for one in self.files if one.trouble}
        self.draft = self.term.without(
            [k for k in self.term.sheets if k not in self.guesses and k not in closed]
        )
        if self.sheet not in self.guesses:
            self.sheet = keys[0] if keys else None

    @property
    def undecided(self) -> list[Sheet]:
        """Sheets with persons' numbers that look like no table, and those that look like two; nobody has said what they are."""
        return [key for key in self.guesses if key not in self.term.sheets] if self.draft else []

    @property
    def closed_files(self) -> list[str]:
        """Tables by their names that cannot be opened, and of which nobody has said that they are not needed."""
        closed = (one.file for one in self.files if one.trouble and is_named_as_table(one.file))
        return [file for file in closed if (file, "") not in self.term.sheets] if self.draft else []

    def opened_sheet(self, key: Sheet) -> sheets.SheetSeen | None:
        """An opened sheet."""
        return next(
            (opened_sheet for one in self.files for opened_sheet in one.sheets if opened_sheet.key == key),
            None,
        )

    def read(self, file: Path) -> None:
        """A parameter file and its county's profile; its sources tell what was said of the files. Raises UsageError."""
        self.draft = writing.read_draft(file)
        self.origin = (file, self.code, self.term.text("term"))
        choose_folder(file)
        self.profile = writing.read_profile(self.code)
        self.check, self.checked, self.sheet = None, "", None
        content = read_yaml(file)
        if self.data_dir().is_dir():
            self.draft = with_sources(self.term, content.get("sources") or {}, self.data_dir(), self.words())
            self.draft = with_not_needed(self.term, content.get("not_needed") or [], self.data_dir())

    def as_before(self, earlier: Draft) -> None:
        """Files whose names differ from earlier ones by the term alone belong where these did."""
        places = {(alike(file), sheet): (file, sheet) for file, sheet in earlier.sheets}
        for key in self.guesses:
            before = places.get((alike(key[0]), key[1])) or places.get((alike(key[0]), ""))
            if before:
                self.draft = self.term.with_table(key, earlier.sheets[before])
                for column, value in earlier.constants.get(before, {}).items():
                    if column != "term":
                        self.draft = self.term.with_constant(key, column, value)

    # --- the check --------------------------------------------------------------------------------------------------

    def fingerprint(self) -> str:
        """What a check depends on, but for the files themselves."""
        return json.dumps(
            [parameters(self.term), self.profile.as_mapping()], ensure_ascii=False, sort_keys=True
        )

    def written_at(self) -> int:
        """When the account of the ingest in the run's folder was written; 0 where there is none."""
        file = self.output_dir() / INGEST
        return file.stat().st_mtime_ns if file.is_file() else 0

    def take_check(self) -> bool:
        """The account that the ingest has just written; False where it wrote none."""
        is_new = self.written_at() != self.stamp
        self.check = read_check(self.output_dir() / INGEST) if is_new else None
        self.checked = self.fingerprint()
        return self.check is not None

    @property
    def is_checked(self) -> bool:
        """Is the last check one of what is chosen now?"""
        return self.check is not None and self.checked == self.fingerprint()


def with_sources(draft: Draft, sources: Mapping[str, Any], folder: Path, words: Vocabulary) -> Draft:
    """The draft with what a parameter file's ``sources`` say of the files in ``folder``."""
    listing = list_folder(folder)
    deliveries, _wrong = find(listing, sources, words)
    for one in deliveries:
        opened_sheet = sheets.open_file(one.file, listing.files[one.file])
        for sheet in opened_sheet.sheets:
            draft = _with_sheet(draft, one, sheet.key)
    return draft


def with_not_needed(draft: Draft, entries: Sequence[Any], folder: Path) -> Draft:
    """The draft with the files and sheets that a parameter file's ``not_needed`` says are of no table."""
    for entry in entries:
        pattern, sheet_pattern = (
            (entry["files"], entry.get("sheets")) if isinstance(entry, Mapping) else (entry, None)
        )
        for file, path in list_folder(folder).files.items():
            if not fits_name(file, str(pattern)):
                continue
            opened_file = sheets.open_file(file, path)
            if opened_file.trouble and sheet_pattern is None:
                draft = draft.with_table((file, ""), "")
            for one in opened_file.sheets:
                if sheet_pattern is None or fits_name(one.sheet, str(sheet_pattern)):
                    draft = draft.with_table(one.key, "")
    return draft


def _with_sheet(draft: Draft, one: Wanted, key: Sheet) -> Draft:
    sheet_constants = [constants for pattern, constants in one.by_sheet if fits_name(key[1], pattern)]
    if draft.sheets.get(key) and not sheet_constants:
        return draft  # a pattern that names it for another table outranks one of the whole file
    draft = draft.with_table(key, one.table.name)
    constants = {**one.constants, **{k: v for part in sheet_constants for k, v in part.items()}}
    for column, value in constants.items():
        draft = draft.with_constant(key, column, value)
    return draft


def new_run_folder(code: str, term: str) -> str:
    """Where a run is written, from the parameter file."""
    return f"../runs/{code}-{term}"


def runs_of() -> Path:
    """The folder of the runs."""
    return Path(os.environ.get(RUNS) or runs_folder())
