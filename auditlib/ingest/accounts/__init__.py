"""What became of every file, sheet, column and row, and what was lost as a whole."""
