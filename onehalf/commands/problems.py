"""`onehalf problems`."""

from __future__ import annotations

import argparse
import inspect
import json
import re
from pathlib import Path
from typing import Any

from onehalf.cli import DONE
from oracle.families import families_in, family_parameters, find_family, known_families
from oracle.problems import Problem

Family = type[Problem]


def configure(parser: argparse.ArgumentParser) -> None:
    """Add this command's options."""
    lines = ("onehalf problems", "onehalf problems linear-program", "onehalf problems my_family.py::Sign")
    parser.epilog = "\n  ".join(("examples:", *lines))
    parser.add_argument(
        "family",
        nargs="?",
        metavar="FAMILY",
        help="tell what one family's parameters mean: a name, or a user's file",
    )
    parser.add_argument("--json", action="store_true", help="print as JSON")


def execute(options: argparse.Namespace) -> int:
    """Run the command."""
    found = _found(options.family)
    if options.json:
        described = {
            family.family: {
                "oracles": list(family.policies),
                "parameters": {p: str(v.default) for p, v in family_parameters(family).items()},
            }
            for family in found.values()
        }
        print(json.dumps(described, indent=1))
    elif options.family is None:
        for family in found.values():
            print(_in_short(family))
        print("What the parameters mean: onehalf problems FAMILY")
    else:
        print("\n\n".join(_in_detail(family, written) for written, family in found.items()))
    return DONE


def _found(written: str | None) -> dict[str, Family]:
    """Return the families that are asked for, by how each is written."""
    if written is None:
        return dict(known_families())
    if written.endswith(".py"):
        several = families_in(Path(written))
        if len(several) > 1:
            return {f"{written}::{name}": family for name, family in several.items()}
    return {written: find_family(written)}


def _in_short(family: Family) -> str:
    parameters = family_parameters(family)
    summary = (inspect.getdoc(family) or "").partition("\n\n")[0].replace("\n", " ")
    values = ", ".join(
        f"{p} = {_written(v.default)}" if _has_default(v) else p for p, v in parameters.items()
    )
    return f"{family.family}\n  {summary}\n  oracles: {', '.join(family.policies)}\n  parameters: {values}\n"


def _in_detail(family: Family, written: str) -> str:
    parameters = family_parameters(family)
    text = (inspect.getdoc(family) or "").partition("\n\nRaises\n")[0]

    def with_default(line: re.Match[str]) -> str:
        given = [parameters[p].default for p in line[1].split(", ") if p in parameters]
        defaults = ", ".join(
            _written(value) for value in given if value not in (None, inspect.Parameter.empty)
        )
        return f"{line[0]} (default {defaults})" if defaults else line[0]

    text = re.sub(r"^(\w+(?:, \w+)*) : .*$", with_default, text, flags=re.MULTILINE)
    first = next((f"[{p}={_written(v.default)}]" for p, v in parameters.items() if _has_default(v)), "")
    body = text.replace("\n", "\n  ").replace("\n  \n", "\n\n")
    theory = f"; theory: {family.theory}" if family.theory else ""
    return (
        f"{family.family}\n  oracles: {', '.join(family.policies)}\n  {body}\n\n"
        f'  written: {written}{first}, in a file {{ family = "{written}", … }}{theory}'
    )


def _has_default(parameter: inspect.Parameter) -> bool:
    return parameter.default is not None and parameter.default is not inspect.Parameter.empty


def _written(value: Any) -> str:
    """Write a default as in an experiment file, without the quotes of a text."""
    return value if isinstance(value, str) else json.dumps(value, default=str)
