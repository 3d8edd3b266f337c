"""Prove the solutions of instances: the third file of the referee's verifier, of the standard library alone.

`verify_instances.py` loads it from beside itself. Nothing that an instance says of itself is trusted: from its
certificate (basis, signs with the conditions of Karush, Kuhn and Tucker, eigenvector, …) its solutions are proved
again, and that they are all: in Fractions, and in numbers a + b·√h where basis pursuit has noise.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from fractions import Fraction
from functools import total_ordering
from typing import Any

Row = list[Fraction]
Box = tuple[Row, Row]  # least and greatest coordinates
MOST_DIGITS = 10**6
ZERO, ONE = Fraction(0), Fraction(1)


class Unproved(Exception):
    """What is claimed does not follow from the instances, for the reason given."""


def demand(holds: object, reason: str) -> None:
    """Refuse unless something holds."""
    if not holds:
        raise Unproved(reason)


def exact(text: Any) -> Fraction:
    """Read a hexadecimal fraction in lowest terms, as it is written and no other way."""
    p, _, q = str(text).partition("/")
    demand(len(p) + len(q) <= MOST_DIGITS, "a number is too long")
    found = Fraction(int(p, 16), int(q, 16))
    demand(text == f"{found.numerator:x}/{found.denominator:x}", "a number is not written as it should be")
    return found


def read(value: Any) -> Any:
    """Read the numbers in lists of lists."""
    return [read(item) for item in value] if isinstance(value, list) else exact(value)


# --- Linear algebra


def dot(a: Sequence[Fraction], b: Sequence[Fraction]) -> Fraction:
    return sum((x * y for x, y in zip(a, b, strict=True)), ZERO)


def times(rows: Sequence[Row], x: Sequence[Fraction]) -> Row:
    return [dot(row, x) for row in rows]


def turned(rows: Sequence[Row]) -> list[Row]:
    return [list(column) for column in zip(*rows, strict=True)]


def reduced(rows: Sequence[Row]) -> tuple[list[Row], list[int]]:
    """Return the reduced echelon form, by elimination, and the columns of its leading ones."""
    table, leads = [list(row) for row in rows], list[int]()
    for column in range(len(table[0]) if table else 0):
        at = len(leads)
        below = [i for i in range(at, len(table)) if table[i][column]]
        if not below:
            continue
        table[at], table[below[0]] = table[below[0]], table[at]
        table[at] = [x / table[at][column] for x in table[at]]
        for i, row in enumerate(table):
            if i != at and row[column]:
                table[i] = [x - row[column] * y for x, y in zip(row, table[at], strict=True)]
        leads.append(column)
    return table, leads


def solution(rows: Sequence[Row], right: Sequence[Fraction], obligation: str, only: bool = True) -> Row:
    """Return a solution of Ax = b, the only one unless said otherwise."""
    wide = len(rows[0])
    table, leads = reduced([[*row, b] for row, b in zip(rows, right, strict=True)])
    demand(wide not in leads and (not only or len(leads) == wide), obligation)
    found = [ZERO] * wide
    for row, column in zip(table, leads, strict=False):
        found[column] = row[-1]
    return found


def products(columns: Sequence[Row], ridge: Fraction = ZERO) -> list[Row]:
    return [[dot(u, v) + ridge * (i == j) for j, v in enumerate(columns)] for i, u in enumerate(columns)]


# --- Numbers a + b√h


def sign(a: Fraction, b: Fraction, h: Fraction) -> int:
    """Return the sign of a + b√h."""
    signs = {(a > 0) - (a < 0), (b > 0) - (b < 0) if h else 0} - {0}
    if len(signs) < 2:
        return signs.pop() if signs else 0
    larger = a * a - b * b * h
    return ((larger > 0) - (larger < 0)) * (1 if a > 0 else -1)


def rational_root(h: Fraction) -> Fraction | None:
    """Return √h if that is rational."""
    p, q = math.isqrt(h.numerator), math.isqrt(h.denominator)
    return Fraction(p, q) if (p * p, q * q) == (h.numerator, h.denominator) else None


@total_ordering
class Root:
    """The number a + b√h, h ≥ 0: compared with rationals and with others of its sort, by squaring."""

    def __init__(self, a: Fraction, b: Fraction, h: Fraction) -> None:
        self.a, self.b, self.h = a, b, h

    def __add__(self, other: Fraction) -> Root:
        return Root(self.a + other, self.b, self.h)

    def __sub__(self, other: Fraction) -> Root:
        return Root(self.a - other, self.b, self.h)

    def __rsub__(self, other: Fraction) -> Root:
        return Root(other - self.a, -self.b, self.h)

    def __bool__(self) -> bool:
        return sign(self.a, self.b, self.h) != 0

    def __eq__(self, other: object) -> bool:
        return self._against(other) == 0

    def __lt__(self, other: object) -> bool:
        return self._against(other) < 0

    __hash__ = None  # type: ignore[assignment]

    def _against(self, other: Any) -> int:
        """Return the sign of the difference: of u + v√h and w√g, where u, v, w are rational."""
        if not isinstance(other, Root):
            return sign(self.a - other, self.b, self.h)
        u, v, h, w, g = self.a - other.a, self.b, self.h, -other.b, other.h
        left, right = sign(u, v, h), sign(ZERO, w, g)
        if left * right >= 0:
            return left or right
        return left * sign(u * u + v * v * h - w * w * g, 2 * u * v, h)


# --- The solutions of an instance, proved from its certificate: boxes, or answers without a distance


def _program(d: dict[str, Any], proof: dict[str, Any], strict: bool = True) -> list[Box]:
    """Return the minimiser: c·x = π·b + Σ d_j x_j on feasible x, d_j = 0 on the basis and > 0 off it."""
    if "free" in proof:
        return _with_free(d, proof)
    columns, basis = turned(d["A"]), proof["basis"]
    demand(
        sorted(set(basis)) == sorted(basis)
        and len(basis) == len(d["b"])
        and set(basis) <= set(range(len(columns))),
        "its basis is none",
    )
    part = [columns[j] for j in basis]
    values = solution(turned(part), d["b"], "the columns of the basis are dependent")
    prices = solution(part, [d["c"][j] for j in basis], "the columns of the basis are dependent")
    demand(min(values) >= 0, "the basic solution has a negative coordinate")
    costs = [c - dot(prices, column) for c, column in zip(d["c"], columns, strict=True)]
    demand(
        all(cost > 0 or (cost == 0 and not strict) for j, cost in enumerate(costs) if j not in basis),
        "a reduced cost off the basis is not above 0, so that the solution need not be the only one",
    )
    return _one(_placed(len(columns), basis, values))


def _with_free(d: dict[str, Any], proof: dict[str, Any]) -> list[Box]:
    """Return a box of the solutions: blocks of free columns lie between 0 and what a row without negatives allows."""
    free, wide = proof["free"], len(d["c"])
    demand(0 < len(free) == len({*free} & {*range(wide)}), "its free columns are none")
    rows = [i for i, row in enumerate(d["A"]) if any(row[j] for j in free)]
    rest = [j for j in range(wide) if j not in free]
    low, high = [ZERO] * wide, [ZERO] * wide
    for j in free:
        caps = [
            d["b"][i] / d["A"][i][j] for i in rows if d["A"][i][j] > 0 and min(d["A"][i]) >= 0 <= d["b"][i]
        ]
        demand(caps, "no row bounds a free column")
        high[j] = min(caps)
    if rest:
        kept = [i for i in range(len(d["b"])) if i not in rows]
        alone = kept and not any(d["A"][i][j] for i in rows for j in rest)
        demand(alone, "the free columns are no block of their own")
        block = {"c": [d["c"][j] for j in rest], "b": [d["b"][i] for i in kept]}
        block["A"] = [[d["A"][i][j] for j in rest] for i in kept]
        x = _program(block, {"basis": [rest.index(j) for j in proof["basis"] if j in rest]})[0][0]
        for j, value in zip(rest, x, strict=True):
            low[j] = high[j] = value
    return [(low, high)]


def _signed(d: dict[str, Any], proof: dict[str, Any]) -> tuple[list[Row], list[int], list[int], list[Row]]:
    columns, signs = turned(d["A"]), proof["signs"]
    demand(len(signs) == len(columns) and set(signs) <= {-1, 0, 1}, "its signs are none")
    support = [j for j, s in enumerate(signs) if s]
    return columns, signs, support, [columns[j] for j in support]


def _lasso(d: dict[str, Any], proof: dict[str, Any]) -> list[Box]:
    """Return the minimiser: KKT, strictly off the support; its columns are independent, or there is a ridge."""
    columns, signs, support, part = _signed(d, proof)
    penalty, ridge = d["penalty"], d.get("ridge", ZERO)
    demand(penalty > 0 and (ridge > 0 or "ridge" not in d), "a penalty is not positive")
    wanted = [dot(columns[j], d["y"]) - penalty * signs[j] for j in support]
    found = (
        solution(products(part, ridge), wanted, "the columns of the support are dependent") if support else []
    )
    x = _placed(len(columns), support, found)
    demand(all(s * v >= 0 for s, v in zip(signs, x, strict=True)), "a coordinate has another sign")
    residual = [b - a for a, b in zip(times(d["A"], x), d["y"], strict=True)]
    slopes = [abs(dot(column, residual)) for column in columns]
    tight = [column for s, u, column in zip(signs, slopes, columns, strict=True) if s or u == penalty]
    only = ridge > 0 or len(reduced(turned(tight))[1]) == len(tight)
    demand(
        all(s or u < penalty or (u == penalty and only) for s, u in zip(signs, slopes, strict=True)),
        "a column off the support is not strictly inactive, so that the solution need not be the only one",
    )
    return _one(x)


def _pursuit(d: dict[str, Any], proof: dict[str, Any]) -> list[Box]:
    """Return the minimiser: a dual p with A_jᵀp = level·sign on the support, and below the level off it."""
    columns, signs, support, part = _signed(d, proof)
    level = d.get("penalty", ONE)
    demand(level > 0 and support, "its support or its penalty is none")
    fit = [dot(column, d["y"]) for column in part]
    values = solution(products(part), fit, "the columns of the support are dependent")
    x = _placed(len(columns), support, values)
    demand(times(d["A"], x) == d["y"], "no combination of the columns of the support is y")
    demand(all(s * v >= 0 for s, v in zip(signs, x, strict=True)), "a coordinate has another sign")
    dual = read(proof["dual"])
    for s, column in zip(signs, columns, strict=True):
        slope = dot(column, dual)
        demand(slope == s * level if s else abs(slope) < level, "the dual vector does not prove the support")
    demand("penalty" not in d or dot(dual, dual) < 1, "the dual vector is not shorter than 1")
    return _one(x)


def _denoised(d: dict[str, Any], proof: dict[str, Any]) -> list[Box]:
    """Return the minimiser of ‖x‖₁ over ‖Ax − y‖ ≤ η: its residual ρ, ‖ρ‖ = η, has A_jᵀρ = τ·sign on the support and
    |A_jᵀρ| < τ off it, τ > 0, so that ‖z‖₁ ≥ ρ·Az/τ ≥ (ρ·y − η²)/τ for each feasible z, with equality for it alone."""
    columns, signs, support, part = _signed(d, proof)
    noise, right = d["noise"], d["y"]
    demand(noise > 0, "the noise is not positive")
    if not support:
        demand(dot(right, right) <= noise**2, "0 is not feasible")
        return _one([ZERO] * len(columns))
    obligation = "the columns of the support are dependent"
    fit = solution(products(part), [dot(column, right) for column in part], obligation)
    slope = solution(products(part), [Fraction(signs[j]) for j in support], obligation)
    rest = [b - a for a, b in zip(times(turned(part), fit), right, strict=True)]
    along = times(turned(part), slope)
    square = (noise**2 - dot(rest, rest)) / dot(along, along)  # τ²
    demand(square > 0, "no combination of the columns of the support is as near to y as the noise allows")
    found: list[Any] = [ZERO] * len(columns)
    exactly = rational_root(square)
    for j, value, d_j in zip(support, fit, slope, strict=True):
        demand(signs[j] * sign(value, -d_j, square) >= 0, "a coordinate has another sign")
        found[j] = value + -d_j * exactly if exactly is not None else Root(value, -d_j, square)
    for s, column in zip(signs, columns, strict=True):
        u, w = dot(column, rest), dot(column, along)  # A_jᵀρ = u + τw
        strict = sign(u, w - 1, square) < 0 < sign(u, w + 1, square)
        demand(s or strict, "a column off the support is not strictly inactive")
    return _one(found)


def _squares(d: dict[str, Any], proof: dict[str, Any]) -> list[Box]:
    columns = turned(d["A"])
    right = [dot(column, d["y"]) for column in columns]
    return _one(solution(products(columns), right, "the columns of A are dependent"))


def _shortest(d: dict[str, Any], proof: dict[str, Any]) -> list[Box]:
    """Return Aᵀz with AᵀA·Aᵀz = Aᵀy: it solves the normal equations and lies in the row space."""
    columns = turned(d["A"])
    onto = [[dot(row, other) for other in d["A"]] for row in products(columns)]
    right = [dot(column, d["y"]) for column in columns]
    z = solution(onto, right, "the normal equations have no solution in the row space", only=False)
    return _one([dot(column, z) for column in columns])


def _rank(d: dict[str, Any], proof: dict[str, Any]) -> list[Any]:
    return [["int", hex(len(reduced(d["A"])[1]))]]


def _projector(d: dict[str, Any], proof: dict[str, Any]) -> list[Box]:
    v, rows = read(proof["eigenvector"]), d["A"]
    right = [len(row) for row in rows] == [2, 2] and rows[0][1] == rows[1][0]
    demand(right and len(v) == 2 and any(v), "A is no symmetric 2 × 2 matrix, or the eigenvector none")
    largest = dot(times(rows, v), v) / dot(v, v)
    demand(times(rows, v) == [largest * x for x in v], "the vector is no eigenvector")
    demand(rows[0][0] + rows[1][1] - largest < largest, "its eigenvalue is not the larger one, alone")
    return _one([a * b / dot(v, v) for a in v for b in v])


def definite(rows: Sequence[Row]) -> int:
    """Return the rank of a symmetric matrix without negative eigenvalues, by elimination; −1 if it has one."""
    table, rank = [list(row) for row in rows], 0
    for i, row in enumerate(table):
        if row[i] < 0 or (row[i] == 0 and any(row[i + 1 :])):
            return -1
        rank += row[i] > 0
        for other in table[i + 1 :] if row[i] else ():
            factor = other[i] / row[i]
            other[:] = [x - factor * y for x, y in zip(other, row, strict=True)]
    return rank


def _cone(d: dict[str, Any], proof: dict[str, Any]) -> list[Box]:
    """Return vvᵀ/‖v‖², the minimiser of ⟨C, X⟩ over X ⪰ 0, tr X = 1: C − λI ⪰ 0 has no kernel but the line of v."""
    v, rows = read(proof["eigenvector"]), d["C"]
    demand(
        turned(rows) == rows and len(v) == len(rows) and any(v), "C is not symmetric, or the eigenvector none"
    )
    least = dot(times(rows, v), v) / dot(v, v)
    demand(times(rows, v) == [least * x for x in v], "the vector is no eigenvector")
    moved = [[x - least * (i == j) for j, x in enumerate(row)] for i, row in enumerate(rows)]
    demand(definite(moved) == len(rows) - 1, "its eigenvalue is not the least one, alone")
    return _one([a * b / dot(v, v) for a in v for b in v])


def _meets(d: dict[str, Any], proof: dict[str, Any]) -> list[Any]:
    """Return whether some x has A + xB ⪰ 0: x shows it; Z ⪰ 0, or v and u, show that there is none."""
    a, b = d["A"], d["B"]
    demand(turned(a) == a and turned(b) == b and len(a) == len(b), "A or B is no symmetric matrix")
    if "point" in proof:
        x = read(proof["point"])
        made = [[p + x * q for p, q in zip(*rows, strict=True)] for rows in zip(a, b, strict=True)]
        demand(definite(made) >= 0, "at the point a pivot is negative")
        return [["str", "yes"]]
    if "refutation" in proof:
        z = read(proof["refutation"])
        on = [sum(map(dot, rows, z), ZERO) for rows in (a, b)]
        demand(turned(z) == z and len(z) == len(a) and definite(z) >= 0, "Z is not semidefinite")
        demand(on[0] < 0 == on[1], "Z refutes nothing")
        return [["str", "no"]]
    v, u = read(proof["vectors"])
    forms = [dot(v, times(a, v)), dot(v, times(b, v)), dot(u, times(b, v))]
    demand(not any(forms) and dot(u, times(a, v)) and len(v) == len(u) == len(a), "v and u refute nothing")
    return [["str", "no"]]


def _least(d: dict[str, Any], proof: dict[str, Any]) -> list[Box]:
    points = read(proof["points"])
    demand(len(points) == len(d["values"]), "there are not as many points as values")
    return [(x, x) for x, value in zip(points, d["values"], strict=True) if value == min(d["values"])]


def _root(d: dict[str, Any], proof: dict[str, Any]) -> list[Box]:
    """Return every root of the function that is linear between its nodes."""
    nodes, found = read(proof["nodes"]), list[Box]()
    rising = all(a < b for a, b in itertools.pairwise(nodes)) and len(nodes) == len(d["values"])
    demand(rising, "its nodes are none")
    for (a, f), (b, g) in itertools.pairwise(zip(nodes, d["values"], strict=True)):
        if f == g == 0:
            found.append(([a], [b]))
        elif f * g <= 0:
            found.append(([a + (b - a) * f / (f - g)],) * 2)
    demand(found, "there is no root between the nodes")
    wide = [box for box in found if box[0] != box[1]]
    alone = [box for box in found if box not in wide and not any(w[0] <= box[0] <= w[1] for w in wide)]
    return [*wide, *(box for i, box in enumerate(alone) if box not in alone[:i])]


def _one(x: Row) -> list[Box]:
    return [(x, x)]


def _placed(size: int, places: Sequence[int], values: Row) -> Row:
    found = dict(zip(places, values, strict=True))
    return [found.get(j, ZERO) for j in range(size)]


PROVED = {
    "lp": (_program, "c A b"),
    "basis-pursuit": (_pursuit, "A y"),
    "basis-pursuit-denoising": (_denoised, "A y noise"),
    "lasso": (_lasso, "A y penalty"),
    "sqrt-lasso": (_pursuit, "A y penalty"),
    "elastic-net": (_lasso, "A y penalty ridge"),
    "least-squares": (_squares, "A y"),
    "minimum-norm": (_shortest, "A y"),
    "rank": (_rank, "A"),
    "projector": (_projector, "A"),
    "sdp": (_cone, "C"),
    "sdp-feasible": (_meets, "A B"),
    "argmin": (_least, "values"),
    "root": (_root, "values"),
}
QUESTIONS = ("support", "decision", "optimum")


def solutions(kind: str, of: str, data: dict[str, Any], proof: dict[str, Any]) -> list[Any]:
    """Return the boxes, or the answers without a distance, that are right on an instance."""
    inner = of if kind in QUESTIONS else kind
    demand(inner in PROVED and (kind in PROVED or kind in QUESTIONS), f"nothing here proves the kind {kind}")
    prove, names = PROVED[inner]
    demand(" ".join(data) == names, f"an instance of the kind {inner} has other data")
    if inner == "lp" and kind in ("decision", "optimum"):
        found: list[Any] = _program(data, proof, strict=False)  # the least value, whatever has it
    else:
        found = prove(data, proof)
    if kind not in QUESTIONS:
        return found
    demand(inner != "rank" and len(found) == 1 and found[0][0] == found[0][1], "it has not one solution")
    x = found[0][0]
    if kind == "support":
        return [["tuple", *(hex(j) for j, value in enumerate(x) if value)]]
    demand(inner == "lp", "the question is about no linear program")
    least = dot(data["c"], x)
    if kind == "optimum":
        return _one([least])
    return [["str", "yes" if least >= exact(proof["threshold"]) else "no"]]
