"""Who is told how far an audit is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol


class AuditListener(Protocol):
    """What an audit tells while it works."""

    def tell(self, words: str) -> None:
        """Hear what begins."""

    def stage(self, name: str) -> AbstractContextManager[Callable[[], None]]:
        """Hear of a stage; what it gives is called for every step."""
        ...


class Silent:
    """Nobody is told."""

    def tell(self, words: str) -> None:
        """Keep silent."""

    @contextmanager
    def stage(self, name: str) -> Iterator[Callable[[], None]]:
        """Keep silent."""
        yield lambda: None


class Bar:
    """A bar on the error stream, where that is a terminal."""

    def tell(self, words: str) -> None:
        """Keep silent: the bars say what is done."""

    @contextmanager
    def stage(self, name: str) -> Iterator[Callable[[], None]]:
        """Show how many steps were taken."""
        from tqdm import tqdm

        with tqdm(desc=name, unit=" steps", disable=None, leave=False) as bar:
            yield lambda: (bar.update(), None)[1]
