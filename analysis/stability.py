"""What certificates of the stability family add up to: one entry for each problem, one row for each algorithm."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from statistics import median
from typing import Any

from analysis.wording import fraction, listing, number, plural

Group = Mapping[str, Any]
Certificate = Mapping[str, Any]


def stability_entry(group: Group) -> dict[str, Any]:
    """The summary's entry of one problem.

    Parameters
    ----------
    group
        ``parameters``, ``background`` (what certificates are read against), ``picture`` (one network over the
        plane, or None), and ``cells``: for each its number, algorithm, role, planned and recorded trials, the
        ``certificates`` and ``attacks`` as (trial, content), and the ``broken`` guarantees as (trial, sentence).

    Returns
    -------
    dict
        The group with a row of counts in place of each cell's certificates.
    """
    background = group["background"]
    return {
        "parameters": group["parameters"],
        "background": {**background, "stable": {k: _stable(v) for k, v in background["stable"].items()}},
        "forced": max(0, -((background["pieces"] - background["changes"]) // 2)),
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
        "radius": _spread(c["box"]["value"] for c in found if c["box"] is not None),
        "radius_guarantee": _spread(
            c["box_guarantee"]["value"] for c in found if c["box_guarantee"] is not None
        ),
        "search": [_search(found, index) for index in range(2)] if found else [],
        "attacks": _attacks(cell),
        "balls_right": sum(c["balls"] is not None and c["balls"]["right"] for c in found),
        "neurons": _spread(c["neurons"] for c in found),
        "plane": [[x, y, n] for (x, y), n in sorted(Counter(map(_place, found)).items())],
        "broken": [[trial, sentence] for trial, sentence in cell["broken"]],
    }


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


def stability_findings(summary: Mapping[str, Any]) -> list[str]:
    """What the certificates say, as sentences."""
    entries = summary.get("stability", [])
    rows = [(entry, row) for entry in entries for row in entry["algorithms"] if row["certified"]]
    if not rows:
        return []
    broken = [row for _, row in rows if row["broken"]]
    if broken:
        sample = broken[0]["broken"][0]
        return [
            f"Defect: {plural(sum(len(row['broken']) for row in broken), 'certificate')} "
            f"contradict the instability theorem (cell {broken[0]['cell']}, trial {sample[0]}: {sample[1]}). The "
            "theorem is proved, so the harness is at fault."
        ]
    fixed = [(entry, row) for entry, row in rows if not entry["parameters"]["free"]]
    return [*_inaccurate_or_unstable(fixed), *_stable_networks(rows)]


def _inaccurate_or_unstable(rows: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]]) -> list[str]:
    forced = [(entry, row) for entry, row in rows if entry["forced"]]
    main = max((entry for entry, _ in forced), key=lambda entry: int(entry["forced"]), default=None)
    perfect = [(entry, row) for entry, row in forced if row["perfect"] and entry is main]
    sentences = []
    if forced:
        total = sum(row["certified"] for _, row in forced)
        least = min(row["spare"]["least"] for _, row in forced)
        sentences.append(
            f"Inaccurate or unstable: of {plural(total, 'network')} of fixed architecture each has one "
            "perturbation, among 0 and ±δ in the second coordinate, that makes at least as many points wrong as the "
            f"theorem guarantees (at least {number(int(least))} more than it asks)."
        )
    if perfect:
        row_of = min(perfect, key=lambda pair: pair[1]["perfect_flipped_down"]["least"])
        least = row_of[1]["perfect_flipped_down"]["least"]
        radii = [row["radius"]["least"] for _, row in perfect]
        size = row_of[0]["background"]["delta_exponent"]
        sentences.append(
            f"Perfect and unstable: {plural(sum(row['perfect'] for _, row in perfect), 'network')} right on every "
            f"training and validation point are flipped on at least {number(int(least))} points "
            f"by −δ in one coordinate (δ = 2^−{size}); the theorem asks for {row_of[0]['forced']}. Each stays "
            f"flipped on a certified box of at least {min(radii):.2g} times (ε, δ)."
        )
    return sentences


def _stable_networks(rows: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]]) -> list[str]:
    background = rows[0][0]["background"]
    found = {k: v for k, v in background["stable"].items() if v["balls"] and v["balls"]["right"]}
    sentences = []
    if found:
        sizes = listing(f"{name} with {network['neurons']} hidden neurons" for name, network in found.items())
        sentences.append(
            f"Stable networks exist: for {background['changes']} label changes, {sizes} are right on the whole ball of "
            f"radius ε around every point, shown exactly; one hidden layer needs {background['least_neurons'][0]} "
            f"neurons or more, two need {background['least_neurons'][1]}."
        )
    computed = [row for _, row in rows if row["balls_right"]]
    for row in computed:
        depth = "" if row["depth"] is None else f" from {row['depth']} binary digits of the input"
        sentences.append(
            f"Stable networks are computable: {row['algorithm']} found one in "
            f"{fraction(row['balls_right'], row['planned'])} trials{depth}, with "
            f"{row['neurons']['most']:g} hidden neurons."
        )
    return sentences
