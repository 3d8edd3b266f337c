"""The digests of what is published in a directory: SHA256SUMS, which `sha256sum -c` reads, too."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from onehalf.record.directory import write_text

SUMS = "SHA256SUMS"


def note_published(directory: Path, written: Iterable[Path]) -> None:
    """Write down the digests of files that were written into a directory, beside those known that still exist."""
    home = directory.resolve()
    inside = [path.resolve() for path in written if path.resolve().is_relative_to(home)]
    fresh = {str(path.relative_to(home)): _sha256(path) for path in inside}
    known, _ = _read(directory)
    sums = {name: digest for name, digest in known.items() if (directory / name).is_file()} | fresh
    if sums:
        write_text(directory / SUMS, "".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items())))


def differing(directory: Path) -> tuple[int, list[str]]:
    """Return the number of published files, and what differs from what was written."""
    known, faults = _read(directory)
    for name, digest in known.items():
        path = directory / name
        if not path.is_file():
            faults.append(f"{name} is gone")
        elif _sha256(path) != digest:
            faults.append(f"{name} is not what was written; onehalf report {directory} writes it again")
    return len(known), faults


def _read(directory: Path) -> tuple[dict[str, str], list[str]]:
    """Return the digests that are known, by name, and what cannot be read of them."""
    try:
        lines = (directory / SUMS).read_bytes().decode("utf-8", "backslashreplace").splitlines()
    except OSError:
        return {}, []
    known, faults = dict[str, str](), list[str]()
    for line in lines:
        digest, gap, name = line.partition("  ")
        if gap and len(digest) == 64 and name and "\0" not in name:
            known[name] = digest
        else:
            faults.append(f"{SUMS} has a line that is none: {line!r}")
    return known, faults


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
