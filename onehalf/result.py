"""A finished (or interrupted) experiment: its tables, its summary, its report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from onehalf.directory import REPORT, SUMMARY, TRIALS, read_manifest, write_text
from onehalf.plan import Experiment, experiment_from_json
from onehalf.store import Store

if TYPE_CHECKING:
    import pandas as pd


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

    def _query(self, query: str) -> pd.DataFrame:
        store = Store(self.directory / TRIALS)
        try:
            return store.table(query)
        finally:
            store.close()

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
        from onehalf.gathering import gather

        return gather([(self.directory, self.experiment)], interval)

    def report(self, path: str | Path | None = None) -> Path:
        """Write `summary.json` and `report.html`, and return the report's path.

        Parameters
        ----------
        path : str or Path, optional
            Where the report goes, instead of the experiment's directory.
        """
        from analysis.report import render

        summary = self.summary()
        write_text(self.directory / SUMMARY, json.dumps(summary, indent=1, ensure_ascii=False))
        target = Path(path) if path is not None else self.directory / REPORT
        write_text(target, render(summary))
        return target


def load(directory: str | Path) -> Result:
    """Return the result of a directory.

    Raises
    ------
    InvalidValue
        If the directory holds no experiment.
    """
    manifest = read_manifest(Path(directory))
    return Result(Path(directory), experiment_from_json(manifest["experiment"]))
