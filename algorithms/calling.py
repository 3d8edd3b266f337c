"""One call of an algorithm, and the status of what it did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple, Protocol

import numpy as np

from algorithms.algorithm import Algorithm
from oracle.errors import BrokenFamily, BudgetExhausted, InvalidOutput, ProgramDied
from oracle.task import Task

Status = Literal["halted", "no_halt", "error", "crashed", "invalid", "abstained"]
STATUSES: tuple[Status, ...] = ("halted", "no_halt", "error", "crashed", "invalid", "abstained")
_READ_ONLY = "read-only"


class Clerk(Protocol):
    """What an algorithm's desk says after a call: which budget was met, and in what the family was found to fail."""

    exhausted: str
    fault: BrokenFamily | None


class Outcome(NamedTuple):
    """What an algorithm returned for each generator, or why it did not.

    Attributes
    ----------
    status : str
        halted, no_halt (a budget was met), error (an exception), crashed (an external program died), invalid
        (no member of M).
    outputs : list
        One for each generator; None where the status is not halted.
    note : str
        The sentence that says why it is not.
    error : BaseException or None
        What was raised.
    """

    status: Status
    outputs: list[Any]
    note: str = ""
    error: BaseException | None = None


def call(
    algorithm: Algorithm,
    task: Task,
    session: Clerk,
    rngs: Sequence[np.random.Generator],
    parameters: Mapping[str, Any],
) -> Outcome:
    """Run an algorithm that is batched on all generators, or one that is not on the only one.

    Raises
    ------
    BrokenFamily
        If the family it faces has no legal answer to give, whatever the algorithm made of that.
    """
    nothing: list[Any] = [None] * len(rngs)
    try:
        found = Outcome("halted", _outputs(algorithm, task, rngs, parameters))
    except BudgetExhausted as error:
        found = Outcome("no_halt", nothing, session.exhausted, error)
    except InvalidOutput as error:
        found = Outcome("invalid", nothing, _text(error), error)
    except ProgramDied as error:
        found = Outcome("crashed", nothing, _text(error), error)
    except BaseException as error:
        found = Outcome("error", nothing, _told(error), error)
    if session.fault is not None:
        raise session.fault
    if session.exhausted:
        return Outcome("no_halt", nothing, session.exhausted, found.error)
    return found


def _told(error: BaseException) -> str:
    """Return the type and the text of an error."""
    text = _text(error)
    remedy = "; what the task hands out is read-only: change a copy" if _READ_ONLY in text else ""
    return f"{type(error).__name__}: {text}{remedy}"


def _text(error: BaseException) -> str:
    """Return the text of an error, which may fail to write itself."""
    try:
        return str(error)
    except BaseException as failure:
        return f"its text raises {type(failure).__name__}"


def _outputs(
    algorithm: Algorithm, task: Task, rngs: Sequence[np.random.Generator], parameters: Mapping[str, Any]
) -> list[Any]:
    if not algorithm.batched:
        return [algorithm.function(task, rngs[0], **parameters)]
    outputs = list(algorithm.function(task, list(rngs), **parameters))
    if len(outputs) != len(rngs):
        raise InvalidOutput(f"{len(outputs)} outputs for {len(rngs)} generators: return one for each")
    return outputs
