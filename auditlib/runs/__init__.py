"""A run kept and asked again: its tables, once more with other parameters, one pupil's file, what would clear."""
