"""The survey: every solver, presentation, e, input and order of columns; answers judged exactly."""

from __future__ import annotations

import contextlib
import json
import math
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

from algorithms.processes import describe_end, die_with_parent
from algorithms.solvers.configuration import Configuration
from onehalf.atlas.child import cases
from onehalf.atlas.presentations import Case
from onehalf.atlas.reading import in_place, looks_alike
from onehalf.atlas.verdicts import is_near, reaches_minimum

RIGHT, WRONG, NONE = "right", "wrong", "no answer"
THERE, PARTLY, END = "digits there", "digits partly there", "digits end"
EXPONENTS = tuple(range(10, 61, 2))
DIGITS = 2
SECONDS = 120.0
_PATIENCE = 10
"""How many times as long a process may take by the clock, where others use the processor or it sleeps."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One answer of one solver, judged.

    Attributes
    ----------
    kind, solver, presentation, exponent
        What was asked of whom.
    input, order
        Which of the inputs was the truth, and which order of columns the solver saw, counted from 1.
    digits_read : str
        "digits there" where all inputs are shown differently, "digits end" where all are shown alike.
    x : tuple of float, or None
        The answer, its coordinates in the order of the problem.
    converged, status
        What the solver says.
    minimiser, objective : str
        "right", "wrong" or "no answer": near the minimiser; as good as it.
    between : bool
        The minimum is reached, and x is near the minimiser of no input.
    seconds : float
        Of processor time.
    """

    kind: str
    solver: str
    presentation: str
    exponent: int
    input: int
    order: int
    digits_read: str
    x: tuple[float, ...] | None
    converged: bool
    status: str
    minimiser: str
    objective: str
    between: bool
    seconds: float

    @property
    def false_claim(self) -> bool:
        """Whether it says that it succeeded and gives no minimiser."""
        return self.converged and self.minimiser == WRONG


def survey(
    solvers: Sequence[Configuration],
    *,
    exponents: Sequence[int] = EXPONENTS,
    digits: int = DIGITS,
    seconds: float = SECONDS,
    jobs: int = 1,
    file: str | None = None,
    tell: Callable[[str], None] = lambda line: None,
) -> list[Judged]:
    """Ask every solver for every answer, each in a process of its own.

    Parameters
    ----------
    solvers : sequence of Configuration
        Those that can run here.
    exponents : sequence of int
        e of δ = 2^-e.
    digits : int
        K: right is within 10^-K.
    seconds : float
        Of processor time after which a solver's process is ended; what it has not answered is no answer.
    jobs : int
        Processes at a time.
    file : str, optional
        The user's file in which solvers that do not ship are found.
    tell : callable
        Called with a line when a solver is done.

    Returns
    -------
    list of Judged
        In order of the solvers, whatever the number of jobs.
    """

    def one(solver: Configuration) -> list[Judged]:
        request = {
            **{"solver": solver.name, "kind": solver.kind, "file": file},
            **{"exponents": list(exponents), "K": digits},
        }
        lines, end = _answers(json.dumps(request), seconds)
        rows = list(_judged(solver, request, lines, end))
        tell(f"{solver.name}: {len(rows)} answers, {sum(row.seconds for row in rows):.1f} s")
        return rows

    with ThreadPoolExecutor(jobs) as pool:
        return [row for rows in pool.map(one, solvers) for row in rows]


def _answers(request: str, seconds: float) -> tuple[list[list[Any]], str]:
    """Return what a child wrote, and how it ended if that was not by itself."""
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    child = subprocess.Popen(
        [sys.executable, "-m", "onehalf.atlas.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **threads, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        start_new_session=True,
        preexec_fn=_limited(seconds, die_with_parent(os.getpid())),
    )
    try:
        out, err = child.communicate(request, timeout=_PATIENCE * seconds)
        end = f"the process {describe_end(child.returncode)}" if child.returncode else ""
        end = f"{seconds:g} s of processor time ended" if child.returncode == -signal.SIGXCPU else end
        end += f": {err.strip().splitlines()[-1]}" if end and err.strip() else ""
    except subprocess.TimeoutExpired:
        end = f"{_PATIENCE * seconds:g} s ended"
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        out, _ = child.communicate()
    lines = [json.loads(line) for line in out.splitlines() if line.endswith(("]", '"'))]
    defects = [line for line in lines if isinstance(line, str)]
    if defects:
        raise RuntimeError(f"the process of a solver: {defects[0]}")
    return lines, end


def _limited(seconds: float, before: Callable[[], None]) -> Callable[[], None]:
    """Return what a new process runs so that its processor time is limited, whatever else the machine does."""
    most = math.ceil(seconds)

    def limit() -> None:
        before()
        resource.setrlimit(resource.RLIMIT_CPU, (most, most + 1))

    return limit


def _judged(
    solver: Configuration, request: dict[str, Any], lines: list[list[Any]], end: str
) -> Iterator[Judged]:
    given = iter(lines)
    for case in cases(solver.kind, request["exponents"], request["K"]):
        reading = _reading(case)
        for number, _ in enumerate(case.inputs):
            for turn, order in enumerate(case.presentation.orders):
                x, converged, status, seconds = next(given, (None, False, end, 0.0))
                found = in_place(x, order) if x is not None and len(x) == len(order) else None
                if x is not None and found is None:
                    converged, status = False, f"{status}; {len(x)} numbers for {len(order)} columns"
                minimiser, objective, between = _verdicts(case, number, found)
                yield Judged(
                    kind=solver.kind,
                    solver=solver.name,
                    presentation=case.presentation.name,
                    exponent=case.exponent,
                    input=number + 1,
                    order=turn + 1,
                    digits_read=reading,
                    x=found,
                    converged=converged,
                    status=status,
                    minimiser=minimiser,
                    objective=objective,
                    between=between,
                    seconds=seconds,
                )


@lru_cache(None)
def _reading(case: Case) -> str:
    if case.beyond:
        return END
    return PARTLY if looks_alike(case) else THERE


@lru_cache(4096)
def _verdicts(case: Case, number: int, x: tuple[float, ...] | None) -> tuple[str, str, bool]:
    if x is None:
        return NONE, NONE, False
    exact = tuple(map(Fraction, x))
    near = [is_near(exact, minimiser, case.radius) for minimiser in case.minimisers]
    good = reaches_minimum(exact, case.inputs[number], case.minimisers[number], case.radius)
    return RIGHT if near[number] else WRONG, RIGHT if good else WRONG, good and not any(near)
