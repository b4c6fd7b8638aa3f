"""The keys: an Ed25519 key to sign with, one to fingerprint rows with, one to number findings with; each made on first
use, readable by its owner.

They lie in the user's configuration folder (``AUDITLIB_KEYS``, else ``$XDG_CONFIG_HOME/auditlib/keys``, else
``~/.config/auditlib/keys``, on Windows ``%APPDATA%\\auditlib\\keys``), never in the checkout or in an output folder.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import stat
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from auditlib.base.errors import AuditError, Problem
from auditlib.base.language import Text
from auditlib.base.owners import open_private

OTHERS = stat.S_IRWXG | stat.S_IRWXO
KEY_BYTES = 32
SHOWN_LENGTH = 16  # hex digits of a key's name: enough to compare over the telephone
FINGERPRINT_FILE = "fingerprint.key"
NUMBERS_FILE = "finding-numbers.key"
MADE_SIGNING = Text(
    "首次使用，已生成签名密钥 {file}（仅本人可读，请备份，勿外传）；公钥指纹 {name}，请用电话等另一途径告知市里核对",
    "first use: made the signing key {file} (readable by you alone; back it up, hand it to nobody); the public key's "
    "name is {name}: tell it to the city by another way, such as the telephone",
)
MADE_FINGERPRINT = Text(
    "首次使用，已生成行指纹密钥 {file}（仅本人可读）；市里有统一密钥的，用市里的文件替换后重跑；没有的，请另行送达市里，勿随包报送",
    "first use: made the fingerprint key {file} (readable by you alone); where the city has handed out one for all, put "
    "that in its place and run again; else hand it to the city by another way, never with the package",
)

MADE_HERE = ".made-here"
"""Ending of the note beside the fingerprint key that says which key this program made on this machine."""
OWN_KEY = Text(
    "加密代号用的密钥 {name} 是本程序在本机生成的，不是市里送来的：只有市里统一的密钥就是这一把，才与别县比得上。请打电话与市里核对；"
    "不同的，换上市里的 fingerprint.key 再运行一次",
    "the tokens were made with key {name}, which this program made on this machine and the city did not send: unless it is the one "
    "that the city shares, no person is found in two counties. Compare it with the city by telephone; if it is another one, put the "
    "city's fingerprint.key in its place and run again",
)
NO_SHARED_KEY = Text(
    "参数 hand_in 为 tokens，但没有市里统一的密钥",
    "hand_in is tokens, and the key that the city shares is not there",
)
GET_SHARED_KEY = Text(
    "向市里要 fingerprint.key，放到上面的位置，再运行",
    "ask the city for its fingerprint.key, put it in that place and run again",
)


@dataclass(frozen=True)
class FingerprintKey:
    """The secret with which rows are fingerprinted; ``name`` tells which it is without giving it away."""

    secret: bytes

    @property
    def name(self) -> str:
        return hashlib.sha256(b"auditlib fingerprint key|" + self.secret).hexdigest()[:SHOWN_LENGTH]


@dataclass(frozen=True)
class Keys:
    """A county's keys, and what to say about those that have just been made."""

    signing: Ed25519PrivateKey
    fingerprint: FingerprintKey
    sentences: tuple[Text, ...] = ()


def folder() -> Path:
    """Where the keys lie; the environment variable ``AUDITLIB_KEYS`` comes first."""
    if own_folder := os.environ.get("AUDITLIB_KEYS"):
        return Path(own_folder)
    base = os.environ.get("APPDATA" if os.name == "nt" else "XDG_CONFIG_HOME")
    return (Path(base) if base else Path.home() / ".config") / "auditlib" / "keys"


def county_keys(county_code: str) -> Keys:
    """The county's signing key and the fingerprint key, made where they are not there yet."""
    signing_file, shared_file = folder() / f"{county_code}.signing.pem", folder() / FINGERPRINT_FILE
    signing, new_signing = _content_or_fresh(signing_file, _fresh_signing_key)
    shared_secret, new_shared = _content_or_fresh(shared_file, _fresh_secret)
    key, secret = _signing_key(signing, signing_file), _secret(shared_secret, shared_file)
    sentences = (
        [MADE_SIGNING.fill(file=path_shown(signing_file), name=key_name(key.public_key()))]
        if new_signing
        else []
    )
    if new_shared:
        sentences += [MADE_FINGERPRINT.fill(file=path_shown(shared_file))]
        with open_private(_note(shared_file), "w", encoding="ascii") as note:
            note.write(FingerprintKey(secret).name)
    return Keys(key, FingerprintKey(secret), tuple(sentences))


def refuse_missing_key(hand_in: str, language: str) -> None:
    """Raises AuditError where tokens are to be handed in and no key lies here: under one made here they match nobody's."""
    file = folder() / FINGERPRINT_FILE
    if hand_in == "tokens" and not file.exists():
        place = Text(path_shown(file), path_shown(file))
        raise AuditError(Problem(NO_SHARED_KEY, place, GET_SHARED_KEY), language)


def _note(file: Path) -> Path:
    return file.with_name(file.name + MADE_HERE)


def own_key_of_tokens(hand_in: str) -> tuple[Text, ...]:
    """What to say where tokens are handed in under a key that this program made here; nothing where the city sent it."""
    key, note = fingerprint_key(), _note(folder() / FINGERPRINT_FILE)
    is_own = key is not None and note.is_file() and note.read_text("ascii", errors="replace") == key.name
    return (OWN_KEY.fill(name=key.name),) if key and is_own and hand_in == "tokens" else ()


def fingerprint_key(place: Path | None = None) -> FingerprintKey | None:
    """The fingerprint key of this machine (in the folder ``place``, if one is named), None where there is none yet."""
    file = (place or folder()) / FINGERPRINT_FILE
    return FingerprintKey(_secret(_read(file), file)) if file.exists() else None


def shared_key() -> FingerprintKey:
    """The fingerprint key of this machine, made where there is none yet."""
    file = folder() / FINGERPRINT_FILE
    return FingerprintKey(_secret(_content_or_fresh(file, _fresh_secret)[0], file))


def kept_secret(file: Path, fresh: Callable[[], bytes]) -> tuple[bytes, bool]:
    """The content of a secret file, made by ``fresh`` and readable by its owner alone where it is not there; was it made?"""
    return _content_or_fresh(file, fresh)


def damaged_file(file: Path) -> AuditError:
    """The refusal of a secret file that cannot be read."""
    return _damaged_file(file)


def numbers_key() -> bytes:
    """The bureau's own secret under which findings are numbered, made where it is not there yet; nobody else needs it.

    Where several machines of one bureau send out slips, each has a copy, else one machine's slips are refused by another.
    """
    file = folder() / NUMBERS_FILE
    return _secret(_content_or_fresh(file, _fresh_secret)[0], file)


def key_name(key: Ed25519PublicKey) -> str:
    """Short name of a public key, in groups of four, to be compared by voice."""
    digest = hashlib.sha256(key.public_bytes_raw()).hexdigest()[:SHOWN_LENGTH]
    return " ".join(digest[at : at + 4] for at in range(0, SHOWN_LENGTH, 4))


def public_pem(key: Ed25519PublicKey) -> bytes:
    """The public key as it travels."""
    return key.public_bytes(form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo)


def read_public(path: Path) -> Ed25519PublicKey:
    """The public key in ``path``. Raises AuditError where it is none."""
    try:
        key = parsed_public(path.read_bytes())
    except OSError:
        key = None
    if key is None:
        raise AuditError(
            Problem(
                Text("不是可读的 Ed25519 公钥文件", "not a readable Ed25519 public key"),
                Text(path.name, path.name),
                Text(
                    "请使用县里导出的 public-key-*.pem", "use the public-key-*.pem that the county exported"
                ),
            )
        )
    return key


def parsed_public(pem: bytes) -> Ed25519PublicKey | None:
    """The Ed25519 public key that ``pem`` holds, None where it holds none."""
    try:
        key = form.load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, Ed25519PublicKey) else None


def _fresh_signing_key() -> bytes:
    key = Ed25519PrivateKey.generate()
    return key.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())


def _fresh_secret() -> bytes:
    return secrets.token_hex(KEY_BYTES).encode() + b"\n"


def _content_or_fresh(file: Path, fresh: Callable[[], bytes]) -> tuple[bytes, bool]:
    """The content of ``file``, made by ``fresh`` where it is not there; and whether it was made."""
    if file.exists():
        return _read(file), False
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    content = fresh()
    handle, new_file = tempfile.mkstemp(dir=file.parent, prefix=".new-")  # readable by its owner alone
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        return _first(Path(new_file), file)
    finally:
        Path(new_file).unlink(missing_ok=True)


def _first(new_file: Path, file: Path) -> tuple[bytes, bool]:
    """``new_file`` as ``file``, whole, unless another run was quicker: half a key could never be used."""
    try:
        os.link(new_file, file)
    except FileExistsError:
        return _read(file), False
    except OSError:  # a disk without links
        new_file.replace(file)
    return file.read_bytes(), True


def _read(file: Path) -> bytes:
    if os.name != "nt" and file.stat().st_mode & OTHERS:
        raise AuditError(
            Problem(
                Text("密钥文件别人也能读，不能使用", "the key file can be read by others and is not used"),
                Text(path_shown(file), path_shown(file)),
                Text("执行 chmod 600；若可能已被人看过，删除后重新生成，并把新公钥告知市里",
                     "chmod 600 it; if somebody may have seen it, delete it, have a new one made and tell the city"),
            )
        )  # fmt: skip
    return file.read_bytes()


def _signing_key(content: bytes, file: Path) -> Ed25519PrivateKey:
    try:
        key = form.load_pem_private_key(content, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise _damaged_file(file) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise _damaged_file(file)
    return key


def _secret(content: bytes, file: Path) -> bytes:
    try:
        secret = bytes.fromhex(content.decode("ascii").strip())
    except ValueError:
        raise _damaged_file(file) from None
    if len(secret) != KEY_BYTES:
        raise _damaged_file(file)
    return secret


def _damaged_file(file: Path) -> AuditError:
    return AuditError(
        Problem(
            Text("密钥文件已损坏", "the key file is damaged"),
            Text(path_shown(file), path_shown(file)),
            Text("从备份恢复；没有备份的，删除后重新生成，并把新公钥告知市里",
                 "restore it from a backup; without one delete it, have a new one made and tell the city"),
        )
    )  # fmt: skip


def path_shown(file: Path) -> str:
    """The path as a person knows it, the home folder as ``~``."""
    try:
        return "~/" + file.relative_to(Path.home()).as_posix()
    except ValueError:
        return file.as_posix()
