"""Points and directions for the audit of a network."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from onehalf.auditing.data import read_decimal
from onehalf.auditing.datasets.files import read_arrays, read_dataset
from onehalf.auditing.networks.flips import direction_of
from onehalf.auditing.networks.trained import TrainedNetwork
from onehalf.auditing.radii import read_radius
from oracle.errors import InvalidValue

MOST_COORDINATES = 32
DEFAULT_LIMITS = (Fraction(1, 100),)
_COUNTEREXAMPLES = (".counterexample", ".txt", ".out")
_VALUE = re.compile(r"\(\s*([XY])_(\d{1,6})\s+([^\s()]+)\s*\)")


@dataclass(frozen=True, eq=False)
class Measured:
    """Points with labels, None where none came with them; and the outputs that a counterexample states, if any."""

    table: Any
    labels: Any | None
    outputs: tuple[Fraction, ...] = ()


def read_points(data: Any, label: str | None = None) -> Measured:
    """Return points as float64s: an .npz with X and y (y may be missing), a CSV, or a pair (X, y).

    Or a counterexample as those of VNN-COMP are written, ``((X_0 0.5) (X_1 -1.0) … (Y_0 0.25) …)``, in a file
    .counterexample, .txt or .out; `label` is then the class that would be right.

    Raises
    ------
    InvalidValue
        If the file is malformed.
    """
    if isinstance(data, str | Path):
        path = Path(data)
        if not path.is_file():
            raise InvalidValue("data", str(data), "does not exist", "check the path")
        if path.suffix.lower() == ".csv":
            found = read_dataset(path, label, ())
            return Measured(found.numbers.astype(np.float64), _classes(found.labels))
        if path.suffix.lower() in _COUNTEREXAMPLES:
            return _counterexample(path, label)
        arrays = read_arrays(path)
        if "X" not in arrays:
            raise InvalidValue(
                "data", str(path), f"holds {', '.join(arrays) or 'nothing'}", "it must have X, and y if known"
            )
        return _measured(
            arrays["X"], next((arrays[name] for name in ("y", "labels") if name in arrays), None)
        )
    if isinstance(data, tuple) and len(data) == 2:
        return _measured(*data)
    return _measured(data, None)


def _counterexample(path: Path, label: str | None) -> Measured:
    found: dict[str, dict[int, Fraction]] = {"X": {}, "Y": {}}
    for name, place, text in _VALUE.findall(path.read_text(encoding="utf-8", errors="replace")):
        values, key = found[name], f"{name}_{place} of {path.name}"
        if int(place) in values:
            raise InvalidValue("data", key, "is there twice", "give one counterexample")
        values[int(place)] = read_decimal(text, key).value
    inputs, outputs = (found[name] for name in "XY")
    if not inputs or any(sorted(values) != list(range(len(values))) for values in (inputs, outputs)):
        rule = "has no values X_0, X_1, … without a gap"
        raise InvalidValue("data", str(path), rule, "write ((X_0 0.5) (X_1 -1.0) … (Y_0 0.25) …)")
    table = np.array([[float(inputs[j]) for j in range(len(inputs))]])
    labels = None if label is None else _classes([label])
    return Measured(table, labels, tuple(outputs[j] for j in range(len(outputs))))


def _measured(table: Any, labels: Any) -> Measured:
    points = np.asarray(table)
    if points.dtype.kind not in "fiub" or points.ndim < 2 or not len(points):
        raise InvalidValue(
            "X", points.shape, "must be a table of numbers, a row for each point", "give (r, d)"
        )
    return Measured(points, labels)


def _classes(labels: Sequence[str]) -> Any:
    try:
        return np.array([int(text) for text in labels])
    except ValueError as error:
        raise InvalidValue(
            "label", labels[0], "is no number of a class", "number the classes as the outputs"
        ) from error


def read_directions(network: TrainedNetwork, given: Sequence[Any]) -> list[tuple[str, list[Fraction]]]:
    """Return directions with names: coordinates from 0, files .npy or .npz, arrays; without any, every coordinate.

    Raises
    ------
    InvalidValue
        If one does not fit, or there are too many coordinates to take them all.
    """
    if not given:
        if network.inputs > MOST_COORDINATES:
            rule = f"are {network.inputs} inputs, more than {MOST_COORDINATES} to be searched one by one"
            raise InvalidValue("directions", "none", rule, "name some: --direction 0 17 or a file .npy")
        given = range(network.inputs)
    found: list[tuple[str, list[Fraction]]] = []
    for entry in given:
        if isinstance(entry, str) and entry.isascii() and entry.isdigit():
            entry = int(entry)
        if isinstance(entry, int | np.integer):
            found.append((f"x{entry}", direction_of(network, int(entry))))
        elif isinstance(entry, str | Path):
            table = _table(Path(entry))
            names = [Path(entry).stem + (f" {k + 1}" if len(table) > 1 else "") for k in range(len(table))]
            found += [(name, direction_of(network, row)) for name, row in zip(names, table, strict=True)]
        else:
            found.append((f"direction {len(found) + 1}", direction_of(network, entry)))
    names = [name for name, _ in found]
    for name in names:
        if names.count(name) > 1:
            raise InvalidValue("direction", name, "is given twice", "leave one out, or rename its file")
    return found


def _table(path: Path) -> Any:
    if not path.is_file():
        raise InvalidValue(
            "direction", str(path), "is no coordinate and no file", "write a number from 0, or a file .npy"
        )
    if path.suffix.lower() == ".npz":
        arrays = read_arrays(path)
        table = np.asarray(next(iter(arrays.values()))) if arrays else np.zeros((0, 0))
    else:
        try:
            table = np.load(path, allow_pickle=False)
        except (OSError, ValueError, EOFError) as error:
            raise InvalidValue(
                "direction", str(path), f"is no .npy: {error}", "write it with numpy.save"
            ) from error
    if not table.size:
        raise InvalidValue("direction", str(path), "is empty", "give one direction at least")
    return table.reshape(1, -1) if table.ndim == 1 else table.reshape(len(table), -1)


def read_limits(given: Any) -> list[Fraction]:
    """Return how large perturbations may be, ascending."""
    if given is None:
        return list(DEFAULT_LIMITS)
    many = list(given) if isinstance(given, Sequence) and not isinstance(given, str) else [given]
    found = sorted({read_radius(value, "delta") for value in many})
    if not found or found[0] == 0:
        raise InvalidValue("delta", given, "must be positive", "write for example 0.01")
    return found
