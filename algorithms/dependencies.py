"""On which distributions an algorithm rests, and in which versions: what its source imports, and what it requires."""

from __future__ import annotations

import importlib.metadata
import sys
from functools import cache
from pathlib import Path

from algorithms.digests import imported_by
from algorithms.registry import PROGRAM, Spec, in_file
from oracle.sources import OUR_PACKAGES, imported_from_elsewhere

_CALLED = {"sklearn": "scikit-learn", "flint": "python-flint"}
"""Distributions whose modules have other names; the rest is looked up, which takes half a second."""


def dependency_versions(spec: Spec) -> dict[str, str]:
    """Return by name the versions of the distributions that an algorithm requires or its source imports.

    Algorithms that its parameters name count with theirs. What a program rests on is not known.
    """
    found = spec.described()
    modules = {name.partition(".")[0] for name in found.requires}
    if in_file(spec.origin):
        modules |= imported_from_elsewhere(Path(spec.origin))
    elif not spec.origin.startswith(PROGRAM):
        modules |= imported_by(found.function)
    versions: dict[str, str] = {}
    for name in modules - {"", *OUR_PACKAGES, *sys.stdlib_module_names}:
        versions |= _distributions(name)
    for inner in spec.inner():
        versions |= dependency_versions(inner)
    return dict(sorted(versions.items()))


@cache
def _distributions(module: str) -> dict[str, str]:
    """Return the distributions that a top-level module comes from, with their versions."""
    try:
        found = importlib.metadata.metadata(_CALLED.get(module, module))
    except importlib.metadata.PackageNotFoundError:
        names = _all_distributions().get(module, ())
        return {name: importlib.metadata.version(name) for name in names}
    return {found["Name"]: found["Version"]}


@cache
def _all_distributions() -> dict[str, list[str]]:
    return dict(importlib.metadata.packages_distributions())
