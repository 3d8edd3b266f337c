"""What the theorems allow: the largest smallest success probability on inputs whose answers exclude each other."""

from fractions import Fraction
from typing import TypeVar

Share = TypeVar("Share", float, Fraction)


def bound_value(theorem: str, breadth: Fraction | float, share: Share) -> Share:
    """The largest smallest success probability where the event the proof must except has probability `share`.

    Parameters
    ----------
    theorem
        "1", "2" or "3".
    breadth
        Number k of coupled inputs, without ι⁰, whose acceptable sets are pairwise disjoint; more generally 1/v, v the
        value of the game "name an output, against an input" (docs/problems.md), and 1/(1/v) = v. At most 1 nothing
        limits.
    share
        Theorem 1: the probability t of reading past the coupling; Theorems 2 and 3: u of `analysis.summary.limit`; at
        most 1. A float, or a Fraction for an exact value.

    Returns
    -------
    float or Fraction
        Theorem 1: (1 + (k − 1)·t)/k; Theorem 2: (1 + u)/2; Theorem 3: (k + (k − 1)·u)/(2k − 1); 1 without a bound.
    """
    if theorem == "2":
        return (1 + share) / 2
    k = type(share)(breadth)
    if theorem == "3":
        return (k + (k - 1) * share) / (2 * k - 1)
    return (1 + (k - 1) * share) / k if k > 1 else type(share)(1)
