"""`onehalf reproduce`."""

from __future__ import annotations

import argparse
from pathlib import Path

from onehalf.options import add_run_options, run_and_report
from onehalf.reproduce import reproduction


def configure(parser: argparse.ArgumentParser) -> None:
    """Add this command's options."""
    parser.epilog = "example: onehalf reproduce --quick --out results/quick"
    parser.add_argument("--quick", action="store_true", help="the same cells with fewer trials")
    parser.add_argument(
        "--out", type=Path, default=None, metavar="DIR", help="default: results/reproduce[-quick]"
    )
    parser.add_argument("--seed", type=int, default=2109, help="root seed (default 2109)")
    add_run_options(parser)


def execute(options: argparse.Namespace) -> int:
    """Run the command."""
    experiment = reproduction(options.quick, options.seed)
    return run_and_report(experiment, options)
