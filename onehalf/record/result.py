"""A finished (or interrupted) experiment: its tables, its summary, its report."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from onehalf.plan.experiment import Experiment, experiment_from_json
from onehalf.record.directory import TRIALS, read_manifest
from onehalf.record.store import Store

if TYPE_CHECKING:
    import pandas as pd

    from analysis.summary.schema import Summary


class Result:
    """What an experiment recorded.

    Parameters
    ----------
    directory : Path
        Where it is.
    experiment : Experiment
        Its plan.
    violations : list of (cell, trial), optional
        Runs accepted on two inputs that exclude each other (none, unless the harness is defective).
    """

    def __init__(
        self, directory: Path, experiment: Experiment, violations: list[tuple[int, int]] | None = None
    ) -> None:
        self.directory = Path(directory)
        self.experiment = experiment
        self.violations = list(violations or [])

    def __repr__(self) -> str:
        planned, recorded = self.experiment.planned, len(self.trials)
        return (
            f"<Result of {self.experiment.name!r}: {len(self.experiment.cells)} cells, {recorded} of {planned} trials "
            f"recorded, in {str(self.directory)!r}>"
        )

    def _query(self, query: str) -> pd.DataFrame:
        store = Store(self.directory / TRIALS)
        try:
            table = store.table(query)
        finally:
            store.close()
        flags = [name for name in table.columns if name == "shared" or name.startswith("claim")]
        return table.astype(dict.fromkeys(flags, "boolean"))

    @property
    def trials(self) -> pd.DataFrame:
        """One row for every trial recorded: seed, status, shared, and verdict, margin and claim for each input."""
        return self._query("SELECT * FROM trials ORDER BY cell, trial")

    @property
    def outcomes(self) -> pd.DataFrame:
        """One row for every trial and input (tidy form); `output` is the key of the stored output."""
        return self._query("SELECT * FROM outcomes ORDER BY cell, trial, input")

    def output(self, cell: int, trial: int, position: int = 0) -> Any:
        """Return the output of a trial on the input at `position`, None where there is none."""
        store = Store(self.directory / TRIALS)
        try:
            body = store.output(cell, trial, position)
        finally:
            store.close()
        return None if body is None else self.experiment.cells[cell].problem.decode(body)

    def summary(self, interval: str = "clopper-pearson") -> dict[str, Any]:
        """Return everything the report says, as documented in docs/summary-json.md.

        Parameters
        ----------
        interval : str
            Method of the intervals: "clopper-pearson", "wilson", "jeffreys", "agresti-coull" or "mid-p".
        """
        # The analysis takes a second to import, which a run must not wait for (and its children not inherit).
        from onehalf.record.gather import gather

        return gather([(self.directory, self.experiment)], interval)

    def report(self, path: str | Path | None = None, formats: Sequence[str] | None = None) -> Path:
        """Write the report into the experiment's directory, and return the path of the first thing written.

        Parameters
        ----------
        path : str or Path, optional
            Where the HTML page goes, instead of ``report.html`` in the directory.
        formats : sequence of str, optional
            See `onehalf.record.publish.publish`; by default the page, `summary.json`, and the figures as SVG and PNG.
        """
        from onehalf.record.publish import USUAL, publish
        from onehalf.record.stories import stories_of

        page = None if path is None else Path(path)
        stories = stories_of([self.experiment]).each
        written = publish(self.summary(), self.directory, formats or USUAL, page, stories)
        return written[0] if written else self.directory

    def _repr_html_(self) -> str:
        """Show findings, figures and cells in a notebook."""
        from analysis.report.page import fragment
        from onehalf.record.stories import stories_of

        return fragment(cast("Summary", self.summary()), stories_of([self.experiment]).each)


def load(directory: str | Path) -> Result:
    """Return the result of a directory.

    Raises
    ------
    InvalidValue
        If the directory holds no experiment.
    """
    manifest = read_manifest(Path(directory))
    return Result(Path(directory), experiment_from_json(manifest["experiment"]))
