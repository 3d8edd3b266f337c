"""The command line.

Exit status: 0 done, 1 a violation, a failed check or a damaged record, 2 wrong usage, 3 interrupted but resumable, 4 a
defect of this program, 5 the environment: disk, rights, memory, locks.

6 is that of `onehalf verify` for a certificate that is consistent, of which no trial was run again.
"""

from __future__ import annotations

import argparse
import importlib
import resource
import signal
import sys
from collections.abc import Sequence
from types import FrameType

from onehalf.streams import flushed, prepare_streams

DONE, VIOLATION, USAGE, INTERRUPTED, DEFECT, ENVIRONMENT, NOT_RERUN = range(7)

_COMMANDS = {
    "reproduce": "the paper's result, all of it: run, judge, report",
    "run": "run an experiment file, or go on with one that was interrupted",
    "stability": "the instability theorem: train, certify what flips each network, report",
    "report": "write the report of a directory, or of several joined, in any form",
    "merge": "join shards of one experiment, run on machines that share nothing",
    "compare": "two directories side by side: the same cells, trial against trial",
    "power": "how many trials an answer takes, and what a number of trials can tell",
    "replay": "run one recorded trial again from its seed and compare",
    "fsck": "look whether a directory still holds what was written",
    "attack": "look for an input on which an algorithm fails, and certify what is found",
    "verify": "check a certificate with a second, independent implementation",
    "prove": "show, checked fact by fact, why a bound holds for concrete parameters",
    "atlas": "what solvers answer where the last digits decide, and what they claim",
    "explore": "one page with sliders: what the oracle shows beside what is true",
    "audit": "which digits of your answer can be had from your numbers",
    "algorithms": "list the algorithms, or show one with its parameters",
    "check": "check a plugin against every rule",
    "new": "write a commented template of a plugin",
    "completion": "print what lets a shell complete commands and options",
    "problems": "list the problem families with their parameters",
}

_ROOMS = {
    **dict.fromkeys(("report", "merge", "compare", "replay", "fsck"), "records."),
    **dict.fromkeys(("atlas", "explore"), "studies."),
}
"""In which room below `onehalf.commands` a command's module is, where it is in one."""
_LEAST_ROOM = 1 << 30
"""Bytes of address space; NumPy's linear algebra alone takes a third of it, and ends the process where it cannot."""
_RESUMABLE = {"reproduce", "run", "stability", "attack"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status; without arguments, the program's own, with its own streams."""
    if arguments is not None:
        return _status(list(arguments))
    prepare_streams()
    status = _status(sys.argv[1:], own=True)
    unwritten = flushed()
    if unwritten is None:
        return status
    print(f"onehalf: its output cannot be written ({unwritten.strerror})", file=sys.stderr)
    return ENVIRONMENT


def _status(given: list[str], own: bool = False) -> int:
    try:
        signal.signal(signal.SIGTERM, _interrupt)
        chosen = next((word for word in given if not word.startswith("-")), None)
        if chosen in _COMMANDS and (short := _too_little_room()):
            print(f"onehalf: {short}", file=sys.stderr)
            return ENVIRONMENT
        parser = _parser(chosen)
        try:
            options = parser.parse_args(given)
        except SystemExit as stop:
            return int(stop.code or 0)
        if own and options.execute is not _without_command:
            # On use, as --help needs nothing of it. A process that calls `main` itself may have changed what it likes.
            from algorithms.processes import be_clean

            be_clean()
        return _execute(options)
    except KeyboardInterrupt:
        stored = ": what was finished is stored; run the same command to go on"
        print("interrupted" + stored * (not _RESUMABLE.isdisjoint(given)), file=sys.stderr)
        return INTERRUPTED


def _too_little_room() -> str:
    """Say that less address space is allowed than libraries need, which end a process rather than say so; or ""."""
    room = resource.getrlimit(resource.RLIMIT_AS)[0]
    if room == resource.RLIM_INFINITY or room >= _LEAST_ROOM:
        return ""
    what = f"the address space is limited to {room >> 10} KiB (ulimit -v), and {_LEAST_ROOM >> 10} are needed"
    return f"{what}; nothing was run: raise the limit, or limit algorithms alone with --memory"


def _execute(options: argparse.Namespace) -> int:
    try:
        status: int = options.execute(options)
        return status
    except Exception as error:
        if options.debug:
            raise
        status, sentence = _meaning(error)
        print(f"onehalf: {sentence}", file=sys.stderr)
        return status


def _meaning(error: Exception) -> tuple[int, str]:
    """Return the exit status of an error, and the sentence that says it."""
    from oracle.errors import CannotGoOn, DamagedRecord, DirectoryInUse, InvalidValue

    if isinstance(error, DamagedRecord):
        return VIOLATION, str(error)
    if isinstance(error, DirectoryInUse | CannotGoOn):
        return ENVIRONMENT, str(error)
    if isinstance(error, InvalidValue):
        return USAGE, str(error)
    fails = _failing(error)
    if fails:
        stored = "what was finished is stored; mend it, then run the same command again"
        return ENVIRONMENT, f"the environment fails this program: {fails}; {stored}"
    return DEFECT, f"a defect of this program: {type(error).__name__}: {error}"


def _failing(error: Exception) -> str:
    """Say what of the environment failed: memory, or what the system refused; "" where it was neither."""
    text = str(error)
    if isinstance(error, MemoryError):
        return "there is not enough memory"
    if isinstance(error, ImportError) and ("map segment" in text or "llocate memory" in text):
        return f"there is not enough memory ({text})"
    if isinstance(error, RuntimeError) and "start new thread" in text:
        return "no thread can be started (too many processes, or not enough memory)"
    if isinstance(error, OSError):
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror or text
    return ""


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def whole_parser() -> argparse.ArgumentParser:
    """Return the parser with the options of every command."""
    return _parser(None, every=True)


def _parser(chosen: str | None, every: bool = False) -> argparse.ArgumentParser:
    """Return the parser; only the chosen command's module is imported, or `every` one."""
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
        if every or name == chosen:
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
