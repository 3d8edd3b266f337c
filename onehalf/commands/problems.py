"""`onehalf problems`."""

from __future__ import annotations

import argparse
import inspect
import json
import re
from typing import Any

from onehalf.cli import DONE
from oracle.families import family_parameters, known


def configure(parser: argparse.ArgumentParser) -> None:
    """Add this command's options."""
    parser.epilog = "examples:\n  onehalf problems\n  onehalf problems linear-program"
    parser.add_argument("family", nargs="?", metavar="FAMILY", help="tell what one family's parameters mean")
    parser.add_argument("--json", action="store_true", help="print as JSON")


def execute(options: argparse.Namespace) -> int:
    """Run the command."""
    names = list(known()) if options.family is None else [options.family]
    # Refuses a name that is none.
    found = {name: family_parameters(name) for name in names}
    if options.json:
        described = {
            name: {
                "oracles": list(known()[name].policies),
                "parameters": {p: str(v.default) for p, v in parameters.items()},
            }
            for name, parameters in found.items()
        }
        print(json.dumps(described, indent=1))
    elif options.family is None:
        for name, parameters in found.items():
            print(_in_short(name, parameters))
        print("What the parameters mean: onehalf problems FAMILY")
    else:
        print(_in_detail(options.family, found[options.family]))
    return DONE


def _in_short(name: str, parameters: dict[str, inspect.Parameter]) -> str:
    summary = (inspect.getdoc(known()[name]) or "").partition("\n\n")[0].replace("\n", " ")
    values = ", ".join(
        p if v.default is None else f"{p} = {_written(v.default)}" for p, v in parameters.items()
    )
    oracles = ", ".join(known()[name].policies)
    return f"{name}\n  {summary}\n  oracles: {oracles}\n  parameters: {values}\n"


def _in_detail(name: str, parameters: dict[str, inspect.Parameter]) -> str:
    text = (inspect.getdoc(known()[name]) or "").partition("\n\nRaises\n")[0]

    def with_default(line: re.Match[str]) -> str:
        given = [parameters[p].default for p in line[1].split(", ") if p in parameters]
        defaults = ", ".join(_written(value) for value in given if value is not None)
        return f"{line[0]} (default {defaults})" if defaults else line[0]

    text = re.sub(r"^(\w+(?:, \w+)*) : .*$", with_default, text, flags=re.MULTILINE)
    first, default = next((p, v.default) for p, v in parameters.items() if v.default is not None)
    body = text.replace("\n", "\n  ").replace("\n  \n", "\n\n")
    return (
        f"{name}\n  oracles: {', '.join(known()[name].policies)}\n  {body}\n\n"
        f'  written: {name}[{first}={_written(default)}], in a file {{ family = "{name}", … }}; '
        "theory: docs/theory.md"
    )


def _written(value: Any) -> str:
    """Write a default as in an experiment file, without the quotes of a text."""
    return value if isinstance(value, str) else json.dumps(value)
