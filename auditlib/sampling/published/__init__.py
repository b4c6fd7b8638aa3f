"""Methods that no programme here uses and that nothing but published tables reaches: kept for who plans another sample.

Each reproduces the figures that a book or standard prints (``tests/published``); a test holds that the city and its reports
use none of them.
"""
