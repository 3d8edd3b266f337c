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
    parser.epilog = "example: onehalf new algorithm my_trainer.py"
    parser.add_argument("kind", choices=("algorithm",), help="what to write")
    parser.add_argument("file", type=Path, metavar="FILE", help="where; a file that is there is left alone")


def execute(options: argparse.Namespace) -> int:
    """Run the command."""
    write_template(options.file)
    print(f"{options.file} is written. Now: onehalf check {shlex.quote(str(options.file))}")
    return DONE


def write_template(file: Path) -> None:
    """Write a commented plugin that passes the conformance suite; its algorithm is named after the file.

    Raises
    ------
    InvalidValue
        If the file exists, is no .py file, or cannot be written.
    """
    if file.suffix != ".py":
        raise InvalidValue("file", str(file), "a plugin is a Python file", "let its name end in .py")
    template = importlib.resources.files("onehalf").joinpath("templates/algorithm.py.txt")
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
