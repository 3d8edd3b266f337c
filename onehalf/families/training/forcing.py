"""Why a cost at or below its threshold forces every error to the tolerance: an inequality, or samples for a user's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from oracle.checks import Step
from oracle.costs import COSTS, Cost, check_cost
from oracle.errors import InvalidValue

_SAMPLES = 200
_WHERE = "with e_k = |v_k − label_k|"


@dataclass(frozen=True)
class _Reason:
    """What is written down for a standard cost (docs/theory.md, section 4).

    Attributes
    ----------
    formula : str
        The cost.
    threshold : str
        Its threshold ε, as a formula in the tolerance ε̂ and the number r of points.
    chain : str
        The inequalities from the cost to the largest error.
    """

    formula: str
    threshold: str
    chain: str


_REASONS = {
    "max": _Reason("R = max_k e_k", "ε̂", "every e_k ≤ max_k e_k = R ≤ ε = ε̂"),
    "mean-absolute": _Reason(
        "R = (1/r) Σ_k e_k",
        "ε̂/r",
        "no term of a sum of non-negative terms exceeds the sum, so every e_k ≤ r·R ≤ r·ε = ε̂",
    ),
    "mean-squared": _Reason(
        "R = (1/r) Σ_k e_k²",
        "ε̂²/r",
        "no term of a sum of non-negative terms exceeds the sum, so every e_k² ≤ r·R ≤ r·ε = ε̂²",
    ),
    "cross-entropy": _Reason(
        "R = −(1/r) Σ_k log(1 − e_k), and ∞ if some v_k is outside [0, 1]",
        "−log(1 − ε̂)/r",
        "every v_k is in [0, 1] and (−r times R, exponentiated) Π_k (1 − e_k) ≥ 1 − ε̂; no factor exceeds 1, "
        "so every factor is at least the product: 1 − e_k ≥ 1 − ε̂",
    ),
}


def forcing(cost: Cost, labels: Sequence[int], tolerance: Fraction) -> Step:
    """Return the fact that R ≤ ε forces every error to the tolerance: proved for a standard cost, else sampled."""
    r = len(labels)
    threshold = cost.threshold(tolerance, r)
    if COSTS.get(cost.name) is not cost:
        return Step(
            "Cost",
            f"The cost {cost.name} at or below its threshold {threshold} forces every error to be at most {tolerance}: "
            f"no inequality is known to this program; {_SAMPLES} vectors with an error past it were tried, and every "
            "one costs more.",
            _survives(cost, labels, tolerance),
            sampled=True,
        )
    reason = _REASONS[cost.name]
    # The judge decides cross-entropy without logarithms: 1 − Π (1 − e_k) ≤ ε̂ says the same.
    decided = (
        f", decided as 1 − Π_k (1 − e_k) ≤ {threshold}" if cost.name == "cross-entropy" else f" = {threshold}"
    )
    worst = [Fraction(label) for label in labels]
    worst[0] = abs(worst[0] - tolerance)
    return Step(
        "Cost",
        f"{cost.name}: {reason.formula}, {_WHERE}, r = {r}, ε̂ = {tolerance}, and the threshold is "
        f"ε = {reason.threshold}{decided}. If R ≤ ε then {reason.chain}: every error is at most {tolerance}. One error "
        "of exactly ε̂ costs exactly ε (computed), so that no larger threshold would do.",
        threshold == _expected(cost.name, tolerance, r) and cost.value(worst, labels) == threshold,
    )


def _expected(name: str, tolerance: Fraction, r: int) -> Fraction:
    """Return the threshold of docs/theory.md, in the form in which the judge decides it."""
    return {"mean-absolute": tolerance / r, "mean-squared": tolerance**2 / r}.get(name, tolerance)


def _survives(cost: Cost, labels: Sequence[int], tolerance: Fraction) -> bool:
    try:
        check_cost(cost, labels, tolerance, _SAMPLES)
    except InvalidValue:
        return False
    return True
