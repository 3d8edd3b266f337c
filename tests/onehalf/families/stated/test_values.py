"""The values of the families by the formulas of docs/problems.md; the bound of a game, from record to report."""

from __future__ import annotations

import math
from fractions import Fraction as F
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import onehalf as oh
from onehalf.cli import main
from onehalf.proof.prove import prove
from oracle.families import known_families, make_problem

HERE = "onehalf.families.stated."
STATED = [name for name, family in known_families().items() if family.__module__.startswith(HERE)]


def value(name: str, **parameters: Any) -> F:
    problem: Any = make_problem(name, parameters)
    return F(problem.stated.game.value)


def test_all_of_them_are_installed() -> None:
    assert len(STATED) == 22


@pytest.mark.parametrize("digits", range(-1, 5))
@pytest.mark.parametrize("blocks", range(1, 5))
def test_every_digit_costs_a_factor_two(blocks: int, digits: int) -> None:
    assert value("digit-products", blocks=blocks, digits=digits) == F(1, 2) ** max(0, min(digits, blocks))


@pytest.mark.parametrize("scale", [2, 4])
def test_the_phase_transition(scale: int) -> None:
    found = [value("phase-transition", scale=scale, digits=scale - back) for back in (0, 1, 2)]
    assert found == [F(1, 4), F(1, 2), 1]


def test_the_phase_transition_of_networks() -> None:
    """Values of points; any network that is near the targets is right, and no other (docs/problems.md, d)."""
    found = [value("network-transition", digits=digits) for digits in (4, 3, 2)]
    assert found == [F(1, 4), F(1, 2), 1]
    problem: Any = make_problem("network-transition", {"exponent": 20, "targets": 4})
    x = problem.facts.witness(oh.Input("3", 20))
    ray = problem.check_output(x)
    assert problem.facts.training == (F(1, 4), F(1, 2), F(3, 4), F(1))
    assert problem.decode(problem.encode(ray))[0].exact_layers()[1] == ray[0].exact_layers()[1]
    wide = [([[1], [1]], [0, F(-1, 2)]), ([[1, 0]], [0])]
    right, radius = problem.judge([ray])[0], F(1, 10**4)
    assert [v.kind for v in right] == ["rejected", "rejected", "accepted", "rejected"]

    def bent(by: F) -> Any:
        """The same at 1/4 and 1/2, and at 3/4 and 1 off by `by`/2 and `by`: a second hidden unit, from 1/2 on."""
        w, b = wide[0]
        first = oh.Network(
            [(np.array(w, object), np.array(b, object)), (np.array([[x[0], by * 2]]), np.array([F(0)]))]
        )
        return (first, *ray[1:])

    assert [v.kind for v in problem.judge([bent(radius)])[0]] == [v.kind for v in right]
    assert problem.judge([bent(radius + F(1, 10**9))])[0][2].kind == "rejected"
    with pytest.raises(oh.InvalidOutput, match="3 networks: return 4, one for each coordinate"):
        problem.check_output(ray[:3])
    assert problem.facts.ballot(ray, list) == problem.facts.ballot(x, list)


def test_least_squares() -> None:
    assert [value("pseudo-inverse", digits=digits) for digits in (2, 3, 4)] == [1, F(1, 2), F(1, 3)]
    assert [value("collinear-regression", answers=k) for k in (2, 3, 7)] == [F(1, 2), F(1, 3), F(1, 7)]


@pytest.mark.parametrize("p", [1, 2, 3, 4])
def test_supports_and_ranks(p: int) -> None:
    assert value("feature-selection", features=p) == F(1, 2**p)
    assert value("matrix-rank", features=p) == F(1, p + 1)


@pytest.mark.parametrize("k", [2, 4, 8, 16, 22, 23, 26])
def test_eigenprojectors(k: int) -> None:
    """c/k, c by the formula for equal angles, which these rational directions are nearly."""
    c = min(k, math.floor(k * math.asin(math.sqrt(2) / 10) / math.pi) + 1)
    found, expected = value("eigenprojector", answers=k), F(1, -(-k // c)) if k % c else F(c, k)
    assert found == expected or found == F(c, k)


def test_twins() -> None:
    assert [value("twin-points", twins=m) for m in (1, 2, 4)] == [F(1, 2), F(1, 4), F(1, 16)]


def test_wells_and_cycles() -> None:
    assert [value("wells", answers=k, digits=0) for k in range(2, 8)] == [
        F(1, -(-k // 3)) for k in range(2, 8)
    ]
    assert [value("wells", answers=k) for k in (2, 5)] == [F(1, 2), F(1, 5)]
    assert [value("cycle", answers=k) for k in (4, 5, 6, 7)] == [F(2, k) for k in (4, 5, 6, 7)]


@pytest.mark.parametrize("y", ["0.15", "0.13", "0.12", "0.11", "0.1", "1"])
def test_steps_in_the_euclidean_norm(y: str) -> None:
    """v = min(k, ⌊1/(1 − r²/Y²)⌋)/k for r < Y = y/(1 + δ), which is as good as y away from the steps."""
    big = F(y) / (1 + F(1, 2**53))
    steps = min(4, math.floor(1 / (1 - F(1, 100) / big**2))) if F(1, 10) < big else 4
    assert value("sparse-recovery", answers=4, norm="euclidean", y=y) == F(steps, 4)
    assert value("sparse-recovery", answers=4, y=y) == (1 if F(y) <= F(1, 5) else F(1, 4))


def test_controls_are_not_limited() -> None:
    for name in ("program-value", "elastic-net-duplicates"):
        assert value(name) == 1
        with pytest.raises(oh.InvalidValue, match="is right on every input, so nothing limits success"):
            prove(make_problem(name), "blind")


def test_depths_by_policy() -> None:
    problem = make_problem("sparse-recovery", {"exponent": 30})
    found = {policy: problem.bound(policy).depth for policy in problem.policies}
    assert found == {"honest": 29, "blind": 30, "decoy": 30, "midpoint": 31}


@pytest.mark.parametrize("name", STATED)
def test_each_keeps_the_rules_and_its_proof_holds(name: str) -> None:
    problem = make_problem(name, {"exponent": 9})
    for policy in ("honest", "midpoint"):
        bound = problem.bound(policy)
        if bound.limits:
            proof = prove(problem, policy)
            assert proof.closed, [step.statement for step in proof.steps if not step.holds]
    assert bound.tier == ("separated" if name == "tied-pursuit" else "certified")


def test_the_bound_of_a_game_goes_from_record_to_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """On a cycle of five, 2/5 although no two inputs that exclude each other prove more than 1/2."""
    result = oh.run(
        "cycle[exponent=12]",
        ["player", "coin-flip", "random-depth[stop=0.05]", "patient"],
        oracle="blind",
        trials=150,
        seed=3,
        jobs=1,
        budget={"digits": 200},
        directory=tmp_path / "run",
    )
    cells = {cell["algorithm_name"]: cell for cell in oh.load(tmp_path / "run").summary()["cells"]}
    assert result.violations == []
    for cell in cells.values():
        assert (cell["bound"]["breadth"], cell["bound"]["tier"], cell["bound"]["exclusive_inputs"]) == (
            2.5,
            "certified",
            2,
        )
        assert cell["smallest"]["over"] == ["1", "2", "3", "4", "5"]
        share = cell["over_reading"]["rate"]
        assert cell["bound"]["value"] == pytest.approx(0.4 + 0.6 * share)
        assert not cell["test"]["above_bound"]
    assert cells["patient"]["smallest"]["rate"] == 1.0
    low, high = cells["player"]["smallest"]["interval"]
    assert low <= 0.4 <= high
    page = result.report(tmp_path / "report.html").read_text(encoding="utf-8")
    assert "Certified bound: the solutions of each input are proved" in page
    assert "none was right on two" not in page, "an answer may be right on two neighbours"
    assert main(["prove", "cycle[exponent=12]", "--oracle", "blind"]) == 0
    assert "at most 2/5 + 3/5·t" in capsys.readouterr().out
