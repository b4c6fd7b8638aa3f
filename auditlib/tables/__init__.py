"""Every table declared once, the spellings of its coded values, and the words for its codes."""
