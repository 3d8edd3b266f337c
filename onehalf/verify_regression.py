"""The second file of the referee's verifier of audits: regressions, with the standard library alone.

Loaded by verify_audit.py from beside itself, whose tools (`demand`, `lemma_p`, `solved`) it is handed. Everything is
rational arithmetic. Of min ½‖Ax − y‖² + λ‖x‖₁ + ½μ‖x‖² the minimiser as shown is proved by its signs (the conditions of
Karush, Kuhn and Tucker). An enclosure is proved by Lemma P for [[I, A_S], [A_Sᵀ, −μI]](r, x_S) = (y, λσ), with slopes
off the support S below λ and coefficients on it away from 0 for all data within the radii; or by convexity: with q a
bound of the gradient at x for all data, ‖x' − x‖ ≤ ‖q‖/γ, γ = σ² + μ, σ ≥ (1 − ‖|I − RA| + |R|W‖)/‖R‖ for any R. Each
data set of a pair is solved by its signs, and has one minimiser: the columns that meet λ with equality are
independent, or μ > 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import isqrt
from typing import Any

Table = list[list[Fraction]]
ZERO, ONE, TEN = Fraction(0), Fraction(1), Fraction(10)
_WAYS = {"0": 0, "+": 1, "-": -1}
_FINE = 1 << 80


def check(data: dict[str, Any], finding: dict[str, Any], tools: Any) -> str:
    """Return what is verified of a finding, or refuse it by `tools.demand`."""
    table = [[Fraction(x) for x in row] for row in data["values"]]
    m, n = len(table), len(table[0]) - 1
    flat = [Fraction(w) for w in finding["proof"]["radii"]]
    fits = len(flat) == m * (n + 1) and min(flat) >= 0 and len(finding["components"]) == n
    tools.demand(fits and all(len(row) == n + 1 for row in table), "the radii do not fit")
    sizes = [flat[i * (n + 1) : (i + 1) * (n + 1)] for i in range(m)]
    if "penalty" in data:
        return _penalised(data, finding, table, sizes, tools)
    t = [Fraction(float.fromhex(x)) for x in finding["proof"].get("enclosure", [])]
    point = _least_squares(table, tools)
    if t:
        near = data["inverse"]
        matrix, box = _augmented(table, 1), _augmented(sizes, 0)
        rest = [abs(row[n] - dot(row[:n], point)) for row in table]
        right = [*(row[n] for row in sizes), *[ZERO] * n]
        tools.lemma_p(
            matrix, _read(near) or _inverse(matrix, tools), box, [*rest, *map(abs, point)], right, t
        )
    points = [_least_squares(_moved(table, flat, e["moves"], tools)[0], tools) for e in finding["data_sets"]]
    impossible = _compared(finding, point, [t[m + k] if t else None for k in range(n)], points, tools)
    proved = bool(t) or all(d["verdict"] != "CERTIFIED" for d in finding["decisions"])
    tools.demand(proved, "full rank is not proved")
    return f"{n if t else 0} components enclosed, {impossible} impossible from some digit on"


def _compared(
    finding: dict[str, Any],
    point: Sequence[Fraction],
    most: Sequence[Fraction | None],
    points: Sequence[Sequence[Fraction]],
    tools: Any,
) -> int:
    """Hold what is said of each component against what is proved, and return how many have impossible digits."""
    impossible = 0
    for k, part in enumerate(finding["components"]):
        radius, name = most[k], part["name"]
        held = part["radius"] is None or (radius is not None and tools._covers(part, radius))
        tools.demand(held, f"{name} is not enclosed")
        tools.demand(tools._near(part["value"], point[k]), f"{name} has another value")
        if part["impossible_digits"] is not None:
            apart = abs(points[part["pair"][0]][k] - points[part["pair"][1]][k])
            enough = apart > 2 * TEN ** -part["impossible_digits"] and tools._near(part["apart"], apart)
            tools.demand(enough, f"{name} is not as far apart as claimed")
            impossible += 1
    return impossible


# --- Linear algebra


def dot(a: Sequence[Fraction], b: Sequence[Fraction]) -> Fraction:
    """Return the inner product."""
    return sum((x * y for x, y in zip(a, b, strict=True) if x and y), ZERO)


def turned(rows: Sequence[Sequence[Fraction]]) -> Table:
    """Return the transpose."""
    return [list(column) for column in zip(*rows, strict=True)]


def _inverse(matrix: Table, tools: Any) -> Table:
    size = range(len(matrix))
    found: Table = tools.solved(matrix, [[Fraction(int(i == k)) for k in size] for i in size])
    return found


def _read(hexed: Any) -> Table | None:
    return hexed and [[Fraction(float.fromhex(x)) for x in row] for row in hexed]


def _augmented(table: Table, one: int) -> Table:
    """Return [[I, A], [Aᵀ, 0]], or the same with 0 for I."""
    m, n = len(table), len(table[0]) - 1
    rows = [[*(Fraction(one * (i == k)) for k in range(m)), *table[i][:n]] for i in range(m)]
    return rows + [[*(row[j] for row in table), *[ZERO] * n] for j in range(n)]


def _least_squares(table: Table, tools: Any) -> list[Fraction]:
    """Return the only minimiser, by the normal equations."""
    columns = turned(table)
    rows = [[dot(u, v) for v in columns] for u in columns[:-1]]
    return [x for (x,) in tools.solved([row[:-1] for row in rows], [row[-1:] for row in rows])]


def _moved(
    table: Table, flat: Sequence[Fraction], moves: str, tools: Any, last: Sequence[Fraction] = ()
) -> tuple[Table, list[Fraction]]:
    """Return the numbers with each at an end of its interval, or as shown; and those that are `last`, moved too."""
    wide, whole = len(table[0]), [*(x for row in table for x in row), *last]
    tools.demand(len(moves) == len(flat) == len(whole) and set(moves) <= set(_WAYS), "the moves do not fit")
    found = [x + _WAYS[sign] * w for x, w, sign in zip(whole, flat, moves, strict=True)]
    size = len(table) * wide
    return [found[i : i + wide] for i in range(0, size, wide)], found[size:]


# --- LASSO and elastic net


class _Fit:
    """A minimiser, proved from its signs: coefficients, residual, support, slopes A_jᵀr − μx_j."""

    def __init__(
        self, table: Table, penalty: Fraction, ridge: Fraction, signs: Sequence[int], tools: Any
    ) -> None:
        *self.columns, self.side = turned(table)
        n = len(self.columns)
        tools.demand(len(signs) == n and set(signs) <= {-1, 0, 1}, "the signs do not fit")
        tools.demand(penalty > 0 and ridge >= 0, "a penalty is not positive")
        self.table, self.penalty, self.ridge, self.signs = table, penalty, ridge, list(signs)
        self.support = [j for j, s in enumerate(signs) if s]
        part = [self.columns[j] for j in self.support]
        products = [[dot(u, v) + ridge * (i == j) for j, v in enumerate(part)] for i, u in enumerate(part)]
        right = [[dot(self.columns[j], self.side) - penalty * signs[j]] for j in self.support]
        self.point = [ZERO] * n
        for j, (x,) in zip(self.support, tools.solved(products, right), strict=True):
            self.point[j] = x
        tools.demand(
            all(self.point[j] * signs[j] > 0 for j in self.support), "a coefficient has another sign"
        )
        self.residual = [row[n] - dot(row[:n], self.point) for row in table]
        self.slopes = [
            dot(column, self.residual) - ridge * x for column, x in zip(self.columns, self.point, strict=True)
        ]
        right_slopes = all(
            u == s * penalty if s else abs(u) <= penalty for s, u in zip(signs, self.slopes, strict=True)
        )
        tools.demand(right_slopes, "a slope is too large, so that the point is no minimiser")

    def alone(self, tools: Any) -> None:
        """Refuse unless it is the only minimiser."""
        if self.ridge > 0:
            return
        tight = [c for c, u in zip(self.columns, self.slopes, strict=True) if abs(u) == self.penalty]
        tools.solved([[dot(u, v) for v in tight] for u in tight], [[ZERO]] * len(tight))


def _penalised(data: dict[str, Any], finding: dict[str, Any], table: Table, sizes: Table, tools: Any) -> str:
    proof = finding["proof"]
    penalty, ridge = Fraction(data["penalty"]), Fraction(data["ridge"] or 0)
    loose = [Fraction(proof["penalty_radius"]), Fraction(proof["ridge_radius"])]
    tools.demand(min(loose) >= 0, "a radius is negative")
    fit = _Fit(table, penalty, ridge, data["signs"], tools)
    radii: list[list[Fraction]] = [[] for _ in fit.point]
    kept = "support" in proof
    if kept:
        for j, size in enumerate(_kept(fit, data, proof, sizes, loose, tools)):
            radii[j].append(size)
    if "convex" in proof:
        size = Fraction(float.fromhex(proof["convex"]))
        tools.demand(size >= _reach(fit, data, sizes, loose, tools), "convexity gives a larger radius")
        for each in radii:
            each.append(size)
    flat, ends = [*(w for row in sizes for w in row), *loose], []
    for entry in finding["data_sets"]:
        moved, (level, weight) = _moved(table, flat, entry["moves"], tools, (penalty, ridge))
        ends.append(_Fit(moved, level, weight, entry["signs"], tools))
        ends[-1].alone(tools)
    most = [min(each, default=None) for each in radii]
    impossible = _compared(finding, fit.point, most, [end.point for end in ends], tools)
    for decision in finding["decisions"]:
        tools.demand(decision["verdict"] != "CERTIFIED" or kept, "the support is not proved to stay")
        if decision["verdict"] == "IMPOSSIBLE":
            first, second = (ends[k].signs for k in decision["pair"])
            tools.demand(first != second, "a pair does not have different supports or signs")
    return (
        f"{sum(size is not None for size in most)} components enclosed, {impossible} impossible from some digit on, "
        f"{len(ends)} data sets solved"
    )


def _kept(
    fit: _Fit,
    data: dict[str, Any],
    proof: dict[str, Any],
    sizes: Table,
    loose: Sequence[Fraction],
    tools: Any,
) -> list[Fraction]:
    """Return how far each coefficient may move, by Lemma P; refuse unless the support stays for all data."""
    m, chosen = len(sizes), fit.support
    t = [Fraction(float.fromhex(x)) for x in proof["support"]]
    tools.demand(len(t) == m + len(chosen), "an enclosure does not fit")

    def system(rows: Table, one: Fraction, corner: Fraction) -> Table:
        across = [[row[j] for j in chosen] for row in rows]
        first = [[*(one * (i == k) for k in range(m)), *across[i]] for i in range(m)]
        down = [[row[at] for row in across] for at in range(len(chosen))]
        return first + [
            [*line, *(corner * (i == k) for k in range(len(chosen)))] for i, line in enumerate(down)
        ]

    matrix, box = system(fit.table, ONE, -fit.ridge), system(sizes, ZERO, loose[1])
    size = [*map(abs, fit.residual), *(abs(fit.point[j]) for j in chosen)]
    right = [*(row[-1] for row in sizes), *[loose[0]] * len(chosen)]
    tools.lemma_p(matrix, _read(data["inverse"]) or _inverse(matrix, tools), box, size, right, t)
    moves = dict(zip(chosen, t[m:], strict=True))
    tools.demand(all(abs(fit.point[j]) > moves[j] for j in chosen), "a coefficient may reach 0")
    tools.demand(fit.penalty > loose[0] and fit.ridge >= loose[1], "a penalty may reach 0")
    for j, column in enumerate(fit.columns):
        if j not in moves:
            reach = sum(
                (
                    w[j] * abs(r) + rho * (abs(a) + w[j])
                    for w, r, rho, a in zip(sizes, fit.residual, t, column, strict=False)
                ),
                ZERO,
            )
            tools.demand(
                abs(fit.slopes[j]) + reach < fit.penalty - loose[0], "a column may enter the support"
            )
    return [moves.get(j, ZERO) for j in range(len(fit.point))]


def _reach(fit: _Fit, data: dict[str, Any], sizes: Table, loose: Sequence[Fraction], tools: Any) -> Fraction:
    """Return a bound of ‖x' − x‖ for all data: that of the gradient over the modulus of convexity."""
    tools.demand(fit.penalty > loose[0] and fit.ridge >= loose[1], "a penalty may reach 0")
    n, far = len(fit.point), [abs(x) for x in fit.point]
    spread = [row[n] + dot(row[:n], far) for row in sizes]
    gradient = [
        dot([row[j] for row in sizes], [abs(r) for r in fit.residual])
        + dot([abs(a) + row[j] for a, row in zip(column, sizes, strict=True)], spread)
        + loose[0]
        + loose[1] * far[j]
        for j, column in enumerate(fit.columns)
    ]
    modulus, left = fit.ridge - loose[1], _read(data["left"])
    if left is not None:
        tools.demand(len(left) == n and all(len(row) == len(sizes) for row in left), "R does not fit")
        tilts, sheets = turned(sizes), [abs(x) for row in left for x in row]
        rest = [
            abs((i == j) - dot(row, column)) + dot([abs(x) for x in row], tilts[j])
            for i, row in enumerate(left)
            for j, column in enumerate(fit.columns)
        ]
        rho, span = _length(rest), _length(sheets)
        if rho < 1 and span > 0:
            modulus += ((1 - rho) / span) ** 2
    tools.demand(modulus > 0, "the objective is not proved to be strictly convex")
    return _length(gradient) / modulus


def _length(values: Sequence[Fraction]) -> Fraction:
    """Return the Euclidean length of a vector, rounded upwards a little."""
    total = dot(values, values)
    scale = _FINE * max(1, total.denominator // max(total.numerator, 1))
    return Fraction(isqrt(total.numerator * scale**2 // total.denominator) + 1, scale)
