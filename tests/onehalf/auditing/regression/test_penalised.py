"""LASSO and elastic net: enclosures and pairs against every sign pattern enumerated, ties, and the referee's file."""

from __future__ import annotations

import copy
import itertools
import json
import random
from collections.abc import Callable
from fractions import Fraction as F
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import onehalf as oh
from onehalf.auditing.regression.penalised import Penalised, minimiser_of
from onehalf.auditing.report.document import audit_document
from onehalf.auditing.verdicts import CERTIFIED, IMPOSSIBLE, NEITHER
from onehalf.cli import main
from onehalf.verify_audit import RefusedAudit, verify_audit
from oracle.errors import InvalidValue
from oracle.families import make_problem
from tests.scale import several

Row = list[F]


def solved(matrix: list[Row], right: Row) -> Row | None:
    """Solve by Gauss and Jordan."""
    table = [[*row, b] for row, b in zip(matrix, right, strict=True)]
    for k in range(len(table)):
        pivot = next((i for i in range(k, len(table)) if table[i][k]), None)
        if pivot is None:
            return None
        table[k], table[pivot] = table[pivot], table[k]
        table[k] = [x / table[k][k] for x in table[k]]
        for i, row in enumerate(table):
            if i != k:
                table[i] = [x - row[k] * y for x, y in zip(row, table[k], strict=True)]
    return [row[-1] for row in table]


def minimisers(table: list[Row], penalty: F, ridge: F) -> set[tuple[F, ...]]:
    """Return the basic minimisers: those of all sign patterns that satisfy the KKT conditions."""
    columns, y = [list(c) for c in zip(*[row[:-1] for row in table], strict=True)], [row[-1] for row in table]

    def dot(u: Row, v: Row) -> F:
        return sum((a * b for a, b in zip(u, v, strict=True)), F(0))

    found = set()
    for signs in itertools.product((-1, 0, 1), repeat=len(columns)):
        on = [j for j, s in enumerate(signs) if s]
        gram = [[dot(columns[i], columns[j]) + (ridge if i == j else 0) for j in on] for i in on]
        part = solved(gram, [dot(columns[j], y) - penalty * signs[j] for j in on])
        if part is None or any(x * signs[j] <= 0 for j, x in zip(on, part, strict=True)):
            continue
        x = [F(0)] * len(columns)
        for j, value in zip(on, part, strict=True):
            x[j] = value
        rest = [b - dot(row[:-1], x) for row, b in zip(table, y, strict=True)]
        if all(abs(dot(c, rest) - ridge * v) <= penalty for c, v in zip(columns, x, strict=True)):
            found.add(tuple(x))
    return found


def data(seed: int) -> list[list[float]]:
    rng = random.Random(seed)
    return [[rng.uniform(-2, 2) for _ in range(4)] for _ in range(5)]


@pytest.mark.parametrize("ridge", [None, 0.375])
@pytest.mark.parametrize("seed", range(4))
def test_certified_digits_hold_for_random_data_and_pairs_are_the_only_minimisers(
    seed: int, ridge: float | None, tmp_path: Path
) -> None:
    rows, rng = data(seed), random.Random(seed)
    held = {} if ridge is None else {"ridge": ridge}
    np.savez(
        tmp_path / "r.npz", A=[row[:3] for row in rows], y=[row[3] for row in rows], penalty=1.25, **held
    )
    table, mu = [[F(x) for x in row] for row in rows], F(ridge or 0)
    found = oh.audit(tmp_path / "r.npz", bits=[4, 9, 30], inexact=["penalty"])
    assert found.kind == ("LASSO" if ridge is None else "elastic net")
    certain = 0
    for n, finding in zip((4, 9, 30), found.findings, strict=True):
        for _ in range(several(8, 1000)):
            moved = [[x + F(rng.randint(-64, 64), 64 << n) for x in row] for row in table]
            points = minimisers(moved, F(5, 4) + F(rng.randint(-64, 64), 64 << n), mu)
            for (k, answer), point in itertools.product(enumerate(finding.answers), points):
                if answer.radius is not None:
                    assert answer.value is not None
                    assert abs(point[k] - answer.value) <= answer.radius
                    certain += 1
        for k, answer in enumerate(finding.answers):
            ends = []
            for index in answer.pair or ():
                signs = iter({"0": 0, "+": 1, "-": -1}[s] for s in finding.data_sets[index]["moves"])
                moved = [[x + F(next(signs), 1 << n) for x in row] for row in table]
                (only,) = minimisers(moved, F(5, 4) + F(next(signs), 1 << n), mu)
                ends.append(only[k])
            assert not ends or abs(ends[1] - ends[0]) == answer.apart > 0
    assert certain > 20
    assert all(a.radius is not None for a in found.findings[-1].answers)


@pytest.mark.parametrize("seed", range(8))
def test_the_minimiser_is_one_of_those_enumerated(seed: int) -> None:
    """Small whole numbers tie often; what is called unique is alone."""
    rng = random.Random(seed)
    for _ in range(6):
        table = [[F(rng.randint(-3, 3)) for _ in range(4)] for _ in range(2)]
        found = minimiser_of(Penalised(np.array(table, dtype=object), F(2), F(0)))
        every = minimisers(table, F(2), F(0))
        assert found is not None
        assert found.point in every or not found.unique
        assert not found.unique or len(every) == 1


def test_a_slope_at_the_penalty_may_mean_a_second_minimiser() -> None:
    """A = [[−3, 6, 0], [−4, −1, 3]], y = (2, −2), λ = 3: (13/81, 29/81, 0) and (0, 5/18, −13/54) are minimisers."""
    table = [[F(x) for x in row] for row in ([-3, 6, 0, 2], [-4, -1, 3, -2])]
    assert {(F(13, 81), F(29, 81), F(0)), (F(0), F(5, 18), F(-13, 54))} <= minimisers(table, F(3), F(0))
    found = minimiser_of(Penalised(np.array(table, dtype=object), F(3), F(0)))
    assert found is not None
    assert not found.unique


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Two equal columns: a LASSO's tie, an elastic net's half and half; and columns that are apart."""
    place = tmp_path_factory.mktemp("penalties")
    table = np.array(data(1))
    twins = np.column_stack([table[:, 0], table[:, 0], table[:, 1]])
    y = 2 * table[:, 0] + 0.125 * table[:, 2]
    np.savez(place / "twins.npz", A=twins, y=y, penalty=0.5)
    np.savez(place / "net.npz", A=twins, y=y, penalty=0.5, ridge=0.25)
    np.savez(place / "apart.npz", A=table[:, :3], y=y, penalty=0.5)
    found = {name: oh.audit(place / f"{name}.npz", bits=[8, 30]) for name in ("twins", "net", "apart")}
    return {name: json.loads(json.dumps(audit_document(audit))) for name, audit in found.items()}


def test_equal_columns_are_a_tie_for_the_lasso_alone(documents: dict[str, Any]) -> None:
    verdicts = {name: [f["decisions"][0]["verdict"] for f in d["findings"]] for name, d in documents.items()}
    assert verdicts["twins"] == [IMPOSSIBLE, IMPOSSIBLE]
    assert verdicts["apart"][-1] == CERTIFIED
    (first, second, _), net = documents["twins"]["findings"][1]["components"], documents["net"]["findings"][1]
    assert first["impossible_digits"] == second["impossible_digits"] == 1
    assert all(part["certified_digits"] is None or part["certified_digits"] > 6 for part in net["components"])
    assert all(part["radius"] is not None for part in net["components"])
    assert verdicts["net"] != [NEITHER, NEITHER]


@pytest.mark.parametrize("name", ["twins", "net", "apart"])
def test_the_referee_verifies_what_was_written(documents: dict[str, Any], name: str) -> None:
    lines = verify_audit(json.dumps(documents[name]))
    assert len(lines) == 2
    assert ("3 components enclosed" in lines[1]) == (name != "twins")


def first(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document["findings"][1]
    return found


def enclose(d: dict[str, Any]) -> None:
    first(d)["components"][0].update(radius=1e-9, certified_digits=9)


FORGERIES: dict[str, tuple[str, Callable[[dict[str, Any]], Any], str]] = {
    "a smaller radius": ("net", lambda d: first(d)["components"][0].update(radius=1e-30), "is not enclosed"),
    "a smaller convex bound": (
        "net",
        lambda d: first(d)["proof"].update(convex=(1e-30).hex()),
        "larger radius",
    ),
    "a kept support": (
        "twins",
        lambda d: first(d)["decisions"][0].update(verdict="CERTIFIED"),
        "proved to stay",
    ),
    "an enclosure": ("twins", enclose, "is not enclosed"),
    "other signs": ("apart", lambda d: d.update(signs=d["data"]["signs"].reverse()), "slope|sign|singular"),
    "a lower penalty": ("apart", lambda d: d["data"].update(penalty="1/4"), "Lemma P|slope|value|sign"),
    "farther apart": (
        "twins",
        lambda d: first(d)["components"][0].update(impossible_digits=0, apart=3.0),
        "not as far apart",
    ),
    "no move": (
        "twins",
        lambda d: [e.update(moves=e["moves"].replace("+", "-")) for e in first(d)["data_sets"]],
        "singular|slope|far|sign",
    ),
}


@pytest.mark.parametrize("case", FORGERIES)
def test_what_claims_a_little_more_is_refused(documents: dict[str, Any], case: str) -> None:
    name, change, reason = FORGERIES[case]
    document = copy.deepcopy(documents[name])
    change(document)
    with pytest.raises(RefusedAudit, match=reason):
        verify_audit(json.dumps(document))


def test_a_pair_is_a_lasso_to_run(documents: dict[str, Any], tmp_path: Path) -> None:
    for name, kind in (("twins", "lasso"), ("net", "elastic-net")):
        (tmp_path / f"{name}.json").write_text(json.dumps(documents[name]))
        problem: Any = make_problem(str(tmp_path / f"{name}.json"))
        assert (problem.stated.kind, problem.stated.game.value) == (kind, F(1, 2))


def test_tables_in_memory_and_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(data(2), columns=["a", "b", "c", "weight"])
    frame.to_csv(tmp_path / "t.csv", index=False)
    found = oh.audit(frame, response="weight", penalty="0.5", bits=30)
    plain = oh.audit(frame, response="weight", drop=["c"], bits=30)
    assert (found.kind, plain.kind) == ("LASSO", "least squares")
    assert [a.name for a in plain.findings[0].answers] == ["a", "b"]
    command = ["audit", str(tmp_path / "t.csv"), "--response", "weight", "--penalty", "0.5", "--bits", "30"]
    assert main([*command, "--out", str(tmp_path / "out")]) == 0
    assert "LASSO: t.csv" in capsys.readouterr().out
    assert main(["verify", str(tmp_path / "out" / "audit.json")]) == 0


@pytest.mark.parametrize(
    ("arrays", "options", "sentence"),
    [
        ({"penalty": -1.0}, {}, "penalty=-1.0: must be positive"),
        ({"penalty": [1.0, 2.0]}, {}, "must be one number"),
        ({"penalty": 1.0}, {"penalty": "2"}, "stands in r.npz, too"),
        ({"ridge": 1.0}, {}, "stands without a penalty"),
        ({"penalty": float("nan")}, {}, "must be finite"),
        ({"penalty": 1e300}, {}, "must be at most 10\\^30"),
    ],
)
def test_malformed_penalties_are_told_in_a_sentence(
    arrays: dict[str, Any], options: dict[str, Any], sentence: str, tmp_path: Path
) -> None:
    np.savez(tmp_path / "r.npz", A=np.array(data(3))[:, :3], y=np.ones(5), **arrays)
    with pytest.raises(InvalidValue, match=sentence):
        oh.audit(tmp_path / "r.npz", **options)
