"""Exact limits of a Poisson count, as Pearson and Hartley (Biometrika Tables for Statisticians I, table 40) print them."""

from __future__ import annotations

import pytest

from auditlib.sampling.rates import count_interval

PRINTED_TABLE = {
    (5, 0.95): (1.62, 11.67),
    (10, 0.95): (4.80, 18.39),
    (20, 0.95): (12.22, 30.89),
    (30, 0.95): (20.24, 42.83),
    (50, 0.95): (37.11, 65.92),
    (10, 0.90): (5.43, 16.96),
    (20, 0.90): (13.25, 29.06),
}


@pytest.mark.parametrize(("k", "level"), PRINTED_TABLE)
def test_the_approximation_is_within_a_percent_of_the_exact_limits(k: int, level: float) -> None:
    assert count_interval(k, level) == pytest.approx(PRINTED_TABLE[k, level], rel=0.01)


def test_of_nothing_the_lower_limit_is_nothing() -> None:
    low, high = count_interval(0)
    assert low == 0 and high == pytest.approx(3.69, rel=0.02)
