"""The desk: the way in by mouse, from a folder of files to a report; it writes the parameter files that a person would.

What is chosen is a :class:`~auditlib.desk.draft.Draft` and the county's profile; a step is a module that says what its page
shows and what an answer changes. Nothing is read twice: sheets and values are told by the ingest and its ``ingest.json``.
"""
