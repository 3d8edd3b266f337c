"""Ray: joblib's backend of it gives no results as they finish, so that tasks are handed in here."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

import ray
from ray.exceptions import LocalRayletDiedError, NodeDiedError, RayError, RaySystemError, RayTaskError

from onehalf.running.backends.choice import Backend
from onehalf.running.backends.delivery import Parcel
from onehalf.running.backends.distant import Distant
from onehalf.running.backends.engine import interrupts_held
from oracle.errors import CannotGoOn


class OnRay(Distant):
    """Workers of a Ray cluster: one for each of its processors."""

    losses = (RayError,)

    def __init__(self, backend: Backend, parcel: Parcel, allow_mixed: bool) -> None:
        super().__init__(backend, parcel, allow_mixed)
        self.workers = max(1, int(ray.cluster_resources().get("CPU", 1)))
        self._remote: dict[Callable[..., Any], Any] = {}
        self._cut_off = False

    def ready(self) -> None:
        """Leave it to Ray to start workers again; where this machine's node is gone, connect as at the beginning.

        Raises
        ------
        CannotGoOn
            If there is no cluster any more.
        """
        if self._cut_off:
            ray.shutdown()
            _connect(self.backend, self.workers)
            self._remote, self._cut_off = {}, False

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Hand in a task; one whose worker dies is begun again."""
        if function not in self._remote:
            self._remote[function] = ray.remote(num_cpus=1, max_retries=3)(function)
        return self._remote[function].remote(*arguments)

    def finished(self, tasks: Collection[Any]) -> Any:
        """Wait until a task is finished."""
        with self._noticed():
            return ray.wait(list(tasks), num_returns=1)[0][0]

    def value(self, task: Any) -> Any:
        """Return what a finished task gave, or raise what it raised there."""
        try:
            with self._noticed():
                return ray.get(task)
        except RayTaskError as error:
            raise error.cause from error

    def cancel(self, tasks: Iterable[Any]) -> None:
        """Let tasks be; one at work is ended with its process."""
        for task in tasks if not self._cut_off else ():
            ray.cancel(task, force=True)

    @contextlib.contextmanager
    def _noticed(self) -> Iterator[None]:
        try:
            yield
        except (LocalRayletDiedError, NodeDiedError, RaySystemError):
            self._cut_off = True
            raise


@contextlib.contextmanager
def ray_cluster(backend: Backend, jobs: int) -> Iterator[None]:
    """Connect to a cluster meanwhile, or have one on this machine; one that this process is in already stays.

    Raises
    ------
    CannotGoOn
        If there is none at the address.
    """
    if ray.is_initialized():
        yield
        return
    _connect(backend, jobs)
    try:
        yield
    finally:
        ray.shutdown()


def _connect(backend: Backend, jobs: int) -> None:
    given: dict[str, Any] = {"address": backend.address}
    if not backend.address:
        given = {"address": "local", "num_cpus": jobs, "include_dashboard": False}
    try:
        with interrupts_held():
            ray.init(log_to_driver=False, logging_level="ERROR", **given)
    except (ConnectionError, RayError, ValueError) as error:
        raise CannotGoOn(
            f"backend={str(backend)!r}: no cluster answers ({error}): start it, then run again"
        ) from error
