"""What a worker on another machine needs: users' files, by content, and a word on what it computes with.

Files stand on the worker in a folder of their own, at the paths that they have where they come from; whatever reads a
user's file looks there first (`oracle.sources.at_hand`), and compares digests as everywhere. A worker that lacks them
says so, and gets them with the next call.
"""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import json
import os
import pickle
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from algorithms.registry import in_file
from onehalf.plan.experiment import Cell, Experiment
from onehalf.record.environment import environment
from onehalf.running.worker import forget_packed
from oracle.errors import InvalidValue
from oracle.families import origin_of
from oracle.sources import DELIVERED, OUR_PACKAGES, read_sources

_HOUSE = Path(__file__).resolve().parents[3]


class Parcel(NamedTuple):
    """Users' files by content; `digest` is "" where there are none."""

    digest: str
    body: bytes


class Reply(NamedTuple):
    """What a worker sends back.

    Attributes
    ----------
    lacking : bool
        Whether it did nothing, as it lacks the parcel.
    environment : str
        What it computes with, as the store keeps it.
    house : str
        The digest of this program's own files there.
    result : object
    """

    lacking: bool
    environment: str
    house: str
    result: Any


def parcel_of(experiment: Experiment) -> Parcel:
    """Return the files of users' that an experiment's cells rest on, with the modules beside them."""
    bodies: dict[Path, bytes] = {}
    for cell in experiment.cells:
        for file, declared in _files(cell):
            try:
                bodies |= read_sources(file, declared)
            except OSError as error:
                rule = f"cannot be read ({error.strerror}), and workers need it"
                raise InvalidValue("file", str(file), rule, "put it back") from error
    if not bodies:
        return Parcel("", b"")
    body = pickle.dumps({str(path): bodies[path] for path in sorted(bodies)}, protocol=5)
    return Parcel(hashlib.sha256(body).hexdigest(), body)


def _files(cell: Cell) -> Iterator[tuple[Path, list[Path]]]:
    """Yield the files that a cell names: its algorithms', its family's, and those among its parameters."""
    for spec in (cell.spec, *cell.spec.inner()):
        if in_file(spec.origin):
            yield Path(spec.origin), [Path(source) for source in spec.described().sources]
    origin = origin_of(cell.problem)
    texts = [value for value in cell.problem.parameters().values() if isinstance(value, str)]
    named = [*([origin] if "/" in origin else []), *texts]
    for text in named:
        path = Path(text.partition("::")[0])
        if path.is_absolute() and path.is_file():
            yield path, []


def carried_out(
    function: Callable[..., Any], call: tuple[Any, ...], digest: str, body: bytes | None
) -> Reply:
    """Do a call in a worker, with a parcel's files at hand.

    Parameters
    ----------
    digest : str
        The parcel's; "" for none.
    body : bytes or None
        The parcel, where it is sent along.
    """
    if digest and body is None and not _shelf.holds(digest):
        return Reply(True, "", "", None)
    with _shelf.open(digest, body):
        result = function(*call)
    return Reply(False, _told(), house_digest(), result)


class _Shelf:
    """The parcels that a process holds, one of which is open at a time, to as many threads as want it."""

    def __init__(self) -> None:
        self._places: dict[str, Path] = {}
        self._change = threading.Condition()
        self._opened, self._readers = "", 0

    def holds(self, digest: str) -> bool:
        """Tell whether a parcel is here."""
        return digest in self._places

    @contextlib.contextmanager
    def open(self, digest: str, body: bytes | None) -> Iterator[None]:
        """Have a parcel open meanwhile; wait while another one is."""
        with self._change:
            self._change.wait_for(lambda: self._opened == digest or not self._readers)
            if digest and digest not in self._places:
                self._places[digest] = _unpacked(digest, body or b"")
            if self._opened != digest:
                forget_packed()
                os.environ.pop(DELIVERED, None)
                if digest:
                    os.environ[DELIVERED] = str(self._places[digest])
            self._opened, self._readers = digest, self._readers + 1
        try:
            yield
        finally:
            with self._change:
                self._readers -= 1
                self._change.notify_all()


_shelf = _Shelf()


def _unpacked(digest: str, body: bytes) -> Path:
    """Return the folder of a parcel's files, which ends with this process.

    Raises
    ------
    InvalidValue
        If what came is not what was sent.
    """
    if hashlib.sha256(body).hexdigest() != digest:
        raise InvalidValue("parcel", digest[:12], "came to a worker as another", "run again")
    place = Path(tempfile.mkdtemp(prefix="onehalf-delivered-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    for name, content in pickle.loads(body).items():
        file = Path(place, *Path(name).parts[1:])
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return place


@cache
def _told() -> str:
    return json.dumps(environment(), sort_keys=True)


@cache
def house_digest() -> str:
    """Return the SHA-256 of this program's own files, which judge and record."""
    found = hashlib.sha256()
    for package in OUR_PACKAGES:
        for path in sorted((_HOUSE / package).rglob("*.py")):
            found.update(f"{path.relative_to(_HOUSE)}\0".encode() + path.read_bytes())
    return found.hexdigest()
