"""The command line. Exit status: 0 done, 1 a violation or a failed check, 2 wrong usage, 3 interrupted, 4 a defect.

6 is that of `onehalf verify` for a certificate that is consistent, of which no trial was run again.
"""

from __future__ import annotations

import argparse
import importlib
import signal
import sys
from collections.abc import Sequence
from types import FrameType

DONE, VIOLATION, USAGE, INTERRUPTED, DEFECT, NOT_RERUN = 0, 1, 2, 3, 4, 6

_COMMANDS = {
    "reproduce": "the paper's result, all of it: run, judge, report",
    "run": "run an experiment file, or go on with one that was interrupted",
    "stability": "the instability theorem: train, certify what flips each network, report",
    "report": "write the report of a directory, or of several joined, in any form",
    "power": "how many trials an answer takes, and what a number of trials can tell",
    "replay": "run one recorded trial again from its seed and compare",
    "attack": "look for an input on which an algorithm fails, and certify what is found",
    "verify": "check a certificate with a second, independent implementation",
    "prove": "show, checked fact by fact, why a bound holds for concrete parameters",
    "atlas": "what solvers answer where the last digits decide, and what they claim",
    "audit": "which digits of your answer can be had from your numbers",
    "algorithms": "list the algorithms, or show one with its parameters",
    "check": "check a plugin against every rule",
    "new": "write a commented template of a plugin",
    "problems": "list the problem families with their parameters",
}

_ROOMS = {"atlas": "studies."}
"""In which room below `onehalf.commands` a command's module is, where it is in one."""
_RESUMABLE = {"reproduce", "run", "stability", "attack"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        signal.signal(signal.SIGTERM, _interrupt)
        parser = _parser(next((word for word in given if not word.startswith("-")), None))
        try:
            options = parser.parse_args(given)
        except SystemExit as stop:
            return int(stop.code or 0)
        return _execute(options)
    except KeyboardInterrupt:
        stored = ": what was finished is stored; run the same command to go on"
        print("interrupted" + stored * (not _RESUMABLE.isdisjoint(given)), file=sys.stderr)
        return INTERRUPTED


def _execute(options: argparse.Namespace) -> int:
    try:
        status: int = options.execute(options)
        return status
    except BrokenPipeError:
        sys.stderr.close()
        return DONE
    except Exception as error:
        if options.debug:
            raise
        status, kind = _meaning(error)
        print(f"onehalf: {kind}{error}", file=sys.stderr)
        return status


def _meaning(error: Exception) -> tuple[int, str]:
    """Return the exit status of an error, and what to say before its text."""
    from oracle.errors import CannotGoOn, InvalidValue

    if isinstance(error, InvalidValue):
        return USAGE, ""
    if isinstance(error, CannotGoOn):
        return INTERRUPTED, ""
    return DEFECT, f"a defect of this program: {type(error).__name__}: "


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _parser(chosen: str | None) -> argparse.ArgumentParser:
    """Return the parser; only the chosen command's module is imported."""
    parser = argparse.ArgumentParser(
        prog="onehalf",
        description="A computability experiment harness for randomised algorithms: inexact inputs, exact verdicts, "
        "and the 1/2 bound.",
        epilog="example: onehalf reproduce --quick --out results/quick",
    )
    parser.add_argument("--version", action="store_true", help="print the version and exit")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=chosen is not None)
    for name, line in _COMMANDS.items():
        command = commands.add_parser(
            name, help=line, description=line, formatter_class=argparse.RawDescriptionHelpFormatter
        )
        command.add_argument("--debug", action="store_true", help="show the traceback of an error")
        if name == chosen:
            module = importlib.import_module(f"onehalf.commands.{_ROOMS.get(name, '')}{name}")
            module.configure(command)
            command.set_defaults(execute=module.execute)
    parser.set_defaults(execute=_without_command, debug=False)
    return parser


def _without_command(options: argparse.Namespace) -> int:
    if options.version:
        from onehalf import __version__

        print(f"onehalf {__version__}")
        return DONE
    _parser(None).print_help()
    return USAGE


if __name__ == "__main__":
    sys.exit(main())
