"""The reference pages under docs/, written from what the code declares: ``python -m auditlib.documents``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from auditlib.base.places import ROOT
from auditlib.documents.policy_page import policy_page
from auditlib.documents.rules_page import rules_page
from auditlib.documents.tables_pages import audit_tables_page, run_tables_page, tables_page

DOCS = ROOT / "docs"
PAGES: dict[str, Callable[[], str]] = {
    "rules.md": rules_page,
    "audit-tables.md": audit_tables_page,
    "tables.md": tables_page,
    "policy.md": policy_page,
    "run-tables.md": run_tables_page,
}


def write_documents(folder: Path = DOCS) -> None:
    """All generated pages into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        (folder / name).write_text(page(), encoding="utf-8", newline="\n")
