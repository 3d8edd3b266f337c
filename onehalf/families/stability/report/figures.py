"""Figures of the instability theorem: the accuracy–stability plane, and the sweep over label changes."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from analysis.figures.style import (
    COLOURS,
    FORBIDDEN,
    INK,
    axes,
    entry_name,
    lay_out,
    legend,
    plain_powers,
    probabilities_across,
)
from analysis.story import Panel
from analysis.wording import number, plural

Entry = Mapping[str, Any]
PLANE_CAPTION = (
    "Every network as a dot (larger for more networks at one place): across, the share of points that it classifies "
    "rightly; upwards, the share that it still classifies rightly under the worst of the perturbations 0, −δ and "
    "+δ in the second coordinate. No network of the fixed architecture can lie in the shaded region. The star is the "
    "stable network ψ, whose dimensions grow with the data."
)
SWEEP_CAPTION = (
    "Left, the best accuracy found by each training algorithm against the number A of label changes in the data, with "
    "the second feature and without it; the black line is what the fixed architecture allows without it (all points on "
    "one line, Lemma 6). Right, the hidden neurons of stable networks, right on the whole ball of radius ε around "
    "every point, each shown exactly, and the fewest that one or two hidden layers allow."
)
_STABLE_NAMES = {"ramps": "ψ: ramps, one layer", "zigzag": "zigzag, one layer", "fold": "fold, two layers"}


def plane(summary: Mapping[str, Any]) -> list[Panel]:
    """The accuracy–stability plane of the problem with most certificates; [] where there is none."""
    entry = main_entry(summary)
    rows = [row for row in entry["algorithms"] if row["plane"]] if entry else []
    if entry is None or not rows:
        return []
    background = entry["background"]
    points = len(background["labels"])
    figure, area = axes(
        "Accuracy and stability", "share of points right", "share right under the worst η", 4.6, 4.2
    )
    probabilities_across(area)
    _shade_impossible(area, entry["forced"] / points)
    roles = {"trainer": ("trained networks", COLOURS[0], "o"), "": ("other networks", COLOURS[1], "s")}
    for role, (label, colour, marker) in roles.items():
        places: dict[tuple[float, float], int] = {}
        for row in rows:
            if (row["role"] == "trainer") == (role == "trainer"):
                for x, y, count in row["plane"]:
                    places[x, y] = places.get((x, y), 0) + count
        if places:
            sizes = [18 + 6 * count**0.5 for count in places.values()]
            spots = np.array(list(places))
            area.scatter(
                spots[:, 0],
                spots[:, 1],
                s=sizes,
                c=colour,
                marker=marker,
                alpha=0.75,
                linewidths=0,
                label=label,
                zorder=3,
            )
    psi = background["stable"].get("ramps")
    if psi is not None:
        area.plot(
            *(1, 1),
            marker="*",
            markersize=13,
            color=COLOURS[2],
            linestyle="",
            clip_on=False,
            zorder=4,
            label=f"ψ, {psi['neurons']} hidden neurons",
        )
    legend(area, 3)
    lay_out(figure)
    total = sum(row["certified"] for row in rows)
    worst = ", ".join(
        f"{row['algorithm']}: median accuracy {row['accuracy']['median']:.3g}, median flipped "
        f"{row['flipped']['median']:g} of {points}"
        for row in rows
    )
    return [Panel("Accuracy and stability", f"{plural(total, 'network')}. {worst}.", figure)]


def _shade_impossible(area: Axes, forced: float) -> None:
    """Shade where y > x, or more points than 2 − x − forced: −δ or +δ makes wrong what η = 0 leaves right."""
    across = np.linspace(0, 1, 201)
    ceiling = np.minimum(across, 2 - across - forced)
    area.fill_between(across, ceiling, 1.04, color=FORBIDDEN, linewidth=0, zorder=0, label="impossible for N")
    area.plot(across, ceiling, color=INK, linewidth=1, zorder=1)


def main_entry(summary: Mapping[str, Any]) -> Entry | None:
    """The problem with most certificates; None where there is none."""
    entries = summary.get("stability", [])
    return max(entries, key=lambda entry: sum(row["certified"] for row in entry["algorithms"]), default=None)


def plane_told(summary: Mapping[str, Any], drawings: int) -> tuple[int, str]:
    """The plane, and what no network is."""
    entry = main_entry(summary)
    rows = entry["algorithms"] if entry else []
    total, broken = sum(row["certified"] for row in rows), sum(len(row["broken"]) for row in rows)
    if broken:
        return 0, f"Defect: {number(broken)} of {plural(total, 'network')} against the theorem."
    if entry is not None and not entry["forced"]:
        return 0, f"Accuracy and stability of {plural(total, 'network')}."
    return 0, f"None of {plural(total, 'network')} is both accurate and stable."


def sweep_told(summary: Mapping[str, Any], drawings: int) -> tuple[int, str]:
    """The accuracies."""
    return 0, "Accuracy as label changes outgrow the architecture."


def sweep(summary: Mapping[str, Any]) -> list[Panel]:
    """Accuracy, and the width of stable networks, against the number of label changes; [] for fewer than 3 numbers."""
    fixed = [entry for entry in summary.get("stability", []) if not entry["parameters"]["free"]]
    kinds: dict[str, list[Entry]] = {}
    for entry in fixed:
        rest = {k: v for k, v in entry["parameters"].items() if k not in ("support", "feature")}
        kinds.setdefault(repr(sorted(rest.items())), []).append(entry)
    found = max(kinds.values(), key=lambda kind: len(_by_changes(kind)), default=[])
    return [_accuracies(found), _widths(found)] if len(_by_changes(found)) >= 3 else []


def _by_changes(entries: Sequence[Entry]) -> dict[int, Entry]:
    found = {entry["background"]["changes"]: entry for entry in entries if entry["background"]["changes"]}
    return dict(sorted(found.items()))


def _accuracies(entries: Sequence[Entry]) -> Panel:
    figure, area = axes(
        "Accuracy with a fixed architecture", "A, label changes in the data", "best accuracy found", 4.4, 3.6
    )
    area.set_ylim(0.45, 1.04)
    allowed = {
        changes: 1 - entry["forced"] / len(entry["background"]["labels"])
        for changes, entry in _by_changes(entries).items()
    }
    area.fill_between(list(allowed), list(allowed.values()), 1.04, color=FORBIDDEN, linewidth=0, zorder=0)
    area.plot(
        *zip(*allowed.items(), strict=True), color=INK, linewidth=1.2, label="most without x₂", zorder=1
    )
    texts = []
    names = list(dict.fromkeys(row["algorithm"] for entry in entries for row in entry["algorithms"]))
    for index, name in enumerate(names):
        for feature, style, marker in ((True, "-", "o"), (False, "--", "s")):
            line = {
                entry["background"]["changes"]: row["accuracy"]["most"]
                for entry in entries
                if entry["parameters"]["feature"] is feature
                for row in entry["algorithms"]
                if row["algorithm"] == name and row["accuracy"]
            }
            if len(line) >= 3:
                label = f"{name} {'with' if feature else 'without'} x₂"
                area.plot(
                    *zip(*sorted(line.items()), strict=True),
                    linestyle=style,
                    marker=marker,
                    markersize=4,
                    color=COLOURS[index % len(COLOURS)],
                    linewidth=1,
                    label=entry_name(label),
                )
                texts.append(f"{label}: " + ", ".join(f"{a}: {v:.3g}" for a, v in sorted(line.items())))
    legend(area)
    lay_out(figure)
    return Panel("Accuracy with a fixed architecture", "; ".join(texts) + ".", figure)


def _widths(entries: Sequence[Entry]) -> Panel:
    figure, area = axes(
        "Hidden neurons that stability takes", "A, label changes in the data", "hidden neurons", 4.4, 3.6
    )
    lines = _by_changes(entries)
    texts = []
    for index, (name, label) in enumerate(_STABLE_NAMES.items()):
        line = {changes: entry["background"]["stable"][name]["neurons"] for changes, entry in lines.items()}
        area.plot(
            *zip(*line.items(), strict=True), marker="o", markersize=4, color=COLOURS[index], label=label
        )
        texts.append(f"{label}: " + ", ".join(f"{a}: {v}" for a, v in line.items()))
    for layers, style in ((1, "--"), (2, ":")):
        line = {changes: entry["background"]["least_neurons"][layers - 1] for changes, entry in lines.items()}
        label = f"least with {plural(layers, 'layer')}"
        area.plot(*zip(*line.items(), strict=True), linestyle=style, color=INK, linewidth=1.2, label=label)
    area.autoscale(axis="y")
    area.set_yscale("log", base=2)
    plain_powers(area.yaxis, 2)
    ticks = [1, 2, 4, 8, 16, 32, 64, 128]
    area.set_yticks(ticks, [str(tick) for tick in ticks])
    legend(area)
    lay_out(figure)
    return Panel("Hidden neurons that stability takes", "; ".join(texts) + ".", figure)
