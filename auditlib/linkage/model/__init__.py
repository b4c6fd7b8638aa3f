"""Who a record without a usable key is: a Splink model over the leftovers, in Chinese names and ID numbers.

Splink's settings, weights and charts; the pairs are scored without importing it (``scoring``), to the last digit as it would.
"""
