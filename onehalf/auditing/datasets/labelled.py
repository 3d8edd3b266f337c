"""A labelled table with exact numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from onehalf.auditing.data import Datum
from onehalf.auditing.radii import Radii, check_patterns
from oracle.errors import InvalidValue

Exact = NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class Labelled:
    """Points with labels.

    Attributes
    ----------
    numbers : array (r, d) of Fraction
        The features, exactly as shown.
    half_units : tuple of Fraction
        For each feature half a unit in its last place: the finest that was written in the column.
    labels : tuple of str
        One for each point.
    features : tuple of str
        Their names.
    whole : tuple of bool
        Whether a feature holds integers only, and is exact unless it is declared to be otherwise.
    widths : tuple of Fraction, optional
        A radius for each feature, given with the data.
    reading : str
        How the numbers were read, a sentence.
    """

    numbers: Exact
    half_units: tuple[Fraction, ...]
    labels: tuple[str, ...]
    features: tuple[str, ...]
    whole: tuple[bool, ...]
    reading: str
    widths: tuple[Fraction, ...] | None = None

    @property
    def classes(self) -> list[str]:
        """The labels that occur, sorted."""
        return sorted(set(self.labels))


@dataclass(frozen=True, eq=False)
class PointBoxes:
    """What each point may be: low ≤ x ≤ high, exactly, and the order of all ends, feature by feature.

    Attributes
    ----------
    low, high : array (r, d) of Fraction
    low_rank, high_rank : array (r, d) of int64
        Ends of one feature compare as their ranks do; equal ends have equal ranks.
    inexact : array (d,) of bool
        Whether some point of a feature has a positive radius.
    """

    low: Exact
    high: Exact
    low_rank: NDArray[np.int64]
    high_rank: NDArray[np.int64]
    inexact: NDArray[np.bool_]

    @property
    def movable(self) -> NDArray[np.bool_]:
        """Whether a point is inexact in some feature, (r,)."""
        return np.asarray((self.low_rank < self.high_rank).any(axis=1))


def labelled(
    columns: Sequence[Sequence[Datum]],
    labels: Sequence[Any],
    features: Sequence[str],
    reading: str,
    widths: Sequence[Fraction] | None = None,
) -> Labelled:
    """Return a table from its columns.

    Raises
    ------
    InvalidValue
        If there is no feature, fewer than two points, or one class alone.
    """
    names = tuple(features)
    twice = [name for at, name in enumerate(names) if name in names[:at]]
    if twice:
        raise InvalidValue("column", twice[0], "is the name of two columns", "rename one of them")
    if not columns or len(labels) < 2:
        raise InvalidValue(
            "data", (len(labels), len(columns)), "must have two points and a feature at least", "give more"
        )
    texts = tuple(str(label) for label in labels)
    if len(set(texts)) < 2:
        raise InvalidValue("labels", texts[0], "is the only label", "name the column of the labels")
    values = np.empty((len(texts), len(names)), dtype=object)
    for j, column in enumerate(columns):
        values[:, j] = [datum.value for datum in column]
    values.setflags(write=False)
    return Labelled(
        values,
        tuple(min(datum.half_unit for datum in column) for column in columns),
        texts,
        names,
        tuple(all(datum.whole for datum in column) for column in columns),
        reading,
        None if widths is None else tuple(widths),
    )


def boxes_of(table: Labelled, radii: Radii) -> PointBoxes:
    """Return the boxes of a reading."""
    check_patterns(radii, table.features)
    low, high = table.numbers.copy(), table.numbers.copy()
    for j, name in enumerate(table.features):
        for i, value in enumerate(table.numbers[:, j]):
            width = radii.of(name, Datum(value, table.half_units[j]), table.whole[j])
            low[i, j], high[i, j] = value - width, value + width
    return _ranked(low, high)


def given_boxes(table: Labelled) -> PointBoxes:
    """Return the boxes of the radii that were given with the data."""
    assert table.widths is not None
    widths = np.array(table.widths, dtype=object)
    return _ranked(table.numbers - widths, table.numbers + widths)


def _ranked(low: Exact, high: Exact) -> PointBoxes:
    ranks = np.empty((2, *low.shape), dtype=np.int64)
    for j in range(low.shape[1]):
        place = {value: k for k, value in enumerate(sorted({*low[:, j], *high[:, j]}))}
        ranks[0, :, j] = [place[value] for value in low[:, j]]
        ranks[1, :, j] = [place[value] for value in high[:, j]]
    return PointBoxes(low, high, ranks[0], ranks[1], (ranks[0] < ranks[1]).any(axis=0))
