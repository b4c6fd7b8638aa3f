"""A sealed package: one canonical ZIP, a seal with the digest of every file, a signature over the seal.

Canonical: members in order of name, stored (not compressed), one fixed time, no comment, no gap. A package is opened
by checking it member by member and then writing it anew: unless the very same bytes come out, it is refused. So no
byte can change unseen, nor can anything hide between the members; and what is not compressed cannot be a bomb.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import stat
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from auditlib.base.files import complete_switch
from auditlib.package.keys import key_name, parsed_public, public_pem
from auditlib.package.refusals import PackageRefused

FORMAT, FIRST = (
    3,
    1,
)  # 1 lacks some of the files; 1 and 2 hash rows by the place of their cells; all are still read
FORMATS = (1, 2, 3)
SEAL, SIGNATURE, PUBLIC_KEY = "seal.json", "signature.ed25519", "public-key.pem"
SIGNED_AS = b"auditlib package 1\n"  # a signature made for anything else is none here
NO_CLOCK = (1980, 1, 1, 0, 0, 0)
PLAIN_FILE = (stat.S_IFREG | 0o644) << 16
UNIX = 3
MEGABYTE = 1 << 20
LARGEST_MEMBER, LARGEST_PACKAGE = 512 * MEGABYTE, 1024 * MEGABYTE
SMALL = {SEAL: MEGABYTE, SIGNATURE: 1024, PUBLIC_KEY: 1024}
ENCRYPTED_FLAG = 0x1
UNREADABLE = (
    zipfile.BadZipFile, ValueError, TypeError, KeyError, EOFError, NotImplementedError, OSError, RuntimeError,
)  # fmt: skip


@dataclass(frozen=True)
class Sealed:
    """An opened package: its files, what the seal says, the key that signed it, SHA-256 of the whole."""

    files: Mapping[str, bytes]
    seal: Mapping[str, Any]
    key: Ed25519PublicKey
    digest: str
    place: str

    @property
    def key_name(self) -> str:
        return key_name(self.key)


def sealed_package(files: Mapping[str, bytes], about: Mapping[str, Any], key: Ed25519PrivateKey) -> bytes:
    """The package of ``files`` as bytes, the same for the same files, words and key."""
    digests = {name: _digest(files[name]) for name in sorted(files)}
    seal = _json({"format": FORMAT, **about, "files": digests})
    signature = base64.b64encode(key.sign(SIGNED_AS + seal)) + b"\n"
    return _zip({**files, SEAL: seal, SIGNATURE: signature, PUBLIC_KEY: public_pem(key.public_key())})


def open_sealed(
    path: Path,
    expected_files: frozenset[str],
    key: Ed25519PublicKey | None = None,
    later: frozenset[str] = frozenset(),
) -> Sealed:
    """The package at ``path``, whole and signed. Raises PackageRefused with the reason."""
    complete_switch(path.parent)
    if not path.is_file():
        raise PackageRefused("not_found", path.name)
    if path.stat().st_size > LARGEST_PACKAGE:
        raise PackageRefused("too_large", path.name, limit=LARGEST_PACKAGE)
    return opened_bytes(path.read_bytes(), expected_files, key, later, place=path.name)


def claimed_county(path: Path) -> str:
    """The county that the package at ``path`` says it is of, whatever else is wrong with it; empty where it says none.

    Good for asking the right county to send it again, and for nothing else: nothing of it was checked.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entry = archive.getinfo(SEAL)
            if entry.file_size > SMALL[SEAL] or entry.compress_type != zipfile.ZIP_STORED:
                return ""
            code = json.loads(archive.read(entry))["county_code"]
    except UNREADABLE:
        return ""
    return code if isinstance(code, str) else ""


def opened_bytes(
    content: bytes,
    expected_files: frozenset[str],
    key: Ed25519PublicKey | None = None,
    later: frozenset[str] = frozenset(),
    *,
    place: str = "package.zip",
) -> Sealed:
    """As :func:`opened`, of bytes; ``expected_files``: the files that a package holds beside seal, signature and key;
    ``later``: those of them that one of the first format lacks."""
    members = _members(content, expected_files | {SEAL, SIGNATURE, PUBLIC_KEY}, place)
    if SIGNATURE not in members:
        raise PackageRefused("unsigned", place)
    for name in sorted((expected_files - later | {SEAL, PUBLIC_KEY}) - set(members)):
        raise PackageRefused("missing_member", place, name=name)
    if _zip(members) != content:
        raise PackageRefused("not_canonical", place)
    signer = _signer(members, key, place)
    seal = _read_seal(members, place)
    file_names = expected_files - later if seal["format"] == FIRST else expected_files
    for name in sorted(file_names ^ (set(members) - {SEAL, SIGNATURE, PUBLIC_KEY})):
        raise PackageRefused("unknown_member" if name in members else "missing_member", place, name=name)
    files = {name: members[name] for name in sorted(file_names)}
    for name, body in files.items():
        if seal["files"].get(name) != _digest(body):
            raise PackageRefused("altered_member", place, name=name)
    if set(seal["files"]) != set(files):
        raise PackageRefused("inconsistent", place, name=SEAL)
    return Sealed(files, seal, signer, hashlib.sha256(content).hexdigest(), place)


def _digest(body: bytes) -> dict[str, Any]:
    return {"sha256": hashlib.sha256(body).hexdigest(), "bytes": len(body)}


def _json(content: Mapping[str, Any]) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def _zip(members: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(members):
            entry = zipfile.ZipInfo(name, NO_CLOCK)
            entry.create_system, entry.external_attr = UNIX, PLAIN_FILE
            archive.writestr(entry, members[name])
    return buffer.getvalue()


def _members(content: bytes, file_names: frozenset[str], place: str) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_entries(archive.infolist(), file_names, place)
            return {entry.filename: archive.read(entry) for entry in archive.infolist()}
    except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError, OSError, RuntimeError):
        raise PackageRefused("not_a_zip", place) from None


def _check_entries(entries: list[zipfile.ZipInfo], file_names: frozenset[str], place: str) -> None:
    """Every refusal that the directory of the archive allows, before a byte of a member is read."""
    earlier_names: set[str] = set()
    for entry in entries:
        name = entry.orig_filename
        wrong = _wrong_entry(entry, name, file_names, earlier_names)
        if wrong:
            raise PackageRefused(wrong, place, name=_printable(name))
        earlier_names.add(name)


def _wrong_entry(
    entry: zipfile.ZipInfo, name: str, file_names: frozenset[str], earlier_names: set[str]
) -> str:
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in name:
        return "path_outside"
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "symlink"
    if name in earlier_names:
        return "duplicate_member"
    if name not in file_names:
        return "unknown_member"
    if max(entry.file_size, entry.compress_size) > SMALL.get(name, LARGEST_MEMBER):
        return "oversized_member"
    if entry.compress_type != zipfile.ZIP_STORED or entry.flag_bits & ENCRYPTED_FLAG:
        return "compressed_member"
    return ""


def _printable(name: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in name)[:80]


def _signer(members: Mapping[str, bytes], key: Ed25519PublicKey | None, place: str) -> Ed25519PublicKey:
    inside = parsed_public(members[PUBLIC_KEY])
    if inside is None:
        raise PackageRefused("bad_key", place)
    if key is not None and key.public_bytes_raw() != inside.public_bytes_raw():
        raise PackageRefused("other_key", place, inside=key_name(inside), outside=key_name(key))
    try:
        inside.verify(base64.b64decode(members[SIGNATURE], validate=False), SIGNED_AS + members[SEAL])
    except (InvalidSignature, ValueError):
        raise PackageRefused("bad_signature", place) from None
    if members[PUBLIC_KEY] != public_pem(inside) or not _is_plain(members[SIGNATURE]):
        raise PackageRefused("not_canonical", place)
    return inside


def _is_plain(signature: bytes) -> bool:
    """Is the signature written as it was made? Base64 has other spellings of the same bytes."""
    return base64.b64encode(base64.b64decode(signature)) + b"\n" == signature


def _read_seal(members: Mapping[str, bytes], place: str) -> Mapping[str, Any]:
    """The seal is read only after its signature was found right."""
    try:
        seal = json.loads(members[SEAL])
        seal_format, files = seal["format"], dict(seal["files"])
    except (ValueError, TypeError, KeyError, RecursionError):
        raise PackageRefused("unreadable_member", place, name=SEAL) from None
    if seal_format not in FORMATS or isinstance(seal_format, (bool, float)):
        raise PackageRefused("other_format", place, found=seal_format)
    return {**seal, "files": files}
