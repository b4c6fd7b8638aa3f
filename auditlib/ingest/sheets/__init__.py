"""One sheet for one table: what it is, and its records with their addresses."""
