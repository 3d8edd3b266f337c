"""An engine carries out calls, in whatever order they finish, and starts no more of them than it has hands for."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Iterable, Iterator
from typing import Any

import joblib
from joblib.externals.loky.process_executor import TerminatedWorkerError

from onehalf.running.backends.choice import Backend
from onehalf.running.sealed.fork_server import end_idle_servers
from onehalf.running.worker import begin_worker

Call = tuple[Any, ...]


class Engine(ABC):
    """Where the calls of a run are carried out.

    Attributes
    ----------
    workers : int
        How many are at work at once.
    lost : tuple of exception types
        Raised by `results` where workers were lost: what was not finished may be asked for again.
    """

    workers: int
    lost: tuple[type[BaseException], ...] = ()

    @abstractmethod
    def results(self, function: Callable[..., Any], calls: Iterable[Call]) -> Generator[Any, None, None]:
        """Return what a function gives for each call, as they finish; closing the generator abandons the others.

        A call is taken from the iterable when there is a worker for it, or soon will be.
        """

    @abstractmethod
    def ready(self) -> None:
        """See to it that there are workers; called before each pass."""


class Near(Engine):
    """Processes or threads of this machine, by joblib.

    Parameters
    ----------
    workers : int
    backend : Backend or None
        None is joblib's current one, as `joblib.parallel_config` says.
    """

    lost = (TerminatedWorkerError,)

    def __init__(self, workers: int, backend: Backend | None = None) -> None:
        self.workers = workers
        self.backend = backend

    def results(self, function: Callable[..., Any], calls: Iterable[Call]) -> Generator[Any, None, None]:
        """Return what a function gives for each call, as they finish."""
        threads = self.backend is not None and self.backend.name == "threading"
        parallel = joblib.Parallel(
            n_jobs=self.workers,
            backend=None if self.backend is None else self.backend.name,
            return_as="generator_unordered",
            batch_size=1,
            pre_dispatch=2 * self.workers,
            max_nbytes=None,
            **({} if threads else {"initializer": begin_worker, "initargs": (os.getpid(),)}),
        )
        results: Generator[Any, None, None] = parallel(joblib.delayed(function)(*call) for call in calls)
        return results

    def ready(self) -> None:
        """End what served the threads of an earlier pass."""
        end_idle_servers()


@contextlib.contextmanager
def interrupts_held() -> Iterator[None]:
    """Hold interrupts back while workers start: they inherit that, so a Ctrl-C is for the parent alone to handle."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
