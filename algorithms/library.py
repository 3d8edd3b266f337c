"""What ships and what is installed, by name, and the digests by which earlier releases knew what ships."""

from __future__ import annotations

import importlib
import importlib.metadata
import json
import pkgutil
import warnings
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from algorithms.algorithm import Algorithm, registered, shipped
from oracle import families

_ENTRY_POINTS = "onehalf.algorithms"
_ROOMS = ("algorithms.baselines", "algorithms.trainers", "algorithms.solvers")
_RELEASES = Path(__file__).with_name("releases.json")


@lru_cache(maxsize=1)
def known() -> Mapping[str, Algorithm]:
    """Return every algorithm that ships or is installed as a plugin, by name, in order of name.

    A plugin that cannot be imported, or whose name is taken, is left out with a warning.
    """
    load_shipped()
    found = dict(shipped)
    for entry in importlib.metadata.entry_points(group=_ENTRY_POINTS):
        before = dict(registered)
        try:
            entry.load()
        except Exception as error:
            reason = f"cannot be imported: {type(error).__name__}: {error}"
            warnings.warn(f"plugin {entry.value}: {reason}; it is left out", RuntimeWarning, stacklevel=2)
            continue
        for name, plugin in list(registered.items()):
            if name not in before and name not in shipped:
                found[name] = plugin
            elif plugin is not before.get(name):
                del registered[name]
                registered.update({name: before[name]} if name in before else {})
                reason = f"the name {name} is taken"
                warnings.warn(f"plugin {entry.value}: {reason}; it is left out", RuntimeWarning, stacklevel=2)
    return dict(sorted(found.items()))


def load_shipped() -> None:
    """Import what ships."""
    for module in _modules():
        importlib.import_module(module)


def shipped_names() -> frozenset[str]:
    """Return the names of the algorithms that ship."""
    return frozenset(n for n, a in known().items() if a.ships)


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
        return known()[name].digest()
    return digest


@lru_cache(maxsize=1)
def _releases() -> Mapping[str, Mapping[str, str]]:
    """Return by release the digests that it recorded, by name."""
    found: Mapping[str, Mapping[str, str]] = json.loads(_RELEASES.read_text(encoding="utf-8"))
    return found
