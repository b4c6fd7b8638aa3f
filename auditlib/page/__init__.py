"""The page: sections as values, an executed notebook as one HTML file, and what a published notebook must not hold.

Knows nothing of audits: it is printed by the command, which has neither frames nor an engine.
"""

from auditlib.page.publish import publish_notebook
from auditlib.page.rendering import get_ready, render, render_public
from auditlib.page.section import Section

__all__ = ["Section", "get_ready", "publish_notebook", "render", "render_public"]
