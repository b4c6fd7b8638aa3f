"""Sheets laid out otherwise than a row a record: written anew, or asked about."""
