"""``python -m auditlib.samples``: write every sample county afresh into the checkout."""

from auditlib.places import PARAMS, SAMPLES
from auditlib.samples.deliver import write_samples
from auditlib.samples.neighbours import write_city
from auditlib.samples.terms import write_terms

if __name__ == "__main__":
    write_samples(SAMPLES, PARAMS)
    write_city(SAMPLES)
    write_terms(SAMPLES)
