"""`onehalf replay`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from onehalf.cli import DONE, VIOLATION
from onehalf.record.result import load
from onehalf.running.replay import replay


def configure(parser: argparse.ArgumentParser) -> None:
    """Add this command's options."""
    parser.epilog = "example: onehalf replay results/reproduce 3 17"
    parser.add_argument("directory", type=Path, metavar="DIR", help="a directory made by run or reproduce")
    parser.add_argument("cell", type=int, metavar="CELL", help="the cell's number")
    parser.add_argument("trial", type=int, metavar="TRIAL", help="the trial's number")
    parser.add_argument("--json", action="store_true", help="print recorded and new values")


def execute(options: argparse.Namespace) -> int:
    """Run the command."""
    found = replay(load(options.directory), options.cell, options.trial)
    if options.json:
        print(
            json.dumps(
                {"cell": found.label, "same": found.same, "inputs": found.rows}, default=_hex, indent=1
            )
        )
        return DONE if found.same else VIOLATION
    print(found.label)
    for row in found.rows:
        now = row["now"]
        verdict = now["verdict"] or "no output"
        print(
            f"input {row['input']}: {now['status']}, {verdict}, margin {now['margin']}, depth {now['depth']}, "
            f"claim {now['claim']}{': ' + now['note'] if now['note'] else ''}"
        )
        if not row["same"]:
            old = row["recorded"]
            parts = [
                f"{name} was {_hex(old[name])}, is {_hex(now[name])}"
                for name in now
                if old[name] != now[name]
            ]
            print(f"  differs: {'; '.join(parts)}")
    print("the same as recorded" if found.same else "DIFFERS from the record")
    for line in found.elsewhere if not found.same else ():
        print(f"  {line}")
    return DONE if found.same else VIOLATION


def _hex(value: Any) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)
