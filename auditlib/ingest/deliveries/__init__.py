"""What is asked of files and what they gave: tasks, reports, the raw tables put together, sheets delivered twice."""
