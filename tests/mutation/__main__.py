"""Measure the tests by what they notice: draw mutants of the spine, and let each meet the tests that see its line.

python -m tests.mutation [--number 200] [--seed 1] [--out build/mutants] [--jobs 2] [--part oracle ...]

The first run watches the tests with coverage, which takes as long as they do, and keeps what it saw in the folder; an
interrupted campaign goes on where it was. After a change of the tree start with another folder. What survives is
printed, and the table that docs/testing.md holds.
"""

import argparse
from pathlib import Path

from tests.mutation.campaign import run
from tests.mutation.mutants import sampled
from tests.mutation.seen import watched
from tests.mutation.spine import SPINE, rooms_of
from tests.mutation.table import outcome, survivors, table


def main() -> None:
    """Run a campaign."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--number", type=int, default=200, help="mutants to draw")
    parser.add_argument("--seed", type=int, default=1, help="of the draw")
    parser.add_argument("--out", type=Path, default=Path("build/mutants"), help="folder of the campaign")
    parser.add_argument("--jobs", type=int, default=2, help="mutants at a time")
    parser.add_argument(
        "--part", action="append", choices=[part.name for part in SPINE], help="only these parts"
    )
    options = parser.parse_args()
    folder = options.out.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    parts = [part for part in SPINE if options.part is None or part.name in options.part]
    drawn = sampled([path for part in parts for path in part.files()], options.number, options.seed)
    seen = watched(folder, options.jobs, rooms_of(parts))
    ended = []
    for fate in run(drawn, seen, folder, options.jobs):
        ended.append(fate)
        print(
            f"{len(ended)} of {len(drawn)}: {outcome(fate)} {fate.mutant.path}:{fate.mutant.line} {fate.key}",
            flush=True,
        )
    print(f"\n{table(ended)}\n\n{survivors(ended)}")


if __name__ == "__main__":
    main()
