"""`onehalf explore`."""

from __future__ import annotations

import argparse
from pathlib import Path

from onehalf.cli import DONE
from onehalf.explorable.page import explorable_page
from onehalf.explorable.views import views_of
from onehalf.options import chosen_directory
from onehalf.record.directory import write_text
from onehalf.record.result import load
from onehalf.reproduce import explored
from onehalf.running.progress import Progress
from onehalf.running.run import run_experiment

PAGE = "explore.html"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add this command's options."""
    parser.epilog = (
        "examples:\n  onehalf explore\n  onehalf explore --trials 100 --algorithm mlp-adam --out results/explore-adam\n"
        "  onehalf explore results/mine\n"
        "A directory that holds part of the same experiment is continued. The page needs no network and no server."
    )
    parser.add_argument(
        "directory",
        type=Path,
        nargs="?",
        metavar="DIR",
        help="show what this directory holds; nothing is run",
    )
    parser.add_argument(
        "--algorithm", default="random-features", metavar="NAME", help="one that has a parameter bits"
    )
    parser.add_argument("--trials", type=int, default=20, metavar="N", help="trials a cell (default 20)")
    parser.add_argument("--jobs", type=int, metavar="N", help="workers (default: all processors)")
    parser.add_argument(
        "--out", type=Path, default=None, metavar="DIR", help="default: DIR, or results/explore"
    )


def execute(options: argparse.Namespace) -> int:
    """Run the command."""
    if options.directory is None:
        experiment = explored(options.algorithm, options.trials)
        place = chosen_directory(experiment, options.out)
        result = run_experiment(experiment, place, options.jobs, Progress())
    else:
        place = options.out or options.directory
        result = load(options.directory)
    page = explorable_page(views_of(result))
    place.mkdir(parents=True, exist_ok=True)
    write_text(place / PAGE, page)
    print(f"page: {place / PAGE}")
    return DONE
