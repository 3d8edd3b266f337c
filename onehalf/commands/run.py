"""`onehalf run`."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

from algorithms.conformance.suite import faced_by
from algorithms.registry import Spec, resolve_every
from onehalf.options import add_run_options, name_of, run_and_report, run_shard
from onehalf.plan.experiment import Experiment, cells_of
from onehalf.plan.file import problems_of, read_experiment
from onehalf.plan.memory import read_memory
from onehalf.plan.rule import read_until
from onehalf.plan.shard import read_shard
from oracle.errors import InvalidValue
from oracle.families import default_policy, make_problem
from oracle.problems import Problem
from oracle.session import Budget

_DEFAULTS: dict[str, Any] = {
    "oracle": None,
    "problem": None,
    "trials": 200,
    "until": None,
    "seed": 1,
    "seconds": Budget().seconds,
    "digits": Budget().digits,
}


def configure(parser: argparse.ArgumentParser) -> None:
    """Add this command's options."""
    parser.epilog = (
        "examples:\n  onehalf run examples/barrier.toml --out results/barrier\n"
        "  onehalf run my_trainer.py --oracle decoy blind --trials 100\n"
        "  onehalf run one.py another.py adam --trials 50\n"
        "A directory that holds part of the same experiment is continued; beside another one results/NAME-2 is begun."
    )
    parser.add_argument(
        "what",
        nargs="+",
        metavar="FILE",
        help="an experiment file (.toml), or algorithms: names, plugin files (.py, with all they register) or "
        '"exec:program argument", each also with [param=value,…]',
    )
    parser.add_argument("--out", type=Path, default=None, metavar="DIR", help="default: results/NAME")
    parser.add_argument(
        "--sealed",
        action="store_true",
        help="keep oracle, ledger and judge in another process than the algorithm (slower; docs/boundary.md)",
    )
    parser.add_argument(
        "--sandbox",
        action="store_true",
        help="sealed, and with files (but the code it is made of) and sockets kept from it (docs/boundary.md)",
    )
    parser.add_argument(
        "--memory",
        metavar="SIZE",
        help="what an algorithm's process may take, such as 500M or 2G (default: any; docs/boundary.md)",
    )
    parser.add_argument(
        "--shard",
        metavar="I/K",
        help="run this share of the trials alone, such as 3/16; onehalf merge joins all (docs/many-machines.md)",
    )
    alone = parser.add_argument_group("for an algorithm (an experiment file says these itself)")
    alone.add_argument(
        "--oracle",
        nargs="+",
        metavar="POLICY",
        help="policies of answers (default decoy, or the family's only one)",
    )
    alone.add_argument(
        "--problem", metavar="FAMILY", help='default training; "training[exponent=40]" sets parameters'
    )
    alone.add_argument("--trials", type=int, metavar="N", help="trials a cell (default 200)")
    alone.add_argument(
        "--until",
        metavar="RULE",
        help='stop a cell early: "decided", "width=0.02", or "decided, width=0.02" for what is met first, with '
        '"level=0.05" and "bound=1/3" if wanted; --trials is then the cap',
    )
    alone.add_argument("--seed", type=int, metavar="N", help="root seed (default 1)")
    alone.add_argument("--seconds", type=float, metavar="S", help="time budget of a run (default 60)")
    alone.add_argument("--digits", type=int, metavar="N", help="digit budget of a run (default 10000)")
    add_run_options(parser)


def execute(options: argparse.Namespace) -> int:
    """Run the command."""
    given = {name: getattr(options, name) for name in _DEFAULTS if getattr(options, name) is not None}
    files = [what for what in options.what if what.endswith(".toml")]
    if files:
        for name, value in given.items():
            raise InvalidValue(
                f"--{name}", value, "is for an algorithm, not for a file", f"write {name} in the file"
            )
        if len(options.what) > 1:
            raise InvalidValue(
                "what", options.what, "an experiment file is run alone", f"run {files[0]} by itself"
            )
        experiment = read_experiment(Path(files[0]))
    else:
        experiment = _experiment(options.what, **{**_DEFAULTS, **given})
    if options.sealed or options.sandbox:
        cells = tuple(
            replace(cell, sealed=True, sandbox=cell.sandbox or options.sandbox) for cell in experiment.cells
        )
        experiment = replace(experiment, cells=cells)
    if options.memory is not None:
        most = read_memory(options.memory)
        limited = tuple(replace(cell, memory=most) for cell in experiment.cells)
        experiment = replace(experiment, cells=limited)
    shard = read_shard(options.shard)
    if shard is None:
        return run_and_report(experiment, options)
    usual = experiment.directory.with_name(f"{experiment.name}-{shard.number}-of-{shard.count}")
    return run_shard(experiment, shard, options.out or usual, options)


def _experiment(
    several: list[str],
    oracle: list[str] | None,
    problem: str | None,
    trials: int,
    until: str | None,
    seed: int,
    seconds: float,
    digits: int,
) -> Experiment:
    """Return the experiment of some algorithms, each on the first family that it is made for unless one is given."""
    budget = Budget(digits, seconds)
    given = list(problems_of(problem)) if problem else []
    found = {what: resolve_every(what) for what in several}
    faced: dict[type[Problem] | None, list[Spec]] = {}
    for spec in (spec for specs in found.values() for spec in specs):
        faced.setdefault(None if given else faced_by(spec)[0], []).append(spec)
    cells = tuple(
        cell
        for family, specs in faced.items()
        for one in (given if family is None else [make_problem(family)])
        for cell in cells_of(
            [one],
            [default_policy(one, "decoy")] if oracle is None else oracle,
            specs,
            trials,
            budget,
            until=read_until(until),
        )
    )
    names = dict.fromkeys(name_of(what, specs[0]) for what, specs in found.items())
    return Experiment("+".join(names), seed, cells)
