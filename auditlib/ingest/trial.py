"""Opening a workbook in a process of its own first, for formats whose reader can end the process it runs in.

A damaged .xls may ask for a terabyte, which no ``except`` can catch: the interpreter, and with it the
inspector's notebook, would be gone. The trial costs a fraction of a second and these formats are rare.
"""

from __future__ import annotations

import subprocess
import sys

from auditlib.ingest import unreadable

SECONDS = 300
# Opened; the trial itself could not run; an ordinary error, which the reader will tell again.
_FINE = (0, 1, 10)
_TRIAL = """
import io, sys
from python_calamine import CalamineWorkbook
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))
except (ImportError, ValueError, OSError):
    pass
try:
    book = CalamineWorkbook.from_object(io.BytesIO(sys.stdin.buffer.read()))
    for name in book.sheet_names:
        book.get_sheet_by_name(name).to_python()
except Exception:
    sys.exit(10)
except BaseException:
    sys.exit(11)
"""


def survive(content: bytes) -> None:
    """Raises ``Unreadable`` where opening ``content`` ends the process, or does not end."""
    command = [sys.executable, "-c", _TRIAL]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise unreadable.damaged_workbook() from error
    except OSError:
        return  # no process can be started here; the reader has to do without a trial
    if done.returncode not in _FINE:
        raise unreadable.damaged_workbook()
