"""The workbench: an inspector looks, drills down, decides and exports; everything it shows is a run's tables.

A panel is a function ``panel(session) -> ipywidgets.Widget`` in a module of its own; panels share nothing but the
:class:`~auditlib.workbench.session.Session`, and what is filtered or chosen in one is seen in all.
"""
