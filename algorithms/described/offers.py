"""What a plugin file offers: executed where that may be, and elsewhere as a child that executes it describes it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple

from algorithms.algorithm import Algorithm
from algorithms.described.apart import Say
from algorithms.described.asking import FAILS, LOAD_SECONDS, REMEDY, ask, described_by, said_by
from algorithms.described.plain import write_algorithm
from algorithms.library import load_shipped, shipped_names
from algorithms.processes import expendable
from oracle import namespaces
from oracle.errors import InvalidValue
from oracle.families import families_in
from oracle.sources import at_hand, digest_sources


class Offer(NamedTuple):
    """What a plugin file offers.

    Attributes
    ----------
    algorithms : mapping of str to Algorithm
        By name; of a file that was described they have no code.
    families : bool
        Whether it defines families of problems, too, or imports some from beside it.
    """

    algorithms: Mapping[str, Algorithm]
    families: bool


_offers: dict[tuple[str, str], Offer] = {}
"""By path and digest, as described by children."""


def load_file(path: str) -> Mapping[str, Algorithm]:
    """Execute a plugin file, unless that was done and it has not changed, and return what it registers, by name.

    Modules beside the file can be imported by it.

    Raises
    ------
    InvalidValue
        If the file cannot be read or run, registers nothing, or takes the name of an algorithm that ships.
    """
    file = _plugin_file(path)
    load_shipped()  # what ships is not to be counted among what the file registers, should it import some of it
    try:
        found: Mapping[str, Algorithm] = namespaces.load_module(file).registered
    except InvalidValue:
        raise
    except (Exception, SystemExit) as error:
        rule = f"cannot be loaded: {type(error).__name__}: {said_by(error)}"
        raise InvalidValue("algorithm", path, rule, REMEDY) from error
    return _checked(path, found)


def offer_of(path: str, seconds: float = LOAD_SECONDS, empty: bool = False) -> Offer:
    """Return what a plugin file offers, without executing it in a process that is to outlive it.

    Parameters
    ----------
    seconds : float
        How long executing it may take.
    empty : bool
        Whether it may register no algorithm.

    Raises
    ------
    InvalidValue
        As `load_file`; and if executing the file takes longer, or ends the process.
    """
    file = _plugin_file(path)
    if expendable():
        return _executed(path, empty)
    load_shipped()
    whole = file.resolve()
    try:
        key = str(whole), digest_sources(whole)
    except OSError as error:
        raise InvalidValue("algorithm", path, f"cannot be read ({error.strerror})", REMEDY) from error
    if key not in _offers:
        _offers[key] = _described(str(whole), seconds)
    found = _offers[key]
    if found.algorithms or not empty:
        _checked(path, found.algorithms)
    return found


def forget_offers() -> None:
    """Forget what files were described as."""
    _offers.clear()


def _executed(path: str, empty: bool) -> Offer:
    if empty and not namespaces.load_module(Path(path)).registered:
        return Offer({}, bool(families_in(Path(path))))
    found = load_file(path)
    return Offer(found, bool(families_in(Path(path))))


def _plugin_file(path: str) -> Path:
    file = at_hand(Path(path))
    if not file.is_file() or file.suffix != ".py":
        rule = "is no Python file" if file.exists() else "does not exist"
        raise InvalidValue("algorithm", path, rule, "give the path of a .py file")
    return file


def _checked(path: str, found: Mapping[str, Algorithm]) -> Mapping[str, Algorithm]:
    if not found:
        raise InvalidValue(
            "algorithm", path, "registers no algorithm", 'decorate a function with @onehalf.algorithm("name")'
        )
    for name in found:
        require_free(name)
    return found


def require_free(name: str) -> None:
    """Raise `InvalidValue` if an algorithm that ships has this name: a report could not tell the two apart."""
    if name in shipped_names():
        raise InvalidValue(
            "algorithm", name, "is the name of an algorithm that ships", "give yours another name"
        )


def _described(path: str, seconds: float) -> Offer:
    """Return what a file offers, as a child says that executes it."""
    said = ask(path, partial(_describe, path), seconds)
    try:
        made = [described_by(each, lambda name: load_file(path)[name]) for each in said["algorithms"]]
        return Offer({each.name: each for each in made}, bool(said["families"]))
    except (ValueError, TypeError, KeyError) as error:
        rule = f"{FAILS}: it describes itself as nothing known ({error})"
        raise InvalidValue("algorithm", path, rule, REMEDY) from error


def _describe(path: str, say: Say) -> None:
    """Execute a file, and say what is in it."""
    found = _executed(path, empty=True)
    say(
        {
            "algorithms": [write_algorithm(each) for each in found.algorithms.values()],
            "families": found.families,
        }
    )
