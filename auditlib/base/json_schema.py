"""What must be so before jsonschema is imported, by whatever library asks for it."""

from __future__ import annotations

import sys


def without_grammar() -> None:
    """jsonschema is imported without ``rfc3987_syntax``, which builds a parser for more than a second at every import.

    It serves formats of web addresses that no notebook and no manifest holds (python-jsonschema/jsonschema#1428); where
    the module is missing, jsonschema leaves these checks out.
    """
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type] # None: "not to be imported"
