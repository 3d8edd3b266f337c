"""Stable and accurate networks from inexact input, where dimensions may vary (docs/theory.md §5.3)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from algorithms.algorithm import algorithm
from onehalf.families.stability.constructions import CONSTRUCTIONS, Gap, label_gaps
from oracle.errors import InvalidValue
from oracle.networks import Network
from oracle.task import Task


def _check_construction(parameters: Mapping[str, Any]) -> None:
    if parameters["construction"] not in CONSTRUCTIONS:
        raise InvalidValue(
            "construction",
            parameters["construction"],
            "is unknown",
            f"choose one of {', '.join(CONSTRUCTIONS)}",
        )


@algorithm(
    "stable", role="control", families=("stability",), setting={"free": True}, check=_check_construction
)
def stable(task: Task, rng: np.random.Generator, *, construction: str = "ramps") -> Network:
    """Read x_1 until the ε-balls of different labels are apart, then change the label between them.

    Guarantee: halts having read about log2(1/ε(K)) digits of x_1 and none of x_2 (the depth of the run says how
    many); the network is right on the whole ball of radius ε(K) around every point of T, and equal to the label
    there for ``ramps``. It has about A hidden neurons or more, which no fixed architecture allows for all data.

    Parameters
    ----------
    construction : str
        "ramps" (2A hidden neurons), "zigzag" (A) or "fold" (⌈A/2⌉ + 2 in two layers).
    """
    bits = 1
    while (found := _changes(task, bits)) is None:
        bits += 1
    first, gaps = found
    return CONSTRUCTIONS[construction](gaps, first, task.architecture[0]) if gaps else _constant(task, first)


def _changes(task: Task, bits: int) -> tuple[int, list[Gap]] | None:
    """Return the first label and the gaps of the label changes, None where `bits` digits do not tell them apart."""
    read = sorted((task.ask(k, 0, bits), int(label)) for k, label in enumerate(task.labels))
    # What was read is off by at most 2^-bits, so that balls larger by this hold the true ones.
    radius = task.radius + Fraction(1, 1 << bits)
    labels = [label for _, label in read]
    try:
        return labels[0], label_gaps([place for place, _ in read], labels, radius)
    except InvalidValue:
        return None


def _constant(task: Task, label: int) -> Network:
    """Return the constant network of a label."""
    return Network(
        [(np.zeros((1, task.architecture[0])), np.zeros(1)), (np.zeros((1, 1)), np.array([float(label)]))]
    )
