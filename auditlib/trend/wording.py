"""Words that several parts of the look over the terms share."""

from __future__ import annotations

STATES = ("open", "confirmed", "rectified", "cleared", "closed")
PENDING = ("open", "confirmed", "rectified")
"""Still something to do: to be verified, to be put right, to be checked and struck off."""
