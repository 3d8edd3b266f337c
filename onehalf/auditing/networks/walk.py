"""Along a line through each of many points: where exactly it is wrong.

All lines are walked at once from piece to piece. Float64 with error bounds (`filtered`) says which neuron changes next;
where it cannot tell, that one step of that one line is made in exact arithmetic. The ends of what is wrong are exact: a
zero of a margin, of which the piece is known, or a breakpoint.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from onehalf.auditing.networks.classes import Margins
from onehalf.auditing.networks.filtered import Bounded, Filter, enclosing, in_floats
from onehalf.auditing.networks.pieces import ExactLine, ExactPiece
from onehalf.auditing.networks.trained import Floats, Pattern, TrainedNetwork
from oracle.arithmetic.coverage import Run

_U = 2.0**-53


@dataclass(frozen=True, eq=False)
class Change:
    """A neuron of each line and when it changes."""

    time: Floats
    error: Floats
    layer: NDArray[np.int64]
    neuron: NDArray[np.int64]


def wrong_runs(
    network: TrainedNetwork,
    points: NDArray[np.object_],
    direction: list[Fraction],
    margins: Margins,
    low: Fraction,
    high: Fraction,
    tell: Callable[[], None] = lambda: None,
) -> list[list[Run]]:
    """Return for each point the t in [low, high] at which x + t·direction is wrong, a list of runs for each."""
    with np.errstate(all="ignore"):
        return _Walk(network, points, direction, margins, low, high).runs(tell)


class _Walk:
    def __init__(
        self,
        network: TrainedNetwork,
        points: NDArray[np.object_],
        direction: list[Fraction],
        margins: Margins,
        low: Fraction,
        high: Fraction,
    ) -> None:
        self.points, self.margins, self.low, self.high = points, margins, low, high
        self.line = ExactLine(network.exact, direction)
        self.filter = Filter(network)
        count = len(points)
        self.start = in_floats(points)
        along = in_floats(np.array([direction], dtype=object))
        self.slope = Bounded(np.repeat(along.value, count, axis=1), np.repeat(along.error, count, axis=1))
        self.limit, self.limit_error = enclosing(high)
        near, error = enclosing(low)
        self.time, self.time_error = np.full(count, near), np.full(count, error)
        self.known: list[Fraction | None] = [low] * count
        self.flipped = np.zeros((2, count), dtype=np.int64)
        begin = points + np.array([low * v for v in direction], dtype=object)
        self.pattern = self._first_pattern(begin)
        self.found: list[list[Run]] = [[] for _ in range(count)]
        self.begun: dict[tuple[int, int], tuple[Fraction, bool]] = {}

    def _first_pattern(self, begin: NDArray[np.object_]) -> Pattern:
        x = in_floats(begin)
        unsure = np.zeros(len(begin), dtype=bool)
        pattern: Pattern = []
        for index, entry in enumerate(self.filter.layers):
            x = self.filter.layer(index, x)
            if entry[-1]:
                on = x.value > x.error
                unsure |= ~(on | (x.value < -x.error)).all(axis=0)
                pattern.append(on)
                x = Bounded(np.maximum(x.value, 0), x.error)
        for k in np.flatnonzero(unsure):
            self._set(pattern, int(k), self.line.piece(self.points[k], None, self.low).pattern)
        return pattern

    def _set(self, pattern: Pattern, k: int, new: Pattern) -> None:
        for whole, part in zip(pattern, new, strict=True):
            whole[:, k] = part

    def _pattern(self, k: int) -> Pattern:
        return [part[:, k] for part in self.pattern]

    def _exact_time(self, k: int, piece: ExactPiece) -> Fraction:
        """Return when the piece began, from the neuron that changed there."""
        known = self.known[k]
        if known is None:
            layer, neuron = self.flipped[:, k]
            c, s = piece.neurons[layer][0][neuron], piece.neurons[layer][1][neuron]
            known = self.known[k] = Fraction(-c, s)
        return known

    def runs(self, tell: Callable[[], None]) -> list[list[Run]]:
        active = np.arange(len(self.points))
        signs = self._first_signs()
        while len(active):
            neurons, outputs = self.filter.piece(
                self.start.at(active), self.slope.at(active), [part[:, active] for part in self.pattern]
            )
            change, sure, last = self._next(neurons, active)
            exact: dict[int, ExactPiece] = {}
            times = np.where(last, self.limit, change.time)
            errors = np.where(last, self.limit_error, change.error)
            ends: dict[int, Fraction] = {int(k): self.high for k in active[last]}
            later: dict[int, Pattern] = {}
            for at in np.flatnonzero(~sure & ~last):
                k = int(active[at])
                exact[k] = piece = self.line.piece(self.points[k], self._pattern(k))
                end = piece.breakpoint_after()
                if end is None or end >= self.high:
                    last[at] = True
                    end = self.high
                else:
                    later[k] = self.line.piece(self.points[k], None, end).pattern
                ends[k] = end
                times[at], errors[at] = enclosing(end)
            self._signs(signs, active, outputs, (times, errors), ends, exact, change)
            self.time[active], self.time_error[active] = times, errors
            for at in np.flatnonzero(~last):
                k = int(active[at])
                self.known[k] = ends.get(k)
                if k in later:
                    self._set(self.pattern, k, later[k])
                else:
                    layer, neuron = change.layer[at], change.neuron[at]
                    self.pattern[layer][neuron, k] ^= True
                    self.flipped[:, k] = layer, neuron
            active = active[~last]
            tell()
        for (k, point), (begun, is_open) in self.begun.items():
            del k
            self.found[point].append((begun, self.high, is_open, False))
        return self.found

    def _next(
        self, neurons: list[tuple[Bounded, Bounded]], active: NDArray[np.int64]
    ) -> tuple[Change, NDArray[np.bool_], NDArray[np.bool_]]:
        """Return each line's next change, whether it is certain, and whether the line certainly ends before it."""
        if not neurons:
            nothing = np.zeros(len(active))
            none = np.zeros(len(active), dtype=np.int64)
            ended = np.ones(len(active), dtype=bool)
            return Change(nothing, nothing, none, none), ended, ended
        c = np.concatenate([pair[0].value for pair in neurons])
        ec = np.concatenate([pair[0].error for pair in neurons])
        s = np.concatenate([pair[1].value for pair in neurons])
        es = np.concatenate([pair[1].error for pair in neurons])
        on = np.concatenate([part[:, active] for part in self.pattern])
        way = np.where(on, 1.0, -1.0)
        t, te = self.time[active], self.time_error[active]
        here = way * (c + s * t)
        error = (ec + es * np.abs(t) + np.abs(s) * te + 8 * _U * (np.abs(c) + np.abs(s * t))) * (1 + 16 * _U)
        rate = -way * s
        # Where the rate may be 0 or negative the neuron moves away, or may never arrive.
        never = rate < -es
        soonest = np.where(never, np.inf, np.maximum(here - error, 0) / (rate + es) * (1 - 8 * _U))
        latest = np.where(rate > es, (here + error) / (rate - es) * (1 + 8 * _U), np.inf)
        soonest = np.where(np.isnan(soonest), 0.0, soonest)
        latest = np.where(np.isnan(latest), np.inf, latest)
        best = latest.argmin(axis=0)
        columns = np.arange(len(active))
        first = latest[best, columns]
        own = soonest[best, columns]
        soonest[best, columns] = np.inf
        others = soonest.min(axis=0, initial=np.inf)
        spare = self.limit - t
        doubt = (te + self.limit_error + 4 * _U * (np.abs(t) + abs(self.limit))) * (1 + 8 * _U)
        last = np.minimum(own, others) > spare + doubt
        time = -c[best, columns] / s[best, columns]
        wide = (ec[best, columns] + np.abs(time) * es[best, columns]) / (
            np.abs(s[best, columns]) - es[best, columns]
        )
        wide = wide * (1 + 16 * _U) + 8 * _U * np.abs(time) + 1e-290
        sure = (first < others) & (own > 0) & (first < spare - doubt) & np.isfinite(time) & np.isfinite(wide)
        offsets = np.cumsum([0, *(len(pair[0].value) for pair in neurons)])
        layer = np.searchsorted(offsets, best, side="right") - 1
        return Change(time, wide, layer, best - offsets[layer]), sure, last

    def _margins(
        self, outputs: tuple[Bounded, Bounded], active: NDArray[np.int64]
    ) -> tuple[Bounded, Bounded]:
        """Return constant and slope of the margins without their shift, (k, active)."""
        columns = np.arange(len(active))
        found = []
        for part in outputs:
            value = np.vstack([part.value, np.zeros((1, len(active)))])
            error = np.vstack([part.error, np.zeros((1, len(active)))])
            plus, minus = self.margins.plus[:, active], self.margins.minus[:, active]
            up, down = value[plus, columns], value[minus, columns]
            wide = error[plus, columns] + error[minus, columns] + 2 * _U * (np.abs(up) + np.abs(down))
            found.append(Bounded(up - down, wide * (1 + 8 * _U)))
        return found[0], found[1]

    def _first_signs(self) -> NDArray[np.int64]:
        """Return the signs of all margins at the lower end, exactly, and begin what is wrong there."""
        active = np.arange(len(self.points))
        _, outputs = self.filter.piece(self.start, self.slope, self.pattern)
        signs, unsure = self._float_signs(outputs, active, self.time, self.time_error)
        exact: dict[int, ExactPiece] = {}
        for k, point in zip(*np.nonzero(unsure), strict=True):
            piece = self._piece(int(point), exact)
            signs[k, point] = self._exact_sign(int(k), int(point), piece, self.low)
        for k, point in np.ndindex(*signs.shape):
            if signs[k, point] < 0 or (signs[k, point] == 0 and self.margins.strict[k, point]):
                self.begun[k, point] = (self.low, False)
        return signs

    def _piece(self, point: int, exact: dict[int, ExactPiece]) -> ExactPiece:
        if point not in exact:
            exact[point] = self.line.piece(self.points[point], self._pattern(point))
        return exact[point]

    def _float_signs(
        self, outputs: tuple[Bounded, Bounded], active: NDArray[np.int64], times: Floats, errors: Floats
    ) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        c, s = self._margins(outputs, active)
        shift = self.margins.shift[:, active].astype(np.float64)
        value = c.value + s.value * times + shift
        wide = c.error + s.error * np.abs(times) + (np.abs(s.value) + s.error) * errors
        wide = wide + 16 * _U * (np.abs(c.value) + np.abs(s.value * times) + np.abs(shift)) + 1e-290
        wide = wide * (1 + 16 * _U)
        above, below = value > wide, value < -wide
        return above.astype(np.int64) - below, ~(above | below)

    def _exact_sign(self, k: int, point: int, piece: ExactPiece, t: Fraction) -> int:
        value = self._exact_margin(k, point, piece, 0) + t * self._exact_margin(k, point, piece, 1)
        return (value > 0) - (value < 0)

    def _exact_margin(self, k: int, point: int, piece: ExactPiece, part: int) -> Fraction:
        value = Fraction(int(self.margins.of(k, point, piece.outputs[part])), piece.denominator)
        return value if part else value + self.margins.shift[k, point]

    def _signs(
        self,
        signs: NDArray[np.int64],
        active: NDArray[np.int64],
        outputs: tuple[Bounded, Bounded],
        times: tuple[Floats, Floats],
        ends: dict[int, Fraction],
        exact: dict[int, ExactPiece],
        change: Change,
    ) -> None:
        """Settle the signs of the margins where the pieces end, and note where they change."""
        new, unsure = self._float_signs(outputs, active, *times)
        for k, at in zip(*np.nonzero(unsure), strict=True):
            point = int(active[at])
            piece = self._piece(point, exact)
            if point not in ends:
                cs, ss = piece.neurons[change.layer[at]]
                ends[point] = Fraction(-cs[change.neuron[at]], ss[change.neuron[at]])
            new[k, at] = self._exact_sign(int(k), point, piece, ends[point])
        old = signs[:, active]
        for k, at in zip(*np.nonzero((old != new) | (old == 0)), strict=True):
            point = int(active[at])
            self._note(int(k), point, int(old[k, at]), int(new[k, at]), exact, ends)
        signs[:, active] = new

    def _note(
        self, k: int, point: int, old: int, new: int, exact: dict[int, ExactPiece], ends: dict[int, Fraction]
    ) -> None:
        """Begin or end a run on a piece at whose ends a margin has these signs."""
        strict = bool(self.margins.strict[k, point])
        if not strict and (old, new) in ((1, 0), (0, 0), (0, 1)):
            return
        if strict and old <= 0 and new <= 0:
            return
        if old == 0:
            at = self._exact_time(point, self._piece(point, exact))
        elif new == 0:
            at = ends[point]
        else:
            piece = self._piece(point, exact)
            at = -self._exact_margin(k, point, piece, 0) / self._exact_margin(k, point, piece, 1)
        if new < 0 or (new == 0 and strict):
            self.begun[k, point] = (at, not strict)
        else:
            begun, is_open = self.begun.pop((k, point))
            self.found[point].append((begun, at, is_open, not strict))
