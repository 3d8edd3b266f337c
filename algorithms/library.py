"""What ships, by name; what installed plugins register, where they may be executed; digests of earlier releases."""

from __future__ import annotations

import importlib
import importlib.metadata
import json
import pkgutil
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from algorithms.algorithm import Algorithm, registered, shipped
from oracle import families

_ENTRY_POINTS = "onehalf.algorithms"
_ROOMS = ("algorithms.baselines", "algorithms.trainers", "algorithms.solvers")
_RELEASES = Path(__file__).with_name("releases.json")


@lru_cache(maxsize=1)
def load_shipped() -> Mapping[str, Algorithm]:
    """Import what ships, and return it by name."""
    for module in _modules():
        importlib.import_module(module)
    return dict(sorted(shipped.items()))


def shipped_names() -> frozenset[str]:
    """Return the names of the algorithms that ship."""
    return frozenset(load_shipped())


def plugin_entries() -> list[importlib.metadata.EntryPoint]:
    """Return what installed distributions say that they register, none of it imported."""
    return list(importlib.metadata.entry_points(group=_ENTRY_POINTS))


def executed(entry: importlib.metadata.EntryPoint) -> Mapping[str, Algorithm]:
    """Import an installed plugin in this process, and return what it registers, by name.

    A name that something else has registered is left to that.

    Raises
    ------
    BaseException
        Whatever importing it raises.
    """
    load_shipped()
    before, package = dict(registered), entry.module.partition(".")[0]
    entry.load()
    found = {
        name: each
        for name, each in registered.items()
        if before.get(name) is not each or each.function.__module__.partition(".")[0] == package
    }
    registered.update({name: before[name] for name in found if name in before})
    return found


def _modules() -> Iterator[str]:
    """Yield the modules that register what ships: every file of the library's rooms, and what families name."""
    for room in _ROOMS:
        for found in pkgutil.iter_modules(importlib.import_module(room).__path__):
            yield f"{room}.{found.name}"
    for family in families.known_families().values():
        yield from family.algorithms


def same_source(name: str, origin: str, recorded: str, present: str) -> bool:
    """Tell whether two digests of an algorithm stand for one source.

    They do if they are equal. Besides, what ships was known in earlier releases by other digests, of whole files with
    their imports; ``releases.json`` lists those under which its outputs for equal seeds are still today's.
    """
    return settled_digest(name, origin, recorded) == settled_digest(name, origin, present)


def settled_digest(name: str, origin: str, digest: str) -> str:
    """Return today's digest of what ships for those that earlier releases recorded of it; any other as it is."""
    if origin == "shipped" and any(listed.get(name) == digest for listed in _releases().values()):
        return load_shipped()[name].digest()
    return digest


@lru_cache(maxsize=1)
def _releases() -> Mapping[str, Mapping[str, str]]:
    """Return by release the digests that it recorded, by name."""
    found: Mapping[str, Mapping[str, str]] = json.loads(_RELEASES.read_text(encoding="utf-8"))
    return found
