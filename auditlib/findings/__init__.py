"""From rules to findings: every rule applied and counted alike, children accounted for, a conclusion."""
