"""Who is whom: exact keys, then the trained model, then the judgements of a person."""
