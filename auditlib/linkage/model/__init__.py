"""Who a record without a usable key is: a Splink model over the leftovers, in Chinese names and ID numbers.

Nothing here is imported, and Splink is not either, before there is a leftover to look at.
"""
