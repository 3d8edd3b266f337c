"""statsmodels: ordinary least squares by pseudo-inverse and by QR."""

from __future__ import annotations

from typing import Any

from algorithms.solvers.configuration import LEAST_SQUARES, Answered, Array, configured, heard


def _solve(A: Array, y: Array, *, method: Any) -> Answered:
    from statsmodels.api import OLS

    return heard(lambda: (OLS(y, A).fit(method=method).params, ""))


CONFIGURATIONS = configured(
    LEAST_SQUARES,
    "statsmodels",
    _solve,
    {"statsmodels-pinv": {"method": "pinv"}, "statsmodels-qr": {"method": "qr"}},
)
