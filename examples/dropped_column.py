"""A regression that everybody knows: scikit-learn's LinearRegression drops small singular values without a warning.

The columns are x and 10⁻⁷·x², the targets 3·x + 2·(10⁻⁷·x²), without noise and exactly representable but for
rounding. The coefficients are 3 and 2. LinearRegression hands its parameter `tol`, by default 1e-6, to SciPy's
lstsq as the cut: singular values below 1e-6 of the largest count as 0. Here that is the second one, so that the
column is dropped: the second coefficient comes out near 0, no warning is raised, and only the attribute `rank_`
says 1 where 2 columns were given.

This is a tolerance, not the theorem: float64 carries the digits, and with `tol=1e-12`, or with the second column in
other units, the same data give 3 and 2. Where a singular value is below what the data's digits tell, no algorithm
has the coefficients (docs/theory.md).

Run: python examples/dropped_column.py
"""

from __future__ import annotations

import argparse
import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LinearRegression

SCALE = 1e-7
TRUE = (3.0, 2.0)


@dataclass(frozen=True)
class Fitted:
    """Coefficients in the units of 10⁻⁷·x², the rank that the model found, and the warnings raised."""

    coefficients: tuple[float, ...]
    rank: int
    warnings: int


def fitted(scale: float = SCALE, tol: float | None = None) -> Fitted:
    """Fit x and scale·x², and return the coefficients in the units of `SCALE`.

    Parameters
    ----------
    scale : float
        Units of the second column.
    tol : float, optional
        That of the model; its own by default.
    """
    x = np.linspace(0, 1, 50)
    columns: NDArray[np.float64] = np.column_stack([x, scale * x**2])
    targets = TRUE[0] * x + TRUE[1] * SCALE * x**2
    with warnings.catch_warnings(record=True) as raised:
        warnings.simplefilter("always")
        model = LinearRegression(fit_intercept=False, **({} if tol is None else {"tol": tol})).fit(
            columns, targets
        )
    first, second = model.coef_
    return Fitted((float(first), float(second) * scale / SCALE), int(model.rank_), len(raised))


def main() -> None:
    """Print what three ways of writing one regression give."""
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    print(f"true coefficients of x and 1e-7·x²: {TRUE}")
    for name, found in (
        ("as it is", fitted()),
        ("tol=1e-12", fitted(tol=1e-12)),
        ("column x²", fitted(scale=1.0)),
    ):
        coefficients = ", ".join(f"{value:.6f}" for value in found.coefficients)
        print(f"{name:10} coefficients {coefficients}; rank_ {found.rank}; warnings {found.warnings}")


if __name__ == "__main__":
    main()
