"""What one reading of a training set shows: conflicts, a matching, and the data sets that prove it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from onehalf.auditing.datasets.bounds import success_bound
from onehalf.auditing.datasets.conflicts import Conflicts, Matching, conflicts_of, matching_of
from onehalf.auditing.datasets.labelled import Labelled, PointBoxes
from onehalf.auditing.datasets.twins import Twins, twins_of


@dataclass(frozen=True, eq=False)
class TableLook:
    """What one reading shows.

    Attributes
    ----------
    strict : Matching
        By the narrower test, < 2w in every inexact feature.
    contradictions : Matching
        Pairs that are shown equal, exact, and of different labels.
    halved : bool
        Whether two boxes touch at one place alone, which two points may each take: the bound is then 1/2.
    """

    title: str
    words: str
    boxes: PointBoxes
    conflicts: Conflicts
    matching: Matching
    strict: Matching
    contradictions: Matching
    halved: bool
    twins: Twins

    @property
    def pairs(self) -> int:
        """M: in each pair at least one point is wrong on average."""
        return len(self.matching.pairs) + len(self.contradictions.pairs)

    @property
    def success(self) -> Fraction:
        """No higher is the probability of being right at every point."""
        if self.contradictions.pairs:
            return Fraction(0)
        return Fraction(1, 2) if not self.pairs and self.halved else success_bound(self.pairs)


def look_of(table: Labelled, boxes: PointBoxes, title: str, words: str) -> TableLook:
    """Return what one reading shows."""
    found = conflicts_of(boxes, table.labels)
    movable = boxes.movable
    matching = matching_of(found.swapping, table.labels)
    fixed = found.touching[~movable[found.touching].any(axis=1)]
    halved = bool(movable[found.touching].all(axis=1).any())
    return TableLook(
        title,
        words,
        boxes,
        found,
        matching,
        matching if len(found.strict) == len(found.swapping) else matching_of(found.strict, table.labels),
        matching_of(fixed, table.labels),
        halved,
        twins_of(table, boxes, matching.pairs),
    )
