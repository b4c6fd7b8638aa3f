"""Reply slips: one finding put to those who know, what is asked and by when; to print, or a workbook a school."""

from auditlib.forms.reply_slips.content import Slip, slips
from auditlib.forms.reply_slips.page import slips_page
from auditlib.forms.reply_slips.workbook import write_slips

__all__ = ["Slip", "slips", "slips_page", "write_slips"]
