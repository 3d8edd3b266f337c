"""The atlas counted again: every answer judged by other means, from the words of its page, and by no code of ours.

    python -m benchmarks.recount results/atlas

Problems are made anew from their statements. Minimisers are found by trying: every vertex of a linear program, every
pattern of signs of a LASSO, the normal equations of least squares. What honest oracles show are the nearest multiples
of 2^-n. Then every answer of ``answers.csv`` is judged with fractions, and every cell of ``cells.csv`` is counted. The
last line counts the differences; exit status 1 if there are any.
"""

from __future__ import annotations

import csv
import itertools
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path

Row = dict[str, str]
Matrix = list[list[Fraction]]
Problem = tuple[list[Fraction], Matrix, list[Fraction]]
"""LP: c, A, b. LASSO: [penalty], A, y. Least squares: [], A, y."""
RADIUS = Fraction(1, 100)
_FOUR = range(4)


def _block(a: Fraction, b: Fraction) -> Matrix:
    zero, one = Fraction(0), Fraction(1)
    return [[one, a, zero, zero], [zero, zero, one, b]]


def _signed(d: Fraction) -> list[Fraction]:
    return [1 + d, 1 - d]


def _nearly(d: Fraction) -> list[list[Fraction]]:
    return [[1 + d * (i == j) for i in _FOUR] for j in _FOUR]


def _pair(d: Fraction, rows: int, scale: int) -> list[Problem]:
    penalty = Fraction(rows * scale**2, 4)
    return [
        ([penalty], [[Fraction(scale), scale * a] for _ in range(rows)], [Fraction(scale)] * rows)
        for a in _signed(d)
    ]


def _collinear(d: Fraction, answers: int, scale: int) -> list[Problem]:
    one = Fraction(scale)
    return [([], [[one, one], [Fraction(0), scale * d]], [one, scale * c * d]) for c in range(answers)]


_ONE = Fraction(1)
_MAKERS: dict[tuple[str, str], tuple[int, Callable[[Fraction], list[Problem]]]] = {
    ("lp", "constraint"): (52, lambda d: [([_ONE, _ONE], [[_ONE, a]], [_ONE]) for a in _signed(d)]),
    ("lp", "objective"): (52, lambda d: [([_ONE, a], [[_ONE, _ONE]], [_ONE]) for a in _signed(d)]),
    ("lp", "scaled"): (
        42,
        lambda d: [([1024 * _ONE] * 2, [[1024 * _ONE, 1024 * a]], [1024 * _ONE]) for a in _signed(d)],
    ),
    ("lp", "near-duplicates"): (52, lambda d: [([_ONE] * 4, [row], [_ONE]) for row in _nearly(d)]),
    ("lp", "diagonal"): (
        52,
        lambda d: [([_ONE] * 4, _block(a, b), [_ONE] * 2) for a in _signed(d) for b in _signed(d)],
    ),
    ("lasso", "pair"): (52, lambda d: _pair(d, 1, 1)),
    ("lasso", "four rows"): (52, lambda d: _pair(d, 4, 1)),
    ("lasso", "scaled"): (42, lambda d: _pair(d, 1, 1024)),
    ("lasso", "near-duplicates"): (52, lambda d: [([_ONE / 4], [row], [_ONE]) for row in _nearly(d)]),
    ("lasso", "diagonal"): (
        52,
        lambda d: [([_ONE / 4], _block(a, b), [_ONE] * 2) for a in _signed(d) for b in _signed(d)],
    ),
    ("least-squares", "collinear"): (52, lambda d: _collinear(d, 2, 1)),
    ("least-squares", "duplicates"): (
        52,
        lambda d: [([], [[_ONE, _ONE], [_ONE, 1 + d]], [_ONE, 1 + c * d]) for c in (0, 1)],
    ),
    ("least-squares", "scaled"): (42, lambda d: _collinear(d, 2, 1024)),
    ("least-squares", "four answers"): (52, lambda d: _collinear(d, 4, 1)),
    ("least-squares", "diagonal"): (
        52,
        lambda d: [([], [[_ONE, 0 * d], [0 * d, d]], [_ONE, s * d]) for s in (1, -1)],
    ),
}


def solve(A: Matrix, b: Sequence[Fraction]) -> list[Fraction] | None:
    """Return the solution of square equations; None where they have none or several."""
    rows = [[*row, value] for row, value in zip(A, b, strict=True)]
    for k in range(len(rows)):
        pivot = next((i for i in range(k, len(rows)) if rows[i][k]), None)
        if pivot is None:
            return None
        rows[k], rows[pivot] = rows[pivot], rows[k]
        rows[k] = [value / rows[k][k] for value in rows[k]]
        for i, row in enumerate(rows):
            if i != k and row[k]:
                rows[i] = [a - row[k] * p for a, p in zip(row, rows[k], strict=True)]
    return [row[-1] for row in rows]


def _image(A: Matrix, x: Sequence[Fraction]) -> list[Fraction]:
    return [sum((a * v for a, v in zip(row, x, strict=True)), Fraction(0)) for row in A]


def _normal(
    A: Matrix, y: Sequence[Fraction], columns: Sequence[int], less: Sequence[Fraction]
) -> list[Fraction] | None:
    gram = [[sum((row[i] * row[j] for row in A), Fraction(0)) for j in columns] for i in columns]
    right = [
        sum((row[i] * v for row, v in zip(A, y, strict=True)), Fraction(0)) - w
        for i, w in zip(columns, less, strict=True)
    ]
    return solve(gram, right)


def objective(kind: str, problem: Problem, x: Sequence[Fraction]) -> Fraction:
    """Return c·x, or half the squared residual with the penalty, or the squared residual."""
    first, A, y = problem
    if kind == "lp":
        return sum((c * v for c, v in zip(first, x, strict=True)), Fraction(0))
    misfit = sum(((v - w) ** 2 for v, w in zip(_image(A, x), y, strict=True)), Fraction(0))
    return misfit / 2 + first[0] * sum(map(abs, x), Fraction(0)) if kind == "lasso" else misfit


def _candidates(kind: str, problem: Problem) -> Iterator[list[Fraction]]:
    """Yield points of which the best is a minimiser: vertices, or what solves the equations of a pattern of signs."""
    first, A, y = problem
    wide = len(A[0])
    if kind == "lp":
        for basis in itertools.combinations(range(wide), len(A)):
            found = solve([[row[j] for j in basis] for row in A], y)
            if found is not None and min(found) >= 0:
                yield [dict(zip(basis, found, strict=True)).get(j, Fraction(0)) for j in range(wide)]
        return
    patterns = itertools.product((0, 1, -1), repeat=wide) if kind == "lasso" else [(1,) * wide]
    for signs in patterns:
        columns = [j for j in range(wide) if signs[j]]
        weights = [first[0] * signs[j] if kind == "lasso" else Fraction(0) for j in columns]
        found = _normal(A, y, columns, weights)
        if found is not None:
            yield [dict(zip(columns, found, strict=True)).get(j, Fraction(0)) for j in range(wide)]


def minimiser(kind: str, problem: Problem) -> list[Fraction]:
    """Return the minimiser, the only best one of the candidates."""
    every = list(_candidates(kind, problem))
    least = min(objective(kind, problem, x) for x in every)
    best = {tuple(x) for x in every if objective(kind, problem, x) == least}
    assert len(best) == 1, "several minimisers"
    return list(best.pop())


def reaches(kind: str, problem: Problem, x: Sequence[Fraction], least: Fraction) -> bool:
    """Tell whether x is as good as the minimiser within the radius, as the atlas says it."""
    _, A, y = problem
    above = objective(kind, problem, x) - least
    if kind == "lp":
        off = max(abs(v - w) for v, w in zip(_image(A, x), y, strict=True))
        close = abs(above) <= RADIUS * max(1, abs(least))
        return close and min(x) >= -RADIUS and off <= RADIUS * max(1, *map(abs, y))
    if kind == "lasso":
        return above <= RADIUS * max(1, least)
    return above <= RADIUS**2 * max(1, sum(v * v for v in y))


def _near(x: Sequence[Fraction], y: Sequence[Fraction]) -> bool:
    return all(abs(a - b) <= RADIUS for a, b in zip(x, y, strict=True))


def reading(inputs: Sequence[Problem], bits: int) -> str:
    """Return whether what is shown of the inputs, the nearest multiples of 2^-bits, tells them apart."""
    shown = {tuple(round(v * 2**bits) for part in (first, *A, y) for v in part) for first, A, y in inputs}
    if len(shown) == len(inputs):
        return "digits there"
    return "digits end" if len(shown) == 1 else "digits partly there"


def exclusive(points: Sequence[Sequence[Fraction]]) -> int:
    """Return how many inputs have answers that no two share: all, or the count fails."""
    assert not any(
        _near(x, y) or max(abs(a - b) for a, b in zip(x, y, strict=True)) <= 2 * RADIUS
        for x, y in itertools.combinations(points, 2)
    )
    return len(points)


def recount(answers: Sequence[Row], cells: Sequence[Row]) -> tuple[Counter[str], list[str]]:
    """Judge and count everything again.

    Returns
    -------
    Counter, list of str
        Counts by kind and verdict, and what differs, in words.
    """
    counted: Counter[str] = Counter()
    differing: list[str] = []
    told = {(c["kind"], c["solver"], c["presentation"], c["e"]): c for c in cells}
    groups: dict[tuple[str, str, str, str], list[Row]] = defaultdict(list)
    for row in answers:
        groups[row["kind"], row["solver"], row["presentation"], row["exponent"]].append(row)
    for place in sorted(set(told) ^ set(groups)):
        differing.append(f"{place}: is in one of the files alone")
    known: dict[tuple[str, str, str], tuple[list[Problem], list[list[Fraction]], str]] = {}
    for place in sorted(set(groups) & set(told)):
        kind, _, name, e = place
        if (kind, name, e) not in known:
            bits, make = _MAKERS[kind, name]
            inputs = make(Fraction(1, 2 ** int(e)))
            known[kind, name, e] = inputs, [minimiser(kind, p) for p in inputs], reading(inputs, bits)
        inputs, points, read = known[kind, name, e]
        differing += _cell(place, groups[place], told[place], inputs, points, read, counted)
    return counted, differing


def _cell(
    place: tuple[str, str, str, str],
    rows: Sequence[Row],
    cell: Row,
    inputs: Sequence[Problem],
    points: Sequence[Sequence[Fraction]],
    read: str,
    counted: Counter[str],
) -> Iterator[str]:
    """Yield what differs in a cell."""
    right: dict[int, list[bool]] = defaultdict(list)
    claims: dict[int, list[bool]] = defaultdict(list)
    false: dict[int, list[bool]] = defaultdict(list)
    wrong = missing = 0
    for row in rows:
        j = int(row["input"]) - 1
        x = [Fraction(float(v)) for v in row["x"].split()] if row["x"] else None
        verdict = "no answer" if x is None else "right" if _near(x, points[j]) else "wrong"
        reached = x is not None and reaches(place[0], inputs[j], x, objective(place[0], inputs[j], points[j]))
        good = "no answer" if x is None else "right" if reached else "wrong"
        claimed = row["converged"] == "yes"
        right[j].append(verdict == "right")
        claims[j].append(claimed)
        false[j].append(claimed and verdict == "wrong")
        wrong, missing = wrong + (verdict == "wrong"), missing + (verdict == "no answer")
        counted[f"{place[0]}: answers"] += 1
        counted[f"{place[0]}: {verdict}"] += 1
        counted[f"{place[0]}: false claims"] += false[j][-1]
        again = (verdict, good, read, "yes" if false[j][-1] else "no")
        before = (row["minimiser"], row["objective"], row["digits_read"], row["false_claim"])
        if again != before:
            yield f"{place}, input {j + 1}, order {row['order']}: {before} is {again}"
    share = {
        "success": min(Fraction(sum(v), len(v)) for v in right.values()),
        "claimed": min(Fraction(sum(v), len(v)) for v in claims.values()),
        "false_claims": max(Fraction(sum(v), len(v)) for v in false.values()),
    }
    outcome = (
        "wrong and said optimal"
        if any(any(v) for v in false.values())
        else "wrong and warned"
        if wrong
        else "no answer"
        if missing
        else "right"
    )
    again_told = {
        "digits_read": read,
        "outcome": outcome,
        **{name: str(value) for name, value in share.items()},
    }
    if read == "digits end":
        k = exclusive(points)
        again_told |= {
            "bound": str(Fraction(1, k)),
            "least_false_claims": str(share["claimed"] * (k - 1) / k),
        }
        counted["cells where digits end"] += 1
        if share["success"] > Fraction(1, k) or share["false_claims"] < share["claimed"] * (k - 1) / k:
            yield f"{place}: is above its bound"
    counted["cells"] += 1
    yield from (
        f"{place}: {name} {cell[name]} is {value}"
        for name, value in again_told.items()
        if cell[name] != value
    )


def main() -> int:
    """Count the atlas in a directory again."""
    directory = Path(sys.argv[1] if len(sys.argv) > 1 else "results/atlas")
    tables = []
    for name in ("answers.csv", "cells.csv"):
        with (directory / name).open(encoding="utf-8", newline="") as file:
            tables.append(list(csv.DictReader(file)))
    counted, differing = recount(*tables)
    print(*differing[:20], *(f"{name} {number:,}" for name, number in sorted(counted.items())), sep="\n")
    print(f"{len(differing)} differences")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
