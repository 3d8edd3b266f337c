"""`onehalf report`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from onehalf.cli import DONE, VIOLATION
from onehalf.record.described import Recorded
from onehalf.record.directory import read_store
from onehalf.record.publish import FORMATS, TABLES, note_published, publish, publish_paper, told
from onehalf.record.reading.joined import load_results
from onehalf.record.reading.stories import stories_of
from onehalf.record.result import load
from onehalf.running.certify import certified
from oracle.errors import InvalidValue

PARQUET = "parquet"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add this command's options."""
    parser.epilog = (
        "examples:\n  onehalf report results/reproduce\n"
        "  onehalf report results/reproduce --formats md latex csv pdf\n"
        "  onehalf report results/seed1 results/seed2 --out results/both\n"
        "Runs of the same cells are pooled; everything else stands side by side."
    )
    parser.add_argument(
        "directories", type=Path, nargs="+", metavar="DIR", help="directories made by run or reproduce"
    )
    parser.add_argument(
        "--formats",
        nargs="+",
        default=list(FORMATS),
        metavar="FORM",
        help=f"some of {', '.join(FORMATS)} (default: all of these), and {PARQUET}: trials, cells and outcomes",
    )
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="where the report goes; needed for several directories"
    )
    parser.add_argument(
        "--interval",
        default="clopper-pearson",
        metavar="METHOD",
        help="clopper-pearson (default), wilson, jeffreys, agresti-coull or mid-p",
    )
    parser.add_argument(
        "--only",
        default="",
        metavar="WHAT",
        help="report on one group, family or cell (its number) alone; needs --out",
    )
    parser.add_argument(
        "--full", action="store_true", help="open the appendix of the page, so that it is printed, too"
    )
    parser.add_argument(
        "--paper",
        action="store_true",
        help="also write paper/: a LaTeX table of the cells across two columns, and figures of 8.5 cm (see --only)",
    )
    parser.add_argument("--json", action="store_true", help="print summary.json instead of the report's path")


def execute(options: argparse.Namespace) -> int:
    """Run the command."""
    from onehalf.record.gather import gather

    if len(options.directories) > 1 and options.out is None:
        raise InvalidValue("out", None, "is needed to join directories", "give --out DIR")
    if options.only and options.out is None:
        raise InvalidValue(
            "only", options.only, "makes another report beside the whole one", "give --out DIR, too"
        )
    parts = [(directory, load(directory).recorded) for directory in options.directories]
    summary = gather(parts, options.interval, options.only)
    stories = stories_of(experiment for _, experiment in parts).each
    place = options.out or options.directories[0]
    forms = [form for form in options.formats if form != PARQUET]
    written = []
    if forms or PARQUET not in options.formats:
        written += publish(summary, place, forms, stories=stories, full=options.full)
    if PARQUET in options.formats:
        written += load_results(options.directories).to_parquet(place / TABLES)
        note_published(place, written)
    if options.paper:
        written += publish_paper(summary, place, stories)
    print(json.dumps(summary, indent=1, ensure_ascii=False) if options.json else told(written))
    for sentence in _missing(parts, summary):
        print(sentence, file=sys.stderr)
    return VIOLATION if summary["violations"] else DONE


def _missing(parts: Sequence[tuple[Path, Recorded]], summary: Mapping[str, Any]) -> Iterator[str]:
    """Say what a report does not rest on: what is not known, trials not made, networks that have no certificate."""
    told = summary["provenance"]
    yield from dict.fromkeys(note for one in _each(told, len(parts)) for note in one.get("notes", ()))
    totals = summary["totals"]
    if not totals["complete"]:
        yield f"Incomplete: {totals['recorded']} of {totals['planned']} planned trials are on record"
    have, needed = 0, 0
    for directory, experiment in parts:
        with read_store(directory) as store:
            some, all_of_them = certified(experiment, store)
        have, needed = have + some, needed + all_of_them
    if have < needed:
        yield f"certificates: {have} of {needed} (they are made after the last trial; run the same command to go on)"


def _each(provenance: Mapping[str, Any], directories: int) -> Iterable[Mapping[str, Any]]:
    return [provenance] if directories == 1 else provenance.values()
