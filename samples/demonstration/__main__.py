"""``python -m samples.demonstration``: fill in the sample city's field sheets afresh (after ``samples``)."""

import tempfile
from pathlib import Path

from auditlib.base.places import PARAMS, SAMPLES
from samples.demonstration.visits import write_visits

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        write_visits(SAMPLES, PARAMS, Path(scratch))
