"""NumPy: singular values, pseudo-inverse, normal equations, QR."""

from __future__ import annotations

from typing import Any

import numpy as np

from algorithms.solvers.configuration import LEAST_SQUARES, Answered, Array, configured, heard, rank_words


def _lstsq(A: Array, y: Array, *, rcond: float | None = None) -> Answered:
    def compute() -> tuple[Any, str]:
        x, _, rank, _ = np.linalg.lstsq(A, y, rcond=rcond)
        return x, rank_words(int(rank), A)

    return heard(compute)


def _pinv(A: Array, y: Array) -> Answered:
    return heard(lambda: (np.linalg.pinv(A) @ y, ""))


def _normal_equations(A: Array, y: Array) -> Answered:
    return heard(lambda: (np.linalg.solve(A.T @ A, A.T @ y), ""))


def _qr(A: Array, y: Array) -> Answered:
    def compute() -> tuple[Any, str]:
        q, r = np.linalg.qr(A)
        return np.linalg.solve(r, q.T @ y), ""

    return heard(compute)


CONFIGURATIONS = (
    *configured(LEAST_SQUARES, "numpy", _lstsq, {"numpy-lstsq-cut": {}, "numpy-lstsq-no-cut": {"rcond": -1}}),
    *configured(LEAST_SQUARES, "numpy", _pinv, {"numpy-pinv": {}}),
    *configured(LEAST_SQUARES, "numpy", _normal_equations, {"numpy-normal-equations": {}}),
    *configured(LEAST_SQUARES, "numpy", _qr, {"numpy-qr": {}}),
)
