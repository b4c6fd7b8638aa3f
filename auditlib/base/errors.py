"""What stops a run: problems an inspector can act on, never a traceback (what, where, what to do)."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from auditlib.base.language import Text
from auditlib.base.masking import scrub

LONGEST, MOST = 3000, 100  # characters of a line, problems told at once
REST = Text("（另有 {n} 处，改正后再运行即会列出）", "({n} more; they are listed once these are corrected)")


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong. ``where`` is an address: file › sheet › row › column, or a file and key.

    Neither text may hold a person's name or number.
    """

    what: Text
    where: Text
    remedy: Text

    def into(self, language: str) -> str:
        """Three lines in ``language``; a number in the name of a file is masked."""
        place, action = ("位置", "处理") if language == "zh" else ("Where", "What to do")
        colon = "：" if language == "zh" else ": "
        return scrub(
            f"{shorten(self.what.into(language))}\n"
            f"  {place}{colon}{shorten(self.where.into(language))}\n"
            f"  {action}{colon}{shorten(self.remedy.into(language))}"
        )


def shorten(text: str) -> str:
    """A line that can be read and printed anywhere: not endless, no half of a character, nothing that moves a cursor."""
    line = text if len(text) <= LONGEST else text[:LONGEST] + "…"
    return "".join(
        "�" if unicodedata.category(sign) in ("Cc", "Cs") and sign != "\n" else sign for sign in line
    )


class AuditError(Exception):
    """The input cannot be audited; carries every problem that was found, not the first alone."""

    def __init__(self, problems: Problem | Sequence[Problem], language: str = "zh"):
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        self.language = language
        super().__init__(self.into(language))

    def into(self, language: str) -> str:
        """The problems, one block each, in ``language``; of more than a hundred, how many there are."""
        blocks = [problem.into(language) for problem in self.problems[:MOST]]
        rest = len(self.problems) - len(blocks)
        return "\n\n".join([*blocks, *([REST.fill(n=rest).into(language)] if rest > 0 else [])])

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows instead of a traceback."""
        return self.into(self.language).split("\n")


class UsageError(AuditError):
    """The command or its parameters are wrong (exit status 2)."""
