"""Check a problem stated by instances: the second file of the referee's verifier, of the standard library alone.

It loads the third, verify_kinds.py, from beside itself.

    python onehalf/verify_instances.py BOUND.json     (written by: onehalf prove PROBLEM --bound BOUND.json)

Nothing that the file says of itself is trusted, and every number is a Fraction. Of each instance the certificate is
checked again (basis, signs with the conditions of Karush, Kuhn and Tucker, eigenvector, …), which proves its
solutions; then to how many digits the oracle can answer alike, and the game: no answer is right on more than v of the
adversary's weight, and the player's answers are right with probability v. `verify_standalone.py` does the same for a
certificate that holds trials on such a problem (docs/certificates.md, docs/problems.md: G1, G3, Theorem R).
"""

from __future__ import annotations

import hashlib
import importlib.util
import itertools
import json
import sys
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any


def _beside(name: str) -> Any:
    """Return the file of that name in this one's folder, as a module."""
    path = Path(__file__).with_name(f"{name}.py")
    found = importlib.util.spec_from_file_location(name, path)
    if found is None or found.loader is None or not path.exists():
        raise ImportError(
            f"{name}.py, which proves the solutions of instances, is not beside verify_instances.py"
        )
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


_KINDS: Any = _beside("verify_kinds")
Unproved, demand, exact, read = _KINDS.Unproved, _KINDS.demand, _KINDS.exact, _KINDS.read
dot, times, turned, solutions = _KINDS.dot, _KINDS.times, _KINDS.turned, _KINDS.solutions
Row = list[Fraction]  # of solutions where basis pursuit has noise: numbers a + b√h
Box = tuple[Row, Row]  # least and greatest coordinates
ANY: list[Any] = ["everything is right"]
MOST_BELOW = 16
POLICIES = ("honest", "blind", "decoy", "midpoint")
LARGEST = 64 * 10**6
ZERO = Fraction(0)


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

    theorem, bound, halting, everything = "1", Fraction(1), Fraction(1), ANY

    def __init__(self, written: dict[str, Any]) -> None:
        form = {"kind", "of", "norm", "digits", "inputs", "adversary", "value", "player", "apart"}
        more = {"limit", "converging", "halting", "halter", "staying"} if "limit" in written else set()
        demand(set(written) == form | more, "an entry of the instances is missing or unknown")
        self.kind, self.limited, inputs = written["kind"], bool(more), list(written["inputs"])
        demand(len(inputs) > 1 or (inputs and more), "there are not two instances")
        self.names = [str(j + 1) for j in range(len(inputs))] + ["0"] * self.limited
        self.parents = self._converging(written["converging"], len(inputs)) if more else []
        self.limits = {self.names[to] for to in self.parents}
        inputs += [written["limit"]] if more else []
        demand(type(written["digits"]) is int and abs(written["digits"]) <= 10**4, "its digits are none")
        self.radius, self.norm = Fraction(10) ** -written["digits"], written["norm"]
        shapes, self.tables, self.right = list[Any](), list[Row](), list[list[Any]]()
        for name, each in zip(self.names, inputs, strict=True):
            data = {part: read(value) for part, value in each["data"]}
            shapes.append([(part, _shape(value)) for part, value in data.items()])
            self.tables.append([x for value in data.values() for x in _flat(value)])
            try:
                whole = name == "0" and each["free"] is True
                self.right.append(ANY if whole else solutions(self.kind, written["of"], data, each["proof"]))
            except Unproved as error:
                raise Unproved(f"instance {name}: {error}") from error
        fixed = ("points", "nodes", "threshold", "labels", "places")
        exactly = [{n: each["proof"].get(n) for n in fixed} for each in inputs]
        alike = all(shape == shapes[0] for shape in shapes) and all(e == exactly[0] for e in exactly)
        demand(alike, "the instances are not of one shape, or what is known exactly differs")
        demand(len(set(map(tuple, self.tables))) == len(inputs), "two instances have the same data")
        self.shape = (1, len(self.tables[0]))
        columns = list(zip(*self.tables, strict=True))
        self._check_levels()
        self.differs = {i: columns[i] for i in range(len(columns)) if len(set(columns[i])) > 1}
        self.points = isinstance(self.right[0][0], tuple)
        demand(
            all(isinstance(one, tuple) == self.points for found in self._asked for one in found),
            "answers differ",
        )
        single = not self.points or all(
            len(found) == 1 and found[0][0] == found[0][1] for found in self._asked
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

    @property
    def _asked(self) -> list[list[Any]]:
        """What is right on the inputs that do not only ask to halt."""
        return [found for found in self.right if found is not ANY]

    # The limit (G7)

    def _converging(self, given: Any, size: int) -> list[int]:
        """Return for each instance that to which it converges; the limit's place is after them all."""
        right = len(given) == size and all(type(to) is int and 0 <= to <= j for j, to in enumerate(given))
        demand(right, "an instance does not converge to the limit or to an earlier one")
        self.theorem = "4"
        return [to - 1 if to else size for to in given]

    def _check_levels(self) -> None:
        """Check that where an instance differs from that to which it converges the latter is as the limit."""
        for j, to in enumerate(self.parents):
            pairs = zip(self.tables[j], self.tables[to], self.tables[-1], strict=True)
            demand(all(x == y or y == z for x, y, z in pairs), "each level has not entries of its own")

    def _below(self, u: int) -> list[int]:
        """Return an input and all that converge to it, at any remove."""
        return [j for j in range(len(self.names)) if u in self._path(j)]

    def _path(self, j: int) -> list[int]:
        """Return the inputs from the limit to one of them."""
        return [*self._path(self.parents[j]), j] if j < len(self.parents) else [j]

    def _ways(self, u: int, q: Row) -> Fraction:
        """Return the most that may be right of runs on an input and below: it halts there, or reads on and is wrong."""
        children = [j for j, to in enumerate(self.parents) if to == u]
        at_once = self._heaviest(self._below(u), q)
        return max(at_once, sum((self._ways(j, q) for j in children), ZERO)) if children else at_once

    def _heaviest(self, places: list[int], q: Row) -> Fraction:
        """Return the most that instances with a common answer may weigh."""
        best = ZERO

        def extend(left: list[int], mass: Fraction, chosen: tuple[int, ...], cells: Any) -> None:
            nonlocal best
            best = max(best, mass)
            for at, j in enumerate(left):
                if mass + sum((q[i] for i in left[at:]), ZERO) <= best:
                    return
                met = self._met(cells, chosen, j)
                if met:
                    extend(left[at + 1 :], mass + q[j], (*chosen, j), met)

        extend(sorted(places, key=lambda j: -q[j]), ZERO, (), None)
        return best

    def _play_limits(self, written: dict[str, Any], weights: Row) -> None:
        """Check both values: that of all algorithms by a tree of ways, that of those that halt on the limit by sets."""
        limit = len(self.parents)
        demand(limit < MOST_BELOW, "there are too many instances")
        most = self._ways(limit, weights)
        demand(
            most <= self.bound,
            f"a run may be right on inputs of weight {most}: the value is not {self.bound}",
        )
        self.halting, others = exact(written["halting"]), read(written["halter"])
        demand(self._distribution(others), "the adversary's weights are none")
        most = self._heaviest([*range(limit + 1)], others)
        demand(
            most <= self.halting, f"a run that halts may be right on {most}: that value is not {self.halting}"
        )
        plans = [(share, dict(map(tuple, plan))) for share, plan in written["player"]]
        stays = [(share, {limit: answer}) for share, answer in written["staying"]]
        for value, found in ((self.bound, plans), (self.halting, stays)):
            self._attained(value, found)

    def _attained(self, value: Fraction, plans: list[tuple[str, dict[int, Any]]]) -> None:
        """Check that plans, each halting where it says with what it says, are right with a probability everywhere."""
        served, total = [ZERO] * len(self.names), ZERO
        for share, plan in plans:
            weight = exact(share)
            demand(weight >= 0, "the player's weights are none")
            total += weight
            for j, name in enumerate(self.names):
                halts = next((plan[at] for at in self._path(j) if at in plan), None) if plan else None
                served[j] += weight if halts is not None and self.accepts(halts, name) else 0
        demand(
            total == 1 and min(served) >= value, "the player's answers do not attain the value: it is another"
        )

    def _distribution(self, q: Row) -> bool:
        return bool(len(q) == len(self.names) and sum(q) == 1 and min(q) >= 0)

    # The oracle

    def _couple(self, policy: str) -> None:
        """Find the depth to which a policy answers alike on all instances."""
        depth = legal = -1
        if (
            self.limited and policy != "honest"
        ):  # on the limit it must not tell how close the others are (Remark 2b)
            at_limit = {i: values[-1] for i, values in self.differs.items()}
            if policy != "blind" or not all(map(dyadic, at_limit.values())):
                return
        ends = [(min(values), max(values)) for values in self.differs.values()]
        if policy != "honest":
            shows = at_limit if self.limited else {i: shown(policy, v) for i, v in self.differs.items()}
            self.shows[policy] = shows
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
        """Return what the policy shows; on limits for as long as that is legal there (Remark 2b)."""
        truth = self.value(name, row, column)
        if policy != "honest" and column in self.differs:
            same, beyond = self.shows[policy][column], name in self.limits and bits > self.depths[policy]
            if bits <= self._legal[policy] or (beyond and abs(same - truth) * 2**bits <= 1):
                return same
        return nearest(truth, bits)

    # Verdicts

    def accepts(self, output: Any, name: str) -> bool:
        """Tell whether an output, as a certificate writes it, is right on an input."""
        found = self.right[int(name) - 1]
        if found is ANY:
            return True
        if not self.points:
            return bool(any(output == right for right in found))
        x = [self._number(text) for text in output]
        demand(len(x) == len(found[0][0]), "an output is no point")
        return any(self._within(x, box) for box in found)

    def _number(self, text: str) -> Fraction:
        found: Fraction = exact(text) if "/" in text else Fraction(float.fromhex(text))
        demand("/" in text or float(found).hex() == text, "a number is not written as it should be")
        return found

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

    def heavy(self, right: list[bool]) -> bool:
        """Tell whether the inputs on which a trial is right weigh more than the value of the game."""
        return sum((q for q, each in zip(self.weights, right, strict=True) if each), ZERO) > self.bound

    def _play(self, written: dict[str, Any]) -> None:
        """Check that the value is v: the adversary's weights prove it an upper bound, the player's answers a lower."""
        self.bound, weights = exact(written["value"]), read(written["adversary"])
        self.weights: Row = weights
        size = len(self.names)
        demand(self._distribution(weights) and 0 < self.bound <= 1, "the adversary's weights are none")
        self.apart = [self._proved_apart(members) for members in written["apart"]]
        if self.limited:
            self._play_limits(written, weights)
            return
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
        if self.right[j] is ANY:
            return ANY if cells is None else cells
        cells = None if cells is ANY else cells
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
    number, limit = len(problem.names) - problem.limited, " and their limit" if problem.limited else ""
    mark = fingerprint(document["stated"])[:12]
    return (
        f"{name}: {number} instances{limit} of the kind {problem.kind} (SHA-256 {mark}), each with its solutions "
        f"proved, are answered alike to these digits: {depths}. {_proved(problem)}."
    )


def _proved(problem: Stated) -> str:
    """Return what the value of the game says."""
    v = problem.bound
    if v == 1:
        return "For all that these inputs show an algorithm may be right on each: nothing limits it"
    if not problem.limited:
        return (
            f"To that depth every algorithm is right with probability at most {v} + {1 - v}·t on one of them, t the "
            "chance that it reads further; and one that asks nothing attains this for t = 0"
        )
    return (
        f"Theorem 4: every algorithm is right with probability at most {v} + {1 - v}·u on one of them, u the chance "
        f"that it is right on inputs that weigh more than {v}. As such inputs approach their limits, which no finite "
        f"check shows, that is {v} for every algorithm, and {problem.halting} for one that halts on the limit almost "
        "surely"
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
