"""The process that does a stretch of trials, and what it is forked from.

Of a process that a user's own code has changed, such as a notebook's, nothing is forked: its settings, threads and
random states would be the trials'. There an image is forked from a program that was started anew. Where nothing of
a user's was ever executed, what ships is forked from here; and what users wrote from an image of this process, in which
it is loaded, so that whatever it does when it is loaded stays there.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import pickle
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterator
from multiprocessing.connection import Connection, Pipe

from algorithms.processes import clean, describe_end, end_group, fork_child, is_over
from onehalf.plan.experiment import Cell
from onehalf.running.inbox import Inbox
from onehalf.running.sealed.channel import BrokenChannel
from onehalf.running.sealed.fork_server import ForkServer, server_of
from onehalf.running.stretch import FIELDS, Stretch, do_stretch
from oracle.namespaces import pack

_SILENT = "the process closed its channel and did not end"


class Offspring(ABC):
    """A forked process that does a stretch, as its supervisor sees it.

    Attributes
    ----------
    inbox : Inbox
        What it sends.
    """

    def __init__(self, page: mmap.mmap, receiver: Connection) -> None:
        self._page = page
        self._view = memoryview(page).cast("q")
        self.inbox = Inbox(receiver)
        self._ended = ""

    def state(self) -> list[int]:
        """Return what it last wrote into its page."""
        return self._view.tolist()

    @abstractmethod
    def over(self) -> bool:
        """Tell whether it has ended."""

    def end(self, patience: float) -> str:
        """See to it that it has ended, after so many seconds' wait for its own end, and say how it did."""
        self._ended = self._ended or self._end(patience)
        return self._ended

    @abstractmethod
    def _end(self, patience: float) -> str:
        """End it, after so many seconds' wait for its own end, and say how it did."""

    def close(self) -> None:
        """End it, and let go of what it shared."""
        self.inbox.close()
        self.end(0.0)
        self._view.release()
        self._page.close()


class Forked(Offspring):
    """A child of this process."""

    def __init__(self, cell: Cell, stretch: Stretch) -> None:
        page = mmap.mmap(-1, 8 * FIELDS)
        view = memoryview(page).cast("q")
        self._pid, receiver = fork_child(lambda sender: do_stretch(cell, stretch, view, sender))
        view.release()
        super().__init__(page, receiver)

    def over(self) -> bool:
        """Tell whether it has ended."""
        return is_over(self._pid)

    def _end(self, patience: float) -> str:
        return end_group(self._pid, patience)


class Imaged(Offspring):
    """A child of an image."""

    def __init__(self, cell: Cell, stretch: Stretch, server: ForkServer) -> None:
        self._server = server
        self._pid = 0
        file = os.memfd_create("onehalf")
        receiver, sender = Pipe(duplex=False)
        try:
            os.ftruncate(file, 8 * FIELDS)
            super().__init__(mmap.mmap(file, 8 * FIELDS), receiver)
            told = pack(cell), pickle.dumps(stretch)
            with contextlib.suppress(BrokenChannel):
                self._pid = server.begin([sender.fileno(), file], told)
        finally:
            sender.close()
            os.close(file)

    def over(self) -> bool:
        """Tell whether it has ended."""
        return not self._pid or self._server.told_of_an_end()

    def _end(self, patience: float) -> str:
        if not self._pid:
            return "the process that forks runs was ended by the algorithm"
        code = self._server.ended(self._pid, patience > 0)
        return _SILENT if code is None else f"the process {describe_end(code)}"


@contextlib.contextmanager
def forked(cell: Cell, stretch: Stretch) -> Iterator[Offspring]:
    """Have a process forked that does a stretch; at the end it is gone.

    Raises
    ------
    InvalidValue
        If the algorithm cannot be loaded.
    """
    if _from_here(cell):
        with contextlib.closing(Forked(cell, stretch)) as child:
            yield child
        return
    with contextlib.closing(Imaged(cell, stretch, server_of(cell.spec, False))) as other:
        yield other


def batched(cell: Cell) -> bool:
    """Tell whether a cell's algorithm takes several trials at once."""
    if _from_here(cell):
        return cell.spec.load().batched
    return server_of(cell.spec, False).batched


def _from_here(cell: Cell) -> bool:
    """Tell whether children may be forked from this process, in which the algorithm is loaded."""
    if sys.platform != "linux":
        return True
    specs = [cell.spec, *cell.spec.inner()] if clean() and cell.spec.origin == "shipped" else []
    return bool(specs) and all(spec.origin == "shipped" for spec in specs)
