"""Installed plugins: executed in children alone, as plugin files are; elsewhere stand-ins have what a child says."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache, partial
from importlib.metadata import EntryPoint
from typing import Any

from algorithms.algorithm import Algorithm, Function
from algorithms.described.apart import Say
from algorithms.described.asking import LOAD_SECONDS, ask, described_by
from algorithms.described.plain import StandIn, write_algorithm
from algorithms.digests import imported_by
from algorithms.library import executed, load_shipped, plugin_entries, shipped_names
from oracle.errors import InvalidValue

_FAILS, _REMEDY = "cannot be imported", "correct or remove the plugin"


@lru_cache(maxsize=1)
def known() -> Mapping[str, Algorithm]:
    """Return every algorithm that ships or is installed as a plugin, by name, in order of name.

    Installed ones have no code (`algorithms.described.plain.StandIn`). A plugin that cannot be imported, or whose name
    is taken, is left out with a warning.
    """
    found = dict(load_shipped())
    for entry in plugin_entries():
        try:
            offered = _described(entry)
        except InvalidValue as error:
            _leave_out(entry, error.sentence[2])
            continue
        for name, plugin in offered.items():
            if name in found:
                _leave_out(entry, f"the name {name} is taken")
            else:
                found[name] = plugin
    return dict(sorted(found.items()))


def load_installed(name: str) -> Algorithm:
    """Import installed plugins until one has registered this algorithm, and return it with its code.

    Raises
    ------
    InvalidValue
        If none does.
    """
    for entry in plugin_entries() if name not in shipped_names() else ():
        try:
            found = executed(entry)
        except (Exception, SystemExit):
            continue  # `known` tells of it
        if name in found:
            return found[name]
    raise InvalidValue("algorithm", name, "is no installed algorithm", "see them with: onehalf algorithms")


def stands_for(stand_in: Function, function: Function) -> bool:
    """Tell whether a function is the one for which an installed algorithm's stand-in stands."""
    return isinstance(stand_in, InstalledStandIn) and stand_in.place == _place(function)


class InstalledStandIn(StandIn):
    """Stands for the function of an installed plugin, which a child has described.

    Attributes
    ----------
    place : list of str
        Its module and its name there.
    imports : frozenset of str
        The top-level modules that its files import.
    """

    def __init__(self, function: StandIn, said: Mapping[str, Any]) -> None:
        vars(self).update(vars(function))
        self.place = [str(each) for each in said["place"]]
        self.imports = frozenset(map(str, said["imports"]))
        self._digest = str(said["digest"])

    def digest(self) -> str:
        """Return the SHA-256 of the source that defines it, as the child found it."""
        return self._digest


def _described(entry: EntryPoint) -> Mapping[str, Algorithm]:
    """Return what an installed plugin registers, as it stands in a child that is asked."""
    said = ask(entry.value, partial(_describe, entry), LOAD_SECONDS, _FAILS, _REMEDY)
    try:
        made = [_stand_in(each) for each in said]
    except (ValueError, TypeError, KeyError) as error:
        rule = f"{_FAILS}: it describes itself as nothing known ({error})"
        raise InvalidValue("algorithm", entry.value, rule, _REMEDY) from error
    return {each.name: each for each in made}


def _stand_in(said: Mapping[str, Any]) -> Algorithm:
    made = described_by(said, load_installed)
    assert isinstance(made.function, StandIn)
    return replace(made, function=InstalledStandIn(made.function, said))


def _describe(entry: EntryPoint, say: Say) -> None:
    """Import a plugin, and say what it registers."""
    say(
        [
            {
                **write_algorithm(each),
                "place": _place(each.function),
                "imports": sorted(imported_by(each.function, installed=True)),
                "digest": each.digest(installed=True),
            }
            for each in executed(entry).values()
        ]
    )


def _place(function: Function) -> list[str]:
    return [str(getattr(function, name, "")) for name in ("__module__", "__qualname__")]


def _leave_out(entry: EntryPoint, reason: str) -> None:
    warnings.warn(f"plugin {entry.value}: {reason}; it is left out", RuntimeWarning, stacklevel=3)
