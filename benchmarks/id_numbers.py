"""The check character of an ID number in SQL, of the 17 digits in ``body``: millions of people are made inside DuckDB."""

from __future__ import annotations

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_SUM = " + ".join(f"cast(body[{place}] as integer) * {weight}" for place, weight in enumerate(_WEIGHTS, 1))
CHECK_CHARACTER = f"substr('10X98765432', 1 + ({_SUM}) % 11, 1)"
