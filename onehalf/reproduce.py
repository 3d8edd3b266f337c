"""The experiment of the paper's result: the barrier, the fall, reading past it, controls, staircase, instability."""

from __future__ import annotations

from algorithms.registry import resolve
from onehalf.families.linear_program.problem import LinearProgram
from onehalf.families.stability.experiment import stability_cells
from onehalf.families.stated.experiment import stated_cells
from onehalf.families.training.problem import AlternatingTraining
from onehalf.plan.experiment import Cell, Experiment, cells_of
from oracle.session import Budget

WRAPPED = ("mlp-adam", "mlp-lbfgs", "mlp-sgd", "scipy-lbfgsb")
BATCHED = ("adam", "levenberg-marquardt", "random-features", "sgd")
BASELINES = ("coin-flip", "constant-half", "reader", "random-depth")
POLICIES = ("blind", "decoy", "mirage")
EXPONENT = 53
FALL = range(46, 61)
STOPS = (0.0005, 0.002, 0.005, 0.01, 0.02, 0.04, 0.08)
TRAINERS = (*BATCHED, *WRAPPED)
SOLVERS = ("highs-ds", "highs-ipm")
EXACT = ("vertex", "coin-flip", "midpoint")
EXPLORED_EXPONENTS = (8, 16, 24, 32, 40, 48, 53, 60)
EXPLORED_DIGITS = (4, 12, 20, 28, 36, 44, 53, 64)
EXPLORED_POLICIES = ("blind", "decoy", "honest")


def reproduction(quick: bool = False, seed: int = 2109) -> Experiment:
    """Return the plan of the whole reproduction.

    Parameters
    ----------
    quick : bool
        The same cells with a tenth of the trials or fewer.
    seed : int
        Root seed.
    """
    baseline, batched, wrapped, fall = (200, 20, 20, 5) if quick else (10_000, 1000, 200, 40)
    solver = min(baseline, 1000)
    stability, sweep = (3, 1) if quick else (25, 4)
    stated = (20, 3) if quick else (200, 20)
    barrier = AlternatingTraining(exponent=EXPONENT)
    falling = [AlternatingTraining(exponent=e) for e in FALL]
    variable = AlternatingTraining(exponent=EXPONENT, free=True)
    programs = [LinearProgram(y="1/500", digits=k, exponent=EXPONENT) for k in range(1, 7)]
    cells: list[Cell] = [
        *cells_of([barrier], POLICIES, BASELINES, baseline, group="At the barrier"),
        *cells_of([barrier], POLICIES, ["interpolant"], baseline, group="At the barrier"),
        *cells_of([barrier], POLICIES, BATCHED, batched, group="At the barrier"),
        *cells_of([barrier], POLICIES, WRAPPED, wrapped, group="At the barrier"),
        *(
            cell
            for problem in falling
            for cell in cells_of([problem], ["decoy"], ["reader"], baseline, group="The fall")
            if problem.exponent != EXPONENT
        ),
        *cells_of(falling, ["decoy"], [f"{t}[bits=53]" for t in TRAINERS], fall, group="The fall"),
        *cells_of(
            [barrier],
            ["blind"],
            [f"random-depth[stop={stop}]" for stop in STOPS],
            baseline,
            Budget(digits=1_000_000),
            group="Reading past the barrier at random",
        ),
        *cells_of(
            [barrier],
            POLICIES,
            [f"reader[bits={EXPONENT + 1}]", "patient"],
            baseline,
            group="Controls: e + 1 digits",
        ),
        *cells_of(
            [barrier],
            ["midpoint"],
            [f"reader[bits={EXPONENT + 1}]", f"reader[bits={EXPONENT + 2}]"],
            baseline,
            group="The deepest coupling",
        ),
        *cells_of([variable], POLICIES, ["interpolant"], baseline, group="Controls: variable dimensions"),
        *cells_of(programs, ["blind"], SOLVERS, solver, group="The linear program"),
        *cells_of(programs, ["blind"], EXACT, baseline, group="The linear program"),
        *stated_cells(*stated),
        *stability_cells((*WRAPPED, *BATCHED), stability, sweep),
    ]
    return Experiment("reproduce-quick" if quick else "reproduce", seed, tuple(cells))


def explored(algorithm: str, trials: int) -> Experiment:
    """Return the experiment of which the explorable is made: every e, number of digits and policy, on ten points.

    Raises
    ------
    InvalidValue
        If the algorithm has no parameter ``bits``.
    """
    base = resolve(algorithm)
    place = f"{base.origin}::{base.name}" if base.origin.endswith(".py") else base.name
    given = [f"{name}={value}" for name, value in base.parameters if name != "bits"]
    several = [f"{place}[{','.join([*given, f'bits={bits}'])}]" for bits in EXPLORED_DIGITS]
    problems = [AlternatingTraining(exponent=e, hidden=(2,)) for e in EXPLORED_EXPONENTS]
    return Experiment("explore", 1, tuple(cells_of(problems, EXPLORED_POLICIES, several, trials)))
