"""``python -m samples``: write every sample county afresh into the checkout."""

from auditlib.base.places import PARAMS, SAMPLES
from samples.deliver import write_samples
from samples.neighbours import write_city
from samples.terms import write_terms

if __name__ == "__main__":
    write_samples(SAMPLES, PARAMS)
    write_city(SAMPLES)
    write_terms(SAMPLES)
