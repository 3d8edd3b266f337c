"""Linear programs: the theory's thresholds, certified digits against random data, pairs against another solver."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import onehalf as oh
from onehalf.auditing.listening import Silent
from onehalf.auditing.programs import audit as programs
from onehalf.auditing.programs.files import read_program
from onehalf.auditing.programs.judge import optimum
from onehalf.auditing.programs.model import ExactProgram, box_of
from onehalf.auditing.programs.simplex import Infeasible
from onehalf.auditing.programs.vertex import Vertex
from onehalf.auditing.radii import radius_models
from onehalf.auditing.report.document import audit_document
from onehalf.auditing.verdicts import CERTIFIED, IMPOSSIBLE, NEITHER, Finding
from tests.scale import several

pytest.importorskip("highspy")

EXAMPLES = Path(__file__).resolve().parents[3] / "examples" / "audit"
HEAD = "NAME T\nROWS\n N COST\n"


def brute_force(program: ExactProgram) -> list[tuple[Fraction, list[Fraction]]]:
    """Return the feasible vertices of a program of two columns by cost: every pair of limits as equalities."""
    lines = []
    for i, (low, high) in enumerate(zip(program.row_low, program.row_high, strict=True)):
        row = [column.get(i, Fraction(0)) for column in program.columns]
        lines += [(row, bar) for bar in (low, high) if bar is not None]
    for j, (low, high) in enumerate(zip(program.low, program.high, strict=True)):
        row = [Fraction(int(k == j)) for k in range(2)]
        lines += [(row, bar) for bar in (low, high) if bar is not None]
    found = []
    for ((a, b), e), ((c, d), f) in itertools.combinations(lines, 2):
        det = a * d - b * c
        if det == 0:
            continue
        x = [(e * d - b * f) / det, (a * f - e * c) / det]
        rows = [
            sum((col.get(i, Fraction(0)) * v for col, v in zip(program.columns, x, strict=True)), Fraction(0))
            for i in range(len(program.row_low))
        ]
        limits = [
            *zip(x, program.low, program.high, strict=True),
            *zip(rows, program.row_low, program.row_high, strict=True),
        ]
        if all((lo is None or v >= lo) and (hi is None or v <= hi) for v, lo, hi in limits):
            found.append((program.cost[0] * x[0] + program.cost[1] * x[1], x))
    return sorted(found)


@pytest.mark.parametrize(
    ("inexact", "expected"),
    [
        (["COST/X2"], {29: IMPOSSIBLE, 30: IMPOSSIBLE, 31: NEITHER, 32: CERTIFIED}),
        ([], {28: IMPOSSIBLE, 29: IMPOSSIBLE, 30: NEITHER, 31: CERTIFIED}),
        (["R/X1", "COST/X1", "COST/X2"], {30: IMPOSSIBLE, 31: IMPOSSIBLE, 33: CERTIFIED}),
    ],
)
def test_the_theorys_program_at_e_30(inexact: list[str], expected: dict[int, str]) -> None:
    """docs/theory.md §6: which entries are inexact decides where the tie is."""
    found = oh.audit(EXAMPLES / "tie.mps", bits=list(expected), inexact=inexact)
    assert {n: f.answers[0].verdict(1) for n, f in zip(expected, found.findings, strict=True)} == expected


def test_a_tie_in_decimals_is_impossible_at_every_precision() -> None:
    found = oh.audit(EXAMPLES / "diet.mps", decimals=True, bits=[20, 52])
    assert {f.answers[2].verdict(1) for f in found.findings} == {IMPOSSIBLE}
    assert found.sentences[0].startswith(
        "From numbers correct to 2^-20, no digit after the point of the minimiser is certified; "
    )


@pytest.mark.parametrize("seed", range(6))
def test_certified_digits_hold_for_random_data_and_pairs_are_minimisers(seed: int, tmp_path: Path) -> None:
    """Every vertex is enumerated by fractions: a second solver, which shares nothing with the audit but the file."""
    rng = random.Random(seed)
    text = HEAD + " G R1\n G R2\n L R3\nCOLUMNS\n"
    for j in (1, 2):
        entries = [f"{rng.uniform(0.2, 3):.3f}" for _ in range(4)]
        text += f" X{j} COST {entries[0]} R1 {entries[1]}\n X{j} R2 {entries[2]} R3 {entries[3]}\n"
    text += "RHS\n RHS R1 1.37 R2 2.05\n RHS R3 40.5\nBOUNDS\n LO B X1 -2.5\n UP B X2 7.25\nENDATA\n"
    (tmp_path / "p.mps").write_text(text)
    shown = read_program(tmp_path / "p.mps")
    found = oh.audit(tmp_path / "p.mps", bits=[8, 16, 30])
    for n, finding in zip((8, 16, 30), found.findings, strict=True):
        box = box_of(shown, radius_models(n)[0])
        for _ in range(several(25, 1000)):
            data = {
                key: box.values[key] + size * Fraction(rng.randint(-(1 << 20), 1 << 20), 1 << 20)
                for key, size in box.radii.items()
            }
            vertices = brute_force(shown.program.changed(data))
            for j, answer in enumerate(finding.answers[:2]):
                if answer.radius is not None:
                    assert answer.value is not None
                    assert abs(vertices[0][1][j] - answer.value) <= answer.radius
        for j, answer in enumerate(finding.answers[:2]):
            if answer.pair is None:
                continue
            ends = []
            for index in answer.pair:
                signs = finding.data_sets[index]["moves"]
                moves = {k: {"+": 1, "-": -1, "0": 0}[s] for k, s in zip(shown.data, signs, strict=True)}
                data = box.moved(moves)
                assert all(abs(data[k] - box.values[k]) <= box.radii[k] for k in data)
                vertices = brute_force(shown.program.changed(data))
                assert len({tuple(x) for cost, x in vertices if cost == vertices[0][0]}) == 1
                ends.append(vertices[0][1][j])
            assert abs(ends[1] - ends[0]) == answer.apart > 0


def test_feasible_for_some_data_and_infeasible_for_others_is_impossible(tmp_path: Path) -> None:
    """Two equalities that are one to the digits shown: a degenerate vertex, and no solution beside it."""
    text = HEAD + " E R1\n E R2\nCOLUMNS\n X COST 1 R1 1\n X R2 2\n Y COST 2 R1 1\n Y R2 2\nRHS\n"
    (tmp_path / "p.mps").write_text(text + " RHS R1 0.5 R2 1\nENDATA\n")
    (finding,) = oh.audit(tmp_path / "p.mps", bits=40).findings
    assert [d.verdict for d in finding.decisions if d.question == "feasible"] == [IMPOSSIBLE]
    assert {s["outcome"] for s in finding.data_sets} >= {"optimal", "infeasible"}


def test_infeasible_for_all_data_is_certified(tmp_path: Path) -> None:
    text = (
        HEAD
        + " G R1\n L R2\nCOLUMNS\n X COST 1 R1 1.5\n X R2 1.5\nRHS\n RHS R1 2.5 R2 1.5\nBOUNDS\n UP B X 10\nENDATA\n"
    )
    (tmp_path / "p.mps").write_text(text)
    near, far = oh.audit(tmp_path / "p.mps", bits=[0, 20]).findings
    assert far.decisions[0].words == "no program within the radii of these numbers is feasible"
    assert near.decisions[0].verdict == IMPOSSIBLE


def test_unbounded_for_some_data_is_impossible(tmp_path: Path) -> None:
    text = HEAD + " G R1\nCOLUMNS\n X COST 0.0001 R1 1\nRHS\n RHS R1 1\nENDATA\n"
    (tmp_path / "p.mps").write_text(text)
    wide, narrow = oh.audit(tmp_path / "p.mps", bits=[10, 20]).findings
    assert [d.verdict for d in wide.decisions] == [CERTIFIED, IMPOSSIBLE]
    assert [d.verdict for d in narrow.decisions] == [CERTIFIED, CERTIFIED]


def test_infeasibility_is_found_where_floating_point_sees_none(tmp_path: Path) -> None:
    text = (
        HEAD
        + " G R1\n L R2\nCOLUMNS\n X COST 1 R1 1\n X R2 1\nRHS\n RHS R1 1.00000000000000001 R2 1\nENDATA\n"
    )
    (tmp_path / "p.mps").write_text(text)
    assert isinstance(optimum(read_program(tmp_path / "p.mps").program), Infeasible)


MALFORMED = {
    "": "is empty",
    HEAD + " G R\nCOLUMNS\n X COST 1 R 1\n": "ends before ENDATA",
    HEAD + " G R\n G R\nCOLUMNS\n": "line 5: the row 'R' is there twice",
    HEAD + " G R\nCOLUMNS\n X COST nan R 1\nRHS\nENDATA\n": "is no finite decimal number",
    HEAD + " G R\nCOLUMNS\n X COST 1e300 R 1\nRHS\nENDATA\n": "must be at most 10^30 in size",
    HEAD + " G R\nCOLUMNS\n X COST 1 R 1\n X R 2\nRHS\nENDATA\n": "is there twice",
    HEAD + " G R\nCOLUMNS\n X COST 1 R 1\n Y R 2\n X COST 3\nRHS\nENDATA\n": "comes back after another",
    HEAD + " G R\nCOLUMNS\n X COST 1 R 1\nRHS\nBOUNDS\n LO B X inf\nENDATA\n": "leaves it no value",
    HEAD + " G R\nCOLUMNS\n X COST 1 Q 1\nRHS\nENDATA\n": "there is no row 'Q'",
    HEAD + " G R\nCOLUMNS\n M 'MARKER' 'INTORG'\n": "has integer variables",
}


@pytest.mark.parametrize("text", MALFORMED, ids=MALFORMED.values())
def test_a_malformed_file_gets_one_sentence(text: str, tmp_path: Path) -> None:
    (tmp_path / "p.mps").write_text(text)
    with pytest.raises(oh.InvalidValue) as caught:
        oh.audit(tmp_path / "p.mps")
    assert MALFORMED[text] in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_pattern_that_fits_nothing_is_refused() -> None:
    with pytest.raises(oh.InvalidValue, match="fits no entry"):
        oh.audit(EXAMPLES / "diet.mps", bits=20, inexact=["COST/HAM"])


def test_a_program_in_lp_format_is_read(tmp_path: Path) -> None:
    (tmp_path / "p.lp").write_text("max\n obj: 0.5 x + y\nst\n c1: x + y <= 1.5\nbounds\n y <= 1\nend\n")
    (finding,) = oh.audit(tmp_path / "p.lp", bits=30).findings
    assert [a.value for a in finding.answers] == [Fraction(1, 2), Fraction(1), Fraction(5, 4)]


def test_an_output_is_judged_exactly() -> None:
    data = ([[1, 1 - 2**-30]], [1], [1, 1])
    assert oh.judge_lp(*data, [1, 0], 9).kind == "accepted"
    assert oh.judge_lp(*data, [0, 1 / (1 - 2**-30)], 9).kind == "rejected"
    with pytest.raises(oh.InvalidOutput, match="only one"):
        oh.judge_lp([[1, 1]], [1], [1, 1], [1, 0], 9)
    assert isinstance(optimum(read_program(EXAMPLES / "tie.mps").program), Vertex)


def audited(tmp_path: Path, columns: str, rest: str, rows: str = " G R\n", **reading: Any) -> Finding:
    """Audit a program of one column X, written out."""
    file = tmp_path / "one.mps"
    file.write_text(HEAD + rows + "COLUMNS\n X COST 1 " + columns + "\n" + rest + "ENDATA\n")
    return oh.audit(file, **reading).findings[0]


def test_the_limits_of_a_ranged_row_are_copies_and_never_moved_apart(tmp_path: Path) -> None:
    """A side and its range make both limits: no pair rests on them, and what is certified allows for both radii."""
    rest = "RHS\n RHS R 0.5\nRANGES\n RNG R 0.5\n"
    rest += "BOUNDS\n FR BND X\n"
    lowest = audited(tmp_path, "R 1", rest, bits=10).answers[0]
    assert (lowest.value, lowest.apart) == (Fraction(1, 2), 0)
    assert lowest.radius is not None
    assert lowest.radius >= Fraction(1, 2**10)
    head = "OBJSENSE\n MAX\n"
    file = tmp_path / "most.mps"
    file.write_text("NAME T\n" + head + "ROWS\n N COST\n G R\nCOLUMNS\n X COST 1 R 1\n" + rest + "ENDATA\n")
    highest = oh.audit(file, bits=10).findings[0].answers[0]
    # 0.5 + 0.5 is whole, and yet as inexact as both together.
    assert (highest.value, highest.apart) == (Fraction(1), 0)
    assert highest.radius is not None
    assert highest.radius >= 2 * Fraction(1, 2**10)
    box = box_of(read_program(file), radius_models(bits=10)[0])
    sides = {("b", 0, 0), ("r", 0, 0)}
    assert sides <= box.radii.keys()
    assert box.moved(dict.fromkeys(sides, 1)) == {}


@pytest.mark.parametrize(
    ("rest", "feasible"),
    [
        (
            "RHS\n RHS R -0.5\nBOUNDS\n LO BND X 0.1\n UP BND X 0.1001\n",
            NEITHER,
        ),  # limits within each other's radius
        ("RHS\n RHS R -0.5\nBOUNDS\n LO BND X 0.1\n UP BND X 0.1\n", NEITHER),  # equal, and yet two numbers
        ("RHS\n RHS R -0.5\nBOUNDS\n FX BND X 0.1\n", CERTIFIED),  # one number
        ("RHS\n RHS R 0.05\nRANGES\n RNG R 0.0001\nBOUNDS\n FR BND X\n", NEITHER),
        ("RHS\n RHS R -0.5\nBOUNDS\n LO BND X 0.1\n UP BND X 0.5\n", CERTIFIED),
    ],
)
def test_limits_that_may_pass_each_other_leave_feasibility_open(
    tmp_path: Path, rest: str, feasible: str
) -> None:
    """A nonbasic variable stands at one limit; the other may lie on the wrong side of it for some data."""
    found = audited(tmp_path, "R 1", rest, bits=5)
    decisions = {decision.question: decision.verdict for decision in found.decisions}
    assert decisions["feasible"] == feasible
    assert all(answer.verdict(0) != CERTIFIED or feasible == CERTIFIED for answer in found.answers)


def test_no_point_is_optimal_where_a_lower_limit_is_above_the_upper_one() -> None:
    program = ExactProgram((Fraction(1),), ({},), (None,), (None,), (Fraction(2),), (Fraction(1),))
    assert optimum(program) is None


def test_the_objectives_constant_is_a_number_like_the_others(tmp_path: Path) -> None:
    rest = "RHS\n RHS R 1\n RHS COST 0.75\n"
    found = audited(tmp_path, "R 1", rest, bits=10)
    point, value = found.answers
    assert (point.value, point.radius) == (1, 0)
    assert (value.value, value.radius) == (Fraction(1, 4), Fraction(1, 2**10))
    assert audited(tmp_path, "R 1", rest, bits=10, exact=["COST/RHS"]).answers[1].radius == 0


def written(numbers: dict[str, Fraction], shape: dict[str, str]) -> str:
    """Return a program of two columns with every section, its numbers as decimals of up to 40 places."""
    text = {name: f"{value.numerator * 10**40 // value.denominator}e-40" for name, value in numbers.items()}
    columns = "".join(
        f" X{j} COST {text[f'c{j}']}\n" + "".join(f" X{j} R{i} {text[f'a{i}{j}']}\n" for i in range(2))
        for j in range(2)
    )
    sides = "".join(f" RHS R{i} {text[f'b{i}']}\n" for i in range(2)) + f" RHS COST {text['o']}\n"
    ranges = "".join(f" RNG R{i} {text[f'r{i}']}\n" for i in range(2) if shape[f"range{i}"])
    bounds = f" LO BND X0 {text['l0']}\n UP BND X0 {text['u0']}\n" + shape["bound"].format(**text)
    rows = "".join(f" {shape[f'row{i}']} R{i}\n" for i in range(2))
    return (
        f"NAME T\nOBJSENSE\n {shape['sense']}\nROWS\n N COST\n{rows}COLUMNS\n{columns}RHS\n{sides}"
        + ("RANGES\n" + ranges) * bool(ranges)
        + f"BOUNDS\n{bounds}ENDATA\n"
    )


@pytest.mark.parametrize("seed", range(12))
def test_what_is_certified_holds_for_random_data_with_every_section_of_a_file(
    tmp_path: Path, seed: int
) -> None:
    """Ranges of either sign, bounds close together, free columns, a constant, both senses: all numbers inexact."""
    rng = random.Random(seed)
    bits, scale = rng.choice([6, 9, 14]), 1000
    names = ["c0", "c1", "a00", "a01", "a10", "a11", "b0", "b1", "r0", "r1", "l0", "u0", "l1", "u1", "o"]
    numbers = {
        name: Fraction(rng.randint(-2 * scale, 2 * scale), scale) + Fraction(1, 7000) for name in names
    }
    numbers["l0"], numbers["u0"] = sorted(
        (numbers["l0"], numbers["l0"] + Fraction(rng.choice([1, 40, 3000]), scale))
    )
    numbers["l1"], numbers["u1"] = sorted((numbers["l1"], numbers["u1"]))
    numbers = {
        name: Fraction(value.numerator * 10**40 // value.denominator, 10**40)
        for name, value in numbers.items()
    }
    shape = {
        "sense": rng.choice(["MIN", "MAX"]),
        "row0": rng.choice("LGE"),
        "row1": rng.choice("LG"),
        "range0": rng.choice(["", "r"]),
        "range1": rng.choice(["", "r"]),
        "bound": rng.choice([" LO BND X1 {l1}\n UP BND X1 {u1}\n", " FX BND X1 {l1}\n", " LO BND X1 {l1}\n"]),
    }
    file = tmp_path / "shown.mps"
    file.write_text(written(numbers, shape))
    found = oh.audit(file, bits=bits).findings[0]
    decisions = {decision.question: decision for decision in found.decisions}
    feasible, radius = decisions["feasible"], Fraction(1, 2**bits)
    for _ in range(15):
        moved = {
            name: value + radius * Fraction(rng.choice([-1, 1, rng.randint(-1000, 1000) / 1000]))
            for name, value in numbers.items()
        }
        other = tmp_path / "other.mps"
        other.write_text(written(moved, shape))
        try:
            shown = read_program(other)
        except oh.InvalidValue:  # a lower limit above the upper one, so that nothing is feasible
            assert feasible.verdict != CERTIFIED or feasible.words.startswith("no program")
            continue
        outcome = optimum(shown.program)
        assert outcome is not None
        if feasible.verdict == CERTIFIED:
            assert isinstance(outcome, Infeasible) is feasible.words.startswith("no program")
        if not isinstance(outcome, Vertex):
            assert all(answer.radius is None for answer in found.answers)
            continue
        for answer, value in zip(found.answers[:2], outcome.point[:2], strict=True):
            assert answer.radius is None or answer.value is None or abs(value - answer.value) <= answer.radius
        least = sum((c * x for c, x in zip(shown.program.cost, outcome.point, strict=False)), Fraction(0))
        objective = found.answers[-1]
        if objective.radius is not None:
            assert objective.value is not None
            assert abs(shown.sense * least + shown.offset - objective.value) <= objective.radius


def test_readings_of_a_large_program_are_looked_at_side_by_side_with_the_same_result(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Counting(Silent):
        def __init__(self) -> None:
            self.stages: list[str] = []
            self.steps = 0

        @contextmanager
        def stage(self, name: str) -> Iterator[Callable[[], None]]:
            self.stages.append(name)
            yield self.step

        def step(self) -> None:
            self.steps += 1

    alone = audit_document(oh.audit(EXAMPLES / "diet.mps", decimals=True, bits=[20, 52]))
    monkeypatch.setattr(programs, "LARGE", 1)
    listener = Counting()
    found = audit_document(oh.audit(EXAMPLES / "diet.mps", decimals=True, bits=[20, 52], listener=listener))
    assert json.dumps(found) == json.dumps(alone)
    assert listener.stages == ["diet.mps, 3 readings side by side"]
    assert listener.steps == 3
