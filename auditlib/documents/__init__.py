"""The reference pages under docs/ and the schemas under params/, written from what the code declares."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from auditlib.base.places import ROOT, SCHEMAS
from auditlib.documents.markdown import in_chinese
from auditlib.documents.parameter_schemas import FILES, schema_file
from auditlib.documents.policy_page import policy_page
from auditlib.documents.rules_page import rules_page
from auditlib.documents.tables_pages import audit_tables_page, run_tables_page, tables_page

DOCS = ROOT / "docs"
WRITERS = {
    "rules": rules_page,
    "audit-tables": audit_tables_page,
    "tables": tables_page,
    "policy": policy_page,
    "run-tables": run_tables_page,
}
PAGES: dict[str, Callable[[], str]] = {
    **{f"{name}.md": write for name, write in WRITERS.items()},
    **{f"{name}.zh-CN.md": partial(write, in_chinese) for name, write in WRITERS.items()},
}
"""In both languages, and in Chinese alone."""


def write_documents(folder: Path = DOCS, schemas: Path = SCHEMAS) -> None:
    """All generated pages into ``folder``, and into ``schemas`` what parameter and policy files may hold."""
    texts = {folder / name: page() for name, page in PAGES.items()}
    texts |= {schemas / name: schema_file(name) for name in FILES}
    for file, text in texts.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
