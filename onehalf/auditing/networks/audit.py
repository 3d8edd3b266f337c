"""A trained network audited: exact accuracy, and what one small perturbation along a direction makes wrong."""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from onehalf.auditing.data import as_decimal
from onehalf.auditing.listening import AuditListener
from onehalf.auditing.networks.classes import RULES
from onehalf.auditing.networks.deployed import disagreements
from onehalf.auditing.networks.flips import Flips, checked_margins, flips_within, wrong_at
from onehalf.auditing.networks.picture import wrong_curves
from onehalf.auditing.networks.points import Measured
from onehalf.auditing.networks.trained import TrainedNetwork
from onehalf.auditing.verdicts import CERTIFIED, IMPOSSIBLE, Audit, AuditDecision, Finding
from oracle.errors import InvalidValue

MOST_WEIGHTS = 1_000_000
CLAIMS = (
    "Every count is exact for the network as the rational function that its float64 weights define, at the points as "
    "float64 numbers taken as the rationals that they are. It is no statement about its evaluation in floating point.",
    "For each direction v all t with |t| at most the size were searched, through every breakpoint of the network: "
    "“made wrong by one” is the largest number of points x for which x + t·v is wrong, for one and the same t. "
    "CERTIFIED: no point that is right becomes wrong for any such t. IMPOSSIBLE: one such t makes some wrong.",
    "The box is a radius τ: wherever each input moves from x + t·v by at most τ, the same points stay wrong. It is "
    "certified by float64 with rigorous error bounds, and not the largest one.",
)
_HEADS = (
    *("size", "direction", "made wrong by one", "of these right before", "at t", "box"),
    *("can be flipped", "least |t|", "median least |t|"),
)


def audit_network(
    network: TrainedNetwork,
    source: str,
    measured: Measured,
    directions: Sequence[tuple[str, list[Fraction]]],
    limits: Sequence[Fraction],
    rule: str | None,
    listener: AuditListener,
    file: Path | None = None,
) -> Audit:
    """Audit a network at points, along directions, within sizes.

    Parameters
    ----------
    file : Path, optional
        An .onnx file, which is also run in float32 where onnxruntime is installed.
    """
    entered = network.entered(measured.table)
    own = measured.labels is None
    labels = own_classes(network, entered, rule) if own else measured.labels
    margins = checked_margins(network, len(entered), labels, rule)
    listener.tell(f"{source}: {network.neurons} ReLUs, {len(entered)} points")
    before = wrong_at(network, entered, margins)
    found: list[tuple[str, list[Flips]]] = []
    for name, direction in directions:
        with listener.stage(f"{source}, along {name}") as tell:
            found.append((name, flips_within(network, entered, margins, direction, limits, tell)))
    by_size = [[(name, flips[at]) for name, flips in found] for at in range(len(limits))]
    findings = [
        _finding(size, flips, before, len(entered)) for size, flips in zip(limits, by_size, strict=True)
    ]
    sentences = [_accuracy(before, len(entered), own), *_stated(network, entered, measured.outputs)]
    sentences += [_sentence(size, flips, len(entered)) for size, flips in zip(limits, by_size, strict=True)]
    sentences += disagreements(file, measured.table, network, entered) if file is not None else []
    rows = [_row(size, name, one) for size, flips in zip(limits, by_size, strict=True) for name, one in flips]
    chosen = rule or ("threshold" if network.outputs == 1 else "argmax")
    reading = " ".join([f"A point is right if {RULES[chosen]}.", *network.notes])
    return Audit(
        "trained network",
        source,
        reading,
        tuple(findings),
        _data(network, entered, labels, chosen, directions),
        tuple(sentences),
        (("What one perturbation makes wrong", _HEADS, tuple(rows)),),
        title="What small perturbations do to this network",
        claims=CLAIMS,
        picture=wrong_curves(by_size[-1]),
    )


def own_classes(network: TrainedNetwork, entered: NDArray[np.object_], rule: str | None) -> NDArray[np.int64]:
    """Return the network's own classes, exactly; of equal outputs the first."""
    found = []
    for point in entered:
        values = network.exact.values(point)
        if network.outputs == 1:
            found.append(int(values[0] >= network.threshold))
        else:
            found.append(values.index(min(values) if rule == "argmin" else max(values)))
    return np.array(found, dtype=np.int64)


def _accuracy(before: Sequence[int], count: int, own: bool) -> str:
    right = count - len(before)
    if own:
        text = f"Without labels, the network's own classes at {count} points were taken as right"
        return text + (f"; {len(before)} of them are ties." if before else ".")
    return f"Exactly {right} of {count} points {'is' if right == 1 else 'are'} right."


def _stated(network: TrainedNetwork, entered: NDArray[np.object_], outputs: Sequence[Fraction]) -> list[str]:
    """Return what the outputs that a counterexample states are worth.

    Raises
    ------
    InvalidValue
        If the network has not as many.
    """
    if not outputs:
        return []
    if len(outputs) != network.outputs:
        rule = f"are the outputs of the counterexample; the network has {network.outputs}"
        raise InvalidValue("outputs", len(outputs), rule, "give the counterexample of this network")
    exact = network.exact.values(entered[0])
    far = max(abs(stated - value) for stated, value in zip(outputs, exact, strict=True))
    if not far:
        return ["The outputs that the counterexample states are the exact ones."]
    most = as_decimal(far, 3, ROUND_CEILING)
    return [f"The outputs that the counterexample states are within {most} of the exact ones."]


def _sentence(size: Fraction, flips: Sequence[tuple[str, Flips]], count: int) -> str:
    name, worst = max(flips, key=lambda entry: (entry[1].most_flipped, entry[1].most))
    start = f"Within {_short(size)} along "
    if not worst.most_flipped:
        which = f"{name}" if len(flips) == 1 else f"any of {len(flips)} directions"
        return f"{start}{which}, no point that is right becomes wrong: certified."
    points = (
        "1 point that is right becomes"
        if worst.most_flipped == 1
        else f"{worst.most_flipped} points that are right become"
    )
    can = sum(
        any(one.least[k] is not None for _, one in flips)
        for k in range(count)
        if k not in set(worst.wrong_before)
    )
    return (
        f"{start}{name}, one and the same perturbation makes {worst.most} of {count} points wrong at most; at most "
        f"{points} wrong by one. {can} of the points that are right can be made wrong along "
        f"{name if len(flips) == 1 else f'one of {len(flips)} directions'}."
    )


def _row(size: Fraction, name: str, one: Flips) -> tuple[str, ...]:
    least = sorted(_flippable(one).values())
    box = as_decimal(one.box, 3, ROUND_FLOOR) if one.box else "none"
    middle = statistics.median(least) if least else Fraction(0)
    return (
        *(
            _short(size),
            name,
            str(one.most),
            str(one.most_flipped),
            f"{float(one.t):.6g}",
            box,
            str(len(least)),
        ),
        *((as_decimal(least[0], 3), as_decimal(middle, 3)) if least else ("–", "–")),
    )


def _flippable(one: Flips) -> dict[int, Fraction]:
    """Return the points that are right and can be made wrong, each with its least |t|, which is 0 at a border."""
    before = set(one.wrong_before)
    return {k: x for k, x in enumerate(one.least) if x is not None and k not in before}


def _finding(
    size: Fraction, flips: Sequence[tuple[str, Flips]], before: Sequence[int], count: int
) -> Finding:
    decisions = []
    for name, one in flips:
        if one.most_flipped:
            points, verb = ("point", "is") if one.most_flipped == 1 else ("points", "are")
            words = f"one perturbation makes {one.most_flipped} {points} wrong that {verb} right"
            verdict = IMPOSSIBLE
        else:
            words, verdict = "no point that is right becomes wrong", CERTIFIED
        decisions.append(AuditDecision(f"as right as before along {name}", verdict, words))
    facts = {
        "count": count,
        "right": count - len(before),
        "wrong": list(before),
        "directions": {
            name: {
                "made_wrong": one.most,
                "made_wrong_of_right": one.most_flipped,
                "t": float(one.t),
                "box": float(one.box),
                "flippable": len(_flippable(one)),
            }
            for name, one in flips
        },
    }
    proof = {
        "size": str(size),
        "directions": {
            name: {
                "t": str(one.t),
                "box": str(one.box),
                "wrong": list(one.wrong),
                "least": [None if x is None else str(x) for x in one.least],
            }
            for name, one in flips
        },
    }
    return Finding(f"within {_short(size)}", f"within {_short(size)}", (), tuple(decisions), (), proof, facts)


def _short(size: Fraction) -> str:
    short = as_decimal(size)
    return short if Fraction(short) == size else str(size)


def _data(
    network: TrainedNetwork,
    entered: NDArray[np.object_],
    labels: Any,
    rule: str,
    directions: Sequence[tuple[str, list[Fraction]]],
) -> dict[str, Any]:
    return {
        "inputs": network.inputs,
        "outputs": network.outputs,
        "layers": [[int(n) for n in layer.weights.shape] for layer in network.layers],
        "rule": rule,
        "threshold": str(network.threshold),
        "range": None if network.range is None else [str(x) for x in network.range],
        "directions": {name: [str(x) for x in direction] for name, direction in directions},
        "labels": [int(y) for y in np.asarray(labels).ravel()],
        "entered": [[str(x) for x in point] for point in entered],
        "weights": _weights(network),
    }


def _weights(network: TrainedNetwork) -> list[dict[str, Any]] | None:
    """Return the layers for a file, each row as its places (None for all) and weights; None where they are too many."""
    if sum(layer.weights.nnz for layer in network.layers) > MOST_WEIGHTS:
        return None
    found = []
    for layer in network.layers:
        table, rows = layer.weights, []
        for low, high in itertools.pairwise(table.indptr.tolist()):
            places = table.indices[low:high].tolist()
            whole = places == list(range(table.shape[1]))
            rows.append([None if whole else places, [x.hex() for x in table.data[low:high].tolist()]])
        found.append({"rows": rows, "bias": [x.hex() for x in layer.bias.tolist()], "relu": layer.relu})
    return found
