"""Errors that speak one sentence: what was given, what is allowed, what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class InvalidValue(ValueError):
    """A parameter or question breaks a stated rule."""

    def __init__(self, name: str, value: object, rule: str, remedy: str) -> None:
        super().__init__(f"{name}={_shown(value)}: {rule}; {remedy}")
        self.sentence = (name, value, rule, remedy)

    def __reduce__(self) -> tuple[type[InvalidValue], tuple[str, object, str, str]]:
        return type(self), self.sentence


def meant(word: str, names: Iterable[str]) -> str:
    """Return "did you mean decoy? " for what was misspelt, where some name is near; else nothing."""
    near = difflib.get_close_matches(word, list(names), n=2)
    return f"did you mean {' or '.join(near)}? " if near else ""


def _shown(value: object) -> str:
    try:
        return repr(value)
    except Exception:  # whatever a value does when it is asked how it is written, there is a sentence
        return f"<{type(value).__name__}>"


class IllegalQuestion(InvalidValue):
    """An algorithm asked something that is no question to an oracle, such as a negative number of digits."""


class TooPrecise(InvalidValue):
    """More digits were asked in float64 than float64 carries at the magnitude read."""


class InvalidOutput(ValueError):
    """An algorithm's output is not a member of the output set M (shape, NaN, infinity, type)."""


def not_in_output_set(output: object, expected: str) -> InvalidOutput:
    """Return the error for an output of the wrong kind."""
    return InvalidOutput(f"output of type {type(output).__name__}: {expected}")


class InvalidClaim(InvalidOutput):
    """An algorithm's claim is neither True nor False."""


class BrokenFamily(InvalidValue):
    """A family of problems is not what it says: an answer is not legal, a depth is too large, a method raises.

    It is the family's fault and no algorithm's: what was run is not recorded.
    """

    def __init__(self, name: str, value: object, rule: str, remedy: str = "correct the family") -> None:
        super().__init__(name, value, rule, remedy)


class DamagedRecord(InvalidValue):
    """A directory does not hold what was written there."""


class DirectoryInUse(InvalidValue):
    """Another process is writing where this one is to write."""


class CannotGoOn(RuntimeError):
    """A run's surroundings fail it: memory, or the disk. What was finished is stored."""


class ProgramDied(RuntimeError):
    """An external program ended before it had answered."""


class BudgetExhausted(BaseException):
    """A run met its digit or time budget.

    It derives from BaseException so that an algorithm's ``except Exception`` cannot turn non-halting
    into an answer.
    """
