"""Files dropped onto the page: taken piece by piece into the data folder, for its owner alone, or refused with the reason.

Nothing that lies there is written over; a name that leads elsewhere, or that is none on some computer, is refused; an archive is
unpacked by the same rules.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO

from auditlib.base.errors import AuditError, Problem
from auditlib.base.language import Text
from auditlib.base.masking import scrub
from auditlib.base.owners import OWNERS_FOLDER, open_private

ENDINGS = (
    ".xlsx", ".xlsm", ".xls", ".xlsb", ".et", ".ods", ".csv", ".txt", ".tsv", ".html", ".htm",
)  # fmt: skip
ARCHIVE = ".zip"
MOST_BYTES, MOST_FILES, LONGEST_NAME, MOST_FOLD = 1 << 30, 2000, 120, 200
PIECE = 1 << 20
_SIGNS = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_RESERVED_PATTERN = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)
_NO_FILE = re.compile(
    r"[.~]|__MACOSX$|desktop\.ini$|thumbs\.db$", re.IGNORECASE
)  # what systems leave beside files

RECEIPT = Text("收下 {name}（{size}）", "received: {name} ({size})")
NOT_TAKEN = Text("没有收下 {name}：{why}", "not taken: {name}: {why}")
SAME = Text("文件夹里已有同样的文件", "the same file is there already")
OTHER = Text(
    "文件夹里已有同名而内容不同的文件；请改名，或先把旧的移走",
    "another file of this name is there; rename this one, or move the old one away first",
)
BAD_NAME = Text(
    "文件名里有不能用的符号，或带有路径；请改名",
    "its name has a path or signs that no file may have; rename it",
)
NO_TABLE = Text("不是这里要的文件（{endings}）", "no file that belongs here ({endings})")
TOO_LARGE = Text("太大", "too large")
BROKEN_OFF = Text("没有传完，请再放一次", "it did not arrive whole; drop it again")
BAD_ARCHIVE = Text(
    "压缩包打不开，或有密码；请解压后再放",
    "the archive is damaged or has a password; unpack it and drop the files",
)
FOLDER = Text(
    "是文件夹，或读不出；文件夹请压缩成 zip 再放",
    "it is a folder, or cannot be read; pack a folder into a zip and drop that",
)
EMPTY = Text("是空的", "it is empty")


class Refusal(Exception):
    """Why a file is not taken."""

    def __init__(self, why: Text):
        super().__init__(why.en)
        self.why = why


@dataclass
class Dropped:
    """What has come into ``folder``; ``lines``: what to say of each file; ``places``: where those lie that were stored.

    ``endings``: of the files that are taken, an archive being unpacked unless it is one of them; ``numbered``: another file of
    the same name is stored beside the first (every county's package is called package.zip).
    """

    folder: Path
    endings: tuple[str, ...] = (*ENDINGS, ARCHIVE)
    unpacks: bool = True
    numbered: bool = False
    places: list[Path] = field(default_factory=list)
    lines: list[Text] = field(default_factory=list)
    refusals: int = 0
    under_way: str = ""
    arrived: int = 0

    def piece(self, name: str, start: int, size: int, content: bytes) -> None:
        """The next piece of a file of ``size`` bytes; the last one puts it into its place."""
        try:
            if start == 0:
                self._begin(name, size)
            elif name != self.under_way:
                return  # refused before, and said
            if start != self.arrived or start + len(content) > size:
                raise Refusal(BROKEN_OFF)
            with open_private(self._beside, "ab") as beside:
                beside.write(content)
            self.arrived += len(content)
            if self.arrived == size:
                self._take(name)
        except Refusal as refused:
            self._forget()
            self._refuse(name, refused)
        except OSError as error:
            self._forget()
            raise AuditError(Problem(Text("文件存不进去", "the file cannot be stored"), _of(self.folder),
                                     Text(f"检查磁盘和文件夹的权限：{error.strerror}", f"look at the disk and the folder's rights: {error.strerror}"))) from error  # fmt: skip

    @property
    def _beside(self) -> Path:
        return self.folder / ".dropped.part"

    def _begin(self, name: str, size: int) -> None:
        self._forget()
        if size < 0:
            raise Refusal(FOLDER)
        check_name(name)
        if not name.lower().endswith(self.endings):
            raise Refusal(NO_TABLE.fill(endings=" ".join(self.endings)))
        if size == 0:
            raise Refusal(EMPTY)
        if size > MOST_BYTES:
            raise Refusal(TOO_LARGE)
        self.under_way = name

    def _forget(self) -> None:
        self.under_way, self.arrived = "", 0
        self._beside.unlink(missing_ok=True)

    def _refuse(self, name: str, refusal: Refusal) -> None:
        # Before what was taken: among many files nobody would see it.
        self.lines.insert(self.refusals, NOT_TAKEN.fill(name=scrub(name), why=refusal.why))
        self.refusals += 1

    def _take(self, name: str) -> None:
        if self.unpacks and name.lower().endswith(ARCHIVE):
            self._unpack(self._beside)
        else:
            with self._beside.open("rb") as content:
                place = store(self.folder, PurePosixPath(name), content, self.arrived, numbered=self.numbered)
            self.places.append(place)
            self.lines.append(RECEIPT.fill(name=scrub(place.name), size=spoken_size(self.arrived)))
        self._forget()

    def _unpack(self, archive: Path) -> None:
        try:
            with zipfile.ZipFile(archive) as zip_archive:
                for member in members(zip_archive):
                    self._member(zip_archive, member)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
            raise Refusal(BAD_ARCHIVE) from error

    def _member(self, zip_archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
        name = member_name(member)
        try:
            path = check_member(member, name)
            with zip_archive.open(member) as content:
                store(self.folder, path, content, member.file_size)
            self.lines.append(RECEIPT.fill(name=scrub(name), size=spoken_size(member.file_size)))
        except Refusal as refused:
            self._refuse(name[:LONGEST_NAME], refused)


def _of(folder: Path) -> Text:
    return Text(str(folder), str(folder))


def check_name(name: str) -> None:
    """Refuses what is no plain name of a file on every computer."""
    if (
        not name.strip()
        or len(name) > LONGEST_NAME
        or _SIGNS.search(name)
        or _NO_FILE.match(name)
        or name != name.strip(" .")
        or _RESERVED_PATTERN.fullmatch(name)
        or any(unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") for sign in name)
    ):
        raise Refusal(BAD_NAME)


def members(zip_archive: zipfile.ZipFile) -> Iterator[zipfile.ZipInfo]:
    """The files of an archive but what systems leave there; refused as a whole where they are too many, or unfold too far."""
    files = [member for member in zip_archive.infolist() if not member.is_dir()]
    total, packed_size = (
        sum(member.file_size for member in files),
        sum(member.compress_size for member in files),
    )
    if len(files) > MOST_FILES or total > MOST_BYTES or total > max(packed_size, 1) * MOST_FOLD:
        raise Refusal(TOO_LARGE)
    return (member for member in files if not any(map(_NO_FILE.match, member_name(member).split("/"))))


def member_name(member: zipfile.ZipInfo) -> str:
    """The name of a file in an archive; one that was packed under Windows without saying so is in GB18030."""
    name = member.filename
    if not member.flag_bits & 0x800:
        try:
            name = name.encode("cp437").decode("gb18030")
        except UnicodeError:
            name = member.filename
    return name.replace("\\", "/")


def check_member(member: zipfile.ZipInfo, name: str) -> PurePosixPath:
    """Where a file of an archive goes; refused are links, ways out of the folder, archives within, and what is no table."""
    path = PurePosixPath(name)
    if path.is_absolute() or stat.S_ISLNK(member.external_attr >> 16) or member.flag_bits & 0x1:
        raise Refusal(BAD_NAME if path.is_absolute() else BAD_ARCHIVE)
    for part in path.parts:
        check_name(part)
    if not name.lower().endswith(ENDINGS):
        raise Refusal(NO_TABLE.fill(endings=" ".join(ENDINGS)))
    return path


def store(
    folder: Path, path: PurePosixPath, content: IO[bytes], size: int, *, numbered: bool = False
) -> Path:
    """``content`` of ``size`` bytes as a new file below ``folder``, whole or not at all; where it lies then."""
    place = folder / path
    for above in reversed(place.relative_to(folder).parents[:-1]):
        (folder / above).mkdir(mode=OWNERS_FOLDER, exist_ok=True)
    if not place.parent.resolve().is_relative_to(folder.resolve()):
        raise Refusal(BAD_NAME)
    beside = place.with_name(f".{hashlib.sha256(place.name.encode()).hexdigest()[:16]}.part")
    digest, length = hashlib.sha256(), 0
    try:
        with open_private(beside, "wb") as new:
            while piece := content.read(PIECE):
                length += len(piece)
                if length > size:
                    raise Refusal(TOO_LARGE)
                digest.update(piece)
                new.write(piece)
        return _into_place(beside, place, digest.hexdigest(), numbered=numbered)
    finally:
        beside.unlink(missing_ok=True)


def _into_place(beside: Path, place: Path, digest: str, *, numbered: bool) -> Path:
    count, free = 1, place
    while os.path.lexists(free):
        same = free.is_file() and hashlib.sha256(free.read_bytes()).hexdigest() == digest
        if same or not numbered:
            raise Refusal(SAME if same else OTHER)
        count += 1
        free = place.with_name(f"{place.stem} ({count}){place.suffix}")
    beside.rename(free)
    return free


def account(place: Dropped, language: str) -> tuple[str, str]:
    """How and what to say of what came: good where all was taken."""
    return "amber" if place.refusals else "good", "\n".join(line.into(language) for line in place.lines)


def spoken_size(size: int) -> str:
    """12 KB, 3.4 MB."""
    return f"{size / 1024:.0f} KB" if size < 1 << 20 else f"{size / (1 << 20):.1f} MB"
