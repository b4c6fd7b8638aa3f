"""Forms that came back filled in: what a form declares, and the one reader that all of them go through."""
