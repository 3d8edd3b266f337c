"""The rules of an experiment at work: what each finished chunk decides, in whatever order chunks come."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from onehalf.plan.experiment import Cell, Experiment
from onehalf.plan.rule import Decision, look_points, verdict_at
from onehalf.record.packed.pack import Pack
from onehalf.record.packed.tables import packs_of
from onehalf.record.rows import Chunk
from onehalf.record.store import Store
from onehalf.running.listener import Listener


def compared(cell: Cell) -> tuple[list[str], float]:
    """Return the inputs whose smallest success matters, and the bound for algorithms that read no further."""
    from analysis.statistics.theorems import bound_value

    bound = cell.problem.bound(cell.policy)
    names = [member.name for member in cell.problem.inputs]
    if not bound.limits:
        return names, 0.5
    limit = [bound.limit] if bound.limit else []
    return [*limit, *bound.compared], bound_value(bound.theorem, bound.breadth, 0.0)


class Stop:
    """Follows one cell's trials, in whatever order they come, and says when its rule is met.

    Parameters
    ----------
    cell : Cell
        With a rule `until`.
    """

    def __init__(self, cell: Cell) -> None:
        assert cell.until is not None
        self.until, self.cap = cell.until, cell.trials
        names, self.bound = compared(cell)
        self.inputs = cell.positions(names)
        self.accepted: NDArray[np.bool_] = np.zeros((len(cell.problem.inputs), cell.trials), dtype=bool)
        self.known: NDArray[np.bool_] = np.zeros(cell.trials, dtype=bool)
        self.complete = 0
        self._looks = look_points(cell.trials)
        self._next = next(self._looks)
        self._counts = [0] * len(self.inputs)
        self._counted = 0

    def note(self, rows: Sequence[Sequence[Any]]) -> None:
        """Take rows that begin with trial, input, shared, status, verdict."""
        for row in rows:
            self.accepted[row[1], row[0]] = row[4] == "accepted"
            self.known[row[0]] = True

    def note_pack(self, start: int, pack: Pack) -> None:
        """Take the trials of a pack, of which `start` is the first."""
        self.accepted[:, start : pack.stop] = pack.succeeded(len(self.accepted))
        self.known[start : pack.stop] = True

    def decide(self) -> Decision | None:
        """Return the decision if the trials known so far lead to one, None if more are needed or the cap is met."""
        open_ = np.flatnonzero(~self.known[self.complete :])
        self.complete = self.complete + int(open_[0]) if len(open_) else self.cap
        while self._next <= self.complete:
            at = self._next
            for index, position in enumerate(self.inputs):
                self._counts[index] += int(self.accepted[position, self._counted : at].sum())
            self._counted = at
            reason = verdict_at(self.until, self._counts, at, self.bound)
            if reason is not None:
                return Decision(at, reason)
            self._next = next(self._looks, self.cap + 1)
        return None


class Stops:
    """The rules of an experiment at work: what is decided, and what each chunk decides.

    Parameters
    ----------
    experiment : Experiment
        The plan.
    store : Store
        Read for what earlier runs recorded, and told every decision.
    listener : Listener
        Told each new decision.
    """

    def __init__(self, experiment: Experiment, store: Store, listener: Listener) -> None:
        self.store, self.listener = store, listener
        self.decided = store.decisions()
        self._open = {
            index: Stop(cell)
            for index, cell in enumerate(experiment.cells)
            if cell.until is not None and index not in self.decided
        }
        for index, stop in list(self._open.items()):
            stop.note(store.verdicts(index))
            for start, pack in packs_of(store.connection, index):
                stop.note_pack(start, pack)
            self._settle(index)

    def watched(self, index: int) -> bool:
        """Return whether a cell has a rule that has not stopped it yet."""
        return index in self._open

    def take(self, chunk: Chunk) -> None:
        """Take a chunk that was written, and record the decision it leads to, if any."""
        if chunk.cell in self._open:
            if chunk.pack is not None:
                self._open[chunk.cell].note_pack(chunk.start, chunk.pack)
            self._open[chunk.cell].note(chunk.rows)
            self._settle(chunk.cell)

    def _settle(self, index: int) -> None:
        decision = self._open[index].decide()
        if decision is not None:
            self.store.decide(index, decision)
            self.decided[index] = decision
            del self._open[index]
            self.listener.decided(index, decision)
