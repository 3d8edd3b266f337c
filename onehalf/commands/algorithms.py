"""`onehalf algorithms`."""

from __future__ import annotations

import argparse
import inspect
import json
import textwrap
from collections.abc import Iterable
from typing import Any

from algorithms.algorithm import Algorithm
from algorithms.parameters.signatures import EMPTY, Parameter
from algorithms.registry import known, resolve, shipped_names
from onehalf.cli import DONE
from oracle import families
from oracle.families import of_kind

_REFERENCE = """\
# Algorithms

Every algorithm that ships, with its parameters. This page is written by `onehalf algorithms --markdown`; a test
checks that it is current. How to add one of your own: [plugins.md](plugins.md).
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add this command's options."""
    parser.epilog = (
        "examples:\n  onehalf algorithms\n  onehalf algorithms reader\n  onehalf algorithms my_trainer.py"
    )
    parser.add_argument(
        "name", nargs="?", metavar="NAME", help="show one algorithm: a name, a plugin file or exec:program"
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print as JSON")
    form.add_argument(
        "--markdown", action="store_true", help="print docs/algorithms.md: what ships, with parameters"
    )


def execute(options: argparse.Namespace) -> int:
    """Run the command."""
    if options.markdown:
        print(reference(), end="")
        return DONE
    found = [resolve(options.name).described()] if options.name else list(known().values())
    if options.json:
        print(json.dumps([_as_json(algorithm) for algorithm in found], indent=1))
    elif options.name:
        print(_in_full(found[0]))
    else:
        width = max(len(algorithm.name) for algorithm in found)
        for algorithm in found:
            print(f"{algorithm.name:{width}}  {algorithm.role or 'plugin':8}  {algorithm.summary}")
    return DONE


def reference() -> str:
    """Return the reference page of the algorithms that ship, in Markdown."""
    shipped = shipped_names()
    parts = [_REFERENCE, "| name | role | problems | needs | what it does |", "|---|---|---|---|---|"]
    found = [algorithm for name, algorithm in known().items() if name in shipped]
    for algorithm in found:
        needs = ", ".join(sorted({module.partition(".")[0] for module in algorithm.requires})) or "–"
        cells = (f"[{algorithm.name}](#{algorithm.name})", algorithm.role, _families(algorithm), needs)
        parts.append(_row([*cells, algorithm.summary]))
    for algorithm in found:
        parts += ["", f"## {algorithm.name}", "", algorithm.summary]
        if algorithm.parameters:
            parts += ["", "| parameter | type | default | |", "|---|---|---|---|"]
            parts += [
                _row([p.name, p.kind, f"`{_default(p)!r}`", p.help]) for p in algorithm.parameters.values()
            ]
    return "\n".join(parts) + "\n"


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _families(algorithm: Algorithm) -> str:
    return ", ".join(_faced(algorithm)) or "every family"


def _faced(algorithm: Algorithm) -> list[str]:
    """Return the installed families that it can face, or what it is made for where none of that is installed."""
    found = (
        [name] if name in families.known_families() else of_kind(name) or [name]
        for name in algorithm.families
    )
    return list(dict.fromkeys(name for names in found for name in names))


def _as_json(algorithm: Algorithm) -> dict[str, Any]:
    return {
        "name": algorithm.name,
        "role": algorithm.role,
        "families": _faced(algorithm),
        "requires": list(algorithm.requires),
        "batched": algorithm.batched,
        "summary": algorithm.summary,
        "parameters": {name: _default(p) for name, p in algorithm.parameters.items()},
        "help": {name: p.help for name, p in algorithm.parameters.items()},
    }


def _default(parameter: Parameter) -> Any:
    return None if parameter.default is EMPTY else parameter.default


def _in_full(algorithm: Algorithm) -> str:
    """Return everything about one algorithm: its parameters one to a line, then its docstring."""
    head = f"{algorithm.name} ({algorithm.role or 'plugin'}; {_families(algorithm)})"
    lines = [_line(p) for p in algorithm.parameters.values()] or ["none"]
    text = inspect.getdoc(algorithm.function) or ""
    return f"{head}\n\nparameters:\n{textwrap.indent(chr(10).join(lines), '  ')}\n\n{text}"


def _line(parameter: Parameter) -> str:
    value = "(must be given)" if parameter.default is EMPTY else f"= {parameter.default!r}"
    return f"{parameter.name} {value}  ({parameter.kind})  {parameter.help}".rstrip()
