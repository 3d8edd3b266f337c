"""Check an audit.json again: a referee's file, which imports nothing but the standard library.

    python onehalf/verify_audit.py results/audit-model.mps/audit.json

Everything is rational arithmetic. Of a linear program, each enclosure is proved anew (Lemma P: with Q near the inverse
of the kernel M, C = |I − QM| + |Q|W and u = |Q|(g + W|x|), u + Ct < t gives |x' − x| ≤ t for all data within W, g),
and each data set of a pair is solved from its basis: within the radii, feasible, and the only minimiser by strict
reduced costs; of a vertex that several bases share by verify_vertex.py beside this file. Of a regression the same, by
verify_regression.py; of a trained network every line is walked again, by verify_network.py; of a training set, every
pair, place and box. That the shown numbers are those of the file named is not checked.
"""

from __future__ import annotations

import importlib.util
import json
import re
import sys
from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations
from math import lcm
from operator import mul
from pathlib import Path
from typing import Any

LARGEST = 1 << 26
_TEN = Fraction(10)
_POWER = re.compile(r"^[-+\s]*[0-9._]*[eE]\+?-?([0-9_]+)\s*$")
_MOST, _LINE = 5_000, 2_000
_PRIMES = (2**61 - 1, 2**89 - 1, 2**107 - 1)


class RefusedAudit(Exception):
    """What is claimed does not follow from what the file holds."""


def demand(condition: bool, words: str) -> None:
    """Refuse unless a condition holds."""
    if not condition:
        raise RefusedAudit(words)


def verify_audit(text: str) -> list[str]:
    """Return what was verified, a sentence for each reading, or raise `RefusedAudit`; all of it can be printed."""
    try:
        demand(len(text) <= LARGEST, f"is longer than {LARGEST:,} characters")
        document = json.loads(text)
        _demand_short(document)
        demand(isinstance(document, dict) and document.get("audit") == 1, "is no audit of version 1")
        demand("data" in document, "holds no data: give the audit.json that the command wrote")
        kinds = {
            "linear program": _check_program,
            "training set": _check_table,
            **dict.fromkeys(("least squares", "LASSO", "elastic net"), _check_regression),
        }
        kind = document["kind"]
        if kind == "trained network":
            found = _beside("verify_network").check(
                document["data"], document["findings"], sys.modules[__name__]
            )
            return [_printable(line) for line in found]
        demand(kind in kinds, f"audits of a {kind} hold no proof that is checked here")
        said = [f"{f['radii']}: {kinds[kind](document['data'], f)}" for f in document["findings"]]
        return [_printable(line) for line in said]
    except RefusedAudit as refusal:
        raise RefusedAudit(_printable(str(refusal))) from None
    except Exception as error:
        raise RefusedAudit(f"is malformed: {type(error).__name__}: {_printable(str(error))}") from error


def _demand_short(value: Any) -> None:
    """Refuse texts that would be numbers of more than some thousands of digits; `json` refuses such integers."""
    if isinstance(value, dict):
        for key, each in value.items():
            _demand_short([key, each])
    elif isinstance(value, list):
        for each in value:
            _demand_short(each)
    elif isinstance(value, str) and (power := _POWER.search(value)):
        demand(len(power[1]) <= 5 and int(power[1]) <= _MOST, "a number is too large to be checked")


def _printable(text: str) -> str:
    """Return a text with what a terminal would obey spelled out, and cut where it is long."""
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text[:_LINE])
    return shown + "…" * (len(text) > _LINE)


# --- Training sets (Theorem T)


def _check_table(data: dict[str, Any], finding: dict[str, Any]) -> str:
    values = [[Fraction(x) for x in row] for row in data["values"]]
    labels, count = data["labels"], len(data["values"])
    proof, facts = finding["proof"], finding["facts"]
    given = proof["radii"]
    radii = [[Fraction(w) for w in row] for row in (given if isinstance(given[0], list) else [given] * count)]
    demand(len(labels) == count == len(radii) == facts["points"], "the table, labels and radii do not fit")
    demand(all(w >= 0 for row in radii for w in row), "a radius is negative")
    boxes = [[(x - w, x + w) for x, w in zip(p, r, strict=True)] for p, r in zip(values, radii, strict=True)]
    points = [tuple(Fraction(x) for x in row) for row in proof["points"]]
    demand(len(points) == count, "an adversarial data set has another number of points")
    demand(all(_inside(p, box) for p, box in zip(points, boxes, strict=True)), "a point lies outside its box")
    used: set[int] = set()
    for exchange in proof["exchanges"]:
        i, j = exchange["points"]
        here, there = (tuple(Fraction(x) for x in place) for place in exchange["places"])
        demand(not {i, j} & used and i != j and labels[i] != labels[j], "pairs meet, or have one label")
        demand(here != there and (points[i], points[j]) == (here, there), "a pair's places are not two")
        demand(all(_inside(p, boxes[k]) for p in (here, there) for k in (i, j)), "a place is outside a box")
        used |= {i, j}
    for i, j in proof["contradictions"]:
        demand(not {i, j} & used and labels[i] != labels[j], "pairs meet, or have one label")
        demand(values[i] == values[j] and not any(radii[i] + radii[j]), "a contradiction is none")
        used |= {i, j}
    known: dict[tuple[Fraction, ...], int] = {}
    contradicting = {k for pair in proof["contradictions"] for k in pair}
    for k, place in enumerate(points):
        other = known.setdefault(place, k)
        same = other != k and not (k in contradicting or other in contradicting)
        demand(
            not same or (not proof["distinct"] and labels[other] == labels[k]),
            "two points stand at one place",
        )
    pairs = len(proof["exchanges"]) + len(proof["contradictions"])
    success, words = Fraction(0), []
    if not proof["contradictions"]:
        success = Fraction(1, 2**pairs)
    touching = [
        (i, j)
        for i, j in combinations(range(count), 2)
        if labels[i] != labels[j] and _touch(boxes[i], boxes[j])
    ]
    if not pairs and any(any(radii[i]) and any(radii[j]) for i, j in touching):
        success = Fraction(1, 2)
    demand(facts["pairs"] == pairs, "the number of pairs is another")
    demand(Fraction(facts["success_at_most"]) >= success, "the success claimed is below what is proved")
    demand(
        Fraction(facts["accuracy_at_most"]) >= 1 - Fraction(pairs, count),
        "the accuracy is below what is proved",
    )
    for decision in finding["decisions"]:
        if decision["verdict"] == "CERTIFIED":
            demand(not touching, "boxes of different labels meet: nothing is certified")
            words.append("boxes of different labels are disjoint")
        elif decision["verdict"] == "IMPOSSIBLE":
            demand(success < 1, "nothing impossible is proved")
            words.append(
                f"{pairs} disjoint pairs, success at most {success}, accuracy at most {1 - Fraction(pairs, count)}"
            )
    return "; ".join(words) or "nothing is claimed"


def _inside(point: Sequence[Fraction], box: Sequence[tuple[Fraction, Fraction]]) -> bool:
    return all(low <= x <= high for x, (low, high) in zip(point, box, strict=True))


def _touch(one: Sequence[tuple[Fraction, Fraction]], other: Sequence[tuple[Fraction, Fraction]]) -> bool:
    return all(a <= d and c <= b for (a, b), (c, d) in zip(one, other, strict=True))


# --- Regressions and networks: files beside this one


def _check_regression(data: dict[str, Any], finding: dict[str, Any]) -> str:
    return str(_beside("verify_regression").check(data, finding, sys.modules[__name__]))


def _beside(name: str) -> Any:
    path = Path(__file__).with_name(f"{name}.py")
    found = importlib.util.spec_from_file_location(name, path)
    demand(path.exists(), f"{name}.py, which proves audits of this kind, is not beside this file")
    assert found is not None and found.loader is not None  # noqa: PT018
    module = importlib.util.module_from_spec(found)
    sys.modules[name] = module
    found.loader.exec_module(module)
    return module


# --- Linear programs


class Model:
    """min c·x, Ax = s, limits on x and s (variables 0..n−1 and n..n+m−1), exactly."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.n, self.m = len(data["columns"]), len(data["rows"])
        self.offset = Fraction(data["offset"])
        self.sign = -1 if data["sense"] == "maximise" else 1
        self.keys = [(kind, i, j) for kind, i, j, _ in data["entries"]]
        demand(len(set(self.keys)) == len(self.keys), "an entry stands twice")
        self.values = {(kind, i, j): Fraction(x) for kind, i, j, x in data["entries"]}
        self.limits = {
            side: [None if x is None else Fraction(x) for x in data["limits"][side]]
            for side in ("bl", "bu", "xl", "xu")
        }
        fitting = [len(self.limits[side]) for side in self.limits] == [self.m, self.m, self.n, self.n]
        demand(fitting, "limits do not fit")
        self.cost = [Fraction(0)] * self.n
        self.columns: list[dict[int, Fraction]] = [{} for _ in range(self.n)]
        for (kind, i, j), x in self.values.items():
            if kind == "c":
                self.cost[i] = self.sign * x
            elif kind == "A" and x:
                self.columns[j][i] = x
            else:
                sides = {"b": ("bl", "bu"), "xf": ("xl", "xu")}.get(kind, (kind,))
                ranged = kind in ("b", "r") and ("r", i, 0) in self.values
                demand(
                    kind in ["A", "o", "r"] or ranged or all(self.limits[s][i] == x for s in sides),
                    "a limit differs",
                )

    def moved(self, signs: str, radii: dict[tuple[str, int, int], Fraction]) -> Model:
        """Return the program in which data lie at ends of their intervals."""
        demand(len(signs) == len(self.keys) and set(signs) <= set("0+-"), "the moves do not fit the data")
        other = Model.__new__(Model)
        other.__dict__ |= self.__dict__
        other.cost, other.columns = list(self.cost), [dict(column) for column in self.columns]
        other.limits = {side: list(row) for side, row in self.limits.items()}
        for key, sign in zip(self.keys, signs, strict=True):
            if sign == "0":
                continue
            kind, i, j = key
            step = radii[key] if sign == "+" else -radii[key]
            if kind == "c":
                other.cost[i] += step
            elif kind == "A":
                other.columns[j][i] = self.values[key] + step
            else:
                both = {("bl", i, 0), ("bu", i, 0)} <= self.values.keys()
                known = kind in ("b", "bl", "bu", "xl", "xu", "xf")
                demand(known, "what is moved is no datum of the program")
                demand(not (kind[0] == "b" and (both or ("r", i, 0) in self.values)), "a ranged row is moved")
                for side in {"b": ("bl", "bu"), "xf": ("xl", "xu")}.get(kind, (kind,)):
                    other.limits[side][i] = self.values[key] + step
        return other

    def bar(self, index: int, upper: bool) -> Fraction | None:
        """Return a limit of a column or an activity."""
        side = "xb"[index >= self.n] + "lu"[upper]
        return self.limits[side][index - self.n * (index >= self.n)]

    def activities(self, point: Sequence[Fraction]) -> list[Fraction]:
        """Return Ax."""
        values, common = over_one(point)
        rows: list[list[tuple[Fraction, int]]] = [[] for _ in range(self.m)]
        for x, column in zip(values, self.columns, strict=True):
            for i, a in column.items() if x else ():
                rows[i].append((a, x))
        return [weighed(row, common) for row in rows]

    def feasible(self, point: Sequence[Fraction]) -> bool:
        """Tell whether all limits hold."""
        return all(
            ((low := self.bar(k, False)) is None or x >= low)
            and ((high := self.bar(k, True)) is None or x <= high)
            for k, x in enumerate([*point, *self.activities(point)])
        )


class Corner:
    """A basis of a program: its kernel, point, duals, and how far each reduced cost is on the right side."""

    def __init__(self, model: Model, basis: dict[str, Any]) -> None:
        n = model.n
        self.states = {int(k): str(v) for k, v in basis["states"].items()}
        basic = [int(k) for k in basis["basic"]]
        once = sorted([*basic, *self.states]) == list(range(n + model.m))
        demand(once, "the basis does not name every variable once")
        self.basic, self.model = basic, model
        self.inner = [j for j in basic if j < n]
        self.rows = [k - n for k in sorted(self.states) if k >= n]
        demand(len(self.inner) == len(self.rows), "the kernel is not square")
        self.point = [Fraction(0)] * n
        stand: dict[int, Fraction] = {}
        for k, state in self.states.items():
            at = Fraction(0) if state == "f" else model.bar(k, state == "u")
            demand(at is not None, "a variable stands at a limit that it does not have")
            assert at is not None
            stand[k] = at
            if k < n:
                self.point[k] = at
        self.kernel = [[model.columns[j].get(i, Fraction(0)) for j in self.inner] for i in self.rows]
        outside = model.activities(self.point)
        right = [[stand[n + i] - outside[i]] for i in self.rows]
        for j, (x,) in zip(self.inner, solved(self.kernel, right), strict=True):
            self.point[j] = x
        self.duals = [Fraction(0)] * model.m
        for i, (y,) in zip(
            self.rows, solved(_turned(self.kernel), [[model.cost[j]] for j in self.inner]), strict=True
        ):
            self.duals[i] = y
        self.prices, self.unit = over_one(self.duals)
        self.slack = {k: self._slack(k) for k in self.states if not self._fixed(k)}

    def _fixed(self, k: int) -> bool:
        low = self.model.bar(k, False)
        return low is not None and low == self.model.bar(k, True)

    def _slack(self, k: int) -> Fraction:
        reduced = self.reduced(k)
        return reduced if self.states[k] == "l" else -reduced if self.states[k] == "u" else -abs(reduced)

    def reduced(self, k: int) -> Fraction:
        """Return c_j − A_j·y of a column, y_i of an activity."""
        if k >= self.model.n:
            return self.duals[k - self.model.n]
        return self.model.cost[k] - weighed(
            [(a, self.prices[i]) for i, a in self.model.columns[k].items()], self.unit
        )

    @property
    def optimal(self) -> bool:
        """Whether it is a minimiser."""
        return self.model.feasible(self.point) and all(x >= 0 for x in self.slack.values())

    @property
    def unique(self) -> bool:
        """Whether it is the only one, by strict reduced costs."""
        return self.optimal and all(x > 0 for x in self.slack.values())

    def determined(self, k: int) -> bool:
        """Whether a column has one value in all minimisers: it does not depend on what costs nothing to raise."""
        ties = [j for j, x in self.slack.items() if x <= 0]
        if k in self.states or not ties:
            return k not in ties
        right = [[Fraction(int(j == k))] for j in self.inner]
        weights = dict(zip(self.rows, (z for (z,) in solved(_turned(self.kernel), right)), strict=True))
        return not any(
            weights.get(j - self.model.n, 0)
            if j >= self.model.n
            else sum(a * weights.get(i, 0) for i, a in self.model.columns[j].items())
            for j in ties
        )


def over_one(values: Sequence[Fraction]) -> tuple[list[int], int]:
    """Return numbers as numerators over one denominator."""
    common = lcm(*(x.denominator for x in values))
    return [x.numerator * (common // x.denominator) for x in values], common


def weighed(terms: Sequence[tuple[Fraction, int]], unit: int) -> Fraction:
    """Return Σ weight·numerator/unit, summed in integers."""
    common = lcm(*(a.denominator for a, _ in terms))
    return Fraction(sum(a.numerator * (common // a.denominator) * x for a, x in terms), common * unit)


def solved(matrix: Sequence[Sequence[Fraction]], right: Sequence[Sequence[Fraction]]) -> list[list[Fraction]]:
    """Return the solution of MX = H, lifted from one modulo a prime and held against it; a singular M is refused."""
    n, wide = len(matrix), len(right[0]) if right else 0
    table, sides = [], []
    for row, extra in zip(matrix, right, strict=True):
        scale = lcm(*(x.denominator for x in (*row, *extra)))
        table.append([x.numerator * (scale // x.denominator) for x in row])
        sides.append([x.numerator * (scale // x.denominator) for x in extra])
    prime, back = next(
        ((p, found) for p in _PRIMES if (found := _inverse_modulo(table, p)) is not None), (0, [])
    )
    demand(not n or bool(prime), "a kernel is singular")
    bits = sum(max(sum(x * x for x in row), 1).bit_length() // 2 + 1 for row in table)
    bits += max((abs(x).bit_length() for row in sides for x in row), default=0)
    columns = [_lifted(table, back, prime, [row[k] for row in sides], bits) for k in range(wide)]
    return [[column[i] for column in columns] for i in range(n)]


def _inverse_modulo(table: Sequence[Sequence[int]], prime: int) -> list[list[int]] | None:
    """Return the inverse modulo a prime, None where there is none."""
    n = len(table)
    rows = [[*(x % prime for x in row), *(int(i == k) for k in range(n))] for i, row in enumerate(table)]
    for k in range(n):
        pivot = next((i for i in range(k, n) if rows[i][k]), None)
        if pivot is None:
            return None
        rows[k], rows[pivot] = rows[pivot], rows[k]
        head = pow(rows[k][k], -1, prime)
        lead = rows[k] = [x * head % prime for x in rows[k]]
        for i, row in enumerate(rows):
            if i != k and (factor := row[k]):
                rows[i] = [(x - factor * y) % prime for x, y in zip(row, lead, strict=True)]
    return [row[n:] for row in rows]


def _lifted(
    table: Sequence[Sequence[int]], back: Sequence[Sequence[int]], prime: int, side: Sequence[int], bits: int
) -> list[Fraction]:
    """Return x with Mx = h, digit by digit to the prime (Dixon), each the quotient of two numbers of so many bits."""
    rest, modulus = list(side), 1
    digits: list[list[int]] = []
    while modulus.bit_length() <= 2 * bits + 2:
        digits.append([sum(map(mul, row, rest)) % prime for row in back])
        rest = [(r - sum(map(mul, row, digits[-1]))) // prime for r, row in zip(rest, table, strict=True)]
        modulus *= prime
    common, found = 1, list[int]()
    for parts in zip(*digits, strict=True):
        whole = 0
        for digit in reversed(parts):
            whole = whole * prime + digit
        top = whole * common % modulus
        top -= modulus if 2 * top > modulus else 0
        if top.bit_length() > bits + 1:
            top, share = _quotient(top % modulus, modulus, bits)
            common, found = common * share, [x * share for x in found]
        found.append(top)
    held = all(sum(map(mul, row, found)) == h * common for row, h in zip(table, side, strict=True))
    demand(held, "a kernel has no solution of the size that it must have")
    return [Fraction(top, common) for top in found]


def _quotient(residue: int, modulus: int, bits: int) -> tuple[int, int]:
    """Return p and q with p ≡ residue·q, p of at most so many bits, by the Euclidean algorithm."""
    a, b, u, v = modulus, residue, 0, 1
    while b.bit_length() > bits + 1:
        q = a // b
        a, b, u, v = b, a - q * b, v, u - q * v
    return (b, v) if v > 0 else (-b, -v)


def _turned(matrix: Sequence[Sequence[Fraction]]) -> list[list[Fraction]]:
    return [list(row) for row in zip(*matrix, strict=True)]


def _check_program(data: dict[str, Any], finding: dict[str, Any]) -> str:
    model = Model(data)
    sizes = [Fraction(w) for w in finding["proof"]["radii"]]
    fitting = len(sizes) == len(model.keys) and min(sizes, default=Fraction(0)) >= 0
    demand(fitting, "the radii do not fit the data")
    radii = dict(zip(model.keys, sizes, strict=True))
    held = _held(model, finding["proof"].get("enclosure"), radii)
    outcomes = [_outcome(model.moved(entry["moves"], radii), entry) for entry in finding["data_sets"]]
    certified = impossible = 0
    for place, part in enumerate(finding["components"]):
        objective = place == model.n
        if part["radius"] is not None:
            demand(held is not None, "an enclosure is claimed without a proof")
            enough = held.priced if objective else held.strict or held.shared
            demand(enough, "a component is certified by a basis that may change")
            most = held.objective if objective else held.moves[place]
            demand(_covers(part, most), f"{part['name']} is not enclosed as claimed")
            middle = held.value if objective else held.corner.point[place]
            demand(_near(part["value"], middle), f"{part['name']} is not the middle of its enclosure")
            certified += 1
        if part["impossible_digits"] is not None:
            ends = [outcomes[k] for k in part["pair"]]
            demand(all(kind == "optimal" for kind, _, _ in ends), "a pair is not of two minimisers")
            alone = objective or all(corner.determined(place) for _, corner, _ in ends)
            demand(alone, "a minimiser is not the only one")
            x, y = ((value if objective else corner.point[place]) for _, corner, value in ends)
            demand(
                abs(x - y) > 2 * _TEN ** -part["impossible_digits"],
                f"{part['name']} is not as far apart as claimed",
            )
            demand(_near(part["apart"], abs(x - y)), f"{part['name']} is not as far apart as claimed")
            impossible += 1
    for decision in finding["decisions"]:
        _decided(decision, outcomes, held, model, finding["proof"], radii)
    return (
        f"{certified} components enclosed, {impossible} impossible from some digit on, "
        f"{len(outcomes)} data sets solved"
    )


def _held(model: Model, given: dict[str, Any] | None, radii: dict[tuple[str, int, int], Fraction]) -> Any:
    if given is not None and "spread" in given:
        return _beside("verify_vertex").SharedVertex(model, given, radii, sys.modules[__name__])
    return None if given is None else Enclosure(model, given, radii)


def _near(shown: float, value: Fraction) -> bool:
    """Tell whether a float is an exact number, rounded."""
    return abs(value) > _TEN**300 or abs(Fraction(shown) - value) <= abs(value) / 2**50 + _TEN**-300


def _covers(part: dict[str, Any], most: Fraction) -> bool:
    """Tell whether what is said of an enclosure follows from one of radius `most`."""
    if most == 0:
        return part["radius"] == 0 or Fraction(part["radius"]) >= 0
    digits = part["certified_digits"]
    return (
        digits is not None
        and most <= _TEN**-digits
        and Fraction(part["radius"]) * (1 + Fraction(1, 2**50)) >= most
    )


def _outcome(model: Model, entry: dict[str, Any]) -> tuple[str, Any, Fraction]:
    """Return what a data set has, proved: ("optimal", corner, value), or "infeasible", or "unbounded"."""
    kind = entry["outcome"]
    if kind == "optimal":
        corner = Corner(model, entry["basis"])
        demand(corner.optimal, "a basis is not optimal")
        demand(corner.unique or not entry["unique"], "a minimiser is not the only one")
        return kind, corner, sum((c * x for c, x in zip(model.cost, corner.point, strict=True)), Fraction(0))
    if kind == "infeasible":
        demand(_infeasible(model, [Fraction(z) for z in entry["multipliers"]]), "infeasibility is not proved")
    else:
        demand(kind == "unbounded", "an outcome is unknown")
        point, ray = ([Fraction(x) for x in entry[name]] for name in ("point", "ray"))
        demand(model.feasible(point) and len(ray) == model.n, "a point is not feasible")
        for k, r in enumerate([*ray, *model.activities(ray)]):
            blocked = (model.bar(k, False) is not None and r < 0) or (
                model.bar(k, True) is not None and r > 0
            )
            demand(not blocked, "a ray leaves the limits")
        demand(sum(c * r for c, r in zip(model.cost, ray, strict=True)) < 0, "a ray does not improve")
    return kind, None, Fraction(0)


def _infeasible(model: Model, z: Sequence[Fraction]) -> bool:
    """Tell whether Σ z_i (s_i − A_i·x) = 0 has no solution within the limits."""
    demand(len(z) == model.m, "multipliers do not fit the rows")
    rates = [-sum((a * z[i] for i, a in column.items()), Fraction(0)) for column in model.columns]
    ends: list[Fraction | None] = [Fraction(0), Fraction(0)]
    for k, rate in enumerate([*rates, *z]):
        for side in (0, 1):
            bar, total = model.bar(k, (rate > 0) == bool(side)), ends[side]
            if rate:
                ends[side] = None if bar is None or total is None else total + rate * bar
    return (ends[0] is not None and ends[0] > 0) or (ends[1] is not None and ends[1] < 0)


def _decided(
    decision: dict[str, Any],
    outcomes: list[tuple[str, Any, Fraction]],
    held: Any,
    model: Model,
    proof: dict[str, Any],
    radii: dict[tuple[str, int, int], Fraction],
) -> None:
    if decision["verdict"] == "IMPOSSIBLE":
        first, second = (outcomes[k][0] for k in decision["pair"])
        wanted = "infeasible" if decision["question"] == "feasible" else "unbounded"
        demand(first != wanted and second == wanted, "a pair does not have different answers")
        demand(wanted == "infeasible" or first == "optimal", "a pair does not have different answers")
    elif decision["verdict"] == "CERTIFIED" and "infeasible" in proof:
        demand(decision["question"] == "feasible", "a certified decision is unknown")
        multipliers = [Fraction(z) for z in proof["infeasible"]]
        demand(_infeasible_throughout(model, multipliers, radii), "infeasibility throughout is not proved")
    elif decision["verdict"] == "CERTIFIED":
        demand(held is not None, "a decision is certified without a proof")
        several = not decision.get("single") and "exactly one" not in decision["words"]
        enough = decision["question"] == "feasible" or (held.priced and (several or held.strict))
        demand(enough, "a decision is certified by a basis that may change")


def _infeasible_throughout(model: Model, z: Sequence[Fraction], radii: dict[Any, Fraction]) -> bool:
    """Tell whether one of ±Σ z_i (s_i − A_i·x) is positive for all data and all x, s within the limits."""
    for way in (1, -1):
        total: Fraction | None = Fraction(0)
        for k in range(model.n + model.m):
            mid = (
                z[k - model.n]
                if k >= model.n
                else -sum((a * z[i] for i, a in model.columns[k].items()), Fraction(0))
            )
            spread = (
                Fraction(0)
                if k >= model.n
                else sum((abs(v) * radii.get(("A", i, k), 0) for i, v in enumerate(z)), Fraction(0))
            )
            rates = (way * mid - spread, way * mid + spread)
            low, high = (_loosened(model, k, upper, radii) for upper in (False, True))
            if total is None or (low is None and rates[1] > 0) or (high is None and rates[0] < 0):
                total = None
                break
            products = [r * bar for r in rates if r for bar in (low, high) if bar is not None]
            total += min([*products, *([] if all(rates) else [Fraction(0)])])
        if total is not None and total > 0:
            return True
    return False


def limit_radius(model: Model, k: int, upper: bool, radii: dict[Any, Fraction]) -> Fraction:
    """Return the radius of a limit."""
    row = k >= model.n
    kinds = ("b", "bu" if upper else "bl", "r") if row else ("xf", "xu" if upper else "xl")
    return sum((radii.get((kind, k - model.n * row, 0), Fraction(0)) for kind in kinds), Fraction(0))


def _loosened(model: Model, k: int, upper: bool, radii: dict[Any, Fraction]) -> Fraction | None:
    bar = model.bar(k, upper)
    return None if bar is None else bar + (1 if upper else -1) * limit_radius(model, k, upper, radii)


class Enclosure:
    """Lemma P for the kernel and for its transpose, and what follows: how far the minimiser and its value may move.

    Attributes
    ----------
    moves : list of Fraction
        |x' − x| of the basic solution, which is feasible for all data.
    priced, strict, shared : bool
        Whether it is a minimiser for all data; the only one; or (verify_vertex.py) all minimisers are within `moves`.
    objective, value : Fraction
        How far the least value may move, where it is priced, and that of the numbers as shown.
    """

    def __init__(self, model: Model, given: dict[str, Any], radii: dict[Any, Fraction]) -> None:
        self.model, self.radii, self.shared = model, radii, False
        self.corner = Corner(model, given["basis"])
        n, m, self.rows, self.inner = model.n, model.m, self.corner.rows, self.corner.inner
        self.tilt = [{i: w for i in range(m) if (w := radii.get(("A", i, j), Fraction(0)))} for j in range(n)]
        self.loose = [
            {
                i: abs(model.columns[j].get(i, Fraction(0))) + self.tilt[j].get(i, Fraction(0))
                for i in model.columns[j].keys() | self.tilt[j].keys()
            }
            for j in range(n)
        ]
        self.stay = [_standing(self.corner, k, radii) for k in range(n + m)]
        self.size = [abs(x) for x in self.corner.point]
        self.box = [[self.tilt[j].get(i, Fraction(0)) for j in self.inner] for i in self.rows]
        unit = [[Fraction(int(i == k)) for k in self.rows] for i in self.rows]
        near = given["inverse"]
        floats = near if near is None else [[Fraction(float.fromhex(x)) for x in row] for row in near]
        self.inverse = solved(self.corner.kernel, unit) if floats is None else floats
        self.moves = [Fraction(float.fromhex(x)) for x in given["columns"]]
        self._check_feasible()
        self.priced, self.strict, self.objective = False, False, Fraction(0)
        least = sum((c * x for c, x in zip(model.cost, self.corner.point, strict=True)), Fraction(0))
        self.value = model.sign * least + model.offset
        if given["priced"]:
            self._check_prices([Fraction(float.fromhex(y)) for y in given["duals"]])

    def _check_feasible(self) -> None:
        """Refuse unless the basic solution stays within its limits and moves by no more than is said."""
        model, n, m = self.model, self.model.n, self.model.m
        demand(len(self.moves) == n, "an enclosure does not fit the program")
        demand(not any(_crossing(model, k, self.radii) for k in range(n + m)), "limits may pass each other")
        outer = sorted(set(range(n)) - set(self.inner))
        demand(all(self.moves[j] >= self.stay[j] for j in outer), "a column moves more than is said")
        right = [self.stay[n + i] for i in self.rows]
        for j in outer:
            for at, i in enumerate(self.rows):
                right[at] += self.tilt[j].get(i, Fraction(0)) * self.size[j]
                right[at] += self.loose[j].get(i, Fraction(0)) * self.stay[j]
        inner = [self.size[j] for j in self.inner], right, [self.moves[j] for j in self.inner]
        lemma_p(self.corner.kernel, self.inverse, self.box, *inner)
        reach = [*self.moves, *[Fraction(0)] * m]
        for j in range(n):
            for i, size in self.loose[j].items():
                reach[n + i] += self.tilt[j].get(i, Fraction(0)) * self.size[j] + size * self.moves[j]
        whole = [*self.corner.point, *model.activities(self.corner.point)]
        inwards = {key: -w for key, w in self.radii.items()}
        for k in self.corner.basic:
            low, high = (_loosened(model, k, upper, inwards) for upper in (False, True))
            demand(low is None or whole[k] - reach[k] >= low, "a basic variable may fall below its limit")
            demand(high is None or whole[k] + reach[k] <= high, "a basic variable may rise above its limit")

    def _check_prices(self, duals: list[Fraction]) -> None:
        """Refuse unless no reduced cost changes its sign; say whether all keep it strictly, and bound the value."""
        n, m, radii, corner = self.model.n, self.model.m, self.radii, self.corner
        demand(len(duals) == m, "an enclosure does not fit the program")
        price = [abs(y) for y in corner.duals]
        costs = [radii.get(("c", j, 0), Fraction(0)) for j in range(n)]
        across = [price[i] for i in self.rows], [costs[j] for j in self.inner], [duals[i] for i in self.rows]
        lemma_p(_turned(corner.kernel), _turned(self.inverse), _turned(self.box), *across)
        self.priced = self.strict = True
        for k, slack in corner.slack.items():
            shift = duals[k - n] if k >= n else costs[k]
            if k < n:
                for i, size in self.loose[k].items():
                    shift += self.tilt[k].get(i, Fraction(0)) * price[i] + size * duals[i]
            demand(slack >= shift, "a reduced cost may change its sign")
            self.strict &= slack > shift
        far = [a + b for a, b in zip(self.size, self.moves, strict=True)]
        parts = [
            *(c * x for c, x in zip(costs, far, strict=True)),
            *(y * w for y, w in zip(price, self.stay[n:], strict=True)),
            *(price[i] * w * far[j] for j in range(n) for i, w in self.tilt[j].items()),
            *(abs(corner.reduced(j)) * self.stay[j] for j in range(n) if j in corner.states),
        ]
        self.objective = radii.get(("o", 0, 0), Fraction(0)) + sum(parts, Fraction(0))


def _standing(corner: Corner, k: int, radii: dict[Any, Fraction]) -> Fraction:
    state = corner.states.get(k)
    return limit_radius(corner.model, k, state == "u", radii) if state in ("l", "u") else Fraction(0)


def _crossing(model: Model, k: int, radii: dict[Any, Fraction]) -> bool:
    low, high = model.bar(k, False), model.bar(k, True)
    kinds = ("xl", "xu") if k < model.n else ("bl", "bu", "r")
    apart = sum(
        (radii.get((kind, k - model.n * (k >= model.n), 0), Fraction(0)) for kind in kinds), Fraction(0)
    )
    return low is not None and high is not None and high - low < apart


def lemma_p(
    matrix: Sequence[Sequence[Fraction]],
    inverse: Sequence[Sequence[Fraction]],
    box: Sequence[Sequence[Fraction]],
    size: Sequence[Fraction],
    right: Sequence[Fraction],
    t: Sequence[Fraction],
) -> None:
    """Refuse unless u + Ct < t in every component; in those where both are 0 C must be a contraction of its own."""
    count = range(len(matrix))
    demand(len(inverse) == len(matrix) == len(t), "an inverse does not fit")
    loose = [
        right[i] + sum((w * (x + y) for w, x, y in zip(box[i], size, t, strict=True) if w), Fraction(0))
        for i in count
    ]
    columns = [over_one(column) for column in zip(*matrix, strict=True)]
    far, unit = over_one(t)
    still = [j for j in count if t[j] == 0]
    for i in count:
        image = sum((abs(q) * x for q, x in zip(inverse[i], loose, strict=True) if x), Fraction(0))
        row, one = over_one(inverse[i])
        rests = [
            Fraction(abs((i == j) * one * own - sum(map(mul, row, column))), own)
            for j, (column, own) in enumerate(columns)
        ]
        image += weighed(list(zip(rests, far, strict=True)), one * unit)
        rates = (rests[j] + sum(abs(q) * box[k][j] for k, q in enumerate(inverse[i]) if q) for j in still)
        fits = image < t[i] or (image == t[i] == 0 and sum(rates) < 1)
        demand(fits, "an enclosure does not follow from Lemma P")


def main() -> int:
    """Check the files named on the command line."""
    status = 0
    for name in sys.argv[1:]:
        try:
            with Path(name).open("rb") as file:
                lines = verify_audit(file.read(4 * LARGEST + 1).decode("utf-8", "replace"))
            print("\n".join(f"verified: {_printable(name)}: {line}" for line in lines))
        except (RefusedAudit, OSError) as error:
            print(_printable(f"refused: {name}: {error}"))
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
