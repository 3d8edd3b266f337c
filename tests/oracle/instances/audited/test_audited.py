"""From an audit to an experiment: the data sets of a pair are instances, proved again, whatever the file's form."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction as F
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import onehalf as oh
from algorithms.registry import resolve
from onehalf.auditing.report.document import audit_document
from onehalf.cli import main
from onehalf.proof.stated import bound_document
from onehalf.verify_instances import verify_bound
from oracle.errors import InvalidValue
from oracle.families import find_family, make_problem
from oracle.instances.game import Game
from oracle.instances.problem import InstanceProblem
from oracle.problems import Oracle
from oracle.session import Session
from oracle.task import Task, close_session, open_session

pytest.importorskip("highspy")

# Every sort of limit: a lower one that is not 0, negative too, an upper one alone, both, fixed, free, ranged.
PROGRAM = (
    "NAME T\nOBJSENSE\n MAX\nROWS\n N COST\n L R1\n E R2\n G R3\n L R4\nCOLUMNS\n"
    " X1 COST 1.5 R1 1.25\n X1 R2 0.5 R3 1.1\n X2 COST 0.7 R1 0.3\n X2 R2 1.5\n X3 COST 0.1 R2 0.25\n X3 R3 -0.2\n"
    " X4 COST -0.5 R1 0.7\n X4 R3 0.9\n X5 COST 0.3 R4 1.1\n X6 COST 0.1 R4 0.5\n X7 COST 0.1 R1 0.1\n"
    "RHS\n RHS R1 3.3 R2 2.2\n RHS R3 0.4 R4 2.7\n RHS COST 0.9\nRANGES\n RNG R1 2.5\nBOUNDS\n"
    " UP BND X1 1.75\n FR BND X2\n LO BND X3 0.25\n UP BND X3 4.5\n LO BND X4 -1.5\n MI BND X5\n UP BND X5 2.25\n"
    " FX BND X7 0.75\nENDATA\n"
)


def written(audit: oh.Audit, path: Path) -> Path:
    path.write_text(json.dumps(audit_document(audit)))
    return path


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("audits")
    (found / "general.mps").write_text(PROGRAM)
    (found / "table.csv").write_text("x,z,label\n0.5,1.5,a\n0.6,1.5,b\n2.5,1.25,a\n2.625,1.25,c\n9.5,1.5,c\n")
    rng = np.random.default_rng(1)
    matrix = rng.standard_normal((8, 2))
    near = np.column_stack([matrix, matrix[:, 0] + 2**-14])
    np.savez(found / "near.npz", A=near, y=near @ [1.0, -0.5, 0.25] + 2**-9 * rng.standard_normal(8))
    written(oh.audit(found / "general.mps", bits=[4, 12]), found / "program.json")
    written(oh.audit(found / "near.npz", bits=[14, 20]), found / "squares.json")
    written(oh.audit(found / "table.csv", radius="1/8"), found / "table.json")
    return found


def problem_of(path: Path, **parameters: int) -> InstanceProblem:
    found = make_problem(str(path), parameters)
    assert isinstance(found, InstanceProblem)
    return found


def pairs_of(path: Path) -> list[tuple[int, int, dict[str, Any]]]:
    findings = json.loads(path.read_text())["findings"]
    return [
        (r, c, part)
        for r, finding in enumerate(findings, start=1)
        for c, part in enumerate(finding["components"], start=1)
        if part["pair"] is not None
    ]


@pytest.mark.parametrize("name", ["program.json", "squares.json"])
def test_every_pair_is_two_instances_as_far_apart_as_was_said(place: Path, name: str) -> None:
    pairs = pairs_of(place / name)
    assert len(pairs) > 5
    for reading, component, part in pairs:
        digits = part["impossible_digits"]
        problem = problem_of(place / name, reading=reading, component=component, digits=digits)
        game: Game = problem.stated.game
        assert game.value == F(1, 2)
        assert problem_of(place / name, reading=reading, component=component, digits=digits - 3).stated.game
        first, second = problem.stated.witnesses
        gaps = [abs(a - b) for a, b in zip(first, second, strict=True)]  # type: ignore[arg-type]
        assert any(float(gap) == pytest.approx(part["apart"]) for gap in gaps), (part["name"], gaps)


def test_an_oracle_hides_as_many_digits_of_a_program_as_of_its_data(place: Path) -> None:
    """No entry of the standard form is a sum of data: ends 2·2^-12 apart are answered alike to 11 digits or 12."""
    for reading, component, part in pairs_of(place / "program.json"):
        if reading == 2:
            digits = part["impossible_digits"]
            problem = problem_of(place / "program.json", reading=2, component=component, digits=digits)
            assert problem.bound("midpoint").depth in (11, 12)


@pytest.mark.parametrize("name", ["program.json", "squares.json", "table.json"])
def test_the_referee_proves_the_bound_again(place: Path, name: str) -> None:
    problem = problem_of(place / name)
    said = verify_bound(json.dumps(bound_document(problem, name)))
    assert "right with probability at most 1/2 + 1/2·t" in said


def test_points_that_may_be_exchanged_are_labels_that_exclude_each_other(place: Path) -> None:
    one, both = problem_of(place / "table.json"), problem_of(place / "table.json", pairs=2)
    assert (one.stated.kind, one.stated.game.value, both.stated.game.value) == (
        "training-set",
        F(1, 2),
        F(1, 4),
    )
    verdicts = [both.judge([y])[0] for y in both.stated.witnesses]
    assert [[v.kind for v in row].count("accepted") for row in verdicts] == [1, 1, 1, 1]
    assert len(set(both.stated.tables)) == 4


def test_a_solver_reads_no_more_than_is_known(place: Path) -> None:
    """Left to itself it would read 53 digits, and see through an oracle of 12."""
    problem = problem_of(place / "program.json", reading=2)
    alike = [problem.bound(p).depth for p in ("blind", "decoy", "midpoint") if p in problem.constant]
    assert problem.facts.precision == min(alike)  # type: ignore[attr-defined]
    assert judged("linprog", problem)[1] == "rejected"
    assert judged("linprog", problem, bits=40) == ["rejected", "accepted"]


def judged(algorithm: str, problem: InstanceProblem, **parameters: int) -> list[str]:
    """Return the verdicts on what an algorithm answers to the decoy of the second input."""
    ticket = open_session(Session(Oracle(problem, problem.inputs[1], "decoy"), oh.Budget()))
    try:
        found = (
            resolve(algorithm)
            .load()
            .function(Task(problem.facts, ticket), np.random.default_rng(0), **parameters)
        )
    finally:
        close_session(ticket)
    return [verdict.kind for verdict in problem.judge([problem.check_output(found.output)])[0]]


def test_a_run_can_be_read_again_and_the_file_must_not_change(place: Path) -> None:
    family = find_family(str(place / "squares.json"))
    assert family.family == "audit-near.npz"
    assert oh.check(str(place / "squares.json")).passed


CASES: dict[str, tuple[Callable[[dict[str, Any]], Any], dict[str, int], str]] = {
    "nothing is impossible": (
        lambda d: [
            c.update(pair=None, impossible_digits=None) for f in d["findings"] for c in f["components"]
        ],
        {},
        "holds no pair of data sets",
    ),
    "no such component": (lambda d: None, {"component": 9}, "has no pair for it"),
    "a printed audit": (lambda d: d.pop("data"), {}, "holds findings without their data"),
    "a network": (lambda d: d.update(kind="trained network"), {}, "of which no pair of data sets is kept"),
    "a later version": (lambda d: d.update(audit=7), {}, "is an audit of version 7"),
    "no radii": (
        lambda d: d["findings"][0]["proof"].pop("radii"),
        {},
        "is no audit.json as the command writes it",
    ),
    "no such data set": (
        lambda d: [f["data_sets"].clear() for f in d["findings"]],
        {},
        "is no audit.json as the command writes it",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_states_no_problem_is_told_in_a_sentence(place: Path, tmp_path: Path, case: str) -> None:
    change, parameters, sentence = CASES[case]
    document = json.loads((place / "squares.json").read_text())
    change(document)
    (tmp_path / "audit.json").write_text(json.dumps(document))
    with pytest.raises(InvalidValue, match=sentence):
        problem_of(tmp_path / "audit.json", **parameters)


def test_the_command_line(place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "run"
    status = main(
        ["run", "numpy-lstsq", "--problem", str(place / "squares.json"), "--trials", "3", "--out", str(out)]
    )
    assert status == 0
    assert "right on its worst input in 0 of 3 trials" in capsys.readouterr().out
    assert main(["prove", str(place / "squares.json"), "--oracle", "midpoint"]) == 0


SAME = "COLUMNS\n X COST 1.5 R1 0.5\n X R2 1.5\n Y COST 1.7 R1 0.25\n Y R2 0.75\nRHS\n RHS R1 0.5 R2 1.5\n"
OTHER = "COLUMNS\n X COST -1.5 R1 0.5\n X R2 0.3\n Y COST 1.7 R1 0.5\n Y R2 0.1\nRHS\n RHS R1 2.5 R2 1.9\n"


@pytest.mark.parametrize(
    "rest",
    [
        f" E R1\n E R2\n{SAME}",
        f" G R1\n L R2\n{SAME}BOUNDS\n LO BND X -0.5\n UP BND X 9.5\n LO BND Y 0.25\n UP BND Y 3.5\n",
        f" G R1\n L R2\n{OTHER}RANGES\n RNG R2 9.5\nBOUNDS\n UP BND X 4.5\n UP BND Y 0.5\n",
    ],
)
def test_a_feasible_and_an_infeasible_program_are_a_decision(tmp_path: Path, rest: str) -> None:
    """Asked is whether the least violation is at least half of what it is at the infeasible one."""
    (tmp_path / "p.mps").write_text(f"NAME T\nROWS\n N COST\n{rest}ENDATA\n")
    file = written(oh.audit(tmp_path / "p.mps", bits=[20]), tmp_path / "p.json")
    (finding,) = json.loads(file.read_text())["findings"]
    assert finding["decisions"][0]["verdict"] == "IMPOSSIBLE"
    problem = problem_of(file, component=len(finding["components"]) + 1)
    assert problem.stated.kind == "decision"
    assert problem.stated.witnesses == ("no", "yes")
    assert problem.bound("midpoint").depth >= 19
    assert "right with probability at most 1/2 + 1/2·t" in verify_bound(
        json.dumps(bound_document(problem, "p"))
    )
    assert judged("linprog-decision", problem) == ["accepted", "rejected"]
    with pytest.raises(InvalidValue, match="has no pair for it"):
        problem_of(file, component=len(finding["components"]) + 2)


def test_a_program_without_a_minimiser_has_the_decision_alone(tmp_path: Path) -> None:
    """No point is optimal as shown; what may be asked is whether there is one."""
    (tmp_path / "p.mps").write_text(
        "NAME T\nROWS\n N COST\n G R1\n L R2\nCOLUMNS\n X COST 0 R1 1\n X R2 1\n"
        "RHS\n RHS R1 1.5000001 R2 1.5\nENDATA\n"
    )
    file = written(oh.audit(tmp_path / "p.mps", bits=[10, 40]), tmp_path / "p.json")
    problem = problem_of(file)
    assert (problem.stated.kind, problem.stated.witnesses) == ("decision", ("no", "yes"))
    assert problem.parameters()["component"] == 3
