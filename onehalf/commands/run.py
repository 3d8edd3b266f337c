"""`onehalf run`."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from onehalf.commands.shared import add_run_options, run_and_report
from onehalf.plan import Cell, Experiment, cells_of
from onehalf.stopping import read_until
from onehalf.toml import problems_of, read_experiment


def configure(parser: argparse.ArgumentParser) -> None:
    """Add this command's options."""
    parser.epilog = (
        "examples:\n  onehalf run examples/barrier.toml --out results/barrier\n"
        "  onehalf run my_trainer.py --oracle decoy blind --trials 100\n"
        "A directory that holds part of the same experiment is continued."
    )
    parser.add_argument(
        "what",
        metavar="FILE",
        help="an experiment file (.toml), or an algorithm: a name, a plugin file (.py) or "
        '"exec:program argument", each also with [param=value,…]',
    )
    parser.add_argument("--out", type=Path, default=None, metavar="DIR", help="default: results/NAME")
    parser.add_argument(
        "--oracle", nargs="+", default=["decoy"], help="for an algorithm: policies (default decoy)"
    )
    parser.add_argument(
        "--problem", default="training", help="for an algorithm: problem family (default training)"
    )
    parser.add_argument(
        "--trials", type=int, default=200, help="for an algorithm: trials a cell (default 200)"
    )
    parser.add_argument(
        "--until",
        metavar="RULE",
        help='for an algorithm: stop a cell early, "decided" or "width=0.02"; --trials is then the cap',
    )
    parser.add_argument("--seed", type=int, default=1, help="for an algorithm: root seed (default 1)")
    add_run_options(parser)


def execute(options: argparse.Namespace) -> int:
    """Run the command."""
    if options.what.endswith(".toml"):
        experiment = read_experiment(Path(options.what))
    else:
        cells = tuple(
            cells_of(
                list(problems_of(options.problem)),
                options.oracle,
                [options.what],
                options.trials,
                until=read_until(options.until),
            )
        )
        experiment = Experiment(_name(options.what, cells[0]), options.seed, cells)
    return run_and_report(experiment, options.out or Path("results") / experiment.name, options)


def _name(what: str, cell: Cell) -> str:
    """Return the experiment's name: a plugin file's, or the algorithm's."""
    path, _, _ = what.partition(".py")
    name = Path(path).name if cell.spec.origin.endswith(".py") else cell.spec.name
    return re.sub(r"[^\w.-]+", "-", name)
