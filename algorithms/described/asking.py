"""What a child is asked of a plugin, and how what it says becomes an algorithm without code."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from algorithms.algorithm import Algorithm
from algorithms.described.apart import NotSaid, Say, said_apart
from algorithms.described.plain import read_algorithm, read_error, write_error
from oracle.errors import InvalidValue

LOAD_SECONDS = 120.0
"""How long executing a plugin may take."""
REMEDY, FAILS = "correct the file", "cannot be loaded"
Load = Callable[[str], Algorithm]
"""Called in a child: what returns the plugin's algorithm of a name, with its code."""


def described_by(said: Any, load: Load) -> Algorithm:
    """Return what stands for an algorithm that a child described (`read_algorithm`); its code is asked in others."""
    return read_algorithm(said, partial(_check_apart, load), partial(_over_reading_apart, load))


def _check_apart(load: Load, name: str, given: Mapping[str, Any]) -> None:
    """Let a child see whether an algorithm can run with these parameters."""

    def work(say: Say) -> None:
        found = load(name)
        assert found.check is not None
        found.check(given)
        say(True)

    ask(name, work, LOAD_SECONDS, "its check of the parameters failed", "correct the check")


def _over_reading_apart(load: Load, name: str, given: Mapping[str, Any], depth: int) -> float:
    """Let a child say with which probability an algorithm reads past a depth."""

    def work(say: Say) -> None:
        found = load(name)
        assert found.over_reading is not None
        say(float(found.over_reading(given, depth)))

    return float(ask(name, work, LOAD_SECONDS, "its over_reading fails", "correct it"))


def ask(
    what: str, work: Callable[[Say], None], seconds: float, fails: str = FAILS, remedy: str = REMEDY
) -> Any:
    """Return the one thing that a child says of a file or an algorithm, or raise what it refuses."""
    answers = list(asked_apart(what, work, seconds, fails, remedy))
    if len(answers) != 1:
        raise InvalidValue("algorithm", what, f"{fails}: it describes itself as nothing known", remedy)
    return answers[0]


def asked_apart(
    what: str, work: Callable[[Say], None], seconds: float, fails: str = FAILS, remedy: str = REMEDY
) -> Iterator[Any]:
    """Yield what a child says while it does some work for which a file is executed (`said_apart`).

    Parameters
    ----------
    what : str
        The file or the algorithm.
    work : callable
        Called in the child with a function that says a JSON value.
    seconds : float
        How long it may be silent.
    fails, remedy : str
        What is to be said where it raises or ends its process.

    Raises
    ------
    InvalidValue
        What the work raises, or that it did not come to its end.
    """

    def guarded(say: Say) -> None:
        try:
            work(say)
        except InvalidValue as error:
            say(write_error(error))
        except BaseException as error:
            rule = f"{fails}: {type(error).__name__}: {said_by(error)}"
            say(write_error(InvalidValue("algorithm", what, rule, remedy)))

    try:
        for said in said_apart(guarded, seconds):
            refused = read_error(said)
            if refused is not None:
                raise refused
            yield said
    except NotSaid as error:
        rule = f"{fails}: importing it {error}" if fails == FAILS else f"{fails}: it {error}"
        raise InvalidValue("algorithm", what, rule, remedy) from error


def said_by(error: BaseException) -> str:
    """Return an exception's text, which may raise another."""
    try:
        return str(error)
    except Exception:
        return "(its text cannot be written)"
