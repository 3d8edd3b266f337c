"""The pictures of a difference: success against success, and the trials that only one of the two got right."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure

from analysis.figures.style import COLOURS, GREY, axes, drawing, lay_out, probabilities_across
from analysis.wording import iota
from onehalf.comparing.pairs import Compared, Comparison

_COLUMN = 3.35
"""Width of a column in inches: 8.5 cm."""
_MOST = 20
_COLOUR = {0: GREY, 1: COLOURS[1], 2: COLOURS[0]}
_MARKER = {0: "o", 1: "s", 2: "^"}
_TOLD = {0: "no difference shown", 1: "first more often", 2: "second more often"}


def against(found: Comparison) -> Figure:
    """Return the share of successes in the second directory over that in the first, a mark for each comparison."""
    with drawing():
        figure, area = axes("Success against success", "first", "second", _COLUMN, _COLUMN)
        probabilities_across(area)
        area.plot([0, 1], [0, 1], color=GREY, linewidth=0.8, linestyle="--")
        for side, told in _TOLD.items():
            own = [row for row in found.rows if row.better == side]
            if own:
                xs, ys = zip(*(row.shares for row in own), strict=True)
                area.plot(xs, ys, _MARKER[side], color=_COLOUR[side], markersize=5, alpha=0.75, label=told)
        figure.legend(loc="outside lower center", fontsize=7.5, ncols=2, frameon=False)
        lay_out(figure)
    return figure


def discordant(found: Comparison) -> Figure | None:
    """Return bars of the trials that one alone got right, largest differences first; None where there are none."""
    rows = sorted(
        (row for row in found.rows if row.only_first or row.only_second),
        key=lambda row: -abs(row.only_first - row.only_second) / row.trials,
    )[:_MOST]
    if not rows:
        return None
    with drawing():
        figure = Figure(figsize=(1.5 * _COLUMN, 0.22 * len(rows) + 1.0), layout="constrained")
        area = figure.subplots()
        places = range(len(rows))
        one, other = (
            [row.only_first / row.trials for row in rows],
            [row.only_second / row.trials for row in rows],
        )
        left = area.barh(places, [-x for x in one], color=COLOURS[1], label="only the first")
        area.barh(places, other, color=COLOURS[0], label="only the second")
        for bar in left:
            bar.set_hatch("////")
            bar.set_edgecolor("white")
        area.axvline(0, color=GREY, linewidth=0.8)
        area.set_yticks(places, _labels(rows), fontsize=7)
        area.invert_yaxis()
        area.set_xlim(-1.02, 1.02)
        area.set_xticks([-1, -0.5, 0, 0.5, 1], ["1", "½", "0", "½", "1"])
        area.set_xlabel("share of trials")
        figure.legend(loc="outside upper center", ncols=2, fontsize=7.5, frameon=False)
        lay_out(figure)
    return figure


def _labels(rows: Sequence[Compared]) -> list[str]:
    """Return what tells rows apart; what is the same in all is left out."""
    columns = [
        [" / ".join(dict.fromkeys(row.algorithms)) for row in rows],
        [row.family for row in rows],
        [row.oracle for row in rows],
        [row.place for row in rows],
    ]
    varied = [column for column in columns if len(set(column)) > 1]
    parts = zip(*varied, [iota(row.input) for row in rows], strict=True)
    return [", ".join(filter(None, part))[:48] for part in parts]
