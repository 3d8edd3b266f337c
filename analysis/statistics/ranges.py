"""The ranges that numbers of trials and shares must lie in, each refused with one sentence."""

from collections.abc import Sequence
from fractions import Fraction

EXAMPLES = {"level": "0.95", "confidence": "0.95", "power": "0.95", "margin": "0.05", "threshold": "0.75"}


def check_shares(**shares: float | Fraction) -> None:
    """Refuse a share that is not strictly between 0 and 1 (a number that is none, too).

    Raises
    ------
    ValueError
        That names it.
    """
    for name, value in shares.items():
        if not 0 < value < 1:
            example = EXAMPLES.get(name, "1/20")
            raise ValueError(
                f"{name}={value} is not strictly between 0 and 1; give it as a share, such as {example}."
            )


def check_probability(**probabilities: float) -> None:
    """Refuse a probability outside [0, 1].

    Raises
    ------
    ValueError
        That names it.
    """
    for name, value in probabilities.items():
        if not 0 <= value <= 1:
            raise ValueError(f"{name}={value} must lie in [0, 1]; change it.")


def check_counts(successes: Sequence[int], trials: int) -> None:
    """Refuse counts that cannot be of so many trials.

    Raises
    ------
    ValueError
        That names the first of them.
    """
    for count in successes:
        if not 0 <= count <= trials:
            raise ValueError(
                f"successes={count} lies outside 0..trials={trials}; count each trial once and successes among them."
            )
