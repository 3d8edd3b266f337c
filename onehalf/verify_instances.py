"""Check a problem stated by instances: the second file of the referee's verifier, of the standard library alone.

    python onehalf/verify_instances.py BOUND.json     (written by: onehalf prove PROBLEM --bound BOUND.json)

Nothing that the file says of itself is trusted, and every number is a Fraction. Of each instance the certificate is
checked again (basis, signs with the conditions of Karush, Kuhn and Tucker, eigenvector, …), which proves its
solutions; then to how many digits the oracle can answer alike, and the game: no answer is right on more than v of the
adversary's weight, and the player's answers are right with probability v. `verify_standalone.py` does the same for a
certificate that holds trials on such a problem (docs/certificates.md, docs/problems.md: G1, G3, Theorem R).
"""

from __future__ import annotations

import hashlib
import itertools
import json
import sys
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

Row = list[Fraction]
Box = tuple[Row, Row]  # least and greatest coordinates
POLICIES = ("honest", "blind", "decoy", "midpoint")
MOST_DIGITS, LARGEST = 10**6, 64 * 10**6
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


# --- The solutions of an instance, proved from its certificate: boxes, or answers without a distance


def _program(d: dict[str, Any], proof: dict[str, Any], strict: bool = True) -> list[Box]:
    """Return the minimiser: c·x = π·b + Σ d_j x_j on feasible x, d_j = 0 on the basis and > 0 off it."""
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


def _labels(d: dict[str, Any], proof: dict[str, Any]) -> list[Any]:
    """Return the labels of the points, place by place: one stands at each."""
    labels, places = proof["labels"], [tuple(place) for place in read(proof["places"])]
    found = dict(zip(map(tuple, d["X"]), read(labels), strict=True))
    alone = len(found) == len(labels) == len(places) and set(found) == set(places)
    demand(alone and all(x.denominator == 1 for x in found.values()), "no point stands alone at each place")
    return [["tuple", *(hex(int(found[place])) for place in places)]]


def _one(x: Row) -> list[Box]:
    return [(x, x)]


def _placed(size: int, places: Sequence[int], values: Row) -> Row:
    found = dict(zip(places, values, strict=True))
    return [found.get(j, ZERO) for j in range(size)]


PROVED = {
    "lp": (_program, "c A b"),
    "basis-pursuit": (_pursuit, "A y"),
    "lasso": (_lasso, "A y penalty"),
    "sqrt-lasso": (_pursuit, "A y penalty"),
    "elastic-net": (_lasso, "A y penalty ridge"),
    "least-squares": (_squares, "A y"),
    "minimum-norm": (_shortest, "A y"),
    "rank": (_rank, "A"),
    "projector": (_projector, "A"),
    "argmin": (_least, "values"),
    "root": (_root, "values"),
    "training-set": (_labels, "X"),
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
    demand(
        inner not in ("rank", "training-set") and len(found) == 1 and found[0][0] == found[0][1],
        "it has not one solution",
    )
    x = found[0][0]
    if kind == "support":
        return [["tuple", *(hex(j) for j, value in enumerate(x) if value)]]
    demand(inner == "lp", "the question is about no linear program")
    least = dot(data["c"], x)
    if kind == "optimum":
        return _one([least])
    return [["str", "yes" if least >= exact(proof["threshold"]) else "no"]]


# --- Answers of an oracle (G1)


def log2(x: Fraction) -> int:
    """Return the largest n with 2^n ≤ x, −1 where x < 1."""
    return (x.numerator // x.denominator).bit_length() - 1


def multiple(x: Fraction, bits: int) -> int:
    """Return m of the nearest multiple m·2^-bits, ties to even."""
    whole, rest = divmod(x.numerator << bits, x.denominator)
    return whole + (2 * rest > x.denominator or (2 * rest == x.denominator and whole % 2))


def nearest(x: Fraction, bits: int) -> Fraction:
    """Return the nearest multiple of 2^-bits, ties to even."""
    return Fraction(multiple(x, bits), 2**bits)


def dyadic(x: Fraction) -> bool:
    return x.denominator & (x.denominator - 1) == 0


def rounded(x: Fraction, radius: Fraction) -> Fraction:
    """Return a number itself where it is m/2^n, else one within a radius."""
    return x if dyadic(x) else nearest(x, max(log2(1 / radius) + 1 if radius < 1 else -log2(radius), 0))


def shown(policy: str, values: Sequence[Fraction]) -> Fraction:
    """Return what blind, decoy and midpoint oracles show of an entry in which instances differ."""
    low, high = min(values), max(values)
    if policy == "decoy":
        return rounded(values[0], (high - low) / 8)
    if policy == "midpoint":
        n, middle = log2(2 / (high - low)), (low + high) / 2
        n -= n >= 0 and (high - low) * 2**n == 2 and not dyadic(middle)
        slack = Fraction(2) ** -max(n, 0) - (high - low) / 2
        return rounded(middle, slack if slack > 0 else high - low)
    # Of the numbers between, the one with the fewest digits after the point; of integers, that nearest to 0.
    few, enough = -1, max(log2(1 / (high - low)), 0) + 1
    while enough - few > 1:
        bits = (few + enough) // 2
        few, enough = (few, bits) if _within_digits(low, high, bits) else (bits, enough)
    first, last = (
        -((-low.numerator << enough) // low.denominator),
        (high.numerator << enough) // high.denominator,
    )
    return Fraction(first if enough else min(max(0, first), last), 2**enough)


def _within_digits(low: Fraction, high: Fraction, bits: int) -> bool:
    """Tell whether a multiple of 2^-bits lies between."""
    return -((-low.numerator << bits) // low.denominator) <= (high.numerator << bits) // high.denominator


# --- The problem


class Stated:
    """A problem stated by instances, checked: inputs, oracles, verdicts and the bound that they prove."""

    theorem = "1"

    def __init__(self, written: dict[str, Any]) -> None:
        form = {"kind", "of", "norm", "digits", "inputs", "adversary", "value", "player", "apart"}
        demand(set(written) == form, "an entry of the instances is missing or unknown")
        self.kind, inputs = written["kind"], written["inputs"]
        demand(len(inputs) > 1, "there are not two instances")
        self.names = [str(j + 1) for j in range(len(inputs))]
        demand(type(written["digits"]) is int and abs(written["digits"]) <= 10**4, "its digits are none")
        self.radius, self.norm = Fraction(10) ** -written["digits"], written["norm"]
        shapes, self.tables, self.right = list[Any](), list[Row](), list[list[Any]]()
        for name, each in zip(self.names, inputs, strict=True):
            data = {part: read(value) for part, value in each["data"]}
            shapes.append([(part, _shape(value)) for part, value in data.items()])
            self.tables.append([x for value in data.values() for x in _flat(value)])
            try:
                self.right.append(solutions(self.kind, written["of"], data, each["proof"]))
            except Unproved as error:
                raise Unproved(f"instance {name}: {error}") from error
        fixed = ("points", "nodes", "threshold", "labels", "places")
        exactly = [{n: each["proof"].get(n) for n in fixed} for each in inputs]
        alike = all(shape == shapes[0] for shape in shapes) and all(e == exactly[0] for e in exactly)
        demand(alike, "the instances are not of one shape, or what is known exactly differs")
        demand(len(set(map(tuple, self.tables))) == len(inputs), "two instances have the same data")
        self.shape = (1, len(self.tables[0]))
        columns = list(zip(*self.tables, strict=True))
        self.differs = {i: columns[i] for i in range(len(columns)) if len(set(columns[i])) > 1}
        self.points = isinstance(self.right[0][0], tuple)
        demand(
            all(isinstance(one, tuple) == self.points for found in self.right for one in found),
            "answers differ",
        )
        single = not self.points or all(
            len(found) == 1 and found[0][0] == found[0][1] for found in self.right
        )
        demand(
            self.norm == "max" or (self.norm == "euclidean" and single), "its norm is none for such answers"
        )
        self.shows, self.depths, self._legal = (
            dict[str, dict[int, Fraction]](),
            dict[str, int](),
            dict[str, int](),
        )
        for policy in POLICIES:
            self._couple(policy)
        demand(
            self.depths,
            "no oracle answers alike on all instances, not even to no digit: they are not coupled",
        )
        self._play(written)

    # The oracle

    def _couple(self, policy: str) -> None:
        """Find the depth to which a policy answers alike on all instances."""
        depth = legal = -1
        ends = [(min(values), max(values)) for values in self.differs.values()]
        if policy != "honest":
            self.shows[policy] = {i: shown(policy, values) for i, values in self.differs.items()}
            far = [max(abs(v - self.shows[policy][i]) for v in values) for i, values in self.differs.items()]
            depth = legal = min(log2(1 / x) for x in far)
            if legal < 0:
                return
        while all(multiple(low, depth + 1) == multiple(high, depth + 1) for low, high in ends):
            depth += 1
        if depth >= 0:
            self.depths[policy], self._legal[policy] = depth, legal

    def sensitive(self, column: int) -> bool:
        """Tell whether the instances differ in an entry."""
        return column in self.differs

    def value(self, name: str, row: int, column: int) -> Fraction:
        """Return an entry of an input."""
        return self.tables[int(name) - 1][column]

    def answer(self, policy: str, name: str, row: int, column: int, bits: int) -> Fraction:
        """Return what the policy shows."""
        if policy != "honest" and column in self.differs and bits <= self._legal[policy]:
            return self.shows[policy][column]
        return nearest(self.value(name, row, column), bits)

    # Verdicts

    def accepts(self, output: Any, name: str) -> bool:
        """Tell whether an output, as a certificate writes it, is right on an input."""
        found = self.right[int(name) - 1]
        if not self.points:
            return bool(any(output == right for right in found))
        x = [self._number(text) for text in output]
        demand(len(x) == len(found[0][0]), "an output is no point")
        return any(self._within(x, box) for box in found)

    def _number(self, text: str) -> Fraction:
        if "/" in text:
            return exact(text)
        found = float.fromhex(text)
        demand(found.hex() == text, "a number is not written as it should be")
        return Fraction(found)

    def _within(self, x: Row, box: Box) -> bool:
        gaps = [max(low - a, a - high, ZERO) for a, low, high in zip(x, *box, strict=True)]
        return bool(max(gaps) <= self.radius if self.norm == "max" else dot(gaps, gaps) <= self.radius**2)

    # The game (G3)

    @property
    def breadth(self) -> Fraction:
        """1/v."""
        return 1 / self.bound

    def exclusive(self) -> bool:
        """Tell whether something limits success."""
        return self.bound < 1

    def _play(self, written: dict[str, Any]) -> None:
        """Check that the value is v: the adversary's weights prove it an upper bound, the player's answers a lower."""
        self.bound, weights = exact(written["value"]), read(written["adversary"])
        size = len(self.names)
        q = len(weights) == size and sum(weights) == 1 and min(weights) >= 0 and 0 < self.bound <= 1
        demand(q, "the adversary's weights are none")
        self.apart = [self._proved_apart(members) for members in written["apart"]]
        places = sorted(range(size), key=lambda j: -weights[j])
        self._search(places, weights, ZERO, (), None)
        served, total = [ZERO] * size, ZERO
        for share, answer in written["player"]:
            weight = exact(share)
            demand(weight >= 0, "the player's weights are none")
            total += weight
            for j, name in enumerate(self.names):
                served[j] += weight if self.accepts(answer, name) else 0
        demand(
            total == 1 and min(served) >= self.bound,
            "the player's answers do not attain the value: it is another",
        )

    def _search(self, left: list[int], q: Row, mass: Fraction, chosen: tuple[int, ...], cells: Any) -> None:
        """Refuse if some instances with a common answer weigh more than v; what cannot is not tried."""
        some = ", ".join(str(j + 1) for j in sorted(chosen))
        demand(
            mass <= self.bound,
            f"an answer may be right on the instances {some}, whose weight is {mass}: the value is not {self.bound}",
        )
        for at, j in enumerate(left):
            if mass + sum((q[i] for i in left[at:]), ZERO) <= self.bound:
                return
            met = self._met(cells, chosen, j)
            if met:
                self._search(left[at + 1 :], q, mass + q[j], (*chosen, j), met)

    def _met(self, cells: Any, chosen: tuple[int, ...], j: int) -> Any:
        """Return what is right on the instances chosen and on one more, or whether there may be such."""
        if not self.points:
            return [a for a in self.right[j] if cells is None or a in cells]
        if self.norm == "euclidean":
            return not any(members <= {*chosen, j} for members in self.apart)
        wide = [
            ([a - self.radius for a in low], [b + self.radius for b in high]) for low, high in self.right[j]
        ]
        if cells is None:
            return wide
        meet = [
            ([max(p) for p in zip(u[0], v[0], strict=True)], [min(p) for p in zip(u[1], v[1], strict=True)])
            for u, v in itertools.product(cells, wide)
        ]
        return [box for box in meet if all(a <= b for a, b in zip(*box, strict=True))]

    def _proved_apart(self, members: list[Any]) -> set[int]:
        """Check that balls about some points do not meet: Σ w|x − y|² ≥ Σ w|x|² − |Σ wx|² > r² for every y, Σ w = 1."""
        weights = [exact(w) for _, w in members]
        points = [self.right[j][0][0] for j, _ in members]
        demand(
            self.norm == "euclidean" and sum(weights) == 1 and min(weights) >= 0, "weights of a set are none"
        )
        mean = times(turned(points), weights)
        spread = sum((w * dot(x, x) for w, x in zip(weights, points, strict=True)), ZERO) - dot(mean, mean)
        demand(spread > self.radius**2, "instances that are said to have no common answer may have one")
        return {j for j, _ in members}


def _shape(value: Any) -> tuple[int, ...]:
    return (len(value), *(_shape(value[0]) if value else ())) if isinstance(value, list) else ()


def _flat(value: Any) -> Row:
    return [x for part in value for x in _flat(part)] if isinstance(value, list) else [value]


def fingerprint(written: dict[str, Any]) -> str:
    """Return the SHA-256 of stated instances."""
    text = json.dumps(written, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def stated(written: Any) -> Stated:
    """Return a problem stated by instances if all that is said of them holds, or raise `Unproved`."""
    try:
        return Stated(written)
    except Unproved:
        raise
    except (
        ValueError,
        KeyError,
        TypeError,
        IndexError,
        AttributeError,
        ZeroDivisionError,
        OverflowError,
    ) as error:
        raise Unproved(f"the instances are malformed ({type(error).__name__}: {error})") from error


def verify_bound(text: str) -> str:
    """Return the sentence that a bound.json proves, or raise `Unproved`."""
    try:
        demand(len(text) <= LARGEST, "it is too long")
        document = json.loads(text)
        demand(isinstance(document, dict) and document.get("bound") == 1, "it is no bound of version 1")
        demand(set(document) == {"bound", "problem", "stated"}, "an entry is missing or unknown")
        problem = stated(document["stated"])
        name = str(document["problem"])
        demand(name.isprintable() and 0 < len(name) <= 400, "the problem's name is none")
    except (ValueError, RecursionError) as error:
        raise Unproved(f"it is no JSON ({error})") from error
    depths = ", ".join(f"{policy} {depth}" for policy, depth in problem.depths.items())
    v, number = problem.bound, len(problem.names)
    least = (
        f"every algorithm is right with probability at most {v} + {1 - v}·t on one of them, t the chance that it reads "
        "further; and one that asks nothing attains this for t = 0"
        if v < 1
        else "one answer is right on all of them, so that nothing limits an algorithm"
    )
    return (
        f"{name}: {number} instances of the kind {problem.kind} (SHA-256 {fingerprint(document['stated'])[:12]}), each "
        f"with its solutions proved, are answered alike to these digits: {depths}. To that depth {least}."
    )


def main(arguments: list[str]) -> int:
    """Check the file that is named, print one line, and return the exit status."""
    try:
        with open(arguments[0], "rb") as file:
            body = file.read(4 * LARGEST + 1)
    except (OSError, IndexError):
        print("usage: python verify_instances.py BOUND.json, a file that can be read", file=sys.stderr)
        return 1
    try:
        print("verified:", verify_bound(body.decode(errors="replace")))
    except Unproved as refusal:
        print(f"refused: {refusal}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
