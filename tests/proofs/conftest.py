"""Where the proofs are, what builds them, and certificates to check."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from algorithms.registry import resolve
from onehalf.adversary.attack import Attack, attack
from onehalf.proof.coq import CHECKER
from oracle.families import make_problem
from oracle.session import Budget

PROOFS = Path(__file__).resolve().parents[2] / "proofs"
UNUSUAL = Path(__file__).resolve().parents[1] / "onehalf" / "adversary" / "cases" / "unusual.py"
# An algorithm, a family and its parameters: four costs, Theorems 1 to 3, both programs, shared runs and runs apart,
# runs that met the budget and may be right beyond it.
CASES = {
    "maximum": ("coin-flip", "training", {}),
    "apart": ("random-depth[stop=0.02]", "training", {"cost": "cross-entropy"}),
    "mean-absolute": ("random-depth[stop=0.02]", "training", {"cost": "mean-absolute", "hidden": [2, 3]}),
    "mean-squared": ("coin-flip", "training", {"cost": "mean-squared", "a": "5/7"}),
    "trainer": ("random-features", "training", {"hidden": [3]}),
    "limit": ("limit-hedge[q=0.5]", "training", {"limit": True}),
    "open": (f"{UNUSUAL}::half-deep[bits=2000]", "training", {}),
    "linear-program": ("vertex", "linear-program", {}),
    "simplex": ("coin-flip", "simplex", {"answers": 3}),
    "simplex-limit": ("limit-hedge[q=0.6]", "simplex", {"answers": 3, "limit": True}),
}


@pytest.fixture(scope="session")
def coq() -> Path:
    """Return the folder of the compiled proofs; skip, with a word, where they were not made."""
    if shutil.which("coqc") is None:
        pytest.skip("there is no coqc here: run make prove where Debian's packages may be installed")
    if not (PROOFS / "Proved.vo").exists() or not (PROOFS / "Instances.vo").exists():
        pytest.skip("the proofs are not built: run make prove")
    return PROOFS


@pytest.fixture(scope="session")
def checker() -> Path:
    """Return the native checker; skip, with a word, where it was not made."""
    if not CHECKER.exists():
        pytest.skip("there is no native checker here: run make native")
    return CHECKER


@pytest.fixture(scope="session")
def certified(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Attack]:
    """Return the attack of a case, made once."""
    made: dict[str, Attack] = {}

    def get(case: str) -> Attack:
        if case not in made:
            algorithm, family, parameters = CASES[case]
            place = tmp_path_factory.mktemp("proved") / case
            problem = make_problem(family, parameters)
            budget = Budget(100 if case == "open" else 400, 20.0)
            made[case] = attack(resolve(algorithm), problem, place, cap=60, jobs=1, budget=budget)
        return made[case]

    return get


def compile_(folder: Path, source: Path) -> subprocess.CompletedProcess[str]:
    """Compile one Coq file against the proofs."""
    command = ["coqc", "-R", str(folder), "OneHalf", str(source)]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=300, cwd=source.parent
    )
