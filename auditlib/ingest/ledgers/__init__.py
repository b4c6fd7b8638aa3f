"""What ledgers and letters write by hand: days, replies, applications that were refused."""
