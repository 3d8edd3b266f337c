"""Training sets: conflicts, matchings and data sets against brute force; Iris as the theory measured it."""

from __future__ import annotations

import itertools
import random
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_iris

import onehalf as oh
from onehalf.auditing.datasets.bounds import few_wrong_bound, up_to
from onehalf.auditing.datasets.conflicts import conflicts_of, matching_of, separation_of
from onehalf.auditing.datasets.files import dataset_of_arrays
from onehalf.auditing.datasets.labelled import Labelled, boxes_of
from onehalf.auditing.datasets.trainers import run_trainer, trainers_of
from onehalf.auditing.datasets.twins import exact_decimal, twins_of
from onehalf.auditing.radii import radius_models
from onehalf.auditing.verdicts import CERTIFIED, IMPOSSIBLE, NEITHER


def small(seed: int, points: int = 9, classes: int = 3) -> Labelled:
    """Return points on a coarse grid, so that boxes touch, coincide and overlap."""
    rng = random.Random(seed)
    values = [[Fraction(rng.randint(0, 7), 4) for _ in range(2)] for _ in range(points)]
    labels = [k if k < classes else rng.randrange(classes) for k in range(points)]
    return dataset_of_arrays(np.array(values, dtype=object), labels)


def largest(edges: list[tuple[int, int]]) -> int:
    """Return the size of a largest set of disjoint pairs: every pair is taken or left."""
    if not edges:
        return 0
    (i, j), rest = edges[0], edges[1:]
    return max(largest(rest), 1 + largest([e for e in rest if not {i, j} & set(e)]))


@pytest.mark.parametrize("seed", range(12))
def test_conflicts_matchings_and_data_sets_agree_with_their_definitions(seed: int) -> None:
    table = small(seed, classes=2 + seed % 2)
    radius = {"x1": "1/4", "x2": "1/8" if seed % 3 else "0"}
    boxes = boxes_of(table, radius_models(radius=radius)[0])
    widths = [Fraction(text) for text in radius.values()]
    found = conflicts_of(boxes, table.labels)
    expected: dict[str, list[tuple[int, int]]] = {"touching": [], "swapping": []}
    for i, j in itertools.combinations(range(len(table.labels)), 2):
        apart = [abs(a - b) for a, b in zip(table.numbers[i], table.numbers[j], strict=True)]
        if table.labels[i] != table.labels[j] and all(a <= 2 * w for a, w in zip(apart, widths, strict=True)):
            expected["touching"].append((i, j))
            if any(a < 2 * w for a, w in zip(apart, widths, strict=True)):
                expected["swapping"].append((i, j))
    assert [tuple(pair) for pair in found.touching.tolist()] == expected["touching"]
    assert [tuple(pair) for pair in found.swapping.tolist()] == expected["swapping"]
    matching = matching_of(found.swapping, table.labels)
    assert set(matching.pairs) <= set(expected["swapping"])
    assert len({k for pair in matching.pairs for k in pair}) == 2 * len(matching.pairs)
    assert len(matching.pairs) == largest(expected["swapping"])
    twins = twins_of(table, boxes, matching.pairs)
    for swapped in itertools.product([False, True], repeat=len(twins.exchanges)):
        points = twins.data_set(swapped)
        assert (abs(points - table.numbers) <= np.array(widths, dtype=object)).all()
        assert twins.distinct
        assert len({tuple(point) for point in points}) == len(points)


@pytest.mark.parametrize("seed", range(6))
def test_the_separating_radius_is_exact(seed: int) -> None:
    table = small(seed)
    apart = separation_of(table.numbers, table.labels)
    pairs = [(i, j) for i, j in itertools.combinations(range(9), 2) if table.labels[i] != table.labels[j]]
    assert apart.distance == min(
        max(abs(a - b) for a, b in zip(table.numbers[i], table.numbers[j], strict=True)) for i, j in pairs
    )


@pytest.mark.parametrize(
    ("radius", "expected"),
    [("1/2", (879, 39, 733, 36)), ("1/4", None), ("1/8", (2, 1, 2, 1)), ("0.05", (0, 0, 0, 0))],
)
def test_iris_as_floats(tmp_path: Path, radius: str, expected: tuple[int, ...] | None) -> None:
    """The numbers of the theory (Theorem T): 39 pairs by ≤ and one <, 36 by < in every feature."""
    data = load_iris()
    np.savez(tmp_path / "iris.npz", X=data.data, y=data.target)
    facts = oh.audit(tmp_path / "iris.npz", radius=radius).findings[0].facts
    if expected is None:
        assert (facts["pairs_strict"], facts["pairs"]) == (12, 19)
        return
    assert (facts["conflicts"], facts["pairs"], facts["conflicts_strict"], facts["pairs_strict"]) == expected
    assert Fraction(facts["accuracy_at_most"]) == 1 - Fraction(expected[1], 150)
    assert Fraction(facts["success_at_most"]) == Fraction(1, 2 ** expected[1])


def test_iris_as_printed(tmp_path: Path) -> None:
    """Decimals are exact: 888 and 720 conflicts instead of 879 and 733."""
    data = load_iris(as_frame=True).frame
    data.to_csv(tmp_path / "iris.csv", index=False)
    found = oh.audit(tmp_path / "iris.csv", radius="0.5")
    facts = found.findings[0].facts
    assert (facts["conflicts"], facts["pairs"], facts["conflicts_strict"], facts["pairs_strict"]) == (
        888,
        39,
        720,
        36,
    )
    assert found.data["separating_radius"] == "0.1"
    assert "2^-39" in found.sentences[0]
    as_written = oh.audit(tmp_path / "iris.csv", decimals=True).findings[0]
    assert as_written.decisions[0].verdict == CERTIFIED
    assert set(as_written.proof["radii"]) == {"0.05"}


def test_trainers_do_not_pass_the_bound_on_the_adversarial_data_sets() -> None:
    data = load_iris()
    table = dataset_of_arrays(data.data, data.target)
    boxes = boxes_of(table, radius_models(radius="1/4")[0])
    twins = twins_of(
        table, boxes, matching_of(conflicts_of(boxes, table.labels).swapping, table.labels).pairs
    )
    bound = 1 - Fraction(19, 150)
    for name, estimator in trainers_of(["KNeighborsClassifier", "DecisionTreeClassifier", "GaussianNB"]):
        found = run_trainer(name, estimator, table, twins)
        assert found.worst <= found.mean <= bound
        assert found.all_right == 0
        assert found.shown > bound
        points = twins.data_set(found.worst_set).astype(float)
        fitted = estimator.fit(data.data, data.target) if found.runs == 1 else None
        if fitted is not None:
            assert Fraction(int((fitted.predict(points) == data.target).sum()), 150) == found.worst


def test_at_most_so_many_wrong_is_the_best_of_all_strategies() -> None:
    """For three pairs every way to tell a of them apart is tried against all 2^3 orders."""
    for wrong in range(7):
        best = Fraction(0)
        for told in range(4):
            hits = sum(
                2 * sum(order[:told]) + (3 - told) <= wrong for order in itertools.product((0, 1), repeat=3)
            )
            best = max(best, Fraction(hits, 8))
        assert few_wrong_bound(3, wrong) == best


def test_bounds_are_rounded_upwards() -> None:
    assert up_to(Fraction(149, 150)) == "0.994"
    assert up_to(Fraction(1)) == "1.000"


@pytest.mark.parametrize(
    "value", [Fraction(1, 8), Fraction(-5, 2), Fraction(7), Fraction(0.1), Fraction(3, 50)]
)
def test_decimals_are_exact(value: Fraction) -> None:
    assert Fraction(exact_decimal(value)) == value
    assert "/" in exact_decimal(value / 7 / 9)


@pytest.mark.parametrize(
    ("rows", "options", "verdict", "words"),
    [
        # Two boxes that touch at one place: each point may take it.
        ([["0.0", "a"], ["0.5", "b"]], {"radius": "1/4"}, IMPOSSIBLE, "above 1/2"),
        # An exact point that another may touch.
        ([["0", "0.5", "a"], ["0", "1.25", "b"]], {"radius": {"x2": "0"}}, CERTIFIED, "one function"),
        ([["1", "a"], ["1", "b"], ["2", "a"]], {"bits": 20}, IMPOSSIBLE, "shown equal"),
        ([["0.5", "a"], ["1.5", "b"]], {"bits": 20}, CERTIFIED, "one function"),
    ],
)
def test_what_lies_at_the_border(
    tmp_path: Path, rows: list[list[str]], options: dict[str, Any], verdict: str, words: str
) -> None:
    file = tmp_path / "t.csv"
    names = [f"x{j + 1}" for j in range(len(rows[0]) - 1)]
    file.write_text("\n".join(",".join(row) for row in [[*names, "label"], *rows]))
    found = oh.audit(file, **options)
    assert found.findings[0].decisions[0].verdict == verdict
    assert any(words in sentence for sentence in found.sentences)


def test_an_exact_point_that_another_touches_is_neither() -> None:
    """A point with a relative radius of 0 cannot give way; no exchange is proved."""
    table = pd.DataFrame({"x": [0.0, 1.0, 2.5], "label": ["a", "b", "b"]})
    found = oh.audit(table, bits=0, relative=True)
    # Within 100 % of its size 1.0 may be 0, where the exact 0.0 stands.
    assert found.findings[0].decisions[0].verdict == NEITHER


def test_contradictions_that_are_shown_count_as_pairs(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("x,label\n1,a\n1,b\n1,a\n2,b\n")
    facts = oh.audit(tmp_path / "t.csv", bits=20).findings[0].facts
    assert (facts["pairs"], facts["success_at_most"], facts["accuracy_at_most"]) == (1, "0", "3/4")


def test_radii_that_come_with_the_data_are_the_reading(tmp_path: Path) -> None:
    np.savez(tmp_path / "t.npz", X=[[0.5, 1.5], [0.75, 1.5], [3.5, 1.5]], y=[0, 1, 1], radius=[0.25, 0.0])
    found = oh.audit(tmp_path / "t.npz")
    assert [finding.title for finding in found.findings] == ["radii given"]
    assert found.findings[0].proof["radii"] == ["0.25", "0"]
    assert found.findings[0].facts["pairs"] == 1
    assert [finding.title for finding in oh.audit(tmp_path / "t.npz", bits=3).findings] == ["2^-3"]


def test_integer_features_are_exact_and_said_to_be(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("id,x,label\n1,0.5,a\n2,0.5,b\n3,0.75,a\n")
    found = oh.audit(tmp_path / "t.csv", radius="0.01")
    assert found.findings[0].facts["pairs"] == 0
    assert "Taken as exact" in found.sentences[-1]
    assert oh.audit(tmp_path / "t.csv", radius="0.01", drop=["id"]).findings[0].facts["pairs"] == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        ("x,label\n", "two points"),
        ("x,label\n1,a\n2\n", "row 3 has 1 cells"),
        ("x,label\n0.5,a\nnan,b\n", "no finite decimal"),
        ("x,x,label\n1,2,a\n1,3,b\n", "name of two columns"),
        ("x,label\n1.5,a\n2.5,a\n", "only label"),
        ("x,label\n1e31,a\n2.5,b\n", "at most 10\\^30"),
    ],
)
def test_a_malformed_table_ends_in_one_sentence(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "t.csv").write_text(text)
    with pytest.raises(oh.InvalidValue, match=words) as caught:
        oh.audit(tmp_path / "t.csv")
    assert "\n" not in str(caught.value)


def test_malformed_arrays_end_in_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "t.npz"
    for arrays, words in (
        ({"X": [[1.0], [2.0]]}, "holds X"),
        ({"X": [[1.0], [np.nan]], "y": [0, 1]}, "must be finite"),
        ({"X": [[1.0], [2.0]], "y": [0, 1, 1]}, "one for each of 2 points"),
        ({"X": [[1.5], [2.5]], "y": [0, 1], "radius": [1.0, 2.0]}, "one for each feature"),
        ({"X": [[1.5], [2.5]], "y": [0, 1], "radius": [-1.0]}, "must not be negative"),
    ):
        np.savez(file, **arrays)  # type: ignore[arg-type]
        with pytest.raises(oh.InvalidValue, match=words):
            oh.audit(file)
    file.write_bytes(file.read_bytes()[:40])
    with pytest.raises(oh.InvalidValue, match=r"no \.npz of plain arrays"):
        oh.audit(file)


@pytest.mark.parametrize(
    ("trainer", "words"),
    [("NoSuch", "no classifier of scikit-learn"), (3, "has no fit"), ("VotingClassifier", "cannot be made")],
)
def test_what_is_no_trainer_is_refused(trainer: object, words: str) -> None:
    with pytest.raises(oh.InvalidValue, match=words):
        trainers_of([trainer])


def test_many_conflicts_of_many_classes_are_matched_quickly() -> None:
    """400 points that all conflict: a perfect matching, in seconds."""
    rng = np.random.default_rng(0)
    table = dataset_of_arrays(rng.random((400, 8)), rng.integers(0, 5, 400))
    boxes = boxes_of(table, radius_models(radius="1")[0])
    assert len(matching_of(conflicts_of(boxes, table.labels).swapping, table.labels).pairs) == 200
