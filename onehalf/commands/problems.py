"""`onehalf problems`."""

from __future__ import annotations

import argparse
import inspect
import json

from onehalf.cli import DONE
from oracle.families import FAMILIES, family_parameters


def configure(parser: argparse.ArgumentParser) -> None:
    """Add this command's options."""
    parser.epilog = "example: onehalf problems"
    parser.add_argument("--json", action="store_true", help="print as JSON")


def execute(options: argparse.Namespace) -> int:
    """Run the command."""
    if options.json:
        print(
            json.dumps(
                {
                    name: {
                        "oracles": list(family.policies),
                        "parameters": {p: str(v.default) for p, v in family_parameters(name).items()},
                    }
                    for name, family in FAMILIES.items()
                },
                indent=1,
            )
        )
        return DONE
    for name, family in FAMILIES.items():
        print(f"{name}\n  oracles: {', '.join(family.policies)}")
        print("  " + (inspect.getdoc(family) or "").replace("\n", "\n  ") + "\n")
    return DONE
