"""The county's results and its page, for all that look at how a page is made."""

from report_page import county as county
from report_page import page as page
