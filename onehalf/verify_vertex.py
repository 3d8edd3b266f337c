"""A file of the referee's verifier of audits: enclosures about a degenerate vertex, with the standard library alone.

Loaded by verify_audit.py from beside itself, whose tools (`demand`, `Enclosure`, `Model`) it is handed. Everything is
rational arithmetic. v are columns and activities, primes mark data in the box, the kernel M has Q near its inverse, N
holds the columns off the basis, y are prices, 0 in the rows of basic activities; d'_k = c'_k − A'_k·y of columns, y_i
of activities, so that c'·x = Σ d'_k v_k where s = A'x. Variables off the basis are moved inwards from their limits by
t ≥ 0: by Lemma P this point x̂' stays within all limits, so that every program is feasible. Off the basis d'_k has the
sign of optimality, lo_k ≤ |d'_k| ≤ hi_k, lo_k > 0, unless k is fixed; in the basis |d'_j| ≤ D_j. For feasible x' with
c'·x' ≤ c'·x̂', w = v' − v̂' counted inwards, P* = Σ lo_k·max(w_k, 0):

    P* ≤ Σ hi_k t_k + Σ D_j |w_j|,    |w_B| ≤ u P* + G t + C |w_B|,    G = |QN| + |Q|W_N,  C = |I − QM| + |Q|W,

u_j = max_k G_jk/lo_k, as w_k ≥ −t_k and M'w_B = −N'w_N. Where z = (|w_B|, P) is larger than what it gives on the right
side, in every component, all x' are within it: they are bounded, there is a minimiser, and every one is among them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

ZERO = Fraction(0)
Radii = Mapping[tuple[str, int, int], Fraction]


class SharedVertex:
    """What is proved of all minimisers: how far their columns, and the least value, may be from the vertex.

    Attributes
    ----------
    moves : list of Fraction
        Of each column.
    objective, value : Fraction
        How far the least value may move, and that of the numbers as shown.
    priced, strict, shared : bool
        There is a minimiser for all data; nothing is said of how many; they are all near the vertex.
    """

    def __init__(self, model: Any, given: Mapping[str, Any], radii: dict[Any, Fraction], tools: Any) -> None:
        self.model, self.radii, self.tools = model, radii, tools
        self.priced, self.strict, self.shared = True, False, True
        self.corner = tools.Corner(model, given["basis"])
        n, m, states = model.n, model.m, self.corner.states
        self.shifts = {int(k): Fraction(t) for k, t in given["shifts"].items()}
        fits = all(t >= 0 and states.get(k) in ("l", "u") for k, t in self.shifts.items())
        tools.demand(fits, "a shift is of no variable at a limit, or leads outwards")
        self.near = tools.Enclosure(self._shifted(), {**given, "priced": False}, radii)
        self.prices = [Fraction(float.fromhex(y)) for y in given["prices"]]
        tools.demand(len(self.prices) == m, "the prices do not fit the rows")
        none = all(self.prices[k - n] == 0 for k in self.corner.basic if k >= n)
        tools.demand(none, "a basic activity has a price")
        self.reduced = [self._reduced(k) for k in range(n + m)]
        self.swings = [self._swing(k) for k in range(n + m)]
        free = [k for k in states if not self.corner._fixed(k)]
        self.least = {k: self._signed(k) - self.swings[k] for k in free}
        tools.demand(all(gap > 0 for gap in self.least.values()), "a reduced cost may change its sign")
        self.spread = [Fraction(float.fromhex(z)) for z in given["spread"]]
        self._check_spread()
        whole = [*self.corner.point, *model.activities(self.corner.point)]
        far = [self._far(k) for k in range(n + m)]
        self.moves = far[:n]
        self.objective = radii.get(("o", 0, 0), ZERO) + self._value_bound(whole, far)
        least = sum((c * x for c, x in zip(model.cost, self.corner.point, strict=True)), ZERO)
        self.value = model.sign * least + model.offset

    def _shifted(self) -> Any:
        """Return the program with the limits at which variables stand moved inwards."""
        other = self.tools.Model.__new__(self.tools.Model)
        other.__dict__ |= self.model.__dict__
        other.limits = {side: list(row) for side, row in self.model.limits.items()}
        for k, t in self.shifts.items():
            state, row = self.corner.states[k], k >= self.model.n
            side, at = "xb"[row] + state, k - self.model.n * row
            self.tools.demand(other.limits[side][at] is not None, "a variable stands at no limit")
            other.limits[side][at] += t if state == "l" else -t
        return other

    def _reduced(self, k: int) -> Fraction:
        """Return c_k − A_k·y of a column, y_i of an activity."""
        n: int = self.model.n
        if k >= n:
            return self.prices[k - n]
        entries: Mapping[int, Fraction] = self.model.columns[k]
        cost: Fraction = self.model.cost[k]
        return cost - sum((a * self.prices[i] for i, a in entries.items()), ZERO)

    def _swing(self, k: int) -> Fraction:
        """Return how far that moves within the box."""
        if k >= self.model.n:
            return ZERO
        tilts: Mapping[int, Fraction] = self.near.tilt[k]
        moved = sum((w * abs(self.prices[i]) for i, w in tilts.items()), ZERO)
        return self.radii.get(("c", k, 0), ZERO) + moved

    def _signed(self, k: int) -> Fraction:
        """Return a reduced cost, positive where it has the sign of optimality."""
        state = self.corner.states[k]
        return (
            self.reduced[k] if state == "l" else -self.reduced[k] if state == "u" else -abs(self.reduced[k])
        )

    def _check_spread(self) -> None:
        """Refuse unless Kz + h < z."""
        corner, near, tools = self.corner, self.near, self.tools
        *z, price = self.spread
        tools.demand(len(z) == len(corner.inner), "an enclosure does not fit the program")
        moved = {k: self.shifts.get(k, ZERO) for k in self.least}
        image = sum(((gap + 2 * self.swings[k]) * moved[k] for k, gap in self.least.items()), ZERO)
        image += sum(
            ((abs(self.reduced[j]) + self.swings[j]) * x for j, x in zip(corner.inner, z, strict=True)), ZERO
        )
        tools.demand(image < price, "an enclosure does not follow: the costs")
        place = {i: at for at, i in enumerate(corner.rows)}
        outer = {k: self._column(k, place) for k in self.least}
        kernel = [list(column) for column in zip(*corner.kernel, strict=True)]
        for j, row in enumerate(near.inverse):
            most = image = ZERO
            for k, (entries, tilts) in outer.items():
                rate = abs(sum((row[at] * a for at, a in entries), ZERO))
                rate += sum((abs(row[at]) * w for at, w in tilts), ZERO)
                most = max(most, rate / self.least[k])
                image += rate * moved[k]
            for other, column in enumerate(kernel):
                rate = abs((j == other) - sum((q * a for q, a in zip(row, column, strict=True) if a), ZERO))
                rate += sum((abs(q) * near.box[at][other] for at, q in enumerate(row)), ZERO)
                image += rate * z[other]
            tools.demand(image + most * price < z[j], "an enclosure does not follow: the kernel")

    def _column(self, k: int, place: Mapping[int, int]) -> tuple[list[tuple[int, Fraction]], ...]:
        """Return a variable's entries in the kernel's rows, and their radii."""
        if k >= self.model.n:
            return [(place[k - self.model.n], Fraction(1))], []
        columns = self.model.columns[k], self.near.tilt[k]
        return tuple([(place[i], a) for i, a in column.items() if i in place] for column in columns)

    def _far(self, k: int) -> Fraction:
        """Return how far a variable of a minimiser may be from the vertex; 0 for a basic activity, whose price is 0."""
        corner, model = self.corner, self.model
        if k in corner.states:
            stays = self._stays(k)
            return stays + self.spread[-1] / self.least[k] if k in self.least else stays
        if k >= model.n:
            return ZERO
        apart: Fraction = self.near.moves[k] + abs(self.near.corner.point[k] - corner.point[k])
        inner: list[int] = corner.inner
        return self.spread[inner.index(k)] + apart

    def _stays(self, k: int) -> Fraction:
        limit: Fraction = self.tools.limit_radius(self.model, k, self.corner.states[k] == "u", self.radii)
        return limit + self.shifts.get(k, ZERO)

    def _value_bound(self, whole: Sequence[Fraction], far: Sequence[Fraction]) -> Fraction:
        """Return how far Σ d'_k v'_k may be from Σ d_k v_k."""
        total = ZERO
        for k, (x, reach) in enumerate(zip(whole, far, strict=True)):
            total += self.swings[k] * (abs(x) + reach)
            total += abs(self.reduced[k]) * (self._stays(k) if k in self.corner.states else reach)
        shares = [abs(self.reduced[k]) / gap for k, gap in self.least.items()]
        return total + self.spread[-1] * max(shares, default=ZERO)
