"""Check the audit of a trained network again: a referee's file beside verify_audit.py, of the standard library alone.

Weights and points are rationals, and all arithmetic is in integers over one denominator. Along each direction v the
line x + t·v of each point x is walked from breakpoint to breakpoint, |t| at most the size; where a margin is ≤ 0 (or
< 0, where a tie is right) the point is wrong. From this follow the points wrong before, the largest number wrong at
one t, the least |t| of each point. The box is proved by intervals: on |x' − x| ≤ h every value is z(x) + J(x' − x),
where a ReLU that may change its sign there contributes the hull of 0 and J. That weights and points are those of the
files named is not checked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from operator import mul
from typing import Any

MOST_PRODUCTS = 20_000_000_000
"""So many products of integers are made for one audit; on 2 GHz about half an hour."""
Run = tuple[Fraction, Fraction, bool, bool]
"""From, to, and whether either end is left out."""
Whole = list[int]


@dataclass(frozen=True)
class Layer:
    """x ↦ Wx + b, W in integers over a power of 2, b over the product of all such so far; whether a ReLU follows."""

    rows: list[tuple[Sequence[int], Whole]]
    bias: Whole
    relu: bool


@dataclass(frozen=True)
class Condition:
    """Right is out[plus] − out[minus] + shift > 0 (≥ 0 where not strict); −1 is no output."""

    plus: int
    minus: int
    shift: Fraction
    strict: bool


class Work:
    """How many products were made, which is limited."""

    def __init__(self, demand: Any) -> None:
        self.demand, self.made = demand, 0

    def add(self, products: int) -> None:
        """Count; refuse where it is too much."""
        self.made += products
        self.demand(
            self.made <= MOST_PRODUCTS,
            f"takes more than {MOST_PRODUCTS:,} products to be proved again: audit fewer points or directions",
        )


class Network:
    """The layers, exactly."""

    def __init__(self, data: dict[str, Any], work: Work) -> None:
        demand, self.work = work.demand, work
        demand(
            data.get("weights") is not None,
            "holds no weights, which are written of networks of at most a million: nothing can be proved again",
        )
        self.layers: list[Layer] = []
        bits, width = 0, data["inputs"]
        for entry in data["weights"]:
            bias = [Fraction(float.fromhex(x)) for x in entry["bias"]]
            rows = [(row[0], [Fraction(float.fromhex(x)) for x in row[1]]) for row in entry["rows"]]
            demand(len(rows) == len(bias) > 0, "a layer's biases do not fit")
            for places, row in rows:
                fits = len(row) == width if places is None else len(row) == len(places) == len(set(places))
                demand(fits and all(0 <= k < width for k in places or ()), "a layer's weights do not fit")
            own = max((x.denominator.bit_length() - 1 for _, row in rows for x in row), default=0)
            own = max(own, *(x.denominator.bit_length() - 1 - bits for x in bias))
            bits += own
            every = range(width)
            self.layers.append(
                Layer(
                    [(every if p is None else p, [int(x * 2**own) for x in row]) for p, row in rows],
                    [int(x * 2**bits) for x in bias],
                    bool(entry["relu"]),
                )
            )
            width = len(bias)
        demand(width == data["outputs"] and not self.layers[-1].relu, "the last layer does not fit")
        self.scale = 1 << bits
        self.sizes = [sum(len(row) for _, row in layer.rows) for layer in self.layers]

    def image(self, index: int, vector: Whole, factor: int) -> Whole:
        """Return W·vector + factor·b."""
        layer = self.layers[index]
        self.work.add(self.sizes[index])
        return [
            sum(map(mul, row, vector if isinstance(places, range) else [vector[k] for k in places]))
            + factor * b
            for (places, row), b in zip(layer.rows, layer.bias, strict=True)
        ]

    def pieces(
        self, point: Sequence[Fraction], along: Sequence[Fraction], low: Fraction, high: Fraction
    ) -> Iterator[Any]:
        """Yield (from, to, c, s, over): on each piece of the line the outputs are (c + s·t) / over."""
        common = lcm(*(x.denominator for x in (*point, *along)))
        begin = tuple([int(x * common) for x in part] for part in (point, along))
        known: list[tuple[Whole, Whole]] = []
        after: list[tuple[Whole, Whole]] = []
        patterns: list[list[bool]] = []
        t = low
        while True:
            p, q = t.numerator, t.denominator
            best: tuple[int, int] | None = None
            c, s = begin
            kept = bool(known)
            for index, layer in enumerate(self.layers):
                if kept:
                    c, s = known[index]
                else:
                    c, s = self.image(index, c, common), self.image(index, s, 0)
                    known[index:] = [(c, s)]
                if layer.relu:
                    on = [(z := a * q + b * p) > 0 or (z == 0 and b > 0) for a, b in zip(c, s, strict=True)]
                    best = _sooner(best, c, s, on)
                    if kept and on == patterns[index]:
                        c, s = after[index]
                        continue
                    kept = False
                    patterns[index:] = [on]
                    c = [a if active else 0 for a, active in zip(c, on, strict=True)]
                    s = [b if active else 0 for b, active in zip(s, on, strict=True)]
                    after[index:] = [(c, s)]
                elif not kept:
                    patterns[index:], after[index:] = [[]], [(c, s)]
            end = high if best is None else min(Fraction(*best), high)
            yield t, end, c, s, self.scale * common
            if end == high:
                return
            t = end

    def wrong_runs(
        self,
        point: Sequence[Fraction],
        along: Sequence[Fraction],
        conditions: Sequence[Condition],
        far: Fraction,
    ) -> list[Run]:
        """Return where on |t| ≤ far the point is wrong."""
        found: list[Run] = []
        for low, high, c, s, over in self.pieces(point, along, -far, far):
            for one in conditions:
                unit = one.shift.denominator
                a = _margin(one, c) * unit + one.shift.numerator * over
                found += _below(a, _margin(one, s) * unit, one.strict, low, high)
        return united_runs(found)

    def stays_wrong(
        self, point: Sequence[Fraction], half: Sequence[Fraction], conditions: Sequence[Condition]
    ) -> bool:
        """Tell whether a point is proved wrong wherever each entry moves by at most its half width."""
        common = lcm(*(x.denominator for x in (*point, *half)))
        z, h = [int(x * common) for x in point], [int(x * common) for x in half]
        middle: list[Whole] = []
        spread: list[Whole] = []
        doubled = 0  # how often the integers were doubled, to halve in integers
        for index, layer in enumerate(self.layers):
            z = self.image(index, z, common << doubled)
            if index:
                middle = [self.image(index, column, 0) for column in middle]
                spread = [self._sizes(index, column) for column in spread]
            else:
                middle = [[0] * len(layer.rows) for _ in h]
                for at, (places, row) in enumerate(layer.rows):
                    for k, x in zip(places, row, strict=True):
                        middle[k][at] = x
                spread = [[0] * len(layer.rows) for _ in h]
            if layer.relu:
                reach = _reach(middle, spread, h)
                z = [2 * x for x in z]
                doubled += 1
                off = [x < 0 and -x > 2 * r for x, r in zip(z, reach, strict=True)]
                on = [x > 2 * r for x, r in zip(z, reach, strict=True)]
                spread = [
                    [
                        0 if n else 2 * r if y else abs(m) + 2 * r
                        for n, y, m, r in zip(off, on, ms, rs, strict=True)
                    ]
                    for ms, rs in zip(middle, spread, strict=True)
                ]
                middle = [
                    [0 if n else 2 * m if y else m for n, y, m in zip(off, on, ms, strict=True)]
                    for ms in middle
                ]
                # Off is 0 throughout; where a sign may change z(x) passes its ReLU, and the hull does the rest.
                z = [0 if n or x < 0 else x for n, x in zip(off, z, strict=True)]
        over = (self.scale * common) << doubled
        for one in conditions:
            if one.plus < 0 and one.minus < 0:
                continue
            centre = Fraction(_margin(one, z), over) + one.shift
            tilt = sum(
                (abs(_margin(one, ms)) + sum(rs[k] for k in (one.plus, one.minus) if k >= 0)) * w
                for ms, rs, w in zip(middle, spread, h, strict=True)
            )
            most = centre + Fraction(tilt, over)
            if most < 0 or (one.strict and most == 0):
                return True
        return False

    def _sizes(self, index: int, vector: Whole) -> Whole:
        if not any(vector):
            return [0] * len(self.layers[index].rows)
        self.work.add(self.sizes[index])
        return [
            sum(abs(x) * vector[k] for k, x in zip(places, row, strict=True))
            for places, row in self.layers[index].rows
        ]


def _reach(middle: list[Whole], spread: list[Whole], h: Whole) -> Whole:
    total = [0] * len(middle[0])
    for ms, rs, w in zip(middle, spread, h, strict=True):
        total = [x + (abs(m) + r) * w for x, m, r in zip(total, ms, rs, strict=True)]
    return total


def _sooner(best: tuple[int, int] | None, c: Whole, s: Whole, on: list[bool]) -> tuple[int, int] | None:
    """Return the earliest zero of c + s·t, p/q with q > 0, of neurons on their way to it, and of the best so far."""
    for a, b, active in zip(c, s, on, strict=True):
        if b < 0 if active else b > 0:
            p, q = (a, -b) if active else (-a, b)
            if best is None or p * best[1] < best[0] * q:
                best = p, q
    return best


def _margin(one: Condition, outputs: Whole) -> int:
    return (outputs[one.plus] if one.plus >= 0 else 0) - (outputs[one.minus] if one.minus >= 0 else 0)


def _below(a: int, b: int, closed: bool, low: Fraction, high: Fraction) -> list[Run]:
    """Return where a + b·t ≤ 0 (< 0 where not closed) on [low, high]."""
    if not b:
        return [(low, high, False, False)] if a < 0 or (closed and a == 0) else []
    at = Fraction(-a, b)
    run = (low, at, False, not closed) if b > 0 else (at, high, not closed, False)
    return _cut([run], low, high)


def _cut(runs: Sequence[Run], low: Fraction, high: Fraction) -> list[Run]:
    """Return what of runs lies in [low, high]."""
    found = []
    for a, b, no_a, no_b in runs:
        left, no_left = (a, no_a) if a >= low else (low, False)
        right, no_right = (b, no_b) if b <= high else (high, False)
        if left < right or (left == right and not no_left and not no_right):
            found.append((left, right, no_left, no_right))
    return found


def united_runs(runs: Sequence[Run]) -> list[Run]:
    """Return the union of runs, none of which meet."""
    found: list[Run] = []
    for a, b, no_a, no_b in sorted(runs, key=lambda run: (run[0], run[2])):
        if found and (a < found[-1][1] or (a == found[-1][1] and not (no_a and found[-1][3]))):
            first, last, no_first, no_last = found[-1]
            if (b, not no_b) > (last, not no_last):
                found[-1] = (first, b, no_first, no_b)
        else:
            found.append((a, b, no_a, no_b))
    return found


def _holds(runs: Sequence[Run], t: Fraction) -> bool:
    return any(a < t < b or (t == a and not no_a) or (t == b and not no_b) for a, b, no_a, no_b in runs)


def most_at_once(lines: Sequence[Sequence[Run]]) -> int:
    """Return the largest number of lines of which one t lies in a run; the runs of a line do not meet."""
    steps: dict[tuple[Fraction, bool], int] = {}
    for runs in lines:
        for a, b, no_a, no_b in runs:
            # (t, False) is t itself, (t, True) right after it.
            steps[a, no_a] = steps.get((a, no_a), 0) + 1
            steps[b, not no_b] = steps.get((b, not no_b), 0) - 1
    most = now = 0
    for place in sorted(steps):
        now += steps[place]
        most = max(most, now)
    return most


def _least(runs: Sequence[Run]) -> Fraction | None:
    return min((Fraction(0) if a <= 0 <= b else min(abs(a), abs(b)) for a, b, _, _ in runs), default=None)


def _conditions(data: dict[str, Any], demand: Any) -> list[list[Condition]]:
    """Return for each point when it is right."""
    outputs, rule, threshold = data["outputs"], data["rule"], Fraction(data["threshold"])
    demand(rule in ("argmax", "argmin", "threshold"), "the rule is unknown")
    demand((rule == "threshold") == (outputs == 1), "the rule does not fit the outputs")
    found = []
    for label in data["labels"]:
        demand(type(label) is int and 0 <= label < max(outputs, 2), "a label is no class")
        if rule == "threshold":
            one = Condition(0, -1, -threshold, False) if label else Condition(-1, 0, threshold, True)
            found.append([one])
            continue
        others = [k for k in range(outputs) if k != label]
        ways = [(label, k) if rule == "argmax" else (k, label) for k in others]
        found.append([Condition(plus, minus, Fraction(0), True) for plus, minus in ways])
    return found


def check(data: dict[str, Any], findings: Sequence[dict[str, Any]], base: Any) -> list[str]:
    """Return what was verified, a sentence for each size.

    Parameters
    ----------
    base : module
        verify_audit, whose refusal is raised.
    """
    demand = base.demand
    network = Network(data, Work(demand))
    points = [[Fraction(x) for x in point] for point in data["entered"]]
    demand(all(len(point) == data["inputs"] for point in points), "a point has another number of inputs")
    conditions = _conditions(data, demand)
    demand(len(points) == len(conditions) > 0, "points and labels do not fit")
    sizes = [Fraction(finding["proof"]["size"]) for finding in findings]
    demand(bool(sizes) and min(sizes) > 0, "a size is not positive")
    scales = [Fraction(1)] * data["inputs"]
    if data["range"] is not None:
        scales = [1 / abs(Fraction(x)) for x in data["range"]]
    walked: dict[str, tuple[list[Fraction], list[list[Run]]]] = {}
    for name, given in data["directions"].items():
        along = [Fraction(x) for x in given]
        demand(len(along) == data["inputs"] and any(along), "a direction does not fit")
        lines = [
            network.wrong_runs(point, along, own, max(sizes))
            for point, own in zip(points, conditions, strict=True)
        ]
        walked[name] = along, lines
    said = []
    for size, finding in zip(sizes, findings, strict=True):
        proof, facts = finding["proof"]["directions"], finding["facts"]
        demand(proof.keys() == facts["directions"].keys() == walked.keys(), "the directions differ")
        demand(finding["radii"].startswith("within "), "the size is another")
        demand(Fraction(finding["radii"].removeprefix("within ")) == size, "the size is another")
        verdicts = {d["question"]: d["verdict"] for d in finding["decisions"]}
        for name, (along, lines) in walked.items():
            cut = [_cut(runs, -size, size) for runs in lines]
            before = [k for k, runs in enumerate(cut) if _holds(runs, Fraction(0))]
            demand(facts["wrong"] == before, "other points are wrong before")
            demand(
                facts["count"] == len(points) and facts["right"] == len(points) - len(before),
                "the number of points that are right is another",
            )
            fresh = most_at_once([runs for k, runs in enumerate(cut) if k not in set(before)])
            _check_direction(name, proof[name], facts["directions"][name], cut, fresh, size, base)
            wanted = "IMPOSSIBLE" if fresh else "CERTIFIED"
            demand(verdicts.get(f"as right as before along {name}") == wanted, "a verdict does not follow")
            _check_box(network, proof[name], points, along, conditions, scales, demand)
        demand(len(finding["decisions"]) == len(verdicts) == len(walked), "a verdict does not follow")
        said.append(
            f"{finding['facts']['right']} of {len(points)} points right; along {len(walked)} directions every piece "
            f"walked again, the most made wrong by one t, the least |t| of every point, and the boxes proved"
        )
    return [f"{finding['radii']}: {line}" for finding, line in zip(findings, said, strict=True)]


def _check_direction(
    name: str,
    proof: dict[str, Any],
    facts: dict[str, Any],
    lines: list[list[Run]],
    fresh: int,
    size: Fraction,
    base: Any,
) -> None:
    demand, t = base.demand, Fraction(proof["t"])
    demand(abs(t) <= size, f"the t along {name} is too large")
    wrong = [k for k, runs in enumerate(lines) if _holds(runs, t)]
    demand(proof["wrong"] == wrong, f"at the t along {name} other points are wrong")
    demand(
        facts["made_wrong"] == len(wrong) == most_at_once(lines),
        f"the most that one t along {name} makes wrong is another number",
    )
    demand(
        facts["made_wrong_of_right"] == fresh,
        f"of those right before, another number is made wrong along {name}",
    )
    least = [None if x is None else Fraction(x) for x in proof["least"]]
    demand(least == [_least(runs) for runs in lines], f"a least |t| along {name} is another")
    right = [x for x, runs in zip(least, lines, strict=True) if not _holds(runs, Fraction(0))]
    demand(
        facts["flippable"] == sum(x is not None for x in right), f"another number can be flipped along {name}"
    )
    demand(
        facts["t"] == float(t) and facts["box"] == float(Fraction(proof["box"])),
        "a number is rounded wrongly",
    )


def _check_box(
    network: Network,
    proof: dict[str, Any],
    points: list[list[Fraction]],
    along: list[Fraction],
    conditions: list[list[Condition]],
    scales: list[Fraction],
    demand: Any,
) -> None:
    box, t = Fraction(proof["box"]), Fraction(proof["t"])
    demand(box >= 0, "a box is negative")
    if box:
        half = [box * x for x in scales]
        for k in proof["wrong"]:
            moved = [x + t * v for x, v in zip(points[k], along, strict=True)]
            demand(
                network.stays_wrong(moved, half, conditions[k]), f"point {k} is not proved wrong on its box"
            )
