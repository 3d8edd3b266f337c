"""A finished (or interrupted) experiment: its tables, its summary, its report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from onehalf.plan.experiment import Experiment, experiment_from_json
from onehalf.record.boundary import add_mode, require_possible, sealed_ranges
from onehalf.record.described import Recorded, recorded
from onehalf.record.directory import read_manifest, read_store
from oracle.errors import InvalidValue

if TYPE_CHECKING:
    import pandas as pd

    from analysis.summary.schema import Summary


class Result:
    """What an experiment recorded, read from its directory alone: the sources that ran need not be there.

    Parameters
    ----------
    directory : Path
        Where it is.
    experiment : Experiment, optional
        Its plan as it was carried out, which may have fewer trials than the one that was written down.
    violations : list of (cell, trial), optional
        Runs accepted on two inputs that exclude each other (none, unless the harness is defective).
    """

    def __init__(
        self,
        directory: Path,
        experiment: Experiment | None = None,
        violations: list[tuple[int, int]] | None = None,
    ) -> None:
        self.directory = Path(directory)
        self.violations = list(violations or [])
        self._carried_out = experiment

    def __repr__(self) -> str:
        plan = self.manifest["experiment"] if self._carried_out is None else self._carried_out.as_json()
        planned = sum(cell["trials"] for cell in plan["cells"])
        return (
            f"<Result of {plan['name']!r}: {len(plan['cells'])} cells, {len(self.trials)} of {planned} trials "
            f"recorded, in {str(self.directory)!r}>"
        )

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """What was written down before the first trial."""
        return read_manifest(self.directory)

    @cached_property
    def experiment(self) -> Experiment:
        """The plan, with whatever sources are there now.

        Raises
        ------
        InvalidValue
            If one of them is missing; the sentence names file and digest.
        """
        return self._carried_out or experiment_from_json(self.manifest["experiment"])

    @cached_property
    def recorded(self) -> Recorded:
        """The plan as the directory describes it; no source is needed, and none is read where this program ran it."""
        found = recorded(self.manifest)
        if self._carried_out is None:
            return found
        pairs = zip(found.cells, self._carried_out.cells, strict=True)
        return replace(
            found,
            cells=tuple(replace(cell, trials=done.trials, at_hand=done.problem) for cell, done in pairs),
        )

    def rows(self, table: Literal["trials", "outcomes"]) -> pd.DataFrame:
        """Return the rows of a table as they are stored, and whether they are of a sealed run."""
        order = {"trials": "cell, trial", "outcomes": "cell, trial, input"}[table]
        name = {"trials": "trials", "outcomes": "every_outcome"}[table]
        query = f"SELECT * FROM {name} ORDER BY {order}"
        with read_store(self.directory) as store:
            require_possible(store.connection, self.recorded, self.directory)
            found = add_mode(store.table(query), sealed_ranges(store.connection))
        flags = [name for name in found.columns if name == "shared" or name.startswith("claim")]
        return found.astype(dict.fromkeys(flags, "boolean"))

    @property
    def trials(self) -> pd.DataFrame:
        """One row for every trial recorded: seed, status, shared, and verdict, margin and claim for each input, sealed.

        After these what its cell is: family, oracle, algorithm, budgets, and each parameter of the problem.
        """
        from onehalf.record.reading.frames import cells_frame, with_cells

        return with_cells(self.rows("trials"), cells_frame(self.recorded))

    @property
    def cells(self) -> pd.DataFrame:
        """One row for every cell: what it is, and its smallest success with interval and bound."""
        from onehalf.record.reading.frames import cells_frame, results_frame

        return results_frame(cells_frame(self.recorded), self.summary()["cells"])

    @property
    def grid(self) -> pd.DataFrame:
        """The cells, indexed by what tells them apart (algorithm, oracle, e, …): with xarray, ``.to_xarray()``."""
        from onehalf.record.reading.frames import indexed

        return indexed(self.cells)

    @property
    def outcomes(self) -> pd.DataFrame:
        """One row for every trial and input (tidy form); `output` is the key of the stored output."""
        return self.rows("outcomes")

    def output(self, cell: int, trial: int, position: int = 0) -> Any:
        """Return the output of a trial on the input at `position`, None where there is none.

        Raises
        ------
        InvalidValue
            If the family, which knows how outputs are written, is not at hand.
        """
        with read_store(self.directory) as store:
            body = store.output(cell, trial, position)
        return None if body is None else self.recorded.cells[cell].problem.decode(body)

    def summary(self, interval: str = "clopper-pearson") -> dict[str, Any]:
        """Return everything the report says, as documented in docs/summary-json.md.

        Parameters
        ----------
        interval : str
            Method of the intervals: "clopper-pearson", "wilson", "jeffreys", "agresti-coull" or "mid-p".
        """
        # The analysis takes a second to import, which a run must not wait for (and its children not inherit).
        from onehalf.record.gather import gather

        return gather([(self.directory, self.recorded)], interval)

    def report(self, path: str | Path | None = None, formats: Sequence[str] | None = None) -> Path:
        """Write the report into the experiment's directory, and return the path of the first thing written.

        Parameters
        ----------
        path : str or Path, optional
            Where the HTML page goes, instead of ``report.html`` in the directory.
        formats : sequence of str, optional
            See `onehalf.record.publish.publish`; by default the page, `summary.json`, and the figures as SVG and PNG.

        Raises
        ------
        InvalidValue
            If the path is not of an HTML page.
        """
        from onehalf.record.publish import USUAL, publish
        from onehalf.record.reading.stories import stories_of

        page = None if path is None else Path(path)
        if page is not None and page.suffix not in (".html", ".htm"):
            raise InvalidValue(
                "path", str(page), "is where the HTML page goes", "write report.html, and print it for a PDF"
            )
        stories = stories_of([self.recorded]).each
        written = publish(self.summary(), self.directory, formats or USUAL, page, stories)
        return written[0] if written else self.directory

    def to_parquet(self, directory: str | Path | None = None) -> list[Path]:
        """Write trials, cells and outcomes as Parquet files, by default into ``tables/``, and return their paths.

        Raises
        ------
        InvalidValue
            If pyarrow is not installed (the extra ``parquet``).
        """
        from onehalf.record.publish import TABLES
        from onehalf.record.reading.frames import to_parquet

        tables = {"trials": self.trials, "cells": self.cells, "outcomes": self.outcomes}
        return to_parquet(tables, self.directory / TABLES if directory is None else Path(directory))

    def _repr_html_(self) -> str:
        """Show findings, figures and cells in a notebook."""
        from analysis.report.page import fragment
        from onehalf.record.reading.stories import stories_of

        return fragment(cast("Summary", self.summary()), stories_of([self.recorded]).each)


def load(directory: str | Path) -> Result:
    """Return the result of a directory; the sources of its algorithms and families need not be at hand.

    Raises
    ------
    InvalidValue
        If the directory holds no experiment.
    """
    found = Result(Path(directory))
    read_manifest(found.directory)
    return found
