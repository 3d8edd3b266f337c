"""An engine whose workers may be on other machines: what they need is sent, what they compute with is compared."""

from __future__ import annotations

import dataclasses
import json
from abc import abstractmethod
from collections.abc import Callable, Collection, Generator, Iterable
from typing import Any

from onehalf.record.environment import computed_otherwise, environment
from onehalf.record.rows import Chunk
from onehalf.running.backends.choice import Backend
from onehalf.running.backends.delivery import Parcel, Reply, carried_out, house_digest
from onehalf.running.backends.engine import Call, Engine
from oracle.errors import InvalidValue

_AHEAD = 2


class WorkersLost(Exception):
    """Workers of a cluster were lost, or the way to them."""


class Distant(Engine):
    """An engine of tasks that are handed in one by one, and finish in any order.

    Parameters
    ----------
    backend : Backend
    parcel : Parcel
        What every worker needs.
    allow_mixed : bool
        Whether workers may compute with other versions than this process; the record tells which did.
    """

    lost = (WorkersLost,)
    losses: tuple[type[BaseException], ...] = ()
    """What a library raises where workers are lost."""

    def __init__(self, backend: Backend, parcel: Parcel, allow_mixed: bool) -> None:
        self.backend, self.parcel, self.allow_mixed = backend, parcel, allow_mixed
        self._known: set[tuple[str, str]] = set()

    @abstractmethod
    def submit(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Hand in a task, and return what it is known by."""

    @abstractmethod
    def finished(self, tasks: Collection[Any]) -> Any:
        """Wait until one of several tasks is finished, and return it."""

    @abstractmethod
    def value(self, task: Any) -> Any:
        """Return what a finished task gave, or raise what it raised."""

    @abstractmethod
    def cancel(self, tasks: Iterable[Any]) -> None:
        """Let tasks be, whether they are at work or not."""

    def results(self, function: Callable[..., Any], calls: Iterable[Call]) -> Generator[Any, None, None]:
        """Return what a function gives for each call, as they finish."""
        waiting, rest = dict[Any, Call](), iter(calls)

        def hand_in(call: Call, body: bytes | None = None) -> None:
            waiting[self.submit(carried_out, function, call, self.parcel.digest, body)] = call

        try:
            while True:
                while len(waiting) < _AHEAD * self.workers and (call := next(rest, None)) is not None:
                    hand_in(call)
                if not waiting:
                    return
                try:
                    task = self.finished(waiting)
                    call = waiting.pop(task)
                    reply: Reply = self.value(task)
                except self.losses as error:
                    raise WorkersLost(str(self.backend)) from error
                if reply.lacking:
                    hand_in(call, self.parcel.body)
                    continue
                self._compare(reply)
                yield _placed(reply)
        finally:
            self.cancel(waiting)

    def _compare(self, reply: Reply) -> None:
        """Refuse a worker that computes with other versions than this process.

        Raises
        ------
        InvalidValue
            If mixtures are not allowed.
        """
        told = reply.environment, reply.house
        if self.allow_mixed or told in self._known:
            return
        here, there = environment(), json.loads(reply.environment)
        different = list(computed_otherwise(here, there))
        for name, parts in (("onehalf", 3), ("python", 2)):
            old, new = (".".join(str(one.get(name)).split(".")[:parts]) for one in (here, there))
            different += [f"{name} {old}, now {new}"] if old != new else []
        if reply.house != house_digest():
            different.append("other files of onehalf")
        if different:
            raise InvalidValue(
                "backend",
                str(self.backend),
                f"a worker computes with {'; '.join(different)}: its trials may come out otherwise",
                "give workers the environment of this process, or take the mixture with --allow-mixed, which the "
                "record then tells",
            )
        self._known.add(told)


def _placed(reply: Reply) -> Any:
    """Return a result; a chunk with what computed it."""
    if isinstance(reply.result, Chunk):
        return dataclasses.replace(reply.result, environment=reply.environment)
    return reply.result
