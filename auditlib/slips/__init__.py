"""Reply slips: one finding put to those who know, what is asked and by when; to print, or a workbook a school."""

from auditlib.slips.content import Slip, slips
from auditlib.slips.page import slips_page
from auditlib.slips.workbook import write_slips

__all__ = ["Slip", "slips", "slips_page", "write_slips"]
