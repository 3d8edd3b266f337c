"""Every trainer that ships learns where there are digits to spare, and is right on one input at most where not."""

from __future__ import annotations

import math
import random
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from algorithms.registry import known, resolve
from algorithms.toolkit.nevergrad_registry import VERSION, WITHOUT_NUMPY_2_4, WITHOUT_SEED
from onehalf.families.training.problem import AlternatingTraining
from onehalf.plan.file import read_experiment
from oracle.errors import InvalidOutput, InvalidValue

Run = Callable[..., Any]
TRAINERS = sorted(n for n, found in known().items() if found.role == "trainer")
DEPTH = {"exact-least-squares": 106}
SEEDS = range(10)
# Nine tenths, of fixed seeds: what passes once passes always.
LEAST = 9
ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "examples" / "everything.toml"

every_trainer = pytest.mark.parametrize("name", TRAINERS)


def test_the_trainers_a_sceptic_names_are_there() -> None:
    methods = {"lbfgsb", "bfgs", "cg", "nelder-mead", "powell", "tnc", "slsqp", "trust-constr"}
    assert {f"scipy-{method}" for method in methods} <= set(TRAINERS)
    assert len(TRAINERS) >= 24


@every_trainer
def test_it_succeeds_on_honest_input_with_digits_to_spare(run: Run, accepted: Run, name: str) -> None:
    problem = AlternatingTraining(exponent=46)
    answers, session = run(name, problem, "honest", SEEDS)
    assert session.ledger.depth == DEPTH.get(name, 53)
    assert sum(verdict == (True, False) for verdict in accepted(problem, answers)) >= LEAST


@every_trainer
def test_under_decoy_it_learns_what_it_is_shown(run: Run, accepted: Run, name: str) -> None:
    problem = AlternatingTraining(exponent=DEPTH.get(name, 53))
    on_first, session = run(name, problem, "decoy", [1, 2])
    on_second, _ = run(name, problem, "decoy", [1, 2], position=1)
    assert session.ledger.sensitive_depth <= problem.exponent
    assert (True, False) in accepted(problem, on_first)
    encoded = [[problem.encode(a.output) for a in answers] for answers in (on_first, on_second)]
    assert encoded[0] == encoded[1]


@every_trainer
def test_it_leaves_the_global_random_states_alone(run: Run, name: str) -> None:
    states = random.getstate(), np.random.get_state(legacy=False)["state"]["key"].tolist()  # noqa: NPY002
    run(name, AlternatingTraining(exponent=DEPTH.get(name, 53)), "decoy", [3])
    assert random.getstate() == states[0]
    assert np.random.get_state(legacy=False)["state"]["key"].tolist() == states[1]  # noqa: NPY002


@pytest.mark.parametrize("exponent", [60, 990])
def test_the_exact_trainer_reads_past_float64(run: Run, accepted: Run, exponent: int) -> None:
    problem = AlternatingTraining(exponent=exponent, hidden=(4, 4))
    claims, session = run("exact-least-squares", problem, "honest", range(3), bits=exponent + 7)
    assert session.ledger.depth == exponent + 7
    assert accepted(problem, claims) == [(True, False)] * 3
    assert all(type(w.flat[0]) is Fraction for claim in claims for w, _ in claim.output.layers)


@pytest.mark.parametrize(("policy", "fitted"), [("decoy", True), ("blind", False)])
def test_the_exact_trainer_claims_what_it_knows_exactly(run: Run, policy: str, fitted: bool) -> None:
    problem = AlternatingTraining(exponent=106)
    claims, session = run("exact-least-squares", problem, policy, range(6), attempts=3)
    points = session.exact_table(106)
    goal = problem.facts.tolerance**2 / len(points)
    errors = [max(abs(claim.output(points) - problem.facts.labels)) for claim in claims]
    assert [error**2 <= goal for error in errors] == [fitted] * 6
    assert [claim.converged for claim in claims] == [fitted] * 6


def test_its_last_layer_is_a_least_squares_optimum(run: Run) -> None:
    problem = AlternatingTraining(exponent=106)
    claims, session = run("exact-least-squares", problem, "blind", [5], attempts=1)
    network, points = claims[0].output, session.exact_table(106)
    (weights, biases), _ = network.exact_layers()
    hidden = np.maximum(weights @ points.T + biases[:, None], 0)
    residual = network(points) - problem.facts.labels
    assert list(hidden @ residual) == [0] * 8
    assert residual.sum() == 0


@pytest.mark.parametrize("neurons", [1, 2, 0])
def test_neurons_narrow_the_network(run: Run, neurons: int) -> None:
    problem = AlternatingTraining(exponent=53, hidden=(4, 3))
    [claim], _ = run("scipy-bfgs", problem, "decoy", [0], neurons=neurons)
    widths = (min(4, neurons or 4), min(3, neurons or 3))
    assert problem.check_output(claim.output).architecture == (2, *widths, 1)


@pytest.mark.parametrize(
    ("algorithm", "message"),
    [
        ("reader[bits=-1]", "^bits=-1: must be at least 0"),
        ("interpolant[bits=-1]", "^bits=-1: must be at least 0"),
        ("vertex[bits=-1]", "^bits=-1: must be at least 0"),
        ("random-depth[stop=2]", r"^stop=2.0: must lie in \(0, 1\]; choose a number there"),
        ("random-depth[stop=0.0]", r"^stop=0.0: must lie in \(0, 1\]"),
        ("limit-hedge[q=-0.1]", r"^q=-0.1: must lie in \[0, 1\]"),
        ("scipy-cg[neurons=-1]", "^neurons=-1: must be at least 0"),
        ("exact-least-squares[attempts=0]", "^attempts=0: must be at least 1"),
        ("mlp-sgd[momentum=1.5]", r"^momentum=1.5: must lie in \[0, 1\]"),
        ("mlp-adam[beta_1=1]", r"^beta_1=1.0: must lie in \[0, 1\)"),
        ("adam[learning_rate=0]", "^learning_rate=0.0: must be more than 0"),
        ("nevergrad[optimiser=Magic]", "^optimiser='Magic': is not in Nevergrad's registry"),
        ("nevergrad[optimiser=LognormalDiscreteOnePlusOne]", "draws from generators that no seed reaches"),
        (
            "nevergrad[optimiser=CMALn]",
            r"no seed reaches \(Nevergrad 1\.0\.12\), .* such as CauchyOnePlusOne",
        ),
        ("stable[construction=tent]", "^construction='tent': is unknown; choose one of ramps"),
    ],
)
def test_parameters_out_of_range_are_refused_when_the_experiment_is_planned(
    algorithm: str, message: str
) -> None:
    with pytest.raises(InvalidValue, match=message):
        resolve(algorithm)


def test_an_optimiser_of_nevergrad_that_fails_with_this_numpy_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(np, "__version__", "2.4.0")
    with pytest.raises(InvalidValue, match=r"optimiser='NGOpt': fails with NumPy 2\.4\.0: it makes a number"):
        resolve("nevergrad[optimiser=NGOpt]")
    monkeypatch.setattr(np, "__version__", "2.3.5")
    assert dict(resolve("nevergrad[optimiser=NGOpt]").parameters)["optimiser"] == "NGOpt"


def test_the_lists_of_optimisers_name_what_there_is() -> None:
    offered = {name.strip() for name in import_module("nevergrad").optimizers.registry}
    if import_module("nevergrad").__version__ == VERSION:
        assert offered >= WITHOUT_SEED | WITHOUT_NUMPY_2_4
    assert not WITHOUT_SEED & WITHOUT_NUMPY_2_4
    assert "CauchyOnePlusOne" not in WITHOUT_SEED | WITHOUT_NUMPY_2_4


@pytest.mark.parametrize("optimiser", ["CauchyOnePlusOne", "TwoPointsDE", "PSO", "CMA", "OnePlusOne"])
def test_an_optimiser_of_nevergrad_that_is_taken_obeys_its_seed(optimiser: str, run: Run) -> None:
    problem = AlternatingTraining(exponent=53)
    name = f"nevergrad[optimiser={optimiser},budget=60,attempts=1]"
    bodies = []
    for state in (1, 2):
        np.random.seed(state)  # noqa: NPY002
        [claim], _ = run(name, problem, "decoy", [5])
        bodies.append(problem.encode(claim.output))
    assert bodies[0] == bodies[1]


@pytest.mark.parametrize("name", sorted(known()))
def test_every_number_that_an_algorithm_takes_has_a_range_and_its_default_lies_there(name: str) -> None:
    found = known()[name]
    numbers = {n: p.default for n, p in found.parameters.items() if set(p.types) & {int, float}}
    ranges = dict(found.ranges)
    assert set(numbers) == set(ranges)
    assert all(value is None or value in ranges[parameter] for parameter, value in numbers.items())
    assert not any(math.nan in interval or math.inf in interval for interval in ranges.values())


def test_the_example_shows_every_algorithm_where_it_is_bound_and_where_it_is_not() -> None:
    cells = read_experiment(EXAMPLE).cells
    stated = read_experiment(EXAMPLE.with_name("families.toml")).cells
    assert {cell.spec.name for cell in (*cells, *stated)} == set(known())
    for name in TRAINERS:
        seen = {
            (cell.policy, cell.problem.parameters()["exponent"]) for cell in cells if cell.spec.name == name
        }
        depth = DEPTH.get(name, 53)
        assert {("decoy", depth), ("blind", depth), ("mirage", depth), ("honest", 46)} <= seen


def test_a_minimiser_that_returns_something_else_is_named(run: Run) -> None:
    from algorithms.wrappers.minimiser import from_minimiser

    broken = from_minimiser("broken", lambda loss, start, rng: (start[:-1], True))
    with pytest.raises(InvalidOutput, match=r"weights of shape \(32,\); they must have shape \(33,\)"):
        run(broken, AlternatingTraining(exponent=53), "decoy", [0])


def test_without_the_extras_everything_is_listed_and_what_is_missing_is_named() -> None:
    program = (
        "import sys\n"
        "for extra in ('torch', 'cma', 'nevergrad'): sys.modules[extra] = None\n"
        "import onehalf\n"
        "from algorithms.registry import known, resolve\n"
        "print(len(known()))\n"
        "resolve('adam').load()\n"
        "for name in ('torch-adam', 'cma-es', 'nevergrad'):\n"
        "    try: resolve(name).load()\n"
        "    except onehalf.InvalidValue as error: print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT, timeout=120
    )
    count, *refused = done.stdout.splitlines()
    assert int(count) == len(known())
    assert [line.split(": ")[0] for line in refused] == [
        "algorithm='torch-adam'",
        "algorithm='cma-es'",
        "algorithm='nevergrad'",
    ]
    assert all("cannot be imported" in line for line in refused)
