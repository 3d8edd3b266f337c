"""`onehalf fsck`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from onehalf.cli import DONE, VIOLATION
from onehalf.record.directory import TRIALS, inspected, read_manifest, unkept
from onehalf.record.publish import differing
from onehalf.record.store import Store
from oracle.errors import DamagedRecord, InvalidValue


def configure(parser: argparse.ArgumentParser) -> None:
    """Add this command's options."""
    parser.epilog = (
        "example: onehalf fsck results/reproduce\n"
        "Compares rows, outputs, plan and published files with the digests that were kept when they were written.\n"
        "Exit status: 0 all is as it was written, 1 something is not, 2 there is no experiment."
    )
    parser.add_argument(
        "directories", type=Path, nargs="+", metavar="DIR", help="directories made by run or reproduce"
    )
    parser.add_argument("--json", action="store_true", help="print what was found as JSON")


def execute(options: argparse.Namespace) -> int:
    """Run the command."""
    found = {str(directory): _look(directory) for directory in options.directories}
    if options.json:
        print(json.dumps(found, indent=1))
    else:
        for directory, told in found.items():
            for text in (*told["faults"], *told["notes"]):
                print(f"{directory}: {text}")
            print(f"{directory}: {'DAMAGED' if told['faults'] else _whole(told)}")
    return VIOLATION if any(told["faults"] for told in found.values()) else DONE


def _whole(told: dict[str, Any]) -> str:
    if told["notes"]:
        return (
            f"no fault found in what can be compared: outputs and stream keys of {told['trials']} trials, rows of "
            f"{told['chunks']} chunks, {told['files']} published files; rows from before digests were kept cannot be"
        )
    return f"as written: {told['trials']} trials, {told['chunks']} chunks, {told['files']} published files"


def _look(directory: Path) -> dict[str, Any]:
    """Return what differs from what was written, and how much was compared."""
    told: dict[str, Any] = {"faults": [], "notes": [], "trials": 0, "chunks": 0, "files": 0}
    try:
        manifest = read_manifest(directory)
    except DamagedRecord as error:
        told["faults"].append(error.sentence[2])
        return told
    if not (directory / TRIALS).exists():
        rule = f"has a plan and no {TRIALS}: nothing was run yet"
        raise InvalidValue("directory", str(directory), rule, "run it first")
    told["faults"] += inspected(directory, manifest)
    if not told["faults"]:
        store = Store.to_read(directory / TRIALS)
        try:
            told["trials"], told["chunks"] = store.recorded(), store.chunks()
            told["notes"] += unkept(directory, store)
        finally:
            store.close()
    told["files"], faults = differing(directory)
    told["faults"] += faults
    return told
