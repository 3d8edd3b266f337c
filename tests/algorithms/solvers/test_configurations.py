"""Every configuration that is installed solves well-posed instances, whose solutions are proved, and says so."""

from __future__ import annotations

import importlib.util
import subprocess
import sys

import numpy as np
import pytest

from algorithms.solvers.configuration import Configuration, answered, heard
from algorithms.solvers.shelf import shipped_solvers
from oracle.arithmetic.linear_algebra import Vector
from oracle.instances.instance import Instance
from oracle.instances.linear import LP, LeastSquares
from oracle.instances.solutions import Boxes
from oracle.instances.sparse.signed import Lasso

SOLVERS = {f"{solver.kind}/{solver.name}": solver for solver in shipped_solvers()}
# The bases and signs are certificates: wrong ones are refused.
WELL_POSED: dict[str, list[Instance]] = {
    "lp": [
        LP([1, 2, 1], [[1, 1, 0], [0, 1, 2]], [2, 1], basis=[0, 2]),
        LP([3, 1, 3, 5], [[1, 1, 1, 1], [1, -1, 0, 2]], [4, 1], basis=[0, 1]),
    ],
    "lasso": [
        Lasso([[1, "1/2"], [0, 2], [1, 1]], [1, 3, 2], "1/4", signs=[1, 1]),
        Lasso([[2, 1, 0], [1, -1, 1]], [3, 1], "1/2", signs=[1, 1, 0]),
    ],
    "least-squares": [
        LeastSquares([[1, "1/2"], [0, 2], [1, 1]], [1, 3, 2]),
        LeastSquares([[2, 1], [1, 3]], [1, -1]),
    ],
}
NEAR = 2e-3
"""First-order methods stop there by default."""


def exact(instance: Instance) -> Vector:
    found = instance.solutions()
    assert isinstance(found, Boxes)
    return found.witness


def plain(instance: Instance) -> list[object]:
    arrays = [np.array(value, dtype=np.float64) for value in instance.data.values()]
    return [float(a) if a.ndim == 0 else a for a in arrays]


@pytest.mark.parametrize("name", [name for name in SOLVERS if "ortools" not in name])
def test_a_solver_is_right_where_the_problem_is_well_posed(name: str) -> None:
    solver = SOLVERS[name]
    if solver.absent:
        pytest.skip(f"{', '.join(solver.absent)} is not installed")
    for instance in WELL_POSED[solver.kind]:
        given = plain(instance)
        before = [np.copy(part) for part in given]
        found = solver.solve(*given)
        assert found.converged, found.status
        assert found.x is not None
        assert np.abs(found.x - np.array(exact(instance), dtype=np.float64)).max() < NEAR
        assert all(np.array_equal(a, b) for a, b in zip(given, before, strict=True))


@pytest.mark.skipif(importlib.util.find_spec("ortools") is None, reason="ortools is not installed")
def test_or_tools_is_right_in_a_process_that_has_not_loaded_highspy() -> None:
    """Both bring HiGHS under the same names: the second that is imported cannot be loaded."""
    program = (
        "import numpy as np\n"
        "from algorithms.solvers.lp.ortools import CONFIGURATIONS\n"
        "A, b, c = np.array([[1.0, 1, 0], [0, 1, 2]]), np.array([2.0, 1]), np.array([1.0, 2, 1])\n"
        "for each in CONFIGURATIONS:\n"
        "    found = each.solve(c, A, b)\n"
        f"    assert found.converged and abs(found.x - [2, 0, 0.5]).max() < {NEAR}, (each.name, found)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_names_are_given_once_and_every_kind_has_as_many_as_it_should() -> None:
    assert len(SOLVERS) == len(shipped_solvers())
    assert len({solver.name for solver in shipped_solvers()}) == len(SOLVERS)
    counts = {kind: sum(s.kind == kind for s in shipped_solvers()) for kind in WELL_POSED}
    assert counts["lp"] >= 24
    assert counts["lasso"] >= 12
    assert counts["least-squares"] >= 15


def test_an_absent_library_is_named() -> None:
    there, gone = (Configuration("a", "lp", answered, (module,)) for module in ("numpy", "no_such_solver"))
    assert there.absent == ()
    assert gone.absent == ("no_such_solver",)


def test_what_is_not_finite_is_no_answer() -> None:
    found = answered([1.0, float("nan")], True, "optimal")
    assert found.x is None
    assert not found.converged
    assert found.status == "optimal; the answer is not finite"


def test_a_warning_and_a_reservation_withdraw_the_claim() -> None:
    def warns() -> tuple[list[float], str]:
        np.array([1.0]) / np.array([0.0])
        return [1.0], ""

    assert heard(lambda: ([1.0], "")).converged
    assert not heard(warns).converged
    assert "divide by zero" in heard(warns).status
    assert not heard(lambda: ([1.0], "rank 1 of 2")).converged


def test_an_error_of_linear_algebra_is_no_answer() -> None:
    found = heard(lambda: (np.linalg.solve(np.zeros((2, 2)), np.ones(2)), ""))
    assert found.x is None
    assert found.status == "LinAlgError: Singular matrix"
