"""``python -m auditlib.documents``."""

from auditlib.documents import write_documents

write_documents()
