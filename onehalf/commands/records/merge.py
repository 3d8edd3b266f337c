"""`onehalf merge`."""

from __future__ import annotations

import argparse
from pathlib import Path

from onehalf.cli import INTERRUPTED
from onehalf.options import report_and_tell
from onehalf.record.merging.merge import lacking, merge


def configure(parser: argparse.ArgumentParser) -> None:
    """Add this command's options."""
    parser.epilog = (
        "example: onehalf merge part1 part2 --out whole\n"
        "after: onehalf run barrier.toml --shard 1/2 --out part1   on one machine,\n"
        "       onehalf run barrier.toml --shard 2/2 --out part2   on another.\n"
        "Shards must be of one plan and one seed, with disjoint trials; they stay as they are.\n"
        "Exit status 3: something is missing, which is told; the run goes on in the joined directory."
    )
    parser.add_argument(
        "directories", type=Path, nargs="+", metavar="SHARD", help="directories made by run --shard"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="a new directory")
    parser.add_argument("--json", action="store_true", help="print summary.json instead of the findings")
    parser.add_argument(
        "--strict",
        action="store_true",
        help="exit status 1 if every trial of an algorithm ended with an error",
    )
    parser.add_argument(
        "--allow-mixed",
        action="store_true",
        help="join trials of one cell that were computed by different versions; the record tells",
    )


def execute(options: argparse.Namespace) -> int:
    """Run the command."""
    result = merge(options.directories, options.out, allow_mixed=options.allow_mixed)
    missing = lacking(result)
    if not missing:
        return report_and_tell(result, options)
    print(f"joined in {options.out}, where there is still missing: {missing}")
    print(
        f"go on there: onehalf run FILE --out {options.out}; or join again, into another, with what is missing"
    )
    return INTERRUPTED
