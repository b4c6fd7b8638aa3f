"""What each column of a sheet is: the rows of the header, its spellings, what the cells below look like."""
