"""`onehalf atlas`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from algorithms.solvers.configuration import Configuration
from onehalf.atlas.page import PAGE, write_atlas
from onehalf.atlas.solvers import all_solvers
from onehalf.atlas.survey import DIGITS, EXPONENTS, SECONDS, survey
from onehalf.atlas.words import TITLES, kind_headline
from onehalf.cli import DONE, VIOLATION
from oracle.errors import InvalidValue

_QUICK = (10, 20, 30, 40, 50, 60)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add this command's options."""
    parser.epilog = (
        "examples:\n  onehalf atlas --quick\n  onehalf atlas my_solver.py --only 'glpk-*' 'highspy*' first-column\n"
        "Needs what it surveys: pip install 'onehalf[solvers]'; what is absent is skipped. Exit status 1 means that\n"
        "a cell is above its bound: a solver is no function of what it is shown, or this program has a defect."
    )
    parser.add_argument("file", nargs="?", metavar="FILE", help="a .py file with solvers of your own")
    parser.add_argument("--kinds", nargs="+", choices=list(TITLES), default=list(TITLES), help="default: all")
    parser.add_argument(
        "--only", nargs="+", metavar="NAME", help="these solvers alone; * and ? as in a shell"
    )
    parser.add_argument(
        "--exponents", type=int, nargs="+", metavar="E", help="e of δ = 2^-E (default: 10, 12, …, 60)"
    )
    parser.add_argument("--quick", action="store_true", help="e = 10, 20, …, 60")
    parser.add_argument(
        "--digits", type=int, default=DIGITS, metavar="K", help=f"right is within 10^-K (default {DIGITS})"
    )
    parser.add_argument(
        "--seconds",
        type=float,
        default=SECONDS,
        help=f"of processor time for each solver (default {SECONDS:g})",
    )
    parser.add_argument(
        "--jobs", type=int, default=os.cpu_count() or 1, metavar="N", help="default: all processors"
    )
    parser.add_argument(
        "--out", type=Path, default=Path("results/atlas"), metavar="DIR", help="default: results/atlas"
    )
    parser.add_argument("--list", action="store_true", help="print the solvers, and survey nothing")


def execute(options: argparse.Namespace) -> int:
    """Run the command."""
    exponents = sorted(set(options.exponents or (_QUICK if options.quick else EXPONENTS)))
    for exponent in exponents:
        _check("exponents", exponent, 4, 400)
    _check("seconds", options.seconds, 1, 86400)
    _check("digits", options.digits, 1, 12)
    _check("jobs", options.jobs, 1, 1024)
    chosen = _chosen(all_solvers(options.file), options.kinds, options.only)
    absent = [solver for solver in chosen if solver.absent]
    if options.list:
        print("\n".join(map(_line, chosen)))
        return DONE
    for solver in absent:
        print(f"{solver.name} is skipped: {', '.join(solver.absent)} is not installed", file=sys.stderr)
    solvers = [solver for solver in chosen if not solver.absent]
    if not solvers:
        raise InvalidValue(
            "only", options.only, "leaves no solver that is installed", "see onehalf atlas --list"
        )
    rows = survey(
        solvers,
        exponents=exponents,
        digits=options.digits,
        seconds=options.seconds,
        jobs=options.jobs,
        file=options.file,
        tell=lambda line: print(line, file=sys.stderr),
    )
    settings = {"exponents": exponents, "K": options.digits, "seconds": options.seconds}
    cells = write_atlas(options.out, rows, solvers, absent, settings)
    for kind in TITLES:
        own = [cell for cell in cells if cell.case.presentation.kind == kind]
        if own:
            print(f"{kind}: {kind_headline(kind, own)}")
    wrong = [cell for cell in cells if cell.contradicts]
    for cell in wrong:
        name = cell.case.presentation.name
        print(f"above its bound: {cell.solver}, {name}, e = {cell.exponent}", file=sys.stderr)
    print(f"page: {options.out / PAGE}")
    return VIOLATION if wrong else DONE


def _check(name: str, value: float, least: int, most: int) -> None:
    if not least <= value <= most:
        raise InvalidValue(name, value, f"must be from {least} to {most}", f"take for example {least}")


def _chosen(
    solvers: Sequence[Configuration], kinds: Sequence[str], only: Sequence[str] | None
) -> list[Configuration]:
    names = {solver.name for solver in solvers}
    for pattern in only or ():
        if not any(fnmatchcase(name, pattern) for name in names):
            raise InvalidValue("only", pattern, "is the name of no solver", "see onehalf atlas --list")
    return [
        solver
        for solver in solvers
        if solver.kind in kinds and (only is None or any(fnmatchcase(solver.name, p) for p in only))
    ]


def _line(solver: Configuration) -> str:
    missing = f"  (not installed: {', '.join(solver.absent)})" if solver.absent else ""
    return f"{solver.kind:14} {solver.name:34} {solver.options}{missing}".rstrip()
