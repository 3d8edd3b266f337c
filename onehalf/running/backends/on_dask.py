"""Dask: a scheduler at an address or in a file, or a cluster of processes that is started for the run."""

from __future__ import annotations

import contextlib
import logging
import queue
import threading
import time
from asyncio import CancelledError as Cancelled
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import CancelledError
from typing import Any
from uuid import uuid4

from distributed import Client, LocalCluster
from distributed.scheduler import KilledWorker, NoValidWorkerError

from onehalf.running.backends.choice import Backend
from onehalf.running.backends.delivery import Parcel
from onehalf.running.backends.distant import Distant
from onehalf.running.backends.engine import interrupts_held
from oracle.errors import CannotGoOn

_LOGGER = logging.getLogger("distributed.client")
_PATIENCE_SECONDS = 60
_LOOK_SECONDS = 5
_FAREWELL_SECONDS = 2
_FORSAKEN_SECONDS = 15


class OnDask(Distant):
    """Workers of a dask cluster; a thread of a worker is one, and starts a process of its own for its trials."""

    # What distributed raises where workers, the scheduler or the way to it are lost, whatever its release calls it.
    losses = (KilledWorker, NoValidWorkerError, CancelledError, Cancelled, OSError, TimeoutError)

    def __init__(self, backend: Backend, parcel: Parcel, allow_mixed: bool) -> None:
        super().__init__(backend, parcel, allow_mixed)
        self._client: Any = None
        self._done: queue.SimpleQueue[Any] = queue.SimpleQueue()
        # A scheduler that is gone is told of here, in a sentence or by going on, and not by tracebacks in between.
        self._said = _LOGGER.level
        _LOGGER.setLevel(logging.CRITICAL)
        self.ready()

    def ready(self) -> None:
        """Connect to the scheduler, and wait for a worker.

        Raises
        ------
        CannotGoOn
            If there is none.
        """
        place = self.backend.address
        try:
            if self._client is None or self._client.status != "running":
                self._leave()
                named = "scheduler_file" if place.endswith(".json") else "address"
                self._client = Client(**{named: place}, timeout=_PATIENCE_SECONDS, set_as_default=False)
            self._client.wait_for_workers(1, timeout=_PATIENCE_SECONDS)
            self.workers = max(1, sum(self._client.ncores().values()))
            self._done = queue.SimpleQueue()
        except (OSError, TimeoutError, ValueError) as error:
            raise CannotGoOn(
                f"backend={str(self.backend)!r}: no scheduler with a worker answers ({error or type(error).__name__}): "
                "start them, then run again"
            ) from error

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Hand in a task; one whose worker is lost is given to another."""
        task = self._client.submit(function, *arguments, key=f"onehalf-{uuid4().hex}", pure=False)
        task.add_done_callback(self._done.put)
        return task

    def finished(self, tasks: Collection[Any]) -> Any:
        """Wait until a task is finished."""
        seen = time.monotonic()
        while True:
            with contextlib.suppress(queue.Empty):
                task = self._done.get(timeout=_LOOK_SECONDS)
                if task in tasks:
                    return task
                continue
            if self._client.ncores():
                seen = time.monotonic()
            elif time.monotonic() - seen > _PATIENCE_SECONDS:
                raise TimeoutError("there is no worker any more")

    def value(self, task: Any) -> Any:
        """Return what a finished task gave."""
        return task.result(timeout=_PATIENCE_SECONDS)

    def cancel(self, tasks: Iterable[Any]) -> None:
        """Let tasks be."""
        left = list(tasks)
        with contextlib.suppress(*self.losses):
            if left:
                self._client.cancel(left, force=True)

    def close(self) -> None:
        """Leave the cluster for good."""
        self._leave()
        _LOGGER.setLevel(self._said)

    def _leave(self) -> None:
        if self._client is not None:
            with contextlib.suppress(*self.losses):
                self._client.close(timeout=_FAREWELL_SECONDS)
            self._client = None


@contextlib.contextmanager
def local_cluster(jobs: int) -> Iterator[str]:
    """Yield the address of a cluster of processes on this machine, which end with this one.

    Raises
    ------
    CannotGoOn
        If its processes do not start.
    """
    try:
        with interrupts_held():
            cluster: Any = LocalCluster(
                n_workers=jobs,
                threads_per_worker=1,
                memory_limit=None,
                dashboard_address=":0",
                silence_logs=50,
            )
    except (OSError, RuntimeError) as error:
        raise CannotGoOn(f"backend='dask': its processes do not start ({error}): run again") from error
    over = threading.Event()
    keeper = threading.Thread(target=_keep, args=(cluster, jobs, over), daemon=True)
    keeper.start()
    try:
        yield cluster.scheduler_address
    finally:
        over.set()
        keeper.join()
        with contextlib.suppress(OSError, TimeoutError):
            cluster.close(timeout=_PATIENCE_SECONDS)


def _keep(cluster: Any, jobs: int, over: threading.Event) -> None:
    """Start workers anew where none is left: dask gives up one that dies while it is started."""
    seen = time.monotonic()
    while not over.wait(1.0):
        if cluster.scheduler.workers:
            seen = time.monotonic()
        elif time.monotonic() - seen > _FORSAKEN_SECONDS:
            cluster.scale(0)
            while cluster.workers and not over.wait(0.2):
                pass
            cluster.scale(jobs)
            seen = time.monotonic()
