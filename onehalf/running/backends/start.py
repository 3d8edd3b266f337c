"""From a backend's name to an engine that is at work."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from onehalf.plan.experiment import Experiment
from onehalf.running.backends.choice import Backend
from onehalf.running.backends.delivery import parcel_of
from onehalf.running.backends.engine import Engine, Near


@contextlib.contextmanager
def housed(backend: Backend | None, jobs: int) -> Iterator[Backend | None]:
    """Yield a backend whose cluster is there: where none is named, one of so many workers is started here meanwhile."""
    if backend is not None and backend.name == "dask" and not backend.address:
        from onehalf.running.backends.on_dask import local_cluster

        with local_cluster(jobs) as address:
            yield Backend("dask", address)
    elif backend is not None and backend.name == "ray":
        from onehalf.running.backends.on_ray import ray_cluster

        with ray_cluster(backend, jobs):
            yield backend
    else:
        yield backend


@contextlib.contextmanager
def started(
    backend: Backend | None, jobs: int, experiment: Experiment, allow_mixed: bool = False
) -> Iterator[Engine]:
    """Yield the engine of a backend, for an experiment; at the end it is gone.

    Parameters
    ----------
    backend : Backend or None
        None is joblib's current one, as `joblib.parallel_config` says.
    jobs : int
        Workers, where the backend is started here; a cluster that is there already has what it has.
    allow_mixed : bool
        Whether workers may compute with other versions than this process.

    Raises
    ------
    CannotGoOn
        If nobody answers at the backend's address.
    """
    with housed(backend, jobs) as place:
        if place is None or not place.far:
            engine = Near(jobs, place)
            try:
                yield engine
            finally:
                engine.ready()  # what served threads that are over is ended
            return
        parcel = parcel_of(experiment)
        if place.name == "dask":
            from onehalf.running.backends.on_dask import OnDask

            with contextlib.closing(OnDask(place, parcel, allow_mixed)) as dask:
                yield dask
        else:
            from onehalf.running.backends.on_ray import OnRay

            yield OnRay(place, parcel, allow_mixed)
