"""Lays the pages of the site together: `python docs/site/assemble.py FOLDER`.

Every page that is reached from the two home pages by links is copied to the place that it has in the repository, so that its
links hold; so is whatever else a page links to or shows. Nothing is fetched.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

ROOT = Path(__file__).resolve().parents[2]
HOMES = (ROOT / "docs" / "site" / "index.zh-CN.md", ROOT / "docs" / "site" / "index.md")
# The generator looks for a home page at the top.
TOP = "# auditlib\n\n[中文](docs/site/index.zh-CN.md) · [English](docs/site/index.md)\n"
# Of a heading that begins with an anchor the generator's list of headings has no words: the anchor goes before it.
ANCHOR = re.compile(r'^(#+ )(<a id="[^"]+"></a>)', re.MULTILINE)
PARTS = ("site.css", "site.js")
LINK = re.compile(r"\]\(([^)\s#]+)(?:#[^)\s]*)?\)")


def linked(page: Path) -> Iterator[Path]:
    """The files of the repository that ``page`` links to. Raises FileNotFoundError for one that is not there."""
    for target in LINK.findall(page.read_text("utf-8")):
        if "://" in target or target.startswith("mailto:"):
            continue
        file = (page.parent / unquote(target)).resolve()
        if not file.exists():
            raise FileNotFoundError(f"{page.relative_to(ROOT)}: {target}")
        if file.is_file() and file.is_relative_to(ROOT):
            yield file


def pages() -> list[Path]:
    """Every file of the site, each once."""
    waiting, files = list(HOMES), dict.fromkeys(HOMES)
    while waiting:
        page = waiting.pop()
        targets = [file for file in linked(page) if file not in files] if page.suffix == ".md" else []
        files |= dict.fromkeys(targets)
        waiting += targets
    return sorted(files)


def assemble(folder: Path) -> None:
    """``folder`` anew: all files of the site under ``pages``, beside them what the generator is told, a file a language."""
    shutil.rmtree(folder, ignore_errors=True)
    for file in pages():
        place = folder / "pages" / file.relative_to(ROOT)
        place.parent.mkdir(parents=True, exist_ok=True)
        if file.suffix == ".md":
            place.write_text(ANCHOR.sub(r"\2\n\n\1", file.read_text("utf-8")), "utf-8")
        else:
            shutil.copyfile(file, place)
    for part in PARTS:
        shutil.copyfile(ROOT / "docs" / "site" / part, folder / "pages" / part)
    (folder / "pages" / "index.md").write_text(TOP, "utf-8")
    for configuration in sorted((ROOT / "docs" / "site").glob("*.yml")):
        shutil.copyfile(configuration, folder / configuration.name)


if __name__ == "__main__":
    assemble(Path(sys.argv[1]))
