"""Taking up an experiment's directory for writing, alone."""

from __future__ import annotations

import contextlib
import fcntl
from collections.abc import Iterator
from pathlib import Path

from onehalf.directory import TRIALS, prepare
from onehalf.plan import Experiment
from onehalf.store import Store
from oracle.errors import InvalidValue

LOCK = "lock"


@contextlib.contextmanager
def writing(directory: Path, experiment: Experiment) -> Iterator[Store]:
    """Make or take up an experiment's directory, and yield its store with the plan entered.

    Raises
    ------
    InvalidValue
        If the directory holds another experiment, or another process is writing there.
    """
    prepare(directory, experiment)
    with _alone(directory):
        store = Store(directory / TRIALS)
        try:
            store.enter_plan(experiment)
            yield store
        finally:
            store.close()


@contextlib.contextmanager
def _alone(directory: Path) -> Iterator[None]:
    """Hold the directory's lock: a record lock, which ends with this process and is no child's."""
    with (directory / LOCK).open("w") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise InvalidValue(
                "out", str(directory), "another run is at work there", "wait until it ends, or name a new one"
            ) from error
        yield
