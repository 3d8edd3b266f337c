"""`onehalf algorithms`."""

from __future__ import annotations

import argparse
import inspect
import json
from typing import Any

from algorithms.base import Algorithm
from algorithms.registry import known, resolve
from onehalf.cli import DONE


def configure(parser: argparse.ArgumentParser) -> None:
    """Add this command's options."""
    parser.epilog = "examples:\n  onehalf algorithms\n  onehalf algorithms reader"
    parser.add_argument("name", nargs="?", metavar="NAME", help="show one algorithm: a name or a plugin file")
    parser.add_argument("--json", action="store_true", help="print as JSON")


def execute(options: argparse.Namespace) -> int:
    """Run the command."""
    found = [resolve(options.name).load()] if options.name else list(known().values())
    if options.json:
        print(json.dumps([_as_json(algorithm) for algorithm in found], indent=1))
    elif options.name:
        print(_in_full(found[0]))
    else:
        width = max(len(algorithm.name) for algorithm in found)
        for algorithm in found:
            print(f"{algorithm.name:{width}}  {algorithm.role or 'plugin':8}  {algorithm.summary}")
    return DONE


def _as_json(algorithm: Algorithm) -> dict[str, Any]:
    return {
        "name": algorithm.name,
        "role": algorithm.role,
        "families": list(algorithm.families),
        "batched": algorithm.batched,
        "summary": algorithm.summary,
        "parameters": {name: _default(p) for name, p in algorithm.parameters.items()},
    }


def _default(parameter: inspect.Parameter) -> Any:
    return None if parameter.default is inspect.Parameter.empty else parameter.default


def _in_full(algorithm: Algorithm) -> str:
    values = ", ".join(f"{name}={_default(p)!r}" for name, p in algorithm.parameters.items())
    families = ", ".join(algorithm.families) or "every family"
    text = inspect.getdoc(algorithm.function) or ""
    return f"{algorithm.name} ({algorithm.role or 'plugin'}; {families})\nparameters: {values or 'none'}\n\n{text}"
