"""What commands that run an experiment have in common."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

from algorithms.registry import Spec
from analysis.wording import plural
from onehalf.cli import DONE, VIOLATION
from onehalf.plan.experiment import Experiment
from onehalf.plan.rule import read_share
from onehalf.plan.shard import Shard
from onehalf.record.clearing import cleared, own_directory
from onehalf.record.directory import SUMMARY, read_store
from onehalf.record.result import Result
from onehalf.running.backends.choice import read_backend
from onehalf.running.progress import Progress
from onehalf.running.run import run_experiment
from oracle.errors import InvalidValue


def add_backend_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that say where trials are run."""
    parser.add_argument(
        "--jobs", type=int, default=None, metavar="N", help="workers (default: all processors)"
    )
    parser.add_argument(
        "--backend",
        metavar="WHERE",
        help="loky (default: processes of this machine), threading, dask, dask=tcp://HOST:PORT, dask=FILE.json, ray or "
        "ray=ADDRESS (docs/many-machines.md)",
    )


def add_run_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of a command that runs trials."""
    add_backend_options(parser)
    parser.add_argument("--json", action="store_true", help="print summary.json instead of the findings")
    parser.add_argument(
        "--overwrite",
        action="store_true",
        help="delete first what another experiment left in the directory (without this the same one is continued; for "
        "another one a directory is chosen, or --out refused)",
    )
    parser.add_argument(
        "--strict",
        action="store_true",
        help="exit status 1 if every trial of an algorithm ended with an error",
    )
    parser.add_argument(
        "--allow-mixed",
        action="store_true",
        help="go on with a directory that was begun with other versions of what computes; the record tells",
    )


def name_of(what: str, spec: Spec) -> str:
    """Return the name of one algorithm's experiment: a plugin file's, or the algorithm's."""
    path, _, _ = what.partition(".py")
    name = Path(path).name if spec.origin.endswith(".py") else spec.name
    return re.sub(r"[^\w.-]+", "-", name)


def chosen_directory(experiment: Experiment, out: Path | None, overwrite: bool = False) -> Path:
    """Return where an experiment goes: where ``--out`` says, or a directory of its own, which is told if it is another.

    What is overwritten is the directory that it is called by.
    """
    if out is not None or overwrite:
        return out or experiment.directory
    place, why = own_directory(experiment.directory, experiment)
    if why:
        print(f"{why}: this one goes to {place} (name one with --out)", file=sys.stderr)
    return place


def run_and_report(
    experiment: Experiment,
    options: argparse.Namespace,
    finish: Callable[[Result], None] | None = None,
) -> int:
    """Run an experiment, `finish` its result, make its report, and print what was found."""
    directory = chosen_directory(experiment, options.out, options.overwrite)
    if options.overwrite:
        cleared(directory)
    result = _run(experiment, directory, options)
    if finish is not None:
        finish(result)
    return report_and_tell(result, options)


def run_shard(experiment: Experiment, shard: Shard, directory: Path, options: argparse.Namespace) -> int:
    """Run a shard of an experiment and say what it left; a part of the trials has no report of its own."""
    if options.json or options.strict:
        rule = "is of the whole experiment, which a shard is not"
        option = "--json" if options.json else "--strict"
        raise InvalidValue(option, True, rule, "give it to onehalf merge")
    if options.overwrite:
        cleared(directory)
    result = _run(experiment, directory, options, shard)
    with read_store(directory) as store:
        trials = plural(store.recorded(), "trial")
    print(f"shard {shard} of {experiment.name}: {trials} on record in {directory}")
    print(f"when all {shard.count} are: onehalf merge SHARD … --out DIR")
    return _told_of_violations(result, directory)


def _run(
    experiment: Experiment, directory: Path, options: argparse.Namespace, shard: Shard | None = None
) -> Result:
    """Run an experiment as the options say."""
    return run_experiment(
        experiment,
        directory,
        options.jobs,
        Progress(),
        allow_mixed=options.allow_mixed,
        shard=shard,
        backend=read_backend(options.backend),
    )


def report_and_tell(result: Result, options: argparse.Namespace) -> int:
    """Make a result's report, print what was found, and return the exit status."""
    directory = result.directory
    from analysis.prose.findings import beyond_headline  # a second to import, which the run need not wait for
    from analysis.prose.headline import all_failed

    report = result.report()
    written = (directory / SUMMARY).read_text(encoding="utf-8")
    if options.json:
        print(written)
    else:
        summary = json.loads(written)
        for sentence in summary["headline"]:
            print(sentence)
        for finding in beyond_headline(summary):
            print(f"- {finding}")
        print(f"report: {report}")
    violated = _told_of_violations(result, directory)
    summary = json.loads(written)
    for note in summary["provenance"].get("notes", ()):
        print(note, file=sys.stderr)
    failed = options.strict and bool(all_failed(summary))
    return VIOLATION if failed or violated or summary["violations"] else DONE


def _told_of_violations(result: Result, directory: Path) -> int:
    for cell, trial in result.violations[:10]:
        print(
            f"violation: cell {cell}, trial {trial}: one run was accepted on two inputs that exclude each other "
            f"(Theorem 1); see it with: onehalf replay {directory} {cell} {trial}",
            file=sys.stderr,
        )
    return VIOLATION if result.violations else DONE


def share_option(text: str) -> float:
    """`read_share` for an option of the command line."""
    try:
        return read_share(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no number; write for example 0.6 or 1/3") from error
