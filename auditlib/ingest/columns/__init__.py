"""Columns of a table that a sheet gives in another shape, or beside others."""
