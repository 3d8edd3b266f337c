"""One call of an algorithm, and the status of what it did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

import numpy as np

from algorithms.algorithm import Algorithm
from oracle.errors import BudgetExhausted, InvalidOutput, ProgramDied
from oracle.session import Session
from oracle.task import Task

Status = Literal["halted", "no_halt", "error", "crashed", "invalid"]
_READ_ONLY = "read-only"


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
    session: Session,
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
        found = Outcome("invalid", nothing, str(error), error)
    except ProgramDied as error:
        found = Outcome("crashed", nothing, str(error), error)
    except (Exception, SystemExit) as error:
        remedy = "; what the task hands out is read-only: change a copy" if _READ_ONLY in str(error) else ""
        found = Outcome("error", nothing, f"{type(error).__name__}: {error}{remedy}", error)
    if session.fault is not None:
        raise session.fault
    if session.exhausted:
        return Outcome("no_halt", nothing, session.exhausted, found.error)
    return found


def _outputs(
    algorithm: Algorithm, task: Task, rngs: Sequence[np.random.Generator], parameters: Mapping[str, Any]
) -> list[Any]:
    if not algorithm.batched:
        return [algorithm.function(task, rngs[0], **parameters)]
    outputs = list(algorithm.function(task, list(rngs), **parameters))
    if len(outputs) != len(rngs):
        raise InvalidOutput(f"{len(outputs)} outputs for {len(rngs)} generators: return one for each")
    return outputs
