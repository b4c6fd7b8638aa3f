"""What everything stands on: text in two languages, errors, files and locks, strict YAML and values, terms, the engine."""
