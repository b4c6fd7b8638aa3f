"""What is clicked to open the desk in an own folder: a batch file on Windows, elsewhere a desktop entry with the icon."""

from __future__ import annotations

from pathlib import Path

from auditlib.base.language import Text
from auditlib.base.places import ICON

NAME = Text("打开工作台", "Open the workbench")
BUNDLE_VARIABLE = "AUDITLIB_BUNDLED"
"""Environment: the program was started by a bundle, which has a start file of its own beside the folder."""
WORDS = "-m auditlib.cli app"
BATCH = '@echo off\r\nchcp 65001 >nul\r\ncd /d "%~dp0"\r\n"{python}" {words}\r\nif errorlevel 1 pause\r\n'
"""In UTF-8, which the second line makes Windows read: the path of Python may hold the user's name."""
ENTRY = """[Desktop Entry]
Type=Application
Name={name}
Path={folder}
Exec={python} {words}
Icon={icon}
Terminal=true
"""


def start_file(folder: Path, python: str, language: str, *, windows: bool) -> tuple[str, bytes]:
    """Name and content for ``folder``, with the Python that has the program."""
    name = NAME.into(language)
    if windows:
        return f"{name}.bat", BATCH.format(python=python.replace("%", "%%"), words=WORDS).encode()
    entry = ENTRY.format(name=name, folder=_plain(str(folder)), python=_quote(python), words=WORDS, icon=_plain(str(ICON)))  # fmt: skip
    return f"{name}.desktop", entry.encode()


def _plain(text: str) -> str:
    """A value of a desktop entry as it has to be written."""
    return text.replace("\\", "\\\\")


def _quote(word: str) -> str:
    """One word of a command in a desktop entry: quoted, then written as a value."""
    for sign in ("\\", '"', "`", "$"):
        word = word.replace(sign, "\\" + sign)
    return _plain(f'"{word}"').replace("%", "%%")
