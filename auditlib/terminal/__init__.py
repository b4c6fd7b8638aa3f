"""What the commands print: tables, answers, and with what a run ends."""
