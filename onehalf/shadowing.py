"""A clear word when a foreign package stands in the place of one of ours."""

from __future__ import annotations

import importlib.util
from pathlib import Path

OURS = ("oracle", "algorithms", "analysis")


class Shadowed(ImportError):
    """A package of another distribution is imported under one of our names."""


def check_packages() -> None:
    """Raise `Shadowed` unless `oracle`, `algorithms` and `analysis` are the ones installed beside this package."""
    home = Path(__file__).resolve().parent.parent
    for name in OURS:
        spec = importlib.util.find_spec(name)
        place = Path(spec.origin).resolve().parent if spec and spec.origin else None
        if place != home / name:
            found = f"found in {place}" if place else "not found"
            raise Shadowed(
                f"package={name!r}: onehalf needs its own package of this name from {home}, but it is {found}; "
                f"install onehalf into a virtual environment of its own, and run it from a folder without a "
                f"{name} folder or file"
            )
