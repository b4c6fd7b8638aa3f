"""``python -m auditlib.demonstration``: fill in the sample city's field sheets afresh (after ``auditlib.samples``)."""

import tempfile
from pathlib import Path

from auditlib.demonstration.visits import write_visits
from auditlib.places import PARAMS, SAMPLES

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        write_visits(SAMPLES, PARAMS, Path(scratch))
