"""`onehalf stability`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from algorithms.registry import resolve_all
from onehalf.families.stability.experiment import stability_experiment
from onehalf.options import add_run_options, name_of, run_and_report
from onehalf.record.result import Result


def configure(parser: argparse.ArgumentParser) -> None:
    """Add this command's options."""
    parser.epilog = (
        "examples:\n  onehalf stability --quick --out results/stability\n"
        "  onehalf stability my_trainer.py --quick\n"
        "Exit status 1 means that a certificate contradicts the theorem: a defect of this program."
    )
    parser.add_argument(
        "algorithms",
        nargs="*",
        metavar="ALGORITHM",
        help='run these instead of the library\'s trainers: names, plugin files (.py), "exec:program"',
    )
    parser.add_argument("--quick", action="store_true", help="20 networks of each algorithm instead of 200")
    parser.add_argument(
        "--out", type=Path, default=None, metavar="DIR", help="default: results/stability[-ALGORITHM][-quick]"
    )
    parser.add_argument("--seed", type=int, default=2109, help="root seed (default 2109)")
    parser.add_argument("--exponent", type=int, default=40, metavar="E", help="δ = 2^-E (default 40)")
    parser.add_argument(
        "--attacks",
        type=int,
        default=1,
        metavar="N",
        help="attack N networks of every trainer with generic attacks, too (default 1; needs onehalf[attacks])",
    )
    add_run_options(parser)


def execute(options: argparse.Namespace) -> int:
    """Run the command."""
    given = [(what, spec) for what in options.algorithms for spec in resolve_all(what)]
    # A dictionary keeps the order: an algorithm with a grid of parameters is named once.
    name = "-".join(["stability", *dict.fromkeys(name_of(what, spec) for what, spec in given)])
    experiment = stability_experiment(
        options.quick, options.seed, options.exponent, [spec for _, spec in given], name
    )
    return run_and_report(experiment, options, lambda result: _attack(result, options.attacks))


def _attack(result: Result, most: int) -> None:
    from onehalf.families.stability.toolbox import attack_outputs, available

    if most and available():
        attack_outputs(result, most)
    elif most:
        print("generic attacks are left out: pip install 'onehalf[attacks]'", file=sys.stderr)
