"""The terminal's end of the commands: what is printed reaches every terminal, pipe and file, and a slip is guessed at."""

from __future__ import annotations

import codecs
import io
import sys
from collections.abc import Collection, Mapping, Sequence
from difflib import get_close_matches

from auditlib.base.errors import Problem
from auditlib.base.language import Text

NO_COMMAND = (
    Text("没有“{word}”这个命令", "there is no command “{word}”"),
    Text("是否指 {guess}？全部命令：{all}", "did you mean {guess}? All commands: {all}"),
    Text("全部命令：{all}", "all commands: {all}"),
)
NAME = "auditlib.spelt"
SPELLINGS: Mapping[str, tuple[str, ...]] = {
    "✓": ("√", "[ok]"),
    "✗": ("×", "[no]"),
    "⌀": ("~",),
    "≥": (">=",),
    "≤": ("<=",),
    "≠": ("!=",),
    "›": (">",),
    "·": ("-",),
    "…": ("...",),
    "—": ("--",),
    "–": ("-",),
    "“": ('"',),
    "”": ('"',),
    "’": ("'",),
    "×": ("x",),
    "：": (":",),
    "；": (";",),
    "，": (",",),
    "。": (".",),
    "、": (",",),
    "（": ("(",),
    "）": (")",),
    "？": ("?",),
    "→": ("->",),
}
"""GBK, the code page of Chinese Windows, has no ✓, ✗, ⌀ and ›; Latin and ASCII lack all of these."""


def spell_out(error: UnicodeError) -> tuple[str, int]:
    """What stands for characters that cannot be encoded; those without a spelling by their number, so none is lost."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    unprintable = error.object[error.start : error.end]
    return "".join(_spelling(character, error.encoding) for character in unprintable), error.end


def _spelling(character: str, encoding: str) -> str:
    for spelling in SPELLINGS.get(character, ()):
        if spelling.encode(encoding, "ignore").decode(encoding) == spelling:
            return spelling
    return character.encode("ascii", "backslashreplace").decode("ascii")


def never_fail() -> None:
    """From now on printing fails for no character, whatever the terminal's encoding."""
    codecs.register_error(NAME, spell_out)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=NAME)


def misspelt(words: Sequence[str], commands: Collection[str]) -> Problem | None:
    """What to say to a command that there is not; None for one that there is, and for an option."""
    word = words[0] if words else "--help"
    if word.startswith("-") or word in commands:
        return None
    near = get_close_matches(word.lower().replace("_", "-"), commands, n=1, cutoff=0.5)
    values = {"word": word, "guess": near[0] if near else "", "all": ", ".join(commands)}
    place = Text(f"auditlib {word}", f"auditlib {word}")
    return Problem(NO_COMMAND[0].fill(**values), place, NO_COMMAND[1 if near else 2].fill(**values))
