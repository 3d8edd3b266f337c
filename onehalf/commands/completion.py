"""`onehalf completion`."""

from __future__ import annotations

import argparse
import importlib.util

from onehalf.cli import DONE, whole_parser
from oracle.errors import InvalidValue

_SHELLS = ("bash", "zsh", "tcsh")


def configure(parser: argparse.ArgumentParser) -> None:
    """Add this command's options."""
    parser.epilog = (
        "examples:\n  onehalf completion bash > ~/.local/share/bash-completion/completions/onehalf\n"
        "  onehalf completion zsh > ~/.zfunc/_onehalf\n"
        "Needs shtab: pip install 'onehalf[completion]'"
    )
    parser.add_argument("shell", choices=_SHELLS, help="for which shell the script is printed")


def execute(options: argparse.Namespace) -> int:
    """Run the command."""
    if importlib.util.find_spec("shtab") is None:
        raise InvalidValue(
            "shell", options.shell, "needs shtab, which is not installed", "pip install 'onehalf[completion]'"
        )
    shtab = importlib.import_module("shtab")
    print(shtab.complete(whole_parser(), options.shell))
    return DONE
