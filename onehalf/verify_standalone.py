"""A referee's verifier of onehalf certificates: one file, the standard library, rational numbers, no other code.

It trusts nothing that a certificate says of itself: `python verify_standalone.py CERTIFICATE` checks legality and
coupling of the logged answers, what was shared, and exclusion, and makes the rest anew (docs/certificates.md).
"""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import math
import sys
import zlib
from collections.abc import Iterator
from fractions import Fraction
from operator import mul
from typing import Any

VERSION, GRID, ENTRIES, MOST = 1, 10**6, 21, 10**6  # MOST: digits of an answer, and any parameter
BROKEN = {json.JSONDecodeError: "it is not JSON, or not all of it", zlib.error: "its body cannot be unpacked"}
STATUSES = {"halted", "no_halt", "error", "crashed", "invalid"}
Trial = tuple[bool, list[tuple[str, bool]]]


class Refused(Exception):
    """The certificate does not show what it says, for the reason given."""


def require(holds: bool, reason: str) -> None:
    """Refuse the certificate with a reason unless something holds."""
    if not holds:
        raise Refused(reason)


def canonical(document: dict[str, Any]) -> str:
    """Return the only text in which a certificate may be written."""
    return json.dumps(document, sort_keys=True, indent=1, ensure_ascii=False) + "\n"


def seal(document: dict[str, Any]) -> str:
    """Return the SHA-256 of everything but the seal itself."""
    return hashlib.sha256(canonical({**document, "sha256": ""}).encode()).hexdigest()


def number(text: str, base: int = 16) -> Fraction:
    """Read numerator/denominator in digits of a base or, in hexadecimal, a float; 1e999999999 is never taken up."""
    p, slash, q = text.partition("/")
    exact = slash or base == 10
    return Fraction(int(p, base), int(q or "1", base)) if exact else Fraction(float.fromhex(text))


class Training:
    """r points with alternating labels; the inputs differ in the second coordinate by δ = 2^-e."""

    def __init__(self, p: dict[str, Any]) -> None:
        self.a, self.kappa, self.tolerance = (number(p[name], 10) for name in ("a", "kappa", "tolerance"))
        self.labels, self.shape = [k % 2 for k in range(p["points"])], (p["points"], p["dimension"])
        self.widths = [p["dimension"], *p["hidden"], 1]
        self.cost, self.limit, self.free = p["cost"], p["limit"], p["free"]
        self.delta = Fraction(1, 2 ** p["exponent"])
        self.names, self.theorem = (["1", "2", "0"], "2") if p["limit"] else (["1", "2"], "1")

    def value(self, name: str, row: int, column: int) -> Fraction:
        if column == 0:
            return self.a / (row + 2 - self.kappa)
        return self.delta * (column == 1 and name != "0" and self.labels[row] == (name == "1"))

    def exclusive(self) -> bool:
        """Tell whether r − 1 > P(N) label changes are too many to follow along a line (Lemma 5)."""
        pieces = math.prod(width + 1 for width in self.widths[1:-1])
        inside = 1 <= 2 * self.a <= 2 and 1 <= 4 * self.kappa <= 3 and self.widths[0] > 1
        fixed = inside and min(self.widths) > 0 and not self.free and (not self.limit or self.cost == "max")
        return fixed and len(self.labels) >= pieces + 2 and 0 < 2 * self.tolerance < 1

    def accepts(self, output: Any, name: str) -> bool:
        inward = (1 - value if label else value for value, label in self.values(output, name))
        if self.cost == "max":
            return all(abs(s) <= self.tolerance + Fraction(name == "0", 2) for s in inward)
        if self.cost == "mean-absolute":
            return sum(abs(s) for s in inward) <= self.tolerance
        if self.cost == "mean-squared":
            return sum(s**2 for s in inward) <= self.tolerance**2
        require(self.cost == "cross-entropy", f"cost {self.cost!r} is not one that this verifier knows")
        errors = list(inward)
        return all(0 <= s <= 1 for s in errors) and math.prod(1 - s for s in errors) >= 1 - self.tolerance

    def values(self, output: Any, name: str) -> Iterator[tuple[Fraction, int]]:
        widths, weights = output["architecture"], iter([number(text) for text in output["weights"]])
        take, shapes = itertools.islice, list(itertools.pairwise(widths))
        fits = widths[0] == self.widths[0] and all(a <= b for a, b in zip(widths, self.widths, strict=True))
        fits = fits and sum((m + 1) * n for m, n in shapes) == len(output["weights"])
        require(fits, "a network does not fit the architecture")
        layers = [([list(take(weights, m)) for _ in range(n)], list(take(weights, n))) for m, n in shapes]
        for row, label in enumerate(self.labels):
            x = [self.value(name, row, column) for column in range(self.shape[1])]
            for index, (w, b) in enumerate(layers):
                x = [max(u, Fraction(0)) for u in x] if index else x
                x = [sum(map(mul, line, x), z) for line, z in zip(w, b, strict=True)]
            yield x[0], label


class Program:
    """A linear program (here: over a simplex, one cost being 1 − δ), to a radius; ι⁰ asks for any point."""

    def __init__(self, shape: tuple[int, int], radius: Fraction, exponent: int, limit: bool) -> None:
        self.shape, self.radius, self.delta = shape, radius, Fraction(1, 2**exponent)
        self.names = [str(j + 1) for j in range(shape[1])] + ["0"] * limit
        self.theorem = "3" if limit else "1"

    def exclusive(self) -> bool:
        best = [self.minimiser(name) for name in self.names if name != "0"]
        return self.radius > 0 and not any(self.near(x, z, 2) for x, z in itertools.combinations(best, 2))

    def near(self, x: list[Fraction], z: list[Fraction], times: int = 1) -> bool:
        return max(abs(u - v) for u, v in zip(x, z, strict=True)) <= times * self.radius

    def accepts(self, output: Any, name: str) -> bool:
        point = [number(x) for x in output]
        require(len(point) == self.shape[1], "a point has the wrong number of coordinates")
        return name == "0" or self.near(point, self.minimiser(name))

    def value(self, name: str, row: int, column: int) -> Fraction:
        return 1 - self.delta if name == str(column + 1) else Fraction(1)

    def minimiser(self, name: str) -> list[Fraction]:
        return [Fraction(str(j + 1) == name) for j in range(self.shape[1])]


class LinearProgram(Program):
    """min x_1 + x_2, x_1 + (1 ± δ) x_2 = y."""

    def __init__(self, p: dict[str, Any]) -> None:
        super().__init__((1, 2), Fraction(1, 10 ** p["digits"]), p["exponent"], False)
        self.y = max(number(p["y"], 10), Fraction(0))  # at 0 nothing excludes anything

    def value(self, name: str, row: int, column: int) -> Fraction:
        return 1 + (self.delta if name == "1" else -self.delta) if column == 1 else Fraction(1)

    def minimiser(self, name: str) -> list[Fraction]:
        return [Fraction(0), self.y / (1 + self.delta)] if name == "1" else [self.y, Fraction(0)]


def make(family: str, p: dict[str, Any]) -> Any:
    large = any(abs(v) > MOST for v in p.values() if isinstance(v, int))
    require(not large and p["exponent"] > (family != "training"), "a parameter is too large or too small")
    if family == "simplex":
        return Program((1, p["answers"]), number(p["tolerance"], 10), p["exponent"], p["limit"])
    return {"training": Training, "linear-program": LinearProgram}[family](p)


def check_limits(successes: int, trials: int, ends: list[str], error: Fraction) -> None:
    """Check the ends of {p : (n + 1)·P(Bin(n, p) = S) > error}: each is outside, and its inner neighbour is not."""
    low, high = (int(end.replace(".", "")) for end in ends)
    right = ends == [f"{low / GRID:.6f}", f"{high / GRID:.6f}"]
    level = error * GRID**trials / ((trials + 1) * math.comb(trials, successes))
    for s, at in ((successes, high), (trials - successes, GRID - low)):  # the lower end is that of failures
        end, inner = (p**s * (GRID - p) ** (trials - s) <= level for p in (at, at - 1))
        right = right and (at == GRID if s == trials else at * trials > s * GRID and end and not inner)
    require(right, f"the limits of {successes} in {trials} are not {ends}")


def sentence(c: dict[str, Any]) -> str:
    """Return what a certificate says, from its numbers."""
    low, high = c["limits"][c["target"]]
    iota = "ι" + c["target"].translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
    text = (
        f"On input {iota} of {c['problem']['family']} (e = {c['problem']['parameters']['exponent']}, "
        f"{c['oracle']} oracle) {c['algorithm']['label']} succeeds with probability in [{low}, {high}] "
        f"({c['counts'][c['target']]['successes']} of {c['trials']} trials, confidence {c['confidence']} at any "
        f"time); bound {c['bound']['ideal']}, Theorem {c['theorem']}, with "
        f"{'t' if c['theorem'] == '1' else 'u'} ≤ {c['bound']['spent']['limits'][1]}."
    )
    late = f" This is not at or under the bound plus {c['margin']}: the budget of trials was too small."
    return text + late * (not c["conclusive"])


def verify(text: str) -> dict[str, Any]:
    """Return the certificate that a text holds if everything in it is as it says, or raise `Refused`."""
    try:
        c: dict[str, Any] = json.loads(text)
        require(c["certificate"] == VERSION, f"its form is not of version {VERSION}, the one known here")
        require(text == canonical(c) and seal(c) == c["sha256"], "its text was changed (SHA-256)")
        problem = make(c["problem"]["family"], c["problem"]["parameters"])
        require((c["inputs"], c["theorem"]) == (problem.names, problem.theorem), "the theorem is another")
        require(problem.exclusive(), "the acceptable sets do not exclude each other, so no theorem applies")
        _check_plan(c)
        body = json.loads(zlib.decompress(base64.b64decode(c["body"], validate=True)))
        _check_counts(c, problem, _check_runs(c, problem, body, _check_answers(c, problem, body)))
        return c
    except Refused:
        raise
    except Exception as error:
        why = BROKEN.get(type(error), "an entry is missing, or not of the kind or the size that it should be")
        raise Refused(f"the file is no certificate: {why}") from error


def _check_plan(c: dict[str, Any]) -> None:
    """Check that this is what the plan had fixed, and that the seeds' stream is of these very coordinates."""
    algorithm, budget, p = c["algorithm"], c["budget"], c["problem"]["parameters"]
    told = {name: c[name] for name in ("target", "confidence", "margin", "oracle", "problem", "budget")}
    told |= {"seed": c["seed"]["root"], "algorithm": {name: algorithm[name] for name in ("label", "sha256")}}
    fixed = c["trials"] in c["plan"]["looks"] == sorted(set(c["plan"]["looks"])) and len(c) == ENTRIES
    require(fixed and c["plan"] == c["plan"] | told, "it is not what the plan had fixed")
    where = {**c["problem"], "oracle": c["oracle"], "algorithm": algorithm["name"]}
    where["algorithm_parameters"] = algorithm["parameters"]
    text = json.dumps([told["seed"], where], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    stream = int.from_bytes(hashlib.sha256(text.encode()).digest()[:16], "little")
    named = algorithm["label"].partition("[")[0] == algorithm["name"]
    require(named and c["seed"]["stream"] == f"{stream:032x}", "the seeds are those of another algorithm")
    require(budget["digits"] in range(MOST + 1) and budget["seconds"] > 0, "the budget is none")
    less = {"honest": 1, "blind": 0, "decoy": "y" in p, "mirage": 0, "midpoint": -1}[c["oracle"]]
    require(c["coupling_depth"] == p["exponent"] - less, "the oracles agree to another depth")
    require(1 <= 2 * number(c["confidence"], 10) < 2 > 2 * number(c["margin"], 10) > 0, "a share is none")


def _check_answers(c: dict[str, Any], problem: Any, body: Any) -> list[tuple[int, bool]]:
    """Check legality and coupling; return for each set of questions its depth and whether it is answered alike."""
    (rows, columns), alike = problem.shape, dict[tuple[int, int, int], bool]()
    for row, column, bits, *shown in body["answers"]:
        where = f"entry {row}, {column} at {bits} bits"
        require((row, column, bits) not in alike, f"{where} has two answers")
        require(row in range(rows) and column in range(columns), f"{where} does not exist")
        deep = max(bits - c["budget"]["digits"], *(power - MOST for _, power in shown), -bits) > 0
        require(not deep, f"{where} is past the budget")
        answers = [Fraction(int(top, 16), 2**power) for top, power in shown]
        for name, answer in zip(problem.names, answers, strict=True):
            far = abs(answer - problem.value(name, row, column)) * 2**bits
            require(far <= 1, f"the answer on input {name}, {where}, is not legal")
        same = alike[row, column, bits] = len(set(answers)) == 1
        require(same or bits > c["coupling_depth"], f"{where} is answered differently on coupled inputs")
    found: list[tuple[int, bool]] = []
    for group in body["questions"]:
        whole = [(i, j, n) for row, _, n in group if row < 0 for i in range(rows) for j in range(columns)]
        asked = whole + [(row, column, n) for row, column, n in group if row >= 0]
        found += [(max((n for _, _, n in asked), default=-1), min([alike[q] for q in asked], default=True))]
    return found


def _check_runs(c: dict[str, Any], problem: Any, body: Any, questions: list[tuple[int, bool]]) -> list[Trial]:
    """Make every verdict again; return, for each trial, whether one run served all inputs, and what came of them."""
    names, trials = problem.names, dict[int, Trial]()
    made = [[problem.accepts(output, name) for name in names] for output in body["outputs"]]
    for trial, position, shared, status, asked, output, claimed in body["runs"]:
        verdicts = made[output] if output >= 0 else [False] * len(names)
        known = status in STATUSES and (status == "halted") == (output >= 0)
        require(known, f"trial {trial}: only a run that halted has an output")
        judged = verdicts if shared else [verdicts[position]]
        require(claimed == judged, f"trial {trial}: a verdict is wrong")
        require(asked >= 0 or output < 0, f"trial {trial}: it is not on record what the run asked")
        depth, same = questions[asked] if asked >= 0 else (math.inf, True)
        require(same if shared else depth > c["coupling_depth"], f"trial {trial}: wrongly shared or not")
        both = shared and sum(v for v, name in zip(verdicts, names, strict=True) if name != "0") > 1
        require(not both, f"trial {trial}: one run serves two exclusive inputs, which Theorem 1 forbids")
        served = trials.setdefault(trial, (bool(shared), []))[1]
        require(position == len(served) and trials[trial][0] == shared, f"trial {trial} is out of order")
        served += [(status, v) for v in judged]
    require({run[5] for run in body["runs"]} >= set(range(len(made))), "an output is no run's")
    whole = 0 < len(trials) == c["trials"] and list(trials) == list(range(len(trials)))
    require(whole and all(len(s) == len(names) for _, s in trials.values()), "trials are missing")
    return list(trials.values())


def _check_counts(c: dict[str, Any], problem: Any, trials: list[Trial]) -> None:
    """Make counts, limits, bound and statement again."""
    spent, error = 0, 1 - number(c["confidence"], 10)
    for shared, served in trials:
        status, right = served[-1]
        twice = right and (not shared or any(v for _, v in served[:-1]))
        spent += {"1": not shared, "2": twice, "3": status == "halted" and not shared}[problem.theorem]
    require(c["bound"]["spent"]["count"] == spent, "the count of the exceptional event is another")
    check_limits(spent, len(trials), c["bound"]["spent"]["limits"], error)
    for position, name in enumerate(problem.names):
        statuses = [served[position][0] for _, served in trials]
        successes = sum(served[position][1] for _, served in trials)
        counts = {"successes": successes, "statuses": {s: statuses.count(s) for s in statuses}}
        require(c["counts"][name] == counts, f"the counts on input {name} are others")
        check_limits(successes, len(trials), c["limits"][name], error)
    k = sum(name != "0" for name in problem.names)
    for name, end in zip(("ideal", "low", "high"), (0, *c["bound"]["spent"]["limits"]), strict=True):
        u = Fraction(end)  # what Theorem 1 (u is t), 2 or 3 allows the smallest success probability
        rules = {"1": (1 + (k - 1) * u) / k, "2": (1 + u) / 2, "3": (k + (k - 1) * u) / (2 * k - 1)}
        require(c["bound"][name] == str(rules[problem.theorem]), "the bound is another")
    low, high = map(Fraction, c["limits"][c["target"]])
    reached = high <= Fraction(c["bound"]["low"]) + number(c["margin"], 10)
    ended = reached or c["trials"] == c["plan"]["looks"][-1] or low > Fraction(c["bound"]["high"])
    require(c["conclusive"] is reached and ended, "it is not as conclusive as it says, or stopped too soon")
    require(c["statement"] == sentence(c), "the statement is not what the numbers say")


if __name__ == "__main__":
    try:
        with open(sys.argv[1], "rb") as file:
            print("verified:", verify(file.read().decode(errors="replace"))["statement"])
    except (OSError, IndexError):
        sys.exit("usage: python verify_standalone.py CERTIFICATE, a file that can be read")
    except Refused as refusal:
        sys.exit(f"refused: {refusal}")
