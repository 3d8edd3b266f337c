"""One solver in a process of its own: ``python -m onehalf.atlas.child`` reads a request, and writes a line an answer.

Libraries of solvers do not always bear with each other in one process (OR-tools and highspy bring two versions of HiGHS
under the same names), and a solver that dies takes only its own answers along.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any, TextIO

from algorithms.solvers.configuration import Answered, answered
from onehalf.atlas.presentations import Case, presentations_of
from onehalf.atlas.reading import arrays_shown
from onehalf.atlas.solvers import find_solver


def main() -> None:
    """Answer the request on standard input; what the solver prints goes nowhere."""
    request = json.load(sys.stdin)
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
    silence = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(silence, stream)
    try:
        _answer(request, channel)
    except Exception as error:  # a solver's own exceptions are answers; this is a defect of ours, and is told
        channel.write(json.dumps(f"{type(error).__name__}: {error}") + "\n")
        channel.flush()


def _answer(request: dict[str, Any], channel: TextIO) -> None:
    solver = find_solver(request["solver"], request["kind"], request["file"])
    for case in cases(solver.kind, request["exponents"], request["K"]):
        for instance in case.inputs:
            for order in case.presentation.orders:
                given = arrays_shown(instance, case.presentation.bits, order)
                began = time.process_time()
                found = _solved(solver.solve, given)
                x = None if found.x is None else found.x.tolist()
                line = [x, found.converged, found.status, round(time.process_time() - began, 6)]
                channel.write(json.dumps(line) + "\n")
                channel.flush()


def cases(kind: str, exponents: list[int], digits: int) -> Iterator[Case]:
    """Yield the cases of a kind, in the order in which they are answered."""
    for presentation in presentations_of(kind):
        for exponent in exponents:
            yield Case(presentation, exponent, digits)


def _solved(solve: Callable[..., Answered], given: tuple[Any, ...]) -> Answered:
    try:
        return solve(*given)
    except (Exception, SystemExit) as error:
        return answered(None, False, f"{type(error).__name__}: {error}")


if __name__ == "__main__":
    main()
