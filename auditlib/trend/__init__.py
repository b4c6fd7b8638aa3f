"""Term to term: the same rules over the terms run so far, what became of the findings, and the rhythm's roll-ups.

Steps: ``runs`` opens output folders and says what cannot be compared · ``history`` holds findings and decisions in
DuckDB · ``follow``, ``rollups``, ``rectification`` ask it · ``report`` and ``outputs`` show the answers.
"""
