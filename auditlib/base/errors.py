"""What stops a run: problems an inspector can act on, never a traceback (what, where, what to do)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from auditlib.base.language import Text
from auditlib.cells.masking import scrub


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
            f"{self.what.into(language)}\n"
            f"  {place}{colon}{self.where.into(language)}\n"
            f"  {action}{colon}{self.remedy.into(language)}"
        )


class AuditError(Exception):
    """The input cannot be audited; carries every problem that was found, not the first alone."""

    def __init__(self, problems: Problem | Sequence[Problem], language: str = "zh"):
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        self.language = language
        super().__init__(self.into(language))

    def into(self, language: str) -> str:
        """All problems, one block each, in ``language``."""
        return "\n\n".join(problem.into(language) for problem in self.problems)

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows instead of a traceback."""
        return self.into(self.language).split("\n")


class UsageError(AuditError):
    """The command or its parameters are wrong (exit status 2)."""
