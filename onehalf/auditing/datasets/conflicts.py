"""Which points may stand in each other's place, and how far apart labels are, exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from onehalf.auditing.datasets.labelled import Exact, PointBoxes

Pairs = NDArray[np.int64]
_EXACTLY = 300_000
"""So many conflicts are matched by the blossom method; from more of them a matching is grown greedily."""


@dataclass(frozen=True, eq=False)
class Conflicts:
    """Pairs (i, j), i < j, of points with different labels, by how their boxes meet.

    Attributes
    ----------
    touching : array (n, 2)
        The boxes have a point in common.
    swapping : array (n, 2)
        They share a segment: the points may be exchanged (|p − p'| ≤ 2w in each feature, < in one at least).
    strict : array (n, 2)
        They overlap in every inexact feature (|p − p'| < 2w there).
    """

    touching: Pairs
    swapping: Pairs
    strict: Pairs


def conflicts_of(boxes: PointBoxes, labels: Sequence[str]) -> Conflicts:
    """Return all conflicts; ranks decide, which order the ends of the boxes exactly."""
    classes = np.unique(np.array(labels, dtype=object).astype(str), return_inverse=True)[1]
    found: list[list[Pairs]] = [[], [], []]
    for i in range(len(labels) - 1):
        others = i + 1 + np.flatnonzero(classes[i + 1 :] != classes[i])
        low = np.maximum(boxes.low_rank[others], boxes.low_rank[i])
        high = np.minimum(boxes.high_rank[others], boxes.high_rank[i])
        touch = (low <= high).all(axis=1)
        wide = low < high
        swap = touch & wide.any(axis=1)
        strict = swap & wide[:, boxes.inexact].all(axis=1)
        for kept, chosen in zip(found, (touch, swap, strict), strict=True):
            kept.append(np.stack([np.full(chosen.sum(), i), others[chosen]], axis=1))
    return Conflicts(*(np.concatenate(kept).astype(np.int64) for kept in found))


@dataclass(frozen=True, eq=False)
class Matching:
    """Disjoint pairs, and whether no more pairs are disjoint."""

    pairs: tuple[tuple[int, int], ...]
    largest: bool


def matching_of(edges: Pairs, labels: Sequence[str]) -> Matching:
    """Return a largest set of disjoint pairs; of two classes by augmenting paths, of more by Edmonds' blossoms."""
    if not len(edges):
        return Matching((), True)
    if len(set(labels)) == 2:
        return Matching(_of_two_classes(edges, labels), True)
    if len(edges) > _EXACTLY:
        return Matching(_greedy(edges, len(labels)), False)
    import networkx

    graph = networkx.Graph()
    graph.add_edges_from(edges.tolist())
    pairs = networkx.max_weight_matching(graph, maxcardinality=True)
    return Matching(tuple(sorted((min(pair), max(pair)) for pair in pairs)), True)


def _of_two_classes(edges: Pairs, labels: Sequence[str]) -> tuple[tuple[int, int], ...]:
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import maximum_bipartite_matching

    first = np.array([label == labels[0] for label in labels])
    ordered = np.where(first[edges[:, :1]], edges, edges[:, ::-1])
    size = len(labels)
    graph = csr_array((np.ones(len(edges), dtype=np.int8), ordered.T), shape=(size, size))
    partner = maximum_bipartite_matching(graph, perm_type="column")
    return tuple(sorted((min(i, int(j)), max(i, int(j))) for i, j in enumerate(partner) if j >= 0))


def _greedy(edges: Pairs, size: int) -> tuple[tuple[int, int], ...]:
    """Return pairs to which none can be added: at least half as many as there could be."""
    free = np.ones(size, dtype=bool)
    pairs = []
    for i, j in edges[np.argsort(np.bincount(edges.ravel(), minlength=size)[edges].sum(axis=1))].tolist():
        if free[i] and free[j]:
            free[i] = free[j] = False
            pairs.append((min(i, j), max(i, j)))
    return tuple(sorted(pairs))


@dataclass(frozen=True)
class NearestLabels:
    """The nearest points of different labels, in the maximum norm."""

    distance: Fraction
    pair: tuple[int, int]


def separation_of(values: Exact, labels: Sequence[str]) -> NearestLabels:
    """Return the least distance of points with different labels, exactly: floats only rule out what is farther."""
    floats = values.astype(np.float64)
    classes = np.unique(np.array(labels, dtype=object).astype(str), return_inverse=True)[1]
    scale = float(np.abs(floats).max(initial=0.0))
    slack = 8 * np.finfo(np.float64).eps * scale
    nearest = np.inf
    near: list[tuple[float, int, int]] = []
    for i in range(len(labels) - 1):
        others = i + 1 + np.flatnonzero(classes[i + 1 :] != classes[i])
        if not len(others):
            continue
        apart = np.abs(floats[others] - floats[i]).max(axis=1)
        nearest = min(nearest, float(apart.min()))
        close = np.flatnonzero(apart <= nearest + slack)
        near += [(float(apart[k]), i, int(others[k])) for k in close]
    exact = [
        (max(abs(a - b) for a, b in zip(values[i], values[j], strict=True)), (i, j))
        for apart, i, j in near
        if apart <= nearest + slack
    ]
    distance, pair = min(exact)
    return NearestLabels(distance, pair)
