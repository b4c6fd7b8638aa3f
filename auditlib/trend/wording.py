"""Words that several parts of the look over the terms share."""

from __future__ import annotations

from auditlib.base.language import Text

TITLE = Text("{county}学生资助各学期对比", "{county}: student aid, term to term")
PUBLIC_PAGE = "trend-public.html"
"""The report with small numbers hidden, to be handed out; the county's own stands beside it in full."""
STATES = ("open", "confirmed", "rectified", "cleared", "closed")
PENDING = ("open", "confirmed", "rectified")
"""Still something to do: to be verified, to be put right, to be checked and struck off."""
