"""What holds for all rows of a sheet, and names that cover several schemes."""
