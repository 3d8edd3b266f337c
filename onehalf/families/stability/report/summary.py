"""What certificates of the stability family add up to: one entry for each problem, one row for each algorithm."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from statistics import median
from typing import Any

Group = Mapping[str, Any]
Certificate = Mapping[str, Any]


def entries(groups: Iterable[Group]) -> list[dict[str, Any]]:
    """What the summary says of all problems: an entry for each."""
    return [_entry(group) for group in groups]


def _entry(group: Group) -> dict[str, Any]:
    """The summary's entry of one problem.

    Parameters
    ----------
    group
        ``parameters``, ``background`` (what certificates are read against), ``forced`` (errors that Lemma 6
        forces), ``picture`` (one network over the plane, or None), and ``cells``: for each its number, algorithm,
        role, planned and recorded trials, the ``certificates`` and ``attacks`` as (trial, content), and the ``broken``
        guarantees as (trial, sentence).

    Returns
    -------
    dict
        The group with a row of counts in place of each cell's certificates.
    """
    background = group["background"]
    return {
        "parameters": group["parameters"],
        "background": {**background, "stable": {k: _stable(v) for k, v in background["stable"].items()}},
        "forced": group["forced"],
        "picture": group["picture"],
        "algorithms": [_row(cell) for cell in group["cells"]],
    }


def _stable(found: Certificate) -> dict[str, Any]:
    names = ("architecture", "neurons", "pieces", "flipped", "balls")
    return {name: found[name] for name in names}


def _row(cell: Mapping[str, Any]) -> dict[str, Any]:
    found = [certificate for _, certificate in cell["certificates"]]
    perfect = [c for c in found if c["right_everywhere"]]
    return {
        **{name: cell[name] for name in ("cell", "algorithm", "role", "planned", "recorded", "depth")},
        "certified": len(found),
        "perfect_training": sum(c["training"]["right"] == c["training"]["of"] for c in found),
        "perfect_validation": sum(c["validation"]["right"] == c["validation"]["of"] for c in found),
        "perfect": len(perfect),
        "accuracy": _spread(_accuracy(c) for c in found),
        "flipped": _spread(c["flipped"] for c in found),
        "guarantee": _spread(c["guarantee"] for c in found),
        "spare": _spread(c["flipped"] - c["guarantee"] for c in found),
        "perfect_flipped_down": _spread(len(c["wrong"]["-1"]) for c in perfect),
        "signs": dict(sorted(Counter(str(c["sign"]) for c in found).items())),
        "radius": _spread(_radius(c["box"]) for c in found if c["box"] is not None),
        "radius_guarantee": _spread(
            _radius(c["box_guarantee"]) for c in found if c["box_guarantee"] is not None
        ),
        "search": [_search(found, index) for index in range(2)] if found else [],
        "attacks": _attacks(cell),
        "balls_right": sum(c["balls"] is not None and c["balls"]["right"] for c in found),
        "neurons": _spread(c["neurons"] for c in found),
        "plane": [[x, y, n] for (x, y), n in sorted(Counter(map(_place, found)).items())],
        "broken": [[trial, sentence] for trial, sentence in cell["broken"]],
    }


def _radius(box: Mapping[str, Any]) -> float:
    return at_most_exact(box["tau"], box["value"])


def _infimum(entry: Certificate, delta: str) -> float:
    """The infimum of |t|/δ over the best t, never too large; δ is the limit of the first search."""
    try:
        written = str(Fraction(entry["least"]) / Fraction(delta))
    except ValueError:
        written = entry["least"]
    return at_most_exact(written, entry["least_over_delta"])


def at_most_exact(written: str, value: float) -> float:
    """A float that is no greater than an exact number of [0, ∞), of which `value` is the nearest float."""
    try:
        exact = Fraction(written)
    except ValueError:  # a number of a field with √ or π, whose float may be above it by half a unit
        return math.nextafter(value, 0.0)
    return value if Fraction(value) <= exact else math.nextafter(value, 0.0)


def _attacks(cell: Mapping[str, Any]) -> dict[str, Any] | None:
    """What generic attacks found, beside the certificates of the same networks; None where none was made."""
    attacked = dict(cell["attacks"])
    if not attacked:
        return None
    found = [certificate for trial, certificate in cell["certificates"] if trial in attacked]
    return {
        "networks": len(attacked),
        "flipped": _spread(c["flipped"] for c in found),
        "search": _spread(c["search"][0]["wrong"] for c in found),
        "universal": _spread(c["universal"] for c in attacked.values()),
        "pgd": _spread(c["pgd"] for c in attacked.values()),
    }


def _accuracy(found: Certificate) -> float:
    return 1 - len(found["wrong"]["0"]) / float(found["points"])


def _place(found: Certificate) -> tuple[float, float]:
    """Accuracy, and the share of points that the worst of the three perturbations leaves right."""
    return _accuracy(found), 1 - found["flipped"] / found["points"]


def _search(found: Sequence[Certificate], index: int) -> dict[str, Any]:
    entries = [c["search"][index] for c in found]
    return {
        "limit": entries[0]["limit"],
        "wrong": _spread(entry["wrong"] for entry in entries),
        "size": _spread(abs(entry["t_over_delta"]) for entry in entries),
        # Certificates of release 0.1 hold one such t, and not how small it can be.
        "infimum": _spread(_infimum(c["search"][index], c["search"][0]["limit"]) for c in found)
        if all("least" in entry for entry in entries)
        else None,
    }


def _spread(values: Iterable[float]) -> dict[str, float] | None:
    """Least, median and largest value; None where there is none."""
    known = list(values)
    return {"least": min(known), "median": median(known), "most": max(known)} if known else None


def below_guarantee(entries: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What contradicts the theorem, as the summary's violations."""
    return [
        {"cell": row["cell"], "kind": "below_guarantee", "trials": len(row["broken"])}
        for entry in entries
        for row in entry["algorithms"]
        if row["broken"]
    ]
