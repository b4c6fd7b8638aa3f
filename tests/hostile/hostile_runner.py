"""Asks the readers about kinds of hostile input, each in a process of its own with limits of memory and time.

``python hostile_runner.py FOLDER ANSWERS.json [EACH]``: every EACH-th kind and what went wrong first, all of them without. What
comes back of each: read and how many rows, refused with what is said, or what went wrong.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from hostile_kinds import Kind, asked_kinds

MEMORY = 4 << 30  # bytes of address space, most of which libraries only reserve
SECONDS = 60  # of the clock; the machine may be busy
FINDING, UNIT = "f0123456789abcde", "u1"


def payments(folder: Path, kind: Kind) -> dict[str, Any]:
    from auditlib.ingest import deliver

    sources = kind.given.get("sources", {"payments": ["pay.*"]})
    delivery = deliver(folder, sources)
    sheets = [sheet for file in delivery.files for sheet in file.sheets]
    for sheet in sheets:
        assert sheet.rows_read == sheet.rows_handed_on + len(sheet.left_out)
    rows = sum(map(len, delivery.raw.values()))
    assert rows == sum(sheet.rows_handed_on for sheet in sheets)
    json.dumps([str(file.file) for file in delivery.files]).encode()
    return {"rows": rows, "problems": [problem.into("en") for problem in delivery.problems]}


def parameters(folder: Path, kind: Kind) -> dict[str, Any]:
    from auditlib.law.parameters import read_self_check

    json.dumps(read_self_check(folder / "p.yaml").as_json(), ensure_ascii=False).encode()
    return {"problems": []}


def review(folder: Path, kind: Kind) -> dict[str, Any]:
    from auditlib.forms.review_reading import read_judgements

    return {"rows": len(read_judgements([folder], "en")), "problems": []}


def worklist(folder: Path, kind: Kind) -> dict[str, Any]:
    from auditlib.decisions.read_back import read_back_all

    return {
        "rows": sum(
            stored_answer.entered
            for stored_answer in read_back_all(folder, finding_ids={FINDING}, language="en")
        ),
        "problems": [],
    }


def field(folder: Path, kind: Kind) -> dict[str, Any]:
    from auditlib.city.field_reading import read_field_results

    read = read_field_results([folder / "field.xlsx"], {UNIT: Decimal(500)}, language="en")
    return {"rows": len(read), "problems": []}


def dispositions(folder: Path, kind: Kind) -> dict[str, Any]:
    from auditlib.decisions.dispositions import read_dispositions

    return {"rows": len(read_dispositions([folder])), "problems": []}


DOORS: dict[str, Callable[[Path, Kind], dict[str, Any]]] = {
    door.__name__: door for door in (payments, parameters, review, worklist, field, dispositions)
}


def answer(kind: Kind, folder: Path) -> dict[str, Any]:
    from auditlib.base.errors import AuditError

    try:
        return DOORS[kind.door](folder, kind)
    except AuditError as refused:
        return {"problems": refused.into("en").split("\n\n"), "bytes": len(refused.into("zh").encode())}
    except BaseException:
        return {"traceback": traceback.format_exc()}


def alone(kind: Kind, folder: Path) -> dict[str, Any]:
    """The answer of a process that may not take more than its share."""
    folder.mkdir()
    kind.write(folder)
    file = folder.with_suffix(".json")
    began = time.monotonic()
    child = os.fork()
    if not child:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        signal.alarm(SECONDS)
        file.write_text(json.dumps(answer(kind, folder)))
        os._exit(0)
    _child, status, usage = os.wait4(child, 0)
    stored_answer = json.loads(file.read_text()) if status == 0 and file.exists() else {"signal": status}
    return stored_answer | {"seconds": round(time.monotonic() - began, 2), "memory": usage.ru_maxrss}


def main() -> None:
    root, answers = Path(sys.argv[1]), Path(sys.argv[2])
    each = int(sys.argv[3]) if len(sys.argv) > 3 else 1

    kinds = asked_kinds(each)
    stored_answer = {}
    for number, kind in enumerate(kinds):
        stored_answer[kind.name] = alone(kind, root / str(number))
        answers.write_text(json.dumps(stored_answer, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
