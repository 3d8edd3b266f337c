"""Trainers run on the shown data and judged on the adversarial data sets, beside the bound."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from onehalf.auditing.datasets.labelled import Labelled
from onehalf.auditing.datasets.twins import Twins
from oracle.errors import InvalidValue
from oracle.namespaces import load_named

USUAL = (
    "KNeighborsClassifier",
    "LogisticRegression",
    "DecisionTreeClassifier",
    "RandomForestClassifier",
    "MLPClassifier",
)
"""What is trained where no trainer is named: of scikit-learn, with its defaults."""
RUNS = 5


@dataclass(frozen=True)
class Trained:
    """How a trainer fared; shares of points, exact, averaged over its runs.

    Attributes
    ----------
    name : str
    runs : int
        With seeds 0, 1, …; 1 where the trainer has no `random_state`.
    shown : Fraction
        Accuracy on the numbers as shown.
    mean : Fraction
        Expected accuracy on an adversarial data set drawn at random, all 2^M of them alike.
    worst : Fraction
        Accuracy on the data set that is worst for it.
    all_right : Fraction
        Share of runs that are right at every point of that data set.
    worst_set : tuple of bool
        Which pairs are exchanged in it.
    """

    name: str
    runs: int
    shown: Fraction
    mean: Fraction
    worst: Fraction
    all_right: Fraction
    worst_set: tuple[bool, ...]


def trainers_of(given: Sequence[Any]) -> list[tuple[str, Any]]:
    """Return estimators with names: objects with fit and predict, names of scikit-learn's classifiers, file.py::name.

    Raises
    ------
    InvalidValue
        If one is none of these.
    """
    return [_trainer(entry) for entry in given]


def _trainer(entry: Any) -> tuple[str, Any]:
    made, name = entry, entry if isinstance(entry, str) else type(entry).__name__
    if isinstance(entry, str) and "::" in entry:
        made = load_named("trainer", entry)
    elif isinstance(entry, str):
        from sklearn.utils import all_estimators

        known: dict[str, Callable[[], Any]] = dict(all_estimators(type_filter="classifier"))
        if entry not in known:
            raise InvalidValue(
                "trainer", entry, "is no classifier of scikit-learn", "name one, or write file.py::name"
            )
        made = known[entry]
    try:
        made = made() if inspect.isclass(made) or inspect.isfunction(made) else made
    except TypeError as error:
        raise InvalidValue(
            "trainer", name, f"cannot be made without arguments: {error}", "write file.py::name"
        ) from error
    if not callable(getattr(made, "fit", None)) or not callable(getattr(made, "predict", None)):
        raise InvalidValue("trainer", name, "has no fit and predict", "give an estimator as scikit-learn's")
    return name, made


def run_trainer(name: str, estimator: Any, table: Labelled, twins: Twins) -> Trained:
    """Train on the shown numbers as float64, and judge at the places of all adversarial data sets.

    Raises
    ------
    InvalidValue
        If it fails, or does not return a label for each point.
    """
    seeded = "random_state" in getattr(estimator, "get_params", dict)()
    runs = RUNS if seeded else 1
    labels = np.array(table.labels, dtype=str)
    seen, asked = table.numbers.astype(np.float64), twins.points.astype(np.float64)
    verdicts = []
    right_shown = 0
    for seed in range(runs):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # whether it has converged does not matter to the bound
                fitted = _fresh(estimator, seed if seeded else None).fit(seen, labels)
                found = [np.asarray(fitted.predict(points)).astype(str) for points in (seen, asked)]
        except Exception as error:
            raise InvalidValue("trainer", name, f"failed: {error}", "correct it, or leave it out") from error
        if any(part.shape != labels.shape for part in found):
            raise InvalidValue(
                "trainer", name, "did not return a label for each point", "correct its predict"
            )
        right_shown += int((found[0] == labels).sum())
        verdicts.append(_wrong(found[1], labels, twins))
    rest = [int(run[0]) for run in verdicts]
    first, other = (np.array([run[k] for run in verdicts]).reshape(runs, -1) for k in (1, 2))
    exchanged = other.sum(axis=0) > first.sum(axis=0)
    worst = np.where(exchanged, other, first)
    points = runs * len(labels)
    return Trained(
        name,
        runs,
        Fraction(right_shown, points),
        1 - Fraction(2 * sum(rest) + int(first.sum() + other.sum()), 2 * points),
        1 - Fraction(sum(rest) + int(worst.sum()), points),
        Fraction(sum(not (left + row.sum()) for left, row in zip(rest, worst, strict=True)), runs),
        tuple(bool(x) for x in exchanged),
    )


def _fresh(estimator: Any, seed: int | None) -> Any:
    from sklearn.base import clone

    fresh = clone(estimator)
    return fresh if seed is None else fresh.set_params(random_state=seed)


def _wrong(found: Any, labels: Any, twins: Twins) -> tuple[int, list[int], list[int]]:
    """Return how many unpaired points are wrong, and for each pair how many of its two, in one order and the other."""
    paired = {k for exchange in twins.exchanges for k in (exchange.first, exchange.second)}
    rest = sum(found[k] != labels[k] for k in range(len(labels)) if k not in paired)
    ends = [(exchange.first, exchange.second) for exchange in twins.exchanges]
    first = [int(found[i] != labels[i]) + int(found[j] != labels[j]) for i, j in ends]
    other = [int(found[j] != labels[i]) + int(found[i] != labels[j]) for i, j in ends]
    return int(rest), first, other
