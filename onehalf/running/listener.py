"""Who is told of a run while it runs."""

from __future__ import annotations

from onehalf.plan.experiment import Experiment
from onehalf.plan.rule import Decision
from onehalf.record.rows import Chunk


class Listener:
    """Told of a run while it runs; whatever a subclass does not define, it does not heed.

    One listener may hear several runs, one after the other.
    """

    def begun(self, experiment: Experiment, done: int) -> None:
        """Take what is run, and how many of its trials are on record already."""

    def share(self, planned: int) -> None:
        """Take how many of the trials are this run's, where it is a shard of the experiment."""

    def chunk(self, chunk: Chunk) -> None:
        """Take judged trials that are now on record."""

    def decided(self, cell: int, decision: Decision) -> None:
        """Take where a rule has stopped a cell before its last planned trial."""

    def assessed(self, done: int, total: int) -> None:
        """Take the number of outputs assessed in the second pass, and of all: first with 0, if there are any."""

    def ended(self) -> None:
        """Take that the run is over, or broken off."""
