"""Which algorithms find right answers where nothing stands in their way: only their failures elsewhere say anything.

An algorithm that cannot learn fails at the barrier, too, and not because of it. Where every trial told the inputs apart
no bound limits it: what it does there is its own.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from analysis.summary.changes import rate_key
from analysis.summary.schema import CellEntry, Summary
from analysis.summary.series import group, told_apart

REFERENCES = ("baseline", "control")
"""Roles of algorithms that are made to show something, and are not asked whether they could find an answer."""


@dataclass(frozen=True)
class Competence:
    """What is known of one algorithm on one family.

    Attributes
    ----------
    family, algorithm
        Whose; the algorithm without its parameters.
    best
        Of the cells in which every trial told the inputs apart, the one with the largest smallest success rate; None
        where there is none.
    """

    family: str
    algorithm: str
    best: CellEntry | None

    @property
    def shown(self) -> bool:
        """Whether it was right on every input in more than half of the trials of that cell."""
        return self.best is not None and 2 * self.best["smallest"]["successes"] > self.best["recorded"]

    @property
    def unable(self) -> bool:
        """Whether it had such cells, and was not."""
        return self.best is not None and not self.shown


def competence(summary: Summary) -> list[Competence]:
    """What is known of each algorithm that is no baseline or control, on families in which answers exclude each other.

    What never gave an output is left out: nothing is known of it.
    """
    cells = [cell for cell in summary["cells"] if cell["recorded"]]
    bounded = {cell["family"] for cell in cells if cell["bound"]["applies"]}
    asked = [cell for cell in cells if cell["family"] in bounded and cell["role"] not in REFERENCES]
    found = group(asked, lambda cell: (cell["family"], cell["algorithm_name"]))
    return [
        Competence(family, name, max(_open(members), key=rate_key, default=None))
        for (family, name), members in found.items()
        if any(entry["statuses"]["halted"] for cell in members for entry in cell["by_input"].values())
    ]


def _open(cells: Iterable[CellEntry]) -> list[CellEntry]:
    """The cells in which nothing stood in an algorithm's way."""
    return [cell for cell in cells if told_apart(cell) and cell["bound"]["applies"] and not cell["universal"]]
