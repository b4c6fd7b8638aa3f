"""Workbooks that people fill in: working list, reply slips, pairs to review."""
