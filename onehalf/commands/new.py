"""`onehalf new`."""

from __future__ import annotations

import argparse
import importlib.resources
import re
import shlex
from pathlib import Path
from string import Template

from onehalf.cli import DONE
from oracle.errors import InvalidValue


def configure(parser: argparse.ArgumentParser) -> None:
    """Add this command's options."""
    parser.epilog = "examples:\n  onehalf new algorithm my_trainer.py\n  onehalf new family my_family.py"
    parser.add_argument(
        "kind", choices=("algorithm", "family"), help="what to write: an algorithm, or a family of problems"
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="where; a file that is there is left alone")


def execute(options: argparse.Namespace) -> int:
    """Run the command."""
    write_template(options.file, options.kind)
    print(f"{options.file} is written. Now: onehalf check {shlex.quote(str(options.file))}")
    return DONE


def write_template(file: Path, kind: str = "algorithm") -> None:
    """Write a commented plugin that passes the conformance suite; what is in it is named after the file.

    Parameters
    ----------
    kind : str
        "algorithm" or "family".

    Raises
    ------
    InvalidValue
        If the file exists, is no .py file, or cannot be written.
    """
    if file.suffix != ".py":
        raise InvalidValue("file", str(file), "a plugin is a Python file", "let its name end in .py")
    template = importlib.resources.files("onehalf").joinpath(f"templates/{kind}.py.txt")
    name = re.sub(r"[^\w.]+", "-", file.stem.replace("_", "-")).strip("-") or "mine"
    text = Template(template.read_text(encoding="utf-8")).substitute(name=name, file=file.name)
    try:
        with file.open("x", encoding="utf-8") as out:
            out.write(text)
    except FileExistsError as error:
        raise InvalidValue("file", str(file), "exists already", "choose another name") from error
    except OSError as error:
        raise InvalidValue(
            "file", str(file), f"cannot be written ({error.strerror})", "check the path"
        ) from error
