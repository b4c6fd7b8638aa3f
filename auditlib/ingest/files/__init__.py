"""Files found, opened and read as grids of text, whatever their kind."""
