"""scikit-learn: coordinate descent at three tolerances and both selections, least angle regression."""

from __future__ import annotations

from typing import Any

from algorithms.solvers.configuration import LASSO, Answered, Array, configured, heard


def _descend(A: Array, y: Array, penalty: float, *, tol: float, selection: Any) -> Answered:
    from sklearn.linear_model import Lasso

    def compute() -> tuple[Any, str]:
        model = Lasso(
            penalty / len(y),
            fit_intercept=False,
            tol=tol,
            selection=selection,
            max_iter=20000,
            random_state=0,
        )
        return model.fit(A, y).coef_, ""

    return heard(compute)


def _lars(A: Array, y: Array, penalty: float) -> Answered:
    from sklearn.linear_model import LassoLars

    return heard(lambda: (LassoLars(penalty / len(y), fit_intercept=False).fit(A, y).coef_, ""))


def _path(A: Array, y: Array, penalty: float) -> Answered:
    from sklearn.linear_model import lars_path

    return heard(lambda: (lars_path(A, y, method="lasso", alpha_min=penalty / len(y))[2][:, -1], ""))


CONFIGURATIONS = (
    *configured(
        LASSO,
        "sklearn",
        _descend,
        {
            f"sklearn-{selection}-{tol:.0e}".replace("e-0", "e-"): {"tol": tol, "selection": selection}
            for selection in ("cyclic", "random")
            for tol in (1e-4, 1e-8, 1e-12)
        },
    ),
    *configured(LASSO, "sklearn", _lars, {"sklearn-lasso-lars": {}}),
    *configured(LASSO, "sklearn", _path, {"sklearn-lars-path": {}}),
)
