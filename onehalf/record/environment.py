"""What computes: versions and linear-algebra kernels, on which the last digits of a run may depend."""

from __future__ import annotations

import importlib.metadata
import platform
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from typing import Any

from threadpoolctl import threadpool_info

_LIBRARIES = (
    "onehalf",
    "numpy",
    "scipy",
    "joblib",
    "pandas",
    "statsmodels",
    "scikit-learn",
    "python-flint",
    "matplotlib",
)
_COMPUTING = ("numpy", "scipy", "scikit-learn", "torch", "cma", "nevergrad")
KERNELS = "BLAS kernel"


def versions() -> dict[str, str | None]:
    """Return the versions of Python and of the libraries on which results may depend."""
    return {name: _version(name) for name in _LIBRARIES} | {"python": platform.python_version()}


def blas_kernels() -> list[str]:
    """Return the linear-algebra kernels in use, on which the last digits of a training run may depend."""
    found = (library for library in threadpool_info() if library["user_api"] == "blas")
    return sorted(
        {f"{library['internal_api']} {library.get('architecture', '')}".strip() for library in found}
    )


def environment() -> dict[str, Any]:
    """Return what the store keeps beside each chunk: all on which the bits of its rows may depend."""
    computing = {name: _version(name) for name in _COMPUTING}
    return {
        **{name: version for name, version in computing.items() if version is not None},
        **{"onehalf": _version("onehalf"), "python": platform.python_version()},
        **{"machine": platform.machine(), "blas": blas_kernels()},
    }


def environment_of(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return as much of it as a manifest tells of the day on which its experiment was begun."""
    told, place = manifest.get("versions", {}), manifest.get("platform", {})
    names = (*_COMPUTING, "onehalf", "python")
    known = {name: told[name] for name in names if told.get(name) is not None}
    return known | {name: place[name] for name in ("machine", "blas") if name in place}


def computed_otherwise(
    before: Mapping[str, Any], now: Mapping[str, Any], names: Collection[str] = _COMPUTING
) -> Iterator[str]:
    """Yield in what two environments differ that can change the last bits of a run.

    Parameters
    ----------
    names : collection of str
        The libraries that matter; one that either environment does not name is not compared.
    """
    for name in (*(name for name in _COMPUTING if name in names), "machine"):
        if name in before and name in now and before[name] != now[name]:
            yield f"{name} {before[name]}, now {now[name]}"
    old, new = (_by_library(one.get("blas", ())) for one in (before, now))
    for library in sorted(old.keys() & new.keys()):
        if old[library] != new[library]:
            words = (f"{library} {' and '.join(sorted(found[library]))}".strip() for found in (old, new))
            yield f"{KERNELS} {', now '.join(words)}"


def _by_library(kernels: Collection[str]) -> dict[str, set[str]]:
    """Return the architectures of kernels by their library: which libraries are loaded depends on the caller."""
    found: dict[str, set[str]] = {}
    for kernel in kernels:
        library, _, architecture = kernel.partition(" ")
        found.setdefault(library, set()).add(architecture)
    return found


@cache
def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None
