"""A county audited again, kept in the run's folder: so that a mistake in a field sheet, or the visits themselves, do not
repeat what rests on none of them.

What is kept counts only for the very same inputs (:func:`digest_of`), and only if this bureau's own key sealed it: it holds
objects, and objects of somebody else's making are never opened. It holds persons in full, like the rest of the folder.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import pickle
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from auditlib.base.owners import replace_private, shut_folder
from auditlib.base.places import PARAMS, chosen_folder
from auditlib.base.program import program_digest
from auditlib.law.parameters import SelfCheck
from auditlib.package.keys import FingerprintKey, numbers_key

FOLDER, ENDING = "reperformed", ".kept"
PURPOSE = b"auditlib re-performance|"
SEAL = hashlib.sha256().digest_size
LEDGERS = ("judgements.csv", "review.xlsx")
LISTS = (".json", ".csv", ".yaml")
COMPRESSION = 1


def digest_of(parameters: SelfCheck, package: str | None, key: FingerprintKey | None) -> str:
    """All that an audit done again rests on: program, parameters, lists, standards, files, judgements, key; ``package``:
    the digest of the one that it is held against."""
    content = hashlib.sha256()
    facts = {
        "program": program_digest(),
        "parameters": parameters.as_json(),
        "key": key.name if key else None,
        "package": package,
    }
    content.update(json.dumps(facts, sort_keys=True, default=str).encode())
    for name, file in _files(parameters):
        content.update(f"\n{name}\n".encode())
        with file.open("rb") as binary:
            content.update(hashlib.file_digest(binary, "sha256").digest())
    return content.hexdigest()


def _files(parameters: SelfCheck) -> Iterator[tuple[str, Path]]:
    """Everything on the disk that is read, each under a name that does not depend on the machine."""
    own = chosen_folder()
    trees = {"params": PARAMS} | ({"own": own / "params"} if own else {})
    for tree, root in trees.items():
        yield from ((name, file) for name, file in _tree(tree, root) if _is_list(file, root))
    for at, root in enumerate([parameters.data_dir, *parameters.previous]):
        yield from _tree(f"data-{at}", Path(root))
    yield from _single(parameters)


def _is_list(file: Path, root: Path) -> bool:
    """Spellings, standards, the model. The parameters of runs lie beside them, and a city's name its field sheets: what an
    audit takes of its own is in the facts, what is another's run changes nothing."""
    return file.suffix in LISTS and not (file.parent == root and file.suffix == ".yaml")


def _tree(name: str, root: Path) -> Iterator[tuple[str, Path]]:
    """Every file below ``root``, in order."""
    for file in sorted(path for path in root.rglob("*") if path.is_file()):
        yield f"{name}/{file.relative_to(root).as_posix()}", file


def _single(parameters: SelfCheck) -> Iterator[tuple[str, Path]]:
    files = [
        *(("ledger", Path(parameters.output_dir) / name) for name in LEDGERS),
        *(("policy", Path(name)) for name in parameters.policy),
    ]
    yield from ((f"{at}/{what}", file) for at, (what, file) in enumerate(files) if file.is_file())


def keep(folder: Path, name: str, digest: str, content: Any) -> None:
    """``content`` under ``name`` in ``folder``, whole or not at all, in place of what was kept of it before."""
    packed = zlib.compress(pickle.dumps((digest, content)), COMPRESSION)
    into = shut_folder(shut_folder(folder) / FOLDER)
    replace_private(into / f"{name}{ENDING}", _seal(packed) + packed)


def kept_content(folder: Path, name: str, digest: str) -> Any | None:
    """What :func:`keep` kept under the same ``digest`` and this bureau's key; None where there is nothing of the kind."""
    file = folder / FOLDER / f"{name}{ENDING}"
    if not file.is_file():
        return None
    sealed = file.read_bytes()
    seal, packed = sealed[:SEAL], sealed[SEAL:]
    if not hmac.compare_digest(seal, _seal(packed)):
        return None
    of_digest, content = pickle.loads(zlib.decompress(packed))
    return content if of_digest == digest else None


def forget_others(folder: Path, names: Iterable[str]) -> None:
    """Takes away what is kept of counties that are not among ``names``."""
    keepers = {f"{name}{ENDING}" for name in names}
    for file in (folder / FOLDER).glob(f"*{ENDING}"):
        if file.name not in keepers:
            file.unlink()


def _seal(packed: bytes) -> bytes:
    return hmac.new(numbers_key(), PURPOSE + packed, hashlib.sha256).digest()
