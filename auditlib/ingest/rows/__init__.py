"""Which rows of a sheet are records, and what the others say: totals, lines, groups."""
