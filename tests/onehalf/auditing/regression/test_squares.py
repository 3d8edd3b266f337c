"""Least squares: enclosures against random data, pairs solved again, the theory's near-collinear columns."""

from __future__ import annotations

import json
import random
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import onehalf as oh
from onehalf.auditing.report.document import audit_document
from onehalf.auditing.verdicts import CERTIFIED, IMPOSSIBLE, NEITHER
from onehalf.verify_audit import RefusedAudit, verify_audit
from tests.scale import several


def normal(table: list[list[Fraction]]) -> list[Fraction]:
    """Solve the normal equations of two columns by Cramer's rule."""
    (p, q), (r, s) = [[sum(row[i] * row[j] for row in table) for j in (0, 1)] for i in (0, 1)]
    u, v = (sum(row[i] * row[2] for row in table) for i in (0, 1))
    return [(u * s - q * v) / (p * s - q * r), (p * v - u * r) / (p * s - q * r)]


@pytest.mark.parametrize("seed", range(5))
def test_certified_digits_hold_for_random_data_and_pairs_are_solutions(seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)
    rows = [[rng.uniform(-2, 2) for _ in range(3)] for _ in range(6)]
    np.savez(tmp_path / "r.npz", A=[row[:2] for row in rows], y=[row[2] for row in rows])
    table = [[Fraction(x) for x in row] for row in rows]
    found = oh.audit(tmp_path / "r.npz", bits=[6, 12, 30])
    for n, finding in zip((6, 12, 30), found.findings, strict=True):
        for _ in range(several(30, 1000)):
            moved = [[x + Fraction(rng.randint(-64, 64), 64 << n) for x in row] for row in table]
            for answer, x in zip(finding.answers, normal(moved), strict=True):
                if answer.radius is not None:
                    assert answer.value is not None
                    assert abs(x - answer.value) <= answer.radius
        for k, answer in enumerate(finding.answers):
            assert answer.pair is not None
            ends = []
            for index in answer.pair:
                signs = iter({"0": 0, "+": 1, "-": -1}[s] for s in finding.data_sets[index]["moves"])
                ends.append(normal([[x + Fraction(next(signs), 1 << n) for x in row] for row in table])[k])
            assert abs(ends[1] - ends[0]) == answer.apart > 0
    last = found.findings[-1].answers
    # What is certain and what cannot be had meet within two digits.
    assert all(
        a.certified is not None and a.impossible is not None and a.impossible - a.certified <= 2 for a in last
    )


def test_near_collinear_columns_have_no_digit_until_their_angle_is_seen(tmp_path: Path) -> None:
    """X = [[1, 1], [0, δ]], δ = 2^-20 (the theory's f3): only δ and y_2 are inexact."""
    (tmp_path / "t.csv").write_text(
        f"a,b,y\n1,1,1\n0,{Fraction(1, 1 << 20).numerator / (1 << 20):.20f},0.0000005\n"
    )
    found = oh.audit(tmp_path / "t.csv", response="y", bits=[16, 20, 22, 60])
    assert [f.answers[1].verdict(1) for f in found.findings] == [
        IMPOSSIBLE,
        IMPOSSIBLE,
        IMPOSSIBLE,
        CERTIFIED,
    ]
    assert [f.decisions[0].verdict for f in found.findings][:2] == [NEITHER, NEITHER]
    assert found.findings[-1].decisions[0].verdict == CERTIFIED


def test_integer_columns_are_exact_and_a_larger_system_is_verified(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    np.savez(
        tmp_path / "r.npz", A=np.column_stack([np.ones(30), rng.normal(size=(30, 3))]), y=rng.normal(size=30)
    )
    document: Any = json.loads(json.dumps(audit_document(oh.audit(tmp_path / "r.npz", bits=[10, 40]))))
    assert set(document["findings"][0]["proof"]["radii"][::5]) == {"0"}
    assert document["data"]["inverse"] is not None
    assert "4 components enclosed, 4 impossible" in verify_audit(json.dumps(document))[1]
    part = document["findings"][1]["components"][0]
    for key, step in (("certified_digits", 1), ("impossible_digits", -1), ("value", 0.001)):
        part[key] += step
        with pytest.raises(RefusedAudit):
            verify_audit(json.dumps(document))
        part[key] -= step
    document["findings"][1]["proof"]["enclosure"][0] = (0.0).hex()
    with pytest.raises(RefusedAudit):
        verify_audit(json.dumps(document))


@pytest.mark.parametrize(
    ("arrays", "words"),
    [
        ({"A": [[1.5], [2.5]]}, "holds A"),
        ({"A": [[1.5], [2.5]], "y": [1.0]}, "does not fit a response of 1"),
        ({"A": [[1.5, 3.0], [2.5, 5.0]], "y": [1.0, 2.0]}, "linearly dependent"),
        ({"A": [[1.5, 3.0]], "y": [1.0]}, "as many rows as columns"),
        ({"A": [[1.5], [np.inf]], "y": [1.0, 2.0]}, "must be finite"),
        ({"A": np.ones((500, 1)), "y": np.ones(500)}, "larger than 400"),
    ],
)
def test_a_malformed_regression_ends_in_one_sentence(tmp_path: Path, arrays: Any, words: str) -> None:
    np.savez(tmp_path / "r.npz", **arrays)
    with pytest.raises(oh.InvalidValue, match=words):
        oh.audit(tmp_path / "r.npz")


def test_a_response_that_is_no_column_is_refused(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,y\n1.5,2\n2.5,3\n")
    with pytest.raises(oh.InvalidValue, match="is no column"):
        oh.audit(tmp_path / "t.csv", response="z")
    (tmp_path / "p.mps").write_text("NAME T\n")
    with pytest.raises(oh.InvalidValue, match="is for tables"):
        oh.audit(tmp_path / "p.mps", response="z")
