"""What is known exactly of one network on one sample: accuracy, wrong sets, guarantee, box, search, balls."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from onehalf.families.stability.classifier import RULES, Rule
from onehalf.families.stability.constructions import certify_stable
from onehalf.families.stability.perturbations import (
    SIGNS,
    Sample,
    best_perturbations,
    certified_radii,
    forced_errors,
    guarantee,
    norms,
    wrong_sets,
)
from oracle.networks import Network, pieces
from oracle.numbers import Irrational, Real, to_float
from oracle.problems import Certificate


def certify_network(network: Network, sample: Sample, rule: Rule = RULES["threshold"]) -> Certificate:
    """Return a network's certificate on a sample, as JSON values (docs/stability.md).

    Everything is exact. Exact numbers are written as text, with a float64 beside them where one is drawn.
    """
    wrong = wrong_sets(network, sample, rule)
    sign = max(SIGNS, key=lambda s: len(wrong[s]))
    errors = set(wrong[0])
    right_everywhere = not errors
    architecture = network.architecture
    radii = sorted(certified_radii(network, sample, sign, wrong[sign], rule), reverse=True)
    least = guarantee(sample.changes, architecture, right_everywhere or not sample.feature)
    found = best_perturbations(network, sample, (sample.delta, sample.radius), rule)
    balls = certify_stable(network, sample, rule)
    return {
        "training": {"right": _right(sample.training, errors), "of": sum(sample.training)},
        "validation": {"right": _right(sample.validation, errors), "of": sum(sample.validation)},
        "points": len(sample.places),
        "changes": sample.changes,
        "pieces": pieces(architecture),
        "neurons": sum(architecture[1:-1]),
        "right_everywhere": right_everywhere,
        "wrong": {str(s): list(wrong[s]) for s in SIGNS},
        "lines": _lines(wrong, sample),
        "sign": sign,
        "flipped": len(wrong[sign]),
        "forced": forced_errors(sample.changes, architecture),
        "guarantee": least,
        "box": _box(radii[-1] if radii else None, sign, sample),
        "box_guarantee": _box(radii[least - 1] if least else None, sign, sample),
        "search": [
            {
                "limit": exact_text(entry.limit),
                "wrong": entry.wrong,
                "t": exact_text(entry.t),
                "t_over_delta": to_float(entry.t * (1 / sample.delta)),
                "least": exact_text(entry.least),
                "least_over_delta": to_float(entry.least * (1 / sample.delta)),
                "attained": entry.attained,
            }
            for entry in found
        ],
        "balls": None
        if balls is None
        else {"equal": balls.equal, "right": balls.right, "margin": to_float(balls.margin)},
    }


def broken_guarantee(certificate: Mapping[str, Any]) -> str:
    """Return in what a certificate contradicts docs/theory.md §5.2; "" where it does not."""
    forced, flipped, least = certificate["forced"], certificate["flipped"], certificate["guarantee"]
    if flipped < least:
        return f"one perturbation makes {flipped} points wrong at most, the guarantee is {least}"
    for line, count in certificate["lines"].items():
        if count < forced:
            return f"{count} points are wrong on the line x_2 = {line}, Lemma 6 forces {forced}"
    return ""


def _right(counts: tuple[int, ...], errors: set[int]) -> int:
    return sum(count for k, count in enumerate(counts) if k not in errors)


def _lines(wrong: Mapping[int, tuple[int, ...]], sample: Sample) -> dict[str, int]:
    """Return how many points are wrong once all are moved to the line x_2 = 0, and to the line x_2 = δ."""
    if not sample.feature:
        return {"0": len(wrong[0]), "delta": len(wrong[1])}
    labels = sample.labels
    still = [sum(labels[k] == label for k in wrong[0]) for label in (0, 1)]
    down = sum(labels[k] == 1 for k in wrong[-1])
    up = sum(labels[k] == 0 for k in wrong[1])
    return {"0": still[0] + down, "delta": still[1] + up}


def _box(tau: Real | None, sign: int, sample: Sample) -> dict[str, Any] | None:
    """Return the open box τ·ε by τ·δ around a perturbation and how large its members can be; None without one."""
    if tau is None:
        return None
    across, up = tau * sample.radius, tau * sample.delta
    largest = norms(across, abs(sign) * sample.delta + up)
    return {
        "tau": exact_text(tau),
        "value": to_float(tau),
        "e1": to_float(across),
        "e2": to_float(up),
        "norms": {
            "1": to_float(largest["1"]),
            "2": math.sqrt(to_float(largest["2 squared"])),
            "inf": to_float(largest["inf"]),
        },
    }


def exact_text(value: Real) -> str:
    """Return an exact number as text: a fraction, or a polynomial in its constant."""
    if not isinstance(value, Irrational):
        return str(value)
    theta = value.theta
    name = f"sqrt({theta.radicand})*pi^{theta.pi_power}"
    return " + ".join(f"({c})*({name})^{i}" for i, c in enumerate(value.coefficients) if c)
