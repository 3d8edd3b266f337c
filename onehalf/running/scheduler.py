"""Execution of a plan: chunks of trials through an engine, results written by the parent alone as they come."""

from __future__ import annotations

import warnings
from collections.abc import Generator, Iterator, Sequence

from onehalf.plan.experiment import Experiment
from onehalf.plan.shard import Shard
from onehalf.record.rows import Chunk
from onehalf.record.store import Store
from onehalf.running.backends.engine import Engine, interrupts_held
from onehalf.running.listener import Listener
from onehalf.running.stops import Stops
from onehalf.running.worker import work
from oracle.errors import CannotGoOn
from oracle.namespaces import pack

_CHUNK_SECONDS = 0.5
_OVERHEAD_SECONDS = 2e-5
_FIRST_TRIALS = 16
_FORK_SECONDS = 0.02
_MOST_CHEAP = 200
_MOST_TRIALS = 20_000
_PATIENCE = 5


class WorkersDied(CannotGoOn):
    """Worker processes died again and again without a trial's being finished."""


class Pace:
    """How many trials a chunk should hold, cell by cell, for chunks of about half a second.

    Sizes touch no result: each trial's stream is its own.

    Parameters
    ----------
    expected : float or None
        What a trial is expected to cost, in seconds, while nothing is known of its cell.
    """

    def __init__(self, expected: float | None = None) -> None:
        self.seconds: dict[int, float] = {}
        self.expected = expected

    def size(self, cell: int, left: int, jobs: int, at: int | None = None) -> int:
        """Return the number of trials for a cell's next chunk, of `left` trials still to hand out.

        Where the cell may stop early `at` is the trial to begin with: chunks then grow with it, so that what is run
        beyond the decision stays a fraction of what is needed, or costs no more than the fork for it.
        """
        cost = self.seconds.get(cell, self.expected)
        wished = _FIRST_TRIALS if cost is None else int(_CHUNK_SECONDS / max(cost, 1e-9))
        # Towards the end chunks halve, down to an eighth, so that workers finish together (guided self-scheduling).
        fair = left if cost is None or jobs == 1 else max(-(-left // (2 * jobs)), wished // 8)
        cheap = 0 if cost is None else int(_FORK_SECONDS / max(cost, 1e-9))
        most = _MOST_TRIALS if at is None else max(_FIRST_TRIALS, at // 8, min(cheap, _MOST_CHEAP))
        return max(1, min(wished, fair, most, left))

    def learn(self, chunk: Chunk) -> None:
        """Note what a chunk's trials cost: the algorithm's time, and ours for each trial."""
        self.seconds[chunk.cell] = chunk.seconds / (chunk.stop - chunk.start) + _OVERHEAD_SECONDS


def execute(
    experiment: Experiment,
    store: Store,
    engine: Engine,
    listener: Listener,
    expected: float | None = None,
    shard: Shard | None = None,
) -> list[tuple[int, int]]:
    """Run every trial that the store does not hold, and write it there, up to where a cell's rule stops it.

    Stops after the chunk that shows a run accepted on two inputs that exclude each other.

    Parameters
    ----------
    engine : Engine
        Where chunks are run; one worker of this machine is this process (and its trial children).
    listener : Listener
        Told of every chunk after it is durable, and of every decision.
    expected : float, optional
        Seconds that a trial is expected to take, for the first chunks: long ones are then dealt out one by one.
    shard : Shard, optional
        The share of the trials that is run; by default all.

    Returns
    -------
    list of (cell, trial)
        Violations of the pathwise statement of Theorem 1; empty if all is well.

    Raises
    ------
    WorkersDied
        If workers die repeatedly without progress. What was finished is kept.
    """
    spans = spans_of(experiment, shard)
    fruitless = 0
    while fruitless < _PATIENCE:
        before = store.recorded()
        try:
            engine.ready()
            with warnings.catch_warnings():
                # A worker that has grown, as by importing PyTorch, is replaced between two chunks: no news to a user.
                warnings.filterwarnings("ignore", message="A worker stopped while some jobs were given")
                stops = Stops(experiment, store, listener)
                doubles = _pass(experiment, store, engine, listener, stops, Pace(expected), spans)
                store.sweep()
                return doubles
        except engine.lost:
            fruitless = 0 if store.recorded() > before else fruitless + 1
    raise WorkersDied(f"workers died {_PATIENCE} times in a row: free memory or lower --jobs, then run again")


def spans_of(experiment: Experiment, shard: Shard | None) -> list[tuple[int, int]]:
    """Return the trials (start, stop) of each cell that a shard has; without one, all."""
    cells = [(cell.trials, cell.until is not None) for cell in experiment.cells]
    return (shard or Shard(1, 1)).spans(cells)


def _pass(
    experiment: Experiment,
    store: Store,
    engine: Engine,
    listener: Listener,
    stops: Stops,
    pace: Pace,
    spans: Sequence[tuple[int, int]],
) -> list[tuple[int, int]]:
    chunks = _arguments(experiment, store, engine.workers, pace, stops, spans)
    doubles: list[tuple[int, int]] = []
    with interrupts_held():
        results: Generator[Chunk, None, None] = engine.results(work, chunks)
    try:
        for chunk in results:
            if chunk.cell in stops.decided and not chunk.doubles:
                continue
            store.write(chunk)
            pace.learn(chunk)
            listener.chunk(chunk)
            stops.take(chunk)
            doubles += [(chunk.cell, trial) for trial in chunk.doubles]
            if doubles:
                break
    except BaseException:
        _abandon(results)
        raise
    if doubles:
        _abandon(results)
    return doubles


def _abandon(results: Generator[Chunk, None, None]) -> None:
    """Stop workers at once; what they hold is run again some day.

    Closing joblib's generator makes joblib itself end its workers, in the one order that cannot lock up.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        results.close()


def _arguments(
    experiment: Experiment,
    store: Store,
    jobs: int,
    pace: Pace,
    stops: Stops,
    spans: Sequence[tuple[int, int]],
) -> Iterator[tuple[int, bytes, tuple[int, int], int, int]]:
    """Yield the chunks still to run; each is cut when it is asked for, with what is known of its cost by then."""
    gaps = [
        [] if index in stops.decided else store.missing(index, stop, start)
        for index, (start, stop) in enumerate(spans)
    ]
    for index, (cell, key) in enumerate(zip(experiment.cells, experiment.keys(), strict=True)):
        body = pack(cell) if gaps[index] else b""
        for start, stop in gaps[index]:
            at = start
            while at < stop and index not in stops.decided:
                size = pace.size(index, stop - at, jobs, at if stops.watched(index) else None)
                yield index, body, key, at, at + size
                at += size
