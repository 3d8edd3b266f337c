"""The solvers that `onehalf atlas` surveys, as algorithms: they run on every family of their kind.

    onehalf run "examples/plugins/surveyed_solvers.py::sklearn-lasso-lars[present=shuffled]" \\
        --problem lasso-duplicates --oracle blind honest

Those whose library is not installed are left out. What gives no answer ends with its own words as an error. OR-tools
and highspy bring two versions of HiGHS under the same names, so that no process can load both: run them in
experiments of their own.
"""

from __future__ import annotations

from typing import Any

import onehalf as oh
from algorithms.solvers.configuration import Answered, Configuration
from algorithms.solvers.shelf import shipped_solvers


def said(found: Answered) -> tuple[Any, bool]:
    """Return an answer with its claim."""
    if found.x is None:
        raise RuntimeError(found.status)
    return found.x, found.converged


def register(each: Configuration) -> None:
    """Register a configuration under its name, for its kind."""

    def lp(c: Any, A: Any, b: Any) -> tuple[Any, bool]:
        """A solver of linear programs."""
        return said(each.solve(c, A, b))

    def lasso(A: Any, y: Any, penalty: float) -> tuple[Any, bool]:
        """A solver of LASSO."""
        return said(each.solve(A, y, penalty))

    def least_squares(A: Any, y: Any) -> tuple[Any, bool]:
        """A solver of least squares."""
        return said(each.solve(A, y))

    chosen = {"lp": lp, "lasso": lasso, "least-squares": least_squares}[each.kind]
    oh.solver(each.name, kinds=[each.kind], requires=each.requires)(chosen)


for solver in shipped_solvers():
    if not solver.absent:
        register(solver)
