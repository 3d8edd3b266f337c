"""Limits for a success probability that are exact in integers: valid at any time, or for a fixed number of trials.

Both are given on a grid of 10⁻⁶, rounded outwards, and decided in integer arithmetic, so that another program finds
the same digits.
"""

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from math import ceil, comb

from analysis.statistics.ranges import check_counts, check_shares

GRID = 10**6
"""Limits are multiples of 1/GRID."""


def _first(low: int, high: int, holds: Callable[[int], bool]) -> int:
    """The least grid point in low..high at which a condition holds that, once true, stays true; high if none."""
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return low


@lru_cache(maxsize=4096)
def sequence_limits(
    successes: int, trials: int, error: Fraction = Fraction(1, 20)
) -> tuple[Fraction, Fraction]:
    """Confidence sequence: with probability at least 1 − error it holds the truth after *every* number of trials.

    It is {p : (n + 1)·P(Bin(n, p) = S) > error}, rounded outwards. The left side is the reciprocal of the likelihood
    ratio of the uniform mixture against p, a nonnegative martingale under p, so that Ville's inequality applies.

    References
    ----------
    Robbins, "Statistical methods related to the law of the iterated logarithm", Ann. Math. Statist. 41 (1970)
    1397–1409. Ville, "Étude critique de la notion de collectif" (1939).
    """
    check_counts([successes], trials)
    check_shares(error=error)
    if trials == 0:
        return Fraction(0), Fraction(1)
    failures = trials - successes
    weight = (trials + 1) * comb(trials, successes) * error.denominator
    ceiling = error.numerator * GRID**trials

    def outside(at: int) -> bool:
        return bool(weight * at**successes * (GRID - at) ** failures <= ceiling)

    peak = successes * GRID // trials
    high = _first(peak + 1, GRID, outside) if failures else GRID
    low = _first(0, peak + 1, lambda at: not outside(at)) - 1 if successes else 0
    return Fraction(max(low, 0), GRID), Fraction(high, GRID)


def tail_at_most(successes: int, trials: int, at: int) -> int:
    """GRID^trials · P(Bin(trials, at/GRID) ≤ successes), an integer."""
    other = GRID - at
    if other == 0:
        return GRID**trials if successes >= trials else 0
    term: int = other**trials
    total = term
    for i in range(successes):
        term = term * (trials - i) * at // ((i + 1) * other)
        total += term
    return total


@lru_cache(maxsize=4096)
def fixed_limits(successes: int, trials: int, error: Fraction = Fraction(1, 20)) -> tuple[Fraction, Fraction]:
    """Clopper–Pearson interval, rounded outwards: it holds the truth with probability at least 1 − error.

    For a number of trials that was fixed in advance; after a stopping rule use `sequence_limits`.
    """
    check_counts([successes], trials)
    check_shares(error=error)
    if trials == 0:
        return Fraction(0), Fraction(1)
    ceiling = error.numerator * GRID**trials

    def improbable(count: int) -> Callable[[int], bool]:
        return lambda at: 2 * error.denominator * tail_at_most(count, trials, at) <= ceiling

    high = _near(_guess(successes, trials, error), improbable(successes)) if successes < trials else GRID
    failures = trials - successes
    mirrored = _near(_guess(failures, trials, error), improbable(failures)) if successes else GRID
    return Fraction(GRID - mirrored, GRID), Fraction(high, GRID)


def _guess(successes: int, trials: int, error: Fraction) -> int:
    """The upper limit in floating point, on the grid."""
    from analysis.statistics.estimates import (
        upper_limit,
    )  # SciPy's statistics, which an attack's children need not hold

    return ceil(GRID * upper_limit(successes, trials, float(error) / 2))


def _near(guess: int, holds: Callable[[int], bool]) -> int:
    """The least grid point at which a condition holds, found from a guess of it."""
    if holds(guess) and not holds(guess - 1):
        return guess
    return _first(0, GRID, holds)
