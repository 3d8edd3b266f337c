"""Several directories in a notebook: their tables one under the other, their summary and report joined."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast, overload

import pandas as pd

from onehalf.record.reading.frames import cells_frame, indexed, results_frame, to_parquet, with_cells
from onehalf.record.reading.identity import identities, numbered
from onehalf.record.result import Result, load
from oracle.errors import InvalidValue

if TYPE_CHECKING:
    from analysis.summary.schema import Summary


class Joined:
    """Several results joined: equal cells pooled, everything else side by side, as ``onehalf report A B`` has them.

    Parameters
    ----------
    parts : sequence of Result
        At least one; a column ``directory`` of its tables says of which a row is.
    """

    def __init__(self, parts: Sequence[Result]) -> None:
        self.parts = tuple(parts)

    def __repr__(self) -> str:
        return f"<Joined of {', '.join(repr(str(part.directory)) for part in self.parts)}>"

    @cached_property
    def _cells(self) -> list[pd.DataFrame]:
        """By directory what its cells are, under the numbers and names that they have where all are joined."""
        found = []
        named = identities([(part.directory, part.recorded) for part in self.parts])
        for part, names, own in zip(self.parts, named, numbered(named), strict=True):
            known = {
                "family": [name.family for name in names],
                "algorithm": [name.algorithm for name in names],
                "algorithm_name": [name.name for name in names],
            }
            found.append(cells_frame(part.recorded).assign(**known, number=own))
        return found

    def _tables(self, name: Literal["trials", "outcomes"]) -> pd.DataFrame:
        tables = []
        for part, cells in zip(self.parts, self._cells, strict=True):
            rows = part.rows(name).assign(directory=str(part.directory))
            tables.append(rows.assign(cell=rows["cell"].map(cells["number"])))
        return pd.concat(tables, ignore_index=True)

    @property
    def trials(self) -> pd.DataFrame:
        """One row for every trial recorded, as of `Result`, and the directory that it is in."""
        return with_cells(self._tables("trials"), self._distinct)

    @property
    def outcomes(self) -> pd.DataFrame:
        """One row for every trial and input, as of `Result`, and the directory that it is in."""
        return self._tables("outcomes")

    @property
    def _distinct(self) -> pd.DataFrame:
        whole = pd.concat(self._cells).drop_duplicates("number").set_index("number")
        return whole.rename_axis("cell").sort_index()

    @property
    def cells(self) -> pd.DataFrame:
        """One row for every cell, pooled where directories share it: what it is, and what was found."""
        return results_frame(self._distinct, self.summary()["cells"])

    @property
    def grid(self) -> pd.DataFrame:
        """The cells, indexed by what tells them apart (algorithm, oracle, e, …): with xarray, ``.to_xarray()``."""
        return indexed(self.cells)

    def summary(self, interval: str = "clopper-pearson") -> dict[str, Any]:
        """Return everything the joined report says, as documented in docs/summary-json.md."""
        from onehalf.record.gather import gather

        return gather([(part.directory, part.recorded) for part in self.parts], interval)

    def report(self, directory: str | Path, formats: Sequence[str] | None = None) -> Path:
        """Write the joined report into a directory, and return the path of the first thing written."""
        from onehalf.record.publish import USUAL, publish
        from onehalf.record.reading.stories import stories_of

        stories = stories_of([part.recorded for part in self.parts]).each
        return publish(self.summary(), Path(directory), formats or USUAL, stories=stories)[0]

    def to_parquet(self, directory: str | Path) -> list[Path]:
        """Write trials, cells and outcomes as Parquet files into a directory, and return their paths.

        Raises
        ------
        InvalidValue
            If pyarrow is not installed (the extra ``parquet``).
        """
        tables = {"trials": self.trials, "cells": self.cells, "outcomes": self.outcomes}
        return to_parquet(tables, Path(directory))

    def _repr_html_(self) -> str:
        """Show findings, figures and cells in a notebook."""
        from analysis.report.page import fragment
        from onehalf.record.reading.stories import stories_of

        stories = stories_of([part.recorded for part in self.parts]).each
        return fragment(cast("Summary", self.summary()), stories)


@overload
def load_results(directory: str | PathLike[str]) -> Result: ...


@overload
def load_results(directory: list[Path] | list[str] | tuple[str | PathLike[str], ...]) -> Joined: ...


def load_results(directory: Any) -> Result | Joined:
    """Return the result of a directory, or of several joined: ``load("results/a")``, ``load(["a", "b"])``.

    The sources of algorithms and families need not be at hand.

    Raises
    ------
    InvalidValue
        If a directory holds no experiment, or none is given.
    """
    if isinstance(directory, str | PathLike):
        return load(Path(directory))
    if not isinstance(directory, Sequence) or not all(isinstance(one, str | PathLike) for one in directory):
        raise InvalidValue(
            "directory", directory, "is no directory and no list of some", 'give "results/a", or a list'
        )
    if not directory:
        raise InvalidValue("directory", [], "names no directory", "give at least one")
    return Joined([load(Path(fspath(one))) for one in directory])
