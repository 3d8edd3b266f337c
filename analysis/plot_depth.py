"""Over-reading against success: readers of random depth on the exact bound of Theorem 1."""

from typing import Any

from analysis.highlights import exact_bound
from analysis.plot_style import FORBIDDEN, INK, Panel, axes, legend, looks, point
from analysis.wording import fraction, rounded

CAPTION = (
    "A reader of random depth reads past the coupling with a probability t that is known in closed form, and otherwise guesses. "
    "Across: t; upwards: its smallest success probability with a 95% interval. The black line is Theorem 1's bound, "
    "(1 + t)/2, which this algorithm attains: the points lie on it, within their intervals. No algorithm can be in the "
    "shaded region. Oracles are set slightly apart sideways."
)


def depth(summary: dict[str, Any]) -> list[Panel]:
    """One panel with every cell of the reader of random depth that has two exclusive inputs.

    The over-reading probability is the exact one where the cell gives it, and the measured one, with its interval
    drawn across, where it does not.
    """
    cells = [
        cell
        for cell in summary["cells"]
        if cell["algorithm_name"] == "random-depth" and len(cell["exclusive"]) == 2 and cell["recorded"]
    ]
    if not cells:
        return []
    title = "Reader of random depth"
    figure, area = axes(title, "t, probability of reading past the coupling", "smallest success", 4.4, 3.4)
    area.set_xlim(-0.04, 1.04)
    area.fill([0, 1, 0], [0.5, 1, 1], color=FORBIDDEN, linewidth=0, zorder=0)
    area.plot([0, 1], [0.5, 1], color=INK, linewidth=1.2, label="bound (1 + t)/2", zorder=1)
    table = looks(cell["oracle"] for cell in cells)
    oracles = list(table)
    texts = []
    for cell in cells:
        look = table[cell["oracle"]]
        first = cell is next(other for other in cells if other["oracle"] == cell["oracle"])
        over, bound = cell["over_reading"], exact_bound(cell)
        x = over["rate"] if bound is None else float(over["exact"])
        shift = 0.014 * (oracles.index(cell["oracle"]) - (len(oracles) - 1) / 2)
        if bound is None:
            area.hlines(cell["smallest"]["rate"], *over["interval"], color=look.colour, linewidth=0.9)
        point(area, x + shift, cell["smallest"], look, f"{cell['oracle']} oracle" if first else None)
        texts.append(f"t = {rounded(x)}: {fraction(cell['smallest']['successes'], cell['recorded'])}")
    legend(area)
    return [Panel(title, f"Smallest success against over-reading. {'; '.join(texts)}.", figure)]
