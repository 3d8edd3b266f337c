"""Random stated problems, solved by the library and by the referee's second file, which share no code.

    python -m benchmarks.agreement [PROBLEMS] [SEED]

Compared are, exactly: each solution set, the depth of every policy and its answers, which sets of instances have a
common answer, the value of the game (the referee proves it from both sides), and verdicts on outputs near the border.
The last line counts; the first difference ends it.
"""

from __future__ import annotations

import itertools
import json
import random
import sys
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import onehalf as oh
from onehalf.proof.stated import output_text, stated_document
from onehalf.verify_instances import Stated, stated
from oracle.errors import InvalidValue
from oracle.instances.instance import Instance
from oracle.instances.problem import InstanceProblem
from oracle.instances.solutions import Boxes, Everything, Labels, Surds, common
from oracle.instances.sparse.surds import surd
from oracle.problems import Oracle

Draw = random.Random
Maker = Callable[[Any], Instance | None]


def small(draw: Draw, least: int = -4, most: int = 4) -> Fraction:
    """A rational of few digits."""
    return Fraction(draw.randint(least, most), draw.choice([1, 1, 2, 3, 4]))


def rows_of(draw: Draw, height: int, wide: int) -> list[list[Fraction]]:
    """A matrix of such."""
    return [[small(draw) for _ in range(wide)] for _ in range(height)]


def certified(made: Callable[[Any], Instance], certificates: Any) -> Instance | None:
    """The instance with the first certificate that proves its solution; None where none does."""
    for certificate in certificates:
        try:
            found = made(certificate)
            found.solutions()
        except InvalidValue:
            continue
        return found
    return None


def signs(wide: int) -> Any:
    """All signs."""
    return itertools.product((1, 0, -1), repeat=wide)


def diagonal(entries: list[Fraction]) -> list[list[Fraction]]:
    """A matrix with these on its diagonal."""
    return [[x if i == j else Fraction(0) for j in range(len(entries))] for i, x in enumerate(entries)]


def symmetric(rows: list[list[Fraction]]) -> list[list[Fraction]]:
    """The symmetric matrix with these entries on and above its diagonal."""
    return [[rows[min(i, j)][max(i, j)] for j in range(len(rows))] for i in range(len(rows))]


def makers(draw: Draw) -> tuple[dict[str, Any], Maker]:
    """Random data by name, and what makes a certified instance of such data."""
    height, wide = draw.randint(1, 2), draw.randint(2, 3)
    table = {"A": rows_of(draw, height, wide), "y": [small(draw) for _ in range(height)]}
    penalty = Fraction(draw.randint(1, 4), 4)
    kinds: dict[str, tuple[dict[str, Any], Maker]] = {
        "lp": (
            {
                "c": [abs(small(draw)) for _ in range(wide)],
                "A": rows_of(draw, height, wide),
                "b": [abs(small(draw)) for _ in range(height)],
            },
            lambda d: certified(lambda b: oh.LP(**d, basis=b), itertools.permutations(range(wide), height)),
        ),
        "lasso": (table, lambda d: certified(lambda s: oh.Lasso(**d, penalty=penalty, signs=s), signs(wide))),
        "elastic-net": (
            table,
            lambda d: certified(
                lambda s: oh.ElasticNet(**d, penalty=penalty, ridge=Fraction(1, 2), signs=s), signs(wide)
            ),
        ),
        "basis-pursuit": (table, lambda d: certified(lambda s: oh.BasisPursuit(**d, signs=s), signs(wide))),
        "basis-pursuit-denoising": (
            table,
            lambda d: certified(
                lambda s: oh.BasisPursuitDenoising(**d, noise=penalty * 2, signs=s), signs(wide)
            ),
        ),
        "sqrt-lasso": (
            table,
            lambda d: certified(lambda s: oh.SqrtLasso(**d, penalty=penalty / 8, signs=s), signs(wide)),
        ),
        "support": (
            table,
            lambda d: certified(
                lambda s: oh.Support(of=oh.Lasso(**d, penalty=penalty, signs=s)), signs(wide)
            ),
        ),
        "sdp": (
            {"C": [small(draw) for _ in range(wide)]},
            lambda d: certified(
                lambda i: oh.SDP(C=diagonal(d["C"]), eigenvector=[int(j == i) for j in range(wide)]),
                range(wide),
            ),
        ),
        "sdp-feasible": (
            {"A": rows_of(draw, 2, 2), "B": rows_of(draw, 2, 2)},
            lambda d: certified(
                lambda c: oh.SDPFeasible(A=symmetric(d["A"]), B=symmetric(d["B"]), **c),
                [
                    *({"point": Fraction(x, 2)} for x in range(-9, 10)),
                    *({"refutation": z} for z in ([[1, 0], [0, 0]], [[0, 0], [0, 1]], [[1, 1], [1, 1]])),
                    *({"vectors": pair} for pair in (([1, 0], [0, 1]), ([0, 1], [1, 0]))),
                ],
            ),
        ),
        "minimum-norm": (table, lambda d: oh.MinimumNorm(**d)),
        "least-squares": (
            {"A": rows_of(draw, 3, 2), "y": [small(draw) for _ in range(3)]},
            lambda d: certified(lambda _: oh.LeastSquares(**d), [None]),
        ),
        "rank": ({"A": rows_of(draw, 2, 2)}, lambda d: oh.Rank(**d)),
        "argmin": (
            {"values": [Fraction(draw.randint(0, 1)) for _ in range(wide + 1)]},
            lambda d: oh.ArgMin(**d, points=[[i, i % 2] for i in range(wide + 1)]),
        ),
        "root": (
            {"values": [-1, draw.choice([0, 0, 1, -1]), draw.choice([0, 1]), 1]},
            lambda d: oh.Root(**d, nodes=[0, 1, 2, 3]),
        ),
    }
    kinds |= questions(draw, height, wide)
    return kinds[draw.choice(list(kinds))]


def questions(draw: Draw, height: int, wide: int) -> dict[str, tuple[dict[str, Any], Maker]]:
    """Random data and makers of what is asked of programs, of blocks, eigenprojectors and training sets."""
    program = {
        "c": [abs(small(draw)) for _ in range(wide)],
        "A": rows_of(draw, height, wide),
        "b": [abs(small(draw)) for _ in range(height)],
    }
    block = {"row": [Fraction(draw.randint(0, 3)) for _ in range(2)], "cap": abs(small(draw))}
    thresholds: list[Fraction] = []
    places = [[Fraction(i), small(draw) / draw.choice([1, 2**9])] for i in (0, 0, 1)][: draw.randint(2, 3)]
    labels = [draw.randint(0, 1) for _ in places]

    def bases() -> Any:
        return itertools.permutations(range(wide), height)

    def decided(d: Any) -> Instance | None:
        """Whether the least value is at least that of the first program that has one, or a little more."""
        found: Any = certified(lambda b: oh.Optimum(of=oh.LP(**d, basis=b)), bases())
        if found is None:
            return None
        if not thresholds:
            thresholds.append(found.of.least() + draw.choice([0, 0, Fraction(1, 2**20)]))
        return oh.AtLeast(of=found.of, threshold=thresholds[0])

    def blocks(d: Any) -> Instance | None:
        """A program with a certificate beside a row whose columns are free."""
        rows = [*([*row, 0, 0] for row in d["A"]), [*[0] * wide, *d["row"]]]
        table = {"c": [*d["c"], 1, -1], "A": rows, "b": [*d["b"], d["cap"]]}
        return certified(lambda b: oh.LP(**table, basis=b, free=[wide, wide + 1]), bases())

    def projector(d: Any) -> Instance | None:
        """A matrix near a multiple of 1 whose larger eigenvalue has a drawn vector."""
        v = [Fraction(draw.randint(-3, 3)) for _ in range(2)]
        share = d["gap"] / max(v[0] ** 2 + v[1] ** 2, 1)
        rows = [[d["base"] * (i == j) + share * v[i] * v[j] for j in range(2)] for i in range(2)]
        return certified(lambda _: oh.Projector(A=rows, eigenvector=v), [None])

    def exchanged(_: Any) -> Instance | None:
        """The same points in another order, with the same labels."""
        points = draw.sample(places, len(places))
        return certified(lambda _: oh.TrainingSet(X=points, labels=labels, places=places), [None])

    return {
        "decision": (program, decided),
        "optimum": (program, lambda d: certified(lambda b: oh.Optimum(of=oh.LP(**d, basis=b)), bases())),
        "free columns": (program | block, blocks),
        "projector": (
            {"base": small(draw), "gap": Fraction(draw.randint(1, 4), draw.choice([1, 2**7]))},
            projector,
        ),
        "training-set": ({"place": Fraction(0)}, exchanged),
    }


def moved(draw: Draw, value: Any, step: Fraction) -> Any:
    """The data with some entries moved by a multiple of a small step."""
    if isinstance(value, list):
        return [moved(draw, item, step) for item in value]
    return value + step * draw.choice([0, 0, 1, -1, 2]) * draw.choice([1, 1, Fraction(1, 3)])


def further(draw: Draw, value: Any, limit: Any, step: Fraction) -> Any:
    """The data of an input moved where they are still those of the limit."""
    if isinstance(value, list):
        return [further(draw, a, b, step) for a, b in zip(value, limit, strict=True)]
    return value + step * draw.choice([0, 0, 1, -1]) if value == limit else value


def chain(draw: Draw, data: dict[str, Any], make: Maker, step: Fraction) -> dict[str, Any] | None:
    """Inputs in a tree, each converging to the limit, that of the data, or to an earlier one."""
    limit, tables, kept, converging = make(data), [data], list[Instance](), list[int]()
    if limit is None:
        return None
    for _ in range(draw.randint(2, 4)):
        to = draw.randrange(len(tables))
        table = {name: further(draw, v, data[name], step) for name, v in tables[to].items()}
        found = make(table)
        if found is not None:
            kept, converging, tables = [*kept, found], [*converging, to], [*tables, table]
    return {"members": kept, "converging": converging, "limit": limit}


def random_problem(draw: Draw) -> InstanceProblem | None:
    """A problem of two to four instances near each other; None where the draw gives none."""
    data, make = makers(draw)
    step = Fraction(1, 2 ** draw.choice([2, 5, 9, 20]))
    digits, norm = draw.choice([-1, 0, 0, 1, 2, 4]), draw.choice(["max", "max", "euclidean"])
    if draw.random() < 0.2:
        given = chain(draw, data, make, step)
    else:
        members = [
            make({name: moved(draw, v, step) for name, v in data.items()}) for _ in range(draw.randint(2, 4))
        ]
        kept = [member for member in members if member is not None]
        limit = kept.pop() if len(kept) > 1 and draw.random() < 0.25 else None
        given = {"members": kept, "limit": limit}
    if given is None:
        return None
    if given["limit"] is not None and draw.random() < 0.5:
        given["limit"] = oh.Anything(of=given["limit"])
    try:
        found: InstanceProblem = oh.problem("drawn")(
            lambda: oh.Instances(**given, digits=digits, norm=norm)
        )()
        return found
    except InvalidValue:
        return None


def outputs(draw: Draw, problem: InstanceProblem) -> list[Any]:
    """Answers that are right, and points at, within and beyond the border of some."""
    given = problem.stated
    found: list[Any] = [*given.shared, *given.witnesses]
    if not isinstance(given.solutions[0], Labels):
        for x in given.witnesses:
            shares = [draw.choice([0, 1, -1, Fraction(1, 2), Fraction(101, 100)]) for _ in x]
            found.append(tuple(a + given.radius * share for a, share in zip(x, shares, strict=True)))
    return found


def compare(draw: Draw, problem: InstanceProblem) -> Counter[str]:
    """Compare all that both say of a problem, and count it.

    Raises
    ------
    AssertionError
        At the first difference.
    """
    given, counted = problem.stated, Counter[str]()
    other: Stated = stated(json.loads(json.dumps(stated_document(problem))))
    for mine, theirs in zip(given.right, other.right, strict=True):
        if isinstance(mine, Everything):
            assert theirs is other.everything
            continue
        if isinstance(mine, Labels):
            assert len(mine.answers) == len(theirs)
            continue
        if given.kind == oh.BasisPursuitDenoising.kind:
            x = mine.point if isinstance(mine, Surds) else mine.witness
            assert all(_same(a, b) for a, b in zip(x, theirs[0][0], strict=True))
            continue
        assert isinstance(mine, Boxes)
        boxes = {(box.low, box.high) for box in mine.boxes}
        told = {(tuple(low), tuple(high)) for low, high in theirs}
        covered = {box for box in told if any(_inside(box, wide) for wide in boxes)}
        assert boxes <= told
        assert covered == told
    admitted = {}
    for policy in problem.policies:
        try:
            admitted[problem.check_policy(policy)] = problem.bound(policy).depth
        except InvalidValue:
            assert policy not in other.depths
    assert admitted == other.depths
    for policy, depth in admitted.items():
        for bits, place, member in itertools.product(
            (0, depth, depth + 1, depth + 3), given.differing, problem.inputs
        ):
            if bits > depth and member.exponent is None:
                continue  # beyond it a policy goes on there for as long as it is legal
            answer = Oracle(problem, member, policy).answer((0, place), bits)
            assert answer == other.answer(policy, member.name, 0, place, bits)
            counted["answers"] += 1
    counted["depths"] += len(admitted)
    everyone = range(len(given.rows))
    for size in range(1, len(given.rows) + 1):
        for face in itertools.combinations(everyone, size):
            met = common([given.right[j] for j in face], given.norm, given.radius) is not None
            faces = given.game.faces if given.limit is None else given.limit_game.at_once.faces
            assert met == any(set(face) <= set(known) for known in faces)
            assert met == _meet(other, face)
            counted["sets"] += 1
    if given.limit is None:
        assert other.bound == given.game.value
    else:
        assert (other.bound, other.halting) == (given.limit_game.value, given.limit_game.halting)
        counted["with limits"] += 1
        counted["with chains"] += any(given.converging)
    counted["values below 1"] += other.bound < 1
    for output in outputs(draw, problem):
        verdicts = problem.judge([problem.check_output(output)])[0]
        text = output_text(problem, output)
        for member, verdict in zip(problem.inputs, verdicts, strict=True):
            assert (verdict.kind == "accepted") == other.accepts(text, member.name)
            counted["verdicts"] += 1
    counted["free columns"] += bool(getattr(given.members[0], "free", ()))
    return counted + Counter({"problems": 1, "instances": len(given.members), given.kind: 1})


def _inside(box: Any, wide: Any) -> bool:
    return all(a >= b for a, b in zip(box[0], wide[0], strict=True)) and all(
        a <= b for a, b in zip(box[1], wide[1], strict=True)
    )


def _same(mine: Any, theirs: Any) -> bool:
    return bool(mine == (surd(theirs.a, theirs.b, theirs.h) if hasattr(theirs, "h") else theirs))


def _meet(other: Stated, face: tuple[int, ...]) -> bool:
    cells, chosen = None, tuple[int, ...]()
    for j in face:
        cells = other._met(cells, chosen, j)
        if not cells:
            return False
        chosen = (*chosen, j)
    return True


def agreement(problems: int, seed: int = 1) -> Counter[str]:
    """Compare so many random problems."""
    draw, total = Draw(seed), Counter[str]()
    while total["problems"] < problems:
        found = random_problem(draw)
        if found is not None:
            total += compare(draw, found)
    return total


if __name__ == "__main__":
    given = [int(text) for text in sys.argv[1:]] or [300]
    print(", ".join(f"{name} {number:,}" for name, number in agreement(*given).most_common()))
