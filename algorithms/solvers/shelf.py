"""What solvers ship, and which of them cannot run here."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from algorithms.solvers.configuration import Configuration

_ROOMS = ("lp", "lasso", "least_squares")


@cache
def shipped_solvers() -> tuple[Configuration, ...]:
    """Return every configuration that ships, installed or not: the folders are the list."""
    found: list[Configuration] = []
    for room in _ROOMS:
        package = importlib.import_module(f"algorithms.solvers.{room}")
        for module in pkgutil.iter_modules(package.__path__):
            found += importlib.import_module(f"{package.__name__}.{module.name}").CONFIGURATIONS
    return tuple(found)
