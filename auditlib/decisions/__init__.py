"""What people decided: append-only ledgers, decisions on findings, filled-in lists read back."""
