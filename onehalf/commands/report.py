"""`onehalf report`."""

from __future__ import annotations

import argparse
from pathlib import Path

from onehalf.cli import DONE
from onehalf.directory import SUMMARY
from onehalf.result import load


def configure(parser: argparse.ArgumentParser) -> None:
    """Add this command's options."""
    parser.epilog = "example: onehalf report results/reproduce"
    parser.add_argument("directory", type=Path, metavar="DIR", help="a directory made by run or reproduce")
    parser.add_argument("--json", action="store_true", help="print summary.json instead of the report's path")


def execute(options: argparse.Namespace) -> int:
    """Run the command."""
    path = load(options.directory).report()
    print((options.directory / SUMMARY).read_text(encoding="utf-8") if options.json else path)
    return DONE
