"""The city's re-check: re-perform, compare, draw, visit, conclude."""
