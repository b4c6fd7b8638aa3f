"""What stands above a list, or in the name of its sheet or file: lines, schools, terms."""
