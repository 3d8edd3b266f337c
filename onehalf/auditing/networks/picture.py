"""How many points are wrong under x + t·v, for each t."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from onehalf.auditing.networks.flips import Flips
from onehalf.auditing.report.drawing import figure_of, svg_of
from oracle.arithmetic.coverage import coverage_of

_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#222222")
_STYLES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1)), (0, (1, 3)))


def wrong_curves(flips: Sequence[tuple[str, Flips]]) -> str:
    """Return the number of wrong points over t, for the directions that make most points wrong, as SVG."""
    shown = sorted(flips, key=lambda entry: -entry[1].most)[: len(_COLOURS)]
    figure = figure_of(6.4, 3.6)
    axes = figure.subplots()
    for (name, one), colour, style in zip(shown, _COLOURS, _STYLES, strict=False):
        coverage = coverage_of(one.runs, {-one.limit, one.limit, Fraction(0)})
        times = [float(coverage.place(i)) for i in range(len(coverage.counts))]
        axes.plot(times, coverage.counts, color=colour, linestyle=style, linewidth=1.2, label=name)
    axes.set_xlabel("t")
    axes.set_ylabel("points wrong at x + t·v")
    figure.legend(loc="outside lower center", ncols=6, fontsize=8, frameon=False)
    return svg_of(
        figure,
        "Number of points that are wrong when all are moved by t along a direction, for each direction",
    )
