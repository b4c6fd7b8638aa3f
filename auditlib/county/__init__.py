"""The county's self-check: the audit programme and what it writes."""
