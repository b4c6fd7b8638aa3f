"""What an audit came to, kept in the run's folder: so that a decision, a mistake in a field sheet, or the visits themselves do
not repeat what rests on none of them.

What is kept counts only for the very same inputs (:func:`digest_of`), and only if this bureau's own key sealed it: it holds
objects, and objects of somebody else's making are never opened. It holds persons in full, like the rest of the folder.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import pickle
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from auditlib.base.owners import replace_private, shut_folder
from auditlib.base.places import PARAMS, chosen_folder
from auditlib.base.program import program_digest
from auditlib.law.parameters import SelfCheck

ENDING = ".kept"
PURPOSE = b"auditlib re-performance|"
SEAL = hashlib.sha256().digest_size
LISTS = (".json", ".csv", ".yaml")
COMPRESSION = 1


def digest_of(parameters: SelfCheck, facts: Mapping[str, object], files: Iterable[Path] = ()) -> str:
    """All that an audit rests on: program, parameters, lists, standards, the county's files, earlier runs; ``facts`` and
    ``files``: what else the caller knows it to rest on."""
    content = hashlib.sha256()
    of_run = {"program": program_digest(), "parameters": parameters.as_json(), **facts}
    content.update(json.dumps(of_run, sort_keys=True, default=str).encode())
    further = ((f"{at}", file) for at, file in enumerate(files) if file.is_file())
    for name, file in (*_files(parameters), *further):
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


def _is_list(file: Path, root: Path) -> bool:
    """Spellings, standards, the model. The parameters of runs lie beside them, and a city's name its field sheets: what an
    audit takes of its own is in the facts, what is another's run changes nothing."""
    return file.suffix in LISTS and not (file.parent == root and file.suffix == ".yaml")


def _tree(name: str, root: Path) -> Iterator[tuple[str, Path]]:
    """Every file below ``root``, in order."""
    for file in sorted(path for path in root.rglob("*") if path.is_file()):
        yield f"{name}/{file.relative_to(root).as_posix()}", file


def keep(file: Path, digest: str, content: Any, secret: bytes) -> None:
    """``content`` in ``file``, sealed under ``secret``, whole or not at all, in place of what was kept there before."""
    # Apart from the digest, so that objects of another program, whose classes may have gone, are never opened.
    packed_content = zlib.compress(pickle.dumps((digest, pickle.dumps(content))), COMPRESSION)
    shut_folder(file.parent)
    replace_private(file, _seal(packed_content, secret) + packed_content)


def kept_content(file: Path, digest: str, secret: bytes) -> Any | None:
    """What :func:`keep` kept in ``file`` under the same ``digest`` and ``secret``; None where there is nothing of the kind."""
    if not file.is_file():
        return None
    sealed_content = file.read_bytes()
    seal, packed_content = sealed_content[:SEAL], sealed_content[SEAL:]
    if not hmac.compare_digest(seal, _seal(packed_content, secret)):
        return None
    of_digest, content = pickle.loads(zlib.decompress(packed_content))
    return pickle.loads(content) if of_digest == digest else None


def _seal(packed_content: bytes, secret: bytes) -> bytes:
    return hmac.new(secret, PURPOSE + packed_content, hashlib.sha256).digest()
