"""When an output is right: conditions on margins, each a difference of two outputs or of an output and a threshold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from oracle.errors import InvalidValue

RULES = {
    "argmax": "the label's output is larger than every other (a tie is wrong)",
    "argmin": "the label's output is smaller than every other (a tie is wrong)",
    "threshold": "the output is at least the threshold for label 1, below it for label 0",
}
NONE = -1


@dataclass(frozen=True, eq=False)
class Margins:
    """For each point the conditions under which it is right: out[plus] − out[minus] + shift > 0 (≥ 0 where not strict).

    Attributes
    ----------
    plus, minus : array (k, r) of int
        Outputs, NONE for none.
    shift : array (k, r) of Fraction
    strict : array (k, r) of bool
    """

    plus: NDArray[np.int64]
    minus: NDArray[np.int64]
    shift: NDArray[np.object_]
    strict: NDArray[np.bool_]

    def holds(self, k: int, point: int, outputs: Sequence[Any]) -> bool:
        """Tell whether a condition of a point holds, exactly."""
        value = self.of(k, point, outputs) + self.shift[k, point]
        return bool(value > 0 or (value == 0 and not self.strict[k, point]))

    def of(self, k: int, point: int, outputs: Sequence[Any]) -> Any:
        """Return out[plus] − out[minus]."""
        plus, minus = self.plus[k, point], self.minus[k, point]
        return (outputs[plus] if plus != NONE else 0) - (outputs[minus] if minus != NONE else 0)

    def right(self, point: int, outputs: Sequence[Any]) -> bool:
        """Tell whether a point is right, exactly."""
        return all(self.holds(k, point, outputs) for k in range(len(self.plus)))


def margins_of(labels: Any, outputs: int, rule: str | None, threshold: Fraction = Fraction(1, 2)) -> Margins:
    """Return the conditions of points with these labels.

    Parameters
    ----------
    rule : str, optional
        One of `RULES`; by default argmax, and threshold where there is one output.

    Raises
    ------
    InvalidValue
        If there is no such rule, or a label is no class of the network.
    """
    chosen = rule or ("threshold" if outputs == 1 else "argmax")
    if chosen not in RULES or (chosen == "threshold") != (outputs == 1):
        fitting = [name for name in RULES if (name == "threshold") == (outputs == 1)]
        raise InvalidValue("rule", rule, f"does not fit {outputs} outputs", f"choose {' or '.join(fitting)}")
    classes = np.asarray(labels).ravel()
    most = max(outputs, 2) - 1
    if (
        not len(classes)
        or classes.dtype.kind not in "iufb"
        or (classes != np.floor(classes.astype(float))).any()
    ):
        raise InvalidValue(
            "labels",
            str(classes.dtype),
            "must be whole numbers, one at least",
            f"number the classes 0..{most}",
        )
    wanted = classes.astype(np.int64)
    if ((wanted < 0) | (wanted > most)).any():
        bad = int(wanted[(wanted < 0) | (wanted > most)][0])
        raise InvalidValue("label", bad, f"must be from 0 to {most}", "number the classes as the outputs")
    r = len(wanted)
    if chosen == "threshold":
        one = wanted[None, :] == 1
        shift = np.empty((1, r), dtype=object)
        shift[0] = [-threshold if y else threshold for y in one[0]]
        return Margins(np.where(one, 0, NONE), np.where(one, NONE, 0), shift, ~one)
    others = np.array([[k for k in range(outputs) if k != y] for y in wanted], dtype=np.int64).T
    mine = np.broadcast_to(wanted, others.shape)
    shift = np.full(others.shape, Fraction(0), dtype=object)
    plus, minus = (mine, others) if chosen == "argmax" else (others, mine)
    return Margins(plus, minus, shift, np.ones(others.shape, dtype=bool))
