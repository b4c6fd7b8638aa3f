"""Raw text to typed tables: every cell cleaned, unsound cells and unknown spellings told."""
